"""The page: one HTML file with the whole network and every sentence in it. Only this room knows pyvis and vis-network.

It makes no request of any kind: scripts and style stand in the file and are allowed by their hash alone. What comes
from documents travels as JSON, which the page only ever shows as text."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

from kg import reference, relations, sectors
from kg.anaphora.words import lexicon
from kg.files import DATA, write_whole
from kg.model import Argument, Claim, Document, Entity, EntityType, Evidence, Facts
from kg.namespaces import PREFIXES
from kg.network import BACKBONE, WHOLE, bends, layout, node_id, project, qualifiers, ranking
from kg.relations import Relation
from kg.selection import largest_part

Row: TypeAlias = dict[str, Any]

TITLE = "China–Germany partnerships"
SCRIPTS = (
    *("dom.js", "model.js", "state.js", "filters.js", "explore.js", "shapes.js", "place.js", "map.js", "draw.js"),
    *(
        "lines.js",
        "labels.js",
        "panel.js",
        "finder.js",
        "time.js",
        "legend.js",
        "table.js",
        "pen.js",
        "sparql.js",
        "take.js",
        "page.js",
    ),
)
"""The page's own scripts, in the order in which they build on each other; they run as one, in a scope of their own."""
NODE_COLUMNS = ("id", "label", "group", "country", "importance", "x", "y")
CLAIM_COLUMNS = (
    *("id", "from", "to", "predicate", "status", "document", "confidence", "method"),
    *("quote", "marks", "bend"),
)
REPEATED = frozenset({"group", "country", "predicate", "status", "document", "method"})
"""The columns with few different values."""
QUERY_PREFIXES = (
    *("agent", "claim", "doc", "event", "kg", "oa", "place", "prov", "rdf"),
    *("schema", "sector", "skos", "xsd"),
)
"""The prefixes that the page's queries use."""
MOST_LEVELS = 5
"""Places around a place: district, city, province, country."""
CODES = {"isin": "ISIN", "administrativeCode": "GB/T 2260"}
"""What people call the codes of entities."""
UNSAFE_IN_HTML = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def render_page(
    facts: Facts,
    *,
    title: str = TITLE,
    about: str = "",
    part: bool = False,
    known: Mapping[str, Relation] | None = None,
) -> str:
    """The page as HTML, the same bytes for the same facts; `about` says what was chosen to be shown, `part` that the graph
    holds more than these facts.

    Relations have their files' words (a name without a file is split: 'signed MoU'), symmetric ones no arrow."""
    known = relations.load() if known is None else known
    nodes, edges = _nodes_and_edges(facts)
    packed = {"nodes": _pack(nodes, NODE_COLUMNS), "claims": _pack(edges, CLAIM_COLUMNS)}
    return _render(title, {"about": about, "part": part} | _around(facts, known) | packed)


def write_page(facts: Facts, path: Path, *, title: str = TITLE, about: str = "", part: bool = False) -> None:
    """Writes the page to `path` in one step, of more than a page can hold the largest part.

    Raises StoreError when the file cannot be written."""
    drawn = largest_part(facts)
    page = render_page(drawn, title=title, about=about, part=part or drawn is not facts)
    write_whole(path, page.encode())


def in_words(predicate: str) -> str:
    """A relation's name as words: 'holdsStakeIn' is 'holds stake in', 'signedMoU' is 'signed MoU'."""
    parts = re.findall(r"[A-Z][a-z]+(?=[A-Z]\b|[A-Z]$)[A-Z]|[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]|\d+", predicate)
    return " ".join(part if part[-1].isupper() else part.lower() for part in parts)


def _nodes_and_edges(facts: Facts) -> tuple[list[Row], list[Row]]:
    """What is drawn: nodes, the most important first, and claims; only the backbone of a large network has places."""
    graph = project(facts)
    order = ranking(graph)
    drawn = graph.subgraph(order if len(order) <= WHOLE else order[:BACKBONE])
    positions = layout(drawn)
    bent = bends(drawn, positions)
    entities = {entity.id: entity for entity in facts.entities}
    called = _called(facts)
    nodes = []
    for node in order:
        x, y = positions.get(node, (None, None))
        look = {"label": graph.nodes[node]["label"], "group": graph.nodes[node]["type"], "x": x, "y": y}
        look |= {"importance": graph.nodes[node]["importance"], **({"called": called[node]} if node in called else {})}
        nodes.append({"id": node, **look, **_entity(entities.get(node), entities)})
    place = {node: index for index, node in enumerate(order)}
    quotes = _numbers(claim.evidence.quote for claim in facts.claims)
    edges = []
    for id_, claim in sorted({claim.id: claim for claim in facts.claims}.items()):
        ends = {"from": place[node_id(claim.subject)], "to": place[node_id(claim.object)]}
        known = {"sectors": list(facts.sectors.get(id_, ())), "speaker": facts.speakers.get(id_, "")}
        shown = {**ends, **_claim(claim), "quote": quotes[claim.evidence.quote], "bend": bent.get(id_, 0)}
        edges.append({"id": id_, **shown, **{key: value for key, value in known.items() if value}})
    return nodes, edges


def _called(facts: Facts) -> dict[str, list[str]]:
    """What documents call entities besides their names: 'JAC'; but neither pronouns nor descriptions, as 'the group'."""
    names = {entity.id: {entity.name, *(name.text for name in entity.names)} for entity in facts.entities}
    known = {id_: {text.casefold() for text in texts} for id_, texts in names.items()}
    called: dict[str, set[str]] = {}
    for claim in facts.claims:
        for end in (claim.subject, claim.object):
            if end.mention and end.mention.casefold() not in known.get(node_id(end), {end.name.casefold()}):
                called.setdefault(node_id(end), set()).add(end.mention)
    refers = lexicon().pattern.fullmatch
    found = {id_: sorted(text for text in texts if not refers(text)) for id_, texts in called.items()}
    return {id_: texts for id_, texts in found.items() if texts}


def _numbers(texts: Iterable[str]) -> dict[str, int]:
    return {text: index for index, text in enumerate(sorted(set(texts)))}


def _around(facts: Facts, known: Mapping[str, Relation]) -> Row:
    """What the page has to know besides nodes and claims."""
    predicates = sorted({claim.predicate for claim in facts.claims})
    words = {name: known[name].label["en"] if name in known else in_words(name) for name in predicates}
    return {
        "quotes": list(_numbers(claim.evidence.quote for claim in facts.claims)),
        "documents": [[document.id, _document(document)] for document in sorted(facts.documents, key=lambda d: d.id)],
        "relations": {name: [words[name], int(name in known and known[name].symmetric)] for name in predicates},
        "sectors": _sectors(facts),
        "countries": _countries(facts),
        "limits": {"whole": WHOLE, "part": BACKBONE},
        "prefixes": {prefix: PREFIXES[prefix] for prefix in QUERY_PREFIXES},
        "palette": json.loads(_part("palette.json")),
        "outlines": json.loads(_part("outlines.json")),
    }


def _sectors(facts: Facts) -> dict[str, list[str]]:
    """Label and broader sector of every sector that claims fall under, and of those above it."""
    ends = {end.id for claim in facts.claims for end in (claim.subject, claim.object) if end.type is EntityType.SECTOR}
    wanted = ends.union(*facts.sectors.values())
    if not wanted:
        return {}
    told = {entity.id: [entity.name, entity.parent] for entity in facts.entities if entity.type is EntityType.SECTOR}
    scheme = {id_: [sector.name, sector.broader] for id_, sector in sectors.load().sectors.items()} | told
    found: dict[str, list[str]] = {}
    for id_ in sorted(wanted):
        while id_ in scheme and id_ not in found:
            found[id_] = scheme[id_]
            id_ = scheme[id_][1]
    return dict(sorted(found.items()))


def _countries(facts: Facts) -> dict[str, str]:
    """The names of the map's two countries and of those that entities belong to, by code."""
    codes = {"CN", "DE", *(entity.country for entity in facts.entities)} - {""}
    known = {code: reference.load().get(code) for code in sorted(codes)}
    return {code: entry.name for code, entry in known.items() if entry}


def _entity(entity: Entity | None, entities: Mapping[str, Entity]) -> Row:
    if entity is None:
        return {"country": ""}
    names = dict.fromkeys((name.text, name.lang) for name in entity.names)
    parent = entities.get(entity.parent)
    known: Row = {"names": list(names), "parent": entity.parent, "same_as": list(entity.same_as)}
    known |= {"in": parent.name if parent else "", **_whereabouts(entity, entities)}
    known["codes"] = [f"{CODES.get(code.scheme, code.scheme)} {code.value}" for code in entity.identifiers]
    return {"country": entity.country, **{key: value for key, value in known.items() if value not in (None, "", [])}}


def _whereabouts(entity: Entity, entities: Mapping[str, Entity]) -> Row:
    """Its coordinates, else those of the nearest place around it that has some."""
    at: Entity | None = entity
    for _ in range(MOST_LEVELS):
        if at is None or at.lat is not None:
            break
        at = entities.get(at.parent)
    return {"lat": at.lat, "lon": at.lon} if at else {}


def _claim(claim: Claim) -> Row:
    shown = {"predicate": claim.predicate, "status": str(claim.status), "document": claim.evidence.document}
    flat = [number for start, end, part in marks(claim) for number in (start, end, int(part == "object"))]
    found = {"confidence": claim.confidence, "method": claim.method, "marks": flat}
    texts = {key: value for key, value in qualifiers(claim).items() if not key.endswith(("_value", "_comparator"))}
    return shown | found | texts


def _document(document: Document) -> dict[str, str]:
    known = {key: getattr(document, key) for key in ("title", "publisher", "published", "source", "url")}
    return {key: value for key, value in known.items() if value}


def marks(claim: Claim) -> list[tuple[int, int, str]]:
    """Where the quote names subject and object: start, end and which, in UTF-16 units as JavaScript counts.

    The outer one comes first where one stands inside the other ('Nanshan' in 'businesses from Nanshan')."""
    quote, found = claim.evidence.quote, list[tuple[int, int, str]]()
    for argument, part in ((claim.subject, "subject"), (claim.object, "object")):
        spans = _named(argument, claim.evidence)
        if spans:
            apart = (span for span in spans if all(span[1] <= start or end <= span[0] for start, end, _ in found))
            found.append((*next(apart, spans[0]), part))
    found.sort(key=lambda mark: (mark[0], -mark[1]))
    return [(_utf16(quote[:start]), _utf16(quote[:end]), part) for start, end, part in found]


def _named(argument: Argument, evidence: Evidence) -> list[tuple[int, int]]:
    """Where the quote has an argument's mention: where it is known to stand, else wherever it is found."""
    quote, mention, start = evidence.quote, argument.mention, argument.start - evidence.start
    if argument.start >= 0 and quote[start : start + len(mention)] == mention:
        return [(start, start + len(mention))]
    return [found.span() for found in re.finditer(re.escape(mention), quote)] if mention else []


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _render(title: str, data: Row) -> str:
    """The page's parts as one; only what ships with the package goes in as it is, the rest escaped or as JSON."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    style, library, script = _style(), _library(), _script()
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(UNSAFE_IN_HTML)
    parts = {"style": style, "library": library, "script": script, "data": text}
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(_part("page.html"))
    shown = {name: Markup(part) for name, part in parts.items()}
    return page.render(heading=title, policy=_policy([style], [library, script]), **shown)


def _pack(items: list[Row], columns: Sequence[str]) -> Row:
    """Rows without their heads: half the size. Columns that repeat few values hold places in a table of them; what only
    some items have comes last, under its name."""
    repeated = [column for column in columns if column in REPEATED]
    tables = {column: sorted({item[column] for item in items}) for column in repeated}
    places = {column: {value: index for index, value in enumerate(table)} for column, table in tables.items()}
    rows = []
    for item in items:
        row = [places[column][item[column]] if column in places else item[column] for column in columns]
        rest = {key: value for key, value in item.items() if key not in columns}
        rows.append([*row, rest] if rest else row)
    return {"columns": list(columns), "tables": tables, "rows": rows}


def _policy(styles: list[str], scripts: list[str]) -> str:
    """The Content-Security-Policy: nothing from anywhere, scripts and style by their hash, images only as data."""
    rules = {
        "default-src": ["'none'"],
        "script-src": [_hash(script) for script in scripts],
        "style-src": [_hash(style) for style in styles],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(" ".join([rule, *values]) for rule, values in rules.items())


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _style() -> str:
    """The page's style, less comments and the blanks that mean nothing: a seventh of its size."""
    return re.sub(r"\s*([{};,])\s*|(:) ", r"\1\2", re.sub(r"/\*.*?\*/", "", _part("page.css"), flags=re.DOTALL))


def _script() -> str:
    """The page's scripts as one, less indentation and lines of comment: a tenth of their size."""
    lines = (line for name in SCRIPTS for line in _dense(_part(name)))
    return '"use strict";\n(() => {\n' + "\n".join(lines) + "\n})();\n"


def _dense(script: str) -> Iterator[str]:
    """The lines of a script without indentation, blank lines and lines of comment; a text in backticks stays as it is."""
    quoted = False
    for line in script.splitlines():
        dense = line.strip()
        if quoted or (dense and dense[:2] != "//"):
            yield line if quoted else dense
            quoted ^= line.count("`") % 2 == 1


def _part(name: str) -> str:
    return (DATA / "page" / name).read_text(encoding="utf-8")


def _library() -> str:
    """vis-network as pyvis ships it (the newest), with its licence, less the pointer to a map that is absent.

    pyvis is found, not imported: that would start IPython, 0.17 s of CPU, and its own page is neither offline nor safe."""
    pyvis = find_spec("pyvis")
    if pyvis is None or pyvis.origin is None:
        raise ModuleNotFoundError("pyvis, which brings vis-network, is not installed", name="pyvis")
    bundled = [path for path in (Path(pyvis.origin).parent / "lib").iterdir() if path.name.startswith("vis-")]
    newest = max(bundled, key=lambda path: [int(part) for part in path.name[4:].split(".")])
    text = newest.joinpath("vis-network.min.js").read_text(encoding="utf-8").replace("\r\n", "\n")
    if "</script" in text or "<!--" in text:
        raise ValueError("pyvis's vis-network cannot stand in a page: it holds '</script' or '<!--'")
    return re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", text)

"""The page: one HTML file with the whole network and every sentence in it. Only this room knows pyvis and vis-network.

It makes no request of any kind: scripts and style stand in the file and are allowed by their hash alone. What comes
from documents travels as JSON, which the page only ever shows as text."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import relations
from kg.files import DATA, write_whole
from kg.model import Claim, Document, Entity, Facts
from kg.network import bends, layout, node_id, project, qualifiers, radius
from kg.relations import Relation

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TITLE = "China–Germany partnerships"
SCRIPTS = ("model.js", "draw.js", "panel.js", "legend.js", "page.js")
"""The page's own scripts, in the order in which they build on each other; they run as one, in a scope of their own."""
UNSAFE_IN_HTML = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def render_page(facts: Facts, *, title: str = TITLE, known: Mapping[str, Relation] | None = None) -> str:
    """The page as HTML, the same bytes for the same facts.

    Relations have their files' words (a name without a file is split: 'signed MoU'), symmetric ones no arrow."""
    from pyvis.network import Network

    known = relations.load() if known is None else known

    carrier = Network(directed=True, cdn_resources="in_line", heading=title)
    carrier.options.physics.enabled = False
    data = _fill(carrier, facts, {name for name, relation in known.items() if relation.symmetric})
    predicates = sorted({claim.predicate for claim in facts.claims})
    data["labels"] = {p: known[p].label["en"] if p in known else in_words(p) for p in predicates}
    carrier.templateEnv, carrier.path = _environment(data), "page.html"
    return str(carrier.generate_html())


def write_page(facts: Facts, path: Path, *, title: str = TITLE) -> None:
    """Writes the page to `path` in one step. Raises StoreError when the file cannot be written."""
    write_whole(path, render_page(facts, title=title).encode())


def in_words(predicate: str) -> str:
    """A relation's name as words: 'holdsStakeIn' is 'holds stake in', 'signedMoU' is 'signed MoU'."""
    parts = re.findall(r"[A-Z][a-z]+(?=[A-Z]\b|[A-Z]$)[A-Z]|[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]|\d+", predicate)
    return " ".join(part if part[-1].isupper() else part.lower() for part in parts)


def _fill(carrier: Any, facts: Facts, symmetric: Collection[str]) -> dict[str, Any]:
    """Gives pyvis the nodes and edges; returns what else the page has to know."""
    graph = project(facts)
    positions = layout(graph)
    bent = bends(graph, positions)
    entities = {entity.id: entity for entity in facts.entities}
    for node, attributes in graph.nodes(data=True):
        x, y = positions[node]
        look = {"size": radius(attributes["importance"]), "importance": attributes["importance"], "x": x, "y": y}
        known = _entity(entities.get(node))
        carrier.add_node(node, label=attributes["label"], group=attributes["type"], **look, **known)
    quotes: dict[str, int] = {}
    for claim in sorted(facts.claims, key=lambda claim: claim.id):
        quote = quotes.setdefault(claim.evidence.quote, len(quotes))
        arrows = "" if claim.predicate in symmetric else "to"
        shown = {**_claim(claim), "quote": quote, "bend": bent[claim.id], "arrows": arrows}
        carrier.add_edge(node_id(claim.subject), node_id(claim.object), id=claim.id, **shown)
    documents = {document.id: _document(document) for document in sorted(facts.documents, key=lambda d: d.id)}
    return {"quotes": list(quotes), "documents": documents, "palette": json.loads(_part("palette.json"))}


def _entity(entity: Entity | None) -> dict[str, Any]:
    if entity is None:
        return {}
    names = dict.fromkeys((name.text, name.lang) for name in entity.names)
    known = {"country": entity.country, "names": list(names), "parent": entity.parent, "same_as": list(entity.same_as)}
    return {key: value for key, value in known.items() if value}


def _claim(claim: Claim) -> dict[str, Any]:
    shown = {"predicate": claim.predicate, "status": str(claim.status), "document": claim.evidence.document}
    found = {"confidence": claim.confidence, "method": claim.method, "marks": marks(claim)}
    texts = {key: value for key, value in qualifiers(claim).items() if not key.endswith(("_value", "_comparator"))}
    return shown | found | texts


def _document(document: Document) -> dict[str, str]:
    known = {key: getattr(document, key) for key in ("title", "publisher", "published", "source", "url")}
    return {key: value for key, value in known.items() if value}


def marks(claim: Claim) -> list[tuple[int, int, str]]:
    """Where the quote names subject and object: start, end and which, in UTF-16 units as JavaScript counts."""
    quote, found = claim.evidence.quote, list[tuple[int, int, str]]()
    for argument, part in ((claim.subject, "subject"), (claim.object, "object")):
        start = argument.start - claim.evidence.start
        if argument.start < 0 or quote[start : start + len(argument.mention)] != argument.mention:
            start = quote.find(argument.mention)
        while start >= 0 and any(start < end and begin < start + len(argument.mention) for begin, end, _ in found):
            start = quote.find(argument.mention, start + 1)
        if argument.mention and start >= 0:
            found.append((start, start + len(argument.mention), part))
    return [(_utf16(quote[:start]), _utf16(quote[:end]), part) for start, end, part in sorted(found)]


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _environment(data: Mapping[str, Any]) -> Environment:
    """An autoescaping environment with the page's parts; only what ships with the package goes in as it is."""
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup

    def page_data(nodes: list[Any], edges: list[Any]) -> Markup:
        everything = {**data, "nodes": nodes, "edges": edges}
        text = json.dumps(everything, ensure_ascii=False, separators=(",", ":"))
        return Markup(text.translate(UNSAFE_IN_HTML))

    style, library, script = _part("page.css"), _library(), _script()
    pages = DictLoader({"page.html": _part("page.html")})
    environment = Environment(autoescape=True, undefined=StrictUndefined, loader=pages)
    environment.globals.update(style=Markup(style), library=Markup(library), script=Markup(script))
    environment.globals.update(page_data=page_data, policy=_policy([style], [library, script]))
    return environment


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


def _script() -> str:
    return '"use strict";\n(() => {\n' + "\n".join(_part(name) for name in SCRIPTS) + "})();\n"


def _part(name: str) -> str:
    return (DATA / "page" / name).read_text(encoding="utf-8")


def _library() -> str:
    """vis-network as pyvis ships it (the newest), with its licence, less the pointer to a map that is absent."""
    import pyvis

    bundled = [path for path in (Path(pyvis.__file__).parent / "lib").iterdir() if path.name.startswith("vis-")]
    newest = max(bundled, key=lambda path: [int(part) for part in path.name[4:].split(".")])
    text = newest.joinpath("vis-network.min.js").read_text(encoding="utf-8").replace("\r\n", "\n")
    if "</script" in text or "<!--" in text:
        raise ValueError("pyvis's vis-network cannot stand in a page: it holds '</script' or '<!--'")
    return re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", text)

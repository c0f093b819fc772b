"""What the graph knows of one entity or one claim, every statement with the sentence that says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kg.errors import UnknownNameError
from kg.namespaces import claim_iri, document_id, document_iri, to_iri, to_name
from kg.query.lookup import Queryable, entity_name, the_entity
from kg.tables import wrap

CLAIM_ID = re.compile(r"(?:claim:)?([0-9a-f]{16})")
"""A claim's id as people copy it."""

QUALIFIERS = {
    "kg:role": "role",
    "kg:kind": "kind",
    "kg:topic": "topics",
    "kg:place": "place",
    "kg:ventureName": "name",
    "kg:amount": "amount",
    "kg:share": "share",
    "kg:count": "count",
    "kg:countComparator": "comparator",
    "kg:countValue": "value",
    "kg:attributedTo": "said by",
}
"""The qualifiers that are told below the claim, in this order, and the words for them."""

_NAMES = ("rdfs:label", "skos:prefLabel", "skos:altLabel")
_ENTITY = "SELECT DISTINCT ?property ?value {{ <{iri}> ?property ?value }}"
_OF_ENTITY = """SELECT DISTINCT ?claim ?property ?value {{
  VALUES ?end {{ rdf:subject rdf:object }}
  ?claim ?end <{iri}> ; a kg:Claim ; ?property ?value
}}"""
_OF_CLAIM = """SELECT DISTINCT ?claim ?property ?value {{
  VALUES ?claim {{ <{iri}> }}
  ?claim a kg:Claim ; ?property ?value
}}"""
_OF_DOCUMENT = (
    "SELECT DISTINCT ?claim ?property ?value {{ ?claim prov:wasDerivedFrom <{iri}> ; a kg:Claim ; ?property ?value }}"
)
_NODES = "SELECT DISTINCT ?node ?property ?value {{ VALUES ?node {{ {iris} }} ?node ?property ?value }}"

Bag = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim in words: its ends by name, how far along and how sure it is, and where it is written."""

    id: str
    subject: str
    predicate: str
    object: str
    status: str
    confidence: float
    method: str
    qualifiers: tuple[tuple[str, str], ...]
    date: str
    quote: str
    start: int
    document: str
    headline: str
    published: str
    publisher: str
    source: str
    subject_id: str = ""
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An entity with all its names and every claim that it takes part in, grouped by relation."""

    id: str
    name: str
    type: str
    country: str
    names: tuple[str, ...]
    same_as: tuple[str, ...]
    reasons: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class DocumentExplanation:
    """A document with every claim that it makes, in the order of relations."""

    id: str
    headline: str
    publisher: str
    published: str
    source: str
    url: str
    statements: tuple[Statement, ...]


def explain_entity(store: Queryable, name: str) -> Explanation:
    """What is known of the entity with this name or id.

    Raises UnknownNameError when nothing bears the name (with the closest names), or several do (with their ids)."""
    found = the_entity(store, name)
    about = store.query(_ENTITY.format(iri=to_iri(found.id)))
    bag = _bags((None, row["property"], row["value"]) for row in about)[""]
    names = [n for key in _NAMES for n in bag.get(key, ()) if n != found.name]
    types = sorted(t.partition(":")[2] for t in map(to_name, bag.get("rdf:type", ())) if t.startswith("kg:"))
    claims = store.query(_OF_ENTITY.format(iri=to_iri(found.id)))
    return Explanation(
        id=found.id,
        name=found.name,
        type=", ".join(types),
        country=_one(bag, "kg:countryCode"),
        names=tuple(dict.fromkeys(names)),
        same_as=(*bag.get("owl:sameAs", ()), *bag.get("skos:exactMatch", ())),
        reasons=tuple(bag.get("kg:linkedBecause", ())),
        statements=_statements(store, claims),
    )


def explain_claim(store: Queryable, id_: str) -> Statement:
    """The claim with this id. Raises UnknownNameError when there is none."""
    match = CLAIM_ID.fullmatch(id_)
    rows = store.query(_OF_CLAIM.format(iri=claim_iri(match[1]))) if match else ()
    statements = _statements(store, rows)
    if not statements:
        raise UnknownNameError(f"no claim has the id '{id_}'\n'kg query document' tells what there is")
    return statements[0]


def explain_document(store: Queryable, id_: str) -> DocumentExplanation:
    """What the document with this id says. Raises UnknownNameError when there is none."""
    iri = document_iri(id_)
    bag = _bags((None, row["property"], row["value"]) for row in store.query(_ENTITY.format(iri=iri)))[""]
    if "schema:NewsArticle" not in map(to_name, bag.get("rdf:type", ())):
        raise UnknownNameError(f"no document has the id '{id_}'\n'kg query documents' lists them")
    return DocumentExplanation(
        id=id_,
        headline=_one(bag, "schema:headline"),
        publisher=_one(bag, "schema:publisher"),
        published=_one(bag, "schema:datePublished"),
        source=_one(bag, "kg:source"),
        url=_one(bag, "schema:url"),
        statements=_statements(store, store.query(_OF_DOCUMENT.format(iri=iri))),
    )


def render_entity(explanation: Explanation, width: int = 80) -> str:
    """The explanation as text for people, in lines of at most `width` cells."""
    e = explanation
    lines = [*_wrapped(f"{e.name} ({e.id})", width), ", ".join(part for part in (e.type, e.country) if part)]
    for head, values in (("also called", e.names), ("the same as", e.same_as), ("linked because", e.reasons)):
        lines += _wrapped(f"{head}: {'; '.join(values)}", width) if values else []
    for predicate, group in groupby(e.statements, key=lambda s: s.predicate):
        lines += ["", predicate]
        for statement in group:
            lines += _statement_lines(statement, width, "  ")
    lines += [] if e.statements else ["", "no claim names it"]
    return "\n".join(line for line in lines) + "\n"


def render_claim(statement: Statement, width: int = 80) -> str:
    """The claim as text for people, in lines of at most `width` cells."""
    lines = [statement.predicate, *_statement_lines(statement, width, "  ")]
    lines += _wrapped(f"found by: {statement.method}", width, "    ")
    where = statement.source or statement.document
    lines += _wrapped(f"the quote starts at character {statement.start} of {where}", width, "    ")
    return "\n".join(lines) + "\n"


def _statement_lines(statement: Statement, width: int, indent: str) -> Iterator[str]:
    s, deep = statement, indent + "  "
    facts = [s.status, *([s.date] if s.date else []), f"confidence {s.confidence:.2f}", f"claim:{s.id}"]
    yield from _wrapped(f"{s.subject} {s.predicate} {s.object}", width, indent)
    yield from _wrapped(" · ".join(facts), width, deep)
    for head, value in s.qualifiers:
        yield from _wrapped(f"{head}: {value}", width, deep)
    yield from _wrapped(f"“{s.quote}”", width, deep)
    where = ", ".join(part for part in (s.headline, s.publisher, s.published) if part)
    yield from _wrapped(f"— {where + ' ' if where else ''}(doc:{s.document})", width, deep)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return wrap(text, width, indent, indent)


def _statements(store: Queryable, rows: Iterable[Any]) -> tuple[Statement, ...]:
    """The claims that these rows tell of, by relation, then by subject, object and place in the text."""
    claims = _bags((row["claim"], row["property"], row["value"]) for row in rows)
    if not claims:
        return ()
    quotes = _nodes(store, "kg:evidence", claims)
    documents = _nodes(store, "prov:wasDerivedFrom", claims)
    ends = sorted({_one(bag, end) for bag in claims.values() for end in ("rdf:subject", "rdf:object")})
    names = {iri: entity_name(store, to_name(iri)) for iri in ends}
    found = (
        _statement(iri, bag, names, quotes[_one(bag, "kg:evidence")], documents[_one(bag, "prov:wasDerivedFrom")])
        for iri, bag in claims.items()
    )
    return tuple(sorted(found, key=lambda s: (s.predicate, s.subject, s.object, s.document, s.start, s.id)))


def _statement(iri: str, claim: Bag, names: Mapping[str, str], quote: Bag, document: Bag) -> Statement:
    told = {"kg:countComparator": _local(claim, "kg:countComparator")}
    qualifiers = ((words, told.get(key) or "; ".join(claim[key])) for key, words in QUALIFIERS.items() if key in claim)
    return Statement(
        id=to_name(iri).partition(":")[2],
        subject=names[_one(claim, "rdf:subject")],
        predicate=_local(claim, "rdf:predicate"),
        object=names[_one(claim, "rdf:object")],
        status=_local(claim, "kg:status"),
        confidence=float(_one(claim, "kg:confidence") or 0),
        method="+".join(claim.get("kg:method", ())),
        qualifiers=tuple(qualifiers),
        date=_date(claim),
        quote=_one(quote, "oa:exact"),
        start=int(_one(quote, "oa:start") or -1),
        document=document_id(_one(claim, "prov:wasDerivedFrom")),
        headline=_one(document, "schema:headline"),
        published=_one(document, "schema:datePublished"),
        publisher=_one(document, "schema:publisher"),
        source=_one(document, "kg:source"),
        subject_id=to_name(_one(claim, "rdf:subject")),
        object_id=to_name(_one(claim, "rdf:object")),
    )


def _date(claim: Bag) -> str:
    iso, verbatim = _one(claim, "kg:date"), _one(claim, "kg:dateVerbatim")
    return f"{iso} (“{verbatim}”)" if verbatim and verbatim != iso else iso


def _nodes(store: Queryable, property_: str, claims: Mapping[str, Bag]) -> Mapping[str, Bag]:
    """What is said of the nodes that the claims point to by this property."""
    iris = sorted({_one(bag, property_) for bag in claims.values()})
    rows = store.query(_NODES.format(iris=" ".join(f"<{iri}>" for iri in iris)))
    return _bags((row["node"], row["property"], row["value"]) for row in rows)


def _bags(rows: Iterable[tuple[Any, Any, Any]]) -> defaultdict[str, dict[str, list[str]]]:
    """Node → property → its values, sorted."""
    bags: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for node, property_, value in rows:
        bags[node.value if node else ""].setdefault(to_name(property_.value), []).append(value.value)
    for bag in bags.values():
        for key, values in bag.items():
            bag[key] = sorted(set(values))
    return bags


def _local(bag: Bag, key: str) -> str:
    """The local name of the one IRI that the property has."""
    return to_name(_one(bag, key)).partition(":")[2]


def _one(bag: Bag, key: str) -> str:
    return next(iter(bag.get(key, ())), "")

"""What a store holds, as values again: documents, entities and claims, for explaining, drawing and measuring."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kg.model import (
    Amount,
    Argument,
    Claim,
    Count,
    Date,
    Document,
    Entity,
    EntityType,
    Evidence,
    Facts,
    Identifier,
    Name,
    Qualifiers,
    Share,
    Status,
)
from kg.namespaces import REFERENCE_GRAPH, document_id, to_name

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from kg.store import GraphStore

    Bag = dict[str, list[NamedNode | Literal]]
    """The values of one node, by property: `{'kg:status': [kg:actual], …}`."""

_DOCUMENTS = "SELECT ?node ?property ?value { ?node a schema:NewsArticle ; ?property ?value }"
_CLAIMS = "SELECT ?node ?property ?value { ?node a kg:Claim ; ?property ?value }"
_QUOTES = "SELECT ?node ?property ?value { ?claim kg:evidence ?node . ?node ?property ?value }"
_TYPES = " ".join(f"kg:{entity_type}" for entity_type in EntityType)
_ENTITIES = f"""SELECT ?graph ?node ?property ?value {{
    VALUES ?type {{ {_TYPES} }} GRAPH ?graph {{ ?node a ?type ; ?property ?value }} }}"""
_ENTITY_PROPERTIES = frozenset(
    {"rdf:type", "rdfs:label", "kg:countryCode", "kg:linkedBecause", "skos:prefLabel", "skos:altLabel"}
    | {"schema:containedInPlace", "skos:broader", "geo:lat", "geo:long", "owl:sameAs", "skos:exactMatch"}
    | {"kg:isin", "kg:administrativeCode", "kg:linkScore"}
    | {"dcterms:identifier"}
)


def read_facts(store: GraphStore) -> Facts:
    """All that the store holds, each kind sorted by id. Documents come without their text; an argument's name and type
    are those that its document gives, its offsets are not kept."""
    known = _entity_bags(store)
    documents = tuple(_document(iri, bag) for iri, bag in sorted(_bags(store, _DOCUMENTS).items()))
    entities = tuple(_entity(entity_id, by_graph) for entity_id, by_graph in sorted(known.items()))
    quotes = _bags(store, _QUOTES)
    told = _bags(store, _CLAIMS)
    claims = (_claim(bag, quotes, known) for bag in told.values())
    ordered = tuple(sorted(claims, key=lambda claim: claim.id))
    return Facts(documents, entities, ordered, _named(told, "kg:topicSector"), _speakers(told))


def _named(told: Mapping[str, Bag], property_: str) -> dict[str, tuple[str, ...]]:
    """Claim id → ids of what this property of the claim names, for the claims that have it."""
    found = {iri: sorted(to_name(value.value) for value in bag.get(property_, ())) for iri, bag in sorted(told.items())}
    return {to_name(iri).partition(":")[2]: tuple(ids) for iri, ids in found.items() if ids}


def _speakers(told: Mapping[str, Bag]) -> dict[str, str]:
    return {claim: ids[0] for claim, ids in _named(told, "kg:speaker").items()}


def _bags(store: GraphStore, query: str) -> dict[str, Bag]:
    bags: dict[str, Bag] = defaultdict(lambda: defaultdict(list))
    for node, property_, value in store.select(query):
        bags[node.value][to_name(property_.value)].append(value)
    return bags


def _entity_bags(store: GraphStore) -> dict[str, dict[str, Bag]]:
    """Entity id → IRI of a graph → what that graph says of the entity."""
    bags: dict[str, dict[str, Bag]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for graph, node, property_, value in store.select(_ENTITIES):
        name = to_name(property_.value)
        if name in _ENTITY_PROPERTIES:
            bags[to_name(node.value)][graph.value][name].append(value)
    return bags


def _one(bag: Mapping[str, Iterable[NamedNode | Literal]], name: str) -> str:
    """The value of a property, '' where there is none, the first in order where there are several."""
    return min((value.value for value in bag.get(name, ())), default="")


def _number(bag: Bag, name: str) -> float | None:
    text = _one(bag, name)
    return float(text) if text else None


def _document(iri: str, bag: Bag) -> Document:
    return Document(
        id=document_id(iri),
        text="",
        title=_one(bag, "schema:headline"),
        published=_one(bag, "schema:datePublished"),
        publisher=_one(bag, "schema:publisher"),
        lang=_one(bag, "schema:inLanguage"),
        source=_one(bag, "kg:source"),
        url=_one(bag, "schema:url"),
    )


def _entity(entity_id: str, by_graph: Mapping[str, Bag]) -> Entity:
    merged: Bag = defaultdict(list)
    for graph in sorted(by_graph):
        for name, values in by_graph[graph].items():
            merged[name].extend(values)
    return Entity(
        id=entity_id,
        name=_usual(by_graph, "rdfs:label"),
        type=EntityType(_usual(by_graph, "rdf:type").rpartition("#")[2]),
        names=_names(merged),
        country=_usual(by_graph, "kg:countryCode"),
        parent=to_name(_one(merged, "schema:containedInPlace") or _one(merged, "skos:broader")),
        lat=_number(merged, "geo:lat"),
        lon=_number(merged, "geo:long"),
        same_as=tuple(sorted({value.value for value in merged["owl:sameAs"] + merged["skos:exactMatch"]})),
        reasons=tuple(sorted({value.value for value in merged["kg:linkedBecause"]})),
        identifiers=_identifiers(merged),
        score=max((float(value.value) for value in merged["kg:linkScore"]), default=0.0),
        other_ids=tuple(sorted(value.value for value in merged["dcterms:identifier"])),
    )


def _identifiers(bag: Bag) -> tuple[Identifier, ...]:
    schemes = ("administrativeCode", "isin")
    return tuple(
        sorted({Identifier(scheme, value.value) for scheme in schemes for value in bag.get(f"kg:{scheme}", ())})
    )


def _usual(by_graph: Mapping[str, Bag], name: str) -> str:
    """What the reference data says; else what most documents say, the first in order among equals."""
    if REFERENCE_GRAPH in by_graph:
        return _one(by_graph[REFERENCE_GRAPH], name)
    votes = Counter(value for bag in by_graph.values() if (value := _one(bag, name)))
    return min(votes, key=lambda value: (-votes[value], value), default="")


def _names(bag: Bag) -> tuple[Name, ...]:
    """The preferred name of each language, then the others, each sorted by language and text."""
    return tuple(
        name
        for property_ in ("skos:prefLabel", "skos:altLabel")
        for name in sorted(
            {Name(value.value, getattr(value, "language", None) or "") for value in bag.get(property_, ())},
            key=lambda name: (name.lang, name.text),
        )
    )


def _claim(bag: Bag, quotes: Mapping[str, Bag], known: Mapping[str, Mapping[str, Bag]]) -> Claim:
    document, quote = _one(bag, "prov:wasDerivedFrom"), quotes.get(_one(bag, "kg:evidence"), {})
    return Claim(
        predicate=to_name(_one(bag, "rdf:predicate")).partition(":")[2],
        subject=_argument(bag, "subject", document, known),
        object=_argument(bag, "object", document, known),
        status=Status(_one(bag, "kg:status").rpartition("#")[2]),
        evidence=Evidence(
            document=document_id(document),
            quote=_one(quote, "oa:exact"),
            start=int(_one(quote, "oa:start")),
            end=int(_one(quote, "oa:end")),
        ),
        confidence=float(_one(bag, "kg:confidence")),
        method="+".join(sorted(value.value for value in bag.get("kg:method", ()))),
        qualifiers=_qualifiers(bag),
    )


def _argument(bag: Bag, end: str, document: str, known: Mapping[str, Mapping[str, Bag]]) -> Argument:
    entity_id = to_name(_one(bag, f"rdf:{end}"))
    here = known[entity_id][document]
    return Argument(
        name=_one(here, "rdfs:label"),
        type=EntityType(_one(here, "rdf:type").rpartition("#")[2]),
        mention=_one(bag, f"kg:{end}Mention"),
        id=entity_id,
    )


def _qualifiers(bag: Bag) -> Qualifiers:
    return Qualifiers(
        kind=_one(bag, "kg:kind"),
        role=_one(bag, "kg:role"),
        place=_one(bag, "kg:place"),
        name=_one(bag, "kg:ventureName"),
        attributed_to=_one(bag, "kg:attributedTo"),
        topics=tuple(sorted(value.value for value in bag.get("kg:topic", ()))),
        date=Date(_one(bag, "kg:dateVerbatim"), _one(bag, "kg:date")) if "kg:date" in bag else None,
        amount=_amount(bag),
        share=Share(_one(bag, "kg:share"), _number(bag, "kg:sharePercent")) if "kg:share" in bag else None,
        count=_count(bag),
    )


def _amount(bag: Bag) -> Amount | None:
    if "kg:amount" not in bag:
        return None
    return Amount(_one(bag, "kg:amount"), _one(bag, "kg:amountCurrency"), _number(bag, "kg:amountValue"))


def _count(bag: Bag) -> Count | None:
    if "kg:count" not in bag:
        return None
    value, comparator = _one(bag, "kg:countValue"), _one(bag, "kg:countComparator").rpartition("#")[2]
    return Count(_one(bag, "kg:count"), comparator, int(value) if value else None)

"""What a document yields, as RDF: one graph a document, and one of what the reference data knows of entities.

Nodes are named by what they hold and none is blank, so the same extraction gives the same triples. A graph is a set of the
store's own triples: rdflib's would take a tenth of the time that a small build takes, most of it to be imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import KgError
from kg.model import (
    Amount,
    Claim,
    Count,
    Date,
    Document,
    Entity,
    EntityType,
    Extraction,
    Name,
    Qualifiers,
    Share,
    Status,
)
from kg.namespaces import PREFIXES, claim_iri, document_iri, quote_iri, to_iri

Graph = set[Triple]

_ANY_URI, _DATE, _DECIMAL, _INTEGER, _YEAR, _YEAR_MONTH = (
    NamedNode(PREFIXES["xsd"] + name) for name in ("anyURI", "date", "decimal", "integer", "gYear", "gYearMonth")
)
_DATE_TYPES = {4: _YEAR, 7: _YEAR_MONTH, 10: _DATE}


class EvidenceError(KgError):
    """The quote of a claim is not what the document says at its offsets."""


def document_graph(extraction: Extraction) -> Graph:
    """The triples of one document's named graph: the document, its entities, its claims
    with their evidence, and the plain triples of what is actual. Of claims with one id the most confident is taken.
    Raises EvidenceError, before anything is made, where a quote is not the document's text."""
    document = extraction.document
    check_evidence(extraction)
    graph: Graph = set()
    _add_document(graph, document)
    for entity in (*_undescribed(extraction), *extraction.entities):
        _add_entity(graph, entity)
    entity_ids = _entity_ids(extraction)
    for claim in _distinct(extraction.claims):
        _add_claim(graph, claim, entity_ids)
        for topic in claim.qualifiers.topics:
            if topic in extraction.sectors:
                graph.add(
                    Triple(NamedNode(claim_iri(claim.id)), _node("kg:topicSector"), _node(extraction.sectors[topic]))
                )
    return graph


def reference_graph(entities: Iterable[Entity], countries: Mapping[str, str] | None = None) -> Graph:
    """What is known of entities beyond any document: names by language, country, place around, coordinates, the same thing
    elsewhere, why documents speak of one thing, and the ids of its parts. `countries` maps a country code to the id of the
    country's place ('DE' → 'place:germany')."""
    graph: Graph = set()
    for entity in entities:
        _add_entity_type(graph, entity)
        _add_names(graph, entity)
        _add_reasons(graph, entity)
        for id_ in entity.other_ids:
            graph.add(Triple(_node(entity.id), _node("dcterms:identifier"), Literal(id_)))
        _add_whereabouts(graph, entity, countries or {})
        for identifier in entity.identifiers:
            _add_text(graph, _node(entity.id), **{identifier.scheme: identifier.value})
        for same in entity.same_as:
            property_ = "skos:exactMatch" if entity.type is EntityType.SECTOR else "owl:sameAs"
            graph.add(Triple(_node(entity.id), _node(property_), NamedNode(same)))
    return graph


def to_ntriples(graph: Graph) -> str:
    """The graph as N-Triples, a line each, sorted: what the store takes."""
    return "".join(sorted(f"{triple} .\n" for triple in graph))


def check_evidence(extraction: Extraction) -> None:
    """Raises EvidenceError unless every claim's evidence is the document's own text at its offsets."""
    document = extraction.document
    for claim in extraction.claims:
        evidence = claim.evidence
        found = document.text[evidence.start : evidence.end] if 0 <= evidence.start < evidence.end else ""
        if evidence.document != document.id or not found or found != evidence.quote:
            words = f"{claim.subject.name} {claim.predicate} {claim.object.name}"
            raise EvidenceError(
                f"{document.id}: the evidence of {words} is not the text at {evidence.start} to {evidence.end}\n"
                "This is a fault of the reading, not of the document: leave the document out and report it."
            )


def _undescribed(extraction: Extraction) -> list[Entity]:
    """Entities for the ends of claims that the extraction does not describe, from what the claims say of them."""
    described = {entity.id for entity in extraction.entities}
    ends = [end for claim in extraction.claims for end in (claim.subject, claim.object)]
    return [Entity(end.id, end.name, end.type) for end in ends if end.id not in described]


def _entity_ids(extraction: Extraction) -> dict[str, str]:
    """Every name under which the document knows an entity, with the entity's id; the full names weigh most."""
    arguments = [end for claim in extraction.claims for end in (claim.subject, claim.object)]
    mentions = {end.mention: end.id for end in reversed(arguments)}
    others = {name.text: entity.id for entity in reversed(extraction.entities) for name in entity.names}
    return mentions | others | {entity.name: entity.id for entity in reversed(extraction.entities)}


def _distinct(claims: Iterable[Claim]) -> list[Claim]:
    best: dict[str, Claim] = {}
    for claim in claims:
        known = best.get(claim.id)
        if known is None or claim.confidence > known.confidence:
            best[claim.id] = claim
    return list(best.values())


def _node(name: str) -> NamedNode:
    return NamedNode(to_iri(name))


def _add_text(graph: Graph, node: NamedNode, **values: str) -> None:
    """Adds each value that is not empty as a string, under the kg: property of its keyword."""
    for name, value in values.items():
        if value:
            graph.add(Triple(node, _node(f"kg:{name}"), Literal(value)))


def _date_literal(iso: str) -> Literal:
    """A date typed by its precision; what is no ISO date stays a string."""
    try:
        date.fromisoformat(iso + "-01-01"[len(iso) - 4 :])
    except ValueError:
        return Literal(iso)
    return Literal(iso, datatype=_DATE_TYPES[len(iso)])


def _decimal(value: float, places: int | None = None) -> Literal:
    """A decimal as short as it can be, or with a fixed number of places; never with an exponent."""
    number = f"{Decimal(repr(value)):f}" if places is None else f"{value:.{places}f}"
    whole, _, fraction = number.partition(".")
    text = number if places is not None else f"{whole}.{fraction.rstrip('0')}".rstrip(".")
    return Literal(text, datatype=_DECIMAL)


def _add_document(graph: Graph, document: Document) -> None:
    node = NamedNode(document_iri(document.id))
    graph.add(Triple(node, _node("rdf:type"), _node("schema:NewsArticle")))
    for name, value in (("headline", document.title), ("publisher", document.publisher), ("inLanguage", document.lang)):
        if value:
            graph.add(Triple(node, _node(f"schema:{name}"), Literal(value)))
    if document.published:
        graph.add(Triple(node, _node("schema:datePublished"), _date_literal(document.published)))
    if document.url:
        graph.add(Triple(node, _node("schema:url"), Literal(document.url, datatype=_ANY_URI)))
    _add_text(graph, node, source=document.source, digest=document.digest)


def _add_entity_type(graph: Graph, entity: Entity) -> None:
    node = _node(entity.id)
    graph.add(Triple(node, _node("rdf:type"), _node(f"kg:{entity.type}")))
    graph.add(Triple(node, _node("rdfs:label"), Literal(entity.name)))
    _add_text(graph, node, countryCode=entity.country)


def _add_entity(graph: Graph, entity: Entity) -> None:
    _add_entity_type(graph, entity)
    _add_reasons(graph, entity)


def _add_reasons(graph: Graph, entity: Entity) -> None:
    for reason in entity.reasons:
        _add_text(graph, _node(entity.id), linkedBecause=reason)
    if entity.score:
        graph.add(Triple(_node(entity.id), _node("kg:linkScore"), _decimal(entity.score, 2)))


def _add_names(graph: Graph, entity: Entity) -> None:
    """The first name of each language is the preferred one, the others are alternatives."""
    preferred: set[str] = set()
    for name in entity.names:
        first = bool(name.lang) and name.lang not in preferred
        preferred.add(name.lang)
        graph.add(Triple(_node(entity.id), _node(f"skos:{'prefLabel' if first else 'altLabel'}"), _name_literal(name)))


def _name_literal(name: Name) -> Literal:
    return Literal(name.text, language=name.lang or None)


def _add_whereabouts(graph: Graph, entity: Entity, countries: Mapping[str, str]) -> None:
    node = _node(entity.id)
    country = countries.get(entity.country, "")
    if country and country != entity.id:
        graph.add(Triple(node, _node("kg:country"), _node(country)))
    if entity.parent:
        around = "skos:broader" if entity.type is EntityType.SECTOR else "schema:containedInPlace"
        graph.add(Triple(node, _node(around), _node(entity.parent)))
    if entity.type is EntityType.SECTOR and entity.entry:
        graph.add(Triple(node, _node("skos:inScheme"), _node("sector:scheme")))
    if entity.lat is not None and entity.lon is not None:
        graph.add(Triple(node, _node("geo:lat"), _decimal(entity.lat)))
        graph.add(Triple(node, _node("geo:long"), _decimal(entity.lon)))


def _add_claim(graph: Graph, claim: Claim, entity_ids: Mapping[str, str]) -> None:
    node, subject, object_ = NamedNode(claim_iri(claim.id)), _node(claim.subject.id), _node(claim.object.id)
    predicate = _node(f"kg:{claim.predicate}")
    if claim.status is Status.ACTUAL:
        graph.add(Triple(subject, predicate, object_))
    for name, value in (
        ("rdf:type", _node("kg:Claim")),
        ("rdf:subject", subject),
        ("rdf:predicate", predicate),
        ("rdf:object", object_),
        ("kg:status", _node(f"kg:{claim.status}")),
        ("kg:confidence", _decimal(claim.confidence, 2)),
        ("prov:wasDerivedFrom", NamedNode(document_iri(claim.evidence.document))),
    ):
        graph.add(Triple(node, _node(name), value))
    for method in claim.method.split("+"):
        _add_text(graph, node, method=method)
    _add_text(graph, node, subjectMention=claim.subject.mention, objectMention=claim.object.mention)
    _add_evidence(graph, claim)
    _add_qualifiers(graph, node, claim.qualifiers, entity_ids)


def _add_evidence(graph: Graph, claim: Claim) -> None:
    node = NamedNode(quote_iri(claim.id))
    graph.add(Triple(NamedNode(claim_iri(claim.id)), _node("kg:evidence"), node))
    graph.add(Triple(node, _node("rdf:type"), _node("oa:TextQuoteSelector")))
    graph.add(Triple(node, _node("rdf:type"), _node("oa:TextPositionSelector")))
    graph.add(Triple(node, _node("oa:exact"), Literal(claim.evidence.quote)))
    graph.add(Triple(node, _node("oa:start"), _integer(claim.evidence.start)))
    graph.add(Triple(node, _node("oa:end"), _integer(claim.evidence.end)))


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=_INTEGER)


def _add_qualifiers(graph: Graph, node: NamedNode, qualifiers: Qualifiers, entity_ids: Mapping[str, str]) -> None:
    q = qualifiers
    _add_text(graph, node, kind=q.kind, role=q.role, place=q.place, ventureName=q.name, attributedTo=q.attributed_to)
    for topic in q.topics:
        _add_text(graph, node, topic=topic)
    if q.attributed_to in entity_ids:
        graph.add(Triple(node, _node("kg:speaker"), _node(entity_ids[q.attributed_to])))
    for value in (q.date, q.amount, q.share, q.count):
        _add_quantity(graph, node, value)


def _add_quantity(graph: Graph, node: NamedNode, value: Date | Amount | Share | Count | None) -> None:
    """A date, amount, share or count: verbatim, and normalised where it could be."""
    match value:
        case Date():
            _add_text(graph, node, dateVerbatim=value.verbatim)
            graph.add(Triple(node, _node("kg:date"), _date_literal(value.iso)))
        case Amount():
            _add_text(graph, node, amount=value.verbatim, amountCurrency=value.currency)
            if value.value is not None:
                graph.add(Triple(node, _node("kg:amountValue"), _decimal(value.value)))
        case Share():
            _add_text(graph, node, share=value.verbatim)
            if value.percent is not None:
                graph.add(Triple(node, _node("kg:sharePercent"), _decimal(value.percent)))
        case Count():
            _add_text(graph, node, count=value.verbatim)
            graph.add(Triple(node, _node("kg:countComparator"), _node(f"kg:{value.comparator}")))
            if value.value is not None:
                graph.add(Triple(node, _node("kg:countValue"), _integer(value.value)))

"""The check: sound builds pass, and each fault is found and told in words."""

from __future__ import annotations

import pytest
from factories import claim, entity, extraction, gold

from kg.check import Finding, QualityQuery, Report, Severity, check, quality_queries
from kg.errors import QueryError
from kg.graph import document_graph, reference_graph, to_ntriples
from kg.model import Document, Entity, EntityType, Extraction, Name
from kg.namespaces import PREFIXES, REFERENCE_GRAPH, document_iri
from kg.store import GraphStore

DOCUMENT = Document("d", "Alpha invested in Kiel. Beta met Gamma.", published="2024-06-24")
KIEL = entity("Kiel", EntityType.PLACE)
INVESTED = claim(DOCUMENT, "investedIn", entity("Alpha"), KIEL, "Alpha invested in Kiel.")
NODE, QUOTE = f"claim:{INVESTED.id}", f"claim:{INVESTED.id}-quote"
GRAPH = f"<{document_iri('d')}>"


def store_of(*extractions: Extraction) -> GraphStore:
    store = GraphStore.in_memory()
    store.replace({document_iri(e.document.id): to_ntriples(document_graph(e)) for e in extractions})
    return store


def spoiled(change: str, entities: tuple[Entity, ...] = ()) -> Report:
    """The report on a sound document after a SPARQL update of its graph."""
    store = store_of(extraction(DOCUMENT, INVESTED, entities=entities))
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    store._store.update(f"{prefixes} WITH {GRAPH} {change}")
    return check(GraphStore.in_memory(store))


def found(report: Report, severity: Severity = Severity.ERROR) -> list[str]:
    return [finding.words for finding in report.findings if finding.severity is severity]


def test_a_sound_document_has_no_findings() -> None:
    report = check(store_of(extraction(DOCUMENT, INVESTED)))
    assert report.findings == ()
    assert (report.documents, report.entities, report.claims) == (1, 2, 1)
    assert str(report).startswith("1 documents, 2 entities and 1 claims against")


def test_real_documents_pass() -> None:
    extractions = gold("en-e", 8)
    store = store_of(*extractions)
    entities = {each.id: each for e in extractions for each in e.entities}
    store.put(REFERENCE_GRAPH, to_ntriples(reference_graph(entities.values())))
    report = check(store)
    assert found(report) == []
    assert report.claims == sum(len(e.claims) for e in extractions)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("kg:status", "A claim has one status: actual, planned, former or negated. It has no kg:status."),
        ("kg:confidence", "A claim has one confidence, a decimal from 0 to 1. It has no kg:confidence."),
        ("kg:evidence", "A claim has one quote as its evidence. It has no kg:evidence."),
        ("prov:wasDerivedFrom", "A claim comes from one document. It has no prov:wasDerivedFrom."),
        ("rdf:predicate", "A claim has one predicate, a relation of the ontology. It has no rdf:predicate."),
    ],
)
def test_what_a_claim_lacks_is_told(path: str, words: str) -> None:
    assert f"{NODE}: {words}" in found(spoiled(f"DELETE {{ {NODE} {path} ?x }} WHERE {{ {NODE} {path} ?x }}"))


@pytest.mark.parametrize(
    ("triple", "words"),
    [
        (f"{NODE} kg:confidence 1.5", "a decimal from 0 to 1. It has more than one kg:confidence."),
        (f"{NODE} kg:confidence 1.5", "Its kg:confidence is '1.5' of type xsd:decimal."),
        (f"{NODE} kg:status kg:done", "Its kg:status is kg:done."),
        (f"{NODE} kg:method 'pattern+reader'", "Its kg:method is 'pattern+reader'."),
        ("place:kiel kg:country agent:alpha", "The country of an entity is a place. Its kg:country is agent:alpha."),
        (f"{NODE} rdf:predicate kg:likes", "Its rdf:predicate is kg:likes."),
        (f"{NODE} kg:date 'yesterday'", "Its kg:date is 'yesterday'"),
        (f"{NODE} kg:sharePercent 120.5", "A share is at most one decimal from 0 to 100."),
        (f"{NODE} kg:countComparator kg:roughly", "Its kg:countComparator is kg:roughly."),
        (f"{QUOTE} oa:start 99", "A quote starts at one character, before its end."),
        (f"{QUOTE} oa:exact 'and more'", "A quote has the words of the document, once."),
        ("doc:d kg:digest 'abc'", "Its kg:digest is 'abc'."),
        ("place:kiel kg:countryCode 'Germany'", "A country code is two capitals. Its kg:countryCode is 'Germany'"),
        ("place:kiel geo:lat 91.5", "A latitude is one decimal from -90 to 90."),
        ("agent:x a kg:Company", "agent:x: An entity has a label. It has no rdfs:label."),
        ("agent:alpha kg:participatedIn place:kiel", "place:kiel: The object of such a relation is an event."),
        ("place:kiel kg:holdsRole agent:alpha", "place:kiel: The subject of such a relation is a person."),
    ],
)
def test_what_a_node_has_wrongly_is_told(triple: str, words: str) -> None:
    report = spoiled(f"INSERT {{ {triple} }} WHERE {{}}")
    assert not report.passed
    assert [line for line in found(report) if words in line]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("DELETE { agent:alpha kg:investedIn place:kiel } WHERE {}",
         f"{NODE} states as actual that agent:alpha kg:investedIn place:kiel, but doc:d lacks the plain triple"),
        ("INSERT { agent:alpha kg:visited place:kiel } WHERE {}",
         "doc:d says that agent:alpha kg:visited place:kiel, but no actual claim of it does"),
        (f"DELETE {{ {NODE} kg:status kg:actual }} INSERT {{ {NODE} kg:status kg:planned }} WHERE {{}}",
         "doc:d says that agent:alpha kg:investedIn place:kiel, but no actual claim of it does"),
        (f"DELETE {{ {QUOTE} oa:end ?x }} INSERT {{ {QUOTE} oa:end 30 }} WHERE {{ {QUOTE} oa:end ?x }}",
         f"{QUOTE} is 23 characters long, but stands at 0 to 30"),
        (f"DELETE {{ {NODE} prov:wasDerivedFrom doc:d }} INSERT {{ {NODE} prov:wasDerivedFrom doc:e }} WHERE {{}}",
         f"{NODE} comes from doc:e, but stands in the graph doc:d"),
        ("DELETE { place:kiel a kg:Place } WHERE {}",
         f"{NODE} has place:kiel as object, of which doc:d gives no type or no label"),
        ("DELETE { place:kiel a kg:Place } INSERT { place:kiel a kg:Sector } WHERE {}",
         f"{NODE} has place:kiel, a kg:Sector, as object of kg:investedIn, which takes kg:PlaceOrOrganization"),
        (f"INSERT {{ {NODE} kg:date '2021'^^xsd:date }} WHERE {{}}", f"{NODE} has the date 2021 as xsd:date"),
        ("INSERT { agent:alpha rdfs:seeAlso [] } WHERE {}", "doc:d has a blank node beside rdfs:seeAlso"),
    ],
)  # fmt: skip
def test_quality_queries_find_errors(change: str, words: str) -> None:
    assert words in found(spoiled(change))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("INSERT { agent:alpha a kg:Person } WHERE {}", "agent:alpha is kg:Company as well as kg:Person"),
        ("INSERT { place:kiel kg:countryCode 'DE' , 'DK' } WHERE {}", "place:kiel belongs to DE as well as to DK"),
        ("INSERT { agent:alpha-ag a kg:Company ; rdfs:label 'Alpha' } WHERE {}",
         "agent:alpha and agent:alpha-ag are both called Alpha"),
        (f"INSERT {{ {NODE} kg:date '2025'^^xsd:gYear }} WHERE {{}}",
         f"{NODE} is actual and dated 2025, but doc:d was published on 2024-06-24"),
        (f"INSERT {{ {NODE} kg:objectMention 'the city' }} WHERE {{}}",
         f"{NODE} names its object with words that its quote does not have: 'the city'"),
        ("INSERT { place:kiel schema:containedInPlace place:holstein } WHERE {}",
         "place:holstein stands as schema:containedInPlace of place:kiel but is not described"),
    ],
)  # fmt: skip
def test_quality_queries_find_what_asks_for_a_look(change: str, words: str) -> None:
    assert words in found(spoiled(change), Severity.WARNING)


def test_namesakes_with_official_codes_of_their_own_need_no_look() -> None:
    twin = "place:kiel-2 a kg:Place ; rdfs:label 'Kiel'"
    words = "place:kiel and place:kiel-2 are both called Kiel"
    assert words in found(spoiled(f"INSERT {{ {twin} ; kg:administrativeCode '1' }} WHERE {{}}"), Severity.WARNING)
    apart = f"INSERT {{ {twin} ; kg:administrativeCode '1' . place:kiel kg:administrativeCode '2' }} WHERE {{}}"
    assert words not in found(spoiled(apart), Severity.WARNING)


def test_claims_about_oneself_in_both_directions_and_denied() -> None:
    quote, beta, gamma = "Beta met Gamma.", entity("Beta"), entity("Gamma")
    ends = [(beta, gamma), (gamma, beta), (beta, beta)]
    claims = [claim(DOCUMENT, "metWith", a, b, quote) for a, b in ends]
    denied = claim(DOCUMENT, "metWith", beta, gamma, quote, status="negated")
    report = check(store_of(extraction(DOCUMENT, *claims, denied)))
    assert [f.rule for f in report.findings] == [
        "actual here, denied there", "claim in both directions", "claim of a thing about itself",
    ]  # fmt: skip
    assert report.passed


def test_a_relation_of_one_s_own_passes_once_it_is_declared() -> None:
    document = Document("d", "Alpha licensed Beta.")
    store = store_of(extraction(document, claim(document, "licensed", entity("Alpha"), entity("Beta"))))
    declared = "kg:licensed a owl:ObjectProperty , kg:Relation ; rdfs:domain kg:Agent ; rdfs:range kg:Agent ."
    assert not check(store).passed
    assert check(store, declared).findings == ()


def test_reference_labels_are_unique_in_a_language() -> None:
    twice = [Entity("place:kiel", "Kiel", EntityType.PLACE, (Name(text, "de"),)) for text in ("Kiel", "Kyl")]
    store = store_of(extraction(DOCUMENT, INVESTED))
    store.put(REFERENCE_GRAPH, to_ntriples(reference_graph(twice)))
    words = "An entity has at most one preferred label in a language. It has more than one skos:prefLabel."
    assert found(check(store)) == [f"place:kiel: {words}"]


def test_every_quality_query_says_what_it_finds() -> None:
    queries = quality_queries()
    assert len(queries) >= 15
    assert len({query.title for query in queries}) == len(queries)
    for query in queries:
        assert "{" in query.says and query.why and query.text.count("SELECT") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "lacks '# title: …'"),
        ("# title: t\n# why: w\n# severity: fatal\n# says: {x}\n", "unknown severity 'fatal'"),
    ],
)
def test_a_quality_query_without_a_whole_header_is_refused(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        QualityQuery.from_text("x", text)


def test_a_report_tells_a_paragraph_a_rule() -> None:
    many = tuple(Finding(Severity.ERROR, "rule", f"n{n:02}", f"n{n:02} is wrong", "it matters") for n in range(12))
    lines = str(Report(many, 1, 2, 3, 4)).split("\n")
    assert lines[:3] == ["error: rule (12)", "  it matters", "  - n00 is wrong"]
    assert lines[-3:-1] == ["  … and 2 more", ""]
    assert lines[-1] == "1 documents, 2 entities and 3 claims against 4 rules: 12 errors, 0 warnings"

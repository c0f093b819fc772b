"""The graph of a document: exact triples, exact types, nothing without its sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from factories import claim, entity, extraction, gold
from pyoxigraph import Triple
from rdflib import BNode, Graph

from kg.entities.fields import field_entity
from kg.explain import explain_claim
from kg.facts import read_facts
from kg.graph import EvidenceError, document_graph, reference_graph, to_ntriples
from kg.model import (
    Amount,
    Claim,
    Count,
    Date,
    Document,
    Entity,
    EntityType,
    Identifier,
    Name,
    Qualifiers,
    Share,
    Status,
)
from kg.namespaces import KG, PREFIXES, document_id, document_iri, to_iri, to_name
from kg.store import GraphStore

HEADER = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
TEXT = "More than 50 German firms, said Ada Brandt, have invested in Lake Park since 2021.\nThe rest is “quoted”."
DOCUMENT = Document("news 1/a", TEXT, "Firms", "2024-06", "Daily", source="a.txt", url="https://x.org/1")
FIRMS = entity("German firms", EntityType.GROUP)
PARK = entity("Lake Park", EntityType.PLACE, country="CN")
ADA = entity("Ada Brandt", EntityType.PERSON)


def invested(**more: object) -> Claim:
    return claim(DOCUMENT, "investedIn", FIRMS, PARK, TEXT.split("\n")[0], **more)


def graph_of(*claims: Claim) -> set[Triple]:
    return document_graph(extraction(DOCUMENT, *claims, entities=(FIRMS, PARK, ADA)))


def reread(graph: set[Triple]) -> Graph:
    """The graph as another library reads it."""
    return Graph().parse(data=to_ntriples(graph), format="nt")


def holds(graph: set[Triple], pattern: str) -> bool:
    return bool(reread(graph).query(f"{HEADER} ASK {{ {pattern} }}").askAnswer)


@pytest.mark.parametrize(
    "pattern",
    [
        "agent:german-firms kg:investedIn place:lake-park",
        "?c a kg:Claim ; rdf:subject agent:german-firms ; rdf:predicate kg:investedIn ; rdf:object place:lake-park",
        "?c kg:status kg:actual ; kg:method 'reader' ; kg:subjectMention 'German firms' ; kg:objectMention 'Lake Park'",
        "?c kg:evidence ?q . ?q a oa:TextQuoteSelector , oa:TextPositionSelector ; oa:start 0 ; oa:end 82",
        "?c prov:wasDerivedFrom <https://w3id.org/china-germany-kg/doc/news%201%2Fa>",
        "?d a schema:NewsArticle ; schema:headline 'Firms' ; schema:publisher 'Daily' ; kg:source 'a.txt'",
        "?d schema:url 'https://x.org/1'^^xsd:anyURI ; schema:inLanguage 'en' ; kg:digest ?h FILTER (STRLEN(?h) = 64)",
        "place:lake-park a kg:Place ; rdfs:label 'Lake Park' ; kg:countryCode 'CN'",
    ],
)
def test_a_claim_its_quote_document_and_ends(pattern: str) -> None:
    assert holds(graph_of(invested()), pattern)


def test_every_method_that_found_a_claim_is_a_value_of_its_own() -> None:
    graph = graph_of(invested(method="discourse+reader"))
    assert holds(graph, "?c kg:method 'discourse' , 'reader' FILTER NOT EXISTS { ?c kg:method 'discourse+reader' }")
    store = GraphStore.in_memory()
    store.put(document_iri(DOCUMENT.id), to_ntriples(graph))
    (told,) = read_facts(store).claims
    assert told.method == "discourse+reader"
    assert explain_claim(store, told.id).method == "discourse+reader"


def test_a_sector_of_the_scheme_stands_in_it_and_a_field_of_its_own_does_not() -> None:
    graph = reference_graph([field_entity(words, ()) for words in ("automotive", "software for automated driving")])
    assert holds(graph, "sector:automotive skos:inScheme sector:scheme")
    assert holds(graph, "sector:software-for-automated-driving skos:broader sector:autonomous-driving")
    assert not holds(graph, "sector:software-for-automated-driving skos:inScheme ?scheme")


@pytest.mark.parametrize("status", [Status.PLANNED, Status.FORMER, Status.NEGATED])
def test_only_what_is_actual_is_a_plain_triple(status: Status) -> None:
    graph = graph_of(invested(status=status))
    assert holds(graph, f"?c kg:status kg:{status}")
    assert not holds(graph, "agent:german-firms kg:investedIn place:lake-park")


@pytest.mark.parametrize(
    ("qualifiers", "lines"),
    [
        (Qualifiers(kind="plant", role="host", place="Kiel", name="Lake One"),
         ['kind> "plant"', 'role> "host"', 'place> "Kiel"', 'ventureName> "Lake One"']),
        (Qualifiers(topics=("steel", "solar cells")), ['topic> "steel"', 'topic> "solar cells"']),
        (Qualifiers(attributed_to="Ada Brandt"),
         ['attributedTo> "Ada Brandt"', "speaker> <https://w3id.org/china-germany-kg/agent/ada-brandt>"]),
        (Qualifiers(date=Date("since 2021", "2021")), ['dateVerbatim> "since 2021"', '"2021"^^', "#gYear>"]),
        (Qualifiers(date=Date("in May", "2021-05")), ['"2021-05"^^', "#gYearMonth>"]),
        (Qualifiers(date=Date("on 2 May", "2021-05-02")), ['"2021-05-02"^^', "#date>"]),
        (Qualifiers(amount=Amount("1.5 billion euros", "EUR", 1.5e9)),
         ['amount> "1.5 billion euros"', 'amountCurrency> "EUR"', '"1500000000"^^', "#decimal>"]),
        (Qualifiers(amount=Amount("small change", "", 1e-7)), ['"0.0000001"^^', "#decimal>"]),
        (Qualifiers(share=Share("about 24.9%", 24.9)), ['share> "about 24.9%"', '"24.9"^^', "#decimal>"]),
        (Qualifiers(share=Share("a majority")), ['share> "a majority"']),
        (Qualifiers(count=Count("More than 50", "atLeast", 50)),
         ['count> "More than 50"', "countComparator> <" + KG + "atLeast>", '"50"^^', "#integer>"]),
    ],
)  # fmt: skip
def test_qualifiers_verbatim_and_normalised(qualifiers: Qualifiers, lines: list[str]) -> None:
    text = to_ntriples(graph_of(invested(qualifiers=qualifiers)))
    assert all(line in text for line in lines)


@pytest.mark.parametrize(("confidence", "written"), [(0.9, "0.90"), (1.0, "1.00"), (0.123, "0.12")])
def test_confidence_has_two_decimals(confidence: float, written: str) -> None:
    text = to_ntriples(graph_of(invested(confidence=confidence)))
    assert f'"{written}"^^<http://www.w3.org/2001/XMLSchema#decimal>' in text


@pytest.mark.parametrize("change", [{"quote": "More than 50 Dutch firms"}, {"start": 1}, {"end": 10**6}, {"start": -5},
                                    {"document": "other"}])  # fmt: skip
def test_a_quote_that_is_not_the_text_is_refused(change: dict[str, object]) -> None:
    sound = invested()
    false = replace(sound, evidence=replace(sound.evidence, **change))
    with pytest.raises(EvidenceError, match=r"^news 1/a: the evidence of German firms investedIn Lake Park is not the"):
        graph_of(sound, false)


def test_of_claims_with_one_id_the_most_confident_is_taken() -> None:
    graph = graph_of(invested(confidence=0.4), invested(confidence=0.8), invested(confidence=0.6))
    assert [str(value) for value in reread(graph).objects(None, None) if str(value) == "0.80"] == ["0.80"]
    assert "0.40" not in to_ntriples(graph)


def test_ends_that_the_extraction_does_not_describe_are_described_by_the_claim() -> None:
    graph = document_graph(extraction(DOCUMENT, invested()))
    assert holds(graph, "agent:german-firms a kg:Group ; rdfs:label 'German firms'")


def test_reference_graph() -> None:
    kiel = Entity(
        "place:kiel", "Kiel", EntityType.PLACE,
        names=(Name("Kiel", "en"), Name("Kiel", "de"), Name("基尔", "zh"), Name("Kilia", "en"), Name("Tom Kyle")),
        country="DE", parent="place:holstein", lat=54.32, lon=10.0, same_as=("http://www.wikidata.org/entity/Q1707",),
    )  # fmt: skip
    graph = reference_graph([kiel], {"DE": "place:germany"})
    for pattern in (
        "place:kiel skos:prefLabel 'Kiel'@en , 'Kiel'@de , '基尔'@zh ; skos:altLabel 'Kilia'@en , 'Tom Kyle'",
        "place:kiel kg:country place:germany ; kg:countryCode 'DE' ; schema:containedInPlace place:holstein",
        "place:kiel geo:lat 54.32 ; geo:long ?long FILTER (?long = 10)",
        "place:kiel owl:sameAs <http://www.wikidata.org/entity/Q1707>",
    ):
        assert holds(graph, pattern), pattern


def test_codes_that_have_no_iri_are_values_and_no_same_thing() -> None:
    named = (Identifier("isin", "DE0007236101"),)
    coded = entity("Nanshan", EntityType.PLACE, identifiers=(Identifier("administrativeCode", "440305"),))
    graph = reference_graph([entity("Siemens", identifiers=named), coded])
    assert holds(graph, "agent:siemens kg:isin 'DE0007236101'")
    assert holds(graph, "place:nanshan kg:administrativeCode '440305'")
    assert not holds(graph, "?x owl:sameAs ?y")


def test_a_sector_stands_under_a_broader_one() -> None:
    graph = reference_graph([entity("ICVs", EntityType.SECTOR, parent="sector:automotive")])
    assert holds(graph, "sector:icvs skos:broader sector:automotive")
    assert not holds(graph, "?x schema:containedInPlace ?y")


def test_a_link_says_how_sure_it_is_and_why() -> None:
    linked = entity("Siemens", score=0.95, reasons=("the full name is a name of Siemens",))
    graph = document_graph(extraction(DOCUMENT, entities=(linked, entity("Nobody"))))
    assert holds(graph, "agent:siemens kg:linkScore 0.95 ; kg:linkedBecause 'the full name is a name of Siemens'")
    assert not holds(graph, "agent:nobody kg:linkScore ?score")


def test_a_topic_has_its_sector_on_the_claim() -> None:
    made = invested(qualifiers=Qualifiers(topics=("ICVs", "secrets")))
    found = replace(extraction(DOCUMENT, made), sectors={"ICVs": "sector:intelligent-connected-vehicles"})
    assert holds(document_graph(found), "?claim kg:topic 'ICVs' , 'secrets' ; kg:topicSector ?sector")
    assert holds(document_graph(found), "?claim kg:topicSector sector:intelligent-connected-vehicles")


def test_a_country_is_not_in_itself() -> None:
    graph = reference_graph([entity("Germany", EntityType.PLACE, country="DE")], {"DE": "place:germany"})
    assert not holds(graph, "?x kg:country ?y")


def test_real_documents_give_no_blank_nodes_and_one_line_a_triple() -> None:
    for found in gold("en-a", 10):
        graph = document_graph(found)
        assert not [node for node in reread(graph).all_nodes() if isinstance(node, BNode)]
        assert to_ntriples(graph).count("\n") == len(graph)


def test_a_line_separator_in_a_quote_does_not_break_the_line() -> None:
    document = Document("d", "Alpha met\u2028Beta\r\nat \\u0041 noon.")
    graph = document_graph(extraction(document, claim(document, "metWith", entity("Alpha"), entity("Beta"))))
    assert to_ntriples(graph).count("\n") == len(graph)
    assert document.text in {str(value) for value in reread(graph).objects()}


def test_the_same_bytes_with_another_hash_seed() -> None:
    script = "from factories import *; from kg.graph import *\nfor e in gold(): print(to_ntriples(document_graph(e)))"
    folders = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    outputs = {
        subprocess.check_output([sys.executable, "-c", script], env={"PYTHONPATH": folders, "PYTHONHASHSEED": seed})
        for seed in "12"
    }
    assert len(outputs) == 1 and len(outputs.pop()) > 50_000


@pytest.mark.parametrize("name", ["place:kiel", "place:a b", "sector:机器人", "event:a/b#c?d", "doc:100%", "agent:ü.v"])
def test_names_and_iris_are_each_other_s_reverse(name: str) -> None:
    assert to_name(to_iri(name)) == name
    assert "/" not in to_iri(name).rpartition("-kg/")[2].partition("/")[2]


@pytest.mark.parametrize("identifier", ["en-a-001", "a b", "报告 1", "x/y.txt", "50%20"])
def test_document_ids_and_iris_are_each_other_s_reverse(identifier: str) -> None:
    assert document_id(document_iri(identifier)) == identifier

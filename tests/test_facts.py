"""Facts: what comes out of the store is what went in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import claim, entity, extraction, gold

from kg.facts import read_facts
from kg.graph import document_graph, reference_graph, to_ntriples
from kg.model import (
    Amount,
    Count,
    Date,
    Document,
    Entity,
    EntityType,
    Extraction,
    Facts,
    Identifier,
    Name,
    Qualifiers,
    Share,
    Status,
)
from kg.namespaces import REFERENCE_GRAPH, document_iri
from kg.store import GraphStore

DOCUMENT = Document("d1", "Alpha signed with Beta.", "T", "2024-01-02", "P", "de", "d1.txt", url="https://x.org/")


def facts_of(*extractions: Extraction, reference: tuple[Entity, ...] = ()) -> Facts:
    store = GraphStore.in_memory()
    graphs = {document_iri(e.document.id): to_ntriples(document_graph(e)) for e in extractions}
    store.replace({**graphs, REFERENCE_GRAPH: to_ntriples(reference_graph(reference))})
    return read_facts(store)


@pytest.mark.parametrize("name", ["en-a", "en-d"])
def test_real_extractions_come_back(name: str) -> None:
    found = gold(name, 6)
    entities = {each.id: each for extraction in found for each in extraction.entities}
    facts = facts_of(*found, reference=tuple(entities.values()))
    assert [d.id for d in facts.documents] == sorted(e.document.id for e in found)
    assert facts.documents[0] == replace(found[0].document, text="")
    assert facts.claims == tuple(sorted((c for e in found for c in e.claims), key=lambda c: c.id))
    assert [e.id for e in facts.entities] == sorted(entities)
    for fact in facts.entities:
        known = entities[fact.id]
        assert (fact.name, fact.type, fact.country) == (known.name, known.type, known.country)
        assert sorted(n.text for n in fact.names) == sorted(n.text for n in known.names)


@pytest.mark.parametrize(
    "qualifiers",
    [
        Qualifiers(),
        Qualifiers("plant", "host", "Kiel", "Lake One", "Ada", ("solar", "steel")),
        Qualifiers(date=Date("in May", "2021-05"), amount=Amount("1.5 billion euros", "EUR", 1.5e9)),
        Qualifiers(share=Share("24.9%", 24.9), count=Count("More than 50", "atLeast", 50)),
        Qualifiers(share=Share("a majority"), count=Count("many", "about"), amount=Amount("a fortune")),
    ],
)
@pytest.mark.parametrize("status", Status)
def test_a_claim_comes_back_whole(qualifiers: Qualifiers, status: Status) -> None:
    put = claim(DOCUMENT, "signedMoU", entity("Alpha"), entity("Beta"), qualifiers=qualifiers, status=status)
    assert facts_of(extraction(DOCUMENT, put)).claims == (put,)


def test_documents_come_back_without_their_text() -> None:
    assert facts_of(extraction(DOCUMENT)).documents == (replace(DOCUMENT, text=""),)


def test_an_entity_comes_back_with_all_that_is_known() -> None:
    kiel = Entity(
        "place:kiel", "Kiel", EntityType.PLACE, (Name("Kiel", "de"), Name("基尔", "zh"), Name("Kilia", "de")), "DE",
        "place:holstein", 54.32, 10.1, ("http://www.wikidata.org/entity/Q1707",), ("'Kiel' is its name",),
    )  # fmt: skip
    assert facts_of(extraction(DOCUMENT, entities=(kiel,)), reference=(kiel,)).entities == (kiel,)


def test_the_reference_data_s_name_wins_then_the_usual_one() -> None:
    named = [(f"d{n}", name) for n, name in enumerate(["ACME", "Acme", "Acme"])]
    put = [extraction(Document(d, "x"), entities=(Entity("agent:acme", n, EntityType.COMPANY),)) for d, n in named]
    assert facts_of(*put).entities[0].name == "Acme"
    reference = Entity("agent:acme", "Acme AG", EntityType.COMPANY)
    assert facts_of(*put, reference=(reference,)).entities[0].name == "Acme AG"


def test_an_empty_store_holds_no_facts() -> None:
    assert facts_of() == Facts()


def test_codes_the_sector_above_and_how_sure_a_link_is_come_back() -> None:
    sector = entity("ICVs", EntityType.SECTOR, parent="sector:automotive")
    known = entity("Alpha", identifiers=(Identifier("isin", "DE0007236101"),))
    linked = replace(known, score=0.95)
    facts = facts_of(Extraction(DOCUMENT, (), (linked,)), reference=(known, sector))
    assert [(e.parent, e.identifiers, e.score) for e in facts.entities] == [
        ("", known.identifiers, 0.95),
        ("sector:automotive", (), 0.0),
    ]

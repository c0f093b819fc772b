"""The saved queries: every one is documented, standard SPARQL, runs, and answers what an analyst asks of the seed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import claim, entity, extraction
from gold_build import make_build

from kg.errors import UnknownNameError
from kg.facts import read_facts
from kg.graph import document_graph, to_ntriples
from kg.model import Document
from kg.namespaces import PREFIXES, document_iri
from kg.query.run import run
from kg.query.saved import saved
from kg.relations import load
from kg.store import GraphStore

QUERIES = saved([Path(__file__).parent.parent / "queries"])
ASKED_FOR = {
    *(
        "agreements-by-year",
        "bridges",
        "by-sector",
        "counts",
        "countries",
        "document",
        "investors",
        "memoranda",
        "owners",
    ),
    *("participants", "partners", "partners-of-partners", "people", "planned", "sectors", "speakers", "uncertain"),
}
Row = dict[str, str]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    with GraphStore.read(make_build(tmp_path_factory.mktemp("build"))) as store:
        yield store


def rows(store: GraphStore, name: str, **values: str) -> list[Row]:
    answer = run(store, QUERIES[name], {key: [value] for key, value in values.items()})
    columns = [variable.value for variable in answer.variables]
    return [{c: str(t.value) if t else "" for c, t in zip(columns, row, strict=True)} for row in answer]


def column(found: list[Row], name: str) -> list[str]:
    return [row[name] for row in found]


def test_the_queries_that_analysts_asked_for_are_there() -> None:
    assert set(QUERIES) >= ASKED_FOR


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_is_a_question_with_documented_columns_in_a_fixed_order(name: str, store: GraphStore) -> None:
    query = QUERIES[name]
    assert query.question.endswith("?")
    assert "ORDER BY" in query.text
    assert all(column.meaning for column in query.columns)
    assert all(parameter.meaning for parameter in query.parameters)
    assert [tuple(row) for row in run(store, query)] == [tuple(row) for row in run(store, query)]


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_is_standard_sparql_that_other_engines_read(name: str) -> None:
    from rdflib.plugins.sparql import prepareQuery

    selected = prepareQuery(QUERIES[name].text, initNs=PREFIXES).algebra["PV"]
    assert [str(variable) for variable in selected] == [column.name for column in QUERIES[name].columns]


@pytest.mark.parametrize("name", sorted(set(QUERIES) - {"documents", "uncertain", "partners-of-partners"}))
def test_every_query_finds_something_in_the_seed_and_shows_its_sentence(name: str, store: GraphStore) -> None:
    found = rows(store, name)
    assert found
    for row in found:
        quotes = [value for key, value in row.items() if key.endswith("quote")]
        assert quotes
        assert all(len(quote) > 20 for quote in quotes)


def test_the_investors_in_a_district_with_their_country(store: GraphStore) -> None:
    found = rows(store, "investors", place="nanshan")
    assert [(row["investor"], row["country"], row["count"]) for row in found] == [
        ("Tektronix", "", ""),
        ("German companies", "Germany", "More than 50"),
        ("Ledvance Operations and Management", "Germany", ""),
        ("Siemens", "Germany", ""),
    ]


@pytest.mark.parametrize("place", ["Shenzhen", "China", "place:china", "place:nanshan-district"])
def test_a_place_holds_what_lies_in_it(place: str, store: GraphStore) -> None:
    assert "Siemens" in column(rows(store, "investors", place=place), "investor")


def test_the_partners_of_memoranda_with_their_topics(store: GraphStore) -> None:
    found = rows(store, "memoranda")
    assert column(found, "second") == ["Innovation Lab Heidelberg", "Siemens Healthineers"]
    topics = {topic for row in found for topic in row["topics"].split("; ")}
    assert topics == {"scientific and technological innovation", "technology application", "personnel training"}


def test_a_persons_offices_and_the_owner_of_his_company(store: GraphStore) -> None:
    found = rows(store, "people", person="ingmar bruder")
    offices = [(row["role"], row["organization"], row["owner"]) for row in found]
    assert offices == [(role, "trinamiX", "BASF") for role in ("CEO", "chairman", "founder")]
    owners = rows(store, "owners", entity="trinamix")
    assert [(row["owner"], row["kind"]) for row in owners] == [("BASF", "wholly-owned subsidiary")]


def test_the_agreement_of_a_year(store: GraphStore) -> None:
    found = rows(store, "agreements-by-year", year="2021")
    assert [(row["first"], row["second"], row["year"]) for row in found] == [
        ("Eintracht Frankfurt", "Nanshan District", "2021")
    ]
    assert rows(store, "agreements-by-year", year="2020") == []


def test_who_was_at_a_session(store: GraphStore) -> None:
    found = rows(store, "participants", event="cooperation session between nanshan and frankfurt")
    assert {"Deutsche Bank", "VMAX", "iDreamSky", "Jarltech"} <= set(column(found, "participant"))
    hosts = [row for row in found if row["part"] == "hosted"]
    assert [(row["participant"][:29], row["place"]) for row in hosts] == [
        ("economic and trade delegation", "Eintracht Frankfurt")
    ]


def test_what_an_organisation_plans(store: GraphStore) -> None:
    (row,) = rows(store, "planned", entity="Innovation Lab Heidelberg")
    assert (row["relation"], row["object"], row["kind"]) == ("investedIn", "Nanshan District", "research resources")
    assert row["speaker"] == "relevant director of Innovation Lab Heidelberg"


def test_counts_keep_the_words_of_the_text(store: GraphStore) -> None:
    found = {row["group"]: row for row in rows(store, "counts", entity="German companies")}
    assert found["German companies"]["count"] == "More than 50"
    assert found["German companies"]["comparator"]


def test_speakers_are_found_by_a_word_of_their_description(store: GraphStore) -> None:
    assert set(column(rows(store, "speakers", speaker="DIRECTOR"), "subject")) == {"Innovation Lab Heidelberg"}
    assert rows(store, "speakers", speaker='x" } INSERT') == []


def test_partners_are_named_from_the_side_that_was_asked_for(store: GraphStore) -> None:
    found = rows(store, "partners", entity="Siemens Healthineers")
    assert column(found, "entity") == ["Siemens Healthineers"]
    assert column(found, "partner") == ["relevant research institutes and businesses from Nanshan District"]


def test_partners_of_partners_go_through_one_in_common(store: GraphStore) -> None:
    found = rows(store, "partners-of-partners", entity="Eintracht Frankfurt")
    assert [(row["through"], row["reached"]) for row in found] == [("Nanshan District", "Germany")]
    assert all(re.search("agreement", row["first_quote"]) for row in found)


def test_a_bridge_links_two_that_have_no_link_of_their_own(store: GraphStore) -> None:
    assert {(row["bridge"], row["one"], row["other"]) for row in rows(store, "bridges", bridge="trinamiX")} == {
        ("trinamiX", "BASF", "Ingmar Bruder")
    }


def test_topics_and_fields_of_work_are_sectors(store: GraphStore) -> None:
    found = {row["sector"]: row for row in rows(store, "sectors")}
    assert found["visual perception"]["who"] == "trinamiX"
    assert found["clean energy"]["partner"] == "Nanshan District"


def test_links_between_the_two_countries_only(store: GraphStore) -> None:
    found = rows(store, "countries")
    assert ("Nanshan District", "<", "Siemens") in {(r["first"], r["direction"], r["second"]) for r in found}
    assert "Tektronix" not in column(found, "second")
    assert rows(store, "countries", other="FR") == []


def test_a_house_of_hong_kong_is_on_the_side_of_china() -> None:
    house, port = entity("Kowloon Ports", country="HK"), entity("Elbe Terminal", country="DE")
    document = Document("d", "Kowloon Ports bought Elbe Terminal.")
    with GraphStore.in_memory() as made:
        said = extraction(document, claim(document, "acquired", house, port), entities=(house, port))
        made.put(document_iri("d"), to_ntriples(document_graph(said)))
        assert [(r["first"], r["second"]) for r in rows(made, "countries")] == [("Kowloon Ports", "Elbe Terminal")]
        assert len(rows(made, "countries", one="HK")) == len(rows(made, "countries", one="DE", other="CN")) == 1
        assert rows(made, "countries", one="MO") == []


def test_the_edges_between_the_two_countries_are_exactly_those_with_an_end_in_each(store: GraphStore) -> None:
    facts = read_facts(store)
    country = {entity.id: entity.country for entity in facts.entities}
    wanted = [c for c in facts.claims if {country[c.subject.id], country[c.object.id]} == {"CN", "DE"}]
    relations = load()
    assert 0 < len(wanted) < len(facts.claims) and any(relations[each.predicate].symmetric for each in wanted)
    names = {entity.id: entity.name for entity in facts.entities}
    expected = []
    for each in wanted:
        chinese, german = sorted((each.subject.id, each.object.id), key=country.__getitem__)
        arrow = "" if relations[each.predicate].symmetric else ">" if each.subject.id == chinese else "<"
        expected.append((names[chinese], each.predicate, arrow, names[german], str(each.status)))
    found = rows(store, "countries")
    told = [(r["first"], r["relation"], r["direction"], r["second"], r["status"]) for r in found]
    assert sorted(told) == sorted(expected)
    turned = rows(store, "countries", one="DE", other="CN")
    assert len(turned) == len(found)
    assert {(r["second"], r["first"]) for r in turned} == {(r["first"], r["second"]) for r in found}


def test_a_document_is_told_in_the_order_of_its_text(store: GraphStore) -> None:
    found = rows(store, "document", document="en-dev-001")
    starts = [int(row["start"]) for row in found]
    assert starts == sorted(starts)
    assert len(found) == int(rows(store, "documents")[0]["claims"])


def test_uncertain_claims_are_those_below_the_threshold(store: GraphStore) -> None:
    assert rows(store, "uncertain") == []
    assert len(rows(store, "uncertain", below="0.95")) == len(rows(store, "document"))


def test_a_sector_takes_in_the_narrower_ones_with_their_own_words(store: GraphStore) -> None:
    found = rows(store, "by-sector", sector="automotive")
    assert [(row["field"], row["words"], row["who"]) for row in found] == [
        ("intelligent connected vehicles", "intelligent connected vehicles", "Nanshan District")
    ]
    assert {row["field"] for row in rows(store, "by-sector", sector="health")} == {"health", "medical technology"}


@pytest.mark.parametrize(
    "name", ["aerospace", "sector:aerospace", "Luft- und Raumfahrt", "航空航天", "Aerospace Industry"]
)
def test_a_sector_that_no_document_names_gives_no_rows(name: str, store: GraphStore) -> None:
    assert rows(store, "by-sector", sector=name) == []


def test_what_is_no_sector_is_told_with_those_of_the_scheme(store: GraphStore) -> None:
    with pytest.raises(UnknownNameError, match="no sector is called 'aerospce'; closest: aerospace"):
        rows(store, "by-sector", sector="aerospce")

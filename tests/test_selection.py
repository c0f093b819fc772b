"""Choosing what `kg view` shows: around, between, by query, by document, by filters; and what one page can hold."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from factories import claim, entity
from test_network import facts

from kg import selection
from kg.cli import kg as command_line
from kg.graph import document_graph, reference_graph, to_ntriples
from kg.model import Document, Entity, Extraction, Facts, Status
from kg.namespaces import REFERENCE_GRAPH, document_iri
from kg.selection import Filters, around, between, filtered, largest_part, named_in, of_document
from kg.store import GraphStore

PEOPLE = [
    entity(name, country=country) for name, country in zip("ABCDEF", ("CN", "DE", "CN", "DE", "FR", "DE"), strict=True)
]
A, B, C, D, E, F = PEOPLE
OLD, NEW = (
    Document("old", "A B C D E F met.", "Old note", "2019-01-01"),
    Document("new", "A B C D E F met again.", "New note", "2024-01-01"),
)
CHAIN = [claim(OLD, "metWith", a, b) for a, b in pairwise(PEOPLE[:4])]
SHORT = claim(NEW, "investedIn", A, E, status=Status.PLANNED, confidence=0.5)
LAST = claim(NEW, "signedMoU", E, D)
ALL = facts(Extraction(OLD, tuple(CHAIN), tuple(PEOPLE)), Extraction(NEW, (SHORT, LAST), tuple(PEOPLE)))


def shown(known: Facts) -> set[str]:
    """The claims as pairs of letters."""
    return {each.subject.name + each.object.name for each in known.claims}


@pytest.mark.parametrize(
    ("start", "steps", "found"),
    [(A, 1, {"AB", "AE"}), (B, 1, {"AB", "BC"}), (A, 2, {"AB", "BC", "AE", "CD", "ED"}), (F, 3, set())],
)
def test_around_takes_the_claims_among_those_who_are_near(start: Entity, steps: int, found: set[str]) -> None:
    assert shown(around(ALL, start.id, steps)) == found


@pytest.mark.parametrize(
    ("one", "other", "found"), [(A, D, {"AE", "ED"}), (D, A, {"AE", "ED"}), (A, C, {"AB", "BC"}), (A, F, set())]
)
def test_between_takes_the_shortest_ways_only(one: Entity, other: Entity, found: set[str]) -> None:
    assert shown(between(ALL, one.id, other.id)) == found


def test_a_part_keeps_only_the_documents_that_it_needs() -> None:
    part = of_document(ALL, "new")
    assert shown(part) == {"AE", "ED"} and [each.id for each in part.documents] == ["new"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([{f"claim:{SHORT.id}"}], {"AE"}),
        ([{"E", NEW.text}], {"AE", "ED"}),
        ([{"A", NEW.text}], {"AE"}),
        ([{"A", "some words"}, {"B", "others"}], {"AB"}),
        ([{A.id}, {B.id}, {C.id}], {"AB", "BC"}),
        ([{"nobody"}], set()),
        ([], set()),
    ],
)
def test_the_rows_of_an_answer_name_claims(rows: list[set[str]], found: set[str]) -> None:
    assert shown(named_in(ALL, rows)) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(statuses=frozenset({Status.PLANNED})), {"AE"}),
        (Filters(relations=frozenset({"signedMoU"})), {"ED"}),
        (Filters(since=2020), {"AE", "ED"}),
        (Filters(until=2019), {"AB", "BC", "CD"}),
        (Filters(confidence=0.6), {"AB", "BC", "CD", "ED"}),
        (Filters(countries=frozenset({"CN", "DE"})), {"AB", "BC", "CD"}),
        (Filters(), {"AB", "BC", "CD", "AE", "ED"}),
    ],
)
def test_filters(filters: Filters, found: set[str]) -> None:
    assert shown(filtered(ALL, filters)) == found


def test_hong_kong_is_on_the_side_of_china_and_china_not_on_that_of_hong_kong() -> None:
    house = entity("H", country="HK")
    known = facts(Extraction(NEW, (claim(NEW, "investedIn", house, B), claim(NEW, "metWith", A, D)), (house, A, B, D)))
    assert shown(filtered(known, Filters(countries=frozenset({"CN", "DE"})))) == {"HB", "AD"}
    assert shown(filtered(known, Filters(countries=frozenset({"HK", "DE"})))) == {"HB"}


def test_one_page_holds_so_much_and_the_best_connected_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    assert largest_part(ALL) is ALL
    monkeypatch.setattr(selection, "MOST_CLAIMS", 3)
    assert len(largest_part(ALL).claims) == 3
    monkeypatch.setattr(selection, "MOST_ENTITIES", 3)
    assert {end for each in largest_part(ALL).claims for end in selection.ends(each)} <= {A.id, B.id, C.id, D.id, E.id}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    with GraphStore.create(folder) as store:
        store.put(REFERENCE_GRAPH, to_ntriples(reference_graph(PEOPLE)))
        for document, claims in ((OLD, tuple(CHAIN)), (NEW, (SHORT, LAST))):
            store.put(
                document_iri(document.id), to_ntriples(document_graph(Extraction(document, claims, tuple(PEOPLE))))
            )
    return folder


def view(build: Path, *options: str) -> Result:
    page = str(build / "page.html")
    return CliRunner().invoke(command_line, ["view", "--no-open", "-o", str(build), "--page", page, *options])


def data(build: Path) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', (build / "page.html").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize(
    ("options", "claims", "about"),
    [
        (["--around", "b"], 2, "1 step around B"),
        (["--around", "B", "--steps", "2"], 5, "2 steps around B"),
        (["--between", "A", "D"], 2, "between A and D"),
        (["--document", "old note"], 3, "Old note"),
        (["--query", "memoranda"], 1, "Memoranda"),
        (["--query", "SELECT ?c { ?c kg:status kg:planned }"], 1, "an answer"),
        (["--countries", "CN-DE", "--until", "2019"], 3, "until 2019; countries CN–DE"),
        (["--relation", "metwith", "--around", "A"], 1, "metWith; 1 step around A"),
        ([], 5, ""),
    ],
)
def test_the_command_line_chooses(build: Path, options: list[str], claims: int, about: str) -> None:
    result = view(build, *options)
    assert result.exit_code == 0, result.output
    assert len(data(build)["claims"]["rows"]) == claims and data(build)["about"] == about
    assert data(build)["part"] == (claims < 5)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--around", "Nobody"], "no entity is called 'Nobody'"),
        (["--document", "older"], "no document is called 'older'; closest: old"),
        (["--relation", "metWit"], "no relation is called 'metWit'; closest: metWith"),
        (["--since", "2030"], "nothing is left to show: since 2030"),
        (["--query", "ASK { ?a ?b ?c }"], "only a query with rows can be shown"),
    ],
)
def test_what_cannot_be_shown_is_told_and_nothing_is_written(build: Path, options: list[str], words: str) -> None:
    (build / "page.html").write_text("as before")
    result = view(build, *options)
    assert result.exit_code != 0 and words in result.output and (build / "page.html").read_text() == "as before"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--steps", "2"], "--steps goes with --around"),
        (["--set", "place=B"], "--set goes with --query"),
        (["--countries", "China"], "give two country codes, as in CN-DE"),
        (["--set", "x", "--query", "memoranda"], "write --set PARAMETER=VALUE"),
    ],
)
def test_misuse_is_told(build: Path, options: list[str], words: str) -> None:
    result = view(build, *options)
    assert result.exit_code == 2 and words in result.output

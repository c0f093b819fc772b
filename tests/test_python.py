"""The Python face: what people type in a notebook."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from factories import extraction
from gold_build import make_build
from rdflib.compare import isomorphic

import kg
from kg.errors import KgError, QueryError, StoreError, UnknownNameError
from kg.graph import document_graph, to_ntriples
from kg.model import Document
from kg.namespaces import document_iri
from kg.python import SHOWN, Value, to_value
from kg.query import documents
from kg.query.documents import Chosen
from kg.store import GraphStore

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_build(tmp_path_factory.mktemp("build"))


@pytest.fixture
def graph(output: Path) -> Iterator[kg.KnowledgeGraph]:
    with kg.open(output) as opened:
        yield opened


def rows(answer: object) -> kg.Rows:
    assert isinstance(answer, kg.Rows)
    return answer


def test_importing_loads_no_other_module() -> None:
    code = "import sys; before = set(sys.modules); import kg; print(*(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["kg"]


def test_the_package_names_what_it_offers() -> None:
    assert {"open", "KnowledgeGraph", "Rows"} <= set(dir(kg))
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        kg.opne  # noqa: B018


def test_a_saved_query_gives_mappings(graph: kg.KnowledgeGraph) -> None:
    found = rows(graph.query("investors", place="nanshan"))
    assert found.columns[:3] == ("investor", "country", "place")
    assert found[0]["investor"] in found.column("investor")
    assert len(found) == len(list(found)) > 3
    assert found[1:3][0] == found[1]
    assert repr(found[:1]).startswith("<1 row: investor, country, place")


@pytest.mark.parametrize("year", [2024, 2024.0, "2024", Decimal("2.024E+3"), [2024], {2023, 2024}])
def test_a_parameter_takes_numbers_and_several_values(graph: kg.KnowledgeGraph, year: object) -> None:
    expected = graph.query("agreements-by-year", year="2024")
    assert graph.query("agreements-by-year", year=year) == expected  # type: ignore[arg-type]


def test_a_parameter_that_is_none_is_not_given(graph: kg.KnowledgeGraph) -> None:
    assert graph.query("investors", place=None) == graph.query("investors")


def test_a_parameter_takes_the_words_of_values(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "said.rq"
    path.write_text(
        "# title: T\n# question: Q?\n# parameter said (text, default any): what\n# column said: it\n"
        "SELECT ?said { VALUES ?said { UNDEF } }",
        encoding="utf-8-sig",
    )
    given = [5, 1e-7, True, date(2021, 3, 4), datetime(2021, 3, 4, 5), Path("a/b.txt")]
    told = ("5", "0.0000001", "true", "2021-03-04", "2021-03-04", "a/b.txt")
    assert rows(graph.query(path, said=given)).column("said") == told
    assert rows(graph.query(str(path), said=given)).column("said") == told


def test_a_graph_a_day_and_a_limit_bound_a_question(graph: kg.KnowledgeGraph) -> None:
    text = "SELECT ?s { ?s a kg:Company }"
    every = rows(graph.query(text))
    assert rows(graph.query("investors", place="Nanshan", as_of=2023)) == kg.Rows(every_column(graph), ())
    assert len(rows(graph.query("investors", place="Nanshan", as_of=date(2024, 6, 24), graph="en-dev-001"))) > 3
    assert len(rows(graph.query(text, graph=["reference"]))) == 1
    cut = rows(graph.query(text, limit=2))
    assert (len(cut), cut.more, every.more) == (2, True, False)
    assert repr(cut) == "<2 rows, and there are more: s>"
    with pytest.warns(UserWarning, match=r"^3 triples, and there are more \(limit\)$") as told:
        assert len(graph.query("CONSTRUCT WHERE { ?s ?p ?o }", limit=3)) == 3  # type: ignore[arg-type]
    assert told[0].filename == __file__


def test_documents_are_looked_up_within_the_time_of_the_query(
    graph: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> Chosen:
        Event().wait()
        raise AssertionError

    monkeypatch.setattr(documents, "choose", slow)
    with pytest.raises(QueryError, match=r"took longer than 0\.1 s"):
        graph.query("ASK {}", graph="en-dev-001", timeout=0.1)


def every_column(graph: kg.KnowledgeGraph) -> tuple[str, ...]:
    return rows(graph.query("investors")).columns


def test_documents_left_out_for_want_of_a_date_are_warned_of(tmp_path: Path) -> None:
    with GraphStore.create(tmp_path) as store:
        document = Document("undated", "Kiel.", source="undated.txt")
        store.put(document_iri("undated"), to_ntriples(document_graph(extraction(document))))
    with kg.open(tmp_path) as graph, pytest.warns(UserWarning, match=r"until 2021: 1 document \(undated\)"):
        assert not graph.query("ASK { ?s ?p ?o }", as_of=2021)


def test_a_closed_graph_says_so(output: Path) -> None:
    graph = kg.open(output)
    graph.close()
    graph.close()
    for ask in (lambda: graph.query("investors"), graph.as_rdflib, graph.as_networkx):
        with pytest.raises(StoreError, match=r"is closed: open it again with kg\.open\("):
            ask()
    assert repr(graph).endswith(", closed>") and "closed" in graph._repr_html_()


def test_rows_hold_values(graph: kg.KnowledgeGraph) -> None:
    text = """SELECT ?claim ?sure ?start ?none { ?claim kg:confidence ?sure ; kg:evidence/oa:start ?start ;
    rdf:subject agent:siemens OPTIONAL { ?claim kg:nothing ?none } } LIMIT 1"""
    [row] = rows(graph.query(text))
    assert str(row["claim"]).startswith("claim:")
    assert (row["sure"], type(row["start"]), row["none"]) == (0.9, int, None)


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("7", "integer", 7), ("0.5", "decimal", 0.5), ("2021-03-04", "date", date(2021, 3, 4)), ("2021", "gYear", "2021"),
        ("true", "boolean", True), ("many", "integer", "many"), ("plain", "string", "plain"),
    ],
)  # fmt: skip
def test_a_literal_is_a_value_of_its_type(text: str, datatype: str, value: Value) -> None:
    found = to_value(ox.Literal(text, datatype=ox.NamedNode(XSD + datatype)))
    assert (found, type(found)) == (value, type(value))


def test_ask_and_construct(graph: kg.KnowledgeGraph) -> None:
    assert graph.query("ASK { agent:siemens ?p ?o }") is True
    built = graph.query("CONSTRUCT { ?a kg:investedIn ?b } WHERE { ?a kg:investedIn ?b }")
    assert isinstance(built, rdflib.Graph)
    assert "agent:siemens kg:investedIn" in built.serialize()


@pytest.mark.parametrize(
    ("query", "parameters", "error", "words"),
    [
        ("investers", {}, QueryError, "closest: investors"),
        ("investors", {"plaice": "x"}, QueryError, "no parameter 'plaice'"),
        ("investors", {"place": "Nowhereville"}, UnknownNameError, "no place is called 'Nowhereville'"),
        ("investors", {"place": 5}, UnknownNameError, "no place is called '5'"),
        ("investors", {"place": ["Kiel", None]}, QueryError, "place takes text, a number, a date or a path, not None"),
        ("investors", {"limit": -1}, QueryError, "limit takes a whole number from 0 on, not -1"),
        ("investors", {"limit": 2.5}, QueryError, "limit takes a whole number from 0 on, not 2.5"),
        ("investors", {"timeout": float("nan")}, QueryError, "timeout takes seconds, a number from 0 on, not nan"),
        ("investors", {"timeout": "5"}, QueryError, "timeout takes seconds, a number from 0 on, not '5'"),
        ("investors", {"place": b"Kiel"}, QueryError, "place takes text, a number, a date or a path, not b'Kiel'"),
        ("x" * 300, {}, QueryError, "no saved query is called 'xxx"),
        ("SELECT ?s FROM <x> { ?s ?p ?o }", {}, QueryError, "no graph is called 'x'"),
        ("ASK {}", {"limit": 1}, QueryError, "ASK gives true or false"),
        ("ASK {}", {"as_of": "soon"}, QueryError, "'soon' is no year, month or day: write it as 2021, "),
        ("ASK FROM doc:en-dev-01 {}", {}, QueryError, "closest: doc:en-dev-001"),
        (None, {}, QueryError, "a query is a name, a file or SPARQL, not None"),
        (Path("missing.rq"), {}, QueryError, "no such query file: missing.rq"),
        ("DROP ALL", {}, QueryError, "DROP would change the graph"),
    ],
)
def test_errors_are_told(
    graph: kg.KnowledgeGraph, query: str, parameters: dict[str, Any], error: type[KgError], words: str
) -> None:
    with pytest.raises(error, match=words):
        graph.query(query, **parameters)


def test_no_document_has_no_answer(graph: kg.KnowledgeGraph) -> None:
    assert len(rows(graph.query("investors"))) > 0
    assert len(rows(graph.query("investors", graph=[]))) == 0


def test_what_an_error_holds_of_an_answer_stays_in_its_thread(
    graph: kg.KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    untold: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", untold.append)
    wrong = tmp_path / "wrong.rq"
    wrong.write_text("# title: T\n# question: Q?\n# column a: A\nSELECT ?b { ?b ?p ?o }\n")
    with pytest.raises(QueryError, match="columns"):
        graph.query(wrong)
    gc.collect()
    assert not untold


def test_a_query_that_takes_too_long_is_left(graph: kg.KnowledgeGraph) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?a) < STR(?l)) }"
    code = (
        "import sys, kg\nfrom kg.errors import QueryError\ng = kg.open(sys.argv[1])\n"
        f"try:\n    g.query({endless!r}, timeout=0.2)\nexcept QueryError as error:\n    print(error, flush=True)\n"
        "import os; os._exit(0)"
    )
    command = [sys.executable, "-c", code, str(graph._output)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("the query took longer than 0.2 s")


def test_pandas_takes_the_rows(graph: kg.KnowledgeGraph) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    found = rows(graph.query("investors"))
    frame = found.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert tuple(frame.columns) == found.columns
    assert frame.to_dict("records")[0]["investor"] == found[0]["investor"]


def test_without_pandas_the_error_says_so(graph: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(KgError, match="pip install pandas"):
        rows(graph.query("investors")).to_pandas()


def test_rdflib_has_it_all(graph: kg.KnowledgeGraph, output: Path) -> None:
    with GraphStore.read(output) as store:
        expected = rdflib.Graph().parse(data=store.dump_triples(), format="nt")
        graphs = set(store.graphs())
    assert isomorphic(graph.as_rdflib(), expected)
    assert isomorphic(rdflib.Graph().parse(data=graph.as_rdflib().serialize()), expected)
    dataset = graph.as_rdflib(named=True)
    assert isinstance(dataset, rdflib.Dataset)
    assert {str(g.identifier) for g in dataset.graphs() if len(g)} == graphs


def test_networkx_has_the_claims_as_edges(graph: kg.KnowledgeGraph) -> None:
    network = graph.as_networkx()
    [count] = rows(graph.query("SELECT (COUNT(?c) AS ?n) { ?c a kg:Claim }")).column("n")
    assert network.number_of_edges() == count
    assert network.nodes["agent:siemens"]["label"] == "Siemens"


def test_a_notebook_shows_tables_with_everything_escaped(graph: kg.KnowledgeGraph) -> None:
    found = rows(graph.query('SELECT ("<script>alert(1)</script>" AS ?text) (0.5 AS ?sure) {}'))
    assert found._repr_html_() == (
        "<table><thead><tr><th>text</th><th>sure</th></tr></thead><tbody><tr>"
        '<td>&lt;script&gt;alert(1)&lt;/script&gt;</td><td style="text-align:right">0.5</td></tr></tbody></table>'
    )
    many = kg.Rows(("n",), tuple((n,) for n in range(SHOWN + 7)))
    assert many._repr_html_().endswith("<p>7 more rows</p>")
    assert "1 documents" in graph._repr_html_() and "claims" in graph._repr_html_()


def test_a_folder_without_a_build_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no build in"):
        kg.open(tmp_path)
    assert list(tmp_path.iterdir()) == []

"""What a query may reach: values stay data, and nothing but the store is opened, whatever is typed."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from gold_build import make_build
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.cli import kg
from kg.errors import KgError
from kg.query.run import bind, run
from kg.query.saved import Parameter, SavedQuery, saved
from kg.query.sparql import ask
from kg.store import GraphStore

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANSWER = json.dumps(
    {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "urn:from:elsewhere"}}]}}
).encode()
ECHO = SavedQuery(
    "SELECT ?a ?b { VALUES ?a { UNDEF } VALUES ?b { UNDEF } }",
    name="echo",
    parameters=(Parameter("a", "text", "any", ""), Parameter("b", "text", "any", "")),
)
VALUES = st.text(
    st.one_of(st.sampled_from("\"'\\{}<>#?$@^\n\r\tuU0022"), st.characters(exclude_categories=["Cs"])), max_size=40
)


class Listener:
    """A server on loopback that counts who comes."""

    def __init__(self) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:  # noqa: N805
                self.visits += 1
                handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
                handler.send_response(200)
                handler.send_header("Content-Type", "application/sparql-results+json")
                handler.send_header("Content-Length", str(len(ANSWER)))
                handler.end_headers()
                handler.wfile.write(ANSWER)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_: object) -> None:
                return

        self.visits = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/sparql"


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    thread = threading.Thread(target=listener.server.serve_forever)
    thread.start()
    yield listener
    listener.server.shutdown()
    thread.join()
    listener.server.server_close()


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_build(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def store(output: Path) -> Iterator[GraphStore]:
    with GraphStore.read(output) as store:
        yield store


def attempt(store: GraphStore, text: str) -> None:
    """Ask and draw the whole answer, as far as it goes."""
    try:
        answer = ask(store, text)
        if hasattr(answer, "__iter__"):
            list(answer)
    except KgError:
        return


FRAGMENTS = st.sampled_from(
    [
        *("SERVICE <URL> { ?s ?p ?o }", "service silent<URL>{?s ?p ?o}", "\\u0053ERVICE <URL> {}", "SERVICE e:x {}"),
        *("'", '"', "'''", '"""', "\\", "\\'", "#", "\n", "{", "}", "(", ")", ".", ";", "<", ">", "<urn:a\\u0041#x>"),
        *(
            "kg:a\\'b",
            "kg:a\\#b",
            "kg:.",
            "kg:a",
            "?x",
            "_:b",
            '"\\u0022 x"',
            "'\\u0027'",
            "\\u0027",
            "\\u0023",
            "\u0300",
        ),
        *("FILTER(1 <2)", "FILTER(?x<?y && ?z>?x)", "'x'@en", '"1"^^kg:d', "1", "OPTIONAL {", "UNION", "BIND(1 AS ?q)"),
    ]
)


@FUZZ
@given(parts=st.lists(FRAGMENTS, max_size=12), space=st.sampled_from(["", " "]))
@example(parts=["kg:a\\'b", "?p", "?o", ".", "SERVICE <URL> { ?s ?p ?o }", "?q", "?r", "'x'"], space=" ")
@example(parts=["kg:a", "?p", '"\\u0022 x"', ".", "SERVICE <URL> { ?s ?p ?o }", "?q", "?r", '"y"'], space=" ")
@example(
    parts=["<urn:a\\u0041#x>", "?p", '"\\u0022 x"', ".", "SERVICE <URL> { ?s ?p ?o }", "?q", "?r", '"y"'], space=" "
)
@example(parts=["?s", "?p", "kg:.", "SERVICE <URL> { ?s ?p ?o }"], space="")
def test_no_query_reaches_the_network(parts: list[str], space: str, store: GraphStore, listener: Listener) -> None:
    body = space.join(parts).replace("URL", listener.url)
    for text in (f"PREFIX e: <{listener.url}#> SELECT * {{ {body} }}", f"ASK {{ ?a kg:p ?b . {body} }}"):
        attempt(store, text)
    assert listener.visits == 0


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_from_names_graphs_of_the_store_and_opens_nothing(
    clause: str, store: GraphStore, listener: Listener, tmp_path: Path
) -> None:
    (tmp_path / "data.nt").write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    for iri in (listener.url, (tmp_path / "data.nt").as_uri(), "file:///etc/passwd"):
        pattern = "GRAPH ?g { ?s ?p ?o }" if "NAMED" in clause else "?s ?p ?o"
        assert not ask(store, f"ASK {clause} <{iri}> {{ {pattern} }}")
    assert ask(store, "ASK FROM doc:en-dev-001 { ?s ?p ?o }")
    assert not ask(store, "ASK FROM doc:en-dev-001 { ?s skos:prefLabel 'Germany'@en }")
    assert listener.visits == 0


def test_load_is_refused(store: GraphStore, listener: Listener) -> None:
    for text in (
        f"LOAD <{listener.url}>",
        f"LOAD SILENT <{listener.url}> INTO GRAPH <urn:g>",
        "LOAD <file:///etc/passwd>",
    ):
        with pytest.raises(KgError, match="LOAD would change the graph"):
            ask(store, text)
    assert listener.visits == 0


def test_service_is_asked_where_it_is_allowed(output: Path, listener: Listener) -> None:
    text = f"SELECT ?s {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"
    refused = CliRunner().invoke(kg, ["query", text, "-o", str(output)])
    assert (refused.exit_code, listener.visits) == (2, 0)
    assert "--allow-service" in refused.stderr
    allowed = CliRunner().invoke(kg, ["query", text, "--allow-service", "-o", str(output)])
    assert allowed.stdout.splitlines() == ["s", "urn:from:elsewhere"]
    assert listener.visits > 0
    listener.visits = 0


def test_a_service_that_does_not_answer_is_told(output: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        text = f"SELECT ?s {{ SERVICE <http://127.0.0.1:{free.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        result = CliRunner().invoke(kg, ["query", text, "--allow-service", "-o", str(output)])
    assert result.exit_code == 2
    assert result.stderr.startswith("kg: the query failed: ")
    assert "Traceback" not in result.stderr


@FUZZ
@given(a=VALUES, b=VALUES)
@example(a="\\u0022 } INSERT", b='" } SERVICE <urn:x> {} #')
@example(a="VALUES ?b { UNDEF }", b=' } SERVICE <http://127.0.0.1:1/> {} # "')
@example(a="\ud7ff\x00\x7f", b="\n'''\"\"\"\\")
def test_values_come_back_as_they_were_given(a: str, b: str, store: GraphStore) -> None:
    (row,) = run(store, ECHO, {"a": [a], "b": [b]})
    assert (row["a"].value, row["b"].value) == (a, b)


@FUZZ
@given(value=VALUES, name=st.sampled_from(sorted(saved())))
def test_no_value_changes_what_a_saved_query_asks(value: str, name: str, store: GraphStore) -> None:
    query = saved()[name]
    for parameter in query.parameters:
        try:
            bound = bind(query, {parameter.name: [value]}, store)
        except KgError as error:
            assert len(str(error)) < 2000
            continue
        assert [v.value for v in ask(store, bound).variables] == [column.name for column in query.columns]


@pytest.mark.parametrize("value", ["1\n", "٣", "1e5", "1 } #", "", "0x1"])
def test_a_number_is_a_number(value: str, store: GraphStore) -> None:
    with pytest.raises(KgError, match="must be a number"):
        bind(saved()["agreements-by-year"], {"year": [value]}, store)


@pytest.mark.parametrize("name", ["speakers", "investors"])
def test_bytes_that_are_no_text_are_told(name: str, store: GraphStore) -> None:
    parameter = saved()[name].parameters[0].name
    with pytest.raises(KgError, match="not UTF-8"):
        bind(saved()[name], {parameter: ["\udc80"]}, store)
    with pytest.raises(KgError, match="not UTF-8"):
        ask(store, "ASK {} # \udc80")

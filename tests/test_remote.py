"""Graphs on a server: real servers on this machine, whose default graph is the union of all graphs or empty."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox
import pytest
from factories import gold
from gold_build import graphs, make_build
from servers import oxigraph, virtuoso

from kg.errors import KgError, QueryError, StoreError
from kg.facts import read_facts
from kg.graph import document_graph, to_ntriples
from kg.namespaces import DOC, document_iri
from kg.query.lookup import find_entities
from kg.query.run import run
from kg.query.saved import SavedQuery, saved
from kg.query.sparql import Queryable, ask, cell
from kg.remote import GRAPH_STORE, PASSWORD, TOKEN, USER, RemoteStore
from kg.store import GraphStore

ROOT = Path(__file__).parent.parent
GRAPHS = graphs() | {document_iri(e.document.id): to_ntriples(document_graph(e)) for e in gold("en-b", 3)}
A = "https://example.org/a"


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (USER, PASSWORD, TOKEN, GRAPH_STORE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


SERVERS = {"oxigraph": (), "oxigraph of one graph": ("--union-default-graph",), "virtuoso": None}


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The addresses of a server for queries and for graphs, the second only where it has to be told."""
    options = SERVERS[request.param]
    if options is None:
        with virtuoso() as addresses:
            yield addresses
    else:
        with oxigraph(*options) as running:
            yield running, ""


@pytest.fixture
def address(server: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    address, graph_store = server
    for name, value in ((USER, "dba"), (PASSWORD, "dba"), (GRAPH_STORE, graph_store)) if graph_store else ():
        monkeypatch.setenv(name, value)
    return address


@pytest.fixture
def remote(address: str) -> Iterator[RemoteStore]:
    with RemoteStore(address) as store:
        store.put(A, "<urn:s> <urn:p> <urn:o> .\n")
        for graph, ntriples in GRAPHS.items():
            store.put(graph, ntriples)
        yield store


@pytest.fixture(scope="module")
def local() -> GraphStore:
    store = GraphStore.in_memory()
    store.replace(GRAPHS)
    return store


def test_a_copy_is_of_what_builds_put(remote: RemoteStore, local: GraphStore) -> None:
    assert remote.copy().dump() == local.dump()
    assert tuple(remote.sizes().items()) == tuple((graph, text.count("\n")) for graph, text in sorted(GRAPHS.items()))
    assert {A, *GRAPHS} <= set(remote.graphs())


def test_a_graph_is_replaced_and_removed(remote: RemoteStore) -> None:
    remote.put(A, "<urn:s> <urn:p> <urn:new> .\n")
    assert [row["o"].value for row in remote.query(f"SELECT ?o {{ GRAPH <{A}> {{ ?s ?p ?o }} }}")] == ["urn:new"]
    remote.remove(A)
    remote.remove(A)
    assert A not in remote.graphs()


def test_every_kind_of_value_comes_back(remote: RemoteStore) -> None:
    typed = {"2021": "gYear", "2021-05": "gYearMonth", "2021-05-06": "date", "-0.5": "decimal", "7": "integer"}
    xsd = {value: ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}") for value, kind in typed.items()}
    texts = ('tab\t "quote" \n 😀 \\', "long " * 3000, "<b>&amp;</b>")
    values = [ox.NamedNode("https://example.org/%C3%A9/南?a=b#c"), ox.Literal("南山区", language="zh")]
    values += [*map(ox.Literal, texts), *(ox.Literal(value, datatype=kind) for value, kind in xsd.items())]
    graph = f"{DOC}values"
    remote.put(graph, "".join(f"<urn:s{number}> <urn:p> {value} .\n" for number, value in enumerate(values)))
    come = {quad.object for quad in remote.copy().quads(graph)}
    remote.remove(graph)
    assert come == set(values)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?a ?b { ?c rdf:subject ?a ; rdf:object ?b }", "SELECT (COUNT(*) AS ?n) { ?claim a kg:Claim }",
        "# with a comment\nSELECT ?c ?q {\n ?c kg:evidence/oa:exact ?q }", "SELECT ?g { GRAPH ?g { ?s a kg:Claim } }",
    ],
)  # fmt: skip
def test_rows_are_those_of_the_store_on_disk(remote: RemoteStore, local: GraphStore, text: str) -> None:
    rows = [sorted(str(tuple(row)) for row in ask(store, text)) for store in (remote, local)]
    assert rows[0] == rows[1] != []


def test_saved_queries_give_what_the_store_on_disk_gives(remote: RemoteStore, local: GraphStore) -> None:
    """In any order, and with any of several quotes, for servers compare texts by rules of their own; '' stands for none."""

    def told(store: Queryable, query: SavedQuery) -> list[list[str]]:
        answer = run(store, query)
        kept = [n for n, variable in enumerate(answer.variables) if "quote" not in variable.value.lower()]
        return sorted(["; ".join(sorted(cell(row[n]).split("; "))) for n in kept] for row in answer)

    for name, query in saved().items():
        assert told(remote, query) == told(local, query), name


def test_other_forms_of_answers(remote: RemoteStore, local: GraphStore) -> None:
    assert bool(ask(remote, "ASK { ?claim a kg:Claim }")) and not bool(ask(remote, "ASK { ?a kg:nothing ?b }"))
    text = "CONSTRUCT { ?c kg:status ?b } WHERE { ?c kg:status ?b }"
    assert set(ask(remote, text)) == set(ask(local, text)) != set()
    assert isinstance(remote.query("SELECT * { ?s ?p ?o } LIMIT 1"), ox.QuerySolutions)


def test_a_query_may_be_bound_to_graphs(remote: RemoteStore, local: GraphStore) -> None:
    text, graph = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", next(iter(GRAPHS))
    for bound in ([graph], []):
        found = [next(iter(store.query(text, graphs=bound)))["n"].value for store in (remote, local)]
        assert found[0] == found[1]


def test_mistakes_are_told_as_for_the_store_on_disk(remote: RemoteStore) -> None:
    with pytest.raises(QueryError, match="line 2, column"):
        ask(remote, "SELECT ?s {\n ?s ?p }")
    with pytest.raises(QueryError, match="would change the graph"):
        ask(remote, "DROP ALL")


def test_names_are_found(remote: RemoteStore, local: GraphStore) -> None:
    name = read_facts(local).entities[0].name
    assert find_entities(remote, name) == find_entities(local, name)


def kg(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kg.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment)


def test_commands_take_an_address_for_a_store(remote: RemoteStore, address: str, tmp_path: Path) -> None:
    text = "SELECT ?a ?b { ?c rdf:subject ?a ; rdf:object ?b } ORDER BY ?a ?b"
    with GraphStore.create(tmp_path / "output") as store:
        store.replace(GRAPHS)
    remote.remove(A)
    for arguments in (["query", text], ["export", "--format", "turtle"]):
        there = kg(*arguments, "--store", address, cwd=tmp_path)
        assert (there.returncode, there.stdout) == (0, kg(*arguments, cwd=tmp_path).stdout), there.stderr
        assert there.stdout.count("\n") > 3
    assert kg("view", "--store", address, "--no-open", cwd=tmp_path).returncode == 0
    assert "<html" in (tmp_path / "network.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://user:secret@127.0.0.1/query", "holds a name or password"), ("https://", "is none"),
        ("http://127.0.0.1:99999/query", "is none"), ("http://127.0.0.1:9/query", "cannot be reached"),
        ("http://127.0.0.1:9/query?token=secret", "cannot be reached"),
    ],
)  # fmt: skip
def test_errors_tell_no_secrets(address: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as error:
        RemoteStore(address).graphs()
    assert "secret" not in str(error.value) and error.value.__cause__ is None


def test_where_graphs_are_written_must_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match=GRAPH_STORE):
        RemoteStore("http://127.0.0.1:9/sparql").put(A, "")


def test_credentials_do_not_travel_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "secret")
    with pytest.raises(StoreError, match="use https") as error:
        RemoteStore("http://store.example/query")
    assert "secret" not in str(error.value)


class Guarded(http.server.BaseHTTPRequestHandler):
    """Answers an empty result to who is allowed in; notes what came."""

    seen: ClassVar[list[str]] = []
    wants = "Basic"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        given = self.headers.get("Authorization", "")
        Guarded.seen.append(given)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        elif not given.startswith(self.wants) or "wrong" in given:
            self.send_response(401)
            self.send_header("WWW-Authenticate", f'{self.wants} realm="store", nonce="n", qop="auth"')
        else:
            self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(b'{"head": {"vars": ["g"]}, "results": {"bindings": []}}')

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def guarded() -> Iterator[str]:
    Guarded.seen.clear()
    Guarded.wants = "Basic"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Guarded) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("variables", "wants", "given"),
    [
        ({USER: "me", PASSWORD: "secret"}, "Basic", "Basic bWU6c2VjcmV0"), ({TOKEN: "secret"}, "Bearer", "Bearer secret"),
        ({USER: "me", PASSWORD: "secret"}, "Digest", 'Digest username="me"'),
    ],
)  # fmt: skip
def test_credentials_come_from_the_environment(
    guarded: str, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], wants: str, given: str
) -> None:
    Guarded.wants = wants
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert RemoteStore(f"{guarded}/query").graphs() == ()
    assert Guarded.seen[-1].startswith(given)


def test_credentials_come_from_netrc(guarded: str, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    assert RemoteStore(f"{guarded}/query").graphs() == ()
    assert Guarded.seen == ["Basic bWU6c2VjcmV0"]


def test_a_refusal_and_a_redirection_tell_no_secrets(guarded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match=rf"(?s)refuses access \(401\).*{USER}"):
        RemoteStore(f"{guarded}/query").graphs()
    monkeypatch.setenv(USER, "me")
    monkeypatch.setenv(PASSWORD, "secret")
    with pytest.raises(KgError, match="somewhere else") as error:
        RemoteStore(f"{guarded}/moved").graphs()
    assert "secret" not in str(error.value)


def test_kg_serve_is_such_a_server(tmp_path: Path) -> None:
    from test_serve import serving

    with serving(make_build(tmp_path)) as server, GraphStore.read(tmp_path) as store:
        remote = RemoteStore(f"http://127.0.0.1:{server.port}/sparql")
        assert remote.copy().dump() == store.dump()

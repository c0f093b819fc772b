"""Graphs on a server: a real Oxigraph server on this machine, with and without a default graph that is the union."""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, cast

import pyoxigraph as ox
import pytest
from factories import gold
from gold_build import make_build

from kg.errors import KgError, QueryError, StoreError
from kg.export import to_bytes
from kg.facts import read_facts
from kg.graph import document_graph, to_ntriples
from kg.namespaces import BASE, document_iri
from kg.query.lookup import find_entities
from kg.query.sparql import ask
from kg.remote import GRAPH_STORE, PASSWORD, TOKEN, USER, RemoteStore
from kg.store import GraphStore

ROOT = Path(__file__).parent.parent
OXIGRAPH = shutil.which("oxigraph") or str(Path(sys.executable).parent / "oxigraph")
GRAPHS = {document_iri(e.document.id): to_ntriples(document_graph(e)) for e in gold("en-b", 3)}
A = "https://example.org/a"


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (USER, PASSWORD, TOKEN, GRAPH_STORE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


@contextmanager
def oxigraph(*options: str) -> Iterator[str]:
    if not Path(OXIGRAPH).is_file():
        pytest.skip("the oxigraph server is not installed (pip install oxigraph)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if not probe.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/query"
        finally:
            process.terminate()


@pytest.fixture(scope="module", params=[(), ("--union-default-graph",)], ids=["plain", "union"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    with oxigraph(*request.param) as running:
        yield running


@pytest.fixture
def remote(address: str) -> Iterator[RemoteStore]:
    with RemoteStore(address) as store:
        store.put(A, "<urn:old> <urn:p> <urn:o> .\n")
        store.replace(GRAPHS)
        store.remove(A)
        yield store


@pytest.fixture(scope="module")
def local() -> GraphStore:
    store = GraphStore.in_memory()
    store.replace(GRAPHS)
    return store


def test_it_holds_what_was_put(remote: RemoteStore, local: GraphStore) -> None:
    assert remote.graphs() == local.graphs()
    assert (remote.dump(), remote.dump_triples()) == (local.dump(), local.dump_triples())
    assert remote.quads(next(iter(GRAPHS))) == sorted(local.quads(next(iter(GRAPHS))), key=str)


def test_replacing_leaves_the_graphs_of_others_alone(remote: RemoteStore) -> None:
    remote.put(A, "<urn:s> <urn:p> <urn:o> .\n")
    remote.put(f"{BASE}doc/old", "<urn:s> <urn:p> <urn:old> .\n")
    remote.replace(GRAPHS)
    assert remote.graphs() == tuple(sorted([*GRAPHS, A]))
    remote.remove(A)
    remote.remove(A)
    assert remote.graphs() == tuple(sorted(GRAPHS))


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


def test_other_forms_of_answers(remote: RemoteStore, local: GraphStore) -> None:
    assert bool(ask(remote, "ASK { ?claim a kg:Claim }")) and not bool(ask(remote, "ASK { ?a kg:nothing ?b }"))
    text = "CONSTRUCT { ?c kg:status ?b } WHERE { ?c kg:status ?b }"
    assert set(ask(remote, text)) == set(ask(local, text)) != set()
    assert isinstance(remote.query("SELECT * { ?s ?p ?o } LIMIT 1"), ox.QuerySolutions)
    with pytest.raises(QueryError, match="only a SELECT"):
        remote.select("ASK {}")


def test_a_query_may_be_bound_to_graphs(remote: RemoteStore, local: GraphStore) -> None:
    text, graph = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", next(iter(GRAPHS))
    for graphs in ([graph], []):
        found = [next(iter(store.query(text, graphs=graphs)))["n"].value for store in (remote, local)]
        assert found[0] == found[1]


def test_mistakes_are_told_as_for_the_store_on_disk(remote: RemoteStore) -> None:
    with pytest.raises(QueryError, match="line 2, column"):
        ask(remote, "SELECT ?s {\n ?s ?p }")
    with pytest.raises(QueryError, match="would change the graph"):
        ask(remote, "DROP ALL")


def test_what_reads_a_store_reads_it(remote: RemoteStore, local: GraphStore) -> None:
    store = cast(GraphStore, remote)
    assert read_facts(store) == read_facts(local)
    for name in ("turtle", "trig", "jsonld"):
        assert to_bytes(store, name) == to_bytes(local, name)
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
        assert remote.dump() == store.dump()

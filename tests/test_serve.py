"""`kg serve` as other programs meet it: a real process, real sockets on this machine."""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox
import pytest
from factories import claim, entity, extraction
from gold_build import make_build
from lxml import etree, html

from kg.graph import document_graph, to_ntriples
from kg.model import Document, Name
from kg.namespaces import BASE, PREFIXES, document_iri
from kg.server import workers
from kg.server.answers import Answers
from kg.server.jobs import Ask, Job, Reply, plain
from kg.server.types import ROWS, TRIPLES
from kg.server.workers import work
from kg.store import GraphStore

ROOT = Path(__file__).parent.parent
SEED = "en-dev-001"
INVESTORS = "SELECT ?who { ?who kg:investedIn ?where } ORDER BY ?who"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?a) < STR(?l)) }"
CRLF = b"\r\n"


class Server:
    """A running `kg serve`, asked over sockets."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.port = int(urlsplit(url).port or 0)

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | str | None = None, host: str = "", **headers: str
    ) -> http.client.HTTPResponse:
        """The response, its body in `.text`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Host": host or f"127.0.0.1:{self.port}", **named})
        response = connection.getresponse()
        response.text = response.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return response

    def query(self, text: str, accept: str = "*/*", **parameters: str) -> http.client.HTTPResponse:
        return self.ask(f"/sparql?{urlencode({'query': text, **parameters})}", Accept=accept)

    def raw(self, data: bytes) -> bytes:
        """What comes back for these bytes, until the server closes."""
        with self.connect() as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            return read_all(client)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)


def read_all(client: socket.socket) -> bytes:
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts)


def body(response: http.client.HTTPResponse) -> str:
    return str(response.text)  # type: ignore[attr-defined]


@contextmanager
def serving(output: Path, *options: str) -> Iterator[Server]:
    command = [sys.executable, "-m", "kg.cli", "serve", "--port", "0", "--output", str(output), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        try:
            yield Server(process.stdout.readline().strip(), process)
        finally:
            process.terminate()
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_build(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def server(output: Path) -> Iterator[Server]:
    with serving(output) as running:
        yield running


def selected(text: str, type_: str) -> list[str]:
    """The first column of an answer in any of the W3C's forms, each read by a parser that is not the writer."""
    if "csv" in type_:
        return [row[0] for row in csv.reader(io.StringIO(text))][1:]
    if "tab" in type_:
        return [line.strip("<>") for line in text.splitlines()[1:]]
    if "json" in type_:
        return [row["who"]["value"] for row in json.loads(text)["results"]["bindings"]]
    return [str(uri.text) for uri in etree.fromstring(text.encode()).iter("{*}uri")]


@pytest.mark.parametrize(
    "type_",
    ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"],
)
def test_rows_come_in_the_form_that_is_wanted(server: Server, type_: str) -> None:
    response = server.query(INVESTORS, type_)
    assert (response.status, response.headers.get_content_type()) == (200, type_)
    found = selected(body(response), type_)
    assert found == sorted(found) and f"{BASE}agent/siemens" in found


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("*/*", "application/sparql-results+json"), ("", "application/sparql-results+json"),
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.5", "application/sparql-results+xml"),
        ("text/html, */*;q=0.1", "application/sparql-results+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/sparql-results+json"),
        ("application/xml", "application/sparql-results+xml"), ("text/xml", "application/sparql-results+xml"),
    ],
)  # fmt: skip
def test_the_best_of_the_accepted_forms_is_taken(server: Server, accept: str, type_: str) -> None:
    assert server.query(INVESTORS, accept).headers.get_content_type() == type_


@pytest.mark.parametrize(
    ("type_", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE), ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD), ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)  # fmt: skip
def test_triples_come_in_the_form_that_is_wanted(server: Server, type_: str, form: ox.RdfFormat) -> None:
    response = server.query("CONSTRUCT WHERE { ?a kg:investedIn ?b }", type_)
    assert (response.status, response.headers.get_content_type()) == (200, type_)
    assert ox.NamedNode(f"{BASE}agent/siemens") in {t.subject for t in ox.parse(body(response), format=form)}


@pytest.mark.parametrize("path", [f"/sparql?{urlencode({'query': 'DESCRIBE agent:siemens'})}", "/agent/siemens"])
def test_triples_come_as_xml_for_who_wants_xml(server: Server, path: str) -> None:
    response = server.ask(path, Accept="application/xml")
    assert (response.status, response.headers.get_content_type()) == (200, "application/rdf+xml")
    assert next(ox.parse(body(response), format=ox.RdfFormat.RDF_XML))
    assert server.query("ASK {}", "application/xml").headers.get_content_type() == "application/sparql-results+xml"


@pytest.mark.parametrize(
    ("path", "methods"), [("/sparql", "GET, HEAD, OPTIONS, POST"), ("/agent/siemens", "GET, HEAD, OPTIONS")]
)
def test_options_tell_the_methods(server: Server, path: str, methods: str) -> None:
    response = server.ask(path, method="OPTIONS")
    assert (response.status, response.headers["Allow"], body(response)) == (204, methods, "")
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("*/*", "text/plain"),
        ("text/csv", "text/plain"),
        ("text/html", "text/html"),
        ("application/json", "application/problem+json"),
    ],
)
def test_refusals_come_in_the_form_that_is_wanted(server: Server, accept: str, type_: str) -> None:
    wrong = server.query("SELECT", accept)
    large = server.ask(
        "/sparql", method="POST", Accept=accept, Content_Type="application/sparql-query", Content_Length="2000000"
    )
    for response, status, words in ((wrong, 400, "syntax error"), (large, 413, "ask a shorter query")):
        assert (response.status, response.headers.get_content_type()) == (status, type_)
        told = json.loads(body(response)) if "json" in type_ else {"status": status, "detail": body(response)}
        assert told["status"] == status and words in told["detail"]


def test_an_answer_that_cannot_come_as_wanted_is_406(server: Server) -> None:
    response = server.query(INVESTORS, "text/turtle")
    assert response.status == 406 and "text/csv" in body(response)


def test_the_three_ways_to_ask_give_one_answer(server: Server) -> None:
    by_get = server.query(INVESTORS)
    form, text = "application/x-www-form-urlencoded", "application/sparql-query"
    by_form = server.ask("/sparql", method="POST", body=urlencode({"query": INVESTORS}), Content_Type=form)
    by_text = server.ask("/sparql", method="POST", body=INVESTORS, Content_Type=f"{text}; charset=utf-8")
    assert body(by_get) == body(by_form) == body(by_text)
    assert json.loads(body(server.query("ASK { agent:siemens ?p ?o }")))["boolean"] is True


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", ox.RdfFormat.TURTLE), ("*/*", ox.RdfFormat.TURTLE), ("text/turtle, text/html;q=0.5", ox.RdfFormat.TURTLE),
        ("application/ld+json", ox.RdfFormat.JSON_LD), ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)  # fmt: skip
def test_without_a_query_the_endpoint_tells_what_it_can_do(server: Server, accept: str, form: ox.RdfFormat) -> None:
    response = server.ask("/sparql", Accept=accept)
    assert response.status == 200
    told = {(t.predicate.value.partition("#")[2], t.object.value) for t in ox.parse(body(response), format=form)}
    assert ("endpoint", f"http://127.0.0.1:{server.port}/sparql") in told
    assert ("supportedLanguage", "http://www.w3.org/ns/sparql-service-description#SPARQL11Query") in told
    assert sum(name == "resultFormat" for name, _ in told) == len(set(ROWS.values())) + len(set(TRIPLES.values()))
    assert server.ask("/sparql", Accept="text/csv").status == 406


def test_json_ld_has_the_prefixes_of_an_export(server: Server) -> None:
    for path in ("/agent/siemens", f"/sparql?{urlencode({'query': 'DESCRIBE agent:siemens'})}"):
        told = json.loads(body(server.ask(path, Accept="application/ld+json")))
        assert told["@context"] == PREFIXES
        assert "kg:Company" in next(n for n in told["@graph"] if n["@id"] == "agent:siemens")["@type"]


def test_a_query_may_be_bound_to_a_graph(server: Server) -> None:
    count = "SELECT (COUNT(*) AS ?who) { ?s ?p ?o }"
    numbers = [
        int(json.loads(body(server.query(count, **graph)))["results"]["bindings"][0]["who"]["value"])
        for graph in ({}, {"default-graph-uri": document_iri(SEED)}, {"default-graph-uri": f"{BASE}doc/none"})
    ]
    assert numbers[0] > numbers[1] > numbers[2] == 0


@pytest.mark.parametrize(
    ("method", "path", "text", "type_", "status", "words"),
    [
        ("POST", "/sparql", "DROP ALL", "application/sparql-update", 403, "only reads"),
        ("POST", "/sparql", "update=DROP+ALL", "application/x-www-form-urlencoded", 403, "only reads"),
        ("POST", "/sparql", "DROP ALL", "application/sparql-query", 400, "DROP would change the graph"),
        ("GET", "/sparql?update=DROP+ALL", "", "", 403, "only reads"),
        ("GET", f"/sparql?default-graph-uri={BASE}doc/none", "", "", 400, "give a query"),
        ("GET", "/sparql?query=SELECT", "", "", 400, "syntax error"),
        ("GET", "/sparql?query=ASK+%7B%7D&query=ASK+%7B%7D", "", "", 400, "one query, not 2"),
        ("POST", "/sparql", "ASK {}", "text/plain", 415, "application/sparql-query"),
        ("POST", "/sparql", b"\xff", "application/sparql-query", 400, "not UTF-8"),
        ("POST", "/sparql", b"query=%FF", "application/x-www-form-urlencoded", 400, "syntax error"),
        ("PUT", "/sparql", "x", "text/turtle", 405, "GET or POST"),
        ("DELETE", "/agent/siemens", "", "", 405, "only be read"),
        ("GET", "/sparql?query=ASK+%7B%7D&default-graph-uri=no+iri", "", "", 400, "no iri"),
        ("GET", "/nowhere", "", "", 404, "nothing here"),
        ("GET", "/agent/nobody", "", "", 404, "agent:nobody"),
        ("GET", "/claim/0123456789abcdef", "", "", 404, "claim:0123456789abcdef"),
        ("GET", "/agent/siemens?format=exe", "", "", 400, "the formats are"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told(
    server: Server, method: str, path: str, text: str | bytes, type_: str, status: int, words: str
) -> None:
    response = server.ask(path, method=method, body=text or None, Content_Type=type_)
    assert (response.status, words in body(response)) == (status, True), body(response)


def test_service_reaches_nobody(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        there = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        response = server.query(f"SELECT * {{ SERVICE SILENT <{there}> {{ ?s ?p ?o }} }}")
        assert response.status == 400 and "SERVICE" in body(response)
        assert server.query(f"SELECT ?s FROM <{there}> {{ ?s ?p ?o }}").status == 200
        assert server.query("SELECT ?s { ?s ?p ?o }", **{"default-graph-uri": there}).status == 200
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "[::2]", "", "a b"]
)
def test_other_names_of_the_host_are_refused(server: Server, host: str) -> None:
    answer = server.raw(f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 421", b"HTTP/1.1 400")) and b"boolean" not in answer


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:7878"])
def test_the_machines_own_names_are_taken(server: Server, host: str) -> None:
    assert server.ask("/style.css", host=host).status == 200


@pytest.mark.parametrize(
    "path",
    ["/../../../../etc/passwd", "/doc/../../../etc/passwd", "/doc/..%2f..%2fetc%2fpasswd", "//etc/passwd", "/%00", "/doc/%00",
     "/agent/%ff%fe", "/agent/%3Cscript%3E", "/agent/a>b", "/claim/x'--"],
)  # fmt: skip
def test_no_path_leads_out(server: Server, path: str) -> None:
    answer = server.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert (
        answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400")) and b"root:" not in answer and b"text/html" not in answer
    )


def test_a_body_over_the_bound_is_refused(server: Server) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 2000000\r\n\r\n"
    with server.connect() as client:
        client.sendall(head)
        assert client.recv(100).startswith(b"HTTP/1.1 413")
    assert server.query("ASK {}").status == 200


@pytest.mark.parametrize(
    "data",
    [b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 50, b"A" * 300_000,
     b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
     b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
     b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 300_000 + b"\r\n\r\n"],
)  # fmt: skip
def test_broken_requests_are_survived(server: Server, data: bytes) -> None:
    try:
        answer = server.raw(data)
    except OSError:  # the server may hang up while it is still being shouted at
        answer = b""
    assert b"200 OK" not in answer
    assert server.query("ASK {}").status == 200


def test_slow_clients_hold_up_nobody(server: Server) -> None:
    slow = [server.connect() for _ in range(100)]
    for client in slow:
        client.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nContent-Ty")
    deaf = [server.connect() for _ in range(40)]
    for client in deaf:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert [server.query("ASK {}").status for _ in range(5)] == [200] * 5
    for client in slow + deaf:
        client.close()


def test_a_thousand_requests_at_once_are_answered(server: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    request = f"GET /sparql?query={quote('ASK {}')} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    clients = [server.connect() for _ in range(1000)]
    try:
        for client in clients:
            client.sendall(request)
        answers = [read_all(client) for client in clients]
    finally:
        for client in clients:
            client.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert {answer.partition(CRLF)[0] for answer in answers} == {b"HTTP/1.1 200 OK"}
    assert all(b'"boolean":true' in answer for answer in answers)


def test_a_query_that_takes_too_long_is_ended(output: Path) -> None:
    with serving(output, "--timeout", "1") as server:
        response = server.query(ENDLESS)
        assert (response.status, "longer than 1 s" in body(response)) == (504, True)
        assert server.query("ASK {}").status == 200


def test_an_entity_has_a_page_with_its_quotes(server: Server) -> None:
    response = server.ask("/agent/siemens", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (response.status, response.headers.get_content_type()) == (200, "text/html")
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    page = html.fromstring(body(response))
    assert page.findtext(".//h1") == "Siemens"
    assert any("More than 50 German companies" in (quoted.text or "") for quoted in page.iter("blockquote"))
    links = {link.get("href") for link in page.iter("a")}
    assert {f"/doc/{SEED}", "http://www.wikidata.org/entity/Q81230", "/agent/siemens?format=turtle"} <= links
    own = sorted(link for link in links if link and link.startswith("/") and "claim" in link)
    claim = html.fromstring(body(server.ask(own[0], Accept="text/html")))
    title = " ".join(str(claim.find(".//p[@class='claim']").text_content()).split())
    assert "Siemens" in title
    assert claim.findtext(".//h1") == claim.findtext(".//title") == title


@pytest.mark.parametrize("path", [f"/doc/{SEED}", "/entities", "/entities?name=%E8%A5%BF%E9%97%A8%E5%AD%90", "/"])
def test_the_other_pages_name_what_they_show(server: Server, path: str) -> None:
    response = server.ask(path, Accept="text/html")
    assert response.status == 200 and "Siemens" in body(response)


def test_a_browser_gets_a_form_and_refusals_as_pages(server: Server) -> None:
    assert "<textarea" in body(server.ask("/sparql", Accept="text/html"))
    response = server.ask("/agent/%3Cscript%3E", Accept="text/html")
    assert response.status == 404 and "<script>" not in body(response) and "<h1>Not found</h1>" in body(response)


def test_the_vocabulary_has_a_page_where_the_iris_of_its_terms_lead(server: Server) -> None:
    response = server.ask("/ontology", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (response.status, response.headers.get_content_type()) == (200, "text/html")
    page = html.fromstring(body(response))
    (term,) = page.xpath("//p[@id='signedMoU']")
    assert "签署备忘录" in term.text_content() and "letter of intent" in term.text_content()
    assert page.xpath("//h2/text()") == ["Classes", "Properties", "Relations", "Sectors", "Values"]
    assert "/ontology" in page.xpath("//nav/a/@href")


@pytest.mark.parametrize("path", ["/ontology", "/sector/scheme"])
@pytest.mark.parametrize(
    ("type_", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE), ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD), ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)  # fmt: skip
def test_the_vocabulary_comes_in_the_form_that_is_wanted(
    server: Server, path: str, type_: str, form: ox.RdfFormat
) -> None:
    response = server.ask(path, Accept=type_)
    assert (response.status, response.headers.get_content_type()) == (200, type_)
    subjects = {quad.subject.value for quad in ox.parse(body(response), format=form)}
    assert {f"{BASE}ontology#signedMoU", f"{BASE}sector/scheme", f"{BASE}sector/health"} <= subjects
    assert server.ask(path, Accept="image/png").status == 406


@pytest.mark.parametrize("path", ["/agent/siemens", f"/doc/{SEED}", "/place/germany"])
@pytest.mark.parametrize(
    ("query", "accept", "form"),
    [
        ("", "text/turtle", ox.RdfFormat.TURTLE), ("", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("?format=turtle", "text/html", ox.RdfFormat.TURTLE), ("?format=jsonld", "", ox.RdfFormat.JSON_LD),
    ],
)  # fmt: skip
def test_a_node_is_rdf_for_programs(server: Server, path: str, query: str, accept: str, form: ox.RdfFormat) -> None:
    response = server.ask(path + query, Accept=accept)
    assert response.status == 200 and response.headers["Vary"] == "Accept"
    assert ox.NamedNode(BASE + path[1:]) in {triple.subject for triple in ox.parse(body(response), format=form)}


def hostile_build(folder: Path) -> Path:
    document = Document("d", 'Alpha <script>alert("x")</script> met Beta.', title="<b>T</b>", url="javascript:alert(1)")
    alpha = entity("Alpha", names=(Name('<img src=x onerror="x">', "en"),))
    found = extraction(document, claim(document, "metWith", alpha, entity("Beta")), entities=(alpha,))
    with GraphStore.create(folder) as store:
        store.replace({document_iri("d"): to_ntriples(document_graph(found))})
    return folder


def test_what_documents_say_is_text_and_a_new_build_is_seen(tmp_path: Path) -> None:
    with serving(hostile_build(tmp_path)) as server:
        for path in ("/agent/alpha", "/doc/d", "/entities"):
            text = body(server.ask(path, Accept="text/html"))
            assert "Alpha" in text
            assert not [part for part in ("<script>", "<img", "<b>T", 'href="javascript') if part in text]
        make_build(tmp_path)
        assert server.ask("/agent/siemens").status == 200
        assert server.ask("/agent/alpha").status == 404


def test_it_ends_when_told_and_leaves_no_process(output: Path) -> None:
    with serving(output) as server:
        assert server.query("ASK {}").status == 200
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        server.process.send_signal(signal.SIGINT)
        server.process.wait(timeout=60)
        assert server.process.returncode == 0
    assert not [child for child in children if Path(f"/proc/{child}/cmdline").exists() and _is_python(child)]


def _is_python(process: str) -> bool:
    return b"python" in Path(f"/proc/{process}/cmdline").read_bytes()


def test_what_cannot_be_served_is_an_error(output: Path, tmp_path: Path) -> None:
    def told(*options: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "kg.cli", "serve", *options]
        run = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        return run.returncode, run.stderr

    assert told("--output", str(tmp_path))[1].startswith("kg: no build in")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, words = told("--output", str(output), "--port", str(taken.getsockname()[1]))
        assert status == 2 and "choose another --port" in words
    for host in ("192.0.2.1", "a..b"):
        status, words = told("--output", str(output), "--port", "0", "--host", host)
        assert status == 2 and "choose another --host" in words and words.count("\n") == 1


def test_a_worker_that_dies_is_replaced(output: Path) -> None:
    job, seen = Ask("ASK {}", "json", "json", "turtle"), dict[str, Reply]()
    pool = workers.Workers(output, 1, 30)
    seen["before"] = pool.answer(job)
    pool._all[0].process.kill()
    pool._all[0].process.join()
    seen["dead"], seen["after"] = pool.answer(job), pool.answer(job)
    pool.close()
    assert [reply.status for reply in seen.values()] == [200, 500, 200]


def slow_to_start(output: Path, pipe: Connection) -> None:
    time.sleep(4)
    work(output, pipe)


def test_the_start_of_a_worker_is_not_the_querys_time(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "work", slow_to_start)
    pool = workers.Workers(output, 1, 3)
    assert pool.answer(Ask("ASK {}", "json", "json", "turtle")).status == 200
    pool.close()


def test_a_worker_that_does_not_start_is_not_waited_for_for_ever(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "START", 0.0)
    pool = workers.Workers(output, 1, 3)
    reply = pool.answer(Ask("ASK {}", "json", "json", "turtle"))
    assert (reply.status, "no process for the query was ready" in reply.body.decode()) == (503, True)
    assert pool._all[0].process is None
    pool.close()


def test_a_build_that_is_gone_is_no_fault_of_the_query(tmp_path: Path) -> None:
    reply = Answers(tmp_path).answer(Ask("ASK {}", "json", "json", "turtle"))
    assert (reply.status, "run kg build" in reply.body.decode()) == (503, True)


def test_too_many_queries_wait_and_then_are_told(output: Path) -> None:
    from kg.server.app import App

    def busy(job: Job) -> Reply:
        return plain(503, "too many")

    seen: list[Mapping[str, str]] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http"}
    App(busy, ["localhost"])(environ, lambda status, headers, error=None: seen.append(dict(headers)))  # type: ignore[arg-type,return-value]
    assert seen[0]["Retry-After"] == "10"

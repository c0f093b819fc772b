"""What is asked over HTTP and what is answered: routes, the SPARQL Protocol, negotiation, and everything that is refused.

SPARQL 1.1 Protocol, query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from kg.namespaces import DOC, ENTITY_PREFIXES
from kg.server import pages
from kg.server.jobs import Ask, Define, Draw, Job, Present, Reply, Search, Tell, plain
from kg.server.types import NODES, REFUSALS, ROWS, SERVICE, TRIPLES, TRUTHS, media_type, wanted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BODY = 1 << 20
"""The most bytes that a request's body may have."""

KINDS = (*ENTITY_PREFIXES, "claim", "doc")
"""The kinds of nodes that have a page, under the paths of their IRIs."""

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:/@\s]+)(?::\d{1,5})?")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
    "Vary": "Accept",
}
_NO_QUERY = "give a query: /sparql?query=…, or POST it as application/sparql-query"
_ONLY_READS = "this endpoint only reads: 'kg build' changes the graph"
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class RefusedError(Exception):
    """A request that cannot be answered: the HTTP status and the reason in words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class App:
    """The WSGI application. `answer` does the jobs; `hosts` are the names by which it may be called: a page of another
    site that has its own name point to this machine (DNS rebinding) must not get to read the graph."""

    def __init__(self, answer: Callable[[Job], Reply], hosts: Iterable[str]) -> None:
        self._answer = answer
        self._hosts = frozenset(host.lower() for host in hosts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = request.max_form_memory_size = BODY
        try:
            self._check_host(request)
            reply = self._reply(request)
        except RefusedError as refusal:
            reply = plain(refusal.status, str(refusal))
        except HTTPException as error:
            reply = plain(error.code or 400, error.description or "this request cannot be understood")
        return respond(reply, request.accept_mimetypes, request.path)(environ, start_response)

    def _check_host(self, request: Request) -> None:
        match = _HOST.fullmatch(request.headers.get("Host", ""))
        if not match or match[1].lower().rstrip(".") not in self._hosts:
            raise RefusedError(421, "this server does not go by that name; 'kg serve --name' gives it one more")

    def _reply(self, request: Request) -> Reply:
        path = request.path
        if request.method == "OPTIONS":
            return Reply(204, "text/plain; charset=utf-8", b"")
        if path == "/sparql":
            return self._sparql(request)
        if request.method not in ("GET", "HEAD"):
            raise RefusedError(405, "this can only be read: GET it")
        if path == "/style.css":
            return Reply(200, "text/css; charset=utf-8", pages.style().encode())
        if path == "/":
            return self._answer(Draw())
        if path == "/entities":
            return self._answer(Search(request.args.get("name", "").strip()))
        if path in ("/ontology", "/sector/scheme"):
            return self._answer(Define(_form(request)))
        kind, _, local = path[1:].partition("/")
        if kind not in KINDS or not local:
            raise RefusedError(404, "there is nothing here: /entities lists what there is, /sparql answers queries")
        return self._answer(Tell(f"{kind}:{local}", _form(request)))

    def _sparql(self, request: Request) -> Reply:
        if request.method in ("GET", "HEAD") and not request.args:
            return self._presented(request)
        text, parameters = _question(request)
        accept = request.accept_mimetypes
        graphs = (*parameters.getlist("default-graph-uri"), *parameters.getlist("named-graph-uri"))
        for graph in graphs:
            if not _IRI.fullmatch(graph):
                raise RefusedError(400, f"a graph is named by an IRI, as {DOC}…, not by '{graph}'")
        rows, truth, triples = (wanted(accept, table) for table in (ROWS, TRUTHS, TRIPLES))
        return self._answer(Ask(text, rows, truth, triples, graphs))

    def _presented(self, request: Request) -> Reply:
        """The endpoint itself: a form to ask with for people, its description for programs (SPARQL 1.1 Service Description)."""
        form = wanted(request.accept_mimetypes, SERVICE)
        if not form:
            raise RefusedError(406, f"this comes as {', '.join(SERVICE)}: accept one of them")
        if form == "html":
            return Reply(200, pages.HTML, pages.form().encode())
        return self._answer(Present(request.base_url, form))


def _form(request: Request) -> str:
    """The form in which a node is wanted: as the address says, else as the client's header does."""
    named = request.args.get("format", "")
    if named and named not in NODES.values():
        raise RefusedError(400, f"the formats are {', '.join(sorted(set(NODES.values())))}")
    form = named or wanted(request.accept_mimetypes, NODES)
    if not form:
        raise RefusedError(406, f"this comes as {', '.join(NODES)}: accept one of them")
    return form


def _question(request: Request) -> tuple[str, Any]:
    """The query of a request and the parameters beside it, by any of the protocol's three ways."""
    if request.method in ("GET", "HEAD"):
        parameters: Any = request.args
    elif request.method != "POST":
        raise RefusedError(405, "a query comes with GET or POST")
    elif request.mimetype == "application/sparql-query":
        return _decoded(request.get_data()), request.args
    elif request.mimetype == "application/x-www-form-urlencoded":
        parameters = request.form
    elif request.mimetype == "application/sparql-update":
        raise RefusedError(403, _ONLY_READS)
    else:
        raise RefusedError(415, "POST a query as application/sparql-query or application/x-www-form-urlencoded")
    if "update" in parameters or "update" in request.args:
        raise RefusedError(403, _ONLY_READS)
    queries = parameters.getlist("query")
    if len(queries) != 1:
        raise RefusedError(400, f"give one query, not {len(queries)}" if queries else _NO_QUERY)
    return queries[0], parameters


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise RefusedError(400, "the query is not UTF-8: send it so") from error


def respond(reply: Reply, accept: MIMEAccept, path: str = "") -> Response:
    """The reply with its headers; one that refuses comes in words, as a page or as JSON (RFC 9457), as the client wants."""
    if reply.status >= 400:
        reply = _refusal(reply, "words" if reply.status == 421 else wanted(accept, REFUSALS))
    response = Response(reply.body, reply.status, {**_HEADERS, "Content-Type": reply.type})
    if path != "/" or reply.status >= 400:  # the network's page brings its own
        response.headers["Content-Security-Policy"] = _POLICY
    if reply.status in (204, 405):
        response.headers["Allow"] = "GET, HEAD, OPTIONS, POST" if path == "/sparql" else "GET, HEAD, OPTIONS"
    if reply.status == 503:
        response.headers["Retry-After"] = "10"
    return response


def _refusal(reply: Reply, form: str) -> Reply:
    words = reply.body.decode()
    if form == "html":
        return Reply(reply.status, pages.HTML, pages.refusal(reply.status, words).encode())
    if form == "json":
        told = {"title": HTTPStatus(reply.status).phrase, "status": reply.status, "detail": words.rstrip("\n")}
        return Reply(reply.status, media_type(form, REFUSALS), json.dumps(told, ensure_ascii=False).encode() + b"\n")
    return reply

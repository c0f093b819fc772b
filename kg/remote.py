"""Graphs on a server: any SPARQL 1.1 endpoint asked and filled as if it were the store on disk.

Queries go by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), documents' graphs by the Graph Store
Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/). A query is parsed here first: so a mistake in it is told as it is
for the store on disk, and its form tells which answer to ask for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    import requests

USER, PASSWORD, TOKEN = "KG_STORE_USER", "KG_STORE_PASSWORD", "KG_STORE_TOKEN"
"""The environment variables that hold credentials; without them ~/.netrc is asked."""
GRAPH_STORE = "KG_GRAPH_STORE"
"""The environment variable that names the Graph Store endpoint where it is not beside the query endpoint as `store`."""

CONNECT = 10.0
"""Seconds to wait for a connection."""
ANSWER = 600.0
"""Seconds to wait for an answer to begin."""

_ROWS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_QUADS = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }"
_SAMPLE = "SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1"
_UNION = {"union-default-graph": "true"}


def is_address(text: str) -> bool:
    """Whether this names a server rather than a folder."""
    return text.lower().startswith(("http://", "https://"))


class RemoteStore:
    """The named graphs of a SPARQL endpoint, with the methods of `GraphStore`.

    Its default graph is made the union of all: some servers have it so, some are asked for it, and to the others all graphs
    are named with each query. Every method raises StoreError where the server cannot be reached or refuses."""

    def __init__(self, address: str, graph_store: str = "") -> None:
        import requests

        self._address = _checked(address)
        self._graph_store = graph_store or os.environ.get(GRAPH_STORE, "")
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "kg"
        self._authorise()
        self._parameters: dict[str, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets the connection go."""
        self._session.close()

    def query(
        self,
        text: str,
        prefixes: Mapping[str, str] = PREFIXES,
        graphs: Sequence[str] | None = None,
        union: bool = True,
    ) -> Any:
        """The answer to a SPARQL query, as `GraphStore.query` gives it. Raises SyntaxError, with line and column in its
        words, where `text` is not SPARQL, and QueryError where the server cannot answer it."""
        rows = not isinstance(_parsed(text, prefixes), ox.QueryTriples)
        if graphs is not None:
            parameters: dict[str, Any] = _named(graphs or ["urn:kg:no-graph"])
        else:
            parameters = self._for_union() if union else {}
        return self._ask(_with_prefixes(text, prefixes), _ROWS if rows else _TRIPLES, parameters)

    def select(self, text: str) -> ox.QuerySolutions:
        """The rows of a SELECT query; raises QueryError for a query of another form."""
        answer = self.query(text)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError("only a SELECT query gives rows: begin it with SELECT")
        return answer

    def graphs(self) -> tuple[str, ...]:
        """The IRIs of all named graphs, sorted."""
        rows = self._ask("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", _ROWS, {})
        return tuple(sorted(row["g"].value for row in rows))

    def quads(self, graph: str | None = None) -> list[ox.Quad]:
        """The quads of one named graph, or of all, sorted by graph, subject, predicate and object."""
        text = _QUADS.replace("{ GRAPH", f"{{ VALUES ?g {{ {ox.NamedNode(graph)} }} GRAPH") if graph else _QUADS
        quads = (ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in self._ask(text, _ROWS, {}))
        return sorted(quads, key=lambda quad: (str(quad.graph_name), _line(quad)))

    def dump(self) -> str:
        """All quads as N-Quads, a line each, sorted by graph and then by line."""
        return "".join(f"{_line(quad)} {quad.graph_name} .\n" for quad in self.quads())

    def dump_triples(self) -> str:
        """The union of all graphs as N-Triples, a line each, sorted."""
        return "".join(f"{line} .\n" for line in sorted({_line(quad) for quad in self.quads()}))

    def dump_graphs(self) -> list[tuple[str, str]]:
        """Every named graph as its IRI and its N-Triples, a line each; sorted."""
        lines: dict[str, list[str]] = {}
        for quad in self.quads():
            lines.setdefault(str(quad.graph_name)[1:-1], []).append(f"{_line(quad)} .\n")
        return [(graph, "".join(of_graph)) for graph, of_graph in sorted(lines.items())]

    def put(self, graph: str, ntriples: str) -> None:
        """Makes `ntriples` the whole content of the named graph."""
        self._send("PUT", self._graphs_address(), {"graph": graph}, ntriples.encode(), {"Content-Type": _TRIPLES})
        self._parameters = None

    def remove(self, graph: str) -> None:
        """Removes a named graph with all it holds; none of that name is no error."""
        self._send("DELETE", self._graphs_address(), {"graph": graph}, missing_is_fine=True)
        self._parameters = None

    def replace(self, graphs: Mapping[str, str]) -> None:
        """Makes `graphs` (IRI → N-Triples) all that the server has of this project's graphs, one after the other: whoever
        asks meanwhile sees some of the new and some of the old. Graphs of others are left alone."""
        from kg.namespaces import BASE

        for graph in sorted(graphs):
            self.put(graph, graphs[graph])
        for graph in self.graphs():
            if graph.startswith(BASE) and graph not in graphs:
                self.remove(graph)

    def _for_union(self) -> dict[str, Any]:
        """The parameters under which this server's default graph is the union of all, found out by a sample."""
        if self._parameters is None:
            sample = next(iter(self._ask(_SAMPLE, _ROWS, {})), None)
            if sample is None:
                return {}
            there = f"ASK {{ {sample['s']} {sample['p']} {sample['o']} }}"
            ways: Iterator[dict[str, Any]] = iter(({}, _UNION))
            self._parameters = next((way for way in ways if bool(self._ask(there, _ROWS, way))), None)
            if self._parameters is None:
                self._parameters = _named(self.graphs())
        return self._parameters

    def _ask(self, text: str, accept: str, parameters: Mapping[str, Any]) -> Any:
        response = self._send("POST", self._address, {}, {**parameters, "query": text}, {"Accept": accept})
        try:
            if accept == _ROWS:
                return ox.parse_query_results(response.content, ox.QueryResultsFormat.JSON)
            return [quad.triple for quad in ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES)]
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self._where()} does not answer in {accept}: is it a SPARQL endpoint?") from error

    def _graphs_address(self) -> str:
        if self._graph_store:
            return _checked(self._graph_store)
        start, slash, last = self._address.rpartition("/")
        if last != "query":
            raise StoreError(
                f"where graphs are written to is not known for {self._where()}\n"
                f"Name the Graph Store endpoint in {GRAPH_STORE}"
            )
        return f"{start}{slash}store"

    def _send(
        self,
        method: str,
        address: str,
        parameters: Mapping[str, str],
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        missing_is_fine: bool = False,
    ) -> requests.Response:
        import requests

        limits = (CONNECT, ANSWER)
        send: dict[str, Any] = {
            "params": parameters,
            "data": data,
            "headers": headers,
            "timeout": limits,
            "allow_redirects": False,
        }
        try:
            response = self._session.request(method, address, **send)
            if response.status_code == 401 and self._digests(response):
                response = self._session.request(method, address, **send)
        except requests.Timeout as error:
            raise StoreError(f"{self._where()} did not answer in time: ask for less, or later") from error
        except (requests.RequestException, UnicodeError):
            raise StoreError(f"{self._where()} cannot be reached: check the address and the network") from None
        if not (response.ok and not response.is_redirect) and not (missing_is_fine and response.status_code == 404):
            self._refused(response)
        return response

    def _refused(self, response: requests.Response) -> None:
        """Raises the error that this response is; never with what was sent."""
        status = response.status_code
        if status in (401, 403):
            raise StoreError(
                f"{self._where()} refuses access ({status})\n"
                f"Set {USER} and {PASSWORD}, or {TOKEN}, or write the host into ~/.netrc"
            )
        if response.is_redirect:
            raise StoreError(f"{self._where()} is somewhere else: give the address to which it leads")
        said = " ".join(response.text[:300].split())
        raise QueryError(f"{self._where()} answers {status}: {said or response.reason}")

    def _authorise(self) -> None:
        """Sets the credentials of the environment; requests itself looks into ~/.netrc where there are none."""
        token, user = os.environ.get(TOKEN), os.environ.get(USER)
        host = urlsplit(self._address).hostname or ""
        if urlsplit(self._address).scheme == "http" and host not in _LOOPBACK:
            if token or user:
                raise StoreError(f"{self._where()}: credentials would travel in the clear: use https")
            self._session.trust_env = False  # nor those of ~/.netrc
        if token:
            self._session.auth = _Bearer(token)
        elif user:
            self._session.auth = (user, os.environ.get(PASSWORD, ""))

    def _digests(self, response: requests.Response) -> bool:
        """Whether the server wants the credentials as a digest, as Virtuoso does; then the next request gives them so."""
        from requests.auth import HTTPDigestAuth
        from requests.utils import get_netrc_auth

        wants = response.headers.get("WWW-Authenticate", "").lower().startswith("digest")
        known = self._session.auth or (get_netrc_auth(self._address) if self._session.trust_env else None)
        if not wants or not isinstance(known, tuple):
            return False
        self._session.auth = HTTPDigestAuth(*known)
        return True

    def _where(self) -> str:
        """The address as errors tell it: without what may be secret."""
        parts = urlsplit(self._address)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


class _Bearer:
    """Adds a token to a request. As `auth`, for requests would put ~/.netrc over a header."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _checked(address: str) -> str:
    """The address, if it is one and holds no credentials."""
    try:
        parts = urlsplit(address)
        named, secret = parts.hostname and (parts.port is None or parts.port), parts.username or parts.password
    except ValueError:
        named, secret = None, None
    if not named or not is_address(address):
        raise StoreError("the address of the store is none: write it as https://host/path")
    if secret:
        raise StoreError(
            "the address of the store holds a name or password, where other people can see it\n"
            f"Set {USER} and {PASSWORD}, or write the host into ~/.netrc"
        )
    return address


def _parsed(text: str, prefixes: Mapping[str, str]) -> Any:
    """What a store without content answers, which shows the query's form; its SERVICE parts are not asked."""
    empty = re.sub(r"(?i)\bservice\s+(?:silent\s+)?(?:<[^>]*>|[?$]\w+|[\w.-]*:[\w.-]*)", "", text)
    return ox.Store().query(empty, prefixes=dict(prefixes))


def _with_prefixes(text: str, prefixes: Mapping[str, str]) -> str:
    """The query with the prefixes that it uses declared before it, on its first line: its lines keep their numbers."""
    used = (name for name in sorted(prefixes) if f"{name}:" in text)
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in used) + text


def _named(graphs: Sequence[str]) -> dict[str, Any]:
    return {"default-graph-uri": list(graphs), "named-graph-uri": list(graphs)}


def _line(quad: ox.Quad) -> str:
    return f"{quad.subject} {quad.predicate} {quad.object}"

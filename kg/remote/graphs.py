"""Graphs on a server, asked and filled as if they were the store on disk.

Queries go by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), graphs by the Graph Store Protocol
(https://www.w3.org/TR/sparql11-http-rdf-update/). A query is parsed here first: so a mistake in it is told as it is for the
store on disk, and its form tells which answer to ask for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.closing import Closing
from kg.errors import QueryError, StoreError
from kg.namespaces import DOC, PREFIXES, REFERENCE_GRAPH
from kg.remote.connection import GRAPH_STORE, Connection, checked, shown

if TYPE_CHECKING:
    import requests

    from kg.store import GraphStore

_ROWS, _TRIPLES = "application/sparql-results+json", "application/n-triples"

PART = 10_000
"""How many rows are asked for at a time where all are needed: what Virtuoso gives of an answer as Debian sets it up."""
GRAPHS = 100
"""How many graphs are named in one request."""

_GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"  # Virtuoso is slow with DISTINCT
_SIZES = f"""SELECT ?g (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }}
    FILTER(STRSTARTS(STR(?g), "{DOC}") || ?g = <{REFERENCE_GRAPH}>) }} GROUP BY ?g"""
_QUADS = "SELECT ?g ?s ?p ?o WHERE {{ VALUES ?g {{ {graphs} }} GRAPH ?g {{ ?s ?p ?o }} }}"
_SAMPLE = "SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1"
_UNION = {"union-default-graph": "true"}
_TRUTH = '{{"head": {{}}, "boolean": {}}}'
_MOST, _STATE = "X-SPARQL-MaxRows", "X-SQL-State"
"""Virtuoso's headers for an answer that it has cut, and for one that it gave up on."""


class RemoteStore(Closing):
    """The named graphs of a SPARQL endpoint: it is asked as `GraphStore` is, and graphs are put and removed as there.

    Its default graph is made the union of all: some servers have it so, some are asked for it, and to the others all graphs
    are named with each query. Every method raises StoreError where the server cannot be reached or refuses."""

    def __init__(self, address: str, graph_store: str = "") -> None:
        self._address = checked(address)
        self._graph_store = graph_store or os.environ.get(GRAPH_STORE, "")
        self._connection = Connection()
        self._connection.guard(address)
        self._parameters: dict[str, Any] | None = None

    def close(self) -> None:
        """Lets the connection go."""
        self._connection.close()

    @property
    def record(self) -> Mapping[str, Any]:
        """Nothing: what is noted of a build is beside its documents' readings, and not on the server."""
        return {}

    @property
    def address(self) -> str:
        """The address as messages tell it."""
        return shown(self._address)

    def query(
        self,
        text: str,
        prefixes: Mapping[str, str] = PREFIXES,
        graphs: Sequence[str] | None = None,
        named: Sequence[str] | None = None,
    ) -> Any:
        """The answer to a SPARQL query, as `GraphStore.query` gives it. Raises SyntaxError, with line and column in its
        words, where `text` is not SPARQL, and QueryError where the server cannot answer it."""
        form = type(_parsed(text, prefixes))
        if named is not None:  # the server reads itself which graphs the query names
            parameters: dict[str, Any] = {}
        elif graphs is not None:
            parameters = _named(graphs or ["urn:kg:no-graph"])
        else:
            parameters = self._for_union()
        return self._ask(_with_prefixes(text, prefixes), parameters, form)

    def graphs(self) -> tuple[str, ...]:
        """The IRIs of all named graphs, those of others as well, sorted."""
        return tuple(sorted(row["g"].value for row in self._rows(_GRAPHS)))

    def sizes(self) -> dict[str, int]:
        """The graphs that builds write, documents' and that of reference data: IRI → how many statements it holds; sorted."""
        return dict(sorted((row["g"].value, int(row["n"].value)) for row in self._rows(_SIZES)))

    def copy(self) -> GraphStore:
        """A copy in memory of all that builds wrote: for what needs the whole of it, which a server may give only in parts.
        Raises StoreError where it is not what the server counts, as while another writes."""
        from kg.store import GraphStore

        sizes = self.sizes()
        if not sizes:
            raise StoreError(f"{self.address} holds no graph of a build: fill it with 'kg build --store'")
        return GraphStore.in_memory(chain.from_iterable(self._fetched(part, sizes) for part in _parts(sizes)))

    def _fetched(self, graphs: Sequence[str], sizes: Mapping[str, int]) -> set[ox.Quad]:
        wanted, quads = sum(sizes[graph] for graph in graphs), set[ox.Quad]()
        for row in self._rows(_QUADS.format(graphs=" ".join(f"<{graph}>" for graph in graphs))):
            quads.add(ox.Quad(row["s"], row["p"], row["o"], row["g"]))
            if len(quads) == wanted:
                return quads
        raise StoreError(f"{self.address} gives {len(quads)} of {wanted} statements: try again when nobody writes")

    def put(self, graph: str, ntriples: str) -> None:
        """Makes `ntriples` the whole content of the named graph."""
        body = ntriples.encode()
        self._connection.send("PUT", self.graphs_address(), {"graph": graph}, body, {"Content-Type": _TRIPLES})
        self._parameters = None

    def remove(self, graph: str) -> None:
        """Removes a named graph with all it holds; none of that name is no error."""
        self._connection.send("DELETE", self.graphs_address(), {"graph": graph}, missing_is_fine=True)
        self._parameters = None

    def graphs_address(self) -> str:
        """Where graphs are written to. Raises StoreError where that is not known."""
        if self._graph_store:
            return checked(self._graph_store)
        start, slash, last = self._address.rpartition("/")
        if last != "query":
            raise StoreError(
                f"where graphs are written to is not known for {self.address}\n"
                f"Name the Graph Store endpoint in {GRAPH_STORE}"
            )
        return f"{start}{slash}store"

    def _for_union(self) -> dict[str, Any]:
        """The parameters under which this server's default graph is the union of all, found out by a sample."""
        if self._parameters is None:
            sample = next(iter(self._ask(_SAMPLE)), None)
            if sample is None:
                return {}
            there = f"ASK {{ {sample['s']} {sample['p']} {sample['o']} }}"
            ways: Iterator[dict[str, Any]] = iter(({}, _UNION))
            self._parameters = next((way for way in ways if bool(self._ask(there, way, ox.QueryBoolean))), None)
            if self._parameters is None:
                self._parameters = _named(self.graphs())
        return self._parameters

    def _rows(self, text: str) -> Iterator[ox.QuerySolution]:
        """All rows of a SELECT query, in as many requests as the server takes."""
        come = 0
        while True:
            response = self._post(f"{text} LIMIT {PART} OFFSET {come}")
            rows = list(self._read(response, ox.QuerySolutions))
            yield from rows
            come += len(rows)
            if not rows or (len(rows) < PART and _MOST not in response.headers):
                return

    def _ask(self, text: str, parameters: Mapping[str, Any] | None = None, form: type = ox.QuerySolutions) -> Any:
        """The answer to a query that declares its prefixes itself; `form` is what it has to be. A cut answer must not pass
        for a whole one: QueryError is raised."""
        response = self._post(text, parameters, _TRIPLES if form is ox.QueryTriples else _ROWS)
        if most := response.headers.get(_MOST):
            raise QueryError(f"{self.address} gives no more than {most} rows: ask for a part, with LIMIT and OFFSET")
        return self._read(response, form)

    def _post(self, text: str, parameters: Mapping[str, Any] | None = None, accept: str = _ROWS) -> requests.Response:
        asked = {**(parameters or {}), "query": text}
        response = self._connection.send("POST", self._address, {}, asked, {"Accept": accept})
        if _STATE in response.headers:
            raise QueryError(f"{self.address} gave up before its answer was complete: ask for less")
        return response

    def _read(self, response: requests.Response, form: type) -> Any:
        try:
            if form is ox.QueryTriples:
                return [quad.triple for quad in ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES)]
            answer = ox.parse_query_results(response.content, ox.QueryResultsFormat.JSON)
            if form is ox.QueryBoolean and isinstance(answer, ox.QuerySolutions):  # Virtuoso's: a row or none
                truth = _TRUTH.format(str(any(True for _ in answer)).lower())
                return ox.parse_query_results(truth, ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self.address} does not answer in SPARQL's formats: is it an endpoint?") from error
        return answer


def _parts(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """The graphs in groups that one request can name and one answer hold; a larger graph is one of its own."""
    part: list[str] = []
    for graph, size in sizes.items():
        if part and (len(part) == GRAPHS or sum(sizes[each] for each in part) + size > PART):
            yield part
            part = []
        part.append(graph)
    yield part


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

"""The graph from Python and notebooks: rows as mappings, and the way to pandas, rdflib and networkx.

>>> import kg
>>> g = kg.open("output")
>>> g.query("investors", place="Shenzhen").to_pandas()
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from numbers import Integral, Real
from os import PathLike, fspath
from pathlib import Path
from threading import TIMEOUT_MAX, Thread
from traceback import clear_frames
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload
from warnings import warn

from kg.closing import Closing
from kg.errors import KgError, QueryError, StoreError
from kg.namespaces import PREFIXES, to_name

if TYPE_CHECKING:
    import pandas
    import rdflib

    from kg.network import Graph as Network
    from kg.store import GraphStore

Value: TypeAlias = str | int | float | bool | date | None
"""What stands in a row: text, a number, a date, the short form of an IRI ('agent:voith'), None where nothing is bound."""

Given: TypeAlias = str | int | float | Decimal | date | PathLike[str]
"""What a parameter takes: what may be typed on the command line, or the number, truth, date or path that it stands for."""

SHOWN = 100
"""The rows that a notebook shows; the others are counted."""

_XSD = PREFIXES["xsd"]
_WHOLE = frozenset(_XSD + name for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger"))
_REAL = frozenset(_XSD + name for name in ("decimal", "double", "float"))
_COUNTS = """SELECT ?what ?number {
  { SELECT ("documents" AS ?what) (COUNT(DISTINCT ?x) AS ?number) { ?x a schema:NewsArticle } } UNION
  { SELECT ("claims" AS ?what) (COUNT(DISTINCT ?x) AS ?number) { ?x a kg:Claim } } UNION
  { SELECT ("entities" AS ?what) (COUNT(DISTINCT ?x) AS ?number) { ?claim rdf:subject|rdf:object ?x } }
} ORDER BY DESC(?what)"""

T = TypeVar("T")


def open(output: str | Path = "output") -> KnowledgeGraph:  # noqa: A001 (kg.open is its name)
    """The build in this folder, for reading only. Raises StoreError where there is none or it cannot be read."""
    from kg.store import GraphStore

    return KnowledgeGraph(GraphStore.read(Path(output)), Path(output))


@dataclass(frozen=True, slots=True)
class Rows(Sequence[Mapping[str, Value]]):
    """The answer to a SELECT query: a sequence of mappings from column to value, which a notebook shows as a table.

    `more` tells whether a limit has cut it."""

    columns: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]
    more: bool = False

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Value]: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Mapping[str, Value] | Rows:
        if isinstance(index, slice):
            return Rows(self.columns, self.values[index])
        return dict(zip(self.columns, self.values[index], strict=True))

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.values)

    def column(self, name: str) -> tuple[Value, ...]:
        """The values of one column. Raises QueryError, with the names that there are, for another."""
        if name not in self.columns:
            raise QueryError(f"no column is called '{name}'; the columns are {', '.join(self.columns)}")
        place = self.columns.index(name)
        return tuple(row[place] for row in self.values)

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a data frame. Raises KgError where pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise KgError("to_pandas() needs pandas, which is not installed\nInstall it: pip install pandas") from error
        return pandas.DataFrame(list(self.values), columns=list(self.columns))

    def __repr__(self) -> str:
        rows = "row" if len(self) == 1 else "rows"
        more = ", and there are more" if self.more else ""
        return f"<{len(self)} {rows}{more}: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in self.values[:SHOWN])
        more = f"<p>{len(self) - SHOWN} more rows</p>" if len(self) > SHOWN else ""
        cut = "<p>and there are more than the limit</p>" if self.more else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}{cut}"


class KnowledgeGraph(Closing):
    """A build that was opened for reading. It stays as it was when it was opened: open it again after another build."""

    def __init__(self, store: GraphStore, output: Path) -> None:
        self._opened: GraphStore | None = store
        self._output = output

    def close(self) -> None:
        """Lets the files go; afterwards the graph cannot be asked."""
        if self._opened is not None:
            self._opened.close()
        self._opened = None

    @property
    def _store(self) -> GraphStore:
        if self._opened is None:
            raise StoreError(
                f"the graph in {self._output} is closed: open it again with kg.open({str(self._output)!r})"
            )
        return self._opened

    def query(
        self,
        query: str | PathLike[str],
        /,
        *,
        graph: Given | Iterable[Given] | None = None,
        as_of: str | int | date | None = None,
        limit: int | None = None,
        timeout: float | None = None,
        **parameters: Given | Iterable[Given] | None,
    ) -> Rows | bool | rdflib.Graph:
        """The answer to a saved query (by name, its parameters as keywords), a query file, or SPARQL: `Rows` for SELECT,
        a bool for ASK, an rdflib graph for CONSTRUCT and DESCRIBE.

        A parameter takes one value or several, of which any may fit; None leaves it at its default. `graph` asks these
        documents alone ('reference': the reference data), `as_of` what was published until that year, month or day (it
        warns of documents left out for want of a date), `limit` at most so many rows or triples (it warns where triples are
        cut); `timeout` is in seconds (0: none). Raises QueryError for a query that is unknown, malformed, does more than
        read, or takes longer, UnknownNameError for a name that nothing bears, and StoreError once the graph is closed."""
        from kg.query.run import resolve, run

        store, asked = self._store, resolve(query)
        if not isinstance(limit or 0, Integral) or (limit or 0) < 0:
            raise QueryError(f"limit takes a whole number from 0 on, not {limit!r}")
        if not isinstance(timeout or 0, Real) or not (timeout or 0) >= 0:
            raise QueryError(f"timeout takes seconds, a number from 0 on, not {timeout!r}")
        values = {name: _words(name, given) for name, given in parameters.items() if given is not None}
        day, names = "" if as_of is None else _word("as_of", as_of), None if graph is None else _words("graph", graph)
        told: list[str] = []

        def work() -> Rows | bool | rdflib.Graph:
            graphs = _graphs(store, names, day, told.append)
            return _answer(run(store, asked, values, graphs), limit, told.append)

        answer = _in_thread(work, timeout)
        for words in told:
            warn(words, stacklevel=2)
        return answer

    def as_rdflib(self, *, named: bool = False) -> rdflib.Graph:
        """All of it as an rdflib graph; with `named`, as a Dataset with a graph for each document.

        The plain graph is the default because `Dataset.serialize("turtle")` leaves named graphs out without a word."""
        import rdflib

        quads = self._store.quads()
        if not named:
            return _rdflib_graph(quad.triple for quad in quads)
        dataset = rdflib.Dataset(default_union=True)
        terms = _Terms()
        dataset.addN((*terms.triple(quad), dataset.graph(terms[quad.graph_name])) for quad in quads)
        return _bound(dataset)

    def as_networkx(self) -> Network:
        """The network as a networkx MultiDiGraph: a node for each entity, an edge for each claim, with its quote."""
        from kg.facts import read_facts
        from kg.network import project

        return project(read_facts(self._store))

    def __repr__(self) -> str:
        return f"<knowledge graph in {self._output}{'' if self._opened else ', closed'}>"

    def _repr_html_(self) -> str:
        if self._opened is None:
            return f"<p>{escape(repr(self)[1:-1])}</p>"
        counts = self.query(_COUNTS)
        assert isinstance(counts, Rows)
        told = ", ".join(f"{row['number']} {row['what']}" for row in counts)
        return f"<p>Knowledge graph in <code>{escape(str(self._output))}</code>: {told}</p>"


def _graphs(
    store: GraphStore, names: Sequence[str] | None, day: str, tell: Callable[[str], None]
) -> Sequence[str] | None:
    """The graphs that a question is bound to, None for all; `tell` hears what is left out for want of a date."""
    if names is None and not day:
        return None
    if names is not None and not names:
        return ()
    from kg.query.documents import choose

    chosen = choose(store, names or (), day)
    if chosen.undated:
        tell(chosen.left_out(day))
    return chosen.graphs


def _in_thread(work: Callable[[], T], timeout: float | None) -> T:
    """What the work gives. It runs beside the caller, for the store's engine hears neither clock nor Ctrl-C; when
    either comes it is left to itself."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # raised again where it is waited for
            clear_frames(error.__traceback__)  # they hold answers, which the engine lets go in this thread alone
            failed.append(error)

    thread = Thread(target=run, name="kg query", daemon=True)
    thread.start()
    thread.join(min(timeout, TIMEOUT_MAX) if timeout else None)
    if failed:
        raise failed[0]
    if not done:
        raise QueryError(f"the query took longer than {timeout:g} s\nAsk for less, or give it more with timeout=…")
    return done[0]


def _words(name: str, given: Given | Iterable[Given]) -> list[str]:
    """What is given for a parameter, one value or several, as the command line takes it."""
    if isinstance(given, Iterable) and not isinstance(given, str | bytes):
        return [_word(name, each) for each in given]
    return [_word(name, given)]


def _word(name: str, given: object) -> str:
    """A value as it is typed on the command line. Raises QueryError for what is none."""
    match given:
        case str():
            return given
        case bool():
            return str(given).lower()
        case date():
            return given.isoformat()[:10]
        case PathLike():
            return str(fspath(given))
        case Integral() | float() | Decimal():
            return f"{Decimal(str(given)):f}"
    raise QueryError(f"{name} takes text, a number, a date or a path, not {given!r}")


def _answer(answer: Any, limit: int | None, tell: Callable[[str], None]) -> Rows | bool | rdflib.Graph:
    """pyoxigraph's answer as values that outlive it and may leave the thread, cut after `limit` rows or triples; `tell`
    hears that triples were cut, of which a graph keeps no trace."""
    from kg.query.answers import kind, read_rows, read_triples

    match kind(answer):
        case "truth" if limit is not None:
            raise QueryError("ASK gives true or false: limit cuts rows and triples")
        case "truth":
            return bool(answer)
        case "triples":
            triples = read_triples(answer, limit)
            if triples.more:
                tell(f"{len(triples.triples)} triples, and there are more (limit)")
            return _rdflib_graph(triples.triples)
    found = read_rows(answer, limit)
    return Rows(found.columns, tuple(tuple(map(to_value, row)) for row in found.rows), found.more)


def to_value(term: Any) -> Value:
    """A term of an answer as Python has it; a literal whose text is not of its datatype stays text."""
    if term is None:
        return None
    if not hasattr(term, "datatype"):
        return to_name(term.value) if hasattr(term, "value") and type(term).__name__ == "NamedNode" else str(term)
    text, kind = str(term.value), term.datatype.value
    try:
        if kind in _WHOLE:
            return int(text)
        if kind in _REAL:
            return float(text)
        if kind == _XSD + "date":
            return date.fromisoformat(text)
    except ValueError:
        return text
    return text in ("true", "1") if kind == _XSD + "boolean" else text


def _html_cell(value: Value) -> str:
    if value is None:
        return "<td></td>"
    style = "" if isinstance(value, str | bool | date) else ' style="text-align:right"'
    return f"<td{style}>{escape(str(value))}</td>"


class _Terms(dict[Any, Any]):
    """The rdflib term of each of the store's terms, made once."""

    def __missing__(self, term: Any) -> Any:
        import rdflib

        kind = type(term).__name__
        if kind == "Literal":
            language = term.language
            datatype = None if language or term.datatype.value == _XSD + "string" else self[term.datatype]
            made: Any = rdflib.Literal(term.value, lang=language, datatype=datatype, normalize=False)
        else:
            made = rdflib.URIRef(term.value) if kind == "NamedNode" else rdflib.BNode(term.value)
        self[term] = made
        return made

    def triple(self, triple: Any) -> tuple[Any, Any, Any]:
        return self[triple.subject], self[triple.predicate], self[triple.object]


def _rdflib_graph(triples: Any) -> rdflib.Graph:
    import rdflib

    graph, terms = rdflib.Graph(), _Terms()
    for triple in triples:
        graph.add(terms.triple(triple))
    return _bound(graph)


G = TypeVar("G", bound="rdflib.Graph")


def _bound(graph: G) -> G:
    """The graph with the project's prefixes, so that what it writes is as short as the project's own files."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, replace=True)
    return graph

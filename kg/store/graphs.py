"""The store on disk: the only room that knows Oxigraph.

`<output>/store/` holds the file `kg-store`, which names the folder beside it with the valid database (see `marker`). A
whole build goes into a new folder and becomes valid in one step; single documents are changed in one transaction. Either
way a reader sees the old state or the new one and never half of either.

The default graph holds the merge of all named graphs: every triple once, in however many documents it stands. The engine can
also be asked for the union of the graphs, but then counts a triple once for each graph that holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import pyoxigraph as ox

from kg.closing import Closing
from kg.errors import QueryError, StoreError
from kg.namespaces import PREFIXES
from kg.store import marker

if TYPE_CHECKING:
    from kg.store.lock import WriterLock

_RECORD = "build.json"

MOST_CHANGED = 0.3
"""The part of all graphs up to which they are changed one by one; a whole new database is faster beyond."""

_TRIES = 5
"""How often a reader looks anew for the valid database while a writer replaces it, or files in it."""

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class GraphStore(Closing):
    """The named graphs of a build: one a document, and one of reference data.

    Open it with `create` to write or `read` to read; use it as a context manager, since an open store for writing keeps
    every other writer out."""

    def __init__(
        self,
        store: ox.Store | None,
        folder: Path,
        database: Path | None,
        lock: WriterLock | None = None,
        damaged: Path | None = None,
    ) -> None:
        self._opened = store
        self._database = database
        self._damaged = damaged
        self._lock = lock
        self.folder = folder
        """Where the store keeps its files."""

    @classmethod
    def create(cls, output: Path, wait: float = 0.0, waiting: Callable[[str], None] = lambda _: None) -> Self:
        """The store of the build folder `output` for writing; it is made where there is none, and a damaged one counts as
        none. While another writes, it waits up to `wait` seconds, after telling `waiting` who that is. Raises StoreError where
        the folder cannot be written, another writer is still at work, or the store is of a newer version."""
        from kg.store.folder import take

        folder, lock = take(output, wait, waiting)
        try:
            database = marker.current(folder)
            marker.sweep(folder, database)
        except BaseException:
            lock.release()
            raise
        return cls(None, folder, database, lock) if _opens(database) else cls(None, folder, None, lock, database)

    @classmethod
    def read(cls, output: Path) -> Self:
        """Opens the store of the build folder `output` for reading, even beside a writer. Raises StoreError where there
        is no build, the database is damaged, or the store is of a newer version; it never makes anything."""
        folder = output / marker.FOLDER
        for _ in range(_TRIES):
            database = marker.current(folder)
            if database is None:
                raise StoreError(f"no build in {output}: run kg build --output {output}")
            try:
                return cls(ox.Store.read_only(str(database)), folder, database)
            except (OSError, RuntimeError) as error:
                failure = error
            if marker.current(folder) == database and "No such file" not in str(failure):
                break  # or else a writer has just replaced the database that was named, or tidied up in it
        raise StoreError(f"{folder} cannot be read ({marker.reason(failure)}): remove it and build again") from failure

    @classmethod
    def in_memory(cls, quads: Iterable[ox.Quad] = ()) -> Self:
        """A store of these quads without a folder, for work on a copy."""
        store = ox.Store()
        store.bulk_extend(each for quad in quads for each in (quad, ox.Quad(*quad.triple)))
        return cls(store, Path(), None)

    def close(self) -> None:
        """Writes what is pending, so that the next reader opens at once, and lets other writers in. Raises StoreError where
        the disk refuses."""
        try:
            if self._lock and self._opened is not None:
                self._opened.flush()
        except OSError as error:
            raise marker.unwritable(self.folder.parent, error) from error
        finally:
            self._opened = ox.Store()  # Oxigraph has no close: the database is released with its last reference
            if self._lock:
                self._lock.release()

    @property
    def _store(self) -> ox.Store:
        """The database, opened when it is first needed: a build that replaces it never opens the old one."""
        if self._opened is None:
            database = self._database or self._following()
            try:
                self._opened = ox.Store(str(database))
                if self._database is None:
                    marker.mark(self.folder, database)
            except OSError as error:
                raise marker.unwritable(self.folder.parent, error) from error
            self._database = database
        return self._opened

    def put(self, graph: str, ntriples: str) -> None:
        """Makes `ntriples` (N-Triples without blank nodes) the whole content of the named graph, in one transaction.
        Raises StoreError where the disk refuses."""
        self.change({graph: ntriples})

    def remove(self, graph: str) -> None:
        """Removes a named graph with all it holds; none of that name is no error."""
        self.change({}, (graph,))

    def change(self, graphs: Mapping[str, str], removed: Iterable[str] = ()) -> None:
        """Makes `graphs` (IRI → N-Triples without blank nodes) the whole content of these named graphs and removes others,
        all in one transaction. Raises StoreError where the disk refuses."""
        old = sorted({*graphs, *removed})
        unmerged = [f"DELETE DATA {{\n{''.join(self._only_in(old))}}}"]
        drops = [f"DROP SILENT GRAPH <{graph}>" for graph in old]
        inserts = [f"INSERT DATA {{\n{graphs[g]}GRAPH <{g}> {{\n{graphs[g]}}} }}" for g in sorted(graphs)]
        self._forget()
        try:
            self._store.update(" ;\n".join((*unmerged, *drops, *inserts)))
        except (OSError, RuntimeError) as error:
            raise marker.unwritable(self.folder.parent, error) from error

    def _only_in(self, graphs: Sequence[str]) -> Iterator[str]:
        """The triples that stand in these named graphs and in no others, a line each."""
        names = {ox.NamedNode(graph) for graph in graphs}
        for quad in {quad for name in names for quad in self._store.quads_for_pattern(None, None, None, name)}:
            holders = {each.graph_name for each in self._store.quads_for_pattern(*quad.triple)}
            if holders <= {*names, ox.DefaultGraph()}:
                yield f"{quad.triple} .\n"

    def replace(self, graphs: Mapping[str, str]) -> None:
        """Makes `graphs` (IRI → N-Triples without blank nodes) the whole content of the store: all of it or, where
        anything fails, none. Nine times faster than as many `put`, since it writes a database of its own."""
        if self._lock is None:
            self._store.clear()
            self._fill(self._store, graphs)
            return
        fresh = self._following()
        self._forget()
        try:
            store = ox.Store(str(fresh))
            self._fill(store, graphs)
            store.flush()
            marker.mark(self.folder, fresh)
        except (OSError, SyntaxError) as error:
            marker.remove(fresh)
            raise marker.unwritable(self.folder.parent, error) from error
        self._opened, self._database = store, fresh
        marker.sweep(self.folder, fresh)

    def _following(self) -> Path:
        return marker.following(self.folder, self._database or self._damaged)

    def fill(self, graphs: Mapping[str, str], changed: Mapping[str, str]) -> Self:
        """Makes `graphs` (IRI → N-Triples without blank nodes) the whole content of the store, of which those in `changed`
        are not yet in it as they are, and returns a store that holds them."""
        gone = set(self.graphs()) - graphs.keys()
        if len(changed) > len(graphs) * MOST_CHANGED:
            self.replace(graphs)
        elif changed or gone:
            self.change({graph: graphs[graph] for graph in changed}, gone)
        return self

    @property
    def record(self) -> Mapping[str, Any]:
        """What was noted with the graphs as they are; empty where nothing was, or where they were changed since."""
        from kg.store.folder import noted

        return noted(self.folder / _RECORD, self._database.name if self._database else "")

    def note(self, record: Mapping[str, Any]) -> None:
        """Notes a record, of JSON values, of the graphs as they are; every change of the graphs takes it away first."""
        from kg.store.folder import note

        if self._opened is not None:
            self._opened.flush()
        note(self.folder / _RECORD, self._database.name if self._database else "", record)

    def _forget(self) -> None:
        if self._lock:
            (self.folder / _RECORD).unlink(missing_ok=True)

    def graphs(self) -> tuple[str, ...]:
        """The IRIs of all named graphs, sorted."""
        if self._opened is None and self._database is None:
            return ()
        return tuple(sorted(graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode)))

    def query(
        self,
        text: str,
        prefixes: Mapping[str, str] = PREFIXES,
        graphs: Sequence[str] | None = None,
        named: Sequence[str] | None = None,
    ) -> Results:
        """The answer to a SPARQL query with the project's prefixes known: over the merge of all graphs, or over that of `graphs`
        alone, where they are given; where the query names its graphs itself, these are those with FROM, and `named` those with
        FROM NAMED. Raises SyntaxError, with line and column in its words, where `text` is not SPARQL."""
        known = dict(prefixes)
        if graphs is None or (named is not None and len(graphs) < 2):  # one graph needs no merge: the engine obeys FROM
            return self._store.query(text, prefixes=known)
        if named is None:
            return self.in_memory(self._quads_of(graphs))._store.query(text, prefixes=known)
        merge = ox.Store()
        merge.bulk_extend(chain((ox.Quad(*q.triple) for q in self._quads_of(graphs)), self._quads_of(named)))
        seen: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(graph) for graph in named]
        return merge.query(text, prefixes=known, default_graph=ox.DefaultGraph(), named_graphs=seen)

    def select(self, text: str) -> ox.QuerySolutions:
        """The rows of a SELECT query; raises QueryError for a query of another form."""
        answer = self.query(text)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError("only a SELECT query gives rows: begin it with SELECT")
        return answer

    def quads(self, graph: str | None = None) -> list[ox.Quad]:
        """The quads of one named graph, or of all, sorted by graph, subject, predicate and object."""
        return sorted(self._quads_of((graph,)) if graph else self, key=_quad_key)

    def __iter__(self) -> Iterator[ox.Quad]:
        """All quads of named graphs, in no order."""
        return self._quads_of(self.graphs())

    def _quads_of(self, graphs: Iterable[str]) -> Iterator[ox.Quad]:
        return (q for graph in graphs for q in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))

    def dump(self) -> str:
        """All quads as N-Quads, a line each, sorted by graph and then by line: the same content gives the same bytes."""
        return "".join(_ended(self._lines(graph), f"{graph} .\n") for graph in self._names())

    def dump_triples(self) -> str:
        """The merge of all graphs as N-Triples, a line each, sorted."""
        return _ended(self._lines(ox.DefaultGraph()), ".\n")

    def dump_graphs(self) -> list[tuple[str, str]]:
        """Every named graph as its IRI and its N-Triples, a line each; sorted."""
        return [(graph.value, _ended(self._lines(graph), ".\n")) for graph in self._names()]

    def _names(self) -> list[ox.NamedNode]:
        """The names of the graphs in the order of N-Quads, in which they stand in brackets."""
        return sorted(map(ox.NamedNode, self.graphs()), key=str)

    def _lines(self, graph: ox.NamedNode | ox.DefaultGraph) -> list[str]:
        """The engine's own N-Triples of a graph, sorted, each line without its end.

        Text is taken apart, not terms: at a million triples to make objects of them costs several times the dump."""
        lines = (self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"").decode().split(".\n")
        return sorted(lines[:-1])

    def copy_with(self, graph: str, turtle: str) -> Self:
        """A copy in memory of all that the store holds, with one more named graph, given in Turtle."""
        name, read = ox.NamedNode(graph), ox.parse(turtle, format=ox.RdfFormat.TURTLE)
        return self.in_memory(chain(self, (ox.Quad(q.subject, q.predicate, q.object, name) for q in read)))

    @staticmethod
    def _fill(store: ox.Store, graphs: Mapping[str, str]) -> None:
        import tempfile

        with tempfile.TemporaryFile() as quads:
            for graph in sorted(graphs):
                quads.write(graphs[graph].encode())
                _write_quads(quads, graph, graphs[graph].split("\n"))
            quads.seek(0)
            store.bulk_load(quads, ox.RdfFormat.N_QUADS)


def _opens(database: Path | None) -> bool:
    """Whether this is a whole database, or there is none at all."""
    try:
        return database is None or ox.Store.read_only(str(database)) is not None
    except (OSError, RuntimeError):
        return False


def _write_quads(out: IO[bytes], graph: str, lines: Iterable[str]) -> None:
    tail = f" <{graph}> .\n"
    out.writelines((line.removesuffix(" .") + tail).encode() for line in lines if line)


def _ended(lines: list[str], end: str) -> str:
    return end.join([*lines, ""])


def _quad_key(quad: ox.Quad) -> tuple[str, str, str, str]:
    return str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object)

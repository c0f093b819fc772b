"""The store on disk: the only room that knows Oxigraph.

`<output>/store/` holds the file `kg-store`, whose first line is the format's version and whose second names the folder
beside it with the database. A whole build goes into a new folder and becomes valid by replacing that one small file, so
a reader sees the old build or the new one and never half of either; a single document is replaced in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.namespaces import PREFIXES

FORMAT = 1
"""The version of the store's format that this program writes; it reads no newer one."""

_FOLDER = "store"
_MARKER = "kg-store"
_DATABASE = "graphs-"

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class GraphStore:
    """The named graphs of a build: one a document, and one of reference data.

    Open it with `create` to write or `read` to read; use it as a context manager, since an open store for writing keeps
    every other writer out."""

    def __init__(self, store: ox.Store, folder: Path, database: Path | None) -> None:
        self._store = store
        self._folder = folder
        self._database = database

    @classmethod
    def create(cls, output: Path) -> Self:
        """Opens the store of the build folder `output` for writing, and makes it where there is none. Raises StoreError
        where the folder cannot be written, another writer is at work, or the store is of a newer version."""
        folder = output / _FOLDER
        database = _current(folder) or folder / f"{_DATABASE}1"
        try:
            database.mkdir(parents=True, exist_ok=True)
            store = ox.Store(str(database))
            if _current(folder) is None:
                _mark(folder, database)
        except OSError as error:
            raise _unwritable(output, error) from error
        return cls(store, folder, database)

    @classmethod
    def read(cls, output: Path) -> Self:
        """Opens the store of the build folder `output` for reading, even beside a writer. Raises StoreError where there
        is no build, the database is damaged, or the store is of a newer version; it never makes anything."""
        folder = output / _FOLDER
        database = _current(folder)
        if database is None:
            raise StoreError(f"no build in {output}: run kg build --output {output}")
        try:
            return cls(ox.Store.read_only(str(database)), folder, None)
        except OSError as error:
            raise StoreError(f"{folder} cannot be read ({_reason(error)}): remove it and build again") from error

    @classmethod
    def in_memory(cls) -> Self:
        """An empty store without a folder, for work on a copy."""
        return cls(ox.Store(), Path(), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Writes what is pending, so that the next reader opens at once, and lets other writers in."""
        if self._database:
            self._store.flush()
        self._store = ox.Store()  # Oxigraph has no close: the database is released with its last reference

    def put(self, graph: str, ntriples: str) -> None:
        """Makes `ntriples` (N-Triples without blank nodes) the whole content of the named graph, in one transaction.
        Raises StoreError where the disk refuses."""
        self._update(f"DROP SILENT GRAPH <{graph}> ; INSERT DATA {{ GRAPH <{graph}> {{\n{ntriples}}} }}")

    def remove(self, graph: str) -> None:
        """Removes a named graph with all it holds; none of that name is no error."""
        self._update(f"DROP SILENT GRAPH <{graph}>")

    def replace(self, graphs: Mapping[str, str]) -> None:
        """Makes `graphs` (IRI → N-Triples without blank nodes) the whole content of the store: all of it or, where
        anything fails, none. Nine times faster than as many `put`, since it writes a database of its own."""
        if self._database is None:
            self._store.clear()
            self._fill(self._store, graphs)
            return
        fresh = self._folder / f"{_DATABASE}{_number(self._database) + 1}"
        try:
            _remove(fresh)
            store = ox.Store(str(fresh))
            self._fill(store, graphs)
            store.flush()
            _mark(self._folder, fresh)
        except (OSError, SyntaxError) as error:
            _remove(fresh)
            raise _unwritable(self._folder.parent, error) from error
        self._store, self._database = store, fresh
        _sweep(self._folder, fresh)

    def graphs(self) -> tuple[str, ...]:
        """The IRIs of all named graphs, sorted."""
        return tuple(sorted(graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode)))

    def query(
        self,
        text: str,
        prefixes: Mapping[str, str] = PREFIXES,
        graphs: Sequence[str] | None = None,
        union: bool = True,
    ) -> Results:
        """The answer to a SPARQL query with the project's prefixes known: over the union of all graphs; over `graphs`
        alone, where they are given; or, without `union`, over the graphs that the query names itself with FROM. Raises
        SyntaxError, with line and column in its words, where `text` is not SPARQL."""
        if graphs is None:
            return self._store.query(text, prefixes=dict(prefixes), use_default_graph_as_union=union)
        names: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(graph) for graph in graphs]
        return self._store.query(text, prefixes=dict(prefixes), default_graph=names, named_graphs=names[:])  # type: ignore[arg-type]

    def select(self, text: str) -> ox.QuerySolutions:
        """The rows of a SELECT query; raises QueryError for a query of another form."""
        answer = self.query(text)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError("only a SELECT query gives rows: begin it with SELECT")
        return answer

    def quads(self, graph: str | None = None) -> list[ox.Quad]:
        """The quads of one named graph, or of all, sorted by graph, subject, predicate and object."""
        name = ox.NamedNode(graph) if graph else None
        return sorted(self._store.quads_for_pattern(None, None, None, name), key=_quad_key)

    def dump(self) -> str:
        """All quads as N-Quads, a line each, sorted by graph and then by line: the same content gives the same bytes."""
        by_graph = sorted(self._lines().items())
        return "".join(_ended(sorted(lines), f"{graph}\n") for graph, lines in by_graph)

    def dump_triples(self) -> str:
        """The union of all graphs as N-Triples, a line each, sorted."""
        return _ended(sorted(set().union(*self._lines().values())), ".\n")

    def dump_graphs(self) -> list[tuple[str, str]]:
        """Every named graph as its IRI and its N-Triples, a line each; sorted."""
        return [(graph[1:-3], _ended(sorted(lines), ".\n")) for graph, lines in sorted(self._lines().items())]

    def _lines(self) -> dict[str, list[str]]:
        """The engine's own N-Quads by the end of the line, which is the graph ('<…> .'); each line without its end.

        Text is taken apart, not terms: at a million quads to make objects of them costs several times the dump."""
        lines: dict[str, list[str]] = {}
        for line in (self._store.dump(format=ox.RdfFormat.N_QUADS) or b"").decode().split("\n"):
            if line:
                cut = line.rindex("<")
                lines.setdefault(line[cut:], []).append(line[:cut])
        return lines

    def copy_with(self, graph: str, turtle: str) -> Self:
        """A copy in memory of all that the store holds, with one more named graph, given in Turtle."""
        copy = self.in_memory()
        copy._store.extend(self._store)
        copy._store.load(turtle, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
        return copy

    def _update(self, text: str) -> None:
        try:
            self._store.update(text)
        except (OSError, RuntimeError) as error:
            raise _unwritable(self._folder.parent, error) from error

    @staticmethod
    def _fill(store: ox.Store, graphs: Mapping[str, str]) -> None:
        import tempfile

        with tempfile.TemporaryFile() as quads:
            for graph in sorted(graphs):
                _write_quads(quads, graph, graphs[graph].split("\n"))
            quads.seek(0)
            store.bulk_load(quads, ox.RdfFormat.N_QUADS)


def _remove(folder: Path) -> None:
    import shutil  # only writers need it: it would cost every query some milliseconds

    shutil.rmtree(folder, ignore_errors=True)


def _write_quads(out: IO[bytes], graph: str, lines: Iterable[str]) -> None:
    tail = f" <{graph}> .\n"
    out.writelines((line.removesuffix(" .") + tail).encode() for line in lines if line)


def _ended(lines: list[str], end: str) -> str:
    return end.join([*lines, ""])


def _quad_key(quad: ox.Quad) -> tuple[str, str, str, str]:
    return str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object)


def _current(folder: Path) -> Path | None:
    """The folder of the valid database, None where there is no store; raises StoreError for a newer version."""
    try:
        version, _, name = (folder / _MARKER).read_text(encoding="utf-8").strip().partition("\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{folder} cannot be read ({_reason(error)}): remove it and build again") from error
    number = version.removeprefix("kg-store ")
    if not number.isdecimal() or not name.startswith(_DATABASE):
        raise StoreError(f"{folder / _MARKER} is not the marker of a store: move {folder} away and build again")
    if int(number) > FORMAT:
        raise StoreError(
            f"the store in {folder.parent} is of version {number}, newer than this kg can read ({FORMAT}): "
            "update kg, or build into another folder with --output"
        )
    return folder / name


def _mark(folder: Path, database: Path) -> None:
    """Makes `database` the valid one, by replacing one small file."""
    fresh = folder / f"{_MARKER}.new"
    fresh.write_text(f"kg-store {FORMAT}\n{database.name}\n", encoding="utf-8")
    fresh.replace(folder / _MARKER)


def _number(database: Path) -> int:
    return int(database.name.removeprefix(_DATABASE))


def _sweep(folder: Path, keep: Path) -> None:
    """Removes the databases of earlier builds; one that will not go is left for the next build."""
    for old in sorted(folder.glob(f"{_DATABASE}*")):
        if old != keep:
            _remove(old)


def _unwritable(output: Path, error: Exception) -> StoreError:
    if any(words in str(error) for words in ("While lock file", "lock hold by")):  # RocksDB's: other process, this one
        return StoreError(f"another kg is writing to {output}: wait until it is done, or build elsewhere with --output")
    return StoreError(f"cannot write to {output} ({_reason(error)}): choose a folder that can be written with --output")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).splitlines()[0].removeprefix("IO error: ")

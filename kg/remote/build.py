"""A build whose graphs are on a server. The output folder keeps what a build needs for the next: the lock, what was read in
the documents, and a record of what was put."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from kg.closing import Closing
from kg.errors import KgError, StoreError
from kg.remote.graphs import RemoteStore
from kg.store import GraphStore
from kg.store.folder import note, noted, take
from kg.store.lock import WriterLock

_RECORD = "server.json"


class RemoteBuild(Closing):
    """The graphs of a build on a server, filled as `GraphStore` is: what is put, and what is noted of it.

    What the build put there before and holds no more goes; with `anew`, so does every document of any build. All other
    graphs are left alone. A server has no transaction for it all: whoever asks meanwhile sees some of the new and some of
    the old."""

    def __init__(self, server: RemoteStore, about: str, folder: Path, lock: WriterLock, anew: bool) -> None:
        self._server = server
        self._about = about
        self._lock = lock
        self._anew = anew
        self.folder = folder
        """Where the build keeps its files."""

    @classmethod
    def create(
        cls, address: str, output: Path, wait: float, waiting: Callable[[str], None], anew: bool = False
    ) -> Self:
        """The server at this address for the build in the folder `output`, which no other build writes meanwhile. Raises
        StoreError where the address will not do, where the server cannot be reached, or as `GraphStore.create`."""
        server = RemoteStore(address)
        about = sha256(f"{address} {server.graphs_address()}".encode()).hexdigest()  # for an address may hold a token
        build = cls(server, about, *take(output, wait, waiting), anew)
        try:
            build.graphs()  # or else documents would be read in vain
        except BaseException:
            build.close()
            raise
        return build

    def close(self) -> None:
        """Lets the connection go, and other builds in."""
        self._server.close()
        self._lock.release()

    def fill(self, graphs: Mapping[str, str], changed: Mapping[str, str]) -> GraphStore:
        """Makes `graphs` (IRI → N-Triples without blank nodes) what the server has of the build, of which those in `changed`
        (IRI → what is noted of it) are not yet there as they are, and returns a copy of them in memory. Raises StoreError
        where the server fails; what was put until then need not be put again."""
        copy = GraphStore.in_memory()
        copy.replace(graphs)
        held = self._held
        known = {**held, **dict.fromkeys(changed, "")}
        self.note({"graphs": known})  # a kill before the end leaves no more than is true
        put = 0
        try:
            for graph in sorted(changed):
                self._server.put(graph, graphs[graph])
                known[graph] = changed[graph]
                put += 1
            for graph in sorted(held.keys() - graphs.keys()):
                self._server.remove(graph)
                del known[graph]
        except KgError as error:
            raise _partly(error, put, len(changed)) from error
        finally:
            self.note({"graphs": known})
        return copy

    @property
    def record(self) -> Mapping[str, Any]:
        """What was noted of the graphs that the server holds; an empty note of those that are not as they were put. Where
        any is not, nothing is told of the build as a whole."""
        record = self._noted()
        return {**record, "graphs": self._held} if self._held == record.get("graphs") else {"graphs": self._held}

    def note(self, record: Mapping[str, Any]) -> None:
        """Notes a record, of JSON values, of the graphs as they are."""
        note(self.folder / _RECORD, self._about, record)

    def graphs(self) -> tuple[str, ...]:
        """The IRIs of the graphs of the build that the server holds, sorted."""
        return tuple(self._held)

    def _noted(self) -> Mapping[str, Any]:
        return noted(self.folder / _RECORD, self._about)

    @cached_property
    def _held(self) -> dict[str, str]:
        """What is noted of each graph of the build that the server held at first; '' where that is nothing, or another number
        of statements."""
        known = self._noted().get("graphs", {})
        sizes = {iri: size for iri, size in self._server.sizes().items() if self._anew or iri in known}
        return {iri: known[iri] if known.get(iri, "").startswith(f"{size} ") else "" for iri, size in sizes.items()}


def _partly(error: KgError, put: int, of: int) -> StoreError:
    reason = str(error)
    if put:
        reason = f"{reason.splitlines()[0]}\n{put} of {of} graphs were written: build again for the rest"
    return StoreError(reason)

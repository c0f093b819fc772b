"""From files, folders and standard input to documents, one at a time; what cannot be read is reported."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import BinaryIO

from kg.documents.files import SUFFIXES, File, find_files, ids_of
from kg.documents.sources import STDIN, Placed, Reading, read_file, read_stream, unreadable
from kg.errors import DocumentError
from kg.model import Document

__all__ = ["read_documents"]


def read_documents(
    sources: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    on_error: Callable[[DocumentError], None],
    on_warning: Callable[[str], None] = lambda _: None,
) -> Iterator[Document]:
    """The documents of files, folders (with the folders in them, in order of their names) and '-', standard input.

    Each fault is handed to `on_error` and the other documents go on: a source that is missing, empty or binary, a
    broken line of JSON, a folder without documents, a second document with the id of an earlier one. `on_warning` hears of
    what is passed over in a document that is read. Documents are read as they are asked for, so a stream of any length takes
    the memory of one (and of the ids)."""
    places: dict[str, str] = {}
    reading = Reading(on_error, on_warning)
    for place, document in _placed(sources, stdin or sys.stdin.buffer, reading):
        if document.id in places:
            earlier = places[document.id]
            fault = f"{place}: its id '{document.id}' is that of {earlier} already; give one another id"
            reading.fault(DocumentError(fault), document.source)
            continue
        places[document.id] = place
        yield document


def _placed(sources: Sequence[str], stdin: BinaryIO, reading: Reading) -> Iterator[Placed]:
    files = {source: list(_files(source, reading)) for source in dict.fromkeys(sources) if source != STDIN}
    ids = ids_of(chain.from_iterable(files.values()))
    for source in sources:
        if source == STDIN:
            yield from read_stream(stdin, reading)
        else:
            yield from _of_files(source, files[source], ids, reading)


def _files(source: str, reading: Reading) -> Iterator[File]:
    return find_files(source, lambda error: reading.on_error(unreadable(error.filename or source, error)))


def _of_files(source: str, files: Sequence[File], ids: Mapping[str, str], reading: Reading) -> Iterator[Placed]:
    for file in files:
        yield from read_file(file, ids.get(file.real, ""), reading)
    if not files:
        endings = ", ".join(sorted(SUFFIXES))
        reading.on_error(DocumentError(f"{source}: no document in this folder; files that end in {endings} are read"))

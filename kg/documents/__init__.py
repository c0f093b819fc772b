"""From files, folders and standard input to documents, one at a time; what cannot be read is reported."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from kg.documents.sources import STDIN, Reading, read_folder_or_file, read_stream
from kg.errors import DocumentError
from kg.model import Document

__all__ = ["read_documents"]


def read_documents(
    sources: Sequence[str], *, stdin: BinaryIO | None = None, on_error: Callable[[DocumentError], None]
) -> Iterator[Document]:
    """The documents of files, folders (with the folders in them, in order of their names) and '-', standard input.

    Each fault is handed to `on_error` and the other documents go on: a source that is missing, empty or binary, a
    broken line of JSON, a folder without documents, a second document with the id of an earlier one. Documents are read
    as they are asked for, so a stream of any length takes the memory of one (and of the ids)."""
    places: dict[str, str] = {}
    reading = Reading(on_error)
    for source in sources:
        found = (
            read_stream(stdin or sys.stdin.buffer, reading) if source == STDIN else read_folder_or_file(source, reading)
        )
        for place, document in found:
            if document.id in places:
                earlier = places[document.id]
                on_error(
                    DocumentError(f"{place}: its id '{document.id}' is that of {earlier} already; give one another id")
                )
                continue
            places[document.id] = place
            yield document

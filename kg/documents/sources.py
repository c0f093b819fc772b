"""Documents read from files and streams, by suffix or by their first character."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import BinaryIO

from kg.documents.encoding import decode, is_wide
from kg.documents.files import File
from kg.documents.formats import from_extracted, from_json, from_object, from_text
from kg.errors import DocumentError
from kg.model import Document

STDIN = "-"
"""The source that stands for standard input."""

_PAGES = frozenset({".html", ".htm"})
Placed = tuple[str, Document]


@dataclass(frozen=True, slots=True)
class Reading:
    """One run over some sources: who hears of faults and of warnings, and which files were read (a file named twice is read
    once)."""

    on_error: Callable[[DocumentError], None]
    on_warning: Callable[[str], None]
    seen: set[str] = field(default_factory=set)

    def fault(self, error: DocumentError, source: str) -> None:
        """Tells of a fault in this source, which may have held more documents than were read of it."""
        error.source = source
        self.on_error(error)


def read_file(file: File, id_: str, reading: Reading) -> Iterator[Placed]:
    """The documents of a file, each with its place; `id_` is that of a document that does not bring its own."""
    if file.real in reading.seen:
        return
    reading.seen.add(file.real)
    place, suffix = str(file.path), file.path.suffix.lower()
    try:
        if suffix == ".jsonl":
            with file.path.open("rb") as stream:
                yield from _json_lines(stream, file.source, place, reading)
            return
        data = file.path.read_bytes()
    except OSError as error:
        reading.fault(unreadable(place, error), file.source if suffix else "")  # it may have been a folder
        return
    yield from _whole(data, suffix, id_, file.source, place, reading)


def read_stream(stream: BinaryIO, reading: Reading) -> Iterator[Placed]:
    """The documents of standard input: JSON lines if it begins with '{', a page if with '<', else one text."""
    place = "standard input"
    try:
        first = next((line for line in stream if line.strip()), b"")
        start = first.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start.startswith(b"{") and not is_wide(first):
            yield from _json_lines(chain([first], stream), "stdin", place, reading)
            return
        data = first + stream.read()
    except OSError as error:
        reading.fault(unreadable(place, error), "stdin")
        return
    yield from _whole(data, "", "stdin", "stdin", place, reading)


def unreadable(place: str, error: OSError) -> DocumentError:
    """The fault that a file or folder cannot be read."""
    if isinstance(error, FileNotFoundError):
        return DocumentError(f"{place}: no such file or folder; check the path")
    return DocumentError(f"{place}: cannot be read ({error.strerror or error}); check its permissions")


def _whole(data: bytes, suffix: str, id_: str, source: str, place: str, reading: Reading) -> Iterator[Placed]:
    """The documents of a file that is read in one piece."""
    try:
        text = decode(data, place)
        if not text.strip():
            raise DocumentError(f"{place}: is empty; there is nothing to read")
        start = text.lstrip()[:1]
        if suffix == ".json" or (not suffix and start == "{"):
            yield from _json(text, source, place, reading)
        elif suffix in _PAGES or (not suffix and start == "<"):
            from kg.documents.pages import read_page

            yield place, from_extracted(*read_page(text, place), id_, source)
        else:
            yield place, from_text(text, id_, source)
    except DocumentError as error:
        reading.fault(error, source)


def _json(text: str, source: str, place: str, reading: Reading) -> Iterator[Placed]:
    """One JSON object, a list of them, or JSON lines."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        yield from _json_lines(iter(line.encode() for line in text.split("\n")), source, place, reading)
        return
    for number, item in enumerate(data if isinstance(data, list) else [data], 1):
        where = f"{place}, item {number}" if isinstance(data, list) else place
        yield from _one(partial(from_object, item, source, where, reading.on_warning), where, source, reading)


def _json_lines(lines: Iterator[bytes] | BinaryIO, source: str, place: str, reading: Reading) -> Iterator[Placed]:
    """The documents of JSON lines, one line at a time; UTF-16 is read whole: its line feeds are not single bytes."""
    stream = iter(lines)
    first = next(stream, b"")
    if is_wide(first):
        yield from _whole(first + b"".join(stream), ".json", "", source, place, reading)
        return
    empty = True
    for number, line in enumerate(chain([first], stream), 1):
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        empty = False
        where = f"{place}, line {number}"
        yield from _one(partial(_from_line, line, source, where, reading.on_warning), where, source, reading)
    if empty:
        reading.fault(DocumentError(f"{place}: is empty; there is nothing to read"), source)


def _from_line(line: bytes, source: str, place: str, warn: Callable[[str], None]) -> Document:
    return from_json(decode(line, place), source, place, warn)


def _one(read: Callable[[], Document], place: str, source: str, reading: Reading) -> Iterator[Placed]:
    try:
        document = read()
    except DocumentError as error:
        reading.fault(error, source)
        return
    yield place, document

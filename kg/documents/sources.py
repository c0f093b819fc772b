"""Where documents come from: files, folders and streams, by suffix or by their first character."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from kg.documents.encoding import decode, is_wide
from kg.documents.formats import from_extracted, from_json, from_object, from_text
from kg.errors import DocumentError
from kg.model import Document

STDIN = "-"
"""The source that stands for standard input."""
SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".jsonl", ".json"})
"""What is read of a folder."""

_PAGES, _LINES = frozenset({".html", ".htm"}), frozenset({".jsonl", ".json"})
Placed = tuple[str, Document]


@dataclass(frozen=True, slots=True)
class Reading:
    """One run over some sources: who hears of faults, and which files were read (a file named twice is read once)."""

    on_error: Callable[[DocumentError], None]
    seen: set[str] = field(default_factory=set)


def read_folder_or_file(source: str, reading: Reading) -> Iterator[Placed]:
    """The documents of a file, or of all files of known suffix in a folder, in order, each with its place."""
    path = Path(source)
    if not path.is_dir():
        yield from _read_file(path, reading)
        return
    empty = True
    for file in _files(path, reading):
        empty = False
        yield from _read_file(file, reading)
    if empty:
        reading.on_error(
            DocumentError(
                f"{path}: no document in this folder; files that end in {', '.join(sorted(SUFFIXES))} are read"
            )
        )


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
        reading.on_error(_unreadable(place, error))
        return
    yield from _whole(data, "", "stdin", "stdin", place, reading)


def _files(folder: Path, reading: Reading) -> Iterator[Path]:
    """The files of known suffix in a folder and the folders in it, in order; hidden ones are passed over."""
    for at, folders, names in os.walk(folder, onerror=lambda error: reading.on_error(_unreadable(str(folder), error))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (
            Path(at, name)
            for name in sorted(names)
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES
        )


def _read_file(path: Path, reading: Reading) -> Iterator[Placed]:
    real = os.path.realpath(path)
    if real in reading.seen:
        return
    reading.seen.add(real)
    suffix = path.suffix.lower()
    try:
        if suffix == ".jsonl":
            with path.open("rb") as stream:
                yield from _json_lines(stream, path.name, str(path), reading)
            return
        data = path.read_bytes()
    except OSError as error:
        reading.on_error(_unreadable(str(path), error))
        return
    yield from _whole(data, suffix, path.stem, path.name, str(path), reading)


def _unreadable(place: str, error: OSError) -> DocumentError:
    if isinstance(error, FileNotFoundError):
        return DocumentError(f"{place}: no such file or folder; check the path")
    return DocumentError(f"{place}: cannot be read ({error.strerror or error}); check its permissions")


def _whole(data: bytes, suffix: str, name: str, source: str, place: str, reading: Reading) -> Iterator[Placed]:
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

            yield place, from_extracted(*read_page(text, place), name, source)
        else:
            yield place, from_text(text, name, source)
    except DocumentError as error:
        reading.on_error(error)


def _json(text: str, source: str, place: str, reading: Reading) -> Iterator[Placed]:
    """One JSON object, a list of them, or JSON lines."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        yield from _json_lines(iter(line.encode() for line in text.split("\n")), source, place, reading)
        return
    for number, item in enumerate(data if isinstance(data, list) else [data], 1):
        where = f"{place}, item {number}" if isinstance(data, list) else place
        yield from _one(partial(from_object, item, source, where), where, reading)


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
        yield from _one(partial(_from_line, line, source, where), where, reading)
    if empty:
        reading.on_error(DocumentError(f"{place}: is empty; there is nothing to read"))


def _from_line(line: bytes, source: str, place: str) -> Document:
    return from_json(decode(line, place), source, place)


def _one(read: Callable[[], Document], place: str, reading: Reading) -> Iterator[Placed]:
    try:
        document = read()
    except DocumentError as error:
        reading.on_error(error)
        return
    yield place, document

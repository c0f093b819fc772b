"""Saved queries: files of SPARQL whose header comment states title, question, parameters and columns.

# title: Investors in a place
# question: Who has invested in this place?
# parameter place (place, default any): where the money went
# column investor: who invested
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.errors import QueryError

PARAMETER_TYPES: Mapping[str, str] = {
    "entity": "the name or id of any entity",
    "agent": "the name or id of an organisation, person or group",
    "place": "the name or id of a place",
    "event": "the name or id of an event",
    "sector": "the name or id of a field of work",
    "document": "the id, file name or headline of a document",
    "country": "the name of a country or its code (ISO 3166-1, two letters)",
    "number": "a number",
    "text": "any text",
}
"""What a parameter may take, and in words."""

OPTIONS = (
    *("output", "format", "set", "graph", "as-of", "limit", "timeout"),
    *("explain", "fail-if-rows", "allow-service", "store", "help"),
)
"""The options of `kg query`, which no parameter can be called."""

_SINGLE = ("title", "question")
_KEYS = (*_SINGLE, "parameter", "column")
_EXPECTED = "'# title:', '# question:', '# parameter NAME (TYPE, default X):' or '# column NAME:'"


class Parameter(NamedTuple):
    """A blank of a saved query: its name, what it takes, the default as the query states it, its meaning."""

    name: str
    type: str
    default: str
    meaning: str


class Column(NamedTuple):
    """A column of a saved query's answer and what it means."""

    name: str
    meaning: str


class SavedQuery(NamedTuple):
    """A query with what its header says of it; typed SPARQL is one without a header (`name` is empty)."""

    text: str
    name: str = ""
    title: str = ""
    question: str = ""
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[Column, ...] = ()
    where: str = ""


def titled(query: SavedQuery, values: Mapping[str, Sequence[str]]) -> str:
    """A query's title with what its parameters are set to: 'Investors in Nanshan', 'Memoranda: Siemens'."""
    title, rest = query.title or "an answer", []
    for name, given in values.items():
        words = ", ".join(given)
        title, found = re.subn(rf"\ban? {name}\b", words.replace("\\", r"\\"), title)
        rest += [] if found else [words]
    return f"{title}: {', '.join(rest)}" if rest else title


def query_folders() -> tuple[Path, ...]:
    """Where saved queries are looked for: the working folder's first, then the package's own."""
    package = Path(__file__).resolve().parents[1]
    places = (Path("queries"), package / "data" / "queries", package.parent / "queries")
    return tuple(folder for folder in places if folder.is_dir())


def query_files(folders: Iterable[Path] | None = None) -> Mapping[str, Path]:
    """Name to file of every saved query, sorted by name; the first folder that holds a name wins."""
    files: dict[str, Path] = {}
    for folder in query_folders() if folders is None else folders:
        for path in sorted(folder.glob("*.rq")):
            files.setdefault(path.stem, path)
    return dict(sorted(files.items()))


def saved(folders: Iterable[Path] | None = None) -> Mapping[str, SavedQuery]:
    """Every saved query by name. Raises QueryError with all faults of all headers, each as *file: line: what*."""
    queries, faults = {}, []
    for name, path in query_files(folders).items():
        query, found = _parse(read_text(path), name, str(path))
        queries[name] = query
        faults += found
    if faults:
        raise QueryError("\n".join(faults))
    return queries


def read_saved(path: Path) -> SavedQuery:
    """The saved query in this file. Raises QueryError with every fault of its header."""
    return parse_saved(read_text(path), path.stem, str(path))


def parse_saved(text: str, name: str, where: str) -> SavedQuery:
    """The saved query in this text. Raises QueryError with every fault of its header."""
    query, faults = _parse(text, name, where)
    if faults:
        raise QueryError("\n".join(faults))
    return query


def read_text(path: Path) -> str:
    """The text of a query file. Raises QueryError when it cannot be read."""
    try:
        return decoded(path.read_bytes(), str(path))
    except IsADirectoryError as error:
        raise QueryError(f"{path} is a folder: name a query file in it") from error
    except FileNotFoundError as error:
        raise QueryError(f"no such query file: {path}") from error
    except OSError as error:
        raise QueryError(f"cannot read the query {path}: {error.strerror}") from error


def decoded(data: bytes, where: str) -> str:
    """The text of a query in UTF-8, or in UTF-16 with its byte order mark. Raises QueryError for anything else."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise QueryError(f"{where} is not UTF-{16 if wide else 8} (byte {error.start + 1})") from error


def has_header(text: str) -> bool:
    """Whether the text begins as a saved query does."""
    return _split(text.partition("\n")[0])[0] in _KEYS


def _parse(text: str, name: str, where: str) -> tuple[SavedQuery, list[str]]:
    """The saved query in this text and everything that is wrong with its header."""
    told: dict[str, list[tuple[str, str, str]]] = {key: [] for key in _KEYS}
    faults: list[str] = []
    for number, line in _header_lines(text):
        key, *entry = _split(line)
        if key not in told or bool(entry[0]) == (key in _SINGLE):
            faults.append(f"{where}: {number}: expected {_EXPECTED}")
        else:
            told[key].append((entry[0], entry[1], entry[2]))
    parameters = tuple(_parameter(*entry) for entry in told["parameter"])
    columns = tuple(Column(column, meaning) for column, _, meaning in told["column"])
    faults += [f"{where}: 1: {key}: stated {len(told[key])} times, not once" for key in _SINGLE if len(told[key]) != 1]
    faults += [] if columns else [f"{where}: 1: column: none stated"]
    faults += [f"{where}: 1: {fault}" for parameter in parameters for fault in _parameter_faults(parameter, text)]
    title, question = (told[key][0][2] if told[key] else "" for key in _SINGLE)
    return SavedQuery(text, name, title, question, parameters, columns, where), faults


def _split(line: str) -> tuple[str, str, str, str]:
    """The parts of '# key name (told): value'."""
    head, _, value = line.removeprefix("#").partition(":")
    key, _, named = head.strip().partition(" ")
    name, _, told = named.partition("(")
    return key, name.strip(), told.strip().removesuffix(")"), value.strip()


def _parameter(name: str, told: str, meaning: str) -> Parameter:
    type_, _, default = told.partition(", default ")
    return Parameter(name, type_, default, meaning)


def _header_lines(text: str) -> list[tuple[int, str]]:
    """The comment lines before the query, each with its number; a line that is indented goes on with the one before."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        if line.startswith("#   ") and lines:
            lines[-1] = (lines[-1][0], f"{lines[-1][1]} {line[1:].strip()}")
        else:
            lines.append((number, line.rstrip()))
    return lines


def _parameter_faults(parameter: Parameter, text: str) -> Iterable[str]:
    if parameter.type not in PARAMETER_TYPES:
        yield f"parameter {parameter.name}: the type must be one of {', '.join(PARAMETER_TYPES)}"
    if parameter.name.replace("_", "-") in OPTIONS:
        yield f"parameter {parameter.name}: kg query has an option of this name: choose another"
    match = values_block(parameter.name).search(text)
    if match is None:
        yield f"parameter {parameter.name}: the query has no 'VALUES ?{parameter.name} {{ … }}'"
    elif match[2].strip('"') != ("UNDEF" if parameter.default == "any" else parameter.default):
        yield f"parameter {parameter.name}: default {parameter.default}, but the query says {match[2]}"


def values_block(name: str) -> re.Pattern[str]:
    """Finds `VALUES ?name { default }` in a query: what is before the default, the default, what is after it."""
    return re.compile(rf"(VALUES\s+\?{re.escape(name)}\s*{{\s*)([^{{}}]*?)(\s*}})")

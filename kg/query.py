"""Questions to the graph: saved queries with their documented parameters, files, and SPARQL as it is typed.

Reading only: a query that would change the graph or reach another machine is refused."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import QueryError
from kg.lookup import Queryable, the_entity, unknown
from kg.namespaces import ENTITY_PREFIXES, PREFIXES, to_iri, to_name
from kg.sparql import ask

PARAMETER_TYPES: Mapping[str, tuple[str, ...]] = {
    "entity": ENTITY_PREFIXES,
    **{kind: (kind,) for kind in ENTITY_PREFIXES},
    "document": (),
    "number": (),
    "text": (),
}
"""What a parameter may stand for; for those that name an entity, the kinds of entity that will do."""

_HEADER = re.compile(r"#\s*(?P<key>\w+)(?:\s+(?P<name>[\w-]+))?\s*(?:\((?P<told>[^)]*)\))?:\s*(?P<value>.*)")
_TOLD = re.compile(r"(?P<type>\w+), default (?P<default>.+)")
_SINGLE = ("title", "question")
_KEYS = (*_SINGLE, "parameter", "column")
_EXPECTED = "'# title:', '# question:', '# parameter NAME (TYPE, default X):' or '# column NAME:'"

@dataclass(frozen=True, slots=True)
class Parameter:
    """A blank of a saved query: its name, what it takes, the default as the query states it, its meaning."""

    name: str
    type: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a saved query's answer and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query with what its header says of it; typed SPARQL is one without a header (`name` is empty)."""

    text: str
    name: str = ""
    title: str = ""
    question: str = ""
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[Column, ...] = ()
    where: str = ""


def query_folders() -> tuple[Path, ...]:
    """Where saved queries are looked for: the working folder's first, then the package's own."""
    package = Path(__file__).resolve().parent
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
        query, found = _parse(_read(path), name, str(path))
        queries[name] = query
        faults += found
    if faults:
        raise QueryError("\n".join(faults))
    return queries


def read_saved(path: Path) -> SavedQuery:
    """The saved query in this file. Raises QueryError with every fault of its header."""
    query, faults = _parse(_read(path), path.stem, str(path))
    if faults:
        raise QueryError("\n".join(faults))
    return query


def resolve(argument: str, folders: Iterable[Path] | None = None) -> SavedQuery:
    """What a person means: a saved query's name, else a file, else SPARQL itself (it has a space or a brace).

    Raises QueryError, with the closest names, when it is none of them."""
    files = query_files(folders)
    if argument in files:
        return read_saved(files[argument])
    if os.path.isfile(argument):  # noqa: PTH113  (Path.is_file raises on a text too long for a name)
        return _from_file(Path(argument))
    if re.search(r"[\s{]", argument):
        return SavedQuery(text=argument)
    if argument.endswith(".rq") or "/" in argument:
        raise QueryError(f"no such query file: {argument}")
    raise QueryError(f"{unknown('saved query', argument, list(files))}\n'kg query' alone lists them all")


def bind(query: SavedQuery, values: Mapping[str, Sequence[str]], store: Queryable) -> str:
    """The query's text with its parameters set.

    A parameter stands in the query as `VALUES ?name { default }`, so the text is valid SPARQL as it is. Here the
    default gives way to terms that pyoxigraph has checked and written, never to what was typed. Raises QueryError for a
    parameter that the query has not and for a value that does not fit, UnknownNameError for a name unknown."""
    parameters = {p.name: p for p in query.parameters}
    text = query.text
    for name, given in values.items():
        if name not in parameters:
            raise QueryError(_no_parameter(query, name))
        terms = " ".join(_term(store, parameters[name], value) for value in given)
        text = _values(name).sub(lambda match, terms=terms: f"{match[1]}{terms}{match[3]}", text, count=1)  # type: ignore[misc]
    return text


def run(store: Queryable, query: SavedQuery, values: Mapping[str, Sequence[str]] | None = None) -> Any:
    """The answer to a query with its parameters set; a saved query must select the columns that its header states."""
    answer = ask(store, bind(query, values or {}, store), query.where)
    columns = [column.name for column in query.columns]
    if columns and columns != (selected := [v.value for v in getattr(answer, "variables", ())]):
        raise QueryError(f"{query.where}: the header states the columns {columns}, the query selects {selected}")
    return answer


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"cannot read the query {path}: {error}") from error


def _from_file(path: Path) -> SavedQuery:
    text = _read(path)
    if _HEADER.match(text) is None:
        return SavedQuery(text=text, where=str(path))
    return read_saved(path)


def _parse(text: str, name: str, where: str) -> tuple[SavedQuery, list[str]]:
    """The saved query in this text and everything that is wrong with its header."""
    told: dict[str, list[tuple[str, str, str]]] = {key: [] for key in _KEYS}
    faults: list[str] = []
    for number, line in _header_lines(text):
        match = _HEADER.fullmatch(line)
        if match is None or match["key"] not in told or bool(match["name"]) == (match["key"] in _SINGLE):
            faults.append(f"{where}: {number}: expected {_EXPECTED}")
        else:
            told[match["key"]].append((match["name"], match["told"] or "", match["value"]))
    parameters = tuple(_parameter(*entry) for entry in told["parameter"])
    columns = tuple(Column(column, meaning) for column, _, meaning in told["column"])
    faults += [f"{where}: 1: {key}: stated {len(told[key])} times, not once" for key in _SINGLE if len(told[key]) != 1]
    faults += [] if columns else [f"{where}: 1: column: none stated"]
    faults += [f"{where}: 1: {fault}" for parameter in parameters for fault in _parameter_faults(parameter, text)]
    title, question = (told[key][0][2] if told[key] else "" for key in _SINGLE)
    return SavedQuery(text, name, title, question, parameters, columns, where), faults


def _parameter(name: str, told: str, meaning: str) -> Parameter:
    match = _TOLD.fullmatch(told)
    return Parameter(name, match["type"] if match else "", match["default"] if match else "", meaning)


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
    match = _values(parameter.name).search(text)
    if match is None:
        yield f"parameter {parameter.name}: the query has no 'VALUES ?{parameter.name} {{ … }}'"
    elif match[2].strip('"') != ("UNDEF" if parameter.default == "any" else parameter.default):
        yield f"parameter {parameter.name}: default {parameter.default}, but the query says {match[2]}"


def _values(name: str) -> re.Pattern[str]:
    return re.compile(rf"(VALUES\s+\?{re.escape(name)}\s*{{\s*)([^{{}}]*?)(\s*}})")


def _no_parameter(query: SavedQuery, name: str) -> str:
    if not query.parameters:
        return f"{query.name or 'this query'} takes no parameter, but was given '{name}'"
    names = ", ".join(p.name for p in query.parameters)
    return f"{query.name or 'this query'} has no parameter '{name}'; it takes: {names}"


def _term(store: Queryable, parameter: Parameter, value: str) -> str:
    """The value as a term in SPARQL's notation, written by pyoxigraph."""
    from pyoxigraph import Literal, NamedNode

    if parameter.type == "text":
        return str(Literal(value))
    if parameter.type == "number":
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
            raise QueryError(f"{parameter.name} must be a number, not '{value}'")
        return str(Literal(value, datatype=NamedNode(PREFIXES["xsd"] + "decimal")))
    if parameter.type == "document":
        return str(NamedNode(_document(store, value)))
    return str(NamedNode(to_iri(the_entity(store, value, PARAMETER_TYPES[parameter.type]).id)))


def _document(store: Queryable, value: str) -> str:
    """The IRI of the document with this id, file name or headline."""
    rows = ask(store, "SELECT DISTINCT ?doc ?name { ?doc a schema:NewsArticle ; kg:source|schema:headline ?name }")
    by_name: dict[str, str] = {}
    for row in rows:
        iri, told = row["doc"].value, row["name"].value
        id_ = to_name(iri).partition(":")[2]
        for name in (iri, f"doc:{id_}", id_, told, Path(told).name):
            by_name.setdefault(name.casefold(), iri)
    if value.casefold() not in by_name:
        choices = {to_name(iri).partition(":")[2] for iri in by_name.values()}
        raise QueryError(unknown("document", value, choices))
    return by_name[value.casefold()]

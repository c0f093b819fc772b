"""Questions to the graph: saved queries with their parameters set, query files, and SPARQL as it is typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.errors import QueryError
from kg.namespaces import ENTITY_PREFIXES, PREFIXES, to_iri, to_name
from kg.query.lookup import Queryable, the_entity, unknown
from kg.query.saved import Parameter, SavedQuery, has_header, query_files, read_saved, read_text, saved, values_block
from kg.query.sparql import ask, is_sparql

__all__ = ["SavedQuery", "bind", "resolve", "run", "saved"]


def resolve(argument: str, folders: Iterable[Path] | None = None) -> SavedQuery:
    """What a person means: a saved query's name, else a file, else SPARQL itself (it has a space or a brace).

    Raises QueryError, with the closest names, when it is none of them."""
    files = query_files(folders)
    if argument in files:
        return read_saved(files[argument])
    if is_sparql(argument):
        return SavedQuery(text=argument)
    if Path(argument).is_file():
        return _from_file(Path(argument))
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
        text = values_block(name).sub(lambda match, terms=terms: f"{match[1]}{terms}{match[3]}", text, count=1)  # type: ignore[misc]
    return text


def run(store: Queryable, query: SavedQuery, values: Mapping[str, Sequence[str]] | None = None) -> Any:
    """The answer to a query with its parameters set; a saved query must select the columns that its header states."""
    answer = ask(store, bind(query, values or {}, store), query.where)
    columns = [column.name for column in query.columns]
    if columns and columns != (selected := [v.value for v in getattr(answer, "variables", ())]):
        raise QueryError(f"{query.where}: the header states the columns {columns}, the query selects {selected}")
    return answer


def _from_file(path: Path) -> SavedQuery:
    text = read_text(path)
    if not has_header(text):
        return SavedQuery(text=text, where=str(path))
    return read_saved(path)


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
    kinds = ENTITY_PREFIXES if parameter.type == "entity" else (parameter.type,)
    return str(NamedNode(to_iri(the_entity(store, value, kinds).id)))


def _document(store: Queryable, value: str) -> str:
    """The IRI of the document with this id, file name or headline."""
    rows = ask(store, "SELECT DISTINCT ?doc ?name { ?doc a schema:NewsArticle ; kg:source|schema:headline ?name }")
    by_name: dict[str, str] = {}
    for row in rows:
        iri, told = row["doc"].value, row["name"].value
        id_, local = to_name(iri).partition(":")[2], iri.rpartition("/")[2]
        for name in (iri, f"doc:{id_}", id_, local, told, Path(told).name):
            by_name.setdefault(name.casefold(), iri)
    if value.casefold() not in by_name:
        choices = {to_name(iri).partition(":")[2] for iri in by_name.values()}
        raise QueryError(unknown("document", value, choices))
    return by_name[value.casefold()]

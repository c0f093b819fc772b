"""Questions to the graph: saved queries with their parameters set, query files, and SPARQL as it is typed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from kg.errors import QueryError
from kg.namespaces import ENTITY_PREFIXES, PREFIXES, to_iri
from kg.query.documents import check_graphs, the_document
from kg.query.saved import (
    Parameter,
    SavedQuery,
    has_header,
    parse_saved,
    query_files,
    read_saved,
    read_text,
    saved,
    values_block,
)
from kg.query.sparql import Queryable, ask, is_sparql

__all__ = ["SavedQuery", "bind", "resolve", "run", "saved"]


def resolve(argument: str | PathLike[str], folders: Iterable[Path] | None = None) -> SavedQuery:
    """What a person means: a saved query's name, else a file (which a path always is), else SPARQL itself (it has a space
    or a brace).

    Raises QueryError, with the closest names, when it is none of them."""
    if isinstance(argument, PathLike):
        return _from_file(Path(argument))
    if not isinstance(argument, str):
        raise QueryError(f"a query is a name, a file or SPARQL, not {argument!r}")
    files = query_files(folders)
    if argument in files:
        return read_saved(files[argument])
    if is_sparql(argument):
        return SavedQuery(text=argument)
    if argument and (os.path.exists(argument) or argument.endswith(".rq") or "/" in argument):  # noqa: PTH110 (as in is_sparql)
        return _from_file(Path(argument))
    from kg.query.lookup import unknown

    raise QueryError(f"{unknown('saved query', argument, list(files))}\n'kg query' alone lists them all")


def bind(query: SavedQuery, values: Mapping[str, Sequence[str]], store: Queryable) -> str:
    """The query's text with its parameters set.

    A parameter stands in the query as `VALUES ?name { default }`, so the text is valid SPARQL as it is. Here the
    default gives way to terms that pyoxigraph has checked and written, never to what was typed. Raises QueryError for a
    parameter that the query has not and for a value that does not fit, UnknownNameError for a name unknown."""
    parameters = {p.name: p for p in query.parameters}
    places: list[tuple[int, int, str]] = []
    for name, given in values.items():
        if name not in parameters:
            raise QueryError(_no_parameter(query, name))
        block = values_block(name).search(query.text)
        if block is None:
            raise QueryError(f"{query.where or query.name}: nowhere 'VALUES ?{name} {{ … }}'")
        places.append((*block.span(2), " ".join(_term(store, parameters[name], value) for value in given)))
    text = query.text
    for start, end, terms in sorted(places, reverse=True):  # all found before any is set: a value may look like a place
        text = text[:start] + terms + text[end:]
    return text


def run(
    store: Queryable,
    query: SavedQuery,
    values: Mapping[str, Sequence[str]] | None = None,
    graphs: Sequence[str] | None = None,
    service: bool = False,
) -> Any:
    """The answer to a query with its parameters set; a saved query must select the columns that its header states.
    Names are looked for in the whole store, whatever `graphs` are asked."""
    text = bind(query, values or {}, store)
    check_graphs(store, text, query.where)
    answer = ask(store, text, query.where, graphs, service)
    check_columns([column.name for column in query.columns], answer, query.where)
    return answer


def check_columns(stated: Sequence[str], answer: Any, where: str) -> None:
    """Raises QueryError where a query selects other columns than its header states (one without a header states none)."""
    selected = [variable.value for variable in getattr(answer, "variables", ())]
    if stated and list(stated) != selected:
        raise QueryError(f"{where}: the header states the columns {list(stated)}, the query selects {selected}")


def from_text(text: str, name: str = "", where: str = "standard input") -> SavedQuery:
    """A query that is no saved one, with what its header says if it has one."""
    return parse_saved(text, name, where) if has_header(text) else SavedQuery(text=text, where=where)


def _from_file(path: Path) -> SavedQuery:
    return from_text(read_text(path), path.stem, str(path))


def _no_parameter(query: SavedQuery, name: str) -> str:
    if not query.parameters:
        return f"{query.name or 'this query'} takes no parameter, but was given '{name}'"
    names = ", ".join(p.name for p in query.parameters)
    return f"{query.name or 'this query'} has no parameter '{name}'; it takes: {names}"


def _term(store: Queryable, parameter: Parameter, value: str) -> str:
    """The value as a term in SPARQL's notation, written by pyoxigraph."""
    from pyoxigraph import Literal, NamedNode

    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"the value of {parameter.name} is not UTF-8") from error
    if parameter.type == "text":
        return str(Literal(value))
    if parameter.type == "number":
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", value):
            raise QueryError(f"{parameter.name} must be a number, not '{value}'")
        return str(Literal(value, datatype=NamedNode(PREFIXES["xsd"] + "decimal")))
    if parameter.type == "document":
        return str(NamedNode(the_document(store, value)))
    from kg.query import lookup  # costs milliseconds, which a query without names need not spend

    if parameter.type == "country":
        return str(Literal(lookup.the_country(store, value)))
    if parameter.type == "sector":
        return str(NamedNode(to_iri(lookup.the_sector(store, value).id)))
    kinds = ENTITY_PREFIXES if parameter.type == "entity" else (parameter.type,)
    return str(NamedNode(to_iri(lookup.the_entity(store, value, kinds).id)))

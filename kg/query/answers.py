"""Answers as bytes: the W3C's result formats for rows and for yes or no, the RDF formats for triples.

Whole answers go through the engine's own writers. An answer that is cut or counted is read row by row and handed to the
same writers, so that one form has one look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from kg.errors import QueryError
from kg.namespaces import PREFIXES

ROW_FORMS = ("table", "csv", "tsv", "json", "xml", "markdown")
TRIPLE_FORMS = ("turtle", "ntriples", "jsonld", "rdfxml")
ONE_DOCUMENT = ("xml", "jsonld", "rdfxml")
"""Forms in which one file holds one answer."""

_NO_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # compiled where they are used: few queries need them
_NO_XML_BYTES = b"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
_XML_NAME = r"[^\W\d][\w.-]*$"


class Rows(NamedTuple):
    """The rows of an answer, cut or whole: columns, terms (None where nothing stands), whether there are more."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    more: bool


class Triples(NamedTuple):
    """The triples of an answer, each once, sorted; whether there are more."""

    triples: Sequence[Any]
    more: bool


def kind(answer: Any) -> str:
    """What an answer of pyoxigraph is: 'rows', 'truth' or 'triples'."""
    return {"QuerySolutions": "rows", "QueryBoolean": "truth"}.get(type(answer).__name__, "triples")


def read_rows(answer: Any, limit: int | None = None) -> Rows:
    """The first `limit` rows of an answer, or all. Raises QueryError where the engine fails."""
    rows = [tuple(row) for row in _first(answer, limit)]
    return Rows(tuple(variable.value for variable in answer.variables), rows[:limit], _beyond(rows, limit))


def read_triples(answer: Any, limit: int | None = None) -> Triples:
    """The first `limit` different triples of an answer, or all. Blank nodes are numbered as they come, since their names
    differ from one asking to the next. Raises QueryError where the engine fails."""
    names: dict[str, Any] = {}
    distinct: dict[Any, None] = {}
    for triple in _first(answer, None):
        distinct[_named(triple, names)] = None
        if limit is not None and len(distinct) > limit:
            break
    triples = list(distinct)
    return Triples(sorted(triples[:limit], key=str), _beyond(triples, limit))


def write_rows(answer: Any, form: str) -> bytes:
    """An answer of pyoxigraph, or what `read_rows` left of one, as CSV, TSV, JSON or XML. Raises QueryError for what XML
    cannot hold and where the engine fails."""
    import pyoxigraph as ox

    if isinstance(answer, Rows):
        answer = ox.parse_query_results(_as_json(answer), ox.QueryResultsFormat.JSON)
    formats = {"csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV, "xml": ox.QueryResultsFormat.XML}
    try:
        data: bytes = answer.serialize(format=formats.get(form, ox.QueryResultsFormat.JSON))
    except (OSError, RuntimeError) as error:
        raise QueryError(f"the query failed: {error}") from error
    if form == "xml" and (bad := re.search(_NO_XML_BYTES, data)):
        raise _no_xml(bad[0].decode(), "json")
    return data if data.endswith(b"\n") else data + b"\n"


def write_truth(answer: Any, form: str) -> bytes:
    """Yes or no: JSON and XML as the W3C has them, else the word."""
    if form in ("json", "xml"):
        return write_rows(answer, form)
    return b"true\n" if answer else b"false\n"


def write_triples(triples: Sequence[Any], form: str) -> bytes:
    """Triples in one of TRIPLE_FORMS, with the prefixes of the graph. Raises QueryError for what RDF/XML or
    JSON-LD cannot hold."""
    import pyoxigraph as ox

    if form == "ntriples":
        return "".join(f"{triple} .\n" for triple in triples).encode()
    if form == "jsonld":
        from kg.jsonld import jsonld_of

        return jsonld_of(triples).encode()
    if form == "rdfxml":
        _check_rdfxml(triples)
        return (ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=_used(triples)) or b"") + b"\n"
    if all(_is_plain(node) for triple in triples for node in triple):
        from kg.turtle import to_turtle

        with suppress(ValueError):  # a claim's node may be made up, with words where the graph has numbers
            return to_turtle(triples).encode()
    data = (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=_used(triples)) or b"").decode()
    lines = data.splitlines(keepends=True)
    heads = sorted(line for line in lines if line.startswith("@prefix"))  # pyoxigraph's own order is random
    return "".join([*heads, *(line for line in lines if not line.startswith("@prefix"))]).encode()


def _first(answer: Iterable[Any], limit: int | None) -> Iterable[Any]:
    """One more than `limit`, to know whether there are more."""
    try:
        yield from islice(answer, None if limit is None else limit + 1)
    except (OSError, RuntimeError) as error:
        raise QueryError(f"the query failed: {error}") from error


def _beyond(found: Sequence[Any], limit: int | None) -> bool:
    return limit is not None and len(found) > limit


def _as_json(rows: Rows) -> bytes:
    import json

    bindings = [
        {column: _json_term(term) for column, term in zip(rows.columns, row, strict=True) if term is not None}
        for row in rows.rows
    ]
    return json.dumps({"head": {"vars": rows.columns}, "results": {"bindings": bindings}}).encode()


def _json_term(term: Any) -> Mapping[str, Any]:
    """A term as the W3C's JSON has it."""
    match type(term).__name__:
        case "NamedNode":
            return {"type": "uri", "value": term.value}
        case "BlankNode":
            return {"type": "bnode", "value": term.value}
        case "Triple":
            parts = {part: _json_term(getattr(term, part)) for part in ("subject", "predicate", "object")}
            return {"type": "triple", "value": parts}
    if term.language:
        direction = {"its:dir": term.direction.value} if getattr(term, "direction", None) else {}
        return {"type": "literal", "value": term.value, "xml:lang": term.language, **direction}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def _named(triple: Any, names: dict[str, Any]) -> Any:
    """The triple with its blank nodes named b1, b2 … in the order in which they come."""
    if not any(type(node).__name__ in ("BlankNode", "Triple") for node in triple):
        return triple
    import pyoxigraph as ox

    def named(node: Any) -> Any:
        if isinstance(node, ox.Triple):
            return ox.Triple(*(named(part) for part in node))
        if isinstance(node, ox.BlankNode):
            return names.setdefault(node.value, ox.BlankNode(f"b{len(names) + 1}"))
        return node

    return named(triple)


def _is_plain(node: Any) -> bool:
    """Whether it is an IRI or literal as every Turtle reader knows them."""
    return type(node).__name__ in ("NamedNode", "Literal") and not getattr(node, "direction", None)


def _check_rdfxml(triples: Iterable[Any]) -> None:
    for triple in triples:
        if not re.search(_XML_NAME, triple.predicate.value):
            raise QueryError(f"RDF/XML cannot hold the property <{triple.predicate.value}>: ask for turtle or jsonld")
        if bad := re.search(_NO_XML, str(getattr(triple.object, "value", ""))):
            raise _no_xml(bad[0], "turtle or jsonld")


def _no_xml(character: str, instead: str) -> QueryError:
    return QueryError(f"XML cannot hold the character U+{ord(character):04X} of the answer: ask for {instead} instead")


def _used(triples: Iterable[Any]) -> dict[str, str]:
    """The prefixes whose namespaces occur."""
    values = [getattr(node, "value", "") for triple in triples for node in triple]
    return {name: iri for name, iri in PREFIXES.items() if any(value.startswith(iri) for value in values)}

"""Documents as a question's bounds: found by a name, chosen by the day until which they were published."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from kg.errors import QueryError
from kg.namespaces import REFERENCE_GRAPH, document_id, to_name
from kg.query.lookup import unknown
from kg.query.sparql import Queryable, ask

REFERENCE = "reference"
"""What people call the graph of reference data."""

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_NAMES = "SELECT DISTINCT ?doc ?name { ?doc a schema:NewsArticle ; kg:source|schema:headline ?name }"
_DATES = "SELECT ?doc ?date { ?doc a schema:NewsArticle OPTIONAL { ?doc schema:datePublished ?date } } ORDER BY ?doc"


class Chosen(NamedTuple):
    """The graphs that a question is bound to, and the ids of the documents left out because their date is too vague."""

    graphs: tuple[str, ...]
    undated: tuple[str, ...]


def the_document(store: Queryable, name: str) -> str:
    """The IRI of the document with this id, file name or headline, in any letter case. Raises QueryError for none."""
    by_name: dict[str, str] = {}
    for row in ask(store, _NAMES):
        iri, told = row["doc"].value, row["name"].value
        id_, local = to_name(iri).partition(":")[2], iri.rpartition("/")[2]
        for alias in (iri, f"doc:{id_}", id_, local, told, PurePath(told).name):
            by_name.setdefault(alias.casefold(), iri)
    if name.casefold() not in by_name:
        raise QueryError(unknown("document", name, {document_id(iri) for iri in by_name.values()}))
    return by_name[name.casefold()]


def document_ids(store: Queryable) -> tuple[str, ...]:
    """The ids of all documents, sorted."""
    return tuple(sorted(document_id(iri) for iri in _dates(store)))


def choose(store: Queryable, names: Sequence[str], as_of: str = "") -> Chosen:
    """The graphs of these documents ('reference': the reference data), of those published until `as_of` where it is
    given; without names, of all documents with the reference data.

    `as_of` is a year, month or day, and includes the whole of it. A document of which it is not known that it was
    published until then is left out. Raises QueryError for a name unknown and for what is no date."""
    if as_of and not _DATE.fullmatch(as_of):
        raise QueryError(f"--as-of takes a year, month or day (2021, 2021-06, 2021-06-30), not '{as_of}'")
    named = [REFERENCE_GRAPH if name == REFERENCE else the_document(store, name) for name in names]
    dates = _dates(store)
    graphs = set(named or (*dates, REFERENCE_GRAPH))
    if not as_of:
        return Chosen(tuple(sorted(graphs)), ())
    vague = {iri for iri, date in dates.items() if _earliest(date) <= _latest(as_of) < _latest(date)}
    later = {iri for iri, date in dates.items() if _latest(date) > _latest(as_of)}
    return Chosen(tuple(sorted(graphs - later)), tuple(sorted(document_id(iri) for iri in vague & graphs)))


def _dates(store: Queryable) -> Mapping[str, str]:
    """IRI → date of publication of every document; '' where none is known."""
    found = ((row["doc"].value, row["date"].value if row["date"] else "") for row in ask(store, _DATES))
    return {iri: date[:10] if _DATE.fullmatch(date[:10]) else "" for iri, date in found}


def _latest(date: str) -> str:
    """The last day that a date may mean, to be compared as text; no date may be any day."""
    return date + "9999-99-99"[len(date) :]


def _earliest(date: str) -> str:
    return date + "0000-00-00"[len(date) :]

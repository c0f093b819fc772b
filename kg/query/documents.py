"""Documents as a question's bounds: found by a name, chosen by the day until which they were published."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import NamedTuple

from kg.errors import QueryError
from kg.namespaces import REFERENCE_GRAPH, document_id, to_name
from kg.query.sparql import Queryable, ask
from kg.query.syntax import dataset

REFERENCE = "reference"
"""What people call the graph of reference data."""

_OFFERED = 10
"""How many documents of one name a message tells."""
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_NAMES = "SELECT DISTINCT ?doc ?name { ?doc a schema:NewsArticle ; kg:source|schema:headline ?name }"
_DATES = "SELECT ?doc ?date { ?doc a schema:NewsArticle OPTIONAL { ?doc schema:datePublished ?date } } ORDER BY ?doc"


class Chosen(NamedTuple):
    """The graphs that a question is bound to, and the ids of the documents left out because their date is too vague."""

    graphs: tuple[str, ...]
    undated: tuple[str, ...]

    def left_out(self, as_of: str) -> str:
        """What is left out for want of a date, in words; '' where nothing is."""
        if not self.undated:
            return ""
        many = f"{len(self.undated)} document{'s' if len(self.undated) > 1 else ''}"
        some = ", ".join(self.undated[:5]) + (", …" if len(self.undated) > 5 else "")
        return f"left out, since it is not known whether it was published until {as_of}: {many} ({some})"


def the_document(store: Queryable, name: str) -> str:
    """The IRI of the document with this id, file, headline or mere file name, in any letter case; the first of these that any
    bears counts. Raises QueryError for none, and for several."""
    wanted = name.strip().casefold()
    rows = [(row["doc"].value, row["name"].value) for row in ask(store, _NAMES)]
    bearers: list[set[str]] = [set(), set(), set()]
    for iri, text in rows:
        for bearing, aliases in zip(bearers, _aliases(iri, text), strict=True):
            bearing |= {iri} if wanted in map(str.casefold, aliases) else set()
    found = sorted(next(filter(None, bearers), ()))
    if not found:
        from kg.query.lookup import unknown

        raise QueryError(unknown("document", name, {document_id(iri) for iri, _ in rows}))
    if len(found) > 1:
        some = ", ".join(map(document_id, found[:_OFFERED])) + (", …" if len(found) > _OFFERED else "")
        raise QueryError(f"'{name}' names {len(found)} documents: {some}\ngive the id of one")
    return found[0]


def _aliases(iri: str, text: str) -> tuple[tuple[str, ...], ...]:
    """What a document of this IRI, with this file or headline, may be called: the surest first."""
    id_ = document_id(iri)
    return (iri, f"doc:{id_}", id_, iri.rpartition("/")[2]), (text,), (PurePath(text).name,)


def check_graphs(store: Queryable, text: str, where: str = "") -> None:
    """Raises QueryError, with the closest documents, where the query names a graph with FROM that the store has not."""
    own = dataset(text) if "from" in text.lower() else None
    for graph in dict.fromkeys((*own.merged, *own.named) if own else ()):
        if not _holds(store, graph):
            from kg.query.lookup import unknown

            ids = [f"doc:{id_}" for id_ in document_ids(store)]
            raise QueryError((f"{where}: " if where else "") + unknown("graph", to_name(graph), ids))


def _holds(store: Queryable, graph: str) -> bool:
    """Whether the store has a graph of this name; it has none whose name is no IRI."""
    from pyoxigraph import NamedNode

    try:
        return bool(ask(store, f"ASK {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}"))
    except ValueError:
        return False


def document_ids(store: Queryable) -> tuple[str, ...]:
    """The ids of all documents, sorted."""
    return tuple(sorted(document_id(iri) for iri in _dates(store)))


def choose(store: Queryable, names: Sequence[str], as_of: str = "") -> Chosen:
    """The graphs of these documents ('reference': the reference data), of those published until `as_of` where it is
    given; without names, of all documents with the reference data.

    `as_of` is a year, month or day, and includes the whole of it. A document of which it is not known that it was
    published until then is left out. Raises QueryError for a name unknown and for what is no date."""
    if as_of and not _is_date(as_of):
        raise QueryError(f"'{as_of}' is no year, month or day: write it as 2021, 2021-06 or 2021-06-30")
    named = [REFERENCE_GRAPH if name == REFERENCE else the_document(store, name) for name in names]
    dates = _dates(store)
    graphs = set(named or (*dates, REFERENCE_GRAPH))
    if not as_of:
        return Chosen(tuple(sorted(graphs)), ())
    vague = {iri for iri, day in dates.items() if _earliest(day) <= _latest(as_of) < _latest(day)}
    later = {iri for iri, day in dates.items() if _latest(day) > _latest(as_of)}
    return Chosen(tuple(sorted(graphs - later)), tuple(sorted(document_id(iri) for iri in vague & graphs)))


def _dates(store: Queryable) -> Mapping[str, str]:
    """IRI → date of publication of every document; '' where none is known."""
    found = ((row["doc"].value, row["date"].value if row["date"] else "") for row in ask(store, _DATES))
    return {iri: day[:10] if _DATE.fullmatch(day[:10]) else "" for iri, day in found}


def _is_date(text: str) -> bool:
    """Whether it is a year, month or day of the calendar."""
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text + "-01-01"[len(text) - 4 :]))
    except ValueError:
        return False


def _latest(day: str) -> str:
    """The last day that a date may mean, to be compared as text; no date may be any day."""
    return day + "9999-99-99"[len(day) :]


def _earliest(day: str) -> str:
    return day + "0000-00-00"[len(day) :]

"""Rows as people read them: IRIs in their short form and with their name, numbers marked as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from kg.namespaces import ENTITY_PREFIXES, PREFIXES, split
from kg.query.answers import Rows
from kg.query.sparql import Queryable, cell

_LABELS = """SELECT ?entity ?name {{
  VALUES ?entity {{ {iris} }}
  {{ ?entity rdfs:label ?name }} UNION {{ ?entity skos:prefLabel ?name }}
}}"""
_NUMBERS = frozenset(
    PREFIXES["xsd"] + name
    for name in (
        *("integer", "decimal", "double", "float", "long", "int", "short", "byte", "nonNegativeInteger"),
        *("positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt"),
    )
)


class Shown(NamedTuple):
    """A table for people: columns without the empty ones, texts, which columns hold numbers, and which are left out."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]
    empty: tuple[str, ...]


def show(store: Queryable, rows: Rows) -> Shown:
    """The rows as texts. An entity stands as 'Siemens (agent:siemens)', or by its id alone where its row tells the name
    already; a column in which nothing stands is left out."""
    names = _labels(store, rows.rows)
    every = range(len(rows.columns))
    kept = [n for n in every if any(cell(row[n]) for row in rows.rows)] or list(every)
    texts = [_texts([row[n] for n in kept], names) for row in rows.rows]
    numbers = frozenset(place for place, n in enumerate(kept) if _is_numeric(row[n] for row in rows.rows))
    empty = tuple(column for n, column in enumerate(rows.columns) if n not in kept)
    return Shown(tuple(rows.columns[n] for n in kept), texts, numbers, empty)


def _texts(row: Sequence[Any], names: Mapping[str, str]) -> list[str]:
    texts = [cell(term) for term in row]
    named = (
        (text, names.get(term.value, "") if _is_entity(term) else "") for term, text in zip(row, texts, strict=True)
    )
    return [f"{name} ({text})" if name and name not in texts else text for text, name in named]


def _labels(store: Queryable, rows: Iterable[Sequence[Any]]) -> Mapping[str, str]:
    """IRI → name, for the entities in these rows; names without a language go first."""
    iris = sorted({str(term) for row in rows for term in row if _is_entity(term)})
    if not iris:
        return {}
    found = store.query(_LABELS.format(iris=" ".join(iris)))
    told = sorted((row["entity"].value, row["name"].language or "", row["name"].value) for row in found)
    return {iri: name for iri, _, name in reversed(told)}


def _is_entity(term: Any) -> bool:
    return type(term).__name__ == "NamedNode" and split(term.value)[0] in ENTITY_PREFIXES


def _is_numeric(terms: Iterable[Any]) -> bool:
    """Whether there are numbers and nothing else."""
    kinds = {getattr(getattr(term, "datatype", None), "value", "") for term in terms if term is not None}
    return bool(kinds) and kinds <= _NUMBERS

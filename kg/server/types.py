"""Media types: which form of an answer a client gets for what it says that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.datastructures import MIMEAccept

ROWS: Mapping[str, str] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
TRUTHS: Mapping[str, str] = {**ROWS, "text/plain": "csv"}
TRIPLES: Mapping[str, str] = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/json": "jsonld",
    "application/xml": "rdfxml",
    "text/xml": "rdfxml",
    "text/plain": "ntriples",
}
NODES: Mapping[str, str] = {"text/html": "html", **TRIPLES}
SERVICE: Mapping[str, str] = {**TRIPLES, "text/html": "html"}
REFUSALS: Mapping[str, str] = {
    "text/plain": "words",
    "text/html": "html",
    "application/problem+json": "json",
    "application/json": "json",
}
"""Media type → form, the preferred first: of rows, of yes or no, of triples, of what is known of a node, of the endpoint
itself, of a refusal."""

_OF_PAGES = ("application/xml", "text/xml")
_TEXT = ("text/csv", "text/tab-separated-values", "text/turtle", "text/html", "text/plain")


def wanted(accept: MIMEAccept, table: Mapping[str, str]) -> str:
    """The form that suits the client best; the first where it does not say, '' where none does. Who takes pages, as browsers
    do, means pages where it says XML."""
    if "text/html" in accept.values() and "text/html" not in table:
        table = {type_: form for type_, form in table.items() if type_ not in _OF_PAGES}
    best = accept.best_match(table) if accept else next(iter(table))
    return table[best] if best else ""


def media_type(form: str, table: Mapping[str, str]) -> str:
    """The media type of a form, with its encoding where it is text."""
    found = next(type_ for type_, name in table.items() if name == form)
    return f"{found}; charset=utf-8" if found in _TEXT else found

"""Annotated documents and extracted claims, read from files of JSON lines; the first fault ends the reading."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from kg.documents.formats import from_object
from kg.errors import DocumentError
from kg.evaluation.annotated import AnnotatedDocument, annotated_claims
from kg.model import Claim
from kg.records import claim_from_record

Value = TypeVar("Value")

STDIN = "-"
"""The source that stands for standard input."""


def read_annotated(sources: Sequence[str], stdin: BinaryIO | None = None) -> Iterator[AnnotatedDocument]:
    """The annotated documents of files in the corpus's form, one at a time.

    Raises DocumentError, which names file and line, for what is missing, empty, broken or told twice."""
    places: dict[str, str] = {}
    for source in sources:
        for place, annotated in _read(source, _annotated, "annotated document", stdin):
            name = annotated.document.id
            if name in places:
                raise DocumentError(f"{place}: document '{name}' is annotated in {places[name]} already; leave one out")
            places[name] = place
            yield annotated


def read_claims(source: str, stdin: BinaryIO | None = None) -> dict[str, list[Claim]]:
    """The claims of a file that `kg extract` wrote, by document id. Raises DocumentError like `read_annotated`."""
    claims: dict[str, list[Claim]] = {}
    for _, claim in _read(source, lambda record, *_: claim_from_record(record), "claim", stdin):
        claims.setdefault(claim.evidence.document, []).append(claim)
    return claims


def _annotated(record: dict[str, Any], source: str, place: str) -> AnnotatedDocument:
    return AnnotatedDocument(from_object(record, source, place), annotated_claims(record))


def _read(
    source: str, make: Callable[[dict[str, Any], str, str], Value], what: str, stdin: BinaryIO | None
) -> Iterator[tuple[str, Value]]:
    """Each line of a file as a value, with its place; blank lines count but say nothing."""
    where = "standard input" if source == STDIN else source
    empty = True
    for number, line in enumerate(_lines(source, where, stdin), 1):
        place = f"{where}, line {number}"
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        empty = False
        try:
            value = make(_object(line), Path(source).name, place)
        except (ValueError, RecursionError) as error:
            raise DocumentError(f"{place}: no {what}: {error}") from error
        yield place, value
    if empty and what != "claim":  # a run that found nothing writes nothing
        raise DocumentError(f"{where}: is empty; there is nothing to measure against")


def _lines(source: str, where: str, stdin: BinaryIO | None) -> Iterator[bytes]:
    try:
        with nullcontext(stdin or sys.stdin.buffer) if source == STDIN else Path(source).open("rb") as stream:
            yield from stream
    except FileNotFoundError as error:
        raise DocumentError(f"{where}: no such file; check the path") from error
    except OSError as error:
        raise DocumentError(
            f"{where}: cannot be read ({error.strerror or error}); name a file of JSON lines"
        ) from error


def _object(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ValueError(f"broken JSON ({error.msg}, column {error.colno})") from error
    except UnicodeDecodeError as error:
        raise ValueError("the line is not UTF-8") from error
    if not isinstance(record, dict):
        raise ValueError("the line is not a JSON object")
    return record

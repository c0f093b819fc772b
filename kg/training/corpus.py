"""The annotated corpus as the trainer sees it: each document with the mentions and claims that its annotations give."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.entities.names import without_titles

FOLDER = Path(__file__).parent / "documents"
_LOOSE = {"Group", "Event", "Sector"}
_BARE = {"Person": without_titles}
"""Annotators differ on whether 'Dr.' is part of a name; the reader is taught that it is not."""


@dataclass(frozen=True, slots=True)
class Gold:
    """An annotated claim: names as annotated, characters `start` to `end` of the text as its evidence."""

    predicate: str
    subject: str
    object: str
    status: str
    start: int
    end: int
    qualifiers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document with its annotations: `forms` lists (form, entity name, entity type)."""

    id: str
    title: str
    text: str
    published: str
    forms: tuple[tuple[str, str, str], ...]
    claims: tuple[Gold, ...]


def records(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The annotated documents of JSON-lines files as they stand there, in order."""
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def documents() -> list[dict[str, Any]]:
    """The annotated documents as they stand in the repository; without it, the program ends with a word on that."""
    if not FOLDER.is_dir():
        raise SystemExit(f"kg.training: no {FOLDER}: the documents stand in the repository, not in the package")
    return records(sorted(FOLDER.glob("*.jsonl")))


def annotated(record: dict[str, Any]) -> Annotated:
    """One line of the corpus; a claim whose evidence stands in the title alone is left out."""
    text = record["text"]
    forms = {
        (form, entity["name"], entity["type"])
        for entity in record["entities"]
        for form in map(_BARE.get(entity["type"], str), (entity["name"], *entity.get("aliases", ())))
        if _usable(form, entity["type"])
    }
    claims = []
    for claim in record["claims"]:
        start = text.find(claim["evidence"])
        if start >= 0:
            claims.append(
                Gold(
                    claim["predicate"],
                    claim["subject"],
                    claim["object"],
                    claim["status"],
                    start,
                    start + len(claim["evidence"]),
                    claim.get("qualifiers", {}),
                )
            )
    return Annotated(
        record["id"],
        record["title"],
        text,
        record.get("published") or "",
        tuple(sorted(forms, key=lambda f: (-len(f[0]), f))),
        tuple(claims),
    )


def _usable(form: str, kind: str) -> bool:
    return len(form) > 1 and (kind in _LOOSE or not form[0].islower() or any(c.isupper() for c in form))


def occurrences(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where a form stands in a text as whole words."""
    for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text):
        yield match.start(), match.end()

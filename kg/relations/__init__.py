"""Relations are files: `data/relations/*.toml`, or a folder of the user's own, read into values and checked strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kg.errors import RelationError
from kg.files import DATA
from kg.model import EntityType, Status
from kg.relations import faults as strict
from kg.relations.faults import CLASSES, DEFAULT_CONFIDENCE, ENDS


@dataclass(frozen=True, slots=True)
class Pattern:
    """A surface form that states a relation; its language is told in `kg.claims.patterns`."""

    text: str
    confidence: float = DEFAULT_CONFIDENCE
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """A claim that an example must give: the names at both ends, its status and, where it matters, qualifiers."""

    subject: str
    object: str
    status: Status = Status.ACTUAL
    qualifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, the names in it with their types, and the relation's claims that it states (none, if it only looks so)."""

    text: str
    names: tuple[tuple[str, EntityType], ...]
    claims: tuple[Expected, ...] = ()
    published: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """One kind of claim: what it means, what may stand at its ends, how texts put it.

    Relations of one `family` exclude each other for a pair: who signs does not merely
    cooperate. One that has `changes` is a state, not a deed: a date is its own only where words, as those of these lists, tell
    that it begins or ends then. `kinds` are lists of words of which its kind is made. `qualifiers` are what a claim of it may
    carry. `spreads` are the ends at which what holds for one member of a list holds for all: 'X and Y visited Z' does,
    'X and Y, mayor of Z' does not."""

    name: str
    symmetric: bool
    label: Mapping[str, str] = field(hash=False)
    meaning: str
    subject: frozenset[EntityType]
    object: frozenset[EntityType]
    family: str = ""
    changes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    qualifiers: frozenset[str] = frozenset()
    spreads: frozenset[str] = frozenset(ENDS)
    patterns: tuple[Pattern, ...] = ()
    examples: tuple[Example, ...] = ()


@cache
def load(folder: Path | None = None) -> Mapping[str, Relation]:
    """The relations of a folder (None: the package's own) by name, sorted.

    Raises RelationError with every fault of every file, each as *file: where: what*."""
    home = DATA / "relations" if folder is None else folder
    if folder is not None and not folder.is_dir():
        raise RelationError(f"{folder}: no such folder; give a folder that holds one TOML file a relation")
    faults: list[str] = []
    found = {}
    for file in sorted((f for f in home.iterdir() if f.name.endswith(".toml")), key=lambda f: str(f.name)):
        relation = _read(file.name, file.read_bytes(), faults)
        if relation is not None:
            found[relation.name] = relation
    if faults:
        raise RelationError("\n".join(faults))
    if not found:
        raise RelationError(f"{home}: no relation file; add one TOML file a relation")
    return MappingProxyType(found)


def admits(relation: Relation, subject_type: EntityType, object_type: EntityType) -> bool:
    """Whether things of these types may stand in the relation, in this order."""
    return subject_type in relation.subject and object_type in relation.object


def admitted(relations: Mapping[str, Relation]) -> Mapping[str, frozenset[tuple[EntityType, EntityType]]]:
    """For each relation, the pairs of types that may stand in it."""
    return {n: frozenset((a, b) for a in r.subject for b in r.object) for n, r in relations.items()}


def _read(name: str, raw: bytes, faults: list[str]) -> Relation | None:
    """The relation of one file, or None with its faults added to `faults`."""
    try:
        table = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{name}: file: not TOML in UTF-8 ({error})")
        return None
    own = [f"{name}: {fault}" for fault in strict.faults(name.removesuffix(".toml"), table)]
    faults += own
    return None if own else _relation(table)


def _relation(table: Mapping[str, Any]) -> Relation:
    return Relation(
        name=table["name"],
        symmetric=table["symmetric"],
        label=MappingProxyType(dict(table["label"])),
        meaning=table["meaning"],
        subject=types(table["subject"]),
        object=types(table["object"]),
        family=table.get("family", ""),
        changes=tuple(table.get("changes", ())),
        kinds=tuple(table.get("kinds", ())),
        qualifiers=frozenset(table.get("qualifiers", ())),
        spreads=frozenset(table.get("spreads", ENDS)),
        patterns=tuple(map(_pattern, table["patterns"])),
        examples=tuple(map(_example, table["examples"])),
    )


def _pattern(row: Mapping[str, Any]) -> Pattern:
    status = Status(row["status"]) if "status" in row else None
    return Pattern(row["text"], float(row.get("confidence", DEFAULT_CONFIDENCE)), status)


def _example(row: Mapping[str, Any]) -> Example:
    names = tuple((name, EntityType(kind)) for name, kind in row["names"].items())
    return Example(row["text"], names, tuple(map(_expected, row["claims"])), row.get("published", ""))


def _expected(row: Mapping[str, str]) -> Expected:
    rest = tuple(sorted((key, value) for key, value in row.items() if key not in ("subject", "object", "status")))
    return Expected(row["subject"], row["object"], Status(row.get("status", Status.ACTUAL)), rest)


def types(names: Iterable[str]) -> frozenset[EntityType]:
    """The entity types that names of types and classes ('Agent') stand for."""
    return frozenset(kind for name in names for kind in CLASSES.get(name, None) or {EntityType(name)})

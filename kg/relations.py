"""Relations are files: reads `data/relations/*.toml` (or a folder of the user's own) and checks them strictly, all faults at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from kg.errors import RelationError
from kg.lexicon import words
from kg.model import AGENTS, ORGANIZATIONS, EntityType, Status

CLASSES: Mapping[str, frozenset[EntityType]] = MappingProxyType({"Agent": AGENTS, "AnyOrganization": ORGANIZATIONS})
"""Shorthand for sets of types in `subject` and `object`."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""`{A}` subject, `{B}` object, `{pair}` two or more things joined, `{any}` or `{Place}` a mention beside, `{sign}` a word list."""

_OPTIONAL_PART = re.compile(r"(?<!\\)[\[(][^\[\]()]*[\])]")
SLOTS = frozenset({"A", "B", "pair", "any"})
DEFAULT_CONFIDENCE = 0.9

LANGUAGES = ("en", "de", "zh")
ENDS = ("subject", "object")
QUALIFIERS = ("role", "kind", "topics", "date", "amount", "share", "place", "name")
_FIELDS = {
    "name": str, "symmetric": bool, "label": dict, "meaning": str, "subject": list, "object": list,
    "broader": str, "edge": str, "family": str, "qualifiers": list, "spreads": list, "patterns": list, "examples": list,
}  # fmt: skip
_OPTIONAL = {"broader", "edge", "spreads", "family", "qualifiers"}
_PATTERN_FIELDS = {"text": str, "status": str, "confidence": float}
_EXAMPLE_FIELDS = {"text": str, "published": str, "names": dict, "claims": list}
_EXPECTED_FIELDS = dict.fromkeys(("subject", "object", "status", "role", "date", "kind", "amount", "share"), str)
_CURIE = re.compile(r"[a-z]+:[A-Za-z]\w*")


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
    """A sentence, the names in it with their types, and the claims of the relation that it states; none, if it only looks
    as if it did."""

    text: str
    names: tuple[tuple[str, EntityType], ...]
    claims: tuple[Expected, ...] = ()
    published: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """One kind of claim: what it means, what may stand at its ends, how texts put it.

    `broader` is a curie or empty; relations of one `family` exclude each other for a pair (who signs does not merely cooperate);
    `qualifiers` are what a claim of it may carry; `spreads` are the ends at which what holds for one member of a list holds for all
    ('X and Y visited Z' does, 'X and Y, mayor of Z' does not)."""

    name: str
    symmetric: bool
    label: Mapping[str, str] = field(hash=False)
    meaning: str
    subject: frozenset[EntityType]
    object: frozenset[EntityType]
    broader: str = ""
    edge: str = ""
    family: str = ""
    qualifiers: frozenset[str] = frozenset()
    spreads: frozenset[str] = frozenset(ENDS)
    patterns: tuple[Pattern, ...] = ()
    examples: tuple[Example, ...] = ()


class _Folder(Protocol):
    """What files are read from: a folder on disk, or the package's own wherever it is installed."""

    def iterdir(self) -> Iterator[Any]: ...


@cache
def load(folder: Path | None = None) -> Mapping[str, Relation]:
    """The relations of a folder (None: the package's own) by name, sorted.

    Raises RelationError with every fault of every file, each as *file: where: what*."""
    home: _Folder = files("kg").joinpath("data", "relations") if folder is None else folder
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
    own = [f"{name}: {fault}" for fault in _faults(name.removesuffix(".toml"), table)]
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
        broader=table.get("broader", ""),
        edge=table.get("edge", ""),
        family=table.get("family", ""),
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


def _faults(stem: str, table: Mapping[str, Any]) -> Iterator[str]:
    """Every fault of a file's table as *where: what*; parts whose shape is wrong are not looked into further."""
    yield from _shape("file", table, _FIELDS, _OPTIONAL)
    if table.get("name", stem) != stem:
        yield f"name: {table['name']!r} is not the file's name; call it {stem!r}"
    yield from _label_faults(table.get("label"))
    for end in ENDS:
        for kind in _listed(table.get(end)):
            yield from _unknown(end, "type", kind, (*CLASSES, *EntityType))
    for qualifier in _listed(table.get("qualifiers")):
        yield from _unknown("qualifiers", "qualifier", qualifier, QUALIFIERS)
    for end in _listed(table.get("spreads")):
        yield from _unknown("spreads", "end", end, ENDS)
    if table.get("broader") and not _CURIE.fullmatch(str(table["broader"])):
        yield f"broader: {table['broader']!r} is not a curie such as 'schema:memberOf'"
    yield from _rows("patterns", table, _PATTERN_FIELDS, {"status", "confidence"}, _pattern_faults)
    yield from _rows("examples", table, _EXAMPLE_FIELDS, {"published"}, _example_faults)


def _label_faults(label: object) -> Iterator[str]:
    if isinstance(label, dict):
        yield from _shape("label", label, dict.fromkeys(LANGUAGES, str), set())


def _rows(
    key: str,
    table: Mapping[str, Any],
    fields: Mapping[str, type],
    optional: set[str],
    more: Callable[[str, Mapping[str, Any]], Iterator[str]],
) -> Iterator[str]:
    for number, row in enumerate(_listed(table.get(key)), 1):
        where = f"{key}[{number}]"
        shape = list(_shape(where, row, fields, optional)) if isinstance(row, dict) else [f"{where}: must be a table"]
        yield from shape or more(where, row)


def _pattern_faults(where: str, row: Mapping[str, Any]) -> Iterator[str]:
    names = []
    for whole in PLACEHOLDER.findall(row["text"]):
        name, typed, kind = whole.partition(":")
        names.append(name)
        if name not in SLOTS and name not in set(EntityType) and not _has_words(name):
            yield from _unknown(where, "placeholder or word list", name, (*sorted(SLOTS), *EntityType, *_word_lists()))
        if typed:
            yield from _unknown(where, "type", kind, (*CLASSES, *EntityType))
    if names.count("pair") + names.count("A") != 1 or names.count("pair") + names.count("B") != 1:
        yield f"{where}: needs {{A}} and {{B}} once each, or {{pair}} once: {row['text']!r}"
    if any(end in part for part in _OPTIONAL_PART.findall(row["text"]) for end in ("{A", "{B", "{pair")):
        yield f"{where}: an end of the claim cannot be optional or one of several: {row['text']!r}"
    if any(row["text"].count(a) != row["text"].count(b) for a, b in ("{}", "[]", "()")):
        yield f"{where}: brackets do not match: {row['text']!r}"
    if "status" in row:
        yield from _unknown(where, "status", row["status"], tuple(Status))
    if not 0 < float(row.get("confidence", DEFAULT_CONFIDENCE)) <= 1:
        yield f"{where}: confidence must be above 0 and at most 1"


def _example_faults(where: str, row: Mapping[str, Any]) -> Iterator[str]:
    for name, kind in row["names"].items():
        if name not in row["text"]:
            yield f"{where}.names: {name!r} does not stand in the example's text"
        yield from _unknown(f"{where}.names", "type", kind, tuple(EntityType))
    optional = set(_EXPECTED_FIELDS) - {"subject", "object"}
    for number, claim in enumerate(row["claims"], 1):
        here = f"{where}.claims[{number}]"
        shape = list(_shape(here, claim, _EXPECTED_FIELDS, optional)) if isinstance(claim, dict) else [f"{here}: must be a table"]
        yield from shape or _expected_faults(here, row["names"], claim)


def _expected_faults(where: str, names: Mapping[str, str], claim: Mapping[str, str]) -> Iterator[str]:
    for end in ENDS:
        if claim[end] not in names:
            yield f"{where}: {claim[end]!r} is not among the example's names"
    if "status" in claim:
        yield from _unknown(where, "status", claim["status"], tuple(Status))


def _shape(where: str, table: Mapping[str, Any], fields: Mapping[str, type], optional: set[str]) -> Iterator[str]:
    """Keys that are unknown, missing, or of the wrong kind."""
    for key in table:
        yield from _unknown(where, "key", key, tuple(fields))
    for key, kind in fields.items():
        if key not in table:
            if key not in optional:
                yield f"{where}: {key!r} is missing"
        elif not isinstance(table[key], (int, float) if kind is float else kind):
            yield f"{where}: {key!r} must be a {kind.__name__}, not {type(table[key]).__name__}"
        elif kind is str and not table[key] and key not in optional:
            yield f"{where}: {key!r} is empty"


def _unknown(where: str, what: str, name: object, known: Sequence[str]) -> Iterator[str]:
    if name not in known:
        yield f"{where}: unknown {what} {name!r}{_closest(str(name), known)}"


def _closest(name: str, known: Sequence[str]) -> str:
    from rapidfuzz import process  # only a message needs it

    best = process.extractOne(name, known, score_cutoff=50)
    return f"; did you mean {best[0]!r}?" if best else f"; known: {', '.join(map(str, known))}"


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _has_words(name: str) -> bool:
    try:
        return bool(re.fullmatch(r"[a-z_]+", name)) and bool(words(name))
    except FileNotFoundError:
        return False


def _word_lists() -> list[str]:
    home = files("kg").joinpath("data", "lexicon")
    return sorted(file.name.removesuffix(".txt") for file in home.iterdir() if file.name.endswith(".txt"))

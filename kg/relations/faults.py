"""What is wrong with a relation file: unknown keys, types and word lists, missing labels, patterns that cannot work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from kg.files import DATA
from kg.lexicon import words
from kg.model import AGENTS, ORGANIZATIONS, EntityType, Status

CLASSES: Mapping[str, frozenset[EntityType]] = MappingProxyType(
    {"Agent": AGENTS, "AnyOrganization": ORGANIZATIONS, "Party": AGENTS - {EntityType.PERSON}}
)
"""Shorthand for sets of types; a Party is whoever signs in its own name, which a person seldom does."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""What stands in braces in a pattern: an end of the claim, any mention or one of a type, or the name of a word list."""

_OPTIONAL_PART = re.compile(r"(?<!\\)[\[(][^\[\]()]*[\])]")
SLOTS = frozenset({"A", "B", "pair", "any"})
DEFAULT_CONFIDENCE = 0.9

LANGUAGES = ("en", "de", "zh")
ENDS = ("subject", "object")
QUALIFIERS = ("role", "kind", "topics", "date", "amount", "share", "place", "name")
_FIELDS = {
    "name": str, "symmetric": bool, "label": dict, "meaning": str, "subject": list, "object": list,
    "family": str, "changes": list, "kinds": list, "qualifiers": list, "spreads": list, "patterns": list, "examples": list,
}  # fmt: skip
_OPTIONAL = {"spreads", "family", "changes", "kinds", "qualifiers"}
_PATTERN_FIELDS = {"text": str, "status": str, "confidence": float}
_EXAMPLE_FIELDS = {"text": str, "published": str, "names": dict, "claims": list}
_EXPECTED_FIELDS = dict.fromkeys(("subject", "object", "status", "role", "date", "kind", "amount", "share"), str)


def faults(stem: str, table: Mapping[str, Any]) -> Iterator[str]:
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
    for key in ("changes", "kinds"):
        for name in _listed(table.get(key)):
            if not _has_words(str(name)):
                yield from _unknown(key, "word list", name, _word_lists())
    for end in _listed(table.get("spreads")):
        yield from _unknown("spreads", "end", end, ENDS)
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
    text = row["text"]
    names = []
    for whole in PLACEHOLDER.findall(text):
        names.append(whole.partition(":")[0])
        yield from _placeholder_faults(where, whole)
    if names.count("pair") + names.count("A") != 1 or names.count("pair") + names.count("B") != 1:
        yield f"{where}: needs {{A}} and {{B}} once each, or {{pair}} once: {text!r}"
    if any(end in part for part in _OPTIONAL_PART.findall(text) for end in ("{A", "{B", "{pair")):
        yield f"{where}: an end of the claim cannot be optional or one of several: {text!r}"
    if any(text.count(a) != text.count(b) for a, b in ("{}", "[]", "()")):
        yield f"{where}: brackets do not match: {text!r}"
    if "status" in row:
        yield from _unknown(where, "status", row["status"], tuple(Status))
    if not 0 < float(row.get("confidence", DEFAULT_CONFIDENCE)) <= 1:
        yield f"{where}: confidence must be above 0 and at most 1"


def _placeholder_faults(where: str, whole: str) -> Iterator[str]:
    name, typed, kind = whole.partition(":")
    if name not in SLOTS and name not in set(EntityType) and not _has_words(name):
        yield from _unknown(where, "placeholder or word list", name, (*sorted(SLOTS), *EntityType, *_word_lists()))
    if typed:
        yield from _unknown(where, "type", kind, (*CLASSES, *EntityType))


def _example_faults(where: str, row: Mapping[str, Any]) -> Iterator[str]:
    for name, kind in row["names"].items():
        if name not in row["text"]:
            yield f"{where}.names: {name!r} does not stand in the example's text"
        yield from _unknown(f"{where}.names", "type", kind, tuple(EntityType))
    optional = set(_EXPECTED_FIELDS) - {"subject", "object"}
    for number, claim in enumerate(row["claims"], 1):
        here = f"{where}.claims[{number}]"
        table = isinstance(claim, dict)
        shape = list(_shape(here, claim, _EXPECTED_FIELDS, optional)) if table else [f"{here}: must be a table"]
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
        elif not isinstance(table[key], kind) and not (kind is float and type(table[key]) is int):
            yield f"{where}: {key!r} must be a {kind.__name__}, not {type(table[key]).__name__}"
        elif kind is str and not table[key] and key not in optional:
            yield f"{where}: {key!r} is empty"


def _unknown(where: str, what: str, name: object, known: Sequence[str]) -> Iterator[str]:
    if name not in known:
        yield f"{where}: unknown {what} {name!r}{_closest(str(name), known)}"


def _closest(name: str, known: Sequence[str]) -> str:
    from rapidfuzz import process  # only a message needs it

    best = process.extractOne(name, known, score_cutoff=50)
    return f"; did you mean {str(best[0])!r}?" if best else f"; known: {', '.join(map(str, known))}"


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _has_words(name: str) -> bool:
    try:
        return bool(re.fullmatch(r"[a-z_]+", name)) and bool(words(name))
    except FileNotFoundError:
        return False


def _word_lists() -> list[str]:
    home = DATA / "lexicon"
    return sorted(file.name.removesuffix(".txt") for file in home.iterdir() if file.name.endswith(".txt"))

"""Which known organisation a name of a document stands for, if any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from kg.entities.decision import Decision, Scored, Setting, best, fits
from kg.entities.names import is_acronym
from kg.entries import Entry
from kg.lexicon import words
from kg.model import ORGANIZATIONS, EntityType, Name, distinct_names
from kg.names import fold, legal_form, normalise, slug
from kg.reference import Reference

_FIRMS = frozenset({EntityType.COMPANY})
_CLUBS = frozenset({EntityType.SPORTS_CLUB})
_HOME = frozenset({"CN", "HK", "MO", "DE"})
"""The countries whose organisations the reference data hold."""
_SHORT = 3
"""Letters of names that many things bear."""
_GROUP = re.compile(r"(?<=\w)(?:[\s-]+(?:group|gruppe)|集团)$", re.IGNORECASE)


def group(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries of one organisation brought together: the same words for a name, or the same web site, in the same
    country."""
    if len(entries) < 2:
        return [[entry] for entry in entries]
    groups: list[list[Entry]] = []
    for entry in sorted(entries, key=_worth):
        home = next((members for members in groups if any(_same(entry, member) for member in members)), None)
        if home is None:
            groups.append([entry])
        else:
            home.append(entry)
    return groups


def _worth(entry: Entry) -> tuple[bool, str]:
    """ROR's entries first: their names are the usual ones."""
    return not entry.id.startswith("ror:"), entry.id


def _same(one: Entry, other: Entry) -> bool:
    if one.country != other.country or (one.type in _FIRMS) != (other.type in _FIRMS):
        return False
    if normalise(one.name) == normalise(other.name):
        return True
    return bool(_site(one)) and _site(one) == _site(other) and one.type is EntityType.COMPANY


def _site(entry: Entry) -> str:
    """The host of a web site without 'www.'; '' for a page on a shared host."""
    parts = urlsplit(entry.website)
    return re.sub(r"^www\d?\.", "", parts.netloc.lower())


def _bearers(names: Sequence[str], reference: Reference) -> list[Entry]:
    """The known organisations that bear one of the names."""
    if len(names) == 1:
        return reference.organizations(names[0]) if len(names[0]) > 1 else []
    found = {entry.id: entry for name in names if len(name) > 1 for entry in reference.organizations(name)}
    return [found[identifier] for identifier in sorted(found)]


def type_of(said: EntityType, entry: Entry) -> EntityType:
    """The type of a known organisation: the document's, where it fits the known one."""
    return said if _may_be(said, entry.type) else entry.type


def _may_be(said: EntityType, known: EntityType) -> bool:
    """Whether the document's type fits the known one: companies are companies, the others are told apart less
    sharply."""
    return said is known or not {said, known} & {EntityType.COMPANY, EntityType.SPORTS_CLUB}


def choose(names: Sequence[str], type_: EntityType, country: str, around: Setting, reference: Reference) -> Decision:
    """The organisation that is meant; no entry when the document does not settle it.

    `country` is the organisation's as the text gives it ('' if it does not)."""
    question = _Question(names, type_, country, around)
    short = [name for name in names if name.isascii() and is_acronym(name)]
    full = [name for name in names if name not in short]
    main, other = full[:1] or list(names[:1]), []
    for used, score, how in (
        (full[:1], 0.85, "the full name"),
        (full[1:], 0.75, "a short name"),
        (short, 0.7, "the abbreviation"),
    ):
        bearers = _bearers(used, reference) if used else []
        found = [entry for entry in bearers if _may_be(type_, entry.type)]
        if found:
            return _decide(question, group(found), used, score, how)
        other += [entry for entry in bearers if used[0] == main[0] and entry.type not in _CLUBS]
    if other:
        return _of_another_type(question, group(other), main, reference)
    close = [entry for each in main for entry in reference.near(each) if _may_be(type_, entry.type)]
    if not close and type_ in _FIRMS and _GROUP.search(main[0]):
        return _without_group(question, main, reference)
    return _decide(question, group(close), main, 0.65, "an everyday form")


def _of_another_type(
    question: _Question, found: list[list[Entry]], main: Sequence[str], reference: Reference
) -> Decision:
    """The organisation that is meant though the document gives the name another type: a name of one word has to be the usual
    name of the only bearer, and no place's."""
    usual = len(found) == 1 and any(normalise(entry.name) == normalise(main[0]) for entry in found[0])
    sole = usual and question.type not in _CLUBS and not reference.places(main[0])
    if " " in main[0] or is_acronym(main[0]) or sole:
        return _decide(question, found, main, 0.7, "though of another type, the name")
    first = found[0][0]
    reason = f"the reference data know the name for {first.name}, which is of another type ({first.type})"
    return Decision(reasons=(reason,), rivals=tuple(entries[0] for entries in found))


def _without_group(question: _Question, main: Sequence[str], reference: Reference) -> Decision:
    """The one company that bears the name without 'Group' at its end."""
    bare = [_GROUP.sub("", name) for name in main]
    found = group([entry for entry in _bearers(bare, reference) if entry.type in _FIRMS])
    return _decide(question, found if len(found) == 1 else [], bare, 0.7, "the name of the group")


@dataclass(frozen=True, slots=True)
class _Question:
    """Which organisation is asked for: all its names in the document, its type there, its country ('' if the text
    gives none), and what the document speaks of."""

    names: Sequence[str]
    type: EntityType
    country: str
    around: Setting


def _decide(question: _Question, found: Iterable[list[Entry]], used: Sequence[str], score: float, how: str) -> Decision:
    """The one of several organisations for which most speaks, if enough does."""
    possible = [
        _scored(question, entries, used, score, how)
        for entries in _in_full(found, used)
        if fits(entries[0], question.country) and not any(_other_form(name, entries) for name in question.names)
    ]
    return best(possible, "organisation")


def _in_full(found: Iterable[list[Entry]], used: Sequence[str]) -> list[list[Entry]]:
    """Of several organisations whose names differ in their legal forms alone, those that bear one to the letter."""
    several = list(found)
    if len(several) < 2:
        return several
    written = {name for name in used if legal_form(name)}
    full = [entries for entries in several if any(name.text in written for entry in entries for name in entry.names)]
    return full or several


def _scored(question: _Question, entries: list[Entry], used: Sequence[str], score: float, how: str) -> Scored:
    """An organisation with what speaks for and against it."""
    said = [(score, f"{how} is {_bearing(entries, used)}"), *_from_names(question, entries, used)]
    said += _from_context(question, entries, used)
    total = sum(weight for weight, _ in said)
    return Scored(tuple(entries), round(min(total, 0.99), 2), tuple(reason for _, reason in said))


def _from_names(question: _Question, entries: list[Entry], used: Sequence[str]) -> Iterator[tuple[float, str]]:
    if any(normalise(entry.name) == normalise(name) for entry in entries for name in used):
        yield 0.1, "it is its usual name"
    letters = max(map(len, used))
    if letters <= _SHORT and used[0].isascii() and used[0] not in words("plain_abbreviations"):
        yield -0.1 if letters == _SHORT else -0.25, f"the name has {letters} letters only"
    if any(entry.type is question.type for entry in entries):
        yield 0.02, "its type agrees"


def _from_context(question: _Question, entries: list[Entry], used: Sequence[str]) -> Iterator[tuple[float, str]]:
    country, around = entries[0].country, question.around
    if question.country:
        yield 0.1, f"the text gives its country ({question.country})"
    elif country in around.countries:
        yield 0.1, f"the document speaks of its country ({country})"
    elif around.countries and not around.countries & _HOME:
        yield -0.3, "the document speaks of other countries"
    elif not any(_may_be(question.type, entry.type) for entry in entries) and is_acronym(used[0]):
        general = any(entry.type is EntityType.ORGANIZATION for entry in entries)
        yield -0.1 if general else -0.15, f"the document does not speak of its country ({country})"
    if any(entry.parent and entry.parent in around.parents for entry in entries):
        yield 0.1, "the document names its town"


def _bearing(entries: Sequence[Entry], used: Sequence[str]) -> str:
    """What a name is to an organisation, in words."""
    wanted = {normalise(name) for name in used}
    name = next((name.text for entry in entries for name in entry.names if normalise(name.text) in wanted), "")
    return f"a name of {entries[0].name}" if name else f"short for {entries[0].name}"


def _other_form(name: str, entries: Sequence[Entry]) -> bool:
    """Whether a name's legal form belongs to another country than the organisation: 'Merck & Co.' is no German
    house, a 'Mindray GmbH' no Chinese one."""
    form = legal_form(name)
    if not form or form == "company":
        return False
    german = form in _german_legal_forms()
    if german == (entries[0].country == "DE"):
        return False
    return all(legal_form(own.text) != form for entry in entries for own in entry.names)


@cache
def _german_legal_forms() -> frozenset[str]:
    return frozenset(fold(form) for form in words("legal_forms_german"))


def organization_id(entries: Sequence[Entry], reference: Reference) -> str:
    """The id of a known organisation: its name, and its country where another known one bears that name."""
    first = entries[0]
    local = slug(first.name)
    ids = {entry.id for entry in entries}
    others = [
        other for other in reference.lookup(first.name) if slug(other.name) == local and other.type in ORGANIZATIONS
    ]
    rivals = [members for members in group(others) if not ids & {entry.id for entry in members}]
    if not rivals:
        return f"agent:{local}"
    if all(members[0].country != first.country for members in rivals):
        return f"agent:{local}-{first.country.lower()}"
    return f"agent:{local}-{slug(first.id)}"


def names_of(entries: Sequence[Entry]) -> tuple[Name, ...]:
    """All names of an organisation's entries, in order."""
    return distinct_names(name for entry in entries for name in entry.names)

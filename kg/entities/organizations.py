"""Which known organisation a name of a document stands for, if any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from kg.entities.names import is_acronym
from kg.model import ORGANIZATIONS, EntityType, Name
from kg.names import normalise, slug
from kg.reference import Entry, Reference

_FIRMS = frozenset({EntityType.COMPANY})
_SHORTEST = 3


def group(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries of one organisation brought together: the same words for a name, or the same web site, in the same
    country."""
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


def candidates(names: Iterable[str], type_: EntityType, reference: Reference) -> list[list[Entry]]:
    """The known organisations that bear one of the names and may be of the type, each as its entries."""
    found = {
        entry.id: entry
        for name in names
        if len(name) >= _SHORTEST or not name.isascii()
        for entry in reference.lookup(name)
        if entry.type in ORGANIZATIONS and _may_be(type_, entry.type)
    }
    return group([found[identifier] for identifier in sorted(found)])


def _may_be(said: EntityType, known: EntityType) -> bool:
    """Whether the document's type fits the known one: companies are companies, the others are told apart less
    sharply."""
    return said is known or not {said, known} & {EntityType.COMPANY, EntityType.SPORTS_CLUB}


def choose(
    names: Sequence[str], type_: EntityType, country: str, spoken: frozenset[str], reference: Reference
) -> tuple[list[Entry], str]:
    """The entries of the organisation that is meant and the reason in words; no entries when the document does not
    settle it.

    `country` is the organisation's as the text gives it ('' if it does not), `spoken` the countries that the
    document speaks of."""
    full = [name for name in names if not is_acronym(name)]
    for used, how in (
        (full[:1], "by its full name"),
        (full[1:], "by a short name"),
        ([n for n in names if is_acronym(n)], "by its abbreviation"),
    ):
        found = [entries for entries in candidates(used, type_, reference) if _fits(entries[0], country, spoken)]
        exact = [
            entries
            for entries in found
            if any(normalise(entry.name) == normalise(n) for entry in entries for n in used)
        ]
        chosen = exact if len(exact) == 1 else found
        if len(chosen) == 1:
            return chosen[0], f"the only known {chosen[0][0].type} of this name, {how}"
        if chosen:
            return [], f"{len(chosen)} known organisations of this name"
    return [], "no organisation of this name in the reference data"


def _fits(entry: Entry, country: str, spoken: frozenset[str]) -> bool:
    """Whether an entry's country agrees with what the text says of it, or else with the countries spoken of."""
    china = {"CN", "HK", "MO"}
    if country:
        return entry.country == country or {entry.country, country} <= china
    return not spoken or entry.country in spoken or (entry.country in china and bool(spoken & china))


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
    """All names of an organisation's entries, in order, each text once."""
    found: dict[str, Name] = {}
    for entry in entries:
        for name in entry.names:
            found.setdefault(name.text, name)
    return tuple(found.values())

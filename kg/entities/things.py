"""What the claims of a document speak of: things with the forms of their names, and what the words around them add."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from kg.entities.names import bare_person, kind_of, titled
from kg.entities.nationality import Nationality, nationalities, places_in
from kg.lexicon import words
from kg.model import ORGANIZATIONS, Argument, Claim, EntityType, Mention
from kg.names import normalise
from kg.reference import Reference

_IN = re.compile(r"\s+(?:in|at|of|zu|von)\s+(?:the\s+)?")

_WITHIN = re.compile(r"(?:,?\s+in|,|\s*\()\s*(?:the\s+)?(?:(?:northern|southern|eastern|western|central)\s+)?")
"""What may stand between a place and one that it lies in."""
_GOES_ON = re.compile(r"\s*,?\s+(?:and|or|und|oder|as\s+well)\b")

Key = tuple[str, str]
"""What a thing is known by in a document: its kind and the words of its name."""


@dataclass(slots=True)
class Thing:
    """What the claims of a document name under one name: the forms of the name, where it stands first, the names that it makes
    with the words around it, the place that the text puts it in, its country."""

    name: str
    type: EntityType
    start: int
    forms: set[str] = field(default_factory=set)
    placed: set[str] = field(default_factory=set)
    within: str = ""
    given: Nationality | None = None

    @property
    def names(self) -> list[str]:
        """The name, then its other forms, longest first."""
        return [self.name, *sorted(self.forms - {self.name}, key=lambda form: (-len(form), form))]

    @property
    def completed(self) -> list[str]:
        """The name with the town behind it or the country that the text gives it: 'Xi'an Jiaotong University' of 'Jiaotong
        University in Xi'an', 'Federal Ministry of Finance' of 'the German Ministry of Finance'."""
        fronts = _national_words().get(self.given.country, ()) if self.given else ()
        return [*sorted(self.placed), *(f"{front} {self.name}" for front in fronts)]


def things_of(
    text: str, claims: Sequence[Claim], mentions: Sequence[Mention], reference: Reference
) -> dict[Key, Thing]:
    """The things that arguments name, in order of the text."""
    found: dict[Key, Thing] = {}
    ordered = sorted(enumerate(_arguments(claims)), key=lambda pair: (pair[1].start, pair[0]))
    for _, argument in ordered:
        key = key_of(argument.name, argument.type)
        found.setdefault(key, Thing(argument.name, argument.type, argument.start, {argument.name}))
    places_at = {mention.start: mention.text for mention in mentions if mention.type is EntityType.PLACE}
    for mention in mentions:
        thing = found.get(key_of(mention.entity, mention.type))
        if thing and not mention.anaphoric:
            thing.forms |= {mention.text, *titled(text, mention)}
            thing.within = thing.within or _place_behind(text, mention, places_at)
            between = _IN.match(text, mention.end)
            if between and between.end() in places_at:
                thing.placed |= _with_place(mention.text, places_at[between.end()])
    _give_countries(text, found, mentions, reference)
    return found


def _place_behind(text: str, mention: Mention, places_at: Mapping[int, str]) -> str:
    """The place that a place is said to lie in: 'Rotenburg in Hesse', 'Rotenburg (Hesse)'; '' where none is, or a list of places
    goes on."""
    behind = _WITHIN.match(text, mention.end) if mention.type is EntityType.PLACE else None
    place = places_at.get(behind.end(), "") if behind else ""
    return "" if place and behind and _GOES_ON.match(text, behind.end() + len(place)) else place


def _with_place(name: str, place: str) -> set[str]:
    """The ways to write a name with a place."""
    return {f"{place} {name}", f"{name} {place}", f"{name} of {place}"}


@cache
def _national_words() -> Mapping[str, Sequence[str]]:
    return {code: fronts.split("|") for code, fronts in (line.split("\t") for line in words("national_words"))}


def _give_countries(text: str, things: Mapping[Key, Thing], mentions: Sequence[Mention], reference: Reference) -> None:
    given = {normalise(name): found for name, found in nationalities(text, mentions, reference).items()}
    for thing in things.values():
        thing.given = next((given[normalise(name)] for name in thing.names if normalise(name) in given), None)


def key_of(name: str, type_: EntityType) -> Key:
    """The key under which a name of this type is known in its document."""
    kind = kind_of(type_)
    return kind, (bare_person(name) if kind == "person" else normalise(name)) or name


def _arguments(claims: Iterable[Claim]) -> Iterable[Argument]:
    for claim in claims:
        yield claim.subject
        yield claim.object


def places_of(mention: Mention, reference: Reference) -> Iterable[str]:
    """The places that a mention names: itself, or those in the name of a body ('Nanshan District Government of Shenzhen')."""
    if mention.type is EntityType.PLACE:
        return (mention.entity,)
    return places_in(mention.text, reference) if mention.type in ORGANIZATIONS and not mention.anaphoric else ()

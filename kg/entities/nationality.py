"""Which country the words around a name give it: 'German carmaker BMW', 'China's CATL', 'German companies, including
X and Y', 'the Ministry of Commerce of Poland', 'Hamburg, New York'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kg.entries import Entry
from kg.lexicon import words
from kg.model import ORGANIZATIONS, EntityType, Mention
from kg.reference import Reference

_PLACES = frozenset({"country", "state", "city", "district"})
_GIVEN = frozenset({EntityType.GROUP, EntityType.PERSON, EntityType.PLACE})
_BEFORE, _AFTER, _LIST = 80, 60, 300
"""Characters looked at before a name, behind it, and behind the name of a group."""

_VERB = re.compile(
    r"(?<![\w-])(?!listed|owned|called|named)\w+ed\b|(?:ing|(?<!s|r|t|m|p|k|d)s|(?<!en)ts)$",
)
"""A verb between adjective and name, or a plural that the name is no part of, as far as endings tell."""
_SEPARATOR = re.compile(r"\s*(?:,\s*(?:and\s+|as\s+well\s+as\s+)?|and\s+|&\s*|as\s+well\s+as\s+|or\s+)(?:the\s+)?")


@dataclass(frozen=True, slots=True)
class Nationality:
    """A country (ISO 3166-1 alpha-2) and the words that give it."""

    country: str
    reason: str


@cache
def adjectives() -> Mapping[str, str]:
    """Country by nationality adjective, as the word list has them."""
    return dict(line.split("\t") for line in words("nationalities"))


@cache
def _adjective() -> str:
    return (
        "(?P<word>"
        + "|".join(re.escape(word) for word in sorted(adjectives(), key=lambda word: (-len(word), word)))
        + ")"
    )


@cache
def _nouns() -> str:
    """Up to four words in small letters, none of which ends a noun phrase."""
    closing = "|".join(re.escape(word) for word in (*words("not_before_names"), "the", "a", "an", "its", "their"))
    return rf"(?:[\s-]+(?!(?:{closing})\b)[a-z][\w-]*){{0,4}}"


@cache
def _before() -> re.Pattern[str]:
    """An adjective, then nouns up to the name; or a place with 's or -based, then nouns up to the name."""
    place = r"(?P<place>[A-Z][\w’'-]*(?:\s[A-Z][\w-]*){0,2}?)(?:['’]s|['’]|-based|-headquartered)"
    return re.compile(rf"(?<![\w-])(?:{_adjective()}|{place})(?P<nouns>{_nouns()})[ ]+[\"“„]?$")


@cache
def _behind() -> re.Pattern[str]:
    """', a German carmaker', ', the largest Chinese insurer'."""
    article = r"\s*(?:\([^()]{1,30}\))?\s*,\s+(?:an?|the|one of the)\s+"
    return re.compile(article + rf"(?:[a-z][\w-]*\s+){{0,2}}{_adjective()}(?=[\s-][a-z])")


@cache
def _within() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_adjective()}(?![\w])")


@cache
def _such_as() -> re.Pattern[str]:
    return re.compile(
        r"[\s,(:–—-]*(?:" + "|".join(re.escape(phrase) for phrase in words("such_as")) + r")\s+(?:the\s+)?",
        re.IGNORECASE,
    )


@cache
def _regions() -> Mapping[str, str]:
    """Country by the name of one of its parts, for parts of other countries than the reference data tell."""
    return dict(line.split("\t") for line in words("regions_elsewhere"))


_CAPITALS = r"[A-Z][\w’'-]*(?:\s(?:of\s)?[A-Z][\w-]*){0,3}"
_NO_LIST = rf"(?!\s*,?\s+(?:and|or|und|oder|as\swell)\b|,\s+{_CAPITALS}(?:,|,?\s+(?:and|or|und)\b)|['’])"
_KINDS = r"(?:city|town|village|province|state|region|port|capital)"
_ENCLOSED = re.compile(
    rf"(?:,\s+(?:an?\s+(?:\w+\s+)?{_KINDS}\s+(?:of|in)\s+)?|\s*\()(?:the\s+)?(?P<place>{_CAPITALS})(?=[,.;:)\n]|$){_NO_LIST}"
)
"""What a place lies in, behind it in commas or brackets; the next name of a list is none."""
_CITY_OF = rf"\s+{_KINDS}\s+of\s+(?:the\s+)?$"
_OF = re.compile(rf"\s+of\s+(?:the\s+)?(?P<place>{_CAPITALS})")


@cache
def _called() -> re.Pattern[str]:
    """'the Swiss city of', right before a place."""
    return re.compile(rf"(?<![\w-]){_adjective()}{_CITY_OF}")


def country_of_place(name: str, reference: Reference) -> str:
    """The country that all places of this name lie in, '' if there is none or they lie in several."""
    found = [entry for entry in reference.lookup(name) if entry.type is EntityType.PLACE]
    countries = {entry.country for entry in found}
    if len(countries) > 1:
        countries = {entry.country for entry in _outstanding(found)}
    return countries.pop() if len(countries) == 1 else ""


def _outstanding(entries: Iterable[Entry]) -> list[Entry]:
    """A country, or the one place that is ten times as big as the next."""
    ordered = sorted(entries, key=lambda entry: (entry.kind != "country", -entry.population, entry.id))
    first, second = ordered[0], ordered[1]
    return [first] if first.kind == "country" or first.population >= 10 * max(second.population, 1) else ordered


def nationality(text: str, mention: Mention, reference: Reference) -> Nationality | None:
    """The country that the words around one mention give it, None if they give none."""
    if mention.type is EntityType.GROUP:
        return _of_group(text, mention, reference)
    if mention.type is EntityType.PLACE:
        return _of_place(text, mention, reference)
    before = _before().search(text[max(0, mention.start - _BEFORE) : mention.start])
    if before and not _VERB.search(before["nouns"]):
        return _found(before, mention.text, reference)
    after = text[mention.end : mention.end + _AFTER]
    behind = _behind().match(after)
    if behind:
        return _found(behind, mention.text, reference)
    of = _OF.match(after) if mention.type in ORGANIZATIONS else None
    country = _country_named(of["place"], reference) if of else ""
    return Nationality(country, f"the text says it is {of[0].strip()}") if of and country else None


def _of_place(text: str, mention: Mention, reference: Reference) -> Nationality | None:
    """The country that a place is said to lie in: 'the Swiss city of Freiburg', 'Freiburg, Switzerland', 'Hamburg (New York)'."""
    called = _called().search(text, max(0, mention.start - _BEFORE), mention.start)
    if called:
        return Nationality(adjectives()[called["word"]], f"the text calls it {called['word']}")
    behind = _ENCLOSED.match(text, mention.end, mention.end + _AFTER)
    country = _country_named(behind["place"], reference) if behind else ""
    if not behind or not country or _country_named(mention.text, reference):
        return None
    return Nationality(country, f"the text puts it in {behind['place']}")


def _country_named(name: str, reference: Reference) -> str:
    """The country that a name is of, or lies in as one of its known parts; '' if it is no such name."""
    known = [entry for entry in reference.places(name) if entry.kind == "country"]
    return known[0].country if known else _regions().get(name, "")


def _found(match: re.Match[str], name: str, reference: Reference) -> Nationality | None:
    groups = match.groupdict()
    if groups["word"]:
        return Nationality(adjectives()[groups["word"]], f"the text calls it {groups['word']}")
    country = country_of_place(groups["place"], reference)
    return Nationality(country, f"the text gives it to {groups['place']}") if country else None


def _of_group(text: str, mention: Mention, reference: Reference) -> Nationality | None:
    """A group's country: an adjective in its name, or 'from' a place in or right behind it; none if there are two."""
    found = {adjectives()[match["word"]]: match["word"] for match in _within().finditer(mention.text)}
    if len(found) == 1:
        return Nationality(next(iter(found)), f"the text calls it {next(iter(found.values()))}")
    behind = re.match(r"\s+(?:from|in|of)\s+(?:the\s+)?", text[mention.end : mention.end + 20])
    whole = text[mention.start : mention.end + (_AFTER if behind else 0)]
    place = re.search(
        r"\b(?:from|in|of)\s+(?:the\s+)?(?:city of\s+)?(?P<place>[A-Z][\w-]*(?:\s[A-Z][\w-]*){0,2})", whole
    )
    if found or not place:
        return None
    return _longest_place(place["place"], reference)


def in_name(name: str, reference: Reference) -> Nationality | None:
    """The country that an organisation's own name gives it: its adjectives first, else the places in it, if they
    agree."""
    said = {adjectives()[match["word"]]: match["word"] for match in _within().finditer(name)}
    if said:
        return Nationality(next(iter(said)), f"its name says {next(iter(said.values()))}") if len(said) == 1 else None
    held = places_in(name, reference)
    countries = {country for place in held if (country := country_of_place(place, reference))}
    return Nationality(countries.pop(), f"its name holds {held[0]}") if len(countries) == 1 else None


def places_in(name: str, reference: Reference) -> list[str]:
    """The names of places within a name."""
    return [name[start:end] for start, end, kinds in reference.spans(name) if kinds & _PLACES]


def _longest_place(name: str, reference: Reference) -> Nationality | None:
    parts = name.split()
    for size in range(len(parts), 0, -1):
        country = country_of_place(" ".join(parts[:size]), reference)
        if country:
            return Nationality(country, f"it comes from {' '.join(parts[:size])}")
    return None


def nationalities(text: str, mentions: Sequence[Mention], reference: Reference) -> dict[str, Nationality]:
    """Country by document-level name, from the words around all mentions; the first that says so counts.

    Members of an exemplified group have the group's country: 'German companies, including X and Y'."""
    ordered = sorted(mention for mention in mentions if not mention.anaphoric)
    found: dict[str, Nationality] = {}
    inherited: dict[str, Nationality] = {}
    for number, mention in enumerate(ordered):
        if mention.type in ORGANIZATIONS or mention.type in _GIVEN:
            given = nationality(text, mention, reference)
            if given:
                found.setdefault(mention.entity, given)
        if mention.type is EntityType.GROUP and mention.entity in found:
            for member in _members(text, mention, ordered[number + 1 :]):
                given = Nationality(found[mention.entity].country, f"it is named as one of '{mention.text}'")
                inherited.setdefault(member.entity, given)
    return {**inherited, **found}


def _members(text: str, group: Mention, following: Sequence[Mention]) -> list[Mention]:
    """The organisations that are listed as examples behind a group's name."""
    start = _such_as().match(text, group.end, group.end + _LIST)
    members: list[Mention] = []
    at = start.end() if start else -1
    for mention in following:
        if mention.start != at or mention.type not in ORGANIZATIONS:
            if mention.start < at:
                continue
            break
        members.append(mention)
        separator = _SEPARATOR.match(text, mention.end)
        at = separator.end() if separator else -1
    return members

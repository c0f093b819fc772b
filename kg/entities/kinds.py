"""One name, one type: what the mentions of a name in a document agree on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kg.entities.names import kind_of, surnames
from kg.model import EntityType, Mention
from kg.names import normalise
from kg.reference import Reference

_PLACE_KINDS = frozenset({"country", "state", "city", "district"})
AGAIN = 1.9
"""What a longer name weighs in the vote on the type of a word that it is called by again: a little less than a sure reading of the
word itself, for firms bear the names of their owners."""

_DESCRIBED = frozenset({"group", "sector", "event"})
"""Classes whose names are descriptions: their words have no other type."""


def with_one_type(mentions: list[Mention], reference: Reference) -> list[Mention]:
    """One type for one name: the one with the most confidence, longer names counting more; a club may bear its
    town's name."""
    votes: dict[str, dict[EntityType, float]] = defaultdict(lambda: defaultdict(float))
    for mention in mentions:
        weight = mention.confidence * (1 + len(mention.text.split()))
        votes[normalise(mention.text)][mention.type] += weight
    for word, longer in _longer(mentions, reference).items():
        votes[word][longer.type] += longer.confidence * AGAIN
    clubs = {word for m in mentions if m.type is EntityType.SPORTS_CLUB for word in normalise(m.text).split()}
    return [_with_type(m, votes[normalise(m.text)], clubs, reference) for m in mentions]


def _longer(mentions: Sequence[Mention], reference: Reference) -> dict[str, Mention]:
    """The longer name that a single word stands for, where there is but one kind: a person's surname, or the beginning of an
    organisation's name, unless the reference data know the word alone as a name of a body (or, for the second, of a place)."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        for word in _short_forms(mention):
            found[word].append(mention)
    told = {word: some[0] for word, some in found.items() if len({mention.type for mention in some}) == 1}
    return {word: one for word, one in told.items() if not _known(word, one.type, reference)}


def _short_forms(mention: Mention) -> list[str]:
    """The single words by which a person or an organisation may be called again."""
    if kind_of(mention.type) == "organization":
        return normalise(mention.text).split()[:1] if " " in normalise(mention.text) else []
    return surnames(mention.text) if kind_of(mention.type) == "person" else []


def _known(word: str, type_: EntityType, reference: Reference) -> bool:
    return bool(reference.organizations(word) if type_ is EntityType.PERSON else reference.lookup(word))


def _with_type(mention: Mention, votes: dict[EntityType, float], clubs: set[str], reference: Reference) -> Mention:
    if len(votes) == 1 or kind_of(mention.type) in _DESCRIBED:
        return mention
    town = EntityType.SPORTS_CLUB in votes and EntityType.PLACE in votes and normalise(mention.text) in clubs
    if town and mention.type in (EntityType.SPORTS_CLUB, EntityType.PLACE) and is_place(mention.text, reference):
        return mention
    best = max(sorted(votes), key=lambda type_: votes[type_])
    return mention if mention.type is best else replace(mention, type=best)


def is_place(name: str, reference: Reference, least: int = 0) -> bool:
    """Whether the reference data know a place by this name, of at least so many people where they tell."""
    places = (entry for entry in reference.lookup(name) if entry.kind in _PLACE_KINDS)
    return any(not 0 < entry.population < least for entry in places)

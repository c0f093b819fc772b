"""The things that a text has named, as far as a referring word may mean them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from kg.anaphora.words import Word
from kg.entities.nationality import country_of_place, in_name, nationalities
from kg.model import ORGANIZATIONS, EntityType, Mention
from kg.reference import Reference

FAR_BACK = 40
"""How many sentences before its own a referring word may look."""
MANY = 40
"""How many things it may choose among; the last ones named count."""
AROUND, BESIDE = 70, 22
"""How many characters around a name tell what it is ('the brewer Ankerbräu'), and how many right beside it."""
MENTIONS = 2
"""Of how many first and last mentions the surroundings count."""


@dataclass(slots=True, eq=False)
class Thing:
    """Something named: its mentions, the number of the sentence of each, the words that were found to refer to it (`heads`)
    and the sentence of the last of them; its country and, of a place, its kinds, as far as they are known."""

    name: str
    type: EntityType
    country: str
    kinds: frozenset[str]
    mentions: list[Mention] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    referred: int = -FAR_BACK

    def last_before(self, position: int) -> int:
        """The number of its last mention before a position; -1 if it is only named behind."""
        return bisect_left(self.mentions, position, key=lambda m: m.start) - 1


class Context:
    """A text with the things that it names, in the order of their first mentions, and what its words have meant so far."""

    def __init__(self, text: str, named: Sequence[Sequence[Mention]], reference: Reference) -> None:
        """`named` are the mentions of each sentence."""
        self.text, self.named = text, named
        self.meant: Thing | None = None
        """What the referring word before meant."""
        self.kept: dict[object, Any] = {}
        """What was worked out for one word and holds for others."""
        self._reference = reference
        told = nationalities(text, [mention for mentions in named for mention in mentions], reference)
        self._things: dict[tuple[str, EntityType], Thing] = {}
        for number, mentions in enumerate(named):
            for mention in mentions:
                key = mention.entity, mention.type
                if key not in self._things:
                    country = told[mention.entity].country if mention.entity in told else ""
                    self._things[key] = self._new(mention, country)
                self._things[key].mentions.append(mention)
                self._things[key].sentences.append(number)

    def thing(self, mention: Mention) -> Thing:
        """What a mention names."""
        return self._things[mention.entity, mention.type]

    def _new(self, mention: Mention, country: str) -> Thing:
        name, is_place = mention.entity, mention.type == EntityType.PLACE
        entries = [e for e in self._reference.lookup(name) if (e.type == EntityType.PLACE) == is_place]
        if is_place:
            kinds = frozenset(entry.kind for entry in entries)
            return Thing(name, mention.type, country_of_place(name, self._reference), kinds)
        if not country and mention.type in ORGANIZATIONS:
            said = in_name(name, self._reference)
            countries = {said.country} if said else {entry.country for entry in entries}
            country = countries.pop() if len(countries) == 1 else ""
        return Thing(name, mention.type, country, frozenset())

    def candidates(self, word: Word) -> list[Thing]:
        """What a word may mean, the last named first: what fits its types and is named before it, not too far, and then what is
        named behind it in its sentence; at most MANY."""
        same = self.named[word.sentence]
        before = self.named[max(0, word.sentence - FAR_BACK) : word.sentence]
        mentions = chain(
            (m for m in reversed(same) if m.start < word.start),
            (m for sentence in reversed(before) for m in reversed(sentence)),
            (m for m in same if m.start >= word.start),
        )
        things = (self.thing(mention) for mention in mentions if mention.type in word.types)
        return list(islice(dict.fromkeys(things), MANY))

    def settle(self, word: Word, things: Iterable[Thing]) -> None:
        """Takes note of what a word means, which tells what the next may."""
        for thing in things:
            thing.heads.append(word.head)
            thing.referred = word.sentence
            self.meant = thing

    def country_of(self, place: str) -> str:
        """The country of a place that is written in small letters; '' if there is none."""
        return country_of_place(place.title(), self._reference)

    def around(self, thing: Thing, nearest: int, position: int, width: int) -> str:
        """The words up to `width` characters around a thing's mentions up to number `nearest`, those before a position, in small
        letters."""
        key = thing, nearest, width
        kept: str | None = self.kept.get(key)
        if kept is not None:
            return kept
        before = thing.mentions[: max(1, nearest + 1)]
        chosen = before if len(before) <= 2 * MENTIONS else [*before[:MENTIONS], *before[-MENTIONS:]]
        spans = ((max(0, m.start - width), min(m.end + width, max(m.end, position))) for m in chosen)
        found = " | ".join(self.text[start:end] for start, end in spans).casefold()
        if before[-1].end + width <= position:
            self.kept[key] = found
        return found

"""What is known of a referring word and of each thing that it may mean, as numbers from which a network tells which it is.

They are those that have told referents since Soon, Ng and Lim (2001): distance, order, agreement, what stands around both,
what was meant before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log1p
from typing import Any, Self

import numpy as np

from kg.anaphora.things import AROUND, BESIDE, FAR_BACK, Context, Thing
from kg.anaphora.words import PAIR, Word, lexicon
from kg.entities.nationality import adjectives
from kg.lexicon import words
from kg.model import EntityType

KINDS = ("one", "several", "he", "she", "it", "they", "we", "there", "two", "latter", "former", "nation")
"""The kinds of referring words."""
_TYPES = tuple(t for t in EntityType if t != EntityType.SECTOR)
_PLACES = ("country", "state", "city", "district")
_CLOSE = 40
"""Characters between a name and a word that stand close together."""
_LINE = 10_000
"""Characters before a word in which an open quotation is looked for."""
_NEXT = re.compile(r"\W*([\w’'-]+)")
_PREVIOUS = re.compile(r"([\w’'-]+)[\s\"“„(]*$")
_GENITIVES = ("'s", "’s")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A thing as seen from a word: the number of its nearest mention before it (-1: it is only named behind), characters `start` to
    `end` and `sentence` of that mention, or else of its first."""

    thing: Thing
    nearest: int
    start: int
    end: int
    sentence: int

    @classmethod
    def of(cls, thing: Thing, position: int) -> Self:
        nearest = thing.last_before(position)
        shown = thing.mentions[max(0, nearest)]
        return cls(thing, nearest, shown.start, shown.end, thing.sentences[max(0, nearest)])


@dataclass(frozen=True, slots=True)
class _Rivals:
    """All that a word may mean, counted together: the starts of nearest mentions, latest first; the latest by type; where the
    sentence that names one of them last begins to; how often the most frequent is named; where the first is; how many there are
    of a type, and of how many countries."""

    starts: Sequence[int]
    latest: Mapping[EntityType, int]
    lead: int
    most: int
    first: int
    counts: Mapping[EntityType, int]
    countries: Mapping[EntityType, int]

    @classmethod
    def of(cls, candidates: Sequence[_Candidate]) -> Self:
        before = sorted((c for c in candidates if c.nearest >= 0), key=lambda c: c.start)
        last = before[-1].sentence if before else -1
        types = [c.thing.type for c in candidates]
        return cls(
            tuple(c.start for c in reversed(before)),
            {c.thing.type: c.start for c in before},
            next((c.start for c in before if c.sentence == last), -1),
            max(len(c.thing.mentions) for c in candidates),
            min(c.thing.mentions[0].start for c in candidates),
            Counter(types),
            Counter(kind for kind, _ in {(c.thing.type, c.thing.country) for c in candidates}),
        )


def of(context: Context, word: Word, things: Sequence[Thing], frequent: Sequence[str]) -> tuple[Any, Any]:
    """The numbers of a word, and one row of numbers for each thing that it may mean; `frequent` are the heads that have a number of
    their own."""
    candidates = [_Candidate.of(thing, word.start) for thing in things]
    rivals = _Rivals.of(candidates)
    country = _country(context, word)
    beside = {number: _beside(context, word, number) for number in {c.sentence for c in candidates}}
    rows = [
        [
            *_of_name(context, candidate),
            *_of_thing(candidate, rivals),
            *_of_distance(context, word, candidate, rivals, beside[candidate.sentence]),
            *_of_agreement(context, word, candidate, country),
            *_of_history(context, word, candidate.thing),
        ]
        for candidate in candidates
    ]
    own = [*_of_word(context, word, len(things)), bool(country), *_one_of(word.head, frequent)]
    return np.array(own, dtype=np.float32), np.array(rows, dtype=np.float32)


def _one_of(value: object, values: Sequence[object]) -> list[float]:
    return [float(value == each) for each in values]


def _of_word(context: Context, word: Word, count: int) -> list[float]:
    """The word itself and what stands beside it."""
    text = context.text
    following = _NEXT.match(text, word.end)
    after = following.group(1).casefold() if following else ""
    before = _previous(text, word.start)
    behind = [m for m in context.named[word.sentence] if m.start >= word.end][:1]
    return [
        *_one_of(word.kind, KINDS),
        word.head in lexicon().possessives or text.startswith(_GENITIVES, word.end),
        text[word.start].isupper(),
        before in _listed("prepositions"),
        before in ("of", "in", "at"),
        before == "and",
        after in _listed("aux"),
        after in _listed("prepositions"),
        after in ("and", "or"),
        following is None or bool(text[word.end : following.start(1)].strip()),
        any(m.start - word.end <= 2 and m.type in word.types for m in behind),
        any(m.start - word.end <= 25 for m in behind),
        bool(lexicon().impersonal.match(text, word.end)),
        len(word.modifiers) > 0,
        len(word.modifiers) > 1,
        word.determiner in lexicon().demonstratives,
        word.determiner in lexicon().possessives,
        _quoted(text, word.start),
        *_one_of(count, (1, 2, 3)),
        log1p(count),
        *(t in word.types for t in _TYPES),
    ]


def _previous(text: str, position: int) -> str:
    found = _PREVIOUS.search(text, max(0, position - _CLOSE), position)
    return found.group(1).casefold() if found else ""


def _quoted(text: str, position: int) -> bool:
    line = text[text.rfind("\n", max(0, position - _LINE), position) + 1 : position][-_LINE:]
    return line.count("“") > line.count("”") or line.count('"') % 2 == 1


def _of_name(context: Context, candidate: _Candidate) -> list[float]:
    """The thing itself and what stands beside the mention from which it is seen: the same for all words that see it from there."""
    key = candidate.thing, candidate.start
    if key not in context.kept:
        context.kept[key] = _of_mention(context, candidate)
    found: list[float] = context.kept[key]
    return found


def _of_mention(context: Context, candidate: _Candidate) -> list[float]:
    text, thing = context.text, candidate.thing
    following = _NEXT.match(text, candidate.end)
    after = following.group(1) if following and following.start(1) - candidate.end == 1 else ""
    introduced = thing.mentions[0].start
    address = text[max(0, introduced - 30) : introduced] if thing.type == EntityType.PERSON else ""
    return [
        *_one_of(thing.type, _TYPES),
        *(kind in thing.kinds for kind in _PLACES),
        not thing.kinds,
        *_one_of(thing.country, ("DE", "CN")),
        thing.sentences[0] == 0,
        bool(lexicon().man.search(address)),
        bool(lexicon().woman.search(address)),
        text[max(0, candidate.start - _CLOSE) : candidate.start].rstrip()[-1:] in ("", *".!?:"),
        text.startswith(_GENITIVES, candidate.end),
        _previous(text, candidate.start) in _listed("prepositions"),
        after in _listed("aux"),
        after.islower() and after.endswith(("ed", "s")),
        after == "and",
        context.thing(context.named[candidate.sentence][0]) is thing,
    ]


def _of_thing(candidate: _Candidate, rivals: _Rivals) -> list[float]:
    """How much the thing is spoken of, beside the others."""
    thing = candidate.thing
    return [
        log1p(candidate.nearest + 1),
        candidate.nearest + 1 >= rivals.most,
        thing.mentions[0].start == rivals.first,
        rivals.countries[thing.type] > 1,
        rivals.counts[thing.type] == 1,
        rivals.counts[thing.type] == 2,
        log1p(rivals.counts[thing.type]),
    ]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a sentence names before a word that could be meant: the first and the last, whether there is no other, and the types of
    which it names two things."""

    first: Thing | None
    last: Thing | None
    alone: bool
    two: frozenset[EntityType]


def _beside(context: Context, word: Word, sentence: int) -> _Beside:
    named = [m for m in context.named[sentence] if m.type in word.types and m.start < word.start]
    things = [context.thing(m) for m in named]
    counts = Counter(kind for kind, _ in {(m.type, m.entity) for m in named})
    two = frozenset(kind for kind, count in counts.items() if count == 2)
    return _Beside(things[0] if things else None, things[-1] if things else None, len(things) == 1, two)


def _of_distance(context: Context, word: Word, candidate: _Candidate, rivals: _Rivals, beside: _Beside) -> list[float]:
    """How far it is from the word to the thing, and what else was named between."""
    thing, behind = candidate.thing, candidate.nearest < 0
    apart = FAR_BACK if behind else word.sentence - candidate.sentence
    gap = word.start - candidate.end
    between = context.text[candidate.end : word.start] if 0 <= gap <= _CLOSE else ""
    since = len(rivals.starts) if behind else rivals.starts.index(candidate.start)
    return [
        behind,
        *_one_of(apart, (0, 1, 2, 3)),
        4 <= apart <= 6,
        6 < apart < FAR_BACK,
        *_one_of(min(apart, word.sentence - thing.referred), (0, 1, 2)),
        beside.first is thing,
        beside.last is thing,
        beside.first is thing and beside.alone,
        thing.type in beside.two,
        *_one_of(since, (0, 1, 2, 3)),
        candidate.start == rivals.lead,
        candidate.start >= rivals.latest.get(thing.type, -1),
        0 <= gap <= _CLOSE // 4,
        0 <= gap <= _CLOSE,
        " and " in between,
        "," in between,
    ]


def _of_agreement(context: Context, word: Word, candidate: _Candidate, country: str) -> list[float]:
    """Whether what the word says of the thing is said of it elsewhere: its kind, its country, its attributes."""
    thing = candidate.thing
    around, close = (context.around(thing, candidate.nearest, word.start, width) for width in (AROUND, BESIDE))
    name = thing.name.casefold()
    described = word.kind in ("one", "several", PAIR)
    attributes = [m for m in word.modifiers if len(m) > 2]
    return [
        _holds(name, word.head.split()[-1]),
        described and _holds(around, word.head),
        described and _holds(close, word.head),
        any(m in around for m in attributes),
        any(m.removesuffix("-based") in close for m in attributes),
        bool(attributes) and attributes[0].removesuffix("-based") in around,
        any(m in name for m in attributes),
        bool(country) and thing.country == country,
        bool(country) and thing.country not in ("", country),
    ]


def _holds(text: str, words: str) -> bool:
    """Whether words stand in a text as a whole."""
    at = text.find(words)
    while at >= 0:
        if not text[at - 1 : at].isalnum() and not text[at + len(words) : at + len(words) + 1].isalnum():
            return True
        at = text.find(words, at + 1)
    return False


def _country(context: Context, word: Word) -> str:
    """The country that a word gives what it means: 'the Chinese side', 'the Hamburg group'; '' if it gives none."""
    countries = _countries()
    for said in (*word.modifiers, *word.head.split()[1:]):
        country = (
            countries.get(said)
            or countries.get(said.removesuffix("s"))
            or context.country_of(said.removesuffix("-based"))
        )
        if country:
            return country
    return ""


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(words(name))


@cache
def _countries() -> Mapping[str, str]:
    return {adjective.casefold(): country for adjective, country in adjectives().items()}


def _of_history(context: Context, word: Word, thing: Thing) -> list[float]:
    """What words before have meant."""
    return [
        log1p(len(thing.heads)),
        word.head in thing.heads,
        thing.heads[-1:] == [word.head],
        context.meant is thing,
        thing.referred == word.sentence,
        any(lexicon().kinds[head] == "he" for head in thing.heads),
        any(lexicon().kinds[head] == "she" for head in thing.heads),
    ]

"""Words that refer become mentions of what they mean: 'the Hamburg group', 'its', 'both cities', 'there'.

A small network, made by `python -m kg.training.anaphora`, gives each thing that a word may mean a score beside that of meaning
nothing that was named. Words for one thing mean the best, words for several all that are likely."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self

import numpy as np

from kg import reference
from kg.anaphora import features
from kg.anaphora.things import Context, Thing
from kg.anaphora.words import PAIR, Word, find
from kg.files import DATA
from kg.model import EntityType, Mention, Sentence

WEIGHTS = DATA / "anaphora.json"
LIKELY = 0.3
"""How likely a meaning has to be."""
OTHER = 0.1
"""How likely the second of two things has to be, if the first is likely."""
SEVERAL = frozenset({PAIR, "several", "they", "we"})
"""The kinds of words that may mean more than one thing."""
MOST = 4
"""How many things a word means at most."""


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer over a word's numbers; `frequent` are the heads that have a number of their own."""

    frequent: tuple[str, ...]
    hidden: Any
    bias: Any
    out: Any

    @classmethod
    def of(cls, text: str) -> Self:
        """The network of a file's text."""
        data: Mapping[str, Any] = json.loads(text)
        arrays = (np.array(data[name], dtype=np.float32) for name in ("hidden", "bias", "out"))
        return cls(tuple(data["frequent"]), *arrays)

    def scores(self, own: Any, rows: Any) -> Any:
        """One score for each row beside the numbers of the word itself; meaning nothing has 0."""
        shared = own @ self.hidden[: len(own)] + self.bias
        return np.tanh(rows @ self.hidden[len(own) :] + shared) @ self.out[:-1] + self.out[-1]


@cache
def shipped() -> Network:
    """The network that the package holds."""
    return Network.of(WEIGHTS.read_text(encoding="utf-8"))


def resolve(
    text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], network: Network | None = None
) -> tuple[Mention, ...]:
    """The referring mentions of a document, each under its referent's entity name; 'both cities' gives one for each city.
    What means nothing that is named is left out."""
    network = network or shipped()
    named = by_sentence(sentences, mentions)
    context = Context(text, named, reference.load())
    found: list[Mention] = []
    for word in find(text, sentences, named):
        things = context.candidates(word)
        if things:
            chances = _chances(word, network.scores(*features.of(context, word, things, network.frequent)))
            meant = [(things[n], float(chances[n])) for n in _chosen(word, chances)]
            context.settle(word, [thing for thing, _ in meant])
            found += [_mention(text, word, thing, chance) for thing, chance in meant]
    return tuple(sorted(found))


def by_sentence(sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> list[list[Mention]]:
    """The mentions of each sentence that something may refer to, in one pass over both."""
    found: list[list[Mention]] = [[] for _ in sentences]
    number = 0
    for mention in sorted(mentions):
        while number < len(sentences) and sentences[number].end <= mention.start:
            number += 1
        if number < len(sentences) and sentences[number].start <= mention.start and mention.type != EntityType.SECTOR:
            found[number].append(mention)
    return found


def _chances(word: Word, scores: Any) -> Any:
    """How likely each meaning is: of one thing beside the others and none, of several each by itself."""
    if word.kind in SEVERAL:
        return 1 / (1 + np.exp(-scores))
    highest = max(0.0, scores.max())
    scale = np.exp(scores - highest)
    return scale / (scale.sum() + np.exp(-highest))


def _chosen(word: Word, chances: Any) -> list[int]:
    """What a word means, in order: the likeliest, the two likeliest, or all that are likely."""
    ordered = [int(n) for n in np.argsort(-chances, kind="stable")]
    likely = [n for n in ordered if chances[n] >= LIKELY]
    if word.kind == PAIR:
        two = [n for n in ordered[:2] if chances[n] >= OTHER]
        return sorted(two) if likely and len(two) == 2 else []
    return sorted(likely[: MOST if word.kind in SEVERAL else 1])


def _mention(text: str, word: Word, thing: Thing, chance: float) -> Mention:
    """A mention by a word; its confidence is how likely it means that, and that of the name."""
    name = thing.mentions[0]
    return replace(
        name,
        start=word.start,
        end=word.end,
        text=text[word.start : word.end],
        anaphoric=True,
        count="",
        confidence=round(name.confidence * chance, 3),
    )

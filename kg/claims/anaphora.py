"""The simple rules for words that refer back by which the shipped reader was taught; in use, `kg.anaphora` tells what they mean.

A referent is sought in the same sentence (for pronouns and possessives) and in the three before it; the first mention of a
sentence counts before its later ones, because what a sentence is about is what the next one takes up. What has the word in its
name comes first ('the chamber'), wherever it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.files import DATA
from kg.model import EntityType, Mention, Sentence

BACK = 3
"""How many sentences before its own a referring word may look."""
FAR_BACK = 40
"""The same for a word that names what it refers to by its kind ('the chamber'), if nothing nearer fits."""


@dataclass(frozen=True, slots=True)
class _Words:
    pattern: re.Pattern[str]
    descriptions: dict[str, tuple[EntityType, ...]]
    pairs: dict[str, tuple[EntityType, ...]]
    pronouns: dict[str, tuple[EntityType, ...]]


@cache
def _words() -> _Words:
    data = tomllib.loads((DATA / "lexicon" / "anaphors_by_rule.toml").read_text(encoding="utf-8"))
    descriptions, pairs = _by_word(data["descriptions"]), _by_word(data["pairs"])
    pronouns = {word: tuple(EntityType(t) for t in types) for word, types in data["pronouns"].items()}

    def either(words: dict[str, tuple[EntityType, ...]]) -> str:
        return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))

    pattern = (
        rf"\b(?:(?:the|this)\s+(?:[\w’'-]+-based\s+|[A-Z][a-z]+\s+|latter\s+)?(?P<description>{either(descriptions)})"
        rf"|(?:the\s+two|both|the)\s+(?P<pair>{either(pairs)})|(?P<pronoun>{either(pronouns)}))\b(?![’'-]?\w)"
    )
    return _Words(re.compile(pattern, re.IGNORECASE), descriptions, pairs, pronouns)


def _by_word(types: dict[str, list[str]]) -> dict[str, tuple[EntityType, ...]]:
    found: dict[str, tuple[EntityType, ...]] = {}
    for name, words in types.items():
        for word in words:
            found[word] = (*found.get(word, ()), EntityType(name))
    return found


def resolve(text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The referring mentions of a document, each under its referent's entity name; 'both cities' gives one for each city.
    What finds no referent is left out."""
    by_sentence = _sorted_in(sentences, mentions)
    found: list[Mention] = []
    for number, sentence in enumerate(sentences):
        for match in _words().pattern.finditer(text, sentence.start, sentence.end):
            if not any(m.start < match.end() and match.start() < m.end for m in by_sentence[number]):
                context = by_sentence[max(0, number - FAR_BACK) : number]
                found += _referents(match, context, by_sentence[number])
    return tuple(found)


def _sorted_in(sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Each sentence's mentions, in one pass over both."""
    found: list[list[Mention]] = [[] for _ in sentences]
    number = 0
    for mention in sorted(mentions):
        while number < len(sentences) and sentences[number].end <= mention.start:
            number += 1
        if number < len(sentences) and sentences[number].start <= mention.start:
            found[number].append(mention)
    return found


def _referents(match: re.Match[str], before: Sequence[Sequence[Mention]], same: Sequence[Mention]) -> Iterator[Mention]:
    kind = str(match.lastgroup)
    word = " ".join(match.group(kind).casefold().split())
    types = getattr(_words(), f"{kind}s")[word]
    earlier = [m for m in same if m.end <= match.start()]
    near = before[-BACK:]
    if kind == "pair":
        chosen = _last_pair(types, [*near, earlier])
    elif kind == "description":
        chosen = (
            _bearer(word, types, [*before, earlier]) or _last_one(types, near, earlier) or _last_one(types, before, [])
        )
    else:
        chosen = _last_one(types, near, earlier)
    for mention in chosen:
        yield replace(
            mention,
            start=match.start(),
            end=match.end(),
            text=match.group(),
            anaphoric=True,
            count="",
            confidence=mention.confidence * 0.9,
        )


def _bearer(word: str, types: Sequence[EntityType], sentences: Sequence[Sequence[Mention]]) -> list[Mention]:
    """The nearest thing whose name has the word in it: 'the chamber' is the German Chamber, not the foundation named since."""
    head = re.compile(rf"\b{re.escape(word.split()[-1])}\b", re.IGNORECASE)
    for sentence in reversed(sentences):
        for mention in reversed(sentence):
            if mention.type in types and head.search(mention.entity):
                return [mention]
    return []


def _last_one(
    types: Sequence[EntityType], before: Sequence[Sequence[Mention]], earlier: Sequence[Mention]
) -> list[Mention]:
    """The referent of a singular: the first fitting mention of the nearest sentence that has one."""
    for sentence in (earlier, *reversed(before)):
        for wanted in ([t] for t in types) if len(types) > 2 else (types,):
            fitting = [m for m in sentence if m.type in wanted]
            if fitting:
                return fitting[:1]
    return []


def _last_pair(types: Sequence[EntityType], sentences: Sequence[Sequence[Mention]]) -> list[Mention]:
    """The last two different things of one type that stand in one sentence."""
    for sentence in reversed(sentences):
        for wanted in types:
            names: dict[str, Mention] = {}
            for mention in sentence:
                if mention.type == wanted:
                    names.setdefault(mention.entity, mention)
            if len(names) >= 2:
                return list(names.values())[:2]
    return []

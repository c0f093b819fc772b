"""Words that may refer to something named: pronouns, adverbs of place and descriptions ('the Hamburg group', 'both cities')."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.files import DATA
from kg.model import EntityType, Mention, Sentence

_NOUNS = ("one", "several")
PAIR = "two"
"""The kind of words that mean two things."""


@dataclass(frozen=True, slots=True)
class Word:
    """Characters `start` to `end` of a document that may refer: of which kind they are, the noun or pronoun itself (`head`), the
    words that open a description (`determiner`) and those between the two (`modifiers`), in small letters; the types that fit, and
    the number of its sentence."""

    start: int
    end: int
    kind: str
    head: str
    determiner: str
    modifiers: tuple[str, ...]
    types: frozenset[EntityType]
    sentence: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The referring words: a pattern that finds them, the kind of each head and the types that it fits; those that stand for an
    owner, and those that point; what follows a word that means nothing, and what tells that a person is a man or a woman."""

    pattern: re.Pattern[str]
    kinds: Mapping[str, str]
    types: Mapping[str, frozenset[EntityType]]
    possessives: frozenset[str]
    demonstratives: frozenset[str]
    impersonal: re.Pattern[str]
    man: re.Pattern[str]
    woman: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The words as the file has them."""
    data = tomllib.loads((DATA / "lexicon" / "anaphors.toml").read_text(encoding="utf-8"))
    rows = [(kind, name, words) for kind in _NOUNS for name, words in data[kind].items()]
    rows += [(kind, name, row["words"]) for kind, row in data["pronouns"].items() for name in row["types"]]
    kinds: dict[str, str] = {}
    types: dict[str, set[EntityType]] = {}
    for kind, name, words in rows:
        for word in words:
            kinds[word] = kind
            types.setdefault(word, set()).add(EntityType(name))
    verbs, then = _either(data["impersonal"]["verbs"]), _either(data["impersonal"]["then"])
    return Lexicon(
        _pattern(data, kinds),
        kinds,
        {word: frozenset(admitted) for word, admitted in types.items()},
        frozenset(data["possessives"]),
        frozenset(data["demonstratives"]),
        re.compile(rf"\s+(?:{verbs})\s+\w+(?:\s+\w+)?\s+(?:{then})\b", re.IGNORECASE),
        *(re.compile(rf"\b(?:{_either(data['beside'][who])})\b") for who in ("man", "woman")),
    )


def _pattern(data: Mapping[str, Any], kinds: Mapping[str, str]) -> re.Pattern[str]:
    """A description up to the last noun of its compound ('the two partner cities'), or a pronoun."""
    nouns = [word for word, kind in kinds.items() if kind in _NOUNS]
    noun, more = _either(nouns), _either([word for word in nouns if word not in data["verbs"]])
    pronoun = _either([word for word, kind in kinds.items() if kind not in _NOUNS])
    opening = rf"(?P<pair>{_either(data['pairs'])})|(?P<determiner>{_either(data['determiners'])})"
    modifier = rf"(?!(?:{_either(data['breaks'])})\b)[\w’'-]+\s+"
    described = rf"(?:{opening})\s+(?P<modifiers>(?:{modifier}){{0,3}}?)(?P<noun>{noun})(?!\s+(?:{more})(?![\w-]))"
    return re.compile(rf"(?<![\w’'-])(?:{described}|(?P<pronoun>{pronoun}))(?![\w-])", re.IGNORECASE)


def _either(words: Sequence[str]) -> str:
    """Longest first; a blank stands for any white space."""
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=lambda w: (-len(w), w)))


def find(text: str, sentences: Sequence[Sentence], named: Sequence[Sequence[Mention]]) -> Iterator[Word]:
    """The words of each sentence that may refer, in order; `named` are the mentions in it, whose own words do not."""
    for number, (sentence, mentions) in enumerate(zip(sentences, named, strict=True)):
        for match in lexicon().pattern.finditer(text, sentence.start, sentence.end):
            start = _start(text, match, mentions)
            if start is not None:
                yield _word(match, start, number)


def _start(text: str, match: re.Match[str], mentions: Sequence[Mention]) -> int | None:
    """Where a referring word begins: behind a name within a description ('the Hamburg group'); None if the words belong to a
    name, the head to an owner ('the Messe's partner'), or the pronoun is none ('US')."""
    at = match.start(str(match.lastgroup))
    if any((m.start < match.end() and at < m.end) or m.start <= match.start() < m.end for m in mentions):
        return None
    if match["pronoun"] and len(match["pronoun"]) > 1 and match["pronoun"].isupper():
        return None
    inside = max([m.end for m in mentions if match.start() < m.end <= at], default=match.start())
    if text.startswith(("'", "’"), inside):
        return None
    return inside + len(text[inside:at]) - len(text[inside:at].lstrip("-–\u00a0 \t\n\r"))


def _word(match: re.Match[str], start: int, sentence: int) -> Word:
    head, determiner, modifiers = (
        " ".join((match[group] or "").casefold().split()) for group in (str(match.lastgroup), "determiner", "modifiers")
    )
    kind = PAIR if match["pair"] else lexicon().kinds[head]
    return Word(start, match.end(), kind, head, determiner, tuple(modifiers.split()), lexicon().types[head], sentence)

"""Words that may refer to something named: pronouns, adverbs of place and descriptions ('the Hamburg group', 'both cities')."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kg.files import DATA
from kg.model import EntityType, Mention, Sentence

_NOUNS = ("one", "several")
PAIR = "two"
"""The kind of words that mean two things."""


@dataclass(frozen=True, slots=True)
class Word:
    """Characters `start` to `end` of a document that may refer: of which kind they are, the noun or pronoun itself (`head`) and
    what stands between it and the article (`modifiers`), in small letters; the types that fit, and its sentence's number."""

    start: int
    end: int
    kind: str
    head: str
    modifiers: tuple[str, ...]
    types: frozenset[EntityType]
    sentence: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The referring words: a pattern that finds them, the kind of each head and the types that it fits, those that stand for an
    owner, and what tells that a person's name is a man's or a woman's."""

    pattern: re.Pattern[str]
    kinds: Mapping[str, str]
    types: Mapping[str, frozenset[EntityType]]
    possessives: frozenset[str]
    man: re.Pattern[str]
    woman: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The words as the file has them."""
    data = tomllib.loads((DATA / "lexicon" / "anaphors.toml").read_text(encoding="utf-8"))
    kinds: dict[str, str] = {}
    types: dict[str, set[EntityType]] = {}
    rows = [(kind, name, words) for kind in _NOUNS for name, words in data[kind].items()]
    rows += [(kind, name, row["words"]) for kind, row in data["pronouns"].items() for name in row["types"]]
    for kind, name, words in rows:
        for word in words:
            kinds[word] = kind
            types.setdefault(word, set()).add(EntityType(name))
    nouns = _either([word for word, kind in kinds.items() if kind in _NOUNS])
    pronouns = _either([word for word, kind in kinds.items() if kind not in _NOUNS])
    modifier = rf"(?!(?:{_either(data['breaks'])})\b)[\w’'-]+\s+"
    pattern = (
        rf"(?<![\w’'-])(?:(?:(?P<pair>{_either(data['pairs'])})|{_either(data['determiners'])})\s+(?P<modifiers>(?:{modifier}){{0,3}}?)(?P<noun>{nouns})"
        rf"|(?P<pronoun>{pronouns}))(?![\w-])"
    )
    return Lexicon(
        re.compile(pattern, re.IGNORECASE),
        kinds,
        {word: frozenset(admitted) for word, admitted in types.items()},
        frozenset(data["possessives"]),
        *(re.compile(rf"\b(?:{_either(data['beside'][who])})\b") for who in ("man", "woman")),
    )


def _either(words: Sequence[str]) -> str:
    """Longest first; a blank stands for any white space."""
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=lambda w: (-len(w), w)))


def find(text: str, sentences: Sequence[Sentence], named: Sequence[Sequence[Mention]]) -> Iterator[Word]:
    """The words of each sentence that may refer, in order; `named` are the mentions in it, whose own words do not. A name within a
    description ('the Hamburg group') is left out of its characters."""
    for number, (sentence, mentions) in enumerate(zip(sentences, named, strict=True)):
        for match in lexicon().pattern.finditer(text, sentence.start, sentence.end):
            group = str(match.lastgroup)
            at = match.start(group)
            if any((m.start < match.end() and at < m.end) or m.start <= match.start() < m.end for m in mentions):
                continue
            inside = max([m.end for m in mentions if match.start() < m.end <= at], default=match.start())
            start = inside + len(text[inside:at]) - len(text[inside:at].lstrip(" \t\n-’'"))
            head = " ".join(match.group(group).casefold().split())
            modifiers = tuple((match.group("modifiers") or "").casefold().split())
            kind = PAIR if match.group("pair") else lexicon().kinds[head]
            yield Word(start, match.end(), kind, head, modifiers, lexicon().types[head], number)

"""Documents as the network sees them: windows of whole sentences, word pieces with their shape and gazetteer features."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kg.model import Sentence
from kg.reader.labels import GAZETTEER, OVERLAP, WINDOW

LONGEST = WINDOW - 2
"""Word pieces of a window without the special ones."""
_WORD = re.compile(r"\w[\w&.'’-]*")
Spans = Callable[[str], Iterable[tuple[int, int, Iterable[str]]]]
"""Finds reference names in a text: start, end, kinds."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word piece: its vocabulary number, characters `start` to `end` of the text, shape and gazetteer bits."""

    id: int
    start: int
    end: int
    shape: int
    gazetteer: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces `first` to `last` (exclusive) of a document, read together."""

    first: int
    last: int


def shape(word: str, initial: bool) -> int:
    """The case of a word, which an uncased encoder does not see: 1 digit, 2 sign, 3 capitals, 4 capitalised, 5 lower case,
    6 mixed case, 7 capitalised at the beginning of a sentence."""
    if any(c.isdigit() for c in word):
        return 1
    if not word or not word[0].isalpha():
        return 2
    if len(word) > 1 and word.isupper():
        return 3
    if any(c.isupper() for c in word[1:]):
        return 6
    if word[0].isupper():
        return 7 if initial else 4
    return 5


def shapes(text: str, sentence: Sentence) -> dict[int, int]:
    """The shape at each character of a sentence that belongs to a word; a hyphenated word is one word."""
    found: dict[int, int] = {}
    for match in _WORD.finditer(text, sentence.start, sentence.end):
        value = shape(match.group(), match.start() == sentence.start)
        found.update(dict.fromkeys(range(match.start(), match.end()), value))
    return found


def gazetteer(text: str, spans: Spans) -> dict[int, tuple[int, ...]]:
    """For each character inside a reference name, one bit a kind of thing that bears the name."""
    found: dict[int, tuple[int, ...]] = {}
    for start, end, kinds in spans(text):
        bits = tuple(int(kind in set(kinds)) for kind in GAZETTEER)
        found.update(dict.fromkeys(range(start, end), bits))
    return found


def pieces(text: str, sentences: Sequence[Sentence], tokenizer: Any, spans: Spans) -> tuple[list[Piece], list[int]]:
    """The word pieces of a document and, for each sentence, the number of its first piece."""
    nothing = (0,) * len(GAZETTEER)
    encodings = tokenizer.encode_batch([text[s.start : s.end] for s in sentences], add_special_tokens=False)
    found: list[Piece] = []
    firsts: list[int] = []
    for sentence, encoding in zip(sentences, encodings, strict=True):
        firsts.append(len(found))
        by_character = shapes(text, sentence)
        named = {
            sentence.start + at: bits for at, bits in gazetteer(text[sentence.start : sentence.end], spans).items()
        }
        for number, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            at = sentence.start + start
            found.append(Piece(number, at, sentence.start + end, by_character.get(at, 2), named.get(at, nothing)))
    return found, firsts


def windows(firsts: Sequence[int], total: int) -> list[Window]:
    """Windows over `total` pieces: whole sentences while they fit, then a new window that repeats the last sentences of the
    one before (at most OVERLAP pieces); a sentence that is longer than a window is cut. Linear."""
    found: list[Window] = []
    ends = [*firsts[1:], total]
    start = 0
    for number, end in enumerate(ends):
        if end - start <= LONGEST:
            continue
        if firsts[number] > start:
            found.append(Window(start, firsts[number]))
            start = _overlap(firsts, number, end)
        while end - start > LONGEST:
            found.append(Window(start, start + LONGEST))
            start += LONGEST - OVERLAP
    if start < total:
        found.append(Window(start, total))
    return found


def _overlap(firsts: Sequence[int], number: int, end: int) -> int:
    """Where a window that reads sentence `number` for the first time begins: as early as overlap and length allow."""
    start = firsts[number]
    for earlier in reversed(firsts[:number][-8:]):
        if firsts[number] - earlier > OVERLAP or end - earlier > LONGEST:
            break
        start = earlier
    return start

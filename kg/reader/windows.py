"""Documents as the network sees them: windows of whole sentences, word pieces with their shape and gazetteer features."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from kg.model import Sentence
from kg.reader.labels import GAZETTEER, OVERLAP, WINDOW

LONGEST = WINDOW - 2
"""Word pieces of a window without the special ones."""
T = TypeVar("T")
_WORD = re.compile(r"\w[\w&.'’-]*")
_END: tuple[int, int, Any] = (sys.maxsize, sys.maxsize, None)
Spans = Callable[[str], Iterable[tuple[int, int, Collection[str]]]]
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


@lru_cache(maxsize=16384)
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


def shapes(text: str) -> list[tuple[int, int, int]]:
    """The words of a sentence, as (start, end, shape); a hyphenated word is one word."""
    return [(m.start(), m.end(), shape(m.group(), m.start() == 0)) for m in _WORD.finditer(text)]


def gazetteer(text: str, spans: Spans) -> list[tuple[int, int, tuple[int, ...]]]:
    """The reference names in a sentence, as (start, end, bits), one bit a kind of thing that bears the name."""
    return [(start, end, tuple(int(kind in kinds) for kind in GAZETTEER)) for start, end, kinds in spans(text)]


def _covering(spans: Iterable[tuple[int, int, T]], positions: Iterable[int], otherwise: T) -> Iterator[T]:
    """What the span at each position holds, of spans and positions in order."""
    ahead = iter(spans)
    start, end, value = next(ahead, _END)
    for position in positions:
        while end <= position:
            start, end, value = next(ahead, _END)
        yield value if start <= position else otherwise


def pieces(text: str, sentences: Sequence[Sentence], tokenizer: Any, spans: Spans) -> tuple[list[Piece], list[int]]:
    """The word pieces of a document and, for each sentence, the number of its first piece."""
    nothing = (0,) * len(GAZETTEER)
    found: list[Piece] = []
    firsts: list[int] = []
    for sentence in sentences:
        firsts.append(len(found))
        at, words = sentence.start, text[sentence.start : sentence.end]
        encoding = tokenizer.encode(words, add_special_tokens=False)
        offsets = encoding.offsets
        starts = [start for start, _ in offsets]
        shaped, named = _covering(shapes(words), starts, 2), _covering(gazetteer(words, spans), starts, nothing)
        for number, (start, end), form, bits in zip(encoding.ids, offsets, shaped, named, strict=True):
            found.append(Piece(number, at + start, at + end, form, bits))
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

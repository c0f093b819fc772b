"""Where a sentence ends: runs of a text between full stops that end sentences, line breaks and bullets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kg.lexicon import words
from kg.model import Document, SectionKind, Sentence

_BREAK = re.compile(
    r"[.!?…][\"”’'»)\]]{0,3}(?=[ \t\u00a0\u3000]+[\"“‘'«(\[#@]{0,3}[A-Z0-9À-ÞΑ-ΩА-Я•–—])|[。！？][”’」』]?|[ \t]*(?:\r?\n)+[ \t]*"
)
_LAST_WORD = re.compile(r"([\w.&]{1,12})\.$")
_ORDINAL = re.compile(r"(?<![\w.,])\d{1,2}\.$")
_COUNTED = re.compile(r"\s+[A-Z]{2,4}\b")
"""What an ordinal counts: '1. FC Köln'."""
LONGEST = 1200
"""Characters after which a sentence is cut at a space: a machine-made line without a full stop is no sentence."""


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(words("abbreviations"))


def split(text: str, start: int = 0, end: int | None = None) -> tuple[Sentence, ...]:
    """The sentences of `text[start:end]`, in order, without surrounding white space; linear in the length of the text."""
    end = len(text) if end is None else end
    found: list[Sentence] = []
    begin = start
    for match in _BREAK.finditer(text, start, end):
        if match.group().strip() and _abbreviated(text, match.start() + 1):
            continue
        found += _pieces(text, begin, match.end() if match.group().strip() else match.start())
        begin = match.end()
    return (*found, *_pieces(text, begin, end))


def of_document(document: Document) -> tuple[Sentence, ...]:
    """The sentences of the parts of a document that claims are read from: title and body."""
    read = [s for s in document.sections if s.kind in (SectionKind.TITLE, SectionKind.BODY)]
    spans: Iterable[tuple[int, int]] = (
        ((s.start, s.end) for s in read) if document.sections else ((0, len(document.text)),)
    )
    return tuple(sentence for start, end in spans for sentence in split(document.text, start, end))


def _abbreviated(text: str, end: int) -> bool:
    """Whether the full stop before `end` belongs to an abbreviation, an initial or an ordinal ('Dr.', 'Hans-J.', '1. FC')."""
    if _ORDINAL.search(text, max(0, end - 3), end):
        return _COUNTED.match(text, end) is not None
    match = _LAST_WORD.search(text, max(0, end - 13), end)
    if match is None:
        return False
    word = match.group(1)
    return word.casefold() in _abbreviations() or (len(word) == 1 and word.isupper())


def _pieces(text: str, start: int, end: int) -> Iterable[Sentence]:
    """`text[start:end]` as one sentence, or as several where it is longer than any sentence."""
    while end - start > LONGEST:
        cut = text.rfind(" ", start, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield from _stripped(text, start, cut)
        start = cut
    yield from _stripped(text, start, end)


def _stripped(text: str, start: int, end: int) -> Iterable[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Sentence(start, end)

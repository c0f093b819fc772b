"""A sentence in which every mention is one character, so that rules about mentions are plain regular expressions.

A mention (or a list of mentions) becomes one control character that says its type, whether it is several things, and
whether it hangs on a preposition ('a subsidiary of X'). Matching such a sentence is simple, and linear. Sets of characters
below 256 are compiled in a tenth of the time that others take, so quotation marks and dashes are the plain ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.lexicon import words
from kg.model import EntityType, Mention, Sentence

_CODES = "".join(map(chr, (*range(0x86, 0xA0), *range(0x0E, 0x1C))))
"""Slot characters, neither white space nor letters; types, 'several' and 'after a preposition' are counted up in them."""

_KINDS = tuple(EntityType)
SLOT = "[\x0e-\x1b\x86-\x9f]"
"""A regular expression for any slot."""

_PLAIN = {
    **{ord(mark): "'" for mark in "‘’"},
    **{ord(mark): '"' for mark in "“”„«»"},
    **{ord(mark): "-" for mark in "‐‑–—"},
    **{code: " " for code in (*map(ord, _CODES), *range(0x3001)) if chr(code).isspace() or chr(code) in _CODES},
}
"""What a masked sentence has in the place of other characters."""

BORDER = "\u2002"
"""A space of a masked sentence behind which begins what cannot lead up to a name."""

_WALK = 7
_STEP = re.compile(rf"(?:(?<!\w)(\w[\w'&./]*(?:-\w+)*)|{SLOT}(?:-\w+|'(?:s\b)?))\s+$")
"""The word before a slot: a word, or a slot that is itself part of the run ('Munich-based', 'Bosch’s')."""

_LOOK_BACK = 160


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the masked sentence: what stands there, and the characters of the document that it covers."""

    members: tuple[Mention, ...]
    head: Mention | None
    start: int
    end: int
    hangs: bool = False

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """The group that is exemplified, if any, and the members."""
        return (self.head, *self.members) if self.head else self.members


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence with slots for mentions; `slots` by their place in `text`."""

    text: str
    slots: dict[int, Slot]


def mask(text: str, sentence: Sentence, slots: Iterable[Slot]) -> Masked:
    """The sentence with one character for each slot (sorted, not overlapping) and plain spaces for white space."""
    made = ""
    places: dict[int, Slot] = {}
    at = sentence.start
    for slot in slots:
        made += plain(text[at : slot.start])
        placed = replace(slot, hangs=slot.hangs or _hangs(slot, made[-_LOOK_BACK:]))
        places[len(made)] = placed
        made += _character(placed) + (" " if slot.start == slot.end else "")
        at = slot.end
    return Masked(made + plain(text[at : sentence.end]), places)


def bordered(text: str, barred: str) -> str:
    """A masked sentence in which the space before each word of an expression is a border.

    What leads up to a name then needs one character of look-behind in each place of each expression, in the stead of
    all those words, which took most of the time that compiling took."""
    return re.sub(f" (?=(?:{barred}))", BORDER, text)


def spaced(expression: str) -> re.Pattern[str]:
    """An expression over bordered sentences, compiled; its spaces stand for borders as well."""
    return re.compile(expression.replace("\\ ", " ").replace(" ", r"\s"))


def plain(text: str) -> str:
    """White space, and characters that would pass for slots, as spaces, quotation marks and dashes as the plain ones; every
    place stays."""
    return text.translate(_PLAIN)


def inside(sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions of a sentence in order; of two that overlap, the longer."""
    kept: list[Mention] = []
    here = (m for m in mentions if sentence.start <= m.start and m.end <= sentence.end)
    for mention in sorted(here, key=lambda m: (m.start, -m.end, m)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return tuple(kept)


def single(mention: Mention) -> Slot:
    """A slot for one mention."""
    return Slot((mention,), None, mention.start, mention.end)


def characters(kinds: Iterable[EntityType], several: bool | None = None, free: bool = False) -> str:
    """A regular expression for a slot of one of these types; `several` things only, or not after a preposition only."""
    numbers = [0, 1] if several is None else [int(several)]
    hanging = [0] if free else [0, 1]
    wanted = [kind for kind in _KINDS if kind in frozenset(kinds)]
    codes = [_code(kind, number, hang) for kind in wanted for number in numbers for hang in hanging]
    return "[" + "".join(codes) + "]" if codes else r"(?!)"


def _code(kind: EntityType, several: int, hanging: int) -> str:
    return _CODES[4 * _KINDS.index(kind) + 2 * several + hanging]


def _character(slot: Slot) -> str:
    return _code(_kind(slot), int(len(slot.members) > 1), int(slot.hangs))


def _kind(slot: Slot) -> EntityType:
    return (slot.head or slot.members[0]).type


def _hangs(slot: Slot, before: str) -> bool:
    """Whether what stands before ends in a preposition and words of the slot's own noun phrase ('with the German group '),
    or in a place of which this place tells more ('in Aarbergen, Hesse')."""
    if _kind(slot) is EntityType.PLACE and _IN_A_PLACE.search(before):
        return True
    for _ in range(_WALK):
        step = _STEP.search(before)
        if step is None:
            return False
        word = (step.group(1) or "").casefold()
        if word in _prepositions():
            return True
        if word in _stops() or word[:1].isdigit():
            return False
        before = before[: step.start()]
    return False


_IN_A_PLACE = re.compile(f"[{_code(EntityType.PLACE, 0, 1)}{_code(EntityType.PLACE, 1, 1)}], $")


@cache
def _prepositions() -> frozenset[str]:
    return frozenset(words("prepositions"))


@cache
def _stops() -> frozenset[str]:
    return frozenset(words("clause_words"))

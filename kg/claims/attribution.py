"""Who says so: the speaker of a sentence, and which part of it is in the speaker's mouth."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from kg.claims.numbers import either
from kg.lexicon import words
from kg.model import EntityType, Mention, Sentence

_ARTICLE = re.compile(r"^(?:[\"“”'‘’»«\s]*(?:but|and|the|a|an)\s+)*", re.IGNORECASE)
_BREAK = r",;:.\"“”»"
_CLAUSE = re.compile(f"[^{_BREAK}]+")
_CLOSED = re.compile(r"[,\"”»’'–—-]\s*$")
_QUOTED = re.compile(r"[\"”»]\s*,?\s*$|,[\"”»]\s*$")
_BE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_HELPING = re.compile(r"(?:\b(?:who|which|has|had|have|also|then|just|later|already|\w+ly)\s+)+$", re.IGNORECASE)
_GOES_ON = re.compile(r"\s*:|[^\"“:]{2,80}?[:,.]\s*(?=[\"“„])|[^:]{2,80}:\s")
_SPEAKERS = frozenset(EntityType) - {EntityType.EVENT, EntityType.SECTOR}
_LONGEST = 90
"""Characters of the words that stand for a speaker without a name, at most."""
_SHORT = 5
"""Words at most that may follow a verb whose reported words stand before it: to whom, or when ('…, X told us on Monday')."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Stretches of the text, as characters from and to, are said by `speaker`; `entity` is the speaker's name if it is a
    mention's."""

    speaker: str
    entity: str
    stretches: tuple[tuple[int, int], ...]

    def holds(self, mention: Mention) -> bool:
        """Whether a mention is in the speaker's mouth."""
        return any(start <= mention.start and mention.end <= end for start, end in self.stretches)


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Who speaks, and where the words that say so begin."""

    name: str
    entity: str
    start: int


def _verbs() -> str:
    return rf"\b(?:{either(word for word in words('speech_verbs') if word != 'according to')})\b"


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(rf"\b(?P<to>according to)\b(?! wh)|{_verbs()}", re.IGNORECASE)


@cache
def _nouns() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{either([*words('speakers'), *words('role')])})\b", re.IGNORECASE)


@cache
def _governed() -> re.Pattern[str]:
    """A preposition at the end of a text: what follows belongs to the noun before it ('a spokeswoman for Elmos')."""
    return re.compile(rf"\b(?:{either(words('prepositions'))})\s+(?:the\s+)?$", re.IGNORECASE)


def is_when_said(text: str, first: int, date: int) -> bool:
    """Whether a date that begins at `date` tells when somebody spoke ('X said on Monday that …'); `first` begins the sentence."""
    return _said_on().search(text, max(first, date - _LONGEST), date) is not None


@cache
def _said_on() -> re.Pattern[str]:
    return re.compile(rf"{_verbs()}(?:(?:\s+\w+){{0,2}}\s+on)?\s+$", re.IGNORECASE)


def speeches(text: str, sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Speech, ...]:
    """What is said in a sentence, by whom: 'X said that …', '…, X said', '“…,” said X', 'according to X, …'."""
    named = [m for m in mentions if m.type in _SPEAKERS and sentence.start <= m.start and m.end <= sentence.end]
    found = (_speech(text, sentence, named, match) for match in _verb().finditer(text, sentence.start, sentence.end))
    return tuple(speech for speech in found if speech is not None)


def speaker_of(
    speeches: Sequence[Speech], subject: Mention, object_: Mention, mentions: Collection[Mention] = ()
) -> Speech | None:
    """The speech that holds what states a claim: its two ends, by whichever of the sentence's mentions, unless the speaker speaks
    of itself."""
    for speech in speeches:
        told = {mention.entity for mention in (subject, object_, *mentions) if speech.holds(mention)}
        ends = {subject.entity, object_.entity}
        if ends <= told and speech.entity not in ends:
            return speech
    return None


def _speech(text: str, sentence: Sentence, mentions: Sequence[Mention], match: re.Match[str]) -> Speech | None:
    first, last = sentence.start, sentence.end
    before, after = text[first : match.start()], text[match.end() : last]
    if match.group("to"):
        return _said(_speaker_after(after, match.end(), mentions), (first, last))
    if _BE.search(before):
        return None  # 'is said to', 'was added'
    if _CLOSED.search(before) and not _apposition(before):
        goes_on = _GOES_ON.match(after)
        rest = [(match.end() + goes_on.end(), last)] if goes_on else []
        return _said(_speaker_after(after, match.end(), mentions), (first, match.start()), *rest)
    speaker = _speaker_before(text, sentence, mentions, match.start())
    if speaker is None:
        return None
    earlier = (first, speaker.start)
    if after.startswith(",") and speaker.start > first:
        return _said(speaker, earlier, (match.end(), last))
    if len(after.split()) <= _SHORT and not re.match(r"\s*(?:that\b|[:\"“„])", after) and speaker.start > first:
        return _said(speaker, earlier)
    return _said(speaker, (match.end(), last))


def _said(speaker: _Speaker | None, *stretches: tuple[int, int]) -> Speech | None:
    return Speech(speaker.name, speaker.entity, stretches) if speaker else None


def _apposition(before: str) -> bool:
    """Whether the comma before the verb closes an apposition ('X, chief executive of Y, said'), not reported words."""
    return before.count(",") >= 2 and not _QUOTED.search(before)


def _speaker_after(words_: str, at: int, mentions: Sequence[Mention]) -> _Speaker | None:
    """The speaker in the words behind the verb (they begin at `at`), up to the first sign: the person named there, else what they
    begin with, else the words themselves."""
    lead = len(words_) - len(words_.lstrip(" ,"))
    start, segment = at + lead, re.split(f"[{_BREAK}]", words_[lead:], maxsplit=1)[0]
    inside = [m for m in mentions if start <= m.start < start + len(segment)]
    persons = [m for m in inside if m.type is EntityType.PERSON]
    body = start + len(segment) - len(_ARTICLE.sub("", segment))
    named = persons or [m for m in inside if m.start in (start, body)]
    return _mentioned(named[0]) if named else _unnamed(segment, start, bool(inside))


def _speaker_before(text: str, sentence: Sentence, mentions: Sequence[Mention], end: int) -> _Speaker | None:
    """The speaker in the words before the verb: behind an apposition the person that a clause ends in, else who stands in the
    nearest clause that tells anybody."""
    before = _HELPING.sub("", text[sentence.start : end])
    clauses = [
        m.span() for m in _CLAUSE.finditer(text, sentence.start, sentence.start + len(before)) if m.group().strip()
    ]
    clauses.reverse()
    if len(clauses) > 1 and _CLOSED.search(before) and not _is_person(text, clauses[0], mentions):
        clauses = clauses[1:]
        ends = [m for clause in clauses for m in _closing(text, clause, mentions) if m.type is EntityType.PERSON]
        if ends:
            return _mentioned(ends[0])
    return next((speaker for clause in clauses if (speaker := _speaker_in(text, clause, mentions))), None)


def _is_person(text: str, clause: tuple[int, int], mentions: Sequence[Mention]) -> bool:
    """Whether a clause is nothing but a person's name ('Our chief representative, Alexandra Voss, said')."""
    words_ = text[slice(*clause)].strip()
    return any(m.type is EntityType.PERSON and m.text == words_ for m in _closing(text, clause, mentions))


def _speaker_in(text: str, clause: tuple[int, int], mentions: Sequence[Mention]) -> _Speaker | None:
    """Who speaks in a clause before the verb: what it ends in, its first person, or its words themselves."""
    start, stop = clause
    inside = [m for m in mentions if start <= m.start < stop]
    named = [*_closing(text, clause, inside), *(m for m in inside if m.type is EntityType.PERSON)]
    return _mentioned(named[0]) if named else _unnamed(text[start:stop], start, bool(inside))


def _closing(text: str, clause: tuple[int, int], mentions: Iterable[Mention]) -> list[Mention]:
    """The mention that a clause ends in, unless it belongs to a noun before it."""
    start, stop = clause[0], clause[0] + len(text[slice(*clause)].rstrip())
    return [m for m in mentions if m.end == stop and not _governed().search(text, start, m.start)]


def _mentioned(mention: Mention) -> _Speaker:
    return _Speaker(mention.entity, mention.entity, mention.start)


def _unnamed(clause: str, at: int, naming: bool) -> _Speaker | None:
    """Words for a speaker who is not named: 'a spokeswoman for Elmos'; they may be longer where they name something."""
    plain = _ARTICLE.sub("", clause).strip()
    if not _nouns().search(plain) or len(plain) > _LONGEST or (len(plain.split()) > _SHORT and not naming):
        return None
    return _Speaker(plain, "", at + len(clause) - len(clause.lstrip()))

"""Who says so: the speaker of a sentence, and which part of it is in the speaker's mouth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.lexicon import words
from kg.model import EntityType, Mention, Sentence

_ARTICLE = re.compile(r"^(?:[\"“”'‘’»«\s]*(?:but|and|the|a|an)\s+)*", re.IGNORECASE)
_SPEAKERS = frozenset(EntityType) - {EntityType.EVENT, EntityType.SECTOR}
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Speech:
    """Characters `start` to `end` of the text are said by `speaker`; `entity` is the speaker's name if it is a mention's."""

    speaker: str
    entity: str
    start: int
    end: int


@cache
def _verb() -> re.Pattern[str]:
    verbs = sorted((w for w in words("speech_verbs") if w != "according to"), key=lambda w: (-len(w), w))
    return re.compile(rf"\b(?P<to>according to)\b|\b(?:{'|'.join(map(re.escape, verbs))})\b", re.IGNORECASE)


def speeches(text: str, sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Speech, ...]:
    """What is said in a sentence, by whom: 'X said that …', '…, X said', '“…,” said X', 'according to X, …'."""
    found = []
    for match in _verb().finditer(text, sentence.start, sentence.end):
        speech = _speech(text, sentence, mentions, match)
        if speech is not None:
            found.append(speech)
    return tuple(found)


def speaker_of(speeches: Sequence[Speech], subject: Mention, object_: Mention) -> Speech | None:
    """The speech that holds what states a claim: its object, and its subject unless the speaker speaks of itself."""
    for speech in speeches:
        inside = [speech.start <= m.start and m.end <= speech.end for m in (subject, object_)]
        if all(inside) and speech.entity not in (subject.entity, object_.entity):
            return speech
    return None


def _speech(text: str, sentence: Sentence, mentions: Sequence[Mention], match: re.Match[str]) -> Speech | None:
    before, after = text[sentence.start : match.start()], text[match.end() : sentence.end]
    if match.group("to"):
        speaker = _named(after, match.end(), mentions)
        return speaker and Speech(*speaker, sentence.start, sentence.end)
    reported_first = re.search(r"[,\"”»’'–—-]\s*$", before)
    if reported_first and not _apposition(before):
        speaker = _named(after, match.end(), mentions)
        return speaker and Speech(*speaker, sentence.start, match.start())
    clause = re.search(r"[,\"”»]\s+([^,\"”»]{2,60})\s$", before)
    if clause and re.fullmatch(r"[\s.]*", after):
        speaker = _named(clause.group(1), sentence.start + clause.start(1), mentions)
        return speaker and Speech(*speaker, sentence.start, sentence.start + clause.start(1))
    speaker = _named(before, sentence.start, mentions)
    return speaker and Speech(*speaker, match.end(), sentence.end)


def _apposition(before: str) -> bool:
    """Whether the comma before the verb closes an apposition ('X, chief executive of Y, said'), not reported words."""
    return before.count(",") >= 2 and not re.search(r"[\"”»]\s*,?\s*$|,[\"”»]\s*$", before)


def _named(words_: str, at: int, mentions: Sequence[Mention]) -> tuple[str, str] | None:
    """The speaker in the words beside the verb (they begin at `at`): the person named there, else the words themselves up to
    the first comma, without article."""
    segment = (
        re.split(r"[,;:.\"“”»]", words_, maxsplit=1)[0]
        if not words_.startswith((" ", ","))
        else re.split(r"[,;:.\"“”»]", words_.strip(), maxsplit=1)[0]
    )
    offset = at + words_.find(segment)
    inside = [m for m in mentions if m.type in _SPEAKERS and offset <= m.start and m.end <= offset + len(segment)]
    persons = [m for m in inside if m.type == EntityType.PERSON]
    if persons:
        return persons[0].entity, persons[0].entity
    plain = _ARTICLE.sub("", segment).strip()
    whole = [m for m in inside if m.text == plain]
    if whole:
        return whole[0].entity, whole[0].entity
    return (plain, "") if plain and len(plain) <= _LONGEST and (inside or len(plain.split()) <= 5) else None

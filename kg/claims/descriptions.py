"""Described parties and events: where a phrase such as 'more than 50 German companies from Jena' begins and ends.

The reader sees that there is a group or an event; which words belong to it is a matter of grammar, and two readers of the
same text hardly cut it alike. Here the noun, its modifiers before it and the place behind it are put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from kg.claims.numbers import either
from kg.lexicon import words
from kg.model import EntityType, Mention, Sentence

_DESCRIBED = (EntityType.GROUP, EntityType.EVENT)
_NAME = "\ue000"
"""Stands for a named mention in the text that phrases are sought in."""
_HANGING = re.compile(r"(?:\s+(?:and|or|from|of|in|the|with|to))*$")
SURE = 0.6
"""The confidence of a group that grammar alone has found."""


@cache
def _phrase() -> re.Pattern[str]:
    heads = "|".join(re.escape(w) for w in words("group_heads"))
    before = "|".join(re.escape(w) for w in sorted(words("group_modifiers"), key=lambda w: (-len(w), w)))
    modifier = rf"(?:(?:{before}|[A-Z][a-z]+(?:an|ese|ish|ch|ss)|\w+-(?:based|strong|member|funded|owned|invested|speaking))\s+)"
    noun = rf"{modifier}{{0,6}}(?:{heads})"
    return re.compile(rf"\b(?!and\b){noun}(?:\s+(?:and|or)\s+{noun})?\b(?:\s+(?:from|of)\s+(?:the\s+)?{_NAME}+)?")


@cache
def _event_head() -> re.Pattern[str]:
    heads = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in words("event_heads"))
    return re.compile(rf"(?:\s+[\w-]+)?\s+(?:{heads})\b")


@cache
def _between() -> re.Pattern[str]:
    return re.compile(rf"\s+between\s+(?:the\s+)?{_NAME}+\s+and\s+(?:the\s+)?{_NAME}+")


def complete(text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions, with groups and events in the bounds that grammar gives them.

    Groups that share a phrase are one; an event takes the noun that says what it is (a 'cooperation' is a 'cooperation
    session') and the two parties that it is held 'between'. A phrase with a name behind it ('firms from Jena') or a
    nationality before it is a group even where the reader saw none."""
    named = list(_whole(text, [m for m in mentions if m.type not in _DESCRIBED]))
    described = [m for m in mentions if m.type in _DESCRIBED]
    veiled = _veiled(text, named)
    found: list[Mention] = []
    for sentence in sentences:
        here = [m for m in described if sentence.start <= m.start < sentence.end]
        found += _groups(text, veiled, sentence, [m for m in here if m.type == EntityType.GROUP])
        found += [_event(text, veiled, sentence, m) for m in here if m.type == EntityType.EVENT]
    return tuple(sorted((*named, *found)))


def _whole(text: str, named: Sequence[Mention]) -> Iterator[Mention]:
    """The names, none of which ends in a word that joins: it goes on in the name right behind it, or ends before that word."""
    left: Mention | None = None
    for mention in sorted(named):
        if left is not None and left.type is mention.type and text[left.end : mention.start] == " ":
            mention = replace(
                mention, start=left.start, text=text[left.start : mention.end], entity=text[left.start : mention.end]
            )
        elif left is not None:
            yield _closed(left)
        left = mention if _open().search(mention.text) else None
        if left is None:
            yield mention
    if left is not None:
        yield _closed(left)


def _closed(mention: Mention) -> Mention:
    """A name without the joining word at its end."""
    words_ = _open().sub("", mention.text)
    return replace(mention, end=mention.start + len(words_), text=words_, entity=words_)


@cache
def _open() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{either(words('joiners'))})$")


def _veiled(text: str, named: Sequence[Mention]) -> str:
    letters = list(text)
    for mention in named:
        letters[mention.start : mention.end] = _NAME * (mention.end - mention.start)
    return "".join(letters)


def _groups(text: str, veiled: str, sentence: Sentence, groups: Sequence[Mention]) -> Iterator[Mention]:
    left = list(groups)
    for match in _phrase().finditer(veiled, sentence.start, sentence.end):
        inside = [m for m in left if m.start < match.end() and match.start() < m.end]
        left = [m for m in left if m not in inside]
        if inside or _NAME in match.group():
            sure = max((m.confidence for m in inside), default=SURE)
            start, end = _joined(match, [m for m in inside if _says_something(m.text)])
            yield Mention(start, end, text[start:end], EntityType.GROUP, text[start:end], sure)
    yield from (m for m in left if _says_something(m.text))


def _joined(match: re.Match[str], groups: Sequence[Mention]) -> tuple[int, int]:
    """The bounds of a phrase and of what the reader saw of it, less a preposition left hanging at the end."""
    ends = [m.end - len(found.group()) for m in groups for found in (_HANGING.search(m.text),) if found]
    return min([match.start(), *(m.start for m in groups)]), max([match.end(), *ends])


def _event(text: str, veiled: str, sentence: Sentence, event: Mention) -> Mention:
    end = event.end
    named = event.text[:1].isupper()  # what has a name of its own ends where that does
    said = event.text.casefold().split()[-1] in words("event_heads")
    if not named and not said:
        match = _event_head().match(veiled, end, sentence.end)
        end = match.end() if match else end
    if not named:
        match = _between().match(veiled, end, sentence.end)
        end = match.end() if match else end
    return replace(event, end=end, text=text[event.start : end], entity=text[event.start : end])


@cache
def _empty() -> frozenset[str]:
    return frozenset((*words("group_modifiers"), *words("small_words")))


def _says_something(words_: str) -> bool:
    """Whether a group is more than a number or an adjective."""
    return any(w.isalpha() and w.casefold() not in _empty() and len(w) > 3 for w in re.split(r"[\s-]+", words_))

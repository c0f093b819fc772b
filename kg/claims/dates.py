"""Dates in running text: every way in which English news writes them, each with its place and its ISO form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.claims.date_forms import forms_for
from kg.claims.date_values import NEED_CONTEXT, RESOLVERS, Resolver, Setting, parts
from kg.model import Date

CONTEXT = 1500
"""Characters before the passage that may hold the date to which 'the same year' refers."""

_CLAUSE_END = re.compile(r"(?<!\bDr)(?<!Prof)(?<!\bMr)(?<!\b[A-Z])[.;:!?\n—–,()](?=\s|$)|\sthat\s")
_NEXT_CLAUSE = re.compile(r"\s(?:and|but|which|who|when|where|while|after|before)\s")
_SENTENCE_END = re.compile(r"[.!?]\s|\n")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that the text gives: characters `start` to `end`, and what they mean."""

    start: int
    end: int
    date: Date


_Found = tuple[re.Match[str], Resolver]


def find_dates(text: str, published: str, start: int = 0, end: int | None = None) -> tuple[DateMention, ...]:
    """The dates of `text[start:end]`, in order, without overlaps; those that need the day of publication ('on
    Thursday') are left out where `published` (an ISO date, as precise as known) does not give it."""
    end = len(text) if end is None else end
    matches = _matches(text, start, end)
    before = _matches(text, max(0, start - CONTEXT), start) if any(item[1] in NEED_CONTEXT for item in matches) else []
    return tuple(mention for mention in _resolved(text, published, [*before, *matches]) if mention.start >= start)


def _resolved(text: str, published: str, matches: list[_Found]) -> Iterator[DateMention]:
    day, last, reached, frame, running = parts(published), "", 0, 0, False
    for match, resolve in matches:
        start = _start(match)
        if start - reached > 200 or _SENTENCE_END.search(text, reached, start):
            frame = 0
        iso = resolve(match, _setting(text, match, (day, last, frame, running)))
        if not iso:
            continue
        if resolve is not RESOLVERS["near_day"]:
            last, reached, frame = iso, match.end(), int(iso) if resolve is RESOLVERS["year"] else frame
        if len(iso) == 10:
            running = iso > published
        yield DateMention(start, match.end(), Date(text[start : match.end()], iso))


def _start(match: re.Match[str]) -> int:
    """Where the date itself begins, behind a preposition that is only there to tell it ('in May')."""
    return match.start("date") if "date" in match.re.groupindex else match.start()


def _matches(text: str, start: int, end: int) -> list[_Found]:
    """What looks like a date, leftmost and then longest first, without overlaps."""
    found = [
        (match, number, RESOLVERS[form.kind])
        for number, form in forms_for(text[start:end])
        for match in form.pattern.finditer(text, start, end)
    ]
    found.sort(key=lambda item: (_start(item[0]), -item[0].end(), item[1]))
    kept: list[_Found] = []
    reached = start
    for match, _, resolve in found:
        if _start(match) >= reached:
            kept.append((match, resolve))
            reached = match.end()
    return kept


def _setting(text: str, match: re.Match[str], told: tuple[tuple[int, int, int], str, int, bool]) -> Setting:
    """The clause around a match (at most 200 characters before it and 120 after) beside what was told before."""
    start = _start(match)
    left, right = text[max(0, start - 200) : start], text[match.end() : match.end() + 120]
    breaks = list(_CLAUSE_END.finditer(left))
    before = left[breaks[-1].end() :] if breaks else left
    stops = [stop.start() for pattern in (_CLAUSE_END, _NEXT_CLAUSE) if (stop := pattern.search(right))]
    after = right[: min(stops, default=len(right))]
    bare = re.sub(r"\s(?:on|in|at|since|late|early|the)\s*$", "", before.rstrip())
    return Setting(*told, f"{before}{match.group()}{after}", bare)

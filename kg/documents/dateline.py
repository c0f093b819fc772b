"""Datelines ('BERLIN, Aug 2 —', 'SHENZHEN, China, June 24, 2024 (wire) —') and the full dates of a release's head."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from kg.documents.words import either, months, table, weekdays

WIDTH = 200
"""Characters within which a dateline ends."""

_BREAK = re.compile(
    r"[ \t\u00a0]*(?:—|–|--+|-(?=[ \t]))[ \t\u00a0]*"
    r"|[.:](?=[ \t]+[\"“„'(]?[A-ZÀ-Þ0-9])[ \t]+|电[ \t\u3000]?|[：】][ \t\u3000]?|[)\]][ \t]+"
)
_BRACKETS = {")": "(", "]": "["}
_TIME = re.compile(
    r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?:\s?(?:[ap]\.?m\.?|Uhr|[A-Z]{2,4}(?:[+-]\d{1,2})?))?(?![\w:])", re.I
)
_WIRE = re.compile(r"\([^()]{1,40}\)|/[^/\s](?:[^/]{0,38}[^/\s])?/(?=\s|$)|（[^（）]{1,40}）")
_START = re.compile(r"[A-ZÀ-Þ0-9\"“„'‘«#@\u4e00-\u9fff]")
_CJK = re.compile(r"[\u4e00-\u9fff]")


def find_dateline(text: str, start: int) -> tuple[int, str] | None:
    """Where the dateline that begins at `start` ends, and its date ('' unless it has one with its year); None if there
    is none. The longest reading counts: a place may be followed by a date and a wire's name, each with a dash."""
    window = text[start : start + WIDTH].split("\n", 1)[0]
    found = None
    for number, stop in enumerate(_BREAK.finditer(window)):
        if number > 5:
            break
        head, sign = window[: stop.start()], stop.group().strip()
        if _START.match(window, stop.end()) and (_is_enclosed if sign in _BRACKETS else _is_head)(head, sign):
            found = start + stop.end(), full_date(window[: stop.start()])
    return found


def lone_date(words: str) -> str:
    """The date of words that hold nothing but it, as an ISO date: places, a weekday and the time of day may stand with it; ''
    for others."""
    day = full_date(words)
    return day if day and _is_head(_TIME.sub("", words).strip(" \t,"), "") else ""


def full_date(words: str) -> str:
    """The first date with day, month and year among some words, as an ISO date; '' if there is none."""
    for match in _full_dates().finditer(words):
        parts = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value}
        month = parts["m"].casefold().rstrip(".")
        try:
            return date(int(parts["y"]), months().get(month) or int(month), int(parts["d"])).isoformat()
        except ValueError:
            continue
    return ""


def any_date(words: str) -> str:
    """A date as precise as it is given ('2024', 'June 2024' or a full date), as an ISO date; '' if there is none."""
    day = full_date(words)
    if day:
        return day
    plain = re.match(r"\s*((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?(?![\d-])", words)
    if plain:
        return "-".join(part for part in plain.groups() if part)
    named = re.match(rf"\s*({either(months())})\.?,?\s((?:19|20)\d\d)\b", words, re.I)
    return f"{named.group(2)}-{months()[named.group(1).casefold()]:02}" if named else ""


@cache
def _full_dates() -> re.Pattern[str]:
    month, year, day = rf"(?:{either(months())})\.?", r"(?:19|20)\d\d", r"\d{1,2}"
    return re.compile(
        rf"(?<!\d)(?P<y1>{year})-(?P<m1>\d\d)-(?P<d1>\d\d)(?!\d)"
        rf"|(?<!\w)(?P<m2>{month})\s?(?P<d2>{day})(?:st|nd|rd|th)?,?\s(?P<y2>{year})(?!\d)"
        rf"|(?<!\d)(?P<d3>{day})(?:st|nd|rd|th|\.)?\s(?P<m3>{month}),?\s(?P<y3>{year})(?!\d)"
        rf"|(?<!\d)(?P<d4>{day})(?P<sep>[./])(?P<m4>{day})(?P=sep)(?P<y4>{year})(?!\d)"
        rf"|(?P<y5>{year})\s?年\s?(?P<m5>{day})\s?月\s?(?P<d5>{day})\s?日",
        re.I,
    )


@cache
def _dates() -> re.Pattern[str]:
    """A date of any precision that fits a dateline: with or without its year, or a weekday."""
    month, year, day = rf"(?:{either(months())})\.?", r"(?:19|20)\d\d", r"\d{1,2}"
    return re.compile(
        rf"(?:(?:{weekdays()}),?\s)?(?<!\w){month}\s{day}(?:st|nd|rd|th)?(?:,?\s{year})?(?!\w)"
        rf"|(?:(?:{weekdays()}),?\s)?(?<!\d){day}(?:st|nd|rd|th|\.)?\s{month}(?:,?\s{year})?(?!\w)"
        rf"|(?<!\d){day}[./]{day}[./]{year}(?!\d)|(?<!\d){year}-\d\d-\d\d(?!\d)"
        rf"|(?:{year}\s?年)?\s?{day}\s?月\s?{day}\s?日|(?<!\w)(?:{weekdays()})(?!\w)",
        re.I,
    )


def _is_enclosed(head: str, stop: str) -> bool:
    """Whether some words are a dateline in brackets, of which `stop` closes those at the beginning: places with a date."""
    inside = head[1:]
    return head[:1] == _BRACKETS[stop] and _dates().search(inside) is not None and _is_head(inside, stop)


def _is_head(head: str, stop: str) -> bool:
    """Whether some words are a dateline: places, with a date or a wire's name or in capitals, and nothing else."""
    wired = _WIRE.search(head) is not None
    plain = [word for word in _WIRE.sub(" ", head).split() if word.isalpha() and word.islower()]
    if any(word not in table("release")["dateline"]["particles"] for word in plain):
        return False
    bare = _WIRE.sub(lambda match: match.group() if _dates().search(match.group()) else " ", head)
    dated = _dates().search(bare) is not None
    places = re.sub(r"[()（）]", " ", _dates().sub(" , ", bare)).strip(" \t,-–—")
    chunks = [chunk for part in re.split(r"[,/，、]|--|\s(?:and|und|&)\s", places) if (chunk := part.strip(" \t-–—"))]
    if not chunks:
        return dated and stop not in (".", ":")
    if len(chunks) > 5 or not all(_is_place(chunk) for chunk in chunks):
        return False
    if _CJK.search(places):
        return dated
    loud = [chunk for chunk in chunks if chunk.isupper() and len(chunk) > 3]
    if stop == ":":
        return dated and bool(loud)
    return dated or bool(loud) or (wired and stop != ".") or (len(chunks) > 1 and "/" in places and stop != ".")


def _is_place(chunk: str) -> bool:
    words = chunk.split()
    particles = table("release")["dateline"]["particles"]
    named = [word[:1].isupper() or _CJK.match(word) is not None for word in words]
    return (
        len(words) <= 5
        and any(named)
        and all(name or word in particles for name, word in zip(named, words, strict=True))
    )

"""Dates in running text: every way in which English news writes them, resolved against the day of publication."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from kg.claims.numbers import either, number_words, parse_number, table
from kg.model import Date

CONTEXT = 1500
"""Characters before the passage that may hold the date to which 'the same year' refers."""

_CLAUSE_END = re.compile(r"(?<!\bDr)(?<!Prof)(?<!\bMr)(?<!\b[A-Z])[.;:!?\n—–,()](?=\s|$)|\sthat\s")
_NEXT_CLAUSE = re.compile(r"\s(?:and|but|which|who|when|where|while|after|before)\s")
_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_PASSIVE = re.compile(r"(?:\bbe|\bis|\bare)\s(?:\w{1,12}\s)?\w{2,20}(?:ed|en|ld|nt)(?:\s\w{1,12}){0,2}\s*$")
_PAST = re.compile(r"\b(?:was|were|had|did|went|came|took|held|met|\w{2,20}ed)\b")
_YEAR = r"(?:1[89]|20)\d\d(?!\d|[.,]\d|-\d|s\b|%)"


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that the text gives: characters `start` to `end`, and what they mean."""

    start: int
    end: int
    date: Date


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a date is resolved against: the day of publication, the date last named, the clause around it.

    `frame` is a year that the same sentence named before ('2016: On 25 April …'), `running` says that the days last named are
    to come, as in a programme."""

    published: tuple[int, int, int]
    last: str
    frame: int
    running: bool
    clause: str
    before: str

    @property
    def day(self) -> date | None:
        """The day of publication, if it is known to the day."""
        return _day(*self.published)

    @property
    def ahead(self) -> bool:
        """Whether the clause says that the date is still to come."""
        looks_ahead = _future().search(self.clause) is not None
        if looks_ahead and _PASSIVE.search(self.before):
            return True
        if _reported().search(self.before):
            return False
        return looks_ahead or (self.running and not _PAST.search(self.clause))


_Resolver = Callable[[re.Match[str], _Setting], str]
_Found = tuple[re.Match[str], _Resolver]


def find_dates(text: str, published: str, start: int = 0, end: int | None = None) -> tuple[DateMention, ...]:
    """The dates of `text[start:end]`, in order, without overlaps; those that need the day of publication ('on Thursday') are
    left out where `published` (an ISO date, as precise as known) does not give it."""
    end = len(text) if end is None else end
    matches = _matches(text, start, end)
    before = _matches(text, max(0, start - CONTEXT), start) if any(item[1] in _NEED_CONTEXT for item in matches) else []
    return tuple(mention for mention in _resolved(text, published, [*before, *matches]) if mention.start >= start)


def _resolved(text: str, published: str, matches: list[_Found]) -> Iterator[DateMention]:
    day, last, reached, frame, running = _parts(published), "", 0, 0, False
    for match, resolve in matches:
        start = _start(match)
        if start - reached > 200 or _SENTENCE_END.search(text, reached, start):
            frame = 0
        iso = resolve(match, _setting(text, match, (day, last, frame, running)))
        if not iso:
            continue
        if resolve is not _near_day:
            last, reached, frame = iso, match.end(), int(iso) if resolve is _year else frame
        if len(iso) == 10:
            running = iso > published
        yield DateMention(start, match.end(), Date(text[start : match.end()], iso))


def _start(match: re.Match[str]) -> int:
    """Where the date itself begins, behind a preposition that is only there to tell it ('in May')."""
    return match.start("date") if "date" in match.re.groupindex else match.start()


def _matches(text: str, start: int, end: int) -> list[_Found]:
    """What looks like a date, leftmost and then longest first, without overlaps."""
    found = [(m, n, resolve) for n, (pattern, resolve) in enumerate(_rules()) for m in pattern.finditer(text, start, end)]
    found.sort(key=lambda item: (_start(item[0]), -item[0].end(), item[1]))
    kept: list[_Found] = []
    reached = start
    for match, _, resolve in found:
        if _start(match) >= reached:
            kept.append((match, resolve))
            reached = match.end()
    return kept


def _setting(text: str, match: re.Match[str], told: tuple[tuple[int, int, int], str, int, bool]) -> _Setting:
    """The clause around a match (at most 200 characters before it and 120 after) beside what was told before."""
    start = _start(match)
    left, right = text[max(0, start - 200) : start], text[match.end() : match.end() + 120]
    breaks = list(_CLAUSE_END.finditer(left))
    before = left[breaks[-1].end() :] if breaks else left
    stops = [stop.start() for pattern in (_CLAUSE_END, _NEXT_CLAUSE) if (stop := pattern.search(right))]
    after = right[: min(stops, default=len(right))]
    bare = re.sub(r"\s(?:on|in|at|since|late|early|the)\s*$", "", before.rstrip())
    return _Setting(*told, f"{before}{match.group()}{after}", bare)


@cache
def _future() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either(table('months')['words']['future'])})\b")


@cache
def _reported() -> re.Pattern[str]:
    return re.compile(rf"(?:\w{{2,20}}ed|\b(?:{either(table('months')['words']['reported'])}))(?:\s(?:late|early|on))*\s*$")


@cache
def _months() -> dict[str, int]:
    return {name: int(number) for number, names in table("months")["months"].items() for name in names}


@cache
def _weekdays() -> dict[str, int]:
    return {name: int(number) for number, names in table("months")["weekdays"].items() for name in names}


@cache
def _rules() -> tuple[tuple[re.Pattern[str], _Resolver], ...]:
    """Every form of a date with what it means. All repetition is bounded, so each pattern takes linear time."""
    words = table("months")["words"]
    month = rf"(?:(?:{either(name for name in _months() if len(name) > 3)})\b|(?:{either(name for name in _months() if len(name) < 6)})\b\.?)"
    named = rf"(?P<month>{month})"
    seasons = either(words["seasons"])
    ordinal = r"[0-3]?\d(?:st|nd|rd|th|\.)?(?!\d|[.,:]\d)"
    day = rf"(?P<day>{ordinal})"
    link = r"\s?(?:[-–—/]|\b(?:to|and|until|till|through|or)\b)\s?(?:the\s)?"
    year = rf"(?P<year>{_YEAR})"
    which = r"\s(?:of\s)?(?:the\s)?(?P<which>last|this|next|same|that|previous|following)\syear"
    number = rf"(?P<number>\d{{1,3}}|an?\b|{number_words()})"
    unit = r"(?P<unit>day|week|month|year|decade)s?\b"
    edge = r"(?:early\s|late\s|mid[-\s])?"
    forms: list[tuple[str, _Resolver]] = [
        (r"(?<![\d./-])(?P<year>(?:1[89]|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)", _numeric),
        (r"(?<![\d./-])(?P<day>[0-3]?\d)([./])(?P<month>[01]?\d)\2(?P<year>(?:1[89]|20)\d\d)(?!\d)", _numeric),
        (r"(?P<year>(?:1[89]|20)\d\d)\s?年(?:\s?(?P<month>1?\d)\s?月(?:\s?(?P<day>[0-3]?\d)\s?日)?)?", _numeric),
        (rf"(?<!\w){named}\s{day}(?:{link}(?:{month}\s)?{ordinal}(?!\s?{month}))?(?:,?\s{year}|,?{which})?", _calendar_day),
        (rf"(?<![\w.,/-])(?:the\s)?{day}(?:{link}{ordinal})?(?:\sof)?\s{named}(?:{link}{ordinal}\s{month})?(?:,?\s{year}|,?{which})?", _calendar_day),
        (rf"\bthe\s(?P<day>first|last)\sday\sof\s{named}(?:,?\s{year}|,?{which})?", _calendar_day),
        (rf"(?<!\w){named},?\s(?:of\s)?{year}", _numeric),
        (rf"(?<!\w){named},?{which}", _month_of),
        (rf"\b(?i:(?P<which>last|this|next|that|past|the\scoming))\s{named}(?!\s[0-3]?\d\b)", _month),
        (
            rf"\b(?i:{either(words['before_month'])})[\s-](?:the\s(?:end|beginning|middle|start|course)\sof\s)?{edge}(?P<date>{named})"
            r"(?!\s?\d)",
            _month,
        ),
        (rf"(?:\b\d\d?\.\s|[\"“(]|^)(?P<date>{named})(?=:)", _month),
        (
            rf"\b(?:(?i:(?P<which>last|next|this|coming|past|following))\s)?(?P<weekday>{either(_weekdays())})"
            r"(?:\s(?P<week>last|next|this)\sweek)?\b",
            _weekday,
        ),
        (rf"\b(?i:(?P<word>{either(table('months')['days'])}))\b", _near_day),
        (rf"\b(?i:(?P<which>last|this|next|past|previous|current|coming))\s(?P<unit>year|month|week|weekend|quarter|{seasons})\b", _near),
        (rf"\b(?P<unit>{seasons})\s(?:of\s)?(?P<which>last|this|next)\syear", _near),
        (rf"\b(?i:{number})\s(?:good\s)?{unit}\sago\b", _ago),
        (rf"\b(?i:{number})\s{unit}\s(?P<side>later|earlier)\b", _after),
        (rf"\b(?i:{number})\s{unit}\s(?P<side>after)\s(?=\w)", _after),
        (r"\b(?i:(?:(?:the|that)\s(?:very\s)?)?(?P<which>same|following|previous|next))\s(?P<unit>day)\b", _same),
        (r"\b(?i:(?:the|that)\s(?:very\s)?(?P<which>same|following|previous|next))\s(?P<unit>year|month)\b", _same),
        (r"\b[Tt]he\s(?P<unit>day)\s(?P<which>before)\b(?!\syesterday)", _same),
        (r"\b[Tt]hat\s(?P<unit>year|day|month)\b", _same),
        (r"\bat\sthe\s(?P<unit>weekend)\b", _near),
        (r"\bin\sthe\s(?P<which>new)\s(?P<unit>year)\b", _near),
        (
            r"\b(?:before|by|until|towards?|at|later\sin)\s(?:the\s)?(?:end\sof\s)?(?:the\s)?(?P<unit>year)"
            r"(?:[-\s]end|\sis\s(?:out|over)|'s\send)?\b",
            _near,
        ),
        (r"\b(?:course|end|half|rest|remainder)\sof\sthe\s(?P<unit>year)\b", _near),
        (rf"(?<![\w.,/$€£¥+-]){year}(?:[/–-]\d\d(?:\d\d)?\b)?", _year),
    ]
    return tuple((re.compile(form), resolve) for form, resolve in forms)


def _parts(iso: str) -> tuple[int, int, int]:
    """Year, month and day of an ISO date, 0 for what it does not say."""
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", iso)
    return (int(match[1]), int(match[2] or 0), int(match[3] or 0)) if match else (0, 0, 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(year: int, month: int = 0, day: int = 0) -> str:
    """The ISO form as precise as given; '' for what no calendar has."""
    if not year or not 0 <= month <= 12 or (day and not _day(year, month, day)):
        return ""
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


def _month_number(word: str) -> int:
    return int(word) if word.isdecimal() else _months()[word.rstrip(".")]


def _numeric(match: re.Match[str], setting: _Setting) -> str:
    parts = match.groupdict()
    month = _month_number(parts["month"]) if parts.get("month") else 0
    return _iso(int(parts["year"]), month, int(parts.get("day") or 0))


def _calendar_day(match: re.Match[str], setting: _Setting) -> str:
    """A day and a month, with the year if it is said, else in the nearest year that fits the clause."""
    month, word = _month_number(match["month"]), match["day"]
    year = int(match["year"]) if match["year"] else 0
    if not year:
        year = _relative_year(match["which"], setting) if match["which"] else _nearest_year(month, word, setting)
    return _iso(year, month, _day_number(word, year, month))


def _day_number(word: str, year: int, month: int) -> int:
    digits = re.match(r"\d+", word)
    return int(digits.group()) if digits else 1 if word == "first" else monthrange(year or 2000, month)[1]


def _nearest_year(month: int, word: str, setting: _Setting) -> int:
    """The year that puts a month (and a day, if one is given) next to publication: before it, or after it in a clause that
    looks ahead; the year that the sentence named before, if it did."""
    year, *rest = setting.published
    if setting.frame or not year:
        return setting.frame
    point = (month, _day_number(word, year, month) if word else rest[1])
    now = (rest[0], rest[1])
    if point == now:
        return year
    if setting.ahead:
        return year if point > now else year + 1
    return year if point < now or _soon(point, now) else year - 1


def _soon(point: tuple[int, int], now: tuple[int, int]) -> bool:
    """Whether a day ahead is so near (a quarter) that a writer who meant last year's would have said so."""
    return 0 <= (point[0] - now[0]) * 30 + point[1] - now[1] <= 92


def _relative_year(which: str, setting: _Setting) -> int:
    """The year that 'last', 'this' and 'next' mean, or 'same', 'previous' and 'following' beside the year last named."""
    step = {"last": -1, "past": -1, "next": 1, "new": 1, "coming": 1}.get(which, 0)
    if which in ("same", "that", "previous", "following"):
        year = _parts(setting.last)[0]
        return year + {"previous": -1, "following": 1}.get(which, 0) if year else 0
    return setting.published[0] + step if setting.published[0] else 0


def _month_of(match: re.Match[str], setting: _Setting) -> str:
    return _iso(_relative_year(match["which"], setting), _month_number(match["month"]))


def _month(match: re.Match[str], setting: _Setting) -> str:
    """A month without its year; after 'that', the year is the one last named."""
    month, which = _month_number(match["month"]), (match.groupdict().get("which") or "").casefold()
    year, now, _ = setting.published
    if which == "that":
        return _iso(_parts(setting.last)[0], month)
    if not year:
        return _iso(setting.frame, month)
    if which == "last":
        return _iso(year if month < now else year - 1, month)
    if which.endswith(("next", "coming")):
        return _iso(year if month > now else year + 1, month)
    return _iso(year if which == "this" else _nearest_year(month, "", setting), month)


def _weekday(match: re.Match[str], setting: _Setting) -> str:
    """A weekday: the last one on or before publication, or the next one in a clause that looks ahead."""
    day = setting.day
    if day is None:
        return ""
    wanted, which = _weekdays()[match["weekday"]], (match["which"] or "").casefold()
    monday = day - timedelta(days=day.weekday())
    if match["week"]:
        return (monday + timedelta(days=wanted + {"last": -7, "next": 7}.get(match["week"], 0))).isoformat()
    if which == "following":
        return _weekday_after(_day(*_parts(setting.last)), wanted)
    if which == "this":
        return (monday + timedelta(days=wanted)).isoformat()
    back = (day.weekday() - wanted) % 7
    if which in ("last", "past"):
        return (day - timedelta(days=back or 7)).isoformat()
    if which in ("next", "coming"):
        return (day + timedelta(days=7 - back)).isoformat()
    return (day + timedelta(days=(7 - back) % 7) if setting.ahead and back else day - timedelta(days=back)).isoformat()


def _weekday_after(day: date | None, wanted: int) -> str:
    return (day + timedelta(days=(wanted - day.weekday() - 1) % 7 + 1)).isoformat() if day else ""


def _near_day(match: re.Match[str], setting: _Setting) -> str:
    word = re.sub(r"\s+", " ", match["word"]).casefold()
    return (setting.day + timedelta(days=table("months")["days"][word])).isoformat() if setting.day else ""


def _near(match: re.Match[str], setting: _Setting) -> str:
    """The year, season, quarter, month or week before, of or after publication; a week is told by its month."""
    unit, which = match["unit"], (match.groupdict().get("which") or "this").casefold()
    step = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "new": 1}.get(which, 0)
    year, month, _ = setting.published
    if unit in ("week", "weekend"):
        return (setting.day + timedelta(days=7 * step)).isoformat()[:7] if setting.day else ""
    if unit == "month":
        return _shifted(year, month, step)
    if unit in ("year", "quarter"):
        return _iso(year + (step if unit == "year" else 0)) if year else ""
    return _iso(year + _season_step(unit, step, month)) if year and month else ""


def _season_step(season: str, step: int, month: int) -> int:
    """In how many years the last or next season lies: 'last autumn' said in December is of the same year."""
    ends = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}[season]
    if step < 0:
        return 0 if ends < month else -1
    return 0 if step == 0 or ends > month else 1


def _shifted(year: int, month: int, months: int) -> str:
    """The month that lies `months` after a month."""
    if not year or not month:
        return ""
    index = year * 12 + month - 1 + months
    return _iso(index // 12, index % 12 + 1)


def _ago(match: re.Match[str], setting: _Setting) -> str:
    """'two years ago' is that year, 'three months ago' that month, 'two weeks ago' the month of that week."""
    return _moved(setting.published, match, -1)


def _after(match: re.Match[str], setting: _Setting) -> str:
    """'three years later' than the date last named; 'three years after' something happened tells when that was."""
    told = _parts(setting.last) if setting.last else setting.published
    return _moved(told if match["side"] == "after" else _parts(setting.last), match, 1 if match["side"] == "later" else -1)


def _moved(origin: tuple[int, int, int], match: re.Match[str], sign: int) -> str:
    number = {"a": 1.0, "an": 1.0}.get(match["number"].casefold(), parse_number(match["number"]))
    if number is None or not origin[0] or number > 1000:
        return ""
    count, unit = sign * int(number), match["unit"]
    if unit in ("year", "decade"):
        return _iso(max(0, origin[0] + count * (10 if unit == "decade" else 1)))
    if unit == "month":
        return _shifted(origin[0], origin[1], count)
    day = _day(*origin)
    moved = (day + timedelta(days=count * (7 if unit == "week" else 1))).isoformat() if day else ""
    return moved[:7] if unit == "week" else moved


def _same(match: re.Match[str], setting: _Setting) -> str:
    """'the same year', 'that day', 'the following year': beside the date last named."""
    unit, which = match["unit"], (match.groupdict().get("which") or "same").casefold()
    origin, step = _parts(setting.last), {"following": 1, "next": 1, "previous": -1, "before": -1}.get(which, 0)
    if unit == "year":
        return _iso(origin[0] + step) if origin[0] else ""
    if unit == "month":
        return _shifted(origin[0], origin[1], step)
    day = _day(*origin)
    return (day + timedelta(days=step)).isoformat() if day else ""


def _year(match: re.Match[str], setting: _Setting) -> str:
    """A bare year, unless the word before it makes it the end of a name ('Expo 2010') or a number of things."""
    word = re.search(r"([^\W\d_][\w'’.&-]{0,30})[ \u00a0]$", match.string[max(0, match.start() - 40) : match.start()])
    if word is None or word.group(1).casefold() in table("months")["words"]["before_year"] or word.group(1)[0].islower():
        return _iso(int(match["year"]))
    return ""


_NEED_CONTEXT: frozenset[_Resolver] = frozenset({_same, _after, _weekday, _calendar_day, _month_of, _month})
"""What may lean on a date named before the passage."""

"""What each form of a date means, given the day of publication, the date last named and the clause around it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from kg.claims.date_forms import months, weekdays
from kg.claims.numbers import either, parse_number, table

_PASSIVE = re.compile(r"(?:\bbe|\bis|\bare)\s(?:\w{1,12}\s)?\w{2,20}(?:ed|en|ld|nt)(?:\s\w{1,12}){0,2}\s*$")
_PAST = re.compile(r"\b(?:was|were|had|did|went|came|took|held|met|\w{2,20}ed)\b")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a date is resolved against: the day of publication, the date last named, the clause around it.

    `frame` is a year that the same sentence named before ('2016: On 25 April …'), `running` says that the days last
    named are to come, as in a programme."""

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


Resolver = Callable[[re.Match[str], Setting], str]


@cache
def _future() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either(table('months')['words']['future'])})\b")


@cache
def _reported() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\w{{2,20}}ed|\b(?:{either(table('months')['words']['reported'])}))(?:\s(?:late|early|on))*\s*$"
    )


def parts(iso: str) -> tuple[int, int, int]:
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
    return int(word) if word.isdecimal() else months()[word.rstrip(".")]


def _numeric(match: re.Match[str], setting: Setting) -> str:
    parts = match.groupdict()
    month = _month_number(parts["month"]) if parts.get("month") else 0
    return _iso(int(parts["year"]), month, int(parts.get("day") or 0))


def _calendar_day(match: re.Match[str], setting: Setting) -> str:
    """A day and a month, with the year if it is said, else in the nearest year that fits the clause."""
    month, word = _month_number(match["month"]), match["day"]
    year = int(match["year"]) if match["year"] else 0
    if not year:
        year = _relative_year(match["which"], setting) if match["which"] else _nearest_year(month, word, setting)
    return _iso(year, month, _day_number(word, year, month))


def _day_number(word: str, year: int, month: int) -> int:
    digits = re.match(r"\d+", word)
    return int(digits.group()) if digits else 1 if word == "first" else monthrange(year or 2000, month)[1]


def _nearest_year(month: int, word: str, setting: Setting) -> int:
    """The year that puts a month (and a day, if one is given) next to publication: before it, or after it in a clause
    that looks ahead; the year that the sentence named before, if it did."""
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


def _relative_year(which: str, setting: Setting) -> int:
    """The year that 'last', 'this' and 'next' mean; 'same', 'previous' and 'following' lean on the one last named."""
    step = {"last": -1, "past": -1, "next": 1, "new": 1, "coming": 1}.get(which, 0)
    if which in ("same", "that", "previous", "following"):
        year = parts(setting.last)[0]
        return year + {"previous": -1, "following": 1}.get(which, 0) if year else 0
    return setting.published[0] + step if setting.published[0] else 0


def _month_of(match: re.Match[str], setting: Setting) -> str:
    return _iso(_relative_year(match["which"], setting), _month_number(match["month"]))


def _month(match: re.Match[str], setting: Setting) -> str:
    """A month without its year; after 'that', the year is the one last named."""
    month, which = _month_number(match["month"]), (match.groupdict().get("which") or "").casefold()
    year, now, _ = setting.published
    if which == "that":
        return _iso(parts(setting.last)[0], month)
    if not year:
        return _iso(setting.frame, month)
    if which == "last":
        return _iso(year if month < now else year - 1, month)
    if which.endswith(("next", "coming")):
        return _iso(year if month > now else year + 1, month)
    return _iso(year if which == "this" else _nearest_year(month, "", setting), month)


def _weekday(match: re.Match[str], setting: Setting) -> str:
    """A weekday: the last one on or before publication, or the next one in a clause that looks ahead."""
    day = setting.day
    if day is None:
        return ""
    wanted, which = weekdays()[match["weekday"]], (match["which"] or "").casefold()
    monday = day - timedelta(days=day.weekday())
    if match["week"]:
        return (monday + timedelta(days=wanted + {"last": -7, "next": 7}.get(match["week"], 0))).isoformat()
    if which == "following":
        return _weekday_after(_day(*parts(setting.last)), wanted)
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


def _near_day(match: re.Match[str], setting: Setting) -> str:
    word = re.sub(r"\s+", " ", match["word"]).casefold()
    return (setting.day + timedelta(days=table("months")["days"][word])).isoformat() if setting.day else ""


def _near(match: re.Match[str], setting: Setting) -> str:
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


def _quarter(match: re.Match[str], setting: Setting) -> str:
    """The year of a quarter told without one: the nearest to publication that fits the clause."""
    last = 3 * int(table("months")["quarters"][match["quarter"]])
    return _iso(_nearest_year(last if setting.ahead else last - 2, "", replace(setting, frame=0)))


def _shifted(year: int, month: int, months: int) -> str:
    """The month that lies `months` after a month."""
    if not year or not month:
        return ""
    index = year * 12 + month - 1 + months
    return _iso(index // 12, index % 12 + 1)


def _ago(match: re.Match[str], setting: Setting) -> str:
    """'two years ago' is that year, 'three months ago' that month, 'two weeks ago' the month of that week."""
    return _moved(setting.published, match, -1)


def _after(match: re.Match[str], setting: Setting) -> str:
    """'three years later' than the date last named; 'three years after' something happened tells when that was."""
    told = parts(setting.last) if setting.last else setting.published
    return _moved(
        told if match["side"] == "after" else parts(setting.last), match, 1 if match["side"] == "later" else -1
    )


_HALVES: Mapping[str, tuple[str, float]] = MappingProxyType(
    {"decade": ("year", 5), "year": ("month", 6), "month": ("week", 2)}
)
"""What half a decade, a year and a month are."""


def _moved(origin: tuple[int, int, int], match: re.Match[str], sign: int) -> str:
    unit, words = match["unit"], match["number"].casefold()
    number = {"a": 1.0, "an": 1.0}.get(words, parse_number(words))
    if words.startswith("half"):
        unit, number = _HALVES.get(unit, (unit, None))
    if number is None or not origin[0] or number > 1000:
        return ""
    count = sign * int(number)
    if unit in ("year", "decade"):
        return _iso(max(0, origin[0] + count * (10 if unit == "decade" else 1)))
    if unit == "month":
        return _shifted(origin[0], origin[1], count)
    day = _day(*origin)
    moved = (day + timedelta(days=count * (7 if unit == "week" else 1))).isoformat() if day else ""
    return moved[:7] if unit == "week" else moved


def _same(match: re.Match[str], setting: Setting) -> str:
    """'the same year', 'that day', 'the following year': beside the date last named."""
    unit, which = match["unit"], (match.groupdict().get("which") or "same").casefold()
    origin, step = parts(setting.last), {"following": 1, "next": 1, "previous": -1, "before": -1}.get(which, 0)
    if unit == "year":
        return _iso(origin[0] + step) if origin[0] else ""
    if unit == "month":
        return _shifted(origin[0], origin[1], step)
    day = _day(*origin)
    return (day + timedelta(days=step)).isoformat() if day else ""


def _year(match: re.Match[str], setting: Setting) -> str:
    """A bare year, unless the word before it makes it the end of a name ('Expo 2010') or a number of things."""
    word = re.search(r"([^\W\d_][\w'’.&-]{0,30})[ \u00a0]$", match.string[max(0, match.start() - 40) : match.start()])
    if (
        word is None
        or word.group(1).casefold() in table("months")["words"]["before_year"]
        or word.group(1)[0].islower()
    ):
        return _iso(int(match["year"]))
    return ""


def _years(match: re.Match[str], setting: Setting) -> str:
    """The year of a period ('Q3 2020'), or the first of two years, the second of which is told by two digits ('2019-20',
    but not '2021-06')."""
    until = match.groupdict().get("until")
    return _year(match, setting) if not until or 0 < (int(until) - int(match["year"])) % 100 <= 30 else ""


RESOLVERS: Mapping[str, Resolver] = MappingProxyType(
    {
        "numeric": _numeric,
        "calendar_day": _calendar_day,
        "month_of": _month_of,
        "month": _month,
        "weekday": _weekday,
        "near_day": _near_day,
        "near": _near,
        "quarter": _quarter,
        "ago": _ago,
        "after": _after,
        "same": _same,
        "year": _year,
        "years": _years,
    }
)
"""What a date of each kind means, as an ISO date; '' where nothing tells."""

NEED_CONTEXT: frozenset[Resolver] = frozenset({_same, _after, _weekday, _calendar_day, _month_of, _month})
"""What may lean on a date named before the passage."""

"""The forms in which English news writes dates, as patterns; what they mean is told in `dates`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg.claims.numbers import either, number_words, table

YEAR = r"(?:1[89]|20)\d\d(?!\d|[.,]\d|-(?!(?:19|20)\d\d\b)\d|s\b|%)"
"""A year from 1800 to 2099 that is neither a decade ('1990s') nor the start of a longer number."""

_LINK = r"\s?(?:[-–—/]|\b(?:to|and|until|till|through|or)\b)\s?"
"""What stands between the ends of a range."""


@cache
def months() -> dict[str, int]:
    """The number of each month, by its names, also in capitals, and abbreviations (without the full stop)."""
    return {**_in_capitals("months"), **_numbered("months"), **_numbered("abbreviations")}


@cache
def weekdays() -> dict[str, int]:
    """The number of each weekday, Monday being 0, also in capitals."""
    return {**_in_capitals("weekdays"), **_numbered("weekdays")}


def _numbered(words: str) -> dict[str, int]:
    """The numbers of words of the calendar."""
    return {name: int(number) for number, names in table("months")[words].items() for name in names}


def _in_capitals(words: str) -> dict[str, int]:
    return {name.upper(): number for name, number in _numbered(words).items()}


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a date: the name of its kind, what a text with it holds at the least (one of these, as written or in lower case),
    and its expression, whose group `date` (else the whole) is the date."""

    kind: str
    needs: frozenset[str]
    expression: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled when it is first asked for."""
        return _compiled(self.expression)


def forms_for(text: str) -> Iterator[tuple[int, Form]]:
    """The forms, each with its number, that a date of this text can have: most sentences rule out most of them."""
    either_case = f"{text}\n{text.lower()}"
    met = {needs: any(need in either_case for need in needs) for needs in {form.needs for form in _forms()}}
    return ((number, form) for number, form in enumerate(_forms()) if met[form.needs])


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


@cache
def _forms() -> tuple[Form, ...]:
    """Every form. All repetition is bounded, so each pattern takes linear time."""
    digits, names = frozenset("0123456789"), frozenset(months())
    days = frozenset({*(words.split()[-1] for words in table("months")["days"]), *weekdays()})
    units = frozenset({"day", "week", "month", "year", "quarter", "decade", *table("months")["words"]["seasons"]})
    needed = {
        "weekday": days,
        "near_day": days,
        "ago": frozenset({"ago"}),
        "after": frozenset({"later", "earlier", "after"}),
    }
    calendar = [
        Form(kind, digits if kind in ("numeric", "year", "years") else names, expression)
        for expression, kind in _calendar_forms()
    ]
    near = [Form(kind, needed.get(kind, units), expression) for expression, kind in _near_forms()]
    return (*calendar, *near)


def _calendar_forms() -> list[tuple[str, str]]:
    """Dates that name a day, a month or a year of the calendar."""
    words = table("months")["words"]
    month = _month()
    named = rf"(?P<month>{month})"
    ordinal = r"[0-3]?\d(?:st|nd|rd|th)?(?!\d|[.,:]\d)"
    dotted = rf"(?:{ordinal}|[0-3]?\d\.(?!\d))"
    weekday = rf"(?:{either(weekdays())})"
    link = rf"{_LINK}(?:the\s)?(?:{weekday},?\s)?"
    between = rf"(?:,\s{dotted}){{0,4}},?{link}{dotted}"
    year = rf"(?P<year>{YEAR})"
    which = r"\s(?:of\s)?(?:the\s)?(?P<which>last|this|next|same|that|previous|following)\syear"
    edge = r"(?:early\s|late\s|mid[-\s])?"
    period = r"(?:(?:Q[1-4]|[1-4]Q|H[12]|[12]H|FY)[\s/-]?)"
    days = [
        (r"(?<![\d./-])(?P<year>(?:1[89]|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)", "numeric"),
        (
            r"(?<![\d./-])(?P<day>[0-3]?\d)(?P<dot>[./])(?P<month>0?[1-9]|1[0-2])(?P=dot)(?P<year>(?:1[89]|20)\d\d)(?!\d)",
            "numeric",
        ),
        (
            r"(?<![\d./-])(?P<month>0?[1-9]|1[0-2])/(?P<day>1[3-9]|2\d|3[01])/(?P<year>(?:1[89]|20)\d\d)(?!\d)",
            "numeric",
        ),
        (
            rf"(?<!\w){named}\s(?P<day>{ordinal})"
            rf"(?:(?:,\s{ordinal}){{1,4}},?{link}{ordinal}(?=,?\s{YEAR})|{link}(?:{month}\s)?{ordinal}(?!\s?{month}))?"
            rf"(?:,?\s{year}|,?{which})?",
            "calendar_day",
        ),
        (
            rf"(?<![\w.,/-])(?:the\s)?(?P<day>{dotted})(?:{between})?(?:\sof)?\s{named}"
            rf"(?:{link}{dotted}\s{month})?(?:,?\s{year}|,?{which})?",
            "calendar_day",
        ),
        (rf"\bthe\s(?P<day>first|last)\sday\sof\s{named}(?:,?\s{year}|,?{which})?", "calendar_day"),
    ]
    return [
        *((_beside(weekday, expression), kind) for expression, kind in days),
        (r"(?P<year>(?:1[89]|20)\d\d)\s?年(?:\s?(?P<month>1?\d)\s?月(?:\s?(?P<day>[0-3]?\d)\s?日)?)?", "numeric"),
        (rf"(?<!\w){named},?\s(?:of\s)?{year}", "numeric"),
        (rf"(?<!\w){named},?{which}", "month_of"),
        (rf"\b(?i:(?P<which>last|this|next|that|past|the\scoming))\s{named}(?!\s[0-3]?\d\b)", "month"),
        (
            rf"\b(?i:{either(words['before_month'])})[\s-](?:the\s(?:end|beginning|middle|start|course)\sof\s)?"
            rf"{edge}(?P<date>{named})(?!\s?\d)",
            "month",
        ),
        (rf"(?:\b\d\d?\.\s|[\"“(]|^)(?P<date>{named})(?=:)", "month"),
        (rf"(?<![\w.,/$€£¥+-]){year}(?:[/–-]\d\d(?:\d\d)?\b)?", "year"),
        (rf"(?<![\w.,/$€£¥+-]){period}{year}(?:[/–-]\d\d(?:\d\d)?\b)?", "years"),
        (
            rf"(?<![\w.,/$€£¥+-]){period}?(?P<year>(?:1[89]|20)\d\d)-(?P<until>\d\d)(?![\w-]|[.,]\d)",
            "years",
        ),
    ]


@cache
def _month() -> str:
    """A pattern for the name of a month; a full stop belongs to an abbreviation alone."""
    short = either(_numbered("abbreviations"))
    full = either(months().keys() - _numbered("abbreviations").keys())
    return rf"(?:(?:{full})\b|(?:{short})\b\.?)"


def _beside(weekday: str, day: str) -> str:
    """A pattern for a day with its weekday, if that is told, before it or after it: 'Friday, 7 May', '7 May (Friday)'."""
    part = r"(?:\s(?:morning|afternoon|evening|night))?"
    before = rf"\b(?:(?i:last|next|this|coming)\s)?{weekday}{part}(?:,?\s(?:den\s)?|\s?(?P<open>\())"
    return rf"(?:{before})?{day}(?:,?\s{weekday}\b|\s\({weekday}\)|(?(open)\))|)"


def _near_forms() -> list[tuple[str, str]]:
    """Dates that are told by their distance from publication, or from the date last named."""
    seasons = either(table("months")["words"]["seasons"])
    number = rf"(?P<number>\d{{1,3}}|(?:half\s)?an?\b|{number_words()})"
    quarters, weekday = table("months")["quarters"], either(weekdays())
    unit = r"(?P<unit>day|week|month|year|decade)s?\b"
    return [
        (
            rf"\b(?:(?i:(?P<which>last|next|this|coming|past|following))\s)?(?P<weekday>{weekday})"
            rf"(?:\s(?P<week>last|next|this)\sweek|{_LINK}(?:{weekday})(?!,?\s\(?(?:the\s|{_month()}\s)?\d))?\b",
            "weekday",
        ),
        (rf"\b(?i:(?P<word>{either(table('months')['days'])}))\b", "near_day"),
        (
            r"\b(?i:(?P<which>last|this|next|past|previous|current|coming))\s"
            rf"(?P<unit>year|month|week|weekend|quarter|{seasons})\b",
            "near",
        ),
        (
            rf"\b(?i:{either(table('months')['words']['before_month'])})\sthe\s"
            rf"(?P<date>(?P<quarter>{either(quarters)})\squarter(?:\sof\sthe\syear)?)(?![\w-]|,?\s(?:\d|of\b|last\b|next\b|this\b))",
            "quarter",
        ),
        (rf"\b(?P<unit>{seasons})\s(?:of\s)?(?P<which>last|this|next)\syear", "near"),
        (rf"\b(?i:{number})\s(?:good\s)?{unit}\sago\b", "ago"),
        (rf"\b(?i:{number})\s{unit}\s(?P<side>later|earlier)\b", "after"),
        (rf"\b(?i:{number})\s{unit}\s(?P<side>after)(?=\s\w)", "after"),
        (r"\b(?i:(?:(?:the|that)\s(?:very\s)?)?(?P<which>same|following|previous|next))\s(?P<unit>day)\b", "same"),
        (r"\b(?i:(?:the|that)\s(?:very\s)?(?P<which>same|following|previous|next))\s(?P<unit>year|month)\b", "same"),
        (r"\b[Tt]he\s(?P<unit>day)\s(?P<which>before)\b(?!\syesterday)", "same"),
        (r"\b[Tt]hat\s(?P<unit>year|day|month)\b", "same"),
        (r"\bat\sthe\s(?P<unit>weekend)\b", "near"),
        (r"\bin\sthe\s(?P<which>new)\s(?P<unit>year)\b", "near"),
        (
            r"\b(?:before|by|until|towards?|at|later\sin)\s(?:the\s)?(?:end\sof\s)?(?:the\s)?(?P<unit>year)"
            r"(?:[-\s]end|\sis\s(?:out|over)|'s\send)?\b",
            "near",
        ),
        (r"\b(?:beginning|start|course|end|half|rest|remainder)\sof\sthe\s(?P<unit>year)\b", "near"),
    ]

"""Money, stakes and counts in running text, verbatim and normalised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from kg.claims.numbers import DIGITS, GAP, either, number_words, parse_number, table
from kg.model import Amount, Count, Share

Value = TypeVar("Value", Amount, Share, Count)

NEAR = 60
"""Characters to either side within which a word about stakes makes 'half' or 'a quarter' a share."""

_PERCENT = r"(?:[%％]|per\s?cent\b|pct\b\.?|Prozent\b)(?!\spoints?)"


@dataclass(frozen=True, slots=True)
class Quantity(Generic[Value]):
    """A quantity that the text gives: characters `start` to `end`, and what they mean."""

    start: int
    end: int
    value: Value


def find_amounts(text: str) -> tuple[Quantity[Amount], ...]:
    """The sums of money of a text, in order; of a range ('23 to 25.7 billion yuan') the value is the lower end, and a sum
    without a figure ('a double-digit million sum') has none."""
    return tuple(
        Quantity(match.start(), match.end(), Amount(match.group(), _currency(match), _amount_value(match)))
        for match in _without_overlaps(_amount_patterns(), text)
    )


def find_shares(text: str) -> tuple[Quantity[Share], ...]:
    """The stakes of a text, in order: percentages, fractions near a word about stakes, and shares said without a figure
    ('majority'), whose percentage is None."""
    found = []
    for match in _without_overlaps(_share_patterns(), text):
        parts = match.groupdict()
        if parts.get("list"):
            found += [_share(text, match.start("list") + m.start(), match.start("list") + m.end()) for m in re.finditer(DIGITS, parts["list"])]
        if parts.get("fraction") and not _near_stake(text, match):
            continue
        found.append(_share(text, match.start("share"), match.end("share")))
    return tuple(found)


def find_counts(text: str) -> tuple[Quantity[Count], ...]:
    """The numbers of things of a text, in order, with what says how exact they are ('more than 50', 'dozens', 'both').
    Numbers with a unit of money, time, measure or percent are left out, and so are years and ordinals."""
    found = []
    for match in _count_pattern().finditer(text):
        words = match.group("whole")
        if not match["vague"] and parse_number(match["number"]) is None:
            continue
        found.append(Quantity(match.start("whole"), match.start("whole") + len(words), parse_count(words)))
    return tuple(found)


def parse_count(words: str) -> Count:
    """What the words of a quantity mean: 'More than 50' is at least 50, 'nearly 20' about 20, 'a dozen' 12, and 'many' about
    an unknown number. Words without a number (a bare 'companies') give a count without a value too."""
    plain = re.sub(r"\s+", " ", words.strip()).casefold()
    comparator, bare = _comparator(plain)
    lists = table("numbers")
    for name in ("vague", "exact"):
        for phrase in sorted(lists[name], key=len, reverse=True):
            if re.match(rf"{re.escape(phrase)}\b", bare):
                return _phrase_count(words, comparator, name, lists[name][phrase])
    match = re.match(rf"(?:the\s)?({_number()})(\+|-plus|\splus\b|\sor\smore\b)?(\sor\sso\b)?", bare)
    value = parse_number(match.group(1)) if match else None
    if match is None or value is None:
        return Count(words, "about", None)
    comparator = "atLeast" if match.group(2) else "about" if match.group(3) else comparator
    return Count(words, comparator, int(value))


def _phrase_count(words: str, comparator: str, name: str, value: int) -> Count:
    if not value:
        return Count(words, "about", None)
    return Count(words, "atLeast" if name == "vague" and comparator == "exactly" else comparator, value)


def _comparator(plain: str) -> tuple[str, str]:
    """How exact a number is, and the words that are left without saying so."""
    for comparator, phrases in table("numbers")["comparators"].items():
        match = re.match(rf"(?:{either(phrases)})\s", plain)
        if match:
            return comparator, plain[match.end() :]
    return "exactly", plain


@cache
def _comparators() -> str:
    """A pattern for the words that say how exact a number is, with the space after them."""
    lists = table("numbers")["comparators"]
    return rf"(?:(?i:{either(phrase for name, phrases in lists.items() for phrase in phrases if name != 'exactly')})\s)"


@cache
def _number() -> str:
    """A pattern for a number in digits or words, with a scale ('1.5 billion') if it has one."""
    lists = table("numbers")
    scale, suffix = either(lists["scales"]), either(lists["suffixes"])
    return rf"(?:(?:{DIGITS})(?:{GAP}(?:{scale})\b|{GAP}?(?i:{suffix})\b)?|\b(?i:{number_words()}))"


@cache
def _amount_patterns() -> tuple[re.Pattern[str], ...]:
    money, number = table("currencies"), _number()
    some = rf"(?P<number>{number})"
    before = rf"(?P<before>{either(money['signs'])}|\b(?:{either(money['codes'])})(?![^\W\d_]))"
    after = rf"(?P<after>(?:{either(money['words'])}|{either(money['codes'])})\b|[€£])"
    scale = either(table("numbers")["scales"])
    vague = rf"(?P<vague>(?:double|triple|three|two|single|high|low)(?:-digit)?\s(?:million|billion)s?|(?:several\s)?(?:tens|hundreds|dozens)\sof\s(?:{scale})(?:\sof)?)"
    head = rf"(?:\b{_comparators()})?"
    link = r"(?:\s?[-–—]\s?|\s(?:to|and|or)\s)"
    return tuple(
        re.compile(form)
        for form in (
            rf"{head}{before}\s?{some}(?:{link}(?:{before.replace('before', 'again')}\s?)?{number})?(?!\w)",
            rf"(?<![\w.,]){head}{some}(?:\s(?:{either(money['words'])}))?(?:{link}{number})?(?:{GAP}|\sin\s)?{after}",
            rf"\b{head}{vague}\s{after}",
            rf"\b{vague}\s(?:sum|amount|figure)\b",
        )
    )


def _currency(match: re.Match[str]) -> str:
    """The ISO 4217 code of the currency of an amount."""
    money = table("currencies")
    known = {**money["signs"], **money["codes"], **money["words"], "€": "EUR", "£": "GBP"}
    parts = match.groupdict()
    return str(known.get(re.sub(r"\s+", " ", parts.get("before") or parts.get("after") or ""), ""))


def _amount_value(match: re.Match[str]) -> float | None:
    """The value in whole units; the scale of the upper end of a range holds for both ends ('2 to 3 billion euros')."""
    words = match.groupdict().get("number")
    if not words:
        return None
    value, upper = parse_number(words), re.search(rf"(?:[-–—]|\b(?:to|and|or)\b)\s?[^\d]{{0,6}}({_number()})", match.group())
    if value is not None and value < 1000 and upper and upper.start(1) > match.end("number") - match.start():
        scale = re.search(either(table("numbers")["scales"]), upper.group(1))
        value *= table("numbers")["scales"][scale.group()] if scale else 1
    return value


@cache
def _share_patterns() -> tuple[re.Pattern[str], ...]:
    lists = table("numbers")
    number = rf"(?:(?:{DIGITS})|\b(?i:{number_words()})(?:\spoint\s(?i:{number_words()}))?)"
    head = rf"(?:\b{_comparators()})?(?:remaining\s)?"
    more = rf"(?P<list>(?:(?:{DIGITS})(?:,\s|\s(?:and|to|or)\s|\s?[-–]\s?)){{0,6}})"
    return tuple(
        re.compile(form)
        for form in (
            rf"(?<![\w.,]){more}(?P<share>{head}{number}[\s-]?{_PERCENT})",
            rf"(?P<share>\b(?i:{either(lists['stated'])})(?!\w))",
            rf"\b(?P<share>(?i:{either(lists['stake']['verbal'])}))\b",
            rf"\b(?P<share>{head}(?P<fraction>(?i:{either(lists['fractions'])})))\b(?!-)",
        )
    )


def _share(text: str, start: int, end: int) -> Quantity[Share]:
    words = text[start:end]
    return Quantity(start, end, Share(words, _percent(words)))


def _percent(words: str) -> float | None:
    """The percentage that words for a share give; None for those without a figure."""
    lists = table("numbers")
    bare = re.sub(r"\s+", " ", _comparator(words.casefold())[1]).removeprefix("remaining ")
    known = {**lists["stated"], **lists["fractions"]}
    if bare in known:
        return float(known[bare])
    whole, _, decimals = re.sub(rf"[\s-]?{_PERCENT}$", "", bare, flags=re.I).partition(" point ")
    value, tail = parse_number(whole), parse_number(decimals) if decimals else None
    return value if value is None or tail is None else float(f"{int(value)}.{int(tail)}")


def _near_stake(text: str, match: re.Match[str]) -> bool:
    around = text[max(0, match.start() - NEAR) : match.start()] + " … " + text[match.end() : match.end() + NEAR]
    return re.search(rf"\b(?:{either(table('numbers')['stake']['words'])})\b", around, re.I) is not None


@cache
def _count_pattern() -> re.Pattern[str]:
    lists, money = table("numbers"), table("currencies")
    vague = rf"(?P<vague>{either([*lists['vague'], *lists['exact']])})"
    units = either([*lists["units_of_measure"]["words"], *money["words"], *money["codes"]])
    number = rf"(?P<number>{_number()})(?:\+|-plus\b|\sor\smore\b)?"
    signs = "".join(sorted({sign[-1] for sign in money["signs"]}))
    return re.compile(
        rf"(?<![\w.,:/{re.escape(signs)}#-])(?P<whole>(?:\b{_comparators()})?(?:(?i:{vague})|{number}))(?!\w|[.,:/]\d|[-–]\w|\s?[%％])"
        rf"(?=\s(?!(?:{units})\b|per\s?cent)[^\W\d_])"
    )


def _without_overlaps(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    """What the patterns find, leftmost and then longest first, without overlaps."""
    found = sorted((match for pattern in patterns for match in pattern.finditer(text)), key=lambda m: (m.start(), -m.end()))
    reached = 0
    for match in found:
        if match.start() >= reached:
            reached = match.end()
            yield match

"""Money, stakes and counts in running text, verbatim and normalised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from kg.claims.date_forms import months
from kg.claims.numbers import DIGITS, GAP, either, lower_end, number_words, parse_number, table
from kg.model import Amount, Count, Share

REACH = 300
"""Characters after a sum of money within which a bare '30 million' is of the same currency."""

NEAR = 60
"""Characters to either side within which a word about stakes makes 'half' or 'a quarter' a share."""

_OF_A_YEAR = re.compile(r"\s(?:of\s)?(?:the\s|this\s|next\s|last\s)?(?:year|\d{4})\b")
_YEARS = re.compile(r"(?:between\s)?\d{4}(?:\D{1,5}\d{4})?", re.IGNORECASE)
_OWN = r"(?:[a-z]+\s){0,2}"
_FROM, _TO = (re.compile(rf"\b{word}\s{_OWN}$", re.IGNORECASE) for word in ("from", "to"))
_TO_NEXT, _FROM_NEXT = (re.compile(rf",?(?:\s[^,;.\n]{{1,40}})?\s{word}\s{_OWN}") for word in ("to", "from"))
_MOVED = re.compile(r"\b(?:up|down)\b")
_PERCENT = r"(?:[%％]|per\s?cent\b|pct\b\.?|Prozent\b)(?!\spoints?)"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity that the text gives: characters `start` to `end`, and what they mean."""

    start: int
    end: int
    value: Amount | Share | Count


def find_amounts(text: str) -> tuple[Quantity, ...]:
    """The sums of money of a text, in order; of a range ('23 to 25.7 billion yuan') the value is the lower end, a sum
    without a figure ('a double-digit million sum') has none, '30 million of which' takes the last currency."""
    if not _tells_of_money(text):
        return ()
    found: list[Quantity] = []
    currency, reached = "", -REACH
    for match in _without_overlaps(_amount_patterns(), text):
        if not match.groupdict().get("bare"):
            currency = _currency(match)
        elif match.start() - reached > REACH:
            continue
        reached = match.end()
        value = _amount_value(match, currency)
        found.append(Quantity(match.start(), match.end(), Amount(match.group(), currency, value)))
    return tuple(found)


def find_shares(text: str) -> tuple[Quantity, ...]:
    """The stakes of a text, in order: percentages, fractions near a word about stakes, and shares said without a figure
    ('majority'), whose percentage is None; of a share that changes ('from 13.5 to 94.55 percent'), what it becomes."""
    found: list[Quantity] = []
    for match in _without_overlaps(_share_patterns(), text):
        parts = match.groupdict()
        if parts.get("fraction") and not _is_stake(text, match):
            continue
        if parts.get("list"):
            start = match.start("list")
            found += [_share(text, start + m.start(), start + m.end()) for m in re.finditer(DIGITS, parts["list"])]
        if not parts.get("rest") or _completes(found, match):
            found.append(_share(text, match.start("share"), match.end("share")))
    former = {former for pair in pairwise(found) if (former := _former(text, *pair))}
    return tuple(quantity for quantity in found if quantity not in former)


def _former(text: str, first: Quantity, second: Quantity) -> Quantity | None:
    """Of two neighbours the share that became the other: 'from 13.5 percent to 94.55 percent', 'to 30 percent from 20'."""
    before, between = text[max(0, first.start - NEAR) : first.start], text[first.end : second.start]
    if _FROM.search(before) and _TO_NEXT.fullmatch(between):
        return first
    return second if _FROM_NEXT.fullmatch(between) and (_TO.search(before) or _MOVED.search(between)) else None


def find_counts(text: str) -> tuple[Quantity, ...]:
    """The numbers of things of a text, in order, with what says how exact they are ('more than 50', 'dozens', 'both').
    Numbers with a unit of money, time, measure or percent are left out, and so are years, days and a bare 'one'."""
    money = [(amount.start, amount.end) for amount in find_amounts(text)]
    found, at = [], 0
    for match in _count_pattern().finditer(text):
        while at < len(money) and money[at][1] <= match.start():
            at += 1
        if at < len(money) and money[at][0] < match.end():
            continue
        if match["vague"] or _counts_things(text, match):
            start = match.start("number" if _falls(match) else "whole")
            found.append(Quantity(start, match.end("whole"), parse_count(text[start : match.end("whole")])))
    return tuple(found)


def parse_count(words: str) -> Count:
    """What the words before a group's name mean: 'More than 50 German companies' is at least 50 ('More than 50'),
    '20 to 30' at least 20, 'nearly 20' about 20, 'a dozen' 12, 'many' about an unknown number; words without a number
    ('companies') have no value either."""
    match = _count_words().match(words.strip())
    if match is None:
        return Count(words.strip(), "about", None)
    comparator, verbatim = _comparator(match["head"] or ""), match.group()
    lists = table("numbers")
    phrase = re.sub(r"\s+", " ", match["vague"] or "").casefold()
    if phrase in lists["vague"]:
        value = lists["vague"][phrase]
        return Count(verbatim, "atLeast" if value else "about", value or None)
    number = lists["exact"].get(phrase) if phrase else _least(match)
    if match["more"] or match["so"]:
        comparator = "atLeast" if match["more"] else "about"
    elif match["low"] and comparator == "exactly":
        comparator = "atLeast"
    return Count(verbatim, comparator if number is not None else "about", None if number is None else int(number))


def _comparator(words: str) -> str:
    """How exact the words before a number say that it is."""
    plain = re.sub(r"\s+", " ", words.strip()).casefold()
    return next((name for name, phrases in table("numbers")["comparators"].items() if plain in phrases), "exactly")


@cache
def _count_words() -> re.Pattern[str]:
    lists = table("numbers")
    vague = either([*lists["vague"], *lists["exact"]])
    every = either(phrase for phrases in lists["comparators"].values() for phrase in phrases)
    return re.compile(rf"(?i:(?P<head>(?:{every})\s)?(?:the\s|all\s)?(?:(?P<vague>{vague})\b|{_counted()}))")


@cache
def _counted() -> str:
    """A pattern for a number of things, or a range ('20 to 30', but not the growth 'from 20 to 30'), with what is said behind
    it on how exact it is."""
    lower = (
        rf"(?:(?P<between>(?i:between)\s)|(?<!(?i:from)\s))(?P<low>{_number()})"
        r"(?(between)\sand\s|(?:(?<=\d)\s?[-–—]\s?(?=\d)|\s(?:to|or)\s))"
    )
    return rf"(?:{lower})?(?P<number>{_number()})(?:(?P<more>\+|-plus\b|\sor\smore\b)|(?P<so>\sor\sso\b|-odd\b))?"


def _least(match: re.Match[str]) -> float | None:
    """The number of a count, of a range its lower end."""
    return lower_end(match["low"] or match["number"], match["number"])


def _falls(match: re.Match[str]) -> bool:
    """Whether what looks like a range goes down, and is none ('Schalke 04 to two firms')."""
    if not match["low"]:
        return False
    least, value = _least(match), parse_number(match["number"])
    return least is None or value is None or least >= value


def _counts_things(text: str, match: re.Match[str]) -> bool:
    """Whether a number counts things: whole, more than one, no year, no day of a month."""
    value = parse_number(match["number"])
    if value is None or value != int(value) or value < 2 or ("." in match["number"] and value < 1000):
        return False
    year = 1800 <= value < 2100 and _YEARS.fullmatch(match["whole"])
    return not year and _after_month().search(text[max(0, match.start() - 12) : match.start()]) is None


@cache
def _after_month() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{either(months())})\.?\s$")


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
    return rf"(?:(?:{DIGITS})(?:{GAP}(?:{scale})\b|{GAP}?(?i:{suffix})(?!\w))?|\b(?i:{number_words()}))"


@cache
def _amount_patterns() -> tuple[re.Pattern[str], ...]:
    money, number = table("currencies"), _number()
    some = rf"(?P<number>{number})"
    before = rf"(?P<before>{either(money['signs'])}|\b(?:{either(money['codes'])})(?![^\W\d_]))"
    after = rf"(?P<after>(?:{either(money['words'])}|{either(money['codes'])})\b|[€£])"
    scale = either(table("numbers")["scales"])
    vague = (
        r"(?P<vague>(?:double|triple|three|two|single|high|low)(?:-digit)?\s(?:million|billion)s?"
        rf"|(?:several\s)?(?:tens|hundreds|dozens)\sof\s(?:{scale})(?:\sof)?"
        rf"|(?:several|a\sfew)(?:\s(?:{scale})){{1,2}})"
    )
    head = rf"(?:\b{_comparators()})?"
    link = r"(?:\s?[-–—]\s?|\s(?:to|and|or)\s)"
    return tuple(
        re.compile(form)
        for form in (
            rf"{head}{before}\s?{some}(?:{link}(?:{before.replace('before', 'again')}\s?)?(?P<upper>{number}))?(?!\w)",
            rf"(?<![\w.,]){head}{some}(?:\s(?:{either(money['words'])}))?(?:{link}(?P<upper>{number}))?(?:{GAP}|\sin\s)?{after}",
            rf"\b{head}{vague}\s{after}",
            rf"\b{vague}\s(?:sum|amount|figure)\b",
            rf"(?<![\w.,-])(?P<bare>{head}(?P<number>(?:{DIGITS}){GAP}(?:{scale})))(?=[.;,)]|\sof\swhich\b|\slater\b|\supfront\b)",
        )
    )


def _tells_of_money(text: str) -> bool:
    """Whether any sum could stand in a text: the patterns are long, and most sentences hold none."""
    return any(sign in text for sign in _money())


@cache
def _money() -> tuple[str, ...]:
    money = table("currencies")
    words = {re.split(r"\\s|\s", word)[-1] for kind in ("signs", "codes", "words") for word in money[kind]}
    return ("€", "£", " sum", " amount", " figure", *sorted(words))


def _currency(match: re.Match[str]) -> str:
    """The ISO 4217 code of the currency of an amount."""
    money = table("currencies")
    known = {**money["signs"], **money["codes"], **money["words"], "€": "EUR", "£": "GBP"}
    parts = match.groupdict()
    return str(known.get(re.sub(r"\s+", " ", parts.get("before") or parts.get("after") or ""), ""))


def _amount_value(match: re.Match[str], currency: str) -> float | None:
    """The value in whole units, of a range its lower end; a sum that has three decimals and no scale is of thousands."""
    parts = match.groupdict()
    words = parts.get("number")
    if not words:
        return None
    value = lower_end(words, parts.get("upper") or "")
    thousands = currency in table("currencies")["grouped_by_stops"] and re.fullmatch(r"\d{1,3}\.\d{3}", words)
    return value * 1000 if value is not None and value < 1000 and thousands else value


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
            rf"(?<=\s)(?P<share>(?P<rest>(?:{DIGITS})))(?=[.;,](?:\s|$))",
        )
    )


def _share(text: str, start: int, end: int) -> Quantity:
    words = text[start:end]
    return Quantity(start, end, Share(words, _percent(words)))


def _percent(words: str) -> float | None:
    """The percentage that words for a share give; None for those without a figure."""
    lists = table("numbers")
    bare = re.sub(rf"^(?:{_comparators()})?(?:remaining\s)?", "", re.sub(r"\s+", " ", words)).casefold()
    known = {**lists["stated"], **lists["fractions"]}
    if bare in known:
        return float(known[bare])
    whole, _, decimals = re.sub(rf"[\s-]?{_PERCENT}$", "", bare, flags=re.I).partition(" point ")
    value, tail = parse_number(whole), parse_number(decimals) if decimals else None
    return value if value is None or tail is None else float(f"{int(value)}.{int(tail)}")


def _is_stake(text: str, match: re.Match[str]) -> bool:
    """Whether a fraction is a stake: near a word about stakes, and neither a quarter of a year nor an ordinal."""
    before, after = text[max(0, match.start() - NEAR) : match.start()], text[match.end() : match.end() + NEAR]
    fraction = match["fraction"].casefold()
    if _OF_A_YEAR.match(after) or re.search(r"\b(?:first|second|third|fourth|last|this|next)\s$", before):
        return False
    if match["share"].startswith("remaining"):
        return True
    if (fraction.endswith("th") or fraction == "third") and not re.search(r"\b(?:a|one|two)[\s-]$", before):
        return False
    return _stake_words().search(f"{before} … {after}") is not None


@cache
def _stake_words() -> re.Pattern[str]:
    return re.compile(rf"\b(?i:{either(table('numbers')['stake']['words'])})\b")


def _completes(found: list[Quantity], match: re.Match[str]) -> bool:
    """Whether a bare number is the rest of the share before it ('51 percent, the Germans 49')."""
    if (
        not found
        or match.start() - found[-1].end > REACH
        or re.search(r"[.!?]\s", match.string[found[-1].end : match.start()])
    ):
        return False
    share, rest = found[-1].value, parse_number(match["rest"])
    percent = share.percent if isinstance(share, Share) else None
    return percent is not None and rest is not None and abs(percent + rest - 100) < 0.001


@cache
def _count_pattern() -> re.Pattern[str]:
    lists, money = table("numbers"), table("currencies")
    vague = rf"(?P<vague>{either([*lists['vague'], *lists['exact']])})"
    units = either([*lists["units_of_measure"]["words"], *money["words"], *money["codes"]])
    signs = "".join(sorted({sign[-1] for sign in money["signs"]}))
    return re.compile(
        rf"(?<![\w.,:/{re.escape(signs)}#-])(?P<whole>(?:\b{_comparators()})?(?:(?i:{vague})|{_counted()}))"
        rf"(?!\w|[.,:/]\d|[-–]\w|\s?[%％])(?=\s(?!(?:{units})\b|per\s?cent)[^\W\d_])"
    )


def _without_overlaps(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    """What the patterns find, leftmost and then longest first, without overlaps."""
    found = sorted(
        (match for pattern in patterns for match in pattern.finditer(text)), key=lambda m: (m.start(), -m.end())
    )
    reached = 0
    for match in found:
        if match.start() >= reached:
            reached = match.end()
            yield match

"""Numbers in words and digits ('fifty-three', '1,500', 'half a million') and the word lists that quantities share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from math import prod
from typing import Any

from kg.files import DATA

GAP = r"[ \t\u00a0\u202f-]"
"""What may stand between the words of one number."""

_STOPS = r"\d{1,3}(?:(?:\.\d{3}){2,5}(?:,\d{1,4})?|\.\d{3},\d\d)(?!\d)"
"""A number whose thousands are grouped by stops: two groups or more, or one and cents behind a comma."""

DIGITS = rf"\d{{1,3}}(?:[,\u00a0\u202f']\d{{3}}){{1,5}}(?:\.\d{{1,4}})?|{_STOPS}|\d{{1,15}}(?:[.,]\d{{1,4}})?"
"""A number in digits, of bounded length so that hostile runs of digits cost linear time."""


@cache
def table(name: str) -> dict[str, Any]:
    """The word lists of `data/lexicon/{name}.toml`."""
    return tomllib.loads((DATA / "lexicon" / f"{name}.toml").read_text(encoding="utf-8"))


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; a space in a word stands for white space of any kind."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s{1,2}") for word in ordered)


@cache
def number_words() -> str:
    """A pattern for a number in words: 'five', 'fifty-three', 'two hundred and fifty', 'half a million'."""
    lists = table("numbers")
    scale = rf"(?:{either(lists['scales'])})\b"
    small = rf"(?:(?:{either(lists['tens'])})(?:{GAP}(?:{either(lists['units'])}))?\b|(?:{either(lists['units'])})\b)"
    first = rf"(?:{small}|(?:half{GAP})?a(?={GAP}{scale}))"
    return rf"{first}(?:{GAP}{scale}(?:{GAP}(?:and{GAP})?{small})?){{0,4}}"


def parse_digits(words: str) -> float | None:
    """The value of a number in digits: commas, two stops or more, and thin spaces group thousands, one comma before other
    than three digits is a decimal sign; None if it is no number."""
    bare = re.sub(r"[\u00a0\u202f' ]", "", words)
    bare = bare.replace(".", "") if re.fullmatch(_STOPS, bare) else bare
    bare = bare.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", bare) else bare.replace(",", ".")
    try:
        return float(bare)
    except ValueError:
        return None


def parse_words(words: str) -> float | None:
    """The value of a number in words ('two hundred and fifty' is 250, 'half a million' 500000); None if it is none."""
    lists = table("numbers")
    total, group, seen = 0.0, 0.0, False
    for word in re.split(r"[\s-]+", words.casefold().strip()):
        if word in lists["units"] or word in lists["tens"]:
            group += lists["units"].get(word, lists["tens"].get(word))
        elif word == "half":
            group += 0.5
        elif word in lists["scales"]:
            scale = lists["scales"][word]
            group = (group or 1) * scale
            if scale >= 1000:
                total, group = total + group, 0.0
        elif word in ("a", "an", "and"):
            continue
        else:
            return None
        seen = True
    return total + group if seen else None


def lower_end(words: str, upper: str) -> float | None:
    """The value of the lower end of a range, which shares the scale of the upper one ('2 to 3 billion'), as far as it stays
    below it ('90 to a hundred million'); None if it is no number."""
    value, most, scales = (
        parse_number(words),
        parse_number(upper),
        {**table("numbers")["scales"], **table("numbers")["suffixes"]},
    )
    if value is None or value >= 1000:
        return value
    pattern = re.compile(rf"(?<![^\W\d_])(?:{either(scales)})(?!\w)")
    own = pattern.findall(words.casefold())
    shared = sorted((scales[scale] for scale in pattern.findall(upper.casefold()) if scale not in own), reverse=True)
    while shared and most is not None and value * prod(shared) > most:
        shared.pop()
    return float(round(value * prod(shared), 4))


def parse_number(words: str) -> float | None:
    """The value of a number in words or in digits, with a scale word or not ('1.5 billion'); None if it is none."""
    match = re.match(rf"({DIGITS})[\s-]?(.*)", words.strip(), re.S)
    if match is None:
        return parse_words(words)
    value, scale = parse_digits(match.group(1)), match.group(2).casefold().strip(" .-")
    lists = table("numbers")
    factor = lists["suffixes"].get(scale, lists["scales"].get(scale, None if scale else 1))
    return None if value is None or factor is None else round(value * factor, 4)

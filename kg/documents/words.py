"""The word lists that tell the parts of a document, as patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from kg.files import DATA


@cache
def table(name: str) -> dict[str, Any]:
    """The word lists of `data/lexicon/{name}.toml`."""
    return tomllib.loads((DATA / "lexicon" / f"{name}.toml").read_text(encoding="utf-8"))


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@cache
def labels() -> dict[str, str]:
    """What each label at the start of a line announces: 'source' the publisher, 'media contact' the contact."""
    return {word: kind for kind, words in table("release")["labels"].items() for word in words}


@cache
def months() -> dict[str, int]:
    """The number of each month, by its names and abbreviations in lower case."""
    rows = (row for lists in ("months", "abbreviations") for row in table("months")[lists].items())
    return {name.casefold(): int(number) for number, names in rows for name in names}


@cache
def weekdays() -> str:
    """A pattern for a weekday."""
    return either(name for names in table("months")["weekdays"].values() for name in names)

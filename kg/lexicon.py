"""Word lists, one word or phrase a line: words are kept apart from the rules that use them."""

from __future__ import annotations

from functools import cache

from kg.files import DATA


@cache
def words(name: str) -> tuple[str, ...]:
    """The entries of `data/lexicon/{name}.txt`, in the file's order; lines that begin with '#' are comments.

    Raises FileNotFoundError if there is no such list."""
    text = (DATA / "lexicon" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))

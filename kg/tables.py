"""Rows for people and for programs: a table that fits the terminal, CSV, TSV, JSON or Markdown."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable, Sequence
from itertools import zip_longest
from typing import TextIO

ROW_FORMATS = ("table", "csv", "tsv", "json", "markdown")
"""The forms that rows can be written in."""

GAP = 3
"""Cells between two columns of a table."""
NARROWEST = 16
"""Cells to which a column may shrink; where even that is too wide, one line a field is easier to read."""
TALLEST = 6
"""Lines that a cell may take at the least width of its column."""

_MARKDOWN = re.compile(r"[\\|<*_`\[\]]|&(?=#?\w+;)")
_HAN = "\u2e80-\u2fff\u3003-\u3007\u3021-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(
    rf"([ \t-\r\u3000]*)([“‘（《〈「『【]*[{_HAN}][，。、；：？！）》〉」』】”’,.;:?!)]*|[^ \t-\r\u3000{_HAN}]+)"
)
"""Blanks and a word after them; a Chinese character is a word, with the punctuation that may not stand apart from it."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody looks at this stream, rather than a program reading it."""
    try:
        return stream.isatty()
    except ValueError:  # already closed
        return False


def plain(text: str) -> str:
    """The text without control characters: what a document says must not steer a reader's terminal."""
    return _CONTROL.sub("", text)


def width() -> int:
    """The cells in a line of the terminal (COLUMNS if set; 80 where there is no terminal)."""
    return max(20, shutil.get_terminal_size((80, 24)).columns)


def cells(text: str) -> int:
    """The cells of the terminal that the text takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrap(text: str, room: int, first: str = "", after: str = "") -> list[str]:
    """The text in lines of at most `room` cells, which begin with `first` and then `after`; none for a blank text.

    Lines end between words or Chinese characters; a word that is longer than a line goes on in the next."""
    from rich.cells import chop_cells

    lines, line, begun = [], first, False
    for blanks, word in _WORD.findall(text):
        if begun and cells(line) + len(blanks) + cells(word) > room:
            lines.append(line)
            line, begun = after, False
        line += " " * len(blanks) if begun else ""
        while cells(line) + cells(word) > room:
            part = chop_cells(word, max(room - cells(line), 2))[0]
            lines.append(line + part)
            line, word = after, word[len(part) :]
        line, begun = line + word, begun or bool(word)
    return [*lines, line] if begun else lines


def write_rows(
    columns: Sequence[str], rows: Iterable[Sequence[str]], form: str, out: TextIO, right: Collection[int] = ()
) -> None:
    """Write rows in one of ROW_FORMATS; a table sets the columns with the numbers `right` to the right."""
    if form == "table":
        _write_table(columns, list(rows), out, right)
    elif form == "markdown":
        _write_markdown(columns, rows, out, right)
    elif form == "json":
        import json

        json.dump([dict(zip(columns, row, strict=True)) for row in rows], out, ensure_ascii=False, indent=2)
        out.write("\n")
    else:
        _write_separated(columns, rows, "\t" if form == "tsv" else ",", out)


def _write_separated(columns: Sequence[str], rows: Iterable[Sequence[str]], separator: str, out: TextIO) -> None:
    import csv

    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)


def _write_markdown(columns: Sequence[str], rows: Iterable[Sequence[str]], out: TextIO, right: Collection[int]) -> None:
    rule = ["---:" if number in right else "---" for number in range(len(columns))]
    escaped = ([_MARKDOWN.sub(r"\\\g<0>", " ".join(plain(cell).split())) for cell in row] for row in (columns, *rows))
    heads = next(escaped)
    out.writelines(f"| {' | '.join(cells)} |\n" for cells in (heads, rule, *escaped))


def _write_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], out: TextIO, right: Collection[int] = ()
) -> None:
    columns, rows = [plain(column) for column in columns], [[plain(cell) for cell in row] for row in rows]
    widths = _widths(columns, rows)
    if not widths:
        _write_records(columns, rows, out)
        return
    gap = " " * GAP
    rule = ["─" * (sum(widths) + GAP * (len(widths) - 1))]
    for number, row in enumerate((columns, *rows)):
        lines = zip_longest(*(wrap(cell, room) for cell, room in zip(row, widths, strict=True)), fillvalue="")
        told = [
            gap.join(_padded(text, widths[n], n in right) for n, text in enumerate(line)).rstrip() for line in lines
        ]
        out.write("\n".join([*told, *(rule if number == 0 else ())]) + "\n")


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Sequence[int]:
    """The cells of each column in a table as wide as the terminal at most: the widest column gives way first, and words
    stay whole where that is possible. None where the columns would be too narrow to read."""
    every = list(zip(columns, *rows, strict=True))
    longest = [max(map(cells, column)) for column in every]
    least = [max(min(NARROWEST, length), -(-length // TALLEST)) for length in longest]
    words = [max(cells(word) for text in column for _, word in [("", ""), *_WORD.findall(text)]) for column in every]
    room = width() - GAP * (len(columns) - 1)
    for floor in (list(map(max, least, words)), least):
        for cap in range(room, 0, -1):
            found = [max(low, min(length, cap)) for low, length in zip(floor, longest, strict=True)]
            if sum(found) <= room:
                return found
    return ()


def _write_records(columns: Sequence[str], rows: Sequence[Sequence[str]], out: TextIO) -> None:
    """One field a line, a blank line between rows: what is left when the columns would be too narrow to read."""
    indent = min(max(map(cells, columns)) + 2, width() // 2)
    for number, row in enumerate(rows):
        out.write("\n" if number else "")
        for column, value in zip(columns, row, strict=True):
            if value:
                *above, name = wrap(column, indent - 2)
                lines = [*above, *wrap(value, width(), _padded(name, indent), " " * indent)]
                out.write("\n".join(lines) + "\n")


def _padded(text: str, room: int, right: bool = False) -> str:
    """The text with blanks up to this many cells."""
    blanks = " " * (room - cells(text))
    return blanks + text if right else text + blanks

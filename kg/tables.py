"""Rows for people and for programs: a table that fits the terminal, CSV, TSV, JSON or Markdown."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, TextIO

ROW_FORMATS = ("table", "csv", "tsv", "json", "markdown")
"""The forms that rows can be written in."""

NARROWEST = 16
"""Characters to which a column may shrink; where even that is too wide, one line a field is easier to read."""
TALLEST = 6
"""Lines that a cell may take at the least width of its column."""

_MARKDOWN = re.compile(r"[\\|<*_`\[\]]|&(?=#?\w+;)")
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
    """The characters in a line of the terminal (COLUMNS if set; 80 where there is no terminal)."""
    return max(20, shutil.get_terminal_size((80, 24)).columns)


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
    longest = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    least = [max(min(NARROWEST, length), -(-length // TALLEST)) for length in longest]
    if sum(least) + 3 * len(least) > width():
        _write_records(columns, rows, out)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, (column, narrowest) in enumerate(zip(columns, least, strict=True)):
        justify: Literal["left", "right"] = "right" if number in right else "left"
        table.add_column(Text(plain(column)), overflow="fold", min_width=narrowest, justify=justify)
    for row in rows:
        table.add_row(*(Text(plain(value)) for value in row))
    # with a height too, or rich takes a terminal without abilities for 80 characters wide
    Console(file=out, width=width(), height=25, highlight=False).print(table)


def _write_records(columns: Sequence[str], rows: Sequence[Sequence[str]], out: TextIO) -> None:
    """One field a line, a blank line between rows: what is left when the columns would be too narrow to read."""
    import textwrap

    indent = max(map(len, columns)) + 2
    for number, row in enumerate(rows):
        out.write("\n" if number else "")
        for column, value in zip(columns, row, strict=True):
            if value:
                first = f"{column:<{indent}}"
                lines = textwrap.wrap(
                    plain(value), width(), initial_indent=first, subsequent_indent=" " * indent, break_on_hyphens=False
                )
                out.write("\n".join(lines) + "\n")

"""An answer written to standard output in the form that was asked for: whole, or not at all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from kg.cli.options import say
from kg.query.answers import (
    ONE_DOCUMENT,
    ROW_FORMS,
    TRIPLE_FORMS,
    kind,
    read_rows,
    read_triples,
    write_rows,
    write_triples,
    write_truth,
)

if TYPE_CHECKING:
    from kg.query.shown import Shown
    from kg.store import GraphStore


class Rendered(NamedTuple):
    """An answer ready to be written: bytes, or a table for people; how many rows or triples (None: not counted), whether
    there are more than were asked for, and which of the two they are."""

    body: bytes | Shown
    number: int | None
    more: bool = False
    what: str = "row"


def check_form(form: str | None, queries: int) -> None:
    """Raises click.UsageError where several answers cannot stand in one output."""
    if queries > 1 and form in ONE_DOCUMENT:
        raise click.UsageError(f"{form} holds one answer: ask one query at a time, or choose another --format")


def render(store: GraphStore, answer: Any, form: str | None, limit: int | None, counted: bool) -> Rendered:
    """Draw an answer from the engine and put it in form. Raises click.UsageError for a form that does not suit it."""
    match kind(answer):
        case "rows":
            return _rows(store, answer, form or ("table" if sys.stdout.isatty() else "csv"), limit, counted)
        case "triples":
            if (form or "turtle") not in TRIPLE_FORMS:
                raise click.UsageError(
                    f"CONSTRUCT and DESCRIBE give triples: --format {_listed(TRIPLE_FORMS)}, not {form}"
                )
            triples = read_triples(answer, limit)
            body = write_triples(triples.triples, form or "turtle")
            return Rendered(body, len(triples.triples), triples.more, "triple")
    if form in TRIPLE_FORMS:
        raise click.UsageError(f"ASK gives true or false: --format {_listed(ROW_FORMS)}, not {form}")
    if limit is not None:
        raise click.UsageError("ASK gives true or false: --limit cuts rows and triples")
    return Rendered(write_truth(answer, form or "csv"), int(bool(answer)))


def write(rendered: Sequence[Rendered], titles: Sequence[str], form: str | None) -> None:
    """Write the answers one after the other, a blank line between them; people see a title above each of several."""
    for number, (each, title) in enumerate(zip(rendered, titles, strict=True)):
        if number:
            _out(b"\r\n" if form in (None, "csv") and isinstance(each.body, bytes) else b"\n")
        if isinstance(each.body, bytes):
            _out(each.body)
            _tell(each)
        else:
            _write_table(each, title if len(rendered) > 1 else "", "markdown" if form == "markdown" else "table")


def _rows(store: GraphStore, answer: Any, form: str, limit: int | None, counted: bool) -> Rendered:
    if form in TRIPLE_FORMS:
        raise click.UsageError(f"SELECT gives rows: --format {_listed(ROW_FORMS)}, not {form}")
    if form in ("table", "markdown"):
        from kg.query.shown import show

        rows = read_rows(answer, limit)
        return Rendered(show(store, rows), len(rows.rows), rows.more)
    if limit is None and not counted:
        return Rendered(write_rows(answer, form), None)
    rows = read_rows(answer, limit)
    return Rendered(write_rows(rows, form), len(rows.rows), rows.more)


def _write_table(rendered: Rendered, title: str, form: str) -> None:
    from kg.tables import plain, width, wrap
    from kg.tables import write_rows as write_table

    shown = rendered.body
    assert not isinstance(shown, bytes)
    if title:
        words = " ".join(plain(title).split())
        lines = [f"## {words}", ""] if form == "markdown" else wrap(words, width())
        _out("".join(f"{line}\n" for line in lines).encode())
    write_table(shown.columns, shown.rows, form, sys.stdout, shown.numbers)
    sys.stdout.flush()
    left_out = f"; left out because nothing stands in them: {_listed(shown.empty)}" if shown.empty else ""
    say(f"{_counted(rendered)}{left_out}")


def _tell(rendered: Rendered) -> None:
    """A cut answer must not pass for a whole one, nor an empty one for a failure."""
    if rendered.more or (rendered.what == "triple" and not rendered.number):
        say(_counted(rendered))


def _counted(rendered: Rendered) -> str:
    count = f"{rendered.number} {rendered.what}{'' if rendered.number == 1 else 's'}"
    return f"{count}, and there are more (--limit)" if rendered.more else count


def _out(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)

"""`kg build` and `kg extract`: documents in, a graph or JSON lines out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import SEEDS, output_option, sources_argument
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.entities.decisions import Decision
    from kg.model import Document
    from kg.pipeline import BuildReport

PATIENCE = 1.0
"""Seconds before a progress bar appears on a terminal."""

_CONFIDENCE = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    metavar="NUMBER",
    help="Leave claims below this confidence (0 to 1) alone.",
)
_DECISIONS = click.option(
    "--decisions",
    metavar="FILE",
    help="People's decisions on who is who (see 'kg entities').  [default: decisions.tsv beside the SOURCES]",
)


@click.command()
@sources_argument
@_CONFIDENCE
@_DECISIONS
@output_option
def build(sources: tuple[str, ...], min_confidence: float, decisions: str | None, output: str) -> int:
    """Read documents and build the graph: the store, partnerships.ttl and network.html in the output folder.

    SOURCES are files and folders (plain text, Markdown, HTML, JSON lines), '-' for standard input; seeds/ when none is
    named. What cannot be read is named on standard error, the other documents go on, and the exit status is 2.

    \b
    Examples:
      kg build
      kg build seeds/ news.jsonl --output output
    """
    from kg import pipeline

    decided = _decisions(sources, decisions)
    documents, unread = _read(sources)
    bar = _Progress()
    try:
        report = pipeline.build(
            documents, Path(output), unread=unread, min_confidence=min_confidence, decisions=decided, done=bar.step
        )
    finally:
        bar.close()
    _tell(report)
    return 2 if unread else 0


@click.command()
@sources_argument
@_CONFIDENCE
def extract(sources: tuple[str, ...], min_confidence: float) -> int:
    """Write the claims of documents as JSON lines, one claim a line, without building anything.

    SOURCES are files and folders, '-' for standard input; seeds/ when none is named.

    \b
    Examples:
      kg extract
      cat news.txt | kg extract - > claims.jsonl
    """
    import json

    from kg import pipeline
    from kg.records import claim_record

    documents, unread = _read(sources)
    for document in documents:
        for claim in pipeline.extract(document, min_confidence).claims:
            click.echo(json.dumps(claim_record(claim), ensure_ascii=False))
    return 2 if unread else 0


def _read(sources: Sequence[str]) -> tuple[Iterator[Document], list[str]]:
    """The documents, one at a time, and a list that grows by what cannot be read, which is told at once."""
    from kg.documents import read_documents

    unread: list[str] = []

    def tell(error: KgError) -> None:
        unread.append(str(error))
        click.echo(f"kg: {error}", err=True)

    return read_documents(list(sources) or [SEEDS], stdin=sys.stdin.buffer, on_error=tell), unread


def _decisions(sources: Sequence[str], named: str | None) -> list[Decision]:
    """The decisions in the file that was named, else in the files beside the sources, of which there may be none."""
    from kg.entities.decisions import FILE, find_contradiction, read_decisions

    folders = {Path(s) if Path(s).is_dir() else Path(s).parent for s in sources or [SEEDS] if s != "-"}
    paths = [Path(named)] if named else sorted({f / FILE for f in folders if (f / FILE).is_file()})
    decided = [decision for path in paths for decision in read_decisions(path)]
    find_contradiction(decided)
    return decided


class _Progress:
    """A bar on standard error, if that is a terminal and the work takes longer than PATIENCE.

    Documents come one at a time, so nobody knows how many there will be: the bar moves and counts."""

    def __init__(self) -> None:
        self._done, self._started = 0, time.monotonic()
        self._close: Callable[[], None] = lambda: None
        self._advance: Callable[[], None] | None = None

    def step(self, document: Document) -> None:
        """One more document is done."""
        self._done += 1
        if self._advance:
            self._advance()
        elif sys.stderr.isatty() and time.monotonic() - self._started > PATIENCE:
            self._open()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        words = TextColumn("{task.completed:.0f} documents read")
        bar = Progress(BarColumn(), words, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
        task = bar.add_task("", total=None, completed=self._done)
        bar.start()
        self._advance, self._close = (lambda: bar.advance(task)), bar.stop

    def close(self) -> None:
        """Take the bar away."""
        self._close()


def _tell(report: BuildReport) -> None:
    """The build report on standard error: a table on a terminal, else a line for each row."""
    rows = [("documents read", report.documents), ("documents not read", len(report.unread))]
    rows += [("claims", sum(report.claims.values())), *_indented(report.claims), *_indented(report.statuses)]
    rows += [("entities", sum(report.entities.values())), *_indented(report.entities)]
    rows += [("entities linked to reference data", report.linked)]
    rows += [("decisions on entities obeyed", report.decisions)] if report.decisions else []
    rows += [("left alone", sum(report.left_alone.values())), *_indented(report.left_alone)]
    from kg.tables import is_terminal, write_rows

    if is_terminal(sys.stderr):
        write_rows(("what", "number"), [(what, str(number)) for what, number in rows], "table", sys.stderr)
    else:
        for what, number in rows:
            click.echo(f"{number:>7}  {what}", err=True)
    click.echo(f"kg: built {report.output}: try 'kg query' and 'kg view'", err=True)


def _indented(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(f"  {name}", number) for name, number in counts.items()]

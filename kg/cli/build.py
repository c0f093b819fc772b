"""`kg build` and `kg extract`: documents in, a graph or JSON lines out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import SEEDS, output_option, sources_argument
from kg.cli.progress import Progress
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.entities.decisions import Decision
    from kg.model import Document
    from kg.pipeline import BuildReport

_CONFIDENCE = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    metavar="NUMBER",
    help="Leave claims below this confidence (0 to 1) alone.",
)
_JOBS = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="NUMBER",
    help="Read so many documents side by side, each in a process of its own.",
)
_DECISIONS = click.option(
    "--decisions",
    metavar="FILE",
    help="People's decisions on who is who (see 'kg entities').  [default: decisions.tsv beside the SOURCES]",
)


@click.command()
@sources_argument
@_CONFIDENCE
@_JOBS
@_DECISIONS
@output_option
def build(sources: tuple[str, ...], min_confidence: float, jobs: int, decisions: str | None, output: str) -> int:
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
    bar = Progress()
    try:
        report = pipeline.build(
            documents,
            Path(output),
            unread=unread,
            min_confidence=min_confidence,
            jobs=jobs,
            decisions=decided,
            done=bar.step,
        )
    finally:
        bar.close()
    _tell(report)
    return 2 if unread else 0


@click.command()
@sources_argument
@_CONFIDENCE
@_JOBS
def extract(sources: tuple[str, ...], min_confidence: float, jobs: int) -> int:
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
    for _, extraction in pipeline.extract_each(documents, min_confidence, jobs):
        for claim in extraction.claims:
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

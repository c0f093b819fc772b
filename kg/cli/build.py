"""`kg build` and `kg extract`: documents in, a graph or JSON lines out."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import OUTPUT, SEEDS, FiniteRange, output_option, say, sources_argument
from kg.cli.progress import Progress

if TYPE_CHECKING:
    from kg.entities.decisions import Decision
    from kg.errors import DocumentError
    from kg.making import BuildReport
    from kg.model import Document

_NUMBER = re.compile(r"[0-9]*\.?[0-9]+")
_CONFIDENCE = click.option(
    "--min-confidence",
    type=FiniteRange(0, 1),
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


class BuildCommand(click.Command):
    """A command whose `--wait` may stand alone: it takes the next argument only if that is a number."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ends = args.index("--") if "--" in args else len(args)
        for number, (arg, following) in enumerate(zip(args[:ends], [*args[1:], ""], strict=False)):
            if arg == "--wait" and not _NUMBER.fullmatch(following):
                args[number] = "--wait=inf"
        return super().parse_args(ctx, args)


@click.command(cls=BuildCommand)
@sources_argument
@_CONFIDENCE
@_JOBS
@_DECISIONS
@click.option("--full", is_flag=True, help="Read every document again, and make everything anew.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="[SECONDS]",
    help="Wait for another build of this folder to end, at most so many seconds.  [default: do not wait]",
)
@click.option(
    "--store",
    metavar="ADDRESS",
    default="",
    help="Write the graphs to this SPARQL endpoint (https://host/query) in place of a store in the output folder.",
)
@output_option
def build(
    sources: tuple[str, ...],
    min_confidence: float,
    jobs: int,
    decisions: str | None,
    full: bool,
    wait: float,
    store: str,
    output: str,
) -> int:
    """Read documents and build the graph: the store, partnerships.ttl and network.html in the output folder.

    SOURCES are files and folders (plain text, Markdown, HTML, JSON lines), '-' for standard input; seeds/ when none is
    named. What cannot be read is named on standard error, the other documents go on, and the exit status is 2.

    Only documents that are new or changed since the last build are read, and all of them after a change of rules. What is
    no longer among SOURCES is taken out of the graph; what is there but cannot be read any more stays as it was, but for --full.

    With --store the output folder still keeps what was read and what was put, and gets the Turtle and the page; graphs that
    it did not put are left alone, unless --full takes the documents of all builds off the server. Where graphs are written
    to is beside the endpoint as 'store', or stands in KG_GRAPH_STORE; for credentials see KG_STORE_USER, KG_STORE_PASSWORD
    and KG_STORE_TOKEN in the README.

    \b
    Examples:
      kg build
      kg build seeds/ news.jsonl --output output
      kg build --wait 60
      kg build --store https://host/query
    """
    from kg import pipeline

    decided_in = _decided_in(sources, decisions)
    decided = _decisions(decided_in, decisions)
    documents, unread = _read(sources)
    bar = Progress()
    try:
        report = pipeline.build(
            documents,
            Path(output),
            store=store,
            unread=unread,
            min_confidence=min_confidence,
            jobs=jobs,
            decisions=decided,
            decided_in=decided_in,
            full=full,
            wait=wait,
            waiting=lambda holder: say(f"waiting for {holder}"),
            done=bar.step,
        )
    finally:
        bar.close()
    _tell(report, store)
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


def _read(sources: Sequence[str]) -> tuple[Iterator[Document], list[DocumentError]]:
    """The documents, one at a time, and a list that grows by what cannot be read, which is told at once."""
    from kg.documents import read_documents

    unread: list[DocumentError] = []

    def tell(error: DocumentError) -> None:
        unread.append(error)
        say(str(error))

    named = list(sources) or [SEEDS]
    return read_documents(named, stdin=sys.stdin.buffer, on_error=tell, on_warning=say), unread


def _decided_in(sources: Sequence[str], named: str | None) -> list[Path]:
    """Where decisions are looked for: the file that was named, else those beside the sources, in their order."""
    from kg.entities.decisions import FILE

    folders = (Path(s) if Path(s).is_dir() else Path(s).parent for s in sources or [SEEDS] if s != "-")
    return [Path(named)] if named else list(dict.fromkeys(folder / FILE for folder in folders))


def _decisions(files: Sequence[Path], named: str | None) -> list[Decision]:
    """The decisions in these files; one that was not named may be missing."""
    from kg.entities.decisions import find_contradiction, read_decisions

    there = sorted(path for path in files if named or path.is_file())
    decided = [decision for path in there for decision in read_decisions(path)]
    find_contradiction(decided)
    return decided


def _tell(report: BuildReport, store: str) -> None:
    """The build report on standard error: a table on a terminal, else a line for each row."""
    for id_ in report.kept:
        say(f"doc:{id_}: not read this time; kept as it was read before")
    rows = [("documents read", report.read), ("documents not read", len(report.unread))]
    unchanged = report.documents - report.read - len(report.kept)
    rows += [("documents unchanged since they were read", unchanged)] if unchanged else []
    rows += [("documents kept as they were read before", len(report.kept))] if report.kept else []
    why = "they were not read" if report.unread else "they are not among the sources"
    rows += [(f"documents removed, for {why}", len(report.removed))] if report.removed else []
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
    built = f"{report.output} (graphs on the server)" if store else report.output
    if report.changed:
        there = _place_of(report.output, store)
        say(f"built {built}: try 'kg query{there}' and 'kg view{there}'")
    else:
        say(f"{built} is as it would be built: nothing was changed")


def _place_of(output: Path, store: str) -> str:
    """The option with which other commands find this build, with a blank before it; '' where they need none."""
    if store:
        from kg.remote.connection import shown

        return f" --store {shown(store)}"
    return "" if output == Path(OUTPUT) else f" -o {shlex.quote(str(output))}"


def _indented(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(f"  {name}", number) for name, number in counts.items()]

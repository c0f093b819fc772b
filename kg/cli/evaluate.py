"""`kg evaluate`: how right extraction is, measured against annotated documents."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from kg.cli.options import say
from kg.cli.progress import Progress

if TYPE_CHECKING:
    from kg.evaluation import Judgement, Rate, Report, Tally
    from kg.model import Claim


@click.command()
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...")
@click.option(
    "--claims", "given", metavar="FILE", help="Measure these claims of 'kg extract' instead of extracting anew."
)
@click.option("--errors", is_flag=True, help="List the wrong and the missed claims with their sentences.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("table", "json")),
    help="The form of the report.  [default: a table on a terminal, JSON in a pipe]",
)
def evaluate(gold: tuple[str, ...], given: str | None, errors: bool, form: str | None) -> None:
    """Extract from annotated documents, and tell how many of the claims are right, what is lost where, and how far the
    confidence holds.

    GOLD are files of JSON lines in the corpus's form: the document with its 'entities' and 'claims'; '-' for standard
    input. A claim is right when its relation and both ends are (either order for a symmetric relation); each annotated
    claim is used up by one. With --claims the mentions are not known, so what rests on them is left out.

    \b
    Examples:
      kg evaluate tests/corpus/seed.jsonl
      kg extract tests/corpus/en-a.jsonl | kg evaluate tests/corpus/en-a.jsonl --claims -
    """
    from kg import pipeline
    from kg.evaluation import read_annotated, read_claims, report_record
    from kg.tables import is_terminal

    if given == "-" and "-" in gold:
        raise click.UsageError("standard input can be GOLD or --claims, not both")
    documents = read_annotated(gold, sys.stdin.buffer)
    claims = read_claims(given, sys.stdin.buffer) if given else None
    bar = Progress()
    try:
        report = pipeline.evaluate(documents, claims, done=bar.step)
    finally:
        bar.close()
    if claims is not None:
        _tell_ignored(report, claims)
    if (form or ("table" if is_terminal(sys.stdout) else "json")) == "table":
        _show(report, errors)
    else:
        import json

        click.echo(json.dumps(report_record(report, errors), ensure_ascii=False, indent=2))


def _tell_ignored(report: Report, claims: Mapping[str, Sequence[Claim]]) -> None:
    known = {judged.document.id for judged in report.judgements}
    ignored = sum(len(some) for name, some in claims.items() if name not in known)
    if ignored:
        say(f"left out: {ignored} of the claims, which are of documents that GOLD does not hold")


def _show(report: Report, errors: bool) -> None:
    """The report for people: tables, and lists of what went wrong."""
    _show_rates(report)
    told = {"status": report.stages, **report.qualifiers}
    _table("Of the claims that are right", ("what is told", "right", "annotated", "share"), _tallies(told))
    _show_names(report)
    _table("By method", ("method", "right", "claims", "share"), _tallies(report.by_method))
    bands = {**report.bands, f"{report.sure_from:.2f} and above": report.sure}
    _table("By confidence", ("band", "right", "claims", "share"), _tallies(bands))
    if errors:
        _show_errors(report.judgements)


def _show_rates(report: Report) -> None:
    from kg.evaluation import LEAST

    macro = report.macro
    means = (f"{value:.3f}" for value in (macro.precision, macro.recall, macro.f1))
    rows = [_rate("all", report.claims), ("macro average", *means, "", "", "")]
    rows += [_rate(name, rate) for name, rate in report.by_relation.items()]
    columns = ("relation", "P", "R", "F1", "right", "claims", "annotated")
    _table("Claims", columns, rows)
    click.echo(f"documents: {len(report.judgements)}")
    click.echo("P precision, R recall, F1 their harmonic mean")
    click.echo(f"macro average: over the {macro.relations} relations with {LEAST} annotated claims or more")


def _show_names(report: Report) -> None:
    """What is known of mentions, and where claims are lost; a line instead where there are no mentions."""
    from kg.evaluation import MEANING

    if report.mentions is None or report.lost is None or report.identity is None:
        click.echo("\nleft out: mentions, and what is lost where: a file of claims has no mentions")
        return
    counts = {name: (m.annotated, m.found, m.typed) for name, m in report.mentions.items()}
    total = [sum(column) for column in zip(*counts.values(), strict=True)] or [0, 0, 0]
    rows = [(name, *map(str, numbers)) for name, numbers in {"all": total, **counts}.items()]
    _table("Entities that take part in a claim", ("type", "annotated", "found", "type right"), rows)
    together = report.identity.together
    click.echo(f"of {together.of} found under two names or more, {together.right} are one node")
    click.echo(f"pairs of two that were taken for one: {report.identity.merged}")
    lost = [(str(reason), str(number), MEANING[reason]) for reason, number in report.lost.items()]
    _table("Where missed claims are lost", ("first reason", "claims", "meaning"), lost, last_is_text=True)


def _rate(name: str, rate: Rate) -> tuple[str, ...]:
    shares = (f"{value:.3f}" for value in (rate.precision, rate.recall, rate.f1))
    return (name, *shares, str(rate.right), str(rate.predicted), str(rate.gold))


def _tallies(tallies: Mapping[str, Tally]) -> list[tuple[str, ...]]:
    return [(name, str(t.right), str(t.of), f"{t.ratio:.2f}") for name, t in tallies.items()]


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], last_is_text: bool = False) -> None:
    """A table under its title, with numbers to the right."""
    from kg.tables import write_rows

    click.echo(f"\n{title}\n")
    write_rows(columns, rows, "table", sys.stdout, right=range(1, len(columns) - last_is_text))


def _show_errors(judgements: Iterable[Judgement]) -> None:
    """Wrong and missed claims, document by document, each with its sentence."""
    for judged in judgements:
        if judged.wrong or judged.missed:
            click.echo(f"\n{judged.document.id}")
        for claim in judged.wrong:
            ends = f"{claim.predicate}({claim.subject.name} → {claim.object.name})"
            found = f"{claim.status}, {claim.method}, {claim.confidence:.2f}"
            _show_error("wrong", f"{ends}  {found}", claim.evidence.quote)
        reasons = judged.lost or ("",) * len(judged.missed)
        for missed, reason in zip(judged.missed, reasons, strict=True):
            ends = f"{missed.predicate}({missed.subject.name} → {missed.object.name})"
            why = f"{missed.status}, {reason}" if reason else str(missed.status)
            _show_error("missed", f"{ends}  {why}", missed.evidence)


def _show_error(what: str, claim: str, sentence: str) -> None:
    from kg.tables import plain, width, wrap

    first, indent = f"{what:<8}", " " * 8
    for begin, text in ((first, claim), (indent, f"“{' '.join(sentence.split())}”")):
        click.echo("\n".join(wrap(plain(text), width(), begin, indent)))

"""`kg query`: saved queries, query files and SPARQL."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from kg.cli.options import open_store, output_option, say

if TYPE_CHECKING:
    from kg.query.saved import SavedQuery

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "ntriples")


class QueryCommand(click.Command):
    """A command whose help is that of the saved query when one is named: `kg query investors --help`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        name = next((arg for arg in args if not arg.startswith("-")), "")
        if name and any(arg in ctx.help_option_names for arg in args):
            from kg.query.saved import query_files, read_saved

            files = query_files()
            if name in files:
                click.echo(_describe(read_saved(files[name])))
                ctx.exit()
        return super().parse_args(ctx, args)


@click.command(
    cls=QueryCommand,
    context_settings={"ignore_unknown_options": True},
)
@click.argument("query", required=False, metavar="[NAME | FILE | SPARQL | -]")
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED, metavar="[--PARAMETER VALUE]...")
@click.option("--set", "settings", multiple=True, metavar="PARAMETER=VALUE", help="Set a parameter of a saved query.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="The form of the answer.  [default: a table on a terminal; CSV, or Turtle for triples, in a pipe]",
)
@output_option
def query(
    query: str | None, parameters: tuple[str, ...], settings: tuple[str, ...], form: str | None, output: str
) -> None:
    """Ask the graph: by the name of a saved query, a file with SPARQL, or SPARQL itself ('-' reads it from a pipe).

    Without an argument it lists the saved queries. A parameter takes the name of an entity in any letter case, or its
    id; 'kg query NAME --help' tells the parameters and columns of a saved query. All prefixes of the graph are known.

    \b
    Examples:
      kg query
      kg query memoranda
      kg query agreements-by-year --year 2021
      kg query 'SELECT ?who { ?who kg:investedIn ?where } ORDER BY ?who'
    """
    if query is None:
        _list_queries(form)
        return
    if query.startswith("--"):
        raise click.UsageError(f"no such option: {query} (a saved query's name goes before its parameters)")
    values = _values(parameters, settings)
    from kg.query.sparql import ask, is_sparql

    text = sys.stdin.read() if query == "-" else query
    if not values and (query == "-" or is_sparql(text)):
        store = open_store(output)
        with _interruptible():
            _write(ask(store, text), form)
        return
    from kg.query.run import resolve, run

    asked = resolve(text)
    store = open_store(output)
    with _interruptible():
        _write(run(store, asked, values), form)


def _values(parameters: Sequence[str], settings: Sequence[str]) -> Mapping[str, list[str]]:
    """The parameters as given: `--place X`, `--place=X` and `--set place=X`."""
    values: dict[str, list[str]] = {}
    left = [*parameters, *(f"--{setting}" for setting in settings)]
    while left:
        option = left.pop(0)
        name, equals, value = option.partition("=")
        if not name.startswith("--") or len(name) < 3:
            hint = "write --PARAMETER VALUE; SPARQL, and names with spaces, need quotes"
            raise click.UsageError(f"'{option}' is no parameter: {hint}")
        if not equals:
            if not left:
                raise click.UsageError(f"{name} needs a value")
            value = left.pop(0)
        values.setdefault(name[2:], []).append(value)
    return values


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once, for Python's handler waits until Oxigraph comes back; nothing is written."""
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _write(answer: Any, form: str | None) -> None:
    kind = type(answer).__name__
    if kind == "QueryTriples":
        _write_triples(answer, form)
    elif kind == "QueryBoolean":
        _write_boolean(answer, form)
    else:
        _write_solutions(answer, form)


def _write_triples(answer: Any, form: str | None) -> None:
    """Triples in sorted order, each once: as Turtle with the prefixes of the graph, or as N-Triples."""
    import pyoxigraph as ox

    from kg.namespaces import PREFIXES

    if form not in (None, "turtle", "ntriples"):
        raise click.UsageError(f"CONSTRUCT and DESCRIBE give triples: --format turtle or ntriples, not {form}")
    triples = sorted(set(answer), key=str)
    if form == "ntriples":
        text = "".join(f"{triple} .\n" for triple in triples)
    else:
        data = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""
        lines = data.decode().splitlines(keepends=True)
        heads = sorted(line for line in lines if line.startswith("@prefix"))  # pyoxigraph's own order is random
        text = "".join([*heads, *(line for line in lines if not line.startswith("@prefix"))])
    sys.stdout.buffer.write(text.encode())


def _write_boolean(answer: Any, form: str | None) -> None:
    import pyoxigraph as ox

    if form in ("json", "xml"):
        chosen = ox.QueryResultsFormat.JSON if form == "json" else ox.QueryResultsFormat.XML
        sys.stdout.buffer.write(answer.serialize(format=chosen) + b"\n")
    else:
        click.echo("true" if answer else "false")


def _write_solutions(answer: Any, form: str | None) -> None:
    form = form or ("table" if sys.stdout.isatty() else "csv")
    if form in ("turtle", "ntriples"):
        raise click.UsageError(f"SELECT gives rows: --format table, csv, tsv, json or xml, not {form}")
    if form == "table":
        from kg.query.sparql import cell
        from kg.tables import write_rows

        columns = [variable.value for variable in answer.variables]
        rows = [[cell(term) for term in row] for row in answer]
        empty = [column for column, *cells in zip(columns, *rows, strict=True) if rows and not any(cells)]
        shown = [number for number, column in enumerate(columns) if column not in empty]
        write_rows([columns[n] for n in shown], [[row[n] for n in shown] for row in rows], "table", sys.stdout)
        left_out = f"; left out because nothing stands in them: {', '.join(empty)}" if empty else ""
        say(f"{len(rows)} row{'' if len(rows) == 1 else 's'}{left_out}")
        return
    import pyoxigraph as ox

    chosen = {"csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV, "xml": ox.QueryResultsFormat.XML}
    data = answer.serialize(format=chosen.get(form, ox.QueryResultsFormat.JSON))
    sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")


def _list_queries(form: str | None) -> None:
    from kg.query.saved import saved
    from kg.tables import ROW_FORMATS, is_terminal, write_rows

    if form is not None and form not in ROW_FORMATS:
        raise click.UsageError(f"the list of queries comes as {', '.join(ROW_FORMATS)}, not {form}")
    rows = [(query.name, query.question, ", ".join(p.name for p in query.parameters)) for query in saved().values()]
    form = form or ("table" if is_terminal(sys.stdout) else "csv")
    write_rows(("query", "question", "parameters"), rows, form, sys.stdout)


def _describe(query: SavedQuery) -> str:
    """The help of a saved query."""
    usage = " ".join(f"[--{p.name} {p.type.upper()}]" for p in query.parameters)
    formatter = click.HelpFormatter(width=min(100, _width()))
    formatter.write_usage(f"kg query {query.name}", usage)
    formatter.write_paragraph()
    formatter.write_text(f"{query.title}. {query.question}")
    if query.parameters:
        with formatter.section("Parameters"):
            told = ((p, f"{p.meaning}  [{p.type}, default: {p.default}]") for p in query.parameters)
            formatter.write_dl([(f"--{p.name}", words) for p, words in told])
    with formatter.section("Columns"):
        formatter.write_dl([(column.name, column.meaning) for column in query.columns])
    return formatter.getvalue().rstrip()


def _width() -> int:
    from kg.tables import width

    return width()

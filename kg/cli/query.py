"""`kg query`: saved queries, query files and SPARQL."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from kg.cli.completing import completion
from kg.cli.options import FiniteRange, open_store, say, store_option

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from kg.cli.answers import Rendered
    from kg.query.saved import SavedQuery
    from kg.store import GraphStore

FORMATS = (
    *("table", "csv", "tsv", "json", "xml", "markdown"),
    *("turtle", "ntriples", "jsonld", "rdfxml"),
)
SECONDS = 60.0
"""How long a query may take where nothing else is said."""

CHECK_FAILED = 1
"""The exit status of --fail-if-rows where there are rows."""


class Asked(NamedTuple):
    """A query ready to be asked: its title, its text with the values set, where it comes from, the columns promised."""

    title: str
    text: str
    where: str = ""
    columns: tuple[str, ...] = ()


class Manner(NamedTuple):
    """How queries are asked and answered: the options."""

    form: str | None
    limit: int | None
    timeout: float
    fail_if_rows: bool
    service: bool


class QueryCommand(click.Command):
    """A command whose help is that of the saved query when one is named: `kg query investors --help`. To a shell it
    offers that query's parameters beside its own options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if any(arg in ctx.help_option_names for arg in args) and not ctx.resilient_parsing:
            from kg.query.saved import query_files, read_saved

            files = query_files()
            name = next((arg for arg in args if arg in files), "")
            if name:
                click.echo(_describe(read_saved(files[name])))
                ctx.exit()
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from kg.cli.offered import complete_parameters

        return [
            *complete_parameters(ctx.params.get("words") or (), incomplete),
            *super().shell_complete(ctx, incomplete),
        ]


@click.command(cls=QueryCommand, context_settings={"ignore_unknown_options": True})
@click.argument(
    "words",
    nargs=-1,
    type=click.UNPROCESSED,
    metavar="[NAME | FILE | SPARQL | -] [--PARAMETER VALUE]...",
    shell_complete=completion("complete_word"),
)
@click.option("--set", "settings", multiple=True, metavar="PARAMETER=VALUE", help="Set a parameter of a saved query.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="The form of the answer.  [default: a table on a terminal; CSV, or Turtle for triples, in a pipe]",
)
@click.option(
    "-g",
    "--graph",
    "documents",
    multiple=True,
    metavar="DOC",
    shell_complete=completion("complete_document"),
    help="Ask this document's graph alone, by id, file name or headline ('reference': the reference data). Repeatable.",
)
@click.option("--as-of", metavar="DATE", help="Ask what documents published until then said: a year, month or day.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many rows, or triples.")
@click.option(
    "--timeout",
    type=FiniteRange(min=0),
    default=SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Give up after so long, with exit status 124; 0 never does.",
)
@click.option("--explain", is_flag=True, help="Tell what would be asked, and how much fits each pattern; ask nothing.")
@click.option("--fail-if-rows", is_flag=True, help="Leave with exit status 1 if there is any row, triple or 'true'.")
@click.option("--allow-service", is_flag=True, help="Let SERVICE ask other machines.")
@store_option
def query(
    words: tuple[str, ...],
    settings: tuple[str, ...],
    form: str | None,
    documents: tuple[str, ...],
    as_of: str | None,
    limit: int | None,
    timeout: float,
    explain: bool,
    fail_if_rows: bool,
    allow_service: bool,
    output: str,
) -> int:
    """Ask the graph: by the name of a saved query, a file with SPARQL, or SPARQL itself ('-' reads it from a pipe).

    Without an argument it lists the saved queries. A parameter takes the name of an entity in any letter case, or its
    id; 'kg query NAME --help' tells the parameters and columns of a saved query. All prefixes of the graph are known.
    Several queries, each followed by its own parameters, are answered one after the other.

    \b
    Examples:
      kg query
      kg query memoranda
      kg query agreements-by-year --year 2021
      kg query investors --place Shenzhen owners --format markdown
      kg query 'SELECT ?who { ?who kg:investedIn ?where } ORDER BY ?who'
    """
    if not words:
        _list_queries(form)
        return 0
    manner = Manner(form, limit, timeout, fail_if_rows, allow_service)
    plain = _typed(words) if not settings else None
    if plain is None:
        queries, values = _named(words, settings)
    store = open_store(output)
    graphs = _graphs(store, documents, as_of or "") if documents or as_of else None
    asked = [plain] if plain else _bound(store, queries, values)
    if explain:
        _explain(store, asked, graphs, timeout)
        return 0
    return _answer(store, asked, graphs, manner)


def _typed(words: Sequence[str]) -> Asked | None:
    """SPARQL as it is typed or piped in: the short way, which loads nothing that only saved queries need."""
    from kg.query.sparql import is_sparql

    if len(words) > 1 or not (words[0] == "-" or is_sparql(words[0])):
        return None
    return Asked("", _piped() if words[0] == "-" else words[0])


def _named(
    words: Sequence[str], settings: Sequence[str]
) -> tuple[Sequence[SavedQuery], Sequence[Mapping[str, Sequence[str]]]]:
    """The queries that the words mean, and the values given for each."""
    from kg.cli.questions import questions, resolved, with_settings

    found = with_settings(questions(words), settings)
    return resolved(found, _piped), [each.values for each in found]


def _piped() -> str:
    """What comes in by standard input."""
    from kg.query.saved import decoded

    return decoded(sys.stdin.buffer.read(), "standard input")


def _bound(
    store: GraphStore, queries: Sequence[SavedQuery], values: Sequence[Mapping[str, Sequence[str]]]
) -> list[Asked]:
    """The queries with their values set."""
    from kg.query.run import bind

    return [
        Asked(
            each.name or " ".join(each.text.split()),
            bind(each, given, store),
            each.where,
            tuple(column.name for column in each.columns),
        )
        for each, given in zip(queries, values, strict=True)
    ]


def _graphs(store: GraphStore, documents: Sequence[str], as_of: str) -> Sequence[str]:
    """The graphs to ask; which documents are left out for want of a date is told."""
    from kg.query.documents import choose

    chosen = choose(store, documents, as_of)
    if chosen.undated:
        say(chosen.left_out(as_of))
    return chosen.graphs


def _explain(store: GraphStore, asked: Sequence[Asked], graphs: Sequence[str] | None, timeout: float) -> None:
    from kg.cli.limits import bounded
    from kg.query.plan import explain

    for number, each in enumerate(asked):
        with bounded(timeout):
            text = explain(store, each.text, graphs, each.where)
        click.echo(("\n" if number else "") + text, nl=False)


def _answer(store: GraphStore, asked: Sequence[Asked], graphs: Sequence[str] | None, manner: Manner) -> int:
    """Ask and write; gives the exit status. Nothing is written before all is answered."""
    from kg.cli.answers import check_form, render, write
    from kg.cli.limits import bounded
    from kg.query.sparql import ask

    check_form(manner.form, len(asked))
    rendered = []
    for each in asked:
        with bounded(manner.timeout):
            if "from" in each.text.lower():
                from kg.query.documents import check_graphs

                check_graphs(store, each.text, each.where)
            answer = ask(store, each.text, each.where, graphs, manner.service)
            _check_columns(each, answer)
            rendered.append(render(store, answer, manner.form, manner.limit, manner.fail_if_rows))
    write(rendered, [each.title for each in asked], manner.form)
    return _status(rendered) if manner.fail_if_rows else 0


def _check_columns(asked: Asked, answer: Any) -> None:
    if asked.columns:
        from kg.query.run import check_columns

        check_columns(asked.columns, answer, asked.where)


def _status(rendered: Sequence[Rendered]) -> int:
    """The exit status of --fail-if-rows."""
    count = sum(each.number or 0 for each in rendered)
    if count:
        what = "row" if any(each.what == "row" for each in rendered) else "triple"
        say(f"{count} {what}{'' if count == 1 else 's'}, where there should be none")
    return CHECK_FAILED if count else 0


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

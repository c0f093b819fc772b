"""`kg view` and `kg export`: the network as a page, and the graph in the formats of other tools."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.completing import completion
from kg.cli.options import Command, FiniteRange, complete_path, say, store_option, whole_store, written

if TYPE_CHECKING:
    from kg.model import Facts
    from kg.store import GraphStore

STATUSES = ("actual", "planned", "former", "negated")
"""The statuses that a claim may have."""

EXPORT_FORMATS = (
    ("turtle", "all graphs as one, easy to read"),
    ("trig", "Turtle with a block for every document"),
    ("ntriples", "all graphs as one, a triple a line"),
    ("nquads", "a triple and its graph a line"),
    ("jsonld", "JSON for the Web of data"),
    ("rdfxml", "for older tools"),
    ("graphml", "the network, for Gephi, yEd, Cytoscape"),
    ("gexf", "the network, for Gephi"),
    ("nodes-csv", "the entities as a table"),
    ("edges-csv", "the claims as a table"),
)


class ExportCommand(click.Command):
    """A command whose help lists the formats."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Formats"):
            formatter.write_dl(list(EXPORT_FORMATS))


def _choosing(command: Command) -> Command:
    """The options of `kg view` that choose what to show."""
    options = (
        click.option(
            "--around",
            metavar="NAME",
            help="Only what is near this entity.",
            shell_complete=completion("complete_entity"),
        ),
        click.option("--steps", metavar="N", type=click.IntRange(1, 9), help="How near: N claims away.  [default: 1]"),
        click.option(
            "--between",
            metavar="A B",
            nargs=2,
            help="Only the shortest ways between two entities.",
            shell_complete=completion("complete_entity"),
        ),
        click.option(
            "--query",
            metavar="NAME",
            help="Only what the answer to this query names (see 'kg query').",
            shell_complete=completion("complete_word"),
        ),
        click.option(
            "--set", "settings", multiple=True, metavar="PARAMETER=VALUE", help="Set a parameter of the query."
        ),
        click.option(
            "--document",
            metavar="D",
            help="Only what this document says: its id, file name or headline.",
            shell_complete=completion("complete_document"),
        ),
        click.option("--status", multiple=True, type=click.Choice(STATUSES), help="Only claims of this status."),
        click.option(
            "--relation",
            multiple=True,
            metavar="NAME",
            help="Only this relation (see 'kg relations').",
            shell_complete=completion("complete_relation"),
        ),
        click.option("--since", metavar="YEAR", type=int, help="Only from this year on."),
        click.option("--until", metavar="YEAR", type=int, help="Only to the end of this year."),
        click.option("--confidence", metavar="MIN", type=FiniteRange(0, 1), default=0.0, help="Only claims as sure."),
        click.option("--countries", metavar="A-B", help="Only between two countries: CN-DE, or within one: DE-DE."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.option("--page", metavar="FILE", help="Where to write the page.  [default: network.html beside the store]")
@click.option("--open/--no-open", "show", default=None, help="Open it in the browser.  [default: on a terminal]")
@_choosing
@store_option
def view(page: str | None, show: bool | None, output: str, **asked: Any) -> None:
    """Draw the network, or a part of it, as one HTML page that needs no network, and open it in the browser.

    \b
    Examples:
      kg view
      kg view --around Shenzhen --steps 2
      kg view --countries CN-DE --since 2020 --status actual
      kg view --no-open --page partnerships.html
    """
    from kg.facts import read_facts
    from kg.selection import largest_part
    from kg.view import write_page

    path = Path(page or (Path(output) / "network.html" if Path(output).is_dir() else "network.html"))
    store = whole_store(output)
    facts = read_facts(store)
    chosen, about = _chosen(store, facts, asked)
    drawn = largest_part(chosen)
    if len(drawn.claims) < len(chosen.claims):
        say(
            f"one page holds {len(drawn.claims):,} of {len(chosen.claims):,} claims: choose with --around or --document, "
            "or take all with 'kg export --format gexf' and 'kg query'"
        )
    write_page(drawn, path, about=about, part=len(drawn.claims) < len(facts.claims))
    click.echo(path)
    if sys.stdout.isatty() if show is None else show:
        import webbrowser

        if not webbrowser.open(path.resolve().as_uri()):
            say(f"no browser could be started; open {path} in one")


def _chosen(store: GraphStore, facts: Facts, asked: Mapping[str, Any]) -> tuple[Facts, str]:
    """The part of the facts that is asked for, and in words what it is. Raises KgError where nothing is left."""
    from kg.errors import UnknownNameError

    words: list[str] = []
    for choose in (_by_filters, _by_document, _by_query, _by_entities):
        facts, said = choose(store, facts, asked)
        words += said
    if words and not facts.claims:
        raise UnknownNameError(f"nothing is left to show: {'; '.join(words)}\n'kg view' alone shows all there is")
    return facts, "; ".join(words)


def _by_filters(_: GraphStore, facts: Facts, asked: Mapping[str, Any]) -> tuple[Facts, list[str]]:
    from kg.model import Status
    from kg.selection import Filters, filtered

    filters = Filters(
        frozenset(map(Status, asked["status"])),
        frozenset(_relation(name) for name in asked["relation"]),
        asked["since"],
        asked["until"],
        asked["confidence"],
        _countries(asked["countries"]),
    )
    if not filters:
        return facts, []
    years = [f"{word} {asked[word]}" for word in ("since", "until") if asked[word] is not None]
    sure = [f"confidence from {filters.confidence}"] if filters.confidence else []
    countries = [f"countries {'–'.join(sorted(filters.countries))}"] if filters.countries else []
    return filtered(facts, filters), [*sorted(filters.statuses), *sorted(filters.relations), *years, *sure, *countries]


def _relation(name: str) -> str:
    from kg import relations
    from kg.errors import UnknownNameError
    from kg.query.lookup import unknown

    known = {each.casefold(): each for each in relations.load()}
    if name.casefold() not in known:
        raise UnknownNameError(unknown("relation", name, list(known.values())))
    return known[name.casefold()]


def _countries(text: str | None) -> frozenset[str]:
    codes = [code.strip().upper() for code in (text or "").replace("–", "-").split("-") if code.strip()]
    if text and (len(codes) != 2 or not all(len(code) == 2 and code.isalpha() for code in codes)):
        raise click.UsageError(f"--countries {text}: give two country codes, as in CN-DE")
    return frozenset(codes)


def _by_document(store: GraphStore, facts: Facts, asked: Mapping[str, Any]) -> tuple[Facts, list[str]]:
    if not asked["document"]:
        return facts, []
    from kg.namespaces import document_id
    from kg.query.documents import the_document
    from kg.selection import of_document

    id_ = document_id(the_document(store, asked["document"]))
    title = next((document.title for document in facts.documents if document.id == id_), "")
    return of_document(facts, id_), [title or id_]


def _by_query(store: GraphStore, facts: Facts, asked: Mapping[str, Any]) -> tuple[Facts, list[str]]:
    if asked["settings"] and not asked["query"]:
        raise click.UsageError("--set goes with --query NAME")
    if not asked["query"]:
        return facts, []
    from kg.errors import QueryError
    from kg.query.run import resolve, run
    from kg.query.saved import titled
    from kg.query.sparql import cell
    from kg.selection import named_in

    query = resolve(asked["query"])
    settings = _settings(asked["settings"])
    answer = run(store, query, settings)
    if not hasattr(answer, "variables"):
        raise QueryError(f"{asked['query']}: only a query with rows can be shown: begin it with SELECT")
    rows = [[cell(term) for term in row if term is not None] for row in answer]
    return named_in(facts, rows), [titled(query, settings)]


def _settings(settings: Sequence[str]) -> Mapping[str, list[str]]:
    values: dict[str, list[str]] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise click.UsageError(f"--set {setting}: write --set PARAMETER=VALUE")
        values.setdefault(name, []).append(value)
    return values


def _by_entities(store: GraphStore, facts: Facts, asked: Mapping[str, Any]) -> tuple[Facts, list[str]]:
    from kg.query.lookup import the_entity
    from kg.selection import around, between

    words = []
    if asked["steps"] and not asked["around"]:
        raise click.UsageError("--steps goes with --around NAME")
    if asked["around"]:
        middle, steps = the_entity(store, asked["around"]), asked["steps"] or 1
        facts = around(facts, middle.id, steps)
        words.append(f"{steps} step{'s' if steps > 1 else ''} around {middle.name}")
    if asked["between"]:
        one, other = (the_entity(store, name) for name in asked["between"])
        facts = between(facts, one.id, other.id)
        words.append(f"between {one.name} and {other.name}")
    return facts, words


def _complete_format(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    return [name for name, _ in EXPORT_FORMATS if name.startswith(incomplete)]


@click.command(cls=ExportCommand)
@click.argument("file", required=False, shell_complete=complete_path)
@click.option(
    *("-f", "--format", "form"),
    metavar="FORMAT",
    help="One of those below.  [default: by the ending of FILE; turtle]",
    shell_complete=_complete_format,
)
@click.option("--to", metavar="FILE", help="The same as FILE.", shell_complete=complete_path)
@click.option("--ontology", is_flag=True, help="The vocabulary in place of the graph: classes, properties and sectors.")
@store_option
def export(file: str | None, form: str | None, to: str | None, ontology: bool, output: str) -> None:
    """Write the whole graph in the format of another tool, to FILE or, without one, to standard output.

    \b
    Examples:
      kg export partnerships.ttl
      kg export --format nquads | gzip > partnerships.nq.gz
      kg export --format edges-csv edges.csv
      kg export --ontology vocabulary.ttl
    """
    from kg.export import RDF_FORMATS, export
    from kg.facts import read_facts
    from kg.network import NETWORK_FORMATS, project
    from kg.ontology import vocabulary

    endings = {suffix: name for name, (_, suffix) in RDF_FORMATS.items()}
    endings |= {network.suffix: name for name, network in NETWORK_FORMATS.items()}
    if file and to:
        raise click.UsageError(f"one file is written at a time, not {file} and {to}")
    to = file or to or "-"
    wanted = _wanted(form, to, endings)
    if ontology and wanted not in RDF_FORMATS:
        raise click.UsageError(f"--ontology comes as {', '.join(RDF_FORMATS)}, not as {wanted}")
    store = vocabulary() if ontology else whole_store(output)
    if wanted in RDF_FORMATS:
        with written(to) as out:
            export(store, wanted, out)
        return
    graph = project(read_facts(store))
    with written(to) as out:
        NETWORK_FORMATS[wanted].write(graph, out)


def _wanted(form: str | None, to: str, endings: Mapping[str, str]) -> str:
    """The format by its name or, without one, by the ending of the file; Turtle on standard output."""
    if form is None:
        ending = next((ending for ending in endings if to.lower().endswith(ending)), "")
        if to != "-" and not ending:
            from kg.errors import UnknownNameError

            raise UnknownNameError(
                f"the ending of {to} tells no format: end it with {', '.join(endings)}, or name one with --format"
            )
        return endings.get(ending, "turtle")
    names = [name for name, _ in EXPORT_FORMATS]
    if form.lower() in names:
        return form.lower()
    from kg.export import format_name

    return format_name(form, names)

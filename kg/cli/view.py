"""`kg view` and `kg export`: the network as a page, and the graph in the formats of other tools."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from kg.cli.options import open_store, say, store_option, written

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


@click.command()
@click.option("--page", metavar="FILE", help="Where to write the page.  [default: network.html beside the store]")
@click.option("--open/--no-open", "show", default=None, help="Open it in the browser.  [default: on a terminal]")
@store_option
def view(page: str | None, show: bool | None, output: str) -> None:
    """Draw the network as one HTML page that needs no network, and open it in the browser.

    \b
    Examples:
      kg view
      kg view --no-open --page partnerships.html
    """
    from kg.facts import read_facts
    from kg.view import write_page

    path = Path(page or (Path(output) / "network.html" if Path(output).is_dir() else "network.html"))
    facts = read_facts(open_store(output))
    write_page(facts, path)
    click.echo(path)
    if sys.stdout.isatty() if show is None else show:
        import webbrowser

        if not webbrowser.open(path.resolve().as_uri()):
            say(f"no browser could be started; open {path} in one")


@click.command(cls=ExportCommand)
@click.option(
    "-f", "--format", "form", metavar="FORMAT", help="One of those below.  [default: by the ending of FILE; turtle]"
)
@click.option("--to", metavar="FILE", default="-", help="The file to write.  [default: standard output]")
@store_option
def export(form: str | None, to: str, output: str) -> None:
    """Write the whole graph in the format of another tool.

    \b
    Examples:
      kg export --to partnerships.ttl
      kg export --format nquads | gzip > partnerships.nq.gz
      kg export --format edges-csv --to edges.csv
    """
    from kg.export import RDF_FORMATS, export
    from kg.facts import read_facts
    from kg.network import NETWORK_FORMATS, project

    endings = {suffix: name for name, (_, suffix) in RDF_FORMATS.items()}
    endings |= {network.suffix: name for name, network in NETWORK_FORMATS.items()}
    wanted = _wanted(form, to, endings)
    store = open_store(output)
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
        ending = next((ending for ending in sorted(endings) if to.endswith(ending)), "")
        if to != "-" and not ending:
            raise click.UsageError(f"the ending of {to} tells no format: name one with --format")
        return endings.get(ending, "turtle")
    names = [name for name, _ in EXPORT_FORMATS]
    if form.lower() in names:
        return form.lower()
    from kg.export import format_name

    return format_name(form, names)

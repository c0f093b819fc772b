"""`kg view` and `kg export`: the network as a page, and the graph in the formats of other tools."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.options import open_store, output_option, say, written

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
@output_option
def view(page: str | None, show: bool | None, output: str) -> None:
    """Draw the network as one HTML page that needs no network, and open it in the browser.

    \b
    Examples:
      kg view
      kg view --no-open --page partnerships.html
    """
    from kg.facts import read_facts
    from kg.view import write_page

    path = Path(page or Path(output) / "network.html")
    facts = read_facts(open_store(output))
    write_page(facts, path)
    click.echo(path)
    if sys.stdout.isatty() if show is None else show:
        import webbrowser

        if not webbrowser.open(path.resolve().as_uri()):
            say(f"no browser could be started; open {path} in one")


@click.command(cls=ExportCommand)
@click.option("-f", "--format", "form", metavar="FORMAT", help="One of those below.  [default: by FILE, else turtle]")
@click.option("--to", metavar="FILE", default="-", help="The file to write.  [default: standard output]")
@output_option
def export(form: str | None, to: str, output: str) -> None:
    """Write the whole graph in the format of another tool.

    \b
    Examples:
      kg export --to partnerships.ttl
      kg export --format nquads | gzip > partnerships.nq.gz
      kg export --format edges-csv --to edges.csv
    """
    from kg.export import RDF_FORMATS, export, format_name

    known = [name for name, _ in EXPORT_FORMATS]
    wanted = format_name(form or ("turtle" if to == "-" else Path(to).suffix.removeprefix(".") or "turtle"), known)
    store = open_store(output)
    if wanted in RDF_FORMATS:
        with written(to) as out:
            export(store, wanted, out)
        return
    from kg.facts import read_facts
    from kg.network import NETWORK_FORMATS, project

    graph = project(read_facts(store))
    with written(to) as out:
        NETWORK_FORMATS[wanted].write(graph, out)

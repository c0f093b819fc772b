"""`kg diff`: what two builds, stores or files of RDF differ in."""

from __future__ import annotations

import sys

import click

from kg.cli.options import say

FORMATS = ("text", "json", "turtle", "ntriples", "patch")


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Words for people; JSON lines; signed lines of Turtle or N-Triples; an RDF patch.",
)
def diff(old: str, new: str, form: str) -> int:
    """Tell what came, went and changed from OLD to NEW: claims with their quotes, documents and entities.

    OLD and NEW are build folders, stores, or files of RDF (Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD); '-' is
    standard input. '+' marks what only NEW has, '-' what only OLD has, '~' what is another. Where only one of the two has a
    graph for every document, all graphs of the other count as one. The exit status is 0 where they say the same, 1 where
    they differ, and 2 in trouble.

    \b
    Examples:
      kg diff last-month output
      git show HEAD:output/partnerships.ttl | kg diff - output/partnerships.ttl
      kg diff old.ttl new.ttl --format patch > changes.rdfp
    """
    from kg.diff import compare, read_side, render
    from kg.diff.render import summary
    from kg.tables import plain, width

    if old == new == "-":
        raise click.UsageError("only one side can be standard input")
    difference = compare(*(read_side(source, sys.stdin.buffer) for source in (old, new)))
    if not difference:
        return 0
    for line in render(difference, form, width()):
        click.echo(plain(line.removesuffix("\n")) if form == "text" else line.removesuffix("\n"))
    say(summary(difference))
    return 1

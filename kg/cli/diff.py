"""`kg diff`: what two builds, stores or files of RDF differ in."""

from __future__ import annotations

import sys

import click

from kg.cli.options import complete_path, say

FORMATS = ("text", "json", "turtle", "ntriples", "patch")
FACTS = ("text", "json")
"""The formats that tell facts, and not every statement."""


@click.command()
@click.argument("old", shell_complete=complete_path)
@click.argument("new", shell_complete=complete_path)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Words for people; JSON lines; signed lines of Turtle or N-Triples; an RDF patch.",
)
@click.option(
    "--all",
    "exact",
    is_flag=True,
    help="Tell also what differs in its confidence or place in the text alone, as RDF always does.",
)
def diff(old: str, new: str, form: str, exact: bool) -> int:
    """Tell what came, went and changed from OLD to NEW: claims with their quotes, documents and entities.

    OLD and NEW are build folders, stores, or files of RDF (Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD); '-' is
    standard input. '+' marks what only NEW has, '-' what only OLD has, '~' what is another. Where only one of the two has a
    graph for every document, all graphs of the other count as one. The exit status is 0 where nothing differs that is to be
    told, 1 where something does, and 2 in trouble.

    \b
    Examples:
      kg diff last-month output
      git show HEAD:output/partnerships.ttl | kg diff - output/partnerships.ttl
      kg diff old.ttl new.ttl --format patch > changes.rdfp
    """
    from kg.diff import called, compare, read_sides, render
    from kg.diff.render import summary
    from kg.tables import plain, width

    if old == new == "-":
        raise click.UsageError("only one side can be standard input")
    difference = compare(*read_sides(old, new, sys.stdin.buffer))
    told = difference if exact or form not in FACTS else difference.in_substance()
    if told:
        for line in render(told, form, width()):
            click.echo(plain(line.removesuffix("\n")) if form == "text" else line.removesuffix("\n"))
    moved = len(difference.changes) - len(told.changes)
    words = f"from {called(old)} to {called(new)}: {summary(told) if told else 'no difference'}"
    say(words + (f"; only more or less sure, or elsewhere in the text: {moved} (--all tells them)" if moved else ""))
    return 1 if told else 0

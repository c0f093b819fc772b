"""`kg entities`: who is who in a build, what may be one and the same, and what people decide on it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.completing import completion
from kg.cli.options import OUTPUT, open_store, output_option, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.entities.decisions import Decision
    from kg.model import Facts

_FORM = click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("table", "csv", "tsv", "json")),
    help="The form of the rows.  [default: a table on a terminal, CSV in a pipe]",
)
_DECISIONS = click.option(
    "--decisions",
    metavar="FILE",
    help="The file of decisions.  [default: decisions.tsv beside the documents of the build]",
)
_WHY = click.option("--why", metavar="TEXT", default="", help="The reason, for whoever reads the file later.")


@click.group(invoke_without_command=True)
@output_option
@click.pass_context
def entities(ctx: click.Context, output: str) -> None:
    """Tell who is who in a build, find what may be one and the same, and decide on it; alone, it lists the entities.

    A decision is a line in decisions.tsv, in the folder of the documents. Every 'kg build' obeys it; removing the line
    undoes it. A name may be any name of an entity, or its id.

    \b
    Examples:
      kg entities
      kg entities show Munich
      kg entities near
      kg entities same "TU Munich" "Munich University of Technology" --why "one house"
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, output=output)


def _of_group(command: Callable[..., object]) -> Callable[..., object]:
    """`--output` after the sub-command, or before it."""
    help_ = f"The folder that a build is in.  [default: {OUTPUT}]"
    return click.option(
        "-o", "--output", metavar="DIR", callback=lambda ctx, _, given: given or ctx.parent.params["output"], help=help_
    )(command)


@entities.command("list")
@click.option("--type", "type_", metavar="TYPE", default="", help="Only those of one type, such as Company.")
@_FORM
@_of_group
def list_(output: str, type_: str = "", form: str | None = None) -> None:
    """List the entities. They come by name, with how many claims and documents name them.

    \b
    Example:
      kg entities list --type Company
    """
    from kg.directory import COLUMNS, rows
    from kg.model import EntityType

    types = {str(known).casefold(): str(known) for known in EntityType}
    if type_ and type_.casefold() not in types:
        raise click.UsageError(f"no type is called '{type_}': take one of {', '.join(types.values())}")
    _write(COLUMNS, rows(_facts(output), types.get(type_.casefold(), "")), form)


@entities.command()
@click.argument("name", shell_complete=completion("complete_entity"))
@_of_group
def show(name: str, output: str) -> None:
    """Show an entity in full. That is its names, why it was linked so, its documents, and whom it shares claims with.

    \b
    Example:
      kg entities show Munich
    """
    from kg.directory import entry, render
    from kg.query.lookup import called_alike, the_entity
    from kg.tables import plain, width

    store = open_store(output)
    found = the_entity(store, name)
    click.echo(plain(render(entry(_facts(output), found.id), width())), nl=False)
    if others := called_alike(store, name, found):
        say(others)


@entities.command()
@click.argument("name", required=False, shell_complete=completion("complete_entity"))
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Show so many pairs.")
@_FORM
@_DECISIONS
@_of_group
def near(name: str | None, limit: int, form: str | None, decisions: str | None, output: str) -> None:
    """Find entities that may be the same. The most likely pair comes first; with NAME, only pairs with it are shown.

    What is decided on is not shown again.

    \b
    Examples:
      kg entities near
      kg entities near Munich
    """
    from kg.entities.near import find_near
    from kg.query.lookup import the_entity

    wanted = the_entity(open_store(output), name).id if name else ""
    facts = _facts(output)
    found = find_near(facts.entities, facts.claims, _decided(_decided_in(output, decisions)))
    chosen = [pair for pair in found if not wanted or wanted in (pair.one.id, pair.other.id)]
    columns = ("likelihood", "one", "one_id", "other", "other_id", "reasons")
    rows = [
        (f"{p.likelihood:.2f}", p.one.name, p.one.id, p.other.name, p.other.id, "; ".join(p.reasons))
        for p in chosen[:limit]
    ]
    _write(columns, rows, form)
    if not chosen:
        say("no two entities look like one")
    if len(chosen) > limit:
        say(f"{len(chosen) - limit} less likely pairs are not shown: see more with --limit")


@entities.command()
@click.argument("one", shell_complete=completion("complete_entity"))
@click.argument("other", shell_complete=completion("complete_entity"))
@_WHY
@_DECISIONS
@_of_group
def same(one: str, other: str, why: str, decisions: str | None, output: str) -> None:
    """Decide that two entities are the same. They are one from the next build on.

    \b
    Example:
      kg entities same "TU Munich" "Munich University of Technology" --why "one house"
    """
    _decide("same", one, other, why, decisions, output)


@entities.command()
@click.argument("one", shell_complete=completion("complete_entity"))
@click.argument("other", shell_complete=completion("complete_entity"))
@_WHY
@_DECISIONS
@_of_group
def different(one: str, other: str, why: str, decisions: str | None, output: str) -> None:
    """Decide that two entities are different. They are never made one, nor shown as near again.

    To part what documents made one, name two of its parts, which 'kg entities show' tells.

    \b
    Example:
      kg entities different "Merck" "Merck & Co." --why "two companies since 1917"
    """
    _decide("different", one, other, why, decisions, output)


def _decide(verdict: str, one: str, other: str, why: str, decisions: str | None, output: str) -> None:
    from kg.entities.decisions import Decision, add_decision, find_contradiction
    from kg.errors import DecisionError
    from kg.query.lookup import is_person, the_entity

    files = _decided_in(output, decisions)
    if not files:
        raise DecisionError(
            f"it is not known which folder of documents {output} was built from\n"
            "name a file with --decisions, here and in 'kg build'"
        )
    path = next((file for file in files if file.exists()), files[0])
    if not path.parent.is_dir():
        raise DecisionError(f"no folder {path.parent}: name the file beside your documents with --decisions")
    known = _decided(files)
    spoken = {id_ for decision in known for id_ in decision.pair}
    store = open_store(output)

    def id_of(name: str) -> str:
        """An id as it was typed, since it may be that of a part; else the id of the one entity with this name."""
        return name if name in spoken else _typed_id(name, found := the_entity(store, name).id) or found

    first, second = id_of(one), id_of(other)
    if first == second:
        made = [d.where for d in known if first in d.pair and d.verdict == "same"]
        hint = f"by {', '.join(made)}: remove the line to part them" if made else "'kg entities show' tells its parts"
        raise DecisionError(f"'{one}' and '{other}' are one entity in this build, {first}\n{hint}")
    decision = Decision.of(verdict, first, second, why)
    find_contradiction([*known, decision])
    decision.check(lambda id_: is_person(store, id_))
    changed = add_decision(path, decision)
    what = f"{decision.one} and {decision.other} are {'the same' if verdict == 'same' else 'different'}"
    say(f"{path}: {what}; the next 'kg build' obeys it" if changed else f"{path}: it stands there already that {what}")


def _typed_id(name: str, found: str) -> str:
    """The name, if it is an id; '' for any other name."""
    return name if ":" in name and " " not in name and name.partition(":")[0] == found.partition(":")[0] else ""


def _decided_in(output: str, named: str | None) -> Sequence[Path]:
    """The files of decisions: the one that was named, else those in which the build looked for some."""
    noted = [] if named else open_store(output).record.get("decided_in", ())
    here = Path.cwd()
    paths = [Path(named)] if named else map(Path, noted)
    return [path.relative_to(here) if path.is_relative_to(here) else path for path in paths]


def _decided(files: Sequence[Path]) -> Sequence[Decision]:
    """The decisions in these files, as far as there are such."""
    from kg.entities.decisions import read_decisions

    return [decision for path in files if path.exists() for decision in read_decisions(path)]


def _facts(output: str) -> Facts:
    from kg.facts import read_facts

    return read_facts(open_store(output))


def _write(columns: Sequence[str], rows: Sequence[Sequence[str]], form: str | None) -> None:
    from kg.tables import is_terminal, write_rows

    write_rows(columns, rows, form or ("table" if is_terminal(sys.stdout) else "csv"), sys.stdout)

"""`kg check` and `kg relations`: whether the graph holds together, and what the relations mean."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from kg.cli.completing import completion
from kg.cli.options import open_store, output_option

if TYPE_CHECKING:
    from kg.relations import Relation


@click.command()
@output_option
def check(output: str) -> int:
    """Check a build against the graph's shapes and quality rules; exit status 1 if a check fails.

    \b
    Example:
      kg check
    """
    from kg.check import check as check_store

    report = check_store(open_store(output))
    click.echo(str(report))
    return 0 if report.passed else 1


@click.command()
@click.argument("name", required=False, shell_complete=completion("complete_relation"))
def relations(name: str | None) -> None:
    """List the relations that claims can have, or tell all about one: its meaning, ends, patterns and examples.

    \b
    Examples:
      kg relations
      kg relations investedIn
    """
    from kg.relations import load
    from kg.tables import is_terminal, write_rows

    known = load()
    if name is None:
        columns = ("relation", "label", "from", "to", "symmetric", "meaning")
        rows = [_row(relation) for relation in known.values()]
        write_rows(columns, rows, "table" if is_terminal(sys.stdout) else "csv", sys.stdout)
        return
    by_name = {key.casefold(): relation for key, relation in known.items()}
    if name.casefold() not in by_name:
        from kg.errors import UnknownNameError
        from kg.query.lookup import unknown

        raise UnknownNameError(f"{unknown('relation', name, list(known))}\n'kg relations' lists them all")
    click.echo(_describe(by_name[name.casefold()]))


def _ends(relation: Relation) -> tuple[str, str]:
    return ", ".join(sorted(relation.subject)), ", ".join(sorted(relation.object))


def _row(relation: Relation) -> tuple[str, ...]:
    symmetric = "yes" if relation.symmetric else "no"
    return (relation.name, relation.label["en"], *_ends(relation), symmetric, relation.meaning)


def _describe(relation: Relation) -> str:
    """All that the relation's file says, for people."""
    from kg.tables import width

    formatter = click.HelpFormatter(width=min(100, width()))
    labels = ", ".join(f"{text} ({lang})" for lang, text in relation.label.items())
    formatter.write_text(f"{relation.name}: {labels}")
    formatter.write_paragraph()
    formatter.write_text(relation.meaning)
    formatter.write_paragraph()
    source, target = _ends(relation)
    facts = [("from", source), ("to", target), ("symmetric", "yes" if relation.symmetric else "no")]
    formatter.write_dl(facts)
    if relation.patterns:
        with formatter.section("Patterns"):
            formatter.write_dl([(p.text, f"confidence {p.confidence}") for p in relation.patterns], col_max=60)
    if relation.examples:
        with formatter.section("Examples"):
            for example in relation.examples:
                claims = "; ".join(f"{c.subject} → {c.object} ({c.status})" for c in example.claims)
                formatter.write_text(f"{example.text}  ⇒ {claims or 'nothing'}")
    return formatter.getvalue().rstrip()

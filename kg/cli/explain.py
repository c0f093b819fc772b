"""`kg explain`: an entity or a claim, with the sentences that say so."""

from __future__ import annotations

import click

from kg.cli.completing import completion
from kg.cli.options import open_store, say, store_option


@click.command()
@click.argument("name", metavar="ENTITY | CLAIM", shell_complete=completion("complete_entity"))
@store_option
def explain(name: str, output: str) -> None:
    """Tell what is known of an entity or a claim, each statement with its quote, document, date, status and confidence.

    ENTITY is any of its names in any letter case, or its id; CLAIM the 16 digits of a claim's id.

    \b
    Examples:
      kg explain Munich
      kg explain place:munich
    """
    from kg.explain import CLAIM_ID, explain_claim, explain_entity, render_claim, render_entity
    from kg.query.lookup import Found, called_alike
    from kg.tables import plain, width

    store = open_store(output)
    if CLAIM_ID.fullmatch(name):
        click.echo(plain(render_claim(explain_claim(store, name), width())), nl=False)
        return
    known = explain_entity(store, name)
    click.echo(plain(render_entity(known, width())), nl=False)
    if others := called_alike(store, name, Found(known.id, known.name)):
        say(others)

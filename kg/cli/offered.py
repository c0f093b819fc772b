"""What a shell is offered: saved queries, parameters, documents, relations and names of entities."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from contextlib import suppress

import click
from click.shell_completion import BashComplete, CompletionItem

from kg.cli.options import open_store
from kg.cli.questions import last_parameters
from kg.errors import KgError
from kg.namespaces import ENTITY_PREFIXES

NAMES = 50
"""How many names of entities a shell is offered at most."""


class Bash(BashComplete):
    """Completion for bash, which must be told how a name of several words is typed: click's script makes one backslash of two,
    bash a word of 'Bad\\ Homburg'."""

    def format_completion(self, item: CompletionItem) -> str:
        typed = dict(enumerate(os.environ["COMP_WORDS"].split("\n"))).get(int(os.environ["COMP_CWORD"]), "")
        if item.type != "plain" or typed.startswith(("'", '"')):
            return super().format_completion(item)
        return "plain," + re.sub(r"[^\w.,:/@%+=-]", r"\\\\\g<0>", str(item.value))


def complete_word(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For a shell: names of saved queries, or what the parameter before it takes."""
    from kg.query.saved import saved

    words: Sequence[str] = ctx.params.get("words") or ()
    with suppress(KgError):
        if words and words[-1].startswith("--"):
            parameter = last_parameters(words).get(words[-1][2:])
            return _values(ctx, parameter.type, incomplete) if parameter else []
        offered = [query for name, query in saved().items() if name.startswith(incomplete)]
        return [CompletionItem(query.name, help=query.question) for query in offered] or [
            CompletionItem(incomplete, type="file")
        ]
    return []


def _values(ctx: click.Context, type_: str, incomplete: str) -> list[CompletionItem]:
    """What a parameter of this type may be set to: documents and entities of the build."""
    if type_ == "document":
        return complete_document(ctx, None, incomplete)
    kinds = ENTITY_PREFIXES if type_ == "entity" else (type_,)
    return _named(ctx, incomplete, kinds) if kinds[0] in ENTITY_PREFIXES else []


def complete_parameters(words: Sequence[str], incomplete: str) -> list[CompletionItem]:
    """For a shell: the parameters of the saved query that was named last."""
    parameters = last_parameters(words).values()
    return [CompletionItem(f"--{p.name}", help=p.meaning) for p in parameters if f"--{p.name}".startswith(incomplete)]


def complete_document(ctx: click.Context, parameter: click.Parameter | None, incomplete: str) -> list[CompletionItem]:
    """For a shell: the ids of the documents in the build; for `--graph` also the name of the reference data."""
    from kg.query.documents import REFERENCE, document_ids

    with suppress(KgError):
        ids = document_ids(open_store(ctx.params.get("output") or "output"))
        more = (REFERENCE,) if parameter and "--graph" in parameter.opts else ()
        return [CompletionItem(id_) for id_ in (*ids, *more) if id_.startswith(incomplete)]
    return []


def complete_entity(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For a shell: names of the entities in the build."""
    return _named(ctx, incomplete, ENTITY_PREFIXES)


def complete_relation(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For a shell: the relations, each with its label."""
    from kg.relations import load

    wanted = incomplete.casefold()
    return [CompletionItem(r.name, help=r.label["en"]) for r in load().values() if r.name.casefold().startswith(wanted)]


def _named(ctx: click.Context, incomplete: str, kinds: Collection[str]) -> list[CompletionItem]:
    """The first names of entities of these kinds that begin so, in any letter case, each with the entity's id. Where they are
    not spelled alike, what is typed stays: a shell would take back what they do not have in common."""
    from kg.query.lookup import names_beginning

    output = ctx.params.get("output") or "output"
    if "://" in output:  # nobody waits for a server at every key
        return []
    with suppress(KgError):
        found = names_beginning(open_store(output), incomplete, kinds, NAMES)
        size = len(incomplete)
        alike = len({each.name[:size] for each in found}) == 1
        return [CompletionItem(each.name if alike else incomplete + each.name[size:], help=each.id) for each in found]
    return []

"""The words after `kg query`: which questions they ask, and with which values."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import click

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.query.saved import Parameter, SavedQuery


class Question(NamedTuple):
    """A query as a person names it, and the values given for its parameters."""

    asked: str
    values: Mapping[str, Sequence[str]]


def questions(words: Sequence[str]) -> list[Question]:
    """Each query with the parameters that follow it: `investors --place X memoranda` asks two. Raises click.UsageError
    for a parameter without a query or a value."""
    found: list[Question] = []
    left = iter(words)
    for word in left:
        if not word.startswith("-") or word == "-":
            found.append(Question(word, {}))
            continue
        name, equals, value = word.partition("=")
        if not found or not name.startswith("--"):
            raise click.UsageError(f"no such option: {name} (a saved query's name goes before its parameters)")
        if not equals and (following := next(left, None)) is not None:
            value = following
        elif not equals:
            raise click.UsageError(f"{name} needs a value")
        _add(found[-1], name[2:], value)
    return found


def with_settings(found: Sequence[Question], settings: Sequence[str]) -> list[Question]:
    """The questions with what `--set` gives: to the only one or, of several, to all that have such a parameter."""
    copies = [Question(asked, {name: list(given) for name, given in values.items()}) for asked, values in found]
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise click.UsageError(f"--set takes PARAMETER=VALUE, not '{setting}'")
        takers = copies if len(copies) == 1 else [each for each in copies if name in _parameters(each.asked)]
        if not takers:
            raise click.UsageError(f"none of these queries has a parameter '{name}'")
        if any(name in each.values for each in found):
            raise click.UsageError(f"'{name}' is given twice, by --{name} and by --set: give it once")
        for taker in takers:
            _add(taker, name, value)
    return copies


def resolved(found: Sequence[Question], piped: Callable[[], str]) -> list[SavedQuery]:
    """The queries that are meant; '-' is what `piped` gives. Raises KgError for a name unknown, and tells where a value
    has lost its parameter."""
    from kg.query.run import from_text, resolve

    queries: list[SavedQuery] = []
    for question in found:
        try:
            queries.append(from_text(piped()) if question.asked == "-" else resolve(question.asked))
        except KgError as error:
            if not queries or not queries[-1].parameters:
                raise
            before, first = queries[-1], queries[-1].parameters[0].name
            hint = f"if it is a value: kg query {before.name} --{first} '{question.asked}'"
            raise click.UsageError(f"no query is called '{question.asked}'; {hint}") from error
    return queries


def last_parameters(words: Sequence[str]) -> Mapping[str, Parameter]:
    """The parameters of the query that was named last."""
    return next(filter(None, map(_parameters, reversed(words))), {})


def _parameters(name: str) -> Mapping[str, Parameter]:
    """The parameters of the saved query or file of this name; none for any other text."""
    from kg.query.run import resolve
    from kg.query.saved import query_files

    if name not in query_files() and not os.path.isfile(name):  # noqa: PTH113 (pathlib balks at long names)
        return {}
    with suppress(KgError):
        return {parameter.name: parameter for parameter in resolve(name).parameters}
    return {}


def _add(question: Question, name: str, value: str) -> None:
    values = question.values
    assert isinstance(values, dict)
    values.setdefault(name, []).append(value)

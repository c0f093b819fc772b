"""The command line: words for people, and the one place where errors become messages and exit statuses.

Only click is imported here: each command's module is loaded when it is called, and loads the heavy libraries itself."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

import kg as package
from kg.errors import KgError

COMMANDS = {
    "build": ("build", "Read documents and build the graph, its Turtle and its page."),
    "query": ("query", "Ask the graph: a saved query, a file, or SPARQL."),
    "view": ("view", "Draw the network as a page and open it in the browser."),
    "export": ("view", "Write the graph in the format of another tool."),
    "diff": ("diff", "Tell what two builds or files of RDF differ in."),
    "serve": ("serve", "Serve the graph to other programs on this machine: SPARQL, and a page for everything."),
    "explain": ("explain", "Tell what is known of an entity or a claim, with the quotes."),
    "extract": ("build", "Write the claims of documents as JSON lines."),
    "entities": ("entities", "Tell who is who, find what may be the same, and decide on it."),
    "check": ("check", "Check a build against the graph's shapes and rules."),
    "evaluate": ("evaluate", "Measure extraction on annotated documents."),
    "relations": ("check", "Tell what the relations mean."),
}
"""Command to its module in this package and its purpose, in the order of the help."""

BAD_INPUT = 2
"""The exit status of misuse and of input that cannot be used."""


COLLECT_AFTER = 100_000
"""New objects before Python looks for cycles among them: a command that is over within a second need not look."""


class Commands(click.Group):
    """A group that imports a command's module when it is asked for, and tells errors in one or two lines."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"kg.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, purpose) for name, (_, purpose) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; that nobody reads on is no error, though click takes it for one."""
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _drop_output()
            return 0
        return status

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, *_: Any, **extra: Any) -> NoReturn:
        """Run and leave with the exit status: 0, 1 (a check failed), 2 (misuse or bad input), 130 (interrupted)."""
        extra.pop("standalone_mode", None)
        gc.set_threshold(COLLECT_AFTER)
        if "_KG_COMPLETE" in os.environ:
            from click.shell_completion import add_completion_class

            from kg.cli.offered import Bash

            add_completion_class(Bash)
        status: Any = 0
        try:
            status = super().main(args, prog_name or "kg", standalone_mode=False, **extra)
        except (click.exceptions.NoArgsIsHelpError, click.ClickException, KgError, OSError) as error:
            click.echo(_message(error), err=True)
            status = BAD_INPUT
        except (click.Abort, KeyboardInterrupt):
            click.echo("kg: interrupted", err=True)
            status = 130
        sys.exit(status if isinstance(status, int) else 0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package.__version__, prog_name="kg")
def kg() -> None:
    """Turn press releases on China–Germany partnerships into a knowledge graph in which every edge shows the sentence
    that says so.

    Data goes to standard output, words to standard error; '-' stands for a pipe.

    \b
    Example:
      kg build seeds/
      kg query investors
    """


def main() -> NoReturn:
    """The entry point of the command `kg`."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # numpy multiplies nothing here, and starting its threads costs 60 ms
    kg.main()


def _message(error: Exception) -> str:
    """What to tell a person about this error, in a line or two."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    if isinstance(error, click.UsageError):
        hint = f"\n'{error.ctx.command_path} --help' shows how to use it" if error.ctx else ""
        return f"kg: {error.format_message()}{hint}"
    if isinstance(error, click.ClickException):
        return f"kg: {error.format_message()}"
    if isinstance(error, OSError) and error.strerror:
        return f"kg: {error.filename}: {error.strerror}" if error.filename else f"kg: {error.strerror}"
    return f"kg: {error}"


def _drop_output() -> None:
    """Nobody reads on: let the interpreter's last flush go nowhere instead of failing."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # standard output is no real file
        return

"""What several commands share: where the build is, where the output goes, and in which form."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

import click

from kg.errors import StoreError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from kg.store import GraphStore

Command = TypeVar("Command", bound=Callable[..., Any])

SEEDS = "seeds"
"""The folder that is read when no source is named."""
OUTPUT = "output"
"""The folder that a build is in where no other is named."""


def complete_path(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For a shell: files and folders, which it knows itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


class FiniteRange(click.FloatRange):
    """A number within bounds; 'nan' and 'inf' are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        return number if math.isfinite(number) else self.fail(f"{value!r} is no number.", param, ctx)


def output_option(command: Command) -> Command:
    """`--output DIR`: the folder of the build."""
    return _place(("-o", "--output"), "DIR", "The folder that a build is in.")(command)


def store_option(command: Command) -> Command:
    """`--output DIR` or `--store ADDRESS`: the build, or the server, that is asked."""
    help_ = "The folder that a build is in, or the address of a SPARQL endpoint (https://host/sparql)."
    return _place(("-o", "--output", "--store", "output"), "DIR | ADDRESS", help_)(command)


def _place(names: tuple[str, ...], metavar: str, help_: str) -> Callable[[Command], Command]:
    """An option that says where a build is."""
    manner: dict[str, Any] = {"default": OUTPUT, "show_default": True, "shell_complete": complete_path}
    return click.option(*names, metavar=metavar, help=help_, **manner)


def sources_argument(command: Command) -> Command:
    """`[SOURCES]...`: files and folders, '-' for standard input; `seeds/` when there is none."""
    return click.argument("sources", nargs=-1, metavar="[SOURCES]...", shell_complete=complete_path)(command)


def open_store(output: str) -> GraphStore:
    """The build in this folder, or what the endpoint at this address holds, for reading only. Raises StoreError when there
    is none or it cannot be read."""
    if _is_address(output):
        from kg.remote import RemoteStore

        return cast("GraphStore", RemoteStore(output))  # it answers to the same methods
    from kg.store import GraphStore

    return GraphStore.read(Path(output))


def whole_store(output: str) -> GraphStore:
    """As `open_store`, for what needs all that is there: of a server, a copy."""
    if _is_address(output):
        from kg.remote import RemoteStore

        with RemoteStore(output) as server:
            return server.copy()
    return open_store(output)


def _is_address(output: str) -> bool:
    scheme, separator, _ = output.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        raise click.UsageError(f"--store takes a folder or an address with http:// or https://, not {scheme}://")
    return bool(separator)


def say(text: str) -> None:
    """Words for people, to standard error."""
    click.echo(f"kg: {text}", err=True)


@contextmanager
def written(path: str) -> Iterator[BinaryIO]:
    """Standard output for '-', else a file that appears under its name only when it is whole.

    Raises StoreError when the file cannot be written."""
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = Path(f"{path}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise StoreError(
            f"cannot write {path} ({error.strerror}): name a file in a folder that can be written"
        ) from error
    finally:
        part.unlink(missing_ok=True)

"""What a shell is offered when it completes a word: nothing is loaded for it before a shell asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def completion(name: str) -> Any:
    """What `offered` offers a shell under this name, loaded when a shell asks for it."""

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from kg.cli import offered

        found: list[CompletionItem] = getattr(offered, name)(ctx, parameter, incomplete)
        return found

    return complete

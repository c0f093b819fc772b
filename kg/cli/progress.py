"""A bar for whoever waits while documents are read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import Document

PATIENCE = 1.0
"""Seconds before a progress bar appears on a terminal."""


class Progress:
    """A bar on standard error, if that is a terminal and the work takes longer than PATIENCE.

    Documents come one at a time, so nobody knows how many there will be: the bar moves and counts."""

    def __init__(self) -> None:
        self._done, self._started = 0, time.monotonic()
        self._close: Callable[[], None] = lambda: None
        self._advance: Callable[[], None] | None = None

    def step(self, document: Document) -> None:
        """One more document is done."""
        self._done += 1
        if self._advance:
            self._advance()
        elif sys.stderr.isatty() and time.monotonic() - self._started > PATIENCE:
            self._open()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        words = TextColumn("{task.completed:.0f} documents read")
        bar = Progress(BarColumn(), words, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
        task = bar.add_task("", total=None, completed=self._done)
        bar.start()
        self._advance, self._close = (lambda: bar.advance(task)), bar.stop

    def close(self) -> None:
        """Take the bar away."""
        self._close()

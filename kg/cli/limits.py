"""A time limit that holds while the engine works, and Ctrl-C that does.

Oxigraph cannot be told to stop, and Python's own handlers run only when it comes back. But it works without Python's
lock, so another thread can watch the clock, and end the process: the store is open for reading only, and nothing has
been written of an answer that is not whole."""

from __future__ import annotations

import _thread
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

TIMED_OUT = 124
"""The exit status of a query that ran out of time: that of timeout(1)."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """End the process with TIMED_OUT when the block takes longer than `seconds` (0: no limit), and at once on Ctrl-C."""
    done = _thread.allocate_lock()
    done.acquire()
    if seconds:  # `threading` would tell when the thread ends, which nobody needs to know
        _thread.start_new_thread(_watch, (done, seconds))
    try:
        with _interruptible():
            yield
    finally:
        done.release()


def _watch(done: _thread.LockType, seconds: float) -> None:
    if not done.acquire(timeout=min(seconds, _thread.TIMEOUT_MAX)):
        words = f"kg: no answer within {seconds:g} s: narrow the query, or give it more time with --timeout\n"
        os.write(2, words.encode())
        os._exit(TIMED_OUT)


@contextmanager
def _interruptible() -> Iterator[None]:
    """The system's own way with Ctrl-C, for the main thread alone may set it."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

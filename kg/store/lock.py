"""One writer at a time: a file that the kernel locks for its holder, and frees when the holder ends in whatever way.

What stands in it tells who holds it; the text alone locks nothing, so a holder that was killed leaves nothing to clear
away."""

from __future__ import annotations

import errno
import os
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Self

from kg.errors import StoreError

PAUSE = 0.1
"""Seconds between two tries of a writer that waits."""

_HELD = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES})
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What a file system answers that knows no such locks; the database's own lock still keeps two writers apart there."""
_LONGEST = 100
"""Characters of a command line that are told."""


class WriterLock:
    """The right to write to one build, held until `release` or the end of the process."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    @classmethod
    def take(cls, path: Path, wait: float = 0.0, waiting: Callable[[str], None] = lambda _: None) -> Self:
        """Takes the lock in the file `path`, and makes the file; waits up to `wait` seconds for another writer, after
        telling `waiting` who that is. Raises StoreError, naming the holder, where it is still taken then, and OSError
        where the file cannot be written."""
        file = path.open("a+", encoding="utf-8", errors="replace")
        until = time.monotonic() + wait
        told = False
        try:
            while not _try(file):
                holder = _holder(file)
                if time.monotonic() >= until:
                    raise StoreError(
                        f"another kg is writing to {path.parent.parent}: {holder}\n"
                        "wait for it with --wait, or build elsewhere with --output"
                    )
                if not told:
                    waiting(holder)
                    told = True
                time.sleep(PAUSE)
            _sign(file)
        except BaseException:
            file.close()
            raise
        return cls(file)

    def release(self) -> None:
        """Lets the next writer in."""
        if not self._file.closed:
            self._file.truncate(0)
            self._file.close()


def _try(file: IO[str]) -> bool:
    """Whether the lock is ours now."""
    if sys.platform == "win32":  # the database's own lock keeps two writers apart there
        return True
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno not in _NO_LOCKS:
            raise
    return True


def _sign(file: IO[str]) -> None:
    """Writes who holds the lock."""
    name = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    command = " ".join(shlex.join(["kg" if name == "__main__.py" else name, *sys.argv[1:]]).split())
    short = command if len(command) <= _LONGEST else f"{command[: _LONGEST - 1]}…"
    file.truncate(0)
    file.write(f"{os.getpid()}\n{time.strftime('%Y-%m-%d %H:%M:%S')}\n'{short}'\n")
    file.flush()


def _holder(file: IO[str]) -> str:
    """Who holds the lock, in words."""
    file.seek(0)
    pid, _, rest = file.read().partition("\n")
    since, _, command = rest.partition("\n")
    if not command.endswith("\n"):  # it has the lock and is about to write who it is
        return "a process that has just begun"
    return f"{command.strip()} (process {pid}, since {since})"

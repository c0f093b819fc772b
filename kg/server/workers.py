"""Processes that ask the store: a query that takes too long is ended with its process, since the engine hears nothing else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

from kg.server.jobs import Job, Reply, plain

MEMORY = 4 << 30
"""Bytes that a worker may take: what needs more ends with its process and not with the machine."""


START = 60.0
"""Seconds that a process may take to start, on a machine that is busy with other things."""


class Workers:
    """As many processes as queries may run at once, started when they are needed and again when one was ended.

    `timeout` is in seconds: how long a query may run, and how long one may wait for its turn. A process that starts takes
    none of it, and `START` at most."""

    def __init__(self, output: Path, number: int, timeout: float) -> None:
        self._timeout = timeout
        self._free: LifoQueue[_Worker] = LifoQueue()
        self._all = [_Worker(output) for _ in range(number)]
        for worker in self._all:
            self._free.put(worker)

    def answer(self, job: Job) -> Reply:
        """The answer of the first worker that is free; a reply with status 503 where none was in time."""
        try:
            worker = self._free.get(timeout=self._timeout)
        except Empty:
            return plain(503, "too many queries are running: ask again later")
        try:
            return worker.answer(job, self._timeout)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """Ends all of them, whatever they are at."""
        for worker in self._all:
            worker.end()


@dataclass(slots=True)
class _Worker:
    """One process and the pipe to it, or neither."""

    output: Path
    process: Any = None
    pipe: Connection | None = None

    def answer(self, job: Job, timeout: float) -> Reply:
        try:
            pipe = self._started()
            pipe.send(job)
            if pipe.poll(timeout):
                reply: Reply = pipe.recv()
                return reply
        except TimeoutError:
            self.end()
            return plain(503, f"no process for the query was ready within {START:g} s: ask again later")
        except (EOFError, OSError):
            self.end()
            return plain(500, "the query ended its process: it may have needed too much memory. Ask for less")
        self.end()
        return plain(504, f"the query took longer than {timeout:g} s and was ended. Ask for less")

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
        if self.pipe is not None:
            self.pipe.close()
        self.process = self.pipe = None

    def _started(self) -> Connection:
        if self.pipe is None:
            context = get_context("spawn")  # a fork would copy the server's threads half
            self.pipe, theirs = context.Pipe()
            self.process = context.Process(target=work, args=(self.output, theirs), daemon=True)
            self.process.start()
            theirs.close()
            if not self.pipe.poll(START):
                raise TimeoutError
            self.pipe.recv()  # it is ready
        return self.pipe


def work(output: Path, pipe: Connection) -> None:
    """A worker's life: says that it is ready, then answers jobs until the pipe is closed."""
    import signal

    from kg.server.answers import Answers

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to hear
    _bound_memory()
    answers = Answers(output)
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            pipe.send(answers.answer(pipe.recv()))


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # no such thing on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if hard < 0 else min(MEMORY, hard), hard))

"""The server itself: waitress, which reads requests and writes answers without a thread for each, so that slow clients hold up
nobody, and bounds what a request may be."""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

import waitress
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from kg.errors import KgError
from kg.server.app import BODY, App, respond
from kg.server.jobs import plain
from kg.server.workers import Workers
from kg.store import GraphStore

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""The names by which a machine calls itself."""

CONNECTIONS = 2000
"""Connections that may be open at once; others wait to be taken on."""
THREADS = 16
"""Answers in the making at once; those of queries wait for one of the workers."""
HEADERS = 256 << 10
"""The most bytes of a request's head, and so of a query in an address."""
IDLE = 30
"""Seconds after which a connection is closed on which nothing happens."""
_ANY = ("", "0.0.0.0", "::")
_UNREAD = {
    413: f"a request's body may have {BODY:,} bytes at most: ask a shorter query",
    431: f"a request's head may have {HEADERS:,} bytes at most: POST the query as application/sparql-query",
    500: "the server failed, and told why where it runs: ask something else",
}
"""What is told of a request that was not read to its end, by status."""


class ServeError(KgError):
    """The server cannot listen where it was told to."""


class _Unread(ErrorTask):  # type: ignore[misc]
    """Refuses what waitress does not pass on, as the application refuses."""

    def execute(self) -> None:
        error = self.request.error
        words = _UNREAD.get(error.code, f"this is no request ({error.body}): send one of HTTP/1.1")
        accept = parse_accept_header(self.request.headers.get("ACCEPT"), MIMEAccept)
        response = respond(plain(error.code, words), accept)
        body = response.get_data()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(response.headers.to_wsgi_list())
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _Unread


def serve(
    output: Path,
    host: str,
    port: int,
    *,
    names: Iterable[str] = (),
    timeout: float = 60.0,
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serves the build in `output` until it is interrupted. `timeout` is what a query may take, in seconds; `ready` is told
    the address once it answers. Raises StoreError where there is no build and ServeError where nothing can listen."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue is no news for a person
    GraphStore.read(output).close()
    listening = _listening(host, port)
    workers = Workers(output, max(2, min(4, os.cpu_count() or 2)), timeout)
    shown = f"[{host}]" if ":" in host else host
    app = App(workers.answer, {*LOOPBACK, *names, *(() if host in _ANY else (shown,))})
    server = waitress.create_server(
        app,
        sockets=[listening],
        threads=THREADS,
        connection_limit=min(CONNECTIONS, _files() - 100),
        backlog=CONNECTIONS,
        channel_timeout=IDLE,
        cleanup_interval=10,
        max_request_body_size=BODY,
        max_request_header_size=HEADERS,
        asyncore_use_poll=True,  # select() fails from the 1024th file on
        clear_untrusted_proxy_headers=True,
        ident="kg",
    )
    server.channel_class = _Channel
    try:
        ready(f"http://{'127.0.0.1' if host in _ANY else shown}:{listening.getsockname()[1]}/")
        server.run()
    finally:
        server.close()
        workers.close()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(CONNECTIONS)
    except (OSError, UnicodeError) as error:
        listening.close()
        other = "--port" if getattr(error, "errno", 0) in (errno.EADDRINUSE, errno.EACCES) else "--host"
        reason = getattr(error, "strerror", "") or "this is no address"
        raise ServeError(f"cannot listen on {host}:{port} ({reason}): choose another {other}") from error
    return listening


def _files() -> int:
    """How many files this process may open, raised to what it may raise it to."""
    try:
        import resource
    except ImportError:  # no such thing on Windows, where a process may open enough
        return 2 * CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS if hard < 0 else min(2 * CONNECTIONS, hard)
    if 0 <= soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return 2 * CONNECTIONS if soft < 0 else soft

"""Real SPARQL servers on this machine, started for the tests that need one and ended with them."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

OXIGRAPH = shutil.which("oxigraph") or str(Path(sys.executable).parent / "oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
MOST_ROWS = 500
"""What the Virtuoso of the tests gives of an answer: far less than usual, so that a few documents go beyond it."""

_VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 50
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 2000
MaxDirtyBuffers = 1200
ServerThreads = 10
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = {most}
"""


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def oxigraph(*options: str, port: int = 0) -> Iterator[str]:
    """The address of an Oxigraph server; it holds its graphs in memory unless an option says where."""
    if not Path(OXIGRAPH).is_file():
        pytest.skip("the oxigraph server is not installed (pip install oxigraph)")
    port = port or free_port()
    with _running([OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}", *options], port):
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def virtuoso() -> Iterator[tuple[str, str]]:
    """The addresses of a Virtuoso server, for queries and for graphs; the second asks for name and password ('dba')."""
    if not VIRTUOSO:
        pytest.skip("Virtuoso is not installed (apt-get install virtuoso-opensource-7-bin)")
    with tempfile.TemporaryDirectory() as folder:
        sql, port = free_port(), free_port()
        ini = Path(folder) / "virtuoso.ini"
        ini.write_text(_VIRTUOSO_INI.format(folder=folder, sql=sql, http=port, most=MOST_ROWS))
        with _running([VIRTUOSO, "+foreground", "+configfile", str(ini)], port):
            yield f"http://127.0.0.1:{port}/sparql", f"http://127.0.0.1:{port}/sparql-graph-crud-auth"


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(1200):
                assert process.poll() is None, f"{command[0]} did not start"
                with socket.socket() as probe:
                    if not probe.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.05)
            yield
        finally:
            process.kill()

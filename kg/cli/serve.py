"""`kg serve`: the graph for other programs on this machine."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click

from kg.cli.options import FiniteRange, output_option, say


@click.command()
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=7878, show_default=True, help="The port; 0 takes a free one."
)
@click.option(
    "--name", "names", multiple=True, metavar="NAME", help="A further name by which the server may be called."
)
@click.option(
    "--timeout",
    type=FiniteRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a query may run.",
)
@output_option
def serve(host: str, port: int, names: tuple[str, ...], timeout: float, output: str) -> None:
    """Serve the graph, for reading: a SPARQL 1.1 endpoint at /sparql, the network's page at /, and a page for every
    entity, claim and document, and for the vocabulary at /ontology, which is Turtle or JSON-LD for programs that ask for it.

    It listens on this machine only, unless --host says otherwise: whoever reaches it can read all of the graph. Ctrl-C
    ends it. The address is written to standard output.

    \b
    Examples:
      kg serve
      kg serve --port 8000 --timeout 10
    """
    from kg.server.listen import LOOPBACK
    from kg.server.listen import serve as listen

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    def ready(url: str) -> None:
        click.echo(url)
        sys.stdout.flush()
        say(f"serves {Path(output)} until Ctrl-C; SPARQL at {url}sparql")
        if host not in (*LOOPBACK, "::1"):
            say(f"listens on {host}: others in the network can read the whole graph")

    listen(Path(output), host, port, names=names, timeout=timeout, ready=ready)

"""What workers do: jobs in, replies out, from a store that is opened again when a build has changed it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from kg import ontology
from kg.errors import KgError, StoreError, UnknownNameError
from kg.files import DATA
from kg.namespaces import ENTITY_PREFIXES, to_iri
from kg.query.answers import kind, read_triples, write_rows, write_triples, write_truth
from kg.query.sparql import ask
from kg.server import pages
from kg.server.jobs import Ask, Define, Draw, Job, Present, Reply, Search, Tell, plain
from kg.server.types import ROWS, TRIPLES, TRUTHS, media_type
from kg.store import GraphStore

_ENTITY = """CONSTRUCT {{ ?s ?p ?o }} {{
  {{ BIND(<{iri}> AS ?s) ?s ?p ?o }} UNION
  {{ ?s rdf:subject|rdf:object <{iri}> ; ?p ?o }} UNION
  {{ ?claim rdf:subject|rdf:object <{iri}> ; kg:evidence ?s . ?s ?p ?o }}
}}"""
_CLAIM = """CONSTRUCT {{ ?s ?p ?o }} {{
  {{ BIND(<{iri}> AS ?s) ?s ?p ?o }} UNION {{ <{iri}> kg:evidence|prov:wasDerivedFrom ?s . ?s ?p ?o }}
}}"""
_DOCUMENT = """CONSTRUCT {{ ?s ?p ?o }} {{
  {{ BIND(<{iri}> AS ?s) ?s ?p ?o }} UNION {{ ?s prov:wasDerivedFrom <{iri}> ; ?p ?o }} UNION
  {{ ?claim prov:wasDerivedFrom <{iri}> ; kg:evidence ?s . ?s ?p ?o }}
}}"""
_DESCRIBE = {"claim": _CLAIM, "doc": _DOCUMENT, **dict.fromkeys(ENTITY_PREFIXES, _ENTITY)}


class Answers:
    """Answers jobs from the build in a folder as it is at that moment."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._store: GraphStore | None = None
        self._seen: tuple[object, ...] = ()

    def answer(self, job: Job) -> Reply:
        """The reply to a job; what goes wrong is told in the reply."""
        try:
            return _ANSWERS[type(job)](self._current(), job, self._output)
        except UnknownNameError as error:
            return plain(404, str(error))
        except StoreError as error:
            return plain(503, str(error))
        except (KgError, ValueError) as error:
            return plain(400, str(error))
        except MemoryError:
            return plain(500, "the answer needs too much memory: ask for less")

    def _current(self) -> GraphStore:
        state = tuple(_state(self._output / "store"))
        if self._store is None or state != self._seen:
            self._store, self._seen = GraphStore.read(self._output), state
        return self._store


def _state(folder: Path) -> Iterator[object]:
    """What tells whether a store has changed: its files with their sizes and times, less the logs that readers write."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # just being replaced
        return
    for entry in entries:
        if entry.is_dir():
            yield from _state(Path(entry.path))
        elif not entry.name.startswith("LOG"):
            with suppress(FileNotFoundError):  # a writer has just removed it
                found = Path(entry.path).stat()
                yield entry.path, found.st_mtime_ns, found.st_size, found.st_ino


def _ask(store: GraphStore, job: Ask, _: Path) -> Reply:
    answer = ask(store, job.text, graphs=job.graphs or None)
    what = kind(answer)
    form = {"rows": job.rows, "truth": job.truth, "triples": job.triples}[what]
    table = {"rows": ROWS, "truth": TRUTHS, "triples": TRIPLES}[what]
    if not form:
        return plain(406, f"this query's answer comes as {', '.join(table)}: accept one of them")
    write: dict[str, Callable[[], bytes]] = {
        "rows": lambda: write_rows(answer, form),
        "truth": lambda: write_truth(answer, form),
        "triples": lambda: write_triples(read_triples(answer).triples, form),
    }
    return Reply(200, media_type(form, table), write[what]())


def _present(_: GraphStore, job: Present, __: Path) -> Reply:
    from pyoxigraph import RdfFormat, parse

    quads = parse(path=DATA / "serve" / "service.ttl", format=RdfFormat.TURTLE, base_iri=job.address)
    triples = sorted((quad.triple for quad in quads), key=str)
    return Reply(200, media_type(job.form, TRIPLES), write_triples(triples, job.form))


def _tell(store: GraphStore, job: Tell, _: Path) -> Reply:
    if job.form == "html":
        try:
            return Reply(200, pages.HTML, pages.page_of(store, job.name).encode())
        except UnknownNameError:
            return _nothing(job)
    prefix = job.name.partition(":")[0]
    triples = read_triples(ask(store, _DESCRIBE[prefix].format(iri=to_iri(job.name)))).triples
    if not triples:
        return _nothing(job)
    return Reply(200, media_type(job.form, TRIPLES), write_triples(triples, job.form))


def _nothing(job: Tell) -> Reply:
    return plain(404, f"nothing is known of {job.name}: /entities lists who is in the graph")


def _draw(store: GraphStore, _: Draw, output: Path) -> Reply:
    """The page that the build wrote, or a new one where there is none."""
    page = output / "network.html"
    if page.is_file():
        return Reply(200, pages.HTML, page.read_bytes())
    from kg.facts import read_facts
    from kg.view import render_page

    return Reply(200, pages.HTML, render_page(read_facts(store)).encode())


def _search(store: GraphStore, job: Search, _: Path) -> Reply:
    return Reply(200, pages.HTML, pages.search(store, job.name).encode())


def _define(_: GraphStore, job: Define, __: Path) -> Reply:
    if job.form == "html":
        return Reply(200, pages.HTML, pages.vocabulary().encode())
    from kg.export import to_bytes

    return Reply(200, media_type(job.form, TRIPLES), to_bytes(ontology.vocabulary(), job.form))


_ANSWERS: dict[type, Callable[[GraphStore, Any, Path], Reply]] = {
    Ask: _ask,
    Present: _present,
    Tell: _tell,
    Draw: _draw,
    Search: _search,
    Define: _define,
}

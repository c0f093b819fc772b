"""Builds that are killed at random moments, for test_killed: `python killing.py FOLDER ROUNDS SEED`.

One process knows the documents and never opens a database; every build and every look at what is left of it is a fork of
it, so that a hundred of them cost little. What is read in a document comes ready-made from the training corpus, and the page
is the facts alone, for to lay it out takes nine tenths of the time."""

from __future__ import annotations

import os
import pickle
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from factories import gold

import kg.entities.across
import kg.export
import kg.view
from kg import fingerprint, pipeline, reference, relations
from kg.files import write_whole
from kg.graph import document_graph, to_ntriples
from kg.model import Document, Extraction
from kg.namespaces import document_iri
from kg.store import GraphStore
from kg.store.kept import KeptExtractions, key_of
from kg.values import to_json

GOLD = gold("en-b", 6)
FILES = (pipeline.TURTLE, pipeline.PAGE)


def shorter(extraction: Extraction) -> Extraction:
    """The document as if its last claim had been cut, and with another title."""
    return replace(
        extraction,
        document=replace(extraction.document, title="Another title"),
        claims=extraction.claims[:-1],
    )


VERSIONS: tuple[tuple[Extraction, ...], ...] = (GOLD, (shorter(GOLD[0]), *GOLD[1:]), (shorter(GOLD[0]), *GOLD[1:5]))
"""What the documents are in turn: one is changed, then one is removed, then both are as before."""
KNOWN = {extraction.document: extraction for version in VERSIONS for extraction in version}


def extract(document: Document, *_: object) -> Extraction:
    time.sleep(0.003)  # so that some are killed while they read
    return KNOWN[document]


def build(output: Path, version: int, say: Callable[[str], None] = lambda _: None, full: bool = False) -> None:
    documents = [extraction.document for extraction in VERSIONS[version]]
    pipeline.build(documents, output, full=full, done=lambda document: say(f"read {document.id}"))
    say(f"built {version}")


def put(output: Path, say: Callable[[str], None]) -> None:
    """Documents put and removed one by one, in a store that stays open."""
    with GraphStore.create(output) as store:
        for number in range(1000):
            extraction = VERSIONS[number % 2][0]
            iri = document_iri(extraction.document.id)
            if number % 5 == 4:
                store.remove(iri)
                say(f"put {number} -")
            else:
                store.put(iri, to_ntriples(document_graph(extraction)))
                say(f"put {number} {number % 2}")


def put_once(output: Path, iri: str, ntriples: str) -> str:
    """What the store holds with one document."""
    with GraphStore.create(output) as store:
        store.put(iri, ntriples)
        return store.dump()


def look(output: Path) -> tuple[str, list[bytes], set[str]]:
    """All that is left of a build: the graphs, the files, and the keys of what was kept."""
    with GraphStore.read(output) as store:
        files = [(output / name).read_bytes() if (output / name).exists() else b"" for name in FILES]
        return store.dump(), files, set(KeptExtractions(store.folder)._lines)


def in_fork(work: Callable[[], Any]) -> Any:
    """What a function gives, called in a process of its own."""
    inside, outside = os.pipe()
    if not (pid := os.fork()):
        with os.fdopen(outside, "wb") as pipe:
            pickle.dump(work(), pipe)
        os._exit(0)
    os.close(outside)
    with os.fdopen(inside, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(pid, 0)
    assert status == 0, "what was left could not be read"
    return pickle.loads(answer)


def killed(work: Callable[[Callable[[str], None]], None], after: float, lines: int = 0) -> tuple[list[str], bool]:
    """What a process said before it was killed, so many seconds after it had said so many lines, and whether it was at
    work still."""
    inside, outside = os.pipe()
    if not (pid := os.fork()):
        work(lambda words: os.write(outside, f"{words}\n".encode()) and None)
        os._exit(0)
    os.close(outside)
    pipe = os.fdopen(inside)
    said = [pipe.readline().strip() for _ in range(lines)]
    time.sleep(after)
    alive = os.waitpid(pid, os.WNOHANG) == (0, 0)
    if alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    with pipe:
        return said + pipe.read().splitlines(), alive


def kill_builds(folder: Path, rounds: int, chance: random.Random) -> int:
    """Kills builds of one folder; gives the number of those that were at work still."""
    wanted = []
    for version in range(len(VERSIONS)):
        started = time.monotonic()
        in_fork(lambda v=version: build(folder / str(v), v))
        longest = time.monotonic() - started
        wanted.append(in_fork(lambda v=version: look(folder / str(v))))
    output, cut = folder / "killed", 0
    in_fork(lambda: build(output, 0))
    stored = 0
    for number in range(1, rounds + 1):
        version = number % len(VERSIONS)
        said, alive = killed(
            lambda say, v=version, f=number % 4 == 0: build(output, v, say, f), chance.uniform(0, longest * 1.1)
        )
        cut += alive
        dump, files, kept = in_fork(lambda: look(output))
        stored = next(v for v in dict.fromkeys((version, stored)) if dump == wanted[v][0])
        if f"built {version}" in said:
            assert (stored, files) == (version, wanted[version][1]), f"{number}: a build that was reported is lost"
        assert all(f in [w[1][place] for w in wanted] for place, f in enumerate(files)), f"{number}: half a file"
        documents = {e.document.id: e.document for e in VERSIONS[version]}
        keys = {key_of(documents[words[5:]], depends_on()) for words in said if words.startswith("read ")}
        assert keys <= kept, f"{number}: what was read is lost"
    in_fork(lambda: build(output, 1))
    assert in_fork(lambda: look(output)) == wanted[1], "the last build is not what a first one gives"
    return cut


def depends_on() -> str:
    return f"{fingerprint.of_reading()} 0.0"


def kill_puts(folder: Path, rounds: int, chance: random.Random) -> int:
    """Kills writers of single documents; gives the number of documents that were reported as stored."""
    output, reported = folder / "puts", 0
    graphs = {str(v): to_ntriples(document_graph(VERSIONS[v][0])) for v in range(2)} | {"-": ""}
    iri = document_iri(GOLD[0].document.id)
    dumps = {how: in_fork(lambda t=text, h=how: put_once(folder / f"put{h}", iri, t)) for how, text in graphs.items()}
    in_fork(lambda: put_once(output, iri, ""))
    last = "-"
    for number in range(rounds):
        said, _ = killed(lambda say: put(output, say), chance.uniform(0, 0.02), chance.randrange(8))
        last = said[-1].split()[-1] if said else last
        count = int(said[-1].split()[1]) if said else -1
        following = "-" if (count + 1) % 5 == 4 else str((count + 1) % 2)
        left = in_fork(lambda: look(output))[0]
        held = next((how for how in (last, following) if left == dumps[how]), "")
        assert held, f"{number}: the document is neither as it was reported nor as it was to be next"
        last = held
        reported += len(said)
    return reported


def main(folder: Path, rounds: int, seed: int) -> None:
    pipeline.extract = extract  # type: ignore[assignment]
    kg.view.write_page = lambda facts, path: write_whole(path, to_json(facts).encode())  # type: ignore[assignment]
    reference.load(), relations.load(), fingerprint.of_making()
    chance = random.Random(seed)
    print(kill_builds(folder, rounds, chance), kill_puts(folder, rounds // 4, chance))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

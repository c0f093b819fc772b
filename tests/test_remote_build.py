"""Builds whose graphs go to a server: only what changed is put, what others hold is left alone, and a failure is mended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import gold
from servers import MOST_ROWS, free_port, oxigraph, virtuoso

from kg import pipeline
from kg.cli import kg
from kg.errors import QueryError, StoreError
from kg.model import Document, Extraction
from kg.namespaces import DOC, REFERENCE_GRAPH, document_iri
from kg.pipeline import BuildReport
from kg.remote import GRAPH_STORE, PASSWORD, TOKEN, USER, RemoteStore
from kg.store import GraphStore

ROOT = Path(__file__).parent.parent
GOLD = gold("en-b", 6)
CHANGED = replace(GOLD[0], claims=GOLD[0].claims[:-1], document=replace(GOLD[0].document, title="Another title"))
KNOWN = {extraction.document: extraction for extraction in (*GOLD, CHANGED)}
FIRST, SECOND = (document_iri(extraction.document.id) for extraction in GOLD[:2])
OTHERS = ("https://example.org/theirs", f"{DOC}theirs")
"""A graph of other people, and one of another build."""
TRIPLE = "<urn:s> <urn:p> <urn:o> .\n"


class Desk:
    """An output folder and a server, with the graphs that were put there by the last build, by IRI."""

    def __init__(self, output: Path, address: str) -> None:
        self.output, self.address = output, address
        self.put: list[str] = []

    def build(self, extractions: Sequence[Extraction] = GOLD[:4], **more: object) -> BuildReport:
        self.put.clear()
        documents = [extraction.document for extraction in extractions]
        return pipeline.build(documents, self.output, **{"store": self.address, **more})  # type: ignore[arg-type]

    def change(self, graph: str, ntriples: str | None) -> None:
        """Puts or removes a graph as somebody else would."""
        with RemoteStore(self.address) as server:
            server.remove(graph) if ntriples is None else server.put(graph, ntriples)
        self.put.clear()

    def dump(self, without: Sequence[str] = ()) -> str:
        with RemoteStore(self.address) as server:
            lines = server.copy().dump().splitlines(keepends=True)
        return "".join(line for line in lines if not any(f"<{graph}> .\n" in line for graph in without))

    def bytes(self) -> list[bytes]:
        return [(self.output / name).read_bytes() for name in (pipeline.TURTLE, pipeline.PAGE)]


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    with ExitStack() as stack:
        if request.param == "oxigraph":
            yield stack.enter_context(oxigraph()), ""
        else:
            yield stack.enter_context(virtuoso())


@pytest.fixture(autouse=True)
def reads_gold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is read of a document is what the corpus says; nobody's credentials are used."""
    for name in (USER, PASSWORD, TOKEN, GRAPH_STORE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setattr(pipeline, "extract", lambda document, *_: KNOWN[document])


def note_puts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put = RemoteStore.put

    def noting(self: RemoteStore, graph: str, ntriples: str) -> None:
        put(self, graph, ntriples)
        desk.put.append(graph)

    monkeypatch.setattr(RemoteStore, "put", noting)


@pytest.fixture
def desk(server: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk at which four documents have been built, on a server on which others have graphs as well."""
    address, graph_store = server
    if graph_store:
        for name, value in ((USER, "dba"), (PASSWORD, "dba"), (GRAPH_STORE, graph_store)):
            monkeypatch.setenv(name, value)
    desk = Desk(tmp_path / "output", address)
    note_puts(desk, monkeypatch)
    with RemoteStore(address) as store:
        for graph in store.sizes():
            store.remove(graph)
    for graph in OTHERS:
        desk.change(graph, TRIPLE)
    desk.build()
    return desk


def locally(output: Path, extractions: Sequence[Extraction] = GOLD[:4]) -> tuple[list[bytes], str]:
    """What a build with a store on disk gives."""
    pipeline.build([extraction.document for extraction in extractions], output)
    with GraphStore.read(output) as store:
        return Desk(output, "").bytes(), store.dump()


def test_the_server_gets_the_graphs_and_the_folder_the_rest(desk: Desk, tmp_path: Path) -> None:
    assert sorted(desk.put) == sorted([*(document_iri(x.document.id) for x in GOLD[:4]), REFERENCE_GRAPH])
    assert (desk.bytes(), desk.dump(OTHERS)) == locally(tmp_path / "local")
    assert sorted(path.name for path in (desk.output / "store").iterdir()) == ["extractions", "lock", "server.json"]


def lose(desk: Desk) -> None:
    desk.change(SECOND, None)


def spoil(desk: Desk) -> None:
    desk.change(SECOND, TRIPLE)


def edit_page(desk: Desk) -> None:
    (desk.output / pipeline.PAGE).write_text("mine")


def forget(desk: Desk) -> None:
    (desk.output / "store" / "server.json").unlink()


ALL = len(GOLD[:4]) + 1
REFERENCES = {REFERENCE_GRAPH}


@pytest.mark.parametrize("server", ["oxigraph"], indirect=True)
@pytest.mark.parametrize(
    ("extractions", "meanwhile", "more", "put"),
    [
        pytest.param((CHANGED, *GOLD[1:4]), None, {}, {FIRST}, id="one document changed"),
        pytest.param(GOLD[:5], None, {}, {document_iri(GOLD[4].document.id)}, id="one document more"),
        pytest.param(GOLD[1:4], None, {}, set(), id="one document less"),
        pytest.param(GOLD[:4], lose, {}, {SECOND}, id="the server has lost one"),
        pytest.param(GOLD[:4], spoil, {}, {SECOND}, id="the server holds another content"),
        pytest.param(GOLD[:4], edit_page, {}, set(), id="somebody wrote into the page"),
        pytest.param(GOLD[:4], forget, {}, None, id="the record is gone"),
        pytest.param(GOLD[:4], None, {"full": True}, None, id="from nothing"),
    ],
)
def test_only_what_is_not_there_is_put(
    extractions: Sequence[Extraction],
    meanwhile: Callable[[Desk], None] | None,
    more: dict[str, object],
    put: set[str] | None,
    desk: Desk,
    tmp_path: Path,
) -> None:
    if meanwhile:
        meanwhile(desk)
    assert desk.build(extractions, **more).changed
    assert len(desk.put) == ALL if put is None else put <= set(desk.put) <= put | REFERENCES
    theirs = OTHERS[:1] if more else OTHERS
    assert set(OTHERS) & set(RemoteStore(desk.address).graphs()) == set(theirs)
    assert (desk.bytes(), desk.dump(OTHERS)) == locally(tmp_path / "local", extractions)
    assert (desk.build(extractions).changed, desk.put) == (False, [])


def test_a_document_that_left_goes_and_is_told(desk: Desk, tmp_path: Path) -> None:
    assert desk.build((CHANGED, *GOLD[2:4])).removed == (GOLD[1].document.id,)
    assert {FIRST} <= set(desk.put) <= {FIRST, REFERENCE_GRAPH}
    assert desk.build((CHANGED, *GOLD[2:4]), full=True).removed == ("theirs",)
    assert (desk.bytes(), desk.dump()) == locally(tmp_path / "local", (CHANGED, *GOLD[2:4]))


def test_a_wrong_password_is_told_in_two_lines_and_the_next_build_reads_nothing_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if GRAPH_STORE not in os.environ:
        pytest.skip("this server lets everybody write")
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(StoreError, match=rf"refuses access \(401\)\nSet {USER}") as error:
        desk.build(GOLD[:6])
    assert "wrong" not in str(error.value) and str(error.value).count("\n") == 1
    monkeypatch.setenv(PASSWORD, "dba")
    assert (desk.build(GOLD[:6]).read, len(desk.put)) == (0, 3)


def test_virtuoso_gives_a_part_of_a_long_answer_which_is_an_error(desk: Desk) -> None:
    if GRAPH_STORE not in os.environ:
        pytest.skip("this server gives all")
    with RemoteStore(desk.address) as server:
        with pytest.raises(QueryError, match=f"no more than {MOST_ROWS} rows: ask for a part"):
            server.query("SELECT * { ?s ?p ?o }")
        assert len(list(server.query(f"SELECT * {{ ?s ?p ?o }} LIMIT {MOST_ROWS - 1}"))) == MOST_ROWS - 1
        with pytest.raises(QueryError, match=r"answers 400: Virtuoso 37000 Error SP031: [^<]* GROUP BY clause$"):
            server.query("SELECT (MIN(?o) AS ?least) { ?s ?p ?o } GROUP BY ?s ORDER BY LCASE(?least)")


def test_a_server_that_fails_midway_is_mended_by_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, place = free_port(), str(tmp_path / "graphs")
    desk = Desk(tmp_path / "output", f"http://127.0.0.1:{port}/query")
    note_puts(desk, monkeypatch)
    noted = RemoteStore.put
    with ExitStack() as running:
        running.enter_context(oxigraph("--location", place, port=port))

        def failing(self: RemoteStore, graph: str, ntriples: str) -> None:
            if len(desk.put) == 2:
                running.close()
            noted(self, graph, ntriples)

        monkeypatch.setattr(RemoteStore, "put", failing)
        with pytest.raises(StoreError, match=r"cannot be reached: .*\n2 of 5 graphs were written: build again"):
            desk.build()
        assert not (desk.output / pipeline.TURTLE).exists()
        with pytest.raises(StoreError, match="cannot be reached"):
            desk.build()
    monkeypatch.setattr(RemoteStore, "put", noted)
    with oxigraph("--location", place, port=port):
        assert (desk.build().read, len(desk.put)) == (0, 3)
        assert (desk.bytes(), desk.dump()) == locally(tmp_path / "local")


def test_another_server_gets_everything_and_no_address_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with oxigraph() as one, oxigraph() as two:
        desk = Desk(tmp_path / "output", f"{one}?token=secret")
        note_puts(desk, monkeypatch)
        monkeypatch.setenv(GRAPH_STORE, one.replace("/query", "/store"))
        desk.build()
        assert desk.build().changed is False
        desk.address = two
        monkeypatch.delenv(GRAPH_STORE)
        assert (desk.build().changed, len(desk.put)) == (True, ALL)
    record = (desk.output / "store" / "server.json").read_text()
    assert set(json.loads(record)) == {"state", "files", "graphs", "report", "decided_in", "database"}
    assert "secret" not in record and "127.0.0.1" not in record


def test_the_store_on_disk_stays_as_it_is(tmp_path: Path) -> None:
    bytes_, dump = locally(tmp_path)
    with oxigraph() as address:
        desk = Desk(tmp_path, address)
        desk.build(GOLD[:2])
        with GraphStore.read(tmp_path) as store:
            assert store.dump() == dump
        assert desk.bytes() != bytes_
    assert desk.build(store="").changed
    assert desk.bytes() == bytes_


class TestTheCommand:
    @pytest.fixture
    def news(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        def named(document: Document, *_: object) -> Extraction:
            return replace(GOLD[0], document=document, claims=())

        monkeypatch.setattr(pipeline, "extract", named)
        (tmp_path / "news.txt").write_text("Nobody came.\n", encoding="utf-8")
        return tmp_path / "news.txt"

    def test_it_fills_what_the_others_ask(self, news: Path, server: tuple[str, str], desk: Desk) -> None:
        built = ["build", str(news), "--output", str(news.parent / "built"), "--store", desk.address]
        told = CliRunner().invoke(kg, built)
        assert (told.exit_code, told.stderr.splitlines()[-1]) == (
            0,
            f"kg: built {news.parent / 'built'} (graphs on the server): "
            f"try 'kg query --store {desk.address}' and 'kg view --store {desk.address}'",
        )
        assert CliRunner().invoke(kg, built).stderr.splitlines()[-1].endswith("nothing was changed")
        query = ["query", "--store", desk.address, "document", "--document", "news"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        for arguments in (query, ["explain", GOLD[0].entities[0].id, "--store", desk.address]):
            command = [sys.executable, "-m", "kg.cli", *arguments]
            asked = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
            assert (asked.returncode, asked.stdout != "") == (0, True), asked.stderr

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("output", "is none: write it as https://"), ("http://127.0.0.1:9/query", "cannot be reached"),
            ("http://127.0.0.1:9/sparql", f"Name the Graph Store endpoint in {GRAPH_STORE}"),
        ],
    )  # fmt: skip
    def test_an_address_that_will_not_do_is_misuse(self, news: Path, address: str, words: str) -> None:
        told = CliRunner().invoke(kg, ["build", str(news), "--output", str(news.parent / "built"), "--store", address])
        assert (told.exit_code, words in told.stderr) == (2, True), told.stderr
        assert not (news.parent / "built" / pipeline.TURTLE).exists()

    def test_one_build_writes_at_a_time(self, news: Path) -> None:
        with GraphStore.create(news.parent / "built"):
            told = CliRunner().invoke(
                kg, ["build", str(news), "-o", str(news.parent / "built"), "--store", "http://127.0.0.1:9/query"]
            )
        assert (told.exit_code, "another kg is writing to" in told.stderr) == (2, True)

"""The store on disk: real folders, real databases."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from factories import gold

from kg.errors import QueryError, StoreError
from kg.graph import document_graph, to_ntriples
from kg.namespaces import document_iri
from kg.store import GraphStore

ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parent.parent)}
A, B = "https://example.org/a", "https://example.org/b"


def triple(value: str, subject: str = "s") -> str:
    return f'<https://example.org/{subject}> <https://example.org/p> "{value}" .\n'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    with GraphStore.create(tmp_path) as opened:
        yield opened


def marker(output: Path) -> Path:
    return output / "store" / "kg-store"


def test_put_replaces_one_graph_and_leaves_the_others(store: GraphStore) -> None:
    store.put(A, triple("1") + triple("2"))
    store.put(B, triple("3"))
    store.put(A, triple("4"))
    assert store.dump() == f"{triple('4')[:-3]} <{A}> .\n{triple('3')[:-3]} <{B}> .\n"


def test_a_triple_of_several_graphs_is_asked_for_as_one_until_the_last_is_gone(store: GraphStore) -> None:
    """In one transaction or as a whole: the default graph is the merge of the named ones, in whichever order they come and go."""

    def told(*graphs: str) -> list[str]:
        rows = store.query("SELECT ?o { ?s ?p ?o } ORDER BY ?o", graphs=graphs or None)
        return [row["o"].value for row in rows]  # type: ignore[union-attr, call-overload]

    store.replace({A: triple("1") + triple("2"), B: triple("2") + triple("3")})
    assert told() == told(A, B) == ["1", "2", "3"]
    assert told(A) == ["1", "2"]
    store.change({A: triple("4"), "https://example.org/c": triple("3")})
    assert told() == ["2", "3", "4"]
    store.remove(B)
    assert told() == ["3", "4"]
    store.change({}, ("https://example.org/c", A))
    assert told() == []
    store.put(A, triple("5"))
    assert told() == ["5"]


def test_remove_takes_the_whole_graph_and_nothing_else(store: GraphStore) -> None:
    store.replace({A: triple("1"), B: triple("2")})
    store.remove(A)
    store.remove(A)
    assert store.graphs() == (B,)


def test_a_put_that_fails_changes_nothing(store: GraphStore) -> None:
    store.put(A, triple("1"))
    with pytest.raises(SyntaxError):
        store.put(A, triple("2") + "no triple\n")
    assert store.dump() == f"{triple('1')[:-3]} <{A}> .\n"


def test_replace_gives_what_puts_give(tmp_path: Path) -> None:
    graphs = {document_iri(e.document.id): to_ntriples(document_graph(e)) for e in gold("en-b", 4)}
    with GraphStore.create(tmp_path / "one") as one, GraphStore.create(tmp_path / "two") as two:
        one.replace(graphs)
        for graph, ntriples in graphs.items():
            two.put(graph, ntriples)
        assert one.graphs() == tuple(sorted(graphs))
        assert one.dump() == two.dump()
        assert one.dump().count("\n") == sum(text.count("\n") for text in graphs.values())


def test_a_replace_that_fails_leaves_the_former_build(tmp_path: Path) -> None:
    with GraphStore.create(tmp_path) as store:
        store.replace({A: triple("1")})
        with pytest.raises(StoreError):
            store.replace({A: triple("2"), B: "no triple\n"})
        assert store.dump() == f"{triple('1')[:-3]} <{A}> .\n"
    assert GraphStore.read(tmp_path).graphs() == (A,)
    assert len(list((tmp_path / "store").glob("graphs-*"))) == 1


def test_a_reader_keeps_the_build_that_it_opened(tmp_path: Path) -> None:
    with GraphStore.create(tmp_path) as store:
        store.replace({A: triple("old")})
    reader = GraphStore.read(tmp_path)
    with GraphStore.create(tmp_path) as store:
        store.replace({A: triple("new")})
    assert "old" in reader.dump()
    assert "new" in GraphStore.read(tmp_path).dump()


def test_text_with_backslashes_and_separators_survives(store: GraphStore) -> None:
    text = 'back \\\\u0041 slash, \\"quote\\", line\\nbreak, separator \u2028 and 中文'
    store.put(A, triple(text))
    put = store.dump()
    store.replace({A: triple(text)})
    assert store.dump() == put == f"{triple(text)[:-3]} <{A}> .\n"


def test_queries_see_the_union_of_all_graphs_and_know_the_prefixes(store: GraphStore) -> None:
    store.replace({A: triple("1"), B: triple("2", "agent")})
    rows = store.select("SELECT ?v { ?s ?p ?v FILTER (?p != kg:status) } ORDER BY ?v")
    assert [row["v"].value for row in rows] == ["1", "2"]


def test_only_a_select_query_gives_rows(store: GraphStore) -> None:
    with pytest.raises(QueryError, match="SELECT"):
        store.select("ASK { ?s ?p ?o }")


def test_reading_where_there_is_no_build_says_so_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no build in .*typo: run kg build --output .*typo"):
        GraphStore.read(tmp_path / "typo")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with GraphStore.create(tmp_path) as store:
        store.put(A, triple("1"))
    with pytest.raises(StoreError, match="cannot write"):
        GraphStore.read(tmp_path).put(A, triple("2"))


@pytest.mark.parametrize("opening", [GraphStore.read, GraphStore.create])
@pytest.mark.parametrize(
    ("version", "told"), [(4, r"is of version 4, newer than this kg can read \(3\)"), (2, r"is of version 2, older")]
)
def test_another_version_is_refused_and_left_alone(
    tmp_path: Path, opening: Callable[[Path], GraphStore], version: int, told: str
) -> None:
    GraphStore.create(tmp_path).close()
    marker(tmp_path).write_text(f"kg-store {version}\ngraphs-1\n", encoding="utf-8")
    with pytest.raises(StoreError, match=told):
        opening(tmp_path)
    assert marker(tmp_path).read_text(encoding="utf-8") == f"kg-store {version}\ngraphs-1\n"


@pytest.mark.parametrize("text", ["", "something else\n", "kg-store 3\n../../elsewhere\n", "kg-store x\ngraphs-1\n"])
def test_what_is_no_marker_is_refused(tmp_path: Path, text: str) -> None:
    marker(tmp_path).parent.mkdir()
    marker(tmp_path).write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="not the marker of a store"):
        GraphStore.create(tmp_path)


def test_a_database_that_is_gone_is_one_clear_error(tmp_path: Path) -> None:
    marker(tmp_path).parent.mkdir()
    marker(tmp_path).write_text("kg-store 3\ngraphs-1\n", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be read .*remove it and build again"):
        GraphStore.read(tmp_path)


HOLD = """
import sys, time
from pathlib import Path
from kg.store import GraphStore
with GraphStore.create(Path(sys.argv[1])) as store:
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def holder(output: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes to the store until it is killed."""
    command = [sys.executable, "-c", HOLD, str(output)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_writer_is_told_who_writes(tmp_path: Path, store: GraphStore) -> None:
    with pytest.raises(StoreError) as refused:
        GraphStore.create(tmp_path)
    first, second = str(refused.value).splitlines()
    assert re.fullmatch(rf"another kg is writing to .*: '.*' \(process {os.getpid()}, since \d{{4}}-.*\)", first)
    assert second == "wait for it with --wait, or build elsewhere with --output"


def test_a_writer_in_another_process_is_named_and_its_death_frees_the_store(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        with pytest.raises(StoreError, match=rf"'-c .*' \(process {other.pid}, since "):
            GraphStore.create(tmp_path)
        other.kill()
        other.wait()
        GraphStore.create(tmp_path).close()


def test_a_writer_that_waits_is_told_for_whom_and_let_in(tmp_path: Path) -> None:
    told: list[str] = []
    with holder(tmp_path) as other:

        def waiting(who: str) -> None:
            told.append(who)
            other.kill()

        GraphStore.create(tmp_path, 60, waiting).close()
    assert len(told) == 1 and f"process {other.pid}," in told[0]


def test_a_writer_waits_no_longer_than_it_was_told(tmp_path: Path, store: GraphStore) -> None:
    told: list[str] = []
    with pytest.raises(StoreError, match="another kg is writing"):
        GraphStore.create(tmp_path, 0.15, told.append)
    assert len(told) == 1


def test_a_refused_writer_leaves_the_lock_as_it_is(tmp_path: Path, store: GraphStore) -> None:
    before = (tmp_path / "store" / "lock").read_bytes()
    assert before
    for _ in range(2):
        with pytest.raises(StoreError):
            GraphStore.create(tmp_path)
    assert (tmp_path / "store" / "lock").read_bytes() == before
    store.close()
    assert (tmp_path / "store" / "lock").read_bytes() == b""


def test_readers_ask_no_lock(tmp_path: Path, store: GraphStore) -> None:
    store.replace({A: triple("1")})
    with GraphStore.read(tmp_path) as one, GraphStore.read(tmp_path) as two:
        store.put(A, triple("2"))
        assert one.dump() == two.dump() == f"{triple('1')[:-3]} <{A}> .\n"
    assert GraphStore.read(tmp_path).dump() == f"{triple('2')[:-3]} <{A}> .\n"


def test_several_graphs_change_at_once_or_not_at_all(store: GraphStore) -> None:
    store.replace({A: triple("1"), B: triple("2")})
    with pytest.raises(SyntaxError):
        store.change({A: triple("3") + "no triple\n"}, [B])
    assert store.graphs() == (A, B)
    store.change({A: triple("3")}, [B])
    assert store.dump() == f"{triple('3')[:-3]} <{A}> .\n"


@pytest.mark.parametrize("change", ["put", "remove", "replace"])
def test_a_record_holds_until_the_graphs_change(tmp_path: Path, change: str) -> None:
    with GraphStore.create(tmp_path) as store:
        store.replace({A: triple("1")})
        store.note({"made of": ["a", "b"]})
        assert store.record["made of"] == ["a", "b"]
    assert GraphStore.read(tmp_path).record["made of"] == ["a", "b"]
    arguments = {"put": (A, triple("2")), "remove": (A,), "replace": ({A: triple("2")},)}
    with GraphStore.create(tmp_path) as store:
        getattr(store, change)(*arguments[change])
        assert store.record == {}
    assert GraphStore.read(tmp_path).record == {}


def test_what_a_killed_build_left_is_swept(tmp_path: Path) -> None:
    with GraphStore.create(tmp_path) as store:
        store.replace({A: triple("1")})
    shutil.copytree(tmp_path / "store" / "graphs-1", tmp_path / "store" / "graphs-2")
    with GraphStore.create(tmp_path) as store:
        assert sorted(path.name for path in (tmp_path / "store").glob("graphs-*")) == ["graphs-1"]
        assert store.graphs() == (A,)


FULL = """
import resource, sys
from pathlib import Path
from kg.errors import StoreError
from kg.store import GraphStore
output, how, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
text = "".join(f'<https://example.org/s{n}> <https://example.org/p> "{n:0100}" .\\n' for n in range(20000))
try:
    with GraphStore.create(output) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        store.replace({"https://example.org/b": text}) if how == "replace" else store.put("https://example.org/b", text)
except StoreError as error:
    sys.exit(f"StoreError: {error}")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not bound the size of files")
@pytest.mark.parametrize(("how", "limit"), [("replace", 100_000), ("replace", 100), ("put", 100_000)])
def test_a_disk_that_is_full_is_an_error_and_the_store_stays_as_it_was(tmp_path: Path, how: str, limit: int) -> None:
    """A bound on the size of files stands for the end of the disk: the system answers a write in the same way."""
    with GraphStore.create(tmp_path) as store:
        store.replace({A: triple("1")})
    before = GraphStore.read(tmp_path).dump()
    command = [sys.executable, "-c", FULL, str(tmp_path), how, str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    assert done.stderr.startswith(f"StoreError: cannot write to {tmp_path} ("), done
    assert GraphStore.read(tmp_path).dump() == before
    with GraphStore.create(tmp_path) as store:
        store.put(B, triple("2"))
        assert store.graphs() == (A, B)


SMALL_DISK = """
import subprocess, sys
from pathlib import Path
from kg.errors import StoreError
from kg.store import GraphStore
output, how = Path(sys.argv[1]) / "output", sys.argv[2]
text = "".join(f'<https://example.org/s{n}> <https://example.org/p> "{n:0100}" .\\n' for n in range(20000))
a, b = "https://example.org/a", "https://example.org/b"
with GraphStore.create(output) as store:
    store.replace({a: text[:80000].rpartition("\\n")[0] + "\\n"})
    before = store.dump()
try:
    with GraphStore.create(output) as store:
        store.replace({b: text}) if how == "replace" else store.put(b, text)
    sys.exit("there was room")
except StoreError as error:
    print(error)
with GraphStore.read(output) as store:
    assert store.dump() == before
subprocess.run(["mount", "-o", "remount,size=50m", sys.argv[1]], check=True)
with GraphStore.create(output) as store:
    assert store.dump() == before
    store.put(b, text)
    assert store.graphs() == (a, b)
"""


def may_mount() -> bool:
    """Whether this user may have a disk of a few hundred kilobytes to fill."""
    command = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not may_mount(), reason="only Linux, where it allows it, gives a small disk to everybody")
@pytest.mark.parametrize("how", ["replace", "put"])
def test_a_disk_with_no_room_left_is_an_error_and_the_store_stays_as_it_was(tmp_path: Path, how: str) -> None:
    script = 'mount -t tmpfs -o size=900k none "$1" && exec "$2" -c "$3" "$1" "$4"'
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    done = subprocess.run(
        [*command, str(tmp_path), sys.executable, SMALL_DISK, how], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"cannot write to {tmp_path / 'output'} (No space left on device): make room")


def test_a_closed_store_lets_the_next_writer_in(tmp_path: Path) -> None:
    with GraphStore.create(tmp_path) as store:
        store.put(A, triple("1"))
    with GraphStore.create(tmp_path) as store:
        assert store.graphs() == (A,)


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"cannot write to .*file"):
        GraphStore.create(tmp_path / "file")
    with pytest.raises(StoreError, match="no build"):
        GraphStore.read(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot write to"):
        GraphStore.create(tmp_path / "output")
    tmp_path.chmod(0o700)


def test_the_store_room_loads_no_rdflib() -> None:
    script = "import sys, kg.store, kg.facts, kg.export, kg.check; print({'rdflib', 'pyshacl'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", script], text=True, env=ENVIRONMENT) == "set()\n"


def test_a_dump_has_the_order_of_the_quads(store: GraphStore) -> None:
    values = [
        '"1"',
        '"1"@en',
        '"1 2"',
        '"1"^^<https://example.org/t>',
        "<https://example.org/o>",
        "<https://example.org/o-1>",
    ]
    lines = [
        f"<https://example.org/{s}> <https://example.org/{p}> {v} .\n"
        for s in "ab"
        for p in ("p", "p1")
        for v in values
    ]
    store.replace({graph: "".join(lines) for graph in (B, A, f"{A}-b", f"{A}1")})
    assert store.dump() == "".join(f"{quad} .\n" for quad in store.quads())

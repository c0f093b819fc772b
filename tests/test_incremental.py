"""Builds that go on from the one before: they read only what is new, and end with the bytes of a build from nothing."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from factories import gold

from kg import fingerprint, pipeline
from kg.cli import kg
from kg.documents import read_documents
from kg.entities.decisions import Decision
from kg.errors import DecisionError, StoreError
from kg.model import Document, Extraction
from kg.pipeline import BuildReport
from kg.store import GraphStore
from kg.store.kept import KeptExtractions, key_of
from kg.values import from_plain, to_json

ROOT = Path(__file__).parent.parent
GOLD = gold("en-b", 8)
CHANGED = replace(GOLD[0], document=replace(GOLD[0].document, title="Another title"), claims=GOLD[0].claims[:-1])
KNOWN = {extraction.document: extraction for extraction in (*GOLD, CHANGED)}
AGENTS = sorted({e.id for x in GOLD[:6] for e in x.entities if e.id.startswith("agent:")})


class Desk:
    """An output folder, and what is read of the documents of the corpus, with a list of those that were."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.read: list[str] = []

    def extract(self, document: Document, *_: object) -> Extraction:
        self.read.append(document.id)
        return KNOWN[document]

    def build(
        self, extractions: Sequence[Extraction] = GOLD[:6], output: Path | None = None, **more: object
    ) -> BuildReport:
        self.read.clear()
        documents = [extraction.document for extraction in extractions]
        return pipeline.build(documents, output or self.output, **more)  # type: ignore[arg-type]

    def bytes(self, output: Path | None = None) -> list[bytes]:
        return [((output or self.output) / name).read_bytes() for name in (pipeline.TURTLE, pipeline.PAGE)]

    def dump(self, output: Path | None = None) -> str:
        with GraphStore.read(output or self.output) as store:
            return store.dump()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk at which six documents have been built."""
    desk = Desk(tmp_path / "output")
    monkeypatch.setattr(pipeline, "extract", desk.extract)
    desk.build()
    yield desk


def remove_record(output: Path) -> None:
    (output / "store" / "build.json").unlink()


def damage_kept(output: Path) -> None:
    kept = output / "store" / "extractions"
    lines = kept.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2][:70] + b"\x00" * 20 + lines[2][90:]
    kept.write_bytes(b"".join(lines)[:-30])


def edit_turtle(output: Path) -> None:
    (output / pipeline.TURTLE).write_text("# mine\n")


def change_the_store(output: Path) -> None:
    with GraphStore.create(output) as store:
        store.remove(store.graphs()[0])


@pytest.mark.parametrize(
    ("extractions", "meanwhile", "more", "read", "removed"),
    [
        pytest.param((CHANGED, *GOLD[1:6]), None, {}, 1, 0, id="one document changed"),
        pytest.param(GOLD[:7], None, {}, 1, 0, id="one document more"),
        pytest.param(GOLD[:5], None, {}, 0, 1, id="one document less"),
        pytest.param((GOLD[6], *GOLD[5::-1]), None, {}, 1, 0, id="another order"),
        pytest.param((*GOLD[6:8], CHANGED), None, {}, 3, 5, id="nearly all others"),
        pytest.param(GOLD[:6], remove_record, {}, 0, 0, id="the record is gone"),
        pytest.param((CHANGED, *GOLD[1:6]), damage_kept, {}, 3, 0, id="what was kept is damaged"),
        pytest.param(GOLD[:6], edit_turtle, {}, 0, 0, id="somebody wrote into the Turtle"),
        pytest.param(GOLD[:6], change_the_store, {}, 0, 0, id="somebody wrote into the store"),
        pytest.param(GOLD[:6], None, {"decisions": [Decision.of("same", *AGENTS[:2])]}, 0, 0, id="a decision"),
        pytest.param(GOLD[:6], None, {"min_confidence": 0.5}, 6, 0, id="another confidence"),
        pytest.param(GOLD[:6], None, {"full": True}, 6, 0, id="from nothing"),
    ],
)
def test_a_build_gives_what_a_build_from_nothing_gives(
    extractions: Sequence[Extraction],
    meanwhile: Callable[[Path], None] | None,
    more: dict[str, object],
    read: int,
    removed: int,
    desk: Desk,
    tmp_path: Path,
) -> None:
    if meanwhile:
        meanwhile(desk.output)
    report = desk.build(extractions, **more)
    assert (len(desk.read), report.read, len(report.removed), report.changed) == (read, read, removed, True)
    assert report.documents == len(extractions)
    desk.build(extractions, tmp_path / "fresh", **more)
    assert desk.bytes() == desk.bytes(tmp_path / "fresh")
    assert desk.dump() == desk.dump(tmp_path / "fresh")
    again = desk.build(extractions, **{name: value for name, value in more.items() if name != "full"})
    assert (desk.read, again.changed, replace(again, changed=True)) == ([], False, replace(report, read=0, removed=()))


def test_a_build_without_a_change_writes_nothing(desk: Desk) -> None:
    def state() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in sorted(desk.output.rglob("*")) if path.name != "lock"}

    before = state()
    report = desk.build(GOLD[5::-1])
    assert (report.read, report.documents, report.changed) == (0, 6, False)
    assert state() == before


def test_a_few_changes_keep_the_database_and_many_make_another(desk: Desk) -> None:
    def databases() -> list[str]:
        return [path.name for path in (desk.output / "store").glob("graphs-*")]

    desk.build((CHANGED, *GOLD[1:6]))
    assert databases() == ["graphs-1"]
    desk.build(GOLD[4:8])
    assert databases() == ["graphs-2"]


def test_a_damaged_store_is_written_anew(desk: Desk, tmp_path: Path) -> None:
    whole = desk.dump()
    for more in (GOLD[:6], (CHANGED, *GOLD[1:6])):
        for manifest in (desk.output / "store").glob("graphs-*/MANIFEST*"):
            manifest.unlink()
        assert desk.build(more).changed
        assert (desk.dump() == whole) == (more == GOLD[:6])
    assert len(list((desk.output / "store").glob("graphs-*"))) == 1


@pytest.mark.parametrize("name", [pipeline.TURTLE, pipeline.PAGE])
def test_a_first_build_that_cannot_write_leaves_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "first")
    monkeypatch.setattr(pipeline, "extract", desk.extract)
    (desk.output / name).mkdir(parents=True)
    with pytest.raises(StoreError, match=f"{name} is a folder"):
        desk.build()
    assert (desk.read, list(desk.output.iterdir())) == ([], [desk.output / name])
    with pytest.raises(StoreError, match="cannot be reached"):
        desk.build(output=tmp_path / "second", store="http://localhost:1/query")
    assert not (tmp_path / "second").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not bound the size of files")
def test_a_first_build_on_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    desk = Desk(tmp_path / "first")
    monkeypatch.setattr(pipeline, "extract", desk.extract)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most in (2_000, 60_000, 400_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        try:
            with pytest.raises(StoreError, match=r"cannot (be )?writ"):
                desk.build()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert not desk.output.exists()


def test_a_document_that_left_is_nowhere_any_more(desk: Desk) -> None:
    assert desk.build(GOLD[1:6]).removed == (GOLD[0].document.id,)
    for path in (path for path in desk.output.rglob("*") if path.is_file() and "graphs-" not in str(path)):
        assert GOLD[0].document.id.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(("depends_on", "read"), [("of_reading", 6), ("of_making", 0)])
def test_a_change_of_rules_rebuilds_what_it_must(
    depends_on: str, read: int, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, depends_on, lambda: "another")
    report = desk.build()
    assert (len(desk.read), report.changed) == (read, True)


def test_what_was_read_before_a_build_failed_is_not_read_again(desk: Desk) -> None:
    with pytest.raises(DecisionError, match="agent:no-one"):
        desk.build(GOLD[:8], decisions=[Decision.of("same", "agent:nobody", "agent:no-one")])
    assert len(desk.read) == 2
    before = desk.bytes()
    assert desk.build(GOLD[:8]).changed
    assert desk.read == []
    assert desk.bytes() != before


def test_a_half_line_is_no_extraction_and_the_next_one_takes_its_place(tmp_path: Path) -> None:
    first, second = (key_of(extraction.document, "rules") for extraction in GOLD[:2])
    kept = KeptExtractions(tmp_path)
    kept.add(first, GOLD[0])
    kept.close()
    with (tmp_path / "extractions").open("ab") as file:
        file.write(f"{second} [[".encode())
    again = KeptExtractions(tmp_path)
    assert (first in again, second in again) == (True, False)
    again.add(second, GOLD[1])
    again.close()
    last = KeptExtractions(tmp_path)
    assert [last.get(key) for key in (first, second)] == list(GOLD[:2])


def test_the_key_of_a_document_changes_with_all_that_it_is() -> None:
    document = Document("a", "Text.")
    others = [
        replace(document, id="b"),
        replace(document, text="Text"),
        replace(document, source="a.txt"),
        replace(document, url="https://example.org/"),
        replace(document, published="2024"),
    ]
    assert len({key_of(each, "rules") for each in (document, *others)} | {key_of(document, "other rules")}) == 7


def test_what_the_reader_gives_survives_as_json() -> None:
    seeds = read_documents([str(ROOT / "seeds")], on_error=lambda error: pytest.fail(str(error)))
    for extraction in (*(pipeline.extract(document) for document in seeds), *GOLD):
        line = to_json(extraction)
        assert line.isascii() and "\n" not in line
        assert from_plain(Extraction, json.loads(line)) == extraction


@pytest.mark.parametrize("data", [[], [1, 2], None, {"id": 1}, [["a"] * 12]])
def test_json_of_another_kind_is_an_error(data: object) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)):
        from_plain(Extraction, data)


def test_all_that_an_extraction_runs_and_opens_is_in_its_fingerprint() -> None:
    """Python tells which modules it loads and which files it opens; weights are opened by ONNX Runtime, unseen."""
    script = f"""
import sys, json
from kg import pipeline, fingerprint
from kg.documents import read_documents
documents = list(read_documents([{str(ROOT / "seeds")!r}], on_error=print))
before = set(sys.modules)
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
pipeline.extract(documents[0])
loaded = [getattr(m, "__file__", None) for n, m in list(sys.modules.items()) if n.startswith("kg.")]
print(json.dumps([loaded, opened]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded, opened = json.loads(done.stdout)
    covered = {str(path) for path in fingerprint.files(fingerprint.READING)}
    package = str(fingerprint.PACKAGE)
    unneeded = ("documents", "errors.py", "files.py", "fingerprint.py", "making.py", "__init__.py", "evaluation")
    for path in {*loaded, *(path for path in opened if path.startswith(package) and not path.endswith(".pyc"))}:
        assert path in covered or path.removeprefix(f"{package}/").startswith(unneeded), path
    assert any(path.endswith("lexicon/sign.txt") or "/data/" in path for path in opened)


def test_a_second_build_is_refused_with_the_name_of_the_first_and_can_wait(desk: Desk) -> None:
    with (
        GraphStore.create(desk.output),
        pytest.raises(StoreError, match=r"another kg is writing to .*process \d+, since 20"),
    ):
        desk.build()
    assert desk.read == []
    assert not desk.build(wait=60).changed


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not bound the size of files")
@pytest.mark.parametrize("most", [2_000, 60_000, 200_000, 400_000])
def test_a_disk_that_fills_up_during_a_build_is_an_error_and_the_next_build_is_whole(
    most: int, desk: Desk, tmp_path: Path
) -> None:
    """A bound on the size of files stands for the end of the disk: met while documents are read, while the database
    is made, or with the page alone."""
    import resource

    before = desk.bytes(), desk.dump()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        with pytest.raises(StoreError, match=r"cannot (be )?writ"):
            desk.build(GOLD[2:8])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    desk.build(GOLD[2:8], tmp_path / "fresh")
    after = desk.bytes(tmp_path / "fresh"), desk.dump(tmp_path / "fresh")
    assert desk.dump() in (before[1], after[1])
    assert all(found in either for found, *either in zip(desk.bytes(), before[0], after[0], strict=True))
    assert not list(desk.output.glob(".*")), "a draft was left"
    desk.build(GOLD[2:8])
    assert (desk.bytes(), desk.dump()) == after


class TestTheCommand:
    @pytest.fixture
    def news(self, tmp_path: Path) -> Path:
        folder = tmp_path / "news"
        folder.mkdir()
        for name in "abc":
            (folder / f"{name}.txt").write_text(f"Nobody of {name} came.\n", encoding="utf-8")
        return folder

    def build(self, news: Path, *more: str) -> Result:
        return CliRunner().invoke(kg, ["build", str(news), "--output", str(news.parent / "built"), *more])

    @pytest.fixture(autouse=True)
    def quick(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pipeline, "extract", lambda document, *_: Extraction(document))

    def test_the_report_tells_what_was_read_and_what_is_gone(self, news: Path) -> None:
        assert "      3  documents read\n" in self.build(news).stderr
        (news / "a.txt").write_text("Somebody of a came.\n", encoding="utf-8")
        (news / "b.txt").unlink()
        told = self.build(news).stderr.splitlines()
        assert told[:4] == [
            "      1  documents read",
            "      0  documents not read",
            "      1  documents unchanged since they were read",
            "      1  documents removed, for they are not among the sources",
        ]
        there = news.parent / "built"
        assert told[-1] == f"kg: built {there}: try 'kg query -o {there}' and 'kg view -o {there}'"
        assert self.build(news).stderr.splitlines()[-1].endswith(" is as it would be built: nothing was changed")
        assert "      2  documents read\n" in self.build(news, "--full").stderr

    def test_what_cannot_be_read_any_more_stays_as_it_was_read(self, news: Path) -> None:
        def held() -> list[str]:
            with GraphStore.read(news.parent / "built") as store:
                return [iri.rpartition("/")[2] for iri in store.graphs() if "/doc/" in iri]

        lines = [json.dumps({"id": id_, "text": f"Nobody of {id_} came."}) for id_ in ("one", "two")]
        (news / "l.jsonl").write_text("\n".join(lines), encoding="utf-8")
        self.build(news)
        (news / "a.txt").write_text("", encoding="utf-8")
        (news / "b.txt").unlink()
        (news / "l.jsonl").write_text(f"{lines[0]}\n{{broken", encoding="utf-8")
        for _ in range(2):
            done = self.build(news)
            assert (done.exit_code, held()) == (2, ["a", "c", "one", "two"])
            told = done.stderr.splitlines()
            assert told[0] == f"kg: {news / 'a.txt'}: is empty; there is nothing to read"
            assert told[2:4] == [
                f"kg: doc:{id_}: not read this time; kept as it was read before" for id_ in ("a", "two")
            ]
            assert "      2  documents kept as they were read before" in told
            assert "      2  documents unchanged since they were read" in told
        assert self.build(news, "--full").exit_code == 2
        assert held() == ["c", "one"]
        self.build(news, str(news.parent / "elsewhere"))
        (news / "c.txt").unlink()
        assert "doc:c: not read" in self.build(news, str(news.parent / "elsewhere")).stderr

    def test_what_is_kept_counts_as_kept_though_it_had_to_be_read_again(
        self, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.build(news)
        (news / "a.txt").write_text("", encoding="utf-8")
        monkeypatch.setattr(fingerprint, "of_reading", lambda: "other rules")
        told = self.build(news).stderr
        assert "      2  documents read\n" in told and "      1  documents kept as they were read before\n" in told
        assert "unchanged" not in told

    def test_a_second_build_names_the_first(self, news: Path) -> None:
        with GraphStore.create(news.parent / "built"):
            for more in ((), ("--wait", "0.1"), ("--wait=0.1",)):
                refused = self.build(news, *more)
                assert refused.exit_code == 2
                first, *_, last = refused.stderr.splitlines()
                assert f"(process {os.getpid()}, since " in first
                assert first.startswith("kg: waiting for '" if more else "kg: another kg is writing to ")
                assert last == "wait for it with --wait, or build elsewhere with --output"

    @pytest.mark.parametrize(
        ("arguments", "wait"),
        [
            (["--wait", "{news}"], math.inf),
            (["{news}", "--wait"], math.inf),
            (["--wait", "--full", "{news}"], math.inf),
            (["--wait", "1.5", "{news}"], 1.5),
            (["--wait=30", "{news}"], 30),
            (["{news}"], 0),
        ],
    )
    def test_wait_takes_seconds_or_nothing(
        self, arguments: list[str], wait: float, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given: dict[str, object] = {}

        def build(documents: Iterable[Document], output: Path, **options: object) -> BuildReport:
            given.update(options, documents=len(list(documents)))
            return BuildReport(0, (), {}, {}, {}, 0, {}, output)

        monkeypatch.setattr(pipeline, "build", build)
        done = CliRunner().invoke(kg, ["build", *(argument.format(news=news) for argument in arguments)])
        assert (done.exit_code, given["wait"], given["documents"]) == (0, wait, 3)

"""Decisions that people make on who is who: the file, the commands that write it, and the builds that obey it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import kg
from kg.entities.decisions import Decision, add_decision, read_decisions
from kg.errors import DecisionError
from kg.facts import read_facts
from kg.model import Facts
from kg.store import GraphStore

TEXTS = {
    "a": "Zhang Lin, CEO of Norvik Robotics, said so. Norvik Robotics, based in Suzhou, signed an agreement with Siemens.",
    "b": "Norvik Robotics Co., Ltd. signed a memorandum of understanding with Bosch.",
    "c": "Zhang Lin, CEO of Meridian Biotech, visited Hamburg. Meridian Biotech signed an agreement with Bayer.",
    "d": "Norvik Robotic Systems signed a cooperation agreement with KUKA.",
}
ROBOTICS, SYSTEMS = "agent:norvik-robotics", "agent:norvik-robotic-systems"


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(kg, arguments)


class Newsroom:
    """A folder of documents and the build that is made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "news"
        self.folder.mkdir()
        for name, text in TEXTS.items():
            line = {"id": name, "title": "", "published": f"2024-01-0{ord(name) - 96}", "lang": "en", "text": text}
            (self.folder / f"{name}.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
        self.output = folder / "output"
        self.file = self.folder / "decisions.tsv"

    def build(self, *more: str) -> Result:
        return invoke("build", str(self.folder), "--output", str(self.output), *more)

    def entities(self, *arguments: str) -> Result:
        return invoke("entities", *arguments, "--output", str(self.output))

    def near(self) -> list[tuple[str, str]]:
        rows = json.loads(self.entities("near", "--format", "json").stdout)
        return [(row["one_id"], row["other_id"]) for row in rows]

    @property
    def bytes(self) -> list[bytes]:
        return [(self.output / name).read_bytes() for name in ("partnerships.ttl", "network.html")]

    @property
    def facts(self) -> Facts:
        with GraphStore.read(self.output) as store:
            return read_facts(store)

    @property
    def agents(self) -> set[str]:
        return {entity.id for entity in self.facts.entities if entity.id.startswith("agent:")}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build to copy, for reading takes longest."""
    room = Newsroom(tmp_path_factory.mktemp("room"))
    assert room.build().exit_code == 0
    return room.output


@pytest.fixture
def newsroom(built: Path, tmp_path: Path) -> Newsroom:
    room = Newsroom(tmp_path)
    shutil.copytree(built, room.output)
    assert room.build().stderr.endswith("nothing was changed\n")
    return room


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_the_file_is_sorted_whatever_the_order_and_keeps_its_comments(tmp_path: Path) -> None:
    path = write(tmp_path / "decisions.tsv", "# ours", "same\tagent:x\tagent:y")
    for verdict, one, other in (("same", "agent:d", "agent:c"), ("different", "agent:a", "agent:b")):
        assert add_decision(path, Decision.of(verdict, one, other, "seen\ton  paper"))
    assert path.read_text(encoding="utf-8").splitlines() == [
        "# ours",
        "different\tagent:a\tagent:b\tseen on paper",
        "same\tagent:c\tagent:d\tseen on paper",
        "same\tagent:x\tagent:y",
    ]
    assert not add_decision(path, Decision.of("same", "agent:y", "agent:x"))
    assert [(d.verdict, *d.pair, d.where) for d in read_decisions(path)][-1] == (
        *("same", "agent:x", "agent:y"),
        f"{path}:4",
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("same agent:a agent:b", "expected 'same' or 'different', two ids and a reason, with tabs between"),
        ("maybe\tagent:a\tagent:b", "expected 'same' or 'different'"),
        ("same\tagent:a", "expected 'same' or 'different'"),
        ("same\tagent:a\tagent:b\twhy\tmore", "expected 'same' or 'different'"),
        ("<<<<<<< HEAD", "expected 'same' or 'different'"),
        ("same\tSiemens\tagent:b", "'Siemens' is no id of an entity"),
        ("same\tdoc:a\tdoc:b", "'doc:a' is no id of an entity"),
        ("same\tagent:a\tagent:a", "'agent:a' stands on both sides"),
        ("same\tagent:a\tplace:a", "things of two kinds"),
    ],
)
def test_a_broken_line_is_told_with_its_file_and_number(line: str, message: str, tmp_path: Path) -> None:
    path = write(tmp_path / "decisions.tsv", "# a comment", "", line)
    with pytest.raises(DecisionError) as error:
        read_decisions(path)
    assert str(error.value).startswith(f"{path}:3: ")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["different\tagent:a\tagent:b", "same\tagent:b\tagent:a"], [1, 2]),
        (["different\tagent:a\tagent:c", "same\tagent:x\tagent:y", "same\tagent:a\tagent:b", "same\tagent:c\tagent:b"], [1, 3, 4]),
    ],
)  # fmt: skip
def test_lines_that_contradict_each_other_are_all_named(lines: Sequence[str], named: list[int], tmp_path: Path) -> None:
    path = write(tmp_path / "decisions.tsv", *lines)
    with pytest.raises(DecisionError, match="are said to be different, but the same by") as error:
        read_decisions(path)
    assert [number for number in range(1, 9) if f"{path}:{number}" in str(error.value)] == named
    before = path.read_bytes()
    with pytest.raises(DecisionError):
        add_decision(path, Decision.of("same", "agent:q", "agent:r"))
    assert path.read_bytes() == before


def test_a_build_brings_together_what_agrees_and_keeps_the_rest_apart(newsroom: Newsroom) -> None:
    assert {"agent:zhang-lin-norvik-robotics", "agent:zhang-lin-meridian-biotech", ROBOTICS, SYSTEMS} <= newsroom.agents
    (robotics,) = (e for e in newsroom.facts.entities if e.id == ROBOTICS)
    assert {name.text for name in robotics.names} == {"Norvik Robotics", "Norvik Robotics Co., Ltd."}
    assert any(reason.startswith("one organisation in 2 documents: ") for reason in robotics.reasons)


def test_same_is_obeyed_by_every_build_and_undone_by_removing_the_line(newsroom: Newsroom) -> None:
    before = newsroom.bytes
    assert (SYSTEMS, ROBOTICS) in newsroom.near()
    told = newsroom.entities("same", "Norvik Robotics", "norvik robotic systems", "--why", "one web site")
    assert (told.exit_code, told.stdout) == (0, "")
    assert newsroom.file.read_text(encoding="utf-8") == f"same\t{SYSTEMS}\t{ROBOTICS}\tone web site\n"
    assert newsroom.near() == [pair for pair in newsroom.near() if pair != (SYSTEMS, ROBOTICS)]
    built = newsroom.build()
    assert (built.exit_code, "1  decisions on entities obeyed" in built.stderr) == (0, True)
    assert SYSTEMS not in newsroom.agents
    for name in ("Norvik Robotic Systems", SYSTEMS, "NORVIK ROBOTICS"):
        shown = newsroom.entities("show", name).stdout
        assert shown.startswith(f"Norvik Robotics ({ROBOTICS})\n")
        assert "are said to be the same: one web site" in " ".join(shown.split())
        assert "  Norvik Robotic Systems (en)\n" in shown
    assert (
        "KUKA" in invoke("query", "partners", "--entity", "Norvik Robotic Systems", "-o", str(newsroom.output)).stdout
    )
    merged = newsroom.bytes
    assert newsroom.build().exit_code == 0
    assert newsroom.bytes == merged
    newsroom.file.unlink()
    assert newsroom.build().exit_code == 0
    assert newsroom.bytes == before


def test_a_decision_goes_where_the_build_looks_for_it(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = newsroom.entities("different", SYSTEMS, ROBOTICS)
    assert told.stderr.startswith(f"kg: {newsroom.file.relative_to(tmp_path)}: ")
    other = write(tmp_path / "ours.tsv")
    assert newsroom.build("--decisions", str(other)).exit_code == 0
    assert newsroom.entities("same", SYSTEMS, ROBOTICS).exit_code == 0
    assert other.read_text(encoding="utf-8") == f"same\t{SYSTEMS}\t{ROBOTICS}\n"


def test_of_several_folders_the_file_that_is_there_gets_the_decision(newsroom: Newsroom, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "e.txt").write_text("Nobody came.\n", encoding="utf-8")
    assert newsroom.build(str(more)).exit_code == 0
    file = write(more / "decisions.tsv", f"different\t{SYSTEMS}\t{ROBOTICS}")
    assert (SYSTEMS, ROBOTICS) not in newsroom.near()
    assert newsroom.entities("different", "agent:bayer", "agent:kuka").exit_code == 0
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
    write(newsroom.file)
    refused = newsroom.entities("same", SYSTEMS, ROBOTICS)
    assert (refused.exit_code, f"{file}:2" in refused.stderr) == (2, True)


def test_a_build_without_a_folder_of_documents_is_told_where_to_write(tmp_path: Path) -> None:
    output = str(tmp_path / "output")
    assert CliRunner().invoke(kg, ["build", "-", "--output", output], input=TEXTS["d"]).exit_code == 0
    refused = invoke("entities", "different", "KUKA", SYSTEMS, "--output", output)
    assert (refused.exit_code, "name a file with --decisions" in refused.stderr) == (2, True)
    named = ("--decisions", str(tmp_path / "decisions.tsv"))
    assert invoke("entities", "different", "KUKA", SYSTEMS, "--output", output, *named).exit_code == 0


def test_different_is_remembered(newsroom: Newsroom) -> None:
    newsroom.entities("different", SYSTEMS, ROBOTICS, "--why", "two registers")
    assert (SYSTEMS, ROBOTICS) not in newsroom.near()
    refused = newsroom.entities("same", SYSTEMS, ROBOTICS)
    assert refused.exit_code == 2
    assert f"{newsroom.file}:1" in refused.stderr
    assert newsroom.build().exit_code == 0
    assert {SYSTEMS, ROBOTICS} <= newsroom.agents
    assert (SYSTEMS, ROBOTICS) not in newsroom.near()


def test_what_documents_made_one_is_parted_by_its_parts(newsroom: Newsroom) -> None:
    (robotics,) = (e for e in newsroom.facts.entities if e.id == ROBOTICS)
    *parts, with_country = robotics.other_ids
    assert (len(parts), with_country) == (2, f"{ROBOTICS}-cn")
    refused = newsroom.entities("different", "Norvik Robotics", parts[0].upper())
    assert refused.exit_code == 2
    assert newsroom.entities("different", *parts).exit_code == 0
    assert newsroom.build().exit_code == 0
    assert ROBOTICS not in newsroom.agents
    left = newsroom.agents & set(robotics.other_ids)
    assert with_country in left
    assert len(left) == 2


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([f"same\t{ROBOTICS}\tagent:nobody"], ":1: no document of this build names 'agent:nobody'"),
        (["same\tagent:zhang-lin\tagent:kuka"], ":1: 'agent:zhang-lin' is now 2 things: agent:zhang-lin-meridian-biotech, "),
        (["different\tagent:bayer\tagent:kuka", "same\tagent:bayer\tagent:kuka"], ":1: 'agent:bayer' and 'agent:kuka'"),
        (["sam\tagent:bayer\tagent:kuka"], ":1: expected"),
    ],
)  # fmt: skip
def test_a_build_with_decisions_that_do_not_hold_changes_nothing(
    lines: Sequence[str], message: str, newsroom: Newsroom
) -> None:
    before = newsroom.bytes
    write(newsroom.file, *lines)
    built = newsroom.build()
    assert built.exit_code == 2
    assert len(built.stderr.splitlines()) <= 2
    assert f"kg: {newsroom.file}{message}" in built.stderr
    assert newsroom.bytes == before
    assert newsroom.build("--decisions", str(write(newsroom.folder / "none.tsv"))).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("same", "Norvik Robotics", "Nobody at all"), "no entity is called 'Nobody at all'"),
        (("same", "Zhang Lin", "Siemens"), "'Zhang Lin' names 2 things: Zhang Lin (agent:zhang-lin-meridian-biotech)"),
        (("same", "Norvik Robotics", "Hamburg"), "things of two kinds"),
        (("same", "agent:zhang-lin-meridian-biotech", "Siemens"), "is a person and 'agent:siemens' is none"),
        (("different", "Norvik Robotics", "Norvik Robotics Co., Ltd."), "are one entity in this build"),
        (("show", "Zhang Lin"), "'Zhang Lin' names 2 things"),
        (("list", "--type", "Firm"), "no type is called 'Firm'"),
    ],
)
def test_what_cannot_be_decided_is_told_and_nothing_is_written(
    arguments: Sequence[str], message: str, newsroom: Newsroom
) -> None:
    result = newsroom.entities(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not newsroom.file.exists()


def test_the_list_tells_how_much_is_known(newsroom: Newsroom) -> None:
    rows = json.loads(newsroom.entities("list", "--type", "company", "--format", "json").stdout)
    (robotics,) = (row for row in rows if row["id"] == ROBOTICS)
    assert (robotics["documents"], robotics["other_names"]) == ("2", "Norvik Robotics Co., Ltd.")
    assert [row["name"] for row in rows] == sorted((row["name"] for row in rows), key=str.casefold)
    listed = invoke("entities", "-o", str(newsroom.output)).stdout.splitlines()
    assert listed[0] == "id,name,type,country,claims,documents,other_names"
    assert len(listed) > len(rows) + 1


def test_an_entity_is_shown_with_its_sources_and_neighbours(newsroom: Newsroom) -> None:
    shown = newsroom.entities("show", "西门子").stdout
    assert "西门子 (zh)" in shown
    assert "2024-01-01 (doc:a)" in shown
    assert f"Norvik Robotics ({ROBOTICS}): signedAgreement" in shown

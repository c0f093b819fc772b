"""What two builds, stores or files differ in, in words and as RDF."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from factories import claim, entity, extraction

from kg.cli import diff as command
from kg.cli import kg
from kg.diff import FORMATS, compare, read_side, read_sides
from kg.diff.render import marked
from kg.errors import StoreError
from kg.export import export
from kg.graph import document_graph, to_ntriples
from kg.model import Date, Document, Extraction, Qualifiers, Status
from kg.namespaces import document_iri
from kg.store import GraphStore

TEXT = "Voith signed a contract with Kunshan in 2021. Voith will invest in Kunshan. Bosch supplies Voith."
DOCUMENT = Document("news-1", TEXT, title="Voith goes to Kunshan", published="2021-05-03")
VOITH, BOSCH, KUNSHAN = entity("Voith"), entity("Bosch"), entity("Kunshan", "Place")
SIGNED, INVESTS, SUPPLIES = (f"{sentence.rstrip('.')}." for sentence in TEXT.split(". "))
AGREEMENT = claim(DOCUMENT, "signedAgreement", VOITH, KUNSHAN, SIGNED, qualifiers=Qualifiers(kind="contract"))
INVESTMENT = claim(DOCUMENT, "investedIn", VOITH, KUNSHAN, INVESTS, status=Status.PLANNED)
SUPPLY = claim(DOCUMENT, "suppliesTo", BOSCH, VOITH, SUPPLIES)
OLD = extraction(DOCUMENT, AGREEMENT, INVESTMENT, entities=(VOITH, KUNSHAN))
NEW = extraction(
    DOCUMENT,
    replace(AGREEMENT, qualifiers=Qualifiers(kind="contract", date=Date("2021", "2021")), confidence=0.8),
    replace(INVESTMENT, status=Status.ACTUAL),
    SUPPLY,
    entities=(VOITH, BOSCH, KUNSHAN),
)


def build(folder: Path, *extractions: Extraction) -> Path:
    with GraphStore.create(folder) as store:
        store.replace({document_iri(e.document.id): to_ntriples(document_graph(e)) for e in extractions})
        export(store, "turtle", folder / "partnerships.ttl")
        export(store, "trig", folder / "all.trig")
    return folder


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("sides")
    return build(folder / "old", OLD), build(folder / "new", NEW)


def invoke(*arguments: object, **more: object) -> Result:
    return CliRunner().invoke(kg, ["diff", *map(str, arguments)], **more)  # type: ignore[arg-type]


def test_the_change_is_told_in_words_with_its_quotes(sides: tuple[Path, Path]) -> None:
    done = invoke(*sides)
    assert done.exit_code == 1
    assert [line for line in done.stdout.splitlines() if "claim:" not in line] == [
        "~ Voith signedAgreement Kunshan",
        "    confidence: 0.9 → 0.8",
        "    date: – → 2021",
        "    date verbatim: – → 2021",
        "    “Voith signed a contract with Kunshan in 2021.”",
        "~ Voith investedIn Kunshan",
        "    status: planned → actual",
        "    “Voith will invest in Kunshan.”",
        "+ Bosch suppliesTo Voith",
        "    actual · confidence 0.9",
        "    “Bosch supplies Voith.”",
        "+ entity Bosch (agent:bosch)",
    ]
    assert done.stderr == f"kg: from {sides[0]} to {sides[1]}: claims: 1 added, 2 changed; entities: 1 added\n"


@pytest.mark.parametrize("names", [("", ""), ("store", "store"), ("partnerships.ttl", "all.trig"), ("all.trig", "")])
def test_folders_stores_and_files_tell_the_same(names: tuple[str, str], sides: tuple[Path, Path]) -> None:
    old, new = (side / name for side, name in zip(sides, names, strict=True))
    assert invoke(old, new).stdout == invoke(*sides).stdout
    for side, name in ((sides[0], names[1]), (sides[1], names[0])):
        done = invoke(side, side / name)
        assert (done.exit_code, done.stdout) == (0, "")
        assert done.stderr == f"kg: from {side} to {side / name}: no difference\n"


def test_the_other_way_round_what_came_went(sides: tuple[Path, Path]) -> None:
    there, back = (compare(*map(read_side, map(str, order))) for order in (sides, sides[::-1]))
    assert (there.added, there.removed) == (back.removed, back.added)
    assert [(c.how, c.title) for c in back.changes if c.how == "removed"] == [
        ("removed", "Bosch suppliesTo Voith"),
        ("removed", "Bosch"),
    ]


def test_a_document_that_came_is_told_with_its_claims(sides: tuple[Path, Path], tmp_path: Path) -> None:
    other = Document("news-2", "Bosch supplies Kunshan.", title="More")
    more = build(
        tmp_path / "more", OLD, extraction(other, claim(other, "suppliesTo", BOSCH, KUNSHAN), entities=(BOSCH,))
    )
    told = invoke(sides[0], more).stdout
    assert "+ Bosch suppliesTo Kunshan\n" in told
    assert "+ document More (doc:news-2)\n" in told
    assert "Voith" not in told


def test_a_patch_turns_the_old_store_into_the_new_one(sides: tuple[Path, Path]) -> None:
    lines = invoke(*sides, "--format", "patch").stdout.splitlines()
    assert (lines[0], lines[-1]) == ("TX .", "TC .")
    with GraphStore.read(sides[0]) as old, GraphStore.read(sides[1]) as new:
        quads = set(old.dump().splitlines())
        for line in lines[1:-1]:
            (quads.remove if line[0] == "D" else quads.add)(line[2:])
        assert quads == set(new.dump().splitlines())


@pytest.mark.parametrize(("form", "known"), [("turtle", ox.RdfFormat.TURTLE), ("ntriples", ox.RdfFormat.N_TRIPLES)])
def test_signed_lines_are_rdf_without_their_signs(form: str, known: ox.RdfFormat, sides: tuple[Path, Path]) -> None:
    difference = compare(*(read_side(str(side)) for side in sides))
    lines = invoke(*sides, "--format", form).stdout.splitlines()
    for sign, wanted in (("-", difference.removed), ("+", difference.added)):
        text = "\n".join(line[2:] for line in lines if line[0] in (" ", sign))
        assert {quad.triple for quad in ox.parse(text, format=known)} == {quad.triple for quad in wanted}
    subjects = [line.split(" ")[1].strip("<>") for line in lines if line[0] != " "]
    assert subjects == sorted(subjects)


def test_json_lines_hold_what_the_words_tell(sides: tuple[Path, Path]) -> None:
    records = [json.loads(line) for line in invoke(*sides, "--format", "json").stdout.splitlines()]
    assert [(r["change"], r["what"]) for r in records] == [
        ("changed", "claim"), ("changed", "claim"), ("added", "claim"), ("added", "entity"),
    ]  # fmt: skip
    assert records[1]["was"] == {"kg:status": ["kg:planned"]}
    assert records[1]["now"] == {"kg:status": ["kg:actual"]}
    assert records[1]["quote"] == "Voith will invest in Kunshan."


def test_standard_input_is_a_side(sides: tuple[Path, Path]) -> None:
    turtle = (sides[0] / "partnerships.ttl").read_text(encoding="utf-8")
    assert invoke("-", sides[0] / "partnerships.ttl", input=turtle).exit_code == 0
    assert invoke("-", sides[1], input=turtle).stdout == invoke(*sides).stdout
    assert invoke("-", "-").exit_code == 2


def test_a_pipe_is_a_side_in_any_form_that_standard_input_may_have(sides: tuple[Path, Path]) -> None:
    with GraphStore.read(sides[0]) as store:
        quads = store.dump()
    assert invoke("-", sides[0], input=quads).exit_code == 0
    reading, writing = os.pipe()
    os.write(writing, quads.encode())
    os.close(writing)
    assert invoke(f"/dev/fd/{reading}", sides[0]).exit_code == 0
    os.close(reading)
    assert "standard input: is empty" in invoke("-", sides[0], input="").stderr
    assert "standard input: is no Turtle" in invoke("-", sides[0], input="<urn:s> <urn:p>").stderr


def test_one_and_the_same_is_read_once(sides: tuple[Path, Path]) -> None:
    one, other = read_sides(str(sides[0]), f"{sides[0].parent}/./{sides[0].name}")
    assert one is other
    assert not compare(one, other)


def test_what_is_only_more_or_less_sure_is_told_when_asked_for_and_in_rdf(
    sides: tuple[Path, Path], tmp_path: Path
) -> None:
    surer = replace(OLD, claims=(replace(OLD.claims[0], confidence=0.91), *OLD.claims[1:]))
    new = build(tmp_path / "new", surer)
    for form in ("text", "json"):
        done = invoke(sides[0], new, "--format", form)
        assert (done.exit_code, done.stdout) == (0, "")
        assert done.stderr.endswith(
            ": no difference; only more or less sure, or elsewhere in the text: 1 (--all tells them)\n"
        )
    assert "    confidence: 0.9 → 0.91\n" in invoke(sides[0], new, "--all").stdout
    patch = invoke(sides[0], new, "--format", "patch")
    assert (patch.exit_code, patch.stdout.count("confidence>")) == (1, 2)


def moved(document: Document, beginning: str, **more: str) -> Extraction:
    """What is said of Voith, in a document with other words before and in it."""
    later = replace(document, text=f"{beginning}{document.text}".replace("contract", "treaty"), **more)
    quotes = (SIGNED.replace("contract", "treaty"), INVESTS)
    old = zip(OLD.claims, quotes, strict=True)
    told = [claim(later, c.predicate, VOITH, KUNSHAN, q, status=c.status, qualifiers=c.qualifiers) for c, q in old]
    return extraction(later, *told, entities=(VOITH, KUNSHAN))


def test_a_sentence_that_stands_elsewhere_is_told_when_asked_for(sides: tuple[Path, Path], tmp_path: Path) -> None:
    new = build(tmp_path / "new", moved(DOCUMENT, "News: "))
    done = invoke(sides[0], new)
    assert "start" not in done.stdout and "investedIn" not in done.stdout
    assert done.stdout.startswith(
        "~ Voith signedAgreement Kunshan\n    “Voith signed a [-contract-]{+treaty+} with Kunshan in 2021.”\n    — doc:news-1"
    )
    assert "treaty" not in done.stdout.partition("doc:news-1")[2]
    assert "; only more or less sure, or elsewhere in the text: 1 (--all tells them)\n" in done.stderr
    assert "    start: 46 → 50\n" in invoke(sides[0], new, "--all").stdout
    record = json.loads(invoke(sides[0], new, "--format", "json").stdout.splitlines()[0])
    assert (record["was"], record["now"]) == ({"oa:exact": [SIGNED]}, {"oa:exact": [record["quote"]]})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Voith and KUKA came.", "Voith and KUKA came late.", "Voith and KUKA [-came.-]{+came late.+}"),
        ("Voith and KUKA came.", "Voith came.", "Voith [-and KUKA-] came."),
        ("福伊特投资昆山。", "福伊特已投资昆山。", "福伊特{+已+}投资昆山。"),
        ("Voith came.", "Bosch went to Kiel.", "[-Voith came.-] {+Bosch went to Kiel.+}"),
    ],
)
def test_words_that_went_and_came_are_marked(old: str, new: str, told: str) -> None:
    assert marked(old, new) == told


def test_a_document_of_another_name_is_no_loss_and_gain(sides: tuple[Path, Path], tmp_path: Path) -> None:
    same = replace(DOCUMENT, id="later", source="later.txt")
    claims = [replace(c, evidence=replace(c.evidence, document="later")) for c in OLD.claims]
    new = build(tmp_path / "new", extraction(same, *claims, entities=OLD.entities))
    done = invoke(sides[0], new)
    assert done.stdout.splitlines() == [
        "~ document Voith goes to Kunshan (doc:later, formerly doc:news-1)",
        "    source: – → later.txt",
    ]
    (record,) = map(json.loads, invoke(sides[0], new, "--format", "json").stdout.splitlines())
    assert (record["id"], record["formerly"]) == ("doc:later", "doc:news-1")
    sure = [replace(each, status=Status.ACTUAL) for each in claims]
    assert invoke(sides[0], build(tmp_path / "sure", extraction(same, *sure, entities=OLD.entities))).stdout.startswith(
        "~ Voith investedIn Kunshan\n    status: planned → actual\n    “Voith will invest in Kunshan.”\n    — doc:later, "
    )


def test_blank_nodes_are_the_same_by_what_is_said_of_them(tmp_path: Path) -> None:
    for name, node in (("a.ttl", "_:one"), ("b.ttl", "_:two"), ("c.ttl", "<urn:x>")):
        (tmp_path / name).write_text(f'<urn:s> <urn:p> {node} . {node} <urn:q> "v" .\n')
    assert invoke(tmp_path / "a.ttl", tmp_path / "b.ttl").exit_code == 0
    assert invoke(tmp_path / "a.ttl", tmp_path / "c.ttl").exit_code == 1


def test_statements_in_another_graph_are_a_difference_of_stores_alone(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text("<urn:s> <urn:p> <urn:o> <urn:g> .\n")
    (tmp_path / "b.nq").write_text("<urn:s> <urn:p> <urn:o> <urn:h> .\n")
    (tmp_path / "c.nt").write_text("<urn:s> <urn:p> <urn:o> .\n")
    done = invoke(tmp_path / "a.nq", tmp_path / "b.nq")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.endswith(": the same statements, in other graphs\n")
    assert invoke(tmp_path / "a.nq", tmp_path / "c.nt").exit_code == 0


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none", None, "no such file or folder"),
        ("none.ttl", None, "no such file or folder"),
        ("notes.doc", "x", "cannot be told by its name"),
        ("broken.ttl", "<urn:s> <urn:p>", "is no Turtle"),
        ("empty.ttl", "\n", "is empty"),
    ],
)
def test_what_is_no_side_is_told(name: str, content: str | None, message: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(StoreError, match=message):
        read_side(str(tmp_path / name))
    done = invoke(tmp_path / name, tmp_path / name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) <= 2
    assert list(tmp_path.iterdir()) == ([tmp_path / name] if content is not None else [])


def test_a_folder_without_a_build_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no build in"):
        read_side(str(tmp_path))


def test_the_command_knows_the_formats() -> None:
    assert tuple(FORMATS) == command.FORMATS
    assert set(command.FACTS) < set(FORMATS)

"""The relation files hold together, every example gives its claims by its patterns, and faults are named all at once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg import relations
from kg.claims import patterns
from kg.errors import RelationError
from kg.model import EntityType, Mention, Sentence, Status
from kg.relations import Example, Relation

ALL = relations.load()
EXAMPLES = [(relation, example) for relation in ALL.values() for example in relation.examples]

GOOD = """
name = "lends"
symmetric = false
label = { en = "lends to", de = "verleiht an", zh = "借给" }
meaning = "The subject lends something to the object."
subject = ["AnyOrganization"]
object = ["Company"]
patterns = [{ text = "{A} lends ...4 to {B}" }]
examples = [
    { text = "Helaba lends money to Kion.", names = { Helaba = "Company", Kion = "Company" }, claims = [
        { subject = "Helaba", object = "Kion" },
    ] },
]
"""


def mentions_of(example: Example) -> list[Mention]:
    found: list[Mention] = []
    for name, kind in sorted(example.names, key=lambda pair: (-len(pair[0]), pair[0])):
        for hit in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", example.text):
            free = all(hit.end() <= m.start or m.end <= hit.start() or m.type is EntityType.GROUP for m in found)
            if free:
                found.append(Mention(*hit.span(), name, kind, name))
    return sorted(found)


def claimed(relation: Relation, example: Example) -> set[tuple[str, ...]]:
    sentence = Sentence(0, len(example.text))
    found = patterns.match(patterns.Rules.of({relation.name: relation}), example.text, sentence, mentions_of(example))
    return {pair(relation, c.subject.entity, c.object.entity) for c in found}


def pair(relation: Relation, *ends: str) -> tuple[str, ...]:
    return tuple(sorted(ends)) if relation.symmetric else ends


def folder(path: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return path


def faults(path: Path, **texts: str) -> list[str]:
    with pytest.raises(RelationError) as caught:
        relations.load(folder(path, **texts))
    return str(caught.value).splitlines()


def test_the_twenty_relations() -> None:
    assert sorted(ALL) == list(ALL) and len(ALL) == 20
    symmetric = {name for name, relation in ALL.items() if relation.symmetric}
    assert symmetric == {
        "signedMoU", "signedAgreement", "cooperatesWith", "establishedJointVenture", "metWith", "twinnedWith",
    }  # fmt: skip


@pytest.mark.parametrize("relation", ALL.values(), ids=list(ALL))
def test_a_relation_has_labels_patterns_and_examples(relation: Relation) -> None:
    assert set(relation.label) == {"en", "de", "zh"} and all(relation.label.values())
    assert len(relation.patterns) >= 2
    assert sum(bool(example.claims) for example in relation.examples) >= 6
    assert sum(not example.claims for example in relation.examples) >= 3
    assert not relation.symmetric or relation.subject == relation.object


@pytest.mark.parametrize(("relation", "example"), EXAMPLES, ids=[f"{r.name}-{e.text[:40]}" for r, e in EXAMPLES])
def test_an_example_gives_its_claims_and_no_others(relation: Relation, example: Example) -> None:
    assert claimed(relation, example) == {pair(relation, c.subject, c.object) for c in example.claims}


@pytest.mark.parametrize("relation", ALL.values(), ids=list(ALL))
def test_every_pattern_has_an_example_that_it_matches(relation: Relation) -> None:
    idle = [
        pattern.text
        for pattern in relation.patterns
        if not any(claimed(replace(relation, patterns=(pattern,)), example) for example in relation.examples)
    ]
    assert idle == []


def test_who_may_stand_in_a_relation() -> None:
    assert relations.admits(ALL["twinnedWith"], EntityType.PLACE, EntityType.PLACE)
    assert not relations.admits(ALL["twinnedWith"], EntityType.PLACE, EntityType.COMPANY)
    assert relations.admits(ALL["holdsRole"], EntityType.PERSON, EntityType.PLACE)
    assert not relations.admits(ALL["holdsRole"], EntityType.COMPANY, EntityType.PERSON)
    assert relations.admits(ALL["visited"], EntityType.GROUP, EntityType.COMPANY)


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    lends = relations.load(folder(tmp_path, lends=GOOD))["lends"]
    assert lends.object == frozenset({EntityType.COMPANY})
    assert lends.patterns[0].confidence == relations.DEFAULT_CONFIDENCE and lends.patterns[0].status is None
    assert lends.examples[0].claims[0].status is Status.ACTUAL
    assert claimed(lends, lends.examples[0]) == {("Helaba", "Kion")}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "lends"', 'name = "lend"', "name: 'lend' is not the file's name"),
        ("symmetric = false", "symetric = false", "unknown key 'symetric'; did you mean 'symmetric'?"),
        ("symmetric = false", "", "'symmetric' is missing"),
        ("symmetric = false", 'symmetric = "no"', "'symmetric' must be a bool, not str"),
        (', zh = "借给"', "", "label: 'zh' is missing"),
        ('["Company"]', '["Compani"]', "object: unknown type 'Compani'; did you mean 'Company'?"),
        ("{A} lends", "{A} {sgned}", "patterns[1]: unknown placeholder or word list 'sgned'; did you mean 'signed'?"),
        ("to {B}", "to him", "patterns[1]: needs {A} and {B} once each"),
        ("to {B}", "[to {B}]", "an end of the claim cannot be optional"),
        ("lends ...4", "[lends ...4", "patterns[1]: brackets do not match"),
        ("{A} lends", "{A:Compny} lends", "unknown type 'Compny'; did you mean 'Company'?"),
        ('to {B}" }', 'to {B}", status = "plannned" }', "unknown status 'plannned'; did you mean 'planned'?"),
        ('to {B}" }', 'to {B}", confidence = 2 }', "confidence must be above 0"),
        ('object = "Kion"', 'object = "Kuka"', "examples[1].claims[1]: 'Kuka' is not among the example's names"),
        ("Helaba lends", "Somebody lends", "examples[1].names: 'Helaba' does not stand in the example's text"),
        ("symmetric = false", "symmetric = ", "file: not TOML in UTF-8"),
    ],
)
def test_a_fault_says_where_and_what(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    assert any(
        line.startswith("lends.toml: ") and told in line for line in faults(tmp_path, lends=GOOD.replace(old, new))
    )


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    lines = faults(tmp_path, lends=GOOD.replace("symmetric = false\n", ""), owes="colour = 1")
    assert {line.split(":")[0] for line in lines} == {"lends.toml", "owes.toml"}
    assert len(lines) > 5


def test_a_folder_without_relations(tmp_path: Path) -> None:
    with pytest.raises(RelationError, match="no relation file"):
        relations.load(tmp_path)
    with pytest.raises(RelationError, match="no such folder"):
        relations.load(tmp_path / "nowhere")

"""Which entry of the reference data a name means in its sentence: a table of cases, a good third of them traps."""

import csv
import re
from pathlib import Path

from kg import reference
from kg.entities.identity import resolve_names
from kg.entities.link import link
from kg.model import Argument, Claim, Document, Entity, EntityType, Evidence, Mention, Status

KNOWN = reference.load()
TABLE = Path(__file__).with_name("linking.tsv")
MARKED = re.compile(r"\[([^\]|]+)\|([A-Za-z]+)\]")
TIED = re.compile(r"\d+ (?:places|organisations) of this name")


def cases() -> list[dict[str, str]]:
    """The rows of the table: `context` marks other names than the one that is asked for as [Shenzhen|Place]."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def mentions(case: dict[str, str]) -> tuple[str, list[Mention], int]:
    """The sentence, its mentions, and where the name that is asked for stands."""
    text, found = "", []
    for piece in re.split(r"(\[[^\]]+\])", case["context"]):
        marked = MARKED.fullmatch(piece)
        words = marked[1] if marked else piece
        if marked:
            found.append(Mention(len(text), len(text) + len(words), words, EntityType(marked[2]), words))
        text += words
    start = text.index(case["name"])
    asked = Mention(start, start + len(case["name"]), case["name"], EntityType(case["type"]), case["name"])
    return text, [*(m for m in found if m.start != start), asked], start


def linked(case: dict[str, str]) -> Entity:
    """The entity that the name becomes."""
    text, found, start = mentions(case)
    resolved = resolve_names(text, found, KNOWN)
    asked = next(m for m in resolved if m.start == start)
    end = Argument(asked.entity, asked.type, asked.text, asked.start, asked.end)
    evidence = Evidence("case", text, 0, len(text))
    claim = Claim("cooperatesWith", end, end, Status.ACTUAL, evidence, 1.0, "test")
    extraction = link(Document("case", text), [claim], resolved, KNOWN)
    return next(e for e in extraction.entities if e.id == extraction.claims[0].subject.id)


def outcome(entity: Entity) -> str:
    """The id of an entry, 'ambiguous' or 'none'."""
    return entity.entry or ("ambiguous" if any(map(TIED.match, entity.reasons)) else "none")


def expected(case: dict[str, str]) -> str:
    """The id that the table names, as the reference data count it."""
    entry = KNOWN.get(case["expected"])
    assert entry or case["expected"] in ("none", "ambiguous"), f"{case['name']}: no entry {case['expected']}"
    return entry.id if entry else case["expected"]


def test_the_table_is_large_and_full_of_traps() -> None:
    kinds = [case["kind"] for case in cases()]
    assert len(kinds) >= 150
    assert kinds.count("trap") >= len(kinds) / 3
    assert set(kinds) == {"trap", "plain"}


def test_names_are_linked_right_and_hardly_ever_wrong() -> None:
    table = cases()
    got = [outcome(linked(case)) for case in table]
    failed = [(case, found) for case, found in zip(table, got, strict=True) if found != expected(case)]
    wrong = [case for case, found in failed if found not in ("none", "ambiguous")]
    told = "\n".join(
        f"{case['name']} in '{case['context']}': {found}, not {expected(case)}: {case['reason']}"
        for case, found in failed
    )
    assert len(failed) <= 0.05 * len(table), told
    assert len(wrong) <= 0.02 * len(table), told


def test_a_link_has_a_score_and_reasons_and_a_name_of_its_own_has_no_score() -> None:
    for case in cases():
        entity = linked(case)
        assert bool(entity.entry) == (0.6 <= entity.score < 1) or not entity.score
        if entity.type is not EntityType.PERSON and entity.type is not EntityType.EVENT:
            assert entity.reasons, case["name"]

"""Lists of mentions are found, and claims spread over them where they should."""

from __future__ import annotations

import re

import pytest

from kg.claims.lists import DISCOUNT, MentionList, distribute, find_lists, vote
from kg.model import Candidate, EntityType, Mention, Sentence

KINDS = {
    "C": EntityType.COMPANY, "G": EntityType.GROUP, "P": EntityType.PERSON, "L": EntityType.PLACE, "T": EntityType.SECTOR,
    "E": EntityType.EVENT, "R": EntityType.RESEARCH_ORGANIZATION,
}  # fmt: skip


def read(marked: str) -> tuple[str, Sentence, list[Mention]]:
    """'[Festo|C] met' → its text, the sentence, the mentions."""
    text, mentions, at = "", [], 0
    for hit in re.finditer(r"\[([^\]|]+)\|(\w)\]", marked):
        text += marked[at : hit.start()]
        mentions.append(Mention(len(text), len(text) + len(hit[1]), hit[1], KINDS[hit[2]], hit[1]))
        text, at = text + hit[1], hit.end()
    text += marked[at:]
    return text, Sentence(0, len(text)), mentions


def lists_of(marked: str) -> list[tuple[str, ...]]:
    """Each list as its members' texts, the head first behind a star."""
    found = find_lists(*read(marked))
    return [(*(f"*{one.head.text}" for _ in [0] if one.head), *(m.text for m in one.members)) for one in found]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Festo|C] and [Kuka|C] met.", [("Festo", "Kuka")]),
        ("[Festo|C], [Kuka|C] and [Sick|C] met.", [("Festo", "Kuka", "Sick")]),
        ("[Festo|C], the Augsburg firm [Kuka|C], and [Sick|C] met.", [("Festo", "Kuka", "Sick")]),
        ("[Festo|C] as well as [Kuka|C] met.", [("Festo", "Kuka")]),
        ("[Festo|C] (Esslingen) and [Kuka|C] met.", [("Festo", "Kuka")]),
        ("[Festo|C] of [Esslingen|L] and [Kuka|C] of [Augsburg|L] met.", [("Festo", "Kuka")]),
        ("[Festo|C], a maker of valves, and [Kuka|C] met.", [("Festo", "Kuka")]),
        ("They saw [Ulm|L], [Jena|L] and other cities.", [("Ulm", "Jena")]),
        ("[Eva Rau|P] and [Jan Ott|P] saw [Ulm|L] and [Jena|L].", [("Eva Rau", "Jan Ott"), ("Ulm", "Jena")]),
        ("More than [50 firms|G], including [Festo|C] and [Kuka|C], came.", [("*50 firms", "Festo", "Kuka")]),
        (
            "[Firms from Ulm|G] such as [Festo|C], [Kuka|C], [Sick|C] came.",
            [("*Firms from Ulm", "Festo", "Kuka", "Sick")],
        ),
        ("[Ten firms|G] (among them [Festo|C] and [Kuka|C]) came.", [("*Ten firms", "Festo", "Kuka")]),
        ("[Festo|C], [Kuka|C] and other [German firms|G] came.", [("*German firms", "Festo", "Kuka")]),
        ("[Ten guests|G], e.g. [Eva Rau|P], came.", [("*Ten guests", "Eva Rau")]),
    ],
)
def test_a_list_is_found(marked: str, expected: list[tuple[str, ...]]) -> None:
    assert lists_of(marked) == expected


@pytest.mark.parametrize(
    "marked",
    [
        "[Festo|C] met [Kuka|C], and [Sick|C] left.",
        "[Festo|C] acquired [Kuka|C] and then visited [Sick|C].",
        "In [Ulm|L], [Festo|C] grew.",
        "[Munich|L], [Germany|L].",
        "[Festo|C] from [Ulm|L].",
        "[Artificial intelligence|T] ([AI|T]) helps.",
        "[Festo|C] sells and [Kuka|C] buys.",
        "[Festo|C], which grew, sells [Kuka|C] robots.",
    ],
)
def test_no_list_where_there_is_none(marked: str) -> None:
    assert lists_of(marked) == []


def candidate(predicate: str, subject: Mention, object_: Mention, sentence: Sentence) -> Candidate:
    return Candidate(predicate, subject, object_, sentence.start, sentence.end, 0.8, "reader")


def spread(marked: str, *found: tuple[str, str, str]) -> set[tuple[str, str]]:
    """The pairs that come out if these claims (predicate, subject, object) go in."""
    text, sentence, mentions = read(marked)
    named = {m.text: m for m in mentions}
    given = [candidate(p, named[a], named[b], sentence) for p, a, b in found]
    return {(c.subject.text, c.object.text) for c in distribute(given, find_lists(text, sentence, mentions), text)}


@pytest.mark.parametrize(
    ("marked", "found", "expected"),
    [
        (
            "[Festo|C] and [Kuka|C] visited [Ulm|L] and [Jena|L].", ("visited", "Kuka", "Jena"),
            {("Festo", "Ulm"), ("Festo", "Jena"), ("Kuka", "Ulm"), ("Kuka", "Jena")},
        ),
        (
            "[Ten firms|G], including [Festo|C] and [Kuka|C], invested in [Ulm|L].", ("investedIn", "Festo", "Ulm"),
            {("Ten firms", "Ulm"), ("Festo", "Ulm"), ("Kuka", "Ulm")},
        ),
        (
            "[Festo|C], [Kuka|C] and [Sick|C] signed an agreement.", ("signedAgreement", "Festo", "Kuka"),
            {("Festo", "Kuka"), ("Festo", "Sick"), ("Kuka", "Sick")},
        ),
        ("[Festo|C] and [Kuka|C] acquired each other.", ("acquired", "Festo", "Kuka"), {("Festo", "Kuka")}),
        ("[Eva Rau|P] and [Jan Ott|P], head of [Sick|C], met.", ("holdsRole", "Jan Ott", "Sick"), {("Jan Ott", "Sick")}),
        ("[Festo|C] and [Sick|C], a unit of [Kuka|C], met.", ("subsidiaryOf", "Sick", "Kuka"), {("Sick", "Kuka")}),
        (
            "The subsidiaries of [Kuka|C] are called [Festo|C] and [Sick|C].", ("subsidiaryOf", "Festo", "Kuka"),
            {("Festo", "Kuka"), ("Sick", "Kuka")},
        ),
        ("[Festo|C] of [Esslingen|L] and [Kuka|C] met.", ("basedIn", "Festo", "Esslingen"), {("Festo", "Esslingen")}),
        (
            "[Firms of the city|G], such as [Festo|C], are based in [Ulm|L].", ("basedIn", "Firms of the city", "Ulm"),
            {("Firms of the city", "Ulm"), ("Festo", "Ulm")},
        ),
        ("[Festo|C] met [Kuka|C].", ("metWith", "Festo", "Kuka"), {("Festo", "Kuka")}),
    ],
)  # fmt: skip
def test_what_holds_for_one_holds_for_all(
    marked: str, found: tuple[str, str, str], expected: set[tuple[str, str]]
) -> None:
    assert spread(marked, found) == expected


def test_respectively_pairs_in_order() -> None:
    marked = "[Festo|C] and [Kuka|C] invested in [Ulm|L] and [Jena|L], respectively."
    right = {("Festo", "Ulm"), ("Kuka", "Jena")}
    assert spread(marked, ("investedIn", "Festo", "Ulm")) == right
    assert spread(marked, ("investedIn", "Festo", "Jena"), ("investedIn", "Kuka", "Ulm")) == right


@pytest.mark.parametrize(
    ("marked", "kept"),
    [
        ("[Festo|C] signed memoranda with [Kuka|C] and [Siemens|C], respectively.", False),
        ("[Festo|C] signed a memorandum with [Kuka|C] and [Siemens|C].", True),
        ("[Festo|C] says that [Kuka|C] and [Siemens|C] signed for 60 and 40 percent, respectively.", True),
    ],
)
def test_what_respectively_shares_out_is_not_paired_with_itself(marked: str, kept: bool) -> None:
    text, sentence, (_, kuka, siemens) = read(marked)
    given = candidate("signedMoU", kuka, siemens, sentence)
    assert bool(vote([given], [MentionList((kuka, siemens))], text)) == kept


def test_a_member_gets_the_method_and_a_little_less_confidence() -> None:
    text, sentence, (festo, kuka, ulm) = read("[Festo|C] and [Kuka|C] visited [Ulm|L].")
    given = candidate("visited", festo, ulm, sentence)
    first, second = distribute([given], [MentionList((festo, kuka))], text)
    assert first == given
    assert (second.subject, second.method) == (kuka, "reader")
    assert second.confidence == pytest.approx(0.8 * DISCOUNT)


def test_the_surest_of_two_ways_to_a_claim_stays() -> None:
    text, sentence, (festo, kuka, ulm) = read("[Festo|C] and [Kuka|C] visited [Ulm|L].")
    given = [candidate("visited", festo, ulm, sentence), candidate("visited", kuka, ulm, sentence)]
    assert [c.confidence for c in distribute(given, [MentionList((festo, kuka))], text)] == [0.8, 0.8]


def test_types_that_the_relation_does_not_admit_are_left_out() -> None:
    text, sentence, (eva, festo, ulm) = read("[Eva Rau|P] and [Festo|C] moved to [Ulm|L].")
    given = candidate("basedIn", festo, ulm, sentence)
    assert distribute([given], [MentionList((eva, festo))], text) == (given,)

"""The pattern language: each of its means, lists, and sentences made to be slow."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from kg import relations
from kg.claims import patterns
from kg.claims.patterns import Rules
from kg.model import EntityType, Mention, Sentence
from kg.relations import Pattern, Relation

ALL = relations.load()
KINDS = {"C": EntityType.COMPANY, "G": EntityType.GROUP, "P": EntityType.PERSON, "L": EntityType.PLACE}


def read(marked: str) -> tuple[str, Sentence, list[Mention]]:
    text, mentions, at = "", [], 0
    for hit in re.finditer(r"\[([^\]|]+)\|(\w)\]", marked):
        text += marked[at : hit.start()]
        mentions.append(Mention(len(text), len(text) + len(hit[1]), hit[1], KINDS[hit[2]], hit[1]))
        text, at = text + hit[1], hit.end()
    text += marked[at:]
    return text, Sentence(0, len(text)), mentions


def found(pattern: str, marked: str, name: str = "suppliesTo") -> list[tuple[str, str]]:
    """What a relation with this one pattern finds."""
    relation = replace(ALL[name], patterns=(Pattern(pattern),))
    text, sentence, mentions = read(marked)
    return [
        (c.subject.text, c.object.text) for c in patterns.match(Rules.of({name: relation}), text, sentence, mentions)
    ]


@pytest.mark.parametrize(
    ("pattern", "marked", "expected"),
    [
        ("{A} feeds {B}", "[Festo|C] FEEDS [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} feeds {B}", "[Festo|C] feedss [Kuka|C].", []),
        ("{B} is fed by {A}", "[Festo|C] is fed by [Kuka|C].", [("Kuka", "Festo")]),
        ("{A} feeds {B}", "[Festo|C] feeds the German robot maker [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} feeds {B}", "[Festo|C] (Esslingen) feeds [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} feeds {B}", "[Festo|C], known for its valves, feeds [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} feeds {B}", "[Festo|C] feeds [Eva Rau|P].", []),
        ("{A} [always|often] feeds {B}", "[Festo|C] often feeds [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} [always|often] feeds {B}", "[Festo|C] feeds [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} [always|often] feeds {B}", "[Festo|C] never feeds [Kuka|C].", []),
        ("{A} [{aux}]* feeds {B}", "[Festo|C] has now also feeds [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} (feeds|feasts) {B}", "[Festo|C] feasts [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} (feeds|feasts) {B}", "[Festo|C] [Kuka|C].", []),
        ("{A} feeds ...2 to {B}", "[Festo|C] feeds very much to [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} feeds ...2 to {B}", "[Festo|C] feeds not so very much to [Kuka|C].", []),
        ("{A} feeds ...4 to {B}", "[Festo|C] feeds [Sick|C] or sends to [Kuka|C].", []),
        ("^{A} feeds {B}", "A friend of the firm [Festo|C] feeds [Kuka|C].", []),
        ("^{A} feeds {B}", "On Monday [Festo|C] feeds [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} feeds {B}", "A friend of the firm [Festo|C] feeds [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} feeds {B} !(not)", "[Festo|C] feeds [Kuka|C] not.", []),
        ("{A} feeds {B} !(not)", "[Festo|C] feeds [Kuka|C] now.", [("Festo", "Kuka")]),
        ("{A} feeds {any} and {B}", "[Festo|C] feeds [Ulm|L] and [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} of {Place} feeds {B}", "[Festo|C] of [Ulm|L] feeds [Kuka|C].", [("Festo", "Kuka")]),
        ("{A} \\({B}\\)", "[Festo|C] ([Kuka|C])", [("Festo", "Kuka")]),
        ("{B}’s feeder {A}", "[Kuka|C]'s feeder [Festo|C].", [("Festo", "Kuka")]),
        ("{A}-fed {B}", "[Festo|C]-fed [Kuka|C].", [("Festo", "Kuka")]),
        ("{A:Group} feeds {B}", "[Festo|C] feeds [Kuka|C].", []),
        ("{A} holds {percent} of {B}", "[Festo|C] holds 7.5% of [Kuka|C].", [("Festo", "Kuka")]),
    ],
)
def test_what_a_pattern_may_say(pattern: str, marked: str, expected: list[tuple[str, str]]) -> None:
    assert found(pattern, marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Festo|C] and [Sick|C] feeds [Kuka|C].", "Festo-Kuka Sick-Kuka"),
        ("[Festo|C] feeds [Kuka|C], [Sick|C] and [Ifm|C].", "Festo-Ifm Festo-Kuka Festo-Sick"),
        ("[Firms|G], including [Festo|C], feeds [Kuka|C].", "Festo-Kuka Firms-Kuka"),
        ("[Festo|C] and [Sick|C] feeds [Kuka|C] and [Ifm|C], respectively.", "Festo-Kuka Sick-Ifm"),
    ],
)
def test_lists_stand_where_one_may_stand(marked: str, expected: str) -> None:
    assert " ".join(sorted("-".join(pair) for pair in found("^{A} feeds {B}", marked))) == expected


def test_a_pair_is_both_ends() -> None:
    marked = "[Festo|C], [Kuka|C] and [Sick|C] danced."
    assert set(found("^{pair} danced", marked, "cooperatesWith")) == {
        ("Festo", "Kuka"),
        ("Festo", "Sick"),
        ("Kuka", "Sick"),
    }
    assert found("^{pair} danced", "[Festo|C] danced.", "cooperatesWith") == []


def test_members_of_one_list_are_not_ends_of_a_claim() -> None:
    assert found("{A}, {B}", "They saw [Ulm|L], [Jena|L] and [Hof|L].", "locatedIn") == []
    assert found("{A}, {B}", "They saw [Jena|L], [Thuringia|L].", "locatedIn") == [("Jena", "Thuringia")]


def test_a_place_inside_a_group() -> None:
    text, sentence, mentions = read("[Ten firms from Ulm|G] met.")
    ulm = Mention(15, 18, "Ulm", EntityType.PLACE, "Ulm")
    assert text[ulm.start : ulm.end] == "Ulm"
    claims = patterns.match(Rules.of({"basedIn": ALL["basedIn"]}), text, sentence, [*mentions, ulm])
    assert [(c.subject.text, c.object.text) for c in claims] == [("Ten firms from Ulm", "Ulm")]


def test_a_candidate_says_how_it_was_found() -> None:
    relation = replace(ALL["suppliesTo"], patterns=(Pattern("{A} feeds {B}", 0.7),))
    text, _, mentions = read("So it is. [Festo|C] feeds [Kuka|C]. And so on.")
    (one,) = patterns.match(Rules.of({"suppliesTo": relation}), text, Sentence(10, 27), mentions)
    assert (one.predicate, one.method, one.confidence, one.start, one.end) == ("suppliesTo", "pattern", 0.7, 10, 27)
    assert one.subject == mentions[0] and one.object == mentions[1]


def test_characters_that_pass_for_slots_do_no_harm() -> None:
    assert found("{A} feeds {B}", "\x86\x0e [Festo|C] feeds \x9f İ [Kuka|C].") == [("Festo", "Kuka")]


def test_the_way_the_mentions_come_does_not_matter() -> None:
    text, sentence, mentions = read("[Festo|C] and [Kuka|C] signed a memorandum with [Sany|C] in [Ulm|L].")
    once = patterns.match(Rules.of(ALL), text, sentence, mentions)
    assert once and once == patterns.match(Rules.of(ALL), text, sentence, mentions[::-1])


@pytest.mark.parametrize(
    "unit", ["X ", "X signed ", "X, ", "X and ", "X, a b c d, ", "X (a) of X, ", "firms, including X, "]
)
def test_a_hostile_sentence_comes_to_an_end(unit: str) -> None:
    """Repetitions in expressions are bounded; without bounds these sentences would take for ever."""
    text = unit * 100
    mentions = [Mention(m.start(), m.end(), "X", EntityType.COMPANY, f"X{m.start()}") for m in re.finditer("X", text)]
    claims = patterns.match(Rules.of(ALL), text, Sentence(0, len(text)), mentions)
    assert all(text[c.subject.start] == text[c.object.start] == "X" for c in claims)


@pytest.mark.parametrize("relation", ALL.values(), ids=list(ALL))
def test_no_repetition_in_a_pattern_is_without_bound(relation: Relation) -> None:
    for pattern in relation.patterns:
        expression = patterns.compiled(relation, pattern).pattern
        groups = re.sub(r"\[[^\]]*\][*+]|\\[wd][*+]| \+", "", expression)  # of one kind of character: linear
        assert not re.search(r"\)[*+]", groups), pattern.text


def documents() -> list[dict[str, Any]]:
    """Annotated documents that the patterns were not made from."""
    home = files("kg").joinpath("training", "documents")
    lines = [line for n in "hlm" for line in home.joinpath(f"en-{n}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def named(document: dict[str, Any]) -> list[Mention]:
    """Every place in the text where a name of an annotated entity stands, the longest names first."""
    names = sorted(
        ((n, e) for e in document["entities"] for n in {e["name"], *e["aliases"]}), key=lambda x: (-len(x[0]), x[0])
    )
    taken: set[int] = set()
    mentions = []
    for name, entity in names:
        for hit in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", document["text"]):
            if taken.isdisjoint(range(*hit.span())):
                taken.update(range(*hit.span()))
                mentions.append(Mention(*hit.span(), name, EntityType(entity["type"]), entity["name"]))
    return sorted(mentions)


def test_four_in_five_claims_of_the_patterns_are_right_where_the_mentions_are_given() -> None:
    right: Counter[bool] = Counter()
    for document in documents():
        text, mentions = document["text"], named(document)
        gold = {(c["predicate"], frozenset((c["subject"], c["object"]))) for c in document["claims"]}
        spans = [m.span() for m in re.finditer(r"[^\n.]+(?:\.(?! [A-Z\n])[^\n.]*)*", text)]
        seen = {
            (c.predicate, frozenset((c.subject.entity, c.object.entity)))
            for span in spans
            for c in patterns.match(Rules.of(ALL), text, Sentence(*span), mentions)
        }
        right.update(claim in gold for claim in seen)
    assert right[True] > 300
    assert right[True] / right.total() > 0.8

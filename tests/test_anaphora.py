"""Words that refer back find what was named before."""

import pytest

from kg import sentences
from kg.anaphora.resolve import resolve
from kg.model import EntityType, Mention

C, P, L, E, U, ORG = (
    EntityType(t) for t in ("Company", "Person", "Place", "Event", "ResearchOrganization", "Organization")
)


def mentions(text: str, *named: tuple[str, EntityType]) -> list[Mention]:
    return [Mention(text.index(n), text.index(n) + len(n), n, t, n) for n, t in named]


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        ("Voith opened a plant. The company is old.", [("Voith", C)], [("The company", "Voith")]),
        ("Kuka grew. Its owner is glad.", [("Kuka", C)], [("Its", "Kuka")]),
        ("Anna Weber runs Elmos. She met nobody.", [("Anna Weber", P), ("Elmos", C)], [("She", "Anna Weber")]),
        (
            "Jena and Kassel met. Both cities gained.",
            [("Jena", L), ("Kassel", L)],
            [("Both cities", "Jena"), ("Both cities", "Kassel")],
        ),
        ("Elmos left Dortmund. The city was sad.", [("Elmos", C), ("Dortmund", L)], [("The city", "Dortmund")]),
        ("The Forum Ruhr opened. At the event, all sang.", [("Forum Ruhr", E)], [("the event", "Forum Ruhr")]),
        (
            "Voith and TU Ulm agreed. The university gains.",
            [("Voith", C), ("TU Ulm", U)],
            [("The university", "TU Ulm")],
        ),
        (
            "Voith supplies Kuka. The latter is based in Ulm.",
            [("Voith", C), ("Kuka", C), ("Ulm", L)],
            [("The latter", "Kuka")],
        ),
        (
            "Voith and the Shenzhen firm Mindray signed.\nThe two will build a plant.",
            [("Voith", C), ("Shenzhen", L), ("Mindray", C)],
            [("firm", "Mindray"), ("The two", "Voith"), ("The two", "Mindray")],
        ),
        ("Elmos has come to Ulm. It is said that prices rise.", [("Elmos", C), ("Ulm", L)], []),
        ("Elmos' chairman Otto Zimmer left. He was 60.", [("Elmos", C), ("Otto Zimmer", P)], [("He", "Otto Zimmer")]),
        ("Nothing was named. The company is old.", [], []),
        ("Voith saw the companyman.", [("Voith", C)], []),
        ("Voith grew.\nA.\nB.\nC.\nThe company is old.", [("Voith", C)], [("The company", "Voith")]),
        ("Voith grew.\nA.\nB.\nC.\nIt is old.", [("Voith", C)], []),
        (
            "The IHK Ulm Chamber met Caritas Foundation.\nThe chamber paid.",
            [("IHK Ulm Chamber", ORG), ("Caritas Foundation", ORG)],
            [("The chamber", "IHK Ulm Chamber")],
        ),
        (
            "Caritas Foundation met IHK Ulm Chamber.\nThe chamber paid.",
            [("IHK Ulm Chamber", ORG), ("Caritas Foundation", ORG)],
            [("The chamber", "IHK Ulm Chamber")],
        ),
    ],
)
def test_resolve(text: str, named: list[tuple[str, EntityType]], expected: list[tuple[str, str]]) -> None:
    found = resolve(text, sentences.split(text), mentions(text, *named))
    assert sorted((m.text, m.entity) for m in found) == sorted(expected)
    assert all(m.anaphoric and text[m.start : m.end] == m.text for m in found)

"""Words that refer back find what was named before."""

import json

import numpy as np
import pytest

from kg import sentences
from kg.anaphora.resolve import WEIGHTS, Network, resolve, shipped
from kg.model import EntityType, Mention
from kg.training.anaphora import __main__ as training

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
        ("Elmos' chairman Otto Zimmer left. He was 60.", [("Elmos", C), ("Otto Zimmer", P)], [("He", "Otto Zimmer")]),
        (
            "Jena and Kassel met.\nThe two partner cities gained.",
            [("Jena", L), ("Kassel", L)],
            [("The two partner cities", "Jena"), ("The two partner cities", "Kassel")],
        ),
        ("Voith showed the Achema's partner city a pump.", [("Voith", C), ("Achema", E)], []),
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
    assert sorted((m.text, m.entity) for m in found) == sorted(expected) and list(found) == sorted(found)
    assert all(m.anaphoric and text[m.start : m.end] == m.text for m in found)


def test_names_behind_a_word_leave_room_for_those_before() -> None:
    firms = [f"Firm{chr(65 + n // 26)}{chr(97 + n % 26)}" for n in range(50)]
    text = f"Voith is old. It supplies {', '.join(firms)}."
    found = resolve(text, sentences.split(text), mentions(text, ("Voith", C), *((firm, C) for firm in firms)))
    assert [(m.text, m.entity) for m in found] == [("It", "Voith")]


def test_a_word_means_a_thing_of_a_type_that_it_fits() -> None:
    text = "Wolfsburg is rich. Wolfsburg won in Peking. The club is glad."
    named = [
        Mention(0, 9, "Wolfsburg", L, "Wolfsburg"),
        Mention(19, 28, "Wolfsburg", EntityType.SPORTS_CLUB, "Wolfsburg"),
    ]
    found = resolve(text, sentences.split(text), named)
    assert [(m.text, m.type) for m in found] == [("The club", EntityType.SPORTS_CLUB)]


def test_a_network_is_what_its_file_says() -> None:
    hidden, bias, out = (
        np.array([[0.5, -1.0], [0.25, 2.0], [0.0, 1.0]]),
        np.array([0.1, 0.2]),
        np.array([1.0, -2.0, 0.5]),
    )
    network = Network.of(training._as_text(["company", "its"], hidden, bias, out))
    rows = np.array([[1.0, 2.0, 3.0], [1.0, 0.0, 0.0]], dtype=np.float32)
    assert network.frequent == ("company", "its")
    assert network.scores(rows[0, :1], rows[:, 1:]) == pytest.approx(
        np.tanh(rows @ hidden + bias) @ out[:2] + 0.5, abs=1e-5
    )


def test_the_shipped_network_is_made_from_words_lists_and_code_as_they_are() -> None:
    assert json.loads(WEIGHTS.read_text(encoding="utf-8"))["version"] == training.fingerprint(), (
        "run: python -m kg.training.anaphora"
    )


def test_annotated_words_become_questions() -> None:
    """Each has a row for each thing that it may mean, of as many numbers as the shipped network takes."""
    network = shipped()
    asked = training.questions(training.annotated()[0], network.frequent)
    assert asked and {question.numbers.shape[1] for question in asked} == {len(network.hidden)}
    assert all(len(question.right) == len(question.numbers) for question in asked)
    assert any(question.right.sum() == 1 for question in asked)

"""The score agrees with what a person would count."""

import pytest

from kg import evaluation
from kg.model import Argument, Claim, EntityType, Evidence, Qualifiers, Status

SYMMETRIC = frozenset({"metWith"})
RECORD = {
    "id": "d",
    "entities": [
        {"name": "Voith GmbH", "type": "Company", "aliases": ["Voith"]},
        {"name": "Kunshan", "type": "Place"},
        {"name": "Anna Weber", "type": "Person"},
        {"name": "delegation of German mayors", "type": "Group"},
    ],
    "claims": [
        {"predicate": "investedIn", "subject": "Voith GmbH", "object": "Kunshan", "status": "planned"},
        {"predicate": "metWith", "subject": "Anna Weber", "object": "delegation of German mayors", "status": "actual"},
    ],
}


def claim(predicate: str, subject: str, object_: str, status: str = "actual") -> Claim:
    def argument(name: str) -> Argument:
        return Argument(name, EntityType.COMPANY, name)

    return Claim(
        predicate,
        argument(subject),
        argument(object_),
        Status(status),
        Evidence("d", "x", 0, 1),
        0.9,
        "reader",
        Qualifiers(),
    )


@pytest.mark.parametrize(
    ("claims", "right", "predicted", "status"),
    [
        ([claim("investedIn", "Voith", "Kunshan", "planned")], 1, 1, 1.0),
        ([claim("investedIn", "the voith group", "Kunshan")], 1, 1, 0.0),
        ([claim("investedIn", "Kunshan", "Voith")], 0, 1, 0.0),
        ([claim("metWith", "German mayors", "Anna Weber")], 1, 1, 1.0),
        ([claim("metWith", "mayors", "Anna Weber")], 0, 1, 0.0),
        ([claim("investedIn", "Voith", "Kunshan"), claim("investedIn", "Voith AG", "Kunshan")], 1, 1, 0.0),
        ([], 0, 0, 0.0),
    ],
)
def test_score(claims: list[Claim], right: int, predicted: int, status: float) -> None:
    result = evaluation.score([RECORD], {"d": claims}, SYMMETRIC)
    assert (result.claims.right, result.claims.predicted, result.claims.gold, result.status) == (
        right,
        predicted,
        2,
        status,
    )


def test_rates() -> None:
    rate = evaluation.Rate(3, 4, 6)
    assert (rate.precision, rate.recall, rate.f1) == (0.75, 0.5, 0.6)


@pytest.mark.parametrize(
    ("a", "b"), [("Müller GmbH & Co. KG", "Mueller"), ("the Élysée", "Elysee"), ("Siemens’s", "Siemens")]
)
def test_names_that_compare_equal(a: str, b: str) -> None:
    assert evaluation.key(a) == evaluation.key(b)

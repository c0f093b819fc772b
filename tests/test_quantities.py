"""Money, stakes and counts in running text."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from factories import REPORTED

from kg.claims.numbers import parse_number
from kg.claims.quantities import Quantity, find_amounts, find_counts, find_shares, parse_count
from kg.model import Amount, Count, Share


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("five", 5), ("fifty-three", 53), ("Two hundred and fifty", 250), ("a hundred", 100),
        ("half a million", 500_000),
        ("1,500", 1500), ("1.5 billion", 1.5e9), ("3.2bn", 3.2e9), ("15,1", 15.1),
        ("1.500", 1.5), ("1.500.000", 1_500_000), ("1.234,56", 1234.56), ("1,5 Mrd.", 1.5e9),
        ("thirty thousand", 30_000),
        ("many", None), ("", None), ("12 apples", None),
    ],
)  # fmt: skip
def test_numbers(words: str, value: float | None) -> None:
    assert parse_number(words) == value


@pytest.mark.parametrize(
    ("text", "verbatim", "currency", "value"),
    [
        ("put EUR 1.5 billion into it", "EUR 1.5 billion", "EUR", 1.5e9),
        ("for €30 million.", "€30 million", "EUR", 3e7),
        ("for 15.1 million euros", "15.1 million euros", "EUR", 15.1e6),
        ("3.2bn yuan", "3.2bn yuan", "CNY", 3.2e9),
        ("RMB 500 million", "RMB 500 million", "CNY", 5e8),
        ("US$2 billion", "US$2 billion", "USD", 2e9),
        ("a $40m plant", "$40m", "USD", 4e7),
        ("10 billion US dollars", "10 billion US dollars", "USD", 1e10),
        ("an 18-million-euro workshop", "18-million-euro", "EUR", 1.8e7),
        ("Five million Deutschmarks", "Five million Deutschmarks", "DEM", 5e6),
        ("around EUR 85 million", "around EUR 85 million", "EUR", 8.5e7),
        ("23.0 billion to 25.7 billion yuan", "23.0 billion to 25.7 billion yuan", "CNY", 2.3e10),
        ("2 to 3 billion euros", "2 to 3 billion euros", "EUR", 2e9),
        ("50,000 euros", "50,000 euros", "EUR", 50_000),
        ("two to three hundred million euros", "two to three hundred million euros", "EUR", 2e8),
        ("80 to a hundred million euros", "80 to a hundred million euros", "EUR", 8e7),
        ("EUR 3.5-4.0bn", "EUR 3.5-4.0bn", "EUR", 3.5e9),
        ("a $3-4m plant", "$3-4m", "USD", 3e6),
        ("for € 1.234.567,89 in cash", "€ 1.234.567,89", "EUR", 1_234_567.89),
        ("put EUR 1.500.000 into it", "EUR 1.500.000", "EUR", 1_500_000),
        ("1.500.000 euros", "1.500.000 euros", "EUR", 1_500_000),
        ("at €1.500 each", "€1.500", "EUR", 1500),
        ("at $1.500 each", "$1.500", "USD", 1.5),
        ("EUR 1.500 billion", "EUR 1.500 billion", "EUR", 1.5e9),
        ("1,5 Mrd. Euro", "1,5 Mrd. Euro", "EUR", 1.5e9),
        ("1,5 Milliarden Euro", "1,5 Milliarden Euro", "EUR", 1.5e9),
        ("30 Mio. EUR", "30 Mio. EUR", "EUR", 3e7),
        ("500 Millionen Euro", "500 Millionen Euro", "EUR", 5e8),
        ("several hundred million euros", "several hundred million euros", "EUR", None),
        ("a double-digit million sum", "double-digit million sum", "", None),
        ("several tens of millions of US dollars", "several tens of millions of US dollars", "USD", None),
    ],
)
def test_amounts(text: str, verbatim: str, currency: str, value: float | None) -> None:
    (found,) = find_amounts(text)
    assert found.value == Amount(verbatim, currency, value)
    assert text[found.start : found.end] == verbatim


def test_a_bare_sum_has_the_currency_of_the_one_before() -> None:
    found = find_amounts("The capital rises by 40 million euros, 30 million of which will come from the buyer.")
    assert [quantity.value for quantity in found] == [
        Amount("40 million euros", "EUR", 4e7),
        Amount("30 million", "EUR", 3e7),
    ]


@pytest.mark.parametrize("text", ["30 million people", "in 2021", "50 companies", "a million", "RMB", "the euro zone"])
def test_no_amount(text: str) -> None:
    assert find_amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("took 25% of it", [("25%", 25)]),
        ("82.5 percent of the airport", [("82.5 percent", 82.5)]),
        ("a 51 per cent stake", [("51 per cent", 51)]),
        ("a 51-percent stake", [("51-percent", 51)]),
        ("Fifty percent is theirs", [("Fifty percent", 50)]),
        ("about 8.5% of the capital", [("about 8.5%", 8.5)]),
        ("up to 29.9 percent", [("up to 29.9 percent", 29.9)]),
        ("held 51, 25 and 24 percent", [("51", 51), ("25", 25), ("24 percent", 24)]),
        ("has the majority", [("majority", None)]),
        ("a quarter of the shares", [("quarter", 25)]),
        ("the remaining quarter stays with them", [("remaining quarter", 25)]),
        ("owns half of it", [("half", 50)]),
        ("a 50-50 joint venture", [("50-50", 50)]),
        ("in equal shares", [("equal shares", 50)]),
        ("The firm is to hold 51 percent, the Germans 49.", [("51 percent", 51), ("49", 49)]),
        ("raised its stake in Kuka from 13.5 percent to 94.55 percent", [("94.55 percent", 94.55)]),
        ("raised its share from 25 to 35 percent", [("35 percent", 35)]),
        ("from its current 20% of the shares to more than 30%", [("more than 30%", 30)]),
        ("raised its stake to 94.55 percent from 13.5 percent", [("94.55 percent", 94.55)]),
        ("holds 30 percent, up from 20 percent", [("30 percent", 30)]),
        ("bought 25% from Kuka and sold 10% to Bosch", [("25%", 25), ("10%", 10)]),
        ("the second quarter of 2020, when they bought the shares", []),
        ("rose by five percentage points", []),
        ("half a year later", []),
    ],
)
def test_shares(text: str, expected: list[tuple[str, float | None]]) -> None:
    found = find_shares(text)
    assert [quantity.value for quantity in found] == [Share(*pair) for pair in expected]
    assert [text[quantity.start : quantity.end] for quantity in found] == [verbatim for verbatim, _ in expected]


COUNTS = [
    ("More than 50 German companies", "More than 50", "atLeast", 50),
    ("fifty-three competitive companies", "fifty-three", "exactly", 53),
    ("nearly 20 corporations", "nearly 20", "about", 20),
    ("upwards of 2,700 firms", "upwards of 2,700", "atLeast", 2700),
    ("no fewer than 76 machines", "no fewer than 76", "atLeast", 76),
    ("at least a hundred guests", "at least a hundred", "atLeast", 100),
    ("over 400 firms", "over 400", "atLeast", 400),
    ("up to 30 firms", "up to 30", "atMost", 30),
    ("as many as 40 firms", "as many as 40", "atMost", 40),
    ("Between 20 and 30 German companies", "Between 20 and 30", "atLeast", 20),
    ("20 to 30 companies", "20 to 30", "atLeast", 20),
    ("20-30 companies", "20-30", "atLeast", 20),
    ("ninety to a hundred firms", "ninety to a hundred", "atLeast", 90),
    ("two or three partners", "two or three", "atLeast", 2),
    ("around 20 to 30 thousand visitors", "around 20 to 30 thousand", "about", 20_000),
    ("Some 300 or so firms", "Some 300 or so", "about", 300),
    ("60-odd shops", "60-odd", "about", 60),
    ("Half a dozen firms", "Half a dozen", "exactly", 6),
    ("several hundred thousand visitors", "several hundred thousand", "atLeast", 200_000),
    ("a couple of firms", "a couple of", "atLeast", 2),
    ("some 200 people", "some 200", "about", 200),
    ("roughly 500 exhibitors", "roughly 500", "about", 500),
    ("a dozen diplomats", "a dozen", "exactly", 12),
    ("dozens of firms", "dozens of", "atLeast", 24),
    ("hundreds of guests", "hundreds of", "atLeast", 200),
    ("many companies", "many", "about", None),
    ("several firms", "several", "about", None),
    ("both universities", "both", "exactly", 2),
    ("three partners", "three", "exactly", 3),
]


@pytest.mark.parametrize(("text", "verbatim", "comparator", "value"), COUNTS)
def test_counts(text: str, verbatim: str, comparator: str, value: int | None) -> None:
    (found,) = find_counts(text)
    assert found.value == parse_count(text) == parse_count(verbatim) == Count(verbatim, comparator, value)
    assert text[found.start : found.end] == verbatim


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("50+ firms", Count("50+", "atLeast", 50)),
        ("20 or so firms", Count("20 or so", "about", 20)),
        ("companies", Count("companies", "about", None)),
        ("", Count("", "about", None)),
    ],
)
def test_counts_of_other_shapes(words: str, count: Count) -> None:
    assert parse_count(words) == count


@pytest.mark.parametrize(
    ("text", "verbatim"),
    [("It grew from 12 to 30 firms.", "30"), ("Schalke 04 to two partners", "two"), ("between 30 and 20 firms", "20")],
)
def test_what_is_no_range(text: str, verbatim: str) -> None:
    assert [quantity.value.verbatim for quantity in find_counts(text)] == [verbatim]


@pytest.mark.parametrize(
    "text",
    [
        "In 2021 they met",
        "Between 2019 and 2021 German firms",
        "the 2020-2025 plan",
        "on Oct 24 withdrawn",
        "May 20 to 30 companies",
        "June 25 local time",
        "40 percent of sales",
        "30 million euros",
        "one might say",
        "8.5 points",
        "ten years",
        "the 3rd firm",
        "€ 40 each",
    ],
)
def test_no_count(text: str) -> None:
    assert find_counts(text) == ()


@pytest.mark.parametrize("find", [find_amounts, find_shares, find_counts])
@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "1 ",
        ",",
        "a ",
        "one ",
        "one hundred ",
        "1% ",
        "€",
        "half ",
        "51 percent, 49. ",
        "1 million ",
        "more than ",
        "between 1 and ",
        "1-",
        "1 to ",
        "1.500.",
        "from 1% to ",
        "5 euros ",
        "\n",
    ],
)
def test_hostile_texts(find: Callable[[str], tuple[Quantity, ...]], piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert all(text[quantity.start : quantity.end] == quantity.value.verbatim for quantity in find(text))


@pytest.mark.parametrize(
    ("name", "find", "least"),
    [("amount", find_amounts, 0.9), ("share", find_shares, 0.9), ("count", find_counts, 0.95)],
)
def test_the_quantities_of_the_annotated_claims_are_found(
    name: str, find: Callable[[str], tuple[Quantity, ...]], least: float
) -> None:
    total = right = 0
    for path in REPORTED:
        for data in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            for claim in data["claims"]:
                wanted = str(claim.get("qualifiers", {}).get(name, "")).casefold()
                if wanted:
                    found = [quantity.value.verbatim.casefold() for quantity in find(claim["evidence"])]
                    total += 1
                    right += any(wanted in words or words in wanted for words in found)
    assert total > 40 and right / total >= least

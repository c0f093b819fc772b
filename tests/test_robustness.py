"""Documents that nobody writes but somebody will feed: no crash, offsets to the letter, time that grows with the length."""

import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import pipeline
from kg.model import Document, Extraction

PIECES = [
    "Voith GmbH", "signed an agreement with", "Ningbo Yuanhang", "南山区", "签署了协议", "\u202eمرحبا\u202c", "😀🏭",
    "\u0000\u0007\u001b[31m", "2021", "50%", "€ 3,5 Mio.", "\ue000\uf8ff", "A.", "“", "”", "(", ")", "—", "\n", "\n\n",
    "\t", "\u2028", "\xa0", "\ufeff", "İzmir", "ß", "respectively", "including", ",", "and", ".", "Mr.", "the company",
    "It", "in", "Wuhan", "MUNICH", "e\u0301", "\U0001f1e8\U0001f1f3",
]  # fmt: skip


def extracted(text: str) -> Extraction:
    """What comes of a text, every offset checked."""
    extraction = pipeline.extract(Document("odd", text, published="2024-02-30"))
    for claim in extraction.claims:
        evidence = claim.evidence
        assert text[evidence.start : evidence.end] == evidence.quote
        for end in (claim.subject, claim.object):
            assert text[end.start : end.end] == end.mention
    for mention in extraction.mentions:
        assert text[mention.start : mention.end] == mention.text
    return extraction


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=60))
def test_any_text_keeps_its_offsets(pieces: list[str]) -> None:
    extracted(" ".join(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "VOITH GMBH OF HEIDENHEIM HAS SIGNED AN AGREEMENT WITH THE CITY OF KUNSHAN ON A NEW PLANT. " * 40,
        "0123456789 " * 2000,
        "中国和德国的企业签署了合作协议。" * 400,
        "😀" * 3000,
        "\u202e" + "Voith opened a plant in Kunshan. " * 50,
        "\x00\x01\x02" * 1000,
        "a" * 100_000,
        "Voith " * 5000,
        "(" * 5000 + ")" * 5000,
        "“" * 3000,
        "e\u0301" * 4000,
    ],
    ids=["empty", "space", "capitals", "digits", "chinese", "emoji", "right to left", "control", "one word", "one name",
         "brackets", "quotes", "accents"],
)  # fmt: skip
def test_odd_documents_are_read_to_the_end(text: str) -> None:
    extracted(text)


def names(count: int) -> str:
    """One sentence with a list of so many companies."""
    syllables = ["ba", "be", "ko", "li", "ma", "no", "ra", "se", "to", "vu"]
    made = (
        (syllables[n % 10] + syllables[n // 10 % 10] + syllables[n // 100 % 10] + syllables[n // 1000]).title()
        for n in range(count)
    )
    return f"Buyers of {', '.join(f'{name} GmbH' for name in made)} and Voith visited Kunshan."


def test_a_list_of_a_thousand_names_is_one_list_of_names() -> None:
    found = extracted(names(1000))
    assert len({mention.text for mention in found.mentions}) > 900


@pytest.mark.parametrize(
    "make",
    [
        names,
        lambda n: "Voith opened a plant in Kunshan. " * n,
        lambda n: "(A, “B and " * n,
        lambda n: "西门子与国家电网签署协议" * (n // 2),
    ],
)
def test_twice_the_text_takes_about_twice_the_steps(make: object) -> None:
    """Counted in calls, not in seconds: a step that looks at every pair would take four times as many."""
    assert callable(make)
    few, many = (calls(make(count)) for count in (300, 600))
    assert many < 3 * few


def calls(text: str) -> int:
    """Python and C calls that extraction makes."""
    made = 0

    def count(*_: object) -> None:
        nonlocal made
        made += 1

    extracted(text[:200])  # what is loaded once is not counted
    sys.setprofile(count)
    try:
        pipeline.extract(Document("odd", text))
    finally:
        sys.setprofile(None)
    return made

"""Dates in running text, resolved against the day of publication."""

from __future__ import annotations

import json

import pytest
from factories import REPORTED

from kg.claims.dates import find_dates

FRIDAY = "2024-06-28"


def isos(text: str, published: str = FRIDAY) -> list[str]:
    return [mention.date.iso for mention in find_dates(text, published)]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("founded in 2021.", "2021"),
        ("The 2013 deal", "2013"),
        ("(2012)", "2012"),
        ("on June 24, 2024", "2024-06-24"),
        ("on Sept. 6, 2019", "2019-09-06"),
        ("on 24 June 2024", "2024-06-24"),
        ("the 2nd of July 2018", "2018-07-02"),
        ("in June 2023", "2023-06"),
        ("in early 2020", "2020"),
        ("the first quarter of 2020", "2020"),
        ("the summer of 2010", "2010"),
        ("on 2023-06-24", "2023-06-24"),
        ("on 24.06.2023", "2023-06-24"),
        ("on 24/06/2023", "2023-06-24"),
        ("2023年6月24日", "2023-06-24"),
        ("June 3 to 6, 2019", "2019-06-03"),
        ("25 and 26 May 2016", "2016-05-25"),
        ("from 30 May to 2 June 2012", "2012-05-30"),
        ("the last day of July 2013", "2013-07-31"),
        ("2016-2019", "2016"),
        ("in 2019-20 they played", "2019"),
        ("on 5/13/2021", "2021-05-13"),
        ("on 13/5/2021", "2021-05-13"),
        ("on 4/5/2021", "2021-05-04"),
        ("JUNE 10, 2021", "2021-06-10"),
        ("10 JUNE 2021", "2021-06-10"),
        ("on 3, 4 and 5 May 2021", "2021-05-03"),
        ("on 3, 4, and 5 May 2021", "2021-05-03"),
        ("May 3, 4 and 5, 2021", "2021-05-03"),
        ("In Q3 2020 they met", "2020"),
        ("H1 2021 was good", "2021"),
        ("in FY2021", "2021"),
        ("in FY2020/21", "2020"),
        ("by Q4/2022", "2022"),
    ],
)
def test_what_needs_no_publication_date(text: str, iso: str) -> None:
    assert isos(text, "") == [iso]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("They signed today.", "2024-06-28"),
        ("They signed yesterday.", "2024-06-27"),
        ("They sign tomorrow.", "2024-06-29"),
        ("They signed on Thursday.", "2024-06-27"),
        ("They signed on Friday.", "2024-06-28"),
        ("They signed last Friday.", "2024-06-21"),
        ("They signed on Monday.", "2024-06-24"),
        ("They will sign on Monday.", "2024-07-01"),
        ("They met from Monday to Friday.", "2024-06-24"),
        ("They met on Monday and Tuesday.", "2024-06-24"),
        ("ON THURSDAY THEY MET", "2024-06-27"),
        ("The deal is to be signed on Monday.", "2024-07-01"),
        ("They will buy it, the group said on Monday.", "2024-06-24"),
        ("next Thursday", "2024-07-04"),
        ("this Sunday", "2024-06-30"),
        ("Tuesday last week", "2024-06-18"),
        ("last year", "2023"),
        ("this year", "2024"),
        ("next year", "2025"),
        ("earlier this year", "2024"),
        ("last month", "2024-05"),
        ("last week", "2024-06"),
        ("in March", "2024-03"),
        ("in October", "2023-10"),
        ("It will open in October.", "2024-10"),
        ("last October", "2023-10"),
        ("in March of last year", "2023-03"),
        ("on June 5", "2024-06-05"),
        ("on 5 November", "2023-11-05"),
        ("It will open on 5 November.", "2024-11-05"),
        ("From July 30 they are on tour", "2024-07-30"),
        ("two years ago", "2022"),
        ("ten years ago", "2014"),
        ("four months ago", "2024-02"),
        ("two weeks ago", "2024-06"),
        ("half a year ago", "2023-12"),
        ("half a decade ago", "2019"),
        ("Orders fell in the first quarter.", "2024"),
        ("Orders fell in the fourth quarter of the year.", "2023"),
        ("It will open in the fourth quarter.", "2024"),
        ("The deal is expected to close in the first quarter.", "2025"),
        ("founded at the beginning of the year", "2024"),
        ("last autumn", "2023"),
        ("before the year is out", "2024"),
        ("in the new year", "2025"),
    ],
)
def test_what_is_resolved_against_publication(text: str, iso: str) -> None:
    assert isos(text) == [iso]
    assert isos(text, "") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Founded in March 2006. Three years later it moved.", ["2006-03", "2009"]),
        ("It opened in 1984, two years after the two had met.", ["1984", "1982"]),
        ("A pact of May 2008 was followed on 16 December of the same year.", ["2008-05", "2008-12-16"]),
        ("2016: On 25 April they sign.", ["2016", "2016-04-25"]),
        ("Sales grew (Q3 2020: 5 million) and in May they signed.", ["2020", "2024-05"]),
        ("Founded in 1900, it grew in the first quarter.", ["1900", "2024"]),
        ("Since November 2017 they work together, and in March of that year it began.", ["2017-11", "2017-03"]),
        ("They met on 9 July 2018. The following day they flew home.", ["2018-07-09", "2018-07-10"]),
    ],
)
def test_what_leans_on_the_date_before(text: str, expected: list[str]) -> None:
    assert isos(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the 1990s",
        "Expo 2010",
        "2,021 jobs",
        "It may march on.",
        "31 February 2024",
        "EUR 2021",
        "in Room 2024.5",
        "No. 216/2009",
        "$2020",
        "5/6-2021",
        "Article 17 MAR",
        "the Audi Q3 2020",
        "2021-06",
        "GB/T 2019-20",
        "in the quarter-final",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert isos(text) == []


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("Saturday, 7 September 2019", "2019-09-07"),
        ("Friday, May 7, 2021", "2021-05-07"),
        ("FRIDAY, MAY 7, 2021", "2021-05-07"),
        ("Tuesday, 1 December 2020", "2020-12-01"),
        ("Friday (7 May)", "2024-05-07"),
        ("Monday, the 3rd of May", "2024-05-03"),
        ("Last Friday, 3 May", "2024-05-03"),
        ("Thursday evening, 6 June", "2024-06-06"),
        ("Friday, 2021-05-07", "2021-05-07"),
        ("Freitag, den 7. Mai 2021", "2021-05-07"),
        ("7 May (Friday)", "2024-05-07"),
        ("June 6, Thursday", "2024-06-06"),
        ("Monday, 3 June to Friday, 7 June", "2024-06-03"),
    ],
)
def test_a_day_and_its_weekday_are_one_date(words: str, iso: str) -> None:
    (mention,) = find_dates(f"They visited Wuhan on {words}, to sign.", FRIDAY)
    assert (mention.date.verbatim, mention.date.iso) == (words, iso)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("They signed on 3 May. The fair opened.", "3 May"),
        ("They signed on May 3. The fair opened.", "May 3"),
        ("They signed in June. The fair opened.", "June"),
        ("They signed on 3 Sept. in Jena.", "3 Sept."),
        ("Half a year after the deal they parted.", "Half a year after"),
    ],
)
def test_a_date_ends_with_its_words(text: str, words: str) -> None:
    assert [mention.date.verbatim for mention in find_dates(text, FRIDAY)] == [words]


def test_a_sentence_ends_behind_the_month_that_it_ends_with() -> None:
    assert isos("Its owner pulled out in May. The buyer will pay the rest.") == ["2024-05"]


def test_offsets_and_words_are_those_of_the_text() -> None:
    text = "In May 2021 they agreed; on Thursday they signed."
    found = find_dates(text, FRIDAY)
    assert [(text[m.start : m.end], m.date.verbatim) for m in found] == [
        ("May 2021", "May 2021"),
        ("Thursday", "Thursday"),
    ]


def test_a_passage_of_a_text_keeps_its_offsets_and_its_context() -> None:
    text = "They met in August 2017. In November of that year they signed. In 2020 they parted."
    start, end = text.index("In November"), text.index("In 2020")
    (mention,) = find_dates(text, "", start, end)
    assert (mention.date.iso, text[mention.start : mention.end]) == ("2017-11", "November of that year")


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "2021",
        "2021 ",
        ",",
        "a ",
        "May ",
        "Monday ",
        "Monday, 3 May ",
        "Monday (",
        "3, ",
        "one hundred ",
        "24.06.",
        "\n",
        "in the ",
    ],
)
def test_hostile_texts(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert all(text[m.start : m.end] == m.date.verbatim for m in find_dates(text, FRIDAY))


def test_the_dates_of_the_annotated_claims_are_found() -> None:
    told = right = 0
    for path in REPORTED:
        for data in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            for claim in data["claims"]:
                wanted = claim.get("qualifiers", {}).get("date")
                start = data["text"].find(claim["evidence"])
                if not wanted or start < 0:
                    continue
                end = start + len(claim["evidence"])
                found = {m.date.iso for m in find_dates(data["text"], data.get("published", ""), start, end)}
                told += bool(found)
                right += wanted in found
    assert told > 700 and right / told > 0.94

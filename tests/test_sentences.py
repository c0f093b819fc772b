"""Where sentences end."""

import pytest

from kg import sentences
from kg.model import Document, Section, SectionKind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Dr. Weber met Prof. Li. They talked.", ["Dr. Weber met Prof. Li.", "They talked."]),
        ("It cost 1.5 billion. More later.", ["It cost 1.5 billion.", "More later."]),
        ("“It works.” Nobody laughed.", ["“It works.”", "Nobody laughed."]),
        ("CATL Co. Ltd. builds cells", ["CATL Co. Ltd. builds cells"]),
        ("First line\n\nSecond line", ["First line", "Second line"]),
        ("• one\n• two\r\n• three", ["• one", "• two", "• three"]),
        ("Ja? Nein! Doch…", ["Ja?", "Nein!", "Doch…"]),
        ("签署了协议。双方合作。", ["签署了协议。", "双方合作。"]),
        ("   ", []),
        ("J. S. Bach came.", ["J. S. Bach came."]),
        ("Hans-J. Weber came.", ["Hans-J. Weber came."]),
        ("He joined 1. FC Köln from 1. BC Saarbrücken.", ["He joined 1. FC Köln from 1. BC Saarbrücken."]),
        ("They won by 2. Köln lost in 2016. FC fans left.", ["They won by 2.", "Köln lost in 2016.", "FC fans left."]),
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    assert [text[s.start : s.end] for s in sentences.split(text)] == expected


def test_a_line_without_a_stop_is_cut() -> None:
    found = sentences.split("word " * 200_000)
    assert max(s.end - s.start for s in found) <= sentences.LONGEST
    assert len(found) > 800


def test_only_title_and_body_are_read() -> None:
    text = "Title\n\nBERLIN — Body here.\n\nCONTACT: Someone."
    sections = (
        Section(SectionKind.TITLE, 0, 5),
        Section(SectionKind.BODY, 16, 26),
        Section(SectionKind.CONTACT, 28, 45),
    )
    found = sentences.of_document(Document("d", text, sections=sections))
    assert [text[s.start : s.end] for s in found] == ["Title", "Body here."]

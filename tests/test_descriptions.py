"""Where names, groups and events begin and end."""

import pytest

from kg import sentences
from kg.claims import descriptions
from kg.model import EntityType, Mention

T = EntityType


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("Kern Tools and Fittings grew.", ["Kern Tools and", "Fittings"], ["Kern Tools and Fittings"]),
        ("Kern Tools and other firms grew.", ["Kern Tools and"], ["Kern Tools"]),
        ("Kern Tools & , it is said.", ["Kern Tools &"], ["Kern Tools"]),
        ("Kern and Voith grew.", ["Kern", "Voith"], ["Kern", "Voith"]),
    ],
)
def test_no_name_ends_in_a_word_that_joins(text: str, marked: list[str], expected: list[str]) -> None:
    found = [Mention(text.index(name), text.index(name) + len(name), name, T.COMPANY, name, 0.9) for name in marked]
    whole = descriptions.complete(text, sentences.split(text), found)
    assert [mention.text for mention in whole] == expected
    assert all(text[m.start : m.end] == m.text == m.entity for m in whole)


def test_a_group_takes_the_words_that_belong_to_it() -> None:
    text = "More than 50 German companies from Jena came."
    seen = [
        Mention(text.index("companies"), text.index("companies") + 9, "companies", T.GROUP, "companies"),
        Mention(text.index("Jena"), text.index("Jena") + 4, "Jena", T.PLACE, "Jena"),
    ]
    group, _ = descriptions.complete(text, sentences.split(text), seen)
    assert group.text == "German companies from Jena"

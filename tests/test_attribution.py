"""Who says so, and what part of a sentence is in the speaker's mouth."""

from dataclasses import replace

import pytest

from kg.claims.attribution import speaker_of, speeches
from kg.model import EntityType, Mention, Sentence

P, C, L = EntityType.PERSON, EntityType.COMPANY, EntityType.PLACE


def mention(text: str, words: str, kind: EntityType) -> Mention:
    return Mention(text.index(words), text.index(words) + len(words), words, kind, words)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Anna Weber said that Voith will open a plant in Kunshan.", "Anna Weber"),
        ("Anna Weber, head of Elmos, said that Voith will open a plant in Kunshan.", "Anna Weber"),
        ("“Voith will open a plant in Kunshan,” said Anna Weber.", "Anna Weber"),
        ("“Voith will open a plant in Kunshan,” Anna Weber said.", "Anna Weber"),
        ("According to Anna Weber, Voith will open a plant in Kunshan.", "Anna Weber"),
        ("A spokeswoman for Elmos said Voith will open a plant in Kunshan.", "spokeswoman for Elmos"),
        ("Voith will open a plant in Kunshan.", ""),
        ("Voith will open a plant in Kunshan, Anna Weber told reporters on Monday.", "Anna Weber"),
        ("Voith, Anna Weber announced, will open a plant in Kunshan.", "Anna Weber"),
        ("In Munich, works manager Anna Weber revealed that Voith will open a plant in Kunshan.", "Anna Weber"),
        (
            "Anna Weber, head of Elmos, a firm from Ulm, has just said that Voith will open a plant in Kunshan.",
            "Anna Weber",
        ),
        ("Our chief representative, Anna Weber, said that Voith will open a plant in Kunshan.", "Anna Weber"),
        ("Almost at the same hour Elmos reported that Voith will open a plant in Kunshan.", "Elmos"),
        ("Asked about Anna Weber of Elmos, the spokesman said that Voith will open a plant in Kunshan.", "spokesman"),
        ("Nothing is changed, says Anna Weber, speaking for Elmos: Voith will open a plant in Kunshan.", "Anna Weber"),
        ("A second home was added when Voith opened a plant in Kunshan.", ""),
        ("Elmos signed a contract according to which Voith will open a plant in Kunshan.", ""),
        ("On Wednesday Voith is said to have opened a plant in Kunshan.", ""),
    ],
)
def test_speaker(text: str, speaker: str) -> None:
    voith, kunshan = mention(text, "Voith", C), mention(text, "Kunshan", L)
    others = [mention(text, n, k) for n, k in (("Anna Weber", P), ("Elmos", C)) if n in text]
    found = speaker_of(speeches(text, Sentence(0, len(text)), [voith, kunshan, *others]), voith, kunshan)
    assert (found.speaker if found else "") == speaker


def test_what_stands_before_the_reported_words_is_not_said() -> None:
    text = "Anna Weber, head of Elmos, said that Voith grows."
    anna, elmos = mention(text, "Anna Weber", P), mention(text, "Elmos", C)
    assert (
        speaker_of(speeches(text, Sentence(0, len(text)), [anna, elmos, mention(text, "Voith", C)]), anna, elmos)
        is None
    )


def test_an_end_is_in_the_speakers_mouth_by_any_of_its_names() -> None:
    text = "Anna Weber, head of Elmos, said that Voith would supply the company with lenses."
    anna, elmos, voith = (mention(text, *one) for one in (("Anna Weber", P), ("Elmos", C), ("Voith", C)))
    again = replace(mention(text, "the company", C), entity="Elmos")
    said = speeches(text, Sentence(0, len(text)), [anna, elmos, voith, again])
    assert speaker_of(said, voith, elmos) is None
    found = speaker_of(said, voith, elmos, (anna, elmos, voith, again))
    assert found is not None and found.speaker == "Anna Weber"

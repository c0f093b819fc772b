"""Who says so, and what part of a sentence is in the speaker's mouth."""

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

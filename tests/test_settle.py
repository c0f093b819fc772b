"""Candidates become claims: once each, at their sentence, with their qualifiers, the surer of rival readings."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest

from kg import relations, sentences
from kg.claims.settle import settle as settle_with
from kg.claims.statements import CLUES, statements
from kg.model import Candidate, Claim, Document, EntityType, Mention, Status
from kg.reader.reader import Phrase

T = EntityType
KNOWN = relations.load()


def mention(text: str, words: str, kind: EntityType, entity: str = "", anaphoric: bool = False) -> Mention:
    at = text.index(words)
    return Mention(at, at + len(words), words, kind, entity or words, anaphoric=anaphoric)


def surest(numbers: Sequence[Sequence[float]]) -> list[float]:
    """As likely as the surest method says."""
    return [1 / (1 + math.exp(-row[CLUES.index("surest")])) for row in numbers]


settle = partial(settle_with, sureness=surest, least=0.0)


def candidate(
    predicate: str,
    subject: Mention,
    object_: Mention,
    sure: float = 0.8,
    method: str = "reader",
    status: Status = Status.ACTUAL,
) -> Candidate:
    return Candidate(predicate, subject, object_, 0, 0, sure, method, status)


def placed(text: str, found: Candidate) -> Candidate:
    """The candidate at the sentence of its ends, as reader and patterns give it."""
    home = next(s for s in sentences.split(text) if s.start <= found.subject.start < s.end)
    return replace(found, start=home.start, end=home.end)


def claims(
    text: str,
    mentions: list[Mention],
    candidates: list[Candidate],
    phrases: tuple[Phrase, ...] = (),
    published: str = "2021-05-05",
) -> tuple[Claim, ...]:
    document = Document("d", text, published=published)
    found = settle(document, mentions, phrases, [placed(text, c) for c in candidates], KNOWN).claims
    assert all(text[c.evidence.start : c.evidence.end] == c.evidence.quote for c in found)
    return found


def test_two_methods_that_agree_make_one_claim() -> None:
    text = "Voith bought Elmos in 2019. It rained."
    voith, elmos = mention(text, "Voith", T.COMPANY), mention(text, "Elmos", T.COMPANY)
    (claim,) = claims(
        text,
        [voith, elmos],
        [candidate("acquired", voith, elmos, 0.8), candidate("acquired", voith, elmos, 0.9, "pattern")],
    )
    assert (claim.method, claim.confidence, claim.evidence.quote) == (
        "pattern+reader",
        0.9,
        "Voith bought Elmos in 2019.",
    )
    assert claim.qualifiers.date is not None and claim.qualifiers.date.iso == "2019"


def test_the_surer_of_rival_readings_stays() -> None:
    text = "Voith and Elmos signed an agreement."
    voith, elmos = mention(text, "Voith", T.COMPANY), mention(text, "Elmos", T.COMPANY)
    found = claims(
        text,
        [voith, elmos],
        [candidate("cooperatesWith", voith, elmos, 0.6), candidate("signedAgreement", elmos, voith, 0.9)],
    )
    assert [(c.predicate, c.subject.name, c.object.name) for c in found] == [("signedAgreement", "Voith", "Elmos")]


def test_roles_go_to_the_office_that_is_nearest() -> None:
    text = "Anna Weber, founder and chairwoman of Voith, met Li Wei, president of CATL."
    anna, voith, li, catl = (
        mention(text, w, k)
        for w, k in (("Anna Weber", T.PERSON), ("Voith", T.COMPANY), ("Li Wei", T.PERSON), ("CATL", T.COMPANY))
    )
    phrases = tuple(
        Phrase(text.index(w), text.index(w) + len(w), w, "role") for w in ("founder", "chairwoman", "president")
    )
    found = claims(
        text, [anna, voith, li, catl], [candidate("holdsRole", anna, voith), candidate("holdsRole", li, catl)], phrases
    )
    assert [(c.subject.name, c.qualifiers.role) for c in found] == [
        ("Anna Weber", "founder"),
        ("Anna Weber", "chairwoman"),
        ("Li Wei", "president"),
    ]


def offices(
    text: str, persons: list[str], bodies: list[str], roles: list[str], pairs: list[tuple[str, str]]
) -> list[str]:
    """The roles that these offices have, each as 'person: role'."""
    named = {w: mention(text, w, T.PERSON) for w in persons} | {w: mention(text, w, T.COMPANY) for w in bodies}
    phrases = tuple(Phrase(text.index(w), text.index(w) + len(w), w, "role") for w in roles)
    found = [candidate("holdsRole", named[person], named[body]) for person, body in pairs]
    return [f"{c.subject.name}: {c.qualifiers.role}" for c in claims(text, list(named.values()), found, phrases)]


def test_the_role_of_somebody_else_is_no_second_role() -> None:
    text = "Anna Weber, chairwoman of Voith, was welcomed by the mayor, Li Wei, and by a president, Karl Rot."
    found = offices(
        text,
        ["Anna Weber", "Li Wei", "Karl Rot"],
        ["Voith"],
        ["chairwoman", "mayor", "president"],
        [("Anna Weber", "Voith")],
    )
    assert found == ["Anna Weber: chairwoman"]


def test_roles_that_are_not_enumerated_are_not_all_of_one_office() -> None:
    text = "Anna Weber, the chief executive of Voith and once a partner there, spoke."
    found = offices(text, ["Anna Weber"], ["Voith"], ["chief executive", "partner"], [("Anna Weber", "Voith")])
    assert found == ["Anna Weber: chief executive"]


def test_what_is_not_sure_enough_is_left_alone_before_rivals_are_weighed() -> None:
    text = "Voith and Elmos signed an agreement."
    voith, elmos = mention(text, "Voith", T.COMPANY), mention(text, "Elmos", T.COMPANY)
    found = [placed(text, candidate("cooperatesWith", voith, elmos, sure)) for sure in (0.3, 0.2)]
    heard = settle(Document("d", text), [voith, elmos], (), found, KNOWN, least=0.4)
    left = {reason: count for reason, count in heard.left_alone.items() if count}
    assert heard.claims == () and left == {"said twice": 1, "not sure enough": 1}
    together = [*found, replace(found[0], method="pattern")]
    surer = settle(
        Document("d", text), [voith, elmos], (), together, KNOWN, sureness=lambda found: [0.51] * len(found), least=0.4
    )
    (claim,) = surer.claims
    assert (claim.method, claim.confidence) == ("pattern+reader", 0.51)


def test_a_statement_tells_what_was_heard_of_it() -> None:
    text = "Voith and Elmos met Kuka. It has bought Jenoptik."
    voith, elmos, jenoptik = (mention(text, name, T.COMPANY) for name in ("Voith", "Elmos", "Jenoptik"))
    it = replace(mention(text, "It", T.COMPANY, "Voith", anaphoric=True), confidence=0.6)
    found = [candidate("acquired", it, jenoptik, 0.5), candidate("acquired", elmos, jenoptik, 0.75, "discourse")]
    heard = statements([placed(text, c) for c in found], [voith, elmos, it, jenoptik], KNOWN)
    said = [dict(zip(CLUES, statement.numbers, strict=True)) for statement in heard]
    assert [s.best.subject.entity for s in heard] == ["Voith", "Elmos"] and [s.methods for s in heard] == [
        ("reader",),
        ("discourse",),
    ]
    assert [n["subject meant"] for n in said] == [0.6, 1.0] and [n["in a sentence"] for n in said] == [1.0, 0.0]
    assert said[0]["reader"] == 0.0 and said[1]["surest"] == said[1]["discourse"] == pytest.approx(math.log(3))
    assert said[0]["subject's mentions"] == math.log1p(2) and said[0]["best of subject"] == 1.0


def test_a_groups_count_has_a_comparator_and_a_number() -> None:
    text = "More than 50 German companies have invested in Kunshan."
    group, kunshan = mention(text, "German companies", T.GROUP), mention(text, "Kunshan", T.PLACE)
    (claim,) = claims(text, [group, kunshan], [candidate("investedIn", group, kunshan)])
    count = claim.qualifiers.count
    assert count is not None
    assert (count.verbatim, count.comparator, count.value) == ("More than 50", "atLeast", 50)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("In Kiel, Voith signed a contract with Elmos.", "Kiel"),
        ("Voith and Elmos signed a contract on 3 May 2021 in Kiel.", "Kiel"),
        ("The contract between Voith and Elmos was signed in the city of Kiel.", "Kiel"),
        ("The institute in Kiel watched Voith and Elmos sign a contract.", ""),
        ("Voith and Elmos signed a contract about a plant in Kiel.", ""),
        ("Voith and Elmos, based in Kiel, agreed.", ""),
    ],
)
def test_the_place_is_where_it_happens(text: str, place: str) -> None:
    voith, elmos = mention(text, "Voith", T.COMPANY), mention(text, "Elmos", T.COMPANY)
    kiel = mention(text, "Kiel", T.PLACE)
    (claim,) = claims(text, [voith, elmos, kiel], [candidate("signedAgreement", voith, elmos)])
    assert claim.qualifiers.place == place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Voith and Elmos founded a joint venture called Volmos.", "Volmos"),
        ("Volmos is a joint venture that Voith and Elmos run.", "Volmos"),
        ("Voith and Elmos, a subsidiary of the bank Volmos, founded a joint venture.", ""),
        ("Volmos and Bosch watched Voith and Elmos found a joint venture.", ""),
    ],
)
def test_a_venture_has_the_name_that_no_party_bears(text: str, name: str) -> None:
    names = [mention(text, word, T.COMPANY) for word in ("Voith", "Elmos", "Volmos", "Bosch") if word in text]
    (claim,) = claims(text, sorted(names), [candidate("establishedJointVenture", *names[:2])])
    assert claim.qualifiers.name == name


def test_a_word_that_refers_back_brings_in_what_was_named_before() -> None:
    text = "Voith is old. The company opened a plant in Kunshan."
    voith, kunshan = mention(text, "Voith", T.COMPANY), mention(text, "Kunshan", T.PLACE)
    company = mention(text, "The company", T.COMPANY, "Voith", anaphoric=True)
    (claim,) = claims(
        text, [voith, company, kunshan], [candidate("established", company, kunshan, status=Status.PLANNED)]
    )
    assert (claim.subject.name, claim.subject.mention, claim.status) == ("Voith", "The company", Status.PLANNED)
    assert claim.evidence.quote == "The company opened a plant in Kunshan."


def test_what_somebody_says_is_attributed() -> None:
    text = "Anna Weber said that Voith will invest EUR 20 million in Kunshan."
    anna, voith, kunshan = (
        mention(text, w, k) for w, k in (("Anna Weber", T.PERSON), ("Voith", T.COMPANY), ("Kunshan", T.PLACE))
    )
    (claim,) = claims(text, [anna, voith, kunshan], [candidate("investedIn", voith, kunshan, status=Status.PLANNED)])
    amount = claim.qualifiers.amount
    assert claim.qualifiers.attributed_to == "Anna Weber"
    assert amount is not None and (amount.currency, amount.value) == ("EUR", 20_000_000)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("On 3 May 2019 Anna Weber, chief executive of Voith, came to Ulm.", None),
        ("Anna Weber, chief executive of Voith since 3 May 2019, came to Ulm.", "2019-05-03"),
        ("In May 2019 Anna Weber succeeded Jan Roth as chief executive of Voith.", "2019-05"),
        (
            "The friendship has lasted since 3 May 2019, as all the guests from near and far were told by Anna Weber of Voith.",
            None,
        ),
    ],
)
def test_a_date_is_that_of_an_office_where_words_tell_that_it_begins_or_ends(text: str, date: str | None) -> None:
    anna, voith = mention(text, "Anna Weber", T.PERSON), mention(text, "Voith", T.COMPANY)
    (claim,) = claims(text, [anna, voith], [candidate("holdsRole", anna, voith)])
    assert (claim.qualifiers.date and claim.qualifiers.date.iso) == date


def test_words_for_a_kind_go_to_the_relation_that_they_stand_nearest_to() -> None:
    text = "Elmos, a wholly-owned subsidiary of Voith, signed a memorandum of understanding with Bosch."
    elmos, voith, bosch = (mention(text, name, T.COMPANY) for name in ("Elmos", "Voith", "Bosch"))
    phrases = tuple(
        Phrase(text.index(words), text.index(words) + len(words), words, "kind")
        for words in ("wholly-owned subsidiary", "memorandum of understanding")
    )
    found = claims(
        text,
        [elmos, voith, bosch],
        [candidate("subsidiaryOf", elmos, voith), candidate("signedMoU", elmos, bosch)],
        phrases,
    )
    assert {claim.predicate: claim.qualifiers.kind for claim in found} == {
        "subsidiaryOf": "wholly-owned subsidiary",
        "signedMoU": "memorandum of understanding",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Anna Weber came. The director of Voith said that it was late.", 0),
        ("Anna Weber came. As the director of Voith, Anna Weber said that it was late.", 1),
    ],
)
def test_words_that_refer_to_somebody_are_no_claim_of_their_own(text: str, told: int) -> None:
    voith, anna = mention(text, "Voith", T.COMPANY), mention(text, "Anna Weber", T.PERSON)
    again = text.rindex("Anna Weber")
    named = [anna, replace(anna, start=again, end=again + len("Anna Weber"))] if again else [anna]
    director = mention(text, "director", T.PERSON, "Anna Weber", anaphoric=True)
    assert len(claims(text, [*named, director, voith], [candidate("holdsRole", director, voith)])) == told


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Voith bought Elmos on 3 May 2019; it rained.", "2019-05-03"),
        ("Voith said on 3 May 2019 that it bought Elmos in 2018.", "2018"),
        ("Voith told reporters on 3 May 2019 that it bought Elmos.", None),
    ],
)
def test_the_day_on_which_something_was_said_is_not_that_on_which_it_happened(text: str, date: str | None) -> None:
    voith, elmos = mention(text, "Voith", T.COMPANY), mention(text, "Elmos", T.COMPANY)
    (claim,) = claims(text, [voith, elmos], [candidate("acquired", voith, elmos)])
    assert (claim.qualifiers.date and claim.qualifiers.date.iso) == date

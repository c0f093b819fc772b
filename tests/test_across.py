"""Who is who across documents: names and context agree, or there are two; the order of documents makes no difference."""

from __future__ import annotations

from itertools import permutations

import pytest
from factories import claim, entity, extraction

from kg import sectors
from kg.entities.across import Together, bring_together
from kg.entities.decisions import Decision
from kg.entities.fields import sector_entity
from kg.entities.near import find_near
from kg.errors import DecisionError
from kg.model import Document, Entity, EntityType, Extraction, Identifier, Name, Qualifiers

FIRM, PERSON, PLACE = EntityType.COMPANY, EntityType.PERSON, EntityType.PLACE
CITIES = {name: entity(name, PLACE, country=code, parent=f"place:{code.lower()}", entry="known")
          for name, code in (("Suzhou", "CN"), ("Hefei", "CN"), ("Aachen", "DE"))}  # fmt: skip


def document(number: int) -> Document:
    return Document(f"d{number}", f"What document {number} says.", published=f"2024-01-{number:02}")


def firm(number: int, name: str, country: str = "", seat: str = "", forms: tuple[str, ...] = ()) -> Extraction:
    """A document on an organisation that sits somewhere."""
    one = entity(name, FIRM, country=country, names=tuple(Name(form, "en") for form in (name, *forms)))
    if not seat:
        partner = entity(f"Partner {number}", FIRM, entry="known")
        return extraction(
            document(number), claim(document(number), "cooperatesWith", one, partner), entities=(one, partner)
        )
    there = CITIES[seat]
    return extraction(document(number), claim(document(number), "basedIn", one, there), entities=(one, there))


def person(number: int, name: str, employer: str = "", role: str = "CEO", country: str = "") -> Extraction:
    """A document on a person with or without an office."""
    one = entity(name, PERSON, names=(Name(name, "en"),))
    if not employer:
        there = CITIES["Hefei"]
        return extraction(document(number), claim(document(number), "visited", one, there), entities=(one, there))
    house = entity(employer, PLACE if country else FIRM, country=country, names=(Name(employer, "en"),))
    held = claim(document(number), "holdsRole", one, house, qualifiers=Qualifiers(role=role))
    return extraction(document(number), held, entities=(one, house))


def ids(together: Together, type_: EntityType) -> list[str]:
    return sorted(e.id for e in together.entities.values() if e.type is type_ and not e.id.startswith("agent:partner"))


def decide(verdict: str, one: str, other: str, line: int = 1) -> Decision:
    return Decision.of(verdict, one, other, "so it is", f"decisions.tsv:{line}")


@pytest.mark.parametrize(
    ("documents", "count"),
    [
        ([firm(1, "Norvik Robotics"), firm(2, "Norvik Robotics Co., Ltd.")], 1),
        ([firm(1, "Norvik Robotics", "CN"), firm(2, "Norvik Robotics", "CN")], 1),
        ([firm(1, "Norvik Robotics", "CN"), firm(2, "Norvik Robotics", "DE")], 2),
        ([firm(1, "Norvik Robotics", "CN"), firm(2, "Norvik Robotics", "HK")], 1),
        ([firm(1, "Norvik Robotics", "CN"), firm(2, "Norvik Robotics")], 1),
        ([firm(1, "Norvik Robotics", "CN"), firm(2, "Norvik Robotics", "DE"), firm(3, "Norvik Robotics")], 3),
        ([firm(1, "Norvik Robotics", "CN", "Suzhou"), firm(2, "Norvik Robotics", "DE"),
          firm(3, "Norvik Robotics", "", "Suzhou")], 2),
        ([firm(1, "Norvik"), firm(2, "Norvik")], 2),
        ([firm(1, "Norvik", "CN"), firm(2, "Norvik", "CN")], 1),
        ([firm(1, "Norvik", "CN"), firm(2, "Norvik")], 2),
        ([firm(1, "Norvik", "", "Suzhou"), firm(2, "Norvik", "", "Suzhou")], 1),
        ([firm(1, "Municipal Government", "CN"), firm(2, "Municipal Government", "CN")], 2),
        ([firm(1, "Municipal Government", "CN", "Suzhou"), firm(2, "Municipal Government", "CN", "Suzhou")], 1),
        ([firm(1, "Norvik Robotics Suzhou", "CN", "", ("Norvik Robotics",)), firm(2, "Norvik Robotics", "CN")], 1),
        ([firm(1, "Norvik Robotics Suzhou", "CN", "", ("Norvik Robotics",)), firm(2, "Norvik Robotics", "DE")], 2),
        ([firm(1, "Norvik Robotics Suzhou", "CN", "", ("Norvik",)), firm(2, "Norvik", "CN")], 2),
        ([firm(1, "Norvik Robotics Suzhou", "CN", "", ("Norvik Robotics",)), firm(2, "Norvik Robotics", "CN"),
          firm(3, "Norvik Robotics Hefei", "CN", "", ("Norvik Robotics",))], 3),
        ([firm(1, "Norvik Robotics"), firm(2, "Norvik Biotech")], 2),
    ],
)  # fmt: skip
def test_an_organisation_is_one_where_names_and_context_agree(documents: list[Extraction], count: int) -> None:
    results = [bring_together(order) for order in permutations(documents)]
    assert len(ids(results[0], FIRM)) == count
    assert all(result.entities == results[0].entities for result in results)
    for result in results:
        assert sorted(result.extractions, key=lambda e: e.document.id) == list(results[0].extractions)


@pytest.mark.parametrize(
    ("documents", "count"),
    [
        ([person(1, "Zhang Lin", "Norvik Robotics"), person(2, "Zhang Lin", "Norvik Robotics GmbH", "founder")], 1),
        ([person(1, "Zhang Lin", "Norvik Robotics"), person(2, "Dr. Zhang Lin", "Norvik Robotics")], 1),
        ([person(1, "Zhang Lin", "Norvik Robotics"), person(2, "Zhang Lin", "Meridian Biotech")], 2),
        ([person(1, "Zhang Lin", "Norvik Robotics"), person(2, "Zhang Lin")], 2),
        ([person(1, "Zhang Lin"), person(2, "Zhang Lin")], 2),
        ([person(1, "Zhang Lin", "China", "ambassador to Germany", "CN"),
          person(2, "Zhang Lin", "Chinese Embassy", "Ambassador to Germany")], 1),
        ([person(1, "Zhang Lin", "China", "head of sales", "CN"), person(2, "Zhang Lin", "China", "head of sales", "CN")], 2),
        ([person(1, "Zhang Lin", "China", "minister", "CN"), person(2, "Zhang Lin", "China", "minister", "CN")], 1),
        ([person(1, "Zhang Lin", "China", "vice minister", "CN"), person(2, "Zhang Lin", "China", "vice minister", "CN")], 2),
    ],
)  # fmt: skip
def test_a_person_needs_the_same_employer_or_office(documents: list[Extraction], count: int) -> None:
    results = [bring_together(order) for order in (documents, documents[::-1])]
    assert len(ids(results[0], PERSON)) == count
    assert results[0].entities == results[1].entities


def test_ids_are_bare_where_one_bears_the_name_and_say_what_tells_namesakes_apart() -> None:
    one, two = person(1, "Zhang Lin", "Norvik Robotics"), person(2, "Zhang Lin", "Meridian Biotech")
    assert ids(bring_together([one]), PERSON) == ["agent:zhang-lin"]
    assert ids(bring_together([one, two]), PERSON) == [
        "agent:zhang-lin-meridian-biotech",
        "agent:zhang-lin-norvik-robotics",
    ]
    assert ids(bring_together([firm(1, "Norvik Robotics", "CN"), firm(2, "Norvik Robotics", "DE")]), FIRM) == [
        "agent:norvik-robotics-cn",
        "agent:norvik-robotics-de",
    ]


def test_claims_and_entities_of_all_documents_get_the_id_that_holds() -> None:
    together = bring_together([firm(1, "Norvik Robotics", "CN"), firm(2, "Norvik Robotics Co., Ltd.", "CN")])
    assert {x.claims[0].subject.id for x in together.extractions} == {"agent:norvik-robotics"}
    whole = together.entities["agent:norvik-robotics"]
    assert [name.text for name in whole.names] == ["Norvik Robotics", "Norvik Robotics Co., Ltd."]
    assert whole.reasons == ("one organisation in 2 documents: the same name, and the same country",)


def test_a_person_between_two_employers_makes_them_one_unless_people_say_otherwise() -> None:
    both = person(3, "Zhang Lin", "Norvik Robotics")
    also = person(3, "Zhang Lin", "Meridian Biotech")
    both = extraction(both.document, *both.claims, *also.claims, entities=(*both.entities, also.entities[1]))
    documents = [person(1, "Zhang Lin", "Norvik Robotics"), person(2, "Zhang Lin", "Meridian Biotech"), both]
    assert ids(bring_together(documents), PERSON) == ["agent:zhang-lin"]
    apart = decide("different", "agent:zhang-lin-norvik-robotics", "agent:zhang-lin-meridian-biotech")
    parted = [bring_together(order, [apart]) for order in permutations(documents)]
    assert len(ids(parted[0], PERSON)) == 3
    assert all(each.entities == parted[0].entities for each in parted)


def test_same_makes_one_of_two_with_all_names_and_the_reason() -> None:
    documents = [firm(1, "Norvik Robotics", "CN"), firm(2, "NRX Robots", "CN")]
    together = bring_together(documents, [decide("same", "agent:nrx-robots", "agent:norvik-robotics")])
    whole = together.entities["agent:norvik-robotics"]
    assert [name.text for name in whole.names] == ["Norvik Robotics", "NRX Robots"]
    assert whole.other_ids == ("agent:nrx-robots",)
    assert whole.reasons == ("agent:norvik-robotics and agent:nrx-robots are said to be the same: so it is",)
    assert {x.claims[0].subject.id for x in together.extractions} == {"agent:norvik-robotics"}


def test_what_is_known_gives_the_id_to_what_is_the_same() -> None:
    known = entity(
        "Zeta Works", FIRM, country="DE", names=(Name("Zeta Works", "en"),), entry="known", same_as=("http://x/1",)
    )
    first = extraction(
        document(9), claim(document(9), "basedIn", known, CITIES["Aachen"]), entities=(known, CITIES["Aachen"])
    )
    together = bring_together(
        [firm(1, "Zetaworks AG"), first], [decide("same", "agent:zeta-works", "agent:zetaworks-ag")]
    )
    assert together.entities["agent:zeta-works"].same_as == ("http://x/1",)
    assert "agent:zetaworks-ag" not in together.entities
    assert together.extractions[0].claims[0].subject.id == "agent:zeta-works"


def test_employers_that_people_make_one_make_persons_one() -> None:
    documents = [person(1, "Zhang Lin", "Norvik Robotics"), person(2, "Zhang Lin", "NRX Robots")]
    together = bring_together(documents, [decide("same", "agent:nrx-robots", "agent:norvik-robotics")])
    assert ids(together, PERSON) == ["agent:zhang-lin"]


def test_different_keeps_apart_what_would_be_one() -> None:
    documents = [firm(1, "Norvik Robotics", "CN"), firm(2, "Norvik Robotics", "CN")]
    parts = bring_together(documents).entities["agent:norvik-robotics"].other_ids
    stamps = [id_ for id_ in parts if not id_.endswith("-cn")]
    assert len(stamps) == 2
    assert len(ids(bring_together(documents, [decide("different", *stamps)]), FIRM)) == 2


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ([decide("same", "agent:norvik", "agent:nobody", 7)], r"decisions.tsv:7: no document .* names 'agent:nobody'"),
        ([decide("same", "agent:norvik-robotics", "agent:zetaworks", 3)], r"tsv:3: 'agent:norvik-robotics' is now 2 things"),
        (
            [decide("different", "agent:a-a", "agent:c-c", 1), decide("same", "agent:a-a", "agent:b-b", 2),
             decide("same", "agent:b-b", "agent:c-c", 3)],
            r"tsv:1: 'agent:a-a' and 'agent:c-c' are said to be different, but the same by decisions.tsv:2, decisions.tsv:3",
        ),
    ],
)  # fmt: skip
def test_decisions_that_do_not_hold_are_one_error_with_file_and_line(decisions: list[Decision], message: str) -> None:
    names = (("Norvik", "CN"), ("Norvik Robotics", "CN"), ("Norvik Robotics", "DE"), ("Zetaworks", ""), ("A A", ""),
             ("B B", ""), ("C C", ""))  # fmt: skip
    with pytest.raises(DecisionError, match=message):
        bring_together([firm(n, *name) for n, name in enumerate(names, 1)], decisions)


def test_a_person_is_never_the_same_as_an_organisation() -> None:
    documents = [firm(1, "Zetaworks"), person(2, "Zhang Lin", "Meridian")]
    with pytest.raises(DecisionError, match=r"tsv:4: 'agent:zhang-lin' is a person and 'agent:zetaworks' is none"):
        bring_together(documents, [decide("same", "agent:zhang-lin", "agent:zetaworks", 4)])
    assert bring_together(documents, [decide("different", "agent:zhang-lin", "agent:zetaworks")])


def test_what_has_official_codes_of_its_own_is_not_near() -> None:
    def district(city: str, code: str, scheme: str = "administrativeCode") -> Entity:
        return entity(f"Nanshan {city}", PLACE, names=(Name("Nanshan"),), identifiers=(Identifier(scheme, code),))

    assert not find_near([district("Shenzhen", "440305"), district("Hegang", "230404")], ())
    assert find_near([district("Shenzhen", "440305"), district("Hegang", "440305")], ())
    assert find_near([district("Shenzhen", "DE1", "isin"), district("Hegang", "DE2", "isin")], ())


def test_near_duplicates_come_most_likely_first_and_never_again_once_decided() -> None:
    documents = [firm(1, "Norvik Robotics", "CN", "Suzhou"), firm(2, "Norvik Robotic", "CN", "Suzhou"),
                 firm(3, "Norvik", "DE"), firm(4, "Norvik Group", "DE", "Aachen"), firm(5, "Quite Another", "DE")]  # fmt: skip
    together = bring_together(documents)
    entities: list[Entity] = list(together.entities.values())
    claims = [c for x in together.extractions for c in x.claims]
    found = find_near(entities, claims)
    pairs = [(pair.one.name, pair.other.name) for pair in found]
    assert pairs[0] == ("Norvik", "Norvik Group")
    assert ("Norvik Robotic", "Norvik Robotics") in pairs[1:]
    assert not any("Quite Another" in pair for pair in pairs)
    assert [pair.likelihood for pair in found] == sorted((pair.likelihood for pair in found), reverse=True)
    (alike,) = (pair for pair in found if pair.one.name == "Norvik Robotic" and pair.other.name == "Norvik Robotics")
    assert alike.reasons[1:] == ("both of CN", "both with Suzhou")
    decided = [decide("different", "agent:norvik-robotic", "agent:norvik-robotics")]
    left = [(pair.one.name, pair.other.name) for pair in find_near(entities, claims, decided)]
    assert left == [pair for pair in pairs if pair != ("Norvik Robotic", "Norvik Robotics")]


def test_sectors_of_the_scheme_are_known_to_be_two() -> None:
    known = sectors.load().sectors
    shipped = [sector_entity(known[id_]) for id_ in ("sector:manufacturing", "sector:smart-manufacturing")]
    assert not find_near(shipped, ())
    (pair,) = find_near([shipped[0], entity("Manufacturings", "Sector")], ())
    assert pair.other.id == "sector:manufacturings"

"""What the documents tell of organisations and persons that the reference data do not know: their names and context."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from kg.entities.names import bare_person, is_acronym
from kg.lexicon import words
from kg.model import ORGANIZATIONS, Claim, Entity, EntityType, Extraction, Status
from kg.names import fold, is_chinese, normalise

HOME = frozenset(
    {"basedIn", "locatedIn", "subsidiaryOf", "acquired", "holdsStakeIn", "established", "founded", "holdsRole"}
)
"""Relations that tell an organisation from its namesakes: where it is, whose it is, and who leads it."""
OFFICE = frozenset({"holdsRole", "founded"})
"""Relations that tell a person from namesakes."""

Order = tuple[str, str]
"""The place of a document among all: by its date, those without one last, then by its id."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An unlisted organisation or person as one document, or several in the same words, tell of it.

    `key` is its full name made comparable, `aliases` its other full names; `ties` are the entities (and offices) that
    tell it from namesakes; `own` are the ids that it may bear, the best first, whatever else a build holds."""

    key: str
    type: EntityType
    aliases: frozenset[str]
    country: str
    ties: frozenset[str]
    bare: str
    own: tuple[str, ...]
    seen: tuple[tuple[Order, Entity], ...]

    @property
    def is_person(self) -> bool:
        """Whether it is a person; all others are organisations."""
        return self.type is EntityType.PERSON

    @property
    def documents(self) -> frozenset[str]:
        """The ids of the documents."""
        return frozenset(document for (_, document), _ in self.seen)


def order_of(extraction: Extraction) -> Order:
    """Where a document stands among all: older ones first, so that a new one does not change what they are called."""
    document = extraction.document
    return document.published or "9999", document.id


def is_sighted(entity: Entity) -> bool:
    """Whether an entity's identity is for the documents to settle: what is listed or described has its id already."""
    return not entity.listed and (entity.type in ORGANIZATIONS or entity.type is EntityType.PERSON)


def organizations(extractions: Sequence[Extraction], apart: frozenset[str]) -> list[Sighting]:
    """The sightings of organisations. `apart` are ids by which a person speaks of one document's sighting alone."""
    found = []
    for extraction in extractions:
        countries = _countries(extraction)
        for entity in extraction.entities:
            if is_sighted(entity) and entity.type in ORGANIZATIONS:
                ties = {tie for tie in _others(entity.id, extraction.claims, HOME) if tie not in countries}
                found.append(_organization(extraction, entity, frozenset(ties)))
    return _together(found, apart)


def persons(
    extractions: Sequence[Extraction], known_as: Callable[[str, str], str], apart: frozenset[str]
) -> list[Sighting]:
    """The sightings of persons; `known_as` tells which entity an id of a document stands for among all documents."""
    found = []
    for extraction in extractions:
        countries = _countries(extraction)
        people = (e for e in extraction.entities if is_sighted(e) and e.type is EntityType.PERSON)
        found += [_person(extraction, entity, countries, known_as) for entity in people]
    return _together(found, apart)


def stamped(id_: str, document: str) -> str:
    """The id with six hexadecimal digits that stand for the document."""
    return f"{id_}-{sha256(document.encode()).hexdigest()[:6]}"


def telling_words(key: str) -> int:
    """How many words of a comparable name tell it from others; a long Chinese name counts as two."""
    if is_chinese(key):
        return 2 if len(key) >= 6 else 1
    return sum(len(word) > 1 and word not in _ordinary() for word in key.split())


@cache
def _ordinary() -> frozenset[str]:
    """Words that many organisations have in their names."""
    lists = ("head_words", "weak_words", "unit_words", "place_words", "small_words", "nationalities")
    return frozenset(word for name in lists for line in words(name) for word in fold(line.split("\t")[0]).split())


def _organization(extraction: Extraction, entity: Entity, ties: frozenset[str]) -> Sighting:
    key = normalise(entity.name) or entity.name
    aliases = {normalise(name.text) for name in entity.names if _is_full(name.text)} - {key, ""}
    specific = [f"{entity.id}-{entity.country.lower()}"] if entity.country else []
    own = (*specific, stamped(entity.id, extraction.document.id))
    seen = ((order_of(extraction), entity),)
    return Sighting(key, entity.type, frozenset(aliases), entity.country, ties, entity.id, own, seen)


def _person(
    extraction: Extraction, entity: Entity, countries: frozenset[str], known_as: Callable[[str, str], str]
) -> Sighting:
    document, ties, specific = extraction.document.id, set(), []
    for claim in extraction.claims:
        held = claim.predicate in OFFICE and claim.status is not Status.NEGATED
        if held and claim.subject.id == entity.id:
            employer = claim.object.id
            ties.add(_office(claim))
            if employer not in countries:
                ties.add(known_as(document, employer))
                specific.append(f"{entity.id}-{employer.partition(':')[2]}")
    key = bare_person(entity.name) or entity.name
    aliases = frozenset(n.text for n in entity.names if is_chinese(n.text) and len(n.text) > 1) - {key}
    own = (*sorted(set(specific)), stamped(entity.id, document))
    return Sighting(
        key, entity.type, aliases, "", frozenset(ties - {""}), entity.id, own, ((order_of(extraction), entity),)
    )


def _office(claim: Claim) -> str:
    """The office that a claim names, made comparable, if only one person holds it at a time; '' otherwise."""
    role = f" {fold(claim.qualifiers.role)} "
    held = next((office for office in words("public_offices") if f" {fold(office)} " in role), "")
    if not held or {"vice", "deputy"} & set(role.split()):
        return ""
    of_what = set(role.split()) - set(fold(held).split()) - set(words("small_words"))
    return f"office {role.strip()}" if of_what else f"office {role.strip()} {claim.object.id}"


def _is_full(name: str) -> bool:
    """Whether a name is long enough to be met alone in another document."""
    return len(name) >= 4 if is_chinese(name) else len(normalise(name).split()) >= 2 and not is_acronym(name)


def _countries(extraction: Extraction) -> frozenset[str]:
    """The ids of countries: to have one in common says little."""
    places = (e for e in extraction.entities if e.type is EntityType.PLACE)
    return frozenset(e.id for e in places if e.country and not e.parent)


def _others(id_: str, claims: Iterable[Claim], predicates: frozenset[str]) -> set[str]:
    """The other ends of an entity's claims of some relations."""
    found = set()
    for claim in claims:
        if claim.predicate in predicates and claim.status is not Status.NEGATED:
            ends = (claim.subject.id, claim.object.id)
            found |= set(ends) - {id_} if id_ in ends else set()
    return found


def _together(found: Iterable[Sighting], apart: frozenset[str]) -> list[Sighting]:
    """The sightings in order, those as one that say the same, where that is enough to tell one thing."""
    groups: dict[tuple[object, ...], list[Sighting]] = defaultdict(list)
    for sighting in sorted(found, key=lambda s: (s.seen[0][0], s.bare)):
        s, alone = sighting, _stands_alone(sighting) or apart & {sighting.own[-1]}
        mark = s.own[-1] if alone else ""
        sports = s.type is EntityType.SPORTS_CLUB
        groups[s.key, s.aliases, s.country, s.ties, s.bare, sports, mark].append(s)
    return [_one(members) for members in groups.values()]


def _stands_alone(sighting: Sighting) -> bool:
    """Whether its name and context say too little to know it again."""
    if sighting.ties:
        return False
    telling = telling_words(sighting.key)
    return sighting.is_person or telling == 0 or (telling == 1 and not sighting.country)


def _one(members: Sequence[Sighting]) -> Sighting:
    first = members[0]
    own = tuple(dict.fromkeys([*first.own, *(id_ for member in members for id_ in member.own)]))
    seen = tuple(pair for member in members for pair in member.seen)
    return Sighting(first.key, first.type, first.aliases, first.country, first.ties, first.bare, own, seen)

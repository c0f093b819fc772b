"""Entities that may be one and the same: pairs whose names and company make it likely, with what speaks for and against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from kg import sectors
from kg.entities.decisions import DIFFERENT, Decision, united
from kg.entities.names import acronym_of, is_acronym, kind_of, shortens
from kg.entities.sightings import telling_words
from kg.model import Claim, Entity, EntityType
from kg.names import is_chinese, normalise

LEAST = 0.4
"""Pairs that are less likely than this are not worth a person's time."""
CROWD = 60
"""A word that more entities than this have in their names says nothing."""
ALIKE = 0.8
"""How alike spellings have to be, of 1, to be told at all."""


@dataclass(frozen=True, slots=True)
class Near:
    """Two entities that may be one: how likely (0 to 1, for sorting; no probability), what speaks for it and against."""

    likelihood: float
    one: Entity
    other: Entity
    reasons: tuple[str, ...]


def find_near(
    entities: Sequence[Entity], claims: Iterable[Claim], decisions: Sequence[Decision] = ()
) -> tuple[Near, ...]:
    """The pairs that may be one, most likely first. Left out is what people have decided on, and what the reference data
    know as two."""
    around, documents = _around(claims)
    decided = _decided(entities, decisions)
    found = (
        _near(one, other, around, documents)
        for one, other in _candidates(entities)
        if frozenset((one.id, other.id)) not in decided and not _known_apart(one, other)
    )
    likely = (pair for pair in found if pair.likelihood >= LEAST)
    return tuple(sorted(likely, key=lambda pair: (-pair.likelihood, pair.one.id, pair.other.id)))


def _around(claims: Iterable[Claim]) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    """Entity → the names of those that it shares a claim with; entity → the documents that name it."""
    around: dict[str, set[str]] = defaultdict(set)
    documents: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        for end, far in ((claim.subject, claim.object), (claim.object, claim.subject)):
            around[end.id].add(far.name)
            documents[end.id].add(claim.evidence.document)
    return around, documents


def _decided(entities: Iterable[Entity], decisions: Sequence[Decision]) -> set[frozenset[str]]:
    """The pairs that are decided on: said to be the same, or different, also by way of what is said to be the same."""
    whole = {id_: entity.id for entity in entities for id_ in entity.other_ids}
    kin = united(decisions, lambda id_: whole.get(id_, id_))
    members: dict[str, set[str]] = defaultdict(set)
    for id_, first in kin.items():
        members[first].add(id_)
    parted = {frozenset(pair) for ids in members.values() for pair in combinations(sorted(ids), 2)}
    for decision in decisions:
        if decision.verdict == DIFFERENT:
            one, other = (whole.get(id_, id_) for id_ in decision.pair)
            sides = [members.get(kin.get(id_, id_), {id_}) for id_ in (one, other)]
            parted |= {frozenset(pair) for pair in product(*sides)}
    return parted


def _known_apart(one: Entity, other: Entity) -> bool:
    """Whether sources that name things once have a name, a spot or an official code for each; an ISIN is a security's."""
    if (one.same_as and other.same_as) or (one.lat is not None and other.lat is not None):
        return True
    if {one.id, other.id} <= sectors.load().sectors.keys():
        return True
    return bool(_codes(one) and _codes(other)) and _codes(one).isdisjoint(_codes(other))


def _codes(entity: Entity) -> set[str]:
    return {each.value for each in entity.identifiers if each.scheme == "administrativeCode"}


def _candidates(entities: Sequence[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """Pairs of one kind that have something of their names in common."""
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, entity in enumerate(entities):
        if entity.type is not EntityType.GROUP:
            for mark in _marks(entity):
                index[kind_of(entity.type), mark].append(number)
    pairs = {pair for (_, mark), numbers in index.items() for pair in _pairs(numbers, mark.startswith("="))}
    for first, second in sorted(pairs):
        yield entities[first], entities[second]


def _pairs(numbers: Sequence[int], one_name: bool) -> Iterable[tuple[int, int]]:
    """All pairs; of a crowd, only those of its first with the others, and none where they share a mere word."""
    if len(numbers) <= CROWD:
        return combinations(numbers, 2)
    return ((numbers[0], other) for other in numbers[1:]) if one_name else ()


def _texts(entity: Entity) -> tuple[str, ...]:
    return tuple(dict.fromkeys((entity.name, *(name.text for name in entity.names))))


def _marks(entity: Entity) -> set[str]:
    """What an entity is looked up by: its names, their telling words and beginnings, their initials."""
    marks = set()
    for text in _texts(entity):
        key = normalise(text)
        words = key.split()
        marks |= {f"={key}", f"^{key[:4]}"} | {word for word in words if telling_words(word)}
        if is_chinese(key):
            marks |= {key[at : at + 2] for at in range(len(key) - 1)}
        elif is_acronym(text):
            marks.add(f"#{key.replace(' ', '')}")
        elif len(words) > 1:
            marks.add("#" + "".join(word[0] for word in words))
    return marks - {"=", "^"}


def _near(one: Entity, other: Entity, around: Mapping[str, set[str]], documents: Mapping[str, set[str]]) -> Near:
    score, words = max((_likeness(a, b, one) for a, b in product(_texts(one), _texts(other))), key=lambda pair: pair[0])
    reasons = [words]
    if one.country and other.country:
        score += 0.05 if one.country == other.country else -0.3
        same = one.country == other.country
        reasons.append(f"both of {one.country}" if same else f"but of {one.country} and {other.country}")
    shared = sorted(around.get(one.id, set()) & around.get(other.id, set()))
    if shared:
        score += min(0.2, 0.07 * len(shared))
        reasons.append(f"both with {', '.join(shared[:3])}{' and others' if len(shared) > 3 else ''}")
    if documents.get(one.id, set()) & documents.get(other.id, set()):
        score -= 0.2
        reasons.append("but one document tells them apart")
    return Near(round(min(max(score, 0.0), 0.99), 2), one, other, tuple(reasons))


def _likeness(one: str, other: str, entity: Entity) -> tuple[float, str]:
    """How alike two names are, and in which way."""
    short, full = sorted((one, other), key=lambda name: (len(name), name))
    if (key := normalise(one)) == normalise(other):
        telling = telling_words(key) and entity.type is not EntityType.PERSON
        return (0.9 if telling else 0.6), f"both are called {short}"
    if made := acronym_of(short, full):
        return {"initials": 0.7, "parts": 0.5}[made], f"{short} may abbreviate {full}"
    kind = kind_of(entity.type)
    how = shortens(short, full, kind, frozenset())
    if how:
        return {"weak": 0.75, "strong": 0.6}[how] - (
            0.2 if kind == "person" else 0.0
        ), f"{short} may be short for {full}"
    from rapidfuzz import fuzz

    alike = fuzz.token_sort_ratio(normalise(one), normalise(other)) / 100
    return (0.7 * alike if alike >= ALIKE else 0.0), f"{one} and {other} are spelt alike"

"""Choosing what to show: the part of the facts around an entity, between two, in an answer, in a document, or by filters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from kg.model import Argument, Claim, Facts, Status, side

MOST_ENTITIES, MOST_CLAIMS = 20_000, 50_000
"""What one page can hold and still open in seconds."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What claims must be to be shown; empty lets all pass. Years are those of claims, else of their documents."""

    statuses: frozenset[Status] = frozenset()
    relations: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    confidence: float = 0.0
    countries: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self != Filters()


def ends(claim: Claim) -> tuple[str, str]:
    """The ids of a claim's two ends; a name where there is none."""
    return _id(claim.subject), _id(claim.object)


def _id(argument: Argument) -> str:
    return argument.id or argument.name


def keep(facts: Facts, wanted: Callable[[Claim], bool]) -> Facts:
    """The claims that are wanted, and the entities and documents that they need; an entity's surroundings stay."""
    claims = tuple(claim for claim in facts.claims if wanted(claim))
    ids = {claim.id for claim in claims}
    documents = {claim.evidence.document for claim in claims}
    return replace(
        facts,
        documents=tuple(document for document in facts.documents if document.id in documents),
        claims=claims,
        sectors={claim: found for claim, found in facts.sectors.items() if claim in ids},
        speakers={claim: found for claim, found in facts.speakers.items() if claim in ids},
    )


def around(facts: Facts, entity: str, steps: int) -> Facts:
    """The claims among the entities that are at most `steps` claims away from this one."""
    near = _distances(_neighbours(facts.claims), entity, steps)
    return keep(facts, lambda claim: set(ends(claim)) <= near.keys())


def between(facts: Facts, one: str, other: str) -> Facts:
    """The claims on the shortest ways from one entity to another; none where no way leads there."""
    known = _neighbours(facts.claims)
    there, back = _distances(known, one), _distances(known, other)
    length = there.get(other, -1)
    level = {id_: far for id_, far in there.items() if far + back.get(id_, length + 1) == length}

    def on_the_way(claim: Claim) -> bool:
        a, b = ends(claim)
        return a in level and b in level and abs(level[a] - level[b]) == 1

    return keep(facts, on_the_way)


def of_document(facts: Facts, document: str) -> Facts:
    """The claims of one document."""
    return keep(facts, lambda claim: claim.evidence.document == document)


def named_in(facts: Facts, rows: Iterable[Collection[str]]) -> Facts:
    """The claims that the rows of an answer stand for, each row being its cells as text.

    A row stands for the claims whose ids it gives; else for those whose sentence it gives and whose ends it names, or one
    of them. Where no row stands for any, the claims between the entities that the answer names are kept."""
    told = [set(row) for row in rows]
    names = _names(facts)
    called = {claim.id: [names[end] for end in ends(claim)] for claim in facts.claims}
    by_quote: dict[str, list[Claim]] = {}
    for claim in facts.claims:
        by_quote.setdefault(claim.evidence.quote, []).append(claim)
    every = set().union(*told)
    found = {claim.id for claim in facts.claims if f"claim:{claim.id}" in every}
    for row in told:
        said = [claim.id for cell in sorted(row) for claim in by_quote.get(cell, ())]
        ends_named = {id_: sum(not each.isdisjoint(row) for each in called[id_]) for id_ in said}
        most = max(ends_named.values(), default=0)
        found.update(id_ for id_, count in ends_named.items() if count and count == most)
    if not found:
        found = {id_ for id_, both in called.items() if not any(each.isdisjoint(every) for each in both)}
    return keep(facts, lambda claim: claim.id in found)


def filtered(facts: Facts, filters: Filters) -> Facts:
    """The claims that pass all filters."""
    countries = {entity.id: entity.country for entity in facts.entities}
    published = {document.id: document.published for document in facts.documents}

    def passes(claim: Claim) -> bool:
        date = claim.qualifiers.date
        year = (date.iso if date else published.get(claim.evidence.document, ""))[:4]
        return (
            (not filters.statuses or claim.status in filters.statuses)
            and (not filters.relations or claim.predicate in filters.relations)
            and claim.confidence >= filters.confidence
            and _within(year, filters.since, filters.until)
            and (not filters.countries or _between(filters.countries, *(countries.get(end, "") for end in ends(claim))))
        )

    return keep(facts, passes)


def largest_part(facts: Facts) -> Facts:
    """At most as much as one page can hold: the claims among the entities with the most claims."""
    if len(facts.claims) <= MOST_CLAIMS and len(_neighbours(facts.claims)) <= MOST_ENTITIES:
        return facts
    count: dict[str, int] = {}
    for claim in facts.claims:
        for end in ends(claim):
            count[end] = count.get(end, 0) + 1
    order = sorted(count, key=lambda id_: (-count[id_], id_))
    rank = {id_: place for place, id_ in enumerate(order[:MOST_ENTITIES])}
    among = [claim for claim in facts.claims if rank.keys() >= set(ends(claim))]
    among.sort(key=lambda claim: (max(rank[end] for end in ends(claim)), claim.id))
    chosen = {claim.id for claim in among[:MOST_CLAIMS]}
    return keep(facts, lambda claim: claim.id in chosen)


def _between(wanted: frozenset[str], one: str, other: str) -> bool:
    """Whether two countries are those that are wanted, in either order; China is its regions', too."""
    first, second = min(wanted), max(wanted)
    return any(first in (a, side(a)) and second in (b, side(b)) for a, b in ((one, other), (other, one)))


def _within(year: str, since: int | None, until: int | None) -> bool:
    if since is None and until is None:
        return True
    return year.isdecimal() and (since is None or int(year) >= since) and (until is None or int(year) <= until)


def _names(facts: Facts) -> Mapping[str, set[str]]:
    """Entity id → the id and all names by which an answer may call it."""
    names = {entity.id: {entity.id, entity.name, *(name.text for name in entity.names)} for entity in facts.entities}
    for claim in facts.claims:
        for end in (claim.subject, claim.object):
            names.setdefault(_id(end), {_id(end)}).add(end.name)
    return names


def _neighbours(claims: Iterable[Claim]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for a, b in map(ends, claims):
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return found


def _distances(neighbours: Mapping[str, Collection[str]], start: str, most: int | None = None) -> dict[str, int]:
    """Steps to every entity that can be reached in at most so many."""
    seen, edge, steps = {start: 0}, [start], 0
    while edge and (most is None or steps < most):
        steps += 1
        edge = sorted({other for id_ in edge for other in neighbours.get(id_, ()) if other not in seen})
        seen |= dict.fromkeys(edge, steps)
    return seen

"""The entities of a build as a directory: a row each, and an entry with all that is known of one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model import Argument, Claim, Document, Entity, Facts
from kg.tables import wrap

COLUMNS = ("id", "name", "type", "country", "claims", "documents", "other_names")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entity with the places around it, its documents, and whom it shares claims with: name, relations, how many."""

    entity: Entity
    around: tuple[Entity, ...]
    documents: tuple[Document, ...]
    neighbours: tuple[tuple[str, str, int], ...]


def rows(facts: Facts, type_: str = "") -> list[tuple[str, ...]]:
    """A row for each entity, or each of one type, by name: its id, name, type, country, how many claims and documents name
    it, and its other names."""
    claims = _claims_of(facts)
    chosen = (e for e in facts.entities if not type_ or str(e.type) == type_)
    return [_row(e, claims.get(e.id, [])) for e in sorted(chosen, key=lambda e: (e.name.casefold(), e.id))]


def entry(facts: Facts, id_: str) -> Entry:
    """All that is known of the entity with this id, which the facts must hold."""
    entities = {entity.id: entity for entity in facts.entities}
    claims = _claims_of(facts).get(id_, [])
    named = {claim.evidence.document for claim in claims}
    documents = tuple(d for d in facts.documents if d.id in named)
    return Entry(entities[id_], tuple(_around(entities[id_], entities)), documents, _neighbours(id_, claims, entities))


def render(entry: Entry, width: int = 80) -> str:
    """The entry as text for people, in lines of at most `width` cells."""
    e = entry.entity
    lines = [*wrap(f"{e.name} ({e.id})", width), ", ".join(part for part in (str(e.type), e.country) if part)]
    told = (
        ("lies in", [place.name for place in entry.around]),
        ("names", [f"{name.text} ({name.lang})" if name.lang else name.text for name in e.names]),
        ("the same as", e.same_as),
        ("because", e.reasons),
        ("its parts", e.other_ids),
        ("documents", [_document(document) for document in entry.documents]),
        (
            "neighbours",
            [f"{name}: {how}{f' ({count} claims)' if count > 1 else ''}" for name, how, count in entry.neighbours],
        ),
    )
    for head, values in told:
        lines += _told(head, values, width)
    return "\n".join(lines) + "\n"


def _told(head: str, values: Sequence[str], width: int) -> list[str]:
    if not values:
        return []
    return ["", head, *(line for value in values for line in wrap(value, width, "  ", "    "))]


def _claims_of(facts: Facts) -> Mapping[str, list[Claim]]:
    """Entity → the claims that it is an end of, each once."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in facts.claims:
        for id_ in {claim.subject.id, claim.object.id}:
            found[id_].append(claim)
    return found


def _row(entity: Entity, claims: Sequence[Claim]) -> tuple[str, ...]:
    documents = {claim.evidence.document for claim in claims}
    others = dict.fromkeys(name.text for name in entity.names if name.text != entity.name)
    counts = (str(len(claims)), str(len(documents)))
    return (entity.id, entity.name, str(entity.type), entity.country, *counts, "; ".join(others))


def _around(entity: Entity, entities: Mapping[str, Entity]) -> Iterator[Entity]:
    """The places around a place, the nearest first."""
    seen = {entity.id}
    while entity.parent in entities and entity.parent not in seen:
        entity = entities[entity.parent]
        seen.add(entity.id)
        yield entity


def _neighbours(id_: str, claims: Sequence[Claim], entities: Mapping[str, Entity]) -> tuple[tuple[str, str, int], ...]:
    """Whom an entity shares claims with, in how many and by which relations: most claims first."""
    counts: Counter[str] = Counter()
    hows: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        far: Argument = claim.object if claim.subject.id == id_ else claim.subject
        counts[far.id] += 1
        hows[far.id].add(claim.predicate)
    ordered = sorted(counts, key=lambda other: (-counts[other], entities[other].name.casefold(), other))
    return tuple((f"{entities[o].name} ({o})", ", ".join(sorted(hows[o])), counts[o]) for o in ordered)


def _document(document: Document) -> str:
    told = ", ".join(part for part in (document.title, document.publisher, document.published) if part)
    return f"{told} (doc:{document.id})" if told else f"doc:{document.id}"

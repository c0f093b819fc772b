"""Fields of work and topics of claims, and the sectors of the scheme that they are or fall under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg import sectors
from kg.model import Claim, Entity, EntityType, Name
from kg.names import slug

_SURE = 0.95


def sector_entity(sector: sectors.Sector, name: str = "", reason: str = "") -> Entity:
    """The node of a sector of the scheme, under the document's name for it if given."""
    return Entity(
        id=sector.id,
        name=name or sector.name,
        type=EntityType.SECTOR,
        names=sector.names,
        parent=sector.broader,
        reasons=(reason,) if reason else (),
        entry=sector.id,
        score=_SURE if reason else 0.0,
    )


def field_entity(name: str, names: tuple[Name, ...]) -> Entity:
    """What a document calls a field: a sector of the scheme where its words are a label of one; else a field of its
    own, under the sector whose label it holds."""
    match = sectors.load().find(name)
    if match is None:
        return Entity(f"sector:{slug(name)}", name, EntityType.SECTOR, names)
    if match.exact:
        return sector_entity(match.sector, name, match.reason)
    identifier = f"sector:{slug(name)}"
    parent = "" if match.sector.id == identifier else match.sector.id
    return Entity(identifier, name, EntityType.SECTOR, names, parent=parent, reasons=(match.reason,))


def of_topics(claims: Iterable[Claim]) -> Mapping[str, str]:
    """The id of the sector that each topic of the claims names or falls under; other topics are left out."""
    topics = sorted({topic for claim in claims for topic in claim.qualifiers.topics})
    return {topic: match.sector.id for topic in topics if (match := sectors.load().find(topic))}


def around(ids: Iterable[str]) -> tuple[Entity, ...]:
    """The nodes of these sectors and of those above them; ids that the scheme lacks are left out."""
    found: dict[str, Entity] = {}
    for identifier in ids:
        scheme = sectors.load()
        sector = scheme.sectors.get(identifier)
        for each in (sector, *scheme.above(sector)) if sector else ():
            found.setdefault(each.id, sector_entity(each))
    return tuple(found.values())

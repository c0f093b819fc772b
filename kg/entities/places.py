"""Which of several places of one name a document means, and what the chosen one is called in the graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.entities.names import bare_place
from kg.model import Entity, EntityType
from kg.names import is_chinese, slug
from kg.reference import Entry, Reference

_BIGGER = 10
"""How many times as many people make one namesake the one that is meant when nothing else tells."""
_RANK = {"country": 3, "state": 2, "city": 1, "district": 0}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document speaks of: keys of the places that it names, countries that it speaks of, and ids of sure
    places' parents."""

    places: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()


def candidates(names: Iterable[str], reference: Reference) -> tuple[Entry, ...]:
    """The places that bear one of the names, words for kinds of place apart ('Zhejiang Province')."""
    found: dict[str, Entry] = {}
    for name in names:
        entries = [entry for entry in reference.lookup(name) if entry.type is EntityType.PLACE]
        if not entries:
            entries = [entry for entry in reference.lookup(bare_place(name)) if entry.type is EntityType.PLACE]
        found.update((entry.id, entry) for entry in entries)
    return tuple(found[identifier] for identifier in sorted(found))


def ancestors(entry: Entry, reference: Reference) -> list[Entry]:
    """The places around a place, from the nearest to the country."""
    found: list[Entry] = []
    while entry.parent and len(found) < 8:
        above = reference.get(entry.parent)
        if above is None:
            break
        found.append(above)
        entry = above
    return found


def setting(names: Sequence[str], spoken: Iterable[str], reference: Reference) -> Setting:
    """The setting of a document that names these places and speaks of these countries otherwise."""
    countries, parents = set(spoken), set()
    for name in names:
        found = candidates([name], reference)
        if len(found) == 1:
            countries.add(found[0].country)
            parents |= {above.id for above in ancestors(found[0], reference) if above.kind != "country"}
            parents.add(found[0].id)
    return Setting(frozenset(bare_place(name) for name in names), frozenset(countries), frozenset(parents))


def choose(names: Iterable[str], around: Setting, reference: Reference) -> tuple[Entry | None, str]:
    """The place that is meant and the reason in words; None when the document does not settle it."""
    found = candidates(names, reference)
    if len(found) == 1:
        return found[0], "the only place of this name"
    if not found:
        return None, "no place of this name in the reference data"
    named = [entry for entry in found if _named_above(entry, around, reference)]
    if len(named) == 1:
        return named[0], f"the document names {_named_above(named[0], around, reference)}, which it lies in"
    near = [entry for entry in named or found if entry.parent in around.parents and _not_a_country(entry.parent)]
    if len(near) == 1:
        return near[0], "the document names places beside it"
    home = [entry for entry in named or found if entry.country in around.countries] or list(named or found)
    if len(home) == 1:
        return home[0], f"the document speaks of its country ({home[0].country})"
    best = biggest(home)
    return (best, "by far the biggest place of this name") if best else (None, f"{len(home)} places of this name")


def _not_a_country(identifier: str) -> bool:
    return len(identifier) > 2


def _named_above(entry: Entry, around: Setting, reference: Reference) -> str:
    """The name of a place around this one that the document names, countries apart."""
    for above in ancestors(entry, reference):
        if above.kind != "country" and any(bare_place(name.text) in around.places for name in above.names):
            return above.name
    return ""


def biggest(entries: Sequence[Entry]) -> Entry | None:
    """The one that is meant when nothing else tells: a country, a state, or one much more populous than the
    others."""
    ordered = sorted(entries, key=_size, reverse=True)
    if len(ordered) == 1:
        return ordered[0]
    first, second = ordered[0], ordered[1]
    if _RANK.get(first.kind, 0) >= 2 and _RANK[first.kind] > _RANK.get(second.kind, 0):
        return first
    return first if first.population >= _BIGGER * max(second.population, 1) else None


def _size(entry: Entry) -> tuple[int, int, str]:
    rank = _RANK.get(entry.kind, 0)
    return rank if rank >= 2 else 0, entry.population, entry.id


def place_id(entry: Entry, reference: Reference) -> str:
    """The id of a known place: its bare name, and the place around it where others of that name are as well known."""
    name = _short_name(entry)
    namesakes = [other for other in candidates([name], reference) if slug(_short_name(other)) == slug(name)]
    best = biggest(namesakes) if namesakes else entry
    if best is not None and best.id == entry.id:
        return f"place:{slug(name)}"
    above = reference.get(entry.parent) if entry.parent else None
    local = f"{slug(name)}-{slug(_short_name(above))}" if above else f"{slug(name)}-{entry.country.lower()}"
    twins = [other for other in namesakes if other.parent == entry.parent and other.id != entry.id]
    return (
        f"place:{local}-{slug(entry.id)}"
        if twins or (above and slug(_short_name(above)) == slug(name))
        else f"place:{local}"
    )


def _short_name(entry: Entry) -> str:
    """The preferred name without the word for its kind: 'Huangpu' of 'Huangpu District'."""
    bare = bare_place(entry.name)
    short = next((name.text for name in entry.names if slug(name.text) == bare.replace(" ", "-")), "")
    return short or (entry.name if is_chinese(entry.name) else bare)


def countries(codes: Iterable[str], reference: Reference) -> dict[str, Entity]:
    """The node of each country, by its ISO 3166-1 code; codes that the reference data do not know are left out."""
    entries = {code: reference.get(code) for code in sorted(set(codes))}
    return {code: place_entity(entry, reference) for code, entry in entries.items() if entry is not None}


def place_entity(entry: Entry, reference: Reference, name: str = "", reason: str = "") -> Entity:
    """The node of a known place, under the document's name for it if given."""
    above = reference.get(entry.parent) if entry.parent else None
    return Entity(
        id=place_id(entry, reference),
        name=name or entry.name,
        type=EntityType.PLACE,
        names=entry.names,
        country=entry.country,
        parent=place_id(above, reference) if above else "",
        lat=entry.lat,
        lon=entry.lon,
        same_as=entry.same_as,
        reasons=(reason,) if reason else (),
        listed=True,
    )

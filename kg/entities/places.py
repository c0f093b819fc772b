"""Which of several places of one name a document means, and what the chosen one is called in the graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from kg.entities.decision import NOTHING, Decision, Setting, fits, tie
from kg.entities.names import bare_place, kind_told
from kg.entries import Entry
from kg.model import Entity, EntityType
from kg.names import fold, is_chinese, slug, without_addition
from kg.reference import Reference

_BIGGER, _BIGGER_METROPOLIS = 10, 3
"""How many times as many people make one namesake the one that is meant when nothing else tells; a metropolis is known
further ('Suzhou' is hardly ever that of Anhui)."""
_METROPOLIS = 2_000_000
_BIG = 50_000
"""People of a town that is meant whatever river, hill or region the text adds to its name."""
_RANK = {"country": 3, "state": 2, "city": 1, "district": 0}
_STATE = 2


def candidates(names: Iterable[str], reference: Reference) -> tuple[Entry, ...]:
    """The places that the first of the names that is known may mean, of which further names take what they do not fit."""
    found: tuple[Entry, ...] = ()
    for name in names:
        bearers = _bearers(name, reference)
        found = tuple(entry for entry in found if entry in bearers) or found or bearers
        if len(found) == 1:
            break
    return found


def _bearers(name: str, reference: Reference) -> tuple[Entry, ...]:
    """The places of a name, words for kinds of place apart ('Zhejiang Province'); a state's name is hardly ever the everyday
    form of a town's."""
    full = reference.places(name)
    base = name if full else bare_place(name)
    found = full or reference.places(base) or _told_apart(name, reference)
    towns = reference.towns(base)
    if towns and not any(_RANK.get(entry.kind, 0) >= _STATE for entry in found):
        found = [*found, *towns]
    if len(found) < 2:
        return tuple(found)
    bearers = {entry.id: entry for entry in found}
    return tuple(bearers[identifier] for identifier in sorted(bearers))


def _told_apart(name: str, reference: Reference) -> list[Entry]:
    """The places of a name with an addition that they do not bear in this form ('Halle an der Saale', 'Freiburg i. Br.'): those
    with a name that holds the addition or its beginning, else a big one that has none itself."""
    base, addition = without_addition(name)
    words = fold(addition).split()
    found = reference.places(base) if words else []
    agreeing = [entry for entry in found if _holds(entry, words[-1], fold(base))]
    return agreeing or [entry for entry in found if entry.population >= _BIG and not without_addition(entry.name)[1]]


def _holds(entry: Entry, beginning: str, apart: str) -> bool:
    """Whether a word of an entry's names begins so, words of `apart` not counted."""
    words = {word for name in entry.names for word in fold(name.text).split()}
    return any(word.startswith(beginning) for word in words - set(apart.split()))


def ancestors(entry: Entry, reference: Reference) -> tuple[Entry, ...]:
    """The places around a place, from the nearest to the country."""
    return reference.above(entry.id)


def setting(names: Sequence[str], spoken: Iterable[str], reference: Reference) -> Setting:
    """The setting of a document that names these places and speaks of these countries otherwise."""
    countries, parents = set(spoken), set()
    for name in names:
        found = candidates([name], reference)
        countries |= _shared(entry.country for entry in found)
        if len(found) == 1:
            parents |= {above.id for above in ancestors(found[0], reference) if above.kind != "country"}
            parents.add(found[0].id)
    return Setting(frozenset(bare_place(name) for name in names), frozenset(countries), frozenset(parents))


def _shared(countries: Iterable[str]) -> set[str]:
    """The country, if there is but one."""
    found = set(countries)
    return found if len(found) == 1 else set()


def choose(names: Sequence[str], country: str, around: Setting, reference: Reference, within: str = "") -> Decision:
    """The place that is meant; no entry when the document does not settle it.

    `country` is the one that the text puts the place in ('' if it does not), `within` the name of the place that it does."""
    found = [entry for entry in candidates(names, reference) if fits(entry, country)]
    if not found:
        return Decision(reasons=("no place of this name in the reference data",))
    kinds = {kind_told(name) for name in names}
    found = [entry for entry in found if entry.kind in kinds] or found
    held = _held(found, within, reference) if within else found
    if not held:
        return Decision(reasons=(f"no place of this name in {within} in the reference data",), rivals=tuple(found))
    if len(held) == 1:
        where = f" in {within}" if len(held) < len(found) else ""
        return _link(held[0], 0.9, f"the only place of this name{where}", around, reference)
    found = held
    named = [entry for entry in found if _named_above(entry, around, reference)]
    if len(named) == 1:
        reason = f"the document names {_named_above(named[0], around, reference)}, which it lies in"
        return Decision((named[0],), 0.95, (reason,))
    left = named or found
    near = [entry for entry in left if _beside(entry, around)]
    if len(near) == 1:
        return _link(near[0], 0.85, "the document names places beside it", around, reference)
    home = [entry for entry in left if entry.country in around.countries] or left
    if len(home) == 1:
        return Decision((home[0],), 0.8, (f"the document speaks of its country ({home[0].country})",))
    first = biggest(home)
    if first:
        return _link(first, 0.75, "by far the biggest place of this name", around, reference)
    usual = _usual(home, names, reference)
    if usual:
        return _link(usual, 0.7, "the biggest place of this name, and no other has it in full", around, reference)
    return tie(home, "place", [_told(entry, reference) for entry in home])


def _held(entries: Sequence[Entry], within: str, reference: Reference) -> list[Entry]:
    """Those that lie in a state of this name; where there is none, all that are meant wherever a text seems to put them."""
    around = {place.id for place in reference.places(within) if place.kind == "state"}
    held = [entry for entry in entries if not around.isdisjoint(above.id for above in reference.above(entry.id))]
    known = [entry for entry in entries if entry.population >= _BIG or _RANK.get(entry.kind, 0) >= _STATE]
    return held or (known if around else list(entries))


def _usual(entries: Sequence[Entry], names: Iterable[str], reference: Reference) -> Entry | None:
    """The most populous one, if it alone bears one of the names in full and the others only in everyday use."""
    full = {place.id for name in names for place in reference.places(name)}
    largest = max(entries, key=_size)
    return largest if [entry for entry in entries if entry.id in full] == [largest] else None


def _link(entry: Entry, score: float, reason: str, around: Setting, reference: Reference) -> Decision:
    """A link, surer where the document names a place around it."""
    above = _named_above(entry, around, reference)
    if not above:
        return Decision((entry,), score, (reason,))
    return Decision((entry,), round(score + 0.08, 2), (reason, f"the document names {above}, which it lies in"))


def _told(entry: Entry, reference: Reference) -> str:
    """A place's name with what lies around it: 'Nanshan District (Hegang)'."""
    above = reference.get(entry.parent) if entry.parent else None
    return f"{entry.name} ({above.name if above else entry.country})"


def _beside(entry: Entry, around: Setting) -> bool:
    """Whether the document names a place within this one or, countries apart, one that lies in the same as this one."""
    return entry.id in around.parents or (entry.parent in around.parents and len(entry.parent) > 2)


def _named_above(entry: Entry, around: Setting, reference: Reference) -> str:
    """The name of a place around this one that the document names, countries and those of the same name apart."""
    own = _bare_names(entry.id, reference)
    for above in reference.above(entry.id) if around.places else ():
        if above.kind != "country" and not around.places.isdisjoint(_bare_names(above.id, reference) - own):
            return above.name
    return ""


@lru_cache(maxsize=4096)
def _bare_names(identifier: str, reference: Reference) -> frozenset[str]:
    entry = reference.get(identifier)
    names = [name.text for name in entry.names] if entry else []
    return frozenset(bare_place(form) for name in names for form in (name, without_addition(name)[0]))


def biggest(entries: Sequence[Entry]) -> Entry | None:
    """The one that is meant when nothing else tells: a country, a state, or one much more populous than the
    others."""
    ordered = sorted(entries, key=_size, reverse=True)
    if len(ordered) == 1:
        return ordered[0]
    first, second = ordered[0], ordered[1]
    if _RANK.get(first.kind, 0) >= _STATE and _RANK[first.kind] > _RANK.get(second.kind, 0):
        return first
    bigger = _BIGGER_METROPOLIS if first.population >= _METROPOLIS else _BIGGER
    return first if first.population >= bigger * max(second.population, 1) else None


def _size(entry: Entry) -> tuple[int, int, str]:
    rank = _RANK.get(entry.kind, 0)
    return rank if rank >= _STATE else 0, entry.population, entry.id


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


def place_entity(entry: Entry, reference: Reference, name: str = "", decision: Decision = NOTHING) -> Entity:
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
        reasons=decision.reasons,
        identifiers=entry.identifiers,
        entry=entry.id,
        score=decision.score,
    )

"""Claims' arguments get identities: each name becomes an entity, linked to the reference data where that is sure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from kg.entities import fields, organizations, places
from kg.entities.decision import EVERYWHERE, NOTHING, Decision, Setting
from kg.entities.names import bare_person
from kg.entities.nationality import Nationality, in_name
from kg.entities.things import Key, Thing, key_of, places_of, things_of
from kg.entries import Entry
from kg.model import (
    ORGANIZATIONS,
    Argument,
    Claim,
    Document,
    Entity,
    EntityType,
    Extraction,
    Mention,
    Name,
    side,
)
from kg.names import is_chinese, slug
from kg.reference import Reference

_SEAT = re.compile(r"\b(?:based|headquarter\w*|head office|seat|home)\b", re.IGNORECASE)
_DESCRIBED = frozenset({EntityType.GROUP})
_PREFIX = {EntityType.PLACE: "place", EntityType.EVENT: "event", EntityType.SECTOR: "sector"}


def link(document: Document, claims: Sequence[Claim], mentions: Sequence[Mention], reference: Reference) -> Extraction:
    """The document's claims with an id in each argument, and the entities that they name with the places around them.

    Places and organisations are looked up in the reference data; persons, groups and events never are. Where names
    and context do not settle which entry is meant, the name becomes an entity of its own rather than a wrong one."""
    things = things_of(document.text, claims, mentions, reference)
    linked = _Linker(document, things, claims, mentions, reference).entities()
    forms: dict[str, list[str]] = defaultdict(list)
    for key, entity in linked.items():
        forms[entity.id] += things[key].names
    settled = tuple(
        replace(claim, subject=_settled(claim.subject, linked, forms), object=_settled(claim.object, linked, forms))
        for claim in claims
    )
    topics = fields.of_topics(claims)
    above = fields.around([e.parent or e.id for e in linked.values() if e.type is EntityType.SECTOR])
    named = {entity.id: entity for entity in (*above, *fields.around(topics.values()), *linked.values())}
    entities = _with_places_around([*linked.values(), *named.values()], reference)
    return Extraction(document, settled, entities, tuple(mentions), sectors=topics)


def decide(
    names: Sequence[str],
    type_: EntityType,
    reference: Reference,
    around: Setting = EVERYWHERE,
    country: str = "",
    within: str = "",
) -> Decision:
    """Which entry of the reference data these names of one thing mean, with score and reasons.

    The fullest name comes first; `around` is what the document speaks of, `country` the thing's as the text gives
    it, `within` the place that the text puts a place in. Persons, groups and events are never linked."""
    if type_ is EntityType.PLACE:
        return places.choose(names, country, around, reference, within)
    if type_ in ORGANIZATIONS:
        return organizations.choose(names, type_, country, around, reference)
    return NOTHING


class _Linker:
    """The identities of one document's things: a decision each, none with the id of another."""

    def __init__(
        self,
        document: Document,
        things: dict[Key, Thing],
        claims: Sequence[Claim],
        mentions: Sequence[Mention],
        reference: Reference,
    ) -> None:
        self._document = document
        self._things = things
        self._claims = claims
        self._reference = reference
        named = {name for mention in mentions for name in places_of(mention, reference)}
        named |= {thing.name for thing in things.values() if thing.type is EntityType.PLACE}
        spoken = [thing.given.country for thing in things.values() if thing.given]
        self._setting = places.setting(sorted(named), spoken, reference)

    def entities(self) -> dict[Key, Entity]:
        """The entity of each thing, in order of the text."""
        found: dict[Key, Entity] = {}
        for key, thing in self._things.items():
            if thing.type is EntityType.PLACE:
                found[key] = self._place(thing)
        for key, thing in self._things.items():
            if thing.type is not EntityType.PLACE:
                found[key] = self._other(key, thing, found)
        return _distinct({key: found[key] for key in self._things}, self._things)

    def _place(self, thing: Thing) -> Entity:
        said = thing.given.country if thing.given else ""
        decision = decide(thing.names, thing.type, self._reference, self._setting, said, thing.within)
        if decision.entries:
            return places.place_entity(decision.entries[0], self._reference, thing.name, decision)
        known = bool(places.candidates(thing.names, self._reference))
        local = f"{slug(thing.name)}-{self._stamp()}" if known else slug(thing.name)
        reasons = (*decision.reasons, *([thing.given.reason] if thing.given else []))
        country = said or _shared_country(decision.rivals)
        return Entity(f"place:{local}", thing.name, EntityType.PLACE, self._names(thing), country, reasons=reasons)

    def _other(self, key: Key, thing: Thing, found: dict[Key, Entity]) -> Entity:
        if thing.type is EntityType.SECTOR:
            return fields.field_entity(thing.name, self._names(thing))
        given = thing.given or self._otherwise(key, thing, found)
        said = thing.given.country if thing.given else ""
        decision = decide(thing.names, thing.type, self._reference, self._setting, said)
        if not decision.entries and thing.completed:
            completed = decide(thing.completed, thing.type, self._reference, self._setting, said)
            decision = completed if completed.entries else decision
        if decision.entries:
            return self._known(thing, decision)
        reasons = (*decision.reasons, *([given.reason] if given else []))
        country = given.country if given else _shared_country(decision.rivals)
        return Entity(self._own_id(thing), thing.name, thing.type, self._names(thing), country, reasons=reasons)

    def _known(self, thing: Thing, decision: Decision) -> Entity:
        entries = decision.entries
        return Entity(
            id=organizations.organization_id(entries, self._reference),
            name=thing.name,
            type=organizations.type_of(thing.type, entries[0]),
            names=organizations.names_of(entries),
            country=_country(thing, entries[0]),
            same_as=tuple(sorted({iri for entry in entries for iri in entry.same_as})),
            reasons=decision.reasons,
            identifiers=tuple(sorted({each for entry in entries for each in entry.identifiers})),
            entry=entries[0].id,
            score=decision.score,
        )

    def _otherwise(self, key: Key, thing: Thing, found: dict[Key, Entity]) -> Nationality | None:
        """The country that an organisation's or a group's own name gives it, or else its seat."""
        if thing.type not in ORGANIZATIONS and thing.type is not EntityType.GROUP:
            return None
        return in_name(thing.name, self._reference) or self._seat(key, found)

    def _seat(self, key: Key, found: dict[Key, Entity]) -> Nationality | None:
        """The country of the place that the document calls a thing's seat; a branch is not one."""
        for claim in self._claims:
            seat = claim.predicate == "basedIn" and _SEAT.search(claim.evidence.quote)
            if seat and key_of(claim.subject.name, claim.subject.type) == key:
                place = found.get(key_of(claim.object.name, claim.object.type))
                if place and place.country:
                    return Nationality(place.country, f"the text puts it in {place.name}")
        return None

    def _own_id(self, thing: Thing) -> str:
        """The id of what is not in the reference data; what is described rather than named belongs to its
        document."""
        prefix = _PREFIX.get(thing.type, "agent")
        local = slug(bare_person(thing.name) if thing.type is EntityType.PERSON else thing.name)
        described = thing.type is EntityType.EVENT and not _proper(thing.name)
        if thing.type in _DESCRIBED or described:
            return f"{prefix}:{local}-{self._stamp()}"
        if prefix == "agent" and any(entry.type in ORGANIZATIONS for entry in self._reference.lookup(thing.name)):
            return f"agent:{local}-{_apart(thing)}"
        return f"{prefix}:{local}"

    def _stamp(self) -> str:
        """Six hexadecimal digits that stand for the document."""
        return sha256(self._document.id.encode()).hexdigest()[:6]

    def _names(self, thing: Thing) -> tuple[Name, ...]:
        """The forms of a name as the document has them, with its language."""
        lang = self._document.lang
        return tuple(Name(form, "zh" if is_chinese(form) else lang) for form in thing.names)


def _shared_country(rivals: Sequence[Entry]) -> str:
    """The country of all that a name might mean, '' if they lie in several."""
    codes = {entry.country for entry in rivals}
    return codes.pop() if len(rivals) > 1 and len(codes) == 1 else ""


def _country(thing: Thing, entry: Entry) -> str:
    """A known organisation's country; a Chinese house registered in Hong Kong is Chinese where the text says so."""
    return thing.given.country if thing.given and thing.given.country == side(entry.country) else entry.country


def _apart(thing: Thing) -> str:
    """What tells an unlinked agent from the known one of its name: its country, or else its type."""
    return thing.given.country.lower() if thing.given else slug(thing.type.value)


def _proper(name: str) -> bool:
    """Whether an event's name is a name: two words at least, the long ones with capitals."""
    pieces = [piece for piece in name.split() if len(piece) > 3]
    return (
        len(name.split()) >= 2 and bool(pieces) and all(piece[:1].isupper() or piece[:1].isdigit() for piece in pieces)
    )


def _distinct(found: dict[Key, Entity], things: dict[Key, Thing]) -> dict[Key, Entity]:
    """The entities, those apart whose ids are the same by accident: linked ones and places may meet, others may
    not."""
    taken: dict[str, Entity] = {}
    out: dict[Key, Entity] = {}
    for key, entity in found.items():
        other = taken.get(entity.id)
        if other is not None and not (entity.entry and entity.entry == other.entry):
            entity = replace(entity, id=f"{entity.id}-{slug(things[key].type.value)}")
        taken[entity.id] = entity
        out[key] = entity
    return out


def _settled(argument: Argument, linked: Mapping[Key, Entity], forms: Mapping[str, Sequence[str]]) -> Argument:
    """The argument with the id and the type of its entity, and with the other forms of its name."""
    entity = linked[key_of(argument.name, argument.type)]
    others = dict.fromkeys(form for form in forms[entity.id] if form not in (argument.name, argument.mention))
    return replace(argument, id=entity.id, type=entity.type, aliases=tuple(others))


def _with_places_around(entities: Iterable[Entity], reference: Reference) -> tuple[Entity, ...]:
    """The entities, each id once, and behind them the places around them up to the countries."""
    found: dict[str, Entity] = {}
    for entity in entities:
        found.setdefault(entity.id, entity)
    for entity in list(found.values()):
        if entity.type is EntityType.PLACE and entity.parent:
            for above in reference.above(entity.entry):
                node = places.place_entity(above, reference)
                found.setdefault(node.id, node)
        if entity.country:
            country = reference.get(entity.country)
            if country:
                node = places.place_entity(country, reference)
                found.setdefault(node.id, node)
    return tuple(found.values())

"""Who is who across documents: the unlisted organisation or person of two documents is one where names and context agree.

All documents of a build are looked at together, in an order of their own, so the order in which they are read makes no
difference. What people have decided goes before what is found here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.entities.clusters import Cluster, clusters
from kg.entities.decisions import DIFFERENT, SAME, Decision, find_contradiction, united
from kg.entities.sightings import Order, is_sighted, order_of, organizations, persons
from kg.errors import DecisionError
from kg.model import Argument, Claim, Entity, Extraction, Name, distinct_names


@dataclass(frozen=True, slots=True)
class Together:
    """The extractions of a build with ids that hold in all of it, and every entity once with all that is known of it."""

    extractions: tuple[Extraction, ...]
    entities: Mapping[str, Entity]


def bring_together(extractions: Sequence[Extraction], decisions: Sequence[Decision] = ()) -> Together:
    """Settles who is who in all documents of a build.

    Raises DecisionError, with file and line, for a decision on what no document names, and for decisions that make one
    what is said to be different, or a person and what is none."""
    ordered = sorted(extractions, key=order_of)
    fixed = frozenset(e.id for x in ordered for e in x.entities if not is_sighted(e))
    apart = [d.pair for d in decisions if d.verdict == DIFFERENT]
    spoken = frozenset(id_ for d in decisions for id_ in d.pair)
    firms = clusters(organizations(ordered, spoken), apart, fixed)
    known = _Known(firms, fixed)
    kin = united(decisions, known.first)
    people = clusters(
        persons(ordered, lambda document, id_: _in(kin, known.at(document, id_)), spoken), apart, known.taken
    )
    known = _Known([*firms, *people], fixed)
    stood_for = {id_: known.the_one(id_, d) for d in decisions for id_ in d.pair}
    found = {cluster.id for cluster in people}
    for decision in decisions:
        decision.check(lambda id_: stood_for[id_] in found)
    find_contradiction(decisions, stood_for.__getitem__)
    return _Union(known, decisions, stood_for, ordered).applied(extractions)


def _in(kin: Mapping[str, str], id_: str) -> str:
    return kin.get(id_, id_)


class _Known:
    """Which thing an id stands for: in a document, and in a decision."""

    def __init__(self, found: Sequence[Cluster], fixed: frozenset[str]) -> None:
        self.clusters = {cluster.id: cluster for cluster in found}
        self._fixed = fixed
        self._places = {
            (document, entity.id): cluster.id
            for cluster in found
            for sighting in cluster.sightings
            for (_, document), entity in sighting.seen
        }
        self._bearers: dict[str, list[str]] = defaultdict(list)
        for cluster in found:
            for id_ in sorted({*cluster.bares, *cluster.own} - {cluster.id}):
                self._bearers[id_].append(cluster.id)

    @property
    def taken(self) -> frozenset[str]:
        """All ids that are in use, or would be if something was parted."""
        return self._fixed | self.clusters.keys() | self._bearers.keys()

    def at(self, document: str, id_: str) -> str:
        """What an id that linking gave in a document stands for in the build."""
        return self._places.get((document, id_), id_)

    def bearers(self, id_: str) -> list[str]:
        """The things that an id may stand for in a decision."""
        return [id_] if id_ in self._fixed or id_ in self.clusters else self._bearers.get(id_, [])

    def first(self, id_: str) -> str:
        """The thing that an id stands for, itself where there is none or more than one."""
        found = self.bearers(id_)
        return found[0] if len(found) == 1 else id_

    def the_one(self, id_: str, decision: Decision) -> str:
        """The thing that a decision's id stands for. Raises DecisionError where there is none or more than one."""
        found = self.bearers(id_)
        if not found:
            raise DecisionError(
                f"{decision.where}: no document of this build names '{id_}': remove the line, or build its documents too"
            )
        if len(found) > 1:
            raise DecisionError(
                f"{decision.where}: '{id_}' is now {len(found)} things: {', '.join(sorted(found))}\nwrite which is meant"
            )
        return found[0]


class _Union:
    """What decisions make of the things of a build: the last id of each, and what is known of it."""

    def __init__(
        self, known: _Known, decisions: Sequence[Decision], stood_for: Mapping[str, str], ordered: Sequence[Extraction]
    ) -> None:
        self._known = known
        self._decisions = decisions
        self._stood_for = stood_for
        self._met: dict[str, list[tuple[Order, Entity]]] = defaultdict(list)
        for extraction in ordered:
            for entity in extraction.entities:
                self._met[known.at(extraction.document.id, entity.id)].append((order_of(extraction), entity))
        self._parts: dict[str, list[str]] = defaultdict(list)
        kin = united(decisions, stood_for.__getitem__)
        for id_ in sorted(self._met, key=lambda id_: (not self._is_listed(id_), self._met[id_][0][0], id_)):
            self._parts[_in(kin, id_)].append(id_)
        self._heads = {id_: parts[0] for parts in self._parts.values() for id_ in parts}

    def _is_listed(self, id_: str) -> bool:
        return any(entity.listed for _, entity in self._met[id_])

    def applied(self, extractions: Sequence[Extraction]) -> Together:
        """The extractions, in the order given, and the entities, with the ids that hold."""
        whole = {parts[0]: self._whole(parts) for parts in self._parts.values()}
        return Together(tuple(self._of_document(x, whole) for x in extractions), dict(sorted(whole.items())))

    def _of_document(self, extraction: Extraction, whole: Mapping[str, Entity]) -> Extraction:
        document = extraction.document.id

        def final(id_: str) -> str:
            return self._heads.get(at := self._known.at(document, id_), at)

        def renamed(argument: Argument) -> Argument:
            id_ = final(argument.id)
            return replace(argument, id=id_, type=whole[id_].type if id_ in whole else argument.type)

        def fitted(entity: Entity) -> Entity:
            one = whole[final(entity.id)]
            parent = final(entity.parent) if entity.parent else ""
            country = entity.country and one.country
            return replace(entity, id=one.id, type=one.type, country=country, parent=parent)

        claims: tuple[Claim, ...] = tuple(
            replace(c, subject=renamed(c.subject), object=renamed(c.object)) for c in extraction.claims
        )
        return replace(extraction, claims=claims, entities=tuple(fitted(e) for e in extraction.entities))

    def _whole(self, parts: Sequence[str]) -> Entity:
        """One entity of all that is known of its parts, the first of which gives the id."""
        first = [entity for _, entity in self._met[parts[0]]]
        others = [entity for id_ in parts[1:] for _, entity in self._met[id_]]
        met = first + others
        label = _usual([entity.name for entity in first])
        parent = next((e.parent for e in met if e.parent), "")
        return replace(
            first[0],
            id=parts[0],
            name=label,
            type=type(first[0].type)(_usual([str(entity.type) for entity in first])),
            names=_names(label, first, others),
            country=next((e.country for e in met if e.country), ""),
            parent=self._heads.get(parent, parent),
            same_as=tuple(sorted({iri for entity in met for iri in entity.same_as})),
            reasons=self._reasons(parts),
            other_ids=self._other_ids(parts),
        )

    def _reasons(self, parts: Sequence[str]) -> tuple[str, ...]:
        """Why the entity's documents, and what people have decided on, are one."""
        found = [self._known.clusters[id_].reason for id_ in parts if id_ in self._known.clusters]
        for decision in self._decisions:
            if decision.verdict == SAME and self._stood_for[decision.one] in parts:
                why = f": {decision.why}" if decision.why else ""
                found.append(f"{decision.one} and {decision.other} are said to be the same{why}")
        return tuple(sorted(set(filter(None, found))))

    def _other_ids(self, parts: Sequence[str]) -> tuple[str, ...]:
        """The ids of the parts of what is in several documents, or one by decision: by them it can be parted again."""
        found = set(parts[1:])
        for cluster in (self._known.clusters[id_] for id_ in parts if id_ in self._known.clusters):
            if len(cluster.documents) > 1:
                found.update(id_ for id_ in cluster.own if self._known.first(id_) == cluster.id)
        return tuple(sorted(found - {parts[0]}))


def _usual(values: Sequence[str]) -> str:
    """The value met most often, the first met among equals."""
    counts = Counter(values)
    return max(counts, key=lambda value: (counts[value], -values.index(value)))


def _names(label: str, first: Sequence[Entity], others: Iterable[Entity]) -> tuple[Name, ...]:
    """All names: those of the first part, the usual one before others, then those that came to it."""
    names = [name for entity in first for name in entity.names]
    if not first[0].listed:
        names.sort(key=lambda name: name.text != label)
    for entity in others:
        names += (
            entity.names if any(n.text == entity.name for n in entity.names) else (Name(entity.name), *entity.names)
        )
    return distinct_names(names)

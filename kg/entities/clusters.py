"""Which sightings of organisations and persons are one thing, and by which id it goes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from kg.entities.sightings import Sighting, telling_words
from kg.model import EntityType, side

_GROUNDS = ("tie", "country", "name")
"""What makes sightings of one name one thing, the surest first."""
_WORDS = {
    "tie": "the same name, and the same place, owner or people",
    "country": "the same name, and the same country",
    "name": "the same name, and nothing that speaks against it",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Sightings that are one thing, in order, on what grounds, the id of the thing, and all ids that it may bear, the best
    first, whatever else a build holds."""

    sightings: tuple[Sighting, ...]
    grounds: frozenset[str] = frozenset()
    id: str = ""
    own: tuple[str, ...] = ()

    @property
    def bares(self) -> frozenset[str]:
        """The ids without what tells it from namesakes."""
        return frozenset(sighting.bare for sighting in self.sightings)

    @property
    def ties(self) -> frozenset[str]:
        """All that tells it from namesakes."""
        return frozenset().union(*(sighting.ties for sighting in self.sightings))

    @property
    def documents(self) -> frozenset[str]:
        """The ids of its documents."""
        return frozenset().union(*(sighting.documents for sighting in self.sightings))

    @property
    def reason(self) -> str:
        """Why its documents are taken to speak of one thing; '' where there is only one."""
        count, first = len(self.documents), self.sightings[0]
        if count < 2:
            return ""
        if first.is_person:
            return f"one person in {count} documents: the same name, and the same employer or office"
        ground = max(self.grounds | {_ground(s) for s in self.sightings if len(s.documents) > 1}, key=_GROUNDS.index)
        return f"one organisation in {count} documents: {_WORDS[ground]}"


def clusters(sightings: Sequence[Sighting], apart: Iterable[tuple[str, str]], taken: Collection[str]) -> list[Cluster]:
    """The things that sightings (all of organisations, or all of persons) are of, in order, each with its id.

    `apart` are pairs of ids that people say are different, `taken` the ids of other things."""
    rivals = [(one, other) for one, other in (_sides(sightings, *pair) for pair in apart) if one and other]
    found = _with_ids(_Uniting(sightings, rivals).run())
    claims = Counter(id_ for cluster in found for id_ in {*cluster.bares, *cluster.own})
    forbidden = {*taken, *(id_ for id_, count in claims.items() if count > 1)}
    named: list[Cluster] = []
    for cluster in found:
        choices = (cluster.sightings[0].bare, *cluster.own)
        chosen = next(id_ for id_ in (*choices, f"{choices[-1]}-2") if id_ not in forbidden)
        forbidden.add(chosen)
        named.append(replace(cluster, id=chosen))
    return named


def _with_ids(found: Sequence[Cluster]) -> list[Cluster]:
    """The clusters with their ids. The id of a person at one house is not that of a namesake at this house and another."""
    ids = [tuple(dict.fromkeys(id_ for sighting in cluster.sightings for id_ in sighting.own)) for cluster in found]
    breadths = [len(cluster.ties) if cluster.sightings[0].is_person else 0 for cluster in found]
    least: dict[str, int] = {}
    for breadth, own in zip(breadths, ids, strict=True):
        for id_ in own:
            least[id_] = min(breadth, least.get(id_, breadth))
    return [
        replace(cluster, own=tuple(id_ for id_ in own if breadth == least[id_]))
        for cluster, breadth, own in zip(found, breadths, ids, strict=True)
    ]


def _sides(sightings: Sequence[Sighting], one: str, other: str) -> tuple[frozenset[int], frozenset[int]]:
    """The sightings that either id stands for, without those that both stand for."""
    first = frozenset(n for n, s in enumerate(sightings) if one in (s.bare, *s.own))
    second = frozenset(n for n, s in enumerate(sightings) if other in (s.bare, *s.own))
    return first - second, second - first


def _ground(sighting: Sighting) -> str:
    """On what grounds the documents of one sighting, which say the same of it, are taken together."""
    if sighting.ties:
        return "tie"
    return "country" if sighting.country else "name"


class _Uniting:
    """Sightings by number, and the cluster that each is in: what agrees is brought together unless that clashes."""

    def __init__(self, sightings: Sequence[Sighting], rivals: Sequence[tuple[frozenset[int], frozenset[int]]]) -> None:
        self._sightings = sightings
        self._rivals = rivals
        self._home: list[tuple[int, ...]] = [(number,) for number in range(len(sightings))]
        self._grounds: dict[tuple[int, ...], frozenset[str]] = {}

    def run(self) -> list[Cluster]:
        """The clusters, in order of their first sighting."""
        bearers = self._bearers()
        for name in sorted(bearers):
            buckets = self._buckets(name, bearers[name])
            bridging = self._bridging(buckets)
            for ground, members in buckets:
                self._unite([number for number in members if number not in bridging], ground)
        for name in sorted(bearers):
            same = [number for number in bearers[name] if self._sightings[number].key == name]
            if telling_words(name) >= 2 and not self._sightings[same[0]].is_person:
                self._unite(same, "name")
        return [
            Cluster(tuple(self._sightings[number] for number in home), self._grounds.get(home, frozenset()))
            for home in dict.fromkeys(self._home)
        ]

    def _bearers(self) -> dict[str, list[int]]:
        """Full name → its bearers, and those that one document calls so too if they have one full name among them."""
        bearers: dict[str, list[int]] = defaultdict(list)
        others: dict[str, list[int]] = defaultdict(list)
        for number, sighting in enumerate(self._sightings):
            bearers[sighting.key].append(number)
        for number, sighting in enumerate(self._sightings):
            for alias in sighting.aliases & bearers.keys():
                others[alias].append(number)
        for alias, members in others.items():
            if len({self._sightings[number].key for number in members}) == 1:
                bearers[alias] += members
        return bearers

    def _buckets(self, name: str, bearers: Sequence[int]) -> list[tuple[str, list[int]]]:
        """Bearers of a name that agree in their country or in a tie, which is to make them one."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number in bearers:
            sighting = self._sightings[number]
            if sighting.country and telling_words(name):
                found["country", side(sighting.country)].append(number)
            for tie in sighting.ties:
                found["tie", tie].append(number)
        return [(key[0], found[key]) for key in sorted(found) if len(found[key]) > 1]

    def _bridging(self, buckets: Sequence[tuple[str, list[int]]]) -> set[int]:
        """Sightings that agree with two things which cannot be one: they stay apart rather than join either by chance."""
        if not self._clash(chain.from_iterable(members for _, members in buckets)):
            return set()
        met: dict[int, set[int]] = defaultdict(set)
        for _, members in buckets:
            for number in members:
                met[number].update(members)
        return {number for number, others in met.items() if self._clash(others - {number})}

    def _unite(self, numbers: Iterable[int], ground: str) -> None:
        homes = {self._home[number] for number in numbers}
        together = tuple(sorted(chain.from_iterable(homes)))
        if len(homes) > 1 and not self._clash(together):
            self._grounds[together] = frozenset({ground}).union(*(self._grounds.get(h, frozenset()) for h in homes))
            for number in together:
                self._home[number] = together

    def _clash(self, numbers: Iterable[int]) -> bool:
        """Whether sightings cannot all be one: two countries, a club and another, one document, or people say so."""
        chosen = set(numbers)
        members = [self._sightings[number] for number in sorted(chosen)]
        if len({side(s.country) for s in members if s.country}) > 1:
            return True
        if len({s.type is EntityType.SPORTS_CLUB for s in members}) > 1:
            return True
        documents = [document for s in members for document in s.documents]
        return len(documents) > len(set(documents)) or any(
            one & chosen and other & chosen for one, other in self._rivals
        )

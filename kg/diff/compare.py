"""What came, went and changed between two sides: claims first, then documents and entities.

A claim's id is a hash of what it says, so a claim whose status or date is another has another id; what one document says of
the same two things with the same relation is therefore told as one change, and not as a loss and a gain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.diff.sides import Bag, Side, bags, names
from kg.namespaces import CLAIM, DOC, ENTITY_PREFIXES, PREFIXES, to_iri, to_name

ADDED, REMOVED, CHANGED = "added", "removed", "changed"

_QUOTE = "-quote"
_DOCUMENT = "prov:wasDerivedFrom"
_KINDS = (
    ("claim", (CLAIM,)),
    ("document", (DOC,)),
    ("entity", tuple(PREFIXES[prefix] for prefix in ENTITY_PREFIXES)),
    ("other", ("",)),
)
"""What a node is, by the beginning of its IRI, in the order in which changes are told."""
_UNTOLD = frozenset({"rdf:type", "kg:evidence"})
"""Properties of a claim that tell nothing: they follow from its id, which is told."""
_HOW_SURE = frozenset({"kg:confidence", "kg:linkScore"})
"""Properties that say how sure something is, and nothing of what is so."""
_WHERE = frozenset({"oa:start", "oa:end"})
"""Properties that say where in its document a sentence stands, which every change before it moves."""

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One node that came, went or changed: what it is, its id and, of a claim, the statement in words.

    `was` and `now` are all that is said of it on either side, for a claim with its quote; `differing` are the properties in
    which they differ, of something changed; `formerly` is the id that a document of the same text had before."""

    how: str
    what: str
    id: str
    title: str
    was: Bag
    now: Bag
    differing: tuple[str, ...] = ()
    formerly: str = ""

    @property
    def latest(self) -> Bag:
        """What is said of it now, or was said at last."""
        return self.now or self.was

    @property
    def is_slight(self) -> bool:
        """Whether it says the same as before, more or less surely or at another place of its document."""
        return bool(self.differing) and (_HOW_SURE | _WHERE).issuperset(self.differing)

    def in_substance(self) -> Change:
        """The change, but for where in its document something stands."""
        return replace(self, differing=tuple(name for name in self.differing if name not in _WHERE))


@dataclass(frozen=True, slots=True)
class Difference:
    """All that two sides differ in; empty where they say the same. Quads where both sides have named graphs, else triples."""

    changes: tuple[Change, ...]
    removed: tuple[ox.Quad | ox.Triple, ...]
    added: tuple[ox.Quad | ox.Triple, ...]

    def __bool__(self) -> bool:
        return bool(self.removed or self.added)

    def in_substance(self) -> Difference:
        """What is left where it does not count how sure something is, nor where in its document it stands."""
        unsaid = {to_iri(name) for name in _HOW_SURE | _WHERE}
        removed, added = (
            tuple(s for s in each if s.predicate.value not in unsaid) for each in (self.removed, self.added)
        )
        changes = (change.in_substance() for change in self.changes if not change.is_slight)
        return Difference(tuple(changes), removed, added)


def compare(old: Side, new: Side) -> Difference:
    """What is new, gone and changed from one side to another."""
    if old == new:
        return Difference((), (), ())
    before, after = old.triples, new.triples
    gone, come = before - after, after - before
    told = gone | come
    changes = _changes(before, after, told) if told else ()
    if old.graphs and new.graphs:
        return Difference(changes, _ordered(old.quads - new.quads), _ordered(new.quads - old.quads))
    return Difference(changes, _ordered(gone), _ordered(come))


def _ordered(statements: Iterable[ox.Quad] | Iterable[ox.Triple]) -> tuple[ox.Quad | ox.Triple, ...]:
    return tuple(sorted(statements, key=str))


def _changes(
    before: Collection[ox.Triple], after: Collection[ox.Triple], differing: Collection[ox.Triple]
) -> tuple[Change, ...]:
    touched = {_node(triple) for triple in differing}
    wanted = touched | {iri + _QUOTE for iri in touched if iri.startswith(CLAIM)}
    was, now = (_with_quotes(bags(triples, wanted)) for triples in (before, after))
    ends = {
        bag[end][0] for bag in (*was.values(), *now.values()) for end in ("rdf:subject", "rdf:object") if end in bag
    }
    called = names(before, ends) | names(after, ends)
    relations = _relations(before) | _relations(after)
    lost, won = ({iri: bag for iri, bag in side.items() if iri.startswith(CLAIM)} for side in (was, now))
    renamed = _renamed(was, now)
    nodes = sorted(iri for iri in touched - renamed.keys() if not iri.startswith(CLAIM))
    found = [*_of_claims(lost, won, called, renamed), *_of_nodes(nodes, was, now, relations, renamed)]
    return tuple(sorted(found, key=_place))


def _node(triple: ox.Triple) -> str:
    """The IRI of the node that a triple tells of; that of its claim for a quote."""
    iri = str(getattr(triple.subject, "value", triple.subject))
    return iri.removesuffix(_QUOTE) if iri.startswith(CLAIM) else iri


def _with_quotes(found: Mapping[str, Bag]) -> dict[str, Bag]:
    """Claims and their quotes as one."""
    whole: dict[str, Bag] = {}
    for iri, bag in found.items():
        if iri.startswith(CLAIM) and iri.endswith(_QUOTE):
            continue
        quote = found.get(iri + _QUOTE, {})
        whole[iri] = {**bag, **{name: values for name, values in quote.items() if name != "rdf:type"}}
    return whole


def _renamed(was: Mapping[str, Bag], now: Mapping[str, Bag]) -> dict[str, str]:
    """The documents that only the old side has, with those of the same text that only the new side has, by IRI."""
    gone, come = (
        {one(bag, "kg:digest"): iri for iri, bag in side.items() if iri.startswith(DOC) and iri not in other}
        for side, other in ((was, now), (now, was))
    )
    return {gone[digest]: come[digest] for digest in gone.keys() & come.keys() - {""}}


def _relations(triples: Iterable[ox.Triple]) -> set[str]:
    """The relations that some claim states, whose plain triples are told with the claims."""
    return {
        to_name(str(getattr(triple.object, "value", "")))
        for triple in triples
        if triple.predicate.value == PREFIXES["rdf"] + "predicate"
    }


def _of_claims(
    was: Mapping[str, Bag], now: Mapping[str, Bag], called: Mapping[str, str], renamed: Mapping[str, str]
) -> Iterator[Change]:
    names_now = {to_name(iri): to_name(name) for iri, name in renamed.items()}
    moved = {iri: _moved(bag, names_now) for iri, bag in was.items()}
    pairs = [(iri, iri) for iri in was if iri in now]
    lost, won = _by_statement(moved, now), _by_statement(now, was)
    for statement in sorted(lost.keys() | won.keys()):
        left, right = lost.get(statement, []), won.get(statement, [])
        paired = min(len(left), len(right))
        pairs += zip(left[:paired], right[:paired], strict=True)
        pairs += [(iri, "") for iri in left[paired:]] + [("", iri) for iri in right[paired:]]
    for one, other in pairs:
        before, after = was.get(one, {}), now.get(other, {})
        if differing := _differing(moved.get(one, {}), after):
            title = _statement(after or before, called)
            yield _change("claim", to_name(other or one), title, before, after, differing)


def _moved(claim: Bag, renamed: Mapping[str, str]) -> Bag:
    """What is said of a claim, its document by the name that it has now."""
    documents = claim.get(_DOCUMENT, ())
    return {**claim, _DOCUMENT: tuple(renamed.get(name, name) for name in documents)} if documents else claim


def _by_statement(claims: Mapping[str, Bag], others: Mapping[str, Bag]) -> dict[Values, list[str]]:
    """The claims that the other side does not have, by document, relation and ends, in the order of the text."""
    found: dict[Values, list[str]] = defaultdict(list)
    for iri in sorted(claims.keys() - others.keys(), key=lambda iri: (_start(claims[iri]), iri)):
        ends = (_DOCUMENT, "rdf:predicate", "rdf:subject", "rdf:object")
        found[tuple(one(claims[iri], end) for end in ends)].append(iri)
    return found


def _of_nodes(
    nodes: Iterable[str],
    was: Mapping[str, Bag],
    now: Mapping[str, Bag],
    relations: Collection[str],
    renamed: Mapping[str, str],
) -> Iterator[Change]:
    names_before = {name: iri for iri, name in renamed.items()}
    for iri in nodes:
        former = names_before.get(iri, "")
        bags_ = was.get(former or iri, {}), now.get(iri, {})
        before, after = ({n: v for n, v in bag.items() if n not in relations} for bag in bags_)
        differing = _differing(before, after)
        if differing or former:
            what = next(kind for kind, beginnings in _KINDS if iri.startswith(beginnings))
            latest = after or before
            title = next(
                (one(latest, n) for n in ("rdfs:label", "schema:headline", "skos:prefLabel") if n in latest), ""
            )
            change = _change(what, to_name(iri), title, before, after, differing)
            yield replace(change, formerly=to_name(former)) if former else change


def _change(what: str, id_: str, title: str, before: Bag, after: Bag, differing: Values) -> Change:
    if before and after:
        return Change(CHANGED, what, id_, title, before, after, differing)
    return Change(REMOVED if before else ADDED, what, id_, title, before, after)


def _differing(before: Bag, after: Bag) -> Values:
    found = (name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name))
    return tuple(name for name in found if name not in _UNTOLD or not (before and after))


def _statement(claim: Bag, called: Mapping[str, str]) -> str:
    ends = [called.get(id_, id_) for id_ in (one(claim, "rdf:subject"), one(claim, "rdf:object"))]
    return f"{ends[0]} {one(claim, 'rdf:predicate').removeprefix('kg:')} {ends[1]}"


def one(bag: Bag, name: str) -> str:
    """The first value of a property, '' where there is none."""
    return next(iter(bag.get(name, ())), "")


def _start(claim: Bag) -> int:
    text = one(claim, "oa:start")
    return int(text) if text.isdecimal() else -1


def _place(change: Change) -> tuple[int, str, int, str, str]:
    """Claims stand by document and in the order of the text, everything else by id."""
    kind = [name for name, _ in _KINDS].index(change.what)
    return kind, one(change.latest, _DOCUMENT), _start(change.latest), change.id, change.title

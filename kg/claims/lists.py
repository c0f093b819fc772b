"""Mentions said in one breath ('X, Y and Z', 'more than 50 firms, including X'): what holds for one of them holds for all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from kg import relations
from kg.claims.masking import BORDER, SLOT, Masked, Slot, bordered, characters, inside, mask, single, spaced
from kg.lexicon import words
from kg.model import ORGANIZATIONS, Candidate, EntityType, Mention, Sentence

DISCOUNT = 0.95
"""What a claim's confidence is multiplied by when it comes from another member of the list."""

_BODIES = ORGANIZATIONS | {EntityType.GROUP}
_PERSONS, _SECTORS = frozenset({EntityType.PERSON}), frozenset({EntityType.SECTOR})
_CLASSES = (_BODIES, _PERSONS, frozenset({EntityType.PLACE}), frozenset({EntityType.EVENT}), _SECTORS)
"""Types that are listed together: bodies with bodies, persons with persons, …"""

_HEADS = {_BODIES: EntityType.GROUP, _PERSONS: EntityType.GROUP, _SECTORS: EntityType.SECTOR}
"""What the members of a class can be examples of."""

_RESPECTIVELY = re.compile(r"\brespectively\b|\bin that order\b", re.IGNORECASE)

_WITH = re.compile(r"\bwith (?:the )?$", re.IGNORECASE)

_MODIFIER = (
    r" \([^()]{1,60}\)"
    rf"| (?:of|from|in|at|for) (?:the )?{SLOT}(?!, {SLOT})"
    rf"|, (?!(?:a|an|the|its) (?:(?!of |at |in |for )[\w-]+ ){{0,4}}{SLOT},)"
    r"(?:a|an|the|its|whose|which|who|part of|based in|both)\b (?:[^,;:.]|\.(?=\w)){2,90},"
    rf"(?= (?:and|as well as|the|{SLOT}))"
)
"""What may stand between a member and the next comma or 'and'."""

_OWN_APPOSITION = re.compile(r"( \([^()]*\))?, (an?|the|its|which (is|was|has)|who (is|was|has)|whose)\b")
"""What tells of the last member alone when it follows a list ('X and Y, a unit of Z')."""


@dataclass(frozen=True, slots=True)
class MentionList:
    """Coordinated mentions in order, and the group that they are examples of, if one is named."""

    members: tuple[Mention, ...]
    head: Mention | None = None

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """The head, if any, and the members."""
        return (self.head, *self.members) if self.head else self.members


def find_lists(text: str, sentence: Sentence, mentions: Sequence[Mention]) -> tuple[MentionList, ...]:
    """The lists of a sentence, in order, without overlap; commas alone join only what 'such as' and the like introduce."""
    return tuple(MentionList(slot.members, slot.head) for slot in list_slots(text, sentence, mentions))


def list_slots(text: str, sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Slot, ...]:
    """The lists of a sentence with the characters that they cover."""
    here = inside(sentence, mentions)
    return _list_slots(text, sentence, here) if len(here) > 1 else ()


@lru_cache(maxsize=1024)  # asked for once by lists and once by patterns
def _list_slots(text: str, sentence: Sentence, mentions: tuple[Mention, ...]) -> tuple[Slot, ...]:
    masked = mask(text, sentence, map(single, mentions))
    found: list[Slot] = []
    for match in _matches(masked):
        slot = _slot(masked, match)
        if slot and not any(slot.start < other.end and other.start < slot.end for other in found):
            found.append(slot)
    return tuple(sorted(found, key=lambda slot: slot.start))


def distribute(candidates: Sequence[Candidate], lists: Sequence[MentionList], text: str) -> tuple[Candidate, ...]:
    """The candidates and what follows from them for the other members of a list, each pair once, the surest kept.

    Two lists and 'respectively' pair in order: other pairs between them go. Members of one list are never paired with
    each other, unless a symmetric relation was found between two of them; then it holds between all of them. At which
    ends a relation spreads stands in its file; both were decided by counting in the training documents."""
    best: dict[tuple[str, Mention, Mention], Candidate] = {}
    for candidate in candidates:
        for made in _spread(candidate, lists, text):
            key = (made.predicate, made.subject, made.object)
            if key not in best or made.confidence > best[key].confidence:
                best[key] = made
    return tuple(sorted(best.values(), key=lambda c: (c.start, c.subject, c.object, c.predicate)))


def _matches(masked: Masked) -> Iterator[re.Match[str]]:
    """Exemplified groups first, then plain lists, the longer first: the earlier one wins where two overlap."""
    text = bordered(masked.text, _barred())
    for pattern in (*_exemplified(), *_plain()):
        yield from sorted(pattern.finditer(text), key=lambda m: (m.start() - m.end(), m.start()))


def _slot(masked: Masked, match: re.Match[str]) -> Slot | None:
    """The list that a match shows, or None if it has too few members to be one."""
    head = masked.slots[match.start("head")].members[0] if "head" in match.re.groupindex else None
    listed = [masked.slots[place].members[0] for place in _places(masked, match)]
    kinds = next(kinds for kinds in _CLASSES if listed[0].type in kinds)
    members = tuple(mention for mention in listed if mention.type in kinds and mention is not head)
    if len(members) < (1 if head else 2):
        return None
    covered = [place for place in masked.slots if match.start() <= place < match.end()]
    first, last = masked.slots[covered[0]], masked.slots[covered[-1]]
    return Slot(members, head, first.start, last.end + match.end() - covered[-1] - 1)


def _places(masked: Masked, match: re.Match[str]) -> list[int]:
    """Where members stand: slots of the list, but for those in modifiers of its members ('X of Germany and Y of China')."""
    bare = _modifier().sub(lambda m: " " * len(m.group()), match.group("list"))
    begin = match.start("list")
    return [begin + at for at, character in enumerate(bare) if character != " " and begin + at in masked.slots]


def _one_of(name: str) -> str:
    return "(?:" + "|".join(map(re.escape, words(name))) + ")"


_LEAD = rf"(?:(?<!{BORDER})(?:\w[\w'&./-]*|{SLOT}'(?:s\b)?|{SLOT}-\w+) ){{0,5}}"
"""What may lead up to a member ('the Finnish group')."""


@cache
def _barred() -> str:
    """What does not lead up to a member: some words, and verbs, so 'X and then visited Y' is no list."""
    return rf"{_one_of('not_before_names')}\b|[a-z]+(?:ed|ing|s)\b"


@cache
def _modifier() -> re.Pattern[str]:
    return spaced(_MODIFIER)


@cache
def _plain() -> tuple[re.Pattern[str], ...]:
    """'X and Y', 'X, Y and Z', and 'X, Y and other cities', one expression a class."""
    made = []
    for kinds in _CLASSES:
        item = f"{characters(kinds)}(?:{_MODIFIER})?"
        another = f"{_LEAD}{item}"
        joined = f" {_one_of('joiners')} {another}"  # of two, a comma before 'and' begins another clause
        unnamed = r"(?=,? and (?:\w+ ){0,3}\w+)"
        made.append(spaced(f"(?P<list>{item}(?:{joined}|(?:, {another})+(?:,?{joined}|{unnamed})))"))
    return tuple(made)


@cache
def _exemplified() -> tuple[re.Pattern[str], ...]:
    """'firms, including X and Y', 'firms (such as X)', 'X, Y and other firms', one expression each and class."""
    such, joiner = _one_of("such_as"), _one_of("joiners")
    made = []
    for kinds, head in _HEADS.items():
        item = f"{_LEAD}{characters(kinds)}(?:{_MODIFIER})?"
        items = f"(?P<list>{item}(?:(?:,|,? {joiner}) {item}(?! (?:is|was|has|will)\\b))*)"
        opening = rf"(?:(?: \w+){{0,3}},? {such}:? | \({such} | - {such} )"
        heads = f"(?P<head>{characters({head})})"
        made.append(spaced(rf"{heads}{opening}{items}(?:\)|,(?= )| -(?= ))?"))
        made.append(spaced(f"{items},? {joiner} (?:other|further) {heads}"))
    return tuple(made)


def vote(candidates: Sequence[Candidate], lists: Sequence[MentionList], text: str) -> tuple[Candidate, ...]:
    """Candidates of any confidence, the members of a list heard together.

    What holds for one member holds for all, so a list's confidence is the mean over its members, a member without a
    candidate counting as 0; then all of them stand or none. With 'respectively' the lists are paired in order, and what stands
    behind one 'with' is left without pairs of its own."""
    known = {(c.predicate, c.subject, c.object): c for c in candidates if not _shared_out(c, lists, text)}
    for end in ("subject", "object"):
        heard: dict[tuple[str, Mention, Mention], Candidate] = {}
        for key, candidate in known.items():
            if key not in heard:
                heard |= _heard(candidate, end, lists, text, known)
        known = heard
    return tuple(known.values())


def _shared_out(candidate: Candidate, lists: Sequence[MentionList], text: str) -> bool:
    """Whether 'respectively' shares both ends out to somebody else ('signed memoranda with X and Y, respectively').

    In the documents to teach with none of eleven such pairs is a claim; of the others that a list with 'respectively' holds one in
    six is."""
    one = _list_of(candidate.subject, lists)
    if candidate.object not in one.members or not _RESPECTIVELY.search(text[candidate.start : candidate.end]):
        return False
    first = min(one.members).start
    return _WITH.search(text, max(0, first - 9), first) is not None


def _heard(
    candidate: Candidate,
    end: str,
    lists: Sequence[MentionList],
    text: str,
    known: Mapping[tuple[str, Mention, Mention], Candidate],
) -> dict[tuple[str, Mention, Mention], Candidate]:
    """The candidate and those of its list's other members at one end, each as sure as they are together."""
    left, right = _list_of(candidate.subject, lists), _list_of(candidate.object, lists)
    one = left if end == "subject" else right
    if left is right or not _spreads(candidate, end, one, text):
        return {(candidate.predicate, candidate.subject, candidate.object): candidate}
    paired = _in_order(left, right, text, candidate)
    made = []
    for member in one.mentions:
        subject, object_ = (member, candidate.object) if end == "subject" else (candidate.subject, member)
        in_order = not paired or (subject, object_) in paired
        if in_order and subject.entity != object_.entity and _admitted(candidate, subject, object_):
            made.append(replace(candidate, subject=subject, object=object_))
    keys = [(c.predicate, c.subject, c.object) for c in made]
    mean = sum(known[key].confidence for key in keys if key in known) / len(keys) if keys else 0.0
    return {key: replace(c, confidence=mean) for key, c in zip(keys, made, strict=True)}


def _in_order(left: MentionList, right: MentionList, text: str, candidate: Candidate) -> set[tuple[Mention, Mention]]:
    """The pairs of two lists that 'respectively' joins in order; none if it does not."""
    if len(left.members) == len(right.members) > 1 and _RESPECTIVELY.search(text[candidate.start : candidate.end]):
        return set(zip(left.members, right.members, strict=True))
    return set()


def _spread(candidate: Candidate, lists: Sequence[MentionList], text: str) -> Iterator[Candidate]:
    left, right = _list_of(candidate.subject, lists), _list_of(candidate.object, lists)
    for a, b in _pairs(candidate, left, right, text):
        if a == candidate.subject and b == candidate.object:
            yield candidate
        elif a.entity != b.entity and _admitted(candidate, a, b):
            yield replace(candidate, subject=a, object=b, confidence=candidate.confidence * DISCOUNT)


def _pairs(candidate: Candidate, left: MentionList, right: MentionList, text: str) -> Sequence[tuple[Mention, Mention]]:
    found = (candidate.subject, candidate.object)
    if left is right:
        return _within(candidate, left)
    if len(left.members) == len(right.members) > 1 and _RESPECTIVELY.search(text[candidate.start : candidate.end]):
        return list(zip(left.members, right.members, strict=True))
    subjects = left.mentions if _spreads(candidate, "subject", left, text) else found[:1]
    objects = right.mentions if _spreads(candidate, "object", right, text) else found[1:]
    return [(a, b) for a in subjects for b in objects]


def _within(candidate: Candidate, one: MentionList) -> Sequence[tuple[Mention, Mention]]:
    """Pairs of members of one list: all of them for a symmetric relation, else only what was found."""
    relation = relations.load().get(candidate.predicate)
    if relation is None or not relation.symmetric:
        return [(candidate.subject, candidate.object)]
    return [(a, b) for at, a in enumerate(one.members) for b in one.members[at + 1 :]]


def _spreads(candidate: Candidate, end: str, one: MentionList, text: str) -> bool:
    """Whether what was found of one member holds for the whole list.

    What is said of the exemplified group holds for its examples. Else not if the relation does not spread at this end,
    nor if the other end belongs to that one member: in the midst of the list, or in an apposition to the last."""
    relation = relations.load().get(candidate.predicate)
    if relation is None or len(one.mentions) < 2:
        return False
    member, other = (candidate.subject, candidate.object) if end == "subject" else (candidate.object, candidate.subject)
    first, last = min(one.mentions), max(one.mentions)
    if member == one.head:
        return True
    if first.start < other.start < last.end:
        return relation.symmetric
    if end not in relation.spreads:
        return False
    return not (member == last and other.start > last.end and _OWN_APPOSITION.match(text, last.end))


def _admitted(candidate: Candidate, a: Mention, b: Mention) -> bool:
    relation = relations.load().get(candidate.predicate)
    return relation is None or relations.admits(relation, a.type, b.type)


def _list_of(mention: Mention, lists: Sequence[MentionList]) -> MentionList:
    return next((one for one in lists if mention in one.mentions), MentionList((mention,)))

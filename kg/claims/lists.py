"""Mentions that are said in one breath: 'X, Y and Z', 'more than 50 companies, including X and Y'; what holds for one holds for all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg import relations
from kg.claims.masking import SLOT, Masked, Slot, characters, inside, mask, single
from kg.lexicon import words
from kg.model import ORGANIZATIONS, Candidate, EntityType, Mention, Sentence

DISCOUNT = 0.95
"""What a claim's confidence is multiplied by when it comes from another member of the list."""

_CLASSES = (ORGANIZATIONS | {EntityType.GROUP}, {EntityType.PERSON}, {EntityType.PLACE}, {EntityType.EVENT}, {EntityType.SECTOR})
_RESPECTIVELY = re.compile(r"\brespectively\b|\bin that order\b", re.IGNORECASE)


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
    """The lists of a sentence, in order, without overlap; a comma alone joins only what 'such as' and the like introduce."""
    return tuple(MentionList(slot.members, slot.head) for slot in list_slots(text, sentence, mentions))


def list_slots(text: str, sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Slot, ...]:
    """The lists of a sentence with the characters that they cover."""
    masked = mask(text, sentence, map(single, inside(sentence, mentions)))
    found: list[Slot] = []
    for match in _ordered(masked):
        slot = _slot(masked, match)
        if slot and not any(slot.start < other.end and other.start < slot.end for other in found):
            found.append(slot)
    return tuple(sorted(found, key=lambda slot: slot.start))


def _ordered(masked: Masked) -> Iterator[re.Match[str]]:
    """Exemplified groups first, then plain lists, the longer first: the earlier one wins where two overlap."""
    for pattern in (*_exemplified(), *_plain()):
        yield from sorted(pattern.finditer(masked.text), key=lambda m: (m.start() - m.end(), m.start()))


def _slot(masked: Masked, match: re.Match[str]) -> Slot | None:
    groups = match.groupdict()
    head = masked.slots[match.start("head")].members[0] if groups.get("head") else None
    kinds = next(kinds for kinds in _CLASSES if _first(masked, match).type in kinds)
    members = tuple(
        masked.slots[at].members[0]
        for at in _places(masked, match)
        if masked.slots[at].members[0].type in kinds and masked.slots[at].members[0] is not head
    )
    if len(members) < (1 if head else 2):
        return None
    places = [place for place in masked.slots if match.start() <= place < match.end()]
    start = masked.slots[places[0]].start
    last = masked.slots[places[-1]]
    return Slot(members, head, start, last.end + match.end() - places[-1] - 1)


def _first(masked: Masked, match: re.Match[str]) -> Mention:
    return masked.slots[_places(masked, match)[0]].members[0]


def _places(masked: Masked, match: re.Match[str]) -> list[int]:
    """Where the members stand: in the list, but not in the modifiers of its members ('X of Germany and Y of China')."""
    text = match.group("list")
    bare = re.sub(_MODIFIER, lambda m: " " * len(m.group()), text)
    return [match.start("list") + at for at in range(len(bare)) if match.start("list") + at in masked.slots and bare[at] != " "]


_MODIFIER = (
    r" \([^()]{1,60}\)"
    rf"| (?:of|from|in|at|for) (?:the )?{SLOT}(?!, {SLOT})"
    rf"|, (?:a|an|the|its|whose|which|who|part of|based in|both)\b (?:[^,;:.]|\.(?=\w)){{2,90}},(?= (?:and|as well as|the|{SLOT}))"
)
"""What may stand between a member and the next comma or 'and'."""


@cache
def _parts() -> tuple[str, str]:
    """What may lead up to a member ('the Finnish group') and the words that join the last one."""
    barred = "|".join(words("not_before_names"))
    lead = rf"(?:(?!(?:{barred})\b)(?!\w+(?:ed|ing)\b)(?:\w[\w’'&./-]*|{SLOT}[’'](?:s\b)?|{SLOT}-\w+) ){{0,5}}"
    joiner = "(?:" + "|".join(map(re.escape, words("joiners"))) + ")"
    return lead, joiner


@cache
def _plain() -> tuple[re.Pattern[str], ...]:
    lead, joiner = _parts()
    made = []
    for kinds in _CLASSES:
        item = f"{characters(kinds)}(?:{_MODIFIER})?"
        open_end = r",? and (?:other|others|\w+ (?:\w+ ){0,2}\w+)"
        made.append(
            re.compile(
                rf"(?P<list>{item}(?:,? {joiner} {lead}{item}|(?:, {lead}{item})+,? {joiner} {lead}{item}|(?:, {lead}{item})+(?={open_end})))"
            )
        )
    return tuple(made)


@cache
def _exemplified() -> tuple[re.Pattern[str], ...]:
    lead, joiner = _parts()
    such = "(?:" + "|".join(map(re.escape, words("such_as"))) + ")"
    made = []
    for kinds in _CLASSES:
        if EntityType.PLACE in kinds or EntityType.EVENT in kinds:
            continue
        heads = characters({EntityType.SECTOR} if EntityType.SECTOR in kinds else {EntityType.GROUP})
        items = rf"{lead}{characters(kinds)}(?:{_MODIFIER})?(?:(?:,|,? {joiner}) {lead}{characters(kinds)}(?! (?:is|was|has|will)\b)(?:{_MODIFIER})?)*"
        opening = rf"(?:(?: \w+){{0,3}},? {such}:? | \((?:{such} )?|: | [–—-] (?:{such} )?)"
        made.append(re.compile(rf"(?P<head>{heads}){opening}(?P<list>{items})(?:\)|,(?= )| [–—-](?= ))?"))
        made.append(re.compile(rf"(?P<list>{items}),? {joiner} (?:other|further) (?P<head>{heads})"))
    return tuple(made)


def distribute(candidates: Sequence[Candidate], lists: Sequence[MentionList], text: str) -> tuple[Candidate, ...]:
    """The candidates and what follows from them for the other members of a list, each pair once, the surest kept.

    Two lists and 'respectively' pair in order: other pairs between them go. Members of one list are never paired with each
    other, unless a symmetric relation was found between two of them; then it holds between all of them."""
    best: dict[tuple[str, Mention, Mention], Candidate] = {}
    for candidate in candidates:
        for made in _spread(candidate, lists, text):
            key = (made.predicate, made.subject, made.object)
            if key not in best or made.confidence > best[key].confidence:
                best[key] = made
    return tuple(sorted(best.values(), key=lambda c: (c.start, c.subject, c.object, c.predicate)))


def _spread(candidate: Candidate, lists: Sequence[MentionList], text: str) -> Iterator[Candidate]:
    left, right = _list_of(candidate.subject, lists), _list_of(candidate.object, lists)
    if left is not right and len(left.members) == len(right.members) > 1 and _ordered_pairs(candidate, text):
        pairs = list(zip(left.members, right.members, strict=True))
    elif left is right:
        pairs = _within(candidate, left)
    else:
        subjects = left.mentions if _spreads(candidate, "subject", left, text) else (candidate.subject,)
        objects = right.mentions if _spreads(candidate, "object", right, text) else (candidate.object,)
        pairs = [(a, b) for a in subjects for b in objects]
    for a, b in pairs:
        if a == candidate.subject and b == candidate.object:
            yield candidate
        elif a.entity != b.entity and _admitted(candidate, a, b):
            yield replace(candidate, subject=a, object=b, confidence=candidate.confidence * DISCOUNT)


def _ordered_pairs(candidate: Candidate, text: str) -> bool:
    return bool(_RESPECTIVELY.search(text[candidate.start : candidate.end]))


def _within(candidate: Candidate, one: MentionList) -> list[tuple[Mention, Mention]]:
    """Pairs of members of one list: all of them for a symmetric relation, else only what was found."""
    relation = relations.load().get(candidate.predicate)
    if relation is None or not relation.symmetric or candidate.subject == candidate.object:
        return [(candidate.subject, candidate.object)]
    return [(a, b) for at, a in enumerate(one.members) for b in one.members[at + 1 :]]


def _spreads(candidate: Candidate, end: str, one: MentionList, text: str) -> bool:
    """Whether what was found of one member holds for the list: not if the relation does not spread at this end, nor if the
    other end belongs to that member alone, in the midst of the list or in what follows the last one ('X and Y, a unit of Z')."""
    relation = relations.load().get(candidate.predicate)
    if relation is None or len(one.mentions) < 2 or end not in relation.spreads:
        return False
    member, other = (candidate.subject, candidate.object)[:: 1 if end == "subject" else -1]
    first, last = min(one.mentions), max(one.mentions)
    if first.start < other.start < last.end:
        return relation.symmetric
    return not (member == last and other.start > last.end and _OWN_APPOSITION.match(text, last.end))


_OWN_APPOSITION = re.compile(r"( \([^()]*\))?, (an?|the|its|which (is|was|has)|who (is|was|has)|whose)\b")


def _admitted(candidate: Candidate, a: Mention, b: Mention) -> bool:
    relation = relations.load().get(candidate.predicate)
    return relation is None or relations.admits(relation, a.type, b.type)


def _list_of(mention: Mention, lists: Sequence[MentionList]) -> MentionList:
    return next((one for one in lists if mention in one.mentions), MentionList((mention,)))

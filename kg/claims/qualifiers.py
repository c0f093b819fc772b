"""What the text adds to a claim: role, kind, topics, date, amount, share, count, place, the venture's name, the speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Protocol, TypeVar

from kg import sentences
from kg.claims.attribution import Speech, is_when_said, speaker_of, speeches
from kg.claims.dates import DateMention, find_dates
from kg.claims.numbers import either
from kg.claims.quantities import Quantity, find_amounts, find_counts, find_shares
from kg.lexicon import words
from kg.model import Amount, Candidate, Count, EntityType, Mention, Qualifiers, Sentence, Share
from kg.relations import Relation


class Phrase(Protocol):
    """Words that the reader marked as a role, a kind or a topic."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def label(self) -> str: ...


class _Span(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=_Span)
_BODIES = frozenset({EntityType.COMPANY, EntityType.ORGANIZATION, EntityType.RESEARCH_ORGANIZATION})
_IN = re.compile(r"\b(?:in|at)\s+(?:the\s+(?:(?:city|town)\s+of\s+)?)?$", re.IGNORECASE)
_OF = re.compile(r"\b(?:of|by|with|from)\s+(?:[\w-]+\s+){0,4}$")
_BESIDE = 40
"""Characters between an end of a claim and words like 'since 2019' that are said of it, at most."""
_CLAUSE_END = re.compile(r"[;.!?]\s")
_VENTURE = re.compile(r"(?:joint venture|venture)[,\s]+(?:to be\s+)?(?:called|named|dubbed|known as)\s+")


@dataclass(frozen=True)
class Context:
    """All that a sentence holds besides its claims, each kind of thing found once, when it is first asked for."""

    text: str
    published: str
    sentence: Sentence
    mentions: tuple[Mention, ...]
    phrases: tuple[Phrase, ...]

    def marked(self, label: str) -> tuple[Phrase, ...]:
        """The words that the reader marked so."""
        return tuple(phrase for phrase in self.phrases if phrase.label == label)

    @property
    def persons(self) -> tuple[Mention, ...]:
        """The persons, by name or by a word that refers to them."""
        return tuple(mention for mention in self.mentions if mention.type is EntityType.PERSON)

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """The dates, with characters of the whole text, as those of all the others are; not those on which something was said."""
        first, last = self.sentence.start, self.sentence.end
        found = find_dates(self.text, self.published, first, last)
        return tuple(date for date in found if not is_when_said(self.text, first, date.start))

    @cached_property
    def amounts(self) -> tuple[Quantity, ...]:
        """The sums of money."""
        return self._moved(find_amounts(self._words))

    @cached_property
    def shares(self) -> tuple[Quantity, ...]:
        """The stakes."""
        return self._moved(find_shares(self._words))

    @cached_property
    def counts(self) -> tuple[Quantity, ...]:
        """The numbers of things."""
        return self._moved(find_counts(self._words))

    @cached_property
    def speeches(self) -> tuple[Speech, ...]:
        """Who says what."""
        return speeches(self.text, self.sentence, self.mentions)

    @property
    def _words(self) -> str:
        return self.text[self.sentence.start : self.sentence.end]

    def _moved(self, found: Iterable[Quantity]) -> tuple[Quantity, ...]:
        start = self.sentence.start
        return tuple(Quantity(q.start + start, q.end + start, q.value) for q in found)


def context(
    text: str, published: str, sentence: Sentence, mentions: Sequence[Mention], phrases: Sequence[Phrase]
) -> Context:
    """What a sentence holds, for all the claims that it states."""
    named = tuple(m for m in mentions if sentence.start <= m.start and m.end <= sentence.end)
    inside = tuple(p for p in phrases if sentence.start <= p.start and p.end <= sentence.end)
    return Context(text, published, sentence, named, inside)


def qualify(
    candidate: Candidate, relation: Relation, around: Context, kinds: Sequence[Phrase], parties: frozenset[str]
) -> Qualifiers:
    """The qualifiers of a claim, of those that its relation may carry, but for its role. `kinds` are the words for a kind that are
    its relation's, `parties` the things that the sentence says the same of."""
    wanted = relation.qualifiers
    amount = _nearest(around.amounts, candidate) if "amount" in wanted else None
    share = _nearest(around.shares, candidate) if "share" in wanted else None
    date = _nearest(_dates(candidate, relation, around), candidate) if "date" in wanted else None
    kind = _nearest(kinds, candidate)
    speech = speaker_of(around.speeches, candidate.subject, candidate.object, around.mentions)
    return Qualifiers(
        kind=kind.text if kind else "",
        topics=tuple(dict.fromkeys(t.text for t in around.marked("topic"))) if "topics" in wanted else (),
        date=date.date if date else None,
        amount=amount.value if amount and isinstance(amount.value, Amount) else None,
        share=share.value if share and isinstance(share.value, Share) else None,
        count=_count(candidate, around),
        place=_place(candidate, around) if "place" in wanted else "",
        name=_venture(candidate, around, parties) if "name" in wanted else "",
        attributed_to=speech.speaker if speech else "",
    )


def roles(candidates: Sequence[Candidate], around: Context) -> Mapping[Candidate, tuple[str, ...]]:
    """The roles of a sentence shared out among its persons' offices: each goes to the person who stands nearest, of whose offices
    to that of the nearest body. An office has one role, or those of one enumeration ('founder, chairman and CEO')."""
    shared: dict[Candidate, list[Phrase]] = {}
    for phrase in around.marked("role"):
        person = _whose(phrase, around.persons)
        offices = [c for c in candidates if person and c.subject.entity == person.entity]
        if offices:
            shared.setdefault(min(offices, key=lambda c: (_apart(phrase, c), c.object)), []).append(phrase)
    return {office: _enumerated(phrases, office, around.text) for office, phrases in shared.items()}


def kinds(
    candidates: Sequence[Candidate], relations: Mapping[str, Relation], around: Context
) -> Mapping[str, tuple[Phrase, ...]]:
    """The words for a kind in a sentence shared out among relations: each goes to those that are told by such words, else to that
    of the claim whose ends it stands nearest to ('X, a subsidiary of Y, signed a contract with Z')."""
    shared: dict[str, tuple[Phrase, ...]] = {}
    for phrase in around.marked("kind"):
        own = {c.predicate for c in candidates if _is_made_of(phrase.text, relations[c.predicate].kinds)}
        for relation in sorted(own or _beside(phrase, candidates)):
            shared[relation] = (*shared.get(relation, ()), phrase)
    return shared


def _beside(phrase: Phrase, candidates: Sequence[Candidate]) -> set[str]:
    """The relations of the claims whose ends stand nearest to words."""
    nearest = min((_apart(phrase, candidate) for candidate in candidates), default=0)
    return {candidate.predicate for candidate in candidates if _apart(phrase, candidate) == nearest}


def _is_made_of(kind: str, lists: tuple[str, ...]) -> bool:
    """Whether words of these lists stand in a kind."""
    return bool(lists) and _among(lists).search(kind) is not None


def _whose(phrase: Phrase, persons: Sequence[Mention]) -> Mention | None:
    return min(persons, key=lambda person: (_gap(phrase, person), person), default=None)


def _enumerated(phrases: Sequence[Phrase], office: Candidate, text: str) -> tuple[str, ...]:
    """The words of the role nearest to an office, and of those that it is enumerated with."""
    ordered = sorted(phrases, key=lambda phrase: phrase.start)
    nearest = min(ordered, key=lambda phrase: (_apart(phrase, office), phrase.start))
    runs: list[list[Phrase]] = [[]]
    for phrase in ordered:
        if runs[-1] and not _joint().fullmatch(text, runs[-1][-1].end, phrase.start):
            runs.append([])
        runs[-1].append(phrase)
    return tuple(dict.fromkeys(phrase.text for phrase in next(run for run in runs if nearest in run)))


@cache
def _joint() -> re.Pattern[str]:
    """What stands between the members of an enumeration of roles: commas and joining words, articles and 'its'."""
    return re.compile(rf"\s*,?\s*(?:(?:{either(words('joiners'))})(?!\w))?\s*(?:(?:the|an?|its|his|her)\s)?\s*")


def _apart(phrase: Phrase, office: Candidate) -> int:
    return _gap(phrase, office.subject) + _gap(phrase, office.object)


def _gap(a: _Span, b: _Span) -> int:
    """Characters between two spans, 0 if they touch or overlap."""
    return max(0, a.start - b.end, b.start - a.end)


def _nearest(found: Sequence[S], candidate: Candidate) -> S | None:
    """The one that stands nearest to what a claim says: between its ends, else beside them."""
    start, end = min(candidate.subject.start, candidate.object.start), max(candidate.subject.end, candidate.object.end)
    return min(found, key=lambda s: (max(0, start - s.end, s.start - end), s.start), default=None)


def _dates(candidate: Candidate, relation: Relation, around: Context) -> Sequence[DateMention]:
    """The dates of a sentence that may be a claim's: of a state, which an event's place is not, those that tell when it begins
    or ends."""
    if not relation.changes or candidate.subject.type is EntityType.EVENT:
        return [date for date in around.dates if len(sentences.split(_between(date, candidate, around.text))) < 2]
    return [date for date in around.dates if _bounds(date, candidate, around, relation.changes)]


def _between(date: DateMention, candidate: Candidate, text: str) -> str:
    """The words between a date and the end of a claim that stands nearest to it."""
    nearest = min((candidate.subject, candidate.object), key=lambda end: _gap(date, end))
    return text[min(nearest.end, date.end) : max(nearest.start, date.start)]


def _bounds(date: DateMention, candidate: Candidate, around: Context, changes: tuple[str, ...]) -> bool:
    """Whether words tell that a state begins or ends on a date: 'since' before it, or 'succeeded' between it and the ends."""
    if _CLAUSE_END.search(_between(date, candidate, around.text)):
        return False
    ends = (candidate.subject, candidate.object)
    if _since().search(around.text, around.sentence.start, date.start):
        return min(_gap(date, end) for end in ends) <= _BESIDE
    first, last = min(end.start for end in (*ends, date)), max(end.end for end in (*ends, date))
    return bool(_among(changes).search(around.text, first, last))


@cache
def _since() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either(words('since'))})\s+(?:the\s+)?$", re.IGNORECASE)


@cache
def _among(lists: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either(word for name in lists for word in words(name))})(?!\w)", re.IGNORECASE)


def _count(candidate: Candidate, around: Context) -> Count | None:
    """How many the group is that a claim is about: the quantity before its name or at its beginning."""
    for mention in (candidate.subject, candidate.object):
        if mention.type != EntityType.GROUP or mention.anaphoric:
            continue
        for quantity in around.counts:
            before = 0 <= mention.start - quantity.end <= 1
            if isinstance(quantity.value, Count) and (before or quantity.start == mention.start):
                return quantity.value
    return None


def _place(candidate: Candidate, around: Context) -> str:
    """The place in which it happens: the nearest one behind 'in' or 'at' that is no end of the claim and belongs to no other
    noun ('the institute in Ulm'): these words open a clause, or follow what is done, the person it is done with, or a date."""
    ends = (candidate.subject, candidate.object)
    persons = {end.end for end in ends if end.type is EntityType.PERSON}
    told = [
        mention
        for mention in around.mentions
        if mention.type is EntityType.PLACE and mention.entity not in {end.entity for end in ends}
        if (at := _IN.search(around.text, max(around.sentence.start, mention.start - 30), mention.start))
        if _free(around, at.start(), {*persons, *(date.end for date in around.dates)})
    ]
    nearest = _nearest(told, candidate)
    return nearest.text if nearest and not nearest.anaphoric else ""


def _free(around: Context, at: int, ends: set[int]) -> bool:
    """Whether what begins here is said of the whole clause."""
    before = around.text[around.sentence.start : at].rstrip()
    clause = not before or before[-1] in ",;:(–—"
    return clause or around.sentence.start + len(before) in ends or bool(_doing().search(before))


@cache
def _doing() -> re.Pattern[str]:
    """Words of what is done, at the end of a text."""
    lists = ("sign", "signed", "meet", "memorandum", "agreement", "joint_venture", "take_place")
    return re.compile(rf"(?<!\w)(?:{either(word for name in lists for word in words(name))})$", re.IGNORECASE)


def _venture(candidate: Candidate, around: Context, parties: frozenset[str]) -> str:
    """The name of a joint venture: the one that the sentence gives it in so many words, else that of the only organisation in
    the sentence that is neither a party to one nor what something is 'of'."""
    for match in _VENTURE.finditer(around.text, around.sentence.start, around.sentence.end):
        named = [m for m in around.mentions if m.start == match.end()]
        if named:
            return named[0].text
    ends = {*parties, candidate.subject.entity, candidate.object.entity}
    bodies = [m for m in reversed(around.mentions) if m.type in _BODIES and not m.anaphoric]
    others = {m.entity: m.text for m in bodies if not _OF.search(around.text, max(0, m.start - 50), m.start)}
    left = [text for entity, text in others.items() if entity not in ends]
    return left[0] if len(left) == 1 else ""

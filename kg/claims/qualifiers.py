"""What the text adds to a claim: role, kind, topics, date, amount, share, count, place, the venture's name, the speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from kg.claims.attribution import Speech, speaker_of, speeches
from kg.claims.dates import DateMention, find_dates
from kg.claims.quantities import Quantity, find_amounts, find_counts, find_shares
from kg.model import Amount, Candidate, Count, EntityType, Mention, Qualifiers, Sentence, Share


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
_VENTURE = re.compile(r"(?:joint venture|venture)[,\s]+(?:to be\s+)?(?:called|named|dubbed|known as)\s+")


@dataclass(frozen=True, slots=True)
class Context:
    """All that a sentence holds besides its claims, found once."""

    text: str
    sentence: Sentence
    mentions: tuple[Mention, ...]
    roles: tuple[Phrase, ...]
    kinds: tuple[Phrase, ...]
    topics: tuple[Phrase, ...]
    dates: tuple[DateMention, ...]
    amounts: tuple[Quantity, ...]
    shares: tuple[Quantity, ...]
    counts: tuple[Quantity, ...]
    speeches: tuple[Speech, ...]


def context(
    text: str, published: str, sentence: Sentence, mentions: Sequence[Mention], phrases: Sequence[Phrase]
) -> Context:
    """Look at a sentence once, for all the claims that it states."""
    words = text[sentence.start : sentence.end]
    named = tuple(m for m in mentions if sentence.start <= m.start and m.end <= sentence.end)
    inside = [p for p in phrases if sentence.start <= p.start and p.end <= sentence.end]

    def marked(label: str) -> tuple[Phrase, ...]:
        return tuple(p for p in inside if p.label == label)

    def moved(found: Iterable[Quantity]) -> tuple[Quantity, ...]:
        return tuple(Quantity(q.start + sentence.start, q.end + sentence.start, q.value) for q in found)

    return Context(
        text, sentence, named, marked("role"), marked("kind"), marked("topic"),
        find_dates(text, published, sentence.start, sentence.end),
        moved(find_amounts(words)), moved(find_shares(words)), moved(find_counts(words)),
        speeches(text, sentence, named),
    )  # fmt: skip


def qualify(candidate: Candidate, wanted: frozenset[str], around: Context) -> Qualifiers:
    """The qualifiers of a claim, of those that its relation may carry (`wanted`), but for its role."""
    amount = _nearest(around.amounts, candidate) if "amount" in wanted else None
    share = _nearest(around.shares, candidate) if "share" in wanted else None
    date = _nearest(around.dates, candidate) if "date" in wanted else None
    kind = _nearest(around.kinds, candidate) if "kind" in wanted else None
    speech = speaker_of(around.speeches, candidate.subject, candidate.object)
    return Qualifiers(
        kind=kind.text if kind else "",
        topics=tuple(dict.fromkeys(t.text for t in around.topics)) if "topics" in wanted else (),
        date=date.date if date else None,
        amount=amount.value if amount and isinstance(amount.value, Amount) else None,
        share=share.value if share and isinstance(share.value, Share) else None,
        count=_count(candidate, around),
        name=_venture(around) if "name" in wanted else "",
        attributed_to=speech.speaker if speech else "",
    )


def roles(candidates: Sequence[Candidate], around: Context) -> Mapping[Candidate, tuple[str, ...]]:
    """The roles of a sentence shared out among its persons' offices: each goes to the office whose person and body are
    nearest; 'founder, chairman and CEO' are three roles of one office."""
    found: dict[Candidate, list[str]] = {}
    for phrase in around.roles:
        office = min(
            candidates,
            key=lambda c: (_gap(phrase, c.subject) + _gap(phrase, c.object), c.subject, c.object),
            default=None,
        )
        if office is not None:
            same = [
                c
                for c in candidates
                if c.subject.entity == office.subject.entity and c.object.entity == office.object.entity
            ]
            found.setdefault(same[0], []).append(phrase.text)
    return {office: tuple(dict.fromkeys(names)) for office, names in found.items()}


def _gap(a: _Span, b: _Span) -> int:
    """Characters between two spans, 0 if they touch or overlap."""
    return max(0, a.start - b.end, b.start - a.end)


def _nearest(found: Sequence[S], candidate: Candidate) -> S | None:
    """The one that stands nearest to what a claim says: between its ends, else beside them."""
    start, end = min(candidate.subject.start, candidate.object.start), max(candidate.subject.end, candidate.object.end)
    return min(found, key=lambda s: (max(0, start - s.end, s.start - end), s.start), default=None)


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


def _venture(around: Context) -> str:
    """The name that a joint venture is given in so many words."""
    for match in _VENTURE.finditer(around.text, around.sentence.start, around.sentence.end):
        named = [m for m in around.mentions if m.start == match.end()]
        if named:
            return named[0].text
    return ""

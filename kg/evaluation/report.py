"""What the judgements of many documents add up to: rates, and where rights and wrongs come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from kg.evaluation.compare import same_value
from kg.evaluation.judging import Judgement, Lost
from kg.model import Claim
from kg.records import qualifiers_record

LEAST = 10
"""Annotated claims that a relation needs to count in the macro average: of fewer, chance decides."""
QUALIFIERS = ("date", "kind", "role", "amount", "share", "count", "place", "name", "attributedTo", "topics")
"""The qualifiers that are compared, in the order of reports."""
BANDS = (0, 50, 60, 70, 80, 90)
"""Where the bands of confidence begin, in hundredths."""
SURE = 80
"""The confidence, in hundredths, from which on four of five claims should be right."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of `predicted` claims are `right`, of `gold` that are there."""

    right: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """Right among predicted; 0 if there are none."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right among gold; 0 if there are none."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        rates = f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"
        return f"{rates}  ({self.right} right of {self.predicted}, {self.gold} annotated)"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many `of` some are `right`."""

    right: int
    of: int

    @property
    def ratio(self) -> float:
        """Right among all; 0 if there are none."""
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Macro:
    """The mean over `relations` that have at least LEAST annotated claims, each weighing the same."""

    precision: float
    recall: float
    f1: float
    relations: int


@dataclass(frozen=True, slots=True)
class Mentions:
    """Of `annotated` entities that take part in a claim, how many are `found`, and with the right type (`typed`)."""

    annotated: int
    found: int
    typed: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is who among entities that take part in a claim: of those found under two names or more, how many are one node
    (`together`); and how many pairs in one document were taken for one though they are two (`merged`)."""

    together: Tally
    merged: int


@dataclass(frozen=True, slots=True)
class Report:
    """All figures, and the judgements that they come from. What is counted of right claims (`stages` are statuses that
    are right too) has only those as its whole; `mentions`, `identity` and `lost` are None where the mentions are not known."""

    judgements: tuple[Judgement, ...]
    claims: Rate
    macro: Macro
    by_relation: Mapping[str, Rate]
    stages: Tally
    qualifiers: Mapping[str, Tally]
    by_method: Mapping[str, Tally]
    bands: Mapping[str, Tally]
    sure: Tally
    mentions: Mapping[str, Mentions] | None
    identity: Identity | None
    lost: Mapping[Lost, int] | None

    @property
    def sure_from(self) -> float:
        """The confidence from which on claims count as `sure`."""
        return SURE / 100

    @property
    def status(self) -> float:
        """The share of right claims whose status is right too."""
        return self.stages.ratio


def report(judgements: Iterable[Judgement]) -> Report:
    """Add up the judgements of documents."""
    judged = tuple(judgements)
    pairs = [pair for j in judged for pair in j.right]
    claims = [claim for j in judged for claim in j.claims]
    right = [claim for claim, _ in pairs]
    rates = _rates(judged)
    sure = Tally(*(sum(_hundredths(c) >= SURE for c in some) for some in (right, claims)))
    known = all(j.found is not None for j in judged)
    return Report(
        judged, Rate(len(pairs), len(claims), sum(r.gold for r in rates.values())), _macro(rates), rates,
        Tally(sum(c.status == a.status for c, a in pairs), len(pairs)),
        {name: tally for name in QUALIFIERS if (tally := _qualifier(name, pairs)).of},
        _tallies([c.method for c in right], [c.method for c in claims]),
        _tallies([_band(c) for c in right], [_band(c) for c in claims]), sure,
        _mentions(judged) if known else None, _identity(judged) if known else None, _lost(judged) if known else None,
    )  # fmt: skip


def _rates(judged: Sequence[Judgement]) -> dict[str, Rate]:
    """By relation, those with most annotated claims first."""
    right = Counter(claim.predicate for j in judged for claim, _ in j.right)
    predicted = Counter(claim.predicate for j in judged for claim in j.claims)
    gold = Counter(claim.predicate for j in judged for claim in j.annotated)
    ordered = sorted({*predicted, *gold}, key=lambda name: (-gold[name], name))
    return {name: Rate(right[name], predicted[name], gold[name]) for name in ordered}


def _macro(rates: Mapping[str, Rate]) -> Macro:
    counted = [rate for rate in rates.values() if rate.gold >= LEAST]
    total = len(counted) or 1
    sums = (sum(r.precision for r in counted), sum(r.recall for r in counted), sum(r.f1 for r in counted))
    return Macro(sums[0] / total, sums[1] / total, sums[2] / total, len(counted))


def _qualifier(name: str, pairs: Sequence[tuple[Claim, Any]]) -> Tally:
    """Of the right claims with this qualifier annotated, those that have it right."""
    wanted = [(claim, a.qualifiers[name]) for claim, a in pairs if a.qualifiers.get(name)]
    right = sum(same_value(name, qualifiers_record(c.qualifiers).get(name), value) for c, value in wanted)
    return Tally(right, len(wanted))


def _tallies(right: Iterable[str], all_: Iterable[str]) -> dict[str, Tally]:
    of, good = Counter(all_), Counter(right)
    return {name: Tally(good[name], of[name]) for name in sorted(of, reverse=True)}


def _hundredths(claim: Claim) -> int:
    return round(claim.confidence * 100)


def _band(claim: Claim) -> str:
    """The band of confidence that a claim is in: '0.80–0.89'."""
    low = max(begin for begin in BANDS if begin <= _hundredths(claim))
    high = next((begin - 1 for begin in BANDS if begin > low), 100)
    return f"{low / 100:.2f}–{high / 100:.2f}"


def _mentions(judged: Sequence[Judgement]) -> dict[str, Mentions]:
    """By annotated type, the most frequent first."""
    ends = [found for j in judged for found in j.found or ()]
    totals = Counter(str(end.entity.type) for end in ends)
    named = Counter(str(end.entity.type) for end in ends if end.types)
    typed = Counter(str(end.entity.type) for end in ends if end.typed)
    ordered = sorted(totals, key=lambda name: (-totals[name], name))
    return {name: Mentions(totals[name], named[name], typed[name]) for name in ordered}


def _identity(judged: Sequence[Judgement]) -> Identity:
    several = [found for j in judged for found in j.found or () if len(found.variants) > 1]
    merged = sum(a.shares_a_node(b) for j in judged for a, b in combinations(j.found or (), 2))
    return Identity(Tally(sum(len(found.nodes) == 1 for found in several), len(several)), merged)


def _lost(judged: Sequence[Judgement]) -> dict[Lost, int]:
    counts = Counter(reason for j in judged for reason in j.lost)
    return {reason: counts[reason] for reason in Lost}

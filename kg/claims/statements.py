"""Statements: all candidates that say the same of one pair of things, and what of them tells how likely it is true.

Which numbers tell was found on 300 annotated documents that the reader was not taught: of two dozen that were tried, those that
are left lower the likelihood of a logistic curve over them if they are taken away."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

import numpy as np

from kg.model import FAR, NEAR, PATTERN, Candidate, Mention, Status
from kg.relations import Relation

CLUES = (
    NEAR, FAR, PATTERN, "in a sentence", "over sentences", "surest", "subject meant", "object meant", "subject named",
    "object named", "best of subject", "best of object", "distance", "between", "subject's mentions", "place",
)  # fmt: skip
"""The names of a statement's numbers: the log odds that each method gives; whether the reader heard it in a sentence, or over
several; the log odds of the surest method; how sure it is what the words that refer mean at the two ends (1 for a name), and the
log odds that the names are names (REFERRED for a word that refers); whether nothing surer is said of the same subject (object) by
this relation in the same sentence; how far apart the ends are, in characters and mentions, how often the subject is mentioned, and
where in the document it stands (these as logarithms)."""
REFERRED = 3.0
_LEAST = 0.003
"""Confidences count as at least so far from 0 and 1."""

_End: TypeAlias = tuple[str, int, str, Mention]


@dataclass(frozen=True, slots=True)
class Statement:
    """What several candidates say alike: the surest of them, the methods that found it, and its numbers (see CLUES)."""

    best: Candidate
    methods: tuple[str, ...]
    status: Status
    numbers: tuple[float, ...]


def statements(
    candidates: Sequence[Candidate], mentions: Sequence[Mention], relations: Mapping[str, Relation]
) -> list[Statement]:
    """The candidates by what they say: relation and ends, in either order where the relation is symmetric."""
    groups: dict[tuple[str, ...], list[Candidate]] = {}
    for candidate in candidates:
        ends = [candidate.subject.entity, candidate.object.entity]
        if relations[candidate.predicate].symmetric:
            first, second = sorted((candidate.subject, candidate.object), key=lambda m: (m.start, m.end))
            candidate = replace(candidate, subject=first, object=second)
            ends.sort()
        groups.setdefault((candidate.predicate, *ends), []).append(candidate)
    surest = [
        (max(group, key=lambda c: (c.confidence, -c.start, -c.subject.start)), group) for group in groups.values()
    ]
    around = _Around.of([best for best, _ in surest], mentions)
    return [_statement(best, group, around) for best, group in surest]


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around statements: the starts of all mentions, how often each thing is mentioned, and the highest confidence by
    relation, end and sentence."""

    starts: Sequence[int]
    mentions: Mapping[str, int]
    highest: Mapping[_End, float]

    @classmethod
    def of(cls, surest: Sequence[Candidate], mentions: Sequence[Mention]) -> Self:
        highest: dict[_End, float] = {}
        for c in surest:
            for key in _ends(c):
                highest[key] = max(highest.get(key, 0.0), c.confidence)
        return cls(sorted(m.start for m in mentions), Counter(m.entity for m in mentions), highest)


def _ends(candidate: Candidate) -> tuple[_End, _End]:
    """A candidate's ends, each with what it is of what."""
    told = candidate.predicate, candidate.start
    return (*told, "subject", candidate.subject), (*told, "object", candidate.object)


def _statement(best: Candidate, group: Sequence[Candidate], around: _Around) -> Statement:
    by_method = {c.method: 0.0 for c in group}
    for c in group:
        by_method[c.method] = max(by_method[c.method], c.confidence)
    status = best.status or next((c.status for c in group if c.status), Status.ACTUAL)
    subject, object_ = best.subject, best.object
    first, last = sorted((subject.start, object_.start))
    numbers = (
        *(log_odds(by_method.get(method, 0.0)) for method in (NEAR, FAR, PATTERN)),
        float(NEAR in by_method),
        float(FAR in by_method),
        log_odds(max(by_method.values())),
        *(end.confidence if end.anaphoric else 1.0 for end in (subject, object_)),
        *(REFERRED if end.anaphoric else log_odds(end.confidence) for end in (subject, object_)),
        *(float(best.confidence >= around.highest[key]) for key in _ends(best)),
        math.log1p(last - first),
        math.log1p(max(0, bisect_left(around.starts, last) - bisect_right(around.starts, first))),
        math.log1p(around.mentions[subject.entity]),
        math.log1p(best.start),
    )
    return Statement(best, tuple(sorted(by_method)), status, numbers)


def log_odds(confidence: float) -> float:
    """The logarithm of the odds of a confidence, within bounds."""
    within = min(max(confidence, _LEAST), 1 - _LEAST)
    return math.log(within / (1 - within))


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve over a statement's numbers: a weight for each of CLUES, and an offset."""

    weights: Mapping[str, float]
    offset: float

    def chances(self, numbers: Sequence[Sequence[float]]) -> list[float]:
        """How likely statements with these numbers are true."""
        weights = np.array([self.weights[clue] for clue in CLUES])
        logits = np.array(numbers).reshape(-1, len(CLUES)) @ weights + self.offset
        found: list[float] = (1 / (1 + np.exp(-logits))).tolist()
        return found

"""From candidates to claims: what several say of one thing becomes one claim, with its sentence and its qualifiers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.claims.qualifiers import Context, Phrase, context, kinds, qualify, roles
from kg.claims.statements import Statement, statements
from kg.model import Argument, Candidate, Claim, Document, Evidence, Mention, Qualifiers, Sentence, Status
from kg.relations import Relation

OFFICE = "role"
"""The qualifier that shares one pair of names out into several claims."""

_OF = re.compile(r"\s+(?:of|at|for)\s+(?:the\s+)?")
Sureness = Callable[[Sequence[Sequence[float]]], Sequence[float]]
"""How likely statements with these numbers are true."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a stretch of a document gives: its claims, and how many candidates were left alone for which reason."""

    claims: tuple[Claim, ...]
    left_alone: Mapping[str, int]


def settle(
    document: Document,
    mentions: Sequence[Mention],
    phrases: Sequence[Phrase],
    candidates: Sequence[Candidate],
    relations: Mapping[str, Relation],
    sureness: Sureness,
    least: float,
) -> Settlement:
    """The claims of a document: each pair and relation once, at its surest sentence, the surer of rival readings only.

    `sureness` tells how likely statements are true; what is less than `least` sure is left alone."""
    told = [c for c in candidates if not _describes(document.text, c, mentions, relations[c.predicate])]
    found = statements(told, mentions, relations)
    chances = sureness([statement.numbers for statement in found])
    agreed = [_agreed(*pair) for pair in zip(found, chances, strict=True)]
    sure = [candidate for candidate in agreed if candidate.confidence >= least]
    chosen = _without_rivals(_without_inner(sure), relations)
    contexts: dict[tuple[int, int], Context] = {}
    claims: list[Claim] = []
    for start, end in sorted({(c.start, c.end) for c in chosen}):
        contexts[start, end] = context(document.text, document.published, Sentence(start, end), mentions, phrases)
        here = [c for c in chosen if (c.start, c.end) == (start, end)]
        claims += _claims(document, here, relations, contexts[start, end])
    left_alone = {
        "words of a description": len(candidates) - len(told),
        "said twice": len(told) - len(agreed),
        "not sure enough": len(agreed) - len(sure),
        "a surer reading": len(sure) - len(chosen),
    }
    return Settlement(tuple(claims), left_alone)


def _describes(text: str, candidate: Candidate, mentions: Sequence[Mention], relation: Relation) -> bool:
    """Whether a claim of an office only repeats the words by which its holder is referred to: 'The director of X said so' does
    not tell of whoever it is taken for that he directs X, unless the sentence names him besides."""
    who = candidate.subject
    if (
        OFFICE not in relation.qualifiers
        or not who.anaphoric
        or not _OF.fullmatch(text, who.end, candidate.object.start)
    ):
        return False
    return not any(m.entity == who.entity and m != who and candidate.start <= m.start < candidate.end for m in mentions)


def _agreed(statement: Statement, confidence: float) -> Candidate:
    """One candidate for all that say the same."""
    return replace(statement.best, confidence=confidence, method="+".join(statement.methods), status=statement.status)


def _without_inner(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of two that say the same of a phrase and of a name within it ('firms from Jena', 'Jena'), what is said of the phrase."""
    said: dict[tuple[str, Mention], list[Mention]] = {}
    for c in candidates:
        said.setdefault((c.predicate, c.object), []).append(c.subject)
        said.setdefault((c.predicate, c.subject), []).append(c.object)
    return [
        c
        for c in candidates
        if not any(_within(c.subject, other) for other in said[c.predicate, c.object])
        and not any(_within(c.object, other) for other in said[c.predicate, c.subject])
    ]


def _within(inner: Mention, outer: Mention) -> bool:
    return (
        outer.start <= inner.start and inner.end <= outer.end and (inner.start, inner.end) != (outer.start, outer.end)
    )


def _without_rivals(candidates: Sequence[Candidate], relations: Mapping[str, Relation]) -> list[Candidate]:
    """Relations that exclude each other for one pair (an agreement is not mere cooperation): the surest stays."""
    best: dict[tuple[str, ...], Candidate] = {}
    for candidate in candidates:
        relation, ends = relations[candidate.predicate], (candidate.subject.entity, candidate.object.entity)
        either_way = relation.family or relation.symmetric
        key = (relation.family or relation.name, *(sorted(ends) if either_way else ends))
        if key not in best or best[key].confidence < candidate.confidence:
            best[key] = candidate
    surest = set(best.values())
    return [c for c in candidates if c in surest]


def _claims(
    document: Document, candidates: Sequence[Candidate], relations: Mapping[str, Relation], around: Context
) -> list[Claim]:
    offices = roles([c for c in candidates if OFFICE in relations[c.predicate].qualifiers], around)
    told_kinds = kinds([c for c in candidates if "kind" in relations[c.predicate].qualifiers], relations, around)
    found, parties = [], _parties(candidates)
    for candidate in candidates:
        name = candidate.predicate
        told = qualify(candidate, relations[name], around, told_kinds.get(name, ()), parties[name])
        found += [claim_of(document, candidate, replace(told, role=role)) for role in offices.get(candidate, ("",))]
    return found


def _parties(candidates: Sequence[Candidate]) -> Mapping[str, frozenset[str]]:
    """The things that each relation is said of."""
    found: dict[str, set[str]] = {}
    for c in candidates:
        found.setdefault(c.predicate, set()).update((c.subject.entity, c.object.entity))
    return {relation: frozenset(things) for relation, things in found.items()}


def claim_of(document: Document, candidate: Candidate, told: Qualifiers | None = None) -> Claim:
    """What a candidate says, as a claim with its sentence."""
    start, end = candidate.start, candidate.end
    evidence = Evidence(document.id, document.text[start:end], start, end)
    return Claim(
        candidate.predicate, _argument(candidate.subject), _argument(candidate.object), candidate.status or Status.ACTUAL,
        evidence, round(min(candidate.confidence, 0.99), 2), candidate.method, told or Qualifiers(),
    )  # fmt: skip


def _argument(mention: Mention) -> Argument:
    return Argument(mention.entity, mention.type, mention.text, mention.start, mention.end)

"""From candidates to claims: what several say of one thing becomes one claim, with its sentence and its qualifiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.claims.qualifiers import Context, Phrase, context, qualify, roles
from kg.model import Argument, Candidate, Claim, Document, Evidence, Mention, Qualifiers, Sentence, Status
from kg.relations import Relation

OFFICE = "role"
"""The qualifier that shares one pair of names out into several claims."""


Sureness = Callable[[str, float], float]


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
    sureness: Sureness = lambda _, confidence: confidence,
    least: float = 0.0,
) -> Settlement:
    """The claims of a document: each pair and relation once, at its surest sentence, the surer of rival readings only.

    `sureness` tells from the methods that found a claim ('pattern+reader') and the confidence that they give it together
    how often such claims are right; what is less than `least` sure is left alone."""
    agreed = _agreed(candidates, relations, sureness)
    sure = [candidate for candidate in agreed if candidate.confidence >= least]
    chosen = _without_rivals(_without_inner(sure), relations)
    contexts: dict[tuple[int, int], Context] = {}
    claims: list[Claim] = []
    for start, end in sorted({(c.start, c.end) for c in chosen}):
        contexts[start, end] = context(document.text, document.published, Sentence(start, end), mentions, phrases)
        here = [c for c in chosen if (c.start, c.end) == (start, end)]
        claims += _claims(document, here, relations, contexts[start, end])
    left_alone = {
        "said twice": len(candidates) - len(agreed),
        "not sure enough": len(agreed) - len(sure),
        "a surer reading": len(sure) - len(chosen),
    }
    return Settlement(tuple(claims), left_alone)


def _agreed(candidates: Sequence[Candidate], relations: Mapping[str, Relation], sureness: Sureness) -> list[Candidate]:
    """One candidate a pair of entities and relation: the surest; a second method that agrees makes it surer still."""
    groups: dict[tuple[str, ...], list[Candidate]] = {}
    for candidate in candidates:
        ends = [candidate.subject.entity, candidate.object.entity]
        if relations[candidate.predicate].symmetric:
            first, second = sorted((candidate.subject, candidate.object), key=lambda m: (m.start, m.end))
            candidate = replace(candidate, subject=first, object=second)
            ends.sort()
        groups.setdefault((candidate.predicate, *ends), []).append(candidate)
    return [_surest(group, sureness) for group in groups.values()]


def _surest(group: Sequence[Candidate], sureness: Sureness) -> Candidate:
    best = max(group, key=lambda c: (c.confidence, -c.start, -c.subject.start))
    methods = sorted({c.method for c in group})
    doubt = 1.0
    for method in methods:
        doubt *= 1 - max(c.confidence for c in group if c.method == method)
    status = best.status or next((c.status for c in group if c.status), Status.ACTUAL)
    found_by = "+".join(methods)
    return replace(best, confidence=sureness(found_by, 1 - doubt), method=found_by, status=status)


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
    found = []
    for candidate in candidates:
        told = qualify(candidate, relations[candidate.predicate].qualifiers, around)
        found += [_claim(document, candidate, replace(told, role=role)) for role in offices.get(candidate, ("",))]
    return found


def _claim(document: Document, candidate: Candidate, told: Qualifiers) -> Claim:
    start, end = candidate.start, candidate.end
    evidence = Evidence(document.id, document.text[start:end], start, end)
    return Claim(
        candidate.predicate, _argument(candidate.subject), _argument(candidate.object), candidate.status or Status.ACTUAL,
        evidence, round(min(candidate.confidence, 0.99), 2), candidate.method, told,
    )  # fmt: skip


def _argument(mention: Mention) -> Argument:
    return Argument(mention.entity, mention.type, mention.text, mention.start, mention.end)

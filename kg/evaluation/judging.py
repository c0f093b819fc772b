"""One document's claims against its annotation: which are right, which are wrong, what was missed and where it was lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kg.evaluation.annotated import AnnotatedClaim, AnnotatedDocument, AnnotatedEntity
from kg.evaluation.compare import agrees, distinct, ends_agree, key, names
from kg.model import ORGANIZATIONS, Claim, Document, EntityType, Mention


class Lost(StrEnum):
    """Why an annotated claim was missed: the first of these that holds, in the order of the stages."""

    NO_MENTION = "mention not found"
    WRONG_TYPE = "type wrong"
    NO_CLAIM = "pair not seen"
    OTHER_CLAIM = "relation wrong"
    NOT_AGAIN = "not told again"


MEANING = {
    Lost.NO_MENTION: "no mention has the name of an end",
    Lost.WRONG_TYPE: "all mentions of an end are of another type",
    Lost.NO_CLAIM: "both ends are found, no claim is between them",
    Lost.OTHER_CLAIM: "a claim between them says something else",
    Lost.NOT_AGAIN: "told, but not with another role or date again",
}
"""What each reason means; something else is another relation, or the same the wrong way round."""


@dataclass(frozen=True, slots=True)
class Found:
    """An annotated entity that takes part in a claim, and the types of the mentions that bear its name; `variants` are the
    forms of the name that mentions have, and `nodes` what these were taken for."""

    entity: AnnotatedEntity
    types: frozenset[EntityType]
    variants: frozenset[str] = frozenset()
    nodes: frozenset[tuple[str, str]] = frozenset()

    @property
    def typed(self) -> bool:
        """Whether a mention has the annotated type."""
        return self.entity.type in self.types

    def shares_a_node(self, other: Found) -> bool:
        """Whether both were taken for one, though no form of a name is common to them."""
        return bool(self.nodes & other.nodes) and not set(map(key, self.variants)) & set(map(key, other.variants))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was extracted from one document, beside what is annotated: each distinct claim is right or wrong, each
    annotated claim is right or missed. `found` is None where the mentions are not known; else `lost` says why each of
    `missed` was."""

    document: Document
    right: tuple[tuple[Claim, AnnotatedClaim], ...]
    wrong: tuple[Claim, ...]
    missed: tuple[AnnotatedClaim, ...]
    found: tuple[Found, ...] | None = None
    lost: tuple[Lost, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The distinct claims."""
        return (*(claim for claim, _ in self.right), *self.wrong)

    @property
    def annotated(self) -> tuple[AnnotatedClaim, ...]:
        """The annotated claims."""
        return (*(annotated for _, annotated in self.right), *self.missed)


def judge(
    annotated: AnnotatedDocument,
    claims: Iterable[Claim],
    symmetric: frozenset[str],
    mentions: Iterable[Mention] | None = None,
) -> Judgement:
    """Judge the claims of a document; `mentions` are all that were found in it, None if that is not known."""
    told = distinct(claims, symmetric)
    pairs = _paired(told, annotated.claims, symmetric)
    right = tuple((told[i], annotated.claims[j]) for i, j in pairs.items())
    wrong = tuple(claim for i, claim in enumerate(told) if i not in pairs)
    reached = set(pairs.values())
    missed = tuple(claim for j, claim in enumerate(annotated.claims) if j not in reached)
    if mentions is None:
        return Judgement(annotated.document, right, wrong, missed)
    found = _found(annotated.ends, mentions)
    types = {each.entity.name: each for each in found}
    lost = tuple(_reason(claim, types, told, symmetric) for claim in missed)
    return Judgement(annotated.document, right, wrong, missed, found, lost)


def _paired(claims: Sequence[Claim], annotated: Sequence[AnnotatedClaim], symmetric: frozenset[str]) -> dict[int, int]:
    """The place of each right claim with that of the annotated claim it uses up; those of one status pair first."""
    pairs: dict[int, int] = {}
    left = list(range(len(annotated)))
    for of_one_status in (True, False):
        for i, claim in enumerate(claims):
            fitting = (
                j
                for j in left
                if (not of_one_status or claim.status == annotated[j].status) and agrees(claim, annotated[j], symmetric)
            )
            j = None if i in pairs else next(fitting, None)
            if j is not None:
                left.remove(j)
                pairs[i] = j
    return pairs


def _found(ends: Iterable[AnnotatedEntity], mentions: Iterable[Mention]) -> tuple[Found, ...]:
    """Which of these entities a mention names; one that only refers to them ('the company') does not."""
    forms = sorted({(m.entity, m.text, m.type) for m in mentions if not m.anaphoric})
    return tuple(_found_as(end, forms) for end in ends)


def _found_as(entity: AnnotatedEntity, forms: Sequence[tuple[str, str, EntityType]]) -> Found:
    types = frozenset(type_ for *form, type_ in forms if names(form, entity))
    wanted = {key(form) for form in entity.forms}
    exact = [(name, text.casefold(), type_) for name, text, type_ in forms if key(text) in wanted]
    nodes = frozenset((name, "agent" if type_ in ORGANIZATIONS else str(type_)) for name, _, type_ in exact)
    return Found(entity, types, frozenset(text for _, text, _ in exact), nodes)


def _reason(
    missed: AnnotatedClaim, found: dict[str, Found], claims: Sequence[Claim], symmetric: frozenset[str]
) -> Lost:
    ends = found[missed.subject.name], found[missed.object.name]
    if not all(end.types for end in ends):
        return Lost.NO_MENTION
    if not all(end.typed for end in ends):
        return Lost.WRONG_TYPE
    if any(agrees(claim, missed, symmetric) for claim in claims):
        return Lost.NOT_AGAIN
    subject, object_ = missed.subject, missed.object
    between = any(ends_agree(c, subject, object_) or ends_agree(c, object_, subject) for c in claims)
    return Lost.OTHER_CLAIM if between else Lost.NO_CLAIM

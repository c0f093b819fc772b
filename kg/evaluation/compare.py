"""When an extracted claim says what an annotated one says: names, claims and qualifiers side by side."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from kg.evaluation.annotated import AnnotatedClaim, AnnotatedEntity
from kg.lexicon import words
from kg.model import Argument, Claim

_LOOSE = frozenset({"Group", "Event", "Sector"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": " and "})
_POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?=\s|$)")


@lru_cache(maxsize=1 << 15)
def key(name: str) -> str:
    """The comparable words of a name."""
    name = name.casefold().translate(_GERMAN)
    name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    found = [
        w for w in re.findall(r"[\u4e00-\u9fff]+|[a-z0-9]+", _POSSESSIVE.sub("", name)) if w not in words("small_words")
    ]
    return " ".join([w for w in found if w not in words("legal_words")] or found)


def names(forms: Iterable[str], entity: AnnotatedEntity) -> bool:
    """Whether one of these forms is a name of an annotated entity, or near enough for what is described, not named."""
    mine = {key(form) for form in forms if form}
    theirs = {key(form) for form in entity.forms}
    return bool(mine & theirs) or (entity.type in _LOOSE and any(_overlap(a, b) >= 0.5 for a in mine for b in theirs))


def _overlap(a: str, b: str) -> float:
    """The share of two names' words that are in both (Jaccard)."""
    first, second = set(a.split()), set(b.split())
    return len(first & second) / len(first | second) if first and second else 0.0


def ends_agree(claim: Claim, subject: AnnotatedEntity, object_: AnnotatedEntity) -> bool:
    """Whether a claim goes from the one annotated entity to the other."""
    return _is(claim.subject, subject) and _is(claim.object, object_)


def _is(argument: Argument, entity: AnnotatedEntity) -> bool:
    return names((argument.name, argument.mention, *argument.aliases), entity)


def agrees(claim: Claim, annotated: AnnotatedClaim, symmetric: frozenset[str]) -> bool:
    """Whether relation and ends are those of an annotated claim, in either order where the relation is symmetric."""
    if claim.predicate != annotated.predicate:
        return False
    subject, object_ = annotated.subject, annotated.object
    return ends_agree(claim, subject, object_) or (claim.predicate in symmetric and ends_agree(claim, object_, subject))


def distinct(claims: Iterable[Claim], symmetric: frozenset[str]) -> tuple[Claim, ...]:
    """Each statement once: the same relation between the same names with the same role and date."""
    found: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        ends = [key(claim.subject.name), key(claim.object.name)]
        told = claim.qualifiers
        ordered = sorted(ends) if claim.predicate in symmetric else ends
        found.setdefault((claim.predicate, *ordered, told.role, told.date.iso if told.date else ""), claim)
    return tuple(found.values())


def same_value(name: str, told: Any, annotated: Any) -> bool:
    """Whether a qualifier says what is annotated: dates to the letter; of other values one may say more than the other
    ('agreement', 'framework agreement'), and a list is right when each annotated item has its like."""
    if isinstance(annotated, list):
        items = told if isinstance(told, list) else [told]
        return all(any(same_value(name, item, wanted) for item in items) for wanted in annotated)
    if not told:
        return False
    mine, theirs = key(str(told)), key(str(annotated))
    return mine == theirs or (name != "date" and (theirs in mine or mine in theirs))

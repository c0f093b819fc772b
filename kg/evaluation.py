"""How right extracted claims are, measured against annotated documents.

A claim is right when its relation and both ends are (either order for a symmetric relation), each annotated claim used up by
one extracted claim. Names are compared without case, articles, punctuation, diacritics and legal forms; for groups, events
and sectors half of the words in common are enough, since two people would not cut them alike."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.lexicon import words
from kg.model import Argument, Claim

_LOOSE = frozenset({"Group", "Event", "Sector"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": " and "})
_POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?=\s|$)")


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
        return 2 * self.right / (self.predicted + self.gold) if self.predicted + self.gold else 0.0

    def __str__(self) -> str:
        rates = f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"
        return f"{rates}  ({self.right} right of {self.predicted}, {self.gold} annotated)"


@dataclass(frozen=True, slots=True)
class Score:
    """The rates in all and per relation, and the share of right claims whose status is right too."""

    claims: Rate
    by_relation: Mapping[str, Rate]
    status: float


def key(name: str) -> str:
    """The comparable words of a name."""
    name = name.casefold().translate(_GERMAN)
    name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    found = [
        w for w in re.findall(r"[\u4e00-\u9fff]+|[a-z0-9]+", _POSSESSIVE.sub("", name)) if w not in words("small_words")
    ]
    return " ".join([w for w in found if w not in words("legal_words")] or found)


def score(
    records: Iterable[Mapping[str, Any]], claims: Mapping[str, Sequence[Claim]], symmetric: frozenset[str]
) -> Score:
    """Score the claims extracted from annotated documents (`records`, in the corpus's form), by document id."""
    right, predicted, gold = Counter[str](), Counter[str](), Counter[str]()
    status = 0
    for record in records:
        entities = {e["name"]: e for e in record["entities"]}
        told = _distinct(claims.get(record["id"], ()), symmetric)
        pairs = _paired(told, record["claims"], entities, symmetric)
        right.update(c.predicate for c, _ in pairs)
        status += sum(c.status == g["status"] for c, g in pairs)
        predicted.update(c.predicate for c in told)
        gold.update(g["predicate"] for g in record["claims"])
    rates = {r: Rate(right[r], predicted[r], gold[r]) for r in sorted({*predicted, *gold})}
    return Score(Rate(right.total(), predicted.total(), gold.total()), rates, status / right.total() if right else 0.0)


def _distinct(claims: Sequence[Claim], symmetric: frozenset[str]) -> list[Claim]:
    """Each statement once: the same relation between the same names with the same role and date."""
    found: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        ends = [key(claim.subject.name), key(claim.object.name)]
        told = claim.qualifiers
        ordered = sorted(ends) if claim.predicate in symmetric else ends
        found.setdefault((claim.predicate, *ordered, told.role, told.date.iso if told.date else ""), claim)
    return list(found.values())


def _paired(
    claims: Sequence[Claim], golds: Sequence[Mapping[str, Any]], entities: Mapping[str, Any], symmetric: frozenset[str]
) -> list[tuple[Claim, Mapping[str, Any]]]:
    """Each extracted claim with the annotated claim that it gets right; those that agree in status are paired first."""
    left, pairs, used = list(golds), [], set()
    for agreeing in (True, False):
        for number, claim in enumerate(claims):
            fitting = (
                g
                for g in left
                if (not agreeing or claim.status == g["status"]) and _right(claim, g, entities, symmetric)
            )
            gold = None if number in used else next(fitting, None)
            if gold is not None:
                left.remove(gold)
                used.add(number)
                pairs.append((claim, gold))
    return pairs


def _right(claim: Claim, gold: Mapping[str, Any], entities: Mapping[str, Any], symmetric: frozenset[str]) -> bool:
    if claim.predicate != gold["predicate"]:
        return False
    subject, object_ = entities[gold["subject"]], entities[gold["object"]]
    if _same(claim.subject, subject) and _same(claim.object, object_):
        return True
    return claim.predicate in symmetric and _same(claim.subject, object_) and _same(claim.object, subject)


def _same(argument: Argument, entity: Mapping[str, Any]) -> bool:
    mine = {key(argument.name), key(argument.mention)}
    theirs = {key(f) for f in (entity["name"], *entity.get("aliases", ()))}
    if mine & theirs:
        return True
    return entity["type"] in _LOOSE and any(_overlap(a, b) >= 0.5 for a in mine for b in theirs)


def _overlap(a: str, b: str) -> float:
    """The share of two names' words that are in both (Jaccard)."""
    first, second = set(a.split()), set(b.split())
    return len(first & second) / len(first | second) if first and second else 0.0

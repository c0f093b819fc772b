"""How sure a trained reader may say it is, and from where on it counts: fitted on documents that it was not taught.

Confidences follow Platt (1999): a logistic curve over the network's own logits, one for pairs in a sentence and one for pairs
further apart, of which it is less often right; then one more for each set of methods that agree on a claim.

The thresholds are those that give the best F1; a relation's own is drawn towards the one of all relations, the more the fewer
its claims are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kg import pipeline, relations
from kg.evaluation import AnnotatedDocument, annotated_claims, judge
from kg.model import Claim, Document
from kg.reader.reader import read_from

EVERY = 10
"""One document in so many is kept back."""
STEPS = np.round(np.arange(0.2, 0.8, 0.02), 2)
PULL = 40
"""As many annotated claims of its own count for a relation as much as all others together."""

PLAIN = (1.0, 0.0)
"""The curve that changes nothing."""
FEWEST = 20
READER = "reader"


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim: by which methods it was found, how sure they are, whether its ends stand in different sentences, and whether
    it is right."""

    predicate: str
    methods: str
    confidence: float
    apart: bool
    right: bool


def split(documents: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The documents to teach and those kept back."""
    taught: list[Any] = []
    kept: list[Any] = []
    for number, document in enumerate(documents, 1):
        (taught if number % EVERY else kept).append(document)
    return taught, kept


def calibrate(folder: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Fit calibration and thresholds of the reader in a folder on annotated documents, and write them into its manifest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest |= {
        "calibration": {"near": PLAIN, "far": PLAIN},
        "thresholds": dict.fromkeys(manifest["relations"], pipeline.WHISPER),
    }
    _write(path, manifest)
    judged, gold = _judged(folder, records)
    alone = [one for one in judged if one.methods == READER]
    curves = {
        name: _platt([one for one in alone if one.apart == apart]) for name, apart in (("near", False), ("far", True))
    }
    sure = [replace(one, confidence=_on(curves["far" if one.apart else "near"], one.confidence)) for one in alone]
    gold = gold - Counter(
        one.predicate for one in judged if one.right and one.methods != READER
    )  # found without its word
    manifest |= {"calibration": curves, "thresholds": _thresholds(sure, gold, manifest["relations"])}
    _write(path, manifest)
    settled, _ = _judged(folder, records)
    for methods in sorted({one.methods for one in settled}):
        curves[methods] = _platt([one for one in settled if one.methods == methods])
    _write(path, manifest)


def _write(path: Path, manifest: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def _judged(folder: Path, records: Sequence[Mapping[str, Any]]) -> tuple[list[Judged], Counter[str]]:
    """What is claimed with the reader in a folder, and how many claims of each relation are annotated."""
    reader = read_from(folder)
    symmetric = frozenset(n for n, r in relations.load().items() if r.symmetric)
    judged: list[Judged] = []
    gold = Counter[str]()
    for record in records:
        document = Document(record["id"], record["text"], record["title"], record.get("published") or "")
        claims = pipeline.extract(document, reader=reader).claims
        found = judge(AnnotatedDocument(document, annotated_claims(record)), claims, symmetric)
        right = {claim for claim, _ in found.right}
        judged += [Judged(c.predicate, c.method, c.confidence, _apart(c), c in right) for c in found.claims]
        gold.update(claim.predicate for claim in found.annotated)
    return judged, gold


def _apart(claim: Claim) -> bool:
    """Whether an end stands outside of the evidence."""
    return any(not claim.evidence.start <= end.start < claim.evidence.end for end in (claim.subject, claim.object))


def _platt(judged: Sequence[Judged]) -> tuple[float, float]:
    """Slope and offset of the logistic curve of greatest likelihood (Newton's method); of too few claims nothing is learnt."""
    if len(judged) < FEWEST:
        return PLAIN
    x = np.array([[_logit(one.confidence), 1.0] for one in judged])
    y = np.array([float(one.right) for one in judged])
    weights = np.zeros(2)  # from where the method does not overshoot
    for _ in range(25):
        chance = _sigmoid(x @ weights)
        hessian = (x * (chance * (1 - chance))[:, None]).T @ x + 1e-6 * np.eye(2)
        weights = weights - np.linalg.solve(hessian, x.T @ (chance - y))
    return round(float(weights[0]), 4), round(float(weights[1]), 4)


def _on(curve: tuple[float, float], confidence: float) -> float:
    return float(_sigmoid(curve[0] * _logit(confidence) + curve[1]))


def _thresholds(judged: Sequence[Judged], gold: Mapping[str, int], names: Sequence[str]) -> dict[str, float]:
    """For each relation the confidence from which on claims count."""
    every = _f1(judged, sum(gold.values()))
    found = {}
    for name in names:
        own = [one for one in judged if one.predicate == name]
        share = gold[name] / (gold[name] + PULL)
        found[name] = float(STEPS[int(np.argmax(share * _f1(own, gold[name]) + (1 - share) * every))])
    return found


def _f1(judged: Sequence[Judged], gold: int) -> Any:
    """F1 at each of STEPS."""
    sure = np.array([one.confidence for one in judged])
    hits = np.array([one.right for one in judged], dtype=bool)
    told = [sure >= step for step in STEPS]
    return np.array([2 * hits[kept].sum() / max(1, kept.sum() + gold) for kept in told])


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _logit(confidence: float) -> float:
    return float(np.log(confidence / (1 - min(confidence, 0.9999))))

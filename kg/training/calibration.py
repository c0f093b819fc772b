"""How sure a trained reader may say it is, and from where on it counts: fitted on documents that it was not taught.

Confidences follow Platt (1999): a logistic curve over the network's own logits, one for pairs in a sentence and one for pairs
further apart, of which it is less often right; then one more for each set of methods that agree on a claim. So a pattern
counts for what it adds: on documents that it was not made from, what the reader does not even whisper is one time in ten right.

The threshold, one for all relations, is the lowest that keeps what the tool promises: of all claims seven in ten are right, with
a standard error to spare. Thresholds for each relation, drawn to the one of all, were tried and reached less on other documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kg import pipeline, relations
from kg.evaluation import AnnotatedDocument, annotated_claims, judge
from kg.model import Document
from kg.reader.reader import FAR, NEAR, read_from

EVERY = 10
"""One document in so many is kept back."""
STEPS = np.round(np.arange(0.2, 0.8, 0.02), 2)
PROMISE = 0.7
"""The part of all claims that has to be right."""

PLAIN = (1.0, 0.0)
"""The curve that changes nothing."""
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim: by which methods it was found, how sure they are, and whether it is right."""

    methods: str
    confidence: float
    right: bool


def split(documents: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The documents to teach and those kept back."""
    taught: list[Any] = []
    kept: list[Any] = []
    for number, document in enumerate(documents, 1):
        (taught if number % EVERY else kept).append(document)
    return taught, kept


def calibrate(folder: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Fit calibration and threshold of the reader in a folder on annotated documents, and write them into its manifest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    calibration: dict[str, Any] = {"pairs": {NEAR: PLAIN, FAR: PLAIN}, "claims": {}}
    for kind, alone in (("pairs", (NEAR, FAR)), ("claims", ())):
        _write(path, manifest | {"calibration": calibration, "threshold": 0.0})
        judged = _judged(folder, records)
        ways = alone or sorted({one.methods for one in judged})
        calibration[kind] = {way: _platt([one for one in judged if one.methods == way]) for way in ways}
    settled = [replace(one, confidence=_on(calibration["claims"][one.methods], one.confidence)) for one in judged]
    _write(path, manifest | {"calibration": calibration, "threshold": _threshold(settled)})


def _write(path: Path, manifest: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def _judged(folder: Path, records: Sequence[Mapping[str, Any]]) -> list[Judged]:
    """What is claimed with the reader in a folder."""
    reader = read_from(folder)
    symmetric = frozenset(n for n, r in relations.load().items() if r.symmetric)
    judged: list[Judged] = []
    for record in records:
        document = Document(record["id"], record["text"], record["title"], record.get("published") or "")
        claims = pipeline.extract(document, reader=reader).claims
        found = judge(AnnotatedDocument(document, annotated_claims(record)), claims, symmetric)
        right = {claim for claim, _ in found.right}
        judged += [Judged(c.method, c.confidence, c in right) for c in found.claims]
    return judged


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


def _threshold(judged: Sequence[Judged]) -> float:
    """The confidence from which on claims count: the lowest of STEPS that keeps the promise, the highest if none does."""
    hits = np.array([one.right for one in judged], dtype=bool)
    sure = np.array([one.confidence for one in judged])
    for step in STEPS:
        told = hits[sure >= step]
        share = told.mean() if len(told) else 0.0
        if share - np.sqrt(share * (1 - share) / max(1, len(told))) >= PROMISE:
            return float(step)
    return float(STEPS[-1])


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _logit(confidence: float) -> float:
    within = min(max(confidence, 0.005), 0.995)  # a claim's confidence has two digits
    return float(np.log(within / (1 - within)))

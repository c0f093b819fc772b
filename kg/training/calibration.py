"""How sure a trained reader may say it is, and from where on it counts: fitted on documents that it was not taught.

First two logistic curves over the network's own log odds (Platt 1999), one for pairs in a sentence and one for pairs further apart,
of which it is less often right; then one over the numbers of all that was heard of a statement (`kg.claims.statements`). So a
method counts for what it adds, and a name or a word that may mean something else takes away.

The threshold, one for all relations, is the lowest that keeps what the tool promises: of all claims seven in ten are right, with
a standard error to spare. Thresholds for each relation, drawn to the one of all, were tried and reached less on other documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kg import pipeline, relations, sentences
from kg.claims.settle import claim_of
from kg.claims.statements import CLUES, log_odds, statements
from kg.evaluation import AnnotatedDocument, agrees, annotated_claims, judge
from kg.model import FAR, NEAR, Document
from kg.reader.reader import Reader, read_from, stretches

EVERY = 10
"""One document in so many is kept back."""
STEPS = np.round(np.arange(0.2, 0.8, 0.02), 2)
PROMISE = 0.7
"""The part of all claims that has to be right."""
RIDGE = 5.0
"""How much the weights of numbers on one scale are held back: as much as so many statements could move them."""

PLAIN = (1.0, 0.0)
"""The curve that changes nothing."""
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim: by which methods it was found, how sure they are, and whether it is right."""

    methods: str
    confidence: float
    right: bool


def split(documents: Sequence[Any], every: int = EVERY) -> tuple[list[Any], list[Any]]:
    """The documents to teach and those kept back, one in `every`."""
    taught: list[Any] = []
    kept: list[Any] = []
    for number, document in enumerate(documents, 1):
        (taught if number % every else kept).append(document)
    return taught, kept


def calibrate(folder: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Fit calibration and threshold of the reader in a folder on annotated documents, and write them into its manifest."""
    path = folder / "manifest.json"
    documents = [_annotated(record) for record in records]
    manifest = json.loads(path.read_text(encoding="utf-8"))
    calibration: dict[str, Any] = {"pairs": {NEAR: PLAIN, FAR: PLAIN}, "claims": _curve(_only("surest"), 0.0)}
    _write(path, manifest | {"calibration": calibration, "threshold": 0.0})
    judged = _judged(read_from(folder), documents)
    calibration["pairs"] = {way: _platt([one for one in judged if one.methods == way]) for way in (NEAR, FAR)}
    _write(path, manifest | {"calibration": calibration, "threshold": 0.0})
    calibration["claims"] = _fitted(*_statements(read_from(folder), documents))
    _write(path, manifest | {"calibration": calibration, "threshold": 0.0})
    threshold = _threshold(_judged(read_from(folder), documents))
    _write(path, manifest | {"calibration": calibration, "threshold": threshold})


def _write(path: Path, manifest: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def _annotated(record: Mapping[str, Any]) -> AnnotatedDocument:
    document = Document(record["id"], record["text"], record["title"], record.get("published") or "")
    return AnnotatedDocument(document, annotated_claims(record))


def _symmetric() -> frozenset[str]:
    return frozenset(name for name, relation in relations.load().items() if relation.symmetric)


def _judged(reader: Reader, documents: Sequence[AnnotatedDocument]) -> list[Judged]:
    """What is claimed with a reader."""
    judged: list[Judged] = []
    for each in documents:
        found = judge(each, pipeline.extract(each.document, reader=reader).claims, _symmetric())
        right = {claim for claim, _ in found.right}
        judged += [Judged(c.method, c.confidence, c in right) for c in found.claims]
    return judged


def _statements(reader: Reader, documents: Sequence[AnnotatedDocument]) -> tuple[Any, Any]:
    """The numbers of all statements that are heard with a reader, and whether each, by the names in the text, is annotated."""
    rows = [row for each in documents for row in _heard(reader, each)]
    return np.array([numbers for numbers, _ in rows]), np.array([float(right) for _, right in rows])


def _heard(reader: Reader, annotated: AnnotatedDocument) -> Iterator[tuple[tuple[float, ...], bool]]:
    for stretch in stretches(sentences.of_document(annotated.document)):
        heard = pipeline.hear(annotated.document, stretch, reader)
        for statement in statements(heard.candidates, heard.mentions, relations.load()):
            claim = claim_of(annotated.document, statement.best)
            yield statement.numbers, any(agrees(claim, other, _symmetric()) for other in annotated.claims)


def _fitted(numbers: Any, right: Any) -> dict[str, Any]:
    """The logistic curve over a statement's numbers, which are put on one scale for the fit; of too few nothing is learnt."""
    if len(numbers) < FEWEST:
        return _curve(_only("surest"), 0.0)
    mean, scale = numbers.mean(0), numbers.std(0) + 1e-3
    weights = _greatest(np.column_stack([(numbers - mean) / scale, np.ones(len(numbers))]), right, RIDGE)
    slopes = weights[:-1] / scale
    return _curve(slopes, float(weights[-1] - mean @ slopes))


def _curve(slopes: Sequence[float], offset: float) -> dict[str, Any]:
    weights = {clue: round(float(slope), 4) for clue, slope in zip(CLUES, slopes, strict=True)}
    return {"weights": weights, "offset": round(offset, 4)}


def _only(name: str) -> list[float]:
    return [float(clue == name) for clue in CLUES]


def _platt(judged: Sequence[Judged]) -> tuple[float, float]:
    """Slope and offset of the logistic curve over log odds; of too few claims nothing is learnt."""
    if len(judged) < FEWEST:
        return PLAIN
    x = np.array([[log_odds(one.confidence), 1.0] for one in judged])
    slope, offset = _greatest(x, np.array([float(one.right) for one in judged]), 0.0)
    return round(float(slope), 4), round(float(offset), 4)


def _greatest(x: Any, y: Any, ridge: float) -> Any:
    """The weights of greatest likelihood (Newton's method), all but the last held back by a ridge."""
    held = np.full(x.shape[1], ridge) + 1e-6
    held[-1] = 1e-6
    weights = np.zeros(x.shape[1])  # from where the method does not overshoot
    for _ in range(25):
        chance = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(held)
        weights = weights - np.linalg.solve(hessian, x.T @ (chance - y) + held * weights)
    return weights


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

"""What the reader says of its own sureness: fitted on documents that it was not taught."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg import pipeline
from kg.claims.statements import CLUES
from kg.reader import reader
from kg.training import calibration, corpus

CORPUS = Path(__file__).parent / "corpus"


def one(confidence: float, right: bool) -> calibration.Judged:
    return calibration.Judged("reader", confidence, right)


def test_every_tenth_document_is_kept_back() -> None:
    taught, kept = calibration.split(range(25))
    assert kept == [9, 19] and sorted(taught + kept) == list(range(25))


def test_a_reader_that_boasts_is_taken_back() -> None:
    """Of claims told with 0.9 half are right, of those told with 0.5 one in ten."""
    judged = [one(0.9, n % 2 == 0) for n in range(400)]
    judged += [one(0.5, n % 10 == 0) for n in range(400)]
    slope, offset = calibration._platt(judged)
    told = 1 / (1 + np.exp(-slope * np.log([9.0, 1.0]) - offset))
    assert told == pytest.approx([0.5, 0.1], abs=0.01)


def test_the_threshold_is_the_lowest_that_keeps_the_promise() -> None:
    """Of the claims told with 0.65 nine in ten are right, of those told with 0.4 six, of those told with 0.25 one."""
    judged = [one(0.65, n % 10 > 0) for n in range(200)] + [one(0.25, n % 10 == 0) for n in range(200)]
    judged += [one(0.4, n % 10 > 3) for n in range(200)]
    assert 0.25 < calibration._threshold(judged) <= 0.4
    doubtful = [replace(claim, right=False) if claim.confidence == 0.4 else claim for claim in judged]
    assert 0.4 < calibration._threshold(doubtful) <= 0.65
    assert calibration._threshold([one(0.65, False)] * 50) == calibration.STEPS[-1]


def test_what_tells_nothing_weighs_nothing() -> None:
    """Of statements with the log odds 2 seven in ten are right, of those with -1 two in ten; the other numbers are noise."""
    noise = np.random.default_rng(3).normal(size=(2000, len(CLUES)))
    noise[:, CLUES.index("surest")] = np.where(np.arange(2000) % 2, 2.0, -1.0)
    right = np.where(np.arange(2000) % 2, np.arange(2000) % 20 < 14, np.arange(2000) % 20 < 4).astype(float)
    curve = calibration._fitted(noise, right)
    told = [curve["weights"]["surest"] * odds + curve["offset"] for odds in (2.0, -1.0)]
    assert [1 / (1 + np.exp(-one)) for one in told] == pytest.approx([0.7, 0.2], abs=0.03)
    assert all(abs(weight) < 0.2 for clue, weight in curve["weights"].items() if clue != "surest")


def test_calibrating_writes_into_the_manifest_what_the_reader_uses(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(Path(pipeline.__file__).parent / "data" / "reader", folder)
    calibration.calibrate(folder, corpus.records([CORPUS / "en-g.jsonl"]))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert reader.read_from(folder).threshold == manifest["threshold"] in calibration.STEPS
    assert {"reader", "discourse"} == set(manifest["calibration"]["pairs"])
    assert set(manifest["calibration"]["claims"]["weights"]) == set(CLUES)

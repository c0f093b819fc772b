"""What the reader says of its own sureness: fitted on documents that it was not taught."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg import pipeline
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


def test_calibrating_writes_into_the_manifest_what_the_reader_uses(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(Path(pipeline.__file__).parent / "data" / "reader", folder)
    calibration.calibrate(folder, corpus.records([CORPUS / "en-g.jsonl"]))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert reader.read_from(folder).threshold == manifest["threshold"] in calibration.STEPS
    assert {"reader", "discourse"} == set(manifest["calibration"]["pairs"])
    assert {"reader", "pattern+reader"} <= set(manifest["calibration"]["claims"])

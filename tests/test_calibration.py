"""What the reader says of its own sureness: fitted on documents that it was not taught."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from kg import pipeline
from kg.reader import reader
from kg.training import calibration, corpus

CORPUS = Path(__file__).parent / "corpus"


def one(predicate: str, confidence: float, right: bool) -> calibration.Judged:
    return calibration.Judged(predicate, "reader", confidence, False, right)


def test_every_tenth_document_is_kept_back() -> None:
    taught, kept = calibration.split(range(25))
    assert kept == [9, 19] and sorted(taught + kept) == list(range(25))


def test_a_reader_that_boasts_is_taken_back() -> None:
    """Of claims told with 0.9 half are right, of those told with 0.5 one in ten."""
    judged = [one("visited", 0.9, n % 2 == 0) for n in range(400)]
    judged += [one("visited", 0.5, n % 10 == 0) for n in range(400)]
    slope, offset = calibration._platt(judged)
    told = 1 / (1 + np.exp(-slope * np.log([9.0, 1.0]) - offset))
    assert told == pytest.approx([0.5, 0.1], abs=0.01)


def test_a_rare_relation_takes_the_threshold_of_all() -> None:
    """Of the frequent relation's claims those above 0.5 are right, of the rare one's those above 0.7."""
    often = [one("visited", 0.3, False)] * 200 + [one("visited", 0.6, True)] * 200
    rare = [one("hosted", 0.6, False), one("hosted", 0.75, True)]
    found = calibration._thresholds(often + rare, {"visited": 200, "hosted": 1}, ["visited", "hosted"])
    assert 0.3 < found["visited"] <= 0.6 and found["hosted"] == found["visited"]
    sure = calibration._thresholds(often + rare * 200, {"visited": 200, "hosted": 200}, ["visited", "hosted"])
    assert 0.6 < sure["hosted"] <= 0.75


def test_calibrating_writes_into_the_manifest_what_the_reader_uses(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(Path(pipeline.__file__).parent / "data" / "reader", folder)
    calibration.calibrate(folder, corpus.records([CORPUS / "en-g.jsonl"]))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["thresholds"]) == sorted(manifest["relations"])
    assert reader.read_from(folder).thresholds == manifest["thresholds"]
    assert {"near", "far", "reader", "pattern+reader"} <= set(manifest["calibration"])

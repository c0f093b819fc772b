"""The measuring documents, and the figures that extraction has reached on them: what a change must not fall behind.

    python tests/measuring.py

extracts from all of them (about 15 s), prints the figures beside those written down, and writes the new ones to
tests/corpus/figures.json: to be run, and its change looked at, when reader or rules change what is reached."""

from __future__ import annotations

import json
from pathlib import Path

from kg import pipeline
from kg.evaluation import Report, read_annotated

CORPUS = Path(__file__).parent / "corpus"
FIGURES = CORPUS / "figures.json"
MARGIN = 0.01
"""How far a figure may fall below the one written down."""


def measure() -> Report:
    """Extract from every measuring document (the seed is none) and judge what comes."""
    return pipeline.evaluate(read_annotated([str(path) for path in sorted(CORPUS.glob("en-*.jsonl"))]))


def figures(report: Report) -> dict[str, float]:
    """The figures that are written down."""
    rates = {"f1": report.claims.f1, "precision": report.claims.precision, "macro_f1": report.macro.f1}
    return {name: round(value, 4) for name, value in rates.items()}


def written_down() -> dict[str, float]:
    """The figures reached so far."""
    found: dict[str, float] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Measure, tell, and write down."""
    before = written_down() if FIGURES.exists() else {}
    now = figures(measure())
    for name, value in now.items():
        print(f"{name:10} {value:.4f}  (was {before.get(name, 0.0):.4f})")
    FIGURES.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

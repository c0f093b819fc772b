"""A report as plain values, for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kg.evaluation.annotated import AnnotatedClaim
from kg.evaluation.judging import Judgement
from kg.evaluation.report import LEAST, Rate, Report, Tally
from kg.records import claim_record

DIGITS = 4
"""Decimal places of rates."""


def report_record(report: Report, errors: bool = False) -> dict[str, Any]:
    """The report as JSON values; with `errors` also every wrong and every missed claim. `mentions`, `identity` and `lost` are null
    where only claims were measured."""
    macro = {name: round(value, DIGITS) for name, value in asdict(report.macro).items()}
    record: dict[str, Any] = {
        "documents": len(report.judgements),
        "claims": _rate(report.claims),
        "macro": macro | {"least": LEAST},
        "status": _tally(report.stages),
        "relations": {name: _rate(rate) for name, rate in report.by_relation.items()},
        "qualifiers": _tallies(report.qualifiers),
        "methods": _tallies(report.by_method),
        "bands": [{"band": band} | _tally(tally) for band, tally in report.bands.items()],
        "sure": {"from": report.sure_from} | _tally(report.sure),
        "mentions": report.mentions and {name: asdict(counts) for name, counts in report.mentions.items()},
        "identity": report.identity
        and {"together": _tally(report.identity.together), "merged": report.identity.merged},
        "lost": report.lost and dict(report.lost),
    }
    if errors:
        record["wrong"] = [claim_record(claim) for judged in report.judgements for claim in judged.wrong]
        record["missed"] = [missed for judged in report.judgements for missed in _missed(judged)]
    return record


def _rate(rate: Rate) -> dict[str, float]:
    rates = {name: round(getattr(rate, name), DIGITS) for name in ("precision", "recall", "f1")}
    return rates | asdict(rate)


def _tally(tally: Tally) -> dict[str, float]:
    return {"right": tally.right, "of": tally.of, "ratio": round(tally.ratio, DIGITS)}


def _tallies(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    return {name: _tally(tally) for name, tally in tallies.items()}


def _missed(judged: Judgement) -> list[dict[str, Any]]:
    reasons = judged.lost or (None,) * len(judged.missed)
    return [_annotated(judged, claim, reason) for claim, reason in zip(judged.missed, reasons, strict=True)]


def _annotated(judged: Judgement, claim: AnnotatedClaim, reason: str | None) -> dict[str, Any]:
    """A missed claim in the form of extracted ones, with the reason in place of how it was found."""
    ends = {"subject": claim.subject, "object": claim.object}
    return {
        "document": judged.document.id,
        "predicate": claim.predicate,
        "status": claim.status,
        **{slot: {"name": end.name, "type": end.type} for slot, end in ends.items()},
        "evidence": {"quote": claim.evidence},
        "qualifiers": dict(claim.qualifiers),
        "lost": reason,
    }

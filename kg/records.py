"""Claims as plain records, for JSON lines: what `kg extract` writes and the measuring script reads."""

from __future__ import annotations

from typing import Any

from kg.model import Argument, Claim, Qualifiers


def claim_record(claim: Claim) -> dict[str, Any]:
    """The claim as JSON values: qualifiers as strings (dates in ISO), their normalised values beside them."""
    evidence = claim.evidence
    return {
        "id": claim.id,
        "document": evidence.document,
        "predicate": claim.predicate,
        "status": str(claim.status),
        "subject": _argument(claim.subject),
        "object": _argument(claim.object),
        "evidence": {"quote": evidence.quote, "start": evidence.start, "end": evidence.end},
        "confidence": round(claim.confidence, 2),
        "method": claim.method,
        "qualifiers": qualifiers_record(claim.qualifiers),
    }


def qualifiers_record(qualifiers: Qualifiers) -> dict[str, Any]:
    """Only what the text gives: verbatim under the qualifier's name, but `date` in ISO beside `dateVerbatim`."""
    q = qualifiers
    values: dict[str, Any] = {
        "kind": q.kind,
        "role": q.role,
        "place": q.place,
        "name": q.name,
        "attributedTo": q.attributed_to,
        "topics": list(q.topics),
    }
    if q.date:
        values |= {"date": q.date.iso, "dateVerbatim": q.date.verbatim}
    if q.amount:
        values |= {"amount": q.amount.verbatim, "amountValue": q.amount.value, "amountCurrency": q.amount.currency}
    if q.share:
        values |= {"share": q.share.verbatim, "sharePercent": q.share.percent}
    if q.count:
        values |= {"count": q.count.verbatim, "countComparator": q.count.comparator, "countValue": q.count.value}
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _argument(argument: Argument) -> dict[str, str]:
    record = {"name": argument.name, "type": str(argument.type), "mention": argument.mention, "id": argument.id}
    return {key: value for key, value in record.items() if value}

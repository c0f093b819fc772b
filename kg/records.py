"""Claims as plain records, for JSON lines: what `kg extract` writes and `kg evaluate` reads again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.model import Amount, Argument, Claim, Count, Date, EntityType, Evidence, Qualifiers, Share, Status


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


def _argument(argument: Argument) -> dict[str, Any]:
    record: dict[str, Any] = {"name": argument.name, "type": str(argument.type), "mention": argument.mention}
    record |= {"aliases": list(argument.aliases), "id": argument.id}
    return {key: value for key, value in record.items() if value}


def claim_from_record(record: Mapping[str, Any]) -> Claim:
    """The claim that `claim_record` wrote. Raises ValueError, with words on what is wrong, where it did not."""
    try:
        evidence = record["evidence"]
        return Claim(
            str(record["predicate"]), _argument_from(record["subject"]), _argument_from(record["object"]),
            Status(record["status"]),
            Evidence(record["document"], evidence["quote"], int(evidence["start"]), int(evidence["end"])),
            float(record["confidence"]), str(record["method"]), _qualifiers_from(record.get("qualifiers", {})),
        )  # fmt: skip
    except KeyError as error:
        raise ValueError(f"it lacks {error}; a claim is a line as 'kg extract' writes it") from error
    except (TypeError, AttributeError) as error:
        raise ValueError("a value is of another kind than 'kg extract' writes") from error


def _argument_from(record: Mapping[str, Any]) -> Argument:
    known = record.get
    aliases = tuple(str(alias) for alias in known("aliases", ()))
    return Argument(
        record["name"], EntityType(record["type"]), known("mention", ""), id=known("id", ""), aliases=aliases
    )


def _qualifiers_from(record: Mapping[str, Any]) -> Qualifiers:
    told = record.get
    date, amount, share, count = told("date"), told("amount"), told("share"), told("count")
    return Qualifiers(
        kind=told("kind", ""),
        role=told("role", ""),
        place=told("place", ""),
        name=told("name", ""),
        attributed_to=told("attributedTo", ""),
        topics=tuple(told("topics", ())),
        date=Date(told("dateVerbatim", ""), date) if date else None,
        amount=Amount(amount, told("amountCurrency", ""), told("amountValue")) if amount else None,
        share=Share(share, told("sharePercent")) if share else None,
        count=Count(count, told("countComparator", "exactly"), told("countValue")) if count else None,
    )

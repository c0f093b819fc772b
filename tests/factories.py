"""Values for tests: documents, claims and entities from a few words, or from an annotated line of the corpus."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kg.model import (
    Amount,
    Argument,
    Claim,
    Count,
    Date,
    Document,
    Entity,
    EntityType,
    Evidence,
    Extraction,
    Name,
    Qualifiers,
    Share,
    Status,
)

CORPUS = Path(__file__).parent.parent / "kg" / "training" / "documents"
REPORTED = [*sorted(CORPUS.glob("en-[a-g].jsonl")), CORPUS / "en-dev.jsonl"]
"""The documents around facts from public reports."""
_KIND = {EntityType.PLACE: "place", EntityType.EVENT: "event", EntityType.SECTOR: "sector"}


def entity_id(name: str, kind: EntityType) -> str:
    """A slug with the prefix of the type: what linking would make of a name that nobody knows."""
    return f"{_KIND.get(kind, 'agent')}:{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"


def entity(name: str, kind: EntityType | str = EntityType.COMPANY, **more: Any) -> Entity:
    """An entity whose id is the slug of its name."""
    return Entity(entity_id(name, EntityType(kind)), name, EntityType(kind), **more)


def claim(document: Document, predicate: str, subject: Entity, object_: Entity, quote: str = "", **more: Any) -> Claim:
    """A claim of a document between two entities; the evidence is the whole text where no quote is given."""
    quote = quote or document.text
    start = document.text.index(quote)
    fields: dict[str, Any] = {"status": Status.ACTUAL, "confidence": 0.9, "method": "reader", **more}
    return Claim(
        predicate=predicate,
        subject=_argument(subject, quote),
        object=_argument(object_, quote),
        evidence=Evidence(document.id, quote, start, start + len(quote)),
        **fields,
    )


def extraction(document: Document, *claims: Claim, entities: tuple[Entity, ...] = ()) -> Extraction:
    """What a document yields."""
    return Extraction(document, claims, entities)


def gold_lines(name: str = "en-a") -> Iterator[dict[str, Any]]:
    """The annotated documents of one file of the training corpus."""
    for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


@cache
def gold(name: str = "en-a", count: int = 5) -> tuple[Extraction, ...]:
    """The first documents of a file of the training corpus, as a perfect reading would yield them."""
    return tuple(gold_extraction(line) for line, _ in zip(gold_lines(name), range(count), strict=False))


def gold_extraction(line: str | Mapping[str, Any]) -> Extraction:
    """A line of the corpus as values; claims whose ends are not annotated as entities are left out."""
    data: Mapping[str, Any] = json.loads(line) if isinstance(line, str) else line
    document = Document(
        id=data["id"],
        text=data["text"],
        title=data["title"],
        published=data.get("published", ""),
        publisher=data.get("publisher", ""),
        lang=data["lang"],
        source=f"{data['id']}.jsonl",
    )
    entities = {item["name"]: _gold_entity(item) for item in data["entities"]}
    claims = (
        _gold_claim(document, item, entities)
        for item in data["claims"]
        if item["subject"] in entities and item["object"] in entities and item["evidence"] in document.text
    )
    distinct = {each.id: each for each in claims}
    return Extraction(document, tuple(distinct.values()), tuple({each.id: each for each in entities.values()}.values()))


def _gold_entity(item: Mapping[str, Any]) -> Entity:
    aliases = sorted(item.get("aliases", ()))
    names = tuple(Name(alias, "zh" if re.search(r"[一-鿿]", alias) else "") for alias in aliases)
    return entity(item["name"], item["type"], names=names, country=item.get("country") or "")


def _gold_claim(document: Document, item: Mapping[str, Any], entities: Mapping[str, Entity]) -> Claim:
    return claim(
        document,
        item["predicate"],
        entities[item["subject"]],
        entities[item["object"]],
        item["evidence"],
        status=Status(item["status"]),
        qualifiers=gold_qualifiers(item.get("qualifiers", {})),
    )


def gold_qualifiers(data: Mapping[str, Any]) -> Qualifiers:
    """Qualifiers as annotated; a percentage and a plain number are normalised, other quantities stay verbatim."""
    share, amount, count = data.get("share"), data.get("amount"), str(data.get("count") or "")
    percent = re.match(r"(?:\w+ )?(\d+(?:\.\d+)?) ?(?:%|percent|per cent)$", share or "")
    return Qualifiers(
        kind=data.get("kind", ""),
        role=data.get("role", ""),
        place=data.get("place", ""),
        name=data.get("name", ""),
        attributed_to=data.get("attributedTo", ""),
        topics=tuple(sorted(set(data.get("topics", ())))),
        date=Date(data["date"], data["date"]) if data.get("date") else None,
        amount=Amount(amount, "EUR" if "euro" in amount.lower() else "") if amount else None,
        share=Share(share, float(percent[1]) if percent else None) if share else None,
        count=Count(count, "exactly", int(count) if count.isdecimal() else None) if count else None,
    )


def _argument(entity: Entity, quote: str) -> Argument:
    names = (entity.name, *(name.text for name in entity.names))
    mention = next((name for name in names if name in quote), entity.name)
    return Argument(entity.name, entity.type, mention, id=entity.id)

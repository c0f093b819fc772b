"""Annotated documents as values: what a careful reader would say that a text states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kg.model import Document, EntityType, Status

Kind = TypeVar("Kind", EntityType, Status)


@dataclass(frozen=True, slots=True)
class AnnotatedEntity:
    """A thing that a document names: the fullest form of its name, and the other forms in the text."""

    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """All forms of the name."""
        return self.name, *self.aliases


@dataclass(frozen=True, slots=True)
class AnnotatedClaim:
    """What a document states, with the words that say so; `qualifiers` as `kg extract` writes them."""

    predicate: str
    subject: AnnotatedEntity
    object: AnnotatedEntity
    status: Status
    evidence: str = ""
    qualifiers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document and all the claims that should be found in it."""

    document: Document
    claims: tuple[AnnotatedClaim, ...]

    @property
    def ends(self) -> tuple[AnnotatedEntity, ...]:
        """The entities that take part in a claim, each name once, in order of the claims."""
        found = (end for claim in self.claims for end in (claim.subject, claim.object))
        return tuple({entity.name: entity for entity in found}.values())


def annotated_claims(record: Mapping[str, Any]) -> tuple[AnnotatedClaim, ...]:
    """The claims of an annotated document in the corpus's form.

    Raises ValueError, with words on what is wrong, where the annotation does not hold together."""
    entities = {}
    for item in _objects(record, "entities"):
        aliases = tuple(alias for alias in item.get("aliases") or () if isinstance(alias, str))
        entities[_text(item, "name", "an entity")] = AnnotatedEntity(
            item["name"], _one_of(EntityType, item, "type", item["name"]), aliases
        )
    return tuple(_claim(item, f"claim {n}", entities) for n, item in enumerate(_objects(record, "claims"), 1))


def _claim(item: Mapping[str, Any], which: str, entities: Mapping[str, AnnotatedEntity]) -> AnnotatedClaim:
    ends = [_text(item, slot, which) for slot in ("subject", "object")]
    for name in ends:
        if name not in entities:
            raise ValueError(f"{which} names '{name}', which is not among the entities")
    qualifiers = item.get("qualifiers") or {}
    if not isinstance(qualifiers, dict):
        raise ValueError(f"the qualifiers of {which} are no JSON object")
    return AnnotatedClaim(
        _text(item, "predicate", which), entities[ends[0]], entities[ends[1]], _one_of(Status, item, "status", which),
        str(item.get("evidence") or ""), qualifiers,
    )  # fmt: skip


def _objects(record: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = record.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"no list '{key}' of JSON objects")
    return value


def _text(item: Mapping[str, Any], key: str, which: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{which} has no '{key}'")
    return value


def _one_of(kinds: type[Kind], item: Mapping[str, Any], key: str, which: str) -> Kind:
    value = _text(item, key, which)
    if value not in list(kinds):
        raise ValueError(f"'{value}', the {key} of {which}, is not one of {', '.join(kinds)}")
    return kinds(value)

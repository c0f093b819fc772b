"""What the reader's outputs mean: the tags of its three layers and the features of its input, in the network's order."""

from __future__ import annotations

from typing import Final

from kg.model import EntityType, Status

NAMES: Final = (
    "Company",
    "ResearchOrganization",
    "GovernmentOrganization",
    "SportsClub",
    "Organization",
    "Person",
    "Place",
)
DESCRIPTIONS: Final = ("Event", "Group", "Sector")
QUALIFIERS: Final = ("role", "kind", "topic")
LAYERS: Final = (NAMES, DESCRIPTIONS, QUALIFIERS)
"""Each layer is tagged by itself, so that a description may hold a name ('companies from Munich')."""

TYPES: Final = tuple(EntityType)
STATUSES: Final = tuple(Status)
GAZETTEER: Final = ("country", "state", "city", "district", "company", "research", "government", "organization")
SHAPES: Final = 8
APART: Final = 3
"""Sentences that may lie between the two ends of a claim, as places in their order."""
DISTANCES: Final = 12 * (APART + 1)
"""Six distances in word pieces, by which end comes first, by sentences apart."""
WINDOW: Final = 192
"""Word pieces of a window, special ones included."""
OVERLAP: Final = 56
"""Word pieces of the previous window that a window may repeat, in whole sentences."""


def tags(layer: tuple[str, ...]) -> tuple[str, ...]:
    """BIO tags of a layer: 'O', then 'B-x' and 'I-x' for each label."""
    return ("O", *(f"{prefix}-{label}" for label in layer for prefix in "BI"))

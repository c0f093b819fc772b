"""The vocabulary of the graph: classes, properties and sectors, as the package brings them."""

from __future__ import annotations

from kg.files import DATA
from kg.namespaces import BASE
from kg.store import GraphStore

ONTOLOGY_GRAPH = BASE + "graph/ontology"
"""The named graph of the vocabulary, where it stands beside others."""


def ontology_text() -> str:
    """The classes and properties, in Turtle."""
    return (DATA / "ontology" / "partnership.ttl").read_text(encoding="utf-8")


def vocabulary() -> GraphStore:
    """The classes and properties together with the scheme of sectors, as one graph."""
    sectors = (DATA / "ontology" / "sectors.ttl").read_text(encoding="utf-8")
    return GraphStore.in_memory().copy_with(ONTOLOGY_GRAPH, ontology_text() + sectors)

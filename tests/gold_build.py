"""A build of the seed as a perfect reader would make it, with a little reference data: something to ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from factories import entity, gold_extraction

from kg.entities import fields
from kg.graph import document_graph, reference_graph, to_ntriples
from kg.model import Entity, EntityType, Name
from kg.namespaces import REFERENCE_GRAPH, document_iri
from kg.store import GraphStore

SEED = Path(__file__).parent / "corpus" / "seed.jsonl"


def make_build(folder: Path) -> Path:
    """A build folder whose store holds the seed's annotated claims and what is known of a few of its entities."""
    with GraphStore.create(folder) as store:
        store.replace(graphs())
    return folder


def graphs() -> dict[str, str]:
    """The graphs of that build, by IRI."""
    extraction = gold_extraction(SEED.read_text(encoding="utf-8").splitlines()[0])
    extraction = replace(extraction, sectors=fields.of_topics(extraction.claims))
    sectors = fields.around([*extraction.sectors.values(), *(e.id for e in extraction.entities)])
    reference = reference_graph((*known(), *sectors), {"DE": "place:germany", "CN": "place:china"})
    return {
        document_iri(extraction.document.id): to_ntriples(document_graph(extraction)),
        REFERENCE_GRAPH: to_ntriples(reference),
    }


def known() -> tuple[Entity, ...]:
    """Reference data: two countries, a city, its district, and a company with two names."""
    place = EntityType.PLACE
    return (
        entity("Germany", place, names=(Name("Germany", "en"), Name("Deutschland", "de")), country="DE"),
        entity("China", place, names=(Name("China", "en"),), country="CN"),
        entity("Shenzhen", place, names=(Name("Shenzhen", "en"),), country="CN", parent="place:china"),
        entity("Nanshan District", place, names=(Name("Nanshan"),), country="CN", parent="place:shenzhen"),
        entity(
            "Siemens",
            names=(Name("Siemens", "en"), Name("西门子", "zh"), Name("Siemens AG")),
            country="DE",
            same_as=("http://www.wikidata.org/entity/Q81230",),
        ),
    )

"""The scheme of sectors: sound SKOS, and fields of work found in it by their words."""

from collections import Counter

import pytest
from factories import claim, entity
from rdflib import RDF, SKOS, BNode, Graph, URIRef

from kg import sectors
from kg.entities import fields
from kg.model import Document, EntityType, Qualifiers
from kg.names import slug
from kg.namespaces import PREFIXES

SCHEME = sectors.load()
GRAPH = Graph().parse(data=sectors._FILE.read_text(encoding="utf-8"), format="turtle")
CONCEPTS = sorted(GRAPH.subjects(RDF.type, URIRef(f"{PREFIXES['kg']}Sector")))


def test_the_scheme_is_of_use_and_has_no_blank_nodes() -> None:
    assert len(SCHEME.sectors) == len(CONCEPTS) >= 60
    assert not [node for node in GRAPH.all_nodes() if isinstance(node, BNode)]


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda iri: str(iri).rpartition("/")[2])
def test_every_sector_has_labels_in_three_languages_and_one_place_in_the_scheme(concept: URIRef) -> None:
    assert sorted(label.language for label in GRAPH.objects(concept, SKOS.prefLabel)) == ["de", "en", "zh"]  # type: ignore[attr-defined]
    above = list(GRAPH.objects(concept, SKOS.broader))
    top = list(GRAPH.objects(concept, SKOS.topConceptOf))
    assert len(above) + len(top) == 1
    assert all((one, SKOS.topConceptOf, None) in GRAPH or (one, SKOS.broader, None) in GRAPH for one in above)
    assert ((None, SKOS.hasTopConcept, concept) in GRAPH) == bool(top)
    assert len(SCHEME.above(SCHEME.sectors[f"sector:{str(concept).rpartition('/')[2]}"])) <= 3


def test_a_sector_is_called_after_its_english_label() -> None:
    assert all(sector.id == f"sector:{slug(sector.name)}" for sector in SCHEME.sectors.values())


def test_a_label_names_one_sector_only() -> None:
    owners = Counter((sectors._key(str(label)), concept) for concept in CONCEPTS for label in _labels(concept))
    named = Counter(label for label, _ in owners)
    assert not [label for label, count in named.items() if count > 1]


def _labels(concept: URIRef) -> list[str]:
    kinds = (SKOS.prefLabel, SKOS.altLabel, URIRef(f"{PREFIXES['kg']}includes"))
    return [str(label) for kind in kinds for label in GRAPH.objects(concept, kind)]


@pytest.mark.parametrize(
    ("text", "identifier", "exact"),
    [
        ("ICVs", "intelligent-connected-vehicles", True),
        ("ICV", "intelligent-connected-vehicles", True),
        ("autonomous driving", "autonomous-driving", True),
        ("Automated driving technology", "autonomous-driving", True),
        ("autonomes Fahren", "autonomous-driving", True),
        ("自动驾驶技术", "autonomous-driving", True),
        ("software for automated driving", "autonomous-driving", False),
        ("new energy vehicle industry", "electric-mobility", True),
        ("新能源汽车产业", "electric-mobility", True),
        ("automotive and industrial filter systems", "automotive", False),
        ("life insurance", "insurance", False),
        ("antibodies", "biotechnology", False),
        ("AI", "artificial-intelligence", True),
        ("Industrie 4.0", "smart-manufacturing", True),
    ],
)
def test_words_name_a_sector_or_fall_under_one(text: str, identifier: str, exact: bool) -> None:
    match = SCHEME.find(text)
    assert match and (match.sector.id, match.exact) == (f"sector:{identifier}", exact)


@pytest.mark.parametrize("text", ["seats", "technology", "search for investors", "Mairie", ""])
def test_words_that_hold_no_label_fall_under_nothing(text: str) -> None:
    assert SCHEME.find(text) is None


@pytest.mark.parametrize("text", ["ICVs", "autonomous driving"])
def test_what_drives_itself_falls_under_automotive(text: str) -> None:
    assert [node.id for node in fields.around([fields.field_entity(text, ()).id])][-1] == "sector:automotive"


def test_a_field_of_its_own_says_under_what_it_falls_and_why() -> None:
    field = fields.field_entity("software for automated driving", ())
    assert (field.id, field.parent) == ("sector:software-for-automated-driving", "sector:autonomous-driving")
    assert field.reasons == ("'software for automated driving' falls under the sector autonomous driving",)
    assert (field.entry, field.score) == ("", 0.0)


def test_topics_of_claims_find_their_sector() -> None:
    document = Document("d", "A and B work together on ICVs and on secrets.")
    topics = Qualifiers(topics=("ICVs", "secrets"))
    made = claim(document, "cooperatesWith", entity("A"), entity("B", EntityType.COMPANY), qualifiers=topics)
    assert fields.of_topics([made]) == {"ICVs": "sector:intelligent-connected-vehicles"}

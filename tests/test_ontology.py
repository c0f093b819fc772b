"""The ontology and the shapes: complete, labelled in three languages, and of one mind with relation files and code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from factories import gold
from pyoxigraph import Literal
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, URIRef

from kg.check import shapes_text
from kg.export import to_bytes
from kg.graph import document_graph, reference_graph
from kg.model import AGENTS, FAR, NEAR, ORGANIZATIONS, PATTERN, EntityType, Status
from kg.namespaces import KG, PREFIXES
from kg.ontology import ontology_text, vocabulary

ROOT = Path(__file__).parent.parent
ONTOLOGY = Graph().parse(data=ontology_text(), format="turtle")
SHAPES = Graph().parse(data=shapes_text(), format="turtle")
TERMS = sorted({str(s)[len(KG) :] for s in ONTOLOGY.subjects() if str(s).startswith(KG)})
RELATIONS = sorted(str(s)[len(KG) :] for s in ONTOLOGY.subjects(RDF.type, URIRef(KG + "Relation")))
TWENTY = """
    acquired activeIn basedIn cooperatesWith established establishedJointVenture founded
    holdsRole holdsStakeIn hosted investedIn locatedIn metWith participatedIn
    signedAgreement signedMoU subsidiaryOf suppliesTo twinnedWith visited
"""
SYMMETRIC = "cooperatesWith establishedJointVenture metWith signedAgreement signedMoU twinnedWith"


def kg(name: str) -> URIRef:
    return URIRef(KG + name)


def above(name: str) -> set[str]:
    return {str(c).removeprefix(KG) for c in ONTOLOGY.transitive_objects(kg(name), RDFS.subClassOf)}


def relation_file(name: str) -> dict[str, object]:
    return tomllib.loads((ROOT / "kg/data/relations" / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("term", TERMS)
def test_every_term_has_a_comment_and_labels_in_three_languages(term: str) -> None:
    assert sorted(label.language for label in ONTOLOGY.objects(kg(term), RDFS.label)) == ["de", "en", "zh"]
    assert [comment.language for comment in ONTOLOGY.objects(kg(term), RDFS.comment)] == ["en"]


@pytest.mark.parametrize("graph", [ONTOLOGY, SHAPES], ids=["ontology", "shapes"])
def test_there_are_no_blank_nodes(graph: Graph) -> None:
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


def test_the_relations_are_the_twenty() -> None:
    assert TWENTY.split() == RELATIONS


def test_six_relations_are_symmetric_and_have_one_class_at_both_ends() -> None:
    symmetric = sorted(str(s)[len(KG) :] for s in ONTOLOGY.subjects(RDF.type, OWL.SymmetricProperty))
    assert symmetric == SYMMETRIC.split()
    for name in symmetric:
        assert ONTOLOGY.value(kg(name), RDFS.domain) == ONTOLOGY.value(kg(name), RDFS.range)


@pytest.mark.parametrize("name", TWENTY.split())
def test_every_relation_has_domain_range_and_a_standard_property_above(name: str) -> None:
    for bound in (RDFS.domain, RDFS.range):
        assert str(ONTOLOGY.value(kg(name), bound)).removeprefix(KG) in TERMS
    parents = list(ONTOLOGY.objects(kg(name), RDFS.subPropertyOf))
    assert parents and not any(str(parent).startswith(KG) for parent in parents)


@pytest.mark.parametrize("name", TWENTY.split())
def test_the_relation_files_say_the_same(name: str) -> None:
    data = relation_file(name)
    assert {label.language: str(label) for label in ONTOLOGY.objects(kg(name), RDFS.label)} == data["label"]
    assert ((kg(name), RDF.type, OWL.SymmetricProperty) in ONTOLOGY) == data["symmetric"]


@pytest.mark.parametrize("name", TWENTY.split())
@pytest.mark.parametrize(("end", "bound"), [("subject", RDFS.domain), ("object", RDFS.range)])
def test_the_ontology_takes_every_type_that_a_relation_file_takes(name: str, end: str, bound: URIRef) -> None:
    takes = str(ONTOLOGY.value(kg(name), bound)).removeprefix(KG)
    for given in relation_file(name)[end]:  # type: ignore[attr-defined]
        assert takes in above(str(given))


def test_entity_types_statuses_and_comparators_are_those_of_the_model() -> None:
    def members(name: str) -> set[str]:
        return {str(s)[len(KG) :] for s in ONTOLOGY.subjects(RDF.type, kg(name))}

    assert members("Status") == set(Status)
    assert members("Comparator") == {"exactly", "atLeast", "atMost", "about"}
    for entity_type in EntityType:
        assert ("AnyOrganization" in above(entity_type)) == (entity_type in ORGANIZATIONS)
        assert ("Agent" in above(entity_type)) == (entity_type in AGENTS)


@pytest.mark.parametrize("entity_type", EntityType)
def test_every_entity_type_stands_under_a_standard_class_or_a_named_union(entity_type: EntityType) -> None:
    assert any(c.startswith("http") for c in above(entity_type))


def test_every_organisation_is_one_to_others_too() -> None:
    standard = {str(parent) for parent in ONTOLOGY.objects(kg("AnyOrganization"), RDFS.subClassOf)}
    assert {PREFIXES["schema"] + "Organization", PREFIXES["org"] + "Organization"} <= standard


def test_all_that_the_graph_uses_is_declared_for_what_it_is() -> None:
    found = gold("en-e", 8)
    entities = [each for extraction in found for each in extraction.entities]
    triples = set().union(*map(document_graph, found), reference_graph(entities, {"CN": "place:china"}))
    built_in = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl"))
    for triple in triples:
        term = triple.object if triple.predicate.value == str(RDF.type) else triple.predicate
        if not term.value.startswith(built_in):
            (type_,) = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty} & set(
                ONTOLOGY.objects(URIRef(term.value), RDF.type)
            )
            assert (type_ != OWL.ObjectProperty) == isinstance(triple.object, Literal) or type_ == OWL.Class, term


def test_a_claim_is_no_selection_of_a_resource_and_may_have_several_methods() -> None:
    above_evidence = set(ONTOLOGY.transitive_objects(kg("evidence"), RDFS.subPropertyOf))
    assert URIRef(PREFIXES["oa"] + "hasSelector") not in above_evidence
    assert (kg("method"), RDF.type, OWL.FunctionalProperty) not in ONTOLOGY
    assert {f"'{method}'" for method in (NEAR, FAR, PATTERN)} <= set(
        re.findall(r"'\w+'", str(ONTOLOGY.value(kg("method"), RDFS.comment)))
    )


def test_what_holds_both_ways_points_nowhere_between_the_countries() -> None:
    listed = re.search(r"\?how IN \(([^)]*)\)", (ROOT / "queries/countries.rq").read_text(encoding="utf-8"))
    assert listed and sorted(re.findall(r"kg:(\w+)", listed[1])) == SYMMETRIC.split()


def test_the_vocabulary_is_the_ontology_and_the_scheme_of_sectors() -> None:
    scheme = Graph().parse(ROOT / "kg/data/ontology/sectors.ttl", format="turtle")
    told = Graph().parse(data=to_bytes(vocabulary(), "turtle"), format="turtle")
    assert set(told) == set(ONTOLOGY) | set(scheme)
    assert set(told.objects(predicate=SKOS.inScheme)) == set(told.subjects(RDF.type, SKOS.ConceptScheme))


@pytest.mark.parametrize("path", ["kg/graph.py", "kg/facts.py", "kg/check.py", "kg/explain.py"])
def test_every_term_that_code_names_is_declared(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert set(re.findall(r"\bkg:([A-Za-z]+)\b", text)) <= set(TERMS)


def test_every_term_that_shapes_and_queries_name_is_declared() -> None:
    named = {str(node)[len(KG) :] for node in SHAPES.all_nodes() if str(node).startswith(KG)}
    for path in [*ROOT.glob("kg/data/quality/*.rq"), *ROOT.glob("queries/*.rq")]:
        named |= set(re.findall(r"\bkg:([A-Za-z]+)\b", path.read_text(encoding="utf-8")))
    assert named <= set(TERMS)


def test_the_shapes_take_at_both_ends_what_the_ontology_takes() -> None:
    shacl = "http://www.w3.org/ns/shacl#"
    for target, bound in (("targetSubjectsOf", RDFS.domain), ("targetObjectsOf", RDFS.range)):
        taken = {
            str(relation)[len(KG) :]: SHAPES.value(shape, URIRef(f"{shacl}class"))
            for shape, relation in SHAPES.subject_objects(URIRef(shacl + target))
        }
        assert taken == {name: ONTOLOGY.value(kg(name), bound) for name in RELATIONS}

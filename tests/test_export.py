"""Exports: every format says the same as the store, in the same bytes each time."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from difflib import ndiff
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from factories import claim, entity, extraction, gold
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from kg.errors import KgError, StoreError, UnknownNameError
from kg.export import RDF_FORMATS, export, format_name, to_bytes
from kg.graph import document_graph, to_ntriples
from kg.model import Document
from kg.namespaces import PREFIXES, document_iri
from kg.store import GraphStore
from kg.turtle import turtle_of

OX = {
    "turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML,
}  # fmt: skip
WITH_GRAPHS = ("trig", "nquads", "jsonld")


def store_of(*texts: str, ids: tuple[str, ...] = ()) -> GraphStore:
    """A store with a document for each text, in each of which Alpha and Beta met."""
    store = GraphStore.in_memory()
    for id_, text in zip(ids or [f"d{n}" for n in range(len(texts))], texts, strict=True):
        document = Document(id_, text, title="T")
        found = extraction(document, claim(document, "metWith", entity("Alpha"), entity("Beta")))
        store.put(document_iri(id_), to_ntriples(document_graph(found)))
    return store


@pytest.fixture(scope="module")
def store() -> GraphStore:
    filled = GraphStore.in_memory()
    filled.replace({document_iri(e.document.id): to_ntriples(document_graph(e)) for e in gold("en-c", 4)})
    return filled


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_a_format_says_what_the_store_holds(store: GraphStore, name: str) -> None:
    read = ox.parse(to_bytes(store, name), format=OX[name])
    if name in WITH_GRAPHS:
        assert set(read) == set(store.quads())
    else:
        assert {quad.triple for quad in read} == {quad.triple for quad in store.quads()}


@pytest.mark.parametrize("name", RDF_FORMATS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdflib_reads_the_same(store: GraphStore, name: str) -> None:
    parser = {"rdfxml": "xml", "ntriples": "nt", "jsonld": "json-ld"}.get(name, name)
    read = Dataset(default_union=True).parse(data=to_bytes(store, name), format=parser)
    union = Graph()
    for triple in read.triples((None, None, None)):
        union.add(triple)
    assert isomorphic(union, Graph().parse(data=store.dump_triples(), format="nt"))


@cache
def riot() -> tuple[str, ...]:
    """The command of Jena's riot, by its name or from Debian's Java libraries, if it can read a line; else nothing."""
    wanted = (
        *("jena-", "commons-", "thrift", "guava", "failureaccess", "protobuf", "slf4j-api", "slf4j-nop", "jsonld-java"),
        *("jackson-", "http", "xercesImpl", "xml-apis", "gson", "jakarta.json-api"),
    )
    jars = sorted(str(jar) for jar in Path("/usr/share/java").glob("*.jar") if jar.name.startswith(wanted))
    named, java = shutil.which("riot"), shutil.which("java")
    if not named and not (java and any("jena-cmds" in jar for jar in jars)):
        return ()
    command = (named,) if named else (str(java), "-cp", os.pathsep.join(jars), "riotcmd.riot")
    line = "<https://x.org/s> <https://x.org/p> <https://x.org/o> .\n"
    run = subprocess.run([*command, "--syntax=nt", "-"], input=line, capture_output=True, text=True, check=False)
    return command if run.returncode == 0 and run.stdout == line else ()


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_riot_reads_the_same(store: GraphStore, name: str, tmp_path: Path) -> None:
    if not riot():
        pytest.skip("Jena's riot is not installed, or does not run (Debian: libapache-jena-java)")
    path = tmp_path / f"export{RDF_FORMATS[name][1]}"
    export(store, name, path)
    run = subprocess.run([*riot(), "--output=nquads", str(path)], capture_output=True, check=False)
    assert run.returncode == 0 and b"ERROR" not in run.stderr, run.stderr.decode()
    read = set(ox.parse(run.stdout, format=ox.RdfFormat.N_QUADS))
    if name in WITH_GRAPHS:
        assert read == set(store.quads())
    else:
        assert {quad.triple for quad in read} == {quad.triple for quad in store.quads()}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdflib_reads_the_graphs_of_trig(store: GraphStore) -> None:
    dataset = Dataset()
    dataset.parse(data=to_bytes(store, "trig"), format="trig")
    assert {str(graph.identifier) for graph in dataset.graphs() if len(graph)} == set(store.graphs())


TRAPS = [
    'Alpha met Beta: a "quoted" word, a \\ and \\u0041, a tab\tand a\nline.',
    "Alpha met Beta in 深圳 at 5 < 6 & 7 > 6 \u2028 ]]> '''\"\"\"",
    "Alpha met Beta, prefix agent:alpha . @prefix x: <http://y> .",
]


@pytest.mark.parametrize("name", RDF_FORMATS)
@pytest.mark.parametrize("text", TRAPS)
def test_texts_with_traps_come_back(name: str, text: str) -> None:
    quads = ox.parse(to_bytes(store_of(text), name), format=OX[name])
    assert text in {getattr(quad.object, "value", "") for quad in quads}


@pytest.mark.parametrize("name", ["turtle", "trig", "jsonld", "nquads"])
@pytest.mark.parametrize("identifier", ["a.b", "a b", "2024/06", "-x", "报告.", "a~b'c", "x%20y", "ende."])
def test_documents_with_odd_ids_come_back(name: str, identifier: str) -> None:
    quads = ox.parse(to_bytes(store_of("Alpha met Beta.", ids=(identifier,)), name), format=OX[name])
    assert ox.NamedNode(document_iri(identifier)) in {quad.object for quad in quads}


def test_turtle_reads_well() -> None:
    text = to_bytes(store_of("Alpha met Beta."), "turtle").decode()
    name = re.search(r"claim:([0-9a-f]{16}) a kg:Claim", text)
    assert name
    assert text.startswith("@prefix agent: <https://w3id.org/china-germany-kg/agent/> .\n@prefix claim:")
    assert '\nagent:alpha a kg:Company ;\n    rdfs:label "Alpha" ;\n    kg:metWith agent:beta ;\n    .\n' in text
    assert (
        f"""
claim:{name[1]} a kg:Claim ;
    rdf:subject agent:alpha ;
    rdf:predicate kg:metWith ;
    rdf:object agent:beta ;
    kg:status kg:actual ;
    kg:confidence 0.9 ;
    kg:evidence claim:{name[1]}-quote ;
    kg:method "reader" ;
    kg:objectMention "Beta" ;
    kg:subjectMention "Alpha" ;
    prov:wasDerivedFrom doc:d0 ;
    .

claim:{name[1]}-quote a oa:TextPositionSelector , oa:TextQuoteSelector ;
    oa:end 15 ;
    oa:exact "Alpha met Beta." ;
    oa:start 0 ;
    .
"""
        in text
    )
    assert [line for line in text.split("\n") if line.startswith("# ")] == [
        "# Entities", "# Documents", "# Claims, each followed by its quote",
    ]  # fmt: skip


def test_turtle_declares_just_the_prefixes_that_it_uses(store: GraphStore) -> None:
    text = to_bytes(store, "turtle").decode()
    declared = re.findall(r"^@prefix (\w+):", text, re.MULTILINE)
    assert declared == sorted(declared)
    assert "xsd" in declared and "geo" not in declared and "dcterms" not in declared
    assert "<https://w3id.org/" not in text.partition("# Entities")[2]


def test_claims_stand_in_the_order_of_the_text(store: GraphStore) -> None:
    text = to_bytes(store, "turtle").decode()
    starts = [int(start) for start in re.findall(r"oa:start (\d+)", text)]
    documents = re.findall(r"prov:wasDerivedFrom (\S+) ;", text)
    assert documents == sorted(documents)
    assert list(zip(documents, starts, strict=True)) == sorted(zip(documents, starts, strict=True))


def test_another_document_only_adds_lines_to_turtle() -> None:
    before = to_bytes(store_of("Alpha met Beta."), "turtle").decode().split("\n")
    after = to_bytes(store_of("Alpha met Beta.", "Today Alpha met Beta again."), "turtle").decode().split("\n")
    assert [line for line in before if line not in after] == []


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads"])
def test_a_fact_that_comes_is_a_line_that_comes(name: str) -> None:
    def export_of(*lines: str) -> list[str]:
        filled = GraphStore.in_memory()
        filled.put("https://example.org/d", "".join(f"{line} .\n" for line in lines))
        return to_bytes(filled, name).decode().split("\n")

    kg, a = PREFIXES["kg"], f"<{PREFIXES['agent']}a>"
    facts = [f"{a} <{kg}metWith> <{PREFIXES['agent']}b>", f"{a} <{kg}visited> <{PREFIXES['place']}c>"]
    for number, (property_, value) in enumerate([("kind", '"first"'), ("metWith", "<https://x.org/>"), ("zz", "7.5")]):
        more = f"{a} <{kg}{property_}> {value}"
        change = [line for line in ndiff(export_of(*facts), export_of(*facts, more)) if line[0] in "+-"]
        assert len(change) == 1 and change[0].startswith("+"), (number, change)
        assert property_ in change[0] and value.strip("<>") in change[0]


@pytest.mark.parametrize(
    "value",
    ['"many"^^<{xsd}integer>', '"1e3"^^<{xsd}decimal>', '"5."^^<{xsd}decimal>', '"07"^^<{xsd}integer>', '"x"@en',
     '"2021"^^<{xsd}gYear>', '"^^<y>"', '"a\\"^^<b>"'],
)  # fmt: skip
def test_any_literal_comes_back(value: str) -> None:
    line = f"<https://x.org/s> <https://x.org/p> {value.format(xsd=PREFIXES['xsd'])} .\n"
    [triple] = ox.parse(turtle_of(line), format=ox.RdfFormat.TURTLE)
    assert f"{triple} .\n" == line


def test_the_same_bytes_from_another_store_order_and_hash_seed(tmp_path: Path) -> None:
    script = """
import sys; from factories import gold; from kg.graph import *; from kg.store import GraphStore; from kg.export import *
from kg.namespaces import document_iri
found = gold("en-c", 3); found = found[::-1] if sys.argv[1] == "2" else found
store = GraphStore.in_memory()
for e in found: store.put(document_iri(e.document.id), to_ntriples(document_graph(e)))
for name in RDF_FORMATS: sys.stdout.buffer.write(to_bytes(store, name))
"""
    folders = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, seed], capture_output=True, check=True,
            env={"PYTHONPATH": folders, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in "12"
    }  # fmt: skip
    assert len(outputs) == 1


def test_export_writes_files_and_streams(tmp_path: Path) -> None:
    store, stream = store_of("Alpha met Beta."), io.BytesIO()
    export(store, "turtle", tmp_path / "x.ttl")
    export(store, "ttl", stream)
    assert (tmp_path / "x.ttl").read_bytes() == stream.getvalue() == to_bytes(store, "turtle")
    assert [path.name for path in tmp_path.iterdir()] == ["x.ttl"]


def test_a_file_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot write .*x\.ttl"):
        export(store_of("Alpha met Beta."), "turtle", tmp_path / "none" / "x.ttl")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match=r"cannot write .*folder"):
        export(store_of("Alpha met Beta."), "turtle", tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("turtle", "turtle"), ("ttl", "turtle"), ("N-Quads", "nquads"), ("JSON-LD", "jsonld"), ("RDF/XML", "rdfxml"),
        (".nt", "ntriples"),
    ],
)  # fmt: skip
def test_formats_are_known_in_any_spelling(given: str, meant: str) -> None:
    assert format_name(given) == meant


def test_an_unknown_format_names_the_closest_and_all() -> None:
    with pytest.raises(UnknownNameError, match=r"(?s)unknown format 'turtel'; did you mean turtle\?.*jsonld, nquads"):
        format_name("turtel")
    with pytest.raises(UnknownNameError, match="did you mean graphml"):
        format_name("graphm", [*RDF_FORMATS, "graphml"])


def test_what_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(KgError, match=r"RDF/XML cannot hold the character U\+000C .*export Turtle"):
        to_bytes(store_of("Alpha met\x0cBeta."), "rdfxml")

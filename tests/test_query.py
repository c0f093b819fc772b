"""Questions to the graph: resolving what a person typed, setting parameters, refusing what does more than read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import entity
from gold_build import make_build

from kg.errors import QueryError, UnknownNameError
from kg.graph import reference_graph, to_ntriples
from kg.model import EntityType, Name
from kg.namespaces import REFERENCE_GRAPH, to_iri
from kg.query.lookup import called_alike, find_entities, the_country, the_entity
from kg.query.run import SavedQuery, bind, resolve, run, saved
from kg.query.saved import titled
from kg.query.sparql import ask, cell
from kg.query.syntax import dataset
from kg.store import GraphStore

HEADER = "# title: T\n# question: Who?\n# parameter who (agent, default any): someone\n# column who: them\n"
BODY = "SELECT ?who { VALUES ?who { UNDEF } ?who a kg:Company } ORDER BY ?who\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    with GraphStore.read(make_build(tmp_path_factory.mktemp("build"))) as store:
        yield store


def query_file(folder: Path, text: str, name: str = "mine") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.rq"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_header_tells_title_question_parameters_and_columns(tmp_path: Path) -> None:
    query_file(tmp_path, HEADER.replace("them\n", "them, by\n#   their names\n") + BODY)
    query = saved([tmp_path])["mine"]
    assert (query.title, query.question) == ("T", "Who?")
    assert [(p.name, p.type, p.default, p.meaning) for p in query.parameters] == [("who", "agent", "any", "someone")]
    assert [(c.name, c.meaning) for c in query.columns] == [("who", "them, by their names")]


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        (HEADER.replace("# title: T\n", ""), "title: stated 0 times"),
        (HEADER.replace("# question: Who?\n", "# question: Who?\n# question: Whom?\n"), "question: stated 2 times"),
        (HEADER.replace("# column who: them\n", ""), "column: none stated"),
        (HEADER.replace("# title", "# tittle"), "1: expected '# title:'"),
        (HEADER.replace("(agent,", "(company,"), "the type must be one of"),
        (HEADER.replace("default any", "default Siemens"), "default Siemens, but the query says UNDEF"),
        (HEADER.replace("parameter who", "parameter whom"), "the query has no 'VALUES ?whom"),
    ],
)
def test_a_faulty_header_is_told_with_its_file_and_line(header: str, fault: str, tmp_path: Path) -> None:
    query_file(tmp_path, header + BODY)
    with pytest.raises(QueryError) as error:
        saved([tmp_path])
    assert f"{tmp_path / 'mine.rq'}: " in str(error.value)
    assert fault in str(error.value)


def test_columns_that_the_query_does_not_select_are_an_error(store: GraphStore, tmp_path: Path) -> None:
    path = query_file(tmp_path, HEADER.replace("column who", "column whom") + BODY)
    with pytest.raises(QueryError, match=r"states the columns \['whom'\], the query selects \['who'\]"):
        run(store, resolve(str(path)))


def test_the_working_folders_queries_go_before_the_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query_file(tmp_path / "queries", HEADER + BODY, "investors")
    monkeypatch.chdir(tmp_path)
    assert resolve("investors").title == "T"
    assert resolve("memoranda").title == "Memoranda"


def test_a_file_is_a_query_with_or_without_a_header(tmp_path: Path) -> None:
    assert resolve(str(query_file(tmp_path, BODY))).text == BODY
    assert resolve(str(query_file(tmp_path, HEADER + BODY))).parameters[0].name == "who"
    assert resolve(str(query_file(tmp_path, "# a note\n" + BODY))).columns == ()


def test_a_title_tells_what_the_parameters_are_set_to() -> None:
    assert titled(saved()["investors"], {"place": ["Nanshan"]}) == "Investors in Nanshan"
    assert titled(saved()["memoranda"], {"party": ["Siemens", "BASF"]}) == "Memoranda: Siemens, BASF"
    assert titled(saved()["investors"], {}) == "Investors in a place"


def test_sparql_is_itself() -> None:
    assert resolve("ASK{?s ?p ?o}") == SavedQuery(text="ASK{?s ?p ?o}")


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("invesstors", "closest: investors"),
        ("missing.rq", "no such query file"),
        ("a/b", "no such query file"),
        ("/", "/ is a folder"),
    ],
)
def test_what_is_no_query_is_told(argument: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        resolve(argument)


@pytest.mark.parametrize("folder", ["some", "some.rq", "with space"])
def test_a_folder_is_no_query(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    with pytest.raises(QueryError, match="is a folder: name a query file in it"):
        resolve(str(tmp_path / folder))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_a_query(encoding: str, tmp_path: Path) -> None:
    text = HEADER.replace("someone", "谁") + BODY
    (tmp_path / "mine.rq").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    query = resolve(str(tmp_path / "mine.rq"))
    assert (query.text, query.parameters[0].meaning) == (text, "谁")


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT * { ?z ?b 'no ?x' . ?z ?a ?y # ?c\n }", "zbay"),
        ("PREFIX a: <urn:?q>\nselect distinct*{ { SELECT ?z ?b { ?z ?b ?hidden } } ?a ?z ?b FILTER(?z != ?w) }", "zba"),
        ("SELECT * { VALUES ?y { 1 } BIND(?y * 2 AS ?x) }", "yx"),
        ("SELECT ?b ?a { ?a ?b ?c }", "ba"),
        ("SELECT * {}", ""),
    ],
)
def test_all_columns_come_in_the_order_of_the_query(text: str, columns: str, store: GraphStore) -> None:
    assert "".join(variable.value for variable in ask(store, text).variables) == columns


COUNT = "SELECT (COUNT(*) AS ?n) {froms} {{ {pattern} }}"


def counted(store: GraphStore, froms: str, pattern: str = "?s ?p ?o") -> int:
    return int(next(ask(store, COUNT.format(froms=froms, pattern=pattern)))["n"].value)


def test_what_stands_in_two_graphs_named_with_from_counts_once() -> None:
    graphs = {
        "doc:one": "<urn:a> <urn:b> <urn:c> .\n",
        "doc:two": "<urn:a> <urn:b> <urn:c> .\n<urn:d> <urn:b> <urn:c> .\n",
    }
    with GraphStore.in_memory() as store:
        store.replace({to_iri(name): text for name, text in graphs.items()})
        assert counted(store, "FROM doc:one FROM doc:two") == 2
        assert counted(store, "FROM doc:two") == 2
        assert counted(store, "FROM doc:one FROM doc:two", "GRAPH ?g { ?s ?p ?o }") == 0
        assert counted(store, "FROM doc:one FROM doc:two FROM NAMED doc:two", "GRAPH ?g { ?s ?p ?o }") == 2
        assert counted(store, "FROM NAMED doc:one FROM NAMED doc:two", "GRAPH ?g { ?s ?p ?o }") == 3


def test_the_graphs_that_a_query_names_are_told_as_iris() -> None:
    text = "BASE <http://a/b/> PREFIX x: <urn:x:> ASK FROM <c> FROM NAMED x:y # FROM <no>\nFROM doc:d { ?from ?p 'FROM <e>' }"
    assert dataset(text) == (("http://a/b/c", to_iri("doc:d")), ("urn:x:y",))
    assert dataset("PREFIX from: <urn:x> ASK { ?s from:x ?o }") is None


@pytest.mark.parametrize(
    ("name", "code"), [("CN", "CN"), ("de", "DE"), ("Germany", "DE"), ("deutschland", "DE"), ("place:china", "CN")]
)
def test_a_country_is_found_by_name_and_code(name: str, code: str, store: GraphStore) -> None:
    assert f'VALUES ?one {{ "{code}" }}' in bind(resolve("countries"), {"one": [name]}, store)


def test_what_is_no_country_is_told(store: GraphStore) -> None:
    with pytest.raises(UnknownNameError, match=r"Shenzhen \(place:shenzhen\) is no country"):
        the_country(store, "Shenzhen")
    with pytest.raises(UnknownNameError, match="closest: Germany"):
        the_country(store, "Germny")


def test_every_prefix_is_known(store: GraphStore) -> None:
    own, others = "kg agent place event sector doc claim", "rdf rdfs xsd owl skos dcterms prov oa schema org geo"
    for prefix in f"{own} {others}".split():
        assert not ask(store, f"ASK {{ {prefix}:no {prefix}:such {prefix}:thing }}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {\n  ?s kg:role\n, }", "syntax error at line 3, column 1, near ','"),
        ("SELECT ?s { ?s foo:bar ?o }", "column 16, near 'foo:bar': this prefix is not known"),
        ("PREFIX a: <urn:a>\nASK { a:b\n foo:x ?o }", "line 3, column 2, near 'foo:x': this prefix is not known"),
        ("SELECT * { ?s ?p", "at the end of the query"),
        ("\n SELEC * {}", "line 2, column 2: a query begins with SELECT"),
        ("INSERT DATA { kg:a kg:b kg:c }", "INSERT would change the graph"),
        ("# a note\nPREFIX x: <urn:x>\n delete where { ?s ?p ?o }", "DELETE would change the graph"),
        ("DROP ALL", "DROP would change the graph"),
        ("LOAD <http://example.org/>", "LOAD would change the graph"),
        ("SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }", "only 'kg query --allow-service' does"),
        ("SELECT * { service silent <http://localhost:1/> { ?s ?p ?o } }", "only 'kg query --allow-service' does"),
        ("ASK { ?s kg:p 1SERVICE<http://localhost:1/>{} }", "only 'kg query --allow-service' does"),
        ("PREFIX : <http://localhost:1/> ASK { SERVICE:x {} }", "only 'kg query --allow-service' does"),
        ("ASK { \\u0053ERVICE <http://localhost:1/> {} }", "only 'kg query --allow-service' does"),
    ],
)
def test_what_is_no_reading_query_is_refused(text: str, message: str, store: GraphStore) -> None:
    with pytest.raises(QueryError) as error:
        ask(store, text)
    assert message in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s rdfs:label 'a service' }",
        "ASK { ?service kg:service ?o } # SERVICE <http://x/>",
        "ASK { ?s kg:p <http://example.org/SERVICE> }",
        "ASK { ?s rdfs:label 'a \\'SERVICE\\' ' }",
    ],
)
def test_the_word_service_alone_is_harmless(text: str, store: GraphStore) -> None:
    assert not ask(store, text)


def test_a_value_never_becomes_part_of_the_query(store: GraphStore) -> None:
    text = "# t\nSELECT ?x { VALUES ?x { UNDEF } }"
    query = SavedQuery(text, parameters=resolve("speakers").parameters[:0])
    with pytest.raises(QueryError, match="takes no parameter, but was given 'x'"):
        bind(query, {"x": ["1"]}, store)
    bound = bind(resolve("speakers"), {"speaker": ['" } DROP ALL #\\']}, store)
    assert r'VALUES ?speaker { "\" } DROP ALL #\\" }' in bound


@pytest.mark.parametrize(
    ("name", "parameter", "value", "message"),
    [
        ("investors", "place", "Nanshann", "no place is called 'Nanshann'; closest: Nanshan"),
        ("investors", "place", "Siemens", "no place is called 'Siemens'"),
        ("investors", "who", "Siemens", "investors has no parameter 'who'; it takes: place"),
        ("agreements-by-year", "year", "soon", "year must be a number, not 'soon'"),
        ("document", "document", "en-dev-01", "no document is called 'en-dev-01'; closest: en-dev-001"),
        ("partners", "entity", "agent:nobody", "no entity is called 'agent:nobody'"),
        ("partners", "entity", "agent:> } DROP", "no entity is called"),
    ],
)
def test_values_that_do_not_fit_are_told(
    name: str, parameter: str, value: str, message: str, store: GraphStore
) -> None:
    with pytest.raises((QueryError, UnknownNameError)) as error:
        bind(resolve(name), {parameter: [value]}, store)
    assert message in str(error.value)


def test_several_values_are_alternatives(store: GraphStore) -> None:
    bound = bind(resolve("people"), {"person": ["Ingmar Bruder", "agent:siemens"]}, store)
    assert bound.count("/agent/") == 2


@pytest.mark.parametrize(
    "name",
    [
        "siemens",
        "SIEMENS AG",
        "Siemens GmbH",
        "西门子",
        "agent:siemens",
        "https://w3id.org/china-germany-kg/agent/siemens",
    ],
)
def test_an_entity_is_found_by_any_of_its_names_and_its_id(name: str, store: GraphStore) -> None:
    assert the_entity(store, name).id == "agent:siemens"


@pytest.mark.parametrize(
    "name", ["Deutschland", "DEUTSCHLAND", "德国", "Bundesrepublik", "Muenchen", "München", "Munchen"]
)
def test_a_place_is_found_in_any_language_and_spelling(name: str) -> None:
    with GraphStore.in_memory() as store:
        place = EntityType.PLACE
        germany = (Name("Germany", "en"), Name("Deutschland", "de"), Name("德国", "zh"), Name("Bundesrepublik"))
        munich = (Name("Munich", "en"), Name("München", "de"))
        known = [entity("Germany", place, names=germany), entity("Munich", place, names=munich)]
        store.put(REFERENCE_GRAPH, to_ntriples(reference_graph(known)))
        assert the_entity(store, name).id == ("place:munich" if name.startswith("M") else "place:germany")


@pytest.mark.parametrize("name", ["TU München", "Technische Universität München"])
def test_an_institution_is_found_by_the_ways_to_write_its_kind(name: str) -> None:
    with GraphStore.in_memory() as store:
        known = [entity("Technical University of Munich", names=(Name("Technische Universität München", "de"),))]
        store.put(REFERENCE_GRAPH, to_ntriples(reference_graph(known)))
        assert the_entity(store, name).id == "agent:technical-university-of-munich"


def test_what_else_bears_a_name_is_told() -> None:
    with GraphStore.in_memory() as store:
        districts = [entity(f"Nanshan District {n}", EntityType.PLACE, names=(Name("Nanshan"),)) for n in range(5)]
        store.put(REFERENCE_GRAPH, to_ntriples(reference_graph([entity("Nanshan"), *districts])))
        found = the_entity(store, "nanshan")
        assert found.id == "agent:nanshan"
        assert re.fullmatch(
            r"'nanshan' is also a name of Nanshan District 0 \(place:.*2\) and 2 more: give the id for one of them",
            called_alike(store, "nanshan", found),
        )
        assert called_alike(store, "agent:nanshan", found) == ""


def test_an_entity_is_found_by_the_id_of_one_of_its_parts() -> None:
    with GraphStore.in_memory() as store:
        known = [entity("Zetaworks", other_ids=("agent:zeta-works",))]
        store.put(REFERENCE_GRAPH, to_ntriples(reference_graph(known)))
        assert the_entity(store, "agent:zeta-works").id == "agent:zetaworks"


def test_an_entity_is_found_by_the_words_of_a_sentence(store: GraphStore) -> None:
    assert [found.id for found in find_entities(store, "nanshan delegation")] == [
        "agent:economic-and-trade-delegation-from-nanshan-district-government-of-shenzhen"
    ]


def test_an_ambiguous_name_lists_the_candidates() -> None:
    with GraphStore.in_memory() as store:
        label = "<http://www.w3.org/2000/01/rdf-schema#label>"
        base = "https://w3id.org/china-germany-kg"
        lines = [f'<{base}/{id_}> {label} "Halle" .' for id_ in ("place/halle-saale", "agent/halle")]
        store.put(f"{base}/doc/x", "\n".join(lines) + "\n")
        with pytest.raises(UnknownNameError) as error:
            the_entity(store, "halle")
        assert str(error.value).splitlines()[0] == (
            "'halle' names 2 things: Halle (agent:halle), Halle (place:halle-saale)"
        )
        assert the_entity(store, "halle", ("place",)).id == "place:halle-saale"


def test_cells_are_short(store: GraphStore) -> None:
    (row,) = ask(store, "SELECT ?a ?b ?c ?n { BIND(agent:siemens AS ?a) BIND('x'@de AS ?b) BIND(1 AS ?c) }")
    assert [cell(term) for term in row] == ["agent:siemens", "x", "1", ""]

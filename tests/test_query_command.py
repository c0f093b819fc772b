"""The options of `kg query`: bounds, forms, limits, several queries, checks, and what a shell may complete."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from factories import claim, entity, extraction
from gold_build import make_build

from kg.cli import kg
from kg.cli.offered import NAMES
from kg.cli.query import query
from kg.graph import document_graph, to_ntriples
from kg.model import Document
from kg.namespaces import document_iri
from kg.query.documents import choose
from kg.query.saved import OPTIONS
from kg.store import GraphStore

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
KG = [sys.executable, "-c", "from kg.cli import main; main()", "query"]
ENDLESS = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o FILTER(STR(?c) = CONCAT(STR(?f), STR(?i))) }"
ASKING = ("Anfang", "Mitte", "Monat", "Ende", "Ohne")
PUBLISHED = {"Anfang": "2019", "Mitte": "2021-06-30", "Monat": "2021-07", "Ende": "2024-01-01", "Ohne": ""}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_build(tmp_path_factory.mktemp("build")))


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A build of documents from several years, one without a date: each says that a company of its name is in Kiel."""
    output = tmp_path_factory.mktemp("dated")
    with GraphStore.create(output) as store:
        for name in ASKING:
            document = Document(
                f"d-{name}".lower(), f"{name} is in Kiel.", published=PUBLISHED[name], source=f"{name}.txt"
            )
            place = entity("Kiel", "Place")
            known = extraction(
                document, claim(document, "basedIn", entity(name), place), entities=(entity(name), place)
            )
            store.put(document_iri(document.id), to_ntriples(document_graph(known)))
    yield str(output)


def ask(output: str, *arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(kg, ["query", *arguments, "--output", output], input=stdin)


def seen(result: Result) -> list[str]:
    assert result.exit_code == 0, result.stderr
    return result.stdout.split()[1:]


WHO = "SELECT ?name { ?who kg:basedIn place:kiel ; rdfs:label ?name } ORDER BY ?name"


@pytest.mark.parametrize(
    ("as_of", "names"),
    [
        ("2018", []),
        ("2019", ["Anfang"]),
        ("2021-06-29", ["Anfang"]),
        ("2021-06", ["Anfang", "Mitte"]),
        ("2021-07-15", ["Anfang", "Mitte"]),
        ("2021", ["Anfang", "Mitte", "Monat"]),
        ("2024-01-01", ["Anfang", "Ende", "Mitte", "Monat"]),
    ],
)
def test_as_of_asks_what_was_published_until_then(as_of: str, names: list[str], dated: str) -> None:
    result = ask(dated, WHO, "--as-of", as_of)
    assert seen(result) == names
    assert "d-ohne" in result.stderr
    assert ("d-monat" in result.stderr) == (as_of == "2021-07-15")
    assert "left out" in result.stderr


def test_as_of_keeps_the_reference_data_and_the_names_of_all(output: str) -> None:
    result = ask(output, "investors", "--place", "Shenzhen", "--as-of", "2024-06-24")
    assert "Siemens" in result.stdout
    assert ask(output, "investors", "--place", "Shenzhen", "--as-of", "2024-06-23").stdout.count("\n") == 1


@pytest.mark.parametrize("name", ["d-mitte", "MITTE.txt", "doc:d-mitte", document_iri("d-mitte")])
def test_a_graph_bounds_the_question(name: str, dated: str) -> None:
    assert seen(ask(dated, WHO, "--graph", name)) == ["Mitte"]
    assert seen(ask(dated, WHO, "-g", name, "-g", "d-ende")) == ["Ende", "Mitte"]
    assert seen(ask(dated, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "-g", name)) == [document_iri("d-mitte")]


def test_a_file_name_that_several_documents_have_is_refused_with_their_ids(tmp_path: Path) -> None:
    with GraphStore.create(tmp_path) as store:
        for id_ in ("a.x", "b.x", "x", "a.y", "b.y"):
            document = Document(id_, "Kiel.", source=f"{id_.replace('.', '/')}.txt")
            store.put(document_iri(id_), to_ntriples(document_graph(extraction(document))))
    text = "SELECT ?d { ?d a schema:NewsArticle }"
    for name, id_ in (("x", "x"), ("x.txt", "x"), ("a/x.txt", "a.x"), ("B.X", "b.x")):
        assert seen(ask(str(tmp_path), text, "--graph", name)) == [document_iri(id_)]
    refused = ask(str(tmp_path), text, "--graph", "y.txt")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "kg: 'y.txt' names 2 documents: a.y, b.y\ngive the id of one\n",
    )


def test_a_graph_and_a_date_bound_together(dated: str) -> None:
    assert seen(ask(dated, WHO, "--graph", "d-mitte", "--graph", "d-ende", "--as-of", "2022")) == ["Mitte"]


def test_the_reference_data_are_a_graph_too(output: str) -> None:
    text = "SELECT ?n { place:germany skos:prefLabel ?n } ORDER BY ?n"
    assert seen(ask(output, text, "--graph", "reference")) == ["Deutschland", "Germany"]
    assert seen(ask(output, text, "--graph", "en-dev-001")) == []


def test_what_is_chosen_is_sorted(dated: str) -> None:
    with GraphStore.read(Path(dated)) as store:
        chosen = choose(store, [], "2021")
        assert list(chosen.graphs) == sorted(chosen.graphs)
        assert chosen.undated == ("d-ohne",)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((WHO, "--graph", "d-mite"), "no document is called 'd-mite'; closest: d-mitte"),
        *(
            ((WHO, "--as-of", day), f"'{day}' is no year, month or day: write it as 2021, 2021-06 or 2021-06-30")
            for day in ("last year", "2021-13", "2021-02-30", "0000")
        ),
        ((WHO.replace("{", "FROM doc:d-ende {", 1), "--as-of", "2020"), "the query names its graphs itself (FROM)"),
        ((WHO, "--limit", "-1"), "-1 is not in the range"),
        ((WHO, "--timeout", "soon"), "'soon' is not a valid float"),
        ((WHO, "--timeout", "nan"), "'nan' is no number"),
        ((WHO, "--timeout", "inf"), "'inf' is no number"),
        (("SELECT ?s FROM doc:d-mite { ?s ?p ?o }",), "no graph is called 'doc:d-mite'; closest: doc:d-mitte"),
        (("ASK FROM NAMED <urn:x> {}",), "no graph is called 'urn:x'"),
        (("memoranda", "--party", "A", "--set", "party=B"), "'party' is given twice, by --party and by --set"),
        (("ASK {}", "--limit", "1"), "ASK gives true or false: --limit cuts rows and triples"),
        (("ASK {}", "--format", "turtle"), "ASK gives true or false"),
        (("ASK {}", "ASK {}", "--format", "xml"), "xml holds one answer"),
        (("ASK {}", "ASK {", "--format", "csv"), "syntax error"),
        (("memoranda", "--set", "place"), "--set takes PARAMETER=VALUE"),
        (("memoranda", "owners", "--set", "plce=Kiel"), "none of these queries has a parameter 'plce'"),
        (("--place", "Kiel"), "no such option: --place"),
        (("SELECT ('\\u0001' AS ?x) {}", "--format", "xml"), "XML cannot hold the character U+0001"),
        (("CONSTRUCT { kg:a <urn:p/> 1 } {}", "--format", "rdfxml"), "RDF/XML cannot hold the property <urn:p/>"),
    ],
)
def test_misuse_is_told_and_nothing_is_written(arguments: tuple[str, ...], message: str, dated: str) -> None:
    result = ask(dated, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) <= 2


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_a_cut_answer_is_the_beginning_of_the_whole_in_every_form(form: str, output: str) -> None:
    text = "SELECT ?s (?o AS ?x) (BNODE() AS ?b) { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 20"
    text = text.replace(" (BNODE() AS ?b)", "")
    assert ask(output, text, "-f", form, "--limit", "20").stdout_bytes == ask(output, text, "-f", form).stdout_bytes
    assert ask(output, text, "-f", form, "--limit", "20").stderr == ""
    assert "3 rows, and there are more" in ask(output, text, "-f", form, "--limit", "3").stderr


def test_a_cut_answer_keeps_every_kind_of_term(output: str) -> None:
    values = "(<urn:a> \"q\\\"\\n\"@de) (1.50 'x'^^<urn:d>) (UNDEF true) (2.5e3 <<( <urn:a> <urn:b> 'c'@en )>>)"
    text = f"SELECT * {{ VALUES (?a ?b) {{ {values} }} }}"
    for form in ("json", "tsv", "xml"):
        assert ask(output, text, "-f", form, "--limit", "9").stdout == ask(output, text, "-f", form).stdout


def test_a_limit_ends_an_endless_query(output: str) -> None:
    text = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    assert len(seen(ask(output, text, "--limit", "3"))) == 3


def test_other_readers_read_the_same_rows(output: str) -> None:
    from rdflib.plugins.sparql.results.tsvresults import TSVResultParser
    from rdflib.query import Result as Read

    text = "SELECT ?c ?n { ?c a kg:Company ; rdfs:label ?n } ORDER BY ?c"
    told = [(row["c"], row["n"]) for row in csv.DictReader(io.StringIO(ask(output, text, "-f", "csv").stdout))]
    assert len(told) > 5
    for form in ("json", "xml"):
        read = Read.parse(io.BytesIO(ask(output, text, "-f", form).stdout_bytes), format=form)
        assert [(str(row.c), str(row.n)) for row in read] == told  # type: ignore[union-attr]
    tsv = TSVResultParser().parse(io.BytesIO(ask(output, text, "-f", "tsv").stdout_bytes))
    assert [(str(row.c), str(row.n)) for row in tsv] == told  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("form", "name"), [("turtle", "turtle"), ("ntriples", "nt"), ("jsonld", "json-ld"), ("rdfxml", "xml")]
)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own reader of JSON-LD
def test_triples_come_in_every_rdf_format_and_other_tools_read_them(form: str, name: str, output: str) -> None:
    from rdflib import Graph
    from rdflib.compare import isomorphic

    text = "CONSTRUCT { ?s kg:told [ kg:as ?n ] } { ?s a kg:Company ; rdfs:label ?n }"
    given = ask(output, text, "-f", form).stdout
    assert given == ask(output, text, "-f", form).stdout
    assert given.endswith("\n")
    expected = Graph().parse(data=ask(output, text, "-f", "ntriples").stdout, format="nt")
    assert isomorphic(Graph().parse(data=given, format=name), expected)
    assert len(expected) > 10


def test_json_ld_tells_types_from_texts_and_refuses_what_it_cannot_hold(output: str) -> None:
    made = ask(output, "CONSTRUCT { agent:a a kg:Company, '@id' ; kg:n 3, 'x'@de } {}", "-f", "jsonld").stdout
    (node,) = json.loads(made)["@graph"]
    assert (node["@type"], node["rdf:type"]) == (["kg:Company"], ["@id"])
    assert sorted(map(str, node["kg:n"])) == sorted(
        map(str, [{"@value": "3", "@type": "xsd:integer"}, {"@value": "x", "@language": "de"}])
    )
    about = ask(output, "CONSTRUCT { agent:a kg:n <<( agent:a kg:n 1 )>> } {}", "-f", "jsonld")
    assert (about.exit_code, "ask for turtle" in about.stderr) == (2, True)


def test_construct_without_blank_nodes_looks_like_an_export(output: str) -> None:
    turtle = ask(output, "CONSTRUCT WHERE { agent:siemens ?p ?o }").stdout
    assert "\nagent:siemens a kg:Company ;\n    rdfs:label " in turtle
    assert "3 triples, and there are more" in ask(output, "CONSTRUCT WHERE { ?s ?p ?o }", "--limit", "3").stderr


def test_markdown_shows_names_and_escapes_what_markdown_means(output: str) -> None:
    text = "SELECT ?who (1.5 AS ?size) ('a|b <i>*c*' AS ?note) { BIND(agent:siemens AS ?who) }"
    assert ask(output, text, "-f", "markdown").stdout.splitlines() == [
        "| who | size | note |",
        "| --- | ---: | --- |",
        "| Siemens (agent:siemens) | 1.5 | a\\|b \\<i>\\*c\\* |",
    ]
    with_name = "SELECT ?who ?name { BIND(agent:siemens AS ?who) ?who rdfs:label ?name }"
    assert "| agent:siemens | Siemens |" in ask(output, with_name, "-f", "markdown").stdout


def test_a_table_shows_names_and_sets_numbers_to_the_right(output: str) -> None:
    text = "SELECT ?who ?size { VALUES (?who ?size) { (agent:siemens 7) (agent:basf 1200) } }"
    lines = ask(output, text, "-f", "table").stdout.splitlines()
    assert lines[2].rstrip().endswith("   7")
    assert lines[3].rstrip().endswith("1200")
    assert lines[2].startswith("Siemens (agent:siemens)")


def test_several_queries_are_answered_one_after_the_other(output: str) -> None:
    result = ask(output, "owners", "--entity", "trinamix", "investors", "--place", "Nanshan", "-f", "tsv")
    first, second = result.stdout.split("\n\n")
    assert (first.partition("\t")[0], second.partition("\t")[0]) == ("?company", "?investor")
    assert len(second.splitlines()) == 5
    told = ask(output, "owners", "ASK {}", "memoranda", "-f", "markdown").stdout
    assert [line for line in told.splitlines() if line.startswith("#")] == ["## owners", "## memoranda"]
    answers = ask(output, "ASK {}", "SELECT ?x {}", "-f", "json").stdout
    assert [sorted(json.loads(part)) for part in answers.split("\n\n")] == [["boolean", "head"], ["head", "results"]]


def test_set_goes_to_every_query_that_has_the_parameter(output: str) -> None:
    both = ask(output, "owners", "partners", "--set", "entity=trinamiX", "-f", "csv").stdout_bytes
    alone = [ask(output, name, "--entity", "trinamiX", "-f", "csv").stdout_bytes for name in ("owners", "partners")]
    assert both == b"\r\n".join(alone)


def test_a_piped_query_may_have_parameters(output: str) -> None:
    text = (ROOT / "queries" / "owners.rq").read_text(encoding="utf-8")
    assert (
        ask(output, "-", "--entity", "trinamix", stdin=text).stdout
        == ask(output, "owners", "--entity", "trinamix").stdout
    )
    result = CliRunner().invoke(kg, ["query", "-", "-o", output], input=b"ASK { \xff }")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "not UTF-8 (byte 7)" in result.stderr


def test_a_store_of_another_kind_is_refused_without_its_credentials() -> None:
    result = CliRunner().invoke(kg, ["query", WHO, "--store", "ftp://me:secret@host/sparql"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--store takes a folder or an address with http:// or https://, not ftp://" in result.stderr
    assert "secret" not in result.stderr


def test_a_description_of_nothing_says_so(output: str) -> None:
    result = ask(output, "DESCRIBE agent:nobody")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "kg: 0 triples\n"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("SELECT ?s { ?s a kg:Company }", 1),
        ("SELECT ?s { ?s a kg:NoSuchThing }", 0),
        ("ASK { ?s a kg:Company }", 1),
        ("ASK { ?s a kg:NoSuchThing }", 0),
        ("CONSTRUCT WHERE { agent:siemens a ?type }", 1),
        ("DESCRIBE agent:nobody", 0),
        ("SELECT ?s { OPTIONAL { ?s a kg:NoSuchThing } }", 1),
    ],
)
def test_rows_fail_a_check(text: str, status: int, output: str) -> None:
    result = ask(output, text, "--fail-if-rows")
    assert result.exit_code == status
    assert result.stdout == ask(output, text).stdout
    assert ("where there should be none" in result.stderr) == bool(status)
    assert ask(output, "ASK { ?s a kg:NoSuchThing }", text, "--fail-if-rows").exit_code == status


def test_an_explanation_tells_the_query_with_its_values_and_the_size_of_its_patterns(output: str) -> None:
    result = ask(output, "investors", "--place", "Nanshan", "--explain")
    assert "VALUES ?place { <https://w3id.org/china-germany-kg/place/nanshan-district> }" in result.stdout
    assert "# title" not in result.stdout
    (line,) = [
        line for line in result.stdout.splitlines() if "rdf:predicate kg:investedIn ." in line and line[-1].isdigit()
    ]
    counted = ask(output, "SELECT (COUNT(*) AS ?n) { ?c rdf:predicate kg:investedIn }").stdout.split()[1]
    assert line.split()[-1] == counted
    assert ask(output, "SELECT * { ?s a kg:Company }", "--explain", "-g", "reference").stdout.split()[-1] == "1"
    assert "syntax error" in ask(output, "SELECT * {", "--explain").stderr


@pytest.mark.parametrize("form", ["SELECT (COUNT(*) AS ?x)", "SELECT *", "ASK", "CONSTRUCT { ?a ?b ?o }"])
def test_a_query_that_takes_too_long_is_ended(form: str, output: str) -> None:
    run = subprocess.run(
        [*KG, f"{form} {ENDLESS}", "--timeout", "1", "-o", output],
        capture_output=True,
        env=ENVIRONMENT,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (124, b"")
    assert run.stderr.startswith(b"kg: no answer within 1 s")


@pytest.mark.parametrize("form", ["SELECT *", "CONSTRUCT { ?a ?b ?o }"])
def test_ctrl_c_ends_a_running_query(form: str, output: str) -> None:
    with subprocess.Popen([*KG, f"{form} {ENDLESS}", "-o", output], env=ENVIRONMENT, stderr=subprocess.PIPE) as run:
        time.sleep(2)
        assert run.poll() is None
        run.send_signal(signal.SIGINT)
        assert run.wait(20) in (-signal.SIGINT, 130)  # 130 where a busy machine had not come to the query yet


def test_a_time_limit_does_not_count_how_long_somebody_reads(output: str) -> None:
    leader, follower = pty.openpty()
    text = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
    with subprocess.Popen(
        [*KG, text, "--timeout", "5", "-f", "csv", "-o", output], env=ENVIRONMENT, stdout=follower
    ) as run:
        os.close(follower)
        first = os.read(leader, 100)
        time.sleep(6)
        with pytest.raises(OSError, match="Input/output"):
            while os.read(leader, 65536):
                continue
        assert run.wait(20) == 0
    os.close(leader)
    assert first.startswith(b"s,p,o")


def complete(shell: str, *words: str, output: str = "output") -> str:
    environment = {**ENVIRONMENT, "_KG_COMPLETE": f"{shell}_complete", "COMP_WORDS": " ".join(["kg", *words])}
    count = words[-1] if shell == "fish" else str(len(words))
    run = subprocess.run(
        [*KG[:-1], "kg"], capture_output=True, text=True, env={**environment, "COMP_CWORD": count}, cwd=ROOT, check=True
    )
    assert run.stderr == ""
    return run.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_names_and_parameters(shell: str) -> None:
    assert "investors" in complete(shell, "query", "inv")
    assert "memoranda" not in complete(shell, "query", "inv")
    assert "--place" in complete(shell, "query", "investors", "--pl")
    assert "--entity" in complete(shell, "query", "investors", "--place", "Kiel", "owners", "--en")
    assert "--timeout" in complete(shell, "query", "investors", "--ti")
    assert "markdown" in complete(shell, "query", "investors", "--format", "m")


def test_a_shell_completes_documents(output: str) -> None:
    assert "plain,en-dev-001" in complete("bash", "query", "-o", output, "--graph", "en")
    assert "plain,en-dev-001" in complete("bash", "query", "-o", output, "document", "--document", "en")
    assert "plain,en-dev-001" in complete("bash", "view", "-o", output, "--document", "en")
    assert "plain,reference" in complete("bash", "query", "-o", output, "--graph", "ref")
    assert "plain,reference" not in complete("bash", "view", "-o", output, "--document", "ref")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("query", "-o", "BUILD", "investors", "--place", "nan"), ["Nanshan", "Nanshan District"]),
        (("query", "-o", "BUILD", "partners", "--entity", "siemens "), ["Siemens AG", "Siemens Healthineers"]),
        (("query", "-o", "BUILD", "investors", "--place", "siem"), []),
        (("query", "-o", "BUILD", "agreements-by-year", "--year", "siem"), []),
        (("explain", "-o", "BUILD", "西"), ["西门子"]),
        (("view", "-o", "BUILD", "--around", "deutschl"), ["Deutschland"]),
        (("view", "-o", "BUILD", "--between", "Siemens", "shen"), ["Shenzhen"]),
        (("entities", "-o", "BUILD", "show", "siemens a"), ["Siemens AG"]),
        (("entities", "same", "-o", "BUILD", "Siemens", "basf"), ["BASF"]),
        (("explain", "-o", "nowhere", "sie"), []),
        (("query", "--store", "http://127.0.0.1:9/", "investors", "--place", "nan"), []),
        (("relations", "inv"), ["investedIn"]),
        (("view", "--relation", "INV"), ["investedIn"]),
    ],
)
def test_a_shell_completes_names(words: tuple[str, ...], offered: list[str], output: str) -> None:
    asked = [shlex.quote(word.replace("BUILD", output)) for word in words]
    lines = [line.split("\t") for line in complete("fish", *asked).splitlines() if line]
    assert [line[0].removeprefix("plain,") for line in lines] == offered


def test_a_shell_is_offered_so_many_names(tmp_path: Path) -> None:
    names = (*(f"Alpha {n}" for n in range(NAMES + 5)), "BETA", "Beta 2")
    made = extraction(Document("d", ""), entities=tuple(map(entity, names)))
    with GraphStore.create(tmp_path) as store:
        store.replace({document_iri("d"): to_ntriples(document_graph(made))})
    assert len(complete("bash", "explain", "-o", str(tmp_path), "al").splitlines()) == NAMES
    assert complete("bash", "explain", "-o", str(tmp_path), "be") == "plain,beTA\nplain,beta\\\\ 2\n"


@pytest.mark.parametrize(("typed", "offered"), [("siemens\\ a", r"Siemens\ AG"), ("'siemens a", "Siemens AG")])
def test_bash_writes_a_name_of_several_words_as_one(typed: str, offered: str, output: str, tmp_path: Path) -> None:
    run = tmp_path / "kg"
    run.write_text(f'#!/bin/sh\nexec {shlex.join(KG[:-1])} "$@"\n', encoding="utf-8")
    run.chmod(0o755)
    script = (
        f'eval "$(_KG_COMPLETE=bash_source kg)"; COMP_CWORD=4; COMP_WORDS=(kg explain -o {output} {shlex.quote(typed)})\n'
        '_kg_completion kg; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environment = {**ENVIRONMENT, "PATH": f"{tmp_path}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    told = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, cwd=ROOT)
    assert (told.stdout, told.stderr) == (f"{offered}\n", "")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("export", "--format", "graph"), "plain,graphml\n"),
        (("diff", "--format", "p"), "plain,patch\n"),
        (("view", "--query", "inv"), "plain,investors\n"),
        (("diff", "old"), "file,old\n"),
        (("build", "see"), "file,see\n"),
        (("export", "--output", "out"), "file,out\n"),
        (("query", "-o", "nowhere", "--graph", "en"), "\n"),
    ],
)
def test_a_shell_completes_what_a_command_takes(words: tuple[str, ...], offered: str) -> None:
    assert complete("bash", *words) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_its_script(shell: str) -> None:
    environment = {**ENVIRONMENT, "_KG_COMPLETE": f"{shell}_source"}
    run = subprocess.run([*KG[:-1]], capture_output=True, text=True, env=environment, check=True)
    assert "_KG_COMPLETE" in run.stdout


def test_no_parameter_can_hide_behind_an_option() -> None:
    options = {name.lstrip("-") for parameter in query.params for name in parameter.opts if name.startswith("--")}
    assert options | {"help"} == set(OPTIONS)

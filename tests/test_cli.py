"""The command line as people and pipes meet it."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from gold_build import make_build

from kg import __version__
from kg.cli import COMMANDS, kg

ROOT = Path(__file__).parent.parent
KG = [sys.executable, "-m", "kg.cli"]
HEAVY = [
    *("rdflib", "networkx", "pyvis", "numpy", "onnxruntime", "tokenizers", "rich", "pyoxigraph", "lxml", "rapidfuzz"),
    *("jinja2", "csv", "json"),
]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_build(tmp_path_factory.mktemp("build")))


def invoke(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(kg, arguments, input=stdin)


def process(*arguments: str, stdin: bytes = b"", cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*KG, *arguments], input=stdin, capture_output=True, cwd=cwd, env=ENVIRONMENT, check=False)


def on_terminal(*arguments: str, columns: int) -> str:
    """What a person sees in a terminal of this width."""
    leader, follower = pty.openpty()
    environment = {**ENVIRONMENT, "COLUMNS": str(columns), "TERM": "dumb"}
    with subprocess.Popen([*KG, *arguments], stdout=follower, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT):
        os.close(follower)
        seen = b""
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:  # the other end is closed
                part = b""
            if not part:
                break
            seen += part
    os.close(leader)
    return seen.decode().replace("\r\n", "\n")


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def modules_after(arguments: Sequence[str]) -> set[str]:
    code = (
        f"import sys\nfrom kg.cli import kg\ntry:\n    kg.main({list(arguments)!r})\n"
        f"except SystemExit:\n    print(*(m for m in {HEAVY!r} if m in sys.modules), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    return set(run.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert modules_after(arguments) == set()


def test_a_query_in_a_pipe_loads_the_store_alone(output: str) -> None:
    assert modules_after(["query", "SELECT ?s { ?s a kg:Company }", "--output", output]) == {"pyoxigraph"}
    assert modules_after(["query", "memoranda", "--output", output]) == {"pyoxigraph"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_a_purpose_and_an_example(name: str) -> None:
    result = invoke(name, "--help")
    assert result.exit_code == 0
    assert f"kg {name}" in result.stdout.partition("Example")[2]
    assert f"  {name} " in invoke("--help").stdout


@pytest.mark.parametrize(
    "example",
    sorted(
        line.strip()
        for name in ("query", "explain", "export", "relations", "check")
        for line in (kg.get_command(click.Context(kg), name) or kg).help.splitlines()  # type: ignore[union-attr]
        if line.strip().startswith("kg ") and "|" not in line
    ),
)
def test_the_examples_of_the_help_work(example: str, output: str, tmp_path: Path) -> None:
    (tmp_path / "output").symlink_to(output)
    run = subprocess.run(
        example.replace("kg ", f"{sys.executable} -m kg.cli ", 1),
        shell=True,
        capture_output=True,
        cwd=tmp_path,
        env=ENVIRONMENT,
        check=False,
    )
    assert (run.returncode, b"Traceback" in run.stderr) == (0, False), run.stderr.decode()


@pytest.mark.parametrize("module", ["kg", "kg.cli"])
def test_python_runs_the_package(module: str) -> None:
    run = subprocess.run([sys.executable, "-m", module, "--version"], capture_output=True, text=True, env=ENVIRONMENT)
    assert (run.returncode, run.stdout) == (0, f"kg, version {__version__}\n")


def test_version() -> None:
    assert invoke("--version").stdout == f"kg, version {__version__}\n"


def test_no_argument_shows_the_help_and_is_misuse() -> None:
    result = invoke()
    assert result.exit_code == 2
    assert "Commands:" in result.stderr


def test_the_list_of_queries(output: str) -> None:
    listed = {row["query"]: row for row in table(invoke("query").stdout)}
    assert listed["investors"]["parameters"] == "place"
    assert listed["investors"]["question"].endswith("?")
    assert json.loads(invoke("query", "--format", "json").stdout)[0]["query"] == min(listed)


def test_a_saved_query_has_a_help_of_its_own() -> None:
    text = invoke("query", "agreements-by-year", "--help").stdout
    assert "--year" in text
    assert "[number, default: any]" in " ".join(text.split())


@pytest.mark.parametrize(
    "arguments",
    [("--place", "Nanshan"), ("--place=nanshan",), ("--set", "place=NANSHAN"), ("--place", "place:nanshan-district")],
)
def test_parameters_of_a_saved_query(arguments: tuple[str, ...], output: str) -> None:
    result = invoke("query", "investors", *arguments, "--output", output)
    assert [row["investor"] for row in table(result.stdout)] == [
        "Tektronix",
        "German companies",
        "Ledvance Operations and Management",
        "Siemens",
    ]


def test_csv_is_what_the_standard_says(output: str) -> None:
    run = process("query", "SELECT ?c ?n { ?c a kg:SportsClub ; rdfs:label ?n }", "--output", output)
    iri = b"https://w3id.org/china-germany-kg/agent/eintracht-frankfurt"
    assert run.stdout == b"c,n\r\n" + iri + b",Eintracht Frankfurt\r\n"


@pytest.mark.parametrize(
    ("form", "start"),
    [("tsv", "?n\n"), ("json", '{"head":{"vars":["n"]}'), ("xml", "<?xml"), ("table", "n")],
)
def test_forms_of_an_answer(form: str, start: str, output: str) -> None:
    result = invoke("query", "SELECT ?n { ?c a kg:SportsClub ; rdfs:label ?n }", "-f", form, "-o", output)
    assert result.stdout.startswith(start)
    assert "Eintracht Frankfurt" in result.stdout


def test_ask_and_construct(output: str) -> None:
    assert invoke("query", "ASK { agent:basf a kg:Company }", "-o", output).stdout == "true\n"
    assert (
        json.loads(invoke("query", "ASK { agent:basf a kg:Place }", "-f", "json", "-o", output).stdout)["boolean"]
        is False
    )
    turtle = invoke("query", "DESCRIBE agent:basf", "-o", output).stdout
    assert turtle.splitlines()[0].startswith("@prefix agent: ")
    assert 'agent:basf a kg:Company ;\n    rdfs:label "BASF"' in turtle
    lines = invoke("query", "CONSTRUCT WHERE { agent:basf ?p ?o }", "-f", "ntriples", "-o", output).stdout.splitlines()
    assert lines == sorted(lines)
    assert all(line.endswith(" .") for line in lines)


def test_a_query_comes_from_a_file_or_a_pipe(output: str, tmp_path: Path) -> None:
    text = "SELECT ?n { agent:basf rdfs:label ?n }"
    (tmp_path / "my query.rq").write_text(text, encoding="utf-8")
    for result in (
        invoke("query", str(tmp_path / "my query.rq"), "-o", output),
        invoke("query", "-", "-o", output, stdin=text),
    ):
        assert result.stdout.splitlines() == ["n", "BASF"]


@pytest.mark.parametrize("columns", [40, 100, 160])
@pytest.mark.parametrize("name", ["memoranda", "owners", ""])
def test_a_table_fits_the_terminal(columns: int, name: str, output: str) -> None:
    seen = on_terminal("query", *([name, "-o", output] if name else []), columns=columns)
    assert max(len(line) for line in seen.splitlines()) <= columns
    assert ("wholly-owned" if name == "owners" else "memorandum") in seen


def test_what_a_document_says_cannot_steer_the_terminal(output: str) -> None:
    seen = on_terminal("query", "SELECT ('\\u001b[31mred\\u0007' AS ?x) {}", "-o", output, columns=80)
    assert "\x1b[31m" not in seen
    assert "red" in seen


def test_a_reader_that_stops_early_is_no_error(output: str) -> None:
    command = f"{sys.executable} -m kg.cli query document -o {output} | head -n 1; echo ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=ENVIRONMENT, cwd=ROOT, check=True)
    assert run.stdout.splitlines()[1:] == ["0"]
    assert run.stderr == ""


def test_explain_tells_the_sentence(output: str) -> None:
    text = invoke("explain", "siemens ag", "--output", output).stdout
    assert text.startswith("Siemens (agent:siemens)\nCompany, DE\nalso called: 西门子; Siemens AG\n")
    assert "“More than 50 German companies, including Siemens" in text
    claim = text.partition("claim:")[2][:16]
    assert "found by: reader" in invoke("explain", claim, "--output", output).stdout


def test_relations_are_listed_and_described() -> None:
    listed = {row["relation"]: row for row in table(invoke("relations").stdout)}
    assert len(listed) == 20
    assert listed["twinnedWith"]["symmetric"] == "yes"
    text = invoke("relations", "INVESTEDIN").stdout
    assert listed["investedIn"]["label"] in text
    assert "Examples:" in text


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        ("turtle", b"@prefix"),
        ("trig", b"@prefix"),
        ("ntriples", b"<http"),
        ("nquads", b"<http"),
        ("jsonld", b"{"),
        ("rdfxml", b"<?xml"),
        ("graphml", b"<?xml"),
        ("gexf", b"<?xml"),
        ("nodes-csv", b"Id,Label"),
        ("edges-csv", b"Source,Target"),
    ],
)
def test_every_format_is_exported_to_a_pipe_and_a_file(form: str, sign: bytes, output: str, tmp_path: Path) -> None:
    piped = invoke("export", "--format", form, "--output", output).stdout_bytes
    assert piped.lstrip(b"\xef\xbb\xbf").startswith(sign)
    assert invoke("export", "--format", form, "--to", str(tmp_path / "file"), "--output", output).exit_code == 0
    assert (tmp_path / "file").read_bytes() == piped


@pytest.mark.parametrize("form", ["turtle", "graphml", "gexf", "edges-csv"])
def test_an_export_that_nobody_reads_on_ends_quietly(form: str, output: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [*KG, "export", "--format", form, "--output", output]
    run = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (run.returncode, run.stderr) == (0, b"")


def test_the_help_of_export_lists_the_formats_that_there_are() -> None:
    from kg.cli.view import EXPORT_FORMATS
    from kg.export import RDF_FORMATS
    from kg.network import NETWORK_FORMATS

    assert [name for name, _ in EXPORT_FORMATS] == [*RDF_FORMATS, *NETWORK_FORMATS]


@pytest.mark.parametrize("ending", ["ttl", "trig", "nt", "nq", "jsonld", "rdf"])
def test_the_vocabulary_is_exported_in_every_rdf_format_without_a_build(ending: str, tmp_path: Path) -> None:
    from pyoxigraph import RdfFormat, parse

    path = tmp_path / f"vocabulary.{ending}"
    assert invoke("export", "--ontology", str(path), "--output", str(tmp_path / "none")).exit_code == 0
    told = {quad.triple for quad in parse(path=path, format=RdfFormat.from_extension(ending))}
    base = "https://w3id.org/china-germany-kg"
    subjects = {triple.subject.value for triple in told}
    assert {f"{base}/ontology#signedMoU", f"{base}/sector/health", f"{base}/sector/scheme"} <= subjects
    assert sum(triple.object.value.endswith("#SymmetricProperty") for triple in told) == 6


def test_the_ending_of_the_file_tells_the_format(output: str, tmp_path: Path) -> None:
    for number, place in enumerate((("--to",), ())):
        path = tmp_path / f"graph{number}.NQ"
        assert invoke("export", *place, str(path), "--output", output).exit_code == 0
        assert path.read_text(encoding="utf-8").count("\n") > 100


def test_an_unknown_ending_is_told_with_those_known(output: str) -> None:
    from kg.export import RDF_FORMATS
    from kg.network import NETWORK_FORMATS

    result = invoke("export", "graph.foo", "--output", output)
    endings = [suffix for _, suffix in RDF_FORMATS.values()] + [form.suffix for form in NETWORK_FORMATS.values()]
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"graph.foo tells no format: end it with {', '.join(endings)}," in result.stderr


def test_view_writes_the_page_and_tells_where(output: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = invoke("view", "--no-open", "--page", str(page), "--output", output)
    assert result.stdout == f"{page}\n"
    assert "Siemens" in page.read_text(encoding="utf-8")


def test_check_passes_a_good_build_and_fails_a_bad_one(output: str, tmp_path: Path) -> None:
    from kg.store import GraphStore

    assert invoke("check", "--output", output).exit_code == 0
    bad = shutil.copytree(output, tmp_path / "bad")
    base = "https://w3id.org/china-germany-kg"
    with GraphStore.create(bad) as store:
        store.put(
            f"{base}/doc/x",
            f"<{base}/claim/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{base}/ontology#Claim> .\n",
        )
    result = invoke("check", "--output", str(bad))
    assert result.exit_code == 1
    assert "claim:x" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("query", "invetsors"), "no saved query is called 'invetsors'; closest: investors"),
        (("query", "SELECT * { ?s ?p"), "syntax error at line 1, column 17"),
        (("query", "INSERT DATA { kg:a kg:b kg:c }"), "INSERT would change the graph"),
        (("query", "ASK { SERVICE <http://localhost:1/> {} }"), "SERVICE would ask another machine"),
        (("query", "investors", "--place", "Nanshann"), "no place is called 'Nanshann'; closest: Nanshan"),
        (("query", "investors", "--plase", "Nanshan"), "investors has no parameter 'plase'; it takes: place"),
        (("query", "investors", "--place"), "--place needs a value"),
        (("query", "investors", "Nanshan"), "if it is a value: kg query investors --place 'Nanshan'"),
        (("query", "--place", "Nanshan", "investors"), "no such option: --place"),
        (("query", "memoranda", "--format", "pdf"), "'pdf' is not one of"),
        (("query", "memoranda", "--format", "turtle"), "SELECT gives rows"),
        (("query", "DESCRIBE agent:basf", "--format", "csv"), "CONSTRUCT and DESCRIBE give triples"),
        (("explain", "Simens"), "no entity is called 'Simens'; closest: Siemens"),
        (("explain", "0" * 16), "no claim has the id '0000000000000000'"),
        (("export", "--format", "gexff"), "unknown format 'gexff'"),
        (("export", "--ontology", "--format", "gexf"), "--ontology comes as turtle, trig,"),
        (("export", "--to", "/nowhere/at/all.ttl"), "/nowhere/at/all.ttl"),
        (("relations", "investin"), "no relation is called 'investin'; closest: investedIn"),
        (("exprot",), "No such command 'exprot'"),
        (("check", "--outptu", "x"), "No such option"),
    ],
)
def test_misuse_is_told_in_two_lines(arguments: tuple[str, ...], message: str, output: str) -> None:
    needs_build = arguments[0] in {"query", "explain", "export"}
    result = invoke(*arguments, *(("--output", output) if needs_build else ()))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.startswith("kg: ")
    assert len(result.stderr.splitlines()) <= 2


@pytest.mark.parametrize("command", ["query memoranda", "explain Siemens", "export", "view --no-open", "check"])
def test_a_missing_build_is_told_and_nothing_is_made(command: str, tmp_path: Path) -> None:
    result = invoke(*command.split(), "--output", str(tmp_path / "none"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"kg: no build in {tmp_path / 'none'}: run kg build --output {tmp_path / 'none'}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_a_newer_version_is_told(output: str, tmp_path: Path) -> None:
    newer = shutil.copytree(output, tmp_path / "newer")
    marker = newer / "store" / "kg-store"
    marker.write_text(marker.read_text(encoding="utf-8").replace("kg-store ", "kg-store 9", 1), encoding="utf-8")
    run = process("query", "memoranda", "--output", str(newer))
    assert run.returncode == 2
    assert b"newer than this kg can read" in run.stderr
    assert b"Traceback" not in run.stderr


def test_an_interrupted_query_leaves_at_once(output: str) -> None:
    import signal

    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    with subprocess.Popen(
        [*KG, "query", endless, "-o", output], cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.PIPE
    ) as run:
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(1.5)
        run.send_signal(signal.SIGINT)
        assert run.wait(5) in (-signal.SIGINT, 130)  # 130 where a busy machine had not come to the query yet


@pytest.mark.parametrize("command", ["build", "extract"])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.txt", None, "missing.txt"),
        ("empty.txt", b"", "empty.txt"),
        ("binary.txt", bytes(range(256)) * 8, "binary.txt"),
        ("broken.jsonl", b'{"id": "a", "text": \n', "broken.jsonl"),
    ],
)
def test_sources_that_cannot_be_read_are_told_and_nothing_is_made(
    command: str, name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    source, build = tmp_path / name, tmp_path / "build"
    if content is not None:
        source.write_bytes(content)
    result = invoke(command, str(source), *(["--output", str(build)] if command == "build" else []))
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert all(line.startswith("kg: ") or number % 2 for number, line in enumerate(result.stderr.splitlines()))
    assert not build.exists()

"""What the store costs beside the bare engine, on claims made for the purpose: ratios of CPU time, to be read by people.

    python tests/benchmarks/store.py [SIZE ...]        (10k and 100k if none is given; 1m takes some minutes)
    python tests/benchmarks/store.py --unchanged NUMBER (documents that a second build finds unchanged; 2000)

The corpus has the shape of real builds: claims with quotes and qualifiers in a named graph a document, about 240 quads
each, and reference data on the entities. Beside `kg` run the engine alone, rdflib in memory, and the `oxigraph` command line
(from PyPI: `pip install oxigraph`) where there is one; `arq` and `tdb2.tdbquery` of Apache Jena where they are installed. Every
figure is the median of RUNS whole processes, user and system time together."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from cost import BARE_QUERY, KG, ROOT, cpu, tell

sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from factories import claim, entity  # noqa: E402

from kg.graph import document_graph, reference_graph, to_ntriples  # noqa: E402
from kg.model import Date, Document, Entity, EntityType, Extraction, Name, Qualifiers, Status  # noqa: E402
from kg.namespaces import REFERENCE_GRAPH, document_iri  # noqa: E402
from kg.store import GraphStore  # noqa: E402

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
RELATIONS = ("investedIn", "signedAgreement", "cooperatesWith", "visited", "suppliesTo", "basedIn", "established")
SMALL = "SELECT ?whom { agent:company-7 kg:investedIn ?whom } ORDER BY ?whom"
ROWS = "SELECT ?c ?s ?o ?q { ?c a kg:Claim ; rdf:subject ?s ; rdf:object ?o ; kg:evidence/oa:exact ?q } LIMIT 60000"
PREFIXES = """PREFIX agent: <https://w3id.org/china-germany-kg/agent/>
PREFIX kg: <https://w3id.org/china-germany-kg/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
"""
BARE_LOAD = """
import sys, pyoxigraph as ox
store = ox.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
store.flush()
"""
KG_LOAD = """
import sys
from pathlib import Path
from kg.store import GraphStore
graphs = {}
for line in open(sys.argv[1], encoding="utf-8"):
    triple, _, graph = line.rpartition(" <")
    graphs.setdefault(graph.rstrip("> .\\n"), []).append(triple + " .\\n")
with GraphStore.create(Path(sys.argv[2])) as store:
    store.replace({graph: "".join(lines) for graph, lines in graphs.items()})
"""
SPLIT_ALONE = KG_LOAD.split("with GraphStore")[0]
BARE_DUMP = """
import sys, pyoxigraph as ox
ox.Store.read_only(sys.argv[1]).dump(sys.argv[2], format=ox.RdfFormat.N_QUADS)
"""
RDFLIB = """
import sys, rdflib
data = rdflib.Dataset(default_union=True)
data.parse(sys.argv[1], format="nquads")
list(data.query(sys.argv[2]))
"""


def extractions(quads: int, chance: random.Random) -> Iterator[Extraction]:
    """Documents with claims between companies and places, until there are so many quads."""
    companies = [entity(f"Company {n}") for n in range(max(20, quads // 200))]
    places = [entity(f"Place {n}", EntityType.PLACE) for n in range(max(10, quads // 2000))]
    for number in range(max(1, quads // 240)):
        yield _document(number, companies, places, chance)


def _document(number: int, companies: Sequence[Entity], places: Sequence[Entity], chance: random.Random) -> Extraction:
    ends = [(chance.choice(companies), chance.choice(companies + places)) for _ in range(10)]  # type: ignore[operator]
    quotes = [f"{s.name} and {o.name} agreed on step {n} of item {number}." for n, (s, o) in enumerate(ends)]
    text = " ".join(quotes)
    document = Document(
        f"d{number}", text, title=f"Item {number}", published=f"20{number % 20 + 10}-05-01", source=f"d{number}.txt"
    )
    claims = tuple(
        claim(
            document, chance.choice(RELATIONS), subject, object_, quote,
            status=chance.choice((Status.ACTUAL, Status.ACTUAL, Status.PLANNED)),
            qualifiers=Qualifiers(kind="framework agreement", topics=("trade",), date=Date("2021", "2021")),
        )
        for (subject, object_), quote in zip(ends, quotes, strict=True)
    )  # fmt: skip
    return Extraction(document, claims, tuple({e.id: e for pair in ends for e in pair}.values()))


def graphs(quads: int) -> dict[str, str]:
    """The graphs of a build of about so many quads, the same ones every time."""
    found, entities = dict[str, str](), dict[str, Entity]()
    for extraction in extractions(quads, random.Random(1)):
        found[document_iri(extraction.document.id)] = to_ntriples(document_graph(extraction))
        entities |= {e.id: e for e in extraction.entities}
    known = (Entity(e.id, e.name, e.type, names=(Name(e.name, "en"),), country="DE") for e in entities.values())
    found[REFERENCE_GRAPH] = to_ntriples(reference_graph(known, {"DE": "place:germany"}))
    return found


def measure(size: str, folder: Path) -> None:
    """Makes a store of this size and tells the ratios."""
    output, nquads = folder / size, folder / f"{size}.nq"
    with GraphStore.create(output) as store:
        store.replace(graphs(SIZES[size]))
        nquads.write_text(store.dump(), encoding="utf-8")
    lines = sum(1 for _ in nquads.open("rb"))
    print(f"{size}: {lines} quads")
    database = next((output / "store").glob("graphs-*"))
    _queries(output, database, nquads)
    _loading(folder, nquads)
    dump = cpu([sys.executable, "-c", BARE_DUMP, str(database), str(folder / "dump.nq")])
    export = cpu([*KG, "export", "--format", "nquads", "--to", str(folder / "export.nq"), "--output", str(output)])
    tell("  export of sorted N-Quads", export, "the engine's dump", dump, 2.0)


def _queries(output: Path, database: Path, nquads: Path) -> None:
    for what, question, limit in (("kg query, small answer", SMALL, 1.5), ("kg query, many rows as CSV", ROWS, 1.3)):
        bare = cpu([sys.executable, "-c", BARE_QUERY, str(database), PREFIXES + question])
        tell(f"  {what}", cpu([*KG, "query", question, "-o", str(output)]), "a bare script", bare, limit)
    beside = {"rdflib in memory": [sys.executable, "-c", RDFLIB, str(nquads), PREFIXES + SMALL]}
    if tool := shutil.which("oxigraph"):
        common = ["--union-default-graph", "--results-format", "csv", "--query", PREFIXES + SMALL]
        beside["oxigraph query"] = [tool, "query", "--location", str(database), *common]
    if tool := shutil.which("arq"):
        beside["arq"] = [tool, "--data", str(nquads), PREFIXES + SMALL]
    for name, command in beside.items():
        try:
            print(f"  beside it, small answer: {name} {cpu(command):.3f} s")
        except SystemExit as error:
            print(f"  beside it: {name} failed: {error}")


def _loading(folder: Path, nquads: Path) -> None:
    def loaded(script: str) -> float:
        return cpu(["sh", "-c", 'rm -rf "$4"; exec "$1" -c "$2" "$3" "$4"', "sh", sys.executable, script, str(nquads), str(folder / "load")])  # fmt: skip  # noqa: E501

    bare, split = loaded(BARE_LOAD), loaded(SPLIT_ALONE)
    tell("  loading graphs", loaded(KG_LOAD) - split, "bulk load", bare, 1.5)
    if tool := shutil.which("oxigraph"):
        command = 'rm -rf "$3"; exec "$1" load --location "$3" --file "$2"'
        print(
            f"  beside it: oxigraph load {cpu(['sh', '-c', command, 'sh', tool, str(nquads), str(folder / 'cli')]):.3f} s"
        )


def unchanged(number: int, folder: Path) -> None:
    """What a second build of so many documents costs, of which nothing changed; the first one reads no document, but takes
    what stands in the corpus."""
    from unittest import mock

    from kg import pipeline
    from kg.documents import read_documents

    made = {e.document.id: e for e in extractions(number * 240, random.Random(2))}
    source = folder / "news.jsonl"
    source.write_text("".join(_line(extraction.document) for extraction in made.values()), encoding="utf-8")
    documents = read_documents([str(source)], on_error=lambda error: sys.exit(str(error)))
    page = mock.patch("kg.view.write_page", lambda facts, path: path.write_text("a page"))  # minutes, of so many claims
    with page, mock.patch.object(pipeline, "extract", lambda document, *_: made[document.id]):
        pipeline.build(documents, folder / "built")
    cost = cpu([*KG, "build", str(source), "--output", str(folder / "built")])
    print(f"kg build of {number} unchanged documents: {cost:.2f} s (at most 2 for 2000)")


def _line(document: Document) -> str:
    import json

    fields = {name: getattr(document, name) for name in ("id", "title", "published", "publisher", "lang", "text")}
    return json.dumps(fields) + "\n"


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        if arguments and arguments[0] == "--unchanged":
            unchanged(int(arguments[1]) if len(arguments) > 1 else 2000, Path(name))
            return
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(ROOT / "kg")], check=False)
        for size in arguments or ("10k", "100k"):
            measure(size, Path(name))


if __name__ == "__main__":
    main(sys.argv[1:])

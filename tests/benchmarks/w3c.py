"""The W3C's SPARQL 1.1 query evaluation tests, asked as `kg query` asks and of the engine directly.

    python tests/benchmarks/w3c.py [FOLDER] [--failed]

FOLDER holds `sparql11` of w3c/rdf-tests (default: ../shared/w3c beside the project); no file of it is part of the
project. `kg query`'s way is `kg.query.sparql.ask` with the project's prefixes, and the answer written in the W3C's form and
read back; the engine's is `pyoxigraph.Store.query`. Numbers are compared by value and datatype, rows without their order, blank
nodes up to their names. `--failed` names the tests that fail, with whether the engine fails them too."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from kg.errors import QueryError
from kg.namespaces import PREFIXES
from kg.query.answers import Rows, kind, read_triples, write_rows, write_triples
from kg.query.sparql import ask

ROOT = Path(__file__).resolve().parents[2]
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
KINDS = {MF + "QueryEvaluationTest", MF + "CSVResultFormatTest"}
ROW_FORMATS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".csv": ox.QueryResultsFormat.CSV,
    ".tsv": ox.QueryResultsFormat.TSV,
}
FORMS = {".srx": "xml", ".srj": "json", ".csv": "csv", ".tsv": "tsv"}
READ = {form: ROW_FORMATS[ending] for ending, form in FORMS.items()}


class Test(NamedTuple):
    """A query, the files of its default graph and its named graphs, and the file with the right answer."""

    name: str
    query: Path
    data: tuple[Path, ...]
    named: tuple[Path, ...]
    result: Path


class Data:
    """What a test asks about, as `kg.query` sees a store; a test's default graph is no union of its named ones."""

    def __init__(self, test: Test) -> None:
        self._store, self._base = ox.Store(), test.query.as_uri()
        for path in test.data:
            self._store.load(path=str(path), format=_format(path), base_iri=path.as_uri())
        for path in test.named:
            graph = ox.NamedNode(path.as_uri())
            self._store.load(path=str(path), format=_format(path), base_iri=path.as_uri(), to_graph=graph)

    def query(self, text: str, /, *, graphs: Sequence[str] | None = None, named: Sequence[str] | None = None) -> Any:
        """With the project's prefixes, as a store of `kg` is asked."""
        return self._store.query(text, base_iri=self._base, prefixes=PREFIXES)

    def direct(self, text: str) -> Any:
        """The engine without anything of ours."""
        return self._store.query(text, base_iri=self._base)


def tests(folder: Path) -> Iterator[Test]:
    """Every query evaluation test of every manifest below a folder, sorted by file and name."""
    for manifest in sorted(folder.glob("*/manifest.ttl")):
        store = ox.Store()
        store.load(path=str(manifest), format=ox.RdfFormat.TURTLE, base_iri=manifest.as_uri())
        rows = [quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), None)
                if getattr(quad.object, "value", "") in KINDS]  # fmt: skip
        for node in sorted(set(rows), key=str):
            (action,) = _objects(store, node, MF + "action")
            (query,) = _files(store, action, QT + "query")
            (result,) = _files(store, node, MF + "result")
            name = f"{manifest.parent.name}/{str(node).strip('<>').rpartition('#')[2]}"
            data, named = (tuple(_files(store, action, QT + key)) for key in ("data", "graphData"))
            yield Test(name, query, data, named, result)


def passes(test: Test, answer: Callable[[Test], Any]) -> bool:
    """Whether an answer is the right one; an engine's refusal is a failure."""
    try:
        found = answer(test)
    except (QueryError, SyntaxError, OSError, RuntimeError, ValueError):
        return False
    return bool(found == expected(test))


def expected(test: Test) -> Any:
    """The right answer, in the same shape as what `by_kg` and `by_engine` give."""
    form = ROW_FORMATS.get(test.result.suffix)
    if form is None:
        told = list(ox.parse(path=str(test.result), format=_format(test.result), base_iri=test.query.as_uri()))
        return _result_set(told) or _triples(told)
    if test.result.suffix == ".csv":
        return _lines(test.result.read_bytes())
    return _shape(ox.parse_query_results(path=str(test.result), format=form))


def by_kg(test: Test) -> Any:
    """The answer as `kg query` gives it: asked, written, and read again."""
    answer = ask(Data(test), test.query.read_text(encoding="utf-8"))
    if kind(answer) == "triples":
        data = write_triples(read_triples(answer).triples, "ntriples")
        return _triples(ox.parse(data, format=ox.RdfFormat.N_TRIPLES))
    form = FORMS.get(test.result.suffix, "json")
    data = write_rows(answer, form)
    return _lines(data) if form == "csv" else _shape(ox.parse_query_results(data, READ[form]))


def by_engine(test: Test) -> Any:
    """The answer as the engine gives it."""
    answer = Data(test).direct(test.query.read_text(encoding="utf-8"))
    if test.result.suffix == ".csv":
        return _lines(answer.serialize(format=ox.QueryResultsFormat.CSV))
    return _triples(answer) if kind(answer) == "triples" else _shape(answer)


def _shape(answer: Any) -> Any:
    """Yes or no, or the rows as a multiset; rows with blank nodes as a graph that is compared up to their names."""
    if kind(answer) == "truth":
        return bool(answer)
    names = [variable.value for variable in answer.variables]
    rows = [tuple((name, term) for name, term in zip(names, row, strict=True) if term is not None) for row in answer]
    blank = [row for row in rows if any(isinstance(term, ox.BlankNode) for _, term in row)]
    plain = Counter(tuple(sorted((name, str(_value(term))) for name, term in row)) for row in rows if row not in blank)
    graph = ox.Dataset()
    for row in blank:
        node = ox.BlankNode()
        for name, term in row:
            graph.add(ox.Quad(node, ox.NamedNode(f"urn:column:{name}"), _value(term)))
    return sorted(names), plain, len(blank), _canonical(graph)


def _value(term: Any) -> Any:
    """A number in one spelling: the engine keeps values, not the zeros that they were written with."""
    datatype = getattr(getattr(term, "datatype", None), "value", "")
    if datatype.rpartition("#")[2] not in ("integer", "decimal", "double", "float"):
        return term
    return ox.Literal(_number(term.value), datatype=ox.NamedNode(datatype))


def _number(text: str) -> str:
    try:
        return repr(float(text))
    except ValueError:
        return text


def _result_set(triples: Sequence[Any]) -> Any:
    """Rows that are told as RDF; None where the triples are the answer themselves."""
    told: dict[Any, dict[str, list[Any]]] = {}
    for triple in triples:
        told.setdefault(triple.subject, {}).setdefault(triple.predicate.value.removeprefix(RS), []).append(
            triple.object
        )
    heads = [term.value for node in told.values() for term in node.get("resultVariable", ())]
    if not heads:
        return None
    solutions = [term for node in told.values() for term in node.get("solution", ())]
    bindings = [[told[binding] for binding in told[each].get("binding", ())] for each in solutions]
    rows = [{each["variable"][0].value: each["value"][0] for each in row} for row in bindings]
    return _shape(_read(heads, rows))


def _read(heads: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Any:
    table = Rows(tuple(heads), [[row.get(head) for head in heads] for row in rows], False)
    return ox.parse_query_results(write_rows(table, "json"), ox.QueryResultsFormat.JSON)


def _triples(triples: Iterable[Any]) -> Any:
    return _canonical(ox.Dataset(ox.Quad(*list(triple)[:3]) for triple in triples))


def _canonical(graph: ox.Dataset) -> frozenset[str]:
    graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(str(quad) for quad in graph)


def _lines(data: bytes) -> list[list[tuple[str, str]]]:
    """The rows of CSV without the order of rows and columns, numbers in one spelling, blank nodes without their names."""
    head, *rows = csv.reader(data.decode().splitlines(keepends=True))
    told = (["_:" if cell.startswith("_:") else _number(cell) for cell in row] for row in rows)
    return sorted(sorted(zip(head, row, strict=True)) for row in told)


def _objects(store: ox.Store, node: Any, name: str) -> list[Any]:
    return [quad.object for quad in store.quads_for_pattern(node, ox.NamedNode(name), None)]


def _files(store: ox.Store, node: Any, name: str) -> list[Path]:
    return sorted(Path(found.value.removeprefix("file://")) for found in _objects(store, node, name))


def _format(path: Path) -> ox.RdfFormat:
    return ox.RdfFormat.RDF_XML if path.suffix == ".rdf" else ox.RdfFormat.TURTLE


def main(arguments: Sequence[str]) -> None:
    """Run and print both counts."""
    folders = [argument for argument in arguments if not argument.startswith("-")]
    folder = (Path(folders[0]) if folders else ROOT.parent / "shared" / "w3c").resolve()
    every = list(tests(folder / "sparql11" if (folder / "sparql11").is_dir() else folder))
    if not every:
        raise SystemExit(f"no tests in {folder}: name the folder that holds sparql11/")
    ours = {test.name: passes(test, by_kg) for test in every}
    engine = {test.name: passes(test, by_engine) for test in every}
    print(f"kg query: {sum(ours.values())} of {len(every)}")
    print(f"pyoxigraph: {sum(engine.values())} of {len(every)}")
    if "--failed" in arguments:
        failed = [name for name in ours if not (ours[name] and engine[name])]
        print(*(f"{name}: kg {_word(ours[name])}, pyoxigraph {_word(engine[name])}" for name in failed), sep="\n")


def _word(passed: bool) -> str:
    return "right" if passed else "wrong"


if __name__ == "__main__":
    main(sys.argv[1:])

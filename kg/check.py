"""Is a build sound? SHACL shapes on every node, and quality queries for what takes more than one node to judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kg.errors import QueryError
from kg.files import DATA
from kg.model import EntityType
from kg.namespaces import to_name
from kg.ontology import ONTOLOGY_GRAPH, ontology_text

if TYPE_CHECKING:
    from rdflib import Graph

    from kg.store import GraphStore

_HEADER = re.compile(r"^#\s*(title|why|severity|says):\s*(.+?)\s*$", re.MULTILINE)
_TYPES = " ".join(f"kg:{entity_type}" for entity_type in EntityType)
_SHOWN = 10
_SHACL = "http://www.w3.org/ns/shacl#"


class Severity(StrEnum):
    """How much a finding weighs: an error fails the check, a warning asks for a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is not as it should be: `rule` names the shape or query, `node` is a prefixed name, `words` say
    what is wrong and where, `why` says why it matters ('' for shapes, whose words say it)."""

    severity: Severity
    rule: str
    node: str
    words: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, errors first, each kind sorted by rule and node; and how much it looked at."""

    findings: tuple[Finding, ...]
    documents: int
    entities: int
    claims: int
    rules: int

    @property
    def passed(self) -> bool:
        """Whether there is no error; warnings do not fail a check."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    def __str__(self) -> str:
        """The findings for people, a paragraph a rule, then how many there are of what."""
        errors = sum(finding.severity is Severity.ERROR for finding in self.findings)
        counted = f"{errors} errors, {len(self.findings) - errors} warnings"
        rules = groupby(self.findings, lambda finding: (finding.severity, finding.rule))
        body = "".join(_paragraph(list(found)) for _, found in rules)
        looked_at = f"{self.documents} documents, {self.entities} entities and {self.claims} claims"
        return f"{body}{looked_at} against {self.rules} rules: {counted}"


@dataclass(frozen=True, slots=True)
class QualityQuery:
    """A query each of whose rows is a finding. `says` is the finding's sentence, with `{column}` for values of the row;
    the first column is the node."""

    name: str
    title: str
    why: str
    severity: Severity
    says: str
    text: str

    @classmethod
    def from_text(cls, name: str, text: str) -> QualityQuery:
        """Reads the header comment; raises QueryError where a line of it is missing or wrong."""
        header = dict(_HEADER.findall(text))
        missing = [key for key in ("title", "why", "severity", "says") if key not in header]
        if missing or header["severity"] not in list(Severity):
            fault = f"lacks '# {missing[0]}: …'" if missing else f"has the unknown severity {header['severity']!r}"
            raise QueryError(f"quality query {name}.rq: its header {fault}; see its neighbours")
        return cls(name, header["title"], header["why"], Severity(header["severity"]), header["says"], text)


def check(store: GraphStore, ontology: str = "") -> Report:
    """Runs the shapes and all quality queries on what the store holds. `ontology` is Turtle that declares relations
    beyond the shipped ones. Costs memory and time in proportion to the store."""
    known = f"{ontology_text()}\n{ontology}"
    copy, queries = store.copy_with(ONTOLOGY_GRAPH, known), quality_queries()
    found = [*_shape_findings(store, known), *(finding for query in queries for finding in _findings(copy, query))]
    return Report(
        findings=tuple(sorted(set(found))),
        documents=_count(store, "?node a schema:NewsArticle"),
        entities=_count(store, f"VALUES ?type {{ {_TYPES} }} ?node a ?type"),
        claims=_count(store, "?node a kg:Claim"),
        rules=len(queries) + shapes_text().count("Shape ;"),
    )


def _paragraph(found: Sequence[Finding]) -> str:
    first, more = found[0], len(found) - _SHOWN
    lines = [f"{first.severity}: {first.rule} ({len(found)})", *([f"  {first.why}"] if first.why else [])]
    lines += [f"  - {finding.words}" for finding in found[:_SHOWN]]
    return "\n".join([*lines, *([f"  … and {more} more"] if more > 0 else [])]) + "\n\n"


def shapes_text() -> str:
    """The shipped shapes, in Turtle."""
    return (DATA / "ontology" / "shapes.ttl").read_text(encoding="utf-8")


@cache
def quality_queries() -> tuple[QualityQuery, ...]:
    """The shipped quality queries, sorted by name."""
    sources = (DATA / "quality").iterdir()
    named = sorted((path.name.removesuffix(".rq"), path) for path in sources if path.name.endswith(".rq"))
    return tuple(QualityQuery.from_text(name, path.read_text(encoding="utf-8")) for name, path in named)


def _findings(store: GraphStore, query: QualityQuery) -> Iterator[Finding]:
    solutions = store.select(query.text)
    columns = [variable.value for variable in solutions.variables]
    for row in solutions:
        values = {column: _words(value) for column, value in zip(columns, row, strict=True)}
        yield Finding(query.severity, query.title, values[columns[0]], query.says.format_map(values), query.why)


def _words(term: Any) -> str:
    """A term for people: names with their prefix, literals as they are."""
    if term is None:
        return "nothing"
    text = str(getattr(term, "value", term))
    return f"'{text}'" if hasattr(term, "datatype") and " " in text else to_name(text)


def _shape_findings(store: GraphStore, ontology: str) -> Iterator[Finding]:
    import rdflib
    from pyshacl import validate

    data = rdflib.Graph().parse(data=store.dump_triples(), format="nt")
    data.parse(data=ontology, format="turtle")  # pyshacl's ont_graph leaves out which properties are a kg:Relation
    shapes = rdflib.Graph().parse(data=shapes_text(), format="turtle")
    _, results, _ = validate(data, shacl_graph=shapes, inplace=True)
    for result in results.subjects(rdflib.RDF.type, rdflib.URIRef(f"{_SHACL}ValidationResult")):
        yield _shape_finding(dict(_parts(results, result)))


def _parts(results: Graph, result: Any) -> Iterator[tuple[str, Any]]:
    for predicate, value in results.predicate_objects(result):
        yield str(predicate).removeprefix(_SHACL), value


def _shape_finding(parts: Mapping[str, Any]) -> Finding:
    """A validation result in words: the shape's message, then the property and the value that broke it."""
    node, rule = to_name(str(parts["focusNode"])), str(parts["sourceShape"]).rpartition("#")[2]
    severity = Severity.ERROR if str(parts["resultSeverity"]).endswith("Violation") else Severity.WARNING
    return Finding(severity, rule, node, f"{node}: {parts['resultMessage']}{_fault(parts)}")


def _fault(parts: Mapping[str, Any]) -> str:
    if "resultPath" not in parts:
        return ""
    name = to_name(str(parts["resultPath"]))
    component = str(parts["sourceConstraintComponent"])
    if "MinCount" in component:
        return f" It has no {name}."
    if "value" not in parts:
        return f" It has more than one {name}."
    value, datatype = parts["value"], getattr(parts["value"], "datatype", None)
    shown = f"'{value}'" if hasattr(value, "datatype") else to_name(str(value))
    return f" Its {name} is {shown}{f' of type {to_name(str(datatype))}' if datatype else ''}."


def _count(store: GraphStore, pattern: str) -> int:
    rows: Any = store.select(f"SELECT (COUNT(DISTINCT ?node) AS ?count) {{ {pattern} }}")
    return int(next(rows)["count"].value)

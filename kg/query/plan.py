"""What a query asks, told before it is asked: its text with the values set, and its steps with the size of each pattern.

The steps are those of the SPARQL algebra, as rdflib reads it: the engine settles the order of patterns by itself and
does not tell it. How many triples fit each pattern alone is counted in the store, for a slow query is mostly one with a
pattern that fits nearly everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rdflib import Graph
from rdflib.paths import Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, Variable

from kg.namespaces import PREFIXES
from kg.query.sparql import Queryable, ask

_WIDTH = 72
_CHILDREN = ("p", "p1", "p2", "graph", "expr", "other")
_WORDS = {
    "SelectQuery": "select",
    "AskQuery": "ask",
    "ConstructQuery": "construct",
    "DescribeQuery": "describe",
    "AggregateJoin": "aggregate",
    "Group": "group by",
    "OrderBy": "order by",
    "Distinct": "each row once",
    "Slice": "limit",
    "LeftJoin": "optional: the first with the second where there is one",
    "Join": "join",
    "Union": "either of the two",
    "Minus": "the first without the second",
    "Filter": "filter",
    "ToMultiSet": "values or rows of a query within",
    "ServiceGraphPattern": "ask another machine",
    "Builtin_EXISTS": "where there is",
    "Builtin_NOTEXISTS": "where there is not",
}
"""The operations that are told, in words; projections and the like go without saying."""


def explain(store: Queryable, text: str, graphs: Sequence[str] | None = None, where: str = "") -> str:
    """The query as it will be asked, its steps, and how many triples fit each of its patterns. Raises QueryError where
    the query is malformed or does more than read."""
    ask(store, text, where, graphs)
    body = re.sub(r"\A(?:#[^\n]*\n|\s*\n)+", "", text).strip()
    try:
        algebra = prepareQuery(text, initNs=PREFIXES).algebra
    except Exception as error:  # rdflib raises many kinds, plain Exception too; the engine has read the query
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        return f"{body}\n\nThe steps are not told: {reason}\n"
    steps = "\n".join(line.rstrip() for line in _Steps(store, graphs).told(algebra, 1))
    asked = (
        "the union of all graphs" if graphs is None else f"{len(graphs)} graph{'s' if len(graphs) != 1 else ''} only"
    )
    return f"{body}\n\nAsked: {asked}.\nSteps, with how many triples fit each pattern alone:\n{steps}\n"


class _Steps:
    """Tells the operations of an algebra, a line each, those that feed another indented below it."""

    def __init__(self, store: Queryable, graphs: Sequence[str] | None) -> None:
        self._store, self._graphs = store, graphs
        self._names = Graph(bind_namespaces="none").namespace_manager
        for prefix, iri in PREFIXES.items():
            self._names.bind(prefix, iri)

    def told(self, step: CompValue, depth: int) -> Iterator[str]:
        """The lines of an operation and of all below it."""
        words = self._words(step)
        if words:
            yield "  " * depth + words
            depth += 1
        for triple in (step.triples or ()) if step.name == "BGP" else ():
            yield self._pattern(triple, depth)
        for part in _parts(step):
            yield from self.told(part, depth)

    def _words(self, step: CompValue) -> str:
        match step.name:
            case "Extend":
                return f"compute {step.var.n3()}" if not step.var.startswith("__agg") else ""
            case "Graph":
                return f"in the graph {step.term.n3(self._names)}"
            case "SelectQuery":
                return " ".join(["select", *(variable.n3() for variable in step.PV)])
            case "Slice":
                return f"limit {step.length}, from row {(step.start or 0) + 1}" if step.length is not None else "offset"
        return _WORDS.get(step.name, "")

    def _pattern(self, triple: Sequence[Any], depth: int) -> str:
        text = "  " * depth + " ".join(part.n3(self._names) for part in triple) + " ."
        return f"{text:<{_WIDTH}}{self._count(triple):>8}"

    def _count(self, triple: Sequence[Any]) -> str:
        """How many triples fit; a path through the graph is no single pattern, and not counted."""
        if any(isinstance(part, Path) for part in triple):
            return "path"
        parts = " ".join(part.n3() for part in triple if isinstance(part, (Node, Variable)))
        answer = ask(self._store, f"SELECT (COUNT(*) AS ?count) {{ {parts} }}", graphs=self._graphs)
        return f"{int(next(answer)['count'].value):,}"


def _parts(step: CompValue) -> Iterator[CompValue]:
    for name in _CHILDREN:
        part = getattr(step, name)
        for each in part if isinstance(part, list) else [part]:
            if isinstance(each, CompValue):
                yield each

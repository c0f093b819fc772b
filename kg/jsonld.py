"""Triples and graphs as JSON-LD, with the graph's prefixes as its context."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kg.errors import QueryError
from kg.namespaces import PREFIXES, split

_TYPE = PREFIXES["rdf"] + "type"

Nodes = dict[str, dict[str, Any]]


def jsonld_of(triples: Iterable[Any]) -> str:
    """The triples as one graph. Raises QueryError for a triple about a triple, which JSON-LD cannot hold."""
    nodes: Nodes = {}
    for triple in triples:
        _add(nodes, triple)
    return _document(list(nodes.values()))


def jsonld_of_graphs(quads: Iterable[Any]) -> str:
    """The quads, with every graph under its name."""
    graphs: dict[str, Nodes] = {}
    for quad in quads:
        _add(graphs.setdefault(_id(quad.graph_name), {}), quad)
    return _document([{"@id": graph, "@graph": list(nodes.values())} for graph, nodes in graphs.items()])


def _document(content: list[Any]) -> str:
    return json.dumps({"@context": PREFIXES, "@graph": content}, ensure_ascii=False, indent=1) + "\n"


def _add(nodes: Nodes, statement: Any) -> None:
    """Put a triple or quad into the node of its subject."""
    subject, value = _id(statement.subject), _value(statement.object)
    is_type = statement.predicate.value == _TYPE and isinstance(value, dict) and "@id" in value
    name, told = ("@type", value["@id"]) if is_type else (_id(statement.predicate), value)
    nodes.setdefault(subject, {"@id": subject}).setdefault(name, []).append(told)


def _id(node: Any) -> str:
    match type(node).__name__:
        case "Triple":
            raise QueryError("JSON-LD cannot hold a triple about a triple: ask for turtle instead")
        case "BlankNode":
            return f"_:{node.value}"
    prefix, local = split(node.value)
    return f"{prefix}:{local}" if prefix else str(node.value)


def _value(term: Any) -> Any:
    if not hasattr(term, "datatype"):
        return {"@id": _id(term)}
    if term.language:
        direction = {"@direction": term.direction.value} if getattr(term, "direction", None) else {}
        return {"@value": term.value, "@language": term.language, **direction}
    datatype = _id(term.datatype)
    return term.value if datatype == "xsd:string" else {"@value": term.value, "@type": datatype}

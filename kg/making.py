"""From what was read in documents to what a build writes: the store, the Turtle and the page of an output folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import reference
from kg.entities import places
from kg.errors import StoreError
from kg.files import write_whole
from kg.model import Entity, Extraction

if TYPE_CHECKING:
    from kg.entities.decisions import Decision
    from kg.remote.build import RemoteBuild
    from kg.store import GraphStore

PAGE = "network.html"
TURTLE = "partnerships.ttl"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build holds, linked and left alone: counts by name, largest first.

    `read` of its `documents` were read, the others had been read before; of these `kept` are the ids of those that cannot be read
    any more. `removed` are the ids of documents of the build before that are not in this one; `changed` is False where there was
    nothing to do."""

    documents: int
    unread: tuple[str, ...]
    claims: Mapping[str, int]
    statuses: Mapping[str, int]
    entities: Mapping[str, int]
    linked: int
    left_alone: Mapping[str, int]
    output: Path
    decisions: int = 0
    read: int = 0
    kept: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: bool = False


def make(
    extractions: Sequence[Extraction], decisions: Sequence[Decision], output: Path
) -> tuple[dict[str, str], BuildReport]:
    """The graphs of a build, by IRI, and what there is to tell of them."""
    from kg import graph
    from kg.entities.across import bring_together
    from kg.namespaces import REFERENCE_GRAPH, document_iri

    graphs: dict[str, str] = {}
    claims, statuses, left = Counter[str](), Counter[str](), Counter[str]()
    together = bring_together(extractions, decisions)
    for extraction in together.extractions:
        graphs[document_iri(extraction.document.id)] = graph.to_ntriples(graph.document_graph(extraction))
        claims.update(c.predicate for c in extraction.claims)
        statuses.update(str(c.status) for c in extraction.claims)
        left.update(extraction.left_alone)
    entities = together.entities
    graphs[REFERENCE_GRAPH] = _reference_graph(entities)
    kinds = Counter(str(e.type) for e in entities.values())
    linked = sum(bool(e.same_as) for e in entities.values())
    counts = [dict(sorted(c.items(), key=lambda item: (-item[1], item[0]))) for c in (claims, statuses, kinds, left)]
    return graphs, BuildReport(
        len(extractions), (), counts[0], counts[1], counts[2], linked, counts[3], output, len(decisions)
    )


def _reference_graph(entities: Mapping[str, Entity]) -> str:
    """What the reference data know of these entities and of their countries, as N-Triples."""
    from kg import graph

    countries = places.countries((e.country for e in entities.values() if e.country), reference.load())
    known = {**{e.id: e for e in countries.values()}, **entities}
    ids = {code: e.id for code, e in countries.items()}
    return graph.to_ntriples(graph.reference_graph((known[i] for i in sorted(known)), ids))


def check_outputs(output: Path) -> None:
    """Raises StoreError where a folder stands in the place of what would be written beside the store."""
    for path in (output / name for name in (TURTLE, PAGE)):
        if path.is_dir():
            raise StoreError(
                f"{path} is a folder, where a file is to be written: move it away, or choose another --output"
            )


def write(graphs: Mapping[str, str], store: GraphStore | RemoteBuild, before: Mapping[str, Any], output: Path) -> None:
    """Writes store, Turtle and page of these graphs; `before` is the record of what the store holds, empty where that is
    not known for sure. Raises StoreError where the disk or the server refuses."""
    from kg.export import to_bytes
    from kg.facts import read_facts
    from kg.view import write_page

    held = before.get("graphs", {})
    changed = {iri: hash_ for iri, hash_ in hashes(graphs).items() if hash_ != held.get(iri)}
    if "state" not in before:
        for draft in (draft for name in (TURTLE, PAGE) for draft in output.glob(f".{name}.*")):
            draft.unlink(missing_ok=True)  # of a build that was cut off
    filled = store.fill(graphs, changed)
    write_whole(output / TURTLE, to_bytes(filled, "turtle"))
    write_page(read_facts(filled), output / PAGE)


def hashes(graphs: Mapping[str, str]) -> dict[str, str]:
    """What tells later which of the graphs changed: how many statements each holds, and its hash."""
    return {
        iri: f"{ntriples.count(chr(10))} {sha256(ntriples.encode()).hexdigest()}"
        for iri, ntriples in sorted(graphs.items())
    }


def digests(output: Path) -> dict[str, str]:
    """The hashes of what was written beside the store, '' for what is not there."""
    paths = {name: output / name for name in (TURTLE, PAGE)}
    return {n: sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for n, path in paths.items()}


def held_documents(store: GraphStore | RemoteBuild) -> set[str]:
    """The ids of the documents that the store holds."""
    from kg.namespaces import DOC, document_id

    held = store.record.get("graphs") or store.graphs()
    return {document_id(iri) for iri in held if iri.startswith(DOC)}

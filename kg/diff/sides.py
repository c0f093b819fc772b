"""One side of a comparison: all statements of a build folder, a store, or a file of RDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from kg.errors import StoreError
from kg.namespaces import to_name
from kg.store import GraphStore

STDIN = "-"

Bag = Mapping[str, tuple[str, ...]]
"""What is said of one node: property → its values, sorted; IRIs as prefixed names."""

_NAMES = ("rdfs:label", "skos:prefLabel")


@dataclass(frozen=True, slots=True)
class Side:
    """The statements of one side. `graphs` says whether they stand in named graphs, as in a store, or in one, as in
    Turtle."""

    quads: frozenset[ox.Quad]
    graphs: bool

    @property
    def triples(self) -> frozenset[ox.Triple]:
        """The union of all graphs."""
        return frozenset(quad.triple for quad in self.quads)


def read_side(source: str, stdin: IO[bytes] | None = None) -> Side:
    """The side that a folder of a build, the store in it, a file of RDF (known by its ending), or '-' (standard input:
    Turtle, TriG, N-Triples or N-Quads) holds. Blank nodes get canonical names (W3C RDFC-1.0), so that they can be compared.

    Raises StoreError where there is none, or where it cannot be read."""
    path = Path(source)
    if source != STDIN and path.is_dir():
        output = path.parent if (path / "kg-store").is_file() else path
        with GraphStore.read(output) as store:
            return Side(frozenset(store), True)
    quads = _parsed(source, stdin)
    if any(isinstance(term, ox.BlankNode) for quad in quads for term in (quad.subject, quad.object)):
        dataset = ox.Dataset(quads)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        quads = list(dataset)
    return Side(frozenset(quads), any(isinstance(quad.graph_name, ox.NamedNode) for quad in quads))


def _parsed(source: str, stdin: IO[bytes] | None) -> list[ox.Quad]:
    form = ox.RdfFormat.TRIG if source == STDIN else ox.RdfFormat.from_extension(Path(source).suffix.removeprefix("."))
    if form is None and Path(source).is_file():
        raise StoreError(
            f"{source}: what is in it cannot be told by its name: name a .ttl, .trig, .nt, .nq or .rdf file"
        )
    try:
        if source == STDIN:
            return list(ox.parse(stdin.read() if stdin else b"", format=form))
        return list(ox.parse(path=source, format=form))
    except FileNotFoundError as error:
        raise StoreError(f"{source}: no such file or folder: name a build folder or a file of RDF") from error
    except SyntaxError as error:
        place = "standard input" if source == STDIN else source
        raise StoreError(f"{place}: is no {form.name if form else 'RDF'} ({error.msg})") from error
    except OSError as error:
        raise StoreError(f"{source}: cannot be read ({error.strerror or error}); check its permissions") from error


def bags(triples: Iterable[ox.Triple], subjects: Collection[str]) -> dict[str, Bag]:
    """What is said of these subjects, named by IRI."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        iri = _value(triple.subject)
        if iri in subjects:
            found[iri][to_name(triple.predicate.value)].add(told(triple.object))
    return {
        iri: {name: tuple(sorted(values)) for name, values in sorted(bag.items())} for iri, bag in sorted(found.items())
    }


def names(triples: Iterable[ox.Triple], ids: Collection[str]) -> dict[str, str]:
    """The names of entities, by id: how documents call them, else how the reference data do."""
    found: dict[str, tuple[int, str]] = {}
    for triple in triples:
        property_ = to_name(triple.predicate.value)
        if property_ in _NAMES and (id_ := to_name(_value(triple.subject))) in ids:
            name = (_NAMES.index(property_), told(triple.object))
            found[id_] = min(found.get(id_, name), name)
    return {id_: name for id_, (_, name) in found.items()}


def told(term: Any) -> str:
    """A term in words: an IRI by its prefixed name, a literal by its text."""
    if isinstance(term, ox.NamedNode):
        return to_name(term.value)
    return str(term.value) if isinstance(term, ox.Literal) else str(term)


def _value(term: Any) -> str:
    return str(getattr(term, "value", term))

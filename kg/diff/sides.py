"""One side of a comparison: all statements of a build folder, a store, or a file of RDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
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


def read_sides(old: str, new: str, stdin: IO[bytes] | None = None) -> tuple[Side, Side]:
    """Both sides, as `read_side` has them; what is one and the same is read once."""
    one = read_side(old, stdin)
    with suppress(OSError):
        if STDIN not in (old, new) and Path(old).samefile(new):
            return one, one
    return one, read_side(new, stdin)


def called(source: str) -> str:
    """What a message calls this side."""
    return "standard input" if source == STDIN else source


def read_side(source: str, stdin: IO[bytes] | None = None) -> Side:
    """The side that a folder of a build, the store in it, a file of RDF (known by its ending), or a pipe ('-' is standard
    input: Turtle, TriG, N-Triples or N-Quads) holds. Blank nodes get canonical names (W3C RDFC-1.0), so that they can be
    compared.

    Raises StoreError where there is none, where it is empty, or where it cannot be read."""
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
    form = ox.RdfFormat.from_extension(Path(source).suffix.removeprefix("."))
    if form is None and Path(source).is_file():
        raise StoreError(
            f"{source}: what is in it cannot be told by its name: name a .ttl, .trig, .nt, .nq or .rdf file"
        )
    data = _read(source, stdin)
    if not data.strip():
        raise StoreError(f"{called(source)}: is empty: name a build folder or a file of RDF")
    try:
        return list(ox.parse(data, format=form or ox.RdfFormat.TRIG))
    except SyntaxError as error:
        with suppress(SyntaxError):
            if form is None:
                return list(ox.parse(data, format=ox.RdfFormat.N_QUADS))
        raise StoreError(f"{called(source)}: is no {form.name if form else 'Turtle'} ({error.msg})") from error


def _read(source: str, stdin: IO[bytes] | None) -> bytes:
    try:
        if source == STDIN:
            return stdin.read() if stdin else b""
        return Path(source).read_bytes()
    except FileNotFoundError as error:
        raise StoreError(f"{source}: no such file or folder: name a build folder or a file of RDF") from error
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

"""The graph in the RDF formats: the same content gives the same bytes in each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.errors import KgError, StoreError, UnknownNameError
from kg.jsonld import jsonld_of_graphs
from kg.namespaces import PREFIXES, split
from kg.turtle import trig_of, turtle_of

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from kg.store import GraphStore

RDF_FORMATS: dict[str, tuple[str, str]] = {
    "turtle": ("Turtle: all graphs as one, easy to read", ".ttl"),
    "trig": ("TriG: Turtle with a block for every document's graph", ".trig"),
    "ntriples": ("N-Triples: all graphs as one, a triple a line", ".nt"),
    "nquads": ("N-Quads: a triple and its graph a line", ".nq"),
    "jsonld": ("JSON-LD: JSON for the Web of data, with every document's graph", ".jsonld"),
    "rdfxml": ("RDF/XML: all graphs as one, for older tools", ".rdf"),
}
"""Format → what it is and the ending of its files."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def export(store: GraphStore, name: str, out: Path | IO[bytes]) -> None:
    """Writes all that the store holds to a file or stream, in the format of `RDF_FORMATS` with this name or this ending
    of files. Raises UnknownNameError for another format and StoreError where the file cannot be written, which then
    stays as it was."""
    data = to_bytes(store, name)
    if not isinstance(out, Path):
        out.write(data)
        return
    part = out.with_name(f"{out.name}.part")
    try:
        part.write_bytes(data)
        part.replace(out)
    except OSError as error:
        if part.is_file():
            part.unlink()
        reason = error.strerror
        raise StoreError(f"cannot write {out} ({reason}): name a file in a folder that can be written") from error


def to_bytes(store: GraphStore, name: str) -> bytes:
    """All that the store holds, in a format of `RDF_FORMATS`."""
    return _WRITERS[format_name(name)](store)


def format_name(name: str, known: Iterable[str] = RDF_FORMATS) -> str:
    """The format that is meant by a name in any spelling ('JSON-LD') or by the ending of its files ('ttl'). Raises
    UnknownNameError, with all `known` names and the closest one, for anything else."""
    wanted = re.sub(r"[^a-z0-9]", "", name.lower())
    endings = {suffix.removeprefix("."): known_name for known_name, (_, suffix) in RDF_FORMATS.items()}
    found = endings.get(wanted, wanted)
    names = sorted(known)
    if found in names:
        return found
    close = get_close_matches(wanted, [*names, *endings], n=1)
    hint = f"; did you mean {endings.get(close[0], close[0])}?" if close else ""
    raise UnknownNameError(f"unknown format {name!r}{hint}\nThe formats are {', '.join(names)}.")


def _to_rdfxml(quads: Iterable[Quad]) -> bytes:
    from pyoxigraph import RdfFormat, serialize

    triples: list[Any] = sorted({quad.triple for quad in quads}, key=_by_type_first)
    for triple in triples:
        if bad := _NO_XML.search(triple.object.value):
            raise KgError(
                f"RDF/XML cannot hold the character U+{ord(bad[0]):04X} in a value of {triple.subject.value}: "
                "export Turtle or JSON-LD instead"
            )
    terms = {term.value for triple in triples for term in (triple.subject, triple.predicate, triple.object)}
    used = {split(term)[0] for term in terms} | {"rdf"}
    prefixes = {prefix: iri for prefix, iri in PREFIXES.items() if prefix in used}
    return serialize(triples, format=RdfFormat.RDF_XML, prefixes=prefixes) or b""


def _by_type_first(triple: Any) -> tuple[str, bool, str, str]:
    predicate = triple.predicate.value
    return triple.subject.value, not predicate.endswith("#type"), predicate, str(triple.object)


_WRITERS: dict[str, Callable[[GraphStore], bytes]] = {
    "turtle": lambda store: turtle_of(store.dump_triples()).encode(),
    "trig": lambda store: trig_of(store.dump_graphs()).encode(),
    "ntriples": lambda store: store.dump_triples().encode(),
    "nquads": lambda store: store.dump().encode(),
    "jsonld": lambda store: jsonld_of_graphs(store.quads()).encode(),
    "rdfxml": lambda store: _to_rdfxml(store.quads()),
}

"""Turtle and TriG that people read and git compares: blocks by subject, and one statement a line.

Every statement has a line of its own that names its property, and the full stop that ends a block has one too: a fact
that comes, goes or changes is one line in a comparison, under the subject that git shows above it. Oxigraph's own writer puts
several values on one line and prefixes in no order. Terms are taken as N-Triples has them, which is what the store
writes fastest and is almost Turtle already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.namespaces import ENTITY_PREFIXES, PREFIXES, split

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

_FIRST = ("a", "rdfs:label", "rdf:subject", "rdf:predicate", "rdf:object", "kg:status", "schema:headline")
"""The properties that open a block; the others follow in alphabetical order."""
_RANK = {name: f"{rank}" for rank, name in enumerate(_FIRST)}

_LETTER = "A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff"
_LOCAL = re.compile(f"(?:[{_LETTER}]|%[0-9A-F]{{2}})(?:[{_LETTER}-]|%[0-9A-F]{{2}}|\\.(?=[{_LETTER}-]))*")
_BARE = {"integer": re.compile(r"[+-]?\d+"), "decimal": re.compile(r"[+-]?\d*\.\d+")}
_TYPE = f"<{PREFIXES['rdf']}type>"
_SECTIONS = ((ENTITY_PREFIXES, "Entities"), (("doc",), "Documents"), (("claim",), "Claims, each followed by its quote"))

Terms = tuple[str, str, str]
"""Subject, predicate and object, as N-Triples has them."""
Block = dict[str, list[str]]
"""What is said of one subject: property → values, all as written."""


def to_turtle(triples: Iterable[Quad | Triple]) -> str:
    """The triples as Turtle; of quads, the union of their graphs."""
    return _turtle((str(t.subject), str(t.predicate), str(t.object)) for t in triples)


def turtle_of(ntriples: str) -> str:
    """N-Triples as Turtle."""
    return _turtle(_terms(ntriples))


def trig_of(graphs: Iterable[tuple[str, str]]) -> str:
    """TriG of named graphs, each given by its IRI and its N-Triples: a block for each, sorted by IRI."""
    names = Names()
    body = "\n".join(_graph(names[f"<{iri}>"], _blocks(_terms(text), names)) for iri, text in sorted(graphs))
    return f"{names.declarations()}\n{body}"


def _turtle(triples: Iterable[Terms]) -> str:
    names = Names()
    body = "\n".join(_sections(_blocks(triples, names)))
    return f"{names.declarations()}\n{body}" if body else ""


def _terms(ntriples: str) -> Iterator[Terms]:
    for line in ntriples.split("\n"):
        if line:
            subject, predicate, rest = line.split(" ", 2)
            yield subject, predicate, rest[:-2]


class Names(dict[str, str]):
    """Each term as Turtle has it: a prefixed name where it can be one, numbers bare, everything else in full."""

    def __init__(self) -> None:
        super().__init__()
        self.prefixes: set[str] = set()

    def __missing__(self, term: str) -> str:
        self[term] = written = self._iri(term) if term[0] == "<" else self._literal(term)
        return written

    def declarations(self) -> str:
        """The lines for the prefixes that were used."""
        return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items() if name in self.prefixes)

    def _iri(self, term: str) -> str:
        prefix, local = split(term[1:-1])
        if not prefix or not _LOCAL.fullmatch(local):
            return term
        self.prefixes.add(prefix)
        return f"{prefix}:{local}"

    def _literal(self, term: str) -> str:
        text, typed, datatype = term.rpartition('"^^<')
        if not typed or not term.endswith(">"):
            return term
        bare = _BARE.get(datatype[:-1].removeprefix(PREFIXES["xsd"]))
        return text[1:] if bare and bare.fullmatch(text[1:]) else f'{text}"^^{self._iri(f"<{datatype}")}'


def _blocks(triples: Iterable[Terms], names: Names) -> dict[str, Block]:
    blocks: dict[str, Block] = {}
    for subject, predicate, value in triples:
        block = blocks.setdefault(names[subject], {})
        block.setdefault("a" if predicate == _TYPE else names[predicate], []).append(names[value])
    return blocks


def _arranged(blocks: dict[str, Block]) -> Iterator[tuple[str, list[str]]]:
    """The titles of the sections with their subjects; claims stand in the order of the text, each before its quote."""
    by_prefix: dict[str, list[str]] = {}
    for subject in blocks:
        by_prefix.setdefault(subject.partition(":")[0], []).append(subject)
    for prefixes, title in _SECTIONS:
        own = [subject for prefix in prefixes for subject in by_prefix.pop(prefix, ())]
        yield title, sorted(own, key=lambda subject: _place(subject, blocks))
    yield "Other", sorted(subject for rest in by_prefix.values() for subject in rest)


def _sections(blocks: dict[str, Block]) -> Iterator[str]:
    for title, subjects in _arranged(blocks):
        if subjects:
            yield f"\n# {title}\n"
            yield from (_block(subject, blocks[subject]) for subject in subjects)


def _graph(name: str, blocks: dict[str, Block]) -> str:
    inner = (_block(subject, blocks[subject], "    ") for _, subjects in _arranged(blocks) for subject in subjects)
    return f"\n{name} {{\n" + "\n".join(inner) + "}\n"


def _place(subject: str, blocks: dict[str, Block]) -> tuple[int, str, int, int, str]:
    prefix = subject.partition(":")[0]
    if prefix != "claim":
        return (ENTITY_PREFIXES.index(prefix) if prefix in ENTITY_PREFIXES else 0, subject, 0, 0, subject)
    claim, quote = subject.removesuffix("-quote"), subject.removesuffix("-quote") + "-quote"
    document = next(iter(blocks.get(claim, {}).get("prov:wasDerivedFrom", ())), "")
    start, end = (int(next(iter(blocks.get(quote, {}).get(name, ())), "0")) for name in ("oa:start", "oa:end"))
    return (0, document, start, end, subject)


def _block(subject: str, block: Block, indent: str = "") -> str:
    """One subject with its properties, a statement a line; its types stand with it."""
    inner = f" ;\n{indent}    "
    lines = [
        f"{name} {value}"
        for name in sorted(block, key=lambda name: _RANK.get(name, name))
        if name != "a"
        for value in (sorted(set(block[name])) if len(block[name]) > 1 else block[name])
    ]
    types = f" a {' , '.join(sorted(set(block['a'])))}" if "a" in block else ""
    head = f"{indent}{subject}{types}"
    return (inner if types else f"\n{indent}    ").join([head, inner.join(lines)] if lines else [head]) + inner + ".\n"

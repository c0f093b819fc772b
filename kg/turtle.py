"""Turtle and TriG as a person would write them: blocks by subject, a value a line, what belongs together side by side.

Oxigraph's own writer keeps the order that it is given, but puts several values on one line and prefixes in no order.
With one value a line, a changed fact is a changed line in a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.namespaces import ENTITY_PREFIXES, PREFIXES, split

if TYPE_CHECKING:
    from pyoxigraph import Quad

_FIRST = ("rdf:type", "rdfs:label", "rdf:subject", "rdf:predicate", "rdf:object", "kg:status", "schema:headline")
"""The properties that open a block; the others follow in alphabetical order."""

_LETTER = "A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff"
_LOCAL = re.compile(f"(?:[{_LETTER}]|%[0-9A-F]{{2}})(?:[{_LETTER}-]|%[0-9A-F]{{2}}|\\.(?=[{_LETTER}-]))*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')
_DECIMAL = re.compile(r"[+-]?\d*\.\d+")
_SECTIONS = ((ENTITY_PREFIXES, "Entities"), (("doc",), "Documents"), (("claim",), "Claims, each followed by its quote"))

Block = dict[str, list[str]]
"""What is said of one subject: property → values, all as written."""


def to_turtle(quads: Iterable[Quad]) -> str:
    """The union of all graphs."""
    blocks = _blocks(quads)
    body = "\n".join(_sections(blocks))
    return f"{_prefixes(body)}\n{body}"


def to_trig(quads: Iterable[Quad]) -> str:
    """A block for every named graph, the graphs sorted by IRI."""
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(written(quad.graph_name), []).append(quad)
    body = "\n".join(_graph(name, _blocks(graphs[name])) for name in sorted(graphs))
    return f"{_prefixes(body)}\n{body}"


def written(term: object) -> str:
    """A term in Turtle: a prefixed name where it can be one, numbers bare, everything else in full."""
    if not hasattr(term, "datatype"):
        return _written_iri(getattr(term, "value", ""))
    text, datatype, language = str(getattr(term, "value", "")), term.datatype.value, getattr(term, "language", None)
    kind = datatype.rpartition("#")[2]
    if kind == "integer" or (kind == "decimal" and _DECIMAL.fullmatch(text)):
        return text
    quoted = '"' + _ESCAPED.sub(lambda match: _ESCAPES.get(match[0], f"\\u{ord(match[0]):04X}"), text) + '"'
    if language:
        return f"{quoted}@{language}"
    return quoted if kind == "string" else f"{quoted}^^{_written_iri(datatype)}"


def _written_iri(iri: str) -> str:
    prefix, local = split(iri)
    return f"{prefix}:{local}" if prefix and _LOCAL.fullmatch(local) else f"<{iri}>"


def _blocks(quads: Iterable[Quad]) -> dict[str, Block]:
    blocks: dict[str, Block] = {}
    for quad in quads:
        values = blocks.setdefault(written(quad.subject), {}).setdefault(written(quad.predicate), [])
        value = written(quad.object)
        if value not in values:
            values.append(value)
    return blocks


def _prefixes(body: str) -> str:
    """The lines for the prefixes that the body uses."""
    used = set(re.findall(r"(?:^|[\s^])([a-z]+):", re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', "", body)))
    return "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in PREFIXES if prefix in used)


def _arranged(blocks: dict[str, Block]) -> Iterator[tuple[str, list[str]]]:
    """The titles of the sections with their subjects; claims stand in the order of the text, each before its quote."""
    rest = set(blocks)
    for prefixes, title in _SECTIONS:
        own = {subject for subject in rest if subject.partition(":")[0] in prefixes}
        rest -= own
        yield title, sorted(own, key=lambda subject: _place(subject, blocks))
    yield "Other", sorted(rest)


def _sections(blocks: dict[str, Block]) -> Iterator[str]:
    for title, subjects in _arranged(blocks):
        if subjects:
            yield f"\n# {title}\n"
            yield from (_block(subject, blocks[subject]) for subject in subjects)


def _graph(name: str, blocks: dict[str, Block]) -> str:
    inner = "\n".join(_block(subject, blocks[subject]) for _, subjects in _arranged(blocks) for subject in subjects)
    return f"\n{name} {{\n" + "".join(f"    {line}\n" if line else "\n" for line in inner.split("\n")[:-1]) + "}\n"


def _place(subject: str, blocks: dict[str, Block]) -> tuple[int, str, int, int, str]:
    prefix = subject.partition(":")[0]
    if prefix != "claim":
        return (ENTITY_PREFIXES.index(prefix) if prefix in ENTITY_PREFIXES else 0, subject, 0, 0, subject)
    claim, quote = subject.removesuffix("-quote"), subject.removesuffix("-quote") + "-quote"
    document = next(iter(blocks.get(claim, {}).get("prov:wasDerivedFrom", ())), "")
    start, end = (int(next(iter(blocks.get(quote, {}).get(name, ())), "0")) for name in ("oa:start", "oa:end"))
    return (0, document, start, end, subject)


def _block(subject: str, block: Block) -> str:
    """One subject with its properties, a value a line."""
    names = sorted(block, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))
    lines = (_line("a" if name == "rdf:type" else name, sorted(block[name])) for name in names)
    return f"{subject} " + " ;\n    ".join(lines) + " .\n"


def _line(name: str, values: list[str]) -> str:
    if len(values) == 1 or name == "a":
        return f"{name} {' , '.join(values)}"
    return f"{name}\n        " + " ,\n        ".join(values)

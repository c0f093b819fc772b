"""A query's text read by its tokens: what is code in it, which graphs, columns and prefixes it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.namespaces import PREFIXES

DECLARATIONS = r"(?i)(?:BASE\s|PREFIX\s+[\w.-]*:)"
_TOKENS = (
    r"""(?P<text>'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")"""
    r"""|(?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)|(?P<comment>\#[^\n\r]*)"""
    r"""|(?P<variable>[?$]\w+)|(?P<name>[\w.-]*:(?:(?:[\w:%]|\\.)(?:[\w.:%-]|\\.)*)?)|(?P<escape>\\.)"""
)
_STAR = r"(?i)\s*SELECT\s*(?:DISTINCT|REDUCED)?\s*(\*)"


class Dataset(NamedTuple):
    """The graphs that a query names itself: those of which it asks the merge (FROM), and those for GRAPH (FROM NAMED)."""

    merged: tuple[str, ...]
    named: tuple[str, ...]


class Token(NamedTuple):
    """A piece of a query's text: its kind ('iri', 'name', 'word' …), the piece, where it begins, counted from 0."""

    kind: str
    text: str
    start: int


def code(text: str) -> str:
    """The text with white space where texts, IRIs, comments and names stand."""
    return re.sub(_TOKENS, _blank, text, flags=re.S)


def unescaped(text: str) -> str:
    """The text with its \\u escapes resolved."""
    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", lambda m: _character(m[1] or m[2]), text)


def dataset(text: str) -> Dataset | None:
    """The graphs that the query names with FROM, as IRIs; None where it names none."""
    prefixes, base, graphs = dict(PREFIXES), "", Dataset((), ())
    before = ["", ""]
    for kind, token, _ in _tokens(text):
        iri = _iri(kind, token, prefixes, base)
        match [word.upper() for word in before]:
            case ["PREFIX", _] if kind == "iri":
                prefixes[before[1].removesuffix(":")] = iri
            case [_, "BASE"]:
                base = iri
            case [_, "FROM"] if iri:
                graphs = graphs._replace(merged=(*graphs.merged, iri))
            case ["FROM", "NAMED"]:
                graphs = graphs._replace(named=(*graphs.named, iri))
        before = [before[1], token]
    return graphs if any(graphs) else None


def unknown_prefix(text: str) -> Token | None:
    """The first name in the query whose prefix is neither known nor declared."""
    prefixes, before = {*PREFIXES, "_"}, ""
    for token in _tokens(text):
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and before.upper() == "PREFIX":
            prefixes.add(prefix)
        elif token.kind == "name" and prefix not in prefixes:
            return token
        before = token.text
    return None


def with_columns(text: str) -> str:
    """The query with the columns of its `SELECT *` spelled out, in the order in which it first names them; as it stands where it
    cannot be read."""
    star = re.match(_STAR, re.sub(DECLARATIONS, lambda m: " " * len(m[0]), code(text)))
    if star is None:
        return text
    import pyoxigraph as ox

    try:
        answer = ox.Store().query(text, prefixes=PREFIXES)  # an empty store tells which columns there are
    except SyntaxError:
        return text
    selected = {variable.value for variable in getattr(answer, "variables", ())}
    told = [token.text[1:] for token in _tokens(text) if token.kind == "variable"]
    columns = [name for name in dict.fromkeys([*told, *sorted(selected)]) if name in selected]
    spelled = "".join(f" ?{name}" for name in columns) or "*"
    return f"{text[: star.start(1)]}{spelled} {text[star.end(1) :]}"


def _tokens(text: str) -> Iterator[Token]:
    """The pieces of a query that are no comment, signs left out."""
    for match in re.finditer(rf"{_TOKENS}|(?P<word>\w+)", text, flags=re.S):
        if match.lastgroup != "comment":
            yield Token(match.lastgroup or "", match[0], match.start())


def _iri(kind: str, token: str, prefixes: dict[str, str], base: str) -> str:
    """The IRI that a token stands for; '' for what is no IRI."""
    if kind == "iri":
        from urllib.parse import urljoin

        return urljoin(base, unescaped(token[1:-1]))
    prefix, _, local = token.partition(":")
    return prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local) if kind == "name" else ""


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 else ""


def _blank(match: re.Match[str]) -> str:
    """White space as long as the token, where keywords are looked for; a prefix may hide one, as 'SERVICE:x' does."""
    blank = re.sub(r"[^\n]", " ", match[0])
    prefix = match[0].partition(":")[0] + ":" if match.lastgroup == "name" else ""
    return prefix + blank[len(prefix) :]

"""SPARQL as a person types it: asked of a store, refused where it does more than read, its errors told in a line."""

from __future__ import annotations

import re
from typing import Any

from kg.errors import QueryError
from kg.lookup import Queryable
from kg.namespaces import to_name

_ERROR_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.S)
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_PROLOGUE_PARTS = re.compile(r"\s*(?:BASE\s+|PREFIX\s+[\w.-]*:\s*)+", re.I)
_TOKENS = re.compile(
    r"""(?P<text>'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")"""
    r"""|(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)|(?P<comment>\#[^\n\r]*)|(?P<variable>[?$]\w+)"""
    r"""|(?P<name>[\w.-]*:[\w.:%\\-]*)""",
    re.S,
)


def ask(store: Queryable, text: str, where: str = "") -> Any:
    """What pyoxigraph answers to SPARQL with every prefix known: solutions, triples or a boolean.

    Raises QueryError for anything but reading, and for a syntax error, with line and column of the text given."""
    prefix = f"{where}: " if where else ""
    refusal = _refusal(text)
    if refusal:
        raise QueryError(prefix + refusal)
    try:
        return store.query(text)
    except SyntaxError as error:
        raise QueryError(prefix + _syntax_message(error)) from error


def cell(term: Any) -> str:
    """A term of an answer as people read it: the text of a literal, the short form of an IRI, nothing for no value."""
    if term is None:
        return ""
    value = getattr(term, "value", None)
    if value is None or type(term).__name__ == "Triple":
        return str(term)
    return to_name(value) if type(term).__name__ == "NamedNode" else str(value)


def _refusal(text: str) -> str:
    """Why this query must not run; '' if nothing speaks against it.

    SPARQL resolves \\u escapes before it reads words, and pyoxigraph needs no space around SERVICE."""
    plain = re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", lambda m: _character(m[1] or m[2]), text)
    code = _TOKENS.sub(lambda m: _service_or_space(m), plain)
    if re.search("service", code, re.I):
        return "SERVICE would ask another machine; kg works offline and asks its own graph only"
    first = re.match(r"\s*([A-Za-z]+)", _PROLOGUE_PARTS.sub(" ", code))
    if first and first[1].upper() in _UPDATES:
        return f"{first[1].upper()} would change the graph; kg query only reads (SELECT, ASK, CONSTRUCT, DESCRIBE)"
    return ""


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code < 0x110000 else ""


def _service_or_space(match: re.Match[str]) -> str:
    """What stands for a token where keywords are looked for: 'SERVICE:x' may be the keyword and ':x'."""
    if match.lastgroup == "name":
        return f" {match[0].partition(':')[0]}: "
    return " "


def _syntax_message(error: SyntaxError) -> str:
    """pyoxigraph's message with the line and column of the text as it was typed, in one line."""
    match = _ERROR_AT.match(str(error))
    if match is None:
        return f"syntax error: {error}"
    return f"syntax error at line {match[1]}, column {match[2]}: {_expected(match[3])}"


def _expected(text: str) -> str:
    """What the parser says it expected, without the grammar's character classes."""
    listed = text.removeprefix("expected ").removeprefix("one of ")
    if "Prefix not found" in listed:
        return "this prefix is not known; declare it with PREFIX"
    whole = [part for part in re.split(r",\s+", listed) if "[" not in part and "]" not in part and "'" not in part]
    sentence = next((part for part in whole if " " in part), "")
    if sentence:
        return sentence
    return f"expected {' or '.join(whole)}" if whole else "the query is not complete or has a stray character here"

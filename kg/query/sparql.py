"""SPARQL as a person types it: asked of a store, refused where it does more than read, its errors told in a line."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from kg.errors import QueryError
from kg.namespaces import to_name

if TYPE_CHECKING:
    from kg.query.lookup import Queryable

_ERROR_AT = r"(?s)error at (\d+):(\d+): (.*)"
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_DECLARATIONS = r"(?i)(?:BASE\s|PREFIX\s+[\w.-]*:)"
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_TOKENS = (
    r"""(?P<text>'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")"""
    r"""|(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)|(?P<comment>\#[^\n\r]*)|(?P<variable>[?$]\w+)"""
    r"""|(?P<name>[\w.-]*:[\w.:%\\-]*)"""
)


def ask(store: Queryable, text: str, where: str = "") -> Any:
    """What pyoxigraph answers to SPARQL with every prefix known: solutions, triples or a boolean.

    Raises QueryError for anything but reading, and for a syntax error, with line and column of the text given."""
    prefix = f"{where}: " if where else ""
    if "service" in text.lower() or "\\" in text:  # the only ways to reach out
        refuse(text, prefix)
    try:
        return store.query(text)
    except SyntaxError as error:
        refuse(text, prefix)
        raise QueryError(prefix + _syntax_message(error, text)) from error


def is_sparql(text: str) -> bool:
    """Whether a person's argument is SPARQL rather than the name of a query or file: it has a space or a brace."""
    return any(sign in text for sign in " {\n\t") and not os.path.isfile(text)  # noqa: PTH113 (pathlib balks at long names)


def refuse(text: str, prefix: str = "") -> None:
    """Raises QueryError if the query asks for more than reading the graph at hand."""
    refusal = _refusal(text)
    if refusal:
        raise QueryError(prefix + refusal)


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
    code = re.sub(_TOKENS, _blank, plain, flags=re.S)
    if re.search("service", code, re.I):
        return "SERVICE would ask another machine; kg works offline and asks its own graph only"
    first = re.search(r"[A-Za-z]+", re.sub(_DECLARATIONS, lambda m: " " * len(m[0]), code))
    word = first[0].upper() if first else ""
    if word in _UPDATES:
        return f"{word} would change the graph; kg query only reads ({', '.join(_FORMS)})"
    if first and word not in _FORMS:
        line, column = code.count("\n", 0, first.start()) + 1, first.start() - code.rfind("\n", 0, first.start())
        return (
            f"syntax error at line {line}, column {column}: a query begins with {', '.join(_FORMS)}, not '{first[0]}'"
        )
    return ""


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code < 0x110000 else ""


def _blank(match: re.Match[str]) -> str:
    """White space as long as the token, where keywords are looked for; a prefix may hide one, as 'SERVICE:x' does."""
    blank = re.sub(r"[^\n]", " ", match[0])
    prefix = match[0].partition(":")[0] + ":" if match.lastgroup == "name" else ""
    return prefix + blank[len(prefix) :]


def _syntax_message(error: SyntaxError, text: str) -> str:
    """pyoxigraph's message with the line and column of the text as it was typed, in one line."""
    match = re.match(_ERROR_AT, str(error))
    if match is None:
        return f"syntax error: {error}"
    line, column = int(match[1]), int(match[2])
    rest = "\n".join(text.split("\n")[line - 1 :])[column - 1 :].split()
    near = f"near '{rest[0][:30]}'" if rest else "at the end of the query"
    return f"syntax error at line {line}, column {column}, {near}{_expected(match[3])}"


def _expected(text: str) -> str:
    """What the parser says it expected, if it says so in words or a few keywords."""
    if "Prefix not found" in text:
        return ": this prefix is not known; declare it with PREFIX"
    listed = re.split(r",\s+", text.removeprefix("expected ").removeprefix("one of "))
    sentence = next((part for part in listed if " " in part and "[" not in part and "'" not in part), "")
    if sentence:
        return f": {sentence}"
    keywords = [part for part in listed if part.isalpha()]
    return f": expected {' or '.join(keywords)}" if 0 < len(keywords) == len(listed) <= 4 else ""

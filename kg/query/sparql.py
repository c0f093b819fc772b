"""SPARQL as a person types it: asked of a store, refused where it does more than read, its errors told in a line."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any, Protocol

from kg.errors import QueryError
from kg.namespaces import to_name

_ERROR_AT = r"(?s)error at (\d+):(\d+): (.*)"
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_DECLARATIONS = r"(?i)(?:BASE\s|PREFIX\s+[\w.-]*:)"
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_TOKENS = (
    r"""(?P<text>'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")"""
    r"""|(?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)|(?P<comment>\#[^\n\r]*)"""
    r"""|(?P<variable>[?$]\w+)|(?P<name>[\w.-]*:(?:(?:[\w:%]|\\.)(?:[\w.:%-]|\\.)*)?)|(?P<escape>\\.)"""
)


class Queryable(Protocol):
    """Whatever answers SPARQL over graphs: over the union of all, over some, or over those that a query names."""

    def query(self, text: str, /, *, graphs: Sequence[str] | None = None, union: bool = True) -> Any:
        """pyoxigraph's solutions, triples or boolean."""


def ask(
    store: Queryable, text: str, where: str = "", graphs: Sequence[str] | None = None, service: bool = False
) -> Any:
    """What pyoxigraph answers to SPARQL with every prefix known: solutions, triples or a boolean.

    It asks the union of all graphs, or `graphs` alone, or the graphs that the query names with FROM: graphs of the
    store, never files or addresses. Raises QueryError for anything but reading (SERVICE is let through with `service`),
    for a syntax error, with line and column of the text given, and where the engine fails."""
    prefix = f"{where}: " if where else ""
    lower = text.lower()
    if not service and ("service" in lower or "\\" in text):  # the only ways to reach out
        refuse(text, prefix)
    try:
        if "from" in lower and names_graphs(text):
            if graphs is not None:
                raise QueryError(
                    f"{prefix}the query names its graphs itself (FROM): name none beside it (--graph, --as-of)"
                )
            return store.query(text, union=False)  # or the engine would pass over FROM
        return store.query(text) if graphs is None else store.query(text, graphs=graphs)
    except SyntaxError as error:
        refuse(text, prefix, service)
        raise QueryError(prefix + _syntax_message(error, text)) from error
    except UnicodeEncodeError as error:
        raise QueryError(f"{prefix}the query is not UTF-8") from error
    except (OSError, RuntimeError) as error:
        raise QueryError(f"{prefix}the query failed: {error}") from error


def is_sparql(text: str) -> bool:
    """Whether a person's argument is SPARQL rather than the name of a query or file: it has a space or a brace."""
    return any(sign in text for sign in " {\n\t") and not os.path.isfile(text)  # noqa: PTH113 (pathlib balks at long names)


def names_graphs(text: str) -> bool:
    """Whether the query says itself, with FROM, which graphs it asks; before a colon the word is a prefix."""
    return bool(re.search(r"\bfrom\b(?!:)", _code(text), re.I))


def refuse(text: str, prefix: str = "", service: bool = False) -> None:
    """Raises QueryError if the query asks for more than reading the graph at hand (or, with `service`, elsewhere)."""
    refusal = _refusal(text, service)
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


def _refusal(text: str, service: bool) -> str:
    """Why this query must not run; '' if nothing speaks against it.

    The standard resolves \\u escapes before it reads words, pyoxigraph after: what is SERVICE in either reading is
    refused. pyoxigraph needs no space around the word."""
    plain = re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", lambda m: _character(m[1] or m[2]), text)
    code = _code(plain)
    if not service and any(re.search("service", view, re.I) for view in {code, _code(text)}):
        return "SERVICE would ask another machine; kg works offline unless --allow-service is given"
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


def _code(text: str) -> str:
    """The text with white space where texts, IRIs, comments and names stand."""
    return re.sub(_TOKENS, _blank, text, flags=re.S)


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

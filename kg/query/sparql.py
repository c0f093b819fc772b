"""SPARQL as a person types it: asked of a store, refused where it does more than read, its errors told in a line."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any, Protocol

from kg.errors import QueryError
from kg.namespaces import to_name
from kg.query.syntax import DECLARATIONS, code, dataset, unescaped, unknown_prefix, with_columns

_ERROR_AT = r"(?s)error at (\d+):(\d+): (.*)"
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


class Queryable(Protocol):
    """Whatever answers SPARQL over graphs: over the union of all, over some, or over those that a query names."""

    def query(self, text: str, /, *, graphs: Sequence[str] | None = None, named: Sequence[str] | None = None) -> Any:
        """pyoxigraph's solutions, triples or boolean. `named` are the graphs that the query names itself with FROM NAMED, and
        `graphs` then those with FROM."""


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
        if "*" in text and not service:
            text = with_columns(text)
        own = dataset(text) if "from" in lower else None
        if own and graphs is not None:
            raise QueryError(
                f"{prefix}the query names its graphs itself (FROM): name no documents and no day beside it"
            )
        if own:
            return store.query(text, graphs=own.merged, named=own.named)
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
    return any(sign in text for sign in " {\n\t") and not os.path.exists(text)  # noqa: PTH110 (pathlib balks at long names)


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
    plain = code(unescaped(text))
    if not service and any(re.search("service", view, re.I) for view in {plain, code(text)}):
        return "SERVICE would ask another machine: only 'kg query --allow-service' does"
    first = re.search(r"[A-Za-z]+", re.sub(DECLARATIONS, lambda m: " " * len(m[0]), plain))
    word = first[0].upper() if first else ""
    if word in _UPDATES:
        return f"{word} would change the graph; kg query only reads ({', '.join(_FORMS)})"
    if first and word not in _FORMS:
        return (
            f"syntax error at {_place(plain, first.start())}: a query begins with {', '.join(_FORMS)}, not '{first[0]}'"
        )
    return ""


def _place(text: str, start: int) -> str:
    """The line and column of a place in the text, both counted from 1."""
    return f"line {text.count(chr(10), 0, start) + 1}, column {start - text.rfind(chr(10), 0, start)}"


def _syntax_message(error: SyntaxError, text: str) -> str:
    """pyoxigraph's message with the line and column of the text as it was typed, in one line."""
    match = re.match(_ERROR_AT, str(error))
    if match is None:
        return f"syntax error: {error}"
    line, column = int(match[1]), int(match[2])
    before = sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1
    unknown = unknown_prefix(text)
    if unknown and unknown.start < before:
        at = _place(text, unknown.start)
        return f"syntax error at {at}, near '{unknown.text}': this prefix is not known; declare it with PREFIX"
    rest = "\n".join(text.split("\n")[line - 1 :])[column - 1 :].split()
    near = f"near '{rest[0][:30]}'" if rest else "at the end of the query"
    return f"syntax error at line {line}, column {column}, {near}{_expected(match[3])}"


def _expected(text: str) -> str:
    """What the parser says it expected, if it says so in words or a few keywords."""
    listed = re.split(r",\s+", text.removeprefix("expected ").removeprefix("one of "))
    sentence = next((part for part in listed if " " in part and "[" not in part and "'" not in part), "")
    if sentence:
        return f": {sentence}"
    keywords = [part for part in listed if part.isalpha()]
    return f": expected {' or '.join(keywords)}" if 0 < len(keywords) == len(listed) <= 4 else ""

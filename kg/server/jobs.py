"""What a worker is asked to do with the store, and what it answers: values that travel between processes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """A SPARQL query with the form wanted for each kind of answer, '' where the client takes none; `graphs` are the only
    ones to ask, all where there are none."""

    text: str
    rows: str
    truth: str
    triples: str
    graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Present:
    """What the endpoint with this address can do, in an RDF form."""

    address: str
    form: str


@dataclass(frozen=True, slots=True)
class Tell:
    """What is known of a node, as a page ('html') or in an RDF form. `name` is its prefixed name ('agent:voith')."""

    name: str
    form: str


@dataclass(frozen=True, slots=True)
class Draw:
    """The page of the whole network."""


@dataclass(frozen=True, slots=True)
class Search:
    """The entities to which a name answers, as a page; all where the name is empty."""

    name: str


@dataclass(frozen=True, slots=True)
class Define:
    """The vocabulary, as a page ('html') or in an RDF form."""

    form: str


Job = Ask | Present | Tell | Draw | Search | Define


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP status, the type of the body, and the body."""

    status: int
    type: str
    body: bytes


def plain(status: int, text: str) -> Reply:
    """A reply in words."""
    return Reply(status, "text/plain; charset=utf-8", f"{text}\n".encode())

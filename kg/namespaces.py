"""The vocabulary's prefixes, and the way between ids, prefixed names and IRIs."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, unquote

BASE = "https://w3id.org/china-germany-kg/"
"""The base of everything of our own: an identifier, which need not resolve."""

KG = BASE + "ontology#"
DOC = BASE + "doc/"
CLAIM = BASE + "claim/"
REFERENCE_GRAPH = BASE + "graph/reference"
"""The named graph of what the reference data knows of entities."""

ENTITY_PREFIXES = ("agent", "place", "event", "sector")
"""The prefixes under which entities stand, one a kind."""

PREFIXES: dict[str, str] = {
    "agent": BASE + "agent/",
    "claim": CLAIM,
    "dcterms": "http://purl.org/dc/terms/",
    "doc": DOC,
    "event": BASE + "event/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "kg": KG,
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "place": BASE + "place/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sector": BASE + "sector/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix → namespace, for every prefix that data, queries and exports know, sorted by prefix."""

_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_LITERAL = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c).isalnum() or chr(c) in "-._~")


def _encode(local: str) -> str:
    """`local` with everything percent-encoded that would need escaping or a slash; letters of any script stay."""
    return "".join(c if c in _LITERAL or (ord(c) > 0x9F and c.isalnum()) else quote(c, safe="") for c in local)


@lru_cache(maxsize=65536)
def to_iri(name: str) -> str:
    """The IRI of a prefixed name ('place:kiel'). Raises KeyError for a prefix that is not in `PREFIXES`."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + _encode(local)


@lru_cache(maxsize=65536)
def to_name(iri: str) -> str:
    """The prefixed name of an IRI, the reverse of `to_iri`; an IRI outside every namespace stays as it is."""
    prefix, local = split(iri)
    return f"{prefix}:{unquote(local)}" if prefix else iri


def split(iri: str) -> tuple[str, str]:
    """The prefix of an IRI ('' where it has none) and its local part, as it is written in the IRI."""
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    return _PREFIX_OF.get(iri[:cut], ""), iri[cut:]


def document_iri(document_id: str) -> str:
    """The IRI of a document, which is also that of its named graph; what an IRI cannot hold is percent-encoded."""
    return DOC + _encode(document_id)


def document_id(iri: str) -> str:
    """The id of the document with this IRI, the reverse of `document_iri`."""
    return unquote(iri.removeprefix(DOC))


def claim_iri(claim_id: str) -> str:
    """The IRI of a claim's node."""
    return CLAIM + claim_id


def quote_iri(claim_id: str) -> str:
    """The IRI of the node that holds a claim's quote and its offsets."""
    return f"{CLAIM}{claim_id}-quote"

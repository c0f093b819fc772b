"""Finding the entity that a person means by a name: any of its names, in any letter case, or its id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from kg import sectors
from kg.errors import UnknownNameError
from kg.names import keys, spelled_out
from kg.namespaces import ENTITY_PREFIXES, PREFIXES, to_iri, to_name
from kg.query.sparql import Queryable as Queryable  # for the rooms above

OFFERED = 3
"""How many of the closest names a message offers."""

_BY_NAME = """SELECT ?entity ?main {{
  VALUES ?wanted {{ {wanted} }}
  VALUES (?property ?main) {{ (rdfs:label true) (skos:prefLabel true) (skos:altLabel false) }}
  ?entity ?property ?name FILTER(LCASE(STR(?name)) = LCASE(?wanted))
}}"""
_BY_MENTION = """SELECT DISTINCT ?entity {{
  VALUES ?wanted {{ {wanted} }}
  VALUES (?words ?end) {{ (kg:subjectMention rdf:subject) (kg:objectMention rdf:object) }}
  ?claim ?words ?name FILTER(LCASE(STR(?name)) = LCASE(?wanted))
  ?claim ?end ?entity
}}"""
_BY_OTHER_ID = """SELECT DISTINCT ?entity {{ ?entity dcterms:identifier {wanted} }}"""
_IS_PERSON = "SELECT ?type {{ VALUES ?type {{ kg:Person }} {iri} a ?type }} LIMIT 1"
_CODES = "SELECT DISTINCT ?code {{ ?any kg:country {iri} ; kg:countryCode ?code }}"
_LABELS = "SELECT ?name {{ {iri} rdfs:label|skos:prefLabel ?name }} ORDER BY LANG(?name) ?name"
_ALL_NAMES = "SELECT DISTINCT ?entity ?name { ?entity rdfs:label|skos:prefLabel|skos:altLabel ?name }"

_BEGINNING = """SELECT DISTINCT ?entity ?name {{
  VALUES ?kind {{ {kinds} }}
  ?entity rdfs:label|skos:prefLabel|skos:altLabel ?name
  FILTER(STRSTARTS(LCASE(STR(?name)), LCASE({start})) && STRSTARTS(STR(?entity), ?kind))
}} ORDER BY STR(?name) ?entity LIMIT {limit}"""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """An entity that answers to a name: its id ('agent:voith') and the name as documents write it."""

    id: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


def find_entities(store: Queryable, name: str, kinds: Collection[str] = ENTITY_PREFIXES) -> tuple[Found, ...]:
    """Every entity of these kinds whose id or one of whose names this is, sorted by id.

    Those that bear it as a main name come alone; else those that bear it as a further name; else those that some
    sentence calls so; else those with a name of the same words, however they are written."""
    iri = _as_iri(name.strip())
    if iri:
        return _by_id(store, iri, kinds)
    from pyoxigraph import Literal

    wanted = Literal(name.strip())
    hits = _by_name(store, name, kinds)
    ids = sorted(id_ for main, id_ in hits if main) or sorted(id_ for _, id_ in hits)
    if not ids:
        called = {to_name(row["entity"].value) for row in store.query(_BY_MENTION.format(wanted=wanted))}
        ids = sorted(id_ for id_ in called if _kind(id_) in kinds)
    ids = ids or sorted(id_ for id_ in _by_key(store, name.strip()) if _kind(id_) in kinds)
    return tuple(Found(id_, entity_name(store, id_)) for id_ in ids)


def called_alike(store: Queryable, name: str, found: Found) -> str:
    """A line that tells what else bears the name of the entity that was found, as a further name; '' where nothing does."""
    ids = sorted({id_ for _, id_ in _by_name(store, name, ENTITY_PREFIXES)} - {found.id})
    others = [str(Found(id_, entity_name(store, id_))) for id_ in ids[:OFFERED]]
    more = f" and {len(ids) - OFFERED} more" if len(ids) > OFFERED else ""
    return f"'{name}' is also a name of {_listed(others)}{more}: give the id for one of them" if others else ""


def the_entity(store: Queryable, name: str, kinds: Collection[str] = ENTITY_PREFIXES) -> Found:
    """The one entity of these kinds that bears this name.

    Raises UnknownNameError when there is none (with the closest names) or more than one (with their ids)."""
    found = find_entities(store, name, kinds)
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownNameError(f"'{name}' names {len(found)} things: {_listed(map(str, found))}\ngive the id of one")
    what = "entity" if set(kinds) == set(ENTITY_PREFIXES) else " or ".join(sorted(kinds))
    raise UnknownNameError(f"no {what} is called '{name}'{_hint(closest_names(store, name, kinds))}")


def the_sector(store: Queryable, name: str) -> Found:
    """The one sector that bears this name; where no document names it, that of the scheme. Raises UnknownNameError when there
    is none (with the closest names) or more than one (with their ids)."""
    if find_entities(store, name, ("sector",)):
        return the_entity(store, name, ("sector",))
    scheme = sectors.load()
    match = scheme.find(name)
    sector = scheme.sectors.get(to_name(_as_iri(name.strip()))) or (match.sector if match and match.exact else None)
    if sector is None:
        known = {label.text for each in scheme.sectors.values() for label in each.names}
        raise UnknownNameError(unknown("sector", name, known | _names(store, ("sector",))))
    return Found(sector.id, sector.name)


def names_beginning(store: Queryable, start: str, kinds: Collection[str], limit: int) -> tuple[Found, ...]:
    """The first `limit` names of entities of these kinds that begin so, in any letter case, in alphabetical order."""
    from pyoxigraph import Literal

    wanted = " ".join(str(Literal(PREFIXES[kind])) for kind in kinds)
    rows = store.query(_BEGINNING.format(kinds=wanted, start=Literal(start), limit=limit))
    names = {row["name"].value: to_name(row["entity"].value) for row in rows}
    return tuple(Found(id_, name) for name, id_ in names.items())


def the_country(store: Queryable, name: str) -> str:
    """The two letters (ISO 3166-1) of the country that bears this name, or has this code. Raises UnknownNameError where no
    place bears the name, several do, or it is no country."""
    code = name.strip().upper()
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    from pyoxigraph import NamedNode

    place = the_entity(store, name, ("place",))
    codes = [row["code"].value for row in store.query(_CODES.format(iri=NamedNode(to_iri(place.id))))]
    if not codes:
        raise UnknownNameError(f"{place} is no country\ngive the name or the two-letter code of one")
    return str(codes[0])


def closest_names(store: Queryable, name: str, kinds: Collection[str] = ENTITY_PREFIXES) -> tuple[str, ...]:
    """The names in the store that look most like this one, best first."""
    return closest(name, _names(store, kinds))


def closest(name: str, choices: Collection[str]) -> tuple[str, ...]:
    """The choices that look most like this text, best first; ties in alphabetical order."""
    from rapidfuzz import fuzz, process

    hits = process.extract(
        name, sorted(choices), scorer=fuzz.WRatio, processor=str.casefold, limit=OFFERED, score_cutoff=60
    )
    return tuple(text for text, _score, _index in hits)


def unknown(what: str, name: str, choices: Collection[str]) -> str:
    """A message that this thing is unknown, with the closest choices: *no query is called 'x'; closest: y*."""
    return f"no {what} is called '{name}'{_hint(closest(name, choices))}"


def entity_name(store: Queryable, id_: str) -> str:
    """The first of the entity's labels, those without a language before others; its id if it has none."""
    from pyoxigraph import NamedNode

    rows = list(store.query(_LABELS.format(iri=NamedNode(to_iri(id_)))))
    return str(rows[0]["name"].value) if rows else id_


def _as_iri(name: str) -> str:
    """The IRI that an id, a bare IRI or one in angle brackets stands for; '' for any other text."""
    bare = name.removeprefix("<").removesuffix(">")
    if bare.startswith(("http://", "https://")):
        return bare
    prefix, colon, local = bare.partition(":")
    return to_iri(bare) if colon and local and prefix in PREFIXES else ""


def _names(store: Queryable, kinds: Collection[str]) -> set[str]:
    rows = store.query(_ALL_NAMES)
    return {row["name"].value for row in rows if _kind(to_name(row["entity"].value)) in kinds}


def _kind(id_: str) -> str:
    return id_.partition(":")[0]


def _by_id(store: Queryable, iri: str, kinds: Collection[str]) -> tuple[Found, ...]:
    id_ = to_name(iri)
    if _kind(id_) not in kinds:
        return ()
    name = entity_name(store, id_)
    if name != id_:
        return (Found(id_, name),)
    from pyoxigraph import Literal

    rows = store.query(_BY_OTHER_ID.format(wanted=Literal(id_)))
    wholes = sorted({to_name(row["entity"].value) for row in rows})
    return tuple(Found(whole, entity_name(store, whole)) for whole in wholes)


def _by_name(store: Queryable, name: str, kinds: Collection[str]) -> set[tuple[bool, str]]:
    """The entities of these kinds that bear a name, each with whether as a main name."""
    from pyoxigraph import Literal

    rows = store.query(_BY_NAME.format(wanted=Literal(name.strip())))
    hits = {(row["main"].value == "true", to_name(row["entity"].value)) for row in rows}
    return {(main, id_) for main, id_ in hits if _kind(id_) in kinds}


def is_person(store: Queryable, id_: str) -> bool:
    """Whether the entity that an id, or that of one of its parts, stands for is a person."""
    from pyoxigraph import NamedNode

    found = find_entities(store, id_)
    return any(list(store.query(_IS_PERSON.format(iri=NamedNode(to_iri(one.id))))) for one in found)


def _by_key(store: Queryable, name: str) -> set[str]:
    """The entities with a name of the same words: without case, diacritics and legal forms ('Muenchen', 'BASF SE'), or as
    institutions of a kind are called ('TU München')."""
    wanted = {*keys(name), *spelled_out(name)} - {""}
    rows = store.query(_ALL_NAMES)
    return {to_name(row["entity"].value) for row in rows if wanted & set(keys(row["name"].value))}


def _hint(names: Sequence[str]) -> str:
    return f"; closest: {_listed(names)}" if names else ""


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts)

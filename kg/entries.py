"""One place or organisation of the reference data, made from a row of its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.model import EntityType, Identifier, Name
from kg.names import is_chinese

_ORGANIZATION_KINDS = {
    "Company": "company",
    "ResearchOrganization": "research",
    "GovernmentOrganization": "government",
    "Organization": "organization",
    "SportsClub": "organization",
}
_PLACE_KINDS = {"province": "state", "municipality": "state", "county": "district"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A place or organisation of the reference data.

    `id` is the source's ('CN-440305', 'gn-2867714', 'ror:059mq0909'), `kind` one of country, state, city, district,
    company, research, government, organization; `parent` the id of the place around it; `same_as` IRIs elsewhere;
    `identifiers` codes that have no IRI. An ISIN names a security, not its issuer, so it is no `same_as`."""

    id: str
    name: str
    type: EntityType
    kind: str
    country: str = ""
    parent: str = ""
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    names: tuple[Name, ...] = ()
    same_as: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    sector: str = ""
    website: str = ""


def named(name: str, chinese: str, german: str, aliases: str, lang: str) -> Iterator[Name]:
    """The names of a row with their languages, as far as its columns tell."""
    if name:
        yield Name(name, "zh" if is_chinese(name) else lang)
    if chinese:
        yield Name(chinese, "zh")
    if german:
        yield Name(german, "de")
    for alias in aliases.split("|"):
        if alias.strip():
            yield Name(alias.strip(), "zh" if is_chinese(alias) else "")


def kind_of_type(kind: str) -> str:
    """The kind of an organisation's type ('company'); a place's kind as it is."""
    return _ORGANIZATION_KINDS.get(kind, kind)


def place_kind(kind: str) -> str:
    """The kind of a place from its source's word: a province is a state, a county a district."""
    return _PLACE_KINDS.get(kind, kind)


def identifiers(ids: Iterable[str]) -> tuple[Identifier, ...]:
    """The codes that the ids of sources hold: ISINs, and Chinese administrative codes in their six digits."""
    found = set()
    for each in ids:
        if each.startswith("isin:"):
            found.add(Identifier("isin", each[5:]))
        elif each.startswith("CN-") and each[3:].isdigit():
            found.add(Identifier("administrativeCode", each[3:].ljust(6, "0")))
    return tuple(sorted(found))


def place(cells: list[str], names: tuple[Name, ...], parent: str, ids: Iterable[str]) -> Entry:
    """The entry of a row of `places.tsv`; `ids` are those of all rows that count as it."""
    identifier, kind, _, _, _, country, _, lat, lon, population, geonames = cells
    return Entry(
        id=identifier,
        name=names[0].text,
        type=EntityType.PLACE,
        kind=place_kind(kind),
        country=country,
        parent=parent,
        lat=float(lat) if lat else None,
        lon=float(lon) if lon else None,
        population=int(population or 0),
        names=names,
        same_as=(f"https://sws.geonames.org/{geonames}/",) if geonames else (),
        identifiers=identifiers(ids),
    )


def organization(cells: list[str], names: tuple[Name, ...], city: str, ids: Iterable[str]) -> Entry:
    """The entry of a row of `organizations.tsv`; `ids` are those of all rows that count as it."""
    identifier, _, kind, country = cells[:4]
    same_as = [f"https://ror.org/{identifier[4:]}"] if identifier.startswith("ror:") else []
    if cells[9]:
        same_as.append(f"http://www.wikidata.org/entity/{cells[9]}")
    return Entry(
        id=identifier,
        name=names[0].text,
        type=EntityType(kind),
        kind=_ORGANIZATION_KINDS[kind],
        country=country,
        parent=city,
        names=names,
        same_as=tuple(sorted(same_as)),
        identifiers=identifiers(ids),
        sector=cells[11],
        website=cells[12],
    )


def own_entry(cells: list[str], names: tuple[Name, ...], parent: str) -> Entry:
    """The entry of a row that `supplements.tsv` adds."""
    identifier, kind, _, _, _, _, country, _, sector, _ = cells
    known = _ORGANIZATION_KINDS.get(kind)
    return Entry(
        id=identifier,
        name=names[0].text,
        type=EntityType(kind) if known else EntityType.PLACE,
        kind=known or kind,
        country=country,
        parent=parent,
        names=names,
        sector=sector,
    )

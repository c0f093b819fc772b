"""The scheme of sectors: which field a text's words name, and which broader fields it falls under.

The scheme is SKOS, in `data/ontology/sectors.ttl`; it is read when somebody asks for a sector first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from kg.files import DATA
from kg.lexicon import words
from kg.model import Name
from kg.names import fold, is_chinese
from kg.namespaces import to_iri, to_name

_FILE = DATA / "ontology" / "sectors.ttl"
_SHORTEST = 4
"""Letters that a label has at least to be looked for within other words: 'IT' and 'AI' stand in too many."""


@dataclass(frozen=True, slots=True)
class Sector:
    """A concept of the scheme: its id ('sector:automotive'), its labels, the preferred ones first, the id of the one
    above it ('' at the top), and words for narrower fields that have no concept of their own."""

    id: str
    names: tuple[Name, ...]
    broader: str = ""
    includes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its preferred label in English."""
        return next(name.text for name in self.names if name.lang == "en")


@dataclass(frozen=True, slots=True)
class Match:
    """The sector that words name: `exact` if they are one of its labels, else they hold one and are narrower."""

    sector: Sector
    exact: bool
    reason: str


class Scheme:
    """The sectors, searchable by label."""

    def __init__(self, sectors: Iterable[Sector]) -> None:
        self._sectors = {sector.id: sector for sector in sectors}
        self._labels = {_key(name.text): sector for sector in self._sectors.values() for name in sector.names}
        self._words = {
            _key(text): sector for sector in self._sectors.values() for text in sector.includes
        } | self._labels

    @property
    def sectors(self) -> Mapping[str, Sector]:
        """All sectors by id."""
        return self._sectors

    def find(self, text: str) -> Match | None:
        """The sector that these words name or fall under, None if they hold no label of one.

        General words at the end do not count ('automotive industry'); of several labels within the words the one
        that ends last counts, then the longest ('software for automated driving')."""
        text = _without_chinese_ending(text)
        pieces = _key(text).split()
        for size in range(len(pieces), 0, -1):
            sector = self._labels.get(" ".join(pieces[:size]))
            if sector:
                return Match(sector, True, f"'{text}' names the sector {sector.name}")
            if pieces[size - 1] not in _general_words():
                break
        return self._within(text, pieces)

    def _within(self, text: str, pieces: list[str]) -> Match | None:
        held = (
            (end, end - start, label)
            for end in range(1, len(pieces) + 1)
            for start in range(end)
            if len(label := " ".join(pieces[start:end])) >= _SHORTEST and label in self._words
        )
        best = max([*held, *self._chinese(text)], default=None)
        if best is None:
            return None
        sector = self._words[best[2]]
        return Match(sector, False, f"'{text}' falls under the sector {sector.name}")

    def _chinese(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Labels within Chinese words, which stand without spaces."""
        if is_chinese(text):
            for label in self._words:
                if is_chinese(label) and label in text:
                    yield text.index(label) + len(label), len(label), label

    def above(self, sector: Sector) -> tuple[Sector, ...]:
        """The sectors above one, the nearest first."""
        found: list[Sector] = []
        while sector.broader:
            sector = self._sectors[sector.broader]
            found.append(sector)
        return tuple(found)


def _key(text: str) -> str:
    """The words of a label in the singular, as far as an -s tells."""
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in fold(text).split())


def _without_chinese_ending(text: str) -> str:
    endings = (word for word in words("sector_words") if is_chinese(word))
    return next((text[: -len(word)] for word in endings if text.endswith(word) and text != word), text)


@cache
def _general_words() -> frozenset[str]:
    return frozenset(_key(word) for word in words("sector_words"))


@cache
def load() -> Scheme:
    """The shipped scheme."""
    import pyoxigraph as ox  # reads it in a tenth of the time that rdflib takes

    told: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for quad in ox.parse(_FILE.read_bytes(), format=ox.RdfFormat.TURTLE):
        value = (getattr(quad.object, "language", None) or "", quad.object.value)
        told.setdefault(quad.subject.value, {}).setdefault(to_name(quad.predicate.value), []).append(value)
    concepts = (iri for iri in sorted(told) if ("", to_iri("kg:Sector")) in told[iri].get("rdf:type", ()))
    return Scheme(_sector(iri, told[iri]) for iri in concepts)


def _sector(iri: str, told: Mapping[str, list[tuple[str, str]]]) -> Sector:
    """The concept with this IRI; `told` are its values, each with its language, by property."""
    labels = [pair for kind in ("skos:prefLabel", "skos:altLabel") for pair in sorted(told.get(kind, ()))]
    above = next((text for _, text in told.get("skos:broader", ())), "")
    includes = tuple(text for _, text in sorted(told.get("kg:includes", ())))
    return Sector(to_name(iri), tuple(Name(text, lang) for lang, text in labels), to_name(above), includes)

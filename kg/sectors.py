"""The scheme of sectors: which field a text's words name, and which broader fields it falls under.

The scheme is SKOS, in `data/ontology/sectors.ttl`; it is read when somebody asks for a sector first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kg.lexicon import words
from kg.model import Name
from kg.names import fold, is_chinese
from kg.namespaces import PREFIXES, to_iri, to_name

if TYPE_CHECKING:
    from rdflib import Graph

_FILE = files("kg").joinpath("data", "ontology", "sectors.ttl")
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
    from rdflib import RDF, Graph, URIRef

    graph = Graph().parse(data=_FILE.read_text(encoding="utf-8"), format="turtle")
    concepts = sorted(str(node) for node in graph.subjects(RDF.type, URIRef(f"{PREFIXES['kg']}Sector")))
    return Scheme(_sector(graph, iri) for iri in concepts)


def _sector(graph: Graph, iri: str) -> Sector:
    """The concept with this IRI."""
    from rdflib import URIRef

    def values(name: str) -> list[tuple[str, str]]:
        found = graph.objects(URIRef(iri), URIRef(to_iri(name)))
        return sorted((getattr(value, "language", None) or "", str(value)) for value in found)

    names = tuple(Name(text, lang) for kind in ("prefLabel", "altLabel") for lang, text in values(f"skos:{kind}"))
    above = next((text for _, text in values("skos:broader")), "")
    return Sector(to_name(iri), names, to_name(above), tuple(text for _, text in values("kg:includes")))

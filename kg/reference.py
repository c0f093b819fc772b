"""What is known beforehand of places and organisations in China and Germany: their names, types, countries and
identifiers elsewhere.

The sources and their terms stand in `data/reference/NOTICE`. Rows stay text until somebody asks for them. `heads.tsv`
says which rows have a name that begins with a word; `python -m kg.reference` writes it after a change of the sources' files
(not of `supplements.tsv`, whose names are added when the data are loaded)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache

from kg import entries
from kg.entries import Entry
from kg.files import DATA
from kg.lexicon import words
from kg.model import Name, distinct_names
from kg.names import (
    EVERYDAY,
    everyday_keys,
    fold,
    german_forms,
    head,
    head_of_key,
    head_of_word,
    is_chinese,
    keys,
    normalise,
    short_forms,
    spelled_out,
    strip_legal_form,
)

_TOKEN = re.compile(r"[㐀-鿿]|[^\W_㐀-鿿]+(?:['’](?!s\b)[^\W_]+)*|[,;:()\n]")
_SENTENCE_END = re.compile(r"[.!?:;•\n\"“”„»«)(*–—|]")
_FOLDER = DATA / "reference"
_NOTHING = [""] * 10
"""What a supplement says of a row that it does not know."""
_TOWNS = frozenset({"province", "municipality", "city", "county"})
_DEEPEST = 8
"""Places around each other at most: the data could hold a circle."""
_SHORTEST = 3
"""Single-word names below this many letters are not looked for in running text: too many are ordinary
abbreviations."""


class Reference:
    """The reference data, searchable by name and in running text."""

    def __init__(self, places: list[str], organizations: list[str], supplements: list[str], heads: list[str]) -> None:
        """Take the lines of the four files (without their header lines)."""
        self._lines = places + organizations
        self._first_organization = len(places)
        self._numbers = {line[: line.index("\t")]: number for number, line in enumerate(self._lines)}
        self._own: dict[int, list[str]] = {}
        self._absorbed: dict[int, int] = {}
        self._absorbing: dict[int, list[int]] = {}
        self._heads = heads
        self._added: dict[str, list[int]] = {}
        self._add(supplements)

    # -- the index

    def _add(self, supplements: list[str]) -> None:
        """Names for rows that exist, rows of our own, and rows that stand for the same thing."""
        for line in supplements:
            cells = line.split("\t")
            number = self._numbers.get(cells[0])
            if number is None:
                number = len(self._lines)
                self._numbers[cells[0]] = number
                self._lines.append("")
            self._own[number] = cells
            for same in filter(None, cells[9].split("|")):
                self._absorbed[self._numbers[same]] = number
                self._absorbing.setdefault(number, []).append(self._numbers[same])
            for first in _heads("|".join(cells[2:6])):
                self._added.setdefault(first, []).append(number)

    def _beginning(self, first: str) -> list[int]:
        """The rows that have a name with this first word."""
        return list(dict.fromkeys([*self._indexed(first)[0], *self._added.get(first, ())]))

    def _indexed(self, first: str) -> tuple[list[int], list[int]]:
        """The rows that the index gives for a word: those with a name that begins with it, and those of companies that
        have a Chinese place before it. The lines are sorted, so few of them are looked at."""
        at = bisect_left(self._heads, f"{first}\t")
        line = self._heads[at] if at < len(self._heads) else ""
        word, rows, behind = f"{line}\t\t".split("\t")[:3]
        return ([int(row) for row in rows.split()], [int(row) for row in behind.split()]) if word == first else ([], [])

    # -- rows

    def _row(self, number: int) -> int:
        """The row that a row counts as."""
        return self._absorbed.get(number, number)

    def _rows_of(self, number: int) -> list[int]:
        """A row and the rows that count as it."""
        return [number, *self._absorbing.get(number, ())]

    def _names(self, number: int) -> tuple[Name, ...]:
        """All names of a row, its preferred name first, without repetitions."""
        return distinct_names(name for row in self._rows_of(number) for name in self._names_of_line(row))

    def _names_of_line(self, number: int) -> Iterator[Name]:
        """The names of one line: the preferred name that a supplement gives it, the source's names, the supplement's
        others."""
        own = self._own.get(number, _NOTHING)
        cells = self._lines[number].split("\t", 9)
        if own[2]:
            yield Name(own[2], "en")
        if len(cells) > 1 and number < self._first_organization:
            yield from entries.named(cells[2], cells[3], "", cells[4], "en")
        elif len(cells) > 1:
            yield from entries.named(cells[1], cells[6], cells[7], cells[8], "")
        yield from entries.named("", own[3], own[4], own[5], "")

    def _texts(self, number: int) -> list[str]:
        """The names of one line as they are written, some of them twice."""
        own = self._own.get(number, _NOTHING)
        cells = self._lines[number].split("\t", 9)
        if len(cells) > 1:
            place = number < self._first_organization
            names = [*cells[2:4], *cells[4].split("|")] if place else [cells[1], *cells[6:8], *cells[8].split("|")]
        else:
            names = []
        if own is not _NOTHING:
            names += [*own[2:5], *own[5].split("|")]
        return [name for name in names if name]

    @cache  # noqa: B019 - one reference lives as long as the process
    def _entry(self, number: int) -> Entry:
        names = self._names(number)
        own, ids = self._own.get(number), [self._id(row) for row in self._rows_of(number)]
        cells = self._lines[number].split("\t")
        if len(cells) < 2:
            return entries.own_entry(self._own[number], names, self._parent(self._own[number][7]))
        if number < self._first_organization:
            return entries.place(cells, names, self._parent((own and own[7]) or cells[6]), ids)
        return entries.organization(cells, names, (own and self._parent(own[7])) or self._city(cells), ids)

    def _parent(self, identifier: str) -> str:
        """The id of the row that a parent's id counts as."""
        number = self._numbers.get(identifier)
        return "" if number is None else self._id(self._row(number))

    def _id(self, number: int) -> str:
        line = self._lines[number]
        return line[: line.index("\t")] if line else self._own[number][0]

    def _city(self, cells: list[str]) -> str:
        """The id of the place that an organisation's row puts it in, '' where the data do not settle it."""
        numbers = (number for number in self._found(cells[4]) if number < self._first_organization)
        found = [entry for entry in map(self._entry, numbers) if entry.country == cells[3] and entry.kind != "country"]
        exact = [entry for entry in found if f"https://sws.geonames.org/{cells[5]}/" in entry.same_as]
        if exact or len(found) == 1:
            return (exact or found)[0].id
        ordered = sorted(found, key=lambda entry: (-entry.population, entry.id))
        return ordered[0].id if ordered and ordered[0].population > 10 * max(ordered[1].population, 1) else ""

    # -- asking

    def get(self, identifier: str) -> Entry | None:
        """The entry with this id of a source, None if there is none."""
        number = self._numbers.get(identifier)
        return None if number is None else self._entry(self._row(number))

    def entries(self) -> Iterator[Entry]:
        """All entries, those that count as another left out."""
        return (self._entry(number) for number in range(len(self._lines)) if number not in self._absorbed)

    @cache  # noqa: B019
    def above(self, identifier: str) -> tuple[Entry, ...]:
        """The places around the entry with this id, from the nearest to the country."""
        found: list[Entry] = []
        entry = self.get(identifier)
        while entry and entry.parent and len(found) < _DEEPEST:
            entry = self.get(entry.parent)
            found += [entry] if entry else []
        return tuple(found)

    def lookup(self, name: str) -> tuple[Entry, ...]:
        """The entries that bear a name in English, German or Chinese, case, diacritics, articles and legal forms
        apart."""
        return tuple(self._entry(number) for number in self._found(name))

    def places(self, name: str) -> list[Entry]:
        """The places among what bears a name."""
        return [self._entry(number) for number in self._found(name) if number < self._first_organization]

    def organizations(self, name: str) -> list[Entry]:
        """The organisations among what bears a name."""
        return [self._entry(number) for number in self._found(name) if number >= self._first_organization]

    @lru_cache(maxsize=65536)  # noqa: B019
    def _found(self, name: str) -> tuple[int, ...]:
        rows = [row for key in keys(name) for row in self._by_key(head_of_key(key)).get(key, ())]
        return tuple(dict.fromkeys(self._row(row) for row in rows))

    @cache  # noqa: B019
    def _by_key(self, first: str) -> dict[str, tuple[int, ...]]:
        """The rows by the key of their names, for the names that begin with a word; towns by their everyday names, too."""
        found: dict[str, tuple[int, ...]] = {}
        for number in self._beginning(first):
            place = number < self._first_organization
            for name in self._texts(number):
                if first in _heads(name):
                    for key in (*keys(name), *everyday_keys(name)) if place else keys(name):
                        rows = found.get(key, ())
                        if number not in rows:
                            found[key] = (*rows, number)
        return found

    def near(self, name: str) -> tuple[Entry, ...]:
        """The organisations of which this may be an everyday form: the full name without general words at its end,
        without the Chinese city at its front, or with its first word spelled out."""
        wanted = [key for key in keys(name) if " " in key]
        rows = [row for key in wanted for row in self._by_short(head_of_key(key)).get(key, ())]
        rows += [row for key in spelled_out(name) for row in self._by_key(head_of_key(key)).get(key, ())]
        numbers = dict.fromkeys(self._row(row) for row in rows)
        return tuple(self._entry(number) for number in numbers if number >= self._first_organization)

    @cache  # noqa: B019
    def _by_short(self, first: str) -> dict[str, list[int]]:
        """The rows of organisations by their short keys that begin with a word."""
        found: dict[str, list[int]] = {}
        whole = [(row, name) for row in self._beginning(first) for name in self._texts(row)]
        for row, name in [*whole, *self._behind_places(first)]:
            if row >= self._first_organization:
                for key in {*short_forms(name), normalise(name)}:
                    found.setdefault(key, []).append(row)
        return found

    def towns(self, name: str) -> list[Entry]:
        """The places of which this is the everyday form: the full name without the river, hill or region in it."""
        rows = [row for key in keys(name) for row in self._by_key(head_of_key(key)).get(key + EVERYDAY, ())]
        return [self._entry(number) for number in dict.fromkeys(map(self._row, rows))] if rows else []

    def _behind_places(self, first: str) -> list[tuple[int, str]]:
        """Rows of companies whose name is a Chinese place and then this word, each with the name from there."""
        names = ((row, self._lines[row].split("\t", 2)[1]) for row in self._indexed(first)[1])
        return [(row, name.partition(" ")[2]) for row, name in names]

    def spans(self, text: str) -> list[tuple[int, int, frozenset[str]]]:
        """Where names of the reference data stand in a text, as (start, end, kinds): the longest at each place, case
        as written.

        A single word that is also an ordinary English word is left out where a sentence begins with it. Linear in
        the text."""
        tokens = [(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text)]
        found: list[tuple[int, int, frozenset[str]]] = []
        at = 0
        while at < len(tokens):
            length, kinds = self._longest(tokens, at)
            if length and not (length == 1 and _ordinary(text, tokens[at])):
                found.append((tokens[at][0], tokens[at + length - 1][1], kinds))
            at += length or 1
        return found

    def _longest(self, tokens: list[tuple[int, int, str]], at: int) -> tuple[int, frozenset[str]]:
        word = tokens[at][2]
        if word.islower():
            return 0, frozenset()
        following = tokens[at + 1][2] if at + 1 < len(tokens) else ""
        surfaces = self._surfaces(word + following if is_chinese(word) else head_of_word(fold(word)))
        for length in sorted(surfaces, reverse=True):
            kinds = surfaces[length].get(tuple(token[2].replace("’", "'") for token in tokens[at : at + length]))
            if kinds:
                return length, kinds
        return 0, frozenset()

    @lru_cache(maxsize=8192)  # noqa: B019
    def _surfaces(self, first: str) -> dict[int, dict[tuple[str, ...], frozenset[str]]]:
        """Kinds by the words of each written name, with and without its legal form, by the number of words."""
        found: dict[int, dict[tuple[str, ...], frozenset[str]]] = {}
        for number in self._beginning(first):
            kind = frozenset({self._kind(number)})
            for name in self._texts(number):
                for form in {name, strip_legal_form(name)}:
                    pieces = tuple(token.replace("’", "'") for token in _TOKEN.findall(form))
                    if pieces:
                        by_words = found.setdefault(len(pieces), {})
                        by_words[pieces] = by_words.get(pieces, frozenset()) | kind
        return found

    def _kind(self, number: int) -> str:
        row = self._row(number)
        cells = self._lines[row].split("\t", 3)
        if len(cells) < 2:
            return entries.kind_of_type(self._own[row][1])
        return entries.place_kind(cells[1]) if row < self._first_organization else entries.kind_of_type(cells[2])


def _heads(names: str) -> set[str]:
    """The index words of names joined by '|'."""
    found: set[str] = set()
    for name in names.split("|"):
        first = name.split(" ", 1)[0]
        if first.isascii() and first.isalnum() and first not in ("The", "the"):
            found.add(first.lower())
        elif "㐀" <= first[:1] <= "鿿" and first[:2].isalnum():
            found.add(first[:2])
        elif first:
            found.update(_unusual_heads(first if len(first) > 3 else name))
    return found


@cache
def _unusual_heads(name: str) -> tuple[str, ...]:
    """The index words of what is not a plain word: diacritics, punctuation, an article."""
    return tuple(head(form) for form in german_forms(name))


@cache
def _ordinary_words() -> frozenset[str]:
    return frozenset(words("ordinary_words"))


@cache
def _never_names() -> frozenset[str]:
    return frozenset(words("never_names"))


def _ordinary(text: str, token: tuple[int, int, str]) -> bool:
    """Whether a single word is too ordinary to count as a name where it stands."""
    start, _, word = token
    if len(word) < _SHORTEST and not is_chinese(word):
        return True
    if word in _never_names():
        return True
    before = text[max(0, start - 3) : start].rstrip(" ")
    begins = start == 0 or not before or _SENTENCE_END.search(before[-1]) is not None
    return begins and word.lower() in _ordinary_words()


def index(places: list[str], organizations: list[str]) -> list[str]:
    """The lines of `heads.tsv`, sorted: a word, the numbers of the rows of both files that have a name beginning with it,
    and those of companies whose name is a Chinese town or province and then this word."""
    rows: dict[str, list[int]] = {}
    for number, line in enumerate(places + organizations):
        cells = line.split("\t")
        columns = (2, 3, 4) if number < len(places) else (1, 6, 7, 8)
        for first in _heads("|".join(cells[column] for column in columns)):
            rows.setdefault(first, []).append(number)
    behind = _behind(places, organizations)
    return [_line(word, rows.get(word, []), behind.get(word, [])) for word in sorted({*rows, *behind})]


def _line(word: str, *columns: list[int]) -> str:
    return "\t".join((word, *(" ".join(map(str, rows)) for rows in columns))).rstrip("\t")


def _behind(places: list[str], organizations: list[str]) -> dict[str, list[int]]:
    """The rows of companies whose name begins with a Chinese place, by the word that follows it."""
    cells = (line.split("\t", 6) for line in places)
    towns = {fold(cell[2]) for cell in cells if cell[5] == "CN" and cell[1] in _TOWNS}
    found: dict[str, list[int]] = {}
    for number, line in enumerate(organizations, len(places)):
        _, name, kind, *_ = line.split("\t", 3)
        place, _, rest = name.partition(" ")
        if kind == "Company" and rest and place.lower() in towns:
            found.setdefault(head(rest), []).append(number)
    return found


def _lines(name: str) -> list[str]:
    """The lines of a reference file, without its header line."""
    return (_FOLDER / name).read_bytes().decode().split("\n")[1:-1]


@cache
def load() -> Reference:
    """The shipped reference data, read once a process; a first search for names in a page of text costs about as much."""
    return Reference(*(_lines(f"{name}.tsv") for name in ("places", "organizations", "supplements", "heads")))


if __name__ == "__main__":
    made = index(_lines("places.tsv"), _lines("organizations.tsv"))
    (_FOLDER / "heads.tsv").write_text("\n".join(["head\trows\tbehind a place", *made, ""]), encoding="utf-8")

"""When two names of a document may be two forms of one name: short forms, abbreviations, titles, words for kinds of
place."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kg.lexicon import words
from kg.model import ORGANIZATIONS, EntityType, Mention
from kg.names import fold, is_chinese, normalise, slug, without_apostrophes

__all__ = [
    "acronym_of",
    "bare_person",
    "bare_place",
    "is_acronym",
    "is_title",
    "kind_of",
    "kind_told",
    "normalise",
    "shortens",
    "slug",
    "split_acronym",
    "titled",
    "without_titles",
]

_ACRONYM = re.compile(r"[A-Z][A-Za-z&.-]{0,7}|[㐀-鿿]{2,12}")
_BRACKETED = re.compile(r"^(?P<full>.+?)\s*[(（](?P<short>[^()（）]{2,30})[)）]$")
_SMALL_WORDS = frozenset(
    {
        "of",
        "the",
        "and",
        "for",
        "in",
        "und",
        "der",
        "die",
        "das",
        "des",
        "fur",
        "für",
        "de",
        "la",
        "et",
        "on",
        "at",
        "to",
    }
)
_NOBILITY = frozenset(
    {"von", "van", "de", "der", "den", "zu", "zur", "vom", "di", "del", "da", "la", "le", "ten", "ter"}
)
_PART = 4
"""Letters that each part of a compound word has at least."""
_RIVER = frozenset({"am", "an", "im", "in", "ob", "bei", "vor", "upon"})


def kind_of(type_: EntityType) -> str:
    """The classes within which names are compared: the five types of organisation are one."""
    return "organization" if type_ in ORGANIZATIONS else type_.value.lower()


@cache
def _phrases(name: str, end: int) -> dict[str, list[tuple[str, ...]]]:
    """A word list as folded words by their first (`end` 0) or last (-1) word, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    phrases = {tuple(fold(line.split("\t")[0]).split()) for line in words(name)}
    for phrase in sorted(phrases, key=lambda words: (-len(words), words)):
        found.setdefault(phrase[end], []).append(phrase)
    return found


@cache
def _weak_words() -> frozenset[str]:
    return frozenset(fold(word) for word in words("weak_words"))


def is_weak(word: str) -> bool:
    """Whether a folded word of a name means little by itself ('group', 'holding')."""
    return word in _weak_words()


@cache
def _surnames() -> frozenset[str]:
    return frozenset(fold(word) for word in words("chinese_surnames"))


def _without_front(name: str, fronts: dict[str, list[tuple[str, ...]]]) -> list[str]:
    """The folded words of a name without those of a list that stand in front, over and over, leaving at least one."""
    rest = normalise(name).split()
    while rest:
        near = fronts.get(rest[0], ())
        front = next((p for p in near if len(p) < len(rest) and tuple(rest[: len(p)]) == p), None)
        if front is None:
            return rest
        rest = rest[len(front) :]
    return rest


def bare_person(name: str) -> str:
    """The key of a person's name without titles: 'Prof. Dr. Angela Merkel' is 'angela merkel'."""
    return " ".join(_without_front(name, _phrases("person_titles", 0)))


def is_title(name: str) -> bool:
    """Whether a name is nothing but a title of persons ('Dr.', 'Mayor')."""
    found = tuple(normalise(name).split())
    return found in _phrases("person_titles", 0).get(found[0] if found else "", ())


def titled(text: str, mention: Mention) -> tuple[str, ...]:
    """A person's name with the abbreviated titles ('Prof. Dr.') that the text writes before it; nothing where there is none."""
    before = mention.type is EntityType.PERSON and _titles().search(text, max(0, mention.start - 40), mention.start)
    return (text[before.start() : mention.end],) if before else ()


@cache
def _titles() -> re.Pattern[str]:
    abbreviated = sorted((title for title in words("person_titles") if title.endswith(".")), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:(?:{'|'.join(map(re.escape, abbreviated))})\s*)+$")


def without_titles(name: str) -> str:
    """A person's name as written, from the first word that is no title on."""
    wanted = len(bare_person(name).split())
    pieces = list(re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", name))
    return name[pieces[-wanted].start() :] if 0 < wanted <= len(pieces) else name


@lru_cache(maxsize=65536)
def bare_place(name: str) -> str:
    """The key of a place's name without the words for its kind: 'the City of Shenzhen' is 'shenzhen'."""
    rest = _without_front(name, _phrases("place_prefixes", 0))
    for phrase in _phrases("place_words", -1).get(rest[-1] if rest else "", ()):
        if len(phrase) < len(rest) and tuple(rest[-len(phrase) :]) == phrase:
            return " ".join(rest[: -len(phrase)])
    if len(rest) == 1 and is_chinese(rest[0]) and len(rest[0]) > 2:
        return rest[0].rstrip("市省区县") if len(rest[0].rstrip("市省区县")) > 1 else rest[0]
    return " ".join(rest)


def kind_told(name: str) -> str:
    """The kind of place that words before or behind a name tell: 'state' of 'Jilin Province' and 吉林省; '' without such words."""
    key, bare = normalise(name), bare_place(name)
    around = (key[: -len(bare)].strip(), key[len(bare) :].strip()) if bare != key else ()
    return next((_place_kinds()[words] for words in around if words in _place_kinds()), "")


@cache
def _place_kinds() -> dict[str, str]:
    rows = (line.split("\t") for name in ("place_prefixes", "place_words") for line in words(name))
    return {fold(word): kind for word, kind in rows}


def split_acronym(name: str) -> tuple[str, str]:
    """A name and the abbreviation in brackets behind it: 'Hamburger Hafen und Logistik AG (HHLA)' → (…, 'HHLA'); ''
    without one."""
    match = _BRACKETED.match(name)
    if match and is_acronym(match["short"]):
        return match["full"], match["short"]
    return name, ""


def is_acronym(text: str) -> bool:
    """Whether a text looks like an abbreviation: a short word with at least two capitals ('CSSC', 'BaFin'), or
    Chinese."""
    if not _ACRONYM.fullmatch(text):
        return False
    return is_chinese(text) or sum(char.isupper() for char in text) >= 2


def acronym_of(short: str, full: str) -> str:
    """How an abbreviation may be made of a name: 'initials' are the first letters of its words, small words left out or not: 'TUM',
    'CAS', 'HHLA'; 'parts' are those of the parts of compound words, too: 'DKB' of 'Deutsche Kreditbank'; '' if it may not.

    One of four letters and more may leave out one word ('CFFC' of 'Hebei China Fortune FC')."""
    if not is_acronym(short) or is_chinese(short):
        return ""
    letters = re.sub(r"[^A-Za-z]", "", short).lower()
    pieces = re.findall(r"[^\W_]+", without_apostrophes(re.sub(r"\s*[(（][^()（）]*[)）]$", "", full)))
    if len(pieces) < 2 or len(letters) < 2:
        return ""
    strong = [piece for piece in pieces if piece.lower() not in _SMALL_WORDS]
    rows = {_initials(pieces), _initials(strong), _initials(normalise(" ".join(pieces)).split())}
    if len(letters) >= 4:
        rows |= {row[:at] + row[at + 1 :] for row in sorted(rows) for at in range(len(row))}
    if letters in rows:
        return "initials"
    parts = [fold(piece) for piece in strong]
    return "parts" if len(letters) > 2 and letters not in parts and _of_parts(letters, parts) else ""


def _of_parts(letters: str, pieces: list[str]) -> bool:
    """Whether letters are the first of all words, and of second parts of some, in their order."""
    if not pieces:
        return not letters
    first, *rest = pieces
    if letters[:1] != first[:1]:
        return False
    second = first[_PART : len(first) - _PART + 1]
    return _of_parts(letters[1:], rest) or (letters[1:2] in tuple(second) and _of_parts(letters[2:], rest))


def _initials(pieces: list[str]) -> str:
    """First letters; a word in capitals ('FC') counts with all of its letters."""
    return "".join(fold(piece) if piece.isupper() and len(piece) <= 3 else fold(piece)[:1] for piece in pieces)


def shortens(short: str, full: str, kind: str, places: frozenset[str]) -> str:
    """How a name may be a short form of a longer one, '' if it may not.

    'weak' when what is left out means nothing ('Huazhu' of 'Huazhu Group'), 'strong' when it describes ('Farasis' of
    'Farasis Energy'): then context has to agree. `places` are the folded words of the document that are
    names of places: a name longer by a place is another unit ('Volkswagen Group China')."""
    if kind == "person":
        return _person(bare_person(short).split(), bare_person(full).split())
    if kind == "place":
        return _place(short, full)
    if kind == "event":
        return "strong" if f" {normalise(full)}".endswith(f" {normalise(short)}") else ""
    if kind != "organization" or re.match(re.escape(short) + r"[-–]\w", full):
        return ""
    return _organization(normalise(short).split(), normalise(full).split(), places)


def surnames(name: str) -> list[str]:
    """The words that may be the surname in a person's full name: the last, and in a Chinese name the first."""
    full = bare_person(name).split()
    return ([full[-1]] if len(full) > 1 else []) + (full[:1] if _is_chinese_person(full) else [])


def _is_chinese_person(full: list[str]) -> bool:
    return len(full) in (2, 3) and full[0] in _surnames() and not set(full) & _NOBILITY


def _person(short: list[str], full: list[str]) -> str:
    if not short or len(short) >= len(full):
        return ""
    if full[-len(short) :] == short:
        return "weak"
    if full[0] == short[0] and (full[-1] == short[-1] or (len(short) == 1 and len(short[0]) > 2)):
        return "weak"
    return "weak" if _is_chinese_person(full) and short == full[:1] else ""


def _place(short: str, full: str) -> str:
    one, other = bare_place(short).split(), bare_place(full).split()
    if one == other:
        return "weak"
    longer = other[len(one) :]
    if other[: len(one)] == one and len(longer) >= 2 and longer[0] in _RIVER:
        return "weak"
    return "strong" if len(one) >= 2 and other[-len(one) :] == one else ""


def _organization(short: list[str], full: list[str], places: frozenset[str]) -> str:
    if not short or len(short) >= len(full):
        return ""
    if full[: len(short)] == short:
        return _front(short, full[len(short) :], places)
    inside = any(full[at : at + len(short)] == short for at in range(1, len(full)))
    alone = len(short) > 1 or (short[0] not in places and (len(short[0]) >= 4 or short[0] == full[-1]))
    return "strong" if inside and alone else ""


def _front(short: list[str], rest: list[str], places: frozenset[str]) -> str:
    """How a name may be short for one that begins with it and goes on with `rest`."""
    if all(word in _weak_words() for word in rest):
        return "weak"
    unit = any(word in places or word in _unit_words() for word in rest)
    return "" if unit or (len(short) == 1 and short[0] in places) else "strong"


@cache
def _unit_words() -> frozenset[str]:
    return frozenset(fold(word) for word in words("unit_words"))

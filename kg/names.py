"""Names made comparable: without case, diacritics, articles and legal forms. A low room: it knows word lists only."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from unicodedata import normalize

from kg.lexicon import words as lexicon_words

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s?$|(?<=s)['’]$")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_SPECIAL = str.maketrans({"ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "đ": "d"})
_COMBINING = dict.fromkeys(range(0x300, 0x370))
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")
_POSSESSIVE_ENDS = frozenset("s'’")
_ARTICLES = frozenset({"the"})
_JOINERS = frozenset({"and", "und"})
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]")
_FRONT = re.compile(r"([^,&]+?)(?:,| and | und | & )")
_LONG = 4
"""Words that the front part of a name has at least to stand for the whole."""
_ADDITION = re.compile(r"\s*[(/]\s*|\s+(?=(?:am|an|im|in|ob|bei|vor|[aib]\.)\s)")
EVERYDAY = " …"
"""What marks the key of a name that is left when a place's river, hill or region is."""
_CJK = re.compile(r"[\u3400-\u9fff]")


def is_chinese(text: str) -> bool:
    """Whether Chinese characters stand in the text."""
    return not text.isascii() and _CJK.search(text) is not None


def without_diacritics(text: str) -> str:
    """The text in base letters: 'Köln' is 'Koln', 'Lü' is 'Lu'; Chinese characters stay."""
    if text.isascii():
        return text
    return normalize("NFKD", text.translate(_SPECIAL)).translate(_COMBINING)


def without_apostrophes(text: str) -> str:
    """The text without apostrophes of any kind: "Xi'an" is 'Xian'."""
    if text.isascii():
        return text.replace("'", "").replace("`", "")
    return text.translate(_APOSTROPHES)


def fold(text: str) -> str:
    """The words of a text in lower case and base letters, joined by single spaces."""
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    if text.isascii() and text.replace(" ", "").isalnum():
        return text.lower().split()
    return _WORD.findall(without_apostrophes(without_diacritics(text)).lower())


@cache
def _legal_forms() -> tuple[frozenset[tuple[str, ...]], tuple[str, ...]]:
    """Legal forms as folded words, and those written in Chinese (longest first)."""
    forms = lexicon_words("legal_forms")
    chinese = sorted((form for form in forms if is_chinese(form)), key=lambda form: (-len(form), form))
    return frozenset(tuple(_words(form)) for form in forms if not is_chinese(form)), tuple(chinese)


def _legal_tail(words: list[str]) -> int:
    """How many words at the end are legal forms, leaving at least one word of the name."""
    forms, _ = _legal_forms()
    kept = len(words)
    while True:
        sizes = (size for size in range(min(5, kept - 1), 0, -1) if tuple(words[kept - size : kept]) in forms)
        size = next(sizes, 0)
        if not size:
            return len(words) - kept
        kept -= size


@lru_cache(maxsize=65536)
def strip_legal_form(name: str) -> str:
    """The name without the legal forms at its end, otherwise as written: 'BASF SE' is 'BASF'."""
    if is_chinese(name):
        return _strip_chinese_form(name)
    if not _may_end_in_legal_form(name):
        return name
    pieces = list(_WORD.finditer(name))
    words = [without_diacritics(piece[0]).lower() for piece in pieces]
    tail = _legal_tail(words)
    return name[: pieces[-tail - 1].end()] if tail else name


def _may_end_in_legal_form(name: str) -> bool:
    """Whether the last word may belong to a legal form: a quick look that spares most names a long one."""
    *_, last = _WORD.findall(without_diacritics(name[-24:])) or [""]
    return last.lower() in _last_words()


@cache
def _last_words() -> frozenset[str]:
    return frozenset(form[-1] for form in _legal_forms()[0])


def _strip_chinese_form(name: str) -> str:
    for form in _legal_forms()[1]:
        if name.endswith(form) and len(name) - len(form) >= 2:
            return name[: -len(form)]
    return name


@lru_cache(maxsize=65536)
def normalise(name: str) -> str:
    """The comparable key of a name: legal forms, case, diacritics, leading articles, possessive 's and '&' apart.

    Two names with one key are written differently but are the same words; whether they name the same thing is
    decided elsewhere."""
    text = name.strip()
    if is_chinese(text):
        text = _strip_chinese_form(text)
    words = _words(_POSSESSIVE.sub("", text) if text[-1:] in _POSSESSIVE_ENDS else text)
    if len(words) > 1 and words[-1] in _last_words():
        words = words[: len(words) - _legal_tail(words)]
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    if not _JOINERS.isdisjoint(words):
        words = [word for word in words if word not in _JOINERS] or words
    return " ".join(words)


@lru_cache(maxsize=65536)
def legal_form(name: str) -> str:
    """The legal form at a name's end, folded ('ag', 'co ltd'); '' without one and for a Chinese name."""
    words = _words(name)
    tail = _legal_tail(words) if len(words) > 1 and words[-1] in _last_words() else 0
    return " ".join(words[len(words) - tail :])


def short_forms(name: str) -> tuple[str, ...]:
    """Keys under which daily use knows a full name: without what stands in brackets, and without general words at
    the end, one after the other ('Alibaba Health' of 'Alibaba Health Information Technology Limited').

    A long name also goes by what stands before its first 'and' or comma. All have two words at least."""
    plain = _BRACKETS.sub(" ", name)
    words = normalise(plain).split()
    found = {" ".join(words)}
    while len(words) > 2 and words[-1] in _tail_words():
        words = words[:-1]
        found.add(" ".join(words))
    front = _FRONT.match(plain)
    opening = normalise(front[1]).split() if front else []
    if len(opening) >= _LONG and opening[0] not in _general_words():
        found.add(" ".join(opening))
    return tuple(sorted(form for form in found if " " in form and form != normalise(name)))


def without_addition(place: str) -> tuple[str, str]:
    """A place's everyday name and the river, hill or region that its full name adds: 'Kempten' and 'Allgäu)' of 'Kempten
    (Allgäu)'; '' for a name without one."""
    if place.isalnum():
        return place, ""
    base, *addition = _ADDITION.split(place, maxsplit=1)
    return (base, addition[0]) if addition and base else (place, "")


def everyday_keys(place: str) -> tuple[str, ...]:
    """The keys of a place's everyday name, marked by EVERYDAY; none where its full name adds nothing."""
    base, addition = without_addition(place)
    return tuple(key + EVERYDAY for key in keys(base)) if addition else ()


@cache
def _tail_words() -> frozenset[str]:
    return frozenset(fold(word) for word in lexicon_words("tail_words"))


@cache
def _general_words() -> frozenset[str]:
    return frozenset(fold(line.split("\t")[0]).split(" ")[0] for line in lexicon_words("head_words"))


_Form = tuple[str, str]
"""What stands before and behind the own part of a name, as folded words."""


@cache
def _name_forms() -> tuple[dict[str, list[tuple[_Form, list[_Form]]]], ...]:
    """The ways to write each kind of institution's name, each with all others of its kind: by the first word before the own
    part, and by the last word behind it."""
    before: dict[str, list[tuple[_Form, list[_Form]]]] = {}
    behind: dict[str, list[tuple[_Form, list[_Form]]]] = {}
    for line in lexicon_words("name_forms"):
        forms = [(_joined(front), _joined(back)) for front, back in (form.split("…") for form in line.split("\t"))]
        for form in forms:
            word, index = (form[0].split()[0], before) if form[0] else (form[1].split()[-1], behind)
            index.setdefault(word, []).append((form, [other for other in forms if other != form]))
    return before, behind


def _joined(words: str) -> str:
    return " ".join(word for word in _words(words) if word not in _JOINERS)


def spelled_out(name: str) -> tuple[str, ...]:
    """The keys of a name written in the other ways of its kind: 'technische universitat munchen' of 'TU München'."""
    before, behind = _name_forms()
    found: dict[str, None] = {}
    for key in keys(name):
        first, last = key.partition(" ")[0], key.rpartition(" ")[2]
        for (front, back), others in (*before.get(first, ()), *behind.get(last, ())):
            own = _between(key, front, back)
            found |= {f"{f} {own} {b}".strip(): None for f, b in others if own}
    return tuple(found)


def _between(key: str, front: str, back: str) -> str:
    """What stands between these words in a key, '' where it does not begin and end with them."""
    inner = key.removeprefix(f"{front} " if front else "").removesuffix(f" {back}" if back else "")
    return inner if f"{front} {inner} {back}".strip() == key else ""


def german_forms(name: str) -> tuple[str, ...]:
    """The name, and the name with 'ue' for 'ü' where that makes a difference."""
    if name.isascii():
        return (name,)
    written = name.translate(_GERMAN)
    return (name,) if written == name else (name, written)


def keys(name: str) -> tuple[str, ...]:
    """The keys under which a name may be met: 'München' as 'munchen' and as 'muenchen'."""
    if name.isascii():
        return (normalise(name),)
    return tuple(normalise(form) for form in german_forms(name))


def head_of_key(key: str) -> str:
    """The index word of a name's key."""
    return head_of_word(key.partition(" ")[0])


def slug(name: str) -> str:
    """The readable end of an id: 'Carl Zeiss Meditec AG' is 'carl-zeiss-meditec'; Chinese characters stay."""
    return normalise(name.translate(_GERMAN)).replace(" ", "-") or "unnamed"


def head(name: str) -> str:
    """The word that an index keeps a name under: its first, or the first two characters of a Chinese name."""
    words = _words(name)
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return head_of_word(words[0]) if words else ""


def head_of_word(word: str) -> str:
    """The index word of a folded word."""
    return word[:2] if is_chinese(word[:2]) else word

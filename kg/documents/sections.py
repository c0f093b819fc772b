"""Telling apart what a release is made of: head lines, title, dateline, body, publisher and contact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from kg.documents.dateline import any_date, find_dateline, lone_date
from kg.documents.words import either, labels, table
from kg.model import Section, SectionKind

HEAD_LINES = 12
"""Lines at the head among which labels such as 'Date:' are looked for."""
TAIL = 6000
"""Characters at the end among which publisher and contact are looked for."""
LONGEST_TITLE = 250
PROSE = 3
"""Words in small letters that a sentence has at least."""
SUBTITLES = 2
"""Lines below the title that may be subtitles."""

_LINE = re.compile(r"[^\n]+")
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n")
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Jr|Sr|e\.V|No|Bros)\.$")
_BAR = re.compile(r"(?<=\s)[|｜](?=\s)")
_BLANK = re.compile(r"\n[ \t\r\u00a0\u3000]*\n")
_REACH = re.compile(
    r"@|https?://|\bwww\.|\w\.(?:com|cn|de|org|net|eu)\b|\+\d|\b(?:tel|fax|phone|telefon|mobile?)\.?:|(?:\d[\s()/-]?){9}",
    re.I,
)
"""By which somebody is reached: an address of mail or of a page, a telephone number."""
_PLACED = re.compile(r"[(\[]?[^\W\d].*[\d(/]")
_DAYS = ("published", "updated")
"""The labels of a day on which a document came out, the surer first."""
_RULE = re.compile(r"\s*(?:=+|-+)\s*")


@dataclass(slots=True)
class Parts:
    """What was told apart: the sections in order, and what the lines at head and end say ('' for what they do not)."""

    sections: list[Section] = field(default_factory=list)
    title: str = ""
    dated: str = ""
    said: dict[str, str] = field(default_factory=dict)
    contact: str = ""
    aside: list[tuple[int, int]] = field(default_factory=list)

    def add(self, kind: SectionKind, start: int, end: int) -> None:
        """Set a part aside from the body."""
        self.sections.append(Section(kind, start, end))
        self.aside.append((start, end))

    def say(self, kind: str, value: str) -> None:
        """Keep the first value that a line gives for a kind of label."""
        if value:
            self.said.setdefault(kind, value)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it."""

    start: int
    end: int
    text: str


def divide(text: str, title: str | None = None) -> Parts:
    """The parts of a text. `title` is the title where another field gives it (then only a first line that repeats it is
    one); with None the text is searched for one. Takes linear time in the length of the text."""
    parts = Parts()
    start = _front_matter(text, parts)
    start = _head(text, start, title, parts)
    dateline = find_dateline(text, start)
    if dateline:
        end, parts.dated = dateline
        parts.add(SectionKind.DATELINE, start, start + len(text[start:end].rstrip()))
        start = end
    _tail(text, start, parts)
    parts.say("published", parts.said.get("updated", ""))
    _body(text, parts)
    return parts


def _lines(text: str, start: int, end: int | None = None) -> Iterator[_Line]:
    """The lines that are not blank."""
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        words = match.group().strip(" \t\r\u00a0\u3000\ufeff")
        if words:
            at = match.start() + match.group().index(words[0])
            yield _Line(at, at + len(words), words)


def _front_matter(text: str, parts: Parts) -> int:
    """Read simple `key: value` lines between two lines of '---' at the very start; where the rest begins."""
    opening = _FRONT.match(text)
    if opening is None:
        return 0
    for line in _lines(text, opening.end(), opening.end() + TAIL):
        if line.text in ("---", "..."):
            parts.aside.append((0, line.end))
            return line.end
        key, colon, value = line.text.partition(":")
        kind = labels().get(key.strip().casefold())
        if colon and kind:
            parts.say(kind, value.strip().strip("\"'"))
    parts.said.clear()
    return 0


def _head(text: str, start: int, title: str | None, parts: Parts) -> int:
    """Read the title and the lines around it that tell of the document; where the body begins. Subtitles stay in the body."""
    for line in islice(_lines(text, start), HEAD_LINES):
        if parts.sections and _RULE.fullmatch(line.text):
            parts.aside.append((line.start, line.end))
        elif told := _told(line.text):
            for kind, value in told:
                parts.say(kind, value)
            parts.aside.append((line.start, line.end))
        elif not parts.sections and _is_title(text, line, title):
            mark = re.match(r"#{1,6}\s+", line.text)
            begin = line.start + (mark.end() if mark else 0)
            parts.title = text[begin : line.end].rstrip("# ")
            parts.add(SectionKind.TITLE, begin, begin + len(parts.title))
            if mark:
                parts.aside.append((line.start, begin))
        elif not _is_subtitle(text, line):
            return line.start
    return _first_word(text, max((end for _, end in parts.aside), default=start))


def _first_word(text: str, start: int) -> int:
    line = next(_lines(text, start), None)
    return line.start if line else len(text)


def _told(line: str) -> list[tuple[str, str]]:
    """What a line at the head says of the document, field by field ('Source: Example AG | 2021-05-03'), as kinds of label and
    values; nothing if one of its fields is running text."""
    told = [_field(words.strip()) for words in _BAR.split(line)]
    return [field for field in told if field] if all(told) else []


def _field(words: str) -> tuple[str, str] | None:
    """What some words say of the document: by a label, as a date, as a banner ('PRESS RELEASE No. 3') or as a byline."""
    labelled = _label(words)
    if labelled and labelled[0] not in ("contact", "about"):
        return labelled if labelled[0] not in _DAYS or any_date(labelled[1]) else None
    if len(words) > LONGEST_TITLE:
        return None
    kind, rest = "published", words
    while lead := _lead_pattern().match(rest):
        kind, rest = labels().get(lead["lead"].casefold(), kind), rest[lead.end() :]
    if not rest or lone_date(rest):
        return kind, rest
    return ("other", words) if _byline_pattern().fullmatch(words) else None


@cache
def _lead_pattern() -> re.Pattern[str]:
    """What may stand before the date of a line: a banner with its number, or a label without a colon."""
    leads = (*table("release")["lines"]["banners"], *(label for label, kind in labels().items() if kind in _DAYS))
    number = r"(?:\s(?:(?:no|nr)\b\.?\s?)?\d+(?:/\d+)?(?![\w/.-]|\s\w))?"
    return re.compile(rf"[*_#\s]*(?P<lead>{either(leads)})(?!\w){number}[\s/,:：|()*_–—-]*", re.I)


@cache
def _byline_pattern() -> re.Pattern[str]:
    name = r"[A-ZÀ-Þ][\w.'’-]*(?:\s[A-ZÀ-Þ][\w.'’-]*){0,4}"
    first = either(table("release")["lines"]["bylines"])
    return re.compile(rf"[*_\s]*(?i:{first})\s{name}(?:(?:,| and| und| in)\s{name}){{0,4}}[*_\s]*")


@cache
def _label_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"[*_#\s]{{0,6}}(?P<label>{either(labels())})[*_]{{0,2}}"
        r"(?:\s?[:：]|(?=$)|\s[–—-]\s|(?=[,.]?\s(?:please|contact|visit)\b))[*_\s]{0,4}",
        re.I,
    )


def _label(line: str) -> tuple[str, str] | None:
    """What a line announces and its value ('publisher', 'Example AG'), or None if it has no known label."""
    match = _label_pattern().match(line)
    if match is None:
        loud = re.match(r"SOURCE\s+(\S.{1,118})$", line)
        return ("publisher", loud.group(1)) if loud else None
    return labels()[match["label"].casefold()], line[match.end() :].strip(" *_")


def _is_title(text: str, line: _Line, title: str | None) -> bool:
    """Whether the first line is a title: the one that is given, or a Markdown heading, or like a heading and set apart, with
    its subtitles, by a blank line or by what opens the body."""
    words = re.sub(r"^#{1,6}\s+", "", line.text)
    if title is not None:
        return _plain(words) == _plain(title)
    if words != line.text:
        return True
    for below in islice(_lines(text, line.end), SUBTITLES + 1):
        if not _is_heading(text, line):
            return False
        if _is_blank(text[line.end : below.start]) or _RULE.fullmatch(below.text) or _opens(text, below):
            return True
        line = below
    return False


def _is_subtitle(text: str, line: _Line) -> bool:
    """Whether a line stands, like a heading, between the title and what tells of the document: a line, or a place with its date."""
    for below in islice(_lines(text, line.start), SUBTITLES + 1):
        dateline = find_dateline(text, below.start)
        if _told(below.text) or (dateline and _PLACED.match(text, below.start, dateline[0])):
            return below.start > line.start
        if not _is_heading(text, below):
            return False
    return False


def _is_heading(text: str, line: _Line) -> bool:
    """Whether a line is short, without the full stop of a sentence, and no item of a list."""
    words = line.text
    if len(words) > LONGEST_TITLE or not re.search(r"[^\W\d_]{2}", words) or _label(words):
        return False
    if re.search(r"[.;:,，。；：]$", words) and not _ABBREVIATED.search(words):
        return False
    return not re.match(r"[-•*·]\s|\d+[.)]\s", words) and find_dateline(text, line.start) is None


def _opens(text: str, line: _Line) -> bool:
    """Whether a line begins with a dateline or tells of the document."""
    return find_dateline(text, line.start) is not None or bool(_told(line.text))


def _is_blank(between: str) -> bool:
    """Whether what is between two lines holds one that is blank."""
    return between.count("\n") > 1


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _tail(text: str, start: int, parts: Parts) -> None:
    """Set publisher, contact and labelled dates at the end aside. A contact runs to the next of them, to a heading
    'About …', to a paragraph of sentences, or to the end."""
    contact: int | None = None
    reached = begin = max(start, len(text) - TAIL)
    for line in _lines(text, begin if begin == start else text.find("\n", begin) + 1 or len(text)):
        labelled = _label(line.text)
        kind, value = labelled or ("", "")
        ends = (kind in ("publisher", *_DAYS) and bool(value)) or _is_about(line.text)
        apart = _is_blank(text[reached : line.start]) and not labelled
        if contact is not None and (ends or (apart and _is_prose(text, line.start))):
            _contact(text, contact, reached, parts)
            contact = None
        if kind == "publisher" and value and len(value) <= 120:
            parts.said["url" if re.match(r"https?://", value) else "publisher"] = _BAR.split(value)[0].strip()
            parts.add(SectionKind.PUBLISHER, line.start, line.end)
        elif kind in _DAYS and any_date(value) and len(value) < 60:
            parts.say(kind, value)
            parts.aside.append((line.start, line.end))
        elif kind == "contact" and contact is None and line.start > start:
            contact = line.start
        reached = line.end
    if contact is not None:
        _contact(text, contact, reached, parts)


def _is_prose(text: str, start: int) -> bool:
    """Whether the paragraph that begins here is of sentences, and tells of no way to reach somebody."""
    blank = _BLANK.search(text, start)
    words = text[start : blank.start() if blank else len(text)].rstrip(' \t\r\n\u00a0\u3000*_"“”»)')
    if _REACH.search(words) or _ABBREVIATED.search(words):
        return False
    return words.endswith("。") or (words.endswith((".", "!", "?")) and sum(map(str.islower, words.split())) >= PROSE)


@cache
def _about_pattern() -> re.Pattern[str]:
    words = table("release")["labels"]["about"]
    return re.compile(rf"[*_#\s]{{0,6}}(?i:{either(words)})\s+[A-ZÀ-Þ\u4e00-\u9fff]")


def _is_about(line: str) -> bool:
    """Whether a line is the heading of the lines about a company ('About Example AG')."""
    return len(line) < 100 and _about_pattern().match(line) is not None and not line.endswith(".")


def _contact(text: str, start: int, end: int, parts: Parts) -> None:
    first = text[start:end].split("\n", 1)[0].strip()
    labelled = _label(first)
    rest = text[start + len(first) : end].strip()
    value = labelled[1] if labelled else first
    parts.contact = parts.contact or "\n".join(part for part in (value, rest) if part)
    parts.add(SectionKind.CONTACT, start, end)


def _body(text: str, parts: Parts) -> None:
    """Call all that was not set aside the body, and put the sections in order."""
    at = 0
    for start, end in [*sorted(parts.aside), (len(text), len(text))]:
        words = text[at:start].strip(" \t\r\n\u00a0\u3000\ufeff")
        if words:
            begin = text.index(words, at) if len(words) < 200 else text.index(words[:200], at)
            parts.sections.append(Section(SectionKind.BODY, begin, begin + len(words)))
        at = max(at, end)
    parts.sections.sort(key=lambda section: section.start)

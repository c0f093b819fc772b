"""Telling apart what a release is made of: head lines, title, dateline, body, publisher and contact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from kg.documents.dateline import any_date, find_dateline
from kg.documents.words import either, labels, table
from kg.model import Section, SectionKind

HEAD_LINES = 12
"""Lines at the head among which labels such as 'Date:' are looked for."""
TAIL = 6000
"""Characters at the end among which publisher and contact are looked for."""
LONGEST_TITLE = 250

_LINE = re.compile(r"[^\n]+")
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n")
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Jr|Sr|e\.V|No|Bros)\.$")
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
    """Read the title and the labelled lines at the head; where the body begins."""
    for number, line in enumerate(_lines(text, start)):
        if number >= HEAD_LINES:
            break
        if parts.sections and _RULE.fullmatch(line.text):
            parts.aside.append((line.start, line.end))
            continue
        labelled = _label(line.text)
        if labelled and labelled[0] not in ("contact", "about") and _told(labelled, parts):
            parts.aside.append((line.start, line.end))
        elif not parts.sections and _is_title(text, line, title):
            mark = re.match(r"#{1,6}\s+", line.text)
            begin = line.start + (mark.end() if mark else 0)
            parts.title = text[begin : line.end].rstrip("# ")
            parts.add(SectionKind.TITLE, begin, begin + len(parts.title))
            if mark:
                parts.aside.append((line.start, begin))
        else:
            return line.start
    return _first_word(text, max((end for _, end in parts.aside), default=start))


def _first_word(text: str, start: int) -> int:
    line = next(_lines(text, start), None)
    return line.start if line else len(text)


def _told(labelled: tuple[str, str], parts: Parts) -> bool:
    """Whether a labelled line at the head says something of the document; what it says is kept."""
    kind, value = labelled
    if kind == "published" and not any_date(value):
        return False
    parts.say(kind, value)
    return True


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
    """Whether the first line is a title: the one that is given, or a Markdown heading, or short, without the full stop
    of a sentence, and set apart by a blank line or by a dateline after it."""
    words = re.sub(r"^#{1,6}\s+", "", line.text)
    if title is not None:
        return _plain(words) == _plain(title)
    if words != line.text:
        return True
    after = text[line.end : line.end + 20].replace("\r", "").lstrip(" \t")
    following = next(_lines(text, line.end), None)
    if following is None or len(words) > LONGEST_TITLE or not re.search(r"[^\W\d_]{2}", words):
        return False
    if re.search(r"[.;:,，。；：]$", words) and not _ABBREVIATED.search(words):
        return False
    if re.match(r"[-•*·]\s|\d+[.)]\s", words) or find_dateline(text, line.start):
        return False
    return after.startswith("\n\n") or re.match(r"\n[ \t]+\n", after) is not None or _begins_body(text, following)


def _begins_body(text: str, line: _Line) -> bool:
    labelled = _label(line.text)
    return (
        find_dateline(text, line.start) is not None
        or _RULE.fullmatch(line.text) is not None
        or bool(labelled and labelled[0] == "published")
    )


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _tail(text: str, start: int, parts: Parts) -> None:
    """Set publisher, contact and labelled dates at the end aside. A contact runs to the next of them, to a heading
    'About …', or to the end."""
    contact: int | None = None
    reached = begin = max(start, len(text) - TAIL)
    for line in _lines(text, begin if begin == start else text.find("\n", begin) + 1 or len(text)):
        labelled = _label(line.text)
        kind, value = labelled or ("", "")
        ends = (kind in ("publisher", "published") and bool(value)) or _is_about(line.text)
        if contact is not None and ends:
            _contact(text, contact, reached, parts)
            contact = None
        if kind == "publisher" and value and len(value) <= 120:
            parts.said["url" if re.match(r"https?://", value) else "publisher"] = value
            parts.add(SectionKind.PUBLISHER, line.start, line.end)
        elif kind == "published" and any_date(value) and len(value) < 60:
            parts.say(kind, value)
            parts.aside.append((line.start, line.end))
        elif kind == "contact" and contact is None and line.start > start:
            contact = line.start
        reached = line.end
    if contact is not None:
        _contact(text, contact, reached, parts)


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

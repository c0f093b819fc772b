"""What a document is in each format: plain text and Markdown to the letter, and JSON in the corpus's form."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from kg.documents.dateline import any_date
from kg.documents.sections import Parts, divide
from kg.documents.words import table
from kg.errors import DocumentError
from kg.model import Document

_CJK = "\u3400-\u9fff\uf900-\ufaff"
SAMPLE = 5000
"""Characters from which the language is told."""


def slug(name: str) -> str:
    """A name as an id: lower-case ASCII letters and digits with hyphens between, Chinese characters as they are."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ẞ", "ss"))
    kept = re.sub(rf"[^a-z0-9{_CJK}]+", "-", re.sub(r"[\u0300-\u036f]", "", plain).lower()).strip("-")
    return kept or "document-" + sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def language(text: str) -> str:
    """The language of a text: 'zh' where Chinese characters prevail, 'de' where German words do, else 'en'."""
    sample = text[:SAMPLE]
    if len(re.findall(f"[{_CJK}]", sample)) * 3 > len(re.findall(r"[^\W\d_]", sample)):
        return "zh"
    words = re.findall(r"[^\W\d_]+", sample.lower())
    german, english = (frozenset(table("release")["languages"][lang]) for lang in ("de", "en"))
    return "de" if sum(word in german for word in words) > sum(word in english for word in words) else "en"


def with_lines(text: str) -> str:
    """A text whose every line ends in a line feed: a carriage return without one, Word's soft break, a form feed and Unicode's
    two signs give one each, so that offsets hold in the source."""
    return re.sub(r"\r(?!\n)|[\x0b\x0c\u2028\u2029]", "\n", text)


def from_text(text: str, id_: str, source: str) -> Document:
    """A plain text or Markdown file as a document."""
    text = with_lines(text)
    parts = divide(text)
    said = parts.said
    return Document(
        id=id_,
        text=text,
        title=said.get("title") or parts.title,
        published=parts.dated or any_date(said.get("published", "")),
        publisher=said.get("publisher", ""),
        lang=_lang(said.get("lang")) or language(text),
        source=source,
        contact=parts.contact,
        url=said.get("url", ""),
        sections=tuple(parts.sections),
    )


def from_json(line: str, source: str, place: str, warn: Callable[[str], None] = lambda _: None) -> Document:
    """A line of JSON in the corpus's form as a document; keys other than the known ones are left alone. `warn` hears of what is
    read as if it were not there.

    Raises DocumentError, which names `place`, if it is no JSON object or lacks 'id' or 'text'."""
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{place}: broken JSON ({error.msg}, column {error.colno}); a document is one JSON object on one line"
        ) from error
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{place}: JSON that cannot be read; a document is one JSON object on one line") from error
    return from_object(data, source, place, warn)


def from_object(data: Any, source: str, place: str, warn: Callable[[str], None] = lambda _: None) -> Document:
    """A JSON object in the corpus's form as a document, as `from_json`. Raises DocumentError if it is none, or lacks 'id' or
    'text'."""
    if not isinstance(data, dict):
        raise DocumentError(f"{place}: not a JSON object; a document needs the keys 'id' and 'text'")
    name, text = _key(data, "id", place), with_lines(_key(data, "text", place))
    title = _optional(data, "title")
    parts = divide(text, title)
    return Document(
        id=name.strip(),
        text=text,
        title=title or parts.title,
        published=_published(data, place, warn) or parts.dated or any_date(parts.said.get("published", "")),
        publisher=_optional(data, "publisher") or parts.said.get("publisher", ""),
        lang=_lang(_optional(data, "lang")) or language(text),
        source=source,
        contact=parts.contact,
        url=_optional(data, "url") or parts.said.get("url", ""),
        sections=tuple(parts.sections),
    )


def from_extracted(text: str, told: dict[str, str], id_: str, source: str) -> Document:
    """The text of a page, and what the page's head told of it, as a document."""
    parts: Parts = divide(text, told.get("title") or None)
    return Document(
        id=id_,
        text=text,
        title=told.get("title") or parts.title,
        published=parts.dated or any_date(told.get("published", "")) or any_date(parts.said.get("published", "")),
        publisher=parts.said.get("publisher") or told.get("publisher", ""),
        lang=_lang(told.get("lang")) or language(text),
        source=source,
        contact=parts.contact,
        url=told.get("url") or parts.said.get("url", ""),
        sections=tuple(parts.sections),
    )


def _key(data: dict[str, Any], key: str, place: str) -> str:
    """The words under a needed key; an id may be a number."""
    value = data.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise DocumentError(f"{place}: no '{key}'; a document needs the keys 'id' and 'text', each with words in it")
    if (
        "\x00" in value
        or re.search(r"[\ud800-\udfff]", value)
        or (key == "id" and re.search(r"[\x00-\x1f\x7f]", value))
    ):
        raise DocumentError(f"{place}: '{key}' holds characters that no text has; write it again as UTF-8")
    return value


def _optional(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    return re.sub(r"[\x00\ud800-\udfff]", "", value).strip() if isinstance(value, str) else ""


def _published(data: dict[str, Any], place: str, warn: Callable[[str], None]) -> str:
    """The date under 'published', '' where there is none; 20200101 is a date too, as a number or in quotes."""
    value = data.get("published")
    if value in (None, ""):
        return ""
    words = str(value).strip()
    found = any_date(re.sub(r"^(\d{4})(\d\d)(\d\d)?$", lambda m: "-".join(filter(None, m.groups())), words))
    if not found:
        warn(
            f"{place}: 'published' is no date ({words[:40]!r}): read without it; write it as 2021-06-30, 2021-06 or 2021"
        )
    return found


def _lang(tag: str | None) -> str:
    """The language of a tag such as 'en-US', in lower case."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", tag or "")
    return match.group(1).lower() if match else ""

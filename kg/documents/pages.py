"""HTML pages: their running text, block by block, and what their head tells. The one place that knows lxml."""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import etree, html

from kg.errors import DocumentError

_DROPPED = frozenset(
    [
        "head",
        "script",
        "style",
        "nav",
        "footer",
        "form",
        "noscript",
        "template",
        "svg",
        "math",
        "button",
        "select",
        "iframe",
        "object",
        "embed",
        "aside",
        "canvas",
        "audio",
        "video",
        "dialog",
        "menu",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_METAS = {
    "published": (
        "article:published_time",
        "og:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "dc.date",
        "dcterms.date",
        "dc.date.issued",
    ),
    "title": ("og:title", "twitter:title", "dc.title"),
    "publisher": ("og:site_name", "publisher", "dc.publisher", "application-name"),
    "url": ("og:url",),
}
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,1000}(?:\[[^\]]{0,100000}\]\s*)?>", re.I)
CELL = 200
"""Characters that a cell of a table holds at most; one that holds more is a part of the page, laid out as a table."""
MAIN = 0.4
"""The least part of a page's words that an <article> or <main> must hold to be taken for the whole."""


def read_page(text: str, place: str) -> tuple[str, dict[str, str]]:
    """The running text of a page, its blocks parted by blank lines, and what the page tells of itself (title,
    published, publisher, lang, url). Nothing is fetched: no network, no files, no DTD. Raises DocumentError if there
    is no text."""
    parser = html.HTMLParser(no_network=True, huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(_DOCTYPE.sub("", text, count=1).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"{place}: a page without text; there is nothing to read") from error
    told = _told(root)
    words = _main(root)
    if not words:
        raise DocumentError(f"{place}: a page without text; there is nothing to read")
    return words, told


def _main(root: Any) -> str:
    """The text of the page's main part, or of all of it."""
    everything = _blocks(root)
    for tag in ("article", "main"):
        for element in root.iter(tag):
            words = _blocks(element)
            if len(words) > MAIN * len(everything):
                return words
    return everything


def _blocks(root: Any) -> str:
    """The text under an element; walked without recursion, for pages nest as deep as they like."""
    blocks: list[str] = []
    line: list[str] = []

    def close() -> None:
        words = re.sub(r" ?\n ?", "\n", re.sub(r"[ \t\r\f\v\u00a0]+", " ", "".join(line))).strip()
        if words:
            blocks.append(words)
        line.clear()

    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        dropped = tag in _DROPPED or not tag or _hidden(element)
        if event == "start":
            if dropped and element is not root:
                walker.skip_subtree()
                continue
            if tag in _BLOCKS:
                close()
            row = _row(element)
            line.append(row or ("\n" if tag == "br" else _flat(element.text)))
            if row:
                walker.skip_subtree()
            continue
        if tag in _BLOCKS:
            close()
        if element is not root:
            line.append(_flat(element.tail))
    close()
    return "\n\n".join(blocks)


def _row(row: Any) -> str:
    """The cells of a table's row, as Markdown writes them; '' for another element, and where a row lays out a part of the page:
    it holds another row, or more in a cell than a cell does."""
    if row.tag != "tr" or next(row.iterdescendants("tr"), None) is not None:
        return ""
    shown = [_blocks(cell) for cell in row.iterchildren("td", "th") if not _hidden(cell)]
    cells = [" ".join(words.replace("\n\n", ", ").split()) for words in shown if words]
    return f"| {' | '.join(cells)} |" if len(cells) > 1 and max(map(len, cells)) <= CELL else ""


def _flat(words: str | None) -> str:
    return re.sub(r"\s+", " ", words.replace("\x00", "")) if words else ""


def _hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or element.get("aria-hidden") == "true" or "display:none" in style


def _told(root: Any) -> dict[str, str]:
    """What the page tells of itself; its own meta tags first, then linked data, then what can be seen."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").casefold()
        metas.setdefault(name, (meta.get("content") or "").strip())
    told = {kind: next((metas[name] for name in names if metas.get(name)), "") for kind, names in _METAS.items()}
    for kind, value in _linked_data(root).items():
        told[kind] = told[kind] or value
    told["published"] = told["published"] or next(
        (str(time.get("datetime")) for time in root.iter("time") if time.get("datetime")), ""
    )
    told["title"] = _title(root, told["title"])
    told["lang"] = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    told["url"] = told["url"] or next(
        (str(link.get("href")) for link in root.iter("link") if link.get("rel") == "canonical" and link.get("href")), ""
    )
    return told


def _title(root: Any, told: str) -> str:
    """The page's only first-level heading, else what its head calls it."""
    headings = [words for heading in root.iter("h1") if (words := _words(heading))]
    if len(headings) == 1:
        return headings[0]
    return told or (headings[0] if headings else next((_words(title) for title in root.iter("title")), ""))


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _linked_data(root: Any) -> dict[str, str]:
    """Headline, date and publisher of the first article in schema.org's JSON-LD."""
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        items = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and (item.get("headline") or item.get("datePublished")):
                publisher = item.get("publisher")
                name = publisher.get("name") if isinstance(publisher, dict) else publisher
                found = {"title": item.get("headline"), "published": item.get("datePublished"), "publisher": name}
                return {kind: value.strip() for kind, value in found.items() if isinstance(value, str)}
    return {}

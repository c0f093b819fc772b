"""From bytes to text: UTF-8, a byte order mark, what the page declares, or a guess; other bytes are an error."""

from __future__ import annotations

import codecs
import re

from kg.errors import DocumentError

SAMPLE = 1 << 18
"""Bytes from which an encoding is guessed."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.I)
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}
_GUESSES = ["gb18030", "big5", "cp1252", "cp1250", "cp1251", "shift_jis", "euc_kr"]
FEW = 3
"""Control characters that a text may hold, however short it is; a longer one may hold one in 200 characters."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def is_wide(data: bytes) -> bool:
    """Whether bytes begin with the mark of UTF-16 or UTF-32, in which a line feed is more than one byte."""
    return data.startswith(tuple(mark for mark, name in _MARKS if name != "utf-8"))


def decode(data: bytes, place: str) -> str:
    """The text that bytes are, without a byte order mark; DocumentError, which names `place`, if they are no text."""
    text = _decoded(data)
    if (
        text is None
        or "\x00" in text
        or len(_CONTROL.findall(text, 0, SAMPLE)) > max(FEW, min(len(text), SAMPLE) / 200)
    ):
        raise DocumentError(f"{place}: not text but binary data; give text, Markdown, HTML or JSON lines")
    return text


def _decoded(data: bytes) -> str | None:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _try(data[len(mark) :], name)
    if b"\x00" in data:
        return _without_mark(data)
    text = _try(data, "utf-8")
    if text is not None:
        return text
    declared = _DECLARED.search(data[:4096])
    names = [declared.group(1).decode("ascii").lower()] if declared else []
    for name in [*names, _guess(data)]:
        text = _try(data, _WIDER.get(name, name)) if name else None
        if text is not None:
            return text
    return None


def _try(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _without_mark(data: bytes) -> str | None:
    """UTF-16 without its mark: text in it has its zero bytes in every other place only."""
    sample = data[: SAMPLE & ~1]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 < len(sample) or min(even, odd) * 20 > max(even, odd) or len(data) % 2:
        return None
    return _try(data, "utf-16-be" if even > odd else "utf-16-le")


def _guess(data: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8; '' if none fits."""
    from charset_normalizer import from_bytes

    sample = data[:SAMPLE]
    if len(sample) < len(data):
        sample = sample[: sample.rfind(b"\n") + 1] or sample[: sample.rfind(b" ") + 1] or sample
    best = from_bytes(sample, cp_isolation=_GUESSES, preemptive_behaviour=False).best()
    return best.encoding if best else ""

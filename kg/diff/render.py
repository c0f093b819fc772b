"""A difference on paper: in words, as JSON lines, as signed lines of Turtle or N-Triples, or as an RDF patch."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher

import pyoxigraph as ox

from kg.diff.compare import ADDED, CHANGED, REMOVED, Change, Difference, one
from kg.namespaces import PREFIXES
from kg.tables import wrap
from kg.turtle import Names

_QUOTE = "oa:exact"
_WORD = r"[\u4e00-\u9fff]\s*|[^\s\u4e00-\u9fff]+\s*"
"""A word with the space after it; in Chinese, a character."""
_ALIKE = 0.5
"""The part of the words that two quotes have in common where it is worth marking the others."""

SIGNS = {REMOVED: "-", ADDED: "+", CHANGED: "~"}
_TOLD = (
    "kg:status", "kg:date", "kg:kind", "kg:role", "kg:place", "kg:ventureName", "kg:topic", "kg:amount", "kg:share",
    "kg:count", "kg:attributedTo", "kg:confidence",
)  # fmt: skip
"""What is told of a claim that came or went, in this order."""


def render(difference: Difference, form: str, width: int = 80) -> Iterator[str]:
    """The difference in a format of `FORMATS`, line by line, each with its end; `width` is that of text for people."""
    lines = _text(difference, width) if form == "text" else FORMATS[form](difference)
    return (f"{line}\n" for line in lines)


def summary(difference: Difference) -> str:
    """How much came, went and changed, in a line of words."""
    parts = []
    for what, many in (("claim", "claims"), ("document", "documents"), ("entity", "entities"), ("other", "others")):
        counts = [sum(c.what == what and c.how == how for c in difference.changes) for how in (ADDED, REMOVED, CHANGED)]
        told = [f"{n} {how}" for n, how in zip(counts, (ADDED, REMOVED, CHANGED), strict=True) if n]
        if told:
            parts.append(f"{many}: {', '.join(told)}")
    return "; ".join(parts) or "the same statements, in other graphs"


def _text(difference: Difference, width: int) -> Iterator[str]:
    for change in difference.changes:
        yield from _change_lines(change, width)


def _change_lines(change: Change, width: int) -> Iterator[str]:
    claim = change.what == "claim"
    id_ = f"{change.id}, formerly {change.formerly}" if change.formerly else change.id
    name = change.title if claim else " ".join(filter(None, (change.what, change.title, f"({id_})")))
    yield from _wrapped(name, width, f"{SIGNS[change.how]} ")
    if change.how == CHANGED:
        for property_ in (name for name in change.differing if name != _QUOTE):
            old, new = (_values(bag.get(property_, ())) or "–" for bag in (change.was, change.now))
            yield from _wrapped(f"{_words(property_)}: {old} → {new}", width, "    ")
    if not claim:
        return
    if change.how != CHANGED:
        yield from _wrapped(" · ".join(_facts(change)), width, "    ")
    if quote := one(change.latest, _QUOTE):
        told = marked(one(change.was, _QUOTE), quote) if _QUOTE in change.differing else quote
        yield from _wrapped(f"“{told}”", width, "    ")
    yield from _wrapped(f"— {one(change.latest, 'prov:wasDerivedFrom')}, {change.id}", width, "    ")


def marked(old: str, new: str) -> str:
    """The new words, with those that went as [-old-] and those that came as {+new+}, as `git diff --word-diff` has them;
    where most are others, the old ones stand whole before the new."""
    one, other = re.findall(_WORD, old), re.findall(_WORD, new)
    words = SequenceMatcher(None, [word.strip() for word in one], [word.strip() for word in other], autojunk=False)
    if words.ratio() < _ALIKE:
        return f"[-{old}-] {{+{new}+}}"
    told = ""
    for how, start, end, from_, to in words.get_opcodes():
        went, came = "".join(one[start:end]), "".join(other[from_:to])
        marks = (f"[-{went.strip()}-]" if went else "") + (f"{{+{came.strip()}+}}" if came else "")
        told += came if how == "equal" else marks + (" " if (came or went).endswith(" ") else "")
    return told


def _facts(change: Change) -> Iterator[str]:
    for property_ in _TOLD:
        if values := change.latest.get(property_):
            told = _values(values)
            yield told if property_ == "kg:status" else f"{_words(property_)} {told}"


def _values(values: Iterable[str]) -> str:
    return "; ".join(value.removeprefix("kg:") for value in values)


def _words(property_: str) -> str:
    """The local name of a property as words: 'kg:ventureName' is 'venture name'; others keep their prefix."""
    prefix, _, local = property_.partition(":")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower() if prefix in ("kg", "rdf", "oa") else property_


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    after = " " * max(len(indent), 4)
    return wrap(text, width, indent, after)


def _json(difference: Difference) -> Iterator[str]:
    for change in difference.changes:
        told = {"change": change.how, "what": change.what, "id": change.id, "title": change.title}
        told |= {"formerly": change.formerly} if change.formerly else {}
        sides = {"was": change.was, "now": change.now}
        if change.how == CHANGED:
            sides = {side: {n: bag[n] for n in change.differing if n in bag} for side, bag in sides.items()}
        more = {side: bag for side, bag in sides.items() if bag}
        quote = one(change.latest, _QUOTE)
        yield json.dumps({**told, **({"quote": quote} if quote else {}), **more}, ensure_ascii=False)


def _ntriples(difference: Difference) -> Iterator[str]:
    yield from _signed(difference, lambda triple: f"{triple} .")


def _turtle(difference: Difference) -> Iterator[str]:
    """Prefixes stand before the signed lines with two blanks, as what both sides have in common."""
    names = Names()
    lines = list(
        _signed(difference, lambda t: f"{names[str(t.subject)]} {_predicate(t, names)} {names[str(t.object)]} .")
    )
    yield from (f"  {line}" for line in names.declarations().splitlines())
    yield from lines


def _signed(difference: Difference, told: Callable[[ox.Triple], str]) -> Iterator[str]:
    """The triples that went and came, the lines of one subject side by side."""
    signed = {(str(_triple(s)), "-"): _triple(s) for s in difference.removed}
    signed |= {(str(_triple(s)), "+"): _triple(s) for s in difference.added}
    both = {text for text, _ in signed if (text, "-") in signed and (text, "+") in signed}  # it only moved graphs
    order = sorted(signed, key=lambda key: (*_node(signed[key]), key[1] == "+", key))
    return (f"{sign} {told(signed[text, sign])}" for text, sign in order if text not in both)


def _node(triple: ox.Triple) -> tuple[str, str]:
    """The subject and property, without brackets: a claim's quote stands after the claim."""
    return str(getattr(triple.subject, "value", triple.subject)), triple.predicate.value


def _triple(statement: ox.Quad | ox.Triple) -> ox.Triple:
    return statement.triple if isinstance(statement, ox.Quad) else statement


def _predicate(triple: ox.Triple, names: Names) -> str:
    return "a" if triple.predicate.value == PREFIXES["rdf"] + "type" else names[str(triple.predicate)]


def _patch(difference: Difference) -> Iterator[str]:
    """RDF Patch (https://afs.github.io/rdf-patch/): what turns the old side into the new one, as one transaction."""
    yield "TX ."
    yield from (f"D {statement} ." for statement in difference.removed)
    yield from (f"A {statement} ." for statement in difference.added)
    yield "TC ."


FORMATS: dict[str, Callable[[Difference], Iterator[str]]] = {
    "text": lambda difference: _text(difference, 80),
    "json": _json,
    "turtle": _turtle,
    "ntriples": _ntriples,
    "patch": _patch,
}
"""The formats by name."""

r"""The pattern language of the relation files, and finding what patterns say in a sentence.

A pattern is words and placeholders, without regard to case: `^{A} [{aux}]* {sign} ...4 {memorandum} ...12 with {B}`
  {A} {B}      subject and object: a mention of a type that the relation admits, or a list of them; what belongs to its noun
               phrase is skipped ('the German carmaker', a bracket, an apposition between commas)
  {pair}       a list of two or more that are both ends ('X and Y signed …')
  {any} {Place}   a mention (of that type) that is no end of the claim
  {sign}       any entry of the word list data/lexicon/sign.txt
  [a|an|the]   one of these or nothing; [{aux}]* up to three of these; (a|an) exactly one of these
  ...4         up to four words without a mention among them
  \( \)        a bracket of the text itself
  ^            before a placeholder: not after a preposition ('a partner of {A}' is out), so it can be a subject
Spaces in a pattern stand for spaces; what is written without a space is found without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kg.claims.lists import MentionList, distribute, list_slots
from kg.claims.masking import SLOT, Masked, Slot, characters, inside, mask, single
from kg.lexicon import words
from kg.model import Candidate, EntityType, Mention, Sentence
from kg.relations import Pattern, Relation, admits

METHOD = "pattern"

_Kinds = frozenset[EntityType]


@dataclass(frozen=True, slots=True)
class _Ends:
    """What may stand in `{A}` and `{B}`."""

    subject: _Kinds
    object: _Kinds


_TOKEN = re.compile(r"\s*(?P<options>[\[(][^\[\]()]*[\])]\*?)|\s*(?P<gap>\.\.\.\d+)|\s*(?P<slot>\^?\{\w+\})|\s*(?P<word>[\w-]+)|\s*(?P<mark>\\[()\[\]]|[^\w\s])")
_MARKS = {"'": "[’']", "’": "[’']", "-": "[-‐–—]", "–": "[-‐–—]", '"': '[”“"„]'}
_LONGEST_TAIL = 110


def match(
    relations: Mapping[str, Relation], text: str, sentence: Sentence, mentions: Sequence[Mention]
) -> tuple[Candidate, ...]:
    """The claims that the relations' patterns find in a sentence, lists distributed, each pair once, the surest kept."""
    here = inside(sentence, mentions)
    if not here:
        return ()
    lists = list_slots(text, sentence, here)
    views = [_together(text, sentence, here, lists)]
    if lists:
        views.append(mask(text, sentence, map(single, here)))
    found = [c for masked in views for c in _candidates(relations, masked, sentence)]
    return distribute(found, [MentionList(slot.members, slot.head) for slot in lists], text)


def _together(text: str, sentence: Sentence, mentions: Sequence[Mention], lists: Sequence[Slot]) -> Masked:
    """The sentence with each list as one slot."""
    alone = [single(m) for m in mentions if not any(one.start <= m.start < one.end for one in lists)]
    return mask(text, sentence, sorted([*alone, *lists], key=lambda slot: slot.start))


def _candidates(relations: Mapping[str, Relation], masked: Masked, sentence: Sentence) -> Iterator[Candidate]:
    present = frozenset(re.findall(r"\w+", masked.text.casefold()))
    for relation in relations.values():
        for pattern in relation.patterns:
            if _needs(pattern).isdisjoint(present) and _needs(pattern):
                continue
            for found in compiled(relation, pattern).finditer(masked.text):
                yield from _claims(relation, pattern, masked, found, sentence)


def _claims(
    relation: Relation, pattern: Pattern, masked: Masked, found: re.Match[str], sentence: Sentence
) -> Iterator[Candidate]:
    for subject, object_ in _pairs(relation, masked, found):
        if subject.entity != object_.entity and admits(relation, subject.type, object_.type):
            yield Candidate(
                relation.name, subject, object_, sentence.start, sentence.end, pattern.confidence, METHOD, pattern.status
            )


def _pairs(relation: Relation, masked: Masked, found: re.Match[str]) -> Iterator[tuple[Mention, Mention]]:
    groups = found.re.groupindex
    if "pair" in groups:
        several = masked.slots[found.start("pair")].members
        for at, subject in enumerate(several):
            yield from ((subject, other) for other in several[at + 1 :])
        return
    left, right = masked.slots[found.start("A")], masked.slots[found.start("B")]
    if len(left.members) == len(right.members) > 1 and "respectively" in masked.text.casefold():
        yield from zip(left.members, right.members, strict=True)
    else:
        yield from ((a, b) for a in left.mentions for b in right.mentions)


def compiled(relation: Relation, pattern: Pattern) -> re.Pattern[str]:
    """The regular expression of a pattern over masked sentences; every repetition in it is bounded, so its time is linear."""
    return _compiled(pattern.text, relation.subject, relation.object, relation.symmetric)


@cache
def _compiled(text: str, subject: _Kinds, object_: _Kinds, symmetric: bool) -> re.Pattern[str]:
    ends = _Ends(subject | object_, subject | object_) if symmetric else _Ends(subject, object_)
    return re.compile(_expression(text, ends), re.IGNORECASE)


def _expression(text: str, ends: _Ends) -> str:
    parts: list[str] = []
    led = False  # whether a word stands before, so that a noun phrase may begin
    tokens = list(_TOKEN.finditer(text))
    for at, token in enumerate(tokens):
        apart = bool(parts) and token.group()[0].isspace()
        body = token.group().strip()
        lead = " +" if apart else ""
        if token["gap"]:
            parts.append(rf"(?: +(?:(?!{SLOT})[^\s;:])+){{0,{int(body[3:])}}}?")
        elif token["options"]:
            parts.append(_options(body, lead, ends, first=not parts))
        elif token["slot"]:
            ending = at + 1 < len(tokens) and tokens[at + 1].group()[0].isspace() and not tokens[at + 1]["mark"]
            parts.append(lead + _slot(body, ends, led=apart and led, ending=ending))
        else:
            parts.append(lead + _word(body, bool(token["mark"])))
        led = not token["mark"] or body not in "’'"
    return "".join(parts)


def _options(body: str, lead: str, ends: _Ends, first: bool) -> str:
    """`[a|b]`, `[a|b]*` or `(a|b)`, with the space that belongs to it."""
    inner = body.rstrip("*")[1:-1]
    choice = "(?:" + "|".join(_expression(option, ends) for option in inner.split("|")) + ")"
    whole = f"{choice} +" if first and body[0] == "[" else lead + choice
    if body[0] == "(":
        return whole
    return f"(?:{whole})" + ("{0,3}" if body.endswith("*") else "?")


def _word(body: str, mark: bool) -> str:
    return _MARKS.get(body, re.escape(body[-1])) if mark else rf"(?<!\w){re.escape(body)}(?!\w)"


def _slot(body: str, ends: _Ends, led: bool, ending: bool) -> str:
    """A placeholder: a mention with its noun phrase around it, or one of a list of words."""
    name = body.strip("^{}")
    if name not in ("A", "B", "pair", "any") and name not in set(EntityType):
        return _words(name)
    kinds = {"A": ends.subject, "B": ends.object, "pair": ends.subject, "any": frozenset(EntityType)}
    some = kinds.get(name) or frozenset({EntityType(name)})
    one = characters(some, several=True if name == "pair" else None, free=body[0] == "^")
    named = f"(?P<{name}>{one})" if name in ("A", "B", "pair") else one
    return (_lead() if led else "") + named + (_TAIL if ending else "")


_TAIL = rf"(?: \([^()]{{1,60}}\))?(?:, [^,;:]{{2,{_LONGEST_TAIL}}},)?"
"""What may stand between a name and the rest of its clause: a bracket, an apposition or relative clause between commas."""


@cache
def _lead() -> str:
    barred = "|".join(words("not_before_names"))
    return rf"(?:(?!(?:{barred})\b)(?:[\w“\"„][\w’'&./-]*[”\"]?|{SLOT}[’'](?:s\b)?|{SLOT}-\w+) +){{0,6}}?"


@cache
def _words(name: str) -> str:
    entries = sorted(words(name), key=lambda entry: (-len(entry), entry))
    return "(?:" + "|".join(map(_entry, entries)) + ")"


def _entry(entry: str) -> str:
    """A word or phrase between word borders, where it ends in letters ('%' needs none)."""
    left, right = (r"(?<!\w)" if entry[0].isalnum() else ""), (r"(?!\w)" if entry[-1].isalnum() else "")
    return left + re.escape(entry).replace(r"\ ", " +") + right


@cache
def _needs(pattern: Pattern) -> frozenset[str]:
    """Words of which a sentence must hold at least one for the pattern to be tried; empty if there is no such word."""
    best: frozenset[str] = frozenset()
    for token in _TOKEN.finditer(pattern.text):
        name = (token["slot"] or "").strip("^{}")
        if token["word"]:
            one = frozenset(re.findall(r"\w+", token["word"].casefold())[:1])
        elif name and name not in ("A", "B", "pair", "any") and name not in set(EntityType):
            firsts = [re.findall(r"\w+", entry.casefold())[:1] for entry in words(name)]
            one = frozenset(first[0] for first in firsts if first)
            if not all(firsts):
                continue
        else:
            continue
        best = one if not best or len(one) < len(best) else best
    return best

r"""The pattern language of the relation files, and finding what patterns say in a sentence.

A pattern is words and placeholders, without regard to case: `^{A} [{aux}]* {sign} ...4 {memorandum} ...12 with {B}`
  {A} {B}      subject and object: a mention of a type that the relation admits, or a list of them; what belongs to its
               noun phrase is skipped ('the German carmaker', a bracket, an apposition between commas)
  {pair}       a list of two or more that are both ends ('X and Y signed …')
  {A:Person}   the same, of one type or class only
  {any} {Place}   a mention (of that type) that is no end of the claim
  {sign}       any entry of the word list data/lexicon/sign.txt
  [a|an|the]   one of these or nothing; [{aux}]* up to four of these; (a|an) exactly one of these
  !(a|b)       none of these comes next
  ...4         up to four words without a mention among them
  \( \)        a bracket of the text itself
  ^            before a placeholder: not after a preposition ('a partner of {A}' is out), so it can be a subject
Spaces in a pattern stand for spaces; what is written without a space is found without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.claims.lists import MentionList, distribute, list_slots
from kg.claims.masking import BORDER, SLOT, Masked, Slot, bordered, characters, inside, mask, plain, single, spaced
from kg.lexicon import words
from kg.model import PATTERN, Candidate, EntityType, Mention, Sentence
from kg.relations import Pattern, Relation, admits, types

_Kinds = frozenset[EntityType]
_ENDS = ("A", "B", "pair")


@dataclass(frozen=True, slots=True)
class _Ends:
    """What may stand in `{A}` and `{B}`."""

    subject: _Kinds
    object: _Kinds


_TOKEN = re.compile(
    r"\s*(?:(?P<options>!?[\[(][^\[\]()]*[\])]\*?)|(?P<gap>\.\.\.\d+)|(?P<slot>\^?\{\w+(?::\w+)?\})"
    r"|(?P<word>[\w-]+)|(?P<mark>\\[()\[\]]|[^\w\s]))"
)
_STEP = re.compile(rf"{SLOT}|\w+")
_LONGEST_TAIL = 110


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of some relations in order, and which of them are worth a look by a word, or a slot, that they need; `names` are
    those of the relations that are looked for."""

    relations: Mapping[str, Relation]
    names: frozenset[str]
    patterns: tuple[tuple[Relation, Pattern, tuple[frozenset[str], ...]], ...]
    by_step: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, relations: Mapping[str, Relation]) -> Rules:
        """The rules of these relations; each is filed under the rarest of what it needs, which is where it needs one of few."""
        patterns = tuple(
            (r, p, _needs(p.text, r.subject, r.object, r.symmetric)) for r in relations.values() for p in r.patterns
        )
        filed: dict[str, list[int]] = {}
        for number, (_, _, needs) in enumerate(patterns):
            for step in min(needs, key=lambda need: (any(map(_is_slot, need)), len(need))):
                filed.setdefault(step, []).append(number)
        return cls(relations, frozenset(relations), patterns, {step: tuple(numbers) for step, numbers in filed.items()})

    def only(self, names: frozenset[str]) -> Rules:
        """The same rules, but those of relations by these names alone."""
        return replace(self, names=names)

    def worth_trying(self, steps: Sequence[str]) -> Iterator[tuple[Relation, Pattern]]:
        """The patterns all of whose needs a sentence (its words and slots) meets, in order: most are never compiled."""
        present = frozenset(steps)
        for number in sorted({number for step in present for number in self.by_step.get(step, ())}):
            relation, pattern, needs = self.patterns[number]
            if relation.name in self.names and not any(need.isdisjoint(present) for need in needs):
                left = iter(steps)
                if all(any(step in need for step in left) for need in needs):
                    yield relation, pattern


def match(rules: Rules, text: str, sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Candidate, ...]:
    """The claims that patterns find in a sentence, lists distributed, each pair once.

    A place inside the mention of a group ('companies from X') counts if `mentions` hold it as well."""
    here = inside(sentence, mentions)
    if not here or not rules.names:
        return ()
    lists = list_slots(text, sentence, here)
    together = _together(text, sentence, here, lists)
    found = list(_candidates(rules, together, sentence))
    if lists:
        apart = _apart(text, sentence, here, together)
        found += [c for c in _candidates(rules, apart, sentence) if not _one_list(rules.relations, c, lists)]
    opened = _opened(text, sentence, here, mentions)
    if opened:
        found += _candidates(rules, opened, sentence)
    return distribute(found, [MentionList(slot.members, slot.head) for slot in lists], text)


def _apart(text: str, sentence: Sentence, mentions: Sequence[Mention], together: Masked) -> Masked:
    """The sentence with each mention as a slot; members hang on a preposition where their list does."""
    hanging = {mention for slot in together.slots.values() if slot.hangs for mention in slot.mentions}
    return mask(text, sentence, [replace(single(m), hangs=m in hanging) for m in mentions])


def _opened(text: str, sentence: Sentence, outer: Sequence[Mention], mentions: Sequence[Mention]) -> Masked | None:
    """The sentence with its groups spelled out, each behind its slot, so that a pattern sees the place in 'companies from X';
    None if no group holds a place."""
    inner = [
        place
        for group in outer
        if group.type is EntityType.GROUP
        for place in mentions
        if place.type is EntityType.PLACE and group.start < place.start and place.end <= group.end
    ]
    groups = [m for m in outer if any(m.start <= place.start < m.end for place in inner)]
    slots = [Slot((group,), None, group.start, group.start) for group in groups] + [single(place) for place in inner]
    return mask(text, sentence, sorted(slots, key=lambda slot: (slot.start, slot.end))) if inner else None


def _one_list(relations: Mapping[str, Relation], candidate: Candidate, lists: Sequence[Slot]) -> bool:
    """Whether both ends are members of one list: alike, so a claim between them only where the relation is symmetric."""
    together = any(candidate.subject in one.mentions and candidate.object in one.mentions for one in lists)
    return together and not relations[candidate.predicate].symmetric


def _together(text: str, sentence: Sentence, mentions: Sequence[Mention], lists: Sequence[Slot]) -> Masked:
    """The sentence with each list as one slot."""
    alone = [single(m) for m in mentions if not any(one.start <= m.start < one.end for one in lists)]
    return mask(text, sentence, sorted([*alone, *lists], key=lambda slot: slot.start))


def _lower(text: str) -> str:
    """A text in small letters, each of which stands where its capital stood."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _candidates(rules: Rules, masked: Masked, sentence: Sentence) -> Iterator[Candidate]:
    lower = bordered(_lower(masked.text), _barred())
    for relation, pattern in rules.worth_trying(_STEP.findall(lower)):
        for found in compiled(relation, pattern).finditer(lower):
            yield from _claims(relation, pattern, masked, found, sentence)


def _claims(
    relation: Relation, pattern: Pattern, masked: Masked, found: re.Match[str], sentence: Sentence
) -> Iterator[Candidate]:
    for subject, object_ in _pairs(pattern, masked, found):
        if subject.entity != object_.entity and admits(relation, subject.type, object_.type):
            start, end = sentence.start, sentence.end
            yield Candidate(relation.name, subject, object_, start, end, pattern.confidence, PATTERN, pattern.status)


def _pairs(pattern: Pattern, masked: Masked, found: re.Match[str]) -> Iterator[tuple[Mention, Mention]]:
    """What stands in the slots; lists only in a clause (`^`), for a noun phrase tells of the one member it belongs to."""
    groups = found.re.groupindex
    if "pair" in groups:
        several = masked.slots[found.start("pair")].members
        for at, subject in enumerate(several):
            yield from ((subject, other) for other in several[at + 1 :])
        return
    left, right = masked.slots[found.start("A")], masked.slots[found.start("B")]
    if len(left.members) == len(right.members) > 1 and "respectively" in masked.text.casefold():
        yield from zip(left.members, right.members, strict=True)
    elif pattern.text.startswith("^") or len(left.mentions) == len(right.mentions) == 1:
        yield from ((a, b) for a in left.mentions for b in right.mentions)


def compiled(relation: Relation, pattern: Pattern) -> re.Pattern[str]:
    """The regular expression of a pattern over masked sentences in lower case.

    Every repetition in it is bounded, so its time is linear in the length of the sentence."""
    return _compiled(pattern.text, relation.subject, relation.object, relation.symmetric)


@cache
def _compiled(text: str, subject: _Kinds, object_: _Kinds, symmetric: bool) -> re.Pattern[str]:
    return spaced(_expression(text, _ends(subject, object_, symmetric)))


@cache
def _ends(subject: _Kinds, object_: _Kinds, symmetric: bool) -> _Ends:
    return _Ends(subject | object_, subject | object_) if symmetric else _Ends(subject, object_)


def _expression(text: str, ends: _Ends) -> str:
    parts: list[str] = []
    led = False  # whether a word stands before, so that a noun phrase may begin
    tokens = list(_TOKEN.finditer(text))
    for at, token in enumerate(tokens):
        apart = bool(parts) and token.group()[0].isspace()
        body = token.group().strip()
        lead = " +" if apart else ""
        if token["gap"]:
            parts.append(rf"(?: +[^\s;:{SLOT[1:-1]}]+){{0,{int(body[3:])}}}?")
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
    inner = body.lstrip("!").rstrip("*")[1:-1]
    choice = "(?:" + "|".join(_expression(option, ends) for option in inner.split("|")) + ")"
    lead = "" if inner.startswith("...") else lead  # a gap brings its own space
    if body[0] == "!":
        return f"(?!{lead}{choice})"
    whole = f"{choice} +" if first and body[0] == "[" else lead + choice
    if body[0] == "(":
        return whole
    return f"(?:{whole})" + ("{0,4}" if body.endswith("*") else "?")


def _word(body: str, mark: bool) -> str:
    """A word between word borders; one with a hyphen at an end ('-based') hangs on what stands there."""
    if mark:
        return re.escape(plain(body[-1]))
    left, right = (r"\b" * (end != "-") for end in (body[0], body[-1]))
    return f"{left}{re.escape(body.casefold())}{right}"


def _slot(body: str, ends: _Ends, led: bool, ending: bool) -> str:
    """A placeholder: a mention with its noun phrase around it, or one of a list of words."""
    name = body.strip("^{}").partition(":")[0]
    if _is_list(name):
        return _words(name)
    one = _mention(body, ends)
    named = f"(?P<{name}>{one})" if name in _ENDS else one
    return (_LEAD if led else "") + named + (_TAIL if ending else "")


def _is_list(name: str) -> bool:
    return name not in (*_ENDS, "any") and name not in set(EntityType)


def _mention(body: str, ends: _Ends) -> str:
    """A placeholder's mention as a set of characters."""
    name, _, narrowed = body.strip("^{}").partition(":")
    kinds = {"A": ends.subject, "B": ends.object, "pair": ends.subject, "any": frozenset(EntityType)}
    some = kinds[name] if name in kinds else frozenset({EntityType(name)})
    some &= types([narrowed]) if narrowed else some
    return characters(some, several=True if name == "pair" else None, free=body[0] == "^")


_TAIL = rf"(?: \([^()]{{1,60}}\))?(?:(?:, [^,;:]{{2,{_LONGEST_TAIL}}}){{1,2}},)?"
"""What may stand between a name and the rest of its clause: a bracket, an apposition or a relative clause."""


_LEAD = rf"(?:(?<!{BORDER})(?:[\w\"][\w'&./-]*\"?|{SLOT}'(?:s\b)?|{SLOT}-\w+) +){{0,6}}?"
"""What may lead up to a name in its noun phrase."""


@cache
def _barred() -> str:
    return rf"{_tree(words('not_before_names'))}\b"


@cache
def _words(name: str) -> str:
    """A word list as a regular expression between word borders; '%' and its like take the figure before them along."""
    entries = [entry.casefold() for entry in words(name) if entry[0].isalnum()]
    signs = [r"[\d.,]*" + re.escape(entry) for entry in words(name) if not entry[0].isalnum()]
    return "(?:" + "|".join([*signs, rf"\b{_tree(entries)}\b"]) + ")"


def _tree(entries: Sequence[str]) -> str:
    """Phrases as an expression that shares their beginnings, the longest tried first.

    It is a third as long as alternatives in a row, and the time to compile goes by the length."""
    tails: dict[str, list[str]] = {}
    for entry in entries:
        if entry:
            tails.setdefault(entry[0], []).append(entry[1:])
    made = []
    for first, rest in sorted(tails.items()):
        made.append((" +" if first == " " else re.escape(first)) + _tree(rest))
    if not made:
        return ""
    choice = made[0] if len(made) == 1 and "" not in entries else "(?:" + "|".join(made) + ")"
    return choice + ("?" if "" in entries else "")


def _needs(text: str, subject: _Kinds, object_: _Kinds, symmetric: bool) -> tuple[frozenset[str], ...]:
    """What a sentence must hold for a pattern to match, in order: each time one of these words or slots."""
    ends = _ends(subject, object_, symmetric)
    return tuple(need for token in _TOKEN.finditer(text) if (need := _need(token, ends)))


def _need(token: re.Match[str], ends: _Ends) -> frozenset[str]:
    """One of these must stand there; empty where nothing needs to."""
    if token["word"]:
        return _first(token["word"])
    if token["options"] and token["options"][0] == "(":
        first = [_TOKEN.match(option) for option in token["options"][1:-1].split("|")]
        return _any_of([_need(one, ends) if one else frozenset() for one in first])
    if not token["slot"]:
        return frozenset()
    name = token["slot"].strip("^{}").partition(":")[0]
    if _is_list(name):
        return _any_of([_first(entry) for entry in words(name)])
    return frozenset(_mention(token["slot"], ends)[1:-1])


def _is_slot(step: str) -> bool:
    return re.fullmatch(SLOT, step) is not None


def _first(words: str) -> frozenset[str]:
    return frozenset(_STEP.findall(words.casefold())[:1])


def _any_of(needs: Sequence[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*needs) if all(needs) else frozenset()

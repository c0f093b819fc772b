"""Which mentions of one document name the same thing: every variant gets the one name under which the document knows
it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise

from kg.entities.kinds import is_place, with_one_type
from kg.entities.names import (
    acronym_of,
    bare_person,
    bare_place,
    is_acronym,
    is_title,
    is_weak,
    kind_of,
    shortens,
    split_acronym,
    without_titles,
)
from kg.entries import Entry
from kg.lexicon import words
from kg.model import EntityType, Mention
from kg.names import normalise, strip_legal_form
from kg.reference import Reference, load

_GAP_TO_BRACKET = re.compile(r"\s*[(（]\s*(?:the\s+|or\s+|hereinafter\s+|[\"“„'])*$", re.IGNORECASE)
_APPOSED = r"[\"”’')]?,[\"”’']?\s+(?:{})\s+(?:as\s+)?(?:the\s+)?[\"“„'‘]?"
_ONE_SENTENCE = re.compile(r"(?!\s*[(（\[])[^.!?。！？;\n]*")
TOWN = 20_000
"""People that a place has at least for its name inside of another to say where a unit is: smaller ones bear the names of much
else ('Speicher', 'Küchen')."""
_UNLIKE = frozenset({"group", "sector"})
"""Classes whose names are descriptions: only the same words are the same thing."""


@dataclass(slots=True)
class _Form:
    """A written form in a document: its mentions in order of the text."""

    key: str
    kind: str
    mentions: list[Mention] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def rank(self) -> tuple[bool, int, str]:
        """How full a form is: abbreviations first, then by length."""
        return not is_acronym(self.text), len(self.key), self.key

    @property
    def texts(self) -> frozenset[str]:
        """The ways in which the form is written."""
        return frozenset(mention.text for mention in self.mentions)

    @property
    def text(self) -> str:
        """The fullest way in which the form is written."""
        return max(self.texts, key=lambda text: (len(text), text))


def resolve_names(text: str, mentions: Sequence[Mention], reference: Reference | None = None) -> tuple[Mention, ...]:
    """The mentions, each with the document-level name of its thing as `entity`, and one type for one name.

    Anaphoric mentions follow the name that they stand for. The reference data (loaded if not given) only tell which
    words are names of places; what is linked to them is decided in `kg.entities.link`."""
    reference = reference or load()
    named = with_one_type(_plain(mentions), reference)
    forms = _forms(named)
    chosen = _names(text, forms, reference)
    out = dict(zip(named, (replace(m, entity=chosen[_form_key(m)]) for m in named), strict=True))
    renamed = {mention.text: after.entity for mention, after in out.items()}
    settled = [out[m] for m in named] + [_follow(m, renamed) for m in mentions if m.anaphoric]
    return tuple(sorted(settled, key=lambda m: (m.start, m.end, m.type)))


def _plain(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions by name, in order of the text; a mere title names nobody."""
    named = {m for m in mentions if not m.anaphoric and not (m.type is EntityType.PERSON and is_title(m.text))}
    return sorted(named, key=lambda m: (m.start, m.end, m.type, m.text))


def _follow(mention: Mention, renamed: dict[str, str]) -> Mention:
    return replace(mention, entity=renamed.get(mention.entity, mention.entity))


def _key(mention: Mention, kind: str) -> str:
    name = split_acronym(mention.text)[0]
    if kind == "person":
        return bare_person(name)
    return bare_place(name) if kind == "place" else normalise(name)


def _form_key(mention: Mention) -> tuple[str, str]:
    kind = kind_of(mention.type)
    return kind, _key(mention, kind)


def _forms(mentions: Iterable[Mention]) -> dict[tuple[str, str], _Form]:
    found: dict[tuple[str, str], _Form] = {}
    for mention in mentions:
        kind, key = _form_key(mention)
        found.setdefault((kind, key), _Form(key, kind)).mentions.append(mention)
    return found


def _names(text: str, forms: dict[tuple[str, str], _Form], reference: Reference) -> dict[tuple[str, str], str]:
    """The document-level name of each form: that of the fullest form that it is a variant of."""
    parents = _parents(text, forms, reference)
    clusters: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for key in forms:
        clusters[_root(key, parents)].append(key)
    names: dict[tuple[str, str], str] = {}
    for members in clusters.values():
        name = _fullest([forms[key] for key in members])
        names.update((key, name) for key in members)
    return names


def _root(key: tuple[str, str], parents: dict[tuple[str, str], tuple[str, str]]) -> tuple[str, str]:
    seen = {key}
    while key in parents and parents[key] not in seen:
        key = parents[key]
        seen.add(key)
    return key


def _fullest(forms: list[_Form]) -> str:
    """The longest written form that is no abbreviation, without what stands in brackets, titles of persons and an
    article."""
    texts = sorted({split_acronym(m.text)[0] for form in forms for m in form.mentions})
    best = max(texts, key=lambda name: (not is_acronym(name), len(_fold_words(name, forms[0].kind)), len(name), name))
    if forms[0].kind == "person":
        best = without_titles(best)
    if forms[0].kind == "place" and best.isupper() and len(best) > 4:
        best = best.title()  # a dateline: 'BEIJING'
    return re.sub(r"^[Tt]he\s+|['’]s$", "", best)


def _fold_words(name: str, kind: str) -> list[str]:
    return (bare_person(name) if kind == "person" else normalise(name)).split()


@dataclass(frozen=True)
class _Context:
    """What a decision on two forms looks at."""

    text: str
    forms: dict[tuple[str, str], _Form]
    places: frozenset[str]
    reference: Reference

    def entry(self, form: _Form) -> str:
        """The id of the one entry of the reference data that bears a form's name, '' if there is none or more."""
        found = self.entries(form)
        return next(iter(found)) if len(found) == 1 else ""

    def entries(self, form: _Form) -> frozenset[str]:
        """The ids of all entries of the reference data that bear a form's name. An abbreviation has to be of the same type: many
        bodies share one."""
        types = {mention.type for mention in form.mentions}
        return frozenset(entry.id for entry in self._near(form) if entry.type in types or not is_acronym(form.text))

    def are_two(self, one: _Form, other: _Form) -> bool:
        """Whether the reference data know both, and nothing that bears both names."""
        first, second = self.entries(one), self.entries(other)
        return bool(first and second) and first.isdisjoint(second)

    def is_known_without(self, form: _Form, full: _Form) -> bool:
        """Whether the reference data know a name, and nothing that bears it by the words that a longer name adds."""
        added = {word for word in set(full.key.split()) - set(form.key.split()) if not is_weak(word)}
        near = [entry for entry in self._near(form) if not is_acronym(form.text)]
        return bool(near) and not any(
            added & set(normalise(name.text).split()) for entry in near for name in entry.names
        )

    def _near(self, form: _Form) -> list[Entry]:
        return [entry for entry in self.reference.lookup(form.text) if kind_of(entry.type) == form.kind]

    def akin(self, form: _Form) -> set[tuple[str, str]]:
        """The forms of one class that a form may be short for: they share a word or an entry, or it is an abbreviation."""
        if any(is_acronym(mention.text) for mention in form.mentions):
            return {key for key in self.forms if key[0] == form.kind}
        return {key for clue in self.clues(form) for key in self.by_clue[clue]}

    def clues(self, form: _Form) -> set[tuple[str, str]]:
        """What related forms have in common, each with the class of the form."""
        shared = {*normalise(form.text).split(), *form.key.split()}
        telling = {word for word in shared if not is_weak(word)} or shared
        return {(form.kind, clue) for clue in (*telling, self.entry(form)) if clue}

    @cached_property
    def by_clue(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for key, form in self.forms.items():
            for clue in self.clues(form):
                found[clue].append(key)
        return found


def _parents(
    text: str, forms: dict[tuple[str, str], _Form], reference: Reference
) -> dict[tuple[str, str], tuple[str, str]]:
    """For each form that is short for another, that other."""
    forms = dict(sorted(forms.items()))
    context = _Context(text, forms, _place_words(forms, reference), reference)
    parents = _explained(context)
    for key, form in forms.items():
        if key not in parents and form.kind not in _UNLIKE:
            full = _full_form(context, key)
            if full and _root(full, parents) != key:
                parents[key] = full
    return parents


def _place_words(forms: dict[tuple[str, str], _Form], reference: Reference) -> frozenset[str]:
    """Words that name places, in the document or in the reference data."""
    found = {form.key for form in forms.values() if form.kind == "place"}
    for form in forms.values():
        if form.kind == "organization":
            found |= {word for word in form.key.split() if len(word) > 2 and is_place(word, reference, TOWN)}
    return frozenset(found)


def _explained(context: _Context) -> dict[tuple[str, str], tuple[str, str]]:
    """Other names that the text itself explains: 'China State Shipbuilding Corporation (CSSC)', 'Tognum, formerly MTU'; but
    'Siemens, previously Bosch' are two."""
    text, forms = context.text, context.forms
    parents: dict[tuple[str, str], tuple[str, str]] = {}
    ordered = sorted(((m, key) for key, form in forms.items() for m in form.mentions), key=lambda pair: pair[0])
    for (before, full), (after, short) in pairwise(ordered):
        if full[0] != short[0] or full == short:
            continue
        if is_acronym(after.text) and _explains(text, before.end, after):
            parents.setdefault(short, full)
        elif (
            full[0] == "organization"
            and _also_called().fullmatch(text, before.end, after.start)
            and not context.are_two(forms[full], forms[short])
        ):
            less, more = sorted((full, short), key=lambda key: forms[key].rank)
            parents.setdefault(less, more)
    for key, form in sorted(forms.items()):
        for mention in form.mentions:
            short = (key[0], normalise(split_acronym(mention.text)[1]))
            if short[1] and short in forms and short != key:
                parents.setdefault(short, key)
    return parents


@cache
def _also_called() -> re.Pattern[str]:
    """What stands between two names of one thing."""
    phrases = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in words("also_called"))
    return re.compile(_APPOSED.format(phrases), re.IGNORECASE)


def _explains(text: str, end: int, short: Mention) -> bool:
    """Whether a bracket stands between a name's end and a short form, and the short form ends the bracket's first
    part."""
    closing = text[short.end : short.end + 2].lstrip("\"”'")[:1]
    return _GAP_TO_BRACKET.fullmatch(text[end : short.start]) is not None and closing in tuple(")）,;，")


def _full_form(context: _Context, key: tuple[str, str]) -> tuple[str, str] | None:
    """The one form that a form is short for, None if there is none or more than one."""
    form = context.forms[key]
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for other in context.akin(form) - {key}:
        found[_how(context, form, context.forms[other])].append(other)
    for how in ("weak", "known", "initials", "parts", "strong"):
        if found[how]:
            return _only(found[how], context.forms)
    return None


def _only(keys: list[tuple[str, str]], forms: dict[tuple[str, str], _Form]) -> tuple[str, str] | None:
    """The longest, if the others are short forms of it themselves ('Dr. R. Habeck', 'Robert Habeck'), else None."""
    longest = max(keys, key=lambda key: (len(key[1].split()), len(key[1]), key))
    whole = set(forms[longest].key.split())
    return longest if all(set(key[1].split()) <= whole for key in keys) else None


def _how(context: _Context, form: _Form, full: _Form) -> str:
    """How one form may be short for another, in its context: 'weak', 'known', 'initials', 'strong' or '' (not at
    all)."""
    places = context.places - {form.key} if _alike(form, full) else context.places
    how = shortens(form.text, full.text, form.kind, places)
    if how == "weak" and form.kind == "organization" and form.start < full.start and "holding" in full.key.split():
        return ""
    if how == "weak" or form.kind == "person":
        return how
    one, other = context.entry(form), context.entry(full)
    if one and other:
        return ("known" if form.rank < full.rank else "") if one == other else ""
    if form.kind == "organization":
        made = {acronym_of(short, long) for short in form.texts for long in full.texts} - {""}
        if made:
            return min(made)
    club = full.mentions[0].type is EntityType.SPORTS_CLUB and form.mentions[0].type is EntityType.SPORTS_CLUB
    if not how and club and len(form.key) > 2 and form.key in full.key.split():
        how = "strong"
    return how if how == "strong" and not _of_its_own(context, form, full) else ""


def _alike(form: _Form, full: _Form) -> bool:
    """Whether all mentions of both are of one type: then a place's name in the longer one, alone, is short for it."""
    return len({mention.type for mention in (*form.mentions, *full.mentions)}) == 1


def _of_its_own(context: _Context, form: _Form, full: _Form) -> bool:
    """Whether a short name that might stand for a longer one stands for something else.

    It does when it comes first (a house before its unit), has a legal form, is known without the rest, stands in one sentence with
    the longer one, or when the longer one holds a third name (a joint venture)."""
    if form.start < full.start or _in_one_sentence(context.text, form, full) or _joined(form, full):
        return True
    if context.is_known_without(form, full):
        return True
    if any(strip_legal_form(mention.text) != mention.text for mention in form.mentions):
        return True
    rest = set(full.key.split()) - set(form.key.split())
    return any(other.key in rest for other in context.forms.values() if other.kind == "organization")


def _joined(form: _Form, full: _Form) -> bool:
    """Whether a hyphen joins the short name to another in the longer one ('FAW-Volkswagen')."""
    return re.search(rf"[-–]{re.escape(form.text)}\b|\b{re.escape(form.text)}[-–]", full.text) is not None


def _in_one_sentence(text: str, form: _Form, full: _Form) -> bool:
    """Whether the two follow each other in one sentence, brackets apart, as two things do twice as often as one thing by two names
    (counted in the annotated documents): 'Bayer and Bayer Consumer Health', 'Voith Turbo, a unit of Voith'."""
    ordered = sorted(
        [*((m, form) for m in form.mentions), *((m, full) for m in full.mentions)], key=lambda pair: pair[0]
    )
    pairs = pairwise(ordered)
    return any(a[1] is not b[1] and _ONE_SENTENCE.fullmatch(text[a[0].end : b[0].start]) for a, b in pairs)

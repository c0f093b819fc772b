"""The frozen values that the rooms share: documents, mentions, evidence, claims, entities. They know no library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256


class EntityType(StrEnum):
    """What kind of thing a name stands for (the guidelines' entity types)."""

    COMPANY = "Company"
    RESEARCH_ORGANIZATION = "ResearchOrganization"
    GOVERNMENT_ORGANIZATION = "GovernmentOrganization"
    SPORTS_CLUB = "SportsClub"
    ORGANIZATION = "Organization"
    PERSON = "Person"
    PLACE = "Place"
    EVENT = "Event"
    GROUP = "Group"
    SECTOR = "Sector"


ORGANIZATIONS = frozenset(
    {
        EntityType.COMPANY,
        EntityType.RESEARCH_ORGANIZATION,
        EntityType.GOVERNMENT_ORGANIZATION,
        EntityType.SPORTS_CLUB,
        EntityType.ORGANIZATION,
    }
)
"""The types that are organisations of some kind."""

AGENTS = ORGANIZATIONS | {EntityType.PERSON, EntityType.PLACE, EntityType.GROUP}
"""The types that may act: organisations, persons, groups, and places acting as a government."""


_OF_CHINA = frozenset({"HK", "MO"})


def side(country: str) -> str:
    """The country that a code (ISO 3166-1) counts for: Hong Kong and Macao have codes of their own and are China's."""
    return "CN" if country in _OF_CHINA else country


class Status(StrEnum):
    """How far along what a claim states is; only `actual` becomes a plain triple."""

    ACTUAL = "actual"
    PLANNED = "planned"
    FORMER = "former"
    NEGATED = "negated"


class SectionKind(StrEnum):
    """The parts of a release that are told apart."""

    TITLE = "title"
    DATELINE = "dateline"
    BODY = "body"
    PUBLISHER = "publisher"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document: characters `start` to `end` of its text."""

    kind: SectionKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One release or news item. `text` is the source's to the letter (strange ends of lines are line feeds), so offsets hold in
    the source; `published` is an ISO date, as precise as known; `sections` cover what was told apart (claims
    are read from TITLE and BODY only)."""

    id: str
    text: str
    title: str = ""
    published: str = ""
    publisher: str = ""
    lang: str = "en"
    source: str = ""
    contact: str = ""
    url: str = ""
    sections: tuple[Section, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of what the document says, whatever it is called, in hexadecimal."""
        parts = (self.text, self.title, self.published, self.publisher, self.lang)
        return sha256("\x00".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A run of text that names (or refers to) something: `text == document.text[start:end]`.

    `entity` is the name under which the document knows the thing, the same for all its mentions; `count` is the verbatim
    quantity of a Group ('More than 50'). `anaphoric` mentions are pronouns and descriptions ('the company')."""

    start: int
    end: int
    text: str
    type: EntityType
    entity: str
    confidence: float = 1.0
    anaphoric: bool = False
    count: str = ""


NEAR, FAR, PATTERN = "reader", "discourse", "pattern"
"""The methods of candidates: the reader's, for ends in one sentence or in several, and the patterns' of the relation files."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible claim between two mentions, before it is settled: what a reader or a pattern saw, how sure it is."""

    predicate: str
    subject: Mention
    object: Mention
    start: int
    end: int
    confidence: float
    method: str
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence that says so: `document.text[start:end] == quote`."""

    document: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Count:
    """A quantity of things, verbatim and normalised: 'More than 50' is at least 50.

    `comparator` is one of `exactly`, `atLeast`, `atMost`, `about`; `value` is None for 'many'."""

    verbatim: str
    comparator: str = "exactly"
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Date:
    """A date as precise as the text: `iso` is '2021', '2014-10' or '2014-10-11'."""

    verbatim: str
    iso: str


@dataclass(frozen=True, slots=True)
class Amount:
    """Money, verbatim and normalised: `currency` is ISO 4217 ('' if unknown), `value` in whole units of it or None."""

    verbatim: str
    currency: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A stake, verbatim and as a percentage of the whole (None where the text gives no figure: 'majority')."""

    verbatim: str
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Qualifiers:
    """What the text adds to a claim; empty where it adds nothing. `place`, `name`, `kind`, `role` are verbatim."""

    kind: str = ""
    role: str = ""
    place: str = ""
    name: str = ""
    attributed_to: str = ""
    topics: tuple[str, ...] = ()
    date: Date | None = None
    amount: Amount | None = None
    share: Share | None = None
    count: Count | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """Subject or object of a claim: the thing's name in the document, its type, the words of the evidence that name it
    (`mention`, at `start` to `end` of the text), and, once linked, the id of its entity ('agent:voith') and the other
    forms by which the document calls it."""

    name: str
    type: EntityType
    mention: str
    start: int = -1
    end: int = -1
    id: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document states, with the sentence that says so."""

    predicate: str
    subject: Argument
    object: Argument
    status: Status
    evidence: Evidence
    confidence: float
    method: str
    qualifiers: Qualifiers = Qualifiers()

    @property
    def id(self) -> str:
        """A hash of the content (not of how it was found), in hexadecimal: the same claim has the same id in every build."""
        q, e = self.qualifiers, self.evidence
        ends = (self.subject.id or self.subject.name, self.object.id or self.object.name)
        parts = (
            e.document,
            self.predicate,
            *ends,
            self.status,
            q.role,
            q.date.iso if q.date else "",
            str(e.start),
            str(e.end),
        )
        return sha256("\x00".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entity, with its language tag ('' where unknown)."""

    text: str
    lang: str = ""


def distinct_names(names: Iterable[Name]) -> tuple[Name, ...]:
    """Names in their order without repetitions: a text once a language, and without one only if it has none."""
    told = {(name.text, name.lang): name for name in names}
    tagged = {text for text, lang in told if lang}
    return tuple(name for (text, lang), name in told.items() if lang or text not in tagged)


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A code by which others know an entity, where there is no IRI for it.

    `scheme` is 'isin' (a security of the organisation, ISO 6166) or 'administrativeCode' (a Chinese place, GB/T
    2260)."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A node of the graph. `id` is a prefixed name ('agent:voith', 'place:kunshan-suzhou'); `country` is ISO 3166-1
    alpha-2; `parent` the id of the place around it, or of the sector above it; `same_as` IRIs elsewhere; `reasons`
    say why it was linked so.

    `entry` is the id of what it was linked to in the reference data ('' if to nothing), `score` how sure that is,
    from 0 to 1; `other_ids` are the ids that it would bear if it were parted."""

    id: str
    name: str
    type: EntityType
    names: tuple[Name, ...] = ()
    country: str = ""
    parent: str = ""
    lat: float | None = None
    lon: float | None = None
    same_as: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    entry: str = ""
    score: float = 0.0
    other_ids: tuple[str, ...] = ()

    @property
    def listed(self) -> bool:
        """Whether the reference data know it."""
        return bool(self.entry)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document yields: its linked claims and the entities that they name, in order of the text, and all the
    mentions that were found, whether or not a claim came of them. `sectors` are the ids of the sectors that topics of claims
    fall under, by the topics' words."""

    document: Document
    claims: tuple[Claim, ...] = ()
    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    left_alone: Mapping[str, int] = field(default_factory=dict)
    sectors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a store holds, as values again: documents (without their text), entities and claims, each sorted by id.

    By the ids of claims: `sectors`, the ids of the sectors that their topics fall under; `speakers`, the id of the entity in
    whose mouth they are."""

    documents: tuple[Document, ...] = ()
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    sectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    speakers: Mapping[str, str] = field(default_factory=dict)

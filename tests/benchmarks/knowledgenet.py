"""How the shipped reader does on text that it was never trained on: KnowledgeNet, five properties, folds 1 to 3.

    python tests/benchmarks/knowledgenet.py [EXTERNAL] [--limit N]

EXTERNAL is the folder that holds `knowledgenet/folds1-3.jsonl`; without it, a folder `shared/corpus/external` beside or
above the project is looked for. `--limit` reads that many documents only, evenly drawn from all.

A line of the file is a passage; a document is put together from those of its passages that are there. KnowledgeNet has a
fact for every pair of mentions ('Ann Lee', 'who', 'she'); here those whose ends are the same two things are one fact. Two
mentions are the same thing if they have one link, or, within facts that share property and other end, if one's words are in
the other's, or if one is a pronoun and the other the nearest name before it. A claim is right if the relation and both
ends are: its words overlap a mention of the thing, as in KnowledgeNet's own script, or its name is that of a mention. Each
fact is used up by one claim. A claim counts as wrong only where its passage is annotated exhaustively for the property."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kg import pipeline  # noqa: E402
from kg.evaluation import Rate, key  # noqa: E402
from kg.model import Argument, Claim, Document, EntityType, Status  # noqa: E402

Told = tuple[str, Argument, Argument, int]
"""A property, its subject and object, and where the evidence begins."""
FILE = Path("knowledgenet") / "folds1-3.jsonl"
_CHIEF = re.compile(r"\bC\.?E\.?O\b|\bchief[\s-]+exec", re.IGNORECASE)
_PRONOUN = re.compile(
    r"(he|him|his|she|her|it|its|they|them|their|i|me|my|we|our|who|whom|whose|which|that|where|(him|her|it|my)self)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Property:
    """What of ours is a property of KnowledgeNet, and why. `turned`: its subject is our object."""

    relation: str
    turned: bool
    fits: Callable[[Claim], bool]
    reason: str


PROPERTIES: Mapping[str, Property] = {
    "CEO": Property(
        "holdsRole", True, lambda c: bool(_CHIEF.search(c.qualifiers.role)),
        "an organisation and who is or was its chief executive: the claims whose role says so",
    ),
    "EMPLOYEE_OR_MEMBER_OF": Property(
        "holdsRole", False, lambda c: c.object.type != EntityType.PLACE,
        "a person's job or seat in an organisation, whatever its name; an office of a country or town is none",
    ),
    "HEADQUARTERS": Property(
        "basedIn", False, lambda c: True,
        "an organisation and the place of its seat; ours holds other offices too, theirs also the region and the country",
    ),
    "SUBSIDIARY_OF": Property(
        "subsidiaryOf", False, lambda c: True,
        "an organisation that belongs to another, in the same direction",
    ),
    "FOUNDED_BY": Property(
        "founded", True, lambda c: True,
        "an organisation and who founded it; theirs names the organisation first",
    ),
}  # fmt: skip
"""Status: what was once so is a fact to KnowledgeNet; what is only planned or denied is none."""


@dataclass(frozen=True, slots=True, order=True)
class End:
    """A mention at `start` to `end` of the document, and the link that the annotators gave it ('' for none)."""

    start: int
    end: int
    text: str
    link: str

    @property
    def pronoun(self) -> bool:
        """Whether the words stand for a name."""
        return _PRONOUN.fullmatch(self.text) is not None


@dataclass(slots=True)
class Fact:
    """A property of two things, with all mentions of them that are annotated."""

    name: str
    subjects: list[End] = field(default_factory=list)
    objects: list[End] = field(default_factory=list)

    @property
    def named(self) -> bool:
        """Whether a name, not only pronouns, stands for both ends in passages that are annotated with the fact."""
        return not all(e.pronoun for e in self.subjects) and not all(e.pronoun for e in self.objects)


@dataclass(slots=True)
class Way:
    """A way of counting, with its counts by property. `named`: without the facts that only a pronoun states; `followed`:
    who has its seat in a place has it in the place that a claim says this lies in ('Ulm, Germany'), too."""

    title: str
    named: bool = False
    followed: bool = False
    right: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)

    def rate(self, names: Collection[str]) -> Rate:
        """Precision, recall and F1 of these properties together."""
        return Rate(*(sum(count[n] for n in names) for count in (self.right, self.told, self.facts)))


def find(given: str | None) -> Path:
    """The file, in the folder given or in one of `shared/corpus/external` beside or above the project."""
    folders = [Path(given)] if given else [p / "shared" / "corpus" / "external" for p in (ROOT, *ROOT.parents)]
    for folder in folders:
        if (folder / FILE).is_file():
            return folder / FILE
    raise SystemExit(f"not measured: no {FILE} in {folders[0] if given else 'shared/corpus/external'}; name its folder")


def documents(path: Path) -> list[list[dict[str, Any]]]:
    """The passages of each document, in their order, of documents that are annotated for one of the properties."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            passage = json.loads(line)
            found[passage["doc"]].append(passage)
    wanted = (p for _, p in sorted(found.items()) if any(set(q["annotated_properties"]) & PROPERTIES.keys() for q in p))
    return [sorted(passages, key=lambda p: int(p["start"])) for passages in wanted]


def joined(passages: Sequence[Mapping[str, Any]]) -> tuple[Document, list[int]]:
    """A document of these passages and where each begins: neighbours after a space, others as paragraphs."""
    text, starts, last = "", [], 0
    for passage in passages:
        if text:
            text += " " if passage["start"] - last <= 2 else "\n\n"
        starts.append(len(text))
        text += passage["text"]
        last = passage["end"]
    return Document(id=str(passages[0]["doc"]), text=text), starts


def facts(passages: Sequence[Mapping[str, Any]], starts: Sequence[int]) -> list[Fact]:
    """The facts of a document between things, each once."""
    pairs = [
        (str(fact["prop"]), _end(fact, "subject", start), _end(fact, "object", start))
        for passage, start in zip(passages, starts, strict=True)
        for fact in passage["facts"]
        if fact["prop"] in PROPERTIES
    ]
    things = _things(pairs)
    found: dict[tuple[str, End, End], Fact] = {}
    for name, subject, object_ in pairs:
        fact = found.setdefault((name, things[subject], things[object_]), Fact(name))
        fact.subjects.append(subject)
        fact.objects.append(object_)
    return list(found.values())


def _end(fact: Mapping[str, Any], side: str, start: int) -> End:
    first, last = fact[f"{side}_span"]
    return End(start + first, start + last, fact[side], fact[f"{side}_uri"] or "")


def _things(pairs: Sequence[tuple[str, End, End]]) -> dict[End, End]:
    """For each mention, the one that stands for its thing."""
    of = {end: end for _, *ends in pairs for end in ends}
    linked: dict[str, End] = {}
    beside: dict[tuple[object, ...], list[End]] = defaultdict(list)
    for name, subject, object_ in sorted(pairs):
        beside[name, "subject", object_].append(subject)
        beside[name, "object", subject].append(object_)
    for end in sorted(of):
        if end.link:
            of[end] = linked.setdefault(end.link, end)
    for group in beside.values():
        _join([e for e in group if not e.link], of)
    return of


def _join(alike: Sequence[End], of: dict[End, End]) -> None:
    """Join the mentions without a link that stand in the same place of a fact: parts of names, and pronouns."""
    names = sorted((e for e in alike if not e.pronoun), key=lambda e: (-len(key(e.text)), e))
    for number, end in enumerate(names):
        of[end] = next((of[n] for n in names[:number] if _part(end.text, n.text)), of[end])
    pronouns = sorted(e for e in alike if e.pronoun)
    for end in pronouns:
        nearest = max([n for n in names if n.start < end.start] or names, default=pronouns[0])
        of[end] = of[nearest]


def _part(name: str, whole: str) -> bool:
    return set(key(name).split()) <= set(key(whole).split())


def told(claims: Sequence[Claim], followed: bool) -> list[Told]:
    """What claims say in KnowledgeNet’s properties, each thing once."""
    meant = [c for c in claims if c.status in (Status.ACTUAL, Status.FORMER)]
    around = {c.subject.name: c.object for c in meant if c.predicate == "locatedIn"} if followed else {}
    found: dict[tuple[str, str, str], Told] = {}
    for claim in meant:
        for name, wanted in PROPERTIES.items():
            if claim.predicate == wanted.relation and wanted.fits(claim):
                ends = (claim.object, claim.subject) if wanted.turned else (claim.subject, claim.object)
                found.setdefault((name, ends[0].name, ends[1].name), (name, *ends, claim.evidence.start))
    for name, subject, place, at in list(found.values()):
        if name == "HEADQUARTERS" and place.name in around:
            wider = around[place.name]
            found.setdefault((name, subject.name, wider.name), (name, subject, wider, at))
    return list(found.values())


def measure(passages: Sequence[Mapping[str, Any]], ways: Iterable[Way]) -> None:
    """Read a document and count what is right."""
    document, starts = joined(passages)
    claims, known = pipeline.extract(document).claims, facts(passages, starts)
    for way in ways:
        way.facts.update(f.name for f in known if f.named or not way.named)
        for name, fact in _judged(told(claims, way.followed), known, passages, starts):
            if fact is None or fact.named or not way.named:
                way.told[name] += 1
                way.right[name] += fact is not None


def _judged(
    said: Iterable[Told], known: Iterable[Fact], passages: Sequence[Mapping[str, Any]], starts: Sequence[int]
) -> Iterator[tuple[str, Fact | None]]:
    """The property of each thing said, with the fact that it gets right; left out where nobody annotated the property."""
    left = list(known)
    for name, subject, object_, at in said:
        fact = next((f for f in left if f.name == name and _is(subject, f.subjects) and _is(object_, f.objects)), None)
        if fact:
            left.remove(fact)
        if fact or name in _passage(passages, starts, at)["annotated_properties"]:
            yield name, fact


def _is(argument: Argument, ends: Collection[End]) -> bool:
    """Whether an end of a claim is the thing with these mentions."""
    return any(
        (argument.start < e.end and e.start < argument.end) or (not e.pronoun and key(argument.name) == key(e.text))
        for e in ends
    )


def _passage(passages: Sequence[Mapping[str, Any]], starts: Sequence[int], at: int) -> Mapping[str, Any]:
    return next(p for p, start in zip(reversed(passages), reversed(starts), strict=True) if start <= at)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the shipped reader on KnowledgeNet, folds 1 to 3.")
    parser.add_argument("external", nargs="?", help="the folder that holds knowledgenet/folds1-3.jsonl")
    parser.add_argument("--limit", type=int, metavar="N", help="read N documents only")
    given = parser.parse_args()
    found = documents(find(given.external))
    chosen = found[:: max(1, len(found) // given.limit)][: given.limit] if given.limit else found
    ways = (Way("all five"), Way("  both ends named", named=True), Way("  seats followed", followed=True))
    for passages in chosen:
        measure(passages, ways)
    print(f"KnowledgeNet, folds 1 to 3: {len(chosen)} of {len(found)} documents with one of the five properties")
    for name, meant in PROPERTIES.items():
        print(f"{name:<22} {ways[0].rate([name])}\n{'':<22} = {meant.relation}: {meant.reason}")
    for way in ways:
        print(f"{way.title:<22} {way.rate(PROPERTIES.keys())}")
    print(
        "F1 of all five: at least 0.55. 'both ends named': without the facts that only a pronoun states in these passages;"
    )
    print("'seats followed': a seat in Ulm, and Ulm in Germany, is a seat in Germany.")


if __name__ == "__main__":
    main()

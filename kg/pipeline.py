"""The order of the stages, known here alone: documents → reading → claims → entities → graph → store → page and Turtle."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg import reference, relations, sentences
from kg.claims import anaphora, descriptions, lists, patterns
from kg.claims.settle import settle
from kg.entities import places
from kg.entities.identity import resolve_names
from kg.entities.link import link
from kg.errors import DocumentError
from kg.files import write_whole
from kg.model import Claim, Document, Entity, Extraction, Mention, Sentence
from kg.reader import reader as reading
from kg.reader.reader import Reader

if TYPE_CHECKING:
    from kg.entities.decisions import Decision
    from kg.evaluation import AnnotatedDocument, Report

PAGE = "network.html"
TURTLE = "partnerships.ttl"
AHEAD = 8
"""Documents a process that wait to be extracted, so that none is idle."""
WHISPER = 0.1
"""How sure the reader has to be of a candidate for it to be heard at all, where a list decides together."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read, found, linked and left alone: counts by name, largest first."""

    documents: int
    unread: tuple[str, ...]
    claims: Mapping[str, int]
    statuses: Mapping[str, int]
    entities: Mapping[str, int]
    linked: int
    left_alone: Mapping[str, int]
    output: Path
    decisions: int = 0


def extract(document: Document, min_confidence: float = 0.0, reader: Reader | None = None) -> Extraction:
    """The claims of a document and the entities that they name; `min_confidence` leaves the less sure alone, `reader` is
    another than the shipped one."""
    reader = reader or reading.load()
    found: dict[tuple[object, ...], Claim] = {}
    mentions: list[Mention] = []
    left: Counter[str] = Counter()
    for stretch in reading.stretches(sentences.of_document(document)):
        named, claims, alone = _read(document, stretch, reader)
        mentions += named
        left.update(alone)
        for claim in claims:
            key = (claim.predicate, claim.subject.name, claim.object.name, claim.qualifiers.role)
            if key not in found or found[key].confidence < claim.confidence:
                found[key] = claim
    sure = [c for c in found.values() if c.confidence >= min_confidence]
    left["below the confidence asked for"] = len(found) - len(sure)
    ordered = sorted(
        sure, key=lambda c: (c.evidence.start, c.subject.start, c.object.start, c.predicate, c.qualifiers.role)
    )
    return replace(link(document, ordered, mentions, reference.load()), left_alone={k: n for k, n in left.items() if n})


def extract_each(
    documents: Iterable[Document], min_confidence: float = 0.0, jobs: int = 1
) -> Iterator[tuple[Document, Extraction]]:
    """Documents with their extractions, in their order; `jobs` processes side by side. Only so many documents are read ahead
    that no process waits, so memory does not grow with their number."""
    if jobs == 1:
        for document in documents:
            yield document, extract(document, min_confidence)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    ahead: deque[tuple[Document, Future[Extraction]]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for document in documents:
            ahead.append((document, pool.submit(extract, document, min_confidence)))
            if len(ahead) > AHEAD * jobs:
                first, future = ahead.popleft()
                yield first, future.result()
        for last, future in ahead:
            yield last, future.result()


def _read(
    document: Document, stretch: Sequence[Sentence], reader: Reader
) -> tuple[Sequence[Mention], Sequence[Claim], Mapping[str, int]]:
    """One stretch of sentences: names, what refers to them, candidates of all methods, claims."""
    known = relations.load()
    read = reader.read(document, stretch)
    named = resolve_names(document.text, descriptions.complete(document.text, stretch, read.mentions))
    everything = (*named, *anaphora.resolve(document.text, stretch, named))
    listed = [found for sentence in stretch for found in lists.find_lists(document.text, sentence, everything)]
    seen = reader.relate(read, everything, relations.admitted(known), WHISPER)
    candidates = list(lists.vote(seen, listed, document.text, reader.threshold))
    for sentence in stretch:
        candidates += patterns.match(_rules(), document.text, sentence, everything)
    settled = settle(document, everything, read.phrases, candidates, known, reader.sureness)
    return named, settled.claims, settled.left_alone


@cache
def _rules() -> patterns.Rules:
    return patterns.Rules.of(relations.load())


def evaluate(
    annotated: Iterable[AnnotatedDocument],
    claims: Mapping[str, Sequence[Claim]] | None = None,
    *,
    done: Callable[[Document], None] = lambda _: None,
) -> Report:
    """How right the claims of annotated documents are: those given, by document id, or else those extracted anew."""
    from kg.evaluation import judge, report

    symmetric = frozenset(name for name, relation in relations.load().items() if relation.symmetric)
    judged = []
    for each in annotated:
        if claims is not None:
            judged.append(judge(each, claims.get(each.document.id, ()), symmetric))
        else:
            extraction = extract(each.document)
            judged.append(judge(each, extraction.claims, symmetric, extraction.mentions))
        done(each.document)
    return report(judged)


def build(
    documents: Iterable[Document],
    output: Path,
    *,
    unread: Sequence[str] = (),
    min_confidence: float = 0.0,
    jobs: int = 1,
    decisions: Sequence[Decision] = (),
    done: Callable[[Document], None] = lambda _: None,
) -> BuildReport:
    """Read documents and write the store, the Turtle and the page of an output folder; all is made before any is written.

    `unread` names faults met so far (it may grow while documents are read); `decisions` are people's on who is who. Raises
    DocumentError if there is no document, DecisionError if the decisions do not hold for these documents, StoreError if
    the folder cannot be written."""
    from kg import graph
    from kg.entities.across import bring_together
    from kg.namespaces import document_iri

    graphs: dict[str, str] = {}
    extractions: list[Extraction] = []
    claims, statuses, left = Counter[str](), Counter[str](), Counter[str]()
    for document, extraction in extract_each(documents, min_confidence, jobs):
        extractions.append(extraction)
        done(document)
    if not extractions:
        raise DocumentError("no document could be read, so nothing was built: name files or folders that hold some")
    together = bring_together(extractions, decisions)
    entities = together.entities
    for extraction in together.extractions:
        graphs[document_iri(extraction.document.id)] = graph.to_ntriples(graph.document_graph(extraction))
        claims.update(c.predicate for c in extraction.claims)
        statuses.update(str(c.status) for c in extraction.claims)
        left.update(extraction.left_alone)
    read = len(graphs)
    _write(graphs, entities, output)
    kinds = Counter(str(e.type) for e in entities.values())
    linked = sum(bool(e.same_as) for e in entities.values())
    counts = [dict(sorted(c.items(), key=lambda item: (-item[1], item[0]))) for c in (claims, statuses, kinds, left)]
    return BuildReport(read, tuple(unread), counts[0], counts[1], counts[2], linked, counts[3], output, len(decisions))


def _write(graphs: dict[str, str], entities: Mapping[str, Entity], output: Path) -> None:
    """Store, Turtle and page of these graphs and of what the reference data know of their entities."""
    from kg import graph
    from kg.export import to_bytes
    from kg.facts import read_facts
    from kg.namespaces import REFERENCE_GRAPH
    from kg.store import GraphStore
    from kg.view import write_page

    countries = places.countries((e.country for e in entities.values() if e.country), reference.load())
    known = {**{e.id: e for e in countries.values()}, **entities}
    ids = {code: e.id for code, e in countries.items()}
    graphs[REFERENCE_GRAPH] = graph.to_ntriples(graph.reference_graph((known[i] for i in sorted(known)), ids))
    with GraphStore.create(output) as store:
        store.replace(graphs)
        write_whole(output / TURTLE, to_bytes(store, "turtle"))
        write_page(read_facts(store), output / PAGE)

"""The order of the stages, known here alone: documents → reading → claims → entities → graph → store → page and Turtle."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import reference, relations, sentences
from kg.anaphora.resolve import resolve
from kg.claims import descriptions, lists, patterns
from kg.claims.settle import Settlement, settle
from kg.claims.statements import Curve
from kg.entities.identity import resolve_names
from kg.entities.link import link
from kg.errors import DocumentError
from kg.making import PAGE, TURTLE, BuildReport, check_outputs, digests, hashes, held_documents, make, write
from kg.model import Candidate, Claim, Document, Extraction, Mention, Sentence
from kg.reader import reader as reading
from kg.reader.reader import Phrase, Reader
from kg.values import from_plain, to_json

__all__ = ["PAGE", "TURTLE", "BuildReport", "Heard", "build", "evaluate", "extract", "extract_each", "hear"]

if TYPE_CHECKING:
    from kg.entities.decisions import Decision
    from kg.evaluation import AnnotatedDocument, Report
    from kg.remote.build import RemoteBuild
    from kg.store import GraphStore
    from kg.store.kept import KeptExtractions

AHEAD = 8
"""Documents a process that wait to be extracted, so that none is idle."""
WHISPER = 0.1
"""How sure the reader has to be of a candidate for it to be heard at all, beside the others of its list and other methods."""


def extract(document: Document, min_confidence: float = 0.0, reader: Reader | None = None) -> Extraction:
    """The claims of a document and the entities that they name; `min_confidence` leaves the less sure alone, `reader` is
    another than the shipped one."""
    reader = reader or reading.load()
    found: dict[tuple[object, ...], Claim] = {}
    mentions: list[Mention] = []
    left: Counter[str] = Counter()
    for stretch in reading.stretches(sentences.of_document(document)):
        heard = hear(document, stretch, reader)
        settled = _settled(document, heard, reader)
        mentions += heard.named
        left.update(settled.left_alone)
        for claim in settled.claims:
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


@dataclass(frozen=True, slots=True)
class Heard:
    """What all methods find in a stretch of sentences: its names, these and the words that refer to them, phrases, candidates."""

    named: tuple[Mention, ...]
    mentions: tuple[Mention, ...]
    phrases: tuple[Phrase, ...]
    candidates: tuple[Candidate, ...]


def hear(document: Document, stretch: Sequence[Sentence], reader: Reader) -> Heard:
    """Everything that may be said in a stretch of a document, before it is settled what is."""
    read = reader.read(document, stretch)
    named = resolve_names(document.text, descriptions.complete(document.text, stretch, read.mentions))
    mentions = (*named, *resolve(document.text, stretch, named))
    listed = [found for sentence in stretch for found in lists.find_lists(document.text, sentence, mentions)]
    seen = reader.relate(read, mentions, relations.admitted(relations.load()), WHISPER)
    heard = lists.vote(seen, listed, document.text)
    backed = [
        candidate
        for sentence in stretch
        for candidate in patterns.match(_backing(sentence, heard, reader), document.text, sentence, mentions)
    ]
    return Heard(named, mentions, read.phrases, (*heard, *backed))


def _backing(sentence: Sentence, heard: Sequence[Candidate], reader: Reader) -> patterns.Rules:
    """The patterns that say something in a sentence: they back what the reader hears, of which they are three times in four wrong
    alone, and tell what it was not taught."""
    told = frozenset(c.predicate for c in heard if c.start < sentence.end and sentence.start < c.end)
    return _rules().only(told | relations.load().keys() - frozenset(reader.relations))


def _settled(document: Document, heard: Heard, reader: Reader) -> Settlement:
    sureness = Curve(**reader.calibration["claims"]).chances
    known, least = relations.load(), reader.threshold
    return settle(document, heard.mentions, heard.phrases, heard.candidates, known, sureness, least)


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
    store: str = "",
    unread: Sequence[DocumentError] = (),
    min_confidence: float = 0.0,
    jobs: int = 1,
    decisions: Sequence[Decision] = (),
    decided_in: Sequence[Path] = (),
    full: bool = False,
    wait: float = 0.0,
    waiting: Callable[[str], None] = lambda _: None,
    done: Callable[[Document], None] = lambda _: None,
) -> BuildReport:
    """Read documents and write the store, the Turtle and the page of an output folder; all is made before any is written.
    `store` is the address of a SPARQL endpoint that gets the graphs in place of the store in the folder.

    What an earlier build has read in the same document, by the same rules, is not read again unless `full`; what would be
    written is the same either way. `unread` holds the faults met so far (it may grow while documents are read): what was
    read before in documents that are missing for them stays, unless `full`. `decisions` are people's on who is who, and
    `decided_in` the files where they are looked for, which is noted for whoever decides more; another writer is waited for up to
    `wait` seconds (`waiting` is told who). Raises DocumentError if there is no document, DecisionError if the decisions do not
    hold for these documents, StoreError if the folder or the server cannot be written or another writer is still at work."""
    from kg.fingerprint import of_making, of_reading
    from kg.store.folder import undone
    from kg.store.kept import KeptExtractions

    coming = iter(documents)
    first = next(coming, None)
    if first is None:
        raise DocumentError("no document could be read, so nothing was built: name files or folders that hold some")
    check_outputs(output)
    with (
        undone(output, (TURTLE, PAGE)),
        _opened(store, output, full, wait, waiting) as filled,
        closing(KeptExtractions(filled.folder)) as kept,
    ):
        if full:
            kept.clear()
        inputs = _Inputs(kept, f"{of_reading()} {min_confidence}")
        inputs.read(chain([first], coming), min_confidence, jobs, done)
        inputs.stay = inputs.missing(unread) if unread else []
        inputs.read(inputs.stay, min_confidence, jobs, done)
        state = sha256(to_json((of_making(), sorted(inputs.keys.items()), decisions)).encode()).hexdigest()
        before = {} if full else filled.record
        where = [str(path.absolute()) for path in decided_in]
        if before.get("state") == state and before["files"] == digests(output):
            if before.get("decided_in") != where:
                filled.note({**before, "decided_in": where})
            return replace(from_plain(BuildReport, before["report"]), output=output, **inputs.told(unread))
        removed = held_documents(filled) - inputs.keys.keys()
        graphs, report = make(inputs.extractions(min_confidence), decisions, output)
        write(graphs, filled, before, output)
        kept.keep_only(frozenset(inputs.keys.values()))
        files = digests(output)
        told = json.loads(to_json(replace(report, output=Path())))
        record = {"state": state, "files": files, "graphs": hashes(graphs), "report": told, "decided_in": where}
        filled.note(record)
    return replace(report, removed=tuple(sorted(removed)), changed=True, **inputs.told(unread))


def _opened(
    address: str, output: Path, full: bool, wait: float, waiting: Callable[[str], None]
) -> GraphStore | RemoteBuild:
    """What a build fills: the store in the output folder, or the server at this address."""
    if address:
        from kg.remote.build import RemoteBuild

        return RemoteBuild.create(address, output, wait, waiting, anew=full)
    from kg.store import GraphStore

    return GraphStore.create(output, wait, waiting)


class _Inputs:
    """The documents of a build and where what was read in them is kept."""

    def __init__(self, kept: KeptExtractions, depends_on: str) -> None:
        self._kept, self._depends_on = kept, depends_on
        self._documents: list[Document] = []
        self.keys: dict[str, str] = {}
        """Document id → the key of its extraction, in the order of the documents."""
        self.stay: Sequence[Document] = ()
        """Those that cannot be read any more, as they were read last."""
        self._fresh: set[str] = set()

    def read(
        self, documents: Iterable[Document], min_confidence: float, jobs: int, done: Callable[[Document], None]
    ) -> None:
        """Takes documents, and reads those of which nothing is kept."""
        for document, extraction in extract_each(self._unkept(documents, done), min_confidence, jobs):
            self._keep(document, extraction)
            done(document)

    def missing(self, faults: Sequence[DocumentError]) -> list[Document]:
        """The documents that may be missing for these faults, as they were read last."""
        sources = {fault.source for fault in faults}
        lost = (d for d in self._kept.documents() if d.id not in self.keys)
        return [d for d in lost if d.source in sources or "" in sources]

    def told(self, unread: Sequence[DocumentError]) -> dict[str, Any]:
        """What a report tells of reading: the faults, what was kept for them, and how many others had to be read."""
        kept = tuple(document.id for document in self.stay)
        return {"unread": tuple(map(str, unread)), "kept": kept, "read": len(self._fresh.difference(kept))}

    def _unkept(self, documents: Iterable[Document], done: Callable[[Document], None]) -> Iterator[Document]:
        from kg.store.kept import key_of

        for document in documents:
            self._documents.append(document)
            key = self.keys[document.id] = key_of(document, self._depends_on)
            if key in self._kept:
                done(document)
            else:
                yield document

    def _keep(self, document: Document, extraction: Extraction) -> None:
        self._kept.add(self.keys[document.id], extraction)
        self._fresh.add(document.id)

    def extractions(self, min_confidence: float) -> list[Extraction]:
        """What was read in the documents, now or earlier, in their order; what is kept but damaged is read anew."""
        found = []
        for document in self._documents:
            extraction = self._kept.get(self.keys[document.id])
            if extraction is None:
                extraction = extract(document, min_confidence)
                self._keep(document, extraction)
            found.append(extraction)
        return found

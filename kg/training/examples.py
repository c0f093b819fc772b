"""What the reader is taught: for each window of an annotated document its tags, its pairs and what holds between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from kg import sentences
from kg.claims import anaphora
from kg.model import EntityType, Mention, Sentence
from kg.reader import pairs as pairing
from kg.reader import windows as windowing
from kg.reader.labels import DESCRIPTIONS, LAYERS, NAMES, STATUSES, tags
from kg.relations import Relation, admitted
from kg.training.corpus import Annotated, Gold, occurrences

NEGATIVES = 150
"""Pairs without a relation that one window teaches at most; their number grows with the square of its names."""


@dataclass(frozen=True, slots=True)
class Example:
    """One window: pieces `ids`, `shapes`, `gazetteer`; per layer `tags`; the pairs' `features`, and per
    pair and relation `targets` with `mask` (0 where the annotations leave it open), per pair `status` (-1: none)."""

    document: str
    ids: Any
    shapes: Any
    gazetteer: Any
    tags: Any
    features: dict[str, Any]
    targets: Any
    mask: Any
    status: Any


@dataclass(frozen=True, slots=True)
class Teacher:
    """Makes examples: the tokenizer, the reference names, the relations in the network's order, and their admitted types."""

    tokenizer: Any
    spans: windowing.Spans
    relations: tuple[str, ...]
    symmetric: frozenset[str]
    admits: Mapping[str, frozenset[tuple[EntityType, EntityType]]]

    @classmethod
    def of(cls, tokenizer: Any, spans: windowing.Spans, relations: Mapping[str, Relation]) -> Self:
        """A teacher of these relations, in order of their names."""
        symmetric = frozenset(n for n, r in relations.items() if r.symmetric)
        return cls(tokenizer, spans, tuple(relations), symmetric, admitted(relations))

    def examples(self, document: Annotated, extra: Iterable[tuple[int, int, str]] = ()) -> list[Example]:
        """The windows of one document; `extra` spans that overlap no annotated one are mentions
        without a claim."""
        return [example for example, _ in self.windows(document, extra)]

    def windows(
        self, document: Annotated, extra: Iterable[tuple[int, int, str]] = ()
    ) -> list[tuple[Example, Sequence[windowing.Piece]]]:
        """The same, each with its word pieces."""
        sents = sentences.split(document.text)
        pieces, firsts = windowing.pieces(document.text, sents, self.tokenizer, self.spans)
        names = mentions(document)
        names = tuple(sorted((*names, *_strangers(document, names, extra))))
        everything = (*names, *anaphora.resolve(document.text, sents, names))
        labels = _tags(document, pieces)
        return [
            (
                self._example(document, sents, window, pieces, everything, labels),
                pieces[window.first : window.last],
            )
            for window in windowing.windows(firsts, len(pieces))
        ]

    def _example(
        self,
        document: Annotated,
        sents: Sequence[Sentence],
        window: windowing.Window,
        pieces: Sequence[windowing.Piece],
        names: Sequence[Mention],
        labels: Any,
    ) -> Example:
        read = pieces[window.first : window.last]
        spans = pairing.located(window, pieces, names)
        admitted = frozenset().union(*self.admits.values())
        asked = pairing.asked(spans, sents, admitted)
        targets, mask, status = self._targets(document, sents, spans, asked)
        kept = _kept(targets)
        asked, targets, mask, status = [asked[row] for row in kept], targets[kept], mask[kept], status[kept]
        return Example(
            document.id,
            np.array([p.id for p in read], dtype=np.int64),
            np.array([p.shape for p in read], dtype=np.int64),
            np.array([p.gazetteer for p in read], dtype=np.float32),
            labels[:, window.first : window.last],
            pairing.features(spans, asked, len(read)),
            targets,
            mask,
            status,
        )

    def _targets(
        self,
        document: Annotated,
        sents: Sequence[Sentence],
        spans: Sequence[tuple[Mention, int, int]],
        asked: Sequence[pairing.Pair],
    ) -> tuple[Any, Any, Any]:
        targets = np.zeros((len(asked), len(self.relations)), dtype=np.float32)
        mask = np.zeros_like(targets)
        status = np.full(len(asked), -1, dtype=np.int64)
        ends: dict[tuple[str, str], list[int]] = {}
        for row, (i, j, _) in enumerate(asked):
            a, b = spans[i][0], spans[j][0]
            ends.setdefault((a.entity, b.entity), []).append(row)
            mask[row] = [(a.type, b.type) in self.admits[r] for r in self.relations]
        for gold in document.claims:
            column = self.relations.index(gold.predicate)
            orders = [(gold.subject, gold.object)]
            if gold.predicate in self.symmetric:
                orders.append((gold.object, gold.subject))
            for order in orders:
                rows = ends.get(order, [])
                mask[[r for r in rows if not targets[r, column]], column] = 0
                best = _stated(gold, [(r, spans[asked[r][0]][0], spans[asked[r][1]][0]) for r in rows])
                if best is not None:
                    targets[best, column] = mask[best, column] = 1
                    status[best] = STATUSES.index(gold.status)
        return targets, mask, status


def _kept(targets: Any) -> Any:
    """The pairs of a window that are taught: all that hold something, and evenly spread others up to NEGATIVES."""
    holding, empty = np.nonzero(targets.any(1))[0], np.nonzero(~targets.any(1))[0]
    step = max(1, -(-len(empty) // NEGATIVES))
    return np.sort(np.concatenate([holding, empty[::step]]))


def _stated(gold: Gold, rows: Iterable[tuple[int, Mention, Mention]]) -> int | None:
    """The pair of mentions by which the evidence states a claim: both in it if possible, named rather than referred to, the
    closest; None if no mention of the two stands in it."""
    best: tuple[tuple[int, int, int], int] | None = None
    for row, a, b in rows:
        inside = sum(gold.start <= m.start and m.end <= gold.end for m in (a, b))
        if inside == 0:
            continue
        rank = (2 - inside, int(a.anaphoric) + int(b.anaphoric), abs(a.start - b.start))
        if best is None or rank < best[0]:
            best = (rank, row)
    return best[1] if best else None


def _tags(document: Annotated, pieces: Sequence[windowing.Piece]) -> Any:
    """The number of each piece's tag, layers × pieces."""
    labels = np.zeros((len(LAYERS), len(pieces)), dtype=np.int64)
    starts = np.array([p.start for p in pieces], dtype=np.int64)
    ends = np.array([p.end for p in pieces], dtype=np.int64)
    for start, end, label in [
        *((m.start, m.end, str(m.type)) for m in mentions(document)),
        *_qualifier_spans(document),
    ]:
        layer = next(n for n, kinds in enumerate(LAYERS) if label in kinds)
        first, last = int(np.searchsorted(ends, start, side="right")), int(np.searchsorted(starts, end, side="left"))
        if first < last:
            known = tags(LAYERS[layer])
            labels[layer, first:last] = known.index(f"I-{label}")
            labels[layer, first] = known.index(f"B-{label}")
    return labels


def mentions(document: Annotated) -> tuple[Mention, ...]:
    """Where a document names its annotated entities, longest form first."""
    found: list[Mention] = []
    taken = {"name": bytearray(len(document.text)), "description": bytearray(len(document.text))}
    for form, name, kind in document.forms:
        layer = taken["description" if kind in DESCRIPTIONS else "name"]
        for start, end in occurrences(document.text, form):
            if not any(layer[start:end]):
                layer[start:end] = b"\x01" * (end - start)
                found.append(Mention(start, end, form, EntityType(kind), name))
    return tuple(sorted(found))


def _strangers(
    document: Annotated, names: Sequence[Mention], extra: Iterable[tuple[int, int, str]]
) -> Iterable[Mention]:
    """The extra spans that overlap no mention of their layer."""
    for start, end, kind in extra:
        rivals = [m for m in names if (m.type in DESCRIPTIONS) == (kind in DESCRIPTIONS)]
        if not any(m.start < end and start < m.end for m in rivals):
            words = document.text[start:end]
            yield Mention(start, end, words, EntityType(kind), words)


def _qualifier_spans(document: Annotated) -> Iterable[tuple[int, int, str]]:
    """Where the evidence of claims holds the words of their roles, kinds and topics."""
    for claim in document.claims:
        told = claim.qualifiers
        wanted = [
            ("role", told.get("role")),
            ("kind", told.get("kind")),
            *(("topic", t) for t in told.get("topics", ())),
        ]
        for label, words in wanted:
            at = document.text.casefold().find(str(words).casefold(), claim.start, claim.end) if words else -1
            if at >= 0:
                yield at, at + len(str(words)), label


assert set(NAMES) | set(DESCRIPTIONS) == {str(t) for t in EntityType}

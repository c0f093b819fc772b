"""Pairs of mentions as the network sees them: which to ask about, and what it is told of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from kg.model import EntityType, Mention, Sentence
from kg.reader.labels import APART, DISTANCES, TYPES
from kg.reader.windows import Piece, Window


class Pair(NamedTuple):
    """Subject and object as numbers of a window's mentions, and how many sentences the object stands after the subject."""

    subject: int
    object: int
    apart: int


def located(window: Window, pieces: Sequence[Piece], mentions: Sequence[Mention]) -> list[tuple[Mention, int, int]]:
    """The mentions that lie in a window as a whole, each with its first and last piece (inclusive), counted in the window."""
    starts = np.fromiter((p.start for p in pieces[window.first : window.last]), dtype=np.int64)
    ends = np.fromiter((p.end for p in pieces[window.first : window.last]), dtype=np.int64)
    found = []
    for mention in mentions:
        first = int(np.searchsorted(ends, mention.start, side="right"))
        last = int(np.searchsorted(starts, mention.end, side="left")) - 1
        if first <= last < len(starts) and starts[first] >= mention.start and ends[last] <= mention.end:
            found.append((mention, first, last))
    return found


def asked(
    spans: Sequence[tuple[Mention, int, int]],
    sentences: Sequence[Sentence],
    admitted: frozenset[tuple[EntityType, EntityType]],
) -> list[Pair]:
    """The pairs of a window's mentions that some relation admits by their types and that stand at most APART sentences from
    each other."""
    starts = [s.start for s in sentences]
    home = [bisect_right(starts, mention.start) for mention, _, _ in spans]
    return [
        Pair(i, j, home[j] - home[i])
        for i, (a, _, _) in enumerate(spans)
        for j, (b, _, _) in enumerate(spans)
        if abs(home[j] - home[i]) <= APART and i != j and a.entity != b.entity and (a.type, b.type) in admitted
    ]


def features(spans: Sequence[tuple[Mention, int, int]], pairs: Sequence[Pair], length: int) -> dict[str, Any]:
    """The pair network's inputs for a window of `length` pieces (with a special piece before and after): `pool` and
    `between` are rows of weights over pieces that sum to one, `kinds` types and anaphora of mentions, `distance` buckets."""
    pool = np.zeros((len(spans), length + 2), dtype=np.float32)
    for row, (_, first, last) in enumerate(spans):
        pool[row, first + 1 : last + 2] = 1 / (last - first + 1)
    between = np.zeros((len(pairs), length + 2), dtype=np.float32)
    distance = np.zeros(len(pairs), dtype=np.int64)
    for row, (i, j, apart) in enumerate(pairs):
        left, right = (i, j) if spans[i][1] <= spans[j][1] else (j, i)
        start, end = spans[left][2] + 2, spans[right][1] + 1
        if start < end:
            between[row, start:end] = 1 / (end - start)
        gap = max(0, end - start)
        distance[row] = min(5, int(np.log2(gap + 1))) + (6 if left == j else 0) + 12 * abs(apart)
    kinds = np.array([TYPES.index(m.type) + (len(TYPES) if m.anaphoric else 0) for m, _, _ in spans], dtype=np.int64)
    ends = np.array([pair[:2] for pair in pairs], dtype=np.int64).reshape(-1, 2)
    assert distance.max(initial=0) < DISTANCES
    return {
        "pool": pool,
        "between": between,
        "distance": distance,
        "kinds": kinds,
        "subjects": ends[:, 0],
        "objects": ends[:, 1],
    }

"""Pairs of mentions as the network sees them: which to ask about, and what it is told of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
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
    home = np.array([bisect_right(starts, mention.start) for mention, _, _ in spans], dtype=np.int64)
    named = {entity: number for number, entity in enumerate(dict.fromkeys(mention.entity for mention, _, _ in spans))}
    own = np.array([named[mention.entity] for mention, _, _ in spans], dtype=np.int64)
    types = np.array([TYPES.index(mention.type) for mention, _, _ in spans], dtype=np.int64)
    apart = home[None, :] - home[:, None]
    fits = _matrix(admitted)[types[:, None], types[None, :]] & (own[:, None] != own[None, :]) & (np.abs(apart) <= APART)
    subjects, objects = np.nonzero(fits)
    return list(map(Pair, subjects.tolist(), objects.tolist(), apart[subjects, objects].tolist()))


@cache
def _matrix(admitted: frozenset[tuple[EntityType, EntityType]]) -> Any:
    """Which types of subjects and objects some relation admits, as true or false."""
    found = np.zeros((len(TYPES), len(TYPES)), dtype=bool)
    for subject, object_ in admitted:
        found[TYPES.index(subject), TYPES.index(object_)] = True
    return found


def features(spans: Sequence[tuple[Mention, int, int]], pairs: Sequence[Pair], length: int) -> dict[str, Any]:
    """The pair network's inputs for a window of `length` pieces (with a special piece before and after): `pool` and
    `between` are rows of weights over pieces that sum to one, `kinds` types and anaphora of mentions, `distance` buckets."""
    pool = np.zeros((len(spans), length + 2), dtype=np.float32)
    for row, (_, first, last) in enumerate(spans):
        pool[row, first + 1 : last + 2] = 1 / (last - first + 1)
    subjects, objects, apart = np.array(pairs, dtype=np.int64).reshape(-1, 3).T
    firsts, lasts = np.array([span[1:] for span in spans], dtype=np.int64).reshape(-1, 2).T
    in_order = firsts[subjects] <= firsts[objects]
    start = lasts[np.where(in_order, subjects, objects)] + 2
    gap = np.maximum(0, firsts[np.where(in_order, objects, subjects)] + 1 - start)
    places = np.arange(length + 2) - start[:, None]
    between = ((places >= 0) & (places < gap[:, None])) * (1 / np.maximum(1, gap)).astype(np.float32)[:, None]
    distance = np.minimum(5, np.log2(gap + 1).astype(np.int64)) + np.where(in_order, 0, 6) + 12 * np.abs(apart)
    kinds = np.array([TYPES.index(m.type) + (len(TYPES) if m.anaphoric else 0) for m, _, _ in spans], dtype=np.int64)
    assert distance.max(initial=0) < DISTANCES
    return {
        "pool": pool,
        "between": between,
        "distance": distance,
        "kinds": kinds,
        "subjects": subjects,
        "objects": objects,
    }

"""From tag scores to spans: the most likely sequences of BIO tags, and the runs that they mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from kg.reader.labels import tags


@cache
def _allowed(layer: tuple[str, ...]) -> Any:
    """0 where one tag may follow another, minus infinity where not: 'I-x' follows only 'B-x' and 'I-x', and begins nothing (the
    last row)."""
    known = tags(layer)
    scores = np.zeros((len(known) + 1, len(known)), dtype=np.float32)
    for i, before in enumerate([*known, ""]):
        for j, after in enumerate(known):
            if after.startswith("I-") and before[2:] != after[2:]:
                scores[i, j] = -np.inf
    return scores


@cache
def _marks(layer: tuple[str, ...]) -> tuple[Any, Any]:
    """Which tags begin a run, and which go on with one."""
    known = tags(layer)
    return np.array([t.startswith("B-") for t in known]), np.array([t.startswith("I-") for t in known])


def best_tags(logp: Any, layer: tuple[str, ...], firsts: Sequence[int] = (0,)) -> Any:
    """The most likely allowed tags for log probabilities, pieces × tags, of sentences that begin with the pieces `firsts`."""
    likeliest, bounds = logp.argmax(-1), np.unique([*firsts, len(logp)])
    before = np.roll(likeliest, 1)
    before[bounds[:-1]] = -1
    broken = np.flatnonzero(np.isinf(_allowed(layer)[before, likeliest]))  # few: else nothing can be likelier
    for first, last in pairwise(bounds.tolist()):
        if np.searchsorted(broken, first) < np.searchsorted(broken, last):
            likeliest[first:last] = _viterbi(logp[first:last], _allowed(layer))
    return likeliest


def _viterbi(logp: Any, allowed: Any) -> list[int]:
    """The most likely allowed sequence (Viterbi 1967)."""
    score = logp[0] + allowed[-1]
    back = np.zeros(logp.shape, dtype=np.int64)
    for at in range(1, len(logp)):
        reached = score[:, None] + allowed[:-1]
        back[at] = reached.argmax(0)
        score = reached.max(0) + logp[at]
    path = [int(score.argmax())]
    for at in range(len(logp) - 1, 0, -1):
        path.append(int(back[at, path[-1]]))
    return path[::-1]


def runs(logp: Any, layer: tuple[str, ...], firsts: Sequence[int] = (0,)) -> Iterator[tuple[int, int, str, float]]:
    """The marked runs of sentences that begin with the pieces `firsts`: first and last piece (inclusive), label, mean
    probability of its tags."""
    if not len(logp):
        return
    path = best_tags(logp, layer, firsts)
    begins, goes_on = _marks(layer)
    chosen = logp[np.arange(len(logp)), path]
    ends = np.append(np.flatnonzero(~goes_on[path]), len(path))
    starts = np.flatnonzero(begins[path])
    known = tags(layer)
    for start, end in zip(starts.tolist(), ends[np.searchsorted(ends, starts, side="right")].tolist(), strict=True):
        yield start, end - 1, known[path[start]][2:], float(np.exp(np.mean(chosen[start:end])))

"""From tag scores to spans: the most likely sequence of BIO tags, and the runs that it marks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from kg.reader.labels import tags


@cache
def _allowed(layer: tuple[str, ...]) -> Any:
    """0 where one tag may follow another, minus infinity where not: 'I-x' follows only 'B-x' and 'I-x'."""
    known = tags(layer)
    scores = np.zeros((len(known), len(known)), dtype=np.float32)
    for i, before in enumerate(known):
        for j, after in enumerate(known):
            if after.startswith("I-") and before[2:] != after[2:]:
                scores[i, j] = -np.inf
    return scores


def best_tags(logp: Any, layer: tuple[str, ...]) -> list[int]:
    """The most likely allowed sequence of tags (Viterbi 1967) for log probabilities, pieces × tags."""
    allowed, likeliest = _allowed(layer), logp.argmax(-1)
    if not tags(layer)[likeliest[0]].startswith("I-") and np.isfinite(allowed[likeliest[:-1], likeliest[1:]]).all():
        return [int(tag) for tag in likeliest]  # mostly so, and nothing can be likelier
    score = logp[0] + np.array([-np.inf if t.startswith("I-") else 0.0 for t in tags(layer)], dtype=np.float32)
    back = np.zeros(logp.shape, dtype=np.int64)
    for at in range(1, len(logp)):
        reached = score[:, None] + allowed
        back[at] = reached.argmax(0)
        score = reached.max(0) + logp[at]
    path = [int(score.argmax())]
    for at in range(len(logp) - 1, 0, -1):
        path.append(int(back[at, path[-1]]))
    return path[::-1]


def runs(logp: Any, layer: tuple[str, ...]) -> Iterator[tuple[int, int, str, float]]:
    """The marked runs of a window: first and last piece (inclusive), label, mean probability of its tags."""
    known = tags(layer)
    path = best_tags(logp, layer) if len(logp) else []
    start = -1
    for at, tag in enumerate([*path, 0]):
        if start >= 0 and not known[tag].startswith("I-"):
            chosen = [logp[i, path[i]] for i in range(start, at)]
            yield start, at - 1, known[path[start]][2:], float(np.exp(np.mean(chosen)))
            start = -1
        if known[tag].startswith("B-"):
            start = at

"""How the components of a network share a window: side by side, the small ones in the bays of the large.

Shapes are whole numbers, a bit for each square of a grid, so the bytes are the same everywhere and it takes milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, count
from math import ceil, floor, sqrt
from operator import or_
from typing import NamedTuple, TypeAlias

Point: TypeAlias = tuple[float, float]
Neighbours: TypeAlias = Mapping[str, Sequence[str]]
Sizes: TypeAlias = Mapping[str, "Box"]
Shape: TypeAlias = tuple[int, ...]

ASPECT = 1.4
"""Width to height of the whole: what the legend leaves free of a laptop's window."""
GRAIN = 46.0
"""Pixels of a square of the grid, and the least between components."""


class Box(NamedTuple):
    """The room that a node with its label needs, in pixels."""

    width: float
    height: float


def pack(parts: list[dict[str, Point]], neighbours: Neighbours, boxes: Sizes) -> dict[str, Point]:
    """Sets components side by side, the small ones in the bays of the large, in the frame that comes nearest to `ASPECT`
    and is least in size."""
    shapes = [_shape(part, neighbours, boxes) for part in parts]
    least = max((row.bit_length() for _, rows in shapes for row in rows), default=0)
    wanted = sqrt(sum(row.bit_count() for _, rows in shapes for row in rows) * ASPECT)
    tries = [_settle([rows for _, rows in shapes], max(least, int(wanted * share / 10))) for share in range(8, 17, 2)]
    _, corners = min(tries, key=lambda tried: tried[0])
    placed: dict[str, Point] = {}
    for part, ((left, top), _), (column, row) in zip(parts, shapes, corners, strict=True):
        placed.update({node: (x - left + column * GRAIN, y - top + row * GRAIN) for node, (x, y) in part.items()})
    return placed


def _shape(part: Mapping[str, Point], neighbours: Neighbours, boxes: Sizes) -> tuple[Point, Shape]:
    """The left upper corner of a component, and which squares of a grid it takes: a number for each row, a bit for each
    column. What it encloses from left and right and from above and below is its own."""
    spans = [(x, y, boxes[node].width / 2, boxes[node].height / 2) for node, (x, y) in part.items()]
    for a, (ax, ay) in part.items():
        for bx, by in (part[b] for b in neighbours[a] if a < b):
            steps = max(1, ceil(max(abs(bx - ax), abs(by - ay)) / GRAIN))
            spans += [(ax + (bx - ax) * i / steps, ay + (by - ay) * i / steps, 0.0, 0.0) for i in range(1, steps)]
    left, top = min(x - wide for x, _, wide, _ in spans), min(y - high for _, y, _, high in spans)
    rows = [0] * (2 + floor((max(y + high for _, y, _, high in spans) - top) / GRAIN))
    for x, y, wide, high in spans:
        first, last = floor((x - wide - left) / GRAIN), floor((x + wide - left) / GRAIN) + 1
        for row in range(floor((y - high - top) / GRAIN), floor((y + high - top) / GRAIN) + 2):
            rows[row] |= (2 << last) - (1 << first)  # one more each way, so that components keep apart
    above, below = list(accumulate(rows, or_)), list(accumulate(reversed(rows), or_))[::-1]
    across = [(1 << row.bit_length()) - (row & -row) for row in rows]
    return (left, top), tuple(a & b & c for a, b, c in zip(above, below, across, strict=True))


def _settle(shapes: Sequence[Shape], width: int) -> tuple[float, list[tuple[int, int]]]:
    """Sets each shape, in order, where it lies highest and then leftmost within so many columns; how large a window of
    `ASPECT` must be to show all, and each shape's column and row."""
    taken: list[int] = []
    free_from: dict[Shape, int] = {}
    corners = []
    for rows in shapes:
        for row in count(free_from.get(rows, 0)):
            taken += [0] * (row + len(rows) - len(taken))
            blocked = 0
            for i, bits in enumerate(rows):
                blocked |= _shifted(taken[row + i], bits)
            free = ~blocked & ((1 << (width - max(each.bit_length() for each in rows) + 1)) - 1)
            if free:
                break
        column = (free & -free).bit_length() - 1
        for i, bits in enumerate(rows):
            taken[row + i] |= bits << column
        corners.append((column, row))
        free_from[rows] = row
    return max(max((row.bit_length() for row in taken), default=0) / ASPECT, len(taken)), corners


def _shifted(taken: int, bits: int) -> int:
    """The columns at which a row of a shape would meet what is taken."""
    meets = 0
    while bits:
        low = (bits & -bits).bit_length() - 1
        run = (~(bits >> low) & ((bits >> low) + 1)).bit_length() - 1
        meets |= _smeared(taken >> low, run)
        bits &= ~(((1 << run) - 1) << low)
    return meets


def _smeared(taken: int, run: int) -> int:
    """The columns from which so many squares in a row hold one that is taken."""
    reach = 1
    while reach < run:
        step = min(reach, run - reach)
        taken |= taken >> step
        reach += step
    return taken

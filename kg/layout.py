"""Where the nodes of a network stand: the same picture for the same graph, without overlaps, on every machine.

Only sums, products, quotients and square roots touch the coordinates (IEEE 754 rounds these the same everywhere),
angles are rounded before use, and everything goes in sorted order: the bytes depend neither on the processor nor on
PYTHONHASHSEED."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import count, product
from math import cos, floor, pi, sin, sqrt

from kg.packing import ASPECT, Box, Neighbours, Point, Sizes, pack

SHORTEST_EDGE, LONGEST_EDGE = 105.0, 250.0
"""Pixels between neighbours at scale 1: room for a label; hubs keep their many neighbours farther away."""
ROUNDS = 160
"""Steps of stress majorisation; a few dozen settle a document, 160 a few hundred nodes."""
CORE = 500
"""The largest part whose all-pairs distances are computed; the other nodes are set around their neighbours."""
PATIENCE = 10
"""Rounds of pushing before the whole grows by 6%."""
SMALL = 7
"""Components of so many nodes keep their proportions."""
WIDEST, NARROWEST, FILLED = 1.3, 0.6, 0.5
"""How far a component is widened and drawn in, and the share of its frame that its boxes may then take."""
GOLDEN_ANGLE = pi * (3 - sqrt(5))


def arrange(neighbours: Neighbours, boxes: Sizes) -> dict[str, Point]:
    """Positions in whole pixels, one a node, such that boxes centred there do not overlap.

    `neighbours` has an entry for every node, and each pair both ways."""
    upright = [_upright(_component(part, neighbours)) for part in components(neighbours)]
    parts = [_separate(_in_proportion(part, boxes), boxes) for part in upright]
    placed = pack(parts, neighbours, boxes)
    return {node: (float(round(x)), float(round(y))) for node, (x, y) in sorted(placed.items())}


def components(neighbours: Neighbours) -> list[list[str]]:
    """The connected parts, largest first, each in sorted order."""
    left, parts = set(neighbours), []
    for node in sorted(neighbours):
        if node in left:
            part = sorted(_hops(node, neighbours))
            left.difference_update(part)
            parts.append(part)
    return sorted(parts, key=lambda part: (-len(part), part))


def _component(part: list[str], neighbours: Neighbours) -> dict[str, Point]:
    if len(part) == 1:
        return {part[0]: (0.0, 0.0)}
    core = sorted(part, key=lambda node: (-len(neighbours[node]), node))[:CORE]
    lengths = {node: _lengths(node, neighbours) for node in core}
    start = _radial(min(core, key=lambda node: (sum(lengths[node][other] for other in core), node)), neighbours)
    placed = _majorise(core, start, lengths)
    return placed if len(placed) == len(part) else _attach(placed, neighbours)


def _hops(start: str, neighbours: Neighbours) -> dict[str, int]:
    """Breadth first: every node that can be reached, in order, with the number of steps."""
    seen, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        for other in neighbours[node]:
            if other not in seen:
                seen[other] = seen[node] + 1
                queue.append(other)
    return seen


def _lengths(start: str, neighbours: Neighbours) -> dict[str, float]:
    """Wanted distances from `start`, in pixels: along the ways with the fewest steps, hubs' edges being longer."""
    seen, queue = {start: 0.0}, deque([start])
    while queue:
        node = queue.popleft()
        for other in neighbours[node]:
            if other not in seen:
                crowd = max(len(neighbours[node]), len(neighbours[other]))
                seen[other] = seen[node] + min(LONGEST_EDGE, SHORTEST_EDGE + 7.0 * max(0, crowd - 4))
                queue.append(other)
    return seen


def _radial(root: str, neighbours: Neighbours) -> dict[str, Point]:
    """Rings around `root`, each node in its parent's sector, as wide as it has leaves: few crossings."""
    steps = _hops(root, neighbours)
    children: dict[str, list[str]] = {node: [] for node in steps}
    for node in steps:
        if node != root:
            children[next(other for other in neighbours[node] if steps[other] == steps[node] - 1)].append(node)
    leaves: dict[str, int] = {}
    for node in reversed(steps):
        leaves[node] = sum(leaves[child] for child in children[node]) or 1
    placed, sectors = {root: (0.0, 0.0)}, {root: (0.0, 2 * pi)}
    for node in steps:
        low, high = sectors[node]
        for child in children[node]:
            width = (high - low) * leaves[child] / leaves[node]
            sectors[child] = (low, low + width)
            placed[child] = _polar(SHORTEST_EDGE * steps[child], low + width / 2)
            low += width
    return placed


def _polar(radius: float, angle: float) -> Point:
    """Sines are rounded, since mathematical libraries differ in their last digit."""
    return radius * round(cos(angle), 6), radius * round(sin(angle), 6)


def _majorise(
    nodes: list[str], start: Mapping[str, Point], lengths: Mapping[str, Mapping[str, float]]
) -> dict[str, Point]:
    """Moves the nodes until their distances are near the wanted ones.

    Gansner, Koren and North, *Graph Drawing by Stress Majorization*, 2004; all nodes move at once, by half steps."""
    import numpy as np

    wanted = np.array([[lengths[a][b] for b in nodes] for a in nodes])
    wanted = (wanted + wanted.T) / 2
    np.fill_diagonal(wanted, 1.0)
    weight = 1.0 / (wanted * wanted)
    np.fill_diagonal(weight, 0.0)
    step = 0.5 / np.add.reduce(weight, axis=0)
    x, y = (np.array([start[node][axis] for node in nodes]) for axis in (0, 1))
    for _ in range(ROUNDS):
        dx, dy = x[None, :] - x[:, None], y[None, :] - y[:, None]
        apart = np.sqrt(dx * dx + dy * dy)
        pull = weight * (1.0 - wanted / np.maximum(apart, 1e-3))
        x = x - step * np.add.reduce(pull * dx, axis=0)
        y = y - step * np.add.reduce(pull * dy, axis=0)
    return {node: (float(x[i]), float(y[i])) for i, node in enumerate(nodes)}


def _attach(placed: dict[str, Point], neighbours: Neighbours) -> dict[str, Point]:
    """Sets the rest around the first neighbour that has a place, in a spiral like a sunflower's seeds."""
    queue, crowd = deque(sorted(placed)), dict.fromkeys(neighbours, 0)
    while queue:
        anchor = queue.popleft()
        for node in neighbours[anchor]:
            if node not in placed:
                crowd[anchor] += 1
                dx, dy = _polar(40.0 * sqrt(crowd[anchor] + 1.0), GOLDEN_ANGLE * crowd[anchor])
                placed[node] = (placed[anchor][0] + dx, placed[anchor][1] + dy)
                queue.append(node)
    return placed


def _upright(placed: dict[str, Point]) -> dict[str, Point]:
    """Turns the longest axis into the horizontal: windows and labels are wider than high."""
    n = len(placed)
    mx, my = sum(x for x, _ in placed.values()) / n, sum(y for _, y in placed.values()) / n
    centred = {node: (x - mx, y - my) for node, (x, y) in placed.items()}
    xx, yy = sum(x * x for x, _ in centred.values()), sum(y * y for _, y in centred.values())
    xy = sum(x * y for x, y in centred.values())
    spread = sqrt((xx - yy) * (xx - yy) / 4 + xy * xy)
    if not spread:
        return centred
    c = sqrt(max(0.0, (1 + (xx - yy) / 2 / spread) / 2))
    s = sqrt(max(0.0, 1 - c * c)) * (1 if xy >= 0 else -1)
    return {node: (c * x + s * y, c * y - s * x) for node, (x, y) in centred.items()}


def _in_proportion(placed: dict[str, Point], boxes: Sizes) -> dict[str, Point]:
    """Draws a tree's long arms in and widens what is round, so that a window is filled: names are read the larger."""
    if len(placed) <= SMALL:
        return placed
    left, top, right, low = _frame(placed, boxes)
    wide, high = right - left, low - top
    widen = min(WIDEST, max(1.0, ASPECT * high / wide))
    needed = sum(boxes[node].width * boxes[node].height for node in placed)
    shrink = min(1.0, max(NARROWEST, sqrt(needed / (FILLED * wide * high * widen))))
    return {node: (x * shrink * widen, y * shrink) for node, (x, y) in placed.items()}


def _frame(part: Mapping[str, Point], boxes: Sizes) -> tuple[float, float, float, float]:
    return (
        min(x - boxes[node].width / 2 for node, (x, _) in part.items()),
        min(y - boxes[node].height / 2 for node, (_, y) in part.items()),
        max(x + boxes[node].width / 2 for node, (x, _) in part.items()),
        max(y + boxes[node].height / 2 for node, (_, y) in part.items()),
    )


def _separate(placed: dict[str, Point], boxes: Sizes) -> dict[str, Point]:
    """Pushes overlapping boxes apart until none overlap; the whole grows if that takes long."""
    spots = {node: [x, y] for node, (x, y) in sorted(placed.items())}
    for attempt in count(1):
        if not sum(_push(spots[a], spots[b], boxes[a], boxes[b]) for a, b in _close_pairs(spots, boxes)):
            break
        if attempt % PATIENCE == 0:
            for spot in spots.values():
                spot[0], spot[1] = spot[0] * 1.06, spot[1] * 1.06
    return {node: (x, y) for node, (x, y) in spots.items()}


def _close_pairs(spots: Mapping[str, Sequence[float]], boxes: Sizes) -> Iterable[tuple[str, str]]:
    """Pairs that stand in the same or in touching cells of a grid as wide and high as the largest box."""
    wide = max(boxes[node].width for node in spots)
    high = max(boxes[node].height for node in spots)
    cells: dict[tuple[int, int], list[str]] = {}
    for node, (x, y) in spots.items():
        cells.setdefault((floor(x / wide), floor(y / high)), []).append(node)
    for (column, row), nodes in list(cells.items()):
        for dx, dy in product((-1, 0, 1), repeat=2):
            for a, b in product(nodes, cells.get((column + dx, row + dy), ())):
                if a < b:
                    yield a, b


def _push(a: list[float], b: list[float], one: Box, two: Box) -> bool:
    """Along the way that is shorter as a share of the boxes: in pixels, wide boxes would all pile up into a tower."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    wide, high = one.width + two.width, one.height + two.height
    over_x, over_y = wide / 2 - abs(dx), high / 2 - abs(dy)
    if over_x <= 0 or over_y <= 0:
        return False
    axis = 0 if over_x * high < over_y * wide else 1
    move = (min(over_x, over_y) / 2 + 0.75) * (1 if (dx, dy)[axis] >= 0 else -1)
    a[axis] -= move
    b[axis] += move
    return True

// Where nodes stand, and how lines bend. What the page's maker placed stays; newcomers find room beside those they know.
const TALL = window.innerHeight > window.innerWidth;
const extent = (axis) => NODE_LIST.filter((node) => node.x !== null).reduce((most, node) => Math.max(most, node[axis]), 1);
// In a tall window the picture lies on its side, and is drawn out as far as the window is taller than it.
const STRETCH = Math.max(1, Math.min(1.5, ((innerHeight - 280) / (innerWidth - 92)) * (extent("y") / extent("x"))));
const turned = ([x, y]) => (TALL ? { x: y, y: x * STRETCH } : { x, y });
const asPlaced = ({ x, y }) => (TALL ? [y / STRETCH, x] : [x, y]).map(Math.round);
const SPOTS = new Map(NODE_LIST.filter((node) => node.x !== null).map((node) => [node.id, turned([node.x, node.y])]));
const PLACED_BEFORE = new Set(SPOTS.keys());
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5)), CELL = 160;
const rooms = new Map();

const roomOf = (id) => ({ wide: Math.max(44, Math.min(20, NODES.get(id).label.length) * 6.9 + 10), high: 74 });
const cellsAround = (x, y) => [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => `${Math.floor(x / CELL) + dx},${Math.floor(y / CELL) + dy}`));

function occupy(id, spot) {
  SPOTS.set(id, spot);
  const cell = `${Math.floor(spot.x / CELL)},${Math.floor(spot.y / CELL)}`;
  rooms.set(cell, [...(rooms.get(cell) ?? []), { ...spot, ...roomOf(id) }]);
}
for (const [id, spot] of [...SPOTS]) occupy(id, spot);

function isFree(x, y, { wide, high }) {
  return cellsAround(x, y).every((cell) => (rooms.get(cell) ?? []).every((other) =>
    Math.abs(other.x - x) > (other.wide + wide) / 2 || Math.abs(other.y - y) > (other.high + high) / 2));
}

// In a spiral around the middle of the neighbours that have a place; the first node of all begins at the origin.
function findRoom(id, near) {
  const room = roomOf(id), x = near.reduce((sum, spot) => sum + spot.x, 0) / (near.length || 1);
  const y = near.reduce((sum, spot) => sum + spot.y, 0) / (near.length || 1);
  for (let i = near.length === 1 ? 3 : 0; ; i += 1) {
    const reach = 44 * Math.sqrt(i), [px, py] = [x + 1.25 * reach * Math.cos(i * GOLDEN_ANGLE), y + reach * Math.sin(i * GOLDEN_ANGLE)];
    if (isFree(px, py, room)) return { x: Math.round(px), y: Math.round(py) };
  }
}

// Those with the most neighbours in place go first.
function placeNewcomers(ids) {
  let left = [...ids].filter((id) => !SPOTS.has(id)).sort((a, b) => NODES.get(a).index - NODES.get(b).index);
  while (left.length) {
    const near = (id) => neighboursOf(id).filter((other) => SPOTS.has(other)).slice(0, 4).map((other) => SPOTS.get(other));
    const ready = left.filter((id) => near(id).length), batch = ready.length ? ready : [left[0]];
    for (const id of batch) occupy(id, findRoom(id, near(id)));
    left = left.filter((id) => !SPOTS.has(id));
  }
}

function spotOf(id) {
  if (state.as === "map") return mapSpot(id);
  const pinned = state.pin[id];
  return pinned ? turned(pinned) : SPOTS.get(id);
}

// Pixels between the middles of parallel lines.
const FAN = 17;
const isWherePlaced = (id) => PLACED_BEFORE.has(id) && !(id in state.pin);

// How far the middle of each line lies beside the straight one, in pixels to the right of its direction, by claim; of a node's lines to itself the rank.
function bendsOf(claims) {
  const pairs = new Map(), bends = new Map();
  for (const claim of claims) {
    const key = claim.from < claim.to ? `${claim.from}\n${claim.to}` : `${claim.to}\n${claim.from}`;
    pairs.set(key, [...(pairs.get(key) ?? []), claim]);
  }
  for (const group of pairs.values()) group.forEach((claim, rank) => bends.set(claim.id, claim.from === claim.to ? rank : bendOf(claim, rank - (group.length - 1) / 2)));
  return bends;
}

function bendOf(claim, rank) {
  const fan = FAN * rank * (claim.from <= claim.to ? 1 : -1);
  if (state.as === "map") return arc(spotOf(claim.from), spotOf(claim.to)) + fan;
  if (isWherePlaced(claim.from) && isWherePlaced(claim.to)) return TALL ? -claim.bend : claim.bend;
  return fan;
}

// On the map lines rise like the way of a plane.
function arc(a, b) {
  return (b.x >= a.x ? -1 : 1) * Math.min(130, 0.2 * Math.hypot(b.x - a.x, b.y - a.y));
}

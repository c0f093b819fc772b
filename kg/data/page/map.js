// The map: Germany and China side by side, not to one scale, and below them what lies elsewhere.
const SHEETS = TALL
  ? { DE: { left: 250, top: 0, scale: 62 }, CN: { left: 0, top: 620, scale: 17 }, else: { left: 40, top: 1320, wide: 800 } }
  : { DE: { left: 0, top: 60, scale: 86 }, CN: { left: 760, top: 0, scale: 24 }, else: { left: 40, top: 930, wide: 1800 } };
const FRAMES = { DE: { west: 5.8, east: 15.1, south: 47.2, north: 55.1 }, CN: { west: 73.4, east: 134.9, south: 18, north: 53.7 } };
const MAP_GAP = 30, ELSEWHERE_STEP = 150;

function project(code, lon, lat) {
  const { west, south, north } = FRAMES[code], { left, top, scale } = SHEETS[code];
  return { x: left + (lon - west) * Math.cos(((south + north) / 2) * (Math.PI / 180)) * scale, y: top + (north - lat) * scale };
}

function sheetOf(lon, lat) {
  const inside = ([, { west, east, south, north }]) => lon >= west && lon <= east && lat >= south && lat <= north;
  return Object.entries(FRAMES).find(inside)?.[0] ?? "";
}

// A node's own coordinates, else those of the place where claims that are done say it stands.
function coordinatesOf(id) {
  const own = (other) => (NODES.get(other).lat === undefined ? null : NODES.get(other));
  const seats = CLAIMS_OF.get(id).filter((claim) => claim.from === id && claim.status === "actual" && PALETTE.seats.includes(claim.predicate));
  return [id, ...seats.map((claim) => claim.to)].map(own).find(Boolean) ?? null;
}

let mapSpots = null;
function mapSpot(id) {
  mapSpots ??= placeOnMap();
  return mapSpots.get(id);
}

// Nodes at one place stand round it, like a sunflower's seeds.
function placeOnMap() {
  const spots = new Map(), cells = new Map(), elsewhere = [];
  for (const { id } of NODE_LIST) {
    const at = coordinatesOf(id), code = at && sheetOf(at.lon, at.lat);
    if (code) spots.set(id, roomOnMap(project(code, at.lon, at.lat), cells));
    else if (at) elsewhere.push(id);
  }
  const row = Math.floor(SHEETS.else.wide / ELSEWHERE_STEP);
  elsewhere.sort((a, b) => (labelOf(a) < labelOf(b) ? -1 : 1)).forEach((id, i) => spots.set(id,
    { x: SHEETS.else.left + ELSEWHERE_STEP * (0.5 + (i % row)), y: SHEETS.else.top + 50 + 70 * Math.floor(i / row) }));
  return spots;
}

function roomOnMap({ x, y }, cells) {
  const key = (px, py) => `${Math.floor(px / MAP_GAP)},${Math.floor(py / MAP_GAP)}`;
  for (let i = 0; ; i += 1) {
    const reach = MAP_GAP * 0.8 * Math.sqrt(i), [px, py] = [x + reach * Math.cos(i * GOLDEN_ANGLE), y + reach * Math.sin(i * GOLDEN_ANGLE)];
    const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(key(px + dx * MAP_GAP, py + dy * MAP_GAP)) ?? []));
    if (near.some((spot) => Math.hypot(spot.x - px, spot.y - py) < MAP_GAP)) continue;
    cells.set(key(px, py), [...(cells.get(key(px, py)) ?? []), { x: px, y: py }]);
    return { x: px, y: py };
  }
}

function drawMap(ctx) {
  ctx.lineWidth = 1.2;
  ctx.lineJoin = "round";
  for (const [code, rings] of Object.entries(DATA.outlines)) {
    ctx.beginPath();
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        const { x, y } = project(code, ring[i], ring[i + 1]);
        if (i) ctx.lineTo(x, y);
        else ctx.moveTo(x, y);
      }
      ctx.closePath();
    }
    ctx.fillStyle = INK.land;
    ctx.fill();
    ctx.strokeStyle = INK.coast;
    ctx.stroke();
  }
}

function nameSheets(ctx) {
  ctx.font = `italic 15px ${INK.serif}`;
  ctx.fillStyle = INK.quiet;
  for (const [code, { west, east, north }] of Object.entries(FRAMES)) {
    const [left, right] = [west, east].map((lon) => NETWORK.canvasToDOM(project(code, lon, north)));
    const word = PALETTE.countries[code].label;
    ctx.fillText(word, (left.x + right.x) / 2 - ctx.measureText(word).width / 2, left.y - 22);
  }
}

// The corners of the map, so that an empty one is still shown whole.
const mapFrame = () => Object.entries(FRAMES).flatMap(([code, { west, east, south, north }]) => [project(code, west, north), project(code, east, south)]);

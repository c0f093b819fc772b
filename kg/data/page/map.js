// The map: Germany and China side by side, not to one scale, beside each a circle of what is somewhere in the country, and
// below them what lies elsewhere. A circle grows from `from` in the direction `to`.
const SHEETS = TALL
  ? { DE: { left: 250, top: 0, scale: 62, circle: { from: [235, 245], to: [-1, 0] } }, CN: { left: 0, top: 620, scale: 17, circle: { from: [170, 1085], to: [0, 1] } }, else: { left: 40, top: 1320, wide: 800 } }
  : { DE: { left: 0, top: 60, scale: 86, circle: { from: [251, 780], to: [0, 1] } }, CN: { left: 760, top: 0, scale: 24, circle: { from: [985, 645], to: [0, 1] } }, else: { left: 40, top: 930, wide: 1800 } };
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

// Where a node belongs on the map: at a spot of a sheet, somewhere in a country, or elsewhere; null for one with no known place.
function whereabouts(id) {
  const at = coordinatesOf(id), { country } = NODES.get(id), code = at && sheetOf(at.lon, at.lat);
  return code ? { spot: project(code, at.lon, at.lat) } : at ? { elsewhere: true } : country in FRAMES ? { country } : null;
}
const WHERE = new Map();
function whereOnMap(id) {
  if (!WHERE.has(id)) WHERE.set(id, whereabouts(id));
  return WHERE.get(id);
}
const hasRoom = (id) => state.as !== "map" || whereOnMap(id) !== null;

// Only what is shown has a spot, and the circles are as large as that needs. Nodes at one place stand round it, like a sunflower's seeds.
let mapSpots = new Map(), circles = {};
const mapSpot = (id) => mapSpots.get(id);
function placeOnMap(ids) {
  const room = seedsOnMap(), elsewhere = [], somewhere = { DE: [], CN: [] };
  [mapSpots, circles] = [new Map(), {}];
  for (const { id } of [...ids].map((id) => NODES.get(id)).sort((a, b) => a.index - b.index)) {
    const { spot, country } = whereOnMap(id);
    if (spot) mapSpots.set(id, room(spot));
    else (somewhere[country] ?? elsewhere).push(id);
  }
  placeInCircles(Object.entries(somewhere).filter(([, found]) => found.length));
  placeElsewhere(elsewhere);
}

// The circles keep off each other: the first gives way.
function placeInCircles(groups) {
  const seeds = groups.map(([code, ids]) => {
    const room = seedsOnMap(), found = ids.map(() => room({ x: 0, y: 0 })), { from, to } = SHEETS[code].circle;
    const reach = MAP_GAP + Math.max(...found.map(({ x, y }) => Math.hypot(x, y)));
    circles[code] = { x: from[0] + to[0] * reach, y: from[1] + to[1] * reach, reach };
    return found;
  });
  const [a, b] = Object.values(circles);
  if (b) {
    const away = Math.hypot(a.x - b.x, a.y - b.y), push = Math.max(0, a.reach + b.reach + MAP_GAP - away) / away;
    [a.x, a.y] = [a.x + push * (a.x - b.x), a.y + push * (a.y - b.y)];
  }
  groups.forEach(([code, ids], group) => ids.forEach((id, i) => mapSpots.set(id, { x: circles[code].x + seeds[group][i].x, y: circles[code].y + seeds[group][i].y })));
}

function placeElsewhere(ids) {
  const { left, top, wide } = SHEETS.else, row = Math.floor(wide / ELSEWHERE_STEP);
  const start = Math.max(top, ...Object.values(circles).map(({ y, reach }) => y + reach + 60));
  ids.sort((a, b) => (labelOf(a) < labelOf(b) ? -1 : 1)).forEach((id, i) => mapSpots.set(id,
    { x: left + ELSEWHERE_STEP * (0.5 + (i % row)), y: start + 50 + 70 * Math.floor(i / row) }));
}

// Gives room after room around a spot: what was taken there once is not tried again.
function seedsOnMap() {
  const cells = new Map(), tried = new Map(), key = (px, py) => `${Math.floor(px / MAP_GAP)},${Math.floor(py / MAP_GAP)}`;
  return ({ x, y }) => {
    for (let i = tried.get(`${x},${y}`) ?? 0; ; i += 1) {
      const reach = MAP_GAP * 0.6 * Math.sqrt(i), [px, py] = [x + reach * Math.cos(i * GOLDEN_ANGLE), y + reach * Math.sin(i * GOLDEN_ANGLE)];
      const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(key(px + dx * MAP_GAP, py + dy * MAP_GAP)) ?? []));
      if (near.some((spot) => Math.hypot(spot.x - px, spot.y - py) < MAP_GAP)) continue;
      cells.set(key(px, py), [...(cells.get(key(px, py)) ?? []), { x: px, y: py }]);
      tried.set(`${x},${y}`, i + 1);
      return { x: px, y: py };
    }
  };
}

function drawMap(ctx) {
  ctx.lineWidth = 1.2;
  ctx.lineJoin = "round";
  for (const [code, rings] of Object.entries(DATA.outlines)) {
    ctx.beginPath();
    for (const ring of rings) {
      for (let i = 0, lon = 0, lat = 0; i < ring.length; i += 2) {
        [lon, lat] = [lon + ring[i], lat + ring[i + 1]];
        const { x, y } = project(code, lon / 100, lat / 100);
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
  ctx.setLineDash([5, 5]);
  ctx.strokeStyle = INK.edge;
  for (const { x, y, reach } of Object.values(circles)) {
    disc(ctx, x, y, reach);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

// The names of the countries and of their circles: where the middle of each stands in the window.
function sheetNames() {
  const name = (text, size, spot, down) => {
    const { x, y } = NETWORK.canvasToDOM(spot);
    return { text, font: `italic ${size}px ${INK.serif}`, x, y: y + down };
  };
  return Object.entries(FRAMES).flatMap(([code, { west, east, north }]) => {
    const circle = circles[code], country = name(countryWord(code), 15, project(code, (west + east) / 2, north), -22);
    return circle ? [country, name(`somewhere in ${countryWord(code)}`, 13, { x: circle.x, y: circle.y + circle.reach }, 12)] : [country];
  });
}

function nameSheets(ctx) {
  for (const { text, font, x, y } of sheetNames()) {
    ctx.font = font;
    drawHalo(ctx, text, x - widthOf(ctx, text) / 2, y, INK.quiet);
  }
}

// The corners of the map, so that an empty one is still shown whole.
const mapFrame = () => [
  ...Object.entries(FRAMES).flatMap(([code, { west, east, south, north }]) => [project(code, west, north), project(code, east, south)]),
  ...Object.values(circles).flatMap(({ x, y, reach }) => [{ x: x - reach, y: y - reach }, { x: x + reach, y: y + reach }])];

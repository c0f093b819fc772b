// How the network looks: shapes, rings, lines, and labels that give way to each other. Text keeps its size at every zoom.
const media = (query) => window.matchMedia(query);
const DARK = media("(prefers-color-scheme: dark)"), STILL = media("(prefers-reduced-motion: reduce)");
const PHONE = media("(max-width: 700px)");
const TALL = window.innerHeight > window.innerWidth;
const INK = {};
function readInk() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["paper", "ink", "quiet", "edge", "accent", "denied", "cn", "de", "sans"]) {
    INK[name] = style.getPropertyValue(`--${name}`).trim();
  }
}
readInk();

const view = { node: null, edge: null, hoverNode: null, hoverEdge: null, nodes: null, edges: null };
const hidden = { nodes: new Set(), edges: new Set() };
const typeColour = (type) => PALETTE.types[type][DARK.matches ? "dark" : "light"];
const ringColour = (country) => ({ CN: INK.cn, DE: INK.de })[country];

function polygon(ctx, x, y, r, corners, turn, inner = 1) {
  const steps = inner === 1 ? corners : corners * 2;
  for (let i = 0; i < steps; i += 1) {
    const angle = turn + (i * 2 * Math.PI) / steps, reach = i % 2 && inner !== 1 ? r * inner : r;
    ctx.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  ctx.closePath();
}
const UP = -Math.PI / 2;
const SHAPES = {
  circle: (ctx, x, y, r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
  hexagon: (ctx, x, y, r) => polygon(ctx, x, y, r * 1.08, 6, 0),
  square: (ctx, x, y, r) => ctx.rect(x - r * 0.86, y - r * 0.86, r * 1.72, r * 1.72),
  star: (ctx, x, y, r) => polygon(ctx, x, y, r * 1.25, 5, UP, 0.5),
  diamond: (ctx, x, y, r) => polygon(ctx, x, y, r * 1.18, 4, UP),
  triangle: (ctx, x, y, r) => polygon(ctx, x, y + r * 0.15, r * 1.2, 3, UP),
  pentagon: (ctx, x, y, r) => polygon(ctx, x, y, r * 1.1, 5, UP),
  pin: (ctx, x, y, r) => {
    ctx.arc(x, y - r * 0.25, r * 0.8, Math.PI * 0.85, Math.PI * 0.15);
    ctx.lineTo(x, y + r * 1.15);
    ctx.closePath();
  },
  dots: (ctx, x, y, r) => {
    for (const [dx, dy] of [[0, -0.52], [-0.56, 0.42], [0.56, 0.42]]) {
      ctx.moveTo(x + dx * r + r * 0.48, y + dy * r);
      ctx.arc(x + dx * r, y + dy * r, r * 0.48, 0, 2 * Math.PI);
    }
  },
  cross: (ctx, x, y, r) => {
    ctx.rect(x - r * 0.36, y - r, r * 0.72, r * 2);
    ctx.rect(x - r, y - r * 0.36, r * 2, r * 0.72);
  },
};

// How far a node reaches, rings included, in pixels at scale 1.
const RING_START = 3, RING_STEP = 2.6;
const reachOf = (r, country) => r * 1.18 + (PALETTE.countries[country].rings.length ? RING_START + RING_STEP * PALETTE.countries[country].rings.length - 1 : 1);

function disc(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
}

// `thin` is the width of the thinnest line that can still be seen, in the units of `ctx`.
function drawRings(ctx, x, y, r, country, thin) {
  let reach = r * 1.18 + RING_START;
  for (const width of PALETTE.countries[country].rings) {
    disc(ctx, x, y, reach);
    ctx.strokeStyle = ringColour(country);
    ctx.lineWidth = Math.max(width, thin * width);
    ctx.stroke();
    reach += Math.max(RING_STEP, thin * 2);
  }
}

function drawNode(ctx, x, y, r, type, country, thin = 1) {
  ctx.save();
  ctx.beginPath();
  SHAPES[PALETTE.types[type].shape](ctx, x, y, r);
  ctx.fillStyle = typeColour(type);
  ctx.fill();
  drawRings(ctx, x, y, r, country, thin);
  ctx.restore();
}

const inFocus = (kind, id) => !view[kind] || view[kind].has(id);

function renderNode({ ctx, id, x, y }) {
  const node = NODES.get(id), r = node.size;
  return {
    drawNode() {
      disc(ctx, x, y, reachOf(r, countryOf(node)));
      ctx.fillStyle = INK.paper;
      ctx.fill();
      ctx.globalAlpha = inFocus("nodes", id) ? 1 : 0.16;
      drawNode(ctx, x, y, r, node.group, countryOf(node), Math.min(1.5, 0.8 / NETWORK.getScale()));
      if (id === view.node || id === view.hoverNode) {
        disc(ctx, x, y, reachOf(r, countryOf(node)) + 4);
        ctx.strokeStyle = INK.accent;
        ctx.lineWidth = 2;
        ctx.stroke();
      }
      ctx.globalAlpha = 1;
    },
    nodeDimensions: { width: 2 * reachOf(r, countryOf(node)) + 3, height: 2 * reachOf(r, countryOf(node)) + 3 },
  };
}

// vis bends by 'roundness'; the middle of its curve then lies half · f · length · sin(roundness · π/2) beside the line, f = (1 + roundness)/2.
function roundness(bend, length) {
  let low = 0, high = 0.9;
  for (let i = 0; i < 18; i += 1) {
    const r = (low + high) / 2;
    if (((1 + r) / 4) * length * Math.sin((r * Math.PI) / 2) < bend) low = r;
    else high = r;
  }
  return low;
}

function curve(claim) {
  const a = NODES.get(claim.from), b = NODES.get(claim.to), bend = TALL ? -claim.bend : claim.bend;
  if (!bend || claim.from === claim.to) return { enabled: false };
  const type = bend > 0 ? "curvedCCW" : "curvedCW";
  return { enabled: true, type, roundness: roundness(Math.abs(bend), Math.hypot(b.x - a.x, b.y - a.y)) };
}

function edgeLook(claim) {
  const focus = view.edges?.has(claim.id), faded = view.edges && !focus;
  const chosen = claim.id === view.edge || claim.id === view.hoverEdge;
  const status = PALETTE.statuses[claim.status];
  const colour = chosen || focus ? INK.accent : status.bar ? INK.denied : INK.edge;
  const arrow = { enabled: true, type: "arrow", scaleFactor: 0.55 };
  return {
    color: { color: colour, highlight: colour, hover: colour, opacity: faded ? 0.16 : 1, inherit: false },
    width: chosen ? 3 : focus ? 1.9 : 1.25,
    dashes: status.dashes,
    arrows: {
      to: isSymmetric(claim) ? { enabled: false } : arrow,
      middle: status.bar ? { enabled: true, type: "bar", scaleFactor: 0.7 } : { enabled: false },
    },
  };
}

const loops = new Map();
function loopLook(claim) {
  if (claim.from !== claim.to) return {};
  const rank = loops.get(claim.from) ?? 0;
  loops.set(claim.from, rank + 1);
  return { selfReference: { size: 18 + 7 * rank, angle: -Math.PI / 4 } };
}

const turned = (node) => (TALL ? { x: node.y, y: node.x } : { x: node.x, y: node.y });
const NODE_SET = new vis.DataSet(DATA.nodes.map((node) => ({ id: node.id, ...turned(node) })));
const EDGE_SET = new vis.DataSet(DATA.edges.map((claim) => ({
  id: claim.id, from: claim.from, to: claim.to, smooth: curve(claim), ...loopLook(claim), ...edgeLook(claim),
})));
const NETWORK = new vis.Network(document.getElementById("map"), { nodes: NODE_SET, edges: EDGE_SET }, {
  physics: false,
  layout: { improvedLayout: false },
  interaction: { hover: true, selectConnectedEdges: false, hoverConnectedEdges: false, zoomSpeed: 0.6, keyboard: false },
  nodes: { shape: "custom", ctxRenderer: renderNode, chosen: false, label: undefined },
  edges: { chosen: false, selectionWidth: 0, hoverWidth: 0, arrowStrikethrough: false, endPointOffset: { to: 1 } },
});

function refreshEdges() {
  EDGE_SET.update([...CLAIMS.values()].map((claim) => ({ id: claim.id, hidden: hidden.edges.has(claim.id), ...edgeLook(claim) })));
}

// Point `t` (0 to 1) of the edge as it is drawn, in pixels of the window.
function edgePoint(id, t = 0.5) {
  const { edgeType } = NETWORK.body.edges[id];
  return NETWORK.canvasToDOM(edgeType.getPoint(t, edgeType.getViaNode()));
}

const measured = new Map();
function widthOf(ctx, text) {
  const key = `${ctx.font}\n${text}`;
  if (!measured.has(key)) measured.set(key, ctx.measureText(text).width);
  return measured.get(key);
}

const LINE_LETTERS = 20, MOST_LINES = 3;
function wrap(text) {
  const short = text.slice(0, 400).trim(), lines = [];
  for (const word of short.split(/\s+/).flatMap((part) => part.match(/.{1,26}/gu) ?? [])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length > MOST_LINES || text.length > 400 ? [...lines.slice(0, MOST_LINES - 1), `${lines[MOST_LINES - 1] ?? ""}…`] : lines;
}
for (const node of NODES.values()) node.lines = wrap(node.label);

const touches = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const around = (x, y, w, h) => ({ left: x - w / 2, right: x + w / 2, top: y - h / 2, bottom: y + h / 2 });
let labelBoxes = [];

function fontOf(node) {
  const size = (PHONE.matches ? 10.5 : 11.5) + 2.5 * node.importance;
  return { size, font: `${node.group === "Place" ? "italic " : ""}${node.importance > 0.75 ? 600 : 400} ${size}px ${INK.sans}` };
}

function priority(node) {
  const chosen = node.id === view.node || node.id === view.hoverNode ? 8 : 0;
  return chosen + (view.nodes?.has(node.id) ? 4 : 0) + node.importance;
}

// Below, above, beside, and at the corners, in this order of liking.
function labelSpots(x, y, off, width, height) {
  const [down, side, lean] = [off + height / 2 + 1, off + width / 2 + 1, off * 0.6 + width / 2];
  return [[0, down], [0, -down], [side, 0], [-side, 0], [lean, down * 0.82], [-lean, down * 0.82], [lean, -down * 0.82], [-lean, -down * 0.82]]
    .map(([dx, dy]) => around(x + dx, y + dy, width, height));
}

// Free of nodes (seen from afar, if need be, only of those that matter as much), labels and panels, within the window, and crossed by as few of the node's own lines as can be.
function bestSpot(node, spots, taken) {
  const inside = (box) => box.left > 2 && box.top > 2 && box.right < window.innerWidth - 2 && box.bottom < window.innerHeight - 2;
  const clear = (least) => spots.filter((box) =>
    inside(box) && !taken.some((other) => other.id !== node.id && !(other.rank < least) && touches(box, other)));
  const strict = clear(0), free = strict.length ? strict : clear(node.importance * 0.45);
  if (free.length < 2) return free[0];
  const lines = CLAIMS_OF.get(node.id).filter((claim) => !hidden.edges.has(claim.id) && claim.from !== claim.to);
  const points = lines.slice(0, 40).flatMap((claim) => NEAR_ENDS[claim.from === node.id ? "from" : "to"].map((t) => edgePoint(claim.id, t)));
  const crossed = (box) => points.filter(({ x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom).length;
  return free.map((box, i) => [crossed(box) + i * 0.4, box]).sort(([a], [b]) => a - b)[0][1];
}

// Below 0 too, since vis counts from the foot of the arrow.
const NEAR_END = [-0.12, -0.06, 0, 0.06, 0.12, 0.18, 0.24, 0.3, 0.36, 0.42, 0.48];
const NEAR_ENDS = { from: NEAR_END, to: NEAR_END.map((t) => 1 - t) };

function drawHalo(ctx, text, x, y, colour) {
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

const TAG = " · ";
function drawLabel(ctx, node, box, size) {
  const country = countryOf(node), middle = (box.left + box.right) / 2;
  node.lines.forEach((line, i) => {
    const y = box.top + (i + 0.5) * size * 1.18, last = i === node.lines.length - 1;
    const tag = last && country ? TAG + country : "", whole = widthOf(ctx, line + tag);
    drawHalo(ctx, line, middle - whole / 2, y, INK.ink);
    if (tag) drawHalo(ctx, tag, middle - whole / 2 + widthOf(ctx, line), y, ringColour(country));
  });
}

function placeLabels(ctx, scale, taken) {
  labelBoxes = [];
  const shown = [...NODES.values()].filter((node) => !hidden.nodes.has(node.id));
  for (const node of shown.sort((a, b) => priority(b) - priority(a) || (a.id < b.id ? -1 : 1))) {
    const { x, y } = NETWORK.canvasToDOM(NETWORK.body.nodes[node.id]);
    if (x < -200 || y < -80 || x > innerWidth + 200 || y > innerHeight + 80) continue;
    const { size, font } = fontOf(node);
    ctx.font = font;
    const tag = countryOf(node) ? TAG + countryOf(node) : "";
    const width = Math.max(...node.lines.map((line, i) => widthOf(ctx, i === node.lines.length - 1 ? line + tag : line)));
    const off = (reachOf(node.size, countryOf(node)) + (node.id === view.node ? 6 : 0)) * scale;
    const box = bestSpot(node, labelSpots(x, y, off, width + 6, node.lines.length * size * 1.18), taken);
    if (!box) continue;
    taken.push(box);
    labelBoxes.push({ ...box, id: node.id });
    ctx.globalAlpha = inFocus("nodes", node.id) ? 1 : 0.18;
    drawLabel(ctx, node, box, size);
  }
}

function placeRelation(ctx, claim, taken) {
  const wanted = view.edges?.has(claim.id) || claim.id === view.hoverEdge;
  const text = relationLabel(claim.predicate), width = widthOf(ctx, text);
  const from = edgePoint(claim.id, 0.1), to = edgePoint(claim.id, 0.9);
  if (!wanted && Math.hypot(to.x - from.x, to.y - from.y) < width + 34) return;
  const middle = edgePoint(claim.id), angle = Math.atan2(to.y - from.y, to.x - from.x);
  const upright = Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle;
  const boxes = [-0.5, -0.3, -0.1, 0.1, 0.3, 0.5].map((part) =>
    around(middle.x + part * (width - 8) * Math.cos(upright), middle.y + part * (width - 8) * Math.sin(upright), 11, 11));
  if (boxes.some((box) => taken.some((other) => touches(box, other)))) return;
  taken.push(...boxes);
  ctx.save();
  ctx.translate(middle.x, middle.y);
  ctx.rotate(upright);
  ctx.fillStyle = INK.paper;
  ctx.fillRect(-width / 2 - 2, -6, width + 4, 12);
  drawHalo(ctx, text, -width / 2, 0, wanted ? INK.accent : INK.quiet);
  ctx.restore();
}

function drawWords(ctx) {
  const scale = NETWORK.getScale(), ratio = NETWORK.canvas.pixelRatio;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  Object.assign(ctx, { textBaseline: "middle", textAlign: "left", lineJoin: "round", lineWidth: 3.5, strokeStyle: INK.paper });
  const taken = [...NODES.values()].filter((node) => !hidden.nodes.has(node.id)).map((node) => {
    const { x, y } = NETWORK.canvasToDOM(NETWORK.body.nodes[node.id]), across = reachOf(node.size, countryOf(node)) * 2 * scale;
    return { ...around(x, y, across, across), id: node.id, rank: scale < 0.8 ? node.importance : 1 };
  });
  taken.push(...[...document.querySelectorAll(".over")].map((element) => element.getBoundingClientRect()).filter((box) => box.width));
  placeLabels(ctx, scale, taken);
  ctx.globalAlpha = 1;
  ctx.font = `italic 10.5px ${INK.sans}`;
  const edges = [...CLAIMS.values()].filter((claim) => !hidden.edges.has(claim.id) && inFocus("edges", claim.id));
  if (scale > 0.55 || view.edges || view.hoverEdge) for (const claim of edges) if (claim.from !== claim.to) placeRelation(ctx, claim, taken);
  ctx.restore();
}
NETWORK.on("afterDrawing", drawWords);

const SAMPLES = Array.from({ length: 25 }, (_, i) => 0.04 + (i * 0.92) / 24);
function edgeAt(x, y, reach) {
  let best = null, least = reach;
  for (const id of CLAIMS.keys()) {
    if (hidden.edges.has(id)) continue;
    let before = edgePoint(id, SAMPLES[0]);
    for (const t of SAMPLES.slice(1)) {
      const after = edgePoint(id, t), away = distanceToSegment(x, y, before, after);
      if (away < least) [best, least] = [id, away];
      before = after;
    }
  }
  return best;
}

function distanceToSegment(x, y, a, b) {
  const dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
  const t = square ? Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / square)) : 0;
  return Math.hypot(x - a.x - t * dx, y - a.y - t * dy);
}

const labelAt = (x, y) => labelBoxes.find((box) => x > box.left && x < box.right && y > box.top && y < box.bottom)?.id ?? null;

// Labels give way to each other by importance, and keep their size at every zoom. They find their places when the picture rests.
const measured = new Map();
function widthOf(ctx, text) {
  const key = `${ctx.font}\n${text}`;
  if (!measured.has(key)) measured.set(key, ctx.measureText(text).width);
  return measured.get(key);
}

const LINE_LETTERS = 20, SHORT_LINE = 12, MOST_LINES = 3;
function wrap(text, letters) {
  const short = text.slice(0, 400).trim(), lines = [];
  for (const word of short.split(/\s+/).flatMap((part) => part.match(/.{1,26}/gu) ?? [])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length > MOST_LINES || text.length > 400 ? [...lines.slice(0, MOST_LINES - 1), `${lines[MOST_LINES - 1] ?? ""}…`] : lines;
}
const wrapped = new Map();
function linesOf(node, letters = LINE_LETTERS) {
  const key = `${letters} ${node.label}`;
  if (!wrapped.has(key)) wrapped.set(key, wrap(node.label, letters));
  return wrapped.get(key);
}

const touches = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const around = (x, y, w, h) => ({ left: x - w / 2, right: x + w / 2, top: y - h / 2, bottom: y + h / 2 });

// What is taken already, in squares, so that only what is near is compared.
class Taken {
  cells = new Map();
  squares(box) {
    const found = [];
    for (let x = Math.floor(box.left / 64); x <= Math.floor(box.right / 64); x += 1) for (let y = Math.floor(box.top / 64); y <= Math.floor(box.bottom / 64); y += 1) found.push(x * 4096 + y);
    return found;
  }
  add(box) {
    for (const square of this.squares(box)) {
      if (!this.cells.has(square)) this.cells.set(square, []);
      this.cells.get(square).push(box);
    }
  }
  meets(box, counts = () => true) {
    return this.squares(box).some((square) => this.cells.get(square)?.some((other) => counts(other) && touches(box, other)));
  }
  met(box) {
    return new Set(this.squares(box).flatMap((square) => (this.cells.get(square) ?? []).filter((other) => touches(box, other)))).size;
  }
}

function fontOf(node) {
  const size = (PHONE.matches ? 10.5 : 11.5) + 2.5 * node.importance;
  return { size, font: `${node.group === "Place" ? "italic " : ""}${node.importance > 0.75 ? 600 : 400} ${size}px ${INK.sans}` };
}

function priority(node) {
  const chosen = node.id === focus.node || node.id === focus.hoverNode ? 8 : 0;
  return chosen + (focus.nodes?.has(node.id) || node.id in state.pin ? 4 : 0) + node.importance;
}

// Below, above, beside, and at the corners, in this order of liking.
function labelSpots(x, y, off, width, height) {
  const [down, side, lean] = [off + height / 2 + 1, off + width / 2 + 1, off * 0.6 + width / 2];
  return [[0, down], [0, -down], [side, 0], [-side, 0], [lean, down * 0.82], [-lean, down * 0.82], [lean, -down * 0.82], [-lean, -down * 0.82]]
    .map(([dx, dy]) => around(x + dx, y + dy, width, height));
}

// Free of nodes, labels and panels, within the window, and crossed by as few of the node's own lines as can be. What matters most and finds no room lies on as few nodes of less weight as can be.
function bestSpot(node, spots, taken, lines, least) {
  const inside = (box) => box.left > 2 && box.top > 2 && box.right < window.innerWidth - 2 && box.bottom < window.innerHeight - 2;
  const free = spots.filter((box) => inside(box) && !taken.meets(box, (other) => other.id !== node.id && !(other.rank < least)));
  if (free.length < 2) return free[0];
  const points = lines.slice(0, 24).flatMap((claim) => NEAR_ENDS[claim.from === node.id ? "from" : "to"].map((t) => edgePoint(claim.id, t)));
  const crossed = (box) => points.filter(({ x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom).length;
  return free.map((box, i) => [crossed(box) + i * 0.4 + (least ? 9 * taken.met(box) : 0), box]).sort(([a], [b]) => a - b)[0][1];
}

const NEAR_END = [0.06, 0.12, 0.18, 0.24, 0.3, 0.36, 0.42, 0.48];
const NEAR_ENDS = { from: NEAR_END, to: NEAR_END.map((t) => 1 - t) };

function drawHalo(ctx, text, x, y, colour) {
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

const TAG = " · ";
function drawLabel(ctx, { id, dx, dy, rows }) {
  const node = NODES.get(id), country = countryOf(node), { size, font } = fontOf(node);
  const spot = NETWORK.canvasToDOM(NETWORK.body.nodes[id]);
  ctx.font = font;
  ctx.globalAlpha = inFocus("nodes", id) ? 1 : 0.18;
  rows.forEach((line, i) => {
    const y = spot.y + dy + (i + 0.5) * size * 1.18, last = i === rows.length - 1;
    const tag = last && country ? TAG + country : "", left = spot.x + dx - widthOf(ctx, line + tag) / 2;
    drawHalo(ctx, line, left, y, INK.ink);
    if (tag) drawHalo(ctx, tag, left + widthOf(ctx, line), y, ringColour(country));
  });
}

// `labels`: the middle and top of each beside its node; `words`: each relation's middle on the canvas and its slant.
let layoutOfWords = { labels: [], words: [], view: "" };

// In short lines where long ones find no room.
function roomFor(ctx, node, { x, y, scale, taken, lines }) {
  const { size, font } = fontOf(node), tag = countryOf(node) ? TAG + countryOf(node) : "";
  const off = (reachOf(node) + (node.id === focus.node ? 6 : 0)) * scale;
  ctx.font = font;
  const tries = [[LINE_LETTERS, 0], [SHORT_LINE, 0], ...(priority(node) > 0.8 ? [[SHORT_LINE, node.importance * 0.5]] : [])];
  for (const [letters, least] of tries) {
    const rows = linesOf(node, letters), width = Math.max(...rows.map((line, i) => widthOf(ctx, i === rows.length - 1 ? line + tag : line)));
    const box = bestSpot(node, labelSpots(x, y, off, width + 6, rows.length * size * 1.18), taken, lines, least);
    if (box) return [box, rows];
  }
  return null;
}

function placeLabels(ctx, scale, taken) {
  const labels = [], lines = new Map();
  for (const claim of scope.claims) if (claim.from !== claim.to) for (const end of [claim.from, claim.to]) lines.set(end, [...(lines.get(end) ?? []), claim]);
  const shown = [...scope.nodes].map((id) => NODES.get(id));
  for (const node of shown.sort((a, b) => priority(b) - priority(a) || a.index - b.index)) {
    const { x, y } = NETWORK.canvasToDOM(NETWORK.body.nodes[node.id]);
    if (x < -200 || y < -80 || x > innerWidth + 200 || y > innerHeight + 80) continue;
    const found = roomFor(ctx, node, { x, y, scale, taken, lines: lines.get(node.id) ?? [] });
    if (!found) continue;
    const [box, rows] = found;
    taken.add(box);
    labels.push({ id: node.id, dx: (box.left + box.right) / 2 - x, dy: box.top - y, box, rows });
  }
  return labels;
}

function placeRelation(ctx, claim, taken) {
  const wanted = focus.edges?.has(claim.id) || claim.id === focus.hoverEdge;
  const text = relationWords(claim), width = widthOf(ctx, text);
  const from = edgePoint(claim.id, 0.1), to = edgePoint(claim.id, 0.9);
  if (!wanted && Math.hypot(to.x - from.x, to.y - from.y) < width + 34) return null;
  const middle = edgePoint(claim.id), angle = Math.atan2(to.y - from.y, to.x - from.x);
  const upright = Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle;
  const boxes = [-0.5, -0.3, -0.1, 0.1, 0.3, 0.5].map((part) =>
    around(middle.x + part * (width - 8) * Math.cos(upright), middle.y + part * (width - 8) * Math.sin(upright), 11, 11));
  if (boxes.some((box) => taken.meets(box))) return null;
  for (const box of boxes) taken.add(box);
  return { id: claim.id, upright, width, text, colour: isDenied(claim) ? INK.denied : wanted ? INK.accent : INK.quiet };
}

function drawRelation(ctx, { id, upright, width, text, colour }) {
  const { x, y } = edgePoint(id);
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(upright);
  ctx.fillStyle = INK.paper;
  ctx.fillRect(-width / 2 - 2, -6, width + 4, 12);
  drawHalo(ctx, text, -width / 2, 0, colour);
  ctx.restore();
}

// Among more lines than this a word here and there tells nothing.
const MANY_WORDS = 120;
const relationFont = () => `italic 10.5px ${INK.sans}`;
function placeWords(ctx) {
  const scale = NETWORK.getScale(), taken = new Taken();
  for (const id of scope.nodes) {
    const node = NODES.get(id), { x, y } = NETWORK.canvasToDOM(NETWORK.body.nodes[id]), across = reachOf(node) * 2 * scale;
    taken.add({ ...around(x, y, across, across), id, rank: scale < 0.8 ? node.importance : 1 });
  }
  for (const element of document.querySelectorAll(".over")) {
    const box = element.getBoundingClientRect();
    if (box.width) taken.add(box);
  }
  for (const { text, font, x, y } of state.as === "map" ? sheetNames() : []) {
    ctx.font = font;
    taken.add(around(x, y, widthOf(ctx, text), 18));
  }
  const labels = placeLabels(ctx, scale, taken);
  ctx.font = relationFont();
  const inside = ({ x, y }) => x > 0 && y > 0 && x < innerWidth && y < innerHeight;
  const claims = scope.claims.filter((claim) => claim.from !== claim.to && inFocus("edges", claim.id) && inside(edgePoint(claim.id)));
  const wordy = focus.edges || focus.hoverEdge || (scale > 0.55 && claims.length < MANY_WORDS);
  return { labels, words: wordy ? claims.map((claim) => placeRelation(ctx, claim, taken)).filter(Boolean) : [], view: viewKey() };
}

function viewKey() {
  const { x, y } = NETWORK.canvasToDOM({ x: 0, y: 0 });
  return `${NETWORK.getScale()},${x},${y}`;
}

let resting = 0;
function redrawWords() {
  layoutOfWords.view = "";
  NETWORK.redraw();
}

function writeWords(ctx) {
  Object.assign(ctx, { textBaseline: "middle", textAlign: "left", lineJoin: "round", lineWidth: 3.5, strokeStyle: INK.paper });
  if (state.as === "map") nameSheets(ctx);
  for (const label of layoutOfWords.labels) if (scope.nodes.has(label.id)) drawLabel(ctx, label);
  ctx.globalAlpha = 1;
  ctx.font = relationFont();
  for (const word of layoutOfWords.words) if (bends.has(word.id)) drawRelation(ctx, word);
}

// While the picture moves the words only move along.
NETWORK.on("afterDrawing", (ctx) => {
  if (telling) return;
  const ratio = NETWORK.canvas.pixelRatio;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (!layoutOfWords.view) layoutOfWords = placeWords(ctx);
  else if (layoutOfWords.view !== viewKey()) {
    clearTimeout(resting);
    resting = setTimeout(redrawWords, 120);
  }
  writeWords(ctx);
  ctx.restore();
});

const labelAt = (x, y) => layoutOfWords.labels.find(({ box }) => x > box.left && x < box.right && y > box.top && y < box.bottom)?.id ?? null;

// The lines, one a claim. The page draws them itself: all of one look in one stroke, each arrow on the rim of its node.
// From so many on, lines are paler, so that nodes and names stand out.
const MANY_LINES = 400;
function lineOf(claim) {
  const near = focus.edges?.has(claim.id), chosen = claim.id === focus.edge || claim.id === focus.hoverEdge;
  return {
    colour: isDenied(claim) ? INK.denied : chosen || near ? INK.accent : INK.edge,
    opacity: near || chosen ? 1 : focus.edges ? 0.16 : Math.max(0.4, Math.min(1, MANY_LINES / scope.claims.length)),
    width: chosen ? 3 : near ? 1.9 : 1.25,
    dashes: PALETTE.statuses[claim.status].dashes || [],
  };
}

// Seen from afar lines grow thinner and arrows smaller only so far.
const afar = () => Math.max(1, Math.min(2, 0.6 / NETWORK.getScale()));

// Quadratic, so that its middle lies `bend` pixels beside the straight line; a claim of a node on itself is a ring at its shoulder.
function bentLine(claim) {
  const { x, y } = NETWORK.body.nodes[claim.from], b = NETWORK.body.nodes[claim.to], bend = bends.get(claim.id);
  if (claim.from === claim.to) return loop(x, y, 18 + 7 * bend);
  const [dx, dy] = [b.x - x, b.y - y], length = Math.hypot(dx, dy) || 1;
  const via = { x: x + dx / 2 - (2 * bend * dy) / length, y: y + dy / 2 + (2 * bend * dx) / length };
  return { x, y, via, end: b, at: (t) => ({
    x: (1 - t) ** 2 * x + 2 * t * (1 - t) * via.x + t * t * b.x, y: (1 - t) ** 2 * y + 2 * t * (1 - t) * via.y + t * t * b.y }) };
}

function loop(x, y, r) {
  const middle = { x: x + r * Math.SQRT1_2, y: y - r * Math.SQRT1_2 };
  return { loop: r, middle, at: (t) => ({ x: middle.x + r * Math.cos(2 * Math.PI * t + 2.36), y: middle.y + r * Math.sin(2 * Math.PI * t + 2.36) }) };
}

// Where the line comes to the rim of the node that it ends at, from 0 to 1.
function tipOf({ at, end }, reach) {
  let [low, high] = [0, 1];
  for (let i = 0; i < 14; i += 1) {
    const t = (low + high) / 2, { x, y } = at(t);
    if (Math.hypot(x - end.x, y - end.y) > reach) low = t;
    else high = t;
  }
  return low;
}

const CURVES = new Map();
function curveOf(id) {
  if (!CURVES.has(id)) CURVES.set(id, bentLine(CLAIMS.get(id)));
  return CURVES.get(id);
}
// Point `t` of the line, in pixels of the window.
const edgePoint = (id, t = 0.5) => NETWORK.canvasToDOM(curveOf(id).at(t));

function traceLine(path, claim) {
  const curve = curveOf(claim.id), { x, y, via, at } = curve;
  if (curve.loop) {
    path.moveTo(curve.middle.x + curve.loop, curve.middle.y);
    return path.arc(curve.middle.x, curve.middle.y, curve.loop, 0, 2 * Math.PI);
  }
  const t = isSymmetric(claim) ? 1 : Math.max(0, tipOf(curve, reachOf(NODES.get(claim.to)) + 4)), tip = at(t);
  path.moveTo(x, y);
  path.quadraticCurveTo(x + t * (via.x - x), y + t * (via.y - y), tip.x, tip.y);
}

const ARROW = 8;
function traceArrow(path, claim) {
  const curve = curveOf(claim.id), long = ARROW * afar(), reach = reachOf(NODES.get(claim.to)) + 1;
  if (curve.loop) return;
  const tip = curve.at(tipOf(curve, reach)), back = curve.at(tipOf(curve, reach + long)), angle = Math.atan2(tip.y - back.y, tip.x - back.x);
  path.moveTo(tip.x, tip.y);
  for (const turn of [2.8, -2.8]) path.lineTo(tip.x + long * Math.cos(angle + turn), tip.y + long * Math.sin(angle + turn));
  path.closePath();
}

function traceBar(path, claim) {
  const { at } = curveOf(claim.id), middle = at(0.5), next = at(0.52), angle = Math.atan2(next.y - middle.y, next.x - middle.x) + Math.PI / 2;
  const [dx, dy] = [6 * afar() * Math.cos(angle), 6 * afar() * Math.sin(angle)];
  path.moveTo(middle.x - dx, middle.y - dy);
  path.lineTo(middle.x + dx, middle.y + dy);
}

// `strokes`: the lines by their look, the palest first. Their paths last while nothing moves and the view keeps its scale.
let strokes = [], pathsFor = null;
function drawLines() {
  const looks = new Map();
  for (const claim of scope.claims) {
    const look = lineOf(claim), key = Object.values(look).join("|");
    if (!looks.has(key)) looks.set(key, { ...look, claims: [], barred: isDenied(claim) });
    looks.get(key).claims.push(claim);
  }
  strokes = [...looks.values()].sort((a, b) => a.opacity - b.opacity || a.width - b.width);
  forgetPaths();
}

function forgetPaths() {
  CURVES.clear();
  pathsFor = null;
}

const traced = (trace, claims, path) => {
  for (const claim of claims) trace(path, claim);
  return path;
};
function preparePaths() {
  const scale = NETWORK.getScale();
  if (pathsFor === scale) return;
  pathsFor = scale;
  for (const stroke of strokes) {
    const directed = stroke.claims.filter((claim) => !isSymmetric(claim));
    stroke.paths = [[traceLine, stroke.claims], [traceArrow, directed], [traceBar, stroke.barred ? stroke.claims : []]].map(([trace, claims]) => traced(trace, claims, new Path2D()));
  }
}

function paintLines(ctx) {
  preparePaths();
  for (const { paths: [lines, arrows, bars], ...look } of strokes) {
    readyPen(ctx, look);
    ctx.stroke(lines);
    ctx.setLineDash([]);
    ctx.fill(arrows);
    ctx.stroke(bars);
  }
  ctx.globalAlpha = 1;
}

function readyPen(pen, { colour, opacity, width, dashes }) {
  const far = afar();
  Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: width * far, globalAlpha: opacity });
  pen.setLineDash(dashes.map((dash) => dash * far));
}

// The same for a pen that knows no paths of its own.
function writeLines(pen) {
  for (const { claims, barred, ...look } of strokes) for (const claim of claims) {
    readyPen(pen, look);
    const write = (trace, act) => {
      pen.beginPath();
      trace(pen, claim);
      pen[act]();
    };
    write(traceLine, "stroke");
    pen.setLineDash([]);
    if (!isSymmetric(claim) && claim.from !== claim.to) write(traceArrow, "fill");
    if (barred) write(traceBar, "stroke");
  }
  pen.globalAlpha = 1;
}

// The line under a point of the window, if one runs within so many pixels.
const SAMPLES = Array.from({ length: 25 }, (_, i) => 0.04 + (i * 0.92) / 24);
function edgeAt(x, y, reach) {
  const spot = NETWORK.DOMtoCanvas({ x, y });
  let best = null, least = reach / NETWORK.getScale();
  for (const { id } of scope.claims) {
    const { at } = curveOf(id);
    let before = at(SAMPLES[0]);
    for (const t of SAMPLES.slice(1)) {
      const after = at(t), away = distanceToSegment(spot.x, spot.y, before, after);
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

// The network on its canvas: only what is in view is given to vis-network, which draws lines and moves the picture.
const focus = { node: null, edge: null, hoverNode: null, hoverEdge: null, nodes: null, edges: null };
let scope = { nodes: new Set(), claims: [], total: 0, cut: false };
const inFocus = (kind, id) => !focus[kind] || focus[kind].has(id);

function renderNode({ ctx, id, x, y }) {
  const node = NODES.get(id), reach = reachOf(sizeOf(node), countryOf(node));
  return {
    drawNode() {
      paintNode(ctx, node, x, y, Math.min(1.5, 0.8 / NETWORK.getScale()));
    },
    nodeDimensions: { width: 2 * reach + 3, height: 2 * reach + 3 },
  };
}

function paintNode(ctx, node, x, y, thin) {
  const reach = reachOf(sizeOf(node), countryOf(node));
  disc(ctx, x, y, reach);
  ctx.fillStyle = INK.paper;
  ctx.fill();
  ctx.globalAlpha = inFocus("nodes", node.id) ? 1 : 0.16;
  drawNode(ctx, x, y, sizeOf(node), node.group, countryOf(node), thin);
  const line = (away, width, colour) => {
    disc(ctx, x, y, reach + away);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  };
  if (node.id === focus.node || node.id === focus.hoverNode) line(4, 2, INK.accent);
  if (node.id in state.pin) {
    disc(ctx, x, y, Math.max(2.4, sizeOf(node) * 0.22));
    ctx.fillStyle = INK.paper;
    ctx.fill();
  }
  ctx.globalAlpha = 1;
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

function curve(claim, bend) {
  if (!bend || claim.from === claim.to) return { enabled: false };
  const a = spotOf(claim.from), b = spotOf(claim.to);
  return { enabled: true, type: bend > 0 ? "curvedCCW" : "curvedCW", roundness: roundness(Math.abs(bend), Math.hypot(b.x - a.x, b.y - a.y)) };
}

// From so many on, lines are paler, so that nodes and names stand out.
const MANY_LINES = 500;
function lineOf(claim) {
  const near = focus.edges?.has(claim.id), chosen = claim.id === focus.edge || claim.id === focus.hoverEdge;
  const status = PALETTE.statuses[claim.status];
  return {
    colour: chosen || near ? INK.accent : status.bar ? INK.denied : INK.edge,
    opacity: focus.edges && !near ? 0.16 : near || chosen || scope.claims.length < MANY_LINES ? 1 : 0.55,
    width: chosen ? 3 : near ? 1.9 : 1.25,
    dashes: status.dashes,
    arrow: !isSymmetric(claim),
    bar: status.bar,
  };
}

function edgeLook(claim) {
  const { colour, opacity, width, dashes, arrow, bar } = lineOf(claim);
  return {
    color: { color: colour, highlight: colour, hover: colour, opacity, inherit: false },
    width,
    dashes,
    arrows: {
      to: arrow ? { enabled: true, type: "arrow", scaleFactor: 0.55 } : { enabled: false },
      middle: bar ? { enabled: true, type: "bar", scaleFactor: 0.7 } : { enabled: false },
    },
  };
}

const NODE_SET = new vis.DataSet(), EDGE_SET = new vis.DataSet();
const NETWORK = new vis.Network(byId("map"), { nodes: NODE_SET, edges: EDGE_SET }, {
  physics: false,
  layout: { improvedLayout: false },
  interaction: { hover: true, selectConnectedEdges: false, hoverConnectedEdges: false, zoomSpeed: 0.6, keyboard: false },
  nodes: { shape: "custom", ctxRenderer: renderNode, chosen: false, label: undefined },
  edges: { chosen: false, selectionWidth: 0, hoverWidth: 0, arrowStrikethrough: false, endPointOffset: { to: 1 } },
});

const drawn = new Map();
// Adds, changes and removes what differs from what vis has; an item is made anew only where `keyOf` tells that it must be.
function sync(set, wanted, makeItem) {
  const gone = set.getIds().filter((id) => !wanted.has(id)), changed = [];
  set.remove(gone);
  for (const id of gone) drawn.delete(id);
  for (const [id, key] of wanted) {
    if (drawn.get(id) === key) continue;
    changed.push(makeItem(id));
    drawn.set(id, key);
  }
  if (changed.length) set.update(changed);
}

// vis draws at every change of its sets; words wait until all are told.
let telling = true;
let bends = new Map();
function drawScope() {
  telling = true;
  if (state.as !== "map") placeNewcomers(scope.nodes);
  bends = bendsOf(scope.claims);
  const spots = new Map([...scope.nodes].map((id) => [id, spotOf(id)]));
  sync(NODE_SET, new Map([...spots].map(([id, { x, y }]) => [id, `${x},${y}`])), (id) => ({ id, ...spots.get(id) }));
  for (const id of scope.nodes) endAtRim(id);
  drawLines(scope.claims);
  telling = false;
}

// vis takes a node that draws itself for a square, and would end slanting lines away from it.
function endAtRim(id) {
  const node = NODES.get(id), reach = reachOf(sizeOf(node), countryOf(node)) + 1;
  NETWORK.body.nodes[id].shape.distanceToBorder = () => reach;
}

const place = (id) => { const { x, y } = spotOf(id); return `${x},${y}`; };
function drawLines(claims) {
  const loops = new Map(), loopRank = new Map();
  for (const claim of claims) if (claim.from === claim.to) {
    loopRank.set(claim.id, loops.get(claim.from) ?? 0);
    loops.set(claim.from, (loops.get(claim.from) ?? 0) + 1);
  }
  const keyOf = (claim) => `${Object.values(lineOf(claim))}|${bends.get(claim.id)}|${place(claim.from)}|${place(claim.to)}|${loopRank.get(claim.id)}`;
  sync(EDGE_SET, new Map(claims.map((claim) => [claim.id, keyOf(claim)])), (id) => {
    const claim = CLAIMS.get(id), rank = loopRank.get(id);
    const loop = rank === undefined ? {} : { selfReference: { size: 18 + 7 * rank, angle: -Math.PI / 4 } };
    return { id, from: claim.from, to: claim.to, smooth: curve(claim, bends.get(id)), ...loop, ...edgeLook(claim) };
  });
  CURVES.clear();
}

// The curve of a claim's line as vis draws it: a function of `t`, from 0 to 1, in the units of the canvas.
const CURVES = new Map();
function curveOf(id) {
  if (!CURVES.has(id)) {
    const { edgeType } = NETWORK.body.edges[id], via = edgeType.getViaNode?.();
    CURVES.set(id, { via, at: (t) => edgeType.getPoint(t, via) });
  }
  return CURVES.get(id);
}
// Point `t` of the line, in pixels of the window.
const edgePoint = (id, t = 0.5) => NETWORK.canvasToDOM(curveOf(id).at(t));

const SAMPLES = Array.from({ length: 25 }, (_, i) => 0.04 + (i * 0.92) / 24);
function edgeAt(x, y, reach) {
  let best = null, least = reach;
  for (const { id } of scope.claims) {
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

NETWORK.on("beforeDrawing", (ctx) => { if (state.as === "map") drawMap(ctx); });

// The network on its canvas: only what is in view is given to vis-network, which draws nodes and moves the picture.
const focus = { node: null, edge: null, hoverNode: null, hoverEdge: null, nodes: null, edges: null };
let scope = { nodes: new Set(), claims: [], total: 0, cut: false };
const inFocus = (kind, id) => !focus[kind] || focus[kind].has(id);

function renderNode({ ctx, id, x, y }) {
  const node = NODES.get(id), reach = reachOf(node);
  return {
    drawNode() {
      paintNode(ctx, node, x, y);
    },
    nodeDimensions: { width: 2 * reach + 3, height: 2 * reach + 3 },
  };
}

function paintNode(ctx, node, x, y) {
  const reach = reachOf(node);
  disc(ctx, x, y, reach);
  ctx.fillStyle = INK.paper;
  ctx.fill();
  ctx.globalAlpha = inFocus("nodes", node.id) ? 1 : 0.16;
  drawNode(ctx, x, y, sizeOf(node), node.group, countryOf(node), swellOf(node));
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

const NODE_SET = new vis.DataSet();
const NETWORK = new vis.Network(byId("map"), { nodes: NODE_SET, edges: [] }, {
  physics: false,
  layout: { improvedLayout: false },
  interaction: { hover: true, zoomSpeed: 0.6, keyboard: false },
  nodes: { shape: "custom", ctxRenderer: renderNode, chosen: false, label: undefined },
});

const drawn = new Map();
// Adds, moves and removes what differs from what vis has.
function sync(wanted) {
  const gone = NODE_SET.getIds().filter((id) => !wanted.has(id)), changed = [];
  NODE_SET.remove(gone);
  for (const id of gone) drawn.delete(id);
  for (const [id, { x, y }] of wanted) {
    if (drawn.get(id) === `${x},${y}`) continue;
    changed.push({ id, x, y });
    drawn.set(id, `${x},${y}`);
  }
  if (changed.length) NODE_SET.update(changed);
}

// vis draws at every change of its set; lines and words wait until all is told.
let telling = true;
let bends = new Map();
function drawScope() {
  telling = true;
  if (state.as === "map") placeOnMap(scope.nodes);
  else placeNewcomers(scope.nodes);
  sync(new Map([...scope.nodes].map((id) => [id, spotOf(id)])));
  bends = bendsOf(scope.claims);
  drawLines();
  telling = false;
}

// vis tells by its frame whether a node is in view, but keeps no frame of a node with a shape of its own.
NETWORK.on("beforeDrawing", (ctx) => {
  for (const node of Object.values(NETWORK.body.nodes)) node.updateBoundingBox(ctx);
  if (telling) return;
  if (state.as === "map") drawMap(ctx);
  paintLines(ctx);
});

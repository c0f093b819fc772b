// What a person does: click, search, keys, zoom. `window.kg` is the handle for tests and for whoever builds on the page.
const search = document.getElementById("search"), hits = document.getElementById("hits");
const legendButton = document.getElementById("legend-button");

// The part of the window that panels leave free, in pixels.
function freeArea() {
  const tall = window.innerHeight, wide = window.innerWidth;
  const sheet = panel.hidden ? null : panel.getBoundingClientRect();
  if (PHONE.matches) return { left: 10, top: document.getElementById("head").offsetHeight, right: wide - 10, bottom: sheet ? sheet.top : tall - 10 };
  return { left: wide > 1000 ? 262 : 20, top: 20, right: sheet ? sheet.left : wide - 60, bottom: tall - 20 };
}

function motion() {
  return STILL.matches ? false : { duration: 420, easingFunction: "easeInOutCubic" };
}

// Pixels round the outermost nodes, for their labels.
const MARGIN = PHONE.matches ? { x: 46, y: 34 } : { x: 84, y: 48 };

// The scale and centre that bring these nodes, with room for their labels, into the free part of the window.
function fit(ids = [...NODES.keys()].filter((id) => !hidden.nodes.has(id)), { animate = true, most = 1.25 } = {}) {
  if (!ids.length) return;
  const spots = ids.map((id) => NETWORK.body.nodes[id]), free = freeArea();
  const [xs, ys] = [spots.map((spot) => spot.x), spots.map((spot) => spot.y)];
  const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  const [wide, high] = [free.right - free.left - 2 * MARGIN.x, free.bottom - free.top - 2 * MARGIN.y].map((room) => Math.max(60, room));
  const scale = Math.min(most, wide / Math.max(1, box.right - box.left), high / Math.max(1, box.bottom - box.top));
  const offset = { x: (free.left + free.right - window.innerWidth) / 2, y: (free.top + free.bottom - window.innerHeight) / 2 };
  const position = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  NETWORK.moveTo({ position, scale, offset, animation: animate ? motion() : false });
}

function setFocus(node, edge, nodes, edges) {
  Object.assign(view, { node, edge, nodes: nodes && new Set(nodes), edges: edges && new Set(edges) });
  refreshEdges();
}

function focusNode(id, { fly = true } = {}) {
  const node = NODES.get(id);
  if (!node) return false;
  const claims = CLAIMS_OF.get(id), near = [id, ...claims.flatMap((claim) => [claim.from, claim.to])];
  setFocus(id, null, near, claims.map((claim) => claim.id));
  showCard(nodeCard(node), `${node.label}, ${PALETTE.types[node.group].one}, ${plural(claims.length, "claim", "claims")}`);
  closeLegendOnPhone();
  if (fly) fit([...new Set(near)].filter((other) => !hidden.nodes.has(other)));
  return true;
}

function selectEdge(id, { fly = false } = {}) {
  const claim = CLAIMS.get(id);
  if (!claim) return false;
  setFocus(null, id, [claim.from, claim.to], pairOf(claim).map((other) => other.id));
  showCard(claimCard(claim), `${NODES.get(claim.from).label} ${relationLabel(claim.predicate)} ${NODES.get(claim.to).label}`);
  closeLegendOnPhone();
  if (fly || isCovered(edgePoint(id))) fit([claim.from, claim.to]);
  return true;
}

function isCovered({ x, y }) {
  const free = freeArea();
  return x < 0 || y < free.top || x > free.right || y > free.bottom;
}

function clearFocus() {
  setFocus(null, null, null, null);
  hideCard();
}

NETWORK.on("click", ({ pointer, event }) => {
  const { x, y } = pointer.DOM, touch = event.pointerType === "touch";
  const node = NETWORK.getNodeAt(pointer.DOM) ?? null;
  const edge = node ? null : edgeAt(x, y, touch ? 16 : 7);
  const label = node || edge ? null : labelAt(x, y);
  if (node || label) focusNode(node ?? label, { fly: PHONE.matches });
  else if (edge) selectEdge(edge);
  else clearFocus();
});

function hover(node, edge) {
  if (view.hoverNode === node && view.hoverEdge === edge) return;
  const changed = [view.hoverEdge, edge].filter((id) => id !== null && CLAIMS.has(id));
  Object.assign(view, { hoverNode: node, hoverEdge: edge });
  document.getElementById("map").style.cursor = node || edge ? "pointer" : "default";
  if (changed.length) EDGE_SET.update(changed.map((id) => ({ id, ...edgeLook(CLAIMS.get(id)) })));
  NETWORK.redraw();
}
NETWORK.on("hoverNode", ({ node }) => hover(node, null));
NETWORK.on("blurNode", () => hover(null, view.hoverEdge));
NETWORK.on("hoverEdge", ({ edge }) => hover(view.hoverNode, edge));
NETWORK.on("blurEdge", () => hover(view.hoverNode, null));

let found = [], active = 0;
function showHits() {
  found = findNames(search.value);
  active = 0;
  const items = found.map(({ node, name }, i) => make("li",
    { role: "option", id: `hit-${i}`, "aria-selected": String(i === active), onpointerdown: (event) => { event.preventDefault(); choose(i); } },
    node.label, make("small", {}, [name === node.label ? "" : name, PALETTE.types[node.group].one, node.country].filter(Boolean).join(" · "))));
  const none = make("li", { class: "none", role: "option", "aria-disabled": "true" }, "No entity bears this name");
  hits.replaceChildren(...(found.length ? items : [none]));
  openHits(search.value.trim() !== "");
}

function openHits(open) {
  hits.hidden = !open;
  search.setAttribute("aria-expanded", String(open));
  if (open && found.length) search.setAttribute("aria-activedescendant", `hit-${active}`);
  else search.removeAttribute("aria-activedescendant");
}

function move(step) {
  if (!found.length) return;
  active = (active + step + found.length) % found.length;
  [...hits.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
  hits.children[active].scrollIntoView({ block: "nearest" });
  openHits(true);
}

function choose(i) {
  if (!found[i]) return;
  search.value = found[i].node.label;
  openHits(false);
  focusNode(found[i].node.id);
  card.querySelector("h2").focus({ preventScroll: true });
}

search.addEventListener("input", showHits);
search.addEventListener("blur", () => openHits(false));
search.addEventListener("keydown", (event) => {
  const act = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => choose(active), Escape: () => { search.value = ""; openHits(false); search.blur(); } }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== search && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape") clearFocus();
});

function setLegend(open) {
  legend.hidden = !open;
  legendButton.setAttribute("aria-expanded", String(open));
}
function closeLegendOnPhone() {
  if (PHONE.matches) setLegend(false);
}
legendButton.addEventListener("click", () => {
  const open = legend.hidden;
  if (open) clearFocus();
  setLegend(open);
});
PHONE.addEventListener("change", () => setLegend(!PHONE.matches));

const zoom = (factor) => NETWORK.moveTo({ scale: NETWORK.getScale() * factor, animation: motion() });
document.getElementById("zoom-in").addEventListener("click", () => zoom(1.35));
document.getElementById("zoom-out").addEventListener("click", () => zoom(1 / 1.35));
document.getElementById("zoom-fit").addEventListener("click", () => fit());
document.getElementById("close").addEventListener("click", clearFocus);
DARK.addEventListener("change", () => {
  readInk();
  refreshEdges();
  for (const canvas of legend.querySelectorAll("canvas")) canvas.redraw();
  NETWORK.redraw();
});

buildLegend();
setLegend(!PHONE.matches);
fit(undefined, { animate: false });
document.getElementById("map").querySelector(".vis-network")?.setAttribute("tabindex", "-1");

window.kg = Object.freeze({
  network: NETWORK,
  data: DATA,
  focus: focusNode,
  select: selectEdge,
  clear: clearFocus,
  find: (query) => findNames(query).map(({ node }) => node.id),
  fit,
  edgePoint,
  shown: () => ({
    nodes: [...NODES.keys()].filter((id) => !hidden.nodes.has(id)),
    edges: [...CLAIMS.keys()].filter((id) => !hidden.edges.has(id)),
  }),
  labels: () => labelBoxes.map((box) => ({ ...box })),
});

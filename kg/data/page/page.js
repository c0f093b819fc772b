// What a person does, and the one way from state to screen. `window.kg` is the handle for tests and for whoever builds on the page.
const legendButton = byId("legend-button"), map = byId("map");

// The parts of the window that panels leave free, in pixels: below what stands above the network, and beside it.
function freeAreas() {
  const tall = window.innerHeight, wide = window.innerWidth;
  const sheet = panel.hidden ? null : panel.getBoundingClientRect();
  if (PHONE.matches) return [{ left: 10, top: byId("head").offsetHeight, right: wide - 10, bottom: sheet ? sheet.top : tall - 64 }];
  const right = sheet ? sheet.left : wide - 60, bottom = tall - 20, below = { left: 20, top: byId("head").offsetHeight + 28, right, bottom };
  return [...(NARROW.matches ? [below] : []), { left: 282, top: 58, right, bottom }];
}

const motion = () => (STILL.matches ? false : { duration: 420, easingFunction: "easeInOutCubic" });

// Pixels round the outermost nodes, for their labels.
const MARGIN = PHONE.matches ? { x: 46, y: 34 } : { x: 84, y: 48 };

// The scale and centre that bring these nodes, with room for their labels, into the free part of the window where they are largest.
function fit(ids = [...scope.nodes], { animate = true, most = 1.25 } = {}) {
  const spots = ids.filter((id) => scope.nodes.has(id)).map(spotOf).filter(Boolean);
  if (state.as === "map" && ids.length !== 2) spots.push(...mapFrame());
  if (!spots.length) return;
  const [xs, ys] = [spots.map((spot) => spot.x), spots.map((spot) => spot.y)];
  const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  const [[scale, free]] = freeAreas().map((area) => {
    const [wide, high] = [area.right - area.left - 2 * MARGIN.x, area.bottom - area.top - 2 * MARGIN.y].map((room) => Math.max(60, room));
    return [Math.min(most, wide / Math.max(1, box.right - box.left), high / Math.max(1, box.bottom - box.top)), area];
  }).sort(([a], [b]) => b - a);
  const offset = { x: (free.left + free.right - window.innerWidth) / 2, y: (free.top + free.bottom - window.innerHeight) / 2 };
  const position = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  moveView({ position, scale, offset }, animate);
}

// Words find their places anew where the picture comes to rest.
function moveView(to, animate = true) {
  const animation = animate && motion();
  if (!animation) layoutOfWords.view = "";
  NETWORK.moveTo({ ...to, animation });
}
NETWORK.on("animationFinished", redrawWords);

// A card that brought the picture to what it tells gives it back when it is closed, unless somebody has moved it since.
let lent = null;
const reads = ({ node, claim }) => Boolean(node || claim);
const keepView = () => { lent = null; };
function lendView(before) {
  if (reads(before) === reads(state)) return;
  if (reads(state)) lent = { scale: NETWORK.getScale(), position: NETWORK.getViewPosition() };
  else if (lent && sameScope(before)) moveView(lent);
}
NETWORK.on("zoom", keepView);

function refocus() {
  const claim = CLAIMS.get(state.claim), near = state.node && state.node !== state.around ? CLAIMS_OF.get(state.node).filter(passes) : null;
  Object.assign(focus, { node: state.node, edge: state.claim, nodes: null, edges: null });
  if (claim) Object.assign(focus, { node: null, nodes: new Set([claim.from, claim.to]), edges: new Set(pairOf(claim).map((other) => other.id)) });
  else if (near) Object.assign(focus, { nodes: new Set([state.node, ...near.flatMap((one) => [one.from, one.to])]), edges: new Set(near.map((one) => one.id)) });
}

const sameScope = (before) => before.as === state.as && before.steps === state.steps && String(before.path) === String(state.path) &&
  before.expand.length === state.expand.length && before.around === state.around;

function render(before, { fly = false } = {}) {
  const held = document.activeElement, narrowed = narrowing(before) !== narrowing(state);
  applyFilters();
  scope = scopeOf();
  refocus();
  if (state.as !== "table") drawScope();
  lendView(before);
  showCounts();
  showChips();
  showCard();
  refreshLegend();
  showViews();
  showNothing();
  if (state.as === "table") showTable();
  else if (fly || !sameScope(before) || (narrowed && ![...scope.nodes].some((id) => !isCovered(NETWORK.canvasToDOM(spotOf(id)))))) flyTo(sameScope(before));
  redrawWords();
  if (narrowed) announce(`${amount(scope.claims.length)} of ${plural(CLAIM_LIST.length, "claim", "claims")}`);
  if (held !== document.body && !isSeen(held)) placeFocus(held, before);
}

const isSeen = (element) => element.isConnected && element.getClientRects().length > 0;
const withData = (data) => Object.entries(data).map(([key, value]) => `[data-${key}="${CSS.escape(value)}"]`).join("");

// Where the keyboard goes on when what it was on is gone: on the same control made anew, else in the card, else where the card was opened.
function placeFocus({ dataset }, before) {
  const same = withData(dataset), row = withData({ id: before.claim ?? before.node ?? "" });
  const next = (same && document.querySelector(same)) || (!panel.hidden && card.querySelector("h2")) ||
    (state.as === "table" ? tableBox.querySelector(`tr${row} .link`) ?? tableBox.querySelector(".scroll") : map);
  next.focus({ preventScroll: true });
}

// Where nothing is left to show, a word and the way out.
function showNothing() {
  const box = byId("nothing");
  box.hidden = scope.nodes.size > 0;
  if (box.hidden) return;
  const words = !CLAIM_LIST.length ? "No claim was found in the documents." : isFiltered() ? "No claim passes all the filters." : "Nothing is left to show here.";
  const way = isFiltered() ? ["Take all filters off", NO_FILTER()] : ["Show all again", { hide: [], path: null, steps: 0, around: null }];
  box.replaceChildren(make("p", {}, words), ...(CLAIM_LIST.length ? [button(way[0], () => go(way[1], { fly: true }))] : []));
}

// To what is read, in a view that stays; else to all of a new view.
function flyTo(stay) {
  const claim = CLAIMS.get(state.claim);
  if (!stay || (!claim && !state.node)) return fit();
  fit(claim ? [claim.from, claim.to] : [...focus.nodes ?? scope.nodes].filter((id) => scope.nodes.has(id)));
}

function focusNode(id, { fly = true } = {}) {
  if (!NODES.has(id)) return false;
  const leave = scope.nodes.has(id) ? {} : { path: null, steps: 0, around: null };
  go({ node: id, claim: null, hide: without(state.hide, id), ...leave }, { fly });
  closeLegend();
  return true;
}

function selectEdge(id) {
  const claim = CLAIMS.get(id);
  if (!claim) return false;
  const hide = state.hide.filter((other) => other !== claim.from && other !== claim.to);
  go({ claim: id, hide });
  closeLegend();
  if (state.as !== "table" && bends.has(id) && isCovered(edgePoint(id))) fit([claim.from, claim.to]);
  return true;
}

const isCovered = ({ x, y }) => freeAreas().every((free) => x < 0 || y < free.top || x > free.right || y > free.bottom);

// One thing at a time: the claim first, then the entity, then what the view is narrowed to.
function clearFocus() {
  if (state.claim) go({ claim: null });
  else if (state.node) go({ node: null });
  else if (state.path) go({ path: null }, { fly: true });
  else if (state.steps) go({ steps: 0, around: null }, { fly: true });
}
const closeCard = () => go({ claim: null, node: null, path: null }, { fly: Boolean(state.path) });

// The browser's own click, which comes last of a tap: an earlier one would be followed by a click on what the tap brought up.
let dragged = false;
map.addEventListener("pointerdown", () => { dragged = false; }, true);
NETWORK.on("dragStart", ({ nodes }) => {
  dragged = true;
  if (!nodes.length) keepView();
});
map.addEventListener("click", ({ clientX: x, clientY: y, pointerType }) => {
  if (dragged) return;
  if (PHONE.matches && !legend.hidden) return setLegend(false);
  const node = NETWORK.getNodeAt({ x, y }) ?? null, edge = node ? null : edgeAt(x, y, pointerType === "touch" ? 16 : 7);
  const label = node || edge ? null : labelAt(x, y);
  if (node || label) focusNode(node ?? label, { fly: PHONE.matches });
  else if (edge) selectEdge(edge);
  else clearFocus();
});

// Where a node is dragged to, there it is pinned.
NETWORK.on("dragging", ({ nodes }) => { if (nodes.length) forgetPaths(); });
NETWORK.on("dragEnd", ({ nodes }) => {
  const pin = { ...state.pin };
  for (const id of nodes) {
    const { x, y } = NETWORK.body.nodes[id];
    if (state.as === "map") drawn.delete(id);
    else pin[id] = asPlaced({ x, y });
  }
  if (nodes.length) go({ pin });
  NETWORK.unselectAll();
});

function hover(node, edge) {
  if (focus.hoverNode === node && focus.hoverEdge === edge) return;
  Object.assign(focus, { hoverNode: node, hoverEdge: edge });
  map.style.cursor = node || edge ? "pointer" : "default";
  drawLines();
  redrawWords();
}
NETWORK.on("hoverNode", ({ node }) => hover(node, null));
NETWORK.on("blurNode", () => hover(null, focus.hoverEdge));
let looking = 0;
map.addEventListener("pointermove", ({ offsetX, offsetY, buttons, pointerType }) => {
  if (buttons || pointerType === "touch") return;
  cancelAnimationFrame(looking);
  looking = requestAnimationFrame(() => hover(focus.hoverNode, focus.hoverNode ? null : edgeAt(offsetX, offsetY, 5)));
});
map.addEventListener("pointerleave", () => hover(null, null));

// From the entity in focus to the nearest one in the direction of the arrow; sideways counts double.
function walk(dx, dy) {
  const start = state.node && scope.nodes.has(state.node) ? state.node : null;
  if (!start) return focusNode([...scope.nodes].sort((a, b) => NODES.get(a).index - NODES.get(b).index)[0], { fly: false });
  const from = spotOf(start), cost = (id) => {
    const [x, y] = [spotOf(id).x - from.x, spotOf(id).y - from.y], ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
    return ahead > 1 ? ahead + 2 * aside : Infinity;
  };
  const best = [...scope.nodes].filter((id) => id !== start).sort((a, b) => cost(a) - cost(b))[0];
  if (!best || cost(best) === Infinity) return false;
  go({ node: best, claim: null });
  if (!isCovered(NETWORK.canvasToDOM(spotOf(best)))) return true;
  keepView();
  moveView({ position: spotOf(best) });
  return true;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const zoom = (factor) => {
  keepView();
  moveView({ scale: NETWORK.getScale() * factor });
};
const showAll = () => {
  keepView();
  fit();
};
const readCard = () => card.querySelector("h2")?.focus({ preventScroll: true });
map.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in ARROWS) walk(...ARROWS[event.key]);
  else if (event.key === "Enter") readCard();
  else return;
  event.preventDefault();
});

const KEYS = {
  "/": ["find a name", () => { byId("search").focus(); byId("search").select(); }],
  n: ["the network", () => setView("network")], m: ["the map", () => setView("map")], t: ["the table", () => setView("table")],
  "+": ["nearer", () => zoom(1.35)], "-": ["farther", () => zoom(1 / 1.35)], "0": ["everything", showAll],
  "?": ["these keys", () => help()],
};
const isTyping = (element) => element.matches("input:not([type=range]), textarea, select");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || byId("help").open) return;
  if (event.key === "Escape") return NARROW.matches && !legend.hidden ? setLegend(false) : clearFocus();
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key][1]();
});

function openDialog(title, ...children) {
  const dialog = byId("help");
  dialog.replaceChildren(make("h2", { id: "help-title" }, title), ...children, button("Close", () => dialog.close(), { class: "shut" }));
  dialog.showModal();
}

function help() {
  const key = ([name, [words]]) => [make("kbd", {}, name), words];
  openDialog("Keys and marks", rows([...Object.entries(KEYS).map(key), [make("kbd", {}, "← ↑ → ↓"), "from entity to entity, on the network"],
    [make("kbd", {}, "Enter"), "read the entity"], [make("kbd", {}, "Esc"), "close what is read"]]),
  make("p", {}, "A click reads an entity or a line; dragging pins an entity where it is put. One red ring: China; two: Germany. Dashed lines are planned, dotted ones former, barred ones denied."),
  make("p", { class: "sub" }, "The address of the page holds what is shown and read: copy it to come back, or to show somebody the same. How near and where you look stays with you."));
}

function setLegend(open) {
  const held = legend.contains(document.activeElement);
  legend.hidden = !open;
  document.body.classList.toggle("filtering", open);
  if (held && !open) legendButton.focus();
  legendButton.setAttribute("aria-expanded", String(open));
  if (open) refreshChoices();
}
function closeLegend() {
  if (NARROW.matches) setLegend(false);
}
legendButton.addEventListener("click", () => {
  const open = legend.hidden;
  if (open && PHONE.matches) closeCard();
  setLegend(open);
});
NARROW.addEventListener("change", () => setLegend(!NARROW.matches));

const setView = (as) => as !== state.as && go({ as }, { fly: true });
const VIEW_NAMES = { network: "Network", map: "Map", table: "Table" };
for (const as of VIEWS) byId("views").append(button(VIEW_NAMES[as], () => setView(as), { "data-as": as }));
function showViews() {
  for (const each of byId("views").children) each.setAttribute("aria-pressed", String(each.dataset.as === state.as));
  document.body.dataset.as = state.as;
  tableBox.hidden = state.as !== "table";
  map.hidden = state.as === "table";
  byId("map-note").hidden = state.as !== "map";
  const off = NODE_LIST.filter((node) => !hasRoom(node.id)).length;
  byId("map-note").textContent = `Outlines: Natural Earth, public domain. The two countries are not drawn to one scale. ${off ? `${plural(off, "entity has", "entities have")} no known place.` : ""}`;
}

const take = byId("take");
byId("take-list").append(...TAKE.map(([name, label, act]) => make("li", {}, button(label, () => { take.open = false; act(); }, { "data-take": name }))));
document.addEventListener("click", (event) => { if (!take.contains(event.target)) take.open = false; });
take.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  take.open = false;
  take.querySelector("summary").focus();
});

for (const [id, act] of Object.entries({ "zoom-in": () => zoom(1.35), "zoom-out": () => zoom(1 / 1.35), "zoom-fit": showAll,
  close: closeCard, skip: () => (state.as === "table" ? tableBox.querySelector(".scroll") : map).focus(), back: () => history.back(), forward: () => history.forward(), "help-button": help })) byId(id).addEventListener("click", act);
makeFinder(byId("search"), byId("hits"), ({ id }) => { focusNode(id); readCard(); });

function recolour() {
  readInk();
  drawLines();
  for (const canvas of legend.querySelectorAll("canvas")) canvas.redraw();
  redrawWords();
}
DARK.addEventListener("change", recolour);

if (DATA.about) {
  byId("about").textContent = DATA.about;
  byId("about").hidden = false;
}
buildLegend();
setLegend(!NARROW.matches);
render(state);
fit(undefined, { animate: false });
if (state.claim || (state.node && state.node !== state.around)) flyTo(true);
map.querySelector(".vis-network")?.setAttribute("tabindex", "-1");

window.kg = Object.freeze({
  network: NETWORK,
  claims: CLAIM_LIST,
  nodes: NODE_LIST,
  focus: focusNode,
  select: selectEdge,
  clear: closeCard,
  go,
  find: (query) => findNames(query).map(({ node }) => node.id),
  fit,
  edgePoint,
  lines: () => strokes.flatMap(({ claims, ...look }) => claims.map(({ id }) => ({ ...look, id, paths: undefined }))),
  tip: (id) => curveOf(id).at(tipOf(curveOf(id), reachOf(NODES.get(CLAIMS.get(id).to)))),
  reach: (id) => reachOf(NODES.get(id)),
  spot: (id) => NETWORK.canvasToDOM(NETWORK.body.nodes[id]),
  state: () => state,
  ink: () => ({ ...INK }),
  shown: () => ({ nodes: [...scope.nodes].sort(), edges: scope.claims.map((claim) => claim.id).sort() }),
  labels: () => layoutOfWords.labels.map(({ id, box }) => ({ ...box, id })),
  query: queryText,
});

// Walks through the network, and which part of it is in view. Only claims that pass the filters count as ways, and no way leads through what is hidden.
const FOUND_AT_ONCE = 60, MOST_PATHS = 8;

function neighboursOf(id) {
  const found = new Set();
  for (const claim of CLAIMS_OF.get(id)) if (passes(claim) && claim.from !== claim.to && !state.hide.includes(otherEnd(claim, id))) found.add(otherEnd(claim, id));
  return [...found].sort((a, b) => NODES.get(a).index - NODES.get(b).index);
}

// The nodes within so many steps, the nearest first.
function ballAround(id, steps) {
  const seen = new Map([[id, 0]]);
  for (const [at, far] of seen) if (far < steps) for (const other of neighboursOf(at)) if (!seen.has(other)) seen.set(other, far + 1);
  return [...seen.keys()];
}

// All shortest ways from one node to another, at most `MOST_PATHS`, each as a list of nodes.
function shortestPaths(from, to) {
  const before = new Map([[from, []]]);
  for (let edge = [from]; edge.length && !before.has(to);) {
    const next = new Map();
    for (const at of edge) for (const other of neighboursOf(at)) if (!before.has(other)) next.set(other, [...(next.get(other) ?? []), at]);
    for (const [id, ways] of next) before.set(id, ways);
    edge = [...next.keys()];
  }
  if (!before.has(to)) return [];
  let paths = [[to]];
  while (paths[0][0] !== from) paths = paths.flatMap((path) => before.get(path[0]).map((id) => [id, ...path])).slice(0, MOST_PATHS);
  return paths;
}

// The claims that pass between two nodes.
const between = (a, b) => CLAIMS_OF.get(a).filter((claim) => passes(claim) && otherEnd(claim, a) === b && (a !== b || claim.from === claim.to));

function aliveNodes() {
  const ends = new Set();
  for (const claim of CLAIM_LIST) if (failed[claim.index] === 0) ends.add(claim.from).add(claim.to);
  return NODE_LIST.filter((node) => ends.has(node.id)).map((node) => node.id);
}

function wantedNodes() {
  if (state.path) return state.path.concat(...shortestPaths(...state.path));
  if (state.steps) return ballAround(state.around, state.steps);
  return aliveNodes();
}

// Above `whole` nodes the first `part` of them, which are the best connected and the bridges; the rest comes by search and by expanding.
function scopeOf() {
  const wanted = [...new Set(wantedNodes())].filter(hasRoom), cut = state.as !== "table" && wanted.length > DATA.limits.whole;
  const nodes = new Set(cut ? wanted.slice(0, DATA.limits.part) : wanted);
  for (const id of state.expand) for (const other of [id, ...neighboursOf(id).slice(0, FOUND_AT_ONCE)]) nodes.add(other);
  const read = CLAIMS.get(state.claim), kept = [state.node, state.around, read?.from, read?.to, ...Object.keys(state.pin)].filter(Boolean);
  if (state.node && !state.steps && cut) for (const other of neighboursOf(state.node).slice(0, FOUND_AT_ONCE)) nodes.add(other);
  for (const id of kept) nodes.add(id);
  for (const id of state.hide) if (!kept.includes(id)) nodes.delete(id);
  for (const id of nodes) if (!hasRoom(id)) nodes.delete(id);
  const claims = claimsAmong(nodes);
  return { nodes, claims, cut, total: wanted.length };
}

function claimsAmong(nodes) {
  const found = [];
  for (const id of nodes) for (const claim of CLAIMS_OF.get(id)) {
    if (claim.from === id && nodes.has(claim.to) && (passes(claim) || claim.id === state.claim)) found.push(claim);
  }
  return found.sort((a, b) => a.index - b.index);
}

// How many of a node's neighbours are not in view.
const unseen = (id) => neighboursOf(id).filter((other) => !scope.nodes.has(other)).length;

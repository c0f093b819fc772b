// What is shown and what is read, in one value. The address's fragment holds it: a link, a reload and 'back' give the same view.
const SWITCHES = ["type", "country", "status", "relation"];
const VIEWS = ["network", "map", "table"];
const blank = () => ({
  as: "network", node: null, claim: null, around: null, steps: 0, path: null, hide: [], expand: [], pin: {},
  off: { type: [], country: [], status: [], relation: [] }, years: null, sector: "", document: "", pair: "", sure: 0,
  rows: "claims", sort: 0, down: false, words: "",
});
const NO_FILTER = () => ({ off: blank().off, years: null, sector: "", document: "", pair: "", sure: 0 });

// What there is to choose from: an address may be older than the network, or made up.
const KNOWN = {
  type: new Set(NODE_LIST.map((node) => node.group)), country: new Set(NODE_LIST.map(countryOf)),
  status: new Set(CLAIM_LIST.map((claim) => claim.status)), relation: new Set(CLAIM_LIST.map((claim) => claim.predicate)),
  sector: new Set(Object.keys(DATA.sectors)), document: DOCUMENTS, pair: new Set(CLAIM_LIST.map(countryPair)),
};

function toFragment(state) {
  const words = new URLSearchParams();
  const put = (key, value) => { if (value) words.append(key, value); };
  if (state.as !== "network") put("as", state.as);
  for (const key of ["node", "claim", "around", "steps", "sector", "document", "pair", "sure"]) put(key, state[key]);
  for (const key of ["hide", "expand"]) for (const id of state[key]) put(key, id);
  for (const id of state.path ?? []) put("path", id);
  for (const [id, [x, y]] of Object.entries(state.pin)) put("pin", `${Math.round(x)},${Math.round(y)},${id}`);
  for (const kind of SWITCHES) for (const value of state.off[kind]) words.append(`no-${kind}`, value);
  if (state.years) put("years", state.years.join("-"));
  if (state.rows !== "claims") put("rows", state.rows);
  if (state.sort || state.down) put("sort", `${state.down ? "-" : ""}${state.sort}`);
  put("words", state.words);
  return words.toString();
}

// What the fragment says, less what this network does not have.
function fromFragment(text) {
  const words = new URLSearchParams(text.replace(/^#/, "")), state = blank();
  const known = (key) => words.getAll(key).filter((id) => NODES.has(id));
  if (VIEWS.includes(words.get("as"))) state.as = words.get("as");
  state.node = known("node")[0] ?? null;
  state.claim = CLAIMS.has(words.get("claim")) ? words.get("claim") : null;
  state.steps = known("around").length ? Math.min(3, Math.max(0, Math.trunc(Number(words.get("steps"))) || 0)) : 0;
  state.around = state.steps ? known("around")[0] : null;
  state.path = known("path").length === 2 ? known("path") : null;
  for (const key of ["hide", "expand"]) state[key] = known(key);
  for (const pin of words.getAll("pin")) {
    const [, x, y, id] = /^(-?\d{1,6}),(-?\d{1,6}),(.*)$/s.exec(pin) ?? [];
    if (NODES.has(id)) state.pin[id] = [Number(x), Number(y)];
  }
  for (const kind of SWITCHES) state.off[kind] = words.getAll(`no-${kind}`).filter((value) => KNOWN[kind].has(value));
  const years = /^(\d{1,4})-(\d{1,4})$/.exec(words.get("years") ?? "");
  if (years) state.years = [Number(years[1]), Number(years[2])];
  for (const key of ["sector", "document", "pair"]) if (KNOWN[key].has(words.get(key))) state[key] = words.get(key);
  state.sure = Math.min(1, Math.max(0, Number(words.get("sure")) || 0));
  if (words.get("rows") === "entities") state.rows = "entities";
  const [, down, sort] = /^(-?)(\d)$/.exec(words.get("sort") ?? "") ?? [];
  Object.assign(state, { sort: Number(sort) || 0, down: down === "-", words: words.get("words") ?? "" });
  return state;
}

// The part of the state that narrows what is shown.
const narrowing = ({ off, years, sector, document, pair, sure, hide, expand }) =>
  toFragment({ ...blank(), off, years, sector, document, pair, sure, hide, expand });

let state = fromFragment(location.hash);

// `replace` is for steps that 'back' should not stop at, such as each move of a slider.
function go(changes, { replace = false, fly = false } = {}) {
  const before = state;
  state = { ...state, ...changes };
  const fragment = `#${toFragment(state)}`;
  if (fragment !== (location.hash || "#")) history[replace ? "replaceState" : "pushState"](null, "", fragment);
  render(before, { fly });
}

window.addEventListener("popstate", () => {
  const before = state;
  state = fromFragment(location.hash);
  render(before, { fly: true });
});

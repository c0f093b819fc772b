// The legend: what the marks mean, how many there are, and what narrows the view. Counts follow the filters.
const legend = byId("legend"), legendRows = [], choices = [];

function legendRow(kind, value, label, picture) {
  const count = make("b");
  const row = button("", () => toggle(kind, value), { class: "row", "data-kind": kind, "data-value": value });
  row.append(...[picture, make("span", {}, label), count].filter(Boolean));
  legendRows.push({ kind, value, row, count });
  const only = () => switchOff(kind, [...KNOWN[kind]].filter((other) => other !== value));
  return make("div", { class: "one" }, row, button("only", only, { class: "only", "aria-label": `Only ${label}`, "data-only": `${kind} ${value}` }));
}

const switchOff = (kind, values) => go({ off: { ...state.off, [kind]: values } });

function toggle(kind, value) {
  const off = state.off[kind];
  switchOff(kind, off.includes(value) ? without(off, value) : [...off, value]);
}

const legendPart = (title, open, ...rows) => make("details", { open: open ? "" : undefined }, make("summary", {}, title), ...rows);
const switchPart = (kind, ...part) => make("div", { class: "part" }, legendPart(...part),
  button("all", () => switchOff(kind, []), { class: "only", "aria-label": `All: ${part[0]}`, "data-all": kind }));

// A list to choose one from. It is filled when it can be seen, since there may be thousands of documents.
function choice(name, label, wordOf) {
  const select = make("select", { id: `by-${name}`, onchange: () => go({ [name]: select.value }) });
  choices.push({ name, select, wordOf });
  return make("label", { class: "choice" }, make("span", {}, label), select);
}

function fillChoice({ name, select, wordOf }) {
  if (!select.offsetParent) return;
  const counts = [...COUNTS[name]()].filter(([value]) => value).map(([value, count]) => [value, count, wordOf(value)]);
  if (state[name] && !counts.some(([value]) => value === state[name])) counts.push([state[name], 0, wordOf(state[name])]);
  counts.sort((a, b) => b[1] - a[1] || (a[2] < b[2] ? -1 : 1));
  const option = ([value, count, word]) => make("option", { value }, `${word.length > 60 ? `${word.slice(0, 59)}…` : word} (${amount(count)})`);
  select.replaceChildren(make("option", { value: "" }, "Any"), ...counts.map(option));
  select.value = state[name];
}

const pairWord = (pair) => {
  const [a, b] = pair.split("–").map(countryWord).sort();
  return a === b ? `Within ${a}` : `Between ${a} and ${b}`;
};
const documentWord = (id) => DOCUMENTS.get(id)?.title || id;

// How sure a claim must be, in steps of 0.05.
function surenessSlider() {
  const word = make("output", { for: "by-sure" });
  const input = make("input", { type: "range", id: "by-sure", min: 0, max: 1, step: 0.05,
    oninput: () => go({ sure: Number(input.value) }, { replace: true }) });
  choices.push({ name: "sure", refresh: () => { input.value = state.sure; word.textContent = state.sure ? `at least ${state.sure.toFixed(2)}` : "any"; } });
  return make("label", { class: "choice", for: "by-sure" }, make("span", {}, "Confidence ", word), input);
}

function buildLegend() {
  const types = new Set(NODE_LIST.map((node) => node.group)), countries = new Set(NODE_LIST.map(countryOf));
  const statuses = new Set(CLAIM_LIST.map((claim) => claim.status));
  const rowsOf = (kind, table, known, picture) => Object.keys(table).filter((value) => known.has(value)).map((value) =>
    legendRow(kind, value, table[value].label, glyph((ctx) => picture(ctx, value))));
  const byLabel = [...new Set(CLAIM_LIST.map((claim) => claim.predicate))].sort((a, b) => compare(relationLabel(a), relationLabel(b)));
  legend.append(
    make("div", { class: "group sheet-bar", role: "group", "aria-label": "Steps and view" }, button("← Back", () => history.back()), button("Forward →", () => history.forward()),
      button("Show all", () => { setLegend(false); showAll(); }), button("Help", help)),
    switchPart("type", "Who and what", true, ...rowsOf("type", PALETTE.types, types, typeGlyph)),
    switchPart("country", "Country", true, ...["CN", "DE", ""].filter((code) => countries.has(code)).map((code) =>
      legendRow("country", code, PALETTE.countries[code].label, glyph((ctx) => countryGlyph(ctx, code)))),
      choice("pair", "Countries of both ends", pairWord)),
    switchPart("status", "How far along", true, ...rowsOf("status", PALETTE.statuses, statuses, statusGlyph)),
    ...timePart(),
    switchPart("relation", "Relations", false, ...byLabel.map((value) => legendRow("relation", value, relationLabel(value), null))),
    legendPart("Document, field, confidence", false, choice("document", "Document", documentWord),
      ANY_SECTOR && choice("sector", "Field of activity", sectorLabel), surenessSlider()),
  );
  for (const part of legend.querySelectorAll("details")) part.addEventListener("toggle", refreshChoices);
}

function refreshChoices() {
  for (const each of choices) (each.refresh ?? (() => fillChoice(each)))();
}

function refreshLegend() {
  const counts = Object.fromEntries(SWITCHES.map((kind) => [kind, COUNTS[kind]()]));
  for (const { kind, value, row, count } of legendRows) {
    count.textContent = amount(counts[kind].get(value) ?? 0);
    row.setAttribute("aria-pressed", String(!state.off[kind].includes(value)));
  }
  for (const all of legend.querySelectorAll("[data-all]")) all.classList.toggle("set", state.off[all.dataset.all].length > 0);
  refreshChoices();
  refreshTime();
}

function showCounts() {
  const part = (shown, all, one, many) => (shown === all ? plural(all, one, many) : `${amount(shown)} of ${plural(all, one, many)}`);
  const sources = new Set(scope.claims.map((claim) => claim.document)).size;
  const some = scope.cut && scope.total < NODE_LIST.length ? [`${amount(scope.nodes.size)} of ${amount(scope.total)} that pass`] : [];
  const words = [...some, some.length ? `(${plural(NODE_LIST.length, "entity", "entities")} in all) ·` : `${part(scope.nodes.size, NODE_LIST.length, "entity", "entities")} ·`,
    `${part(scope.claims.length, CLAIM_LIST.length, "claim", "claims")} ·`, part(scope.claims.length < CLAIM_LIST.length ? sources : DOCUMENTS.size, DOCUMENTS.size, "document", "documents")];
  byId("counts").replaceChildren(scope.cut ? "Showing " : "", ...words.flatMap((word, i) => [i ? " " : "", make("span", {}, word)]));
}

// The filters that are set, each in words and with what takes it off.
const OFF_WORDS = { type: (value) => PALETTE.types[value].label, country: (code) => PALETTE.countries[code].label,
  status: (value) => PALETTE.statuses[value].label, relation: relationLabel };
function filterChips() {
  const off = SWITCHES.map((kind) => {
    const gone = state.off[kind], left = [...KNOWN[kind]].filter((value) => !gone.includes(value)), few = left.length === 1 && gone.length > 1;
    return gone.length > 0 && [`${few ? "Only" : "Without"} ${(few ? left : gone).map(OFF_WORDS[kind]).join(", ")}`, { off: { ...state.off, [kind]: [] } }];
  });
  return [...off,
    state.pair && [pairWord(state.pair), { pair: "" }],
    state.years && [`Years ${[...new Set(state.years)].join("–")}`, { years: null }],
    state.document && [`Document: ${documentWord(state.document)}`, { document: "" }],
    state.sector && [`Field: ${sectorLabel(state.sector)}`, { sector: "" }],
    state.sure && [`Confidence from ${state.sure.toFixed(2)}`, { sure: 0 }],
  ].filter(Boolean).map(([words, changes]) => [words, "Take this filter off", changes]);
}

// What narrows or changes the view, each with a way to undo it.
function chipsOf() {
  return [...filterChips(),
    state.steps && [`${plural(state.steps, "step", "steps")} around ${labelOf(state.around)}`, "Show all again", { steps: 0, around: null }],
    state.path && [`${labelOf(state.path[0])} to ${labelOf(state.path[1])}`, "Show all again", { path: null }],
    state.hide.length && [`${amount(state.hide.length)} hidden`, "Show what was hidden", { hide: [] }],
    state.expand.length && [`${amount(state.expand.length)} expanded`, "Fold in again", { expand: [] }],
    Object.keys(state.pin).length && [`${amount(Object.keys(state.pin).length)} pinned`, "Unpin all", { pin: {} }],
  ].filter(Boolean);
}

function showChips() {
  const all = filterChips().length > 1 ? [["All filters", "Take all filters off", NO_FILTER()]] : [], chips = [...all, ...chipsOf()];
  byId("chips").replaceChildren(...chips.map(([words, undo, changes]) => {
    const chip = button("", () => go(changes, { fly: true }), { "aria-label": `${words}: ${undo.toLowerCase()}`, title: undo });
    chip.append(make("span", {}, words), make("i", { "aria-hidden": "true" }, "×"));
    return make("li", {}, chip);
  }));
  byId("chips").hidden = !chips.length;
}

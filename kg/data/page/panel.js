// The cards beside the network: a claim with its sentence, an entity with its claims, the ways between two entities.
const card = byId("card"), panel = byId("panel");

const isWeb = (url) => /^https?:\/\//i.test(url ?? "");
const webLink = (url, text = url) =>
  isWeb(url) ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : text;
const nodeLink = (id) => button(labelOf(id), () => focusNode(id), { class: "link" });
const chip = (status) =>
  status === "actual" ? null : make("span", { class: `chip ${status}` }, PALETTE.statuses[status].label);

// `marks` holds three numbers a mark: where it starts, where it ends, and 1 for the object; one may stand inside the other.
function quoteOf(claim) {
  const text = textOf(claim), marks = [];
  for (let i = 0; i < claim.marks.length; i += 3) marks.push(claim.marks.slice(i, i + 3));
  const marked = (start, end) => {
    const parts = [];
    let at = start;
    while (marks.length && marks[0][0] < end) {
      const [from, to, object] = marks.shift(), stop = Math.min(to, end);
      parts.push(text.slice(at, from), make("mark", { class: object ? "object" : "subject" }, ...marked(from, stop)));
      at = stop;
    }
    return [...parts, text.slice(at, end)];
  };
  return make("blockquote", {}, ...marked(0, text.length));
}

function rows(pairs) {
  const list = make("dl");
  for (const [term, ...values] of pairs) {
    const given = values.filter((value) => value !== undefined && value !== null && value !== "");
    if (given.length) list.append(make("dt", {}, term), make("dd", {}, ...given));
  }
  return list;
}

function fieldRows(claim) {
  return Object.entries(PALETTE.fields).map(([field, label]) => {
    const verbatim = claim[`${field}_verbatim`], value = claim[field];
    return [label, value && verbatim && verbatim !== value ? `${value} (“${verbatim}”)` : value];
  });
}

function speakerRow(claim) {
  const known = NODES.has(claim.speaker);
  return ["According to", known ? nodeLink(claim.speaker) : claim.attributed_to,
    known && claim.attributed_to !== labelOf(claim.speaker) ? ` (“${claim.attributed_to}”)` : ""];
}

function sourceRows(claim) {
  const source = DOCUMENTS.get(claim.document) ?? {};
  return [
    ["Document", webLink(source.url, source.title || claim.document)],
    ["Publisher", source.publisher],
    ["Published", source.published],
    ["Source", source.source],
    speakerRow(claim),
  ];
}

const sureness = (claim) => claim.confidence.toFixed(2);
function claimCard(claim) {
  const others = pairOf(claim).filter((other) => other.id !== claim.id);
  const heading = make("h2", { tabindex: "-1", class: "triple" },
    nodeLink(claim.from),
    make("span", { class: "relation" }, relationLabel(claim.predicate), chip(claim.status)),
    nodeLink(claim.to));
  return [
    heading,
    quoteOf(claim),
    rows(sourceRows(claim)),
    make("h3", {}, "What it says"),
    rows([["Status", PALETTE.statuses[claim.status].label], ...fieldRows(claim)]),
    make("h3", {}, "How it was found"),
    rows([["Confidence", sureness(claim)], ["Rule", claim.method], ["Claim", claim.id]]),
    ...(others.length ? [make("h3", {}, "The same pair"), make("ul", {}, ...others.map((other) => claimItem(other)))] : []),
  ];
}

// Who says so, in a line.
function sourceLine(claim) {
  const { title, published } = DOCUMENTS.get(claim.document) ?? {};
  const words = [title || claim.document, published, claim.attributed_to && `according to ${claim.attributed_to}`, `confidence ${sureness(claim)}`];
  return make("div", { class: "sub source" }, ...words.filter(Boolean).flatMap((word, i) => (i ? [" · ", make("span", {}, word)] : [word])));
}

function claimItem(claim, from = null) {
  const words = from === null ? inWords(claim) : labelOf(otherEnd(claim, from));
  const detail = [claim.role, claim.kind, claim.date, claim.amount, claim.share, claim.count].filter(Boolean).join(" · ");
  return make("li", {},
    button(words, () => selectEdge(claim.id), { class: "link", "data-claim": claim.id }),
    chip(claim.status), detail && make("div", { class: "sub" }, detail), quoteOf(claim), sourceLine(claim));
}

function claimGroups(claims, id) {
  const groups = new Map();
  for (const claim of claims) {
    const backwards = claim.from !== id && !isSymmetric(claim);
    const key = `${backwards ? "← " : ""}${relationLabel(claim.predicate)}`;
    groups.set(key, [...(groups.get(key) ?? []), claim]);
  }
  return [...groups].sort(([a], [b]) => compare(a.replace("← ", ""), b.replace("← ", "")) || (a < b ? -1 : 1))
    .flatMap(([label, group]) => [make("h3", {}, label), ...claimList(group, id)]);
}

// 'Wikidata Q17' rather than its address, for the catalogues that the palette names.
function identifierLink(iri) {
  const known = PALETTE.catalogues.find(({ start }) => iri.startsWith(start));
  return webLink(iri, known ? `${known.label} ${iri.slice(known.start.length)}` : iri);
}

function nameRows(node) {
  const languages = { en: "English", de: "German", zh: "Chinese" };
  const names = (node.names ?? []).filter(([name]) => name !== node.label);
  const named = (test) => [...new Set(names.filter(([, tag]) => test(tag.split("-")[0])).map(([name]) => name))].join(", ");
  const rest = ["Also", named((lang) => !(lang in languages))];
  return [...Object.entries(languages).map(([lang, label]) => [label, named((tag) => tag === lang)]), rest];
}

function nodeRows(node) {
  const parent = node.parent && (NODES.has(node.parent) ? nodeLink(node.parent) : node.in);
  const codes = [...(node.same_as ?? []).map(identifierLink), ...(node.codes ?? [])];
  return rows([...nameRows(node), ["In", parent], ["Identifiers", ...codes.flatMap((code, i) => [i ? make("br") : null, code])]]);
}

const LISTED_AT_ONCE = 40;
function claimList(claims, id) {
  const list = make("ul", {}, ...claims.slice(0, LISTED_AT_ONCE).map((claim) => claimItem(claim, id)));
  if (claims.length <= LISTED_AT_ONCE) return [list];
  const more = button(`${amount(claims.length - LISTED_AT_ONCE)} more`, () => {
    list.append(...claims.slice(LISTED_AT_ONCE).map((claim) => claimItem(claim, id)));
    more.remove();
  }, { class: "more" });
  return [list, more];
}

function nodeCard(node) {
  const claims = CLAIMS_OF.get(node.id), rest = claims.filter((claim) => !passes(claim));
  return [
    make("h2", { tabindex: "-1" }, node.label),
    make("p", { class: "sub" }, [PALETTE.types[node.group].one, countryWord(node.country)].filter(Boolean).join(" · ")),
    !hasRoom(node.id) && make("p", { class: "sub" }, NO_PLACE, " ", button("See it in the network", () => setView("network"), { class: "link" })),
    nodeActions(node),
    nodeRows(node),
    ...claimGroups(claims.filter(passes), node.id),
    rest.length > 0 && make("details", {}, make("summary", {}, `${plural(rest.length, "claim", "claims")} that the filters leave out`), ...claimGroups(rest, node.id)),
  ];
}

const NO_PLACE = "It has no known place, so it is not on the map.";
const without = (list, id) => list.filter((other) => other !== id);
function nodeActions({ id }) {
  const step = (steps, label) => button(label, () => go({ node: id, claim: null, path: null, steps, around: steps ? id : null }, { fly: true }),
    { "aria-pressed": String(state.steps === steps && (!steps || state.around === id)), "data-steps": steps });
  const more = unseen(id), pinned = id in state.pin;
  return make("div", { class: "actions" },
    make("div", { class: "group", role: "group", "aria-label": "How much around it" },
      step(0, "All"), step(1, "1 step"), step(2, "2 steps"), step(3, "3 steps")),
    more > 0 && button(`Show ${plural(more, "more neighbour", "more neighbours")}`, () => go({ expand: [...without(state.expand, id), id] }, { fly: true }), { "data-act": "expand" }),
    button("Hide", () => hideNode(id), { "data-act": "hide" }),
    button(pinned ? "Unpin" : "Pin", () => togglePin(id), { "data-act": "pin", "aria-pressed": String(pinned) }),
    button("Path to …", (event) => askForPath(id, event.currentTarget), { "data-act": "path" }));
}

// What was shown around it or on a way to it goes with it.
function hideNode(id) {
  const rest = { ...(state.around === id ? { around: null, steps: 0 } : {}), ...(state.path?.includes(id) ? { path: null } : {}) };
  go({ hide: [...state.hide, id], node: null, claim: null, ...rest });
}

function togglePin(id) {
  const pin = { ...state.pin };
  if (id in pin) delete pin[id];
  else {
    placeNewcomers([id]);
    pin[id] = asPlaced(SPOTS.get(id));
  }
  go({ pin });
}

// The other end is found by name, as in the search.
function askForPath(from, asker) {
  const input = make("input", { type: "text", role: "combobox", "aria-label": `Other end of the path from ${labelOf(from)}`,
    "aria-expanded": "false", "aria-controls": "path-hits", "aria-autocomplete": "list", placeholder: "Path to which entity?", autocomplete: "off", spellcheck: "false" });
  const list = make("ul", { id: "path-hits", class: "hits", role: "listbox", "aria-label": "Names found", hidden: "" });
  asker.parentElement.append(make("div", { class: "ask" }, input, list));
  asker.hidden = true;
  makeFinder(input, list, ({ id }) => go({ path: [from, id], node: null, claim: null, steps: 0, around: null }, { fly: true }), from);
  input.focus();
}

function pathCard([from, to]) {
  const paths = shortestPaths(from, to), steps = paths.length ? paths[0].length - 1 : 0;
  const found = paths.length ? `${plural(paths.length, "shortest way", "shortest ways")}, ${plural(steps, "step", "steps")}` : "No way leads from one to the other with what is shown";
  return [
    make("h2", { tabindex: "-1", class: "triple" }, nodeLink(from), make("span", { class: "relation" }, "to"), nodeLink(to)),
    make("p", { class: "sub" }, found),
    ...paths.flatMap((path, i) => [paths.length > 1 && make("h3", {}, `Way ${i + 1}`), make("ol", { class: "path" }, ...path.slice(1).map((id, hop) => hopItem(path[hop], id)))]),
  ];
}

const hopItem = (a, b) => make("li", {}, nodeLink(a), " – ", nodeLink(b), make("ul", {}, ...between(a, b).map((claim) => claimItem(claim))));

let carded = "";
function showCard() {
  const claim = CLAIMS.get(state.claim), node = NODES.get(state.node);
  const key = JSON.stringify([state.claim, state.node, state.path, state.as === "map", state.steps, state.around, state.pin, node && unseen(node.id), !claim && narrowing(state)]);
  if (key === carded) return;
  const moved = carded.split(",").slice(0, 3).join() !== key.split(",").slice(0, 3).join();
  carded = key;
  const open = Boolean(claim || node || state.path);
  panel.hidden = !open;
  document.body.classList.toggle("open", open);
  if (!open) return card.replaceChildren();
  card.replaceChildren(...(claim ? claimCard(claim) : node ? nodeCard(node) : pathCard(state.path)).filter(Boolean));
  if (!moved) return;
  panel.scrollTop = 0;
  announce(claim ? inWords(claim) : node ? `${node.label}, ${PALETTE.types[node.group].one}, ${plural(CLAIMS_OF.get(node.id).length, "claim", "claims")}${hasRoom(node.id) ? "" : `. ${NO_PLACE}`}` : card.querySelector(".sub").textContent);
}

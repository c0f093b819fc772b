// What the page knows: nodes, claims, documents, and how names are found. Nothing here touches the drawing.
const DATA = JSON.parse(byId("data").textContent);
const PALETTE = DATA.palette;

// A row is a list in the order of the columns, then what only some rows have; some columns count into a table of values.
function unpack({ columns, rows, tables }) {
  return rows.map((row, index) => {
    const item = { index, ...row[columns.length] };
    columns.forEach((column, i) => { item[column] = tables[column] ? tables[column][row[i]] : row[i]; });
    return item;
  });
}
const DOCUMENTS = new Map(DATA.documents);
const NODE_LIST = unpack(DATA.nodes), CLAIM_LIST = unpack(DATA.claims);
const NODES = new Map(NODE_LIST.map((node) => [node.id, node]));
const CLAIMS = new Map(CLAIM_LIST.map((claim) => [claim.id, claim]));
const CLAIMS_OF = new Map(NODE_LIST.map((node) => [node.id, []]));
for (const claim of CLAIM_LIST) {
  claim.from = NODE_LIST[claim.from].id;
  claim.to = NODE_LIST[claim.to].id;
  claim.year = Number((claim.date ?? DOCUMENTS.get(claim.document)?.published ?? "").slice(0, 4)) || null;
  CLAIMS_OF.get(claim.from).push(claim);
  if (claim.to !== claim.from) CLAIMS_OF.get(claim.to).push(claim);
}
// Radii in pixels at scale 1.
for (const node of NODE_LIST) node.size = 7 + 12 * node.importance;

const relationLabel = (predicate) => DATA.relations[predicate]?.[0] ?? predicate;
const isSymmetric = (claim) => DATA.relations[claim.predicate]?.[1] === 1;
const countryOf = (node) => (node.country in PALETTE.countries ? node.country : "");
const otherEnd = (claim, id) => (claim.from === id ? claim.to : claim.from);
const samePair = (a, b) => (a.from === b.from && a.to === b.to) || (a.from === b.to && a.to === b.from);
const pairOf = (claim) => CLAIMS_OF.get(claim.from).filter((other) => samePair(claim, other));
const labelOf = (id) => NODES.get(id)?.label ?? id;
const isDenied = (claim) => PALETTE.statuses[claim.status].bar;
const relationWords = (claim) => `${isDenied(claim) ? "not: " : ""}${relationLabel(claim.predicate)}`;
const inWords = (claim) => `${labelOf(claim.from)} – ${relationWords(claim)} – ${labelOf(claim.to)}`;
const textOf = (claim) => DATA.quotes[claim.quote];

// A claim belongs to the sectors of its topics, of its ends, and of what its ends are active in, and to those above them.
function withBroader(id, found = new Set()) {
  for (let at = id; at && !found.has(at); at = DATA.sectors[at]?.[1]) found.add(at);
  return found;
}
const SECTORS_OF = new Map();
for (const node of NODE_LIST) if (node.group === "Sector") {
  for (const claim of CLAIMS_OF.get(node.id)) for (const end of [claim.from, claim.to]) {
    if (!SECTORS_OF.has(end)) SECTORS_OF.set(end, new Set());
    withBroader(node.id, SECTORS_OF.get(end));
  }
}
function sectorsOf(claim) {
  if (claim.within) return claim.within;
  const found = new Set();
  for (const id of claim.sectors ?? []) withBroader(id, found);
  for (const end of [claim.from, claim.to]) for (const id of SECTORS_OF.get(end) ?? []) found.add(id);
  claim.within = found;
  return found;
}
const ANY_SECTOR = SECTORS_OF.size > 0 || CLAIM_LIST.some((claim) => claim.sectors);
const sectorLabel = (id) => DATA.sectors[id]?.[0] ?? labelOf(id);

const countryWord = (code) => DATA.countries[code] ?? code;

// Hong Kong and Macao have codes of their own and are China's.
const OF_CHINA = ["HK", "MO"];
const sideOf = (country) => (OF_CHINA.includes(country) ? "CN" : country);

// The countries of a claim's ends, in alphabetical order: 'CN–DE'; '' where one is not known.
function countryPair(claim) {
  const [a, b] = [claim.from, claim.to].map((id) => sideOf(NODES.get(id).country)).sort();
  return a && b ? `${a}–${b}` : "";
}

// Names are compared without case, accents and punctuation; 'Muenchen' and 'Munchen' both find 'München'.
const LETTERS = { ß: "ss", ø: "o", ł: "l", đ: "d", æ: "ae", œ: "oe", ı: "i" };
const UMLAUTS = { ä: "ae", ö: "oe", ü: "ue" };
const lower = (text) => text.normalize("NFC").toLowerCase();
const swap = (text, table) => text.replace(/[^\u0000-\u007f]/g, (letter) => table[letter] ?? letter);
const plain = (text) =>
  swap(text, LETTERS).normalize("NFD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const fold = (text) => plain(lower(text));
const spellings = (text) => [...new Set([fold(text), plain(swap(lower(text), UMLAUTS))])];

// Folded when somebody looks for a name first, since 20,000 nodes take a while.
let names = null;
function allNames() {
  names ??= NODE_LIST.flatMap((node) => [[node.label, ""], ...(node.names ?? []), ...(node.called ?? []).map((name) => [name, ""])].flatMap(([name, lang]) =>
    spellings(name.slice(0, 400)).map((folded) => ({ node, name, lang, folded }))));
  return names;
}

function nearness(folded, wanted) {
  if (folded === wanted) return 0;
  if (folded.startsWith(wanted)) return 1;
  if (folded.includes(` ${wanted}`)) return 2;
  if (folded.includes(wanted)) return 3;
  return wanted.split(" ").every((word) => folded.includes(word)) ? 4 : wanted.startsWith(`${folded} `) ? 5 : 9;
}

function findNames(query, limit = 12) {
  const wanted = fold(query), best = new Map();
  if (!wanted) return [];
  for (const entry of allNames()) {
    const rank = nearness(entry.folded, wanted), known = best.get(entry.node.id);
    if (rank < 9 && (!known || rank < known.rank)) best.set(entry.node.id, { ...entry, rank });
  }
  return [...best.values()]
    .sort((a, b) => a.rank - b.rank || b.node.importance - a.node.importance || (a.node.id < b.node.id ? -1 : 1))
    .slice(0, limit);
}

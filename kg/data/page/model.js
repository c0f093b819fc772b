// What the page knows: nodes, claims, documents, and how names are found. Nothing here touches the drawing.
const DATA = JSON.parse(document.getElementById("data").textContent);
const PALETTE = DATA.palette;
const NODES = new Map(DATA.nodes.map((node) => [node.id, node]));
const CLAIMS = new Map(DATA.edges.map((claim) => [claim.id, claim]));
const CLAIMS_OF = new Map(DATA.nodes.map((node) => [node.id, []]));
for (const claim of CLAIMS.values()) {
  CLAIMS_OF.get(claim.from).push(claim);
  if (claim.to !== claim.from) CLAIMS_OF.get(claim.to).push(claim);
}

const relationLabel = (predicate) => DATA.labels[predicate] ?? predicate;
const countryOf = (node) => (node.country in PALETTE.countries ? node.country : "");
const isSymmetric = (claim) => claim.arrows === "";
const samePair = (a, b) => (a.from === b.from && a.to === b.to) || (a.from === b.to && a.to === b.from);
const pairOf = (claim) => CLAIMS_OF.get(claim.from).filter((other) => samePair(claim, other));

// Names are compared without case, accents and punctuation; 'Muenchen' and 'Munchen' both find 'München'.
const LETTERS = { ß: "ss", ø: "o", ł: "l", đ: "d", æ: "ae", œ: "oe", ı: "i" };
const UMLAUTS = { ä: "ae", ö: "oe", ü: "ue" };
const lower = (text) => text.normalize("NFC").toLowerCase();
const swap = (text, table) => text.replace(/[^\u0000-\u007f]/g, (letter) => table[letter] ?? letter);
const plain = (text) =>
  swap(text, LETTERS).normalize("NFD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const fold = (text) => plain(lower(text));
const spellings = (text) => [...new Set([fold(text), plain(swap(lower(text), UMLAUTS))])];

const NAMES = [...NODES.values()].flatMap((node) =>
  [[node.label, ""], ...(node.names ?? [])].flatMap(([name, lang]) =>
    spellings(name).map((folded) => ({ node, name, lang, folded }))));

function nearness(folded, wanted) {
  if (folded === wanted) return 0;
  if (folded.startsWith(wanted)) return 1;
  if (folded.includes(` ${wanted}`)) return 2;
  return folded.includes(wanted) ? 3 : wanted.split(" ").every((word) => folded.includes(word)) ? 4 : 9;
}

function findNames(query, limit = 12) {
  const wanted = fold(query), best = new Map();
  if (!wanted) return [];
  for (const entry of NAMES) {
    const rank = nearness(entry.folded, wanted), known = best.get(entry.node.id);
    if (rank < 9 && (!known || rank < known.rank)) best.set(entry.node.id, { ...entry, rank });
  }
  return [...best.values()]
    .sort((a, b) => a.rank - b.rank || b.node.importance - a.node.importance || (a.node.id < b.node.id ? -1 : 1))
    .slice(0, limit);
}

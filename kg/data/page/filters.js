// Which claims pass, and how many would under each choice: a count follows all filters but its own.
const FILTERS = {
  type: (claim) => !shut("type", (node) => node.group, claim),
  country: (claim) => !shut("country", countryOf, claim),
  status: (claim) => !state.off.status.includes(claim.status),
  relation: (claim) => !state.off.relation.includes(claim.predicate),
  years: (claim) => !state.years || (claim.year !== null && claim.year >= state.years[0] && claim.year <= state.years[1]),
  sector: (claim) => !state.sector || sectorsOf(claim).has(state.sector),
  document: (claim) => !state.document || claim.document === state.document,
  pair: (claim) => !state.pair || countryPair(claim) === state.pair,
  sure: (claim) => claim.confidence >= state.sure,
};
const BIT = Object.fromEntries(Object.keys(FILTERS).map((name, i) => [name, 1 << i]));
const failed = new Uint16Array(CLAIM_LIST.length);
const passes = (claim) => failed[claim.index] === 0;
const shut = (kind, value, claim) =>
  state.off[kind].length > 0 && [claim.from, claim.to].some((id) => state.off[kind].includes(value(NODES.get(id))));
const isFiltered = () => SWITCHES.some((kind) => state.off[kind].length) ||
  Boolean(state.years || state.sector || state.document || state.pair || state.sure);

function applyFilters() {
  failed.fill(0);
  for (const [name, passing] of Object.entries(FILTERS)) {
    const bit = BIT[name];
    for (const claim of CLAIM_LIST) if (!passing(claim)) failed[claim.index] |= bit;
  }
}

// The claims that pass every filter but this one.
const passingBut = (name) => CLAIM_LIST.filter((claim) => (failed[claim.index] & ~BIT[name]) === 0);

function countNodes(name, value) {
  const ends = new Set();
  for (const claim of passingBut(name)) ends.add(claim.from).add(claim.to);
  return tally([...ends].map((id) => value(NODES.get(id))));
}

const COUNTS = {
  type: () => countNodes("type", (node) => node.group),
  country: () => countNodes("country", countryOf),
  status: () => tally(passingBut("status").map((claim) => claim.status)),
  relation: () => tally(passingBut("relation").map((claim) => claim.predicate)),
  years: () => tally(passingBut("years").map((claim) => claim.year)),
  sector: () => tally(passingBut("sector").flatMap((claim) => [...sectorsOf(claim)])),
  document: () => tally(passingBut("document").map((claim) => claim.document)),
  pair: () => tally(passingBut("pair").map(countryPair)),
};

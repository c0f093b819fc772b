// The SPARQL query whose rows are the claims in view.
const encodeLocal = (text) => [...text].map((letter) => (/[A-Za-z0-9\-._~]/.test(letter) || (letter > "\u009f" && /[\p{L}\p{N}]/u.test(letter)) ? letter
  : [...new TextEncoder().encode(letter)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""))).join("");
const asIri = (prefix, local) => `<${DATA.prefixes[prefix]}${encodeLocal(local)}>`;
const iriOf = (id) => asIri(id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1));
const literal = (text) => JSON.stringify(text);

// Whether filters alone tell what is shown, of all that the graph holds; else the query has to list the claims.
const isWhole = () => !DATA.part && !scope.cut && !state.steps && !state.path && !state.hide.length && state.as !== "map" &&
  !(state.as === "table" && state.words) && scope.claims.every(passes);

const LACKS = (end, ...what) => `  FILTER NOT EXISTS { ${what.join(" ")} }`.replaceAll("?end", end);
function offPatterns() {
  const { type, country, status, relation } = state.off, ends = ["?subject", "?object"], known = Object.keys(PALETTE.countries).filter(Boolean);
  return [
    ...(type.length ? ends.map((end) => LACKS(end, `VALUES ?off { ${type.map((name) => `kg:${name}`).join(" ")} }`, "?end a ?off")) : []),
    ...country.flatMap((code) => ends.map((end) => (code ? LACKS(end, `?end kg:countryCode ${literal(code)}`)
      : `  FILTER EXISTS { ${end} kg:countryCode ?known FILTER(?known IN (${known.map(literal).join(", ")})) }`))),
    ...(status.length ? [`  FILTER(?status NOT IN (${status.map((name) => `kg:${name}`).join(", ")}))`] : []),
    ...(relation.length ? [`  FILTER(?relation NOT IN (${relation.map((name) => asIri("kg", name)).join(", ")}))`] : []),
  ];
}

function narrowPatterns() {
  const [a, b] = state.pair.split("–");
  const codes = (code) => (code === "CN" ? [code, ...OF_CHINA] : [code]).map(literal).join(", ");
  const has = (end, code) => `EXISTS { ${end} kg:countryCode ?code FILTER(?code IN (${codes(code)})) }`;
  const step = "(rdf:subject|rdf:object)";
  return [
    state.document && `  VALUES ?document { ${asIri("doc", state.document)} }`,
    state.sure && `  FILTER(?confidence >= ${state.sure})`,
    state.years && `  FILTER(?year >= ${state.years[0]} && ?year <= ${state.years[1]})`,
    state.pair && `  FILTER((${has("?subject", a)} && ${has("?object", b)}) || (${has("?subject", b)} && ${has("?object", a)}))`,
    state.sector && `  FILTER EXISTS { ?claim (kg:topicSector|${step}|(${step}/^${step}/${step}))/skos:broader* ${iriOf(state.sector)} }`,
  ].filter(Boolean);
}

function queryText() {
  const listed = isWhole() ? [] : [`  VALUES ?claim { ${shownClaims().map((claim) => `claim:${claim.id}`).join(" ")} }`];
  const patterns = listed.length ? listed : [...offPatterns(), ...narrowPatterns()];
  const prefixes = Object.entries(DATA.prefixes).map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>`);
  return `${prefixes.join("\n")}

SELECT ?claim ?subject ?relation ?object ?status ?confidence ?year ?quote ?document WHERE {
  ?claim a kg:Claim ; rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ; kg:status ?status ;
    kg:confidence ?confidence ; kg:evidence/oa:exact ?quote ; prov:wasDerivedFrom ?document .
  OPTIONAL { ?claim kg:date ?date }
  OPTIONAL { ?document schema:datePublished ?published }
  BIND(xsd:integer(SUBSTR(STR(COALESCE(?date, ?published)), 1, 4)) AS ?year)
${patterns.join("\n")}
}
ORDER BY ?claim
`;
}

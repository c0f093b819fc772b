// The cards beside the network. Every text goes in as text; nothing of a document or a name is ever read as markup.
const card = document.getElementById("card"), panel = document.getElementById("panel");

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const isWeb = (url) => /^https?:\/\//i.test(url ?? "");
const webLink = (url, text = url) =>
  isWeb(url) ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : text;
const nodeLink = (id) => make("button", { type: "button", class: "link", onclick: () => focusNode(id) }, NODES.get(id).label);
const chip = (status) =>
  status === "actual" ? null : make("span", { class: `chip ${status}` }, PALETTE.statuses[status].label);

function quoteOf(claim) {
  const text = DATA.quotes[claim.quote], parts = [];
  let at = 0;
  for (const [start, end, part] of claim.marks ?? []) {
    parts.push(text.slice(at, start), make("mark", { class: part }, text.slice(start, end)));
    at = end;
  }
  return make("blockquote", {}, ...parts, text.slice(at));
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

function sourceRows(claim) {
  const source = DATA.documents[claim.document] ?? {};
  return [
    ["Document", webLink(source.url, source.title || claim.document)],
    ["Publisher", source.publisher],
    ["Published", source.published],
    ["Source", source.source],
  ];
}

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
    rows([["Confidence", claim.confidence.toFixed(2)], ["Method", claim.method], ["Claim", claim.id]]),
    ...(others.length ? [make("h3", {}, "The same pair"), make("ul", {}, ...others.map((other) => claimItem(other)))] : []),
  ];
}

function claimItem(claim, from = null) {
  const other = claim.from === from ? claim.to : claim.from;
  const words = from === null
    ? `${NODES.get(claim.from).label} – ${relationLabel(claim.predicate)} – ${NODES.get(claim.to).label}`
    : NODES.get(other).label;
  const detail = [claim.role, claim.kind, claim.date, claim.amount, claim.share, claim.count].filter(Boolean).join(" · ");
  return make("li", {},
    make("button", { type: "button", class: "link", "data-claim": claim.id, onclick: () => selectEdge(claim.id) }, words),
    chip(claim.status), detail && make("div", { class: "sub" }, detail), quoteOf(claim));
}

function claimGroups(id) {
  const groups = new Map();
  for (const claim of CLAIMS_OF.get(id)) {
    const backwards = claim.from !== id && !isSymmetric(claim);
    const key = `${backwards ? "← " : ""}${relationLabel(claim.predicate)}`;
    groups.set(key, [...(groups.get(key) ?? []), claim]);
  }
  return [...groups].sort(([a], [b]) => a.replace("← ", "").localeCompare(b.replace("← ", ""), "en") || (a < b ? -1 : 1));
}

function nodeCard(node) {
  const languages = { en: "English", de: "German", zh: "Chinese" };
  const names = (node.names ?? []).filter(([name]) => name !== node.label);
  const named = (lang) => names.filter(([, tag]) => tag.split("-")[0] === lang).map(([name]) => name).join(", ");
  const rest = names.filter(([, tag]) => !(tag.split("-")[0] in languages)).map(([name]) => name).join(", ");
  const country = PALETTE.countries[node.country]?.label ?? node.country;
  const links = (node.same_as ?? []).flatMap((iri, i) => [i ? make("br") : null, webLink(iri)]);
  return [
    make("h2", { tabindex: "-1" }, node.label),
    make("p", { class: "sub" }, [PALETTE.types[node.group].one, country].filter(Boolean).join(" · ")),
    rows([...Object.entries(languages).map(([lang, label]) => [label, named(lang)]), ["Also", rest],
      ["In", node.parent && (NODES.has(node.parent) ? nodeLink(node.parent) : node.parent)], ["Identifiers", ...links]]),
    ...claimGroups(node.id).flatMap(([label, claims]) =>
      [make("h3", {}, label), make("ul", {}, ...claims.map((claim) => claimItem(claim, node.id)))]),
  ];
}

function showCard(children, announcement) {
  card.replaceChildren(...children);
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add("open");
  document.getElementById("live").textContent = announcement;
}

function hideCard() {
  panel.hidden = true;
  document.body.classList.remove("open");
}

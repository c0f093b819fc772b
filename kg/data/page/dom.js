// Making elements. Every text goes in as text: nothing of a document or a name is ever read as markup.
const byId = (id) => document.getElementById(id);
const media = (query) => window.matchMedia(query);
const DARK = media("(prefers-color-scheme: dark)"), STILL = media("(prefers-reduced-motion: reduce)");
const PHONE = media("(max-width: 700px)"), NARROW = media("(max-width: 1000px)");
const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== "" && child !== false));
  return element;
}
const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
const button = (label, onclick, more = {}) => make("button", { type: "button", onclick, ...more }, label);

const amount = (count) => count.toLocaleString("en");
const plural = (count, one, many) => `${amount(count)} ${count === 1 ? one : many}`;

const compare = new Intl.Collator("en", { numeric: true }).compare;

function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function announce(text) {
  byId("live").textContent = text;
}

// The legend: what the marks mean, how many there are, and a switch for each.
const off = { type: new Set(), status: new Set(), country: new Set(), relation: new Set() };
const legend = document.getElementById("legend");

function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function glyph(draw) {
  const canvas = make("canvas", { width: 90, height: 60, "aria-hidden": "true" });
  canvas.redraw = () => {
    const ctx = canvas.getContext("2d");
    ctx.setTransform(3, 0, 0, 3, 0, 0);
    ctx.clearRect(0, 0, 30, 20);
    draw(ctx);
  };
  canvas.redraw();
  return canvas;
}

function statusGlyph(ctx, status) {
  const look = PALETTE.statuses[status];
  ctx.strokeStyle = look.bar ? INK.denied : INK.ink;
  ctx.lineWidth = 1.6;
  ctx.setLineDash(look.dashes || []);
  ctx.beginPath();
  ctx.moveTo(1, 10);
  ctx.lineTo(29, 10);
  ctx.stroke();
  ctx.setLineDash([]);
  if (look.bar) ctx.strokeRect(15, 5, 0.1, 10);
}

function countryGlyph(ctx, country) {
  disc(ctx, 15, 10, 2.6);
  ctx.fillStyle = INK.edge;
  ctx.fill();
  drawRings(ctx, 15, 10, 2.2, country, 1);
}

function legendRow(kind, value, label, count, picture) {
  const row = make("button", { type: "button", class: "row", "aria-pressed": "true", "data-kind": kind, "data-value": value },
    picture, make("span", {}, label), make("b", {}, String(count)));
  row.addEventListener("click", () => toggle(kind, value, row));
  return row;
}

function legendPart(title, open, rows) {
  return make("details", { open: open ? "" : undefined }, make("summary", {}, title), ...rows);
}

function toggle(kind, value, row) {
  const hide = !off[kind].delete(value);
  if (hide) off[kind].add(value);
  row.setAttribute("aria-pressed", String(!hide));
  applyFilters();
}

function applyFilters() {
  const shut = (node) => off.type.has(node.group) || off.country.has(countryOf(node));
  hidden.edges = new Set([...CLAIMS.values()].filter((claim) => off.status.has(claim.status) || off.relation.has(claim.predicate) ||
    shut(NODES.get(claim.from)) || shut(NODES.get(claim.to))).map((claim) => claim.id));
  const idle = (id) => CLAIMS_OF.get(id).every((claim) => hidden.edges.has(claim.id));
  hidden.nodes = new Set([...NODES.keys()].filter((id) => shut(NODES.get(id)) || idle(id)));
  NODE_SET.update([...NODES.keys()].map((id) => ({ id, hidden: hidden.nodes.has(id) })));
  refreshEdges();
  showCounts();
}

const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
function showCounts() {
  const parts = [[NODES.size, hidden.nodes.size, "entity", "entities"], [CLAIMS.size, hidden.edges.size, "claim", "claims"]];
  const words = parts.map(([all, gone, one, many]) => (gone ? `${all - gone} of ${plural(all, one, many)}` : plural(all, one, many)));
  words.push(plural(Object.keys(DATA.documents).length, "document", "documents"));
  document.getElementById("counts").textContent = words.join(" · ");
}

function buildLegend() {
  const types = tally([...NODES.values()].map((node) => node.group));
  const countries = tally([...NODES.values()].map(countryOf));
  const statuses = tally([...CLAIMS.values()].map((claim) => claim.status));
  const relations = tally([...CLAIMS.values()].map((claim) => claim.predicate));
  const rowsOf = (kind, table, counts, picture) => Object.keys(table).filter((value) => counts.has(value)).map((value) =>
    legendRow(kind, value, table[value].label, counts.get(value), glyph((ctx) => picture(ctx, value))));
  const byLabel = [...relations].sort(([a], [b]) => relationLabel(a).localeCompare(relationLabel(b), "en"));
  legend.append(
    legendPart("Who and what", true, rowsOf("type", PALETTE.types, types, (ctx, type) => drawNode(ctx, 15, 10, 6, type, ""))),
    legendPart("Country", true, ["CN", "DE", ""].filter((code) => countries.has(code)).map((code) =>
      legendRow("country", code, PALETTE.countries[code].label, countries.get(code), glyph((ctx) => countryGlyph(ctx, code))))),
    legendPart("How far along", true, rowsOf("status", PALETTE.statuses, statuses, statusGlyph)),
    legendPart("Relations", false, byLabel.map(([value, count]) => legendRow("relation", value, relationLabel(value), count, null))),
  );
  showCounts();
}

// Taking away what is shown: a picture, a table, or the question that gives the same rows.
function download(name, content, type) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  announce(`${name} saved`);
}
const fileName = (ending) => `${fold(document.title).replaceAll(" ", "-").slice(0, 60) || "network"}.${ending}`;

// The part of the window with the network in it, in pixels, with room for a title above it and a key below.
const PICTURE_MARGIN = 28, KEY_ROW = 24;
function pictureFrame(titled = true) {
  const boxes = [...scope.nodes].map((id) => {
    const { x, y } = NETWORK.canvasToDOM(NETWORK.body.nodes[id]), across = reachOf(NODES.get(id)) * NETWORK.getScale();
    return { left: x - across, right: x + across, top: y - across, bottom: y + across };
  }).concat(layoutOfWords.labels.map(({ box }) => box), state.as === "map" ? mapFrame().map((spot) => NETWORK.canvasToDOM(spot)).map(({ x, y }) => ({ left: x, right: x, top: y - 40, bottom: y + 24 })) : []);
  const least = (side, limit) => Math.max(limit, Math.min(...boxes.map((box) => box[side])));
  const most = (side, limit) => Math.min(limit, Math.max(...boxes.map((box) => box[side])));
  if (!boxes.length) return { left: 0, top: 0, wide: innerWidth, high: innerHeight, title: [] };
  const left = least("left", 0) - PICTURE_MARGIN, wide = Math.ceil(Math.max(420, most("right", innerWidth) - left + PICTURE_MARGIN));
  const title = titled ? titleRows(wide) : [], room = title.length ? title.at(-1).y + 10 : 0;
  const top = least("top", 0) - PICTURE_MARGIN - room, key = keyRows(wide).length * KEY_ROW;
  return { left, top, wide, high: Math.ceil(most("bottom", innerHeight) - top + 2 * PICTURE_MARGIN + key), title };
}

function drawScene(pen, { left, top, wide, high, title }) {
  pen.fillStyle = INK.paper;
  pen.fillRect(0, 0, wide, high);
  const origin = NETWORK.canvasToDOM({ x: 0, y: 0 }), scale = NETWORK.getScale();
  pen.save();
  pen.translate(origin.x - left, origin.y - top);
  pen.scale(scale, scale);
  if (state.as === "map") drawMap(pen);
  writeLines(pen);
  for (const id of scope.nodes) paintNode(pen, NODES.get(id), NETWORK.body.nodes[id].x, NETWORK.body.nodes[id].y);
  pen.restore();
  pen.save();
  pen.translate(-left, -top);
  writeWords(pen);
  pen.restore();
  writeTitle(pen, title);
  writeKey(pen, wide, high);
}

// What stands above the picture, broken into lines: each line with its font, its colour and where its middle is.
function titleRows(wide) {
  const told = [DATA.about && document.title, byId("counts").textContent, ...chipsOf().map(([words]) => words)].filter(Boolean).join(" · ");
  const parts = [[`600 20px ${INK.serif}`, INK.ink, DATA.about || document.title, 26], [`12px ${INK.sans}`, INK.quiet, told, 18]];
  let y = 4;
  return parts.flatMap(([font, colour, text, high]) => {
    const lines = brokenInto(text.slice(0, 600), font, wide - 2 * PICTURE_MARGIN).map((line) => ({ font, colour, line, y: (y += high) }));
    y += 6;
    return lines;
  });
}

function brokenInto(text, font, wide) {
  const pen = document.createElement("canvas").getContext("2d"), lines = [""];
  pen.font = font;
  for (const word of text.split(/(?<=\s)|(?=\p{sc=Han})/u)) {
    if (lines.at(-1) && pen.measureText(lines.at(-1) + word.trimEnd()).width > wide) lines.push("");
    lines.push(lines.pop() + word);
  }
  return lines;
}

function writeTitle(pen, rows) {
  for (const { font, colour, line, y } of rows) {
    Object.assign(pen, { font, fillStyle: colour });
    pen.fillText(line, PICTURE_MARGIN, y);
  }
}

// The marks that occur in the picture, in rows: how each is drawn, what it means, and where it begins.
function keyRows(wide) {
  const nodes = [...scope.nodes].map((id) => NODES.get(id)), pen = document.createElement("canvas").getContext("2d");
  const [types, countries, statuses] = [nodes.map((node) => node.group), nodes.map(countryOf), scope.claims.map((claim) => claim.status)].map((all) => new Set(all));
  const items = (table, known, picture) => Object.keys(table).filter((value) => value && known.has(value)).map((value) => [(ctx) => picture(ctx, value), table[value].label]);
  const all = [...items(PALETTE.types, types, typeGlyph), ...items(PALETTE.countries, countries, countryGlyph), ...items(PALETTE.statuses, statuses, statusGlyph)];
  pen.font = keyFont();
  const rows = [[]];
  let x = PICTURE_MARGIN;
  for (const [picture, label] of all) {
    const across = 36 + pen.measureText(label).width + 18;
    if (x > PICTURE_MARGIN && x + across > wide - PICTURE_MARGIN) [x] = [PICTURE_MARGIN, rows.push([])];
    rows.at(-1).push([picture, label, x]);
    x += across;
  }
  return rows;
}

const keyFont = () => `12px ${INK.sans}`;
function writeKey(pen, wide, high) {
  const rows = keyRows(wide), top = high - PICTURE_MARGIN - rows.length * KEY_ROW;
  Object.assign(pen, { globalAlpha: 1, font: keyFont(), textBaseline: "middle", textAlign: "left" });
  rows.forEach((row, i) => row.forEach(([picture, label, x]) => {
    pen.save();
    pen.translate(x, top + i * KEY_ROW);
    picture(pen);
    pen.restore();
    pen.fillStyle = INK.quiet;
    pen.fillText(label, x + 36, top + i * KEY_ROW + 10);
  }));
}

function sceneAsSvg(frame) {
  const pen = new SvgPen(document.createElement("canvas").getContext("2d"));
  drawScene(pen, frame);
  return pen.toString(frame.wide, frame.high);
}
const takeSvg = () => download(fileName("svg"), sceneAsSvg(pictureFrame()), "image/svg+xml");

// On paper the network is drawn anew: in lines, not pixels, and in light colours; its title stands above it already. A table has all its rows.
addEventListener("beforeprint", () => {
  removePrinted();
  ROOT.dataset.printed = "";
  recolour();
  if (state.as === "table") return showTable(Infinity);
  byId("map").append(new DOMParser().parseFromString(sceneAsSvg(pictureFrame(false)), "image/svg+xml").documentElement);
});
const removePrinted = () => byId("map").querySelectorAll(":scope > svg").forEach((drawing) => drawing.remove());
addEventListener("afterprint", () => {
  removePrinted();
  delete ROOT.dataset.printed;
  recolour();
  if (state.as === "table") showTable();
});

function takePng() {
  const frame = pictureFrame(), canvas = make("canvas", { width: frame.wide * 2, height: frame.high * 2 }), pen = canvas.getContext("2d");
  pen.scale(2, 2);
  drawScene(pen, frame);
  canvas.toBlob((blob) => download(fileName("png"), blob));
}

// A table tells which of its own rows are taken, and of the other kind those that have to do with them.
const listed = (rows) => (state.as === "table" && state.rows === rows ? tableRows().map(({ item }) => item) : null);
function shownClaims() {
  const ids = new Set(listed("entities")?.map(({ id }) => id) ?? scope.nodes);
  return listed("claims") ?? scope.claims.filter(({ from, to }) => ids.has(from) || ids.has(to));
}
function shownEntities() {
  const ids = new Set(listed("claims")?.flatMap(({ from, to }) => [from, to]) ?? scope.nodes);
  return listed("entities") ?? [...ids].map((id) => NODES.get(id));
}

// What a spreadsheet would run as a formula gets an apostrophe before it.
const cell = (value) => `"${String(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value ?? "").replaceAll('"', '""')}"`;
function saveTable(ending, rows) {
  const heads = [...new Set(rows.flatMap(Object.keys))], lines = [heads, ...rows.map((row) => heads.map((head) => row[head]))];
  download(fileName(ending), `\ufeff${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`, "text/csv;charset=utf-8");
}

function claimRow(claim) {
  const { id, from, to, predicate: relation, status, method: rule, attributed_to: said_by, document } = claim;
  const fields = Object.fromEntries(Object.keys(PALETTE.fields).map((field) => [field, claim[field]]));
  const { title, publisher, published, url } = DOCUMENTS.get(document) ?? {};
  return { claim: id, from: labelOf(from), from_id: from, relation, to: labelOf(to), to_id: to, status, ...fields,
    confidence: sureness(claim), rule, said_by, quote: textOf(claim), document, title, publisher, published, url };
}

function entityRow(node) {
  const { id, label: name, group: type, country, same_as, codes, lat, lon } = node, list = (items) => (items ?? []).join("; ");
  return { id, name, type, country, other_names: list(otherNames(node)), in: node.in, same_as: list(same_as), codes: list(codes), lat, lon, claims: claimsInView(node) };
}
const takeClaims = () => saveTable("claims.csv", shownClaims().map(claimRow));
const takeEntities = () => saveTable("entities.csv", shownEntities().map(entityRow));

function takeQuery() {
  const text = queryText(), box = make("textarea", { readonly: "", rows: 18, wrap: "off", "aria-label": "SPARQL query" }, text);
  const copy = () => {
    box.select();
    announce(document.execCommand("copy") ? "Query copied" : "Press Ctrl and C to copy the query");
  };
  openDialog("The query that gives these rows", make("p", {}, "Save it and run ", make("code", {}, "kg query FILE"), ", or ask any SPARQL endpoint that holds the graph."), box,
    button("Copy", copy, { "data-take": "copy" }), " ",
    button("Save as a file", () => download(fileName("rq"), text, "application/sparql-query"), { "data-take": "rq" }));
}

const TAKE = [["png", "Picture (PNG)", takePng], ["svg", "Drawing (SVG)", takeSvg], ["claims", "Claims (CSV)", takeClaims], ["entities", "Entities (CSV)", takeEntities], ["query", "Query (SPARQL)", takeQuery], ["print", "Print", () => window.print()]];

// The same content as a table: claims or entities in view, sorted by any column, narrowed by any words.
const tableBox = byId("table"), ROWS_AT_ONCE = 200;
let mostRows = ROWS_AT_ONCE;

const otherNames = ({ names, label }) => (names ?? []).map(([name]) => name).filter((name) => name !== label);
const claimsInView = ({ id }) => CLAIMS_OF.get(id).filter(passes).length;

const TABLES = {
  claims: {
    items: () => scope.claims,
    columns: [
      ["From", (claim) => labelOf(claim.from)], ["Relation", (claim) => relationLabel(claim.predicate)], ["To", (claim) => labelOf(claim.to)],
      ["Status", (claim) => PALETTE.statuses[claim.status].label], ["Date", (claim) => claim.date ?? ""], ["Confidence", sureness],
      ["Document", (claim) => DOCUMENTS.get(claim.document)?.title || claim.document],
      ["Published", (claim) => DOCUMENTS.get(claim.document)?.published ?? ""], ["Sentence", textOf],
    ],
    open: (claim) => selectEdge(claim.id),
  },
  entities: {
    items: () => [...scope.nodes].map((id) => NODES.get(id)).sort((a, b) => a.index - b.index),
    columns: [
      ["Name", (node) => node.label], ["Type", (node) => PALETTE.types[node.group].one], ["Country", (node) => countryWord(node.country)],
      ["Other names", (node) => otherNames(node).join(", ")],
      ["Claims", (node) => String(claimsInView(node))],
    ],
    open: (node) => focusNode(node.id),
  },
};

function tableRows() {
  const { items, columns } = TABLES[state.rows], wanted = fold(state.words).split(" ").filter(Boolean);
  const rows = items().map((item) => ({ item, cells: columns.map(([, cell]) => cell(item)) }))
    .filter(({ cells }) => !wanted.length || wanted.every((word) => fold(cells.join(" ")).includes(word)));
  const sign = state.down ? -1 : 1, by = Math.min(state.sort, columns.length - 1);
  return rows.sort((a, b) => sign * compare(a.cells[by], b.cells[by]) || a.item.index - b.item.index);
}

function tableHead(columns) {
  const order = (i) => (i !== state.sort ? "none" : state.down ? "descending" : "ascending");
  return make("tr", {}, ...columns.map(([title], i) => make("th", { scope: "col", "aria-sort": order(i) },
    button(title, () => go({ down: state.sort === i && !state.down, sort: i }), { "data-sort": i }))));
}

function tableRow({ item, cells }) {
  const chosen = item.id === state.claim || item.id === state.node;
  return make("tr", { "data-id": item.id, class: chosen && "chosen" }, ...cells.map((cell, i) =>
    make(i ? "td" : "th", i ? {} : { scope: "row" }, cell && make("div", {}, i ? cell : button(cell, () => TABLES[state.rows].open(item), { class: "link" })))));
}

function changeTable(changes, how) {
  mostRows = ROWS_AT_ONCE;
  go(changes, how);
}

function buildTable() {
  const tab = (rows, label) => button(label, () => changeTable({ rows, sort: 0, down: false }), { "data-rows": rows });
  const words = make("input", { type: "text", "aria-label": "Only rows with these words", placeholder: "Only rows with …", spellcheck: "false", id: "table-words",
    oninput: () => changeTable({ words: words.value }, { replace: true }) });
  tableBox.append(make("div", { class: "table-bar" }, make("div", { class: "group", role: "group", "aria-label": "Rows" }, tab("claims", "Claims"), tab("entities", "Entities")),
    words, make("span", { id: "table-count", role: "status" })),
  make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" }, make("table", {}, make("thead"), make("tbody")), make("p", { class: "rest" })));
}

function showTable(most = mostRows) {
  if (!tableBox.firstChild) buildTable();
  const rows = tableRows(), { columns } = TABLES[state.rows], rest = rows.length - most;
  for (const tab of tableBox.querySelectorAll("[data-rows]")) tab.setAttribute("aria-pressed", String(tab.dataset.rows === state.rows));
  if (byId("table-words").value !== state.words) byId("table-words").value = state.words;
  tableBox.querySelector("thead").replaceChildren(tableHead(columns));
  tableBox.querySelector("tbody").replaceChildren(...rows.slice(0, most).map(tableRow));
  tableBox.querySelector(".rest").replaceChildren(...(rest > 0 ? [button(`${amount(rest)} more`, () => { mostRows += 1000; showTable(); })] : []));
  byId("table-count").textContent = state.rows === "claims" ? plural(rows.length, "claim", "claims") : plural(rows.length, "entity", "entities");
}

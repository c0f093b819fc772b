// The time range: how many claims each year has, and two handles. A claim's year is its own, else that of its document.
const YEARS = CLAIM_LIST.map((claim) => claim.year).filter(Boolean).reduce(([low, high], year) => [Math.min(low, year), Math.max(high, year)], [9999, 0]);
const BAR_STEP = Math.max(1, Math.ceil((YEARS[1] - YEARS[0] + 1) / 60)), TIME_WIDE = 214, TIME_HIGH = 38;
const time = {}, barCount = () => Math.floor((YEARS[1] - YEARS[0]) / BAR_STEP) + 1;

function timePart() {
  if (YEARS[1] <= YEARS[0]) return [];
  time.bars = draw("svg", { class: "bars", viewBox: `0 0 ${TIME_WIDE} ${TIME_HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" });
  const handle = (which, label) => make("input", { type: "range", class: which, "aria-label": label, min: YEARS[0], max: YEARS[1], step: 1, oninput: takeYears });
  Object.assign(time, { from: handle("from", "From year"), to: handle("to", "To year"), words: make("output", { class: "years" }) });
  time.handles = make("div", { class: "handles" }, time.from, time.to);
  const part = 50 / barCount(), last = (100 / BAR_STEP / barCount()) * (barCount() * BAR_STEP - (YEARS[1] - YEARS[0]) - 0.5);
  time.handles.style.margin = `0 calc(${last}% - var(--thumb) / 2) 0 calc(${part / BAR_STEP}% - var(--thumb) / 2)`;
  return [legendPart("When", true, make("div", { class: "time" }, time.bars, time.handles, time.words))];
}

// A handle pushes the other along.
function takeYears(event) {
  let [from, to] = [Number(time.from.value), Number(time.to.value)];
  if (from > to) event.target === time.from ? (to = from) : (from = to);
  go({ years: from === YEARS[0] && to === YEARS[1] ? null : [from, to] }, { replace: true });
}

function refreshTime() {
  if (!time.bars) return;
  const counts = new Map(), [from, to] = state.years ?? YEARS, all = COUNTS.years();
  for (const [year, count] of all) if (year) {
    const bar = Math.floor((year - YEARS[0]) / BAR_STEP);
    counts.set(bar, (counts.get(bar) ?? 0) + count);
  }
  const wide = TIME_WIDE / barCount(), most = Math.max(1, ...counts.values());
  time.bars.replaceChildren(...[...counts].sort(([a], [b]) => a - b).map(([bar, count]) => {
    const high = Math.max(2, (count / most) * (TIME_HIGH - 2)), year = YEARS[0] + bar * BAR_STEP;
    const inside = year + BAR_STEP - 1 >= from && year <= to;
    return draw("rect", { class: inside ? "in" : "out", "data-year": year, "data-count": count,
      x: (bar * wide + 0.5).toFixed(2), y: (TIME_HIGH - high).toFixed(2), width: Math.max(1, wide - 1).toFixed(2), height: high.toFixed(2) });
  }));
  [time.from.value, time.to.value] = [from, to];
  time.from.classList.toggle("above", from + to > YEARS[0] + YEARS[1]);
  const undated = all.get(null) ?? 0;
  time.words.textContent = `${from === to ? from : `${from}–${to}`}${undated ? ` · ${amount(undated)} without a year${state.years ? " left out" : ""}` : ""}`;
}

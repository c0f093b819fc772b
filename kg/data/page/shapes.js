// The marks: a shape and a colour for each type, rings for the country, a line for each status. They draw on whatever has a canvas's face.
const INK = {}, ROOT = document.documentElement;
function readInk() {
  const style = getComputedStyle(ROOT);
  for (const name of ["paper", "ink", "quiet", "edge", "accent", "denied", "cn", "de", "land", "coast", "sans", "serif"]) {
    INK[name] = style.getPropertyValue(`--${name}`).trim();
  }
}
readInk();
const isDark = () => DARK.matches && !("printed" in ROOT.dataset);
const typeColour = (type) => PALETTE.types[type][isDark() ? "dark" : "light"];
const ringColour = (country) => ({ CN: INK.cn, DE: INK.de })[country];

function polygon(ctx, x, y, r, corners, turn, inner = 1) {
  const steps = inner === 1 ? corners : corners * 2;
  for (let i = 0; i < steps; i += 1) {
    const angle = turn + (i * 2 * Math.PI) / steps, reach = i % 2 && inner !== 1 ? r * inner : r;
    ctx.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  ctx.closePath();
}
const UP = -Math.PI / 2;
const SHAPES = {
  circle: (ctx, x, y, r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
  hexagon: (ctx, x, y, r) => polygon(ctx, x, y, r * 1.08, 6, 0),
  square: (ctx, x, y, r) => ctx.rect(x - r * 0.86, y - r * 0.86, r * 1.72, r * 1.72),
  star: (ctx, x, y, r) => polygon(ctx, x, y, r * 1.25, 5, UP, 0.5),
  diamond: (ctx, x, y, r) => polygon(ctx, x, y, r * 1.18, 4, UP),
  triangle: (ctx, x, y, r) => polygon(ctx, x, y + r * 0.15, r * 1.2, 3, UP),
  pentagon: (ctx, x, y, r) => polygon(ctx, x, y, r * 1.1, 5, UP),
  pin: (ctx, x, y, r) => {
    ctx.arc(x, y - r * 0.25, r * 0.8, Math.PI * 0.85, Math.PI * 0.15);
    ctx.lineTo(x, y + r * 1.15);
    ctx.closePath();
  },
  dots: (ctx, x, y, r) => {
    for (const [dx, dy] of [[0, -0.52], [-0.56, 0.42], [0.56, 0.42]]) {
      ctx.moveTo(x + dx * r + r * 0.48, y + dy * r);
      ctx.arc(x + dx * r, y + dy * r, r * 0.48, 0, 2 * Math.PI);
    }
  },
  cross: (ctx, x, y, r) => {
    ctx.rect(x - r * 0.36, y - r, r * 0.72, r * 2);
    ctx.rect(x - r, y - r * 0.36, r * 2, r * 0.72);
  },
};

// Seen from afar nodes shrink less than the picture, the small ones least, so that shape, colour and rings can still be told.
const CLEAR_SCALE = 0.64, MOST_SWELL = 1.6;
function swellOf(node) {
  const grown = Math.max(1, Math.min(MOST_SWELL, CLEAR_SCALE / NETWORK.getScale()));
  return state.as === "map" ? Math.min(1.3, grown) : grown ** (1 - 0.4 * node.importance);
}
// On the map smaller, since many stand at one place.
const sizeOf = (node) => swellOf(node) * (state.as === "map" ? 6.5 + 4.5 * node.importance : node.size);

// How far a node reaches, rings included, in pixels at scale 1.
const RING_START = 3, RING_STEP = 2.6;
function reachOf(node) {
  const rings = PALETTE.countries[countryOf(node)].rings.length;
  return sizeOf(node) * 1.18 + swellOf(node) * (rings ? RING_START + RING_STEP * rings - 1 : 1);
}

function disc(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
}

function drawRings(ctx, x, y, r, country, swell) {
  let reach = r * 1.18 + swell * RING_START;
  for (const width of PALETTE.countries[country].rings) {
    disc(ctx, x, y, reach);
    ctx.strokeStyle = ringColour(country);
    ctx.lineWidth = swell * width;
    ctx.stroke();
    reach += swell * RING_STEP;
  }
}

function drawNode(ctx, x, y, r, type, country, swell = 1) {
  ctx.save();
  ctx.beginPath();
  SHAPES[PALETTE.types[type].shape](ctx, x, y, r);
  ctx.fillStyle = typeColour(type);
  ctx.fill();
  drawRings(ctx, x, y, r, country, swell);
  ctx.restore();
}

// Small pictures of the marks, for the legend.
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

const typeGlyph = (ctx, type) => drawNode(ctx, 15, 10, 6, type, "");
function statusGlyph(ctx, status) {
  const look = PALETTE.statuses[status];
  ctx.strokeStyle = look.bar ? INK.denied : INK.ink;
  ctx.lineWidth = 1.6;
  ctx.setLineDash(look.dashes || []);
  ctx.beginPath();
  ctx.moveTo(1, 10);
  ctx.lineTo(29, 10);
  if (look.bar) {
    ctx.moveTo(15, 5);
    ctx.lineTo(15, 15);
  }
  ctx.stroke();
  ctx.setLineDash([]);
}

function countryGlyph(ctx, country) {
  disc(ctx, 15, 10, 2.6);
  ctx.fillStyle = INK.edge;
  ctx.fill();
  drawRings(ctx, 15, 10, 2.2, country, 1);
}

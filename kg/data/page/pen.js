// A pen with the face of a canvas that writes SVG, so that one scene is drawn for both.
const round = (number) => Math.round(number * 100) / 100;
const asXml = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
  .replace(/[&<>"]/g, (letter) => `&#${letter.codePointAt(0)};`);

class SvgPen {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  globalAlpha = 1;
  font = "";
  parts = [];
  path = [];
  dashes = [];
  transforms = [];
  constructor(ruler) { this.ruler = ruler; }
  beginPath() { this.path = []; }
  add(...words) { this.path.push(words.map((word) => (typeof word === "number" ? round(word) : word)).join(" ")); }
  moveTo(x, y) { this.add("M", x, y); }
  lineTo(x, y) { this.add(this.path.length ? "L" : "M", x, y); }
  quadraticCurveTo(cx, cy, x, y) { this.add("Q", cx, cy, x, y); }
  rect(x, y, w, h) { this.add("M", x, y, "h", w, "v", h, "h", -w, "Z"); }
  closePath() { this.add("Z"); }
  arc(x, y, r, start, end) {
    const at = (angle) => [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    let sweep = end - start;
    while (sweep < 0) sweep += 2 * Math.PI;
    this.lineTo(...at(start));
    const [middle, last] = [start + sweep / 2, start + sweep];
    for (const angle of [middle, last]) this.add("A", r, r, 0, 0, 1, ...at(angle));
  }
  setLineDash(dashes) { this.dashes = dashes; }
  save() { this.transforms.push(null); }
  restore() { while (this.transforms.length && this.transforms.pop() !== null); }
  translate(x, y) { this.transforms.push(`translate(${round(x)} ${round(y)})`); }
  rotate(angle) { this.transforms.push(`rotate(${round((angle * 180) / Math.PI)})`); }
  scale(x) { this.transforms.push(`scale(${x.toFixed(5)})`); }
  measureText(text) {
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }
  write(tag, attributes, text = "") {
    const moved = this.transforms.filter(Boolean).join(" "), all = { ...attributes, transform: moved, opacity: this.globalAlpha === 1 ? "" : this.globalAlpha };
    const words = Object.entries(all).filter(([, value]) => value !== "").map(([key, value]) => ` ${key}="${asXml(value)}"`).join("");
    this.parts.push(`<${tag}${words}>${asXml(text)}</${tag}>`);
  }
  line() { return { stroke: this.strokeStyle, "stroke-width": round(this.lineWidth), "stroke-dasharray": this.dashes.join(" "), "stroke-linejoin": "round" }; }
  fill() { this.write("path", { d: this.path.join(""), fill: this.fillStyle }); }
  stroke() { this.write("path", { d: this.path.join(""), fill: "none", ...this.line() }); }
  fillRect(x, y, width, height) { this.write("rect", { x: round(x), y: round(y), width: round(width), height: round(height), fill: this.fillStyle }); }
  text(x, y, more, text) {
    const [, style, weight, size, family] = /^(italic )?(\d+ )?([\d.]+)px (.*)$/s.exec(this.font);
    this.write("text", { x: round(x), y: round(y), "font-size": size, "font-family": family, "font-style": style?.trim() ?? "", "font-weight": weight?.trim() ?? "",
      "dominant-baseline": "central", "xml:space": "preserve", ...more }, text);
  }
  fillText(text, x, y) { this.text(x, y, { fill: this.fillStyle }, text); }
  strokeText(text, x, y) { this.text(x, y, { fill: "none", ...this.line() }, text); }
  toString(width, height) {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">\n${this.parts.join("\n")}\n</svg>\n`;
  }
}

// One map enlarged, one of its units in words, and the parts that its sum is made of.

import { clampIndex, make, MOVES, range, short } from "../../widgets/board.js";
import { grid, parts, value } from "./arithmetic.js";
import { coloursOf, frame, paint } from "./painting.js";
import { explain, nameOf, plus } from "./words.js";

const SIDE = 200; // pixels along the larger side of the enlarged map
const MOST_PARTS = 12; // written out; the others are added up
const PAINT = " Draw on the image, or press Enter, to turn paper to ink and ink to paper.";
const LEGEND =
  "Above: what it sees of each map below. Under it: the weights, and the sum of the products.";

export class Panel {
  // `actions` are look(row, column) and draw(pixels, isInk), for pixels of the image.
  constructor(net, actions) {
    Object.assign(this, { net, ...actions, ink: null });
    this.canvas = make("canvas");
    this.cursor = make("i", { className: "cursor" });
    const properties = { className: "large", role: "application", tabIndex: 0 };
    this.large = make("div", properties, this.canvas, this.cursor);
    this.sentence = make("p", { className: "sentence", "aria-live": "polite" });
    this.table = make("div", { className: "parts" });
    this.rest = make("p", { className: "rest" });
    const details = make("div", { className: "details" }, this.sentence, this.table, this.rest);
    this.element = make("div", { className: "below" }, this.large, details);
    this.listen();
  }

  // ---------------------------------------------------------------- mouse and keys

  listen() {
    this.large.addEventListener("keydown", (event) => this.press(event));
    this.large.addEventListener("pointerdown", (event) => this.begin(event));
    this.large.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"])
      this.large.addEventListener(name, () => (this.ink = null));
  }

  press(event) {
    const [, , row, column] = this.unit;
    if (event.key in MOVES) {
      const [down, right] = MOVES[event.key];
      this.look(row + down, column + right);
    } else if ((event.key === "Enter" || event.key === " ") && this.isImage) {
      this.draw([[row, column]], !this.isInk(row, column));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The first pixel decides what is drawn: ink where there was paper, or paper.
  begin(event) {
    const at = this.under(event);
    this.look(...at);
    if (!this.isImage) return;
    this.large.setPointerCapture(event.pointerId);
    this.ink = !this.isInk(...at);
    this.last = at;
    this.draw([at], this.ink);
  }

  drag(event) {
    const at = this.under(event);
    this.look(...at);
    if (this.ink === null || at.join() === this.last.join()) return;
    this.draw(between(this.last, at), this.ink);
    this.last = at;
  }

  get isImage() {
    return this.unit[0] === 0;
  }

  isInk(row, column) {
    const { low, high } = this.net.stages[0];
    return value(this.net, [0, 0, row, column]) > (low + high) / 2;
  }

  under(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const [height, width] = grid(this.net.stages[this.unit[0]]);
    const row = Math.floor(((event.clientY - bounds.top) / bounds.height) * height);
    const column = Math.floor(((event.clientX - bounds.left) / bounds.width) * width);
    return [clampIndex(row, height), clampIndex(column, width)];
  }

  // ---------------------------------------------------------------- what is shown

  show(unit, painters) {
    this.unit = unit;
    const [number, map, row, column] = unit;
    const [height, width] = grid(this.net.stages[number]);
    const colourAt = (r, c) => painters[number](value(this.net, [number, map, r, c]));
    paint(this.canvas, height, width, colourAt);
    const side = Math.min(SIDE / Math.max(height, width), 28);
    this.large.style.width = `${side * width}px`;
    this.large.style.height = `${side * height}px`;
    this.large.dataset.kind = this.net.stages[number].kind;
    frame(this.cursor, [row, row, column, column], [height, width]);
    const painting = this.isImage ? " Enter paints the pixel." : "";
    const keys = `enlarged. Arrow keys choose a number.${painting}`;
    this.large.ariaLabel = `${nameOf(this.net, unit)}, ${keys}`;
    this.sentence.textContent = explain(this.net, unit) + (this.isImage ? PAINT : "");
    this.showParts(painters);
  }

  showParts(painters) {
    this.table.replaceChildren();
    this.rest.textContent = "";
    if (this.isImage) return;
    const isPool = this.net.stages[this.unit[0]].kind === "pool";
    const all = parts(this.net, this.unit);
    if (!isPool) all.sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
    const shown = all.slice(0, MOST_PARTS);
    const weightColour = coloursOf([...shown.flatMap((part) => part.weights), -1e-6]);
    const pixelColour = painters[this.unit[0] - 1];
    for (const part of shown)
      this.table.append(this.part(part, pixelColour, isPool ? null : weightColour));
    if (isPool) return;
    const hidden = all.slice(MOST_PARTS);
    const total = short(hidden.reduce((sum, part) => sum + part.sum, 0));
    const others = hidden.length ? ` The other ${hidden.length} maps add ${total}.` : "";
    this.rest.textContent = LEGEND + others;
  }

  part(part, pixelColour, weightColour) {
    const isOfImage = this.net.stages[this.unit[0] - 1].kind === "image";
    const name = isOfImage ? "image" : String(part.source);
    const column = make("div", { className: "part" });
    column.append(make("div", { className: "source", textContent: name }));
    column.append(picture(part, part.pixels, (pixel) => pixelColour(pixel ?? 0)));
    if (!weightColour) return column;
    column.append(picture(part, part.weights, weightColour));
    column.append(make("div", { className: "sum", textContent: plus(part.sum) }));
    return column;
  }
}

function picture({ rows, columns }, values, colour) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  paint(canvas, rows, columns, (row, column) => colour(values[row * columns + column]));
  const side = Math.min(44 / Math.max(rows, columns), 14);
  canvas.style.cssText = `width: ${side * columns}px; height: ${side * rows}px`;
  return canvas;
}

// The pixels on the way to a place; a fast mouse skips some.
function between([row, column], [toRow, toColumn]) {
  const steps = Math.max(Math.abs(toRow - row), Math.abs(toColumn - column));
  const at = (from, to, step) => Math.round(from + ((to - from) * step) / steps);
  return range(steps).map((i) => [at(row, toRow, i + 1), at(column, toColumn, i + 1)]);
}

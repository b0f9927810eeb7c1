// A run of an LSTM as a drawing: what it reads, its cells, a row of bars for each gate and state of
// one unit, and what it answers; a column for each step.

import { clamp, css, range, signedColour, svg } from "../../widgets/board.js";

const NAMES = {
  i: "input gate i",
  f: "forget gate f",
  g: "candidate g",
  o: "output gate o",
  c: "cell c",
  h: "hidden h",
};
export const COLOURS = {
  i: "#009e73",
  f: "#e69f00",
  g: "#b0578d",
  o: "#0072b2",
  c: "#222",
  h: "#777",
};
const LEFT = 112; // room for the names of the rows
const TOP = 34; // of the cells
const UNIT = 14; // height of a row of cells
const [ROW, FLAT] = [46, 32]; // height of a row of bars, and of one where room is scarce
const SCARCE = 520; // pixels
const BETWEEN = 8; // two rows of bars
const [NARROWEST, WIDEST] = [15, 40]; // a step, in pixels

const isGate = (name) => "ifo".includes(name); // from 0 to 1; the others have two signs
const text = (x, y, words, kind) => svg("text", { x, y, class: kind }, words);

export class RunDrawing {
  constructor(stage) {
    this.stage = stage;
    this.built = ""; // the shape that the drawing was built for
  }

  // Lay everything out for the shape of a run, in `room` pixels if that is enough.
  build({ inputs, cell }, room) {
    const [steps, units] = [inputs.length, cell[0].length];
    const shape = JSON.stringify([steps, units, room]);
    if (shape === this.built) return;
    Object.assign(this, { built: shape, steps, units, bars: {}, holds: {} });
    this.row = room < SCARCE ? FLAT : ROW;
    this.width = clamp((room - LEFT - 10) / steps, NARROWEST, WIDEST);
    this.height = this.low(5) + 34;
    const right = LEFT + steps * this.width + 10;
    this.stage.setAttribute("viewBox", `0 0 ${right} ${this.height}`);
    this.stage.style.width = `${right}px`;
    const rows = Object.keys(NAMES).flatMap((name, row) => this.barRow(name, row));
    const cells = this.cellRows();
    this.stage.replaceChildren(...this.marks(), ...cells, ...rows, ...this.words());
  }

  x(step) {
    return LEFT + step * this.width;
  }

  low(row) {
    return TOP + this.units * UNIT + 20 + this.row + row * (this.row + BETWEEN);
  }

  zero(name, row) {
    return isGate(name) ? this.low(row) : this.low(row) - this.row / 2;
  }

  marks() {
    const [height, across] = [this.height - 18, this.steps * this.width + 6];
    this.band = svg("rect", { y: 14, width: this.width, height, class: "band" });
    this.chosen = svg("rect", { x: LEFT - 3, width: across, height: UNIT, class: "chosen" });
    return [this.band, this.chosen];
  }

  cellRows() {
    const [width, height] = [this.width - 1, UNIT - 1];
    const at = (u, t) => svg("rect", { x: this.x(t), y: TOP + u * UNIT, width, height });
    this.cells = range(this.units).map((u) => range(this.steps).map((t) => at(u, t)));
    const names = range(this.units).map((u) =>
      text(LEFT - 8, TOP + u * UNIT + 11, u ? String(u) : "cells, unit 0", "row small"),
    );
    return [...this.cells.flat(), ...names];
  }

  barRow(name, row) {
    const [low, zero] = [this.low(row), this.zero(name, row)];
    const across = this.steps * this.width;
    const column = (t, side, attributes) =>
      svg("rect", { x: this.x(t) + side, width: this.width - 2 * side, ...attributes });
    const bar = (t) => column(t, 2, { fill: COLOURS[name] });
    const hold = (t) => column(t, 1, { y: low - this.row, height: this.row, class: "held" });
    this.bars[name] = range(this.steps).map(bar);
    this.holds[name] = isGate(name) ? range(this.steps).map(hold) : [];
    return [
      text(LEFT - 8, low - this.row / 2 + 4, NAMES[name], "row"),
      svg("rect", { x: LEFT, y: low - this.row, width: across, height: this.row, class: "frame" }),
      svg("line", { x1: LEFT, x2: LEFT + across, y1: zero, y2: zero }),
      ...this.bars[name],
      ...this.holds[name],
    ];
  }

  words() {
    const centre = (t) => this.x(t + 0.5);
    const bottom = this.height - 12;
    this.inputs = range(this.steps).map((t) => text(centre(t), 27, "", "symbol"));
    this.answers = range(this.steps).map((t) => text(centre(t), bottom, "", "symbol answer"));
    const names = [text(LEFT - 8, 27, "reads", "row"), text(LEFT - 8, bottom, "answers", "row")];
    return [...this.inputs, ...this.answers, ...names];
  }

  // Draw the numbers of a run, with step `t` and unit `u` marked.
  show(content, t, u) {
    for (const [row, name] of Object.keys(NAMES).entries()) this.showRow(content, name, row, u);
    const most = Math.max(1, ...content.cell.flat().map(Math.abs));
    this.cells.forEach((row, unit) =>
      row.forEach((cell, step) =>
        cell.setAttribute("fill", css(signedColour(content.cell[step + 1][unit] / most))),
      ),
    );
    this.inputs.forEach((label, step) => (label.textContent = content.inputs[step]));
    this.answers.forEach((label, step) => {
      label.textContent = content.answers[step];
      label.classList.toggle("word", content.answers[step].length > 1);
    });
    this.band.setAttribute("x", this.x(t));
    this.chosen.setAttribute("y", TOP + u * UNIT - 0.5);
  }

  showRow(content, name, row, u) {
    const values = valuesOf(content, name).map((units) => units[u]);
    const largest = name === "c" ? Math.max(1, ...values.map(Math.abs)) : 1;
    const scale = (isGate(name) ? this.row : this.row / 2) / largest;
    values.forEach((value, step) => {
      const [length, zero] = [Math.abs(value) * scale, this.zero(name, row)];
      this.bars[name][step].setAttribute("y", value < 0 ? zero : zero - length);
      this.bars[name][step].setAttribute("height", Math.max(0.8, length));
    });
    this.holds[name].forEach((hold, step) =>
      hold.setAttribute("visibility", content.held[name][step][u] ? "visible" : "hidden"),
    );
  }

  // The step and the unit under the mouse; null beside the steps, and beside the cells.
  under({ clientX, clientY }) {
    const box = this.stage.getBoundingClientRect();
    const scale = this.stage.viewBox.baseVal.width / box.width;
    const t = Math.floor(((clientX - box.left) * scale - LEFT) / this.width);
    const u = Math.floor(((clientY - box.top) * scale - TOP) / UNIT);
    const within = (at, count) => (at >= 0 && at < count ? at : null);
    return [within(t, this.steps), within(u, this.units)];
  }
}

// The values of a row at each step, for all units.
function valuesOf(content, name) {
  if (name === "c") return content.cell.slice(1);
  if (name === "h") return content.hidden.slice(1);
  return content.gates[name];
}

// The image and the maps of the explorer, side by side: colours, numbers, and the outlines of
// what is looked at.

import {
  BLACK,
  clamp,
  clampIndex,
  css,
  make,
  mix,
  MOVES,
  range,
  short,
  signedColour,
  VERMILION,
  WHITE,
} from "../../widgets/board.js";
import { axes, boxes } from "./arithmetic.js";
import { KINDS, nameOf } from "./words.js";

const HEIGHT = 300; // pixels
const GAP = 24; // pixels for each map beside its cells
const [SMALLEST, LARGEST] = [5, 42]; // pixels along a side of a cell
const READABLE = 21; // from this size on a cell shows its number
const CURSOR = css(VERMILION);
const FIELD = "#7b1fa2"; // of the receptive field
const NO_FRAME = { before: 0, padding: 0 };

const grey = (share) => mix(BLACK, WHITE, share);
const sides = (share) => signedColour(0.72 * share);

export class MapStrip {
  // `actions` are move(map, row, column), click(map, row, column) and key(map, event).
  constructor(actions) {
    this.actions = actions;
    this.element = make("div", { className: "maps" });
    this.canvases = [];
    this.arranged = ""; // what the canvases stand for
  }

  // The frame of padding around a map, down and across: that of the layer that looks at it.
  frame(number) {
    if (number >= this.maps.length - 1) return [NO_FRAME, NO_FRAME];
    return axes(this.layers[number], this.maps[number]);
  }

  // ---------------------------------------------------------------- canvases

  // Lay out the maps of these layers in `room` pixels, anew only if something has changed.
  arrange(layers, maps, room) {
    Object.assign(this, { layers, maps });
    const full = maps.map((map, number) => {
      const [down, across] = this.frame(number);
      return [map.rows + down.padding, map.columns + across.padding];
    });
    const wide = full.reduce((total, [, columns]) => total + columns, 0);
    const high = Math.max(...full.map(([rows]) => rows));
    const fitting = Math.min((room - GAP * maps.length) / wide, HEIGHT / high);
    this.cell = clamp(Math.floor(fitting), SMALLEST, LARGEST);
    const now = JSON.stringify([layers.map((layer) => layer.name), full, this.cell]);
    if (now === this.arranged) return;
    this.arranged = now;
    const focused = this.canvases.findIndex(({ canvas }) => canvas === document.activeElement);
    this.canvases = maps.map((_, number) => this.canvas(number, full[number]));
    this.element.replaceChildren(...this.canvases.map(({ figure }) => figure));
    if (focused > 0) this.focus(Math.min(focused, maps.length - 1));
  }

  focus(number) {
    this.canvases[number].canvas.focus({ preventScroll: true });
  }

  canvas(number, [rows, columns]) {
    const [width, height] = [columns * this.cell + 4, rows * this.cell + 4];
    const ratio = window.devicePixelRatio || 1;
    const canvas = make("canvas", { width: width * ratio, height: height * ratio });
    canvas.style.cssText = `width: ${width}px; height: ${height}px`;
    canvas.dataset.map = number;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.translate(2, 2);
    this.describe(canvas, number);
    if (number) this.listen(canvas, number);
    return { canvas, context, figure: make("figure", {}, this.caption(number), canvas) };
  }

  caption(number) {
    const { rows, columns } = this.maps[number];
    const kind = number ? `by ${KINDS[this.layers[number - 1].name]}` : "\u00a0";
    const size = make("div", { textContent: `${nameOf(number)}, ${rows} × ${columns}` });
    return make("figcaption", {}, size, make("div", { textContent: kind }));
  }

  describe(canvas, number) {
    const { rows, columns } = this.maps[number];
    const kind = number && KINDS[this.layers[number - 1].name];
    canvas.setAttribute("role", number ? "application" : "img");
    canvas.ariaLabel = number
      ? `Map ${number}, ${kind}, ${rows} x ${columns}. Arrow keys move the cursor, Enter shows ` +
        "the receptive field, Escape hides it."
      : `The image, ${rows} x ${columns} pixels.`;
    if (number) canvas.tabIndex = 0;
  }

  listen(canvas, number) {
    const { move, click, focus, press } = this.actions;
    canvas.addEventListener("pointermove", (event) => move(number, ...this.cellAt(event, number)));
    canvas.addEventListener("click", (event) => click(number, ...this.cellAt(event, number)));
    canvas.addEventListener("focus", () => focus(number));
    canvas.addEventListener("keydown", (event) => {
      if (!(event.key in MOVES || ["Enter", " ", "Escape"].includes(event.key))) return;
      press(number, event.key);
      event.preventDefault();
      event.stopPropagation();
    });
  }

  cellAt(event, number) {
    const box = event.target.getBoundingClientRect();
    const [down, across] = this.frame(number);
    const row = Math.floor((event.clientY - box.top - 2) / this.cell) - down.before;
    const column = Math.floor((event.clientX - box.left - 2) / this.cell) - across.before;
    const { rows, columns } = this.maps[number];
    return [clampIndex(row, rows), clampIndex(column, columns)];
  }

  // ---------------------------------------------------------------- drawing

  // `at` is the output that is worked out, `pinned` the one whose receptive field is shown;
  // `chosen` the layer whose settings are shown.
  draw(at, pinned, chosen) {
    const { maps, layers } = this;
    const looked = maps.length > 1 && boxes(maps, layers, at.map, at.row, at.column)[at.map - 1];
    const seen = pinned ? boxes(maps, layers, pinned.map, pinned.row, pinned.column) : [];
    this.canvases.forEach(({ figure }, number) => {
      figure.classList.toggle("chosen", number === chosen);
      this.drawMap(number);
      if (seen[number]) this.outline(number, seen[number], FIELD, [6, 3]);
      if (looked && number === at.map - 1) {
        this.outline(number, looked, CURSOR);
        this.dots(number, looked);
      }
      const { row, column } = at;
      if (number === at.map) this.outline(number, [row, row, column, column], CURSOR);
    });
  }

  drawMap(number) {
    const [map, { canvas, context }] = [this.maps[number], this.canvases[number]];
    const [down, across] = this.frame(number);
    const [rows, columns] = [map.rows + down.padding, map.columns + across.padding];
    context.clearRect(-2, -2, canvas.width, canvas.height);
    context.fillStyle = "#d9d9d9"; // the frame of padding
    context.fillRect(0, 0, columns * this.cell, rows * this.cell);
    const limit = map.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const colour = number || map.values.some((value) => value < 0) ? sides : grey;
    map.values.forEach((value, i) => {
      const row = Math.floor(i / map.columns) + down.before;
      const column = (i % map.columns) + across.before;
      context.fillStyle = css(colour(value / limit));
      context.fillRect(column * this.cell, row * this.cell, this.cell, this.cell);
      context.fillStyle = colour === grey && value < limit / 2 ? "white" : "black";
      if (this.cell >= READABLE) this.write(context, value, row, column);
    });
    this.grid(context, rows, columns);
  }

  write(context, value, row, column) {
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `${Math.round(this.cell * 0.4)}px system-ui, sans-serif`;
    const words = short(value, 2);
    context.fillText(words, (column + 0.5) * this.cell, (row + 0.5) * this.cell, this.cell - 2);
  }

  grid(context, rows, columns) {
    const { cell } = this;
    context.strokeStyle = "#8a8a8a";
    context.lineWidth = cell < READABLE ? 0.25 : 0.6;
    context.beginPath();
    for (const row of range(rows + 1)) context.rect(0, row * cell, columns * cell, 0);
    for (const column of range(columns + 1)) context.rect(column * cell, 0, 0, rows * cell);
    context.stroke();
  }

  // Draw around a box of cells; rows and columns count from the map, not from its padding.
  outline(number, [top, bottom, first, last], colour, dash = []) {
    const { cell } = this;
    const { context } = this.canvases[number];
    const [down, across] = this.frame(number);
    const corner = [(first + across.before) * cell, (top + down.before) * cell];
    const size = [(last - first + 1) * cell, (bottom - top + 1) * cell];
    const strokes = [
      ["white", 5, []],
      [colour, 3, dash],
    ];
    for (const [style, width, pattern] of strokes) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.setLineDash(pattern);
      context.strokeRect(...corner, ...size);
    }
    context.setLineDash([]);
  }

  // A dilated window does not look at all that it covers: dots mark what it looks at.
  dots(number, [top, , first]) {
    const { cell } = this;
    const [down, across] = axes(this.layers[number], this.maps[number]);
    if (down.dilation === 1) return;
    const { context } = this.canvases[number];
    context.fillStyle = CURSOR;
    for (const i of range(down.size))
      for (const j of range(across.size)) {
        const x = (first + across.before + j * across.dilation) * cell;
        const y = (top + down.before + i * down.dilation) * cell;
        context.fillRect(x + 2, y + 2, cell / 4, cell / 4);
      }
  }
}

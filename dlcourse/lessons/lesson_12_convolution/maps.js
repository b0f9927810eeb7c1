// The image and the maps of the explorer, side by side, their channels one below the other: colours,
// numbers, and the outlines of what is looked at.

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
import { axes, boxes, isConvolution } from "./arithmetic.js";
import { KINDS, nameOf, planeOf } from "./words.js";

const HEIGHT = 300; // pixels
const TALL = 380; // pixels, where several channels stand one below the other
const GAP = 24; // pixels for each map beside its cells
const [SMALLEST, LARGEST] = [5, 42]; // pixels along a side of a cell
const READABLE = 21; // from this size on a cell shows its number
const CURSOR = css(VERMILION);
const FIELD = "#7b1fa2"; // of the receptive field
const NO_FRAME = { before: 0, padding: 0 };

const of = (planes) => (planes.length > 1 ? ` × ${planes.length}` : "");
const grey = (share) => mix(BLACK, WHITE, share);
const sides = (share) => signedColour(0.72 * share);

export class MapStrip {
  // `actions` are move(map, plane, row, column), click(map, plane, row, column), focus(map, plane)
  // and press(map, key).
  constructor(actions) {
    this.actions = actions;
    this.element = make("div", { className: "maps" });
    this.canvases = []; // a canvas for each plane of each map
    this.figures = []; // a figure for each map
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
    const high = Math.max(...full.map(([rows], number) => rows * maps[number].planes.length));
    const most = Math.max(...maps.map(({ planes }) => planes.length));
    const height = most > 1 ? TALL : HEIGHT;
    const fitting = Math.min((room - GAP * maps.length) / wide, height / high);
    this.cell = clamp(Math.floor(fitting), SMALLEST, LARGEST);
    const planes = maps.map((map) => map.planes.length);
    const now = JSON.stringify([layers.map((layer) => layer.name), full, planes, this.cell]);
    if (now === this.arranged) return;
    this.arranged = now;
    const focused = this.canvases.findIndex(({ canvas }) => canvas === document.activeElement);
    const focus = this.canvases[focused]?.number;
    this.figures = maps.map(() => make("figure"));
    this.canvases = maps.flatMap((map, number) =>
      map.planes.map((_, plane) => this.canvas(number, plane, full[number])),
    );
    this.figures.forEach((figure, number) => {
      const mine = this.canvases.filter((made) => made.number === number);
      figure.append(this.caption(number), ...mine.map(({ canvas }) => canvas));
    });
    this.element.replaceChildren(...this.figures);
    if (focus > 0) this.focus(Math.min(focus, maps.length - 1));
  }

  focus(number) {
    const { canvas } = this.canvases.find((made) => made.number === number);
    canvas.focus({ preventScroll: true });
  }

  canvas(number, plane, [rows, columns]) {
    const [width, height] = [columns * this.cell + 4, rows * this.cell + 4];
    const ratio = window.devicePixelRatio || 1;
    const canvas = make("canvas", { width: width * ratio, height: height * ratio });
    canvas.style.cssText = `width: ${width}px; height: ${height}px`;
    canvas.dataset.map = number;
    canvas.dataset.plane = plane;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.translate(2, 2);
    this.describe(canvas, number, plane);
    if (number) this.listen(canvas, number, plane);
    return { canvas, context, number, plane };
  }

  caption(number) {
    const { rows, columns, planes } = this.maps[number];
    const kind = number ? `by ${KINDS[this.layers[number - 1].name]}` : "\u00a0";
    const size = make("div", {
      textContent: `${nameOf(number)}, ${rows} × ${columns}${of(planes)}`,
    });
    return make("figcaption", {}, size, make("div", { textContent: kind }));
  }

  describe(canvas, number, plane) {
    const { rows, columns } = this.maps[number];
    const which = planeOf(this.maps[number], number, plane);
    const kind = number && KINDS[this.layers[number - 1].name];
    canvas.setAttribute("role", number ? "application" : "img");
    canvas.ariaLabel = number
      ? `Map ${number}${which}, ${kind}, ${rows} x ${columns}. Arrow keys move the cursor, Enter shows ` +
        "the receptive field, Escape hides it."
      : `The image${which}, ${rows} x ${columns} pixels.`;
    if (number) canvas.tabIndex = 0;
  }

  listen(canvas, number, plane) {
    const { move, click, focus, press } = this.actions;
    canvas.addEventListener("pointermove", (event) =>
      move(number, plane, ...this.cellAt(event, number)),
    );
    canvas.addEventListener("click", (event) =>
      click(number, plane, ...this.cellAt(event, number)),
    );
    canvas.addEventListener("focus", () => focus(number, plane));
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
    this.figures.forEach((figure, number) => {
      figure.classList.toggle("chosen", number === chosen);
    });
    for (const one of this.canvases) {
      const { number, plane } = one;
      this.drawMap(one);
      const isMine = number === maps.length - 1 ? plane === pinned?.plane : true;
      if (seen[number] && isMine) this.outline(one, seen[number], FIELD, [6, 3]);
      if (looked && number === at.map - 1 && this.isLookedAt(at, plane)) {
        this.outline(one, looked, CURSOR);
        this.dots(one, looked);
      }
      const { row, column } = at;
      if (number === at.map && plane === at.plane)
        this.outline(one, [row, row, column, column], CURSOR);
    }
  }

  // A convolution looks at all channels, pooling at its own.
  isLookedAt(at, plane) {
    return isConvolution(this.layers[at.map - 1]) || plane === at.plane;
  }

  drawMap({ number, plane, canvas, context }) {
    const map = this.maps[number];
    const values = map.planes[plane];
    const [down, across] = this.frame(number);
    const [rows, columns] = [map.rows + down.padding, map.columns + across.padding];
    context.clearRect(-2, -2, canvas.width, canvas.height);
    context.fillStyle = "#d9d9d9"; // the frame of padding
    context.fillRect(0, 0, columns * this.cell, rows * this.cell);
    const size = (most, value) => Math.max(most, Math.abs(value));
    const limit = Math.max(...map.planes.map((all) => all.reduce(size, 0))) || 1;
    const isSigned = number || map.planes.some((all) => all.some((value) => value < 0));
    const colour = isSigned ? sides : grey;
    values.forEach((value, i) => {
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
  outline({ number, context }, [top, bottom, first, last], colour, dash = []) {
    const { cell } = this;
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
  dots({ number, context }, [top, , first]) {
    const { cell } = this;
    const [down, across] = axes(this.layers[number], this.maps[number]);
    if (down.dilation === 1) return;
    context.fillStyle = CURSOR;
    for (const i of range(down.size))
      for (const j of range(across.size)) {
        const x = (first + across.before + j * across.dilation) * cell;
        const y = (top + down.before + i * down.dilation) * cell;
        context.fillRect(x + 2, y + 2, cell / 4, cell / 4);
      }
  }
}

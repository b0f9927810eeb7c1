// The network of the playground: a picture of what each unit puts out, wires between them, and
// the weights of one unit to edit.

import { button, labelled, make, NumberField, range, svg, switchOn } from "../../widgets/board.js";
import { colourOf, paint, paintInput, SMOOTH } from "./pixels.js";

const HEAD = 34; // room for the counts of units
const LARGE = { unit: 42, step: 52, most: 600 }; // a unit, from one to the next, all of it
const SMALL = { unit: 30, step: 34, most: 480 };

export class Network {
  // `actions` are look(unit or null), setLayers(layers), setWeight(number, value), say(words).
  constructor({ side, most_layers, most_units }, actions) {
    Object.assign(this, { side, most_layers, most_units, actions });
    this.selected = [0, 0]; // layer and unit whose weights can be edited
    this.built = ""; // what the elements below stand for
    this.units = []; // per layer, per unit: its button, canvas, picture, and lines
    this.fields = []; // of the editor: the number of a weight and its field
    this.size = LARGE;
    this.width = LARGE.most;
    this.wires = make("canvas", { className: "wires" });
    this.grips = svg("svg", { "aria-hidden": "true" }); // to click on
    const name = { role: "group", "aria-label": "Network" };
    this.stage = make("div", { className: "network", ...name }, this.wires, this.grips);
    this.editor = make("fieldset", { className: "editor" });
    this.element = make("div", { className: "whole" }, this.depth(), this.stage, this.editor);
  }

  depth() {
    const { setLayers } = this.actions;
    const cut = () => setLayers(this.layers.slice(0, -1));
    const add = () => setLayers([...this.layers, this.layers.at(-1) ?? 4]);
    this.fewer = button("−", "remove the last hidden layer", cut);
    this.more = button("+", "add a hidden layer", add);
    this.layerCount = make("span");
    const attributes = { className: "depth", role: "group", "aria-label": "Hidden layers" };
    return make("div", attributes, this.fewer, this.layerCount, this.more);
  }

  // ---------------------------------------------------------------- names and places

  get layers() {
    return [...this.actions.layers()];
  }

  get sizes() {
    return [2, ...this.status.layers, 1];
  }

  name(layer, unit) {
    if (layer < 0) return `x${unit + 1}`;
    return layer === this.status.layers.length ? "output" : `layer ${layer + 1}, unit ${unit + 1}`;
  }

  // The number of a weight, in the order of get_weights(); the bias stands behind them.
  weightNumber(layer, from, unit) {
    const { sizes } = this;
    const before = (sum, size, l) => sum + (size + 1) * sizes[l + 1];
    const first = sizes.slice(0, layer).reduce(before, 0);
    return first + from * sizes[layer + 1] + unit;
  }

  biasNumber(layer, unit) {
    return this.weightNumber(layer, this.sizes[layer], unit);
  }

  place(layer, unit, count) {
    const { unit: side, step } = this.size;
    const across = (this.width - side - 8) / (this.status.layers.length + 1);
    const middle = HEAD + (this.height - HEAD) / 2;
    return [4 + across * (layer + 1), middle + (unit - (count - 1) / 2) * step - side / 2];
  }

  // ---------------------------------------------------------------- building

  fit(width) {
    this.size = width < SMALL.most ? SMALL : LARGE;
    this.width = Math.min(width, LARGE.most);
  }

  build() {
    const { layers, activation } = this.status;
    const now = JSON.stringify([layers, activation, this.width, this.size]);
    if (now === this.built) return;
    this.built = now;
    const focused = document.activeElement?.dataset.key;
    const hadFocus = this.element.contains(document.activeElement);
    this.measure();
    this.units = [];
    this.grips.replaceChildren();
    const parts = this.sizes.flatMap((count, column) => this.column(column - 1, count));
    this.stage.replaceChildren(this.wires, this.grips, ...parts);
    if (!this.units[this.selected[0]]?.[this.selected[1]]) this.selected = [0, 0];
    const count = layers.length;
    this.layerCount.textContent = ` ${count} hidden ${count === 1 ? "layer" : "layers"} `;
    switchOn(this.fewer, count > 0);
    switchOn(this.more, count < this.most_layers);
    this.buildEditor();
    if (hadFocus && focused) this.element.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  measure() {
    this.height = HEAD + this.most_units * this.size.step;
    this.sharpness = Math.min(2, window.devicePixelRatio);
    const size = `width: ${this.width}px; height: ${this.height}px`;
    for (const element of [this.stage, this.wires, this.grips]) element.style.cssText = size;
    this.stage.style.setProperty("--unit", `${this.size.unit}px`);
    this.wires.width = this.sharpness * this.width;
    this.wires.height = this.sharpness * this.height;
  }

  column(layer, count) {
    if (layer < 0) return range(count).map((unit) => this.input(unit, count));
    this.units.push(range(count).map((unit) => this.unit(layer, unit, count)));
    const spots = this.units[layer].map(({ spot }) => spot);
    return layer < this.status.layers.length ? [...spots, this.counter(layer, count)] : spots;
  }

  spot(layer, unit, count, canvas) {
    const [x, y] = this.place(layer, unit, count);
    const spot = make("button", { type: "button" }, canvas);
    spot.style.left = `${x}px`;
    spot.style.top = `${y}px`;
    spot.dataset.key = this.name(layer, unit);
    return spot;
  }

  input(unit, count) {
    const canvas = make("canvas", { width: this.side, height: this.side });
    paintInput(canvas.getContext("2d"), this.side, unit === 1);
    const spot = this.spot(-1, unit, count, canvas);
    spot.disabled = true;
    spot.className = "input";
    spot.append(make("span", { textContent: this.name(-1, unit) }));
    return spot;
  }

  unit(layer, unit, count) {
    const canvas = make("canvas", { width: this.side, height: this.side });
    const spot = this.spot(layer, unit, count, canvas);
    const look = () => this.actions.look([layer, unit]);
    const away = () => this.actions.look(null);
    spot.addEventListener("mouseenter", look);
    spot.addEventListener("focus", look);
    spot.addEventListener("mouseleave", away);
    spot.addEventListener("blur", away);
    spot.addEventListener("click", () => this.select(layer, unit));
    const ends = range(this.sizes[layer]).map((from) => this.wire(layer, from, unit, count));
    const context = canvas.getContext("2d");
    return { spot, ends, context, image: new ImageData(this.side, this.side) };
  }

  // A line that can be clicked, to edit its weight; what is seen is drawn on the canvas below.
  wire(layer, from, unit, count) {
    const side = this.size.unit;
    const [x1, y1] = this.place(layer - 1, from, this.sizes[layer]);
    const [x2, y2] = this.place(layer, unit, count);
    const ends = { x1: x1 + side, y1: y1 + side / 2, x2, y2: y2 + side / 2 };
    const grip = svg("line", ends);
    grip.addEventListener("click", () => {
      this.select(layer, unit);
      const number = this.weightNumber(layer, from, unit);
      this.fields.find((field) => field.number === number).field.element.focus();
    });
    this.grips.append(grip);
    return ends;
  }

  // How many units a hidden layer has, with buttons to change it.
  counter(layer, count) {
    const change = (by) => {
      const layers = this.layers;
      layers[layer] = Math.min(this.most_units, Math.max(1, layers[layer] + by));
      this.actions.setLayers(layers);
    };
    const where = `hidden layer ${layer + 1}`;
    const minus = button("−", `remove a unit from ${where}`, () => change(-1));
    const plus = button("+", `add a unit to ${where}`, () => change(1));
    switchOn(minus, count > 1);
    switchOn(plus, count < this.most_units);
    minus.dataset.key = `minus ${layer}`;
    plus.dataset.key = `plus ${layer}`;
    const attributes = { className: "count", role: "group", "aria-label": `Units of ${where}` };
    const group = make("div", attributes, minus, make("span", { textContent: count }), plus);
    group.style.left = `${this.place(layer, 0, 1)[0] + this.size.unit / 2}px`;
    return group;
  }

  // ---------------------------------------------------------------- editing

  select(layer, unit) {
    this.selected = [layer, unit];
    this.buildEditor();
    this.actions.look([layer, unit]);
  }

  buildEditor() {
    const [layer, unit] = this.selected;
    const isOutput = layer === this.status.layers.length;
    const kind = isOutput ? "sigmoid" : this.status.activation;
    const words = `Weights of ${this.name(layer, unit)} (${kind}); click a unit or a line for others`;
    this.fields = range(this.sizes[layer]).map((from) =>
      this.field(`from ${this.name(layer - 1, from)}`, this.weightNumber(layer, from, unit)),
    );
    this.fields.push(this.field("bias", this.biasNumber(layer, unit)));
    const controls = this.fields.map(({ field }) => labelled(field.name, field.element));
    this.editor.replaceChildren(make("legend", { textContent: words }), ...controls);
  }

  field(name, number) {
    const { say, setWeight } = this.actions;
    const take = (value) => setWeight(number, value);
    const field = new NumberField({ name, say, take, live: true });
    field.element.dataset.key = `weight ${number}`;
    return { number, field };
  }

  // ---------------------------------------------------------------- drawing

  // Draw all units and wires.
  show(surfaces, weights) {
    const pen = this.wires.getContext("2d");
    pen.setTransform(this.sharpness, 0, 0, this.sharpness, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    this.units.forEach((column, layer) =>
      column.forEach(({ spot, ends, context, image }, unit) => {
        paint(context, image, this.surface(surfaces, layer, unit), SMOOTH);
        this.mark(spot, layer, unit);
        ends.forEach((wire, from) =>
          this.stroke(pen, wire, weights[this.weightNumber(layer, from, unit)]),
        );
      }),
    );
    for (const { number, field } of this.fields)
      field.show(Math.round(100 * weights[number]) / 100);
  }

  // The bytes of one unit among those of all.
  surface(surfaces, layer, unit) {
    const before = this.units.slice(0, layer).reduce((sum, column) => sum + column.length, 0);
    const number = before + unit;
    return surfaces.subarray(number * this.side ** 2, (number + 1) * this.side ** 2);
  }

  mark(spot, layer, unit) {
    const isSelected = layer === this.selected[0] && unit === this.selected[1];
    spot.ariaPressed = String(isSelected);
    const use = isSelected ? "its weights are below" : "edit its weights";
    spot.ariaLabel = `${this.name(layer, unit)}, ${use}`;
  }

  stroke(pen, { x1, y1, x2, y2 }, weight) {
    pen.strokeStyle = colourOf(weight >= 0);
    pen.lineWidth = Math.min(8, 0.4 + 2 * Math.abs(weight));
    pen.setLineDash(weight < 0 ? [6, 3] : []);
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
    pen.stroke();
  }
}

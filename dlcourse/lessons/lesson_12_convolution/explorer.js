// A stack of convolution and pooling layers on one small image, every number to be looked at.

import {
  button,
  Card,
  chooser,
  clampIndex,
  labelled,
  make,
  MOVES,
  short,
  switchOn,
} from "../../widgets/board.js";
import { axes, forward, isConvolution, look, output, part, weights } from "./arithmetic.js";
import { MapStrip } from "./maps.js";
import { LayerSettings } from "./settings.js";
import { fieldOf, KINDS, planeOf, sizes, sum, unfitting } from "./words.js";

const PACE = 500; // milliseconds from one position to the next while the kernel slides
const MOST_LAYERS = 5;
const NO_FIELD = "Click a number of a map, or press Enter on it, to see its receptive field.";
const NO_LAYER = "No layer is left: add a convolution or pooling.";
const ONE_OF_TWO =
  "Stride and dilation above 1 do not go together, in Keras neither; the other one is 1 now.";

class Explorer {
  constructor(context) {
    this.card = new Card(context, "convolution-explorer", "The convolution explorer");
    this.images = this.card.get("images");
    this.kernels = this.card.get("kernels");
    this.stacks = this.card.get("stacks");
    this.at = { map: 1, plane: 0, row: 0, column: 0 }; // the output that is worked out
    this.chosen = 1; // the layer whose settings can be changed
    this.pinned = null; // the output whose receptive field is shown
    this.sliding = null; // the timer
    this.room = 900;
    this.strip = new MapStrip({
      move: (...at) => this.point(...at),
      click: (...at) => this.pin(...at),
      focus: (...at) => this.enter(...at),
      press: (map, key) => this.press(map, key),
    });
    const say = (words) => this.card.say(words);
    this.settings = new LayerSettings(this.kernels, (change) => this.setLayer(change), say);
    this.build();
    this.card.on(["image", "layers"], () => this.refresh());
    this.refresh();
    this.card.onWidth((width) => {
      this.room = width;
      this.refresh();
    });
  }

  // ---------------------------------------------------------------- parts

  build() {
    this.work = make("div", { className: "work" });
    this.size = make("p", { className: "size" });
    this.written = make("p", { className: "written" });
    this.field = make("p", { className: "field" });
    this.spoken = make("div", { className: "spoken", "aria-live": "polite" });
    const words = make("div", { className: "words" });
    words.append(this.work, this.written, this.size, this.field);
    const below = make("div", { className: "below" }, this.settings.element, words);
    const parts = [this.bar(), this.strip.element, this.card.status, below, this.spoken];
    this.card.root.append(...parts);
  }

  bar() {
    const setImage = (name) => this.card.set({ image: name });
    this.image = chooser(Object.keys(this.images), setImage, { "aria-label": "Image" });
    const setStack = (name) => name !== "own" && this.setLayers(this.stacks[name]);
    const names = [...Object.keys(this.stacks), "own"];
    this.stack = chooser(names, setStack, { "aria-label": "Layers" });
    const adding = (words, name) =>
      button(`+ ${words}`, `add a ${words} layer at the end`, () => this.add(name));
    this.adding = [adding("convolution", "Conv2D"), adding("pooling", "MaxPooling2D")];
    const cut = () => this.setLayers(this.layers.slice(0, -1));
    this.remove = button("− last", "remove the last layer", cut);
    const slide = () => (this.sliding ? this.stop() : this.start());
    this.slide = button("▶ Slide", "move the kernel over all positions", slide);
    const attributes = { role: "toolbar", "aria-label": "Image and layers" };
    const choices = [labelled("Image", this.image), labelled("Layers", this.stack)];
    const buttons = [...this.adding, this.remove, this.slide];
    return make("div", { className: "bar", ...attributes }, ...choices, ...buttons);
  }

  // ---------------------------------------------------------------- changes

  setLayers(layers) {
    this.card.set({ layers: structuredClone(layers) });
  }

  setLayer(change) {
    const before = this.layers[this.chosen - 1];
    const after = { ...before, ...change };
    const clash = after.strides > 1 && after.dilation_rate > 1;
    if (clash) after["strides" in change ? "dilation_rate" : "strides"] = 1;
    this.setLayers(this.layers.map((layer) => (layer === before ? after : layer)));
    if (clash) this.card.say(ONE_OF_TWO);
  }

  add(name) {
    const kernel = Object.values(this.kernels)[0];
    const convolution = {
      name,
      kernel: [[kernel]],
      strides: 1,
      padding: "valid",
      dilation_rate: 1,
    };
    const pooling = { name, pool_size: 2, strides: 2, padding: "valid" };
    this.setLayers([...this.layers, name === "Conv2D" ? convolution : pooling]);
  }

  // Compute and show everything anew.
  refresh() {
    const channels = this.images[this.card.get("image")];
    const [rows, columns] = [channels[0].length, channels[0][0].length];
    const image = { rows, columns, planes: channels.map((grid) => grid.flat()) };
    this.layers = this.card.get("layers");
    this.maps = forward(image, this.layers);
    this.at.map = Math.max(1, clampIndex(this.at.map, this.maps.length));
    this.chosen = Math.max(1, clampIndex(this.chosen, this.maps.length));
    if (this.pinned && !this.isThere(this.pinned)) this.pinned = null;
    if (this.maps.length > 1) this.move(this.at.row, this.at.column);
    else this.stop();
    this.strip.arrange(this.layers, this.maps, this.room);
    this.showControls();
    this.card.say(this.problem());
    this.show();
    this.announce(this.problem() || this.sizeSaid());
  }

  showControls() {
    const isShown = (name) => JSON.stringify(this.stacks[name]) === JSON.stringify(this.layers);
    this.stack.value = Object.keys(this.stacks).find(isShown) ?? "own";
    this.image.value = this.card.get("image");
    switchOn(this.remove, this.layers.length > 0);
    switchOn(this.slide, this.maps.length > 1);
    for (const control of this.adding) switchOn(control, this.layers.length < MOST_LAYERS);
    const below = this.maps[this.chosen - 1];
    this.settings.show(this.layers[this.chosen - 1], this.chosen, below.planes.length);
  }

  // ---------------------------------------------------------------- the cursor

  isThere({ map, plane, row, column }) {
    const found = this.maps[map];
    const isInside = found && row < found.rows && column < found.columns;
    return Boolean(isInside) && plane < found.planes.length;
  }

  move(row, column) {
    const { rows, columns, planes } = this.maps[this.at.map];
    this.at.plane = clampIndex(this.at.plane, planes.length);
    this.at.row = clampIndex(row, rows);
    this.at.column = clampIndex(column, columns);
  }

  go(map, plane, row, column) {
    this.stop();
    Object.assign(this.at, { map, plane });
    this.move(row, column);
  }

  choose(map) {
    this.chosen = map;
    this.showControls();
  }

  point(map, plane, row, column) {
    const { at } = this;
    const isHere = at.map === map && at.plane === plane;
    if (isHere && at.row === row && at.column === column) return;
    this.go(map, plane, row, column);
    this.show();
  }

  pin(map, plane, row, column) {
    this.go(map, plane, row, column);
    this.choose(map);
    this.pinned = { ...this.at };
    this.show();
    this.announce(this.fieldSaid());
  }

  enter(map, plane) {
    this.choose(map);
    const { at } = this;
    if (at.map !== map || at.plane !== plane) this.go(map, plane, at.row, at.column);
    this.show();
  }

  press(map, key) {
    if (key in MOVES) {
      const [down, right] = MOVES[key];
      this.go(map, this.at.plane, this.at.row + down, this.at.column + right);
    } else {
      this.stop();
      this.pinned = key === "Escape" ? null : { ...this.at };
    }
    this.show();
    this.announce(key in MOVES ? this.sumSaid() : this.fieldSaid());
  }

  // ---------------------------------------------------------------- words

  show() {
    this.strip.draw(this.at, this.pinned, this.chosen);
    const isEmpty = this.maps.length < 2;
    if (isEmpty) this.work.replaceChildren();
    else this.showWork();
    this.written.textContent = isEmpty ? "" : this.sumSaid();
    this.size.textContent = isEmpty ? "" : this.sizeWritten();
    this.field.textContent = isEmpty ? "" : this.fieldSaid();
  }

  problem() {
    const fitting = this.maps.length - 1;
    if (!this.layers.length) return NO_LAYER;
    if (fitting === this.layers.length) return "";
    return unfitting(this.layers[fitting], fitting + 1, this.maps.at(-1));
  }

  sumSaid() {
    const { map, plane, row, column } = this.at;
    const equation = sum(this.maps[map - 1], this.layers[map - 1], row, column, plane);
    const which = planeOf(this.maps[map], map, plane);
    return `Row ${row}, column ${column} of map ${map}${which}: ${equation}.`;
  }

  sizeSaid() {
    const { rows, columns } = this.maps[this.at.map];
    return `Map ${this.at.map} has ${rows} rows and ${columns} columns.`;
  }

  sizeWritten() {
    const number = this.at.map;
    return `Size of map ${number}: ${sizes(this.layers[number - 1], this.maps[number - 1])}.`;
  }

  fieldSaid() {
    return this.pinned ? fieldOf(this.maps, this.layers, this.pinned) : NO_FIELD;
  }

  announce(words) {
    if (!this.sliding && this.spoken.textContent !== words) this.spoken.textContent = words;
  }

  // The pixels, the kernel and their products as tables, a row of them for each channel.
  showWork() {
    const { map, plane, row, column } = this.at;
    const [layer, below] = [this.layers[map - 1], this.maps[map - 1]];
    const columns = axes(layer, below)[1].size;
    const total = this.total(output(below, layer, row, column, plane));
    if (!isConvolution(layer)) {
      const seen = look(below, layer, row, column, plane);
      const pixels = seen.map((pixel) => (pixel === null ? "" : short(pixel)));
      const arrow = sign(`${KINDS[layer.name]} →`);
      this.work.replaceChildren(table("pixels", pixels, columns, seen), arrow, total);
      return;
    }
    const count = below.planes.length;
    const lines = below.planes.map((_, channel) => this.products(layer, below, columns, channel));
    if (count === 1) {
      this.work.replaceChildren(...lines[0], sign("sum →"), total);
      return;
    }
    const whole = lines.map((line, channel) => {
      const sum = short(part(below, layer, row, column, plane, channel));
      return make("div", { className: "work" }, ...line, sign(`sum ${sum}`));
    });
    this.work.replaceChildren(...whole, sign(`all ${count} channels together →`), total);
  }

  total(value) {
    return make("span", { className: "total", textContent: short(value) });
  }

  // Pixels times kernel, on one channel.
  products(layer, below, columns, channel) {
    const { plane, row, column } = this.at;
    const seen = look(below, layer, row, column, channel);
    const flat = weights(layer, plane, channel).flat();
    const pixels = seen.map((pixel) => short(pixel ?? 0));
    const products = seen.map((pixel, place) => short((pixel ?? 0) * flat[place]));
    const name = below.planes.length > 1 ? `channel ${channel}` : "pixels";
    const left = [table(name, pixels, columns, seen), sign("×")];
    const kernel = flat.map((weight) => short(weight));
    const middle = [table("kernel", kernel, columns), sign("=")];
    return [...left, ...middle, table("products", products, columns)];
  }

  // ---------------------------------------------------------------- the sliding kernel

  start() {
    const { rows, columns } = this.maps[this.at.map];
    if (this.at.row === rows - 1 && this.at.column === columns - 1) this.move(0, 0);
    this.slide.textContent = "❚❚ Stop";
    this.sliding = setInterval(() => this.slideOn(), PACE);
    this.show();
  }

  slideOn() {
    const { rows, columns } = this.maps[this.at.map];
    const next = this.at.row * columns + this.at.column + 1;
    if (next === rows * columns) return this.stop();
    this.move(Math.floor(next / columns), next % columns);
    this.show();
  }

  stop() {
    clearInterval(this.sliding);
    this.sliding = null;
    this.slide.textContent = "▶ Slide";
  }
}

const sign = (symbol) => make("span", { className: "sign", textContent: symbol });

// Values in rows of `columns`; where `seen` is null, in the frame of padding, on grey.
function table(name, values, columns, seen = []) {
  const rows = [];
  const cell = (value, place) =>
    make("td", { textContent: value, className: seen[place] === null ? "frame" : "" });
  values.forEach((value, place) => {
    if (place % columns === 0) rows.push(make("tr"));
    rows.at(-1).append(cell(value, place));
  });
  return make("table", {}, make("caption", { textContent: name }), make("tbody", {}, ...rows));
}

function render(context) {
  const explorer = new Explorer(context);
  return () => {
    explorer.stop();
    explorer.card.close();
  };
}

export default { render };

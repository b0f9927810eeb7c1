// The settings of one layer of the explorer: kernel or window, stride, padding, dilation.

import { chooser, labelled, make, NumberField, range } from "../../widgets/board.js";
import { isConvolution } from "./arithmetic.js";
import { KINDS } from "./words.js";

const upTo = (most) => range(most).map((i) => String(i + 1));

// A kernel with `side` rows and columns: cut at its edges, or with zeros around it.
function resized(kernel, side) {
  const shift = Math.floor((kernel.length - side) / 2);
  const at = (i, j) => kernel[i + shift]?.[j + shift] ?? 0;
  return range(side).map((i) => range(side).map((j) => at(i, j)));
}

export class LayerSettings {
  // `change` gets the properties of the layer that are to be changed, `say` a sentence.
  constructor(kernels, change, say) {
    Object.assign(this, { kernels, change, say, fields: [], shown: "" });
    this.element = make("fieldset", { className: "settings" });
  }

  // Show layer `number`; the controls are made anew only if there have to be others.
  show(layer, number) {
    this.element.hidden = !layer;
    if (!layer) return;
    const { kernel, ...rest } = layer;
    const now = JSON.stringify([number, rest, kernel?.length, kernel?.[0].length]);
    if (now !== this.shown) this.build(layer, number);
    this.shown = now;
    this.layer = layer;
    if (!kernel) return;
    kernel.flat().forEach((value, place) => this.fields[place].show(value));
    const name = Object.keys(this.kernels).find((key) => same(this.kernels[key], kernel));
    this.preset.value = name ?? "own";
  }

  build(layer, number) {
    const focused = this.element.contains(document.activeElement);
    const key = focused && document.activeElement.dataset.key;
    const legend = make("legend", { textContent: `Layer ${number}: ${KINDS[layer.name]}` });
    const controls = isConvolution(layer) ? this.ofConvolution(layer) : this.ofPooling(layer);
    this.element.replaceChildren(legend, ...controls);
    if (key) this.element.querySelector(`[data-key="${key}"]`)?.focus({ preventScroll: true });
  }

  choice(name, names, value, action) {
    const control = chooser(names.includes(value) ? names : [...names, value], action);
    control.value = value;
    control.ariaLabel = name;
    control.dataset.key = name;
    return control;
  }

  number(name, most, property, value) {
    const take = (chosen) => this.change({ [property]: Number(chosen) });
    return labelled(name, this.choice(name, upTo(most), String(value), take));
  }

  padding(layer) {
    const take = (padding) => this.change({ padding });
    return labelled("Padding", this.choice("Padding", ["valid", "same"], layer.padding, take));
  }

  ofPooling(layer) {
    const kinds = Object.keys(KINDS).slice(1);
    const kind = this.choice("Kind", kinds, layer.name, (name) => this.change({ name }));
    return [
      labelled("Kind", kind),
      this.number("Window", 4, "pool_size", layer.pool_size),
      this.number("Stride", 3, "strides", layer.strides),
      this.padding(layer),
    ];
  }

  ofConvolution({ kernel, ...layer }) {
    const names = [...Object.keys(this.kernels), "own"];
    const known = (name) => name !== "own" && this.change({ kernel: this.kernels[name] });
    this.preset = this.choice("Kernel", names, "own", known);
    const resize = (side) => this.change({ kernel: resized(this.layer.kernel, Number(side)) });
    const size = this.choice("Size", upTo(5), String(kernel.length), resize);
    return [
      labelled("Kernel", this.preset),
      labelled("Size", size),
      this.editor(kernel),
      this.number("Stride", 3, "strides", layer.strides),
      this.padding(layer),
      this.number("Dilation", 3, "dilation_rate", layer.dilation_rate),
    ];
  }

  editor(kernel) {
    this.fields = kernel.flatMap((row, i) => row.map((_, j) => this.field(i, j)));
    const name = { role: "group", "aria-label": "Numbers of the kernel" };
    const elements = this.fields.map(({ element }) => element);
    const editor = make("div", { className: "kernel", ...name }, ...elements);
    editor.style.gridTemplateColumns = `repeat(${kernel[0].length}, 52px)`;
    return editor;
  }

  field(i, j) {
    const name = `kernel, row ${i}, column ${j}`;
    const take = (value) => {
      const kernel = this.layer.kernel.map((row) => [...row]);
      kernel[i][j] = value;
      this.change({ kernel });
    };
    const field = new NumberField({ name, take, say: this.say, step: 1, live: true });
    field.element.dataset.key = `kernel ${i} ${j}`;
    return field;
  }
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

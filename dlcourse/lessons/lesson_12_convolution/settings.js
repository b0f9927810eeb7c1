// The settings of one layer of the explorer: kernel or window, stride, padding, dilation.

import { chooser, clampIndex, labelled, make, NumberField, range } from "../../widgets/board.js";
import { isConvolution, weights } from "./arithmetic.js";
import { KINDS } from "./words.js";

const MOST_FILTERS = 3;

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
    Object.assign(this, { filter: 0, channel: 0, channels: 1 }); // whose kernel is shown
    this.element = make("fieldset", { className: "settings" });
  }

  // Show layer `number`, which looks at so many `channels`; the controls are made anew only if
  // there have to be others.
  show(layer, number, channels) {
    this.element.hidden = !layer;
    if (!layer) return;
    const { kernel: kernels, ...rest } = layer;
    this.filter = clampIndex(this.filter, kernels?.length ?? 1);
    this.channel = clampIndex(this.channel, channels);
    this.channels = channels;
    this.layer = layer;
    const kernel = kernels && weights(layer, this.filter, this.channel);
    const which = [kernels?.length, channels, this.filter, this.channel];
    const now = JSON.stringify([number, rest, kernel?.length, kernel?.[0].length, which]);
    if (now !== this.shown) this.build(layer, number);
    this.shown = now;
    if (!kernel) return;
    kernel.flat().forEach((value, place) => this.fields[place].show(value));
    const name = Object.keys(this.kernels).find((key) => same(this.kernels[key], kernel));
    this.preset.value = name ?? "own";
  }

  build(layer, number) {
    const focused = this.element.contains(document.activeElement);
    const key = focused && document.activeElement.dataset.key;
    this.order = number;
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

  // All kernels of the layer, one for each filter and channel, some of them changed by `edit`.
  edited(edit) {
    const kernel = this.layer.kernel.map((_, filter) =>
      range(this.channels).map((channel) =>
        edit(weights(this.layer, filter, channel), filter, channel),
      ),
    );
    this.change({ kernel });
  }

  // Change the kernel that is shown, and no other.
  replace(edit) {
    const isShown = (filter, channel) => filter === this.filter && channel === this.channel;
    this.edited((old, filter, channel) => (isShown(filter, channel) ? edit(old) : old));
  }

  // As many filters as that: new ones are copies of the last.
  setFilters(count) {
    const { kernel } = this.layer;
    this.change({ kernel: range(count).map((i) => kernel[Math.min(i, kernel.length - 1)]) });
  }

  // Which kernel of several is shown.
  which({ kernel }) {
    const turn = (property) => (value) => {
      this[property] = Number(value);
      this.show(this.layer, this.order, this.channels);
    };
    const names = (count) => range(count).map(String);
    const filter = this.choice("Filter", names(kernel.length), String(this.filter), turn("filter"));
    const channel = this.choice(
      "Channel",
      names(this.channels),
      String(this.channel),
      turn("channel"),
    );
    return [
      ...(kernel.length > 1 ? [labelled("Filter", filter)] : []),
      ...(this.channels > 1 ? [labelled("Channel", channel)] : []),
    ];
  }

  ofConvolution(layer) {
    const kernel = weights(layer, this.filter, this.channel);
    const names = fitting(this.kernels, kernel, layer, this.channels);
    const known = (name) => name !== "own" && this.replace(() => this.kernels[name]);
    this.preset = this.choice("Kernel", names, "own", known);
    const resize = (side) => this.edited((old) => resized(old, Number(side)));
    const count = this.choice("Filters", upTo(MOST_FILTERS), String(layer.kernel.length), (value) =>
      this.setFilters(Number(value)),
    );
    const size = this.choice("Size", upTo(5), String(kernel.length), resize);
    return [
      labelled("Filters", count),
      ...this.which(layer),
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
      this.replace((old) => {
        const kernel = old.map((row) => [...row]);
        kernel[i][j] = value;
        return kernel;
      });
    };
    const field = new NumberField({ name, take, say: this.say, step: 1, live: true });
    field.element.dataset.key = `kernel ${i} ${j}`;
    return field;
  }
}

// The known kernels: all of them for a single kernel; of several kernels each has the same size.
function fitting(kernels, kernel, layer, channels) {
  const isOne = layer.kernel.length === 1 && channels === 1;
  const fits = (name) => isOne || kernels[name].length === kernel.length;
  return [...Object.keys(kernels).filter(fits), "own"];
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// The network of the stepper as a drawing: a box for each number, and what is known of it so far.

import { svg } from "../../widgets/board.js";

const text = (x, y, kind, ...children) => svg("text", { x, y, class: kind }, ...children);

// A name such as w1: its base, then its index, lower and smaller.
function written([base, index]) {
  const letters = base.length === 1 ? { "font-style": "italic" } : {};
  return [
    svg("tspan", letters, base),
    svg("tspan", { dy: 3, "font-size": "75%" }, index),
    svg("tspan", { dy: -3 }, " "),
  ];
}

export class NetworkDrawing {
  // `layout` says where everything goes, `names` splits each name into base and index,
  // `numbers` holds what can be edited.
  constructor(layout, names, numbers) {
    Object.assign(this, { layout, names, numbers });
    this.places = new Map(); // name -> where it is drawn: its ground and the text of each slot
    this.lines = new Map(); // weight -> its line
    this.parts = [
      ...layout.headings.map(({ name, x, y }) => text(x, y, "heading", name)),
      ...layout.links.map((link) => this.line(link)),
      ...layout.links
        .filter((link) => link.weight)
        .map((link) => this.parameter(link.weight, link.label_x, link.label_y, false)),
      ...layout.cells.map((cell) => this.cell(cell)),
      ...layout.tags.map(({ name, x, y }) => this.parameter(name, x, y, true)),
    ];
  }

  keep(name, spot) {
    if (!this.places.has(name)) this.places.set(name, []);
    this.places.get(name).push(spot);
  }

  editable(name) {
    return name in this.numbers ? { class: "editable", "data-name": name } : {};
  }

  line({ weight, x1, y1, x2, y2 }) {
    const line = svg("line", { x1, y1, x2, y2 });
    if (weight) this.lines.set(weight, line);
    return line;
  }

  cell({ name, x, y }) {
    const [width, height] = this.layout.cell;
    const corner = { x: x - width / 2, y: y - height / 2 };
    const ground = svg("rect", { ...corner, width, height, class: "cell" });
    const slots = {
      value: text(x, y + 5, "value large"),
      grad: text(x, y + 24, "grad"),
      slope: text(x, y + height / 2 + 14, "slope"),
    };
    this.keep(name, { ground, slots });
    const heading = text(x, y - 14, "name", ...written(this.names[name]));
    return svg("g", this.editable(name), ground, heading, ...Object.values(slots));
  }

  // A weight, bias or target: its value, and its gradient or new value in a second line.
  parameter(name, x, y, hanging) {
    const width = this.layout.label;
    const ground = svg("rect", { x: x - width / 2, width, rx: 3, class: "label" });
    const value = svg("tspan");
    const first = text(x, y, "value", ...written(this.names[name]), value);
    const below = text(x, y, "grad");
    const settle = (two) => {
      const top = hanging ? y : y - (two ? 16 : 8);
      ground.setAttribute("y", top);
      ground.setAttribute("height", two ? 32 : 16);
      first.setAttribute("y", top + 12);
      below.setAttribute("y", top + 27);
    };
    this.keep(name, { ground, slots: { value, grad: below, new: below }, settle });
    return svg("g", this.editable(name), ground, first, below);
  }

  // Write what is known (name -> slot -> text), and mark what the step `now` computes and reads.
  show(known, now) {
    for (const [name, spots] of this.places) {
      const role = name === now?.place ? "now" : now?.reads.includes(name) ? "read" : "";
      for (const spot of spots) this.write(spot, known.get(name) ?? {}, role);
      this.lines.get(name)?.setAttribute("data-role", role);
    }
  }

  write({ ground, slots, settle }, texts, role) {
    ground.setAttribute("data-role", role);
    for (const [slot, element] of Object.entries(slots))
      if (slot !== "new") element.textContent = texts[slot] ?? "";
    if (texts.new) slots.new.textContent = texts.new;
    settle?.(Boolean(texts.grad));
  }
}

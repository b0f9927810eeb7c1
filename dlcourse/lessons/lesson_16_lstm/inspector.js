// Draws the numbers that Python computed; asks Python only when a gate is held or let go.

import {
  bar,
  button,
  Card,
  chooser,
  clampIndex,
  fillChooser,
  fixed,
  labelled,
  make,
  NumberField,
  range,
  svg,
  switchOn,
} from "../../widgets/board.js";
import { COLOURS, RunDrawing } from "./drawing.js";

const GATES = ["i", "f", "g", "o"];
const KEYS =
  "The run of the LSTM. Right and left arrow: steps. Up and down arrow: units. Home and end: " +
  "first and last step. Keys i, f and o hold that gate at this step, shut, then open, then let " +
  "go; with shift, at every step. Escape lets all gates go.";
const BESIDE = [760, 310]; // from this width on the sums stand beside the run, and so wide

const plus = (value) => (value < 0 ? `− ${fixed(-value)}` : `+ ${fixed(value)}`);

class Inspector {
  constructor(context) {
    this.card = new Card(context, "gate-inspector", "Inside an LSTM, gate by gate");
    this.content = this.card.get("content");
    this.hovered = null; // the step under the mouse
    this.room = 640;
    this.stage = svg("svg", { role: "application", tabindex: 0, "aria-label": KEYS });
    this.drawing = new RunDrawing(this.stage);
    this.sums = make("div", { className: "sums" });
    const run = make("div", { className: "run" }, this.stage);
    const body = make("div", { className: "stage" }, run, this.sums);
    this.card.root.append(this.placeControls(), body, this.gateControls(), this.card.status);
    this.listen();
    this.card.on(["content"], () => this.receive());
    this.card.on(["position", "unit"], () => this.draw());
    this.receive();
    this.card.onWidth((width) => {
      this.room = width < BESIDE[0] ? width : width - BESIDE[1];
      this.draw();
    });
  }

  // ---------------------------------------------------------------- parts

  placeControls() {
    const read = (name) => this.card.send({ read: name });
    this.sequence = chooser([], read, { "aria-label": "sequence" });
    const toUnit = (which) => this.go(this.step, Number(which));
    this.unitChoice = chooser([], toUnit, { "aria-label": "unit" });
    this.back = button("◀", "one step back (left arrow)", () => this.go(this.step - 1));
    this.next = button("▶", "one step on (right arrow)", () => this.go(this.step + 1));
    this.back.ariaLabel = "one step back";
    this.next.ariaLabel = "one step on";
    this.counter = make("span", { className: "counter" });
    const choices = [labelled("Read", this.sequence), labelled("Unit", this.unitChoice)];
    return bar(...choices, this.back, this.next, this.counter);
  }

  gateControls() {
    const choice = (name, ...pairs) => chooser(pairs, () => {}, { "aria-label": name });
    const names = [
      ["f", "forget gate"],
      ["i", "input gate"],
      ["o", "output gate"],
    ];
    this.gate = choice("gate", ...names);
    this.span = choice("steps", ["step", "this step"], ["all", "every step"]);
    this.whose = choice("units", ["unit", "this unit"], ["all", "all units"]);
    const say = (words) => this.card.say(words);
    const value = new NumberField({ name: "value", low: 0, high: 1, say, take: () => {} });
    value.show(0);
    const hold = button("Hold", "hold the gate at this value", () => {
      value.commit();
      this.wishByControls(value.value);
    });
    const free = "let the network set this gate again";
    const letGo = button("Let go", free, () => this.wishByControls(null));
    const all = "let the network set all gates again (Escape)";
    const letAllGo = button("Let all go", all, () => this.card.send({ let_go: true }));
    return bar(
      labelled("Hold the", this.gate),
      labelled("at", value.element),
      labelled("for", this.span),
      labelled("in", this.whose),
      ...[hold, letGo, letAllGo],
    );
  }

  // ---------------------------------------------------------------- where we are

  get steps() {
    return this.content.inputs.length;
  }

  get units() {
    return this.content.cell[0].length;
  }

  get step() {
    return clampIndex(this.card.get("position"), this.steps);
  }

  get unit() {
    return clampIndex(this.card.get("unit"), this.units);
  }

  go(step, unit = this.unit) {
    this.hovered = null;
    this.card.set({
      position: clampIndex(step, this.steps),
      unit: clampIndex(unit, this.units),
    });
    this.card.say(this.spoken());
  }

  // ---------------------------------------------------------------- drawing and words

  receive() {
    this.content = this.card.get("content");
    this.hovered = null;
    fillChooser(this.sequence, this.content.sequences);
    fillChooser(this.unitChoice, range(this.units));
    this.sequence.value = this.content.sequence;
    this.draw();
    this.card.say(this.content.message);
  }

  draw() {
    const [t, u] = [this.hovered ?? this.step, this.unit];
    this.drawing.build(this.content, this.room);
    this.drawing.show(this.content, t, u);
    this.unitChoice.value = u;
    this.counter.textContent = `step ${t} of ${this.steps - 1}, reads ${this.content.inputs[t]}`;
    switchOn(this.back, this.step > 0);
    switchOn(this.next, this.step < this.steps - 1);
    this.write(t, u);
  }

  write(t, u) {
    const { gates, cell, hidden, inputs, answers } = this.content;
    const [i, f, g, o] = GATES.map((name) => gates[name][t][u]);
    const [before, after, h] = [cell[t][u], cell[t + 1][u], hidden[t + 1][u]];
    const kept = ` = ${fixed(f)} · ${fixed(before)} ${plus(i * g)} = ${fixed(after)}`;
    const shown = ` = ${fixed(o)} · ${fixed(Math.tanh(after))} = ${fixed(h)}`;
    const heading = `Unit ${u}, step ${t}, reads ${inputs[t]}`;
    this.sums.replaceChildren(
      make("h4", { textContent: heading }),
      make("p", { className: "hint", textContent: "gate = squash(from x + from h + bias)" }),
      ...GATES.map((name) => this.gateLine(name, t, u)),
      line("c", " = f · c before + i · g"),
      make("p", { textContent: kept }),
      line("h", " = o · tanh(c)"),
      make("p", { textContent: shown }),
      make("p", { textContent: `The network answers ${answers[t] || "nothing"}.` }),
    );
  }

  gateLine(name, t, u) {
    const { from_x, from_h, bias, held, gates, computed } = this.content;
    const [x, h, b] = [from_x[name][t][u], from_h[name][t][u], bias[name][u]];
    const sum = `${fixed(x)} ${plus(h)} ${plus(b)}`;
    const squash = name === "g" ? "tanh" : "σ";
    const rest = held[name][t][u] ? `; held at ${fixed(gates[name][t][u])}` : "";
    const equals = ` = ${squash}(${sum}) = ${fixed(computed[name][t][u])}`;
    return line(name, equals, make("em", { textContent: rest }));
  }

  spoken() {
    const [t, u] = [this.step, this.unit];
    const { gates, held, cell, hidden, inputs, answers } = this.content;
    const state = (name) => `${name} ${fixed(gates[name][t][u])}${held[name][t][u] ? " held" : ""}`;
    return (
      `Unit ${u}, step ${t}, reads ${inputs[t]}: ${GATES.map(state).join(", ")}; c goes from ` +
      `${fixed(cell[t][u])} to ${fixed(cell[t + 1][u])}, h is ${fixed(hidden[t + 1][u])}. ` +
      `Answer: ${answers[t] || "none"}.`
    );
  }

  // ---------------------------------------------------------------- what the learner does

  wish(gate, value, everyStep, all_units) {
    const step = everyStep ? null : this.step;
    this.card.send({ hold: { gate, value, step, unit: this.unit, all_units } });
  }

  wishByControls(value) {
    this.wish(this.gate.value, value, this.span.value === "all", this.whose.value === "all");
  }

  // Shut, then open, then let go.
  cycle(name, everyStep) {
    const [t, u] = [this.step, this.unit];
    const isHeld = this.content.held[name][t][u];
    const now = this.content.gates[name][t][u];
    this.wish(name, isHeld ? (now === 0 ? 1 : null) : 0, everyStep, false);
  }

  listen() {
    this.stage.addEventListener("keydown", (event) => this.press(event));
    this.stage.addEventListener("mousemove", (event) => this.hover(this.drawing.under(event)[0]));
    this.stage.addEventListener("mouseleave", () => this.hover(null));
    this.stage.addEventListener("click", (event) => {
      const [t, u] = this.drawing.under(event);
      if (t !== null) this.go(t, u ?? this.unit);
    });
  }

  hover(t) {
    if (t === this.hovered) return;
    this.hovered = t;
    this.draw();
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      ArrowRight: () => this.go(this.step + 1),
      ArrowLeft: () => this.go(this.step - 1),
      ArrowUp: () => this.go(this.step, this.unit - 1),
      ArrowDown: () => this.go(this.step, this.unit + 1),
      Home: () => this.go(0),
      End: () => this.go(this.steps - 1),
      Escape: () => this.card.send({ let_go: true }),
    };
    const letter = event.key.toLowerCase();
    if (event.key in actions) actions[event.key]();
    else if (["i", "f", "o"].includes(letter)) this.cycle(letter, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function line(name, ...words) {
  const label = make("b", { textContent: name });
  label.style.color = name === "f" ? "var(--rust)" : COLOURS[name];
  return make("p", {}, label, ...words);
}

function render(context) {
  const inspector = new Inspector(context);
  return () => inspector.card.close();
}

export default { render };

// Shows the steps that Python computed, one by one; asks Python only when a number is edited.

import {
  bar,
  button,
  Card,
  chooser,
  labelled,
  make,
  NumberField,
  svg,
  switchOn,
} from "../../widgets/board.js";
import { NetworkDrawing } from "./drawing.js";

const WORDS = { value: "", grad: "∂ ", slope: "slope ", new: "new " };
const KEYS =
  "The network with its numbers. Right and left arrow step, page up and page down go to the " +
  "next part, home and end to the first and the last step.";
const SMALLEST = 0.86; // of its own size, before the drawing takes its narrow form

class Stepper {
  constructor(context) {
    this.card = new Card(context, "backprop-stepper", "Backpropagation, step by step");
    this.drawing = this.card.get("drawing");
    this.content = this.card.get("content");
    this.stage = svg("svg", { role: "application", tabindex: 0, "aria-label": KEYS });
    this.stage.addEventListener("click", (event) => this.point(event));
    this.card.root.addEventListener("keydown", (event) => this.press(event));
    const walking = this.walkingControls();
    const words = this.words();
    const editing = this.editingControls();
    const body = make("div", { className: "body" }, this.stage, words);
    this.card.root.append(walking, body, editing, this.card.status, this.spoken);
    this.card.on(["content"], () => this.receive());
    this.card.on(["position"], () => this.draw());
    this.card.on(["followed"], () => this.list());
    this.arrange("wide");
    this.card.onWidth((width) => this.fit(width));
    this.list();
    this.receive();
  }

  // ---------------------------------------------------------------- parts

  walkingControls() {
    this.first = button("Start", "before the first step (Home)", () => this.show(-1));
    this.back = button("◀ Back", "one step back (left arrow)", () => this.walk(-1));
    this.next = button("Next ▶", "one step on (right arrow)", () => this.walk(1));
    this.last = button("End", "to the last step (End)", () => this.show(this.path().at(-1)));
    const derivatives = Object.keys(this.content.follow).map((name) => [name, `∂E/∂${name} alone`]);
    this.follow = chooser([["", "all steps"], ...derivatives], (name) => this.choosePath(name));
    this.counter = make("span", { className: "counter" });
    const buttons = [this.first, this.back, this.next, this.last];
    return bar(...buttons, labelled("Show", this.follow), this.counter);
  }

  words() {
    this.formula = make("div", { className: "formula", "aria-hidden": "true" });
    this.sentence = make("p", { className: "sentence" });
    const steps = { className: "ledger", tabIndex: 0, "aria-label": "steps" }; // it scrolls
    this.ledger = make("ol", steps);
    this.spoken = make("p", { className: "spoken", "aria-live": "polite" }); // says each step
    const step = make("div", {}, this.formula, this.sentence);
    return make("div", { className: "words" }, step, this.ledger);
  }

  editingControls() {
    const names = Object.keys(this.content.numbers);
    const choices = names.map((name) => [name, name === "η" ? "learning rate η" : name]);
    this.which = chooser(choices, () => this.fill());
    this.number = new NumberField({
      name: "new value",
      say: (words) => this.card.say(words),
      take: (value) => this.card.send({ set: [this.which.value, value] }),
    });
    const update = "give every weight and bias its new value";
    const take = button("Take the update", update, () => this.card.send({ take: true }));
    const reset = button("Reset", "the numbers of the start", () =>
      this.card.send({ reset: true }),
    );
    const field = labelled("to", this.number.element);
    return bar(labelled("Change", this.which), field, take, reset);
  }

  // ---------------------------------------------------------------- the drawing

  fit(width) {
    const form = width < SMALLEST * this.drawing.layouts.wide.size[0] ? "narrow" : "wide";
    if (form !== this.card.root.dataset.form) this.arrange(form);
  }

  arrange(form) {
    const layout = this.drawing.layouts[form];
    const [width, height] = layout.size;
    this.card.root.dataset.form = form;
    this.network = new NetworkDrawing(layout, this.drawing.names, this.content.numbers);
    this.stage.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.stage.style.maxWidth = `${width}px`;
    this.stage.replaceChildren(...this.network.parts);
    this.draw();
  }

  // What has been computed so far: place -> slot -> text.
  known() {
    const known = new Map();
    for (const [name, value] of Object.entries(this.content.given)) known.set(name, { value });
    for (const step of this.content.steps.slice(0, this.position + 1)) {
      if (!known.has(step.place)) known.set(step.place, {});
      known.get(step.place)[step.slot] = WORDS[step.slot] + step.value;
    }
    return known;
  }

  draw() {
    const now = this.content.steps[this.position];
    const trail = this.path();
    const place = trail.indexOf(this.position) + 1;
    this.network.show(this.known(), now);
    this.counter.textContent = now
      ? `step ${place} of ${trail.length}, ${now.phase}`
      : `${trail.length} steps`;
    this.formula.innerHTML = now ? `<b>${now.symbol}</b> = ${now.lines.join("<br>= ")}` : "";
    this.sentence.textContent = now?.sentence ?? "Everything is given. Nothing is computed yet.";
    for (const control of [this.first, this.back]) switchOn(control, this.position >= 0);
    for (const control of [this.next, this.last]) switchOn(control, this.position < trail.at(-1));
    for (const entry of this.ledger.children) this.mark(entry);
  }

  // ---------------------------------------------------------------- stepping

  get position() {
    return this.card.get("position");
  }

  // The numbers of the steps that are shown.
  path() {
    const { follow, steps } = this.content;
    return follow[this.card.get("followed")] ?? steps.map((_, i) => i);
  }

  walk(by) {
    const steps = this.path();
    if (by > 0) this.show(steps.find((i) => i > this.position) ?? this.position);
    else this.show(steps.findLast((i) => i < this.position) ?? -1);
  }

  // To the end of the next part (forward, backward, update), or to the end of the last one.
  jump(by) {
    const phase = (i) => this.content.steps[i]?.phase;
    const ends = this.path().filter((i, k, all) => phase(all[k + 1]) !== phase(i));
    if (by > 0) this.show(ends.find((i) => i > this.position) ?? this.position);
    else this.show(ends.findLast((i) => i < this.position) ?? -1);
  }

  choosePath(name) {
    this.card.set({ followed: name });
    this.show(name ? this.path()[0] : this.position);
  }

  show(to) {
    this.card.set({ position: to });
    this.spoken.textContent = this.content.steps[to]?.spoken ?? this.sentence.textContent;
  }

  // ---------------------------------------------------------------- the list of steps

  list() {
    this.follow.value = this.card.get("followed");
    this.ledger.replaceChildren(...this.path().map((i) => this.entry(i)));
    this.draw();
  }

  entry(i) {
    const symbol = make("span", { innerHTML: this.content.steps[i].symbol });
    const entry = button("", "", () => this.show(i));
    entry.tabIndex = -1; // the arrow keys go there, too
    entry.append(symbol, document.createTextNode(""));
    const item = make("li", {}, entry);
    item.dataset.step = i;
    return item;
  }

  mark(item) {
    const i = Number(item.dataset.step);
    item.classList.toggle("now", i === this.position);
    const value = i <= this.position ? ` = ${this.content.steps[i].value}` : "";
    item.firstChild.lastChild.textContent = value;
    if (i === this.position) this.ledger.scrollTop = item.offsetTop - this.ledger.clientHeight / 2;
  }

  // ---------------------------------------------------------------- what the learner does

  press(event) {
    const actions = {
      ArrowRight: () => this.walk(1),
      ArrowLeft: () => this.walk(-1),
      PageDown: () => this.jump(1),
      PageUp: () => this.jump(-1),
      Home: () => this.show(-1),
      End: () => this.show(this.path().at(-1)),
    };
    const isTyping = ["INPUT", "SELECT"].includes(event.target.tagName);
    if (isTyping || !(event.key in actions)) return;
    actions[event.key]();
    event.preventDefault();
    event.stopPropagation();
  }

  point(event) {
    const name = event.target.closest("[data-name]")?.dataset.name;
    if (!name) return;
    this.which.value = name;
    this.fill();
    this.number.element.focus();
    this.number.element.select();
  }

  fill() {
    this.number.write(this.content.numbers[this.which.value]);
    this.number.show(this.content.numbers[this.which.value]);
  }

  receive() {
    this.content = this.card.get("content");
    this.fill();
    this.draw();
    this.card.say(this.content.message);
  }
}

function render(context) {
  const stepper = new Stepper(context);
  return () => stepper.card.close();
}

export default { render };

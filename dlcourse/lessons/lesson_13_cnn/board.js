// Every map that one digit excites in a network, and how any of their numbers came about.
//
// Python sends the stages of the network, all kernels, and all numbers of one digit; what is
// written out here is taken from these numbers.

import {
  bar,
  button,
  Card,
  clampIndex,
  floats,
  labelled,
  make,
  NumberField,
  switchOn,
} from "../../widgets/board.js";
import { grid, strongest, value } from "./arithmetic.js";
import { coloursOf, ink } from "./painting.js";
import { Panel } from "./panel.js";
import { Tiles } from "./tiles.js";
import { percent } from "./words.js";

class CNNBoard {
  constructor(context) {
    this.card = new Card(context, "cnn-board", "A digit on its way to the answer");
    const weights = floats(this.card.get("weights"));
    this.net = { stages: this.card.get("stages"), weights, values: null };
    this.waiting = false; // for the numbers of a drawn image
    this.drawn = null; // pixels to send when they have come
    this.tiles = new Tiles(this.net, (...map) => this.look(strongest(this.net, ...map)));
    this.panel = new Panel(this.net, {
      look: (row, column) => this.look([this.unit[0], this.unit[1], row, column]),
      draw: (pixels, isInk) => this.draw(pixels, isInk),
    });
    this.verdict = make("p", { className: "verdict", role: "status" });
    const controls = this.controls();
    const parts = [controls, this.card.status, this.verdict, this.tiles.element];
    this.card.root.append(...parts, this.panel.element);
    this.unit = [1, 0, 0, 0];
    this.card.on(["values"], () => this.receive()); // the answer comes with them
    this.receive();
    this.look(strongest(this.net, 1, 0));
  }

  controls() {
    const count = this.card.get("count");
    const choose = (number) => {
      this.card.say("");
      this.card.set({ digit: (number + count) % count });
    };
    const turn = (by) => choose(this.card.get("digit") + by);
    this.number = new NumberField({
      name: "Image",
      ...{ low: 0, high: count - 1, whole: true },
      take: choose,
      say: (words) => this.card.say(words),
    });
    const ask = (what) => {
      this.card.say("");
      this.card.send({ do: what });
    };
    this.misread = button("Next misread", "", () => ask("misread"));
    this.restore = button("Restore pixels", "undo what was drawn on the image", () =>
      ask("restore"),
    );
    return bar(
      button("◀ Previous", "the image before", () => turn(-1)),
      labelled("Image", this.number.element),
      button("Next ▶", "the next image", () => turn(1)),
      ...[this.misread, this.restore],
    );
  }

  // ---------------------------------------------------------------- what the learner does

  look([number, map, row, column]) {
    const [height, width] = grid(this.net.stages[number]);
    const next = [number, map, clampIndex(row, height), clampIndex(column, width)];
    if (next.join() === this.unit.join()) return;
    this.unit = next;
    this.showUnit();
  }

  // Only one message is on its way: what is drawn meanwhile goes together with the next.
  draw(pixels, isInk) {
    const before = this.drawn?.ink === isInk ? this.drawn.pixels : [];
    this.drawn = { ink: isInk, pixels: [...before, ...pixels] };
    this.flush();
  }

  flush() {
    if (this.waiting || !this.drawn) return;
    this.card.send({ draw: this.drawn });
    this.waiting = true;
    this.drawn = null;
  }

  // ---------------------------------------------------------------- what is shown

  receive() {
    this.waiting = false;
    this.net.values = floats(this.card.get("values"));
    this.painters = this.net.stages.map((stage) => this.painter(stage));
    const { answer, painted, misread } = this.card.get("answer");
    this.tiles.show(this.painters, answer);
    this.number.show(this.card.get("digit"));
    this.verdict.textContent = this.judge();
    this.misread.title = `${misread} of ${this.card.get("count")} images are misread`;
    switchOn(this.misread, misread > 0);
    switchOn(this.restore, painted > 0);
    this.showUnit();
    this.flush();
  }

  painter({ kind, low, high, shape, outputs }) {
    if (kind === "image") return (number) => ink((number - low) / (high - low));
    const size = shape.reduce((product, length) => product * length, 1);
    return coloursOf(this.net.values.subarray(outputs, outputs + size));
  }

  judge() {
    const { label, answer, painted } = this.card.get("answer");
    const last = this.net.stages.length - 1;
    const isShare = this.net.stages[last].activation === "softmax";
    const sure = isShare ? ` (${percent(value(this.net, [last, answer, 0, 0]))})` : "";
    const pixels = `${painted} pixel${painted > 1 ? "s" : ""}`;
    if (painted) return `A ${label} with ${pixels} painted over is read as ${answer}${sure}.`;
    return `A ${label}, read as ${answer}${sure}: ${answer === label ? "right" : "wrong"}.`;
  }

  showUnit() {
    this.tiles.mark(this.unit);
    this.panel.show(this.unit, this.painters);
  }
}

function render(context) {
  const board = new CNNBoard(context);
  return () => board.card.close();
}

export default { render };

// Draws a frame that Python computed, and reports what the learner does.
//
// The settings are synchronised traits: ipywidgets sends them when the kernel is idle and
// keeps only the newest, so fast clicks do not pile up. Commands go through `post`, which
// does the same. Frames are answered with their number once they have been drawn, while
// training every second one.

import {
  button,
  bytes,
  Card,
  chooser,
  fillChooser,
  floats,
  labelled,
  make,
} from "../../widgets/board.js";
import { Network } from "./network.js";
import { Curve, Plane } from "./plots.js";

const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const BATCHES = [1, 2, 5, 10, 20, 50, 100, 200];
const CALM = 5000; // milliseconds between two announcements to screen readers
const BESIDE = [760, 340]; // from this width on the plane stands beside the network, and so wide

class Playground {
  constructor(context) {
    this.card = new Card(context, "playground", "A network that trains live");
    this.choices = this.card.get("choices");
    this.outbox = new Map(); // newest content of each command
    this.waiting = false; // for the frame that answers what was sent
    this.shown = null; // layer and unit under the mouse or the focus, or null: the output
    this.announced = 0; // when a screen reader was last told something
    this.network = new Network(this.choices, this.actions());
    const { side, limit } = this.choices;
    this.plane = new Plane(side, limit, () => this.redraw());
    this.curve = new Curve();
    this.plane.element.append(this.curve.element);
    this.build();
    this.card.on(["frame"], () => this.receive());
    this.card.on(["points"], () => this.showDots());
    this.card.onWidth((width) => {
      this.network.fit(width < BESIDE[0] ? width : width - BESIDE[1]);
      this.draw();
    });
    this.showDots();
    this.receive();
  }

  actions() {
    return {
      layers: () => this.card.get("layers"),
      setLayers: (layers) => this.card.set({ layers: layers }),
      setWeight: (number, value) => {
        const changes = new Map(this.outbox.get("weights") ?? []);
        this.post("weights", [...changes.set(number, value)]);
      },
      look: (unit) => {
        this.shown = unit;
        this.draw();
      },
      say: (words) => this.card.say(words),
    };
  }

  // ---------------------------------------------------------------- what goes to Python

  post(command, content) {
    this.outbox.set(command, content);
    this.flush();
  }

  flush() {
    if (this.waiting || !this.outbox.size) return;
    this.waiting = true;
    this.card.send(Object.fromEntries(this.outbox));
    this.outbox.clear();
  }

  // ---------------------------------------------------------------- parts

  build() {
    this.message = make("p", { className: "message" });
    this.spoken = make("div", { className: "spoken", "aria-live": "polite" });
    const stage = make("div", { className: "body" }, this.network.element, this.plane.element);
    const words = [this.message, this.card.status];
    this.card.root.append(this.bar(), this.settings(), ...words, stage, this.spoken);
  }

  bar() {
    this.run = button("", "", () => this.card.set({ running: !this.card.get("running") }));
    this.run.className = "run";
    this.card.on(["running"], () => this.showRun());
    this.showRun();
    const step = () => this.post("step", (this.outbox.get("step") ?? 0) + 1);
    const reset = (weights) => () => this.post("reset", weights);
    this.epoch = make("strong");
    this.verdict = make("span");
    const attributes = { className: "bar", role: "toolbar", "aria-label": "Training" };
    return make(
      "div",
      attributes,
      this.run,
      button("Step", "train on one batch", step),
      button("Reset", "go back to the first weights", reset("same weights")),
      button("New weights", "start from other weights", reset("new weights")),
      ...[this.epoch, this.verdict],
    );
  }

  showRun() {
    const isRunning = this.card.get("running");
    this.run.textContent = isRunning ? "❚❚ Pause" : "▶ Run";
    this.run.title = isRunning ? "pause training" : "train, one epoch a frame";
  }

  settings() {
    const { data, activation, trained_by } = this.choices;
    const set = (values) => this.card.set(values);
    const attributes = { className: "settings", role: "group", "aria-label": "Settings" };
    return make(
      "div",
      attributes,
      this.choice("Data", "data", data, (value) => set({ data: value })),
      labelled("Noise", this.noise()),
      this.choice("Activation", "activation", activation, (value) => set({ activation: value })),
      this.choice("Learning rate", "learning_rate", RATES, (value) =>
        set({ learning_rate: Number(value) }),
      ),
      this.choice("Batch size", "batch_size", BATCHES, (value) =>
        set({ batch_size: Number(value) }),
      ),
      this.choice("Trained by", "trained_by", trained_by, (value) => set({ trained_by: value })),
    );
  }

  choice(words, name, values, action) {
    const control = chooser(values, action);
    const show = () => {
      const now = this.card.get(name);
      fillChooser(control, values.includes(now) ? values : [...values, now]);
      control.value = String(now);
    };
    this.card.on([name], show);
    show();
    return labelled(words, control);
  }

  noise() {
    const control = make("input", { type: "range", min: 0, max: 0.3, step: 0.01 });
    control.addEventListener("input", () => this.card.set({ noise: Number(control.value) }));
    const show = () => (control.value = this.card.get("noise"));
    this.card.on(["noise"], show);
    show();
    return control;
  }

  // ---------------------------------------------------------------- what comes from Python

  receive() {
    this.draw();
    this.waiting = false;
    if (document.hidden) return; // answered when somebody looks again
    const frame = this.card.get("frame");
    if (!this.card.get("running") || frame % 2 === 0) this.card.send({ drawn: frame });
    this.flush();
  }

  redraw() {
    this.draw();
    this.showDots();
  }

  showDots() {
    this.plane.showDots(floats(this.card.get("points")));
  }

  draw() {
    const { network } = this;
    this.status = network.status = this.card.get("status");
    network.build();
    const surfaces = bytes(this.card.get("surfaces"));
    network.show(surfaces, floats(this.card.get("weights")));
    const isThere = this.shown && network.units[this.shown[0]]?.[this.shown[1]];
    const [layer, unit] = isThere ? this.shown : [this.status.layers.length, 0];
    this.plane.show(network.surface(surfaces, layer, unit), this.captionOf(layer, unit));
    this.curve.show(floats(this.card.get("losses")), this.status);
    this.write();
  }

  captionOf(layer, unit) {
    if (layer === this.status.layers.length)
      return "Output of the network: blue above 0.5, orange below.";
    return `What ${this.network.name(layer, unit)} puts out: blue high, orange low.`;
  }

  write() {
    const { epoch, batch, batches, losses, right, message } = this.status;
    const [train, test] = losses.map((loss) => (loss === null ? "not finite" : loss.toFixed(3)));
    this.epoch.textContent = `Epoch ${epoch}${batch ? `, batch ${batch} of ${batches}` : ""}`;
    const points = `${right.toFixed(1)} % of test points right`;
    this.verdict.textContent = `loss: training ${train}, test ${test}; ${points}`;
    this.message.textContent = message;
    this.announce(`${message} Epoch ${epoch}. Training loss ${train}, test loss ${test}.`);
  }

  announce(words) {
    if (this.card.get("running") && performance.now() - this.announced < CALM) return;
    this.announced = performance.now();
    if (this.spoken.textContent !== words) this.spoken.textContent = words;
  }
}

function render(context) {
  const board = new Playground(context);
  const onVisible = () => document.hidden || board.receive();
  document.addEventListener("visibilitychange", onVisible);
  return () => {
    document.removeEventListener("visibilitychange", onVisible);
    board.card.send({ closed: true });
    board.card.close();
  };
}

export default { render };

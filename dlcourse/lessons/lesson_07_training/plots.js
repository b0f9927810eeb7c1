// The plane with its points, and the curve of the loss.

import { BLUE, css, make, VERMILION } from "../../widgets/board.js";
import { colourOf, paint, SHARP, SMOOTH } from "./pixels.js";

const [CURVE_LEFT, CURVE_TOP, CURVE_WIDTH, CURVE_HEIGHT] = [64, 24, 560, 160];

export class Plane {
  // `redraw` is called when the learner asks for another way of drawing.
  constructor(side, limit, redraw) {
    this.limit = limit;
    this.image = new ImageData(side, side);
    this.field = make("canvas", { width: side, height: side, className: "field", role: "img" });
    this.dots = make("canvas", { width: 640, height: 640, className: "dots" });
    this.dots.ariaHidden = "true";
    this.caption = make("figcaption");
    this.sharp = make("input", { type: "checkbox" });
    this.tested = make("input", { type: "checkbox", checked: true });
    for (const box of [this.sharp, this.tested]) box.addEventListener("change", redraw);
    const sharp = make("label", {}, this.sharp, "answer only");
    const tested = make("label", {}, this.tested, "test points (hollow)");
    this.element = make("figure", { className: "picture" });
    const plane = make("div", { className: "plane" }, this.field, this.dots);
    this.element.append(plane, this.caption, make("div", { className: "ticks" }, sharp, tested));
  }

  show(values, caption) {
    const colours = this.sharp.checked ? SHARP : SMOOTH;
    paint(this.field.getContext("2d"), this.image, values, colours);
    this.caption.textContent = caption;
    this.field.ariaLabel = `${caption} Both inputs go from ${-this.limit} to ${this.limit}.`;
  }

  // Points come as x1, x2, label; the first half is the training data.
  showDots(points) {
    const context = this.dots.getContext("2d");
    context.clearRect(0, 0, this.dots.width, this.dots.height);
    for (let i = 0; i < points.length; i += 3) {
      const isTest = i >= points.length / 2;
      if (isTest && !this.tested.checked) break;
      this.dot(context, points.subarray(i, i + 3), isTest);
    }
  }

  dot(context, [x1, x2, label], isTest) {
    const scale = this.dots.width / (2 * this.limit);
    const [x, y] = [(x1 + this.limit) * scale, (this.limit - x2) * scale];
    context.beginPath();
    if (label) context.rect(x - 6, y - 6, 12, 12);
    else context.arc(x, y, 7, 0, 7);
    context.lineWidth = 2;
    context.strokeStyle = isTest ? colourOf(label, 0.3) : "white";
    context.fillStyle = isTest ? "rgb(255 255 255 / 0.6)" : colourOf(label, 0.15);
    context.fill();
    context.stroke();
  }
}

export class Curve {
  constructor() {
    this.element = make("canvas", { width: 640, height: 220, className: "curve", role: "img" });
  }

  // Losses come as epoch, training loss, test loss.
  show(losses, { epoch, losses: [train, test] }) {
    const context = this.element.getContext("2d");
    const last = Math.max(1, losses.at(-3));
    const finite = losses.filter((loss, i) => i % 3 > 0 && Number.isFinite(loss));
    const top = finite.reduce((most, loss) => Math.max(most, loss), 0.1);
    this.frame(context, last, top);
    this.line(context, losses, 1, [last, top], [css(BLUE), []]);
    this.line(context, losses, 2, [last, top], [css(VERMILION), [10, 7]]);
    const now = `training ${train}, test ${test}`;
    this.element.ariaLabel = `Loss by epoch, up to epoch ${epoch}: ${now}.`;
  }

  frame(context, last, top) {
    const [left, bottom] = [CURVE_LEFT, CURVE_TOP + CURVE_HEIGHT];
    context.clearRect(0, 0, this.element.width, this.element.height);
    context.font = "24px sans-serif";
    context.fillStyle = context.strokeStyle = "#444";
    context.lineWidth = 1.5;
    context.strokeRect(left, CURVE_TOP, CURVE_WIDTH, CURVE_HEIGHT);
    context.textAlign = "right";
    context.fillText(top.toFixed(2), left - 6, 40);
    context.fillText("0", left - 6, bottom);
    context.fillText(`epoch ${Math.round(last)}`, left + CURVE_WIDTH, bottom + 28);
    context.textAlign = "left";
    context.fillText("loss: — training  - - test", left, bottom + 28);
  }

  line(context, losses, column, [last, top], [colour, dash]) {
    context.beginPath();
    for (let i = 0; i < losses.length; i += 3) {
      const loss = losses[i + column];
      if (!Number.isFinite(loss)) continue;
      const x = CURVE_LEFT + (losses[i] / last) * CURVE_WIDTH;
      const share = Math.min(loss, top) / top;
      context.lineTo(x, CURVE_TOP + (1 - share) * CURVE_HEIGHT);
    }
    context.strokeStyle = colour;
    context.lineWidth = 3;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }
}

// A picture that Python draws, with a crosshair that mouse or keyboard moves over it.
// Python gets {x, y} as fractions of the picture, from its upper left corner, and {tick: true}
// when it is time for the next picture of one that plays.

import { clamp, guard, make, MOVES } from "./board.js";

const STEP = 0.02; // of the picture, for one press of an arrow key
const PATIENCE = 400; // milliseconds

class Crosshair {
  constructor(frame, picture, model) {
    const send = (at) => model.send(at);
    Object.assign(this, { picture, send, model, waits: 0 });
    picture.draggable = false;
    picture.addEventListener("load", () => (this.waits = 0));
    this.cross = make("div", { className: "crosshair", hidden: true });
    frame.append(this.cross);
    this.place(0.5, 0.5);
    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    frame.addEventListener("focus", () => (this.cross.hidden = false));
    frame.addEventListener("blur", () => (this.cross.hidden = true));
    frame.addEventListener("click", (event) => this.point(event));
    frame.addEventListener("pointermove", (event) => this.drag(event));
    frame.addEventListener("keydown", (event) => this.press(event));
  }

  place(x, y) {
    [this.x, this.y] = [clamp(x, 0, 1), clamp(y, 0, 1)];
    this.cross.style.left = `${100 * this.x}%`;
    this.cross.style.top = `${100 * this.y}%`;
  }

  point({ clientX, clientY }) {
    const box = this.picture.getBoundingClientRect();
    this.place((clientX - box.left) / box.width, (clientY - box.top) / box.height);
    this.send({ x: this.x, y: this.y });
  }

  // A slow kernel is not flooded: the next place goes out when the last picture has come. None
  // comes for a place beside the axes, so the wait ends by itself.
  drag(event) {
    if (!this.model.get("drags") || event.buttons !== 1 || performance.now() < this.waits) return;
    this.waits = performance.now() + PATIENCE;
    this.point(event);
  }

  press(event) {
    if (event.key in MOVES) {
      const [down, right] = MOVES[event.key];
      const step = event.shiftKey ? STEP / 4 : STEP;
      this.place(this.x + step * right, this.y + step * down);
    } else if (event.key === "Enter" || event.key === " ") {
      this.send({ x: this.x, y: this.y });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function show(model, picture) {
  let address = null;
  const redraw = () => {
    const old = address;
    address = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    picture.src = address;
    if (old) URL.revokeObjectURL(old);
  };
  model.on("change:png", redraw);
  redraw();
  return () => URL.revokeObjectURL(address);
}

function describe(model, picture, frame) {
  picture.alt = model.get("description");
  if (!model.get("accepts_points")) return;
  const keys = "Arrow keys move the crosshair, Enter puts a point there.";
  frame.setAttribute("aria-label", `${picture.alt} ${keys}`);
}

// The next picture is asked for when Python has answered: a slow kernel is not flooded.
function play(model) {
  let timer = null;
  const next = () => {
    clearTimeout(timer);
    if (model.get("playing"))
      timer = setTimeout(() => model.send({ tick: true }), model.get("pace"));
  };
  model.on("change:ticks", next);
  model.on("change:playing", next);
  next();
  return () => clearTimeout(timer);
}

function render({ model, el }) {
  el.classList.add("dlcourse-live-figure");
  const picture = make("img");
  const frame = make("div", { className: "frame" }, picture);
  el.append(frame);
  if (model.get("accepts_points")) new Crosshair(frame, picture, model);
  const say = () => describe(model, picture, frame);
  model.on("change:description", say);
  say();
  const ends = [
    play(model),
    show(model, picture),
    guard(model, el, () => el.closest(".dlcourse-box") ?? el),
  ];
  return () => ends.forEach((end) => end());
}

export default { render };

// The kit under every board: colours, words, elements, fields for numbers, and the card around
// it all, which keeps its keys and says so when the kernel is gone.
//
// `script` in files.py puts this file in front of a board's own script.

// ------------------------------------------------------------------ colours

// Those of dlcourse/figures/style.py; a test compares. Orange is for areas and lines: as text it
// is too light to read, and `rust` takes its place.
export const BLUE = [0, 114, 178];
export const ORANGE = [230, 159, 0];
export const PURPLE = [84, 39, 136];
export const VERMILION = [213, 94, 0]; // what is pointed at
export const WHITE = [255, 255, 255];
export const BLACK = [0, 0, 0];

export const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;
export const mix = (from, to, part) => from.map((value, i) => value + part * (to[i] - value));

// Orange below zero, white at zero, blue (or another colour) above; `share` is from -1 to 1.
export const signedColour = (share, above = BLUE) =>
  mix(WHITE, share < 0 ? ORANGE : above, clamp(Math.abs(share), 0, 1));

// ------------------------------------------------------------------ numbers and words

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
export const clampIndex = (at, count) => clamp(at, 0, count - 1);
export const range = (count) => Array.from({ length: count }, (_, i) => i);

// A number in as few digits as say it, with a real minus sign.
export const short = (value, digits = 3) =>
  String(Number(value.toFixed(digits)) + 0).replace("-", "−");

// A number with all its digits, so that columns of them stay in place.
export const fixed = (value, digits = 3) => {
  const shown = value.toFixed(digits);
  return (Number(shown) === 0 ? (0).toFixed(digits) : shown).replace("-", "−");
};

// What arrives as bytes.
export const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
export const floats = (view) => new Float32Array(bytes(view).slice().buffer);

// ------------------------------------------------------------------ elements

// What an arrow key does to a row and a column.
export const MOVES = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

// An HTML element: properties, and attributes where the name has a dash or is "role".
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export const bar = (...children) => make("div", { className: "bar" }, ...children);
export const labelled = (words, control) =>
  make("label", {}, make("span", { textContent: words }), control);

// A button that is switched off keeps the focus, unlike one that is disabled.
export function button(words, title, action) {
  const made = make("button", { type: "button", textContent: words, title });
  made.addEventListener("click", () => made.ariaDisabled === "true" || action());
  return made;
}

export const switchOn = (control, isOn) => {
  control.ariaDisabled = String(!isOn);
};

// A choice among names, or among pairs of a value and a name.
export function chooser(choices, action, properties = {}) {
  const control = make("select", properties);
  control.addEventListener("change", () => action(control.value));
  fillChooser(control, choices);
  return control;
}

export function fillChooser(control, choices) {
  const pairs = choices.map((choice) => (Array.isArray(choice) ? choice : [choice, choice]));
  control.replaceChildren(...pairs.map(([value, words]) => new Option(words, value)));
}

// ------------------------------------------------------------------ fields for numbers

const LARGEST = 1e6; // beyond it float32 has no digits left after the point
const DIGITS = 6; // after the point, of what a field shows

// A field for a number. What is no number is put back, what lies outside the limits is moved to
// the nearest of them, and a sentence says so.
export class NumberField {
  // `say` gets that sentence, `take` a number that is in order. A field that is `live` hands
  // over what is typed at once, any other waits for Enter or for the focus to leave.
  constructor({ name, say, take, low = -LARGEST, high = LARGEST, whole = false, step, live }) {
    Object.assign(this, { name, say, take, low, high, whole, value: NaN, written: "" });
    this.element = make("input", { type: "number", "aria-label": name });
    this.element.step = step ?? (whole ? 1 : 0.1);
    if (low > -LARGEST) this.element.min = low; // else the arrow keys count from there
    if (high < LARGEST) this.element.max = high;
    this.element.addEventListener("change", () => this.commit());
    this.element.addEventListener("keydown", (event) => this.press(event));
    if (live) this.element.addEventListener("input", () => this.follow());
  }

  // Show the number that holds; what somebody is typing is left alone.
  show(value) {
    this.value = value;
    if (document.activeElement !== this.element || this.isUntouched)
      this.write(Number(value.toFixed(DIGITS)));
  }

  write(value) {
    this.element.value = this.written = String(value);
  }

  get isUntouched() {
    return this.element.value === this.written && !this.element.validity.badInput;
  }

  get isInOrder() {
    const typed = this.element.valueAsNumber;
    const fits = Number.isInteger(typed) || (!this.whole && Number.isFinite(typed));
    return fits && typed === clamp(typed, this.low, this.high);
  }

  follow() {
    if (this.isInOrder) this.hand(this.element.valueAsNumber);
  }

  commit() {
    if (this.isUntouched) return;
    const typed = this.element.valueAsNumber;
    const isRight = this.isInOrder;
    const nearest = clamp(this.whole ? Math.round(typed) : typed, this.low, this.high);
    if (Number.isFinite(typed)) this.hand(nearest);
    this.write(Number(this.value.toFixed(DIGITS)));
    if (!isRight) this.say(this.complaint());
  }

  complaint() {
    const kind = this.whole ? "a whole number" : "a number";
    const limits = `${kind} from ${short(this.low)} to ${short(this.high)}`;
    return `"${this.name}" takes ${limits}; ${this.element.value} stands there now.`;
  }

  hand(value) {
    if (value === this.value) return;
    this.value = value;
    this.take(value);
  }

  press(event) {
    if (event.key === "Enter") this.commit();
  }
}

// ------------------------------------------------------------------ keys and kernels

// JupyterLab cuts, inserts or deletes cells at single letters, unless the very element that has
// the focus carries this mark.
function keepKeys(inside) {
  const mark = ({ target }) => {
    if (inside()?.contains(target)) target.dataset.lmSuppressShortcuts = "true";
  };
  document.addEventListener("focusin", mark);
  return () => document.removeEventListener("focusin", mark);
}

const GONE = ["restarting", "autorestarting", "terminating", "dead"];

// Call `tell` when nobody will answer any more: the kernel was restarted, has ended, or is
// another one. Only JupyterLab's manager of widgets knows of all three.
function whenKernelIsGone(model, tell) {
  const manager = model.widget_manager;
  const session = manager?.context?.sessionContext ?? manager?.kernel;
  const onStatus = (_, status) => GONE.includes(status) && tell();
  model.on("comm_live_update", tell);
  session?.statusChanged?.connect(onStatus);
  session?.kernelChanged?.connect(tell);
  return () => {
    session?.statusChanged?.disconnect(onStatus);
    session?.kernelChanged?.disconnect(tell);
  };
}

const WAIT = 100; // milliseconds, until a board stands in the page

// ipywidgets gives the handle of a slider no name; the words stand beside it.
function nameSliders(box) {
  for (const handle of box.querySelectorAll(".noUi-handle")) {
    const words = handle.closest(".jupyter-widgets")?.querySelector(".widget-label")?.textContent;
    if (words && handle.ariaLabel !== words) handle.ariaLabel = words;
  }
}

// Name them now and whenever one is added or gets other words.
function keepNames(inside) {
  const watch = new MutationObserver(() => inside() && nameSliders(inside()));
  const start = setInterval(() => {
    if (!inside()) return;
    clearInterval(start);
    if (!inside().matches(".dlcourse-box")) return; // a board with a script has none
    nameSliders(inside());
    watch.observe(inside(), { childList: true, subtree: true });
  }, WAIT);
  return () => {
    clearInterval(start);
    watch.disconnect();
  };
}

// Leave the keys of all that `inside()` holds to its controls, name its sliders, and write into
// `el` when the kernel is gone. Returns what ends it.
export function guard(model, el, inside) {
  const notice = make("p", { className: "dlcourse-gone", role: "alert" });
  notice.style.cssText = "margin: 4px 0; font-weight: 600; color: var(--jp-error-color1, #a33f00)";
  const tell = () => {
    if (notice.isConnected) return;
    notice.textContent = "The kernel was restarted or has ended: run this cell again.";
    el.prepend(notice);
  };
  const ends = [keepKeys(inside), keepNames(inside), whenKernelIsGone(model, tell)];
  return () => ends.forEach((end) => end());
}

// ------------------------------------------------------------------ the card around a board

export class Card {
  // `name` is the board's in CSS, `label` what a screen reader calls it.
  constructor({ model, el }, name, label) {
    this.model = model;
    this.root = make("div", { className: `dlcourse-${name}`, role: "group", "aria-label": label });
    this.status = make("p", { className: "status", role: "status" });
    el.append(this.root);
    this.close = guard(model, this.root, () => this.root);
    model.on("msg:custom", ({ problem }) => problem && this.say(problem));
  }

  // Write a sentence that is read aloud, too.
  say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  get(name) {
    return this.model.get(name);
  }

  // Call `action` with the room for the board in pixels, now and whenever it changes.
  onWidth(action) {
    let before = 0;
    const watch = new ResizeObserver(([{ contentRect }]) => {
      const now = Math.round(contentRect.width);
      if (!now || now === before) return;
      before = now;
      action(now);
    });
    watch.observe(this.root);
  }

  // Draw again whenever one of these changes; anywidget ends it with the board.
  on(names, action) {
    for (const name of names) this.model.on(`change:${name}`, action);
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  send(content) {
    this.model.send(content);
  }
}

// Draws the numbers that Python computed; asks Python only when a gate is held or let go.

const GATES = ["i", "f", "g", "o"];
const NAMES = { i: "input gate i", f: "forget gate f", g: "candidate g", o: "output gate o", c: "cell c", h: "hidden h" };
const COLOURS = { i: "#009E73", f: "#C77F00", g: "#B0578D", o: "#0072B2", c: "#222", h: "#777" };
const LEFT = 118;
const ROW = 46; // height of a row of bars
const UNIT = 14; // height of a row of the map of cells

function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties))
    key.includes("-") || key === "role" ? element.setAttribute(key, value) : (element[key] = value);
  element.append(...children);
  return element;
}

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const text = (x, y, words, kind = "") => svg("text", { x, y, class: kind }, words);

const number = (value, digits = 3) => {
  const shown = value.toFixed(digits);
  return (Number(shown) === 0 ? (0).toFixed(digits) : shown).replace("-", "−");
};
const signed = (value) => (value < 0 ? `− ${number(-value)}` : `+ ${number(value)}`);

// Orange below zero, blue above, white at zero.
function shade(share) {
  const colour = share < 0 ? [199, 127, 0] : [0, 114, 178];
  return `rgb(${colour.map((part) => Math.round(255 + (part - 255) * Math.min(1, Math.abs(share)))).join(" ")})`;
}

function render({ model, el }) {
  let content = model.get("content");
  let hovered = null;
  let drawn = ""; // the shape that the drawing was built for
  let bars = {}, cells = [], inputs = [], answers = [], marks = [];
  let width = 30;

  // ------------------------------------------------------------ the parts

  const stage = svg("svg", {
    role: "application",
    tabindex: 0,
    "aria-label":
      "The run of the LSTM. Right and left arrow: steps. Up and down arrow: units. Home and end: " +
      "first and last step. Keys i, f and o hold that gate at this step, shut, then open, then " +
      "let go; with shift, at every step. Escape lets all gates go.",
  });
  const option = (value, words) => make("option", { value, textContent: words });
  const button = (words, title, action) => make("button", { type: "button", textContent: words, title, onclick: action });
  const labelled = (words, control) => make("label", {}, words, control);

  const sequence = make("select", { "aria-label": "sequence", onchange: () => model.send({ read: sequence.value }) });
  const unit = make("select", { "aria-label": "unit", onchange: () => go(step(), Number(unit.value)) });
  const back = button("◀", "one step back (left arrow)", () => go(step() - 1));
  const next = button("▶", "one step on (right arrow)", () => go(step() + 1));
  back.setAttribute("aria-label", "one step back");
  next.setAttribute("aria-label", "one step on");
  const counter = make("span", { className: "counter" });
  const gate = make("select", { "aria-label": "gate" }, option("f", "forget gate"), option("i", "input gate"), option("o", "output gate"));
  const value = make("input", { "aria-label": "value", type: "number", min: 0, max: 1, step: 0.1, value: 0 });
  const span = make("select", { "aria-label": "steps" }, option("step", "this step"), option("all", "every step"));
  const whose = make("select", { "aria-label": "units" }, option("unit", "this unit"), option("all", "all units"));
  const wish = (gateName, amount, everyStep, allUnits) =>
    model.send({
      hold: { gate: gateName, value: amount, step: everyStep ? null : step(), unit: model.get("unit"), all_units: allUnits },
    });
  const byControls = (amount) => wish(gate.value, amount, span.value === "all", whose.value === "all");
  const hold = button("Hold", "hold the gate at this value", () => {
    const amount = value.valueAsNumber;
    if (amount >= 0 && amount <= 1) byControls(amount);
    else status.textContent = "A gate is held between 0 (shut) and 1 (open).";
  });
  const letGo = button("Let go", "let the network set this gate again", () => byControls(null));
  const letAllGo = button("Let all go", "let the network set all gates again (Escape)", () => model.send({ let_go: true }));

  const sums = make("div", { className: "sums" });
  const status = make("p", { className: "status", role: "status", "aria-live": "polite" });
  const bar = (...children) => make("div", { className: "bar" }, ...children);
  const card = make(
    "div",
    { className: "dlcourse-gate-inspector", "data-lm-suppress-shortcuts": "true" },
    bar(labelled("Read ", sequence), labelled("Unit ", unit), back, next, counter),
    make("div", { className: "stage" }, stage, sums),
    bar(labelled("Hold the ", gate), labelled("at ", value), labelled("for ", span), labelled("in ", whose), hold, letGo, letAllGo),
    status,
  );
  el.append(card);

  // ------------------------------------------------------------ where we are

  const steps = () => content.inputs.length;
  const units = () => content.cell[0].length;
  const clamp = (x, top) => Math.max(0, Math.min(top, x));
  const step = () => clamp(model.get("position"), steps() - 1);

  function go(to, which = model.get("unit")) {
    hovered = null;
    model.set("position", clamp(to, steps() - 1));
    model.set("unit", clamp(which, units() - 1));
    model.save_changes();
    draw();
    status.textContent = spoken();
  }

  // ------------------------------------------------------------ the drawing

  const top = (row) => 34 + units() * UNIT + 30 + row * (ROW + 8);

  function build() {
    drawn = JSON.stringify([steps(), units()]);
    width = Math.max(14, Math.min(40, 640 / steps()));
    const x = (t) => LEFT + t * width;
    const height = top(6) + 26;
    stage.setAttribute("viewBox", `0 0 ${LEFT + steps() * width + 10} ${height}`);
    stage.style.maxWidth = `${LEFT + steps() * width + 10}px`;
    const band = svg("rect", { y: 14, width, height: height - 18, class: "band" });
    const chosen = svg("rect", { x: LEFT - 3, width: steps() * width + 6, height: UNIT, class: "chosen" });
    marks = [band, chosen];
    inputs = content.inputs.map((_, t) => text(x(t + 0.5), 27, "", "symbol"));
    answers = content.answers.map((_, t) => text(x(t + 0.5), height - 12, "", "symbol answer"));
    cells = Array.from({ length: units() }, (_, u) =>
      content.inputs.map((_, t) => svg("rect", { x: x(t), y: 34 + u * UNIT, width: width - 1, height: UNIT - 1 })));
    bars = {};
    const parts = [band, text(LEFT - 8, 27, "reads", "row"), ...inputs, ...cells.flat(), chosen];
    for (let u = 0; u < units(); u++) parts.push(text(LEFT - 8, 34 + u * UNIT + 11, u === 0 ? "cells, unit 0" : String(u), "row small"));
    for (const [row, name] of Object.keys(NAMES).entries()) {
      const low = top(row) + ROW;
      const zero = "ifo".includes(name) ? low : low - ROW / 2;
      parts.push(
        text(LEFT - 8, low - ROW / 2 + 4, NAMES[name], "row"),
        svg("rect", { x: LEFT, y: low - ROW, width: steps() * width, height: ROW, class: "frame" }),
        svg("line", { x1: LEFT, x2: LEFT + steps() * width, y1: zero, y2: zero }),
      );
      bars[name] = content.inputs.map((_, t) => svg("rect", { x: x(t) + 2, width: width - 4, fill: COLOURS[name] }));
      parts.push(...bars[name]);
      if ("ifo".includes(name)) {
        bars[`${name} held`] = content.inputs.map((_, t) => svg("rect", { x: x(t) + 1, y: low - ROW, width: width - 2, height: ROW, class: "held" }));
        parts.push(...bars[`${name} held`]);
      }
    }
    parts.push(text(LEFT - 8, height - 12, "answers", "row"), ...answers);
    stage.replaceChildren(...parts);
    sequence.replaceChildren(...content.sequences.map((name) => option(name, name)));
    unit.replaceChildren(...Array.from({ length: units() }, (_, u) => option(u, u)));
  }

  function values(name, u) {
    if (name === "c") return content.cell.slice(1).map((row) => row[u]);
    if (name === "h") return content.hidden.slice(1).map((row) => row[u]);
    return content.gates[name].map((row) => row[u]);
  }

  function draw() {
    if (drawn !== JSON.stringify([steps(), units()])) build();
    const t = hovered ?? step();
    const u = clamp(model.get("unit"), units() - 1);
    const most = Math.max(1, ...content.cell.flat().map(Math.abs));
    const largest = Math.max(1, ...content.cell.map((row) => Math.abs(row[u])));
    for (const [row, name] of Object.keys(NAMES).entries()) {
      const low = top(row) + ROW;
      const gateLike = "ifo".includes(name);
      const scale = gateLike ? ROW : ROW / 2 / (name === "c" ? largest : 1);
      const zero = gateLike ? low : low - ROW / 2;
      values(name, u).forEach((value, at) => {
        const length = Math.abs(value) * scale;
        bars[name][at].setAttribute("y", value < 0 ? zero : zero - length);
        bars[name][at].setAttribute("height", Math.max(0.8, length));
        if (gateLike) bars[`${name} held`][at].setAttribute("visibility", content.held[name][at][u] ? "visible" : "hidden");
      });
    }
    cells.forEach((row, which) => row.forEach((cell, at) => cell.setAttribute("fill", shade(content.cell[at + 1][which] / most))));
    inputs.forEach((label, at) => (label.textContent = content.inputs[at]));
    answers.forEach((label, at) => (label.textContent = content.answers[at]));
    marks[0].setAttribute("x", LEFT + t * width);
    marks[1].setAttribute("y", 34 + u * UNIT - 0.5);
    sequence.value = content.sequence;
    unit.value = u;
    counter.textContent = `step ${t} of ${steps() - 1}, reads ${content.inputs[t]}`;
    back.disabled = step() === 0;
    next.disabled = step() === steps() - 1;
    write(t, u);
  }

  function write(t, u) {
    const line = (name, ...words) => {
      const label = make("b", { textContent: name });
      label.style.color = COLOURS[name];
      return make("p", {}, label, ...words);
    };
    const gateLine = (name) => {
      const [x, h, b] = [content.from_x[name][t][u], content.from_h[name][t][u], content.bias[name][u]];
      const squash = name === "g" ? "tanh" : "σ";
      const rest = content.held[name][t][u]
        ? `; held at ${number(content.gates[name][t][u])}`
        : "";
      return line(name, ` = ${squash}(${number(x)} ${signed(h)} ${signed(b)}) = ${number(content.computed[name][t][u])}`, make("em", { textContent: rest }));
    };
    const [i, f, g, o] = GATES.map((name) => content.gates[name][t][u]);
    const [before, after, h] = [content.cell[t][u], content.cell[t + 1][u], content.hidden[t + 1][u]];
    sums.replaceChildren(
      make("h4", { textContent: `Unit ${u}, step ${t}, reads ${content.inputs[t]}` }),
      make("p", { className: "hint", textContent: "gate = squash(from x + from h + bias)" }),
      ...GATES.map(gateLine),
      line("c", ` = f · c before + i · g`),
      make("p", { textContent: ` = ${number(f)} · ${number(before)} ${signed(i * g)} = ${number(after)}` }),
      line("h", ` = o · tanh(c)`),
      make("p", { textContent: ` = ${number(o)} · ${number(Math.tanh(after))} = ${number(h)}` }),
      make("p", { textContent: `The network answers ${content.answers[t] || "nothing"}.` }),
    );
  }

  function spoken() {
    const [t, u] = [step(), model.get("unit")];
    const gates = GATES.map((name) => `${name} ${number(content.gates[name][t][u])}${content.held[name][t][u] ? " held" : ""}`).join(", ");
    return `Unit ${u}, step ${t}, reads ${content.inputs[t]}: ${gates}; c goes from ${number(content.cell[t][u])} to ${number(content.cell[t + 1][u])}, h is ${number(content.hidden[t + 1][u])}. Answer: ${content.answers[t] || "none"}.`;
  }

  // ------------------------------------------------------------ what the learner does

  // Shut, then open, then let go.
  function cycle(name, everyStep) {
    const [t, u] = [step(), model.get("unit")];
    const held = content.held[name][t][u];
    const now = content.gates[name][t][u];
    wish(name, !held ? 0 : now === 0 ? 1 : null, everyStep, false);
  }

  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      ArrowRight: () => go(step() + 1),
      ArrowLeft: () => go(step() - 1),
      ArrowUp: () => go(step(), model.get("unit") - 1),
      ArrowDown: () => go(step(), model.get("unit") + 1),
      Home: () => go(0),
      End: () => go(steps() - 1),
      Escape: () => model.send({ let_go: true }),
    };
    const letter = event.key.toLowerCase();
    if (event.key in actions) actions[event.key]();
    else if (["i", "f", "o"].includes(letter)) cycle(letter, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function stepAt(event) {
    const box = stage.getBoundingClientRect();
    const scale = stage.viewBox.baseVal.width / box.width;
    const t = Math.floor(((event.clientX - box.left) * scale - LEFT) / width);
    return t >= 0 && t < steps() ? t : null;
  }

  stage.addEventListener("mousemove", (event) => {
    const t = stepAt(event);
    if (t === hovered) return;
    hovered = t;
    draw();
  });
  stage.addEventListener("mouseleave", () => {
    hovered = null;
    draw();
  });
  stage.addEventListener("click", (event) => {
    const t = stepAt(event);
    if (t === null) return;
    const box = stage.getBoundingClientRect();
    const y = ((event.clientY - box.top) * stage.viewBox.baseVal.height) / box.height;
    const u = Math.floor((y - 34) / UNIT);
    go(t, u >= 0 && u < units() ? u : model.get("unit"));
  });

  // ------------------------------------------------------------ what comes from Python

  const onContent = () => {
    content = model.get("content");
    hovered = null;
    draw();
    status.textContent = content.message;
  };
  const onPlace = () => draw();
  model.on("change:content", onContent);
  model.on("change:position", onPlace);
  model.on("change:unit", onPlace);
  onContent();
  return () => {
    model.off("change:content", onContent);
    model.off("change:position", onPlace);
    model.off("change:unit", onPlace);
  };
}

export default { render };

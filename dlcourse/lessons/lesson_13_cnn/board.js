// Every map that one digit excites in a network, and how any of their numbers came about.
//
// Python sends the stages of the network, all kernels, and all numbers of one digit
// (cnn_board.py says how they lie). What is written out here is taken from these numbers, and
// tests/browser/test_cnn_board.py holds it against dlcourse.nn.
//
// A unit is [stage, map, row, column], all counted from zero; a unit of a dense stage is a map
// of its own, of one row and one column.

// ------------------------------------------------------------------ arithmetic

export const grid = (stage) => (stage.shape.length === 3 ? stage.shape : [1, 1, stage.shape[0]]);

// The value of one unit; `which` is "outputs", or "sums" before the activation.
export function value(net, [number, map, row, column], which = "outputs") {
  const stage = net.stages[number];
  const [, width, maps] = grid(stage);
  return net.values[stage[which] + (row * width + column) * maps + map];
}

// The unit of a map with the largest value: a good place to start looking.
export function strongest(net, number, map) {
  const [height, width] = grid(net.stages[number]);
  let best = [number, map, 0, 0];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      if (value(net, [number, map, row, column]) > value(net, best)) best = [number, map, row, column];
  return best;
}

// First and last row, first and last column that a unit sees of the stage below it.
export function windowOf(net, [number, , top, left], bottom = top, right = left) {
  const stage = net.stages[number];
  const [height, width] = grid(net.stages[number - 1]);
  if (stage.kind === "dense") return [0, height - 1, 0, width - 1];
  const first = (at, axis) => at * stage.strides[axis] - stage.before[axis];
  const last = (at, axis) => first(at, axis) + stage.window[axis] - 1;
  return [first(top, 0), last(bottom, 0), first(left, 1), last(right, 1)];
}

// What a unit sees of every stage below, down to the image: { stage: [top, bottom, left, right] }.
export function seen(net, unit) {
  const boxes = {};
  let box = [unit[2], unit[2], unit[3], unit[3]];
  for (let number = unit[0]; number > 0; number--) {
    box = windowOf(net, [number, 0, box[0], box[2]], box[1], box[3]);
    boxes[number - 1] = box;
  }
  return boxes;
}

// What each map below adds to the sum of a unit: its pixels, the weights on them, the products' sum.
export function parts(net, unit) {
  const [number, map] = unit;
  const stage = net.stages[number];
  const below = net.stages[number - 1];
  const [height, width, sources] = grid(below);
  const [, , maps] = grid(stage);
  const [top, bottom, left, right] = windowOf(net, unit);
  const found = [];
  for (let source = 0; source < sources; source++) {
    const part = { source, rows: bottom - top + 1, columns: right - left + 1, pixels: [], weights: [] };
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) {
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        part.pixels.push(inside ? value(net, [number - 1, source, row, column]) : stage.background);
        const place = ((row - top) * part.columns + column - left) * sources + source;
        part.weights.push(stage.kind === "pool" ? 1 : net.weights[stage.kernel + place * maps + map]);
      }
    part.sum = part.pixels.reduce((sum, pixel, i) => sum + pixel * part.weights[i], 0);
    if (stage.kind !== "pool" || source === map) found.push(part);
  }
  return found;
}

// ------------------------------------------------------------------ words

const MINUS = "\u2212";
const text = (number, digits = 3) => {
  const rounded = Number(number.toFixed(digits)) + 0;
  return String(rounded).replace("-", MINUS);
};
const signed = (number) => (number < 0 ? "" : "+") + text(number);
const percent = (number) => `${text(100 * number, 1)} %`;

const nameOf = (net, [number, map]) => {
  const stage = net.stages[number];
  if (stage.kind === "image") return "image";
  return stage.kind === "dense" ? `${stage.name}, unit ${map}` : `${stage.name}, map ${map}`;
};

// A unit in words: where it is, what it is made of.
export function explain(net, unit) {
  const stage = net.stages[unit[0]];
  const where =
    stage.kind === "dense" ? nameOf(net, unit) : `${nameOf(net, unit)}, row ${unit[2]}, column ${unit[3]}`;
  const output = value(net, unit);
  if (stage.kind === "image") return `${where}: ${text(output)}.`;
  const all = parts(net, unit);
  if (stage.kind === "pool")
    return `${where}: the largest of ${all[0].pixels.filter((p) => p !== undefined).map((p) => text(p)).join(", ")} is ${text(output)}.`;
  const sum = value(net, unit, "sums");
  const products = all.reduce((total, part) => total + part.sum, 0);
  const count = all.reduce((total, part) => total + part.pixels.length, 0);
  let words = `${where}: ${count} products add up to ${text(products)}; with the bias ${text(sum - products)} that is ${text(sum)}.`;
  if (stage.activation === "softmax")
    words += ` Softmax sets it against the others: probability ${percent(output)}.`;
  else if (stage.activation) words += ` After ${stage.activation === "relu" ? "ReLU" : stage.activation}: ${text(output)}.`;
  return words;
}

// ------------------------------------------------------------------ colours

const ENDS = { ink: [0, 0, 0], below: [179, 88, 6], above: [84, 39, 136] };
const colour = (share, end) => end.map((c) => Math.round(255 + (c - 255) * Math.min(1, Math.max(0, share))));
const signedColour = (share) => colour(Math.abs(share), share < 0 ? ENDS.below : ENDS.above);

// A function from values to colours: ink where nothing is negative, orange and purple else.
function colours(values, low = 0) {
  let largest = 1e-9;
  let negative = false;
  for (const number of values) {
    largest = Math.max(largest, Math.abs(number - low));
    negative ||= number < low;
  }
  return negative
    ? (number) => signedColour(number / largest)
    : (number) => colour((number - low) / largest, ENDS.ink);
}

function paint(canvas, rows, columns, colourAt) {
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(columns, rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      pixels.data.set([...colourAt(row, column), 255], 4 * (row * columns + column));
  context.putImageData(pixels, 0, 0);
}

// ------------------------------------------------------------------ the board

const MOST_PARTS = 12; // written out; the others are added up
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const clamp = (at, end) => Math.min(end - 1, Math.max(0, at));

function element(parent, name, className = "", content = "", attributes = {}) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content) made.textContent = content;
  for (const [key, setting] of Object.entries(attributes)) made.setAttribute(key, setting);
  parent.append(made);
  return made;
}

const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

function render({ model, el }) {
  const root = element(el, "div", "dlcourse-cnn-board");
  const net = { stages: model.get("stages"), weights: floats(model.get("weights")), values: null };
  let unit = [1, 0, 0, 0];
  let painters = [];

  // -------------------------------------------------------------- controls

  const bar = element(root, "div", "bar");
  const button = (name, action) => {
    const made = element(bar, "button", "", name, { type: "button" });
    made.addEventListener("click", action);
    return made;
  };
  const choose = (number) => {
    const count = model.get("count");
    model.set("digit", (number + count) % count);
    model.save_changes();
  };
  button("◀ Previous", () => choose(model.get("digit") - 1));
  const wrapped = element(bar, "label");
  element(wrapped, "span", "", "Image");
  const chosen = element(wrapped, "input", "", "", {
    type: "number", min: 0, max: model.get("count") - 1, step: 1, "data-lm-suppress-shortcuts": "true",
  });
  chosen.addEventListener("change", () => {
    choose(clamp(Math.round(Number(chosen.value)) || 0, model.get("count")));
    chosen.value = model.get("digit");
  });
  button("Next ▶", () => choose(model.get("digit") + 1));
  const misread = button("Next misread", () => model.send({ do: "misread" }));
  const restore = button("Restore pixels", () => model.send({ do: "restore" }));
  const verdict = element(root, "p", "verdict", "", { role: "status" });

  // -------------------------------------------------------------- tiles, a row a stage

  const rows = element(root, "div", "stages");
  const tiles = net.stages.map((stage, number) => {
    const row = element(rows, "div", "stage", "", { role: "group", "aria-label": stage.name });
    const [height, width, maps] = grid(stage);
    const size = stage.kind === "dense" ? "units" : `${height} × ${width}`;
    const caption = element(row, "div", "caption");
    element(caption, "strong", "", stage.name);
    element(caption, "span", "", stage.kind === "dense" ? `${maps} ${size}` : `${maps} of ${size}`);
    const list = element(row, "div", `tiles ${number === net.stages.length - 1 ? "answers" : ""}`);
    return Array.from({ length: maps }, (_, map) => {
      const tile = element(list, "button", `tile ${stage.kind}`, "", {
        type: "button", tabindex: -1, "data-unit": `${number},${map}`, "data-lm-suppress-shortcuts": "true",
      });
      const picture = element(tile, "span", "picture");
      const canvas = element(picture, "canvas");
      const box = element(picture, "i", "box");
      const words = element(tile, "span", "words");
      tile.addEventListener("focus", () => look(strongest(net, number, map)));
      tile.addEventListener("click", () => look(strongest(net, number, map)));
      tile.addEventListener("keydown", (event) => moveTile(event, number, map));
      return { tile, canvas, box, words };
    });
  });

  function moveTile(event, number, map) {
    if (!(event.key in MOVES)) return;
    const [down, right] = MOVES[event.key];
    const next = clamp(number + down, tiles.length);
    const share = (map + 0.5) / tiles[number].length;
    const at = down ? Math.floor(share * tiles[next].length) : clamp(map + right, tiles[number].length);
    tiles[next][at].tile.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  // -------------------------------------------------------------- one map, and one unit of it

  const panel = element(root, "div", "panel");
  const large = element(panel, "div", "large", "", {
    tabindex: 0, role: "application", "data-lm-suppress-shortcuts": "true",
  });
  const largeCanvas = element(large, "canvas");
  const cursor = element(large, "i", "cursor");
  const details = element(panel, "div", "details");
  const sentence = element(details, "p", "sentence", "", { role: "status" });
  const table = element(details, "div", "parts");
  const rest = element(details, "p", "rest");

  large.addEventListener("keydown", (event) => {
    if (event.key in MOVES) {
      const [down, right] = MOVES[event.key];
      look([unit[0], unit[1], unit[2] + down, unit[3] + right]);
    } else if ((event.key === "Enter" || event.key === " ") && unit[0] === 0) {
      model.send({ paint: [unit[2], unit[3]] });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  const under = (event) => {
    const bounds = largeCanvas.getBoundingClientRect();
    const [height, width] = grid(net.stages[unit[0]]);
    return [
      Math.floor(((event.clientY - bounds.top) / bounds.height) * height),
      Math.floor(((event.clientX - bounds.left) / bounds.width) * width),
    ];
  };
  large.addEventListener("pointermove", (event) => look([unit[0], unit[1], ...under(event)]));
  large.addEventListener("click", (event) => {
    look([unit[0], unit[1], ...under(event)]);
    if (unit[0] === 0) model.send({ paint: [unit[2], unit[3]] });
  });

  function look([number, map, row, column]) {
    const [height, width] = grid(net.stages[number]);
    const next = [number, map, clamp(row, height), clamp(column, width)];
    if (next.join() !== unit.join()) {
      unit = next;
      showUnit();
    }
  }

  // -------------------------------------------------------------- drawing

  function showValues() {
    net.values = floats(model.get("values"));
    painters = net.stages.map((stage) => {
      const [height, width, maps] = grid(stage);
      if (stage.kind === "image") return (number) => colour((number - stage.low) / (stage.high - stage.low), ENDS.ink);
      return colours(net.values.subarray(stage.outputs, stage.outputs + height * width * maps));
    });
    const { label, answer, painted, misread: wrong } = model.get("answer");
    tiles.forEach((row, number) => {
      const stage = net.stages[number];
      const [height, width] = grid(stage);
      row.forEach(({ tile, canvas, words }, map) => {
        paint(canvas, height, width, (r, c) => painters[number](value(net, [number, map, r, c])));
        let spoken = nameOf(net, [number, map]);
        if (stage.name === "answer") {
          const output = value(net, [number, map, 0, 0]);
          const shown = stage.activation === "softmax" ? percent(output) : text(output, 2);
          words.textContent = `${map}: ${shown}`;
          tile.classList.toggle("best", map === answer);
          spoken = `answer ${map}: ${shown}`;
        }
        tile.setAttribute("aria-label", spoken);
      });
    });
    if (document.activeElement !== chosen) chosen.value = model.get("digit"); // not while typing
    const last = net.stages.length - 1;
    const sure = net.stages[last].activation === "softmax" ? ` (${percent(value(net, [last, answer, 0, 0]))})` : "";
    const right = answer === label ? "right" : "wrong";
    verdict.textContent = painted
      ? `A ${label} with ${painted} pixel${painted > 1 ? "s" : ""} painted over is read as ${answer}${sure}.`
      : `A ${label}, read as ${answer}${sure}: ${right}.`;
    misread.disabled = !wrong;
    misread.title = `${wrong} of ${model.get("count")} images are misread`;
    restore.disabled = !painted;
    showUnit();
  }

  function showUnit() {
    const [number, map, row, column] = unit;
    const stage = net.stages[number];
    const [height, width] = grid(stage);
    const boxes = seen(net, unit);
    tiles.forEach((list, at) =>
      list.forEach(({ tile, box }, which) => {
        const current = at === number && which === map;
        tile.tabIndex = current ? 0 : -1;
        tile.setAttribute("aria-pressed", current);
        const part = current ? [row, row, column, column] : boxes[at];
        const related = part && (stage.kind !== "pool" || at !== number - 1 || which === map);
        box.hidden = !related || net.stages[at].kind === "dense";
        if (related) frame(box, part, grid(net.stages[at]));
      }),
    );
    paint(largeCanvas, height, width, (r, c) => painters[number](value(net, [number, map, r, c])));
    const side = Math.min(200 / Math.max(height, width), 28);
    large.style.width = `${side * width}px`;
    large.style.height = `${side * height}px`;
    frame(cursor, [row, row, column, column], [height, width]);
    const painting = number === 0 ? " Enter paints the pixel." : "";
    large.setAttribute("aria-label", `${nameOf(net, unit)}, enlarged. Arrow keys choose a number.${painting}`);
    sentence.textContent = explain(net, unit) + (number === 0 ? " Click or press Enter to turn ink to paper, paper to ink." : "");
    showParts();
  }

  function frame(box, [top, bottom, left, right], [height, width]) {
    const [a, b] = [clamp(top, height), clamp(left, width)];
    box.style.top = `${(100 * a) / height}%`;
    box.style.left = `${(100 * b) / width}%`;
    box.style.height = `${(100 * (clamp(bottom, height) - a + 1)) / height}%`;
    box.style.width = `${(100 * (clamp(right, width) - b + 1)) / width}%`;
  }

  function showParts() {
    const stage = net.stages[unit[0]];
    table.replaceChildren();
    rest.textContent = "";
    if (stage.kind === "image") return;
    const all = parts(net, unit);
    if (stage.kind !== "pool") all.sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
    const shown = all.slice(0, MOST_PARTS);
    const weightColour = colours([...shown.flatMap((part) => part.weights), -1e-6]);
    const below = unit[0] - 1;
    for (const part of shown) {
      const column = element(table, "div", "part");
      const source = net.stages[below].kind === "image" ? "image" : `${part.source}`;
      element(column, "div", "source", source);
      const at = (list) => (row, c) => list[row * part.columns + c];
      picture(column, part, (r, c) => painters[below](at(part.pixels)(r, c) ?? 0));
      if (stage.kind === "pool") continue;
      picture(column, part, (r, c) => weightColour(at(part.weights)(r, c)));
      element(column, "div", "sum", signed(part.sum));
    }
    if (stage.kind === "pool") return;
    const hidden = all.slice(MOST_PARTS);
    const total = hidden.reduce((sum, part) => sum + part.sum, 0);
    const legend = "Above: what it sees of each map below. Under it: the weights, and the sum of the products.";
    rest.textContent = hidden.length ? `${legend} The other ${hidden.length} maps add ${text(total)}.` : legend;
  }

  function picture(parent, { rows: height, columns: width }, colourAt) {
    const canvas = element(parent, "canvas", "", "", { "aria-hidden": "true" });
    paint(canvas, height, width, colourAt);
    const side = Math.min(44 / Math.max(height, width), 14);
    canvas.style.width = `${side * width}px`;
    canvas.style.height = `${side * height}px`;
  }

  model.on("change:values", showValues); // the answer comes with them
  showValues();
  look(strongest(net, 1, 0));
}

export default { render };

// Draws a frame that Python computed, and reports what the learner does.
//
// The settings are synchronised traits: ipywidgets sends them when the kernel is idle and
// keeps only the newest, so fast clicks do not pile up. Commands go through `post`, which
// does the same. Frames are answered with their number once they have been drawn, while
// training every second one.

const UNIT = 42; // pixels along a side of a unit's picture
const [WIDTH, HEIGHT] = [600, 8 * 52]; // of the network
const ORANGE = [230, 159, 0];
const WHITE = [255, 255, 255];
const BLUE = [0, 114, 178];
const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const BATCHES = [1, 2, 5, 10, 20, 50, 100, 200];
const CALM = 5000; // milliseconds between two announcements to screen readers

// Byte 0 is orange, the middle white, 255 blue; the sharp palette knows two colours only.
const mix = (a, b, part) => a.map((value, i) => Math.round(value + part * (b[i] - value)));
const palette = (colour) =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    const [r, g, b] = colour(byte / 127.5 - 1);
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
const SMOOTH = palette((value) => mix(WHITE, value < 0 ? ORANGE : BLUE, 0.75 * Math.abs(value)));
const SHARP = palette((value) => mix(WHITE, value < 0 ? ORANGE : BLUE, 0.45));
const css = (colour) => `rgb(${colour.join(" ")})`;

function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties))
    key.includes("-") || key === "role"
      ? element.setAttribute(key, value)
      : (element[key] = value);
  element.append(...children);
  return element;
}

function svg(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function render({ model, el }) {
  const { side, limit, most_layers, most_units, ...options } = model.get("choices");

  // ------------------------------------------------------------ what goes to Python

  const outbox = new Map(); // newest content of each command
  let waiting = false;
  const flush = () => {
    if (waiting || !outbox.size) return;
    waiting = true;
    model.send(Object.fromEntries(outbox));
    outbox.clear();
  };
  const post = (command, content) => {
    outbox.set(command, content);
    flush();
  };
  const choose = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };

  // ------------------------------------------------------------ the parts of the board

  const button = (text, name, action) =>
    make("button", { type: "button", textContent: text, title: name, onclick: action });
  const labelled = (text, control) => make("label", {}, make("span", { textContent: text }), control);
  const select = (name, values, number = false) => {
    const control = make("select", {
      onchange: () => choose(name, number ? Number(control.value) : control.value),
    });
    const show = () => {
      const now = String(model.get(name));
      const shown = values.map(String);
      if (!shown.includes(now)) shown.push(now);
      control.replaceChildren(...shown.map((value) => make("option", { value, textContent: value })));
      control.value = now;
    };
    model.on(`change:${name}`, show);
    show();
    return control;
  };
  const noise = make("input", { type: "range", min: 0, max: 0.3, step: 0.01 });
  noise.oninput = () => choose("noise", Number(noise.value));
  const showNoise = () => (noise.value = model.get("noise"));
  model.on("change:noise", showNoise);
  showNoise();

  const run = button("", "", () => choose("running", !model.get("running")));
  run.className = "run";
  const showRun = () => {
    const running = model.get("running");
    run.textContent = running ? "❚❚ Pause" : "▶ Run";
    run.title = running ? "pause training" : "train, one epoch per frame";
  };
  model.on("change:running", showRun);
  showRun();
  const step = button("Step", "train on one batch", () => post("step", (outbox.get("step") ?? 0) + 1));
  const reset = button("Reset", "go back to the first weights", () => post("reset", "same weights"));
  const other = button("New weights", "start from other weights", () => post("reset", "new weights"));

  const epoch = make("strong");
  const verdict = make("span");
  const message = make("p", { className: "message" });
  const spoken = make("div", { className: "spoken", role: "status", "aria-live": "polite" });

  const network = make("div", { className: "network", role: "group", "aria-label": "Network" });
  const sharpness = Math.min(2, window.devicePixelRatio);
  const wires = make("canvas", { width: sharpness * WIDTH, height: sharpness * (HEIGHT + 40), className: "wires" });
  const grips = svg("svg", { width: WIDTH, height: HEIGHT + 40, "aria-hidden": "true" }); // to click on
  const editor = make("fieldset", { className: "editor" });
  const layerCount = make("span");
  const fewer = button("−", "remove the last hidden layer", () => setLayers(layersNow().slice(0, -1)));
  const more = button("+", "add a hidden layer", () => setLayers([...layersNow(), layersNow().at(-1) ?? 4]));
  const depth = make("div", { className: "depth", role: "group", "aria-label": "Hidden layers" }, fewer, layerCount, more);

  const field = make("canvas", { width: side, height: side, className: "field", role: "img" });
  const dots = make("canvas", { width: 640, height: 640, className: "dots", "aria-hidden": "true" });
  const caption = make("figcaption");
  const sharp = make("input", { type: "checkbox", onchange: () => draw() });
  const tested = make("input", { type: "checkbox", checked: true, onchange: () => drawDots() });
  const curve = make("canvas", { width: 640, height: 220, className: "curve", role: "img" });

  const bar = make(
    "div",
    { className: "bar", role: "toolbar", "aria-label": "Training" },
    run, step, reset, other, epoch, verdict,
  );
  const settings = make(
    "div",
    { className: "settings", role: "group", "aria-label": "Settings" },
    labelled("Data", select("data", options.data)),
    labelled("Noise", noise),
    labelled("Activation", select("activation", options.activation)),
    labelled("Learning rate", select("learning_rate", RATES, true)),
    labelled("Batch size", select("batch_size", BATCHES, true)),
    labelled("Trained by", select("trained_by", options.trained_by)),
  );
  const picture = make(
    "figure",
    {},
    make("div", { className: "plane" }, field, dots),
    caption,
    make("div", { className: "ticks" },
      make("label", {}, sharp, "answer only"),
      make("label", {}, tested, "test points (hollow)")),
    curve,
  );
  const board = make(
    "div",
    { className: "dlcourse-playground", "data-lm-suppress-shortcuts": "true" },
    bar, settings, message,
    make("div", { className: "stage" }, make("div", {}, depth, network, editor), picture),
    spoken,
  );
  el.append(board);

  // ------------------------------------------------------------ the network

  let status = model.get("status");
  let selected = [0, 0]; // layer and unit whose weights can be edited
  let shown = null; // layer and unit under the mouse or the focus, or null: the output
  let built = ""; // the layers that the elements below stand for
  let units = []; // per layer, per unit: its button, canvas, picture, and lines
  let inputs = []; // of the editor: the number of a weight and its control

  const layersNow = () => [...model.get("layers")];
  const setLayers = (layers) => choose("layers", layers);
  const sizes = () => [2, ...status.layers, 1];
  const name = (layer, unit) =>
    layer < 0 ? `x${unit + 1}` : layer === status.layers.length ? "output" : `layer ${layer + 1}, unit ${unit + 1}`;
  const first = (layer) => // number of the first weight of a layer
    sizes().slice(0, layer).reduce((sum, size, l) => sum + (size + 1) * sizes()[l + 1], 0);
  const weightNumber = (layer, from, unit) => first(layer) + from * sizes()[layer + 1] + unit;
  const biasNumber = (layer, unit) => weightNumber(layer, sizes()[layer], unit);
  const place = (layer, unit, count) => [
    8 + ((WIDTH - UNIT - 16) * (layer + 1)) / (status.layers.length + 1),
    40 + HEIGHT / 2 + (unit - (count - 1) / 2) * 52 - UNIT / 2,
  ];

  function build() {
    const focused = board.contains(document.activeElement) && document.activeElement.dataset.key;
    built = JSON.stringify([status.layers, status.activation]);
    units = [];
    network.replaceChildren(wires, grips);
    grips.replaceChildren();
    sizes().forEach((count, column) => {
      const layer = column - 1;
      if (layer >= 0) units.push([]);
      for (let unit = 0; unit < count; unit++) {
        const [x, y] = place(layer, unit, count);
        const canvas = make("canvas", { width: side, height: side });
        const spot = make("button", { type: "button" }, canvas);
        spot.style.left = `${x}px`;
        spot.style.top = `${y}px`;
        spot.dataset.key = name(layer, unit);
        if (layer < 0) {
          spot.disabled = true;
          spot.className = "input";
          spot.append(make("span", { textContent: name(layer, unit) }));
          const image = canvas.getContext("2d").createImageData(side, side);
          const pixels = new Uint32Array(image.data.buffer);
          for (let i = 0; i < pixels.length; i++) {
            const across = (i % side) / (side - 1);
            const up = 1 - Math.floor(i / side) / (side - 1);
            pixels[i] = SMOOTH[Math.round(255 * (unit ? up : across))];
          }
          canvas.getContext("2d").putImageData(image, 0, 0);
        } else {
          const look = () => ((shown = [layer, unit]), draw());
          const away = () => ((shown = null), draw());
          const edit = () => ((selected = [layer, unit]), buildEditor(), draw());
          Object.assign(spot, { onmouseenter: look, onmouseleave: away, onfocus: look, onblur: away, onclick: edit });
          const ends = Array.from({ length: sizes()[layer] }, (_, from) => {
            const [fromX, fromY] = place(layer - 1, from, sizes()[layer]);
            const end = { x1: fromX + UNIT, y1: fromY + UNIT / 2, x2: x, y2: y + UNIT / 2 };
            const grip = svg("line", end);
            grip.onclick = () => {
              edit();
              inputs.find((input) => input.number === weightNumber(layer, from, unit)).control.focus();
            };
            grips.append(grip);
            return end;
          });
          units[layer].push({ spot, ends, context: canvas.getContext("2d"), image: new ImageData(side, side) });
        }
        network.append(spot);
      }
      if (layer >= 0 && layer < status.layers.length) network.append(unitButtons(layer, count));
    });
    if (!units[selected[0]]?.[selected[1]]) selected = [0, 0];
    layerCount.textContent = ` ${status.layers.length} hidden ${status.layers.length === 1 ? "layer" : "layers"} `;
    fewer.disabled = !status.layers.length;
    more.disabled = status.layers.length === most_layers;
    buildEditor();
    if (focused) board.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  function unitButtons(layer, count) {
    const change = (by) => {
      const layers = layersNow();
      layers[layer] = Math.min(most_units, Math.max(1, layers[layer] + by));
      setLayers(layers);
    };
    const minus = button("−", `remove a unit from hidden layer ${layer + 1}`, () => change(-1));
    const plus = button("+", `add a unit to hidden layer ${layer + 1}`, () => change(1));
    minus.disabled = count === 1;
    plus.disabled = count === most_units;
    minus.dataset.key = `minus ${layer}`;
    plus.dataset.key = `plus ${layer}`;
    const group = make("div", { className: "count", role: "group", "aria-label": `Units of hidden layer ${layer + 1}` }, minus, make("span", { textContent: count }), plus);
    group.style.left = `${place(layer, 0, 1)[0] + UNIT / 2}px`;
    return group;
  }

  function buildEditor() {
    const [layer, unit] = selected;
    const control = (text, number) => {
      const input = make("input", { type: "number", step: 0.1 });
      input.dataset.key = `weight ${number}`;
      input.oninput = () => {
        if (!Number.isFinite(input.valueAsNumber)) return;
        const changes = new Map(outbox.get("weights") ?? []);
        post("weights", [...changes.set(number, input.valueAsNumber)]);
      };
      inputs.push({ number, control: input });
      return labelled(text, input);
    };
    inputs = [];
    const from = Array.from({ length: sizes()[layer] }, (_, i) =>
      control(`from ${name(layer - 1, i)}`, weightNumber(layer, i, unit)));
    const function_ = layer === status.layers.length ? "sigmoid" : status.activation;
    editor.replaceChildren(
      make("legend", { textContent: `Weights of ${name(layer, unit)} (${function_}); click a unit or a line for others` }),
      ...from,
      control("bias", biasNumber(layer, unit)),
    );
  }

  // ------------------------------------------------------------ drawing

  function paint(context, image, values, colours) {
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = colours[values[i]];
    context.putImageData(image, 0, 0);
  }

  const fieldImage = new ImageData(side, side);

  function draw() {
    status = model.get("status");
    if (built !== JSON.stringify([status.layers, status.activation])) build();
    const surfaces = bytes(model.get("surfaces"));
    const weights = floats(model.get("weights"));
    const [shownLayer, shownUnit] = shown && units[shown[0]]?.[shown[1]] ? shown : [units.length - 1, 0];
    let number = 0;
    const pen = wires.getContext("2d");
    pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    pen.clearRect(0, 0, WIDTH, HEIGHT + 40);
    units.forEach((column, layer) =>
      column.forEach(({ spot, ends, context, image }, unit) => {
        const values = surfaces.subarray(number * side * side, ++number * side * side);
        paint(context, image, values, SMOOTH);
        if (layer === shownLayer && unit === shownUnit)
          paint(field.getContext("2d"), fieldImage, values, sharp.checked ? SHARP : SMOOTH);
        const chosen = layer === selected[0] && unit === selected[1];
        spot.setAttribute("aria-pressed", chosen);
        spot.setAttribute("aria-label", `${name(layer, unit)}, ${chosen ? "its weights are below" : "edit its weights"}`);
        ends.forEach(({ x1, y1, x2, y2 }, from) => {
          const weight = weights[weightNumber(layer, from, unit)];
          pen.strokeStyle = css(weight < 0 ? ORANGE : BLUE);
          pen.lineWidth = Math.min(8, 0.4 + 2 * Math.abs(weight));
          pen.setLineDash(weight < 0 ? [6, 3] : []);
          pen.beginPath();
          pen.moveTo(x1, y1);
          pen.lineTo(x2, y2);
          pen.stroke();
        });
      }),
    );
    for (const { number, control } of inputs)
      if (control !== document.activeElement || model.get("running"))
        control.value = weights[number].toFixed(2);
    const isOutput = shownLayer === units.length - 1;
    caption.textContent = isOutput
      ? "Output of the network: blue above 0.5, orange below."
      : `What ${name(shownLayer, shownUnit)} puts out: blue high, orange low.`;
    field.setAttribute("aria-label", `${caption.textContent} Both inputs go from ${-limit} to ${limit}.`);
    write();
    drawCurve(floats(model.get("losses")));
  }

  function write() {
    const [train, test] = status.losses.map((loss) => (loss === null ? "not finite" : loss.toFixed(3)));
    const part = status.batch ? `, batch ${status.batch} of ${status.batches}` : "";
    epoch.textContent = `Epoch ${status.epoch}${part}`;
    verdict.textContent = `loss: training ${train}, test ${test}; ${status.right.toFixed(1)} % of test points right`;
    message.textContent = status.message;
    announce(`${status.message} Epoch ${status.epoch}. Training loss ${train}, test loss ${test}.`);
  }

  let last = 0;
  function announce(text) {
    if (model.get("running") && performance.now() - last < CALM) return;
    last = performance.now();
    if (spoken.textContent !== text) spoken.textContent = text;
  }

  function drawDots() {
    const context = dots.getContext("2d");
    const points = floats(model.get("points"));
    const scale = dots.width / (2 * limit);
    context.clearRect(0, 0, dots.width, dots.height);
    for (let i = 0; i < points.length; i += 3) {
      const test = i >= points.length / 2;
      if (test && !tested.checked) break;
      const [x, y, label] = [(points[i] + limit) * scale, (limit - points[i + 1]) * scale, points[i + 2]];
      context.beginPath();
      label ? context.rect(x - 6, y - 6, 12, 12) : context.arc(x, y, 7, 0, 7);
      context.lineWidth = 2;
      context.strokeStyle = test ? css(mix(label ? BLUE : ORANGE, [0, 0, 0], 0.3)) : "white";
      context.fillStyle = test ? "rgb(255 255 255 / 0.6)" : css(mix(label ? BLUE : ORANGE, [0, 0, 0], 0.15));
      context.fill();
      context.stroke();
    }
  }

  function drawCurve(losses) {
    const context = curve.getContext("2d");
    const [left, bottom] = [64, 184];
    const lastEpoch = Math.max(1, losses.at(-3));
    let top = 0.1;
    for (let i = 0; i < losses.length; i += 3) top = Math.max(top, ...[losses[i + 1], losses[i + 2]].filter(Number.isFinite));
    const at = (epoch, loss) => [left + (epoch / lastEpoch) * 560, bottom - (Math.min(loss, top) / top) * 160];
    context.clearRect(0, 0, curve.width, curve.height);
    context.font = "22px sans-serif";
    context.fillStyle = context.strokeStyle = "#444";
    context.lineWidth = 1.5;
    context.strokeRect(left, 24, 560, 160);
    context.textAlign = "right";
    context.fillText(top.toFixed(2), left - 6, 40);
    context.fillText("0", left - 6, bottom);
    context.fillText(`epoch ${Math.round(lastEpoch)}`, left + 560, bottom + 28);
    context.textAlign = "left";
    context.fillText("loss: — training  - - test", left, bottom + 28);
    for (const [column, colour, dash] of [[1, css(BLUE), []], [2, "#D55E00", [10, 7]]]) {
      context.beginPath();
      for (let i = 0; i < losses.length; i += 3)
        if (Number.isFinite(losses[i + column])) context.lineTo(...at(losses[i], losses[i + column]));
      context.strokeStyle = colour;
      context.lineWidth = 3;
      context.setLineDash(dash);
      context.stroke();
    }
    context.setLineDash([]);
    const [train, test] = status.losses;
    curve.setAttribute("aria-label", `Loss by epoch, up to epoch ${status.epoch}: training ${train}, test ${test}.`);
  }

  // ------------------------------------------------------------ what comes from Python

  const onFrame = () => {
    draw();
    waiting = false;
    if (document.hidden) return; // answered when somebody looks again
    const frame = model.get("frame");
    if (!model.get("running") || frame % 2 === 0) model.send({ drawn: frame });
    flush();
  };
  const onVisible = () => document.hidden || onFrame();
  for (const control of board.querySelectorAll("button, input, select"))
    control.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves the keys to them
  document.addEventListener("visibilitychange", onVisible);
  model.on("change:frame", onFrame);
  model.on("change:points", drawDots);
  drawDots();
  onFrame();

  return () => {
    document.removeEventListener("visibilitychange", onVisible);
    model.off("change:frame", onFrame);
    model.off("change:points", drawDots);
    model.send({ closed: true });
  };
}

export default { render };

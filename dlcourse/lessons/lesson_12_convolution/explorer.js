// A stack of convolution and pooling layers on one small image, every number to be looked at.
//
// The arithmetic of the first part is done here, so that the figure answers a key at once.
// tests/browser/test_convolution_explorer.py holds it against the layers of dlcourse.nn.
//
// A map is { rows, columns, values }, row by row. A layer is what Python sends:
// { name: "Conv2D", kernel, strides, padding, dilation_rate } or
// { name: "MaxPooling2D", pool_size, strides, padding }, also Average- and MinPooling2D.

// ------------------------------------------------------------------ arithmetic

const isConvolution = (layer) => layer.name === "Conv2D";

// How the window of a layer lies along one axis (0: rows, 1: columns) of `length` pixels.
export function along(layer, axis, length) {
  const kernel = layer.kernel;
  const size = isConvolution(layer) ? (axis ? kernel[0].length : kernel.length) : layer.pool_size;
  const stride = layer.strides;
  const dilation = layer.dilation_rate ?? 1;
  const covered = (size - 1) * dilation + 1;
  const same = layer.padding === "same";
  const wanted = Math.ceil(length / stride);
  const padding = same ? Math.max(0, (wanted - 1) * stride + covered - length) : 0;
  const count = Math.floor((length + padding - covered) / stride) + 1;
  return { length, size, stride, dilation, covered, padding, before: Math.floor(padding / 2), count };
}

export const axes = (layer, map) => [along(layer, 0, map.rows), along(layer, 1, map.columns)];

// The pixels that one output looks at; those in the frame of padding are null.
export function look(map, layer, row, column) {
  const [down, across] = axes(layer, map);
  const seen = [];
  for (let i = 0; i < down.size; i++)
    for (let j = 0; j < across.size; j++) {
      const r = row * down.stride - down.before + i * down.dilation;
      const c = column * across.stride - across.before + j * across.dilation;
      const inside = r >= 0 && r < map.rows && c >= 0 && c < map.columns;
      seen.push(inside ? map.values[r * map.columns + c] : null);
    }
  return seen;
}

export function output(map, layer, row, column) {
  const seen = look(map, layer, row, column);
  if (isConvolution(layer)) {
    const weights = layer.kernel.flat();
    return seen.reduce((sum, pixel, place) => sum + (pixel ?? 0) * weights[place], 0);
  }
  const pixels = seen.filter((pixel) => pixel !== null);
  if (layer.name === "MaxPooling2D") return Math.max(...pixels);
  if (layer.name === "MinPooling2D") return Math.min(...pixels);
  return pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
}

// The image and the map of every layer, up to the first layer that does not fit.
export function forward(image, layers) {
  const maps = [image];
  for (const layer of layers) {
    const map = maps.at(-1);
    const [rows, columns] = axes(layer, map).map((axis) => axis.count);
    if (rows < 1 || columns < 1) break;
    const values = new Float64Array(rows * columns);
    for (let i = 0; i < values.length; i++)
      values[i] = output(map, layer, Math.floor(i / columns), i % columns);
    maps.push({ rows, columns, values });
  }
  return maps;
}

// What one output of map number `top` sees of every map below: [top, bottom, left, right].
export function boxes(maps, layers, top, row, column) {
  const seen = [[row, row, column, column]];
  for (let number = top; number > 0; number--) {
    const [down, across] = axes(layers[number - 1], maps[number - 1]);
    const first = (axis, at) => at * axis.stride - axis.before;
    const last = (axis, at) => first(axis, at) + axis.covered - 1;
    const [a, b, c, d] = seen[0];
    seen.unshift([first(down, a), last(down, b), first(across, c), last(across, d)]);
  }
  return seen;
}

// ------------------------------------------------------------------ words

const text = (value) => String(Math.round(value * 1000) / 1000).replace("-", "−");
const signed = (value) => (value < 0 ? `(${text(value)})` : text(value));
const WORDS = {
  Conv2D: "convolution",
  MaxPooling2D: "max pooling",
  AveragePooling2D: "average pooling",
  MinPooling2D: "min pooling",
};

export function sum(map, layer, row, column) {
  const seen = look(map, layer, row, column);
  const result = text(output(map, layer, row, column));
  if (isConvolution(layer)) {
    const weights = layer.kernel.flat();
    const products = seen.map((pixel, place) => `${signed(pixel ?? 0)}·${signed(weights[place])}`);
    return `${products.join(" + ")} = ${result}`;
  }
  const pixels = seen.filter((pixel) => pixel !== null).map(signed);
  if (layer.name === "AveragePooling2D")
    return `(${pixels.join(" + ")}) / ${pixels.length} = ${result}`;
  return `${layer.name === "MaxPooling2D" ? "largest" : "smallest"} of ${pixels.join(", ")} = ${result}`;
}

function sizeOf({ length, size, stride, dilation, covered, padding, count }) {
  const reach = dilation > 1 ? `[${dilation}·(${size} − 1) + 1]` : size;
  return `⌊(${length} + ${padding} − ${reach}) / ${stride}⌋ + 1 = ${count}`;
}

export function sizes(layer, map) {
  const [down, across] = axes(layer, map).map(sizeOf);
  return down === across ? `${down}, for rows and columns` : `rows ${down}, columns ${across}`;
}

// ------------------------------------------------------------------ drawing

const [ORANGE, WHITE, BLUE] = [[230, 159, 0], [255, 255, 255], [0, 114, 178]];
const [CURSOR, FIELD] = ["#d55e00", "#7b1fa2"];
const WIDTH = 900; // pixels for all maps side by side, without the gaps
const HEIGHT = 300;
const [SMALLEST, LARGEST] = [5, 42]; // pixels along a side of a cell
const READABLE = 21; // from this size on a cell shows its number
const PACE = 500; // milliseconds from one position to the next while the kernel slides
const MOST_LAYERS = 5;
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;
const mix = (from, to, part) => from.map((value, i) => value + part * (to[i] - value));
const grey = (value, limit) => mix([0, 0, 0], WHITE, value / limit);
const sides = (value, limit) => mix(WHITE, value < 0 ? ORANGE : BLUE, (0.72 * Math.abs(value)) / limit);

function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties))
    key.includes("-") || key === "role" ? element.setAttribute(key, value) : (element[key] = value);
  element.append(...children);
  return element;
}

function render({ model, el }) {
  const images = model.get("images");
  const kernels = model.get("kernels");
  const stacks = model.get("stacks");

  let layers, maps; // what is computed now
  let at = { map: 1, row: 0, column: 0 }; // the output that is worked out
  let chosen = 1; // the layer whose settings can be changed
  let pinned = null; // the output whose receptive field is shown
  let cell = LARGEST;
  let sliding = null; // the timer

  // ---------------------------------------------------------------- parts

  const root = make("div", {
    className: "dlcourse-convolution-explorer",
    "data-lm-suppress-shortcuts": "true", // JupyterLab leaves the keys to us
  });
  const labelled = (name, control) => {
    control.setAttribute("aria-label", name);
    return make("label", {}, make("span", { textContent: name }), control);
  };
  const chooser = (names, action) => {
    const control = make("select", {}, ...names.map((name) => make("option", { textContent: name })));
    control.onchange = () => action(control.value);
    return control;
  };
  const button = (name, title, action) =>
    make("button", { type: "button", textContent: name, title, onclick: action });

  const image = chooser(Object.keys(images), (name) => change("image", name));
  const stack = chooser([...Object.keys(stacks), "own"], (name) => name !== "own" && setLayers(stacks[name]));
  const slide = button("▶ Slide", "move the kernel over all positions", () => (sliding ? stop() : start()));
  const addConvolution = button("+ convolution", "add a convolution at the end", () => add("Conv2D"));
  const addPooling = button("+ pooling", "add pooling at the end", () => add("MaxPooling2D"));
  const remove = button("− last", "remove the last layer", () => setLayers(layers.slice(0, -1)));
  const bar = make("div", { className: "bar", role: "toolbar", "aria-label": "Image and layers" },
    labelled("Image", image), labelled("Layers", stack), addConvolution, addPooling, remove, slide);
  const strip = make("div", { className: "maps" });
  const settings = make("fieldset", { className: "settings" });
  const work = make("div", { className: "work" });
  const message = make("p", { className: "message" });
  const size = make("p", { className: "size" });
  const written = make("p", { className: "written" });
  const field = make("p", { className: "field" });
  const spoken = make("div", { className: "spoken", role: "status", "aria-live": "polite" });
  root.append(bar, strip, message,
    make("div", { className: "panel" }, settings, make("div", { className: "words" }, work, written, size, field)),
    spoken);
  el.append(root);

  // ---------------------------------------------------------------- changes

  const change = (name, value) => {
    model.set(name, value); // its event draws
    model.save_changes();
  };
  const setLayers = (next) => change("layers", structuredClone(next));
  const setLayer = (properties) =>
    setLayers(layers.map((layer, i) => (i === chosen - 1 ? { ...layer, ...properties } : layer)));
  const add = (name) =>
    setLayers([...layers, name === "Conv2D"
      ? { name, kernel: Object.values(kernels)[0], strides: 1, padding: "valid", dilation_rate: 1 }
      : { name, pool_size: 2, strides: 2, padding: "valid" }]);

  function compute() {
    const grid = images[model.get("image")];
    layers = model.get("layers");
    maps = forward({ rows: grid.length, columns: grid[0].length, values: grid.flat() }, layers);
    at.map = Math.max(1, Math.min(at.map, maps.length - 1));
    chosen = Math.max(1, Math.min(chosen, maps.length - 1));
    if (maps.length > 1) move(at.row, at.column);
    if (pinned && !inside(pinned)) pinned = null;
  }
  const inside = ({ map, row, column }) =>
    map < maps.length && row < maps[map].rows && column < maps[map].columns;
  const clamp = (value, count) => Math.max(0, Math.min(value, count - 1));
  const move = (row, column) => {
    at.row = clamp(row, maps[at.map].rows);
    at.column = clamp(column, maps[at.map].columns);
  };

  function show(said) {
    drawMaps();
    write();
    if (said) announce(said());
  }

  function refresh() {
    compute();
    arrange();
    showSettings();
    show(sizeSaid);
  }

  // ---------------------------------------------------------------- maps

  let canvases = [];
  let arranged = "";

  function frameOf(number) {
    if (number >= maps.length - 1) return [{ before: 0, padding: 0 }, { before: 0, padding: 0 }];
    return axes(layers[number], maps[number]);
  }

  const nameOf = (number) => (number ? `map ${number}` : "image");

  function arrange() {
    const full = maps.map((map, number) => {
      const [down, across] = frameOf(number);
      return [map.rows + down.padding, map.columns + across.padding];
    });
    const wide = full.reduce((total, [, columns]) => total + columns, 0);
    const high = Math.max(...full.map(([rows]) => rows));
    cell = Math.floor(Math.min((WIDTH - 24 * maps.length) / wide, HEIGHT / high));
    cell = Math.max(SMALLEST, Math.min(LARGEST, cell));
    const now = JSON.stringify([layers.map((layer) => layer.name), full, cell]);
    if (now === arranged) return;
    arranged = now;
    const focused = canvases.findIndex(({ canvas }) => canvas === document.activeElement);
    canvases = maps.map((map, number) => place(number, full[number]));
    strip.replaceChildren(...canvases.map(({ figure }) => figure));
    if (focused > 0) canvases[Math.min(focused, maps.length - 1)].canvas.focus({ preventScroll: true });
  }

  function place(number, [rows, columns]) {
    const [width, height] = [columns * cell + 4, rows * cell + 4];
    const ratio = window.devicePixelRatio || 1;
    const canvas = make("canvas", { width: width * ratio, height: height * ratio });
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.dataset.map = number;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.translate(2, 2);
    const caption = make("figcaption", {},
      make("div", { textContent: `${nameOf(number)}, ${maps[number].rows} × ${maps[number].columns}` }),
      make("div", { textContent: number ? `by ${WORDS[layers[number - 1].name]}` : "\u00a0" }));
    if (number) listen(canvas, number);
    else {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `The image, ${maps[0].rows} x ${maps[0].columns} pixels.`);
    }
    return { canvas, context, figure: make("figure", {}, caption, canvas) };
  }

  function listen(canvas, number) {
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label",
      `Map ${number}, ${WORDS[layers[number - 1].name]}, ${maps[number].rows} x ${maps[number].columns}. ` +
      "Arrow keys move the cursor, Enter shows the receptive field, Escape hides it.");
    const cellAt = (event) => {
      const box = canvas.getBoundingClientRect();
      const [down, across] = frameOf(number);
      return [
        clamp(Math.floor((event.clientY - box.top - 2) / cell) - down.before, maps[number].rows),
        clamp(Math.floor((event.clientX - box.left - 2) / cell) - across.before, maps[number].columns),
      ];
    };
    const go = (row, column) => {
      stop();
      at.map = number;
      move(row, column);
    };
    const choose = () => {
      if (chosen === number) return;
      chosen = number;
      showSettings();
    };
    canvas.addEventListener("pointermove", (event) => {
      const [row, column] = cellAt(event);
      if (at.map === number && at.row === row && at.column === column) return;
      go(row, column);
      show();
    });
    canvas.addEventListener("click", (event) => {
      go(...cellAt(event));
      choose();
      pinned = { ...at };
      show(fieldSaid);
    });
    canvas.addEventListener("focus", () => {
      choose();
      if (at.map === number) return;
      go(at.row, at.column);
      show();
    });
    canvas.addEventListener("keydown", (event) => {
      if (event.key in ARROWS) {
        const [down, right] = ARROWS[event.key];
        go(at.row + down, at.column + right);
        show(sumSaid);
      } else if (event.key === "Enter" || event.key === " ") {
        stop();
        pinned = { ...at };
        show(fieldSaid);
      } else if (event.key === "Escape") {
        pinned = null;
        show(fieldSaid);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  function drawMaps() {
    const window_ = maps.length > 1 ? boxes(maps, layers, at.map, at.row, at.column)[at.map - 1] : null;
    const seen = pinned ? boxes(maps, layers, pinned.map, pinned.row, pinned.column) : [];
    maps.forEach((map, number) => {
      const { canvas, context } = canvases[number];
      const [down, across] = frameOf(number);
      const [above, left] = [down.before, across.before];
      context.clearRect(-2, -2, canvas.width, canvas.height);
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.font = `${Math.round(cell * 0.4)}px system-ui, sans-serif`;
      context.fillStyle = "#d9d9d9"; // the frame of padding
      context.fillRect(0, 0, (map.columns + across.padding) * cell, (map.rows + down.padding) * cell);
      const limit = map.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
      const colour = number || map.values.some((value) => value < 0) ? sides : grey;
      map.values.forEach((value, i) => {
        const [row, column] = [Math.floor(i / map.columns) + above, (i % map.columns) + left];
        context.fillStyle = css(colour(value, limit));
        context.fillRect(column * cell, row * cell, cell, cell);
        if (cell < READABLE) return;
        context.fillStyle = colour === grey && value < limit / 2 ? "white" : "black";
        context.fillText(text(Math.round(value * 100) / 100), (column + 0.5) * cell, (row + 0.5) * cell);
      });
      grid(context, map.rows + down.padding, map.columns + across.padding);
      if (seen[number]) outline(context, seen[number], above, left, FIELD, [6, 3]);
      if (window_ && number === at.map - 1) {
        outline(context, window_, above, left, CURSOR);
        dots(context, window_, layers[number], map, above, left);
      }
      if (number === at.map) outline(context, [at.row, at.row, at.column, at.column], above, left, CURSOR);
    });
  }

  function grid(context, rows, columns) {
    context.strokeStyle = "#8a8a8a";
    context.lineWidth = cell < READABLE ? 0.25 : 0.6;
    context.beginPath();
    for (let row = 0; row <= rows; row++) context.rect(0, row * cell, columns * cell, 0);
    for (let column = 0; column <= columns; column++) context.rect(column * cell, 0, 0, rows * cell);
    context.stroke();
  }

  function outline(context, [top, bottom, first, last], above, left, colour, dash = []) {
    const box = [(first + left) * cell, (top + above) * cell, (last - first + 1) * cell, (bottom - top + 1) * cell];
    for (const [style, width, pattern] of [["white", 5, []], [colour, 3, dash]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.setLineDash(pattern);
      context.strokeRect(...box);
    }
    context.setLineDash([]);
  }

  // A dilated window does not look at all that it covers: dots mark what it looks at.
  function dots(context, [top, , first], layer, map, above, left) {
    if ((layer.dilation_rate ?? 1) === 1) return;
    const [down, across] = axes(layer, map);
    context.fillStyle = CURSOR;
    for (let i = 0; i < down.size; i++)
      for (let j = 0; j < across.size; j++) {
        const x = (first + left + j * across.dilation) * cell;
        const y = (top + above + i * down.dilation) * cell;
        context.fillRect(x + 2, y + 2, cell / 4, cell / 4);
      }
  }

  // ---------------------------------------------------------------- words

  const where = ({ map, row, column }) => `row ${row}, column ${column} of map ${map}`;
  const sumSaid = () => `Row ${at.row}, column ${at.column} of map ${at.map}: ` +
    `${sum(maps[at.map - 1], layers[at.map - 1], at.row, at.column)}.`;
  const sizeSaid = () => message.textContent ||
    `Map ${at.map} has ${maps[at.map].rows} rows and ${maps[at.map].columns} columns.`;
  function fieldSaid() {
    if (!pinned) return "Click a number of a map, or press Enter on it, to see its receptive field.";
    const seen = boxes(maps, layers, pinned.map, pinned.row, pinned.column);
    const parts = seen.slice(0, -1).map(([top, bottom, left, right], number) => {
      const over = top < 0 || left < 0 || bottom >= maps[number].rows || right >= maps[number].columns;
      const rest = over ? ", some of it padding" : "";
      return `${bottom - top + 1} x ${right - left + 1} of ${number ? nameOf(number) : "the image"}${rest}`;
    });
    return `Receptive field of ${where(pinned)}: ${parts.join("; ")}.`;
  }

  function write() {
    const unfit = layers[maps.length - 1];
    message.textContent = unfit
      ? `Layer ${maps.length} does not fit: its window covers ${along(unfit, 0, 1).covered} x ` +
        `${along(unfit, 1, 1).covered}, and ${nameOf(maps.length - 1)} has only ${maps.at(-1).rows} x ` +
        `${maps.at(-1).columns}. Take a larger image, or "same" padding.`
      : "";
    if (maps.length < 2) {
      work.replaceChildren();
      written.textContent = size.textContent = field.textContent = "";
      return;
    }
    const [layer, map] = [layers[at.map - 1], maps[at.map - 1]];
    showWork(layer, look(map, layer, at.row, at.column), axes(layer, map)[1].size);
    written.textContent = sumSaid();
    size.textContent = `Size of map ${at.map}: ${sizes(layer, map)}.`;
    field.textContent = fieldSaid();
  }

  function table(name, values, columns, padding = []) {
    const rows = [];
    for (let i = 0; i < values.length; i += columns)
      rows.push(make("tr", {}, ...values.slice(i, i + columns).map((value, j) =>
        make("td", { textContent: value, className: padding[i + j] === null ? "frame" : "" }))));
    return make("table", {}, make("caption", { textContent: name }), make("tbody", {}, ...rows));
  }

  function showWork(layer, seen, columns) {
    const result = text(output(maps[at.map - 1], layer, at.row, at.column));
    const sign = (symbol) => make("span", { className: "sign", textContent: symbol });
    const total = make("span", { className: "total", textContent: result });
    const pixels = table("pixels", seen.map((pixel) => (pixel === null && !isConvolution(layer) ? "" : text(pixel ?? 0))), columns, seen);
    if (!isConvolution(layer)) {
      work.replaceChildren(pixels, sign(`${WORDS[layer.name]} →`), total);
      return;
    }
    const weights = layer.kernel.flat();
    const products = seen.map((pixel, place) => text((pixel ?? 0) * weights[place] + 0));
    work.replaceChildren(pixels, sign("×"), table("kernel", weights.map(text), columns), sign("="),
      table("products", products, columns), sign("sum →"), total);
  }

  let said = "";
  function announce(words) {
    if (sliding || words === said) return;
    spoken.textContent = said = words;
  }

  // ---------------------------------------------------------------- settings of one layer

  const numbers = (most) => Array.from({ length: most }, (_, i) => String(i + 1));
  const valued = (names, value, action) => {
    const control = chooser(names.includes(value) ? names : [...names, value], action);
    control.value = value;
    return control;
  };

  let kernelInputs = [];
  let settled = ""; // the settings that the controls show, apart from the kernel's numbers

  function showSettings() {
    const layer = layers[chosen - 1];
    canvases.forEach(({ figure }, number) => figure.classList.toggle("chosen", number === chosen));
    stack.value = Object.keys(stacks).find((name) => JSON.stringify(stacks[name]) === JSON.stringify(layers)) ?? "own";
    image.value = model.get("image");
    remove.disabled = !layers.length;
    addConvolution.disabled = addPooling.disabled = layers.length === MOST_LAYERS;
    slide.disabled = maps.length < 2;
    settings.hidden = !layer;
    if (!layer) return;
    const { kernel, ...rest } = layer;
    const now = JSON.stringify([chosen, rest, kernel?.length, kernel?.[0].length]);
    if (now !== settled) {
      const focused = settings.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      settled = now;
      buildSettings(layer);
      if (focused) settings.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
    }
    if (!kernel) return;
    kernelInputs.forEach((input, place) => {
      if (input !== document.activeElement) input.value = Math.round(kernel.flat()[place] * 1000) / 1000;
    });
    const preset = settings.querySelector('[data-key="preset"]');
    preset.value = Object.keys(kernels).find((name) => JSON.stringify(kernels[name]) === JSON.stringify(kernel)) ?? "own";
  }

  function buildSettings(layer) {
    const key = (name, control) => ((control.dataset.key = name), control);
    const strides = key("strides", valued(numbers(3), String(layer.strides), (value) =>
      setLayer(Number(value) > 1 && isConvolution(layer) ? { strides: Number(value), dilation_rate: 1 } : { strides: Number(value) })));
    const padding = key("padding", valued(["valid", "same"], layer.padding, (value) => setLayer({ padding: value })));
    const legend = make("legend", { textContent: `Layer ${chosen}: ${WORDS[layer.name]}` });
    if (!isConvolution(layer)) {
      kernelInputs = [];
      settings.replaceChildren(legend,
        labelled("Kind", key("kind", valued(Object.keys(WORDS).slice(1), layer.name, (name) => setLayer({ name })))),
        labelled("Window", key("pool", valued(numbers(4), String(layer.pool_size), (value) => setLayer({ pool_size: Number(value) })))),
        labelled("Stride", strides), labelled("Padding", padding));
      return;
    }
    const { kernel } = layer;
    const preset = key("preset", chooser([...Object.keys(kernels), "own"], (name) => name !== "own" && setLayer({ kernel: kernels[name] })));
    const side = key("size", valued(["1", "2", "3", "4", "5"], String(kernel.length), (value) => setLayer({ kernel: resized(kernel, Number(value)) })));
    const dilation = key("dilation", valued(numbers(3), String(layer.dilation_rate), (value) =>
      setLayer(Number(value) > 1 ? { dilation_rate: Number(value), strides: 1 } : { dilation_rate: 1 })));
    kernelInputs = kernel.flatMap((row, i) => row.map((_, j) => {
      const input = key(`kernel ${i} ${j}`, make("input", { type: "number", step: "any", "aria-label": `kernel, row ${i}, column ${j}` }));
      input.oninput = () => {
        if (Number.isFinite(input.valueAsNumber)) setKernel(i, j, input.valueAsNumber);
      };
      input.onkeydown = (event) => {
        // With step "any" the arrow keys do nothing of their own in some browsers.
        const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (!by) return;
        event.preventDefault();
        input.value = Math.round(((input.valueAsNumber || 0) + by) * 1000) / 1000;
        setKernel(i, j, input.valueAsNumber);
      };
      return input;
    }));
    const editor = make("div", { className: "kernel", role: "group", "aria-label": "Numbers of the kernel" }, ...kernelInputs);
    editor.style.gridTemplateColumns = `repeat(${kernel[0].length}, 52px)`;
    settings.replaceChildren(legend, labelled("Kernel", preset), labelled("Size", side), editor,
      labelled("Stride", strides), labelled("Padding", padding), labelled("Dilation", dilation));
  }

  const setKernel = (i, j, value) => {
    const kernel = layers[chosen - 1].kernel.map((row) => [...row]);
    kernel[i][j] = value;
    setLayer({ kernel });
  };
  const resized = (kernel, side) => {
    const shift = Math.floor((kernel.length - side) / 2);
    return Array.from({ length: side }, (_, i) =>
      Array.from({ length: side }, (_, j) => kernel[i + shift]?.[j + shift] ?? 0));
  };

  // ---------------------------------------------------------------- the sliding kernel

  function start() {
    if (at.row === maps[at.map].rows - 1 && at.column === maps[at.map].columns - 1) move(0, 0);
    slide.textContent = "❚❚ Stop";
    sliding = setInterval(() => {
      const { rows, columns } = maps[at.map];
      const next = at.row * columns + at.column + 1;
      if (next === rows * columns) return stop();
      move(Math.floor(next / columns), next % columns);
      show();
    }, PACE);
    show();
  }
  function stop() {
    clearInterval(sliding);
    sliding = null;
    slide.textContent = "▶ Slide";
  }

  model.on("change:image", refresh);
  model.on("change:layers", refresh);
  refresh();
  return () => {
    stop();
    model.off("change:image", refresh);
    model.off("change:layers", refresh);
  };
}

export default { render };

// Shows the steps that Python computed, one by one; asks Python only when a number is edited.

const WORDS = { value: "", grad: "∂ ", slope: "slope ", new: "new " };

function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties))
    key.includes("-") || key === "role"
      ? element.setAttribute(key, value)
      : (element[key] = value);
  element.append(...children);
  return element;
}

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function render({ model, el }) {
  const drawing = model.get("drawing");
  let content = model.get("content");
  let position = model.get("position");

  // ------------------------------------------------------------ the drawing

  const places = new Map(); // name -> where it is drawn: its ground and the text of each slot
  const lines = new Map(); // weight -> its line
  const at = (name) => places.get(name) ?? places.set(name, []).get(name);
  const named = (name) => {
    const [base, index] = drawing.names[name];
    const letters = base.length === 1 ? { "font-style": "italic" } : {};
    return [
      svg("tspan", letters, base),
      svg("tspan", { dy: 3, "font-size": "75%" }, index),
      svg("tspan", { dy: -3 }, " "),
    ];
  };
  const text = (x, y, kind, ...children) => svg("text", { x, y, class: kind }, ...children);

  function drawCell({ name, x, y }) {
    const [width, height] = drawing.cell;
    const corner = { x: x - width / 2, y: y - height / 2 };
    const ground = svg("rect", { ...corner, width, height, class: "cell" });
    const slots = {
      value: text(x, y + 5, "value large"),
      grad: text(x, y + 24, "grad"),
      slope: text(x, y + height / 2 + 14, "slope"),
    };
    at(name).push({ ground, slots });
    const heading = text(x, y - 14, "name", ...named(name));
    return svg("g", editable(name), ground, heading, ...Object.values(slots));
  }

  function drawParameter(name, x, y, hanging) {
    const ground = svg("rect", { x: x - 42, width: 84, rx: 3, class: "label" });
    const value = svg("tspan");
    const first = text(x, y, "value", ...named(name), value);
    const below = text(x, y, "grad");
    const settle = (two) => {
      const top = hanging ? y : y - (two ? 16 : 8);
      ground.setAttribute("y", top);
      ground.setAttribute("height", two ? 32 : 16);
      first.setAttribute("y", top + 12);
      below.setAttribute("y", top + 27);
    };
    at(name).push({ ground, slots: { value, grad: below, new: below }, settle });
    return svg("g", editable(name), ground, first, below);
  }

  function editable(name) {
    return name in content.numbers ? { class: "editable", "data-name": name } : {};
  }

  const [width, height] = drawing.size;
  const stage = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "application",
    tabindex: 0,
    "aria-label":
      "The network with its numbers. Right and left arrow step, page up and page down go " +
      "to the next part, home and end to the first and the last step.",
  });
  stage.style.maxWidth = `${width}px`;
  for (const { name, x, y } of drawing.headings) stage.append(text(x, y, "heading", name));
  for (const { weight, x1, y1, x2, y2 } of drawing.links) {
    const line = svg("line", { x1, y1, x2, y2 });
    if (weight) lines.set(weight, line);
    stage.append(line);
  }
  for (const link of drawing.links)
    if (link.weight) stage.append(drawParameter(link.weight, link.label_x, link.label_y, false));
  for (const cell of drawing.cells) stage.append(drawCell(cell));
  for (const { name, x, y } of drawing.tags) stage.append(drawParameter(name, x, y, true));

  // ------------------------------------------------------------ the controls

  const button = (label, title, action) =>
    make("button", { type: "button", textContent: label, title, onclick: action });
  const back = button("◀ Back", "one step back (left arrow)", () => walk(-1));
  const next = button("Next ▶", "one step on (right arrow)", () => walk(1));
  const first = button("Start", "before the first step (Home)", () => show(-1));
  const last = button("End", "to the last step (End)", () => show(path().at(-1)));
  const follow = make(
    "select",
    { onchange: () => choosePath(follow.value) },
    make("option", { value: "", textContent: "all steps" }),
    ...Object.keys(content.follow).map((name) =>
      make("option", { value: name, textContent: `∂E/∂${name} alone` }),
    ),
  );
  const which = make(
    "select",
    { onchange: () => fill() },
    ...Object.keys(content.numbers).map((name) =>
      make("option", { value: name, textContent: name === "η" ? "learning rate η" : name }),
    ),
  );
  const number = make("input", {
    type: "number",
    step: "any",
    "aria-label": "new value",
    onchange: () => edit(),
    onkeydown: (event) => void (event.key === "Enter" && edit()), // false would stop typing
  });
  let sent = ""; // Enter may be a change, too: one edit is enough
  function edit() {
    const change = JSON.stringify([which.value, number.value]);
    if (change === sent) return;
    sent = change;
    model.send({ set: [which.value, number.value === "" ? null : Number(number.value)] });
  }
  const take = button("Take the update", "give every weight and bias its new value", () =>
    model.send({ take: true }),
  );
  const reset = button("Reset", "the numbers of the start", () => model.send({ reset: true }));
  const labelled = (words, control) => make("label", {}, words, control);

  const counter = make("span", { className: "counter" });
  const formula = make("div", { className: "formula", "aria-hidden": "true" });
  const sentence = make("p", { className: "sentence" });
  const ledger = make("ol", { className: "ledger", "aria-label": "steps" });
  const message = make("p", { className: "message", role: "status" });
  const spoken = make("p", { className: "spoken", "aria-live": "polite" }); // says each step
  const card = make(
    "div",
    { className: "dlcourse-backprop-stepper", "data-lm-suppress-shortcuts": "true" },
    make(
      "div",
      { className: "bar" },
      ...[first, back, next, last, labelled("Show ", follow), counter],
    ),
    stage,
    make("div", { className: "words" }, make("div", {}, formula, sentence), ledger),
    make(
      "div",
      { className: "bar" },
      ...[labelled("Change ", which), labelled("to ", number), take, reset],
    ),
    message,
    spoken,
  );
  el.append(card);

  // ------------------------------------------------------------ stepping

  const path = () => content.follow[model.get("followed")] ?? content.steps.map((_, i) => i);

  function walk(by) {
    const steps = path();
    if (by > 0) show(steps.find((i) => i > position) ?? position);
    else show(steps.findLast((i) => i < position) ?? -1);
  }

  function jump(by) {
    // To the end of the next part (forward, backward, update), or to the end of the last one.
    const ends = path().filter((i, k, all) => content.steps[all[k + 1]]?.phase !== content.steps[i].phase);
    show((by > 0 ? ends.find((i) => i > position) : ends.findLast((i) => i < position)) ?? (by > 0 ? position : -1));
  }

  function choosePath(name) {
    model.set("followed", name);
    const steps = path();
    model.save_changes();
    list();
    show(name ? steps[0] : position);
  }

  function show(to) {
    position = to;
    model.set("position", to);
    model.save_changes();
    draw();
    spoken.textContent = content.steps[to]?.spoken ?? sentence.textContent;
  }

  function draw() {
    const steps = content.steps;
    const now = steps[position];
    const known = new Map(); // place -> {slot: text}
    for (const [name, value] of Object.entries(content.given)) known.set(name, { value });
    for (const step of steps.slice(0, position + 1)) {
      const slots = known.get(step.place) ?? known.set(step.place, {}).get(step.place);
      slots[step.slot] = WORDS[step.slot] + step.value;
    }
    for (const [name, spots] of places) {
      const role = name === now?.place ? "now" : now?.reads.includes(name) ? "read" : "";
      const slots = known.get(name) ?? {};
      for (const { ground, slots: texts, settle } of spots) {
        ground.setAttribute("data-role", role);
        for (const [slot, element] of Object.entries(texts))
          if (slot !== "new") element.textContent = slots[slot] ?? "";
        if (slots.new) texts.new.textContent = slots.new;
        settle?.(Boolean(slots.grad));
      }
      lines.get(name)?.setAttribute("data-role", role);
    }
    const trail = path();
    const place = trail.indexOf(position) + 1;
    counter.textContent = now ? `step ${place} of ${trail.length}, ${now.phase}` : `${trail.length} steps`;
    formula.innerHTML = now ? `<b>${now.symbol}</b> = ${now.lines.join("<br>= ")}` : "";
    sentence.textContent = now ? now.sentence : "Everything that is given. Nothing is computed yet.";
    back.disabled = first.disabled = position < 0;
    next.disabled = last.disabled = position >= trail.at(-1);
    for (const entry of ledger.children) {
      const i = Number(entry.dataset.step);
      entry.classList.toggle("now", i === position);
      entry.firstChild.lastChild.textContent = i <= position ? ` = ${steps[i].value}` : "";
      if (i === position) ledger.scrollTop = entry.offsetTop - ledger.clientHeight / 2;
    }
  }

  function list() {
    ledger.replaceChildren(
      ...path().map((i) => {
        const symbol = make("span", { innerHTML: content.steps[i].symbol });
        const entry = button("", "", () => show(i));
        entry.tabIndex = -1; // the arrow keys go there, too
        entry.append(symbol, document.createTextNode(""));
        const item = make("li", {}, entry);
        item.dataset.step = i;
        return item;
      }),
    );
  }

  function fill() {
    number.value = content.numbers[which.value];
    sent = JSON.stringify([which.value, number.value]);
  }

  card.addEventListener("keydown", (event) => {
    if (event.target === number || event.target.tagName === "SELECT") {
      event.stopPropagation(); // or JupyterLab would not let anybody type
      return;
    }
    const actions = {
      ArrowRight: () => walk(1),
      ArrowLeft: () => walk(-1),
      PageDown: () => jump(1),
      PageUp: () => jump(-1),
      Home: () => show(-1),
      End: () => show(path().at(-1)),
    };
    if (!(event.key in actions)) return;
    actions[event.key]();
    event.preventDefault();
    event.stopPropagation();
  });
  stage.addEventListener("click", (event) => {
    const name = event.target.closest("[data-name]")?.dataset.name;
    if (!name) return;
    which.value = name;
    fill();
    number.focus();
    number.select();
  });

  const onContent = () => {
    content = model.get("content");
    fill();
    draw();
    message.textContent = content.message;
  };
  const onPosition = () => {
    position = model.get("position");
    draw();
  };
  const onFollowed = () => {
    follow.value = model.get("followed");
    list();
    draw();
  };
  model.on("change:content", onContent);
  model.on("change:position", onPosition);
  model.on("change:followed", onFollowed);
  onFollowed();
  onContent();
  return () => {
    model.off("change:content", onContent);
    model.off("change:position", onPosition);
    model.off("change:followed", onFollowed);
  };
}

export default { render };

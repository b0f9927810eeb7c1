// A picture that Python draws, with a crosshair that mouse or keyboard moves over it.
// Python gets {x, y} as fractions of the picture, from its upper left corner.

const STEP = 0.02; // of the picture, for one press of an arrow key
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function render({ model, el }) {
  el.classList.add("dlcourse-live-figure");
  const frame = document.createElement("div");
  frame.className = "frame";
  const picture = document.createElement("img");
  const crosshair = document.createElement("div");
  crosshair.className = "crosshair";
  crosshair.hidden = true;
  frame.append(picture, crosshair);
  el.append(frame);

  let address = null;
  const redraw = () => {
    const old = address;
    address = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    picture.src = address;
    if (old) URL.revokeObjectURL(old);
  };
  const describe = () => {
    picture.alt = model.get("description");
    if (model.get("accepts_points"))
      frame.setAttribute(
        "aria-label",
        `${model.get("description")} Arrow keys move the crosshair, Enter puts a point there.`,
      );
  };
  model.on("change:png", redraw);
  model.on("change:description", describe);
  redraw();
  describe();

  if (model.get("accepts_points")) {
    let at = [0.5, 0.5];
    const place = (x, y) => {
      at = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
      crosshair.style.left = `${100 * at[0]}%`;
      crosshair.style.top = `${100 * at[1]}%`;
    };
    const send = () => model.send({ x: at[0], y: at[1] });
    place(...at);

    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    frame.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves the keys to us
    frame.addEventListener("focus", () => (crosshair.hidden = false));
    frame.addEventListener("blur", () => (crosshair.hidden = true));
    frame.addEventListener("click", (event) => {
      const box = picture.getBoundingClientRect();
      place((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      send();
    });
    frame.addEventListener("keydown", (event) => {
      if (event.key in MOVES) {
        const [right, down] = MOVES[event.key];
        const step = event.shiftKey ? STEP / 4 : STEP;
        place(at[0] + step * right, at[1] + step * down);
      } else if (event.key === "Enter" || event.key === " ") {
        send();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
  }
  return () => URL.revokeObjectURL(address);
}

export default { render };

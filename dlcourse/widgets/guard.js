// Looks after a box of ipywidgets: see Guard in board.py.

import { guard } from "./board.js";

function render({ model, el }) {
  return guard(model, el, () => el.closest(".dlcourse-box"));
}

export default { render };

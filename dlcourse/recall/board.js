// Looks after the box of a review board: its keys 1 to 4, what a screen reader says, the focus.

import { guard } from "../widgets/board.js";

const READ_OUT = ".dlcourse-review-status, .dlcourse-review-answer";
const isSeen = (element) => element.getClientRects().length > 0;

function render({ model, el }) {
  const box = () => el.closest(".dlcourse-box");
  const all = (selector) => Array.from(box()?.querySelectorAll(selector) ?? []).filter(isSeen);

  // 1 to 4 choose or grade, whichever of the two is asked for.
  function onKey(event) {
    const number = Number(event.key);
    if (!number || event.ctrlKey || event.metaKey || event.altKey) return;
    const grades = all(".dlcourse-review-grade");
    const wanted = grades.length
      ? grades.find((button) => button.textContent.startsWith(event.key))
      : all(".dlcourse-review-choices input")[number - 1];
    if (!wanted) return;
    event.preventDefault();
    wanted.focus();
    wanted.click();
  }

  // After a click the button is gone. Whoever works with keys goes on where the work goes on.
  function go() {
    const next = all(".dlcourse-review-next, .dlcourse-review-choices input")[0];
    next?.focus({ preventScroll: true });
  }
  const later = () => setTimeout(go, 50); // until the browser has drawn what the kernel sent

  const waiting = setInterval(() => {
    const root = box();
    if (!root) return;
    clearInterval(waiting);
    root.addEventListener("keydown", onKey);
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "Questions that come back");
    for (const element of root.querySelectorAll(READ_OUT)) element.setAttribute("role", "status");
  }, 50);
  model.on("change:turn", later);
  const end = guard(model, el, box);
  return () => {
    clearInterval(waiting);
    box()?.removeEventListener("keydown", onKey);
    model.off("change:turn", later);
    end();
  };
}

export default { render };

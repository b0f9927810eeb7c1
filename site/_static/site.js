// Whatever scrolls sideways can be reached by keyboard, and says what it is.
const WIDE = "div.math, .dlcourse-long, .dlcourse-table, .pst-scrollable-table-container";

// Whether a long formula fits into a line of its own text.
const fit = () => {
  for (const long of document.querySelectorAll(".dlcourse-long")) {
    const room = long.parentElement.clientWidth;
    long.classList.toggle("dlcourse-fits", long.firstElementChild.getBoundingClientRect().width < room - 16);
  }
};

// Chromium leaves room behind a root, as wide as the hook before it: take it back.
const close = () => {
  for (const root of document.querySelectorAll("msqrt")) {
    const end = root.lastElementChild?.getBoundingClientRect().right;
    const gap = root.getBoundingClientRect().right - end;
    if (gap > 1) root.style.marginRight = `${-gap}px`;
  }
};

const reach = () => {
  for (const element of document.querySelectorAll(WIDE)) {
    if (element.scrollWidth > element.clientWidth) {
      element.tabIndex = 0;
      element.setAttribute("role", "group");
      element.setAttribute("aria-label", element.matches(".math, .dlcourse-long") ? "a wide formula" : "a wide table");
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
    }
  }
};

const settle = () => {
  fit();
  reach();
};

addEventListener("load", () => document.fonts.ready.then(close).then(settle));
addEventListener("resize", settle);

// What opens a part of the list of pages says which part.
for (const summary of document.querySelectorAll(".bd-links summary")) {
  const name = summary.closest("li").querySelector("a").textContent.trim();
  summary.setAttribute("aria-label", `Pages below ${name}`);
}

// Whatever scrolls sideways can be reached by keyboard, and says what it is.
const WIDE = "div.math, .dlcourse-long, .dlcourse-table, .pst-scrollable-table-container";

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

addEventListener("load", reach);
addEventListener("resize", reach);

// What opens a part of the list of pages says which part.
for (const summary of document.querySelectorAll(".bd-links summary")) {
  const name = summary.closest("li").querySelector("a").textContent.trim();
  summary.setAttribute("aria-label", `Pages below ${name}`);
}

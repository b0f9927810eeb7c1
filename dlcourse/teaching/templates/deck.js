// One slide at a time, as large as the window. Arrow keys, space, page keys, a click; f fills the screen.
const slides = [...document.querySelectorAll("section")];
let now = 0;
const SMALLEST = 20; // pixels of 720

function fit(slide) {
  // Letters begin large and get smaller until all is on the slide and a figure has some room.
  const box = slide.querySelector(".fits");
  const picture = slide.querySelector("figure");
  const table = slide.querySelector(".table");
  const tight = () =>
    box.scrollHeight > box.clientHeight + 1 ||
    box.scrollWidth > box.clientWidth + 1 ||
    (table && (table.scrollHeight > table.clientHeight + 1 || table.scrollWidth > table.clientWidth + 1)) ||
    (picture && !table && picture.clientHeight < 330) ||
    [...slide.querySelectorAll("pre")].some((pre) => pre.scrollWidth > pre.clientWidth + 1);
  for (let size = 40; size > SMALLEST && tight(); size -= 1) box.style.fontSize = `${size - 1}px`;
}

function lay() {
  const scale = Math.min(innerWidth / 1280, innerHeight / 720);
  for (const slide of slides) {
    slide.style.transform = `scale(${scale})`;
    slide.style.left = `${(innerWidth - 1280 * scale) / 2}px`;
    slide.style.top = `${(innerHeight - 720 * scale) / 2}px`;
  }
}

function show(next) {
  slides[now].classList.remove("now");
  now = Math.max(0, Math.min(slides.length - 1, next));
  slides[now].classList.add("now");
  history.replaceState(null, "", `#${now + 1}`);
}

const KEYS = {
  ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1,
  ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Backspace: -1,
  Home: -Infinity, End: Infinity,
};
function step(by) {
  // The second key press on a question opens its answer.
  const { classList } = slides[now];
  if (by === 1 && classList.contains("hides") && !classList.contains("open")) classList.add("open");
  else if (by === -1 && classList.contains("open")) classList.remove("open");
  else show(now + by);
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "f") document.documentElement.requestFullscreen?.();
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  step(KEYS[event.key]);
});
addEventListener("click", (event) => step(event.clientX < innerWidth / 3 ? -1 : 1));
addEventListener("resize", lay);
slides.forEach(fit);
document.body.classList.add("shown");
lay();
show(Number(location.hash.slice(1) || 1) - 1);

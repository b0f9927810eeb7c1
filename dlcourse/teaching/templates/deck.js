// One slide at a time, as large as the window. Arrow keys, space, page keys, a click; f fills the screen.
const slides = [...document.querySelectorAll("section")];
let now = 0;
const LARGEST = 40; // pixels of 720
const ALONE = 44; // where a slide has words alone
const SMALLEST = 20;
const ROOM = 330; // for a figure

function shrink(slide) {
  // Letters begin large and get smaller until all is on the slide and a figure has some room.
  const box = slide.querySelector(".fits");
  const picture = slide.querySelector("figure");
  const grid = slide.querySelector(".grid");
  const over = (part) =>
    part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1;
  const tight = () =>
    over(box) ||
    (grid && over(grid)) ||
    (picture && !grid && picture.clientHeight < ROOM) ||
    [...slide.querySelectorAll("pre, .beside .points > div")].some(
      (part) => part.scrollWidth > part.clientWidth + 1,
    );
  let size = slide.matches(".points, .formula") && !picture ? ALONE : LARGEST;
  box.style.fontSize = `${size}px`;
  while (size > SMALLEST && tight()) box.style.fontSize = `${(size -= 1)}px`;
  return size;
}

function scaleOf(image) {
  const [width, height] = ["width", "height"].map((name) => Number(image.getAttribute(name)));
  return Math.min(image.clientWidth / width, image.clientHeight / height);
}

function fit(slide) {
  // The words stand above a figure, or beside it where that makes the figure larger.
  const above = shrink(slide);
  const image = slide.querySelector("figure img");
  if (!image || slide.classList.contains("hides") || !slide.querySelector(".points, ol, ul")) return;
  const scale = scaleOf(image);
  slide.classList.add("beside");
  const beside = shrink(slide);
  if (scaleOf(image) < 1.1 * scale || beside < Math.min(above, 26)) {
    slide.classList.remove("beside");
    shrink(slide);
  }
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

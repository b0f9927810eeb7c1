// All maps of a network as small pictures, a row for each stage; one of them is chosen.

import { clampIndex, make, MOVES, range, short } from "../../widgets/board.js";
import { grid, seen, value } from "./arithmetic.js";
import { frame, paint } from "./painting.js";
import { nameOf, percent } from "./words.js";

export class Tiles {
  // `choose` gets the stage and the map of the tile that the learner goes to.
  constructor(net, choose) {
    this.net = net;
    this.choose = choose;
    this.rows = net.stages.map((_, number) => this.row(number));
    const parts = this.rows.map((tiles, number) => this.stage(number, tiles));
    this.element = make("div", { className: "stages" }, ...parts);
  }

  stage(number, tiles) {
    const { name, kind } = this.net.stages[number];
    const [height, width, maps] = grid(this.net.stages[number]);
    const size = kind === "dense" ? `${maps} units` : `${maps} of ${height} × ${width}`;
    const caption = make("div", { className: "caption" });
    caption.append(make("strong", { textContent: name }), make("span", { textContent: size }));
    const isLast = number === this.net.stages.length - 1;
    const list = make("div", { className: `tiles ${isLast ? "answers" : ""}` });
    list.append(...tiles.map(({ tile }) => tile));
    const attributes = { className: "stage", role: "group", "aria-label": name };
    return make("div", attributes, caption, list);
  }

  row(number) {
    const { kind } = this.net.stages[number];
    return range(grid(this.net.stages[number])[2]).map((map) => {
      const [canvas, box] = [make("canvas"), make("i", { className: "box" })];
      const words = make("span", { className: "words" });
      const picture = make("span", { className: "picture" }, canvas, box);
      const properties = { type: "button", className: `tile ${kind}`, tabIndex: -1 };
      const tile = make("button", properties, picture, words);
      tile.dataset.unit = `${number},${map}`;
      tile.addEventListener("focus", () => this.choose(number, map));
      tile.addEventListener("click", () => this.choose(number, map));
      tile.addEventListener("keydown", (event) => this.press(event, number, map));
      return { tile, canvas, box, words };
    });
  }

  // Arrow keys lead along a stage, and to the tile above or below.
  press(event, number, map) {
    if (!(event.key in MOVES)) return;
    const [down, right] = MOVES[event.key];
    const next = clampIndex(number + down, this.rows.length);
    const share = (map + 0.5) / this.rows[number].length;
    const below = Math.floor(share * this.rows[next].length);
    const at = down ? below : clampIndex(map + right, this.rows[number].length);
    this.rows[next][at].tile.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  // Draw all maps; a painter for each stage turns its numbers into colours.
  show(painters, answer) {
    this.rows.forEach((row, number) => {
      const [height, width] = grid(this.net.stages[number]);
      row.forEach(({ tile, canvas }, map) => {
        const colourAt = (r, c) => painters[number](value(this.net, [number, map, r, c]));
        paint(canvas, height, width, colourAt);
        tile.ariaLabel = nameOf(this.net, [number, map]);
      });
    });
    this.rows.at(-1).forEach((tile, map) => this.writeAnswer(tile, map, map === answer));
  }

  writeAnswer({ tile, words }, map, isBest) {
    const number = this.net.stages.length - 1;
    const output = value(this.net, [number, map, 0, 0]);
    const isShare = this.net.stages[number].activation === "softmax";
    const shown = isShare ? percent(output) : short(output, 2);
    words.textContent = `${map}: ${shown}`;
    tile.ariaLabel = `answer ${map}: ${shown}`;
    tile.classList.toggle("best", isBest);
  }

  // Mark the tile of a unit, and on all tiles below what the unit sees of them.
  mark(unit) {
    const boxes = seen(this.net, unit);
    this.rows.forEach((row, number) =>
      row.forEach((tile, map) => this.markTile(tile, [number, map], unit, boxes[number])),
    );
  }

  markTile({ tile, box }, [number, map], unit, seenHere) {
    const stage = this.net.stages[number];
    const isCurrent = number === unit[0] && map === unit[1];
    const isPooled = this.net.stages[unit[0]].kind === "pool" && number === unit[0] - 1;
    const part = isCurrent ? [unit[2], unit[2], unit[3], unit[3]] : seenHere;
    tile.tabIndex = isCurrent ? 0 : -1;
    tile.ariaPressed = String(isCurrent);
    box.hidden = !part || (isPooled && map !== unit[1]) || stage.kind === "dense";
    if (!box.hidden) frame(box, part, grid(stage));
  }
}

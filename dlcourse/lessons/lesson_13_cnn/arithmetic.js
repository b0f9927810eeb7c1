// How any number of a network came about, from the numbers that Python sends for one digit
// (board.py says how they lie). tests/browser/test_cnn_board.py holds it against dlcourse.nn.
//
// A unit is [stage, map, row, column], all counted from zero; a unit of a dense stage is a map
// of its own, of one row and one column.

export const grid = (stage) => (stage.shape.length === 3 ? stage.shape : [1, 1, stage.shape[0]]);

// The value of one unit; `which` is "outputs", or "sums" before the activation.
export function value(net, [number, map, row, column], which = "outputs") {
  const stage = net.stages[number];
  const [, width, maps] = grid(stage);
  return net.values[stage[which] + (row * width + column) * maps + map];
}

// The unit of a map with the largest value: a good place to start looking.
export function strongest(net, number, map) {
  const [height, width] = grid(net.stages[number]);
  let best = [number, map, 0, 0];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      if (value(net, [number, map, row, column]) > value(net, best))
        best = [number, map, row, column];
  return best;
}

// First and last row, first and last column that a unit sees of the stage below it.
export function windowOf(net, [number, , top, left], bottom = top, right = left) {
  const stage = net.stages[number];
  const [height, width] = grid(net.stages[number - 1]);
  if (stage.kind === "dense") return [0, height - 1, 0, width - 1];
  const first = (at, axis) => at * stage.strides[axis] - stage.before[axis];
  const last = (at, axis) => first(at, axis) + stage.window[axis] - 1;
  return [first(top, 0), last(bottom, 0), first(left, 1), last(right, 1)];
}

// What a unit sees of every stage below, down to the image: { stage: [top, bottom, left, right] }.
export function seen(net, unit) {
  const boxes = {};
  let box = [unit[2], unit[2], unit[3], unit[3]];
  for (let number = unit[0]; number > 0; number--) {
    box = windowOf(net, [number, 0, box[0], box[2]], box[1], box[3]);
    boxes[number - 1] = box;
  }
  return boxes;
}

// What each map below adds to the sum of a unit: its pixels, the weights on them, the products'
// sum. For pooling only the map that it looks at.
export function parts(net, unit) {
  const [number, map] = unit;
  const stage = net.stages[number];
  const sources = grid(net.stages[number - 1])[2];
  if (stage.kind === "pool") return [part(net, unit, map, sources)];
  return Array.from({ length: sources }, (_, source) => part(net, unit, source, sources));
}

function part(net, unit, source, sources) {
  const [number, map] = unit;
  const stage = net.stages[number];
  const [height, width] = grid(net.stages[number - 1]);
  const maps = grid(stage)[2];
  const [top, bottom, left, right] = windowOf(net, unit);
  const [rows, columns] = [bottom - top + 1, right - left + 1];
  const found = { source, rows, columns, pixels: [], weights: [] };
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) {
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      const pixel = inside ? value(net, [number - 1, source, row, column]) : stage.background;
      const place = ((row - top) * columns + column - left) * sources + source;
      const weight = stage.kind === "pool" ? 1 : net.weights[stage.kernel + place * maps + map];
      found.pixels.push(pixel);
      found.weights.push(weight);
    }
  found.sum = found.pixels.reduce((sum, pixel, i) => sum + pixel * found.weights[i], 0);
  return found;
}

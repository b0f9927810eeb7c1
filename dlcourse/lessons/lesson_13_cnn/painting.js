// Numbers as pixels, and boxes around some of them.

import { BLACK, clampIndex, mix, PURPLE, range, signedColour, WHITE } from "../../widgets/board.js";

export const ink = (share) => mix(WHITE, BLACK, Math.min(1, Math.max(0, share)));

// A function from values to colours: ink where nothing is negative, orange and purple else.
export function coloursOf(values) {
  let [largest, isNegative] = [1e-9, false];
  for (const number of values) {
    largest = Math.max(largest, Math.abs(number));
    isNegative ||= number < 0;
  }
  const colour = isNegative ? (share) => signedColour(share, PURPLE) : ink;
  return (number) => colour(number / largest);
}

export function paint(canvas, rows, columns, colourAt) {
  if (canvas.width !== columns || canvas.height !== rows)
    [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(columns, rows);
  for (const row of range(rows))
    for (const column of range(columns))
      pixels.data.set([...colourAt(row, column), 255], 4 * (row * columns + column));
  context.putImageData(pixels, 0, 0);
}

// Lay a box over a part of a picture of so many rows and columns.
export function frame(box, [top, bottom, left, right], [height, width]) {
  const [first, start] = [clampIndex(top, height), clampIndex(left, width)];
  box.style.top = `${(100 * first) / height}%`;
  box.style.left = `${(100 * start) / width}%`;
  box.style.height = `${(100 * (clampIndex(bottom, height) - first + 1)) / height}%`;
  box.style.width = `${(100 * (clampIndex(right, width) - start + 1)) / width}%`;
}

// Numbers from -1 (orange) to 1 (blue), sent as bytes, as pixels.

import { BLUE, css, mix, ORANGE, signedColour, WHITE } from "../../widgets/board.js";

// Byte 0 is orange, the middle white, 255 blue; the sharp palette knows two colours only.
const palette = (colour) =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    const [r, g, b] = colour(byte / 127.5 - 1).map(Math.round);
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
export const SMOOTH = palette((value) => signedColour(0.75 * value));
export const SHARP = palette((value) => mix(WHITE, value < 0 ? ORANGE : BLUE, 0.45));

export function paint(context, image, values, colours) {
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = colours[values[i]];
  context.putImageData(image, 0, 0);
}

// What the two inputs are at each point of the plane.
export function paintInput(context, side, isVertical) {
  const values = Array.from({ length: side * side }, (_, i) => {
    const [across, up] = [(i % side) / (side - 1), 1 - Math.floor(i / side) / (side - 1)];
    return Math.round(255 * (isVertical ? up : across));
  });
  paint(context, new ImageData(side, side), values, SMOOTH);
}

export const colourOf = (isBlue, darker = 0) => css(mix(isBlue ? BLUE : ORANGE, [0, 0, 0], darker));

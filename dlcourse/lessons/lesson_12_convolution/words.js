// How an output of a layer, and the size of its map, are written out.

import { short } from "../../widgets/board.js";
import { along, axes, boxes, isConvolution, look, output, part, weights } from "./arithmetic.js";

export const KINDS = {
  Conv2D: "convolution",
  MaxPooling2D: "max pooling",
  AveragePooling2D: "average pooling",
  MinPooling2D: "min pooling",
};

const bracketed = (value) => (value < 0 ? `(${short(value)})` : short(value));

export const nameOf = (number) => (number ? `map ${number}` : "image");

// Which plane of a map is meant, where it has several.
export const planeOf = (map, number, plane) =>
  map.planes.length > 1 ? `, ${number ? "filter" : "channel"} ${plane}` : "";

export function sum(map, layer, row, column, plane) {
  const result = short(output(map, layer, row, column, plane));
  if (isConvolution(layer)) {
    const parts = map.planes.map((_, channel) => {
      const flat = weights(layer, plane, channel).flat();
      const product = (pixel, place) => `${bracketed(pixel ?? 0)}·${bracketed(flat[place])}`;
      return look(map, layer, row, column, channel).map(product).join(" + ");
    });
    if (parts.length === 1) return `${parts[0]} = ${result}`;
    const sums = parts.map((_, channel) => part(map, layer, row, column, plane, channel));
    const written = parts.map((text, i) => `channel ${i}: ${text} = ${short(sums[i])}`);
    return `${written.join("; ")}; together ${sums.map(bracketed).join(" + ")} = ${result}`;
  }
  const seen = look(map, layer, row, column, plane);
  const pixels = seen.filter((pixel) => pixel !== null).map(bracketed);
  if (layer.name === "AveragePooling2D")
    return `(${pixels.join(" + ")}) / ${pixels.length} = ${result}`;
  const which = layer.name === "MaxPooling2D" ? "largest" : "smallest";
  return `${which} of ${pixels.join(", ")} = ${result}`;
}

function sizeOf({ length, size, stride, dilation, padding, count }) {
  const reach = dilation > 1 ? `[${dilation}·(${size} − 1) + 1]` : size;
  return `⌊(${length} + ${padding} − ${reach}) / ${stride}⌋ + 1 = ${count}`;
}

export function sizes(layer, map) {
  const [down, across] = axes(layer, map).map(sizeOf);
  return down === across ? `${down}, for rows and columns` : `rows ${down}, columns ${across}`;
}

export function unfitting(layer, number, map) {
  const [down, across] = [along(layer, 0, 1).covered, along(layer, 1, 1).covered];
  return (
    `Layer ${number} does not fit: its window covers ${down} x ${across}, and ` +
    `${nameOf(number - 1)} has only ${map.rows} x ${map.columns}. Take a larger image, or "same" ` +
    "padding."
  );
}

// What one output sees of the image and of every map before it.
export function fieldOf(maps, layers, { map, row, column }) {
  const seen = boxes(maps, layers, map, row, column).slice(0, -1);
  const parts = seen.map(([top, bottom, left, right], number) => {
    const { rows, columns } = maps[number];
    const isOver = top < 0 || left < 0 || bottom >= rows || right >= columns;
    const size = `${bottom - top + 1} x ${right - left + 1}`;
    return `${size} of ${number ? nameOf(number) : "the image"}${isOver ? ", some of it padding" : ""}`;
  });
  return `Receptive field of row ${row}, column ${column} of map ${map}: ${parts.join("; ")}.`;
}

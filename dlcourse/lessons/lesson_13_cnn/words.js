// A unit of the network in words: where it is, what it is made of.

import { short } from "../../widgets/board.js";
import { parts, value } from "./arithmetic.js";

export const percent = (number) => `${short(100 * number, 1)} %`;
export const plus = (number) => (number < 0 ? "" : "+") + short(number);

export function nameOf(net, [number, map]) {
  const { kind, name } = net.stages[number];
  if (kind === "image") return "image";
  return kind === "dense" ? `${name}, unit ${map}` : `${name}, map ${map}`;
}

export function explain(net, unit) {
  const stage = net.stages[unit[0]];
  const place = stage.kind === "dense" ? "" : `, row ${unit[2]}, column ${unit[3]}`;
  const where = nameOf(net, unit) + place;
  const output = short(value(net, unit));
  if (stage.kind === "image") return `${where}: ${output}.`;
  const all = parts(net, unit);
  if (stage.kind === "pool") {
    const pixels = all[0].pixels.filter((pixel) => pixel !== undefined);
    return `${where}: the largest of ${pixels.map((pixel) => short(pixel)).join(", ")} is ${output}.`;
  }
  return `${where}: ${sumOf(net, unit, all)}${afterwards(stage, value(net, unit))}`;
}

function sumOf(net, unit, all) {
  const sum = value(net, unit, "sums");
  const products = all.reduce((total, part) => total + part.sum, 0);
  const count = all.reduce((total, part) => total + part.pixels.length, 0);
  const bias = short(sum - products);
  return `${count} products add up to ${short(products)}; with the bias ${bias} that is ${short(sum)}.`;
}

function afterwards({ activation }, output) {
  if (activation === "softmax")
    return ` Softmax sets it against the others: probability ${percent(output)}.`;
  if (!activation) return "";
  return ` After ${activation === "relu" ? "ReLU" : activation}: ${short(output)}.`;
}

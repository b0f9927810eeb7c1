// What a stack of convolution and pooling layers makes of one small image.
//
// It is done in the browser, so that the explorer answers a key at once.
// tests/browser/test_convolution_explorer.py holds it against the layers of dlcourse.nn.
//
// Maps are { rows, columns, planes }: a plane for each channel, its values row by row. A layer is
// what Python sends: { name: "Conv2D", kernel, strides, padding, dilation_rate }, where
// kernel[filter][channel] is a list of rows, or
// { name: "MaxPooling2D", pool_size, strides, padding }, also Average- and MinPooling2D.

export const isConvolution = (layer) => layer.name === "Conv2D";

// The weights that a filter lays on a channel. A filter made for fewer channels than there are
// begins again with its first kernel.
export function weights(layer, filter, channel) {
  const kernels = layer.kernel[filter];
  return kernels[channel % kernels.length];
}

// How many planes a layer makes of so many.
export const planesAfter = (layer, planes) => (isConvolution(layer) ? layer.kernel.length : planes);

// How the window of a layer lies along one axis (0: rows, 1: columns) of `length` pixels.
export function along(layer, axis, length) {
  const kernel = isConvolution(layer) && weights(layer, 0, 0);
  const size = kernel ? (axis ? kernel[0].length : kernel.length) : layer.pool_size;
  const stride = layer.strides;
  const dilation = layer.dilation_rate ?? 1;
  const covered = (size - 1) * dilation + 1;
  const same = layer.padding === "same";
  const wanted = Math.ceil(length / stride);
  const padding = same ? Math.max(0, (wanted - 1) * stride + covered - length) : 0;
  const count = Math.floor((length + padding - covered) / stride) + 1;
  return {
    length,
    size,
    stride,
    dilation,
    covered,
    padding,
    before: Math.floor(padding / 2),
    count,
  };
}

export const axes = (layer, map) => [along(layer, 0, map.rows), along(layer, 1, map.columns)];

// The pixels of one channel that an output looks at; those in the frame of padding are null.
export function look(map, layer, row, column, channel) {
  const [down, across] = axes(layer, map);
  const seen = [];
  for (let i = 0; i < down.size; i++)
    for (let j = 0; j < across.size; j++) {
      const r = row * down.stride - down.before + i * down.dilation;
      const c = column * across.stride - across.before + j * across.dilation;
      const inside = r >= 0 && r < map.rows && c >= 0 && c < map.columns;
      seen.push(inside ? map.planes[channel][r * map.columns + c] : null);
    }
  return seen;
}

// What a filter says of one channel; its output is the sum of these over all channels.
export function part(map, layer, row, column, filter, channel) {
  const flat = weights(layer, filter, channel).flat();
  const seen = look(map, layer, row, column, channel);
  return seen.reduce((sum, pixel, place) => sum + (pixel ?? 0) * flat[place], 0);
}

// Plane number `plane` of what a layer makes: that of a filter, or a channel that was pooled.
export function output(map, layer, row, column, plane) {
  if (isConvolution(layer))
    return map.planes.reduce(
      (sum, _, channel) => sum + part(map, layer, row, column, plane, channel),
      0,
    );
  const seen = look(map, layer, row, column, plane);
  const pixels = seen.filter((pixel) => pixel !== null);
  if (layer.name === "MaxPooling2D") return Math.max(...pixels);
  if (layer.name === "MinPooling2D") return Math.min(...pixels);
  return pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
}

// The image and the map of every layer, up to the first layer that does not fit.
export function forward(image, layers) {
  const maps = [image];
  for (const layer of layers) {
    const map = maps.at(-1);
    const [rows, columns] = axes(layer, map).map((axis) => axis.count);
    if (rows < 1 || columns < 1) break;
    const planes = [];
    for (let plane = 0; plane < planesAfter(layer, map.planes.length); plane++) {
      const values = new Float64Array(rows * columns);
      for (let i = 0; i < values.length; i++)
        values[i] = output(map, layer, Math.floor(i / columns), i % columns, plane);
      planes.push(values);
    }
    maps.push({ rows, columns, planes });
  }
  return maps;
}

// What one output of map number `top` sees of every map below: [top, bottom, left, right].
export function boxes(maps, layers, top, row, column) {
  const seen = [[row, row, column, column]];
  for (let number = top; number > 0; number--) {
    const [down, across] = axes(layers[number - 1], maps[number - 1]);
    const first = (axis, at) => at * axis.stride - axis.before;
    const last = (axis, at) => first(axis, at) + axis.covered - 1;
    const [a, b, c, d] = seen[0];
    seen.unshift([first(down, a), last(down, b), first(across, c), last(across, d)]);
  }
  return seen;
}

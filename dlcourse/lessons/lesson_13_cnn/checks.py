"""Lesson 13, convolutional networks: two backward passes, counting, the reject curve, digits.

Images have one channel here, and there is one kernel.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals, telling
from dlcourse.checks.goal import Goal, accuracy

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
Rng = np.random.Generator
Layers = Sequence[tuple[int, int, int, bool]]


# conv_backward


def conv_backward(x: Floats, kernel: Floats, grad_y: Floats) -> tuple[Floats, Floats, float]:
    """Return the gradients for the images, the kernel and the bias."""
    x, kernel, grad_y = (np.asarray(array, float) for array in (x, kernel, grad_y))
    layer = nn.Conv2D(1, kernel.shape)
    layer.params = {"kernel": kernel[:, :, np.newaxis, np.newaxis], "bias": np.zeros(1)}
    _, cache = layer.forward(x[..., np.newaxis])
    grad_x, grads = layer.backward(grad_y[..., np.newaxis], cache)
    assert grad_x is not None
    return grad_x[..., 0].copy(), grads["kernel"][:, :, 0, 0], float(grads["bias"][0])


def conv_cases(rng: Rng) -> list[Case]:
    """One window, one position of many, the lesson's image, two images, other shapes."""
    seven = np.array([[[0.0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]])
    upper_right = np.array([[[0.0, 1], [0, 0]]])
    row = np.array([[[1.0, 2, 3, 4]]])
    ones = np.ones((1, 1, 3))
    two = np.array([[[1.0, 2], [3, 4]], [[5, 6], [7, 8]]])

    whole, some, half = two.astype(int), np.array([[0.5, -1.5]]), np.array([[[0.5], [-0.25]]])

    def drawn(
        rng: Rng, images: int, image: tuple[int, int], window: tuple[int, int], about: str
    ) -> Case:
        y = (image[0] - window[0] + 1, image[1] - window[1] + 1)
        x, kernel, grad_y = (
            decimals(rng, *size) for size in ((images, *image), window, (images, *y))
        )
        if abs(grad_y.sum()) < 0.1:  # a mean of 0 is as good as a sum of 0
            grad_y.flat[0] += 0.5
        return Case((x, kernel, grad_y), about)

    return [
        Case((row, np.array([[1.0, 10]]), ones), "a row of pixels, three windows that overlap"),
        Case((seven, np.arange(1.0, 10).reshape(3, 3), upper_right), "only one window counts"),
        Case((two, np.array([[1.0, 2], [3, 4]]), np.array([[[1.0]], [[10]]])), "two images"),
        Case((row / 7, np.array([[0.3, 0.7]]), ones / 7), "decimals"),
        Case((whole[:1], some, half), "pixels that are whole numbers"),
        Case((two[:1] / 2, some.round().astype(int), half), "weights that are whole numbers"),
        Case((two[:1] / 4, some, (4 * half).astype(int)), "gradients that are whole numbers"),
        drawn(always(), 2, (4, 5), (3, 2), "decimals of either sign"),
        drawn(rng, 1, (3, 3), (2, 2), "one image of random numbers"),
        drawn(rng, 1, (3, 5), (2, 3), "an image and a kernel that are not square"),
        drawn(rng, 1, (4, 4), (1, 1), "a kernel with a single weight"),
        drawn(rng, 2, (4, 4), (3, 3), "two images of random numbers"),
        drawn(rng, 3, (4, 3), (2, 2), "three images of random numbers"),
    ]


def _conv(
    *,
    kernel_for_x: Callable[[Floats], Floats] = lambda kernel: kernel,
    turned: bool = False,
    adds: bool = True,
    images: Callable[[int], range] = range,
    share: Callable[[Floats], float] = lambda grad_y: 1.0,
    bias: Callable[[Floats], Any] = lambda grad_y: grad_y.sum(),
    report: Callable[..., Any] = lambda grad_x, grad_kernel, grad_bias: (
        grad_x,
        grad_kernel,
        grad_bias,
    ),
) -> Callable[..., Any]:
    """Build a backward pass; each argument puts another mistake into it."""

    def backward(x: Floats, kernel: Floats, grad_y: Floats) -> Any:
        height, width = kernel.shape
        grad_x, grad_kernel = np.zeros(x.shape), np.zeros(kernel.shape)
        for image, row, column in np.ndindex(grad_y.shape):
            grad = grad_y[image, row, column]
            window = (image, slice(row, row + height), slice(column, column + width))
            if image in images(len(x)):
                grad_kernel += grad * x[window]
            pixels = grad * kernel_for_x(kernel)
            grad_x[window] = grad_x[window] + pixels if adds else pixels
        grad_kernel *= share(grad_y)
        if turned:
            grad_kernel = grad_kernel[::-1, ::-1]
        return report(grad_x, grad_kernel, bias(grad_y))

    return backward


def _into_x(x: Floats, kernel: Floats, grad_y: Floats) -> Any:
    height, width = kernel.shape
    grad_kernel = np.zeros(kernel.shape)
    for image, row, column in np.ndindex(grad_y.shape):
        window = (image, slice(row, row + height), slice(column, column + width))
        grad_kernel += grad_y[image, row, column] * x[window]
        x[window] += grad_y[image, row, column] * kernel
    return x, grad_kernel, grad_y.sum()


def _starting_from_x(x: Floats, kernel: Floats, grad_y: Floats) -> Any:
    grad_x, grad_kernel, grad_bias = conv_backward(x, kernel, grad_y)
    return x + grad_x, grad_kernel, grad_bias


def _kernel_as_map(x: Floats, kernel: Floats, grad_y: Floats) -> Any:
    grad_x, grad_kernel = np.zeros(x.shape), np.zeros(kernel.shape)
    rows, columns = kernel.shape
    for image in range(len(x)):
        for p, q in np.ndindex(rows, columns):
            window = np.s_[image, p : p + rows, q : q + columns]
            grad_x[window] += grad_y[image, p, q] * kernel
            grad_kernel += grad_y[image, p, q] * x[window]
    return grad_x, grad_kernel, grad_y.sum()


def _one_window_short(in_the_loop: bool) -> Any:
    """Build a backward pass whose loops end before the last row and column of windows."""

    def backward(x: Floats, kernel: Floats, grad_y: Floats) -> Any:
        seen = grad_y.copy()
        seen[:, -1] = seen[:, :, -1] = 0
        grad_x, grad_kernel, grad_bias = conv_backward(x, kernel, seen)
        return grad_x, grad_kernel, grad_bias if in_the_loop else grad_y.sum()

    return backward


ONE_WINDOW_SHORT = (
    "Your loops leave out the last row and the last column of windows. There are as many "
    "positions as grad_y has rows and columns, and `range` ends one before its limit by itself."
)

CONV_MISTAKES = [
    Mistake("one_window_short", _one_window_short(in_the_loop=False), ONE_WINDOW_SHORT),
    Mistake("one_window_short_for_all", _one_window_short(in_the_loop=True), ONE_WINDOW_SHORT),
    Mistake(
        "positions_of_the_kernel",
        _kernel_as_map,
        "Your loops go as far as the kernel is large. They go through the positions of the window, "
        "as many as grad_y has rows and columns.",
    ),
    Mistake(
        "into_x",
        _into_x,
        "You add the gradients into x itself. That changes the caller's images, and what you still "
        "have to read: collect them in an array of zeros, `np.zeros(x.shape)`.",
    ),
    Mistake(
        "starting_from_x",
        _starting_from_x,
        "Your grad_x starts from a copy of x. A gradient starts from zero: `np.zeros(x.shape)`.",
    ),
    Mistake(
        "overwritten",
        _conv(adds=False),
        "You write into grad_x with `=`. Windows overlap, and a pixel gets something from each of "
        "them: use `+=`.",
    ),
    Mistake(
        "kernel_turned_for_x",
        _conv(kernel_for_x=lambda kernel: kernel[::-1, ::-1]),
        "The kernel is turned the wrong way round in grad_x. The pixel at place (i, j) of a window "
        "was multiplied by kernel[i, j], so it gets the window's gradient times kernel[i, j].",
    ),
    Mistake(
        "gradient_of_kernel_turned",
        _conv(turned=True),
        "grad_kernel comes out turned by 180 degrees. kernel[i, j] was multiplied by the pixel at "
        "place (i, j) of every window: that pixel times the gradient is its share.",
    ),
    Mistake(
        "last_image_only",
        _conv(images=lambda count: range(count - 1, count)),
        "grad_kernel has the share of the last image only. Set it to zero once, before all loops, "
        "and add up over the images.",
    ),
    Mistake(
        "first_image_only",
        _conv(images=lambda count: range(1)),
        "grad_kernel has the share of the first image only. All images used the same kernel: add "
        "up over the batch.",
    ),
    Mistake(
        "kernel_mean_over_batch",
        _conv(share=lambda grad_y: 1 / len(grad_y)),
        "You divide grad_kernel by the number of images. If the loss is a mean, grad_y has that "
        "factor already: just add up.",
    ),
    Mistake(
        "kernel_mean_over_positions",
        _conv(share=lambda grad_y: 1 / grad_y[0].size),
        "You divide grad_kernel by the number of positions. A shared weight gets the sum over all "
        "places that share it.",
    ),
    Mistake(
        "kernel_mean_over_both",
        _conv(share=lambda grad_y: 1 / grad_y.size),
        "You take a mean for grad_kernel. A shared weight gets the sum, over the positions and "
        "over the images.",
    ),
    Mistake(
        "bias_for_each_image",
        _conv(bias=lambda grad_y: grad_y.sum(axis=(1, 2))),
        "Your grad_bias has a number for each image. There is one bias: add up over the batch, "
        "too.",
    ),
    Mistake(
        "bias_for_each_position",
        _conv(bias=lambda grad_y: grad_y.sum(axis=0)),
        "Your grad_bias has a number for each position. They all share one bias: add up over rows "
        "and columns, too.",
    ),
    Mistake(
        "bias_mean",
        _conv(bias=lambda grad_y: grad_y.mean()),
        "You take the mean of grad_y for the bias. It was added at every position of every image, "
        "so it gets the sum.",
    ),
    Mistake(
        "bias_counts",
        _conv(bias=lambda grad_y: float(grad_y.size)),
        "Your grad_bias counts the positions. Each of them sends its own gradient: add up grad_y.",
    ),
    Mistake(
        "order_of_results",
        _conv(report=lambda grad_x, grad_kernel, grad_bias: (grad_kernel, grad_x, grad_bias)),
        "You return grad_kernel before grad_x. The order is `return grad_x, grad_kernel, "
        "grad_bias`.",
    ),
    Mistake(
        "bias_left_out",
        _conv(report=lambda grad_x, grad_kernel, grad_bias: (grad_x, grad_kernel)),
        "The gradient of the bias is missing: `return grad_x, grad_kernel, grad_bias`.",
    ),
]


# maxpool_backward


def maxpool_backward(x: Floats, grad_y: Floats, size: int) -> Floats:
    """Return the gradient for the image: all of it to the first maximum of each window."""
    layer = nn.MaxPooling2D(size)
    _, cache = layer.forward(np.asarray(x, float)[np.newaxis, :, :, np.newaxis])
    grad_x, _ = layer.backward(grad_y[np.newaxis, :, :, np.newaxis], cache)
    assert grad_x is not None
    return grad_x[0, :, :, 0].copy()


def pool_cases(rng: Rng) -> list[Case]:
    """One clear winner, equal pixels, negative ones, other sizes, random ones."""

    def case(x: list[list[float]], grad_y: list[list[float]], about: str) -> Case:
        return Case((np.array(x, float), np.array(grad_y, float), 2), about)

    cases = [
        case([[1, 2], [3, 0]], [[5]], "one window, and 3 wins"),
        case([[1, 2, 0, 7], [3, 0, 4, 5]], [[5, -6]], "two windows"),
        case([[0, 0], [0, 0]], [[4]], "all pixels are 0, as behind a ReLU that is silent"),
        case([[1, 3], [3, 0]], [[2]], "two pixels are the largest"),
        case([[0, 2], [0, 2]], [[8]], "two pixels are the largest, one below the other"),
        case([[-5, -1], [-2, -3]], [[1]], "all pixels are negative"),
        case([[1, 1], [2, 3], [4, 4], [5, 4]], [[6], [7]], "two windows, one below the other"),
        case([[0.1, 0.2], [0.3, 0.1]], [[0.7]], "decimals"),
    ]
    cases += [
        Case((np.array([[1, 3], [2, 0]]), np.array([[0.5]]), 2), "pixels that are whole numbers"),
        Case((np.array([[0.5, 0.25]]), np.array([[3, -1]]), 1), "gradients that are whole numbers"),
    ]
    for height, width, size in ((2, 3, 2), (3, 2, 2), (3, 3, 2), (2, 2, 3)):
        x, grad_y = _drawn_maxima(rng, height, width, size)
        cases.append(Case((x, grad_y, size), f"random numbers, windows of {size} x {size}"))
    return cases


def _drawn_maxima(rng: Rng, height: int, width: int, size: int) -> tuple[Floats, Floats]:
    """Draw windows of every kind, each in its place: one winner, several, negative numbers."""
    x = 2 + decimals(rng, height * size, width * size)
    low, high = rng.uniform(-3, -2), rng.uniform(5, 6)
    x[:size, :size] = low  # all alike
    x[0, size + 1] = x[1, size] = high  # two winners; column by column the other one is first
    x[-size:, :size] -= 9  # negative numbers
    return x, decimals(rng, height, width)


def _pool(place: Callable[[Floats], Any], gain: Callable[..., Any] | None = None) -> Any:
    """Build a backward pass from which pixels of a window get what share of its gradient."""

    def backward(x: Floats, grad_y: Floats, size: int) -> Floats:
        grad_x = np.zeros(x.shape)
        for row, column in np.ndindex(grad_y.shape):
            part = np.s_[row * size : (row + 1) * size, column * size : (column + 1) * size]
            share = place(x[part])
            grad = grad_y[row, column] if gain is None else gain(grad_y[row, column], x[part])
            grad_x[part] = share * grad
        return grad_x

    return backward


def _first(window: Floats) -> Floats:
    """Mark the first maximum, row by row."""
    marks: Floats = np.zeros(window.shape)
    marks.flat[window.argmax()] = 1
    return marks


def _one_pixel_apart(keep: bool, one_pixel: bool = False) -> Any:
    """Build a backward pass whose windows overlap: they add up, or the last one overwrites.

    It overwrites a whole window or the one pixel.
    """

    def backward(x: Floats, grad_y: Floats, size: int) -> Floats:
        grad_x = np.zeros(x.shape)
        for row, column in np.ndindex(grad_y.shape):
            part = np.s_[row : row + size, column : column + size]
            first = _first(x[part])
            kept = grad_x[part] * (keep or (one_pixel and ~first.astype(bool)))
            grad_x[part] = kept + first * grad_y[row, column]
        return grad_x

    return backward


POOL_MISTAKES = [
    Mistake(
        "windows_one_pixel_apart",
        _one_pixel_apart(keep=True),
        "Your windows lie one pixel apart and overlap. Here they lie side by side: that of "
        "`grad_y[p, q]` begins at row `p * size` and column `q * size`.",
    ),
    Mistake(
        "overlapping_pixels_overwritten",
        _one_pixel_apart(keep=False, one_pixel=True),
        "Your windows lie one pixel apart and overlap. Here they lie side by side: the one that "
        "belongs to `grad_y[p, q]` begins at row `p * size` and column `q * size`.",
    ),
    Mistake(
        "overlapping_windows_overwritten",
        _one_pixel_apart(keep=False),
        "Your windows lie one pixel apart, and each overwrites what the one before it wrote. "
        "They lie side by side: that of `grad_y[p, q]` begins at row `p * size` and column "
        "`q * size`. (Where windows do overlap, a pixel gets a part from each: `+=`, not `=`.)",
    ),
    Mistake(
        "all_equal_pixels",
        _pool(lambda window: window == window.max()),
        "Where several pixels are equally large, you send the gradient to all of them. The output "
        "came from one: the first, row by row. `argmax` finds it.",
    ),
    Mistake(
        "shared_among_equal_pixels",
        _pool(lambda window: (window == window.max()) / np.sum(window == window.max())),
        "You share the gradient among equally large pixels. Here the first one, row by row, gets "
        "all of it, as in TensorFlow. `argmax` finds it.",
    ),
    Mistake(
        "last_equal_pixel",
        _pool(lambda window: _first(window[::-1, ::-1])[::-1, ::-1]),
        "Of equally large pixels you take the last one. Take the first, row by row: `>` instead of "
        "`>=`, or `argmax`.",
    ),
    Mistake(
        "columns_first",
        _pool(lambda window: _first(window.T).T),
        "Of equally large pixels you take the first one column by column. Go through the window "
        "row by row.",
    ),
    Mistake(
        "maximum_from_zero",
        _pool(lambda window: _first(window) * (window.max() > 0)),
        "Your maximum begins at 0, so in a window of negative pixels none is found. Begin with a "
        "pixel of the window, or use `argmax`.",
    ),
    Mistake(
        "largest_absolute",
        _pool(lambda window: _first(np.abs(window))),
        "You look for the largest absolute value. Max pooling keeps the largest number: -1 beats "
        "-5.",
    ),
    Mistake(
        "row_and_column_exchanged",
        _pool(lambda window: _first(window).T),
        "You exchange the row and the column of the largest pixel. `argmax` counts row by row: "
        "for the place k the row is `k // size` and the column `k % size`.",
    ),
    Mistake(
        "smallest",
        _pool(lambda window: _first(-window)),
        "You send the gradient to the smallest pixel. The largest one made it through.",
    ),
    Mistake(
        "average",
        _pool(lambda window: np.full(window.shape, 1 / window.size)),
        "You share the gradient among all pixels of the window. That is average pooling; here only "
        "the largest pixel made it through.",
    ),
    Mistake(
        "everywhere",
        _pool(np.ones_like),
        "Every pixel of the window gets the gradient. Only the largest one made it through; the "
        "others get 0.",
    ),
    Mistake(
        "times_the_pixel",
        _pool(_first, lambda grad, window: grad * window.max()),
        "You multiply by the pixel. The derivative of a maximum is 1 for the winner: it gets the "
        "gradient as it is.",
    ),
    Mistake(
        "the_pixel_itself",
        _pool(_first, lambda grad, window: window.max()),
        "You put the maximum itself into grad_x. Put the gradient of its window there.",
    ),
    Mistake(
        "one_without_gradient",
        _pool(_first, lambda grad, window: 1.0),
        "You mark the winners with 1. That is the derivative; multiply it by the gradient of the "
        "window.",
    ),
]


# parameters_and_connections


def parameters_and_connections(layers: Layers) -> tuple[int, int]:
    """Count what a network learns, and how many connections use it."""
    parameters = connections = 0
    for maps, units, inputs, shared_bias in layers:
        parameters += maps * inputs + (maps if shared_bias else maps * units)
        connections += maps * units * (inputs + 1)
    return parameters, connections


def count_cases(rng: Rng) -> list[Case]:
    """Each kind of layer by itself, the networks of the lesson, random ones."""
    zip_codes = [(12, 64, 25, False), (12, 16, 200, False), (30, 1, 192, True), (10, 1, 30, True)]
    cases = [
        Case(([(6, 784, 25, True)],), "6 maps of 28 x 28, each with one bias: C1 of LeNet-5"),
        Case(([zip_codes[0]],), "12 maps of 8 x 8, and each unit has a bias: H1 of 1989"),
        Case(([(10, 1, 30, True)],), "a dense layer: a unit is a map of its own"),
        Case(([(1, 4, 9, True), (2, 1, 4, False)],), "two small layers"),
        Case((zip_codes,), "the network of 1989"),
    ]

    def layer(shared_bias: bool) -> tuple[int, int, int, bool]:
        """Draw so that layers whose units have biases have more units, and more maps."""
        low, high = ((2, 2, 2), (7, 10, 60)) if shared_bias else ((7, 10, 2), (13, 30, 60))
        maps, units, inputs = rng.integers(low, high).tolist()
        return maps, units, inputs, shared_bias

    return cases + [
        Case(([layer(bool(number % 2)) for number in range(count)],)) for count in (1, 2, 3, 4)
    ]


def _count(
    *,
    weights: Callable[[int, int, int], int] = lambda maps, units, inputs: maps * inputs,
    biases: Callable[[int, int, bool], int] = lambda maps, units, shared: (
        maps if shared else maps * units
    ),
    lines: Callable[[int, int, int, bool], int] = lambda maps, units, inputs, shared: (
        maps * units * (inputs + 1)
    ),
    last_layer: bool = False,
    report: Callable[[int, int], Any] = lambda parameters, connections: (parameters, connections),
) -> Callable[..., Any]:
    """Build a count; each argument puts another mistake into it."""

    def count(layers: Layers) -> Any:
        rows = [
            (weights(m, u, i) + biases(m, u, shared), lines(m, u, i, shared))
            for m, u, i, shared in layers
        ]
        parameters, connections = (
            rows[-1] if last_layer else tuple(sum(column) for column in zip(*rows, strict=True))
        )
        return report(parameters, connections)

    return count


COUNT_MISTAKES = [
    Mistake(
        "weights_not_shared",
        _count(weights=lambda maps, units, inputs: maps * units * inputs),
        "You count the weights of every unit. The units of a map share theirs: a map has `inputs` "
        "weights.",
    ),
    Mistake(
        "bias_always_shared",
        _count(biases=lambda maps, units, shared: maps),
        "You count one bias per map in every layer. Where `shared_bias` is False, each unit has "
        "its own: `maps * units` of them.",
    ),
    Mistake(
        "bias_never_shared",
        _count(biases=lambda maps, units, shared: maps * units),
        "You count a bias for each unit in every layer. Where `shared_bias` is True, a map has "
        "one.",
    ),
    Mistake(
        "bias_the_wrong_way_round",
        _count(biases=lambda maps, units, shared: maps * units if shared else maps),
        "You have it the wrong way round: `shared_bias` True means one bias per map, False one for "
        "each unit.",
    ),
    Mistake(
        "bias_once_a_layer",
        _count(biases=lambda maps, units, shared: 1 if shared else maps * units),
        "You count one bias for a whole layer. Each map has its own.",
    ),
    Mistake(
        "bias_forgotten",
        _count(biases=lambda maps, units, shared: 0),
        "You leave the biases out of the parameters. They are learned, too.",
    ),
    Mistake(
        "maps_forgotten",
        _count(weights=lambda maps, units, inputs: inputs),
        "You count the weights of one map. Each map has its own: multiply by `maps`.",
    ),
    Mistake(
        "connections_without_bias",
        _count(lines=lambda maps, units, inputs, shared: maps * units * inputs),
        "Your connections lack the biases. The papers count one for each unit, shared or not: "
        "`inputs + 1` a unit.",
    ),
    Mistake(
        "connections_with_shared_biases",
        _count(
            lines=lambda maps, units, inputs, shared: (
                maps * units * inputs + (maps if shared else maps * units)
            )
        ),
        "Among the connections you count a shared bias once for its map. Each unit has a "
        "connection of its own to it: `inputs + 1` a unit, shared or not.",
    ),
    Mistake(
        "connections_of_one_unit",
        _count(lines=lambda maps, units, inputs, shared: maps * (inputs + 1)),
        "You count the connections of one unit per map. All of its units have them: multiply by "
        "`units`.",
    ),
    Mistake(
        "connections_of_one_map",
        _count(lines=lambda maps, units, inputs, shared: units * (inputs + 1)),
        "You count the connections of one map. Multiply by `maps`.",
    ),
    Mistake(
        "last_layer_only",
        _count(last_layer=True),
        "You return the numbers of the last layer, not the sums. Start both counts at 0 before the "
        "loop, add to them in it, and return after it.",
    ),
    Mistake(
        "order_of_results",
        _count(report=lambda parameters, connections: (connections, parameters)),
        "You return the connections first. The order is `return parameters, connections`.",
    ),
    Mistake(
        "parameters_alone",
        _count(report=lambda parameters, connections: parameters),
        "You return one number. Return two: `return parameters, connections`.",
    ),
]


# reject_curve


def reject_curve(outputs: Floats, labels: Ints) -> Floats:
    """Return the error rate among the accepted when 0, 1, 2, ... examples are rejected."""
    ranked = np.sort(outputs, axis=1)
    surest_first = np.argsort(ranked[:, -2] - ranked[:, -1])
    wrong = (outputs.argmax(axis=1) != labels)[surest_first]
    errors: Floats = (np.cumsum(wrong) / np.arange(1, len(labels) + 1))[::-1]
    return errors


def draw_outputs(rng: Rng, examples: int, classes: int) -> Floats:
    """Draw outputs between -1 and 1 whose lead over the second differs from row to row."""
    while True:
        outputs = rng.integers(-40, 41, (examples, classes)) / 40
        ranked = np.sort(outputs, axis=1)
        leads = (ranked[:, -1] - ranked[:, -2]).round(6)
        if leads.min() > 0 and len(set(leads.tolist())) == examples:
            return outputs


def reject_cases(rng: Rng) -> list[Case]:
    """One answer wrong, none, all, a large but doubtful output, random ones."""
    outputs = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    close = np.array([[0.9, 0.8, -1], [0.5, -0.5, -0.6], [-0.2, 0.4, -0.3]])
    negative = np.array([[-0.1, -0.9, -1], [0.2, -0.3, -0.5], [0.6, 0.5, 0.1], [-0.5, -0.55, -0.6]])
    doubtful = np.array([[0.1, 0.9], [0.55, 0.45], [0.7, 0.3], [0.35, 0.65]])
    return [
        Case((outputs, np.array([0, 1, 1])), "the least sure answer is wrong"),
        Case((outputs, np.array([1, 0, 1])), "the surest answer is wrong"),
        Case((close, np.array([1, 0, 1])), "the largest output of all is not the surest answer"),
        Case((doubtful, np.array([1, 1, 0, 0])), "two of four are wrong"),
        Case((outputs, np.array([0, 0, 1])), "all answers are right"),
        Case((outputs[:1], np.array([1])), "one example, and it is wrong"),
        Case((negative, np.array([1, 0, 0, 2])), "outputs that are all negative in two rows"),
        Case(_drawn_answers(always(), 9, 4), "nine examples, four classes"),
        *(Case(_drawn_answers(rng, *size)) for size in ((5, 3), (8, 4), (10, 3), (12, 3))),
    ]


def _drawn_answers(rng: Rng, examples: int, classes: int) -> tuple[Any, ...]:
    """Draw outputs and labels; about a third of the answers are wrong."""

    def drawn() -> tuple[Floats, Ints]:
        outputs = draw_outputs(rng, examples, classes)
        labels = outputs.argmax(axis=1)
        some = rng.permutation(examples)[: examples // 3 + 1]
        labels[some] = (labels[some] + rng.integers(1, classes, len(some))) % classes
        return outputs, labels

    return telling("reject_curve", drawn)


def _lead(outputs: Floats, labels: Ints) -> Floats:
    ranked = np.sort(outputs, axis=1)
    return ranked[:, -1] - ranked[:, -2]


def _wrong(outputs: Floats, labels: Ints) -> Any:
    return outputs.argmax(axis=1) != labels


def _curve(
    *,
    sureness: Callable[[Floats, Ints], Floats] = _lead,
    counted: Callable[[Floats, Ints], Any] = _wrong,
    among: Callable[[int, int], int] = lambda accepted, examples: accepted,
    report: Callable[[Floats], Any] = lambda errors: errors,
) -> Callable[..., Any]:
    """Build a curve; each argument puts another mistake into it."""

    def curve(outputs: Floats, labels: Ints) -> Any:
        order = np.argsort(sureness(outputs, labels), kind="stable")  # the least sure first
        hits = counted(outputs, labels)[order]
        examples = len(labels)
        errors = [
            hits[rejected:].sum() / among(examples - rejected, examples)
            for rejected in range(examples)
        ]
        return report(np.array(errors))

    return curve


def _labels_unsorted(outputs: Floats, labels: Ints) -> Any:
    answers = outputs.argmax(axis=1)[np.argsort(_lead(outputs, labels))]
    return np.array([np.mean(answers[r:] != labels[r:]) for r in range(len(labels))])


def _of_the_rejected(outputs: Floats, labels: Ints) -> Any:
    hits = _wrong(outputs, labels)[np.argsort(_lead(outputs, labels))]
    return np.cumsum(hits) / np.arange(1, len(hits) + 1)


def _one_too_many(outputs: Floats, labels: Ints) -> Any:
    return np.append(reject_curve(outputs, labels)[1:], 0.0)


def _order_as_ranks(outputs: Floats, labels: Ints) -> Any:
    order, hits = np.argsort(_lead(outputs, labels)), _wrong(outputs, labels)
    return np.array([hits[order >= rejected].mean() for rejected in range(len(hits))])


REJECT_MISTAKES = [
    Mistake(
        "order_taken_for_ranks",
        _order_as_ranks,
        "`argsort` does not say which place each example takes. Its first number is the example "
        "that comes first: bring the examples into its order, `wrong[order]`, and cut there.",
    ),
    Mistake(
        "of_the_rejected",
        _of_the_rejected,
        "You count the errors among the rejected examples. The curve is about the others: with "
        "the least sure one first, `wrong[r:]`.",
    ),
    Mistake(
        "one_too_many_rejected",
        _one_too_many,
        "You reject one example more than you say. Entry r rejects r of them, and entry 0 none: "
        "`wrong[r:]`.",
    ),
    Mistake(
        "labels_unsorted",
        _labels_unsorted,
        "You sort the answers and leave the labels in their old order, so they no longer belong "
        "together. Sort both, or compare first and sort what comes out.",
    ),
    Mistake(
        "argmax_over_all",
        _curve(counted=lambda outputs, labels: outputs.argmax() != labels),
        "`argmax` without an axis finds one place in the whole table. Each example has an answer "
        "of its own: `outputs.argmax(axis=1)`.",
    ),
    Mistake(
        "surest_rejected",
        _curve(sureness=lambda outputs, labels: -_lead(outputs, labels)),
        "You reject from the wrong end: the surest answers go first. Reject where the lead of the "
        "largest output over the second is smallest.",
    ),
    Mistake(
        "error_over_all",
        _curve(among=lambda accepted, examples: examples),
        "You divide by the number of all examples. The rejected ones are no answers: divide by the "
        "number that is still accepted.",
    ),
    Mistake(
        "largest_output_alone",
        _curve(sureness=lambda outputs, labels: outputs.max(axis=1)),
        "You measure sureness by the largest output alone. 0.9 against 0.8 is less sure than 0.5 "
        "against -0.5: take the lead over the second largest.",
    ),
    Mistake(
        "lead_over_the_smallest",
        _curve(sureness=lambda outputs, labels: outputs.max(axis=1) - outputs.min(axis=1)),
        "You take the lead over the smallest output. What makes an answer doubtful is the "
        "runner-up: take the second largest.",
    ),
    Mistake(
        "looks_at_the_labels",
        _curve(sureness=lambda outputs, labels: outputs[np.arange(len(labels)), labels]),
        "You use the labels to decide what to reject. Nobody knows them when the network is used: "
        "decide by the outputs, and use the labels to count errors only.",
    ),
    Mistake(
        "not_sorted",
        _curve(sureness=lambda outputs, labels: np.arange(len(labels), dtype=float)),
        "You reject the examples in the order in which they come. Sort them first, the least sure "
        "one first: `np.argsort`.",
    ),
    Mistake(
        "share_of_right_answers",
        _curve(counted=lambda outputs, labels: outputs.argmax(axis=1) == labels),
        "You return the share of right answers. The curve shows errors: 1 minus that.",
    ),
    Mistake(
        "counts",
        _curve(among=lambda accepted, examples: 1),
        "You return how many accepted answers are wrong. Divide by the number that is accepted.",
    ),
    Mistake(
        "other_direction",
        _curve(report=lambda errors: errors[::-1]),
        "Your curve runs the other way. Entry 0 is the error rate when none is rejected; the last "
        "entry is that of the surest example alone.",
    ),
    Mistake(
        "starts_with_one_rejected",
        _curve(report=lambda errors: errors[1:]),
        "Your curve starts when one example is rejected already. Entry 0 is the error rate of all "
        "examples.",
    ),
    Mistake(
        "percent",
        _curve(report=lambda errors: 100 * errors),
        "You return percent. Return shares between 0 and 1.",
    ),
]


# recognise_digits: an open task


def recognise_digits(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Compare with every known image; the weights of the comparisons are least squares."""
    known, new = train_x.reshape(len(train_x), -1), test_x.reshape(len(test_x), -1)

    def likeness(a: Floats, b: Floats) -> Floats:
        apart = (a**2).sum(axis=1)[:, np.newaxis] + (b**2).sum(axis=1) - 2 * a @ b.T
        alike: Floats = np.exp(-0.1 * apart)
        return alike

    ridge = 0.01 * np.eye(len(known))
    weights = np.linalg.solve(likeness(known, known) + ridge, np.eye(10)[train_y])
    answers: Ints = (likeness(new, known) @ weights).argmax(axis=1)
    return answers


def untrained(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Answer with weights as they are drawn."""
    weights = np.random.default_rng(0).normal(size=(64, 10))
    answers: Ints = (test_x.reshape(len(test_x), -1) @ weights).argmax(axis=1)
    return answers


def no_digits(value: Any, case: Case) -> str:
    """Recognise answers that are no digits, such as places in the training set."""
    numbers = isinstance(value, np.ndarray) and value.dtype.kind in "iuf"
    if not numbers or value.shape != np.shape(case.hidden):
        return ""
    others = value[~np.isin(value, range(10))]
    if not others.size:
        return ""
    return (
        f"You return numbers such as {others[0]:.5g}. Return a digit from 0 to 9 for each image. "
        "If it is the place of a training image, its digit is `train_y[place]`."
    )


def digit_cases(rng: Rng) -> list[Case]:
    """Draw twice, 1200 digits to learn from and 300 to be tested on, most by others."""
    cases = []
    for _ in range(2):
        train, test = datasets.digits_split()
        known, new = rng.permutation(len(train.x))[:1200], rng.permutation(len(test.x))[:300]
        images, others = train.x[known, ..., 0].astype(float), test.x[new, ..., 0].astype(float)
        about = "1,200 images to learn from, 300 new ones to answer for"
        cases.append(Case((images, train.y[known], others), about, hidden=test.y[new]))
    return cases


CHECKS = (
    Check(conv_backward, 4, conv_cases, CONV_MISTAKES, ("grad_x", "grad_kernel", "grad_bias")),
    Check(maxpool_backward, 2, pool_cases, POOL_MISTAKES, ("grad_x",)),
    Check(
        parameters_and_connections,
        2,
        count_cases,
        COUNT_MISTAKES,
        ("parameters", "connections"),
    ),
    Check(reject_curve, 2, reject_cases, REJECT_MISTAKES, ("errors",)),
    Check(
        recognise_digits,
        2,
        digit_cases,
        (),
        ("labels",),
        seconds=20.0,
        goal=Goal(
            accuracy,
            bars=(0.6, 0.86, 0.94),
            advice=(
                "That is hardly better than guessing. Print the loss every few steps: does it fall "
                "at all? Then look at how labels and outputs belong together.",
                "It has learned something. Is it still getting better when you stop? Train longer, "
                "or take larger steps, and print the share of right answers on the training "
                "images.",
                "Nearly there: the network of the lesson reads about 93 %. Compare with the share "
                "of right answers on the training images. If that is no better, train longer; if "
                "it is much better, the network has learned these images by heart: fewer weights, "
                "an earlier end, or copies of the images moved by a pixel help. And see how far "
                "you get with the label of the most similar training image.",
            ),
            untrained=untrained,
            slip=no_digits,
        ),
    ),
)

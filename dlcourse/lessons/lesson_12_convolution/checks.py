"""Lesson 12, convolution by hand: sizes, maps, im2col, pooling, what is seen, parameters, filters.

Images are 2-D arrays here, one channel and one kernel; only `conv_channels` has more of both.
"""

from collections.abc import Callable, Sequence
from math import ceil, prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals, telling
from dlcourse.checks.goal import Goal, accuracy
from dlcourse.nn.layers.windows import sliding_windows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rng = np.random.Generator
Pair = tuple[int, int]


# conv_output_size


def conv_output_size(n: int, k: int, stride: int, pad: int, dilation: int) -> int:
    """Return the number of outputs of a convolution along an axis of n pixels."""
    return (n + 2 * pad - dilation * (k - 1) - 1) // stride + 1


def size_cases(rng: Rng) -> list[Case]:
    """Numbers of the lesson, every argument by itself, fractions of all kinds, random ones."""
    cases = [
        Case((5, 3, 1, 0, 1), "5 pixels, a kernel of 3: it has 3 positions"),
        Case((5, 3, 1, 1, 1), "one zero on each side: 7 pixels"),
        Case((28, 5, 1, 0, 1), "28 pixels, a kernel of 5"),
        Case((7, 3, 2, 0, 1), "stride 2, and the windows fit exactly"),
        Case((8, 3, 2, 0, 1), "stride 2, and the last pixel is left over"),
        Case((10, 3, 2, 0, 1), "stride 2, and the last pixel is left over"),
        Case((224, 11, 4, 0, 1), "stride 4, and one pixel is left over"),
        Case((226, 11, 4, 0, 1), "stride 4, and three pixels are left over"),
        Case((7, 3, 1, 0, 2), "dilation 2: the kernel of 3 covers 5 pixels"),
        Case((9, 2, 1, 0, 4), "dilation 4: the kernel of 2 covers 5 pixels"),
        Case((4, 4, 1, 0, 1), "the kernel is as large as the image"),
        Case((6, 1, 1, 2, 3), "a kernel of 1, with two zeros on each side"),
    ]

    # A few more steps of the stride: what is wrong for one image is wrong for the larger one.
    for n, k, stride, pad, dilation in (
        (20, 3, 1, 2, 2),
        (21, 4, 2, 1, 2),
        (23, 4, 3, 2, 2),
        (23, 3, 5, 1, 3),
    ):
        cases.append(Case((n + stride * int(rng.integers(20)), k, stride, pad, dilation)))
    return cases


def _size(
    *,
    padded: Callable[[int, int], int] = lambda n, pad: n + 2 * pad,
    covered: Callable[[int, int], int] = lambda k, d: d * (k - 1) + 1,
    steps: Callable[[int, int], float] = lambda room, stride: room // stride,
    first: int = 1,
) -> Callable[..., Any]:
    """Build the formula from its parts; each argument puts another mistake into it."""

    def size(n: int, k: int, stride: int, pad: int, dilation: int) -> float:
        return steps(padded(n, pad) - covered(k, dilation), stride) + first

    return size


SIZE_MISTAKES = [
    Mistake(
        "padding_on_one_side",
        _size(padded=lambda n, pad: n + pad),
        "You add `pad` once. There are `pad` zeros on each side, so the axis becomes "
        "`n + 2 * pad` pixels long.",
    ),
    Mistake(
        "padding_forgotten",
        _size(padded=lambda n, pad: n),
        "You leave the padding out. The kernel moves over `n + 2 * pad` pixels.",
    ),
    Mistake(
        "dilation_forgotten",
        _size(covered=lambda k, d: k),
        "You leave the dilation out. With `dilation` pixels from one weight to the next, the "
        "kernel covers `dilation * (k - 1) + 1` pixels.",
    ),
    Mistake(
        "dilation_times_k",
        _size(covered=lambda k, d: d * k),
        "You let the kernel cover `dilation * k` pixels. Between k weights there are k - 1 gaps: "
        "it covers `dilation * (k - 1) + 1`.",
    ),
    Mistake(
        "stride_forgotten",
        _size(steps=lambda room, stride: room),
        "You leave the stride out: that counts the positions at stride 1. Divide by `stride` "
        "before you add 1.",
    ),
    Mistake(
        "not_rounded",
        _size(steps=lambda room, stride: room / stride),
        "You do not round. Half a window is no output: divide with `//`, which rounds down.",
    ),
    Mistake(
        "rounded_up",
        _size(steps=lambda room, stride: ceil(room / stride)),
        "You round up. A window that hangs over the edge is left out: round down, with `//`.",
    ),
    Mistake(
        "rounded_to_nearest",
        _size(steps=lambda room, stride: round(room / stride)),
        "You round to the nearest whole number. A window that hangs over the edge is left out: "
        "round down, with `//`.",
    ),
    Mistake(
        "one_too_few",
        _size(first=0),
        "Your number is one too small. The first window takes no step: add 1 after the division.",
    ),
    Mistake(
        "one_inside",
        _size(steps=lambda room, stride: (room + 1) // stride, first=0),
        "You add the 1 before you divide by the stride. The division counts the steps after the "
        "first window: divide, then add 1.",
    ),
    Mistake(
        "one_inside_and_outside",
        _size(steps=lambda room, stride: (room + 1) // stride),
        "You add 1 twice, before the division and after it. Only the one after it belongs there.",
    ),
    Mistake(
        "brackets_forgotten",
        _size(covered=lambda k, d: d * (k - 1) - 1),
        "You add a 1 that should be subtracted. The kernel covers `dilation * (k - 1) + 1` pixels, "
        "and all of it goes: put brackets around it.",
    ),
    Mistake(
        "same_as_the_input",
        lambda n, k, stride, pad, dilation: n,
        "You return the size of the input. Only the right padding keeps it: count the positions "
        "of the window.",
    ),
]


# conv2d


def conv2d(image: Floats, kernel: Floats, stride: int, pad: int) -> Floats:
    """Return the map of a kernel on an image, as `nn.Conv2D` computes it."""
    layer = nn.Conv2D(1, kernel.shape, stride, use_bias=False)
    layer.params = {"kernel": np.asarray(kernel, dtype=np.float64)[:, :, np.newaxis, np.newaxis]}
    outputs, _ = layer.forward(np.pad(np.asarray(image, float), pad)[np.newaxis, :, :, np.newaxis])
    return np.ascontiguousarray(outputs[0, :, :, 0])


EXAMPLE = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]],
    dtype=float,
)
X_KERNEL = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], dtype=float)
ONE_TO_NINE = np.arange(1.0, 10).reshape(3, 3)


def conv_cases(rng: Rng) -> list[Case]:
    """Use the lesson's example, a kernel without symmetry, stride, padding, no squares, random."""
    dot = np.zeros((3, 3))
    dot[1, 1] = 1
    small = np.arange(1.0, 13).reshape(3, 4)

    def drawn(
        rng: Rng, image: Pair, kernel: Pair, stride: int, pad: int, about: str = "random numbers"
    ) -> Case:
        return Case((decimals(rng, *image), decimals(rng, *kernel), stride, pad), about)

    return [
        Case((small[:2, :2], np.array([[1.0, 2], [3, 4]]), 1, 0), "one window only"),
        Case((small, np.array([[1.0, -1]]), 1, 0), "a kernel of 1 x 2: each pixel minus the next"),
        Case((dot, ONE_TO_NINE, 1, 1), "a single bright pixel: what comes out is turned"),
        Case((EXAMPLE, X_KERNEL, 1, 0), "the example of the lesson"),
        Case((EXAMPLE, X_KERNEL, 1, 1), "the example of the lesson, with one zero on each side"),
        Case((EXAMPLE, X_KERNEL, 2, 0), "the example of the lesson, stride 2"),
        Case((small, np.ones((1, 1)), 2, 1), "a kernel of 1 x 1, stride 2 and padding"),
        Case((EXAMPLE.astype(int), np.array([[0.3]]), 1, 0), "whole numbers, times 0.3"),
        Case((EXAMPLE / 3, X_KERNEL.astype(int), 2, 1), "a kernel of whole numbers"),
        drawn(always(), (4, 6), (3, 2), 1, 0, "decimals of either sign, more columns than rows"),
        drawn(always(), (6, 3), (2, 2), 1, 1, "decimals of either sign, more rows than columns"),
        drawn(rng, (5, 6), (3, 2), 1, 0),
        drawn(rng, (6, 5), (2, 3), 2, 1),
        drawn(rng, (6, 6), (3, 3), 3, 1),
        drawn(rng, (5, 7), (2, 2), 2, 2),
    ]


def _conv(
    *,
    padded: Callable[[Floats, int], Floats] = lambda image, pad: np.pad(image, pad),
    kernel_used: Callable[[Floats], Floats] = lambda kernel: kernel,
    steps: Callable[[int], Pair] = lambda stride: (stride, stride),
    apart: Callable[[int], Pair] | None = None,
    fewer: int = 0,
    combine: Callable[[Floats, Floats], Any] = lambda window, kernel: np.sum(window * kernel),
) -> Callable[..., Any]:
    """Build a convolution from its parts; each argument puts another mistake into it.

    `steps` decides how many outputs there are, `apart` how far from each other their windows
    begin, where that is something else.
    """

    def conv(image: Floats, kernel: Floats, stride: int, pad: int) -> Floats:
        x, weights = padded(image, pad), kernel_used(kernel)
        height, width = weights.shape
        down, across = steps(stride)
        rows = (x.shape[0] - height) // down + 1 - fewer
        columns = (x.shape[1] - width) // across + 1 - fewer
        outputs = np.zeros((max(rows, 0), max(columns, 0)))
        down, across = (apart or steps)(stride)
        for p, q in np.ndindex(outputs.shape):
            top, left = p * down, q * across
            outputs[p, q] = combine(x[top : top + height, left : left + width], weights)
        return outputs

    return conv


def _size_of_the_image(image: Floats, kernel: Floats, stride: int, pad: int) -> Any:
    padded, (height, width) = np.pad(image, pad), kernel.shape
    outputs = np.zeros(image.shape)
    for p, q in np.ndindex(outputs.shape):
        top, left = p * stride, q * stride
        outputs[p, q] = np.sum(padded[top : top + height, left : left + width] * kernel)
    return outputs


def _square_kernel(image: Floats, kernel: Floats, stride: int, pad: int) -> Any:
    padded, side = np.pad(image, pad), len(kernel)
    rows, columns = ((n - side) // stride + 1 for n in padded.shape)
    outputs = np.zeros((rows, columns))
    for p, q in np.ndindex(rows, columns):
        top, left = p * stride, q * stride
        outputs[p, q] = np.sum(padded[top : top + side, left : left + side] * kernel)
    return outputs


CONV_MISTAKES = [
    Mistake(
        "size_of_the_image",
        _size_of_the_image,
        "Your map is as large as the image. There is one output for each place where the kernel "
        "fits: `(height + 2 * pad - kernel height) // stride + 1` rows.",
    ),
    Mistake(
        "zeros_right_and_below",
        _conv(padded=lambda image, pad: np.pad(image, (0, 2 * pad))),
        "All your zeros lie to the right of the image and below it. There are `pad` on each side: "
        "the image begins at row `pad` and column `pad`, or use `np.pad(image, pad)`.",
    ),
    Mistake(
        "map_transposed",
        lambda image, kernel, stride, pad: conv2d(image, kernel, stride, pad).T,
        "Your map has its rows for columns. An output whose window lies further down belongs "
        "further down in the map.",
    ),
    Mistake(
        "square_kernel",
        _square_kernel,
        "You take the kernel for a square. Its height is `kernel.shape[0]` and its width "
        "`kernel.shape[1]`.",
    ),
    Mistake(
        "kernel_turned",
        _conv(kernel_used=lambda kernel: kernel[::-1, ::-1]),
        "You turn the kernel by 180 degrees. That is a true convolution; here, as in Keras, the "
        "kernel stays as it is: multiply `x[p + i, q + j]` by `kernel[i, j]`.",
    ),
    Mistake(
        "kernel_transposed",
        _conv(kernel_used=lambda kernel: kernel.T),
        "You swap the rows and columns of the kernel. `kernel[i, j]` lies i rows down and j "
        "columns to the right in the window.",
    ),
    Mistake(
        "kernel_upside_down",
        _conv(kernel_used=lambda kernel: kernel[::-1]),
        "Your kernel is upside down: its first row lies on the last row of the window. Leave it "
        "as it is.",
    ),
    Mistake(
        "matrix_product",
        _conv(combine=lambda window, kernel: np.sum(window @ kernel)),
        "You multiply window and kernel as matrices, with `@`. Each pixel meets one weight: "
        "multiply entry by entry with `*`, then sum.",
    ),
    Mistake(
        "mean",
        _conv(combine=lambda window, kernel: np.mean(window * kernel)),
        "You take the mean of the products. An output is their sum.",
    ),
    Mistake(
        "without_kernel",
        _conv(combine=lambda window, kernel: np.sum(window)),
        "You add up the pixels alone. Multiply each by the weight that lies on it first: "
        "`np.sum(window * kernel)`.",
    ),
    Mistake(
        "last_product",
        _conv(combine=lambda window, kernel: (window * kernel)[-1, -1]),
        "Each output is only the last of its products. Add them up: `outputs[p, q] += ...`, not "
        "`=`, or `np.sum(window * kernel)`.",
    ),
    Mistake(
        "padding_forgotten",
        _conv(padded=lambda image, pad: image),
        "You leave the padding out. Put `pad` rows and columns of zeros on every side first: "
        "`np.pad(image, pad)`.",
    ),
    Mistake(
        "padding_before_only",
        _conv(padded=lambda image, pad: np.pad(image, ((pad, 0), (pad, 0)))),
        "You pad above and to the left only. There are `pad` zeros on each side: "
        "`np.pad(image, pad)`.",
    ),
    Mistake(
        "padding_after_only",
        _conv(padded=lambda image, pad: np.pad(image, ((0, pad), (0, pad)))),
        "You pad below and to the right only. There are `pad` zeros on each side: "
        "`np.pad(image, pad)`.",
    ),
    Mistake(
        "padding_repeats_the_edge",
        _conv(padded=lambda image, pad: np.pad(image, pad, mode="edge")),
        "You repeat the pixels of the edge in the padding. It holds zeros: `np.pad(image, pad)`.",
    ),
    Mistake(
        "padding_one_too_many",
        _conv(padded=lambda image, pad: np.pad(image, pad + 1 if pad else 0)),
        "Your padding is one too wide: there are exactly `pad` zeros on each side.",
    ),
    Mistake(
        "stride_forgotten",
        _conv(steps=lambda stride: (1, 1)),
        "You leave the stride out. The window of output (p, q) begins at row `p * stride` and "
        "column `q * stride`.",
    ),
    Mistake(
        "stride_of_rows_only",
        _conv(steps=lambda stride: (stride, 1)),
        "You step by `stride` from row to row, but by 1 from column to column. The stride counts "
        "for both axes.",
    ),
    Mistake(
        "stride_of_columns_only",
        _conv(steps=lambda stride: (1, stride)),
        "You step by `stride` from column to column, but by 1 from row to row. The stride counts "
        "for both axes.",
    ),
    Mistake(
        "windows_one_pixel_apart",
        _conv(apart=lambda stride: (1, 1)),
        "Your map has the right size, but its windows lie one pixel apart. The window of output "
        "(p, q) begins at row `p * stride` and column `q * stride`.",
    ),
    Mistake(
        "last_window_missing",
        _conv(fewer=1),
        "You leave out the last row and column of windows. There are "
        "`(size - kernel size) // stride + 1` of them: add the 1.",
    ),
]


# im2col


def im2col(image: Floats, size: int, stride: int) -> Floats:
    """Return the windows of an image as columns of a matrix, by `nn`'s sliding windows."""
    images = image[np.newaxis, :, :, np.newaxis]
    windows = sliding_windows(images, (size, size), (stride, stride))
    return np.array(windows[0, ..., 0].reshape(-1, size * size).T, dtype=float)


def columns_cases(rng: Rng) -> list[Case]:
    """Use counting numbers, which show where each entry came from; strides; random numbers."""
    count = np.arange(1.0, 13).reshape(3, 4)
    cases = [
        Case((count[:2, :2], 2, 1), "one window only"),
        Case((count[:2, :3], 2, 1), "two windows"),
        Case((count, 2, 1), "3 x 4 pixels, windows of 2 x 2: six of them"),
        Case((count, 1, 1), "windows of a single pixel"),
        Case((count, 2, 2), "stride 2: the last row is left over"),
        Case((EXAMPLE, 3, 1), "the example of the lesson"),
        Case((EXAMPLE.astype(int), 2, 3), "whole numbers, windows that do not touch"),
        Case((count / 7, 2, 1), "decimals"),
        Case((decimals(always(), 5, 4), 2, 2), "decimals of either sign"),
    ]
    for height, width, size, stride in ((4, 6, 3, 1), (6, 5, 2, 2), (5, 7, 2, 3), (6, 6, 3, 2)):
        cases.append(Case((decimals(rng, height, width), size, stride)))
    return cases


def _columns(
    *,
    steps: Callable[[int, int], Pair] = lambda size, stride: (stride, stride),
    fewer: int = 0,
    flat: Callable[[Floats], Floats] = np.ravel,
    across_first: bool = True,
    lay_out: Callable[[list[Floats], int], Any] = lambda windows, size: np.stack(windows, axis=1),
) -> Callable[..., Any]:
    """Build im2col from its parts; each argument puts another mistake into it."""

    def columns(image: Floats, size: int, stride: int) -> Any:
        down, across = steps(size, stride)
        tops = range(0, image.shape[0] - size + 1 - fewer, down)
        lefts = range(0, image.shape[1] - size + 1 - fewer, across)
        places = (
            [(t, c) for t in tops for c in lefts]
            if across_first
            else [(t, c) for c in lefts for t in tops]
        )
        windows = [flat(image[t : t + size, c : c + size]) for t, c in places]
        return lay_out(windows, size) if windows else np.zeros((size * size, 0))

    return columns


COLUMNS_MISTAKES = [
    Mistake(
        "rows_for_windows",
        _columns(lay_out=lambda windows, size: np.stack(windows)),
        "You make each window a row. Here each is a column: stack them with `axis=1`, or return "
        "the transpose, `.T`.",
    ),
    Mistake(
        "reshaped_not_transposed",
        _columns(lay_out=lambda windows, size: np.stack(windows).reshape(size * size, -1)),
        "The shape is right, the entries are not in their places: you reshape rows of windows "
        "into that shape. Use the transpose, `.T`, which turns each row into a column.",
    ),
    Mistake(
        "windows_column_first",
        _columns(flat=lambda window: window.T.ravel()),
        "You flatten each window column by column. Go row by row, as `window.ravel()` does, so "
        "that it fits `kernel.ravel()`.",
    ),
    Mistake(
        "positions_column_first",
        _columns(across_first=False),
        "Your columns are in another order: you go down the image first. Go through the "
        "positions row by row, as one reads: rows in the outer loop, columns in the inner one.",
    ),
    Mistake(
        "stride_forgotten",
        _columns(steps=lambda size, stride: (1, 1)),
        "You leave the stride out: the windows begin at every `stride`-th row and column.",
    ),
    Mistake(
        "stride_of_rows_only",
        _columns(steps=lambda size, stride: (stride, 1)),
        "You step by `stride` from row to row only. The stride counts for both axes.",
    ),
    Mistake(
        "stride_of_columns_only",
        _columns(steps=lambda size, stride: (1, stride)),
        "You step by `stride` from column to column only. The stride counts for both axes.",
    ),
    Mistake(
        "windows_side_by_side",
        _columns(steps=lambda size, stride: (size, size)),
        "You lay the windows side by side. They begin `stride` pixels apart, and overlap where "
        "`stride` is smaller than `size`.",
    ),
    Mistake(
        "last_window_missing",
        _columns(fewer=1),
        "You leave out the last windows. A window may begin at row `height - size`, so the range "
        "ends at `height - size + 1`.",
    ),
    Mistake(
        "windows_not_flattened",
        _columns(flat=lambda window: window, lay_out=lambda windows, size: np.stack(windows)),
        "You return the windows as they are. Flatten each with `ravel()` and make it a column: "
        "the result has `size * size` rows.",
    ),
]


# pool2d

POOLING: dict[str, Callable[..., Any]] = {
    "max": nn.MaxPooling2D,
    "average": nn.AveragePooling2D,
    "min": nn.MinPooling2D,
}


def pool2d(image: Floats, size: int, stride: int, mode: str) -> Floats:
    """Return one number of each window, as the pooling layers of `nn` compute it."""
    outputs, _ = POOLING[mode](size, stride).forward(
        np.asarray(image, float)[np.newaxis, :, :, np.newaxis]
    )
    return np.ascontiguousarray(outputs[0, :, :, 0])


def pool_cases(rng: Rng) -> list[Case]:
    """One window in all modes, negative numbers, overlap, a remainder, whole numbers, random."""
    window = np.array([[1.0, 2], [3, 4]])
    four = np.array([[1.0, 2, 0, 0], [3, 4, 0, 7], [5, 0, 1, 1], [0, 0, 1, 9]])
    negative = -np.arange(1.0, 9).reshape(2, 4)
    cases = [
        Case((window, 2, 2, "max"), "one window, max"),
        Case((window, 2, 2, "average"), "one window, average"),
        Case((window, 2, 2, "min"), "one window, min"),
        Case((four, 2, 2, "max"), "four windows, max"),
        Case((four, 2, 2, "average"), "four windows, average"),
        Case((four, 2, 2, "min"), "four windows, min"),
        Case((negative, 2, 2, "max"), "all pixels are negative, max"),
        Case((-negative, 2, 2, "min"), "all pixels are positive, min"),
        Case((four, 2, 1, "average"), "windows that overlap, average"),
        Case((four, 3, 1, "max"), "windows of 3 x 3 that overlap, max"),
        Case((EXAMPLE, 2, 2, "average"), "the last row and column are left over, average"),
        *(Case((EXAMPLE.astype(int), 3, 2, mode), f"whole numbers, {mode}") for mode in POOLING),
        *(Case((four / 7, 2, 2, mode), f"decimals, {mode}") for mode in POOLING),
    ]
    for mode in POOLING:
        for height, width, size, stride in ((5, 7, 2, 3), (7, 5, 3, 2)):
            image = decimals(rng, height, width)
            image[:size, :size] = -abs(image[:size, :size])  # a window with negative pixels only
            top, left = (side - size - (side - size) % stride for side in image.shape)
            last = np.s_[top : top + size, left : left + size]
            image[last] = abs(image[last])  # and the last one, with positive pixels only
            cases.append(Case((image, size, stride, mode), f"random numbers, {mode}"))
    return cases


def _pool(
    *,
    steps: Callable[[int, int], Pair] = lambda size, stride: (stride, stride),
    mean: Callable[[Floats, int, int], Any] = lambda window, size, stride: window.mean(),
    largest: Callable[[Floats], Any] = np.max,
    smallest: Callable[[Floats], Any] = np.min,
    over_the_edge: bool = False,
    fewer: int = 0,
) -> Callable[..., Any]:
    """Build pooling from its parts; each argument puts another mistake into it."""

    def pool(image: Floats, size: int, stride: int, mode: str) -> Floats:
        down, across = steps(size, stride)
        end = 1 if not over_the_edge else size
        tops = range(0, image.shape[0] - size + end - fewer, down)
        lefts = range(0, image.shape[1] - size + end - fewer, across)
        outputs = np.zeros((len(tops), len(lefts)))
        for p, top in enumerate(tops):
            for q, left in enumerate(lefts):
                window = image[top : top + size, left : left + size]
                if mode == "max":
                    outputs[p, q] = largest(window)
                elif mode == "min":
                    outputs[p, q] = smallest(window)
                else:
                    outputs[p, q] = mean(window, size, stride)
        return outputs

    return pool


POOL_MISTAKES = [
    Mistake(
        "always_max",
        _pool(smallest=np.max, mean=lambda window, size, stride: window.max()),
        'You take the maximum whatever `mode` says. Distinguish "max", "average" and "min".',
    ),
    Mistake(
        "max_and_min_swapped",
        _pool(largest=np.min, smallest=np.max),
        'You have "max" and "min" the wrong way round.',
    ),
    Mistake(
        "max_from_zero",
        _pool(largest=lambda window: max(0.0, window.max())),
        "Your maximum begins at 0, so it is wrong where all pixels are negative. Begin with a "
        "pixel of the window, or use `window.max()`.",
    ),
    Mistake(
        "min_from_zero",
        _pool(smallest=lambda window: min(0.0, window.min())),
        "Your minimum begins at 0, so it is wrong where all pixels are positive. Begin with a "
        "pixel of the window, or use `window.min()`.",
    ),
    Mistake(
        "largest_size",
        _pool(largest=lambda window: np.abs(window).max()),
        "You take the largest absolute value. A maximum may be negative: use `window.max()`.",
    ),
    Mistake(
        "sum",
        _pool(mean=lambda window, size, stride: window.sum()),
        'For "average" you return the sum. Divide by the number of pixels in the window, '
        "`size * size`.",
    ),
    Mistake(
        "mean_over_a_side",
        _pool(mean=lambda window, size, stride: window.sum() / size),
        "For the mean you divide by `size`. A window has `size * size` pixels.",
    ),
    Mistake(
        "mean_over_the_stride",
        _pool(mean=lambda window, size, stride: window.sum() / stride**2),
        "For the mean you divide by the square of the stride. A window has `size * size` pixels, "
        "however far it steps.",
    ),
    Mistake(
        "median",
        _pool(mean=lambda window, size, stride: np.median(window)),
        'For "average" you take the median, the middle one of the sorted pixels. Take the mean.',
    ),
    Mistake(
        "stride_forgotten",
        _pool(steps=lambda size, stride: (1, 1)),
        "You leave the stride out: the windows begin at every `stride`-th row and column.",
    ),
    Mistake(
        "stride_is_size",
        _pool(steps=lambda size, stride: (size, size)),
        "You step by `size`. Often the stride is as large as the window, but here it is an "
        "argument: step by `stride`.",
    ),
    Mistake(
        "stride_of_rows_only",
        _pool(steps=lambda size, stride: (stride, 1)),
        "You step by `stride` from row to row only. The stride counts for both axes.",
    ),
    Mistake(
        "stride_of_columns_only",
        _pool(steps=lambda size, stride: (1, stride)),
        "You step by `stride` from column to column only. The stride counts for both axes.",
    ),
    Mistake(
        "over_the_edge",
        _pool(over_the_edge=True),
        "You keep windows that hang over the edge. Only whole windows count: the last one begins "
        "at `height - size` at the latest.",
    ),
    Mistake(
        "last_window_missing",
        _pool(fewer=1),
        "You leave out the last windows. A window may begin at row `height - size`, so the range "
        "ends at `height - size + 1`.",
    ),
]


# receptive_field


def receptive_field(layers: Sequence[Pair]) -> int:
    """Return how many pixels in a row an output of a stack of (kernel, stride) layers sees."""
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def field_cases(rng: Rng) -> list[Case]:
    """No layer, one, stacks of the lesson, strides in every place, random stacks."""
    cases = [
        Case(([(3, 1)],), "one 3 x 3 layer"),
        Case(([(3, 1), (3, 1)],), "two 3 x 3 layers: 5"),
        Case(([(3, 1), (3, 1), (3, 1)],), "three 3 x 3 layers: 7"),
        Case(([(2, 2), (3, 1)],), "pooling first, then 3 x 3"),
        Case(([(3, 1), (2, 2)],), "3 x 3 first, then pooling"),
        Case(([(5, 1), (2, 2), (5, 1), (2, 2)],), "LeNet's layers: 16"),
        Case(([(3, 2), (3, 2), (3, 2)],), "three layers with stride 2: 15"),
        Case(([(1, 2), (1, 2), (4, 1)],), "kernels of 1 that step over pixels"),
        Case(([],), "no layers: a pixel sees itself"),
    ]

    def drawn(length: int) -> tuple[list[Pair]]:
        kernels, strides = rng.integers(2, 6, length).tolist(), rng.integers(1, 4, length).tolist()
        return (list(zip(kernels, strides, strict=True)),)

    def of(length: int) -> Case:
        return Case(telling("receptive_field", lambda: drawn(length)))

    return [*cases, *(of(length) for length in (3, 4, 5, 6))]


def _field(
    *,
    start: int = 1,
    first_jump: int = 1,
    grow: Callable[[int, int, int], int] = lambda k, s, jump: (k - 1) * jump,
    next_jump: Callable[[int, int], int] = lambda jump, s: jump * s,
    order: Callable[[Sequence[Pair]], Any] = lambda layers: layers,
) -> Callable[..., Any]:
    """Build the receptive field from its parts; each argument puts another mistake into it."""

    def field(layers: Sequence[Pair]) -> int:
        total, jump = start, first_jump
        for kernel, stride in order(layers):
            total += grow(kernel, stride, jump)
            jump = next_jump(jump, stride)
        return total

    return field


def _times_stride(layers: Sequence[Pair]) -> int:
    field = 1
    for kernel, stride in layers:
        field = field * stride + kernel - 1
    return field


FIELD_MISTAKES = [
    Mistake(
        "strides_forgotten",
        _field(next_jump=lambda jump, s: 1),
        "You leave the strides out. After a stride of 2, neighbours on the map lie 2 pixels apart: "
        "a layer adds `(k - 1)` times the product of all strides before it.",
    ),
    Mistake(
        "last_stride_only",
        _field(next_jump=lambda jump, s: s),
        "You use the stride of the layer before only. The distance of neighbours is the product "
        "of all strides before: `jump = jump * s`.",
    ),
    Mistake(
        "strides_added",
        _field(next_jump=lambda jump, s: jump + s - 1),
        "You add up the strides. Each layer multiplies the distance of neighbours: `jump * s`.",
    ),
    Mistake(
        "own_stride_included",
        _field(grow=lambda k, s, jump: (k - 1) * jump * s),
        "You multiply by the layer's own stride too. The windows of a layer lie on the map before "
        "it: first grow by `(k - 1) * jump`, then update `jump`.",
    ),
    Mistake(
        "own_stride_instead",
        _field(grow=lambda k, s, jump: (k - 1) * s),
        "You multiply by the layer's own stride. What counts are the strides of the layers before "
        "it, multiplied with each other.",
    ),
    Mistake(
        "k_not_k_minus_1",
        _field(grow=lambda k, s, jump: k * jump),
        "You add `k * jump`. A window of k entries adds k - 1 steps to what one entry sees.",
    ),
    Mistake(
        "starts_at_zero",
        _field(start=0),
        "Your number is one too small: without any layer a pixel sees itself, so begin with 1.",
    ),
    Mistake(
        "from_the_top",
        _field(order=lambda layers: list(reversed(layers))),
        "You take the layers in the wrong direction. The list begins at the image; the strides "
        "near the image count for all layers above. (`r = s * (r - 1) + k` goes from the top.)",
    ),
    Mistake(
        "field_times_stride",
        _times_stride,
        "You multiply the field itself by the stride. A stride moves the windows of the layers "
        "above it apart: multiply the jump, and add `(k - 1) * jump`.",
    ),
    Mistake(
        "product_of_kernels",
        lambda layers: prod(k for k, _ in layers),
        "You multiply the kernel sizes. Windows overlap, so the field grows by addition: by "
        "`(k - 1) * jump` for each layer.",
    ),
    Mistake(
        "sum_of_kernels",
        lambda layers: sum(k for k, _ in layers),
        "You add up the kernel sizes. Begin with 1 and add `(k - 1) * jump` for each layer.",
    ),
    Mistake(
        "jump_returned",
        lambda layers: prod(s for _, s in layers),
        "You return the product of the strides. That is the distance of neighbours on the last "
        "map; the receptive field is the sum that grows beside it.",
    ),
]


# conv_params


def conv_params(height: int, width: int, channels: int, filters: int) -> int:
    """Return the number of weights and biases of a convolution."""
    return (height * width * channels + 1) * filters


def params_cases(rng: Rng) -> list[Case]:
    """Layers of the lesson and of LeNet, one of everything, no squares, random numbers."""
    cases = [
        Case((3, 3, 1, 1), "one 3 x 3 kernel for grey images"),
        Case((5, 5, 1, 6), "six 5 x 5 filters for grey images: 156"),
        Case((3, 3, 3, 1), "one 3 x 3 filter for colour images"),
        Case((5, 5, 6, 16), "sixteen 5 x 5 filters on six channels"),
        Case((1, 1, 8, 4), "four 1 x 1 filters on eight channels"),
        Case((2, 5, 3, 7), "a kernel that is no square"),
    ]
    for _ in range(4):
        height, width, channels, filters = (int(v) for v in rng.integers(2, 12, 4))
        cases.append(Case((height, width + 12, channels + 1, filters + 14)))
    return cases


PARAMS_MISTAKES = [
    Mistake(
        "bias_for_each_weight",
        lambda height, width, channels, filters: height * width * (channels + 1) * filters,
        "You add 1 to the channels, so a filter gets `height * width` biases. Multiply the weights "
        "first, then add one bias: `(height * width * channels + 1) * filters`.",
    ),
    Mistake(
        "bias_forgotten",
        lambda height, width, channels, filters: height * width * channels * filters,
        "You leave the biases out. Each filter has one.",
    ),
    Mistake(
        "bias_once",
        lambda height, width, channels, filters: height * width * channels * filters + 1,
        "You count one bias for all filters together. Each filter has its own: add 1 before you "
        "multiply by `filters`.",
    ),
    Mistake(
        "bias_for_each_channel",
        lambda height, width, channels, filters: (height * width + 1) * channels * filters,
        "You count a bias for each channel of each filter. A filter adds up all its channels, then "
        "adds one bias.",
    ),
    Mistake(
        "bias_for_each_input_channel",
        lambda height, width, channels, filters: height * width * channels * filters + channels,
        "You count a bias for each input channel. There is one for each filter.",
    ),
    Mistake(
        "channels_forgotten",
        lambda height, width, channels, filters: (height * width + 1) * filters,
        "You leave the channels out. A filter has `height * width` weights for each channel of "
        "its input.",
    ),
    Mistake(
        "filters_forgotten",
        lambda height, width, channels, filters: height * width * channels + 1,
        "You count a single filter. Multiply by `filters`.",
    ),
    Mistake(
        "square",
        lambda height, width, channels, filters: (height * height * channels + 1) * filters,
        "You take the kernel for a square. It has `height * width` weights for each channel.",
    ),
    Mistake(
        "sides_added",
        lambda height, width, channels, filters: ((height + width) * channels + 1) * filters,
        "You add height and width. The kernel has `height * width` weights for each channel.",
    ),
]


# conv_channels


def conv_channels(image: Floats, kernels: Floats, biases: Floats) -> Floats:
    """Return a map for each filter, as `nn.Conv2D` computes them."""
    layer = nn.Conv2D(kernels.shape[3], kernels.shape[:2])
    layer.params = {"kernel": np.asarray(kernels, float), "bias": np.asarray(biases, float)}
    outputs, _ = layer.forward(np.asarray(image, float)[np.newaxis])
    return np.ascontiguousarray(outputs[0])


# What a learner writes, in plain NumPy.
def plain_channels(image: Floats, kernels: Floats, biases: Floats) -> Floats:
    """Return a map for each filter: a block of weights on a block of pixels, one sum."""
    height, width, _, filters = kernels.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    outputs = np.zeros((rows, columns, filters))
    for p in range(rows):
        for q in range(columns):
            block = image[p : p + height, q : q + width]
            for f in range(filters):
                outputs[p, q, f] = np.sum(block * kernels[:, :, :, f]) + biases[f]
    return outputs


# The example of the lesson: three channels of 3 x 3, two filters of 2 x 2 x 3.
RED = np.array([[1.0, 0, 2], [0, 1, 1], [2, 0, 1]])
GREEN = np.array([[0.0, 1, 0], [1, 2, 0], [0, 1, 1]])
BLUE = np.array([[1.0, 1, 0], [0, 0, 1], [1, 0, 2]])
FIRST_FILTER = np.array([[[1.0, 0], [0, 1]], [[0, 1], [1, 0]], [[-1, 0], [0, 1]]])
SECOND_FILTER = np.array([[[0.0, 1], [-1, 0]], [[1, -1], [0, 0]], [[0, 0], [2, 1]]])
COLOURS = np.stack([RED, GREEN, BLUE], axis=-1)
TWO_FILTERS = np.stack([FIRST_FILTER, SECOND_FILTER]).transpose(2, 3, 1, 0)


def channels_cases(rng: Rng) -> list[Case]:
    """One filter on one channel, one on three, the lesson's two on three, other numbers of each."""
    small = np.arange(1.0, 7).reshape(2, 3, 1)
    none, grey = np.zeros(1), np.array([[[[1.0]], [[-1.0]]]])

    def drawn(rng: Rng, image: Pair, kernel: Pair, channels: int, filters: int, about: str) -> Case:
        blocks = decimals(rng, *kernel, channels, filters)
        return Case((decimals(rng, *image, channels), blocks, decimals(rng, filters)), about)

    return [
        Case((small, grey, none), "one channel, one filter of 1 x 2: each pixel minus the next"),
        Case((small, grey, np.array([0.5])), "the same with a bias of 0.5"),
        Case((COLOURS, TWO_FILTERS[..., :1], none), "the first filter of the lesson"),
        Case((COLOURS, TWO_FILTERS, np.zeros(2)), "the two filters of the lesson"),
        Case((COLOURS, TWO_FILTERS, np.array([1.0, -2.0])), "the same with biases 1 and -2"),
        Case((COLOURS.astype(int), TWO_FILTERS / 4, np.zeros(2)), "pixels that are whole numbers"),
        drawn(always(), (4, 3), (2, 2), 2, 3, "two channels, three filters"),
        drawn(always(), (2, 5), (1, 2), 4, 2, "four channels, kernels of 1 x 2"),
        drawn(always(), (4, 4), (3, 2), 2, 2, "kernels of 3 x 2, as many channels as filters"),
        drawn(rng, (3, 4), (2, 2), 3, 2, "random numbers"),
        drawn(rng, (5, 4), (2, 3), 2, 3, "random numbers"),
        drawn(rng, (4, 4), (2, 2), 2, 2, "random numbers"),
    ]


def _each_channel(image: Floats, kernels: Floats, biases: Floats) -> Floats:
    """Answer with a map for each channel of each filter."""
    channels = range(image.shape[2])
    maps = [
        plain_channels(image[:, :, c : c + 1], kernels[:, :, c : c + 1], biases) for c in channels
    ]
    return np.concatenate(maps, axis=2)


CHANNELS_MISTAKES = [
    Mistake(
        "bias_forgotten",
        (" + biases[f]", ""),
        "You leave the biases out. Add `biases[f]` to every entry of the map of filter f.",
    ),
    Mistake(
        "bias_for_each_channel",
        ("biases[f]", "image.shape[2] * biases[f]"),
        "You add the bias once for each channel. A filter has one bias: add it after the sum over "
        "the channels.",
    ),
    Mistake(
        "first_bias_only",
        ("biases[f]", "biases[0]"),
        "All your maps get the bias of the first filter. Filter f has its own, `biases[f]`.",
    ),
    Mistake(
        "first_channel_only",
        ("np.sum(block * kernels[:, :, :, f])", "np.sum((block * kernels[:, :, :, f])[:, :, 0])"),
        "You use the first channel only. A filter has a kernel for each channel: add up the "
        "products of all channels.",
    ),
    Mistake(
        "last_channel_only",
        ("np.sum(block * kernels[:, :, :, f])", "np.sum((block * kernels[:, :, :, f])[:, :, -1])"),
        "Only the last channel is left in your map. Add the channels up: `+=`, not `=`.",
    ),
    Mistake(
        "mean_over_channels",
        (
            "np.sum(block * kernels[:, :, :, f])",
            "np.sum(block * kernels[:, :, :, f]) / image.shape[2]",
        ),
        "You take the mean over the channels. An output is the sum over all of them.",
    ),
    Mistake(
        "same_kernel_for_every_channel",
        ("kernels[:, :, :, f]", "kernels[:, :, :1, f]"),
        "You lay the kernel of the first channel on every channel. Channel c has its own kernel, "
        "`kernels[:, :, c, f]`.",
    ),
    Mistake(
        "first_filter_only",
        ("kernels[:, :, :, f]", "kernels[:, :, :, 0]"),
        "All your maps come from the first filter. Map f uses `kernels[:, :, :, f]`.",
    ),
    Mistake(
        "filters_added_up",
        lambda image, kernels, biases: plain_channels(image, kernels, biases).sum(axis=2),
        "You add up the maps of all filters. The sum goes over the channels; each filter keeps a "
        "map of its own, along the last axis.",
    ),
    Mistake(
        "filters_first",
        lambda image, kernels, biases: plain_channels(image, kernels, biases).transpose(2, 0, 1),
        "Your filters are the first axis. They are the channels of the result and come last: "
        "(rows, columns, filters).",
    ),
    Mistake(
        "a_map_for_each_channel",
        _each_channel,
        "You return a map for each channel of each filter. Add up the channels: there is one map "
        "for each filter.",
    ),
    Mistake(
        "kernels_turned",
        ("kernels[:, :, :, f]", "kernels[::-1, ::-1, :, f]"),
        "You turn the kernels by 180 degrees. Leave them as they are, as Keras does.",
    ),
    Mistake(
        "kernels_transposed",
        lambda image, kernels, biases: plain_channels(image, kernels.transpose(1, 0, 2, 3), biases),
        "You swap rows and columns of the kernels. Row i of a kernel lies on row `p + i` of the "
        "image.",
    ),
    Mistake(
        "channels_and_filters_swapped",
        lambda image, kernels, biases: plain_channels(image, kernels.transpose(0, 1, 3, 2), biases),
        "You take channels for filters. The axes of `kernels` are (height, width, channels, "
        "filters): filter f is `kernels[:, :, :, f]`.",
    ),
    Mistake(
        "channels_backwards",
        ("kernels[:, :, :, f]", "kernels[:, :, ::-1, f]"),
        "You take the channels in reverse order. Kernel c lies on channel c.",
    ),
    Mistake(
        "last_window_missing",
        lambda image, kernels, biases: plain_channels(image, kernels, biases)[:-1, :-1],
        "You leave out the last row and column of windows. There are `size - kernel size + 1` of "
        "them.",
    ),
]


# find_strokes: an open task

SIDE, LENGTH, NOISE = 12, 5, 0.45  # pixels, pixels, standard deviation


def stroke_kernels() -> Floats:
    """Return a stroke of each direction, drawn in 5 x 5 pixels: lying, upright, falling, rising."""
    kernels = np.zeros((4, LENGTH, LENGTH))
    kernels[0, LENGTH // 2] = kernels[1, :, LENGTH // 2] = 1
    kernels[2] = np.eye(LENGTH)
    kernels[3] = np.eye(LENGTH)[::-1]
    return kernels


def strongest(images: Floats, kernels: Floats) -> Ints:
    """Return which kernel finds the place that answers most, for each image."""
    windows = sliding_window_view(images, (LENGTH, LENGTH), axis=(1, 2))
    maps = windows.reshape(*windows.shape[:3], -1) @ kernels.reshape(4, -1).T
    answers: Ints = maps.max(axis=(1, 2)).argmax(axis=1)
    return answers


def find_strokes(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Lay a kernel in the form of each stroke on the images."""
    return strongest(test_x, stroke_kernels())


def undesigned(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Answer with kernels as they are drawn."""
    return strongest(test_x, np.random.default_rng(0).normal(size=(4, LENGTH, LENGTH)))


def strokes(rng: Rng, count: int) -> tuple[Floats, Ints]:
    """Draw noisy images, each with one stroke of five pixels somewhere, and its direction."""
    kinds = rng.integers(0, 4, count)
    images = rng.normal(0, NOISE, (count, SIDE, SIDE))
    kernels = stroke_kernels()
    for image, kind in zip(images, kinds, strict=True):
        row, column = rng.integers(0, SIDE - LENGTH + 1, 2)
        image[row : row + LENGTH, column : column + LENGTH] += kernels[kind]
    return images, kinds


def stroke_cases(rng: Rng) -> list[Case]:
    """Twice 400 images to learn from and 200 to be tested on."""
    cases = []
    for _ in range(2):
        images, kinds = strokes(rng, 600)
        arguments = (images[:400], kinds[:400], images[400:])
        cases.append(Case(arguments, "200 images to answer for", hidden=kinds[400:]))
    return cases


CHECKS = (
    Check(conv_output_size, 1, size_cases, SIZE_MISTAKES, ("size",)),
    Check(conv2d, 3, conv_cases, CONV_MISTAKES, ("map",)),
    Check(im2col, 2, columns_cases, COLUMNS_MISTAKES, ("matrix",)),
    Check(pool2d, 2, pool_cases, POOL_MISTAKES, ("map",)),
    Check(receptive_field, 1, field_cases, FIELD_MISTAKES, ("size",)),
    Check(conv_params, 1, params_cases, PARAMS_MISTAKES, ("count",)),
    Check(conv_channels, 2, channels_cases, CHANNELS_MISTAKES, ("maps",), plain=plain_channels),
    Check(
        find_strokes,
        2,
        stroke_cases,
        (),
        ("directions",),
        seconds=20.0,
        goal=Goal(
            accuracy,
            bars=(0.5, 0.75, 0.93),
            advice=(
                "That is hardly better than guessing, which gives a quarter. Show the maps of your "
                "kernels for one training image: the largest number should be where the stroke is.",
                "Your kernels see something. Compare your answers with `train_y`, direction by "
                "direction: which two do you confuse? Look at what these two kernels share.",
                "Nearly there. The noise of a pixel is half as strong as the stroke, so look for "
                "what adds up all five pixels of a stroke, and nothing beside it.",
            ),
            untrained=undesigned,
        ),
    ),
)

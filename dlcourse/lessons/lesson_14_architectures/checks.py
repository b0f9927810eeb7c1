"""Lesson 14, architectures: count a network, and the four parts around a detector's network.

A box is (x1, y1, x2, y2): left, top, right, bottom, in pixels; y grows downwards.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals, telling
from dlcourse.checks.edits import Edited
from dlcourse.checks.goal import Goal
from dlcourse.nn.contract import Array as Floats

Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]
Rng = np.random.Generator
Spec = Sequence[tuple[Any, ...]]

# count_params


def count_params(spec: Spec) -> int:
    """Return how many numbers a network learns."""
    total = 0
    for layer in spec:
        if layer[0] == "conv":
            _, size, channels_in, channels_out, groups, bias = layer
            total += size * size * channels_in // groups * channels_out
            if bias:
                total += channels_out
        elif layer[0] == "dense":
            _, n_in, n_out = layer
            total += n_in * n_out + n_out
        else:
            total += 2 * layer[1]
    return total


def params_cases(rng: Rng) -> list[Case]:
    """Each kind of layer by itself, small networks, two published ones, drawn ones."""
    first = ("conv", 5, 1, 6, 1, True)
    bottleneck = [
        ("conv", 1, 256, 64, 1, False), ("norm", 64), ("conv", 3, 64, 64, 1, False), ("norm", 64),
        ("conv", 1, 64, 256, 1, False), ("norm", 256),
    ]  # fmt: skip
    alexnet = [
        ("conv", 11, 3, 96, 1, True), ("conv", 5, 96, 256, 2, True), ("conv", 3, 256, 384, 1, True),
        ("conv", 3, 384, 384, 2, True), ("conv", 3, 384, 256, 2, True), ("dense", 9216, 4096),
    ]  # fmt: skip

    def drawn() -> Case:
        def draw() -> tuple[Any]:
            a, b, c, d, half = (int(n) for n in rng.choice(np.arange(3, 20), 5, replace=False))
            sizes = rng.permutation((3, 5)).tolist()
            layers = [
                ("conv", sizes[0], 4 * half, 2 * a, 2, True),
                ("norm", 2 * a),
                ("conv", sizes[1], 2 * a, b, 1, False),
                ("dense", c, d),
                ("norm", b + 20),
            ]
            return (layers,)

        return Case(telling("count_params", draw), "a network with every kind of layer")

    return [
        Case(([first],), "one convolution: C1 of LeNet-5"),
        Case(([("dense", 84, 10)],), "one dense layer"),
        Case(([("norm", 16)],), "one batch normalization"),
        Case(([("conv", 3, 8, 4, 1, False)],), "a convolution without biases"),
        Case(([("conv", 3, 8, 4, 2, True)],), "two groups: each sees four of the eight channels"),
        Case(([("conv", 3, 6, 6, 6, False)],), "a group for each channel"),
        Case(([("conv", 1, 192, 16, 1, True)],), "a 1 x 1 convolution of GoogLeNet"),
        Case(([first, ("norm", 6), ("dense", 7, 3)],), "three layers"),
        Case(([("dense", 7, 3), ("dense", 3, 2), ("conv", 2, 1, 3, 1, True)],), "another order"),
        Case((bottleneck,), "a block of ResNet-50"),
        Case((alexnet,), "the first six layers of AlexNet"),
        drawn(),
        drawn(),
    ]


WEIGHTS = "size * size * channels_in // groups * channels_out"
BIAS = "if bias:\n                total += channels_out"
DENSE = "n_in * n_out + n_out"
PARAMS_MISTAKES = [
    Mistake(
        "one_formula_for_all",
        ((" // groups", ""), ("if bias:", "if True:")),
        "You count (size * size * channels_in + 1) * channels_out. That holds for one group, and "
        "with biases: divide channels_in by the groups, and add 1 only where `bias` is True.",
    ),
    Mistake(
        "groups_ignored",
        (" // groups", ""),
        "You ignore the groups. With g groups a filter sees only channels_in / g channels, and has "
        "weights for these alone.",
    ),
    Mistake(
        "groups_twice",
        (WEIGHTS, "size * size * (channels_in // groups) * (channels_out // groups)"),
        "You divide by the groups twice. That is one group; there are `groups` of them, so one "
        "division is left.",
    ),
    Mistake(
        "groups_multiplied",
        (" // groups", " * groups"),
        "You multiply by the groups. They save weights: each filter sees channels_in / groups "
        "channels.",
    ),
    Mistake(
        "bias_divided_by_groups",
        ("if bias:\n                total += channels_out",
         "if bias:\n                total += channels_out // groups"),
        "You divide the biases by the groups. Every filter has one bias, in whatever group it is: "
        "channels_out.",
    ),
    Mistake(
        "bias_of_each_group",
        ("if bias:\n                total += channels_out",
         "if bias:\n                total += channels_out * groups"),
        "You count the biases once for each group. Every filter has one bias: channels_out.",
    ),
    Mistake(
        "size_not_squared",
        ("size * size *", "size *"),
        "You count size weights per channel. A filter is size x size.",
    ),
    Mistake(
        "size_doubled",
        ("size * size *", "size * 2 *"),
        "You double the size. A filter is size x size: size * size, or size**2.",
    ),
    Mistake(
        "channels_added",
        (WEIGHTS, "size * size * (channels_in + channels_out) // groups"),
        "You add channels_in and channels_out. Each of the channels_out filters has weights for "
        "each channel that it sees: multiply.",
    ),
    Mistake(
        "size_left_out",
        ("size * size * ", ""),
        "You leave out the size of the filter: it has size * size weights for each channel.",
    ),
    Mistake(
        "one_filter",
        (" // groups * channels_out", " // groups"),
        "You count the weights of one filter. There are channels_out of them.",
    ),
    Mistake(
        "one_channel",
        (WEIGHTS, "size * size * channels_out"),
        "Your filters see one channel. Each has weights for all channels of its group: "
        "channels_in / groups.",
    ),
    Mistake(
        "bias_always",
        ("if bias:", "if True:"),
        "You count biases in every convolution. There are none where `bias` is False.",
    ),
    Mistake(
        "bias_never",
        ("if bias:", "if False:"),
        "You leave out the biases of convolutions: channels_out of them where `bias` is True.",
    ),
    Mistake(
        "bias_turned_round",
        ("if bias:", "if not bias:"),
        "You count biases where `bias` is False. True means that there are some.",
    ),
    Mistake(
        "one_bias_a_layer",
        (BIAS, "if bias:\n                total += 1"),
        "You count one bias for a whole convolution. Each filter has its own: channels_out.",
    ),
    Mistake(
        "bias_of_inputs",
        (BIAS, "if bias:\n                total += channels_in"),
        "You count a bias for each channel that comes in. Each filter has one: channels_out.",
    ),
    Mistake(
        "bias_of_each_channel",
        (BIAS, "if bias:\n                total += channels_in // groups * channels_out"),
        "You count a bias for each channel of a filter. A filter adds up its channels and has one "
        "bias.",
    ),
    Mistake(
        "dense_without_bias",
        (DENSE, "n_in * n_out"),
        "You leave out the biases of dense layers. Each of the n_out units has one.",
    ),
    Mistake(
        "dense_bias_of_inputs",
        (DENSE, "n_in * n_out + n_in"),
        "You count a dense layer's biases for its inputs. Each of the n_out units has one.",
    ),
    Mistake(
        "one_bias_a_dense_layer",
        (DENSE, "n_in * n_out + 1"),
        "You count one bias for a whole dense layer. Each of the n_out units has its own.",
    ),
    Mistake(
        "norm_of_keras",
        ("2 * layer[1]", "4 * layer[1]"),
        "You count four numbers per channel in batch normalization, as Keras's total does. Two are "
        "learned, scale and shift; mean and variance are only kept.",
    ),
    Mistake(
        "norm_once",
        ("2 * layer[1]", "layer[1]"),
        "You count one number per channel in batch normalization. It learns two: a scale and a "
        "shift.",
    ),
    Mistake(
        "norm_two_in_all",
        ("2 * layer[1]", "2"),
        "You count a single scale and a single shift in batch normalization. Each channel has both "
        "for itself.",
    ),
    Mistake(
        "norm_left_out",
        ("2 * layer[1]", "0"),
        "You leave out batch normalization. It learns a scale and a shift for each channel.",
    ),
    Mistake(
        "norm_squared",
        ("2 * layer[1]", "layer[1] ** 2"),
        "You count batch normalization as if it mixed channels. Each channel has two numbers, a "
        "scale and a shift.",
    ),
    Mistake(
        "last_layer",
        (("total += size *", "total = size *"), ("total += n_in", "total = n_in"),
         ("total += 2", "total = 2")),
        "You count the last layer alone. Add up: `total +=`, not `total =`.",
    ),
    Mistake(
        "first_layer",
        ("    return total", "        return total"),
        "You return after the first layer. `return` belongs behind the loop.",
    ),
    Mistake(
        "layer_by_layer",
        (("total = 0", "total = []"),
         ("total += size * size * channels_in // groups * channels_out",
          "total.append(size * size * channels_in // groups * channels_out)"),
         (BIAS, "if bias:\n                total[-1] += channels_out"),
         ("total += n_in * n_out + n_out", "total.append(n_in * n_out + n_out)"),
         ("total += 2 * layer[1]", "total.append(2 * layer[1])")),
        "You return a number for each layer. Return their sum.",
    ),
]  # fmt: skip


# iou


def iou(a: Floats, b: Floats) -> float:
    """Return the shared area of two boxes, divided by the area that they cover together."""
    width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    shared = width * height
    area_a = (a[2] - a[0]) * (a[3] - a[1])
    area_b = (b[2] - b[0]) * (b[3] - b[1])
    return float(shared / (area_a + area_b - shared))


def iou_cases(rng: Rng) -> list[Case]:
    """Overlap, one inside the other, the same, apart in every way, decimals, drawn ones."""

    def case(about: str, a: list[float], b: list[float]) -> Case:
        return Case((np.array(a, dtype=float), np.array(b, dtype=float)), about)

    def drawn(draw: Rng, apart: float = 0.0) -> tuple[Floats, Floats]:
        x, y, left, top = decimals(draw, 4)
        across, down, right, bottom = np.abs(decimals(draw, 4)) + 3
        a = np.array([x, y, x + across, y + down])
        b = np.array([x + 2.5 + left / 2, y + 2.5 + top / 2, x + 4 + right, y + 4 + bottom])
        return a, b + 5 * apart

    return [
        case("the example of the lesson", [0, 0, 4, 4], [2, 2, 6, 6]),
        case("they share more", [0, 0, 4, 4], [1, 1, 5, 5]),
        case("one lies in the other", [0, 0, 4, 4], [0, 0, 4, 2]),
        case("one lies in the middle of the other", [2, 3, 4, 6], [0, 0, 10, 8]),
        case("the same box twice", [1, 2, 4, 7], [1, 2, 4, 7]),
        case("side by side", [0, 0, 2, 5], [3, 1, 8, 4]),
        case("one above the other", [0, 0, 5, 2], [1, 4, 4, 9]),
        case("apart in both directions", [0, 0, 2, 2], [5, 6, 9, 9]),
        case("they touch", [0, 0, 2, 2], [2, 0, 4, 2]),
        case("they cross", [0, 2, 9, 4], [3, 0, 5, 8]),
        case("the second begins further left, the first higher", [3, 1, 8, 5], [1, 2, 6, 9]),
        case("the second begins higher, the first further left", [1, 2, 6, 9], [3, 1, 8, 5]),
        case("negative numbers", [-5, -3, -1, 2], [-3, -4, 2, 2]),
        case("all numbers are negative", [-9, -8, -4, -3], [-7, -6, -2, -1]),
        case("all numbers are negative, the boxes exchanged", [-7, -6, -2, -1], [-9, -8, -4, -3]),
        case("smaller than a pixel", [0.1, 0.2, 0.5, 0.8], [0.3, 0.1, 0.6, 0.7]),
        case("smaller than a pixel, exchanged", [0.3, 0.1, 0.6, 0.7], [0.1, 0.2, 0.5, 0.8]),
        Case((np.array([0, 0, 3, 2]), np.array([1, 1, 4, 3])), "whole numbers"),
        Case(drawn(always()), "decimals"),
        Case(drawn(rng)),
        Case(drawn(rng), "random numbers once more"),
        Case(drawn(rng, apart=1.0), "random numbers, apart"),
    ]


WIDTH = "max(min(a[2], b[2]) - max(a[0], b[0]), 0)"
HEIGHT = "max(min(a[3], b[3]) - max(a[1], b[1]), 0)"
UNION = "(area_a + area_b - shared)"
SHARE = "float(shared / (area_a + area_b - shared))"


def _silent(*edits: tuple[str, str]) -> Callable[..., Any]:
    """Build a wrong answer that divides by 0 for some boxes, without a warning."""
    edited = Edited(edits, iou)

    def wrong(a: Floats, b: Floats) -> Any:
        with np.errstate(all="ignore"):
            return edited(a, b)

    return wrong


def _corner_inside(a: Floats, b: Floats) -> float:
    inside = a[0] <= b[0] <= a[2] and a[1] <= b[1] <= a[3]
    return iou(a, b) if inside else 0.0


def _apart_only_in_both(a: Floats, b: Floats) -> float:
    width, height = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    if width < 0 and height < 0:
        return 0.0
    shared = width * height
    return float(shared / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared))


def _only_if_inside(a: Floats, b: Floats) -> float:
    inside = np.all(b[:2] >= a[:2]) and np.all(b[2:] <= a[2:])
    return float(np.prod(b[2:] - b[:2]) / np.prod(a[2:] - a[:2])) if inside else 0.0


def _whole_pixels(a: Floats, b: Floats) -> float:
    with np.errstate(all="ignore"):
        share = iou(np.trunc(a), np.trunc(b))
    return _finite(share)


IOU_MISTAKES = [
    Mistake(
        "height_not_checked",
        (HEIGHT, "min(a[3], b[3]) - max(a[1], b[1])"),
        "Boxes may lie one above the other: then your height of the shared part is negative. Set "
        "it to 0 as you do with the width.",
    ),
    Mistake(
        "width_not_checked",
        (WIDTH, "min(a[2], b[2]) - max(a[0], b[0])"),
        "Boxes may lie side by side: then your width of the shared part is negative. Set it to 0 "
        "as you do with the height.",
    ),
    Mistake(
        "apart_only_in_both",
        _apart_only_in_both,
        "You return 0 only if both width and height are negative. One of them is enough: `or`, not "
        "`and`.",
    ),
    Mistake(
        "only_if_one_lies_in_the_other",
        _only_if_inside,
        "You find an overlap only if the second box lies in the first. They may also share a part: "
        "from the larger left edge to the smaller right one.",
    ),
    Mistake(
        "first_box_first",
        ((WIDTH, "max(a[2] - b[0], 0)"), (HEIGHT, "max(a[3] - b[1], 0)")),
        "You take for granted that the first box begins and ends before the second. The shared "
        "part begins at the larger left edge, and ends at the smaller right one.",
    ),
    Mistake(
        "corner_of_the_second_inside",
        _corner_inside,
        "You find an overlap only if the upper left corner of the second box lies in the first. "
        "Boxes can overlap without that: take max of the left edges and min of the right ones.",
    ),
    Mistake(
        "whole_pixels",
        _whole_pixels,
        "You count whole pixels. Edges may lie anywhere between them: multiply widths by heights.",
    ),
    Mistake(
        "sum_without_brackets",
        ("shared / (area_a + area_b - shared)", "shared / area_a + area_b - shared"),
        "The sum below the line needs brackets: shared / (area_a + area_b - shared).",
    ),
    Mistake(
        "lengths_without_brackets",
        _silent(("(a[2] - a[0]) * (a[3] - a[1])", "a[2] - a[0] * a[3] - a[1]"),
                ("(b[2] - b[0]) * (b[3] - b[1])", "b[2] - b[0] * b[3] - b[1]")),
        "Width and height need brackets before they are multiplied: (x2 - x1) * (y2 - y1).",
    ),
    Mistake(
        "area_from_zero",
        _silent(("(a[2] - a[0]) * (a[3] - a[1])", "a[2] * a[3]"),
                ("(b[2] - b[0]) * (b[3] - b[1])", "b[2] * b[3]")),
        "You take x2 * y2 for the area of a box. It does not begin at 0: (x2 - x1) * (y2 - y1).",
    ),
    Mistake(
        "shared_added",
        (UNION, "(area_a + area_b + shared)"),
        "You add the shared part once more. The sum of the areas counts it twice: subtract it.",
    ),
    Mistake(
        "apart_in_both_is_an_overlap",
        ((WIDTH, "min(a[2], b[2]) - max(a[0], b[0])"),
         (HEIGHT, "min(a[3], b[3]) - max(a[1], b[1])"),
         ("width * height", "max(width * height, 0)")),
        "Where boxes lie apart in both directions, width and height are both negative, and their "
        "product is positive. Set each of them to 0 before you multiply: max(..., 0).",
    ),
    Mistake(
        "negative_overlap",
        ((WIDTH, "min(a[2], b[2]) - max(a[0], b[0])"),
         (HEIGHT, "min(a[3], b[3]) - max(a[1], b[1])")),
        "Where boxes lie apart, your width or height of the shared part is negative. Set each of "
        "them to 0 before you multiply: max(..., 0).",
    ),
    Mistake(
        "distance_is_an_overlap",
        ((WIDTH, "abs(min(a[2], b[2]) - max(a[0], b[0]))"),
         (HEIGHT, "abs(min(a[3], b[3]) - max(a[1], b[1]))")),
        "You take a gap between the boxes for an overlap, by abs. Where right minus left is "
        "negative, nothing is shared: max(..., 0).",
    ),
    Mistake(
        "shared_counted_twice",
        (UNION, "(area_a + area_b)"),
        "You divide by the sum of the areas. It counts the shared part twice: subtract it once.",
    ),
    Mistake(
        "dice",
        (SHARE, "float(2 * shared / (area_a + area_b))"),
        "That is another measure (Dice: twice the shared area by the sum of the areas). Divide the "
        "shared area by the area that both cover together.",
    ),
    Mistake(
        "shared_subtracted_twice",
        _silent((UNION, "(area_a + area_b - 2 * shared)")),
        "You subtract the shared part twice. The sum of the areas counts it twice, so once is "
        "enough.",
    ),
    Mistake(
        "over_the_first",
        (UNION, "area_a"),
        "You divide by the area of the first box. Divide by what both cover together.",
    ),
    Mistake(
        "over_the_second",
        (UNION, "area_b"),
        "You divide by the area of the second box. Divide by what both cover together.",
    ),
    Mistake(
        "over_the_smaller",
        (UNION, "min(area_a, area_b)"),
        "You divide by the smaller area. Divide by what both cover together.",
    ),
    Mistake(
        "over_the_larger",
        (UNION, "max(area_a, area_b)"),
        "You divide by the larger area. Divide by what both cover together.",
    ),
    Mistake(
        "over_the_frame",
        (UNION, "((max(a[2], b[2]) - min(a[0], b[0])) * (max(a[3], b[3]) - min(a[1], b[1])))"),
        "You divide by the frame around both boxes. It holds corners that neither covers: take "
        "area a + area b - shared.",
    ),
    Mistake(
        "shared_area",
        (SHARE, "float(shared)"),
        "You return the shared area. Divide it by the area that both cover together.",
    ),
    Mistake(
        "one_minus",
        (SHARE,
         "float(1 - shared / (area_a + area_b - shared))"),
        "You return 1 minus the IoU, a distance. Equal boxes must get 1.",
    ),
    Mistake(
        "per_cent",
        (SHARE,
         "float(100 * shared / (area_a + area_b - shared))"),
        "You return per cent. Return a share, from 0 to 1.",
    ),
    Mistake(
        "turned_round",
        _silent((SHARE,
         "float((area_a + area_b - shared) / shared)")),
        "Your fraction is turned round: the shared area stands above the line.",
    ),
    Mistake(
        "pixels_inclusive",
        lambda a, b: iou(a + np.array([0, 0, 1, 1]), b + np.array([0, 0, 1, 1])),
        "You add 1 to widths and heights, as for numbers of pixels that include the last one. Here "
        "x2 and y2 are where the box ends: the width is x2 - x1.",
    ),
    Mistake(
        "width_and_height",
        lambda a, b: iou(_from_lengths(a), _from_lengths(b)),
        "You take the last two numbers for width and height. They are the right and lower edge: "
        "the width is x2 - x1.",
    ),
    Mistake(
        "order_of_the_numbers",
        lambda a, b: _quiet_iou(a[[0, 2, 1, 3]], b[[0, 2, 1, 3]]),
        "You read the four numbers as x1, x2, y1, y2. They are x1, y1, x2, y2: left, top, right, "
        "bottom.",
    ),
    Mistake(
        "order_of_the_numbers_or_0",
        lambda a, b: _finite(_quiet_iou(a[[0, 2, 1, 3]], b[[0, 2, 1, 3]])),
        "You read the four numbers as x1, x2, y1, y2. They are x1, y1, x2, y2: left, top, right, "
        "bottom.",
    ),
    Mistake(
        "min_and_max_exchanged",
        _silent((WIDTH, "max(max(a[2], b[2]) - min(a[0], b[0]), 0)"),
                (HEIGHT, "max(max(a[3], b[3]) - min(a[1], b[1]), 0)")),
        "You exchanged min and max: that is the frame around both. The shared part begins at the "
        "larger left edge and ends at the smaller right one.",
    ),
    Mistake(
        "lengths_added",
        ("width * height", "width + height"),
        "You add width and height of the shared part. Its area is their product.",
    ),
    Mistake(
        "width_alone",
        ("width * height", "width"),
        "You take the width of the shared part for its area. Multiply by its height.",
    ),
    Mistake(
        "shared_or_not",
        (SHARE, "float(shared > 0)"),
        "You say whether they share anything. Return how much: shared area by covered area.",
    ),
    Mistake(
        "y_upwards",
        _silent((HEIGHT, "max(min(a[1], b[1]) - max(a[3], b[3]), 0)")),
        "You take y for growing upwards. It grows downwards: y2 is the lower edge and the "
        "larger number, as x2 is. The heights are y2 - y1.",
    ),
]  # fmt: skip


def _from_lengths(box: Floats) -> Floats:
    return np.array([*box[:2], *(box[:2] + box[2:])])


def _finite(share: float) -> float:
    return share if np.isfinite(share) else 0.0


def _quiet_iou(a: Floats, b: Floats) -> float:
    with np.errstate(all="ignore"):
        return iou(a, b)


# nms


def nms(boxes: Floats, scores: Floats, threshold: float) -> list[int]:
    """Return the places of the boxes that stay, best first."""
    kept: list[int] = []
    for place in np.argsort(-scores):
        if all(iou(boxes[place], boxes[other]) <= threshold for other in kept):
            kept.append(int(place))
    return kept


def plain_nms(boxes: Floats, scores: Floats, threshold: float) -> list[int]:
    """Return them as a learner finds them."""
    kept: list[int] = []
    for place in np.argsort(-scores):
        if all(iou(boxes[place], boxes[other]) <= threshold for other in kept):
            kept.append(place)
    return kept


def nms_cases(rng: Rng) -> list[Case]:
    """One object seen twice, two objects, a chain, a tie with the threshold, drawn ones."""
    twice = np.array([[0.0, 0, 4, 4], [0, 0, 4, 3], [6, 6, 9, 9]]), np.array([0.6, 0.9, 0.8])
    chain = np.array([[0.0, 0, 7, 2], [2, 0, 9, 2], [4, 0, 11, 2]]), np.array([0.9, 0.8, 0.7])
    half = np.array([[0.0, 0, 4, 4], [0, 0, 4, 2]]), np.array([0.3, 0.7])
    pairs = (
        np.array([[0.0, 0, 4, 4], [8, 1, 12, 5], [8, 2, 12, 5], [1, 0, 5, 4]]),
        np.array([0.9, 0.8, 0.7, 0.6]),
    )
    apart = np.array([[0.0, 0, 2, 2], [9, 9, 11, 11], [4, 4, 6, 6]]), np.array([0.2, 0.3, 0.9])
    many = np.array([
        [1.0, 1, 7, 8], [20, 3, 28, 9], [2, 1, 8, 8], [21, 4, 28, 9], [1, 2, 7, 8],
        [12, 20, 17, 30], [22, 5, 29, 11], [11, 19, 17, 29],
    ]), np.array([0.81, 0.35, 0.9, 0.7, 0.95, 0.2, 0.5, 0.45])  # fmt: skip

    def moved(case: tuple[Floats, Floats], threshold: float, about: str) -> Case:
        """Scale and shift the boxes, squeeze the scores: the same are kept."""
        scale, shift, squeeze = np.abs(decimals(rng, 3))
        return Case((case[0] * scale + shift, case[1] * (0.3 + squeeze / 4), threshold), about)

    return [
        Case((*twice, 0.5), "one object is seen twice"),
        Case((*apart, 0.5), "three boxes that share nothing"),
        Case((*chain, 0.3), "the second overlaps with both; the first and the third, not much"),
        Case((chain[0], chain[1][[1, 0, 2]], 0.3), "the same boxes, other scores"),
        Case(
            (chain[0][[0, 2, 1]], np.array([0.7, 0.8, 0.9]), 0.3),
            "the best comes last, and overlaps with both",
        ),
        Case((*pairs, 0.4), "two objects, each is seen twice"),
        Case((*half, 0.5), "an IoU that equals the threshold"),
        Case((*half, 0.4), "the same with a lower threshold"),
        Case((chain[0], chain[1], 0.1), "a low threshold"),
        Case((chain[0], chain[1][::-1].copy(), 0.6), "a high threshold"),
        Case((*many, 0.5), "eight boxes around three objects"),
        Case((*many, 0.75), "the same with a high threshold"),
        Case((many[0] / 32, many[1], 0.5), "edges as shares of the image"),
        Case((twice[0].astype(int), np.array([3, 5, 4]), 0.5), "whole numbers"),
        Case((apart[0][:1], apart[1][:1], 0.5), "a single box"),
        moved(many, 0.5, "three objects, drawn anew"),
        moved(chain, 0.3, "three in a row, drawn anew"),
    ]


ORDER = "np.argsort(-scores)"
AGREE = "if all(iou(boxes[place], boxes[other]) <= threshold for other in kept):"
APPEND = "kept.append(place)"
NMS_MISTAKES = [
    Mistake(
        "dropped_ones_drop_and_order",
        lambda boxes, scores, threshold: sorted(_better_ones_drop(boxes, scores, threshold)),
        "You compare all boxes with all. A box that was dropped drops others then, and the places "
        "come in the order of `boxes`. Go from the best down, and compare with those kept so far.",
    ),
    Mistake(
        "stops_at_the_first_dropped",
        (APPEND, "kept.append(place)\n        else:\n            break"),
        "You stop at the first box that is dropped. Leave that one out and go on: others may lie "
        "elsewhere.",
    ),
    Mistake(
        "taken_out_while_walking",
        lambda boxes, scores, threshold: _taken_out_while_walking(boxes, scores, threshold),
        "You take places out of a list while a loop walks through it: the loop then skips the next "
        "one. Collect those that stay in a new list.",
    ),
    Mistake(
        "list_turned_round",
        (ORDER, "np.argsort(scores[::-1])"),
        "You turn the scores round before you sort. Then the places are those in the turned list: "
        "np.argsort(scores)[::-1], or np.argsort(-scores).",
    ),
    Mistake(
        "dropped_ones_drop",
        ((AGREE, "if all(iou(boxes[place], boxes[other]) <= threshold for other in seen):"),
         ("kept: list[int] = []", "kept: list[int] = []\n    seen: list[int] = []"),
         (APPEND, "kept.append(place)\n        seen.append(place)")),
        "In your code a dropped box drops others. Compare with those that are kept, not with "
        "all that are better.",
    ),
    Mistake(
        "compared_with_itself",
        ("for other in kept", "for other in range(len(boxes))"),
        "You compare each box with all, itself included, and its IoU with itself is 1. Compare "
        "with those that are kept.",
    ),
    Mistake(
        "better_one_takes_the_place",
        lambda boxes, scores, threshold: _replaced(boxes, scores, threshold),
        "You let a better box take the place of one that it overlaps. It may overlap others that "
        "are kept, too. Sort first: then no better one comes later.",
    ),
    Mistake(
        "better_one_takes_the_place_sorted",
        lambda boxes, scores, threshold: sorted(
            _replaced(boxes, scores, threshold), key=lambda place: -scores[place]
        ),
        "You let a better box take the place of one that it overlaps. It may overlap others that "
        "are kept, too. Sort first: then no better one comes later.",
    ),
    Mistake(
        "places_in_what_is_left",
        lambda boxes, scores, threshold: _places_in_the_rest(boxes, scores, threshold),
        "Boxes that you take out of the list move the others up, and your places count in what is "
        "left. Keep the places of `boxes` as it came beside them.",
    ),
    Mistake(
        "distance",
        ("<= threshold", ">= 1 - threshold"),
        "You compare 1 - IoU with the threshold. Drop a box if its IoU with a kept one is greater "
        "than the threshold.",
    ),
    Mistake(
        "only_the_best_drops",
        ("for other in kept", "for other in kept[:1]"),
        "You compare with the best box alone. Every box that is kept drops those that overlap with "
        "it.",
    ),
    Mistake(
        "only_the_last_drops",
        ("for other in kept", "for other in kept[-1:]"),
        "You compare with the box kept last. Compare with all that are kept.",
    ),
    Mistake(
        "only_the_one_before",
        lambda boxes, scores, threshold: _neighbours_only(boxes, scores, threshold),
        "You compare each box with the one before it in the order of the scores. Compare it with "
        "all that are kept.",
    ),
    Mistake(
        "one_is_enough",
        ("if all(", "if not kept or any("),
        "You keep a box if it is far from one that is kept. It must be far from all of them.",
    ),
    Mistake(
        "equal_is_dropped",
        ("<= threshold", "< threshold"),
        "You drop a box whose IoU equals the threshold. Drop it if the IoU is greater.",
    ),
    Mistake(
        "turned_round",
        ("<= threshold", "> threshold"),
        "You keep what overlaps, and drop what lies apart. Drop a box if its IoU with a kept one "
        "is greater than the threshold.",
    ),
    Mistake(
        "any_overlap_drops",
        ("<= threshold", "<= 0"),
        "You drop whatever overlaps at all. An IoU up to the threshold is allowed.",
    ),
    Mistake(
        "threshold_of_the_lesson",
        ("<= threshold", "<= 0.5"),
        "You use the threshold 0.5, whatever comes in. Use `threshold`.",
    ),
    Mistake(
        "one_minus_threshold",
        ("<= threshold", "<= 1 - threshold"),
        "You compare with 1 - threshold. Drop a box if its IoU with a kept one is greater than "
        "the threshold.",
    ),
    Mistake(
        "worst_first",
        (ORDER, "np.argsort(scores)"),
        "You begin with the worst box. argsort puts the smallest first: np.argsort(-scores).",
    ),
    Mistake(
        "not_sorted",
        (ORDER, "range(len(scores))"),
        "You take the boxes in the order in which they come. Begin with the best score: "
        "np.argsort(-scores).",
    ),
    Mistake(
        "sorted_at_the_end",
        ("return kept", "return sorted(kept)"),
        "You sort the places. Return the best first.",
    ),
    Mistake(
        "the_worst_first_at_the_end",
        ("return kept", "return kept[::-1]"),
        "The right boxes, with the worst first. Return the best first.",
    ),
    Mistake(
        "places_in_the_sorted_list",
        lambda boxes, scores, threshold: nms(
            boxes[np.argsort(-scores)], np.sort(scores)[::-1], threshold
        ),
        "Your places count in the sorted list. Return places in `boxes` as it came: "
        "`order[i]`, not i.",
    ),
    Mistake(
        "dropped_ones",
        ("return kept", "return [place for place in np.argsort(-scores) if place not in kept]"),
        "You return those that are dropped. Return those that are kept.",
    ),
    Mistake(
        "all_of_them",
        (AGREE, "if True:"),
        "You drop nothing. Drop a box if its IoU with a kept one is greater than the threshold.",
    ),
    Mistake(
        "the_best_alone",
        ("return kept", "return kept[:1]"),
        "You return the best box alone. Others that lie elsewhere stay, too. Look whether your "
        "`return` stands in the loop.",
    ),
    Mistake(
        "good_scores",
        (AGREE, "if scores[place] > threshold:"),
        "You compare scores with the threshold. It is for the IoU of two boxes.",
    ),
    Mistake(
        "boxes_themselves",
        lambda boxes, scores, threshold: boxes[nms(boxes, scores, threshold)],
        "You return the boxes. Return their places in `boxes`.",
    ),
    Mistake(
        "their_scores",
        lambda boxes, scores, threshold: scores[nms(boxes, scores, threshold)],
        "You return scores. Return places in `boxes`.",
    ),
    Mistake(
        "from_one",
        (APPEND, "kept.append(place + 1)"),
        "You count places from 1. The first is 0.",
    ),
    Mistake(
        "a_mask",
        lambda boxes, scores, threshold: np.isin(
            np.arange(len(scores)), nms(boxes, scores, threshold)
        ),
        "You return True and False for each box. Return the places of those that are kept, best "
        "first.",
    ),
]  # fmt: skip


def _better_ones_drop(boxes: Floats, scores: Floats, threshold: float) -> list[int]:
    return [
        place
        for place in range(len(scores))
        if all(
            iou(boxes[place], boxes[i]) <= threshold for i in np.nonzero(scores > scores[place])[0]
        )
    ]


def _replaced(boxes: Floats, scores: Floats, threshold: float) -> list[int]:
    kept: list[int] = []
    for place in range(len(boxes)):
        met = [i for i, other in enumerate(kept) if iou(boxes[place], boxes[other]) > threshold]
        if not met:
            kept.append(place)
        elif scores[place] > scores[kept[met[0]]]:
            kept[met[0]] = place
    return kept


def _places_in_the_rest(boxes: Floats, scores: Floats, threshold: float) -> list[int]:
    kept = []
    while len(boxes):
        best = int(scores.argmax())
        kept.append(best)
        rest = [
            place
            for place in range(len(boxes))
            if place != best and iou(boxes[place], boxes[best]) <= threshold
        ]
        boxes, scores = boxes[rest], scores[rest]
    return kept


def _taken_out_while_walking(boxes: Floats, scores: Floats, threshold: float) -> list[int]:
    order: list[int] = np.argsort(-scores).tolist()
    for place in order:
        for other in order:
            if place != other and iou(boxes[place], boxes[other]) > threshold:
                order.remove(other)
    return order


def _neighbours_only(boxes: Floats, scores: Floats, threshold: float) -> list[int]:
    order = np.argsort(-scores)
    return [int(order[0])] + [
        int(place)
        for before, place in pairwise(order)
        if iou(boxes[place], boxes[before]) <= threshold
    ]


# encode_grid


def encode_grid(boxes: Floats, classes: Ints, size: int, cells: int) -> Floats:
    """Return what a detector's network should put out: six numbers for each cell."""
    target = np.zeros((cells, cells, 6))
    cell = size / cells
    for (x1, y1, x2, y2), label in zip(boxes, classes, strict=True):
        x, y = (x1 + x2) / 2 / cell, (y1 + y2) / 2 / cell
        row, column = int(y), int(x)
        if target[row, column, 0] == 0:
            width, height = (x2 - x1) / size, (y2 - y1) / size
            target[row, column] = 1, x - column, y - row, width, height, label
    return target


def grid_cases(rng: Rng) -> list[Case]:
    """One box, several, two in a cell, on an edge between cells, none, decimals, drawn ones."""

    def case(about: str, boxes: list[list[float]], classes: list[int], *grid: int) -> Case:
        return Case((np.array(boxes, dtype=float), np.array(classes), *grid), about)

    far = np.array([[2.1, 17.3, 9.8, 22.9], [14.2, 3.3, 27.1, 13.9]])

    def drawn(draw: Rng) -> tuple[Floats, Ints, int, int]:
        """Draw around two centres that stay in their cells."""
        middles = np.array([[5.6, 20.6], [21.2, 12.4]]) + decimals(draw, 2, 2) / 2
        halves = np.abs(decimals(draw, 2, 2)) + 2
        return np.hstack([middles - halves, middles + halves]), np.array([2, 1]), 32, 4

    return [
        case("one box, in the second row", [[4, 18, 16, 22]], [2], 32, 4),
        case("the example of the lesson", [[4, 2, 10, 14]], [1], 16, 4),
        case("two boxes", [[8, 4, 20, 28], [22, 16, 30, 22]], [1, 2], 32, 4),
        case("the first class is 0", [[0, 0, 6, 3]], [0], 16, 2),
        case("two centres in one cell: the first stays", [[1, 1, 6, 4], [2, 2, 7, 8]],
             [2, 1], 16, 2),
        case("two in one cell, one elsewhere", [[1, 1, 6, 4], [2, 2, 7, 8], [9, 1, 12, 15]],
             [0, 2, 1], 16, 2),
        case("six boxes, two of them in cells that are taken",
             [[9, 9, 15, 13], [6, 1, 10, 7], [1, 9, 5, 15], [9, 2, 13, 4], [2, 10, 6, 12],
              [1, 2, 5, 4]], [2, 1, 3, 1, 2, 0], 16, 2),
        case("a centre on the edge between two cells", [[4, 10, 12, 14]], [1], 32, 4),
        case("cells of 2.5 pixels", [[4, 6, 10, 9]], [1], 10, 4),
        case("a single cell", [[3, 1, 6, 5]], [1], 10, 1),
        case("a box as large as the image", [[0, 0, 12, 12]], [3], 12, 3),
        case("behind the middle of its cell", [[3, 10, 12, 19]], [1], 32, 4),
        Case((np.zeros((0, 4)), np.zeros(0, dtype=int), 16, 2), "an image with no box"),
        Case((np.array([[4, 18, 16, 24]]), np.array([2]), 32, 4), "whole numbers"),
        Case((far, np.array([1, 2]), 30, 3), "decimals"),
        Case(drawn(rng)),
        Case(drawn(rng), "random numbers once more"),
    ]  # fmt: skip


CENTRE = "x, y = (x1 + x2) / 2 / cell, (y1 + y2) / 2 / cell"
CELL = "row, column = int(y), int(x)"
PUT = "target[row, column] = 1, x - column, y - row, width, height, label"
LENGTHS = "width, height = (x2 - x1) / size, (y2 - y1) / size"
FREE = "if target[row, column, 0] == 0:"


def _all_cells_of_the_box(boxes: Floats, classes: Ints, size: int, cells: int) -> Floats:
    target = np.zeros((cells, cells, 6))
    cell = size / cells
    for (x1, y1, x2, y2), label in zip(boxes, classes, strict=True):
        x, y = (x1 + x2) / 2 / cell % 1, (y1 + y2) / 2 / cell % 1
        for row, column in np.ndindex(cells, cells):
            meets = x1 < (column + 1) * cell and x2 > column * cell
            meets = meets and y1 < (row + 1) * cell and y2 > row * cell
            if meets and target[row, column, 0] == 0:
                target[row, column] = 1, x, y, (x2 - x1) / size, (y2 - y1) / size, label
    return target


def _one_hot(boxes: Floats, classes: Ints, size: int, cells: int) -> Floats:
    target = encode_grid(boxes, classes, size, cells)
    several = 1 + int(max(classes, default=0))
    places = target[..., 5].astype(int)
    chosen = np.eye(several)[places] * target[..., :1]
    return np.concatenate([target[..., :5], chosen], axis=-1)


def _from_below(boxes: Floats, classes: Ints, size: int, cells: int) -> Floats:
    """Turn the rows round, as if y grew upwards."""
    return encode_grid(boxes, classes, size, cells)[::-1].copy()


GRID_MISTAKES = [
    Mistake(
        "stops_at_a_taken_cell",
        (PUT, PUT + "\n        else:\n            break"),
        "You stop when a cell is taken. Leave that box out and go on with the next: `continue`, "
        "not `break`.",
    ),
    Mistake(
        "taken_by_a_class",
        (FREE, "if target[row, column, 5] == 0:"),
        "You treat a cell as empty if its class is 0. Class 0 is a class like others: look at the "
        "first number of the cell.",
    ),
    Mistake(
        "all_cells_of_the_box",
        _all_cells_of_the_box,
        "You fill every cell that the box touches. One cell is responsible: the one in which the "
        "centre lies.",
    ),
    Mistake(
        "ones",
        ("np.zeros(", "np.ones("),
        "Your array begins with ones, so every cell says that there is an object. Begin with "
        "np.zeros.",
    ),
    Mistake(
        "side_of_a_cell_cut_off",
        ("size / cells", "size // cells"),
        "You cut off the decimals of the side of a cell. It need not be a whole number: "
        "size / cells.",
    ),
    Mistake(
        "side_of_a_cell",
        ("cell = size / cells", "cell = cells"),
        "`cells` is how many cells there are in a row. The side of one is size / cells pixels.",
    ),
    Mistake(
        "object_behind_the_box",
        (PUT, "target[row, column] = x - column, y - row, width, height, 1, label"),
        "You put the object behind the box. The order is object, x, y, width, height, class.",
    ),
    Mistake(
        "rows_from_below",
        (CELL, "row, column = cells - 1 - int(y), int(x)"),
        "You count rows from below. y grows downwards: row 0 is the upper one.",
    ),
    Mistake(
        "edges_to_the_left",
        (CELL, "row, column = int(np.ceil(y)) - 1, int(np.ceil(x)) - 1"),
        "You give a centre on the edge between two cells to the left or upper one. It belongs "
        "to the right or lower one: int(x / cell).",
    ),
    Mistake(
        "rounded_up",
        (CELL, "row, column = int(np.ceil(y)), int(np.ceil(x))"),
        "You round up to the next cell. The cell goes from its left edge to the next: round down, "
        "int(x / cell).",
    ),
    Mistake(
        "another_cell_looked_at",
        (FREE, "if target[column, row, 0] == 0:"),
        "You look at target[column, row, 0] and write into target[row, column]. Look at the cell "
        "that you write into.",
    ),
    Mistake(
        "edges_added",
        (LENGTHS, "width, height = (x2 + x1) / size, (y2 + y1) / size"),
        "You add the edges for the width. It is their difference: x2 - x1.",
    ),
    Mistake(
        "label_is_one",
        (PUT, "target[row, column] = 1, x - column, y - row, width, height, 1"),
        "The last number is the class as it comes in `classes`, not a 1.",
    ),
    Mistake(
        "right_lower_corner",
        (CENTRE, "x, y = x2 / cell, y2 / cell"),
        "You take the right lower corner. The cell that holds the centre is responsible: "
        "(x1 + x2) / 2.",
    ),
    Mistake(
        "row_and_column_exchanged",
        (PUT, "target[column, row] = 1, x - column, y - row, width, height, label"),
        "You exchange row and column. y tells the row, which comes first: target[row, column].",
    ),
    Mistake(
        "row_from_x",
        (CELL, "row, column = int(x), int(y)"),
        "You take the row from x. x tells the column and y the row: target[row, column].",
    ),
    Mistake(
        "x_and_y_exchanged",
        (PUT, "target[row, column] = 1, y - row, x - column, width, height, label"),
        "The cell is right. But x comes before y in it: object, x, y, width, height, class.",
    ),
    Mistake(
        "width_and_height_exchanged",
        (PUT, "target[row, column] = 1, x - column, y - row, height, width, label"),
        "The cell is right. But the width comes before the height in it.",
    ),
    Mistake(
        "corner",
        (CENTRE, "x, y = x1 / cell, y1 / cell"),
        "You take the upper left corner. The cell that holds the centre is responsible: "
        "(x1 + x2) / 2.",
    ),
    Mistake(
        "half_the_size",
        (CENTRE, "x, y = (x2 - x1) / 2 / cell, (y2 - y1) / 2 / cell"),
        "You take half of the width for the centre. The centre is (x1 + x2) / 2.",
    ),
    Mistake(
        "place_in_the_image",
        (PUT, "target[row, column] = 1, x / cells, y / cells, width, height, label"),
        "You give the place of the centre in the image. Give its place in the cell, from 0 at the "
        "left edge of the cell to 1 at the right one.",
    ),
    Mistake(
        "place_in_cells",
        (PUT, "target[row, column] = 1, x, y, width, height, label"),
        "You give the place counted in cells. Subtract column and row: 0 is the left edge of the "
        "cell, 1 the right one.",
    ),
    Mistake(
        "place_in_pixels",
        (PUT, "target[row, column] = 1, x * cell, y * cell, width, height, label"),
        "You give the centre in pixels. Give its place in the cell, from 0 to 1.",
    ),
    Mistake(
        "place_in_the_cell_in_pixels",
        (PUT, "target[row, column] = 1, (x - column) * cell, (y - row) * cell, width, height, "
         "label"),
        "You give the place in the cell in pixels. Divide by the side of a cell: from 0 to 1.",
    ),
    Mistake(
        "from_the_middle",
        (PUT, "target[row, column] = 1, x - column - 0.5, y - row - 0.5, width, height, label"),
        "You measure from the middle of the cell. Measure from its left and upper edge.",
    ),
    Mistake(
        "sizes_in_cells",
        (LENGTHS, "width, height = (x2 - x1) / cell, (y2 - y1) / cell"),
        "You measure width and height in cells. Here they are shares of the image: divide by "
        "`size`.",
    ),
    Mistake(
        "sizes_in_pixels",
        (LENGTHS, "width, height = x2 - x1, y2 - y1"),
        "You give width and height in pixels. Divide by `size`: shares of the image.",
    ),
    Mistake(
        "roots",
        (LENGTHS, "width, height = ((x2 - x1) / size) ** 0.5, ((y2 - y1) / size) ** 0.5"),
        "You take roots of width and height, as the loss of YOLO does. Here the target holds the "
        "shares themselves.",
    ),
    Mistake(
        "half_sizes",
        (LENGTHS, "width, height = (x2 - x1) / 2 / size, (y2 - y1) / 2 / size"),
        "You give half of the width and height. Give all of it, divided by `size`.",
    ),
    Mistake(
        "far_corner",
        (LENGTHS, "width, height = x2 / size, y2 / size"),
        "You put the right lower corner where width and height belong: x2 - x1 and y2 - y1.",
    ),
    Mistake(
        "the_last_stays",
        (FREE, "if True:"),
        "Where two centres fall into one cell, you let the last box have it. The first keeps it: "
        "look whether target[row, column, 0] is 1 already.",
    ),
    Mistake(
        "they_add_up",
        ((FREE, "if True:"),
         (PUT, "target[row, column] += 1, x - column, y - row, width, height, label")),
        "Where two centres fall into one cell, you add their numbers up. The first box keeps the "
        "cell.",
    ),
    Mistake(
        "rounded",
        (CELL, "row, column = min(round(y), cells - 1), min(round(x), cells - 1)"),
        "You round to the nearest cell. A cell goes from its left edge to the next: round down, "
        "int(x / cell).",
    ),
    Mistake(
        "object_missing",
        (PUT, "target[row, column] = 0, x - column, y - row, width, height, label"),
        "The first number of a cell says that there is an object: set it to 1.",
    ),
    Mistake(
        "label_missing",
        (PUT, "target[row, column, :5] = 1, x - column, y - row, width, height"),
        "The class is missing: the last of the six numbers.",
    ),
    Mistake(
        "labels_from_one",
        (PUT, "target[row, column] = 1, x - column, y - row, width, height, label + 1"),
        "You count classes from 1. Put the class as it comes.",
    ),
    Mistake(
        "label_first",
        (PUT, "target[row, column] = 1, label, x - column, y - row, width, height"),
        "You put the class second. The order is object, x, y, width, height, class.",
    ),
    Mistake(
        "object_last",
        (PUT, "target[row, column] = x - column, y - row, width, height, label, 1"),
        "You put the object last. The order is object, x, y, width, height, class.",
    ),
    Mistake(
        "corners",
        (PUT, "target[row, column] = 1, x1, y1, x2, y2, label"),
        "You put the corners into the cell. It holds the centre's place in the cell, and width and "
        "height as shares of the image.",
    ),
    Mistake(
        "one_hot",
        _one_hot,
        "You put a number for each class. Here a single number says which class it is, so a cell "
        "has six.",
    ),
    Mistake(
        "from_below",
        _from_below,
        "You count rows from below. y grows downwards: row 0 is the upper one.",
    ),
    Mistake(
        "one_box_only",
        ("    return target", "        return target"),
        "You return after the first box. `return` belongs behind the loop.",
    ),
    Mistake(
        "flat",
        ("return target", "return target.reshape(-1, 6)"),
        "You return one long list of cells. Return shape (cells, cells, 6): rows, columns, six "
        "numbers.",
    ),
    Mistake(
        "numbers_first",
        ("return target", "return target.transpose(2, 0, 1)"),
        "Your six numbers come first. They come last: shape (cells, cells, 6).",
    ),
    Mistake(
        "whole_numbers",
        ("np.zeros((cells, cells, 6))", "np.zeros((cells, cells, 6), dtype=int)"),
        "Your array holds whole numbers, and cuts off what stands behind the point. Make it "
        "without dtype=int.",
    ),
]  # fmt: skip


# average_precision


def average_precision(scores: Floats, hits: Bools, positives: int) -> float:
    """Return the area under the curve of precision over recall, its dents filled."""
    order = np.argsort(-scores)
    found = np.cumsum(hits[order])
    precision = found / np.arange(1, len(scores) + 1)
    area = 0.0
    for rank in range(len(scores)):
        if hits[order[rank]]:
            area += precision[rank:].max() / positives
    return area


def average_cases(rng: Rng) -> list[Case]:
    """All right, misses in every place, dents, objects never found, nothing found, drawn ones."""

    def case(about: str, scores: list[float], hits: list[int], positives: int) -> Case:
        return Case((np.array(scores), np.array(hits, dtype=bool), positives), about)

    mixed = [0.3, 0.95, 0.5, 0.8, 0.65, 0.1, 0.7], [1, 1, 1, 0, 0, 0, 1]

    def drawn(positives: int) -> Case:
        scale, shift = np.abs(decimals(rng, 2)) / 4
        return Case((np.array(mixed[0]) * scale + shift, np.array(mixed[1], dtype=bool), positives))

    return [
        case("a hit, a miss, a hit", [0.9, 0.8, 0.7], [1, 0, 1], 2),
        case("all right", [0.9, 0.8, 0.7], [1, 1, 1], 3),
        case("two of four objects are found", [0.9, 0.6], [1, 1], 4),
        case("the best is a miss", [0.9, 0.5], [0, 1], 1),
        case("in another order", [0.2, 0.9, 0.6, 0.4], [1, 0, 1, 0], 3),
        case("precision rises again: a dent", [0.9, 0.8, 0.7, 0.6, 0.5], [1, 0, 1, 1, 0], 3),
        case("the dent in another order", [0.6, 0.9, 0.5, 0.8, 0.7], [1, 1, 1, 0, 0], 5),
        case("it rises to the end", [0.9, 0.8, 0.7, 0.6], [0, 1, 1, 1], 4),
        case("nothing but misses", [0.9, 0.8], [0, 0], 2),
        case("no detection at all", [], [], 3),
        case("one detection", [0.4], [1], 2),
        case("misses at the end cost nothing", [0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0], 2),
        case("scores that are no probabilities", [3.0, -1.5, 0.5, -4.0], [1, 1, 0, 0], 2),
        case("seven detections", *mixed, 5),
        drawn(4),
        drawn(6),
    ]


SORTED = "order = np.argsort(-scores)"
AREA = "area += precision[rank:].max() / positives"
IF_HIT = "if hits[order[rank]]:"


def _trapezoids(scores: Floats, hits: Bools, positives: int) -> float:
    _, precision, recall = _curve(scores, hits, positives)
    x, y = np.append(0.0, recall), np.append(1.0, precision)
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


def _joined(filled: bool) -> Callable[..., float]:
    """Join the points from the first detection on, as np.trapezoid does."""

    def wrong(scores: Floats, hits: Bools, positives: int) -> float:
        _, precision, recall = _curve(scores, hits, positives)
        if filled:
            precision = np.maximum.accumulate(precision[::-1])[::-1]
        return float(np.sum(np.diff(recall) * (precision[1:] + precision[:-1]) / 2))

    return wrong


def _product(scores: Floats, hits: Bools, positives: int) -> float:
    _, precision, recall = _curve(scores, hits, positives)
    return float(precision @ recall)


def _eleven_points(scores: Floats, hits: Bools, positives: int) -> float:
    _, precision, recall = _curve(scores, hits, positives)
    best = [precision[recall >= point].max(initial=0) for point in np.linspace(0, 1, 11)]
    return float(np.mean(best))


def _curve(scores: Floats, hits: Bools, positives: int) -> tuple[Floats, Floats, Floats]:
    hits = hits[np.argsort(-scores)]
    found = np.cumsum(hits)
    return hits.astype(float), found / np.arange(1, len(hits) + 1), found / positives


def _by_hits(scores: Floats, hits: Bools, positives: int) -> float:
    number = int(hits.sum())
    return average_precision(scores, hits, number) if number else 0.0


def _ranks_from_zero(scores: Floats, hits: Bools, positives: int) -> float:
    with np.errstate(all="ignore"):
        found = np.cumsum(hits[np.argsort(-scores)])
        precision = found / np.arange(len(scores))
    right = np.flatnonzero(hits[np.argsort(-scores)])
    return float(sum(precision[rank:].max() / positives for rank in right))


AVERAGE_MISTAKES = [
    Mistake(
        "dents_not_filled",
        ("precision[rank:].max()", "precision[rank]"),
        "You take the precision at each hit as it is. Fill the dents: the largest precision from "
        "there to the end, precision[rank:].max().",
    ),
    Mistake(
        "filled_by_the_largest_of_all",
        ("precision[rank:].max()", "precision.max()"),
        "You take the largest precision of all at every hit. Take the largest from that detection "
        "to the end: precision[rank:].max().",
    ),
    Mistake(
        "filled_by_what_follows",
        ("precision[rank:].max()", "precision[rank + 1 :].max(initial=0)"),
        "You leave out the precision at the hit itself. Take the largest from there on, itself "
        "included: precision[rank:].max().",
    ),
    Mistake(
        "filled_by_the_next",
        ("precision[rank:].max()", "precision[rank : rank + 2].max()"),
        "You compare with the next precision alone. Take the largest of all from there to the end: "
        "precision[rank:].max().",
    ),
    Mistake(
        "precision_by_all_detections",
        ("found / np.arange(1, len(scores) + 1)", "found / max(len(scores), 1)"),
        "You divide the hits so far by the number of all detections. Divide by how many there were "
        "so far: 1, 2, 3, ...",
    ),
    Mistake(
        "precision_cut_off",
        ("found / np.arange", "found // np.arange"),
        "You divide by `//`, which leaves whole numbers. Precision is a share: `/`.",
    ),
    Mistake(
        "filled_from_the_left",
        ("precision[rank:].max()", "precision[: rank + 1].max()"),
        "You fill the dents from the wrong side, with the largest precision so far. Take the "
        "largest from here to the end.",
    ),
    Mistake(
        "divided_by_the_hits",
        _by_hits,
        "You divide by the number of hits. Divide by `positives`, all objects that there are: "
        "those that were never found count as 0.",
    ),
    Mistake(
        "divided_by_the_detections",
        ("/ positives", "/ len(scores)"),
        "You divide by the number of detections. Divide by `positives`, all objects that there "
        "are.",
    ),
    Mistake(
        "not_divided",
        (" / positives", ""),
        "You add up precisions and do not divide. Each hit is a step of 1 / positives in recall.",
    ),
    Mistake(
        "misses_count",
        (IF_HIT, "if True:"),
        "You add something for each detection. Recall grows at a hit alone: a miss adds no area.",
    ),
    Mistake(
        "not_sorted",
        (SORTED, "order = np.arange(len(scores))"),
        "You take the detections as they come. Sort them first, best score first: "
        "np.argsort(-scores).",
    ),
    Mistake(
        "worst_first",
        (SORTED, "order = np.argsort(scores)"),
        "You begin with the worst score. argsort puts the smallest first: np.argsort(-scores).",
    ),
    Mistake(
        "hits_not_sorted",
        ("np.cumsum(hits[order])", "np.cumsum(hits)"),
        "You sort for one of the two steps and not for the other. Put the hits in order first: "
        "hits = hits[order].",
    ),
    Mistake(
        "hits_not_sorted_in_the_loop",
        ("if hits[order[rank]]", "if hits[rank]"),
        "You sort for one of the two steps and not for the other. Put the hits in order first: "
        "hits = hits[order].",
    ),
    Mistake(
        "trapezoids",
        _trapezoids,
        "You join the points of the curve by straight lines. Here the area is one of steps: at "
        "each hit a step 1 / positives wide, as high as the largest precision from there on.",
    ),
    Mistake(
        "trapezoids_from_the_first",
        _joined(filled=False),
        "You join the points of the curve by straight lines, and leave out what lies before the "
        "first. Here the area is one of steps, 1 / positives wide, one at each hit.",
    ),
    Mistake(
        "trapezoids_filled",
        _joined(filled=True),
        "You join the points of the curve by straight lines, and leave out what lies before the "
        "first. Here the area is one of steps, 1 / positives wide, one at each hit.",
    ),
    Mistake(
        "precision_times_recall",
        _product,
        "You add up precision times recall. The width of a step is what recall gains at a hit, "
        "1 / positives, not recall itself.",
    ),
    Mistake(
        "scores_added",
        lambda scores, hits, positives: float(np.sum(scores * hits) / positives),
        "You add up the scores of the hits. Scores only put the detections in order; add up "
        "precisions.",
    ),
    Mistake(
        "list_turned_round",
        (SORTED, "order = np.argsort(scores[::-1])"),
        "You turn the scores round before you sort. Then the places are those in the turned list: "
        "np.argsort(scores)[::-1], or np.argsort(-scores).",
    ),
    Mistake(
        "eleven_points",
        _eleven_points,
        "That is the average at eleven recalls, as contests took it before 2010. Here the whole "
        "area counts: at each hit a step 1 / positives wide.",
    ),
    Mistake(
        "precision_of_all",
        lambda scores, hits, positives: float(hits.mean()) if len(hits) else 0.0,
        "You return the precision of all detections together. Walk down the list, and add up the "
        "precision at each hit.",
    ),
    Mistake(
        "recall_of_all",
        lambda scores, hits, positives: float(hits.sum() / positives),
        "That is the recall of the whole list. Walk down it in the order of the scores, misses "
        "included, and add up the precision at each hit.",
    ),
    Mistake(
        "mean_precision",
        lambda scores, hits, positives: (
            float(_curve(scores, hits, positives)[1].mean()) if len(hits) else 0.0
        ),
        "You average the precision over all detections. Only hits add a step, and each is "
        "1 / positives wide.",
    ),
    Mistake(
        "precision_by_positives",
        ("found / np.arange(1, len(scores) + 1)", "found / positives"),
        "You divide the hits so far by `positives`: that is recall. Precision divides them by how "
        "many detections there were so far.",
    ),
    Mistake(
        "ranks_from_zero",
        ("np.arange(1, len(scores) + 1)", "np.maximum(np.arange(len(scores)), 1)"),
        "You divide by the rank counted from 0. After the first detection there is 1, after the "
        "second 2.",
    ),
    Mistake(
        "hits_not_added_up",
        ("np.cumsum(hits[order])", "hits[order]"),
        "You divide each hit by its rank. Precision is all hits so far, divided by the detections "
        "so far: np.cumsum.",
    ),
    Mistake(
        "the_curve",
        lambda scores, hits, positives: _curve(scores, hits, positives)[1],
        "You return the precision after each detection. Return one number, the area.",
    ),
    Mistake(
        "in_place",
        lambda scores, hits, positives: _sorting_in_place(scores, hits, positives),
        "The number is right, but you sort the caller's scores. Work with np.argsort, or with a "
        "copy.",
    ),
    Mistake(
        "first_divided_by_zero",
        _ranks_from_zero,
        "You divide by 0, 1, 2, ... At the first detection there has been one: divide by 1, 2, "
        "3, ..., np.arange(1, n + 1).",
    ),
]  # fmt: skip


def _sorting_in_place(scores: Floats, hits: Bools, positives: int) -> float:
    area = average_precision(scores, hits, positives)
    scores[::-1].sort()
    return area


# find_shapes: an open task

SIDE = 32
NOISE = 0.08  # standard deviation
LIGHTER = 0.35, 0.6  # by how much a shape is lighter than what is behind it
KINDS = ("disc", "square", "triangle")
TRAINED = TESTED = 150


def find_shapes(train_images: Floats, train_boxes: Floats, test_images: Floats) -> Floats:
    """Part each image into bright patches, and take the one that fills its box as those marked."""
    fills = []
    for image, marked in zip(train_images, train_boxes, strict=True):
        for box, fill in _patches(image):
            if iou(box, marked) > 0.5:
                fills.append(fill)
    wanted = np.median(fills)
    boxes = []
    for image in test_images:
        found = _patches(image)
        best = np.argmin([abs(fill - wanted) for _, fill in found])
        boxes.append(found[best][0])
    return np.array(boxes)


def _patches(image: Floats) -> list[tuple[Floats, float]]:
    """Return the box of each bright patch, and the share of the box that is bright."""
    bright = image > np.median(image) + 0.2
    patches = [(np.array([0.0, 0.0, SIDE, SIDE]), 0.0)]
    for start in np.argwhere(bright):
        if not bright[tuple(start)]:
            continue
        bright[tuple(start)] = False
        pixels = [tuple(start)]
        for row, column in pixels:  # it grows while it is read
            for r, c in (
                (row, column + 1),
                (row, column - 1),
                (row + 1, column),
                (row - 1, column),
            ):
                if 0 <= r < SIDE and 0 <= c < SIDE and bright[r, c]:
                    bright[r, c] = False
                    pixels.append((r, c))
        if len(pixels) > 12:
            (top, left), (bottom, right) = np.min(pixels, axis=0), np.max(pixels, axis=0) + 1
            fill = len(pixels) / ((bottom - top) * (right - left))
            patches.append((np.array([left, top, right, bottom], dtype=float), fill))
    return patches


def in_the_middle(train_images: Floats, train_boxes: Floats, test_images: Floats) -> Floats:
    """Return the mean of the boxes that are marked, for every image."""
    return np.tile(train_boxes.mean(axis=0), (len(test_images), 1))


def mean_iou(boxes: Any, marked: Any) -> float:
    """Return the mean IoU of boxes with those marked, row by row.

    Examples
    --------
    >>> mean_iou(np.array([[0, 0, 4, 4], [0, 0, 1, 1]]), np.array([[0, 0, 4, 2], [5, 5, 6, 6]]))
    0.25
    """
    a, b = np.asarray(boxes, dtype=float), np.asarray(marked, dtype=float)
    with np.errstate(all="ignore"):
        low, high = np.maximum(a[:, :2], b[:, :2]), np.minimum(a[:, 2:], b[:, 2:])
        shared = np.prod(np.maximum(high - low, 0), axis=1)
        areas = [np.prod(np.maximum(box[:, 2:] - box[:, :2], 0), axis=1) for box in (a, b)]
        shares = shared / (areas[0] + areas[1] - shared)
    return float(np.mean(np.where(np.isfinite(shares), shares, 0)))


def drawn_image(rng: Rng) -> tuple[Floats, Floats]:
    """Draw a disc, a square and a triangle that do not touch; return the image and their boxes."""
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    while True:
        sides = rng.integers(7, 12, 3)
        corners = rng.integers(1, SIDE - sides, (2, 3)).T
        gaps = [
            np.max(
                np.maximum(corners[i] - corners[j] - sides[j], corners[j] - corners[i] - sides[i])
            )
            for i, j in ((0, 1), (0, 2), (1, 2))
        ]
        if min(gaps) >= 2:
            break
    behind = rng.uniform(0, 0.5)
    image = np.full((SIDE, SIDE), behind)
    boxes = []
    for kind, side, (left, top) in zip(KINDS, sides, corners, strict=True):
        x, y = columns - left - side / 2, rows - top
        if kind == "disc":
            shape = x**2 + (y - side / 2) ** 2 <= side**2 / 4
        else:
            half = side / 2 if kind == "square" else y / 2
            shape = (y > 0) & (y < side) & (abs(x) <= half)
        image[shape] = behind + rng.uniform(*LIGHTER)
        places = np.argwhere(shape)
        boxes.append([*places.min(axis=0)[::-1], *places.max(axis=0)[::-1] + 1])
    return image + rng.normal(0, NOISE, image.shape), np.array(boxes, dtype=float)


def shape_cases(rng: Rng) -> list[Case]:
    """Mark another kind of shape in each of three tasks, in a random order."""
    cases = []
    for kind in rng.permutation(len(KINDS)):
        drawn = [drawn_image(rng) for _ in range(TRAINED + TESTED)]
        images = np.array([image for image, _ in drawn], dtype=np.float32)
        boxes = np.array([found[kind] for _, found in drawn])
        about = f"{TRAINED} images with a box each, {TESTED} to look at"
        arguments = images[:TRAINED], boxes[:TRAINED], images[TRAINED:]
        cases.append(Case(arguments, about, hidden=boxes[TRAINED:]))
    return cases


# What a box may be in the head of whoever returns another one, and what to say.
READINGS: tuple[tuple[Callable[[Floats], Floats], str], ...] = (
    (
        lambda box: box[:, [1, 0, 3, 2]],
        "Your x and y are exchanged. A pixel is image[y, x]: the row is y. A box is x1, y1, x2, "
        "y2.",
    ),
    (
        lambda box: box + np.array([0, 0, 1, 1]),
        "Your boxes end one pixel early. x2 and y2 are where the box ends: the last column and row "
        "plus 1.",
    ),
    (
        lambda box: np.hstack([box[:, :2], box[:, :2] + box[:, 2:]]),
        "Your last two numbers are width and height. Return the right and the lower edge: "
        "x1, y1, x2, y2.",
    ),
    (
        lambda box: np.hstack([box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2]),
        "You return centre, width and height. Return the edges: x1, y1, x2, y2.",
    ),
    (
        lambda box: box[:, [0, 2, 1, 3]],
        "Your numbers stand in the order x1, x2, y1, y2. Return x1, y1, x2, y2.",
    ),
    (
        lambda box: box[:, [2, 3, 0, 1]],
        "Your right lower corner comes first. Return the left upper one first: x1, y1, x2, y2.",
    ),
    (
        lambda box: box * SIDE,
        "Your boxes are shares of the image. Return pixels, from 0 to 32.",
    ),
)


def slip_of_boxes(value: Any, case: Case) -> str:
    """Tell boxes that are right when they are read in another way.

    Examples
    --------
    >>> marked = np.array([[1.0, 2.0, 8.0, 12.0], [9.0, 3.0, 18.0, 11.0]])
    >>> slip_of_boxes(marked[:, [1, 0, 3, 2]], Case((), hidden=marked))[:30]
    'Your x and y are exchanged. A '
    """
    numbers = isinstance(value, np.ndarray) and value.dtype.kind in "iuf"
    if not numbers or value.shape != np.shape(case.hidden):
        return ""
    now = mean_iou(value, case.hidden)
    with np.errstate(all="ignore"):
        gains = [mean_iou(read(value.astype(float)), case.hidden) - now for read, _ in READINGS]
    if max(gains) > 0.1:
        return READINGS[int(np.argmax(gains))][1]
    if np.all(value == value[0]):
        return "You answer the same box for every image, whatever is in it."
    return ""


CHECKS = (
    Check(count_params, 1, params_cases, PARAMS_MISTAKES, ("count",)),
    Check(iou, 1, iou_cases, IOU_MISTAKES, ("iou",)),
    Check(nms, 2, nms_cases, NMS_MISTAKES, ("places",), plain=plain_nms),
    Check(encode_grid, 2, grid_cases, GRID_MISTAKES, ("target",)),
    Check(average_precision, 2, average_cases, AVERAGE_MISTAKES, ("precision",)),
    Check(
        find_shapes,
        2,
        shape_cases,
        (),
        ("boxes",),
        seconds=10.0,
        goal=Goal(
            mean_iou,
            bars=(0.2, 0.45, 0.9),
            advice=(
                "Your boxes hardly meet the shapes. Look at an image and its box first. Shapes are "
                "lighter than what is behind them: take the bright pixels, part them into patches "
                "of neighbours, and return the box of one patch. That is right in a third of them.",
                "You find shapes, and often not the kind that is marked. A square fills its box, a "
                "disc and a triangle do not: measure that share for the patches under the boxes "
                "given, and choose the nearest in each new image.",
                "Nearly there. Find boxes for the training images, too, and compare with those "
                "given: are some too wide or too narrow, or around another kind? Each image has a "
                "background of its own: np.median(image) tells it. Leave out patches of a few "
                "pixels.",
            ),
            untrained=in_the_middle,
            name="the mean IoU with the boxes that are marked",
            slip=slip_of_boxes,
        ),
    ),
)

"""Lesson 09, initialization: limits, sizes both ways, dead units, thirty layers that learn."""

from typing import Any

import numpy as np

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal
from dlcourse.nn.contract import Array as Floats

Rng = np.random.Generator

# glorot_limit


def glorot_limit(fan_in: int, fan_out: int) -> float:
    """Return how far from 0 Glorot's uniform draws reach."""
    return float(np.sqrt(6 / (fan_in + fan_out)))


def limit_cases(rng: Rng) -> list[Case]:
    """Take equal fans, fans far apart both ways, one each, drawn ones."""
    a, b, c, d = rng.choice(np.arange(11, 400), 4, replace=False).tolist()
    return [
        Case((64, 64), "64 inputs, 64 units"),
        Case((2, 1), "2 inputs, 1 unit"),
        Case((784, 10), "more inputs than units"),
        Case((10, 784), "more units than inputs"),
        Case((a, b), "drawn numbers"),
        Case((c, d), "drawn numbers"),
    ]


LIMIT = "np.sqrt(6 / (fan_in + fan_out))"
LIMIT_MISTAKES = [
    Mistake(
        "the_standard_deviation",
        (LIMIT, "np.sqrt(2 / (fan_in + fan_out))"),
        "That is the standard deviation. A uniform distribution between -r and r has the variance "
        "r^2 / 3, so the limit is larger by the root of 3: 6 in place of 2.",
    ),
    Mistake(
        "no_root",
        (LIMIT, "6 / (fan_in + fan_out)"),
        "The root is missing: r^2 / 3 is the variance, so r is a root.",
    ),
    Mistake(
        "the_variance",
        (LIMIT, "2 / (fan_in + fan_out)"),
        "You return the variance. The limit is the root of three times that.",
    ),
    Mistake(
        "fan_in_twice",
        (LIMIT, "np.sqrt(6 / (fan_in + fan_in))"),
        "You take the fan-in twice. Glorot adds both, fan_in + fan_out.",
    ),
    Mistake(
        "fan_in_alone",
        (LIMIT, "np.sqrt(6 / fan_in)"),
        "That is He's limit, which looks at the fan-in alone. Glorot adds both fans.",
    ),
    Mistake(
        "fan_out_alone",
        (LIMIT, "np.sqrt(6 / fan_out)"),
        "You look at the fan-out alone. Glorot adds both fans.",
    ),
    Mistake(
        "the_old_custom",
        (LIMIT, "1 / np.sqrt(fan_in)"),
        "That is the start from before 2010, 1 / sqrt(fan_in). Glorot's limit is "
        "sqrt(6 / (fan_in + fan_out)).",
    ),
    Mistake(
        "the_product",
        (LIMIT, "np.sqrt(6 / (fan_in * fan_out))"),
        "You multiply the fans. Add them.",
    ),
    Mistake(
        "brackets_forgotten",
        (LIMIT, "np.sqrt(6 / fan_in + fan_out)"),
        "Brackets are missing: `6 / fan_in + fan_out` divides by fan_in only.",
    ),
    Mistake(
        "root_of_six_alone",
        (LIMIT, "np.sqrt(6) / (fan_in + fan_out)"),
        "Your root covers the 6 alone. It covers the whole quotient.",
    ),
    Mistake(
        "the_mean_of_the_fans",
        (LIMIT, "np.sqrt(6 / ((fan_in + fan_out) / 2))"),
        "You divide by the mean of the fans. Then 3 stands above, not 6: divide 6 by their sum.",
    ),
    Mistake(
        "twice_the_limit",
        (LIMIT, "2 * np.sqrt(6 / (fan_in + fan_out))"),
        "You return the whole width, from -r to r. Return r.",
    ),
    Mistake(
        "root_of_three_alone",
        (LIMIT, "np.sqrt(3) * 2 / (fan_in + fan_out)"),
        "Your root covers the 3 alone. From r^2 / 3 = variance comes r^2 = 3 * variance, and r "
        "is the root of all of it.",
    ),
]

# he_std


def he_std(fan_in: int) -> float:
    """Return the standard deviation of He's start."""
    return float(np.sqrt(2 / fan_in))


def std_cases(rng: Rng) -> list[Case]:
    """Take small and large numbers of inputs, drawn ones."""
    a, b = rng.choice(np.arange(11, 400), 2, replace=False).tolist()
    return [
        Case((64,), "64 inputs"),
        Case((3,), "3 inputs"),
        Case((784,), "784 inputs"),
        Case((a,), "a drawn number"),
        Case((b,), "a drawn number"),
    ]


STD = "np.sqrt(2 / fan_in)"
STD_MISTAKES = [
    Mistake(
        "the_variance",
        (STD, "2 / fan_in"),
        "You return the variance. The standard deviation is its root.",
    ),
    Mistake(
        "no_two",
        (STD, "np.sqrt(1 / fan_in)"),
        "The 2 is missing: it makes up for the half that ReLU takes away.",
    ),
    Mistake(
        "two_outside",
        (STD, "2 / np.sqrt(fan_in)"),
        "Your root covers the fan-in alone. It covers the whole quotient, 2 / fan_in.",
    ),
    Mistake(
        "root_of_two_alone",
        (STD, "np.sqrt(2) / fan_in"),
        "Your root covers the 2 alone. It covers the whole quotient, 2 / fan_in.",
    ),
    Mistake(
        "upside_down",
        (STD, "np.sqrt(fan_in / 2)"),
        "The quotient is upside down. More inputs mean smaller weights: 2 / fan_in.",
    ),
    Mistake(
        "multiplied",
        (STD, "np.sqrt(2 * fan_in)"),
        "You multiply by fan_in. More inputs mean smaller weights: divide.",
    ),
    Mistake(
        "the_uniform_limit",
        (STD, "np.sqrt(6 / fan_in)"),
        "That is the limit of the uniform start, larger by the root of 3. The standard deviation "
        "is the root of 2 / fan_in.",
    ),
    Mistake(
        "half_of_it",
        (STD, "np.sqrt(1 / (2 * fan_in))"),
        "You halve the variance. ReLU halves already; make up for it with twice the variance.",
    ),
    Mistake(
        "squared",
        (STD, "(2 / fan_in) ** 2"),
        "You square the variance. The standard deviation is its root: np.sqrt.",
    ),
]

# activation_sizes


def activation_sizes(x: Floats, kernels: list[Floats], activation: str) -> list[float]:
    """Return the root mean square of the activations in each layer."""
    sizes = []
    a = x
    for kernel in kernels:
        z = a @ kernel
        a = np.maximum(z, 0) if activation == "relu" else np.tanh(z)
        sizes.append(float(np.sqrt(np.mean(a**2))))
    return sizes


def _layers(rng: Rng) -> tuple[Floats, list[Floats]]:
    """Return inputs and three layers of different widths."""
    return decimals(rng, 4, 3), [decimals(rng, 3, 5), decimals(rng, 5, 3), decimals(rng, 3, 2)]


def _square(rng: Rng) -> tuple[Floats, list[Floats]]:
    """Return inputs and two layers as wide as they are."""
    return decimals(rng, 4, 3), [decimals(rng, 3, 3), decimals(rng, 3, 3)]


def _scaled(rng: Rng, x: Floats, kernels: list[Floats]) -> tuple[Floats, list[Floats]]:
    """Multiply all by positive numbers: every ReLU does what it did."""
    first, *others = np.abs(decimals(rng, 1 + len(kernels)))
    return first * x, [other * kernel for other, kernel in zip(others, kernels, strict=True)]


def size_cases(rng: Rng) -> list[Case]:
    """Take both activations, layers of different widths and of one, one layer, drawn numbers."""
    layers, square = _layers(always()), _square(always())
    by_hand = np.array([[3.0, 4.0]]), [np.array([[1.0, -1.0], [0.5, 1.0]])]
    return [
        Case((*by_hand, "relu"), "one input, one layer, ReLU"),
        Case((*by_hand, "tanh"), "one input, one layer, tanh"),
        Case((*layers, "relu"), "three layers, ReLU"),
        Case((*layers, "tanh"), "three layers, tanh"),
        Case((*square, "relu"), "two layers of the same width, ReLU"),
        Case((*square, "tanh"), "two layers of the same width, tanh"),
        Case((*_scaled(rng, *layers), "relu"), "other sizes, ReLU"),
        Case((*_scaled(rng, *square), "relu"), "other sizes, ReLU"),
        Case((*_layers(rng), "tanh"), "drawn numbers, tanh"),
        Case((*_square(rng), "tanh"), "drawn numbers, tanh"),
    ]


SUM = "z = a @ kernel"
BEND = 'np.maximum(z, 0) if activation == "relu" else np.tanh(z)'
KEEP = "sizes.append(float(np.sqrt(np.mean(a**2))))"
SIZE_MISTAKES = [
    Mistake(
        "the_mean_square",
        (KEEP, "sizes.append(float(np.mean(a**2)))"),
        "You return mean squares. The size is their root.",
    ),
    Mistake(
        "the_standard_deviation",
        (KEEP, "sizes.append(float(np.std(a)))"),
        "`np.std` subtracts the mean first. The size does not: the root of the mean of a**2.",
    ),
    Mistake(
        "the_mean",
        (KEEP, "sizes.append(float(np.mean(a)))"),
        "You return means, in which positive and negative cancel. Square first, then take the "
        "mean, then the root.",
    ),
    Mistake(
        "the_mean_of_absolute_values",
        (KEEP, "sizes.append(float(np.mean(np.abs(a))))"),
        "You take the mean of absolute values. Square, take the mean, then the root.",
    ),
    Mistake(
        "the_length",
        (KEEP, "sizes.append(float(np.sqrt(np.sum(a**2))))"),
        "You add the squares up, which grows with the number of units and rows. Take their mean.",
    ),
    Mistake(
        "root_before_the_mean",
        (KEEP, "sizes.append(float(np.mean(np.sqrt(np.mean(a**2, axis=1)))))"),
        "You take the root row by row and average the roots. Average all squares, then one root.",
    ),
    Mistake(
        "before_the_activation",
        (KEEP, "sizes.append(float(np.sqrt(np.mean(z**2))))"),
        "You measure z, before the activation. Measure a.",
    ),
    Mistake(
        "no_activation",
        (BEND, "z"),
        "You leave out the activation: a is relu(z) or tanh(z).",
    ),
    Mistake(
        "always_relu",
        (BEND, "np.maximum(z, 0)"),
        'You apply ReLU whatever `activation` says. For "tanh" use np.tanh.',
    ),
    Mistake(
        "always_tanh",
        (BEND, "np.tanh(z)"),
        'You apply tanh whatever `activation` says. For "relu" use np.maximum(z, 0).',
    ),
    Mistake(
        "swapped",
        (BEND, 'np.tanh(z) if activation == "relu" else np.maximum(z, 0)'),
        "The two activations are swapped.",
    ),
    Mistake(
        "sigmoid",
        (BEND, 'np.maximum(z, 0) if activation == "relu" else 1 / (1 + np.exp(-z))'),
        "That is the sigmoid, between 0 and 1. tanh goes from -1 to 1: np.tanh.",
    ),
    Mistake(
        "with_the_input",
        ("sizes = []", "sizes = [float(np.sqrt(np.mean(x**2)))]"),
        "Your list begins with the input. Begin with the first layer: one number for each kernel.",
    ),
    Mistake(
        "the_last_alone",
        ("return sizes", "return sizes[-1:]"),
        "You return the last layer only. Return one number for each layer.",
    ),
    Mistake(
        "from_the_last",
        ("return sizes", "return sizes[::-1]"),
        "Your list begins with the last layer. Begin with the first.",
    ),
    Mistake(
        "all_rows_apart",
        (KEEP, "sizes.append(np.sqrt(np.mean(a**2, axis=1)).tolist())"),
        "You keep a number for each row. Take the mean over rows and units together: no axis.",
    ),
    Mistake(
        "slope_for_relu",
        (BEND, '(z > 0) * 1.0 if activation == "relu" else np.tanh(z)'),
        "`z > 0` is 1 where z is positive: that is the slope of ReLU. ReLU itself keeps z "
        "there: np.maximum(z, 0).",
    ),
    Mistake(
        "number_by_number",
        (SUM, "z = a * kernel"),
        "`*` multiplies number by number. Each unit adds up all inputs, times its column of "
        "weights: `a @ kernel`.",
    ),
    Mistake(
        "always_the_input",
        (SUM, "z = x @ kernel"),
        "Every layer gets the input x from you. From the second one on it gets what the layer "
        "before has answered.",
    ),
]

# delta_sizes


def delta_sizes(x: Floats, kernels: list[Floats], activation: str, grad: Floats) -> list[float]:
    """Return the root mean square of the deltas in each layer, the first one first."""
    layers = [x]
    for kernel in kernels:
        z = layers[-1] @ kernel
        layers.append(np.maximum(z, 0) if activation == "relu" else np.tanh(z))
    sizes: list[float] = []
    for i in range(len(kernels) - 1, -1, -1):
        a = layers[i + 1]
        slope = (a > 0) if activation == "relu" else 1 - a**2
        delta = grad * slope
        sizes.insert(0, float(np.sqrt(np.mean(delta**2))))
        grad = delta @ kernels[i].T
    return sizes


def delta_cases(rng: Rng) -> list[Case]:
    """Take what `size_cases` has, with gradients that come in at the end."""
    layers, square, fixed = _layers(always()), _square(always()), always()
    wide, narrow = decimals(fixed, 4, 2), decimals(fixed, 4, 3)
    by_hand = np.array([[3.0, 4.0]]), [np.array([[1.0, -1.0], [0.5, 1.0]])]
    one = np.array([[2.0, 1.0]])
    two = by_hand[0], [*by_hand[1], np.array([[1.0, 0.5], [0.25, -1.0]])]
    return [
        Case((*by_hand, "relu", one), "one input, one layer, ReLU"),
        Case((*by_hand, "tanh", one), "one input, one layer, tanh"),
        Case((*two, "relu", one), "one input, two layers, ReLU"),
        Case((*layers, "relu", wide), "three layers, ReLU"),
        Case((*layers, "tanh", wide), "three layers, tanh"),
        Case((*square, "relu", narrow), "two layers of the same width, ReLU"),
        Case((*square, "tanh", narrow), "two layers of the same width, tanh"),
        Case((*_scaled(rng, *layers), "relu", wide), "other sizes, ReLU"),
        Case((*_scaled(rng, *square), "relu", narrow), "other sizes, ReLU"),
        Case((*_layers(rng), "tanh", decimals(rng, 4, 2)), "drawn numbers, tanh"),
        Case((*_square(rng), "tanh", decimals(rng, 4, 3)), "drawn numbers, tanh"),
    ]


SLOPE = '(a > 0) if activation == "relu" else 1 - a**2'
DELTA = "delta = grad * slope"
MEASURE = "sizes.insert(0, float(np.sqrt(np.mean(delta**2))))"
BACK = "grad = delta @ kernels[i].T"
DELTA_MISTAKES = [
    Mistake(
        "no_slopes",
        (DELTA, "delta = grad"),
        "The slopes are missing. A delta is what comes back, times the slope of the activation.",
    ),
    Mistake(
        "measured_before_the_slope",
        (MEASURE, "sizes.insert(0, float(np.sqrt(np.mean(grad**2))))"),
        "You measure what comes back before the slope. The delta belongs to z: measure it after "
        "you have multiplied by the slope.",
    ),
    Mistake(
        "slope_not_sent_on",
        (BACK, "grad = grad @ kernels[i].T"),
        "You send back what came in, without the slope of this layer. Send the delta back.",
    ),
    Mistake(
        "root_of_the_slope_of_tanh",
        (SLOPE, '(a > 0) if activation == "relu" else 1 - a'),
        "The slope of tanh is 1 - a**2. You have 1 - a.",
    ),
    Mistake(
        "slope_of_the_sigmoid",
        (SLOPE, '(a > 0) if activation == "relu" else a * (1 - a)'),
        "a (1 - a) is the slope of the sigmoid. That of tanh is 1 - a**2.",
    ),
    Mistake(
        "tanh_in_place_of_its_slope",
        (SLOPE, '(a > 0) if activation == "relu" else a'),
        "You multiply by tanh itself. Its slope is 1 - a**2.",
    ),
    Mistake(
        "relu_in_place_of_its_slope",
        (SLOPE, 'a if activation == "relu" else 1 - a**2'),
        "You multiply by what ReLU answers. Its slope is 1 where it answers more than 0, else 0.",
    ),
    Mistake(
        "relu_slope_of_one",
        (SLOPE, '1 if activation == "relu" else 1 - a**2'),
        "Your slope of ReLU is 1 everywhere. It is 0 where the answer is 0; note that `a >= 0` "
        "is always true after a ReLU.",
    ),
    Mistake(
        "relu_slope_for_tanh",
        (SLOPE, "a > 0"),
        "You use the slope of ReLU whatever `activation` says. That of tanh is 1 - a**2.",
    ),
    Mistake(
        "tanh_slope_for_relu",
        (SLOPE, "1 - a**2"),
        "You use the slope of tanh whatever `activation` says. That of ReLU is 1 or 0.",
    ),
    Mistake(
        "slope_at_z",
        ("a = layers[i + 1]", "a = layers[i] @ kernels[i]"),
        "You take the slope at z. Your formula wants the activation: tanh(z), or relu(z).",
    ),
    Mistake(
        "from_the_last",
        (MEASURE, "sizes.append(float(np.sqrt(np.mean(delta**2))))"),
        "Your list begins with the last layer, as you meet it. Begin with the first.",
    ),
    Mistake(
        "the_mean_square",
        (MEASURE, "sizes.insert(0, float(np.mean(delta**2)))"),
        "You return mean squares. The size is their root.",
    ),
    Mistake(
        "the_standard_deviation",
        (MEASURE, "sizes.insert(0, float(np.std(delta)))"),
        "`np.std` subtracts the mean first. The size does not: the root of the mean of delta**2.",
    ),
    Mistake(
        "the_length",
        (MEASURE, "sizes.insert(0, float(np.sqrt(np.sum(delta**2))))"),
        "You add the squares up. Take their mean, then the root.",
    ),
    Mistake(
        "the_mean_of_absolute_values",
        (MEASURE, "sizes.insert(0, float(np.mean(np.abs(delta))))"),
        "You take the mean of absolute values. Square, take the mean, then the root.",
    ),
    Mistake(
        "with_the_input",
        ("return sizes", "return [float(np.sqrt(np.mean(grad**2))), *sizes]"),
        "You go one step too far, to the input. One number for each kernel.",
    ),
    Mistake(
        "gradients_of_the_weights",
        (MEASURE, "sizes.insert(0, float(np.sqrt(np.mean((layers[i].T @ delta) ** 2))))"),
        "Those are the gradients of the weights, what comes in times the delta. Here the deltas "
        "themselves are wanted: the gradients would hide what vanishes.",
    ),
    Mistake(
        "tanh_twice",
        (SLOPE, '(a > 0) if activation == "relu" else 1 - np.tanh(a) ** 2'),
        "a is tanh(z) already, and you take the tanh of it once more. The slope is 1 - a**2.",
    ),
    Mistake(
        "slope_of_the_layer_before",
        ("a = layers[i + 1]", "a = layers[i]"),
        "You take the slope of the layer before. If your list begins with x, what kernel i "
        "answers stands in entry i + 1.",
    ),
    Mistake(
        "not_transposed",
        (BACK, "grad = delta @ kernels[i]"),
        "On the way back the kernel is transposed: delta @ kernel.T. Where a kernel is square "
        "the shapes do not tell.",
    ),
]

# dead_share


def dead_share(x: Floats, kernel: Floats, bias: Floats) -> float:
    """Return the share of ReLU units that answer 0 to every row."""
    z = x @ kernel + bias
    return float(np.mean(np.all(z <= 0, axis=0)))


def dead_cases(rng: Rng) -> list[Case]:
    """Take a unit killed by its bias, one at 0, one dead for most rows; none; all; mirrored.

    Then these units and some of them once more: the share that is dead is another each time.
    """
    x = np.array([[1.0, 2.0], [3.0, 0.5], [0.25, 1.0]])
    kernel = np.array([[1.0, -1.0, -1.0, 1.0, 0.0], [1.0, -1.0, 2.0, -3.0, 0.0]])
    bias = np.array([-9.0, 0.5, -1.0, 0.0, 0.0])

    few = np.array([[0.5], [0.3]])
    small = few, np.array([[0.5, 1.0, 1.0, 0.9]]), np.array([0.2, -0.45, -0.6, -0.3])

    def case(about: str, scale: float = 1.0) -> Case:
        again = rng.integers(5, size=2 * rng.integers(3))
        units, rows = rng.permutation([*range(5), *again]), rng.permutation(3)
        values = scale * x[rows], kernel[:, units], scale * bias[units]
        return Case(values, about)

    return [
        Case((x, kernel, bias), "five units, three examples"),
        Case((x, kernel[:, 2:4], bias[2:4]), "two units that live"),
        Case((x, kernel[:, [0, 2, 3]], bias[[0, 2, 3]]), "three units"),
        Case((x, -kernel[:, :1], np.array([-0.5])), "one unit, dead"),
        Case((x, kernel, bias + 20), "all alive"),
        Case((x, kernel, bias - 20), "all dead"),
        Case((x[:1], kernel, bias), "one example"),
        Case(small, "small numbers"),
        case("the five units, some of them twice"),
        case("the five units, some of them twice, larger", scale=float(rng.integers(2, 9))),
    ]


DEAD = "np.mean(np.all(z <= 0, axis=0))"
DEAD_SUM = "z = x @ kernel + bias"
DEAD_MISTAKES = [
    Mistake(
        "zero_counts_as_alive",
        (DEAD, "np.mean(np.all(z < 0, axis=0))"),
        "A unit whose z is exactly 0 answers 0, too, and its slope is taken as 0: use <=.",
    ),
    Mistake(
        "dead_for_any",
        (DEAD, "np.mean(np.any(z <= 0, axis=0))"),
        "You count units that are 0 for some example. Dead is who answers 0 to every one: np.all.",
    ),
    Mistake(
        "rows_for_units",
        (DEAD, "np.mean(np.all(z <= 0, axis=1))"),
        "You count examples for which all units are silent. Units stand in columns: axis=0.",
    ),
    Mistake(
        "share_of_zeros",
        (DEAD, "np.mean(z <= 0)"),
        "You return the share of zeros. Half zeros are normal for ReLU; dead is a unit that has "
        "nothing else.",
    ),
    Mistake(
        "the_living",
        (DEAD, "np.mean(np.any(z > 0, axis=0))"),
        "You return the share that lives. Return the share of the dead.",
    ),
    Mistake(
        "the_number",
        (DEAD, "np.sum(np.all(z <= 0, axis=0))"),
        "You return how many there are. Divide by the number of units.",
    ),
    Mistake(
        "bias_forgotten",
        (DEAD_SUM, "z = x @ kernel"),
        "The bias is missing: z = x @ kernel + bias. Large negative biases are what kills.",
    ),
    Mistake(
        "by_the_mean",
        (DEAD, "np.mean(np.mean(z, axis=0) <= 0)"),
        "You ask whether z is negative on average. One example that wakes the unit is enough for "
        "it to live.",
    ),
    Mistake(
        "weights_for_answers",
        (DEAD, "np.mean(np.all(kernel <= 0, axis=0))"),
        "You look at the weights. Look at what the unit answers: z = x @ kernel + bias.",
    ),
    Mistake(
        "in_percent",
        (DEAD, "100 * np.mean(np.all(z <= 0, axis=0))"),
        "You return per cent. Return a share between 0 and 1.",
    ),
    Mistake(
        "by_the_examples",
        (DEAD, "np.sum(np.all(z <= 0, axis=0)) / len(z)"),
        "You divide the number of dead units by that of the examples. Divide by the number of "
        "units, z.shape[1].",
    ),
]

# thirty_layers: an open task

DEPTH, UNITS, KEPT = 30, 16, 480  # layers, units of each, examples that the check keeps


def thirty_layers(x: Floats, y: Floats) -> Floats:
    """Train from orthogonal matrices with Adam, thirty layers deep."""
    rng = np.random.default_rng(0)
    kernels = np.stack([np.linalg.qr(rng.normal(size=(UNITS, UNITS)))[0] for _ in range(DEPTH)])
    m, s = np.zeros_like(kernels), np.zeros_like(kernels)
    for step in range(1, 401):
        rows = rng.integers(0, len(x), 64)
        layers = [x[rows]]
        for kernel in kernels:
            layers.append(np.tanh(layers[-1] @ kernel))
        grad, grads = np.zeros((64, UNITS)), np.zeros_like(kernels)
        grad[:, 0] = layers[-1][:, 0] - y[rows]
        for i in range(DEPTH - 1, -1, -1):
            delta = grad * (1 - layers[i + 1] ** 2)
            grads[i] = layers[i].T @ delta / 64
            grad = delta @ kernels[i].T
        m = 0.9 * m + 0.1 * grads
        s = 0.99 * s + 0.01 * grads**2
        rate = 0.003 * (1 - step / 401)
        kernels = kernels - rate * (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.99**step)) + 1e-8)
    return kernels


def not_trained(x: Floats, y: Floats) -> Floats:
    """Return weights as they are drawn."""
    return np.random.default_rng(0).normal(0, 0.25, (DEPTH, UNITS, UNITS))


def right_by_thirty(kernels: Any, hidden: Any) -> float:
    """Return the share of kept examples whose sign thirty tanh layers give to the first unit.

    Parameters
    ----------
    kernels : array, shape (30, 16, 16)
    hidden : array, shape (30, 16, 16)
        The kept examples in the form of the kernels: as 480 rows of 16, fifteen inputs and, in
        place of the input that is always 1, the label.
    """
    rows = np.asarray(hidden, float).reshape(KEPT, UNITS)
    labels, a = rows[:, -1], np.column_stack([rows[:, :-1], np.ones(KEPT)])
    for kernel in np.asarray(kernels, float):
        a = np.tanh(a @ kernel)
    return float(np.mean(a[:, 0] * labels > 0))


def thirty_cases(rng: Rng) -> list[Case]:
    """One plane in fifteen numbers, in which a wave parts two classes."""
    n = 600 + KEPT
    plane, _ = np.linalg.qr(rng.normal(size=(15, 2)))
    places = rng.uniform(-2, 2, (n, 2))
    across = places[:, 1] - np.sin(2 * places[:, 0] + rng.uniform(0, 6))
    y = np.where(across > 0, 1.0, -1.0)
    x = np.column_stack([np.round(places @ plane.T * np.sqrt(3), 1), np.ones(n)])
    hidden = np.column_stack([x[600:, :-1], y[600:]]).reshape(DEPTH, UNITS, UNITS)
    about = "600 examples of 16 numbers, the last one always 1; 480 others are kept"
    return [Case((x[:600], y[:600]), about, hidden=hidden)]


CHECKS = (
    Check(glorot_limit, 1, limit_cases, LIMIT_MISTAKES, ("limit",)),
    Check(he_std, 1, std_cases, STD_MISTAKES, ("standard deviation",)),
    Check(activation_sizes, 2, size_cases, SIZE_MISTAKES, ("sizes",)),
    Check(delta_sizes, 3, delta_cases, DELTA_MISTAKES, ("sizes",)),
    Check(dead_share, 1, dead_cases, DEAD_MISTAKES, ("share",)),
    Check(
        thirty_layers,
        2,
        thirty_cases,
        (),
        ("kernels",),
        seconds=20.0,
        goal=Goal(
            right_by_thirty,
            bars=(0.9, 0.95),
            advice=(
                "Your network hardly knows more than a straight cut. Print the loss every 50 "
                'steps: does it fall? If not, print activation_sizes(x, list(kernels), "tanh") '
                "and the sizes of the deltas. Orthogonal matrices, or Glorot's start, keep both.",
                "The signal gets through, and the curve is not learned yet. More steps; Adam from "
                "lesson 08 needs no search for a rate; let the rate fall towards the end.",
            ),
            untrained=not_trained,
        ),
    ),
)

"""Lesson 07, training: the loop with its last short batch, sweeps, weights that tell apart.

A network is four arrays, ``[w_1, b_1, w_2, b_2]``, as in the lesson: one hidden layer, all units
sigmoids, and the error is half the squared difference, averaged over the examples of a batch.
"""

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal, accuracy, two_answers
from dlcourse.nn.contract import Array as Floats

Rng = np.random.Generator
Ints = NDArray[np.integer[Any]]
Params = list[Floats]


# iterations


def iterations(examples: int, batch_size: int, epochs: int) -> int:
    """Return how many updates training makes."""
    per_epoch = 0
    for _ in range(0, examples, batch_size):
        per_epoch += 1
    return epochs * per_epoch


def iterations_cases(rng: Rng) -> list[Case]:
    """Return a last batch that is short, or full, or the only one; no epoch."""
    drawn = []
    for _ in range(4):
        batch_size, full = int(rng.integers(20, 60)), int(rng.integers(3, 9))
        examples = full * batch_size + int(rng.integers(3, batch_size // 2))
        drawn.append(Case((examples, batch_size, int(rng.integers(3, 9))), "a last batch is short"))
    return [
        Case((1050, 100, 1), "the last batch has 50 examples"),
        Case((1050, 100, 3), "three epochs"),
        Case((1000, 100, 2), "all batches are full"),
        Case((1437, 10, 30), "the digits of the lesson"),
        Case((40, 64, 5), "fewer examples than a batch holds"),
        Case((7, 1, 4), "one example at a time"),
        Case((101, 100, 2), "the last batch has one example"),
        Case((199, 100, 2), "the last batch lacks one example"),
        Case((64, 64, 1425), "everything in one batch, as in 1986"),
        Case((500, 50, 0), "no epoch at all"),
        *drawn,
    ]


ITERATIONS_MISTAKES = [
    Mistake(
        "last_batch_dropped",
        lambda examples, batch_size, epochs: examples // batch_size * epochs,
        "You leave the last batch out where it is not full. It counts: 1,050 examples in batches "
        "of 100 make 11 updates.",
    ),
    Mistake(
        "always_one_more",
        lambda examples, batch_size, epochs: (examples // batch_size + 1) * epochs,
        "You add a short batch also where all are full. 1,000 examples in batches of 100 make 10.",
    ),
    Mistake(
        "short_batches_run_on",
        lambda examples, batch_size, epochs: -(-examples * epochs // batch_size),
        "You let a short batch be filled up from the next epoch. Each epoch begins with a new "
        "batch: round up for one epoch, then multiply.",
    ),
    Mistake(
        "all_epochs_in_one_row",
        lambda examples, batch_size, epochs: examples * epochs // batch_size,
        "You cut all epochs as one long row. Each epoch begins with a new batch: round up for one "
        "epoch, then multiply.",
    ),
    Mistake(
        "rest_only_once",
        lambda examples, batch_size, epochs: (
            examples // batch_size * epochs + (examples % batch_size > 0)
        ),
        "You count the short batch once. Every epoch ends with one: round up for one epoch, then "
        "multiply.",
    ),
    Mistake(
        "rest_one_by_one",
        lambda examples, batch_size, epochs: (
            (examples // batch_size + examples % batch_size) * epochs
        ),
        "You make an update for each example that is left over. Together they are one short batch, "
        "so one update.",
    ),
    Mistake(
        "one_batch_too_many",
        lambda examples, batch_size, epochs: (-(-examples // batch_size) + 1) * epochs,
        "You are one too high in each epoch: nothing comes after the last batch, short or full.",
    ),
    Mistake(
        "last_batch_always_dropped",
        lambda examples, batch_size, epochs: (examples - 1) // batch_size * epochs,
        "You leave out the last batch, short or full. Go on as long as an example is left.",
    ),
    Mistake(
        "epochs_added",
        lambda examples, batch_size, epochs: -(-examples // batch_size) + epochs,
        "Multiply by the number of epochs, do not add it.",
    ),
    Mistake(
        "fraction",
        lambda examples, batch_size, epochs: examples / batch_size * epochs,
        "There is no half update: a short batch makes a whole one. Round up.",
    ),
    Mistake(
        "rounded",
        lambda examples, batch_size, epochs: round(examples / batch_size) * epochs,
        "You round to the nearest number. A last batch of one example is an update, too: round up.",
    ),
    Mistake(
        "one_epoch",
        lambda examples, batch_size, epochs: -(-examples // batch_size),
        "That is one epoch. Multiply by the number of epochs.",
    ),
    Mistake(
        "examples_counted",
        lambda examples, batch_size, epochs: examples * epochs,
        "You count examples. An update is made from a whole batch of them.",
    ),
]


# gradients


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def gradients(x: Floats, y: Floats, params: Params) -> Params:
    """Return the derivative of the average error for each of the four arrays."""
    w_1, b_1, w_2, b_2 = params
    a = 1 / (1 + np.exp(-(x @ w_1 + b_1)))
    y_hat = 1 / (1 + np.exp(-(a @ w_2 + b_2)))
    delta_2 = (y_hat - y) * y_hat * (1 - y_hat) / len(x)
    delta_1 = delta_2 @ w_2.T * a * (1 - a)
    return [x.T @ delta_1, delta_1.sum(axis=0), a.T @ delta_2, delta_2.sum(axis=0)]


def _network(rng: Rng, inputs: int, hidden: int, outputs: int) -> Params:
    w_1, b_1 = decimals(rng, inputs, hidden), decimals(rng, hidden, 1)[:, 0]
    return [w_1, b_1, decimals(rng, hidden, outputs), decimals(rng, outputs, 1)[:, 0]]


def _task(rng: Rng, examples: int, inputs: int, hidden: int, outputs: int) -> tuple[Any, ...]:
    """Draw examples and a network none of whose answers is near its label."""
    while True:
        x, params = decimals(rng, examples, inputs), _network(rng, inputs, hidden, outputs)
        y = rng.integers(0, 2, (examples, outputs)).astype(float)
        a = _sigmoid(x @ params[0] + params[1])
        if (np.abs(_sigmoid(a @ params[2] + params[3]) - y) > 0.1).all():
            return x, y, params


XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])
XOR_START = [
    np.array([[0.4, -0.3], [0.2, 0.5]]),
    np.array([0.1, -0.2]),
    np.array([[0.3], [-0.4]]),
    np.array([0.2]),
]


def gradients_cases(rng: Rng) -> list[Case]:
    """XOR, one example, several outputs, random ones."""
    return [
        Case((XOR_X, XOR_Y, XOR_START), "XOR, two hidden units"),
        Case(_task(always(), 1, 2, 3, 1), "a single example"),
        Case(_task(always(), 5, 3, 2, 2), "five examples, two outputs"),
        Case(_task(always(), 3, 4, 1, 1), "one hidden unit"),
        *(Case(_task(rng, 4, 3, 2, 2)) for _ in range(4)),
    ]


GRADIENTS_MISTAKES = [
    Mistake(
        "not_averaged",
        ("(1 - y_hat) / len(x)", "(1 - y_hat)"),
        "Your numbers are the sum over the examples. Divide by their number, len(x): the gradient "
        "of a batch is an average.",
    ),
    Mistake(
        "averaged_over_all_entries",
        ("(1 - y_hat) / len(x)", "(1 - y_hat) / y.size"),
        "You divide by the number of examples times outputs. Divide by that of the examples.",
    ),
    Mistake(
        "wrong_sign",
        ("(y_hat - y)", "(y - y_hat)"),
        "All signs are turned round. The error grows with `y_hat - y`.",
    ),
    Mistake(
        "slope_of_the_output_forgotten",
        ("(y_hat - y) * y_hat * (1 - y_hat)", "(y_hat - y)"),
        "The slope of the output's sigmoid is missing: times y_hat * (1 - y_hat).",
    ),
    Mistake(
        "slope_of_the_hidden_units_forgotten",
        ("w_2.T * a * (1 - a)", "w_2.T"),
        "The slope of the hidden sigmoids is missing in delta_1: times a * (1 - a).",
    ),
    Mistake(
        "slope_taken_with_z",
        ("w_2.T * a * (1 - a)", "w_2.T * (x @ w_1 + b_1) * (1 - (x @ w_1 + b_1))"),
        "The slope of a sigmoid is a * (1 - a), with the activation a and not with z.",
    ),
    Mistake(
        "biases_averaged",
        ("delta_1.sum(axis=0), a.T", "delta_1.mean(axis=0), a.T"),
        "Delta is divided by len(x) already: add the deltas up for the bias, do not average again.",
    ),
    Mistake(
        "linear_output",
        (
            ("1 / (1 + np.exp(-(a @ w_2 + b_2)))", "a @ w_2 + b_2"),
            ("y_hat * (1 - y_hat) / ", "1 / "),
        ),
        "The outputs are sigmoids, too: put a @ w_2 + b_2 through one.",
    ),
    Mistake(
        "weights_before_biases",
        (
            "delta_1.sum(axis=0), a.T @ delta_2, delta_2",
            "a.T @ delta_2, delta_1.sum(axis=0), delta_2",
        ),
        "The four arrays come in another order than in `params`: w_1, b_1, w_2, b_2.",
    ),
    Mistake(
        "transposed",
        (("x.T @ delta_1", "delta_1.T @ x"), ("a.T @ delta_2", "delta_2.T @ a")),
        "The derivatives of the weights are transposed: `x.T @ delta_1` has the shape of w_1, "
        "`a.T @ delta_2` that of w_2.",
    ),
    Mistake(
        "first_weights_from_a",
        ("x.T @ delta_1", "a.T @ delta_1"),
        "The weights w_1 carry the inputs, so their derivative is x.T @ delta_1. `a` comes after "
        "them.",
    ),
    Mistake(
        "slope_of_the_other_layer",
        ("w_2.T * a * (1 - a)", "w_2.T * y_hat * (1 - y_hat)"),
        "delta_1 belongs to the hidden units, whose slope is a * (1 - a). y_hat * (1 - y_hat) is "
        "that of the outputs.",
    ),
    Mistake(
        "minus_in_the_exponent_forgotten",
        (("np.exp(-(x", "np.exp((x"), ("np.exp(-(a", "np.exp((a")),
        "A minus is missing in the exponent: the sigmoid is 1 / (1 + np.exp(-z)).",
    ),
    Mistake(
        "output_bias_forgotten",
        ("(a @ w_2 + b_2)", "(a @ w_2)"),
        "The forward pass leaves b_2 out.",
    ),
    Mistake(
        "hidden_bias_forgotten",
        ("(x @ w_1 + b_1)", "(x @ w_1)"),
        "The forward pass leaves b_1 out.",
    ),
]


# train_epoch


def train_epoch(
    x: Floats,
    y: Floats,
    params: Params,
    steps: Params,
    order: Ints,
    batch_size: int,
    eta: float,
    share: float,
) -> tuple[Params, Params]:
    """Return the four arrays after an epoch, and the last step of each."""
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        grads = gradients(x[rows], y[rows], params)
        steps = [share * step - eta * grad for step, grad in zip(steps, grads, strict=True)]
        params = [param + step for param, step in zip(params, steps, strict=True)]
    return params, steps


def _zeros(params: Params) -> Params:
    return [np.zeros_like(array) for array in params]


def _epoch(rng: Rng, examples: int, batch_size: int, eta: float, share: float) -> Any:
    """Draw arguments with steps that were made before."""
    x, y, params = _task(rng, examples, 2, 2, 2)
    steps = [decimals(rng, array.size).reshape(array.shape) / 4 for array in params]
    if examples > 2:
        order = np.roll(np.arange(examples)[::-1], 1)
    else:
        order = np.arange(examples)[::-1].copy()
    return x, y, params, steps, order, batch_size, eta, share


def epoch_cases(rng: Rng) -> list[Case]:
    """Plain descent in one batch first; a last short batch, steps from before."""
    calm = _zeros(XOR_START)
    return [
        Case(
            (XOR_X, XOR_Y, XOR_START, calm, np.arange(4), 4, 2.0, 0.0), "one batch, nothing shared"
        ),
        Case((XOR_X, XOR_Y, XOR_START, calm, np.arange(4), 2, 2.0, 0.0), "two batches"),
        Case((XOR_X, XOR_Y, XOR_START, calm, np.arange(4), 3, 2.0, 0.0), "the last batch has one"),
        Case(
            (XOR_X, XOR_Y, XOR_START, calm, np.array([2, 0, 3, 1]), 1, 1.0, 0.9),
            "one example at a time, shuffled, a share of 0.9",
        ),
        Case(_epoch(always(), 5, 2, 0.5, 0.8), "steps were made before"),
        Case(_epoch(always(), 4, 9, 0.5, 0.5), "fewer examples than a batch holds"),
        Case(_epoch(always(), 7, 3, 0.5, 0.8), "batches of 3, 3 and 1"),
        Case(_epoch(always(), 6, 3, 0.5, 0.8), "two full batches, and nothing after them"),
        *(Case(_epoch(rng, 5, 2, 0.7, 0.6)) for _ in range(4)),
    ]


def _epoch_in_place(
    x: Floats,
    y: Floats,
    params: Params,
    steps: Params,
    order: Ints,
    batch_size: int,
    eta: float,
    share: float,
) -> tuple[Params, Params]:
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        for param, step, grad in zip(
            params, steps, gradients(x[rows], y[rows], params), strict=True
        ):
            step *= share
            step -= eta * grad
            param += step
    return params, steps


EPOCH_MISTAKES = [
    Mistake(
        "in_place",
        _epoch_in_place,
        "The numbers are right, but `+=` and `*=` change the caller's arrays. Make new ones: "
        "`param + step`.",
    ),
    Mistake(
        "last_batch_dropped",
        ("range(0, len(order), batch_size)", "range(0, len(order) - batch_size + 1, batch_size)"),
        "You leave out the last batch where it is not full. It makes an update, too.",
    ),
    Mistake(
        "empty_batch_at_the_end",
        ("range(0, len(order), batch_size)", "range(0, len(order) + 1, batch_size)"),
        "Where all batches are full, an empty one comes after them: it takes the share of the last "
        "step once again. Stop where no example is left.",
    ),
    Mistake(
        "slice_ends_too_early",
        ("order[start : start + batch_size]", "order[start:batch_size]"),
        "Your slice always ends at batch_size, so all batches but the first are empty. It ends at "
        "start + batch_size.",
    ),
    Mistake(
        "batches_evened_out",
        (
            "    for start in range(0, len(order), batch_size):\n"
            "        rows = order[start : start + batch_size]\n",
            "    for rows in np.array_split(order, -(-len(order) // batch_size)):\n",
        ),
        "np.array_split makes batches of about the same size. All batches but the last have "
        "batch_size examples.",
    ),
    Mistake(
        "order_taken_twice",
        (
            "    for start in range(0",
            "    x, y = x[order], y[order]\n    for start in range(0",
        ),
        "You put the examples into the new order twice: first all of them, and then again by "
        "`order[...]`. Once is enough.",
    ),
    Mistake(
        "gradients_of_the_start",
        (
            ("    for start in range(0", "    old = params\n    for start in range(0"),
            ("y[rows], params)", "y[rows], old)"),
        ),
        "All gradients are taken at the weights with which the epoch began. Take each at the "
        "weights that the batch before has left.",
    ),
    Mistake(
        "averaged_again",
        ("eta * grad for", "eta * grad / len(rows) for"),
        "`gradients` has divided by the number of examples already. Do not divide once more.",
    ),
    Mistake(
        "divided_by_batch_size",
        ("eta * grad for", "eta * grad / batch_size for"),
        "`gradients` has divided by the number of examples already. Do not divide once more.",
    ),
    Mistake(
        "order_ignored",
        ("rows = order[start : start + batch_size]", "rows = slice(start, start + batch_size)"),
        "You take the examples as they lie. Take them in the order that is given: "
        "`rows = order[start : start + batch_size]`.",
    ),
    Mistake(
        "gradient_of_everything",
        ("gradients(x[rows], y[rows], params)", "gradients(x, y, params)"),
        "Every step uses all examples. Take those of the batch: x[rows], y[rows].",
    ),
    Mistake(
        "nothing_shared",
        ("share * step - eta * grad", "-eta * grad"),
        "You leave out the share of the last step: share * step - eta * grad.",
    ),
    Mistake(
        "share_of_both",
        ("share * step - eta * grad", "share * (step - eta * grad)"),
        "The share belongs to the last step alone: share * step - eta * grad, without brackets.",
    ),
    Mistake(
        "opposite_steps",
        (
            ("share * step - eta * grad", "share * step + eta * grad"),
            ("param + step", "param - step"),
        ),
        "Your steps have the opposite sign. Subtract eta * grad in the step, and add the step to "
        "the weights.",
    ),
    Mistake(
        "only_the_gradient_kept",
        (
            "        params = [param + step for param, step in zip(params, steps, strict=True)]",
            "        params = [param + step for param, step in zip(params, steps, strict=True)]\n"
            "        steps = [-eta * grad for grad in grads]",
        ),
        "You hand on -eta * grad alone. The step that the next batch takes along is the whole "
        "one, with the share that was in it.",
    ),
    Mistake(
        "steps_not_kept",
        (
            ("        steps = [share", "        new = [share"),
            ("in zip(params, steps, strict=True)]", "in zip(params, new, strict=True)]"),
        ),
        "You never keep the new steps: the next batch takes along those of before the epoch.",
    ),
    Mistake(
        "steps_before_forgotten",
        (
            "    for start in range(0",
            "    steps = [0 * array for array in params]\n    for start in range(0",
        ),
        "You begin the epoch with steps of zero. Begin with those that are handed in.",
    ),
    Mistake(
        "uphill",
        ("share * step - eta * grad", "share * step + eta * grad"),
        "You walk uphill: subtract eta times the gradient.",
    ),
    Mistake(
        "share_of_the_gradient",
        ("share * step - eta * grad", "share * step - (1 - share) * eta * grad"),
        "You take only the part 1 - share of the gradient. That is an average; in 1986 the whole "
        "gradient counts.",
    ),
    Mistake(
        "one_batch_only",
        (
            "in zip(params, steps, strict=True)]",
            "in zip(params, steps, strict=True)]\n        break",
        ),
        "Only the first batch counts. The loop goes on to the end of the order; perhaps a "
        "return stands inside it.",
    ),
]


# sweeps_to_learn


def sweeps_to_learn(
    x: Floats, y: Floats, params: Params, eta: float, share: float, most: int
) -> int:
    """Return after how many sweeps every answer is within 0.1 of its label, or -1."""
    steps = [np.zeros_like(array) for array in params]
    for sweep in range(most + 1):
        w_1, b_1, w_2, b_2 = params
        a = 1 / (1 + np.exp(-(x @ w_1 + b_1)))
        y_hat = 1 / (1 + np.exp(-(a @ w_2 + b_2)))
        if np.all(np.abs(y_hat - y) < 0.1):
            return sweep
        params, steps = train_epoch(x, y, params, steps, np.arange(len(x)), len(x), eta, share)
    return -1


def _xor_start(seed: int, hidden: int) -> Params:
    rng = np.random.default_rng(seed)
    shapes = [(2, hidden), (hidden,), (hidden, 1), (1,)]
    return [rng.uniform(-0.5, 0.5, shape).round(3) for shape in shapes]


AND_Y = np.array([[0.0], [0.0], [0.0], [1.0]])
BITS = np.array(list(itertools.product([0.0, 1.0], repeat=3)))
BITS_Y = np.column_stack([BITS[:, 0] * BITS[:, 1], 1 - BITS[:, 2]])
READY = [
    np.array([[9.0, 9.0], [9.0, 9.0]]),
    np.array([-4.0, -13.0]),
    np.array([[9.0], [-9.0]]),
    np.array([-4.0]),
]


def sweeps_cases(rng: Rng) -> list[Case]:
    """Return a network that knows, one that learns, limits that just do, one that is stuck."""
    learns = sweeps_to_learn(XOR_X, XOR_Y, _xor_start(0, 3), 4.0, 0.9, 2000)
    equal = [np.full((2, 2), 0.3), np.zeros(2), np.full((2, 1), 0.3), np.zeros(1)]
    fixed = [
        Case((XOR_X, XOR_Y, READY, 2.0, 0.9, 50), "it has learned before the first sweep"),
        Case((XOR_X, XOR_Y, _xor_start(0, 3), 4.0, 0.9, 2000), "XOR, three hidden units"),
        Case((XOR_X, XOR_Y, _xor_start(0, 3), 4.0, 0.9, learns), "the limit is just enough"),
        Case((XOR_X, XOR_Y, _xor_start(0, 3), 4.0, 0.9, learns - 1), "one sweep is missing"),
        Case((XOR_X, XOR_Y, equal, 2.0, 0.9, 100), "all weights start equal"),
        Case((XOR_X, AND_Y, _xor_start(1, 2), 4.0, 0.5, 2000), "AND"),
        Case(
            (BITS, BITS_Y, _network(always(), 3, 3, 2), 4.0, 0.8, 2000),
            "three inputs, two outputs, eight examples",
        ),
        Case((XOR_X, XOR_Y, READY, 2.0, 0.9, 0), "no sweep is allowed, and none is needed"),
    ]
    # Fixed cases in disguise: inputs, units and examples change places, and the count stays.
    again = [
        (XOR_X, XOR_Y, _xor_start(0, 3), 4.0, 0.9, 2000),
        (XOR_X, AND_Y, _xor_start(1, 2), 4.0, 0.5, 2000),
        (XOR_X, XOR_Y, _xor_start(0, 3), 4.0, 0.9, learns - 1),
        (BITS, BITS_Y, _network(always(), 3, 3, 2), 4.0, 0.8, 2000),
        (XOR_X, XOR_Y, READY, 2.0, 0.9, 50),
    ]
    return fixed + [Case(_rearranged(rng, *one), "everything in another order") for one in again]


def _rearranged(rng: Rng, x: Floats, y: Floats, params: Params, *rest: Any) -> tuple[Any, ...]:
    """Put examples, inputs and hidden units into another order."""
    w_1, b_1, w_2, b_2 = params
    while True:
        rows, columns = rng.permutation(len(x)), rng.permutation(x.shape[1])
        units = rng.permutation(len(b_1))
        new = [w_1[columns][:, units].copy(), b_1[units], w_2[units], b_2.copy()]
        moved = x[rows][:, columns].copy(), y[rows], new
        if not np.array_equal(units, np.arange(len(b_1))):
            return *moved, *rest


SWEEPS_MISTAKES = [
    Mistake(
        "counted_after_the_step",
        (
            (
                "        if np.all(np.abs(y_hat - y) < 0.1):\n            return sweep\n",
                "        near = np.all(np.abs(y_hat - y) < 0.1)\n",
            ),
            (
                "len(x), eta, share)\n",
                "len(x), eta, share)\n        if near:\n            return sweep + 1\n",
            ),
        ),
        "You are one too high: a network that has learned before the first sweep needs 0.",
    ),
    Mistake(
        "limit_too_low",
        ("range(most + 1)", "range(most)"),
        "After the last sweep that is allowed you do not look any more. Look before the first "
        "sweep and after each: most + 1 times.",
    ),
    Mistake(
        "looks_only_after_a_sweep",
        (
            (
                "            return sweep\n        params, steps = train_epoch("
                "x, y, params, steps, np.arange(len(x)), len(x), eta, share)\n",
                "            return sweep\n",
            ),
            (
                "    for sweep in range(most + 1):\n",
                "    for sweep in range(1, most + 1):\n        params, steps = train_epoch("
                "x, y, params, steps, np.arange(len(x)), len(x), eta, share)\n",
            ),
        ),
        "You look only after a sweep. A network that has learned before the first needs 0: look, "
        "then sweep.",
    ),
    Mistake(
        "limit_too_high",
        ("range(most + 1)", "range(most + 2)"),
        "You make one sweep more than `most`. Look before the first sweep and after each: most + 1 "
        "times.",
    ),
    Mistake(
        "limit_instead_of_minus_one",
        ("return -1", "return most"),
        "A network that never learns gives -1, so that nobody takes the limit for a result.",
    ),
    Mistake(
        "one_answer_is_enough",
        ("np.all(", "np.any("),
        "One near answer is enough for you. All must be near: np.all.",
    ),
    Mistake(
        "right_side_only",
        ("np.abs(y_hat - y) < 0.1", "np.abs(y_hat - y) < 0.5"),
        "You accept every answer on the right side of 0.5. It must be within 0.1 of its label.",
    ),
    Mistake(
        "no_absolute_value",
        ("np.abs(y_hat - y) < 0.1", "y_hat - y < 0.1"),
        "An answer that is too low is off as well: take np.abs of the difference.",
    ),
    Mistake(
        "average_near",
        ("np.all(np.abs(y_hat - y) < 0.1)", "np.mean(np.abs(y_hat - y)) < 0.1"),
        "You ask for the average difference. Each single answer must be within 0.1.",
    ),
    Mistake(
        "error_below",
        ("np.all(np.abs(y_hat - y) < 0.1)", "np.mean((y_hat - y) ** 2) < 0.01"),
        "You look at the average error. Each single answer must be within 0.1.",
    ),
    Mistake(
        "steps_forgotten",
        (
            "        w_1, b_1, w_2, b_2 = params\n",
            "        w_1, b_1, w_2, b_2 = params\n        steps = [0 * one for one in steps]\n",
        ),
        "You begin each sweep with steps of zero. Hand on those that train_epoch returned.",
    ),
]


# tells_apart


def tells_apart(weights: Floats) -> bool:
    """Tell whether no two patterns of lamps have the same sum of weights."""
    sums = [0]
    for weight in weights:
        sums = sums + [total + weight for total in sums]
    return len(set(sums)) == len(sums)


def apart_cases(rng: Rng) -> list[Case]:
    """Return the two ratios of the lesson, ones that fail in different ways, other lengths."""
    fixed = [
        ([1, 2, 4], "the weights of 1986"),
        ([2, 3, 4], "the other solution of the lesson"),
        ([1, 2, 3], "1 and 2 make 3"),
        ([2, 2, 5], "two weights alike"),
        ([3, 5, 6], "no weight is the sum of others"),
        ([3, -5, 6], "a negative weight"),
        ([1, 2, -3], "all three cancel"),
        ([0, 1, 2], "a lamp that counts nothing"),
        ([3, 5, 6, 7], "four lamps"),
        ([2, 3, 5, 9], "four lamps, 2 and 3 make 5"),
        ([2, 5, 4, 7], "four lamps, 2 and 7 make as much as 5 and 4"),
        ([1, 2, 4, 7], "four lamps, three make the fourth"),
        ([3, 5, 6, 14], "four lamps, three make the fourth"),
        ([3, 5, 9, 11], "four lamps, two pairs make the same"),
        ([1, 5, 6, 10, 22], "five lamps, a pair makes a third"),
        ([4, 7, 4, 20], "four lamps, two weights alike"),
        ([9, 9], "two lamps alike"),
        ([1, 2, 4, 8, 16], "five lamps"),
        ([4, -4], "two lamps that cancel"),
        ([7], "one lamp"),
    ]
    # The kinds of answers are those of the fixed cases: only order, sign and size change.
    drawn = []
    for weights in ([1, 2, 4], [1, 2, 3], [3, 5, 9, 11], [3, 5, 6, 7]):
        times = int(rng.choice([2, 3, 5]))
        drawn.append((times * rng.permutation(weights), "in another order, and larger"))
    return [Case((np.array(weights),), about) for weights, about in [*fixed, *drawn]]


APART_MISTAKES = [
    Mistake(
        "only_different_weights",
        lambda weights: len(set(weights.tolist())) == len(weights),
        "You ask whether the weights differ. 1, 2, 3 differ, and 1 + 2 is still 3: compare the "
        "sums of all patterns.",
    ),
    Mistake(
        "pairs_only",
        lambda weights: (
            len({a + b for a, b in itertools.combinations(weights.tolist(), 2)})
            == len(list(itertools.combinations(weights, 2)))
        ),
        "You compare sums of two weights only. A pattern may have any number of lamps on.",
    ),
    Mistake(
        "doubling_only",
        lambda weights: all(
            b > sum(sorted(map(abs, weights.tolist()))[:k])
            for k, b in enumerate(sorted(map(abs, weights.tolist())))
        ),
        "You ask each weight to be larger than all smaller ones together. That is enough, but not "
        "needed: 2, 3, 4 will do as well.",
    ),
    Mistake(
        "pair_makes_a_third",
        lambda weights: (
            len(set(weights.tolist())) == len(weights)
            and not any(a + b in weights for a, b in itertools.combinations(weights.tolist(), 2))
        ),
        "You ask whether two weights make a third. Any two patterns may have the same sum: "
        "1 + 2 + 4 = 7, and 2 + 7 = 5 + 4. Compare the sums of all patterns.",
    ),
    Mistake(
        "single_lamps_left_out",
        lambda weights: _distinct(
            sum(chosen)
            for count in range(2, len(weights) + 1)
            for chosen in itertools.combinations(weights.tolist(), count)
        ),
        "You leave out the patterns with one lamp on, or with none: 1 + 2 is as much as 3 alone.",
    ),
    Mistake(
        "zero_not_counted",
        lambda weights: _nonempty(weights),
        "You leave out a pattern: the one with all lamps off, whose sum is 0, or the one with all "
        "on. They must differ, too.",
    ),
    Mistake(
        "three_lamps_only",
        lambda weights: _distinct(
            sum(chosen)
            for count in range(4)
            for chosen in itertools.combinations(weights.tolist()[:3], count)
        ),
        "You look at the first three lamps. There may be any number of them.",
    ),
    Mistake(
        "alike_counted_once",
        lambda weights: tells_apart(np.array(sorted(set(weights.tolist())))),
        "A set keeps one of two weights that are alike. They are two lamps, and either alone gives "
        "the same sum: False.",
    ),
    Mistake(
        "turned_round",
        ("== len(sums)", "!= len(sums)"),
        "It is the other way round: True where all sums are different.",
    ),
]


def _distinct(sums: Iterable[Any]) -> bool:
    known = list(sums)
    return len(set(known)) == len(known)


def _nonempty(weights: Floats) -> bool:
    sums = [0]
    for weight in weights.tolist():
        sums = sums + [total + weight for total in sums]
    return len(set(sums[1:])) == len(sums[1:])


# find_hidden_xor: an open task


def find_hidden_xor(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Train 32 hidden units in shuffled batches of forty, and answer."""
    rng = np.random.default_rng(0)
    params: Params = [rng.normal(size=(8, 32)), np.zeros(32)]
    params += [rng.normal(size=(32, 1)) / np.sqrt(32), np.zeros(1)]
    labels = train_y[:, np.newaxis].astype(float)
    steps = _zeros(params)
    for _ in range(100):
        order = rng.permutation(len(train_x))
        params, steps = train_epoch(train_x, labels, params, steps, order, 40, 1.0, 0.9)
    a = _sigmoid(test_x @ params[0] + params[1])
    answers: Ints = (a @ params[2] + params[3] > 0)[:, 0].astype(int)
    return answers


def untrained_xor(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Answer with weights as they are drawn."""
    rng = np.random.default_rng(0)
    a = _sigmoid(test_x @ rng.normal(size=(8, 16)))
    answers: Ints = (a @ rng.normal(size=(16, 1)) > 0)[:, 0].astype(int)
    return answers


def xor_cases(rng: Rng) -> list[Case]:
    """Two tasks, each with its own pair of directions: 500 rows to learn from, 500 to answer."""
    cases = []
    for _ in range(2):
        directions = np.linalg.qr(rng.normal(size=(8, 8)))[0][:, :2]
        (train_x, train_y), (test_x, test_y) = (_rows(rng, directions) for _ in range(2))
        about = "500 rows to learn from, 500 others to answer for"
        cases.append(Case((train_x, train_y, test_x), about, hidden=test_y))
    return cases


def _rows(rng: Rng, directions: Floats) -> tuple[Floats, Ints]:
    """Draw 500 rows of eight numbers, none near either border; label 1 where the signs agree."""
    x = rng.uniform(-1.0, 1.0, (10_000, 8))
    along = x @ directions
    chosen = np.flatnonzero(np.all(np.abs(along) > 0.25, axis=1))[:500]
    return x[chosen], (along[chosen, 0] * along[chosen, 1] > 0).astype(int)


CHECKS = (
    Check(iterations, 1, iterations_cases, ITERATIONS_MISTAKES, ("iterations",)),
    Check(
        gradients,
        2,
        gradients_cases,
        GRADIENTS_MISTAKES,
        ("gradients",),
    ),
    Check(train_epoch, 3, epoch_cases, EPOCH_MISTAKES, ("params", "steps")),
    Check(sweeps_to_learn, 2, sweeps_cases, SWEEPS_MISTAKES, ("sweeps",)),
    Check(tells_apart, 2, apart_cases, APART_MISTAKES, ("answer",)),
    Check(
        find_hidden_xor,
        2,
        xor_cases,
        (),
        ("labels",),
        seconds=15.0,
        goal=Goal(
            accuracy,
            bars=(0.75, 0.88, 0.95),
            advice=(
                "A guess is right half of the time, and so is any straight cut. Does the error "
                "fall? Print it every ten epochs; a plateau at first is normal.",
                "It has found something. Train for more epochs, or take more hidden units.",
                "Nearly there. Train until the error on the rows of training stops falling.",
            ),
            untrained=untrained_xor,
            slip=two_answers(0, 1),
        ),
    ),
)

"""Lesson 17, sequence to sequence: a GRU's step, what a decoder gets, padding, looking back, beams.

The cell has the convention of Keras: blocks in the order z, r, candidate, and z keeps the old
state. Vectors have no batch axis. A decoder is a table here: its next symbol depends on the last.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal, accuracy
from dlcourse.nn.activations import softmax
from dlcourse.nn.contract import Array as Floats

Ints = NDArray[np.int64]
Params = dict[str, Floats]
Rng = np.random.Generator


# gru_step


def gru_step(x: Floats, h: Floats, params: Params, reset_after: bool) -> Floats:
    """Return the hidden state after one step."""
    wx, wh, b, b_h = (np.asarray(params[name], float) for name in ("wx", "wh", "b", "b_h"))
    layer = nn.GRU(len(h), reset_after=reset_after)
    bias = np.stack([b, b_h]) if reset_after else b
    layer.params = {"kernel": wx, "recurrent_kernel": wh, "bias": bias}
    x, h = np.asarray(x, float), np.asarray(h, float)
    hidden, _ = layer.forward(x[None, None], initial_state=h[None])
    new: Floats = hidden[0].copy()
    return new


def plain_gru_step(x: Floats, h: Floats, params: Params, reset_after: bool) -> Floats:
    """Return it as a learner computes it."""
    units = len(h)
    a = x @ params["wx"] + params["b"]
    s = h @ params["wh"]
    if reset_after:
        s = s + params["b_h"]
    z = 1 / (1 + np.exp(-(a + s)[:units]))
    r = 1 / (1 + np.exp(-(a + s)[units : 2 * units]))
    seen = r * s[2 * units :]
    if not reset_after:
        seen = (r * h) @ params["wh"][:, 2 * units :]
    g = np.tanh(a[2 * units :] + seen)
    new: Floats = z * h + (1 - z) * g
    return new


def gru_cases(rng: Rng) -> list[Case]:
    """Take the lesson's cell, gates wide open and shut, a first step, both versions."""
    one, half = np.array([1.0]), np.array([0.5])
    lesson = {"wx": [[0.5, 0.4, 0.8]], "wh": [[0.3, -0.2, 0.6]], "b": [0.1, 0, -0.1]}

    def weights(b_h: Sequence[float], **parts: Any) -> Params:
        return {name: np.array(part) for name, part in (parts | {"b_h": b_h}).items()}

    def drawn(rng: Rng, inputs: int, units: int) -> tuple[Floats, Floats, Params]:
        """Draw a step with small weights, so that nothing is saturated."""
        wx, wh = decimals(rng, inputs, 3 * units), decimals(rng, units, 3 * units)
        b, b_h = decimals(rng, 3 * units), decimals(rng, 3 * units)
        params: Params = {"wx": wx / 2, "wh": wh / 2, "b": b / 2, "b_h": b_h / 2}
        return decimals(rng, inputs), decimals(rng, units), params

    hand = weights([0, 0, 0.2], **lesson)
    z_open, r_shut = ({**hand, "b": np.array(b)} for b in ([9.0, 0, 0], [-1.0, -9, 0]))
    whole = weights(
        [1, 0, -1, 0, 1, 1],
        wx=[[1, -1, 0, 1, 0, -1], [0, 1, 1, -1, 1, 0]],
        wh=[[1, 0, -1, 1, 1, 0], [0, -1, 1, 0, 1, -1]],
        b=[0, 1, 0, -1, 1, 0],
    )
    numbers = np.array([1, -2]), np.array([1, -1]), whole
    x, h, params = drawn(always(), 2, 2)
    return [
        Case((one, half, hand, True), "the cell of the lesson, reset after the product"),
        Case((one, half, hand, False), "the cell of the lesson, reset before the product"),
        Case((one, half, z_open, True), "z is nearly 1"),
        Case((one, half, r_shut, True), "r is nearly 0, reset after the product"),
        Case((one, half, r_shut, False), "r is nearly 0, reset before the product"),
        Case((x, 0 * h, params, True), "a first step: h is zero"),
        Case((*numbers, True), "whole numbers, reset after the product"),
        Case((*numbers, False), "whole numbers, reset before the product"),
        Case((*drawn(always(), 3, 2), True), "decimals of either sign, reset after the product"),
        Case((*drawn(always(), 3, 2), False), "decimals of either sign, reset before"),
        Case((*drawn(rng, 2, 3), True), "random numbers, reset after the product"),
        Case((*drawn(rng, 2, 3), False), "random numbers, reset before the product"),
        Case((*drawn(rng, 1, 2), True), "random numbers, reset after the product"),
        Case((*drawn(rng, 1, 2), False), "random numbers, reset before the product"),
    ]


RECURRENT_BIAS = '    if reset_after:\n        s = s + params["b_h"]\n'
UPDATE_GATE = "z = 1 / (1 + np.exp(-(a + s)[:units]))"
RESET_GATE = "r = 1 / (1 + np.exp(-(a + s)[units : 2 * units]))"
WHERE = "    if not reset_after:\n        seen"
SEEN_AFTER = "seen = r * s[2 * units :]"
SEEN_BEFORE = 'seen = (r * h) @ params["wh"][:, 2 * units :]'
CANDIDATE = "g = np.tanh(a[2 * units :] + seen)"
NEW = "z * h + (1 - z) * g"


def _in_place(x: Floats, h: Floats, params: Params, reset_after: bool) -> Any:
    h[:] = gru_step(x, h, params, reset_after)
    return h


GRU_MISTAKES = [
    Mistake(
        "in_place",
        _in_place,
        "The numbers are right, but you write them into the caller's h. Make a new array: "
        "`return z * h + (1 - z) * g`.",
    ),
    Mistake(
        "z_and_one_minus_z",
        (NEW, "(1 - z) * h + z * g"),
        "You exchange z and 1 - z. Some papers write it so; here, as in Keras, z says how much of "
        "the old state stays: `z * h + (1 - z) * g`.",
    ),
    Mistake(
        "r_first",
        ((UPDATE_GATE, UPDATE_GATE.replace("z", "r", 1)),
         (RESET_GATE, RESET_GATE.replace("r", "z", 1))),
        "You take the first block for the reset gate. The order is z, r, candidate.",
    ),
    Mistake(
        "candidate_first",
        ((UPDATE_GATE, UPDATE_GATE.replace("[:units]", "[units : 2 * units]")),
         (RESET_GATE, RESET_GATE.replace("[units : 2 * units]", "[2 * units :]")),
         (SEEN_AFTER, "seen = r * s[:units]"),
         (SEEN_BEFORE, "seen = (r * h) @ params[\"wh\"][:, :units]"),
         (CANDIDATE, "g = np.tanh(a[:units] + seen)")),
        "You take the first block for the candidate. The order is z, r, candidate: it is the last.",
    ),
    Mistake(
        "blocks_interleaved",
        ((UPDATE_GATE, UPDATE_GATE.replace("[:units]", "[0::3]")),
         (RESET_GATE, RESET_GATE.replace("[units : 2 * units]", "[1::3]")),
         (SEEN_AFTER, "seen = r * s[2::3]"),
         (SEEN_BEFORE, "seen = (r * h) @ params[\"wh\"][:, 2::3]"),
         (CANDIDATE, "g = np.tanh(a[2::3] + seen)")),
        "You take every third entry. The blocks stand side by side: the first `units` entries "
        "belong to z, the next to r, the last to the candidate.",
    ),
    Mistake(
        "versions_exchanged",
        ((WHERE, "    if reset_after:\n        seen"),
         (RECURRENT_BIAS, "    if not reset_after:\n        s = s + params[\"b_h\"]\n")),
        "The two versions are exchanged. If reset_after is True, first compute h @ wh + b_h, "
        "then multiply by r.",
    ),
    Mistake(
        "always_after",
        ((WHERE, "    if False:\n        seen"),
         (RECURRENT_BIAS, "    s = s + params[\"b_h\"]\n")),
        "You reset after the product in both versions. If reset_after is False, it is "
        "`(r * h) @ wh`, with the last block of wh, and without b_h.",
    ),
    Mistake(
        "product_before_the_reset",
        (WHERE, "    if False:\n        seen"),
        "If reset_after is False, r multiplies h **before** the product: `(r * h) @ wh`, with the "
        "last block of wh. With several units that is not r * (h @ wh).",
    ),
    Mistake(
        "always_before",
        (WHERE, "    if True:\n        seen"),
        "You reset before the product in both versions. If reset_after is True, it is "
        "`r * (h @ wh + b_h)`, with the last blocks.",
    ),
    Mistake(
        "always_before_without_bias",
        ((WHERE, "    if True:\n        seen"), (RECURRENT_BIAS, "")),
        "You compute the same version whatever reset_after is. If it is True, first "
        "`h @ wh + b_h`, then times r. It is a bool: `if reset_after:` asks for it.",
    ),
    Mistake(
        "all_of_wh",
        (SEEN_BEFORE, "seen = (r * h) @ params[\"wh\"]"),
        "You multiply (r * h) by all of wh. The candidate has the last block alone: the columns "
        "`wh[:, 2 * units :]`.",
    ),
    Mistake(
        "rows_for_columns",
        (SEEN_BEFORE, "seen = (r * h) @ params[\"wh\"][2 * units :]"),
        "`wh[2 * units :]` takes rows. The blocks of wh stand side by side, in its columns: "
        "`wh[:, 2 * units :]`.",
    ),
    Mistake(
        "bias_outside_the_reset",
        (SEEN_AFTER, "seen = r * (h @ params[\"wh\"])[2 * units :] "
                     "+ params[\"b_h\"][2 * units :]"),
        "You add b_h outside of the reset. With reset_after, r multiplies it too: "
        "`r * (h @ wh + b_h)`.",
    ),
    Mistake(
        "recurrent_bias_left_out",
        (RECURRENT_BIAS, ""),
        "You leave out b_h. With reset_after the product has a bias of its own, in all three "
        "blocks: `h @ wh + b_h`.",
    ),
    Mistake(
        "recurrent_bias_of_the_candidate_only",
        (RECURRENT_BIAS, "    if reset_after:\n        s = s + params[\"b_h\"] "
         "* (np.arange(3 * units) >= 2 * units)\n"),
        "You add b_h in the candidate alone. With reset_after the gates z and r have it too: "
        "`h @ wh + b_h`, then cut it into blocks.",
    ),
    Mistake(
        "recurrent_bias_always",
        ((RECURRENT_BIAS, "    s = s + params[\"b_h\"]\n"),
         (SEEN_BEFORE, SEEN_BEFORE + " + params[\"b_h\"][2 * units :]")),
        "You add b_h in both versions. If reset_after is False there is one bias alone, b: b_h "
        "is not used.",
    ),
    Mistake(
        "recurrent_bias_in_the_gates",
        (RECURRENT_BIAS, "    s = s + params[\"b_h\"]\n"),
        "You add b_h to the gates in both versions. If reset_after is False, b_h is not used "
        "at all.",
    ),
    Mistake(
        "bias_left_out",
        ("x @ params[\"wx\"] + params[\"b\"]", "x @ params[\"wx\"]"),
        "You leave out the bias b. It is added in both versions: `x @ wx + b`.",
    ),
    Mistake(
        "bias_twice",
        ("s = h @ params[\"wh\"]", "s = h @ params[\"wh\"] + params[\"b\"]"),
        "You add b twice. It belongs to the share of the input, `x @ wx + b`, and to nothing else.",
    ),
    Mistake(
        "gates_of_the_input_alone",
        ((UPDATE_GATE, UPDATE_GATE.replace("(a + s)", "a")),
         (RESET_GATE, RESET_GATE.replace("(a + s)", "a"))),
        "Your gates look at x alone. They look at the old state, too: the blocks of a + s.",
    ),
    Mistake(
        "one_minus_r",
        ((SEEN_AFTER, "seen = (1 - r) * s[2 * units :]"),
         (SEEN_BEFORE, SEEN_BEFORE.replace("(r * h)", "((1 - r) * h)"))),
        "You multiply by 1 - r. r itself says how much of the old state the candidate sees.",
    ),
    Mistake(
        "bias_of_the_candidate_left_out",
        (CANDIDATE, "g = np.tanh((a - params[\"b\"])[2 * units :] + seen)"),
        "You leave out b in the candidate. Its share of the input has a bias, too: x @ wx + b, the "
        "last block.",
    ),
    Mistake(
        "block_one_too_late",
        (RESET_GATE, RESET_GATE.replace("[units : 2 * units]", "[units + 1 : 2 * units + 1]")),
        "Your block for r begins one column too late. The blocks go from 0 to units, from units to "
        "2 units, and from there to the end; a slice leaves out its last number.",
    ),
    Mistake(
        "no_reset",
        ((SEEN_AFTER, "seen = s[2 * units :]"),
         (SEEN_BEFORE, "seen = h @ params[\"wh\"][:, 2 * units :]")),
        "You leave out the reset gate. It multiplies what the candidate sees of the old state.",
    ),
    Mistake(
        "reset_of_everything",
        ((SEEN_AFTER, "seen = s[2 * units :]"),
         (SEEN_BEFORE, "seen = h @ params[\"wh\"][:, 2 * units :]"),
         (CANDIDATE, "g = np.tanh(r * (a[2 * units :] + seen))")),
        "r multiplies the share of the input, too. It acts on what comes from h alone: "
        "tanh(a + r * ...).",
    ),
    Mistake(
        "z_for_the_reset",
        ((SEEN_AFTER, "seen = z * s[2 * units :]"),
         (SEEN_BEFORE, "seen = (z * h) @ params[\"wh\"][:, 2 * units :]")),
        "You let z reset. z mixes at the end; what the candidate sees of h is decided by r.",
    ),
    Mistake(
        "sigmoid_candidate",
        (CANDIDATE, "g = 1 / (1 + np.exp(-(a[2 * units :] + seen)))"),
        "Your candidate is a sigmoid. It is no gate and must be able to be negative: tanh.",
    ),
    Mistake(
        "tanh_gates",
        ((UPDATE_GATE, "z = np.tanh((a + s)[:units])"),
         (RESET_GATE, "r = np.tanh((a + s)[units : 2 * units])")),
        "Your gates are tanh. A gate lies between 0 and 1: z and r are sigmoids.",
    ),
    Mistake(
        "sigmoid_of_minus",
        ((UPDATE_GATE, "z = 1 / (1 + np.exp((a + s)[:units]))"),
         (RESET_GATE, "r = 1 / (1 + np.exp((a + s)[units : 2 * units]))")),
        "Your sigmoid is turned round: a minus is missing. It is 1 / (1 + np.exp(-t)).",
    ),
    Mistake(
        "candidate_not_squashed",
        (CANDIDATE, "g = a[2 * units :] + seen"),
        "You leave out tanh: the candidate is np.tanh(...).",
    ),
    Mistake(
        "tanh_of_the_input_alone",
        (CANDIDATE, "g = np.tanh(a[2 * units :]) + seen"),
        "A bracket closes too early: tanh goes round the whole sum, `np.tanh(a + ...)`.",
    ),
    Mistake(
        "one_minus_without_brackets",
        (NEW, "z * h + 1 - z * g"),
        "Brackets are missing: `1 - z * g` is not `(1 - z) * g`.",
    ),
    Mistake(
        "candidate_alone",
        (NEW, "g"),
        "You return the candidate. The new state mixes it with the old one: z * h + (1 - z) * g.",
    ),
    Mistake(
        "candidate_added",
        (NEW, "z * h + g"),
        "You add the whole candidate. What z leaves free is its share: (1 - z) * g.",
    ),
    Mistake(
        "old_state_whole",
        (NEW, "h + (1 - z) * g"),
        "You keep the whole old state. Its share is z: z * h.",
    ),
    Mistake(
        "state_overwritten",
        (SEEN_BEFORE, "h = r * h\n        seen = h @ params[\"wh\"][:, 2 * units :]"),
        "`h = r * h` overwrites the old state, and at the end z keeps what is left of it. Give the "
        "reset state a name of its own.",
    ),
    Mistake(
        "reset_state_kept",
        (NEW, "z * (r * h) + (1 - z) * g"),
        "You mix in the state that was reset. r acts inside the candidate alone; z keeps h itself.",
    ),
    Mistake(
        "transposed",
        (("s = h @ params[\"wh\"]",
          "s = np.concatenate([block @ h for block in np.split(params[\"wh\"], 3, axis=1)])"),
         (SEEN_BEFORE, "seen = params[\"wh\"][:, 2 * units :] @ (r * h)")),
        "You multiply wh from the wrong side. The state is a row: `h @ wh`.",
    ),
    Mistake(
        "gates_too",
        (NEW, "np.array([z, r, z * h + (1 - z) * g])"),
        "You return the gates as well. Return the new state alone.",
    ),
    Mistake(
        "reset_gate_to_the_end",
        (RESET_GATE, RESET_GATE.replace("[units : 2 * units]", "[units:]")),
        "Your block of r goes on to the end and holds the candidate's numbers, too. It ends "
        "where the third one begins: `[units : 2 * units]`.",
    ),
    Mistake(
        "dot_products",
        (NEW, "z @ h + (1 - z) @ g"),
        "`@` adds up and leaves one number. The gates act unit by unit: `z * h + (1 - z) * g`.",
    ),
]  # fmt: skip


# teacher_forcing


def teacher_forcing(targets: Ints, start: int) -> tuple[Ints, Ints]:
    """Return what the decoder gets and what it is to answer."""
    inputs = np.full_like(targets, start)
    inputs[:, 1:] = targets[:, :-1]
    return inputs, targets


def plain_teacher_forcing(targets: Ints, start: int) -> tuple[Ints, Ints]:
    """Return it as a learner computes it."""
    first = np.full((len(targets), 1), start)
    inputs = np.concatenate([first, targets[:, :-1]], axis=1)
    return inputs, targets


def forcing_cases(rng: Rng) -> list[Case]:
    """One row, several, as many rows as columns, padded ones, a single column."""

    def drawn(rows: int, columns: int, stop: int) -> Ints:
        """Draw rows without a symbol that comes twice, and the same at no place in two rows."""
        symbols = rng.permutation(np.arange(3, 3 + columns + rows))
        table = np.array([np.roll(symbols, row)[: columns - 1] for row in range(rows)])
        return np.column_stack([table, np.full(rows, stop)])

    return [
        Case((np.array([[5, 3, 4, 2]]), 1), "one row: stop is 2, start is 1"),
        Case((np.array([[4, 7, 5, 1], [8, 3, 6, 1]]), 2), "two rows: stop is 1, start is 2"),
        Case((np.array([[3, 6, 0], [7, 5, 0], [4, 8, 0]]), 9), "three rows: stop is 0, start is 9"),
        Case((np.array([[6, 2, 0, 0], [5, 4, 7, 2]]), 1), "a short row, padded with 0 behind stop"),
        Case((np.array([[2], [2]]), 1), "nothing but stop: a target that is empty"),
        Case((drawn(2, 4, 2), 1), "random symbols"),
        Case((drawn(3, 5, 1), 0), "random symbols, start is 0"),
        Case((drawn(4, 4, 0), 2), "random symbols, as many rows as columns"),
    ]


FIRST = "first = np.full((len(targets), 1), start)"
INPUTS = "np.concatenate([first, targets[:, :-1]], axis=1)"
BOTH = "    return inputs, targets"


def _forced_in_place(targets: Ints, start: int) -> Any:
    outputs = targets.copy()
    targets[:, 1:] = outputs[:, :-1]
    targets[:, 0] = start
    return targets, outputs


def _forced_under_two_names(targets: Ints, start: int) -> Any:
    inputs = targets
    inputs[:, 1:] = targets[:, :-1]
    inputs[:, 0] = start
    return inputs, targets


FORCING_MISTAKES = [
    Mistake(
        "two_names",
        _forced_under_two_names,
        "`inputs = targets` makes a second name, not a second array: what you write into one "
        "stands in the other. Begin with `targets.copy()`.",
    ),
    Mistake(
        "in_place",
        _forced_in_place,
        "The numbers are right, but you write them into the caller's targets. Begin with "
        "`targets.copy()`.",
    ),
    Mistake(
        "one_too_long",
        (INPUTS, "np.concatenate([first, targets], axis=1)"),
        "Your inputs have a column too many. The last symbol is stop, and after stop nothing is "
        "asked: leave it out of the inputs, `targets[:, :-1]`.",
    ),
    Mistake(
        "both_without_stop",
        (BOTH, "    return inputs[:, :-1], targets[:, :-1]"),
        "You leave out the last step. The decoder has to learn to stop: the outputs are the "
        "targets with their stop.",
    ),
    Mistake(
        "outputs_without_first",
        (BOTH, "    return inputs, targets[:, 1:]"),
        "Your outputs have lost their first symbol. The targets do not begin with start: the first "
        "symbol is the first that is asked.",
    ),
    Mistake(
        "outputs_without_stop",
        (BOTH, "    return inputs, targets[:, :-1]"),
        "Your outputs have lost the stop. The decoder has to learn when to stop: the outputs are "
        "all of the targets.",
    ),
    Mistake(
        "the_whole_given",
        (INPUTS, "targets"),
        "You give the decoder at each step the symbol that it is to answer: that is no task. It "
        "gets the one before, and start at first.",
    ),
    Mistake(
        "rolled",
        (INPUTS, "np.roll(targets, 1, axis=1)"),
        "np.roll brings stop round to the front, and so does the index -1. The first input is "
        "start.",
    ),
    Mistake(
        "last_row_moved",
        (INPUTS, "np.concatenate([np.full((1, targets.shape[1]), start), targets[:-1]])"),
        "You move the rows down. Each row is a sequence of its own: move it to the right, by a "
        "column.",
    ),
    Mistake(
        "flattened",
        (INPUTS, "np.concatenate([[start], targets.ravel()[:-1]]).reshape(targets.shape)"),
        "You join all rows to one and move that, so a row begins with the stop of the row above. "
        "Each row is a sequence of its own and begins with start.",
    ),
    Mistake(
        "backwards",
        (INPUTS, "np.concatenate([first, targets[:, :0:-1]], axis=1)"),
        "You turn the rows round. That may be done with the source, which is read; the target is "
        "written in its own order.",
    ),
    Mistake(
        "last_not_filled",
        (INPUTS, "np.concatenate([first, targets[:, :-2], 0 * first], axis=1)"
                 "[:, : targets.shape[1]]"),
        "The last column of your inputs stays 0. The loop ends too early: what is given last is "
        "the symbol before stop.",
    ),
    Mistake(
        "moved_to_the_left",
        (INPUTS, "np.concatenate([targets[:, 1:], first], axis=1)"),
        "You move to the left, so the decoder sees the symbol after the next. It gets the one "
        "before: move to the right, and put start in front.",
    ),
    Mistake(
        "start_behind",
        (INPUTS, "np.concatenate([targets[:, :-1], first], axis=1)"),
        "You put start in the place of stop. It belongs in front: the first input is start.",
    ),
    Mistake(
        "start_everywhere",
        (INPUTS, "np.full(targets.shape, start)"),
        "Each of your inputs is start. Only the first one is; the others come from the targets, "
        "one column before. In a loop read them from targets, not from inputs.",
    ),
    Mistake(
        "start_added",
        (INPUTS, "start + targets[:, :-1]"),
        "`+` adds start to every number, for these are arrays. To put it in front, join: "
        "np.concatenate, or a copy whose first column is set.",
    ),
    Mistake(
        "cut_in_two",
        (BOTH, "    return targets[:, :-1], targets[:, 1:]"),
        "You leave start out and the first symbol unasked. That fits targets that begin with "
        "start; these do not: put it in front of the inputs, and keep all outputs.",
    ),
    Mistake(
        "stop_taken_out",
        (INPUTS, "np.array([[start, *row[row != targets[0, -1]]] for row in targets])"),
        "You take stop out wherever it stands, so padded rows get another length. Leave out the "
        "last column, whatever stands in it.",
    ),
    Mistake(
        "start_over_the_first",
        (INPUTS, "np.concatenate([first, targets[:, 1:]], axis=1)"),
        "You write start over the first symbol. Nothing is overwritten: all move to the right by "
        "one, and the last one, stop, falls out.",
    ),
    Mistake(
        "zero_for_start",
        (FIRST, "first = np.zeros((len(targets), 1), int)"),
        "Your first input is 0. It is `start`, whatever number that is.",
    ),
    Mistake(
        "one_row_more",
        (INPUTS, "np.concatenate([np.full((1, targets.shape[1]), start), targets])"),
        "You add a row of start. Each row gets one start in front: a column, axis=1.",
    ),
    Mistake(
        "swapped",
        (BOTH, "    return targets, inputs"),
        "The two are turned round: first what the decoder gets, then what it is to answer.",
    ),
    Mistake(
        "inputs_alone",
        (BOTH, "    return inputs"),
        "You return the inputs alone. Return the outputs, too: they are the targets.",
    ),
    Mistake(
        "outputs_moved_too",
        (BOTH, "    return inputs, inputs"),
        "You return the inputs twice. The outputs are the targets themselves: what is given at a "
        "step is what was to be answered at the step before.",
    ),
    Mistake(
        "start_in_the_outputs",
        (BOTH, "    return targets, np.concatenate([first, targets], axis=1)"),
        "You put start in front of the outputs. The decoder never has to answer start; it gets it "
        "as its first input.",
    ),
    Mistake(
        "first_symbol_everywhere",
        lambda targets, start: (
            np.column_stack([0 * targets[:, 0] + start] + [targets[:, 0]] * (targets.shape[1] - 1)),
            targets,
        ),
        "Your loop reads what it has just written, so the first symbol spreads. Read from "
        "targets: `inputs[i, j] = targets[i, j - 1]`.",
    ),
]  # fmt: skip


# pad_left


def pad_left(rows: list[list[int]], pad: int) -> Ints:
    """Return the rows as a table, filled up on the left."""
    longest = max(map(len, rows))
    return np.array([[pad] * (longest - len(row)) + list(row) for row in rows])


def plain_pad_left(rows: list[list[int]], pad: int) -> Ints:
    """Return it as a learner computes it."""
    longest = max(len(row) for row in rows)
    table = np.full((len(rows), longest), pad)
    for i, row in enumerate(rows):
        table[i, longest - len(row) :] = row
    return table


def pad_cases(rng: Rng) -> list[Case]:
    """One row, the longest first, last or in between, an empty one, all alike, other pads."""

    def drawn(*lengths: int) -> list[list[int]]:
        """Draw rows without a symbol that comes twice; those of the longest are the smallest."""
        small, large = (rng.permutation(np.arange(low, low + 30)).tolist() for low in (10, 50))
        longest = max(lengths)
        return [[(small if n == longest else large).pop() for _ in range(n)] for n in lengths]

    return [
        Case(([[5, 3, 8], [7]], 0), "two rows, the first is longer"),
        Case(([[4, 6], [9, 2, 7, 5], [8, 3, 1]], 0), "three rows, the longest in the middle"),
        Case(([[6], [4, 9], [3, 5, 7]], -1), "the longest is the last; pad is -1"),
        Case(([[2, 7, 4]], 0), "one row"),
        Case(([[3, 1], [], [4, 8, 6]], 9), "an empty row; pad is 9"),
        Case(([[5, 2], [8, 3]], 0), "rows of one length"),
        Case(([[0, 4, 0], [6, 0]], 1), "rows with 0 in them; pad is 1"),
        Case((drawn(2, 5, 1), 0), "random rows"),
        Case((drawn(4, 3, 1, 2), 7), "random rows; pad is 7"),
    ]


LONGEST = "longest = max(len(row) for row in rows)"
TABLE = "table = np.full((len(rows), longest), pad)"
PUT = "table[i, longest - len(row) :] = row"


def _inserted(rows: list[list[int]], pad: int) -> Any:
    longest = max(len(row) for row in rows)
    for row in rows:
        while len(row) < longest:
            row.insert(0, pad)
    return np.array(rows)


def _padded_by(count: Callable[[int, int], int]) -> Callable[..., Any]:
    """Build a padding in which the number of pads in front depends on row and longest."""

    def wrong(rows: list[list[int]], pad: int) -> Any:
        longest = max(len(row) for row in rows)
        made = []
        for row in rows:
            before = count(len(row), longest)
            made.append([pad] * before + row + [pad] * (longest - len(row) - before))
        return np.array(made)

    return wrong


PAD_MISTAKES = [
    Mistake(
        "rows_changed",
        _inserted,
        "The table is right, but you change the caller's rows on the way: `insert` and "
        "`rows[i] = ...` do that. Build new ones, in a list of your own: `[pad] * n + row`.",
    ),
    Mistake(
        "on_the_right",
        _padded_by(lambda length, longest: 0),
        "You pad on the right. Then the last steps that the encoder reads are padding, and the "
        "decoder starts from there. Pad on the left.",
    ),
    Mistake(
        "centred",
        _padded_by(lambda length, longest: (longest - length) // 2),
        "You pad on both sides. All of it belongs on the left, so that the last column is the last "
        "symbol of each row.",
    ),
    Mistake(
        "zero_for_pad",
        (TABLE, "table = np.zeros((len(rows), longest), int)"),
        "You fill up with 0. Fill up with `pad`, whatever number that is.",
    ),
    Mistake(
        "minus_nothing",
        (PUT, "table[i, -len(row):] = row"),
        "It fails for an empty row: `-len(row)` is 0 then, and `[0:]` is the whole row. Write "
        "`longest - len(row)`.",
    ),
    Mistake(
        "turned_round",
        (PUT, "table[i, longest - len(row) :] = row[::-1]"),
        "You turn the rows round. They stay as they are, behind their padding.",
    ),
    Mistake(
        "padded_and_turned_round",
        (PUT, "table[i, : len(row)] = row[::-1]"),
        "You turn the rows round and pad them on the right. They stay as they are, behind their "
        "padding.",
    ),
    Mistake(
        "one_column_more",
        (LONGEST, "longest = max(len(row) for row in rows) + 1"),
        "There is a column too many. The longest row needs no padding.",
    ),
    Mistake(
        "columns_by_time",
        ("    return table", "    return table.T"),
        "Your table stands on its side. A row of the table for each row.",
    ),
    Mistake(
        "largest_row",
        (LONGEST, "longest = len(max(rows))"),
        "`max(rows)` compares the symbols, so it is not the longest row. Compare the lengths: "
        "`max(len(row) for row in rows)`.",
    ),
    Mistake(
        "length_of_the_last",
        (LONGEST, "longest = len(rows[-1])"),
        "You take the length of the last row: in a loop `longest = len(row)` overwrites what was "
        "found before. Keep the largest.",
    ),
    Mistake(
        "longest_so_far",
        lambda rows, pad: np.array(
            [
                [pad] * (max(map(len, rows[: i + 1])) - len(row)) + row
                for i, row in enumerate(rows)
            ]
        ),
        "You fill up to the longest row so far. First find the longest of all, in a loop of its "
        "own; then fill up.",
    ),
    Mistake(
        "as_wide_as_high",
        (LONGEST, "longest = len(rows)"),
        "`len(rows)` says how many rows there are. The table is as wide as the longest of them.",
    ),
    Mistake(
        "one_place_too_far",
        (PUT, "table[i, longest - len(row) - 1 :] = row"),
        "You begin one place too far left. A row of length n begins at `longest - n`.",
    ),
    Mistake(
        "zeros_replaced",
        ("    return table", "    table[table == (0 if pad else None)] = pad\n    return table"),
        "You put pad in the place of every 0. A 0 that stands in a row is a symbol and stays; "
        "begin with a table that is full of pad.",
    ),
    Mistake(
        "empty_rows_dropped",
        lambda rows, pad: pad_left([row for row in rows if row], pad),
        "You leave out a row that is empty. It becomes a row of the table that is all padding.",
    ),
    Mistake(
        "sorted_by_length",
        lambda rows, pad: pad_left(sorted(rows, key=len, reverse=True), pad),
        "You sort the rows by length. They stay in their order: each belongs to its own target.",
    ),
    Mistake(
        "made_into_an_array",
        lambda rows, pad: np.array(rows),
        "np.array makes no table of rows that differ in length. Fill each up first, on the left. "
        "(np.pad with one number pads on both sides: give it a pair, `(n, 0)`.)",
    ),
    Mistake(
        "longest_alone",
        (PUT, "table[i, longest - len(row) :] = row if len(row) == longest else pad"),
        "Only the longest row stands in your table. The shorter ones belong at its right edge.",
    ),
    Mistake(
        "length_of_the_first",
        lambda rows, pad: np.array([([pad] * len(rows[0]) + row)[-len(rows[0]) :] for row in rows]),
        "You take the length of the first row. The table is as wide as the longest row.",
    ),
    Mistake(
        "cut_to_the_shortest",
        lambda rows, pad: np.array(
            [row[len(row) - min(map(len, rows)) :] for row in rows]
        ),
        "You cut the rows to the length of the shortest. Nothing is cut: the shorter ones are "
        "filled up.",
    ),
    Mistake(
        "one_pad_each",
        lambda rows, pad: [
            row if len(row) == max(map(len, rows)) else [pad, *row] for row in rows
        ],
        "You put one pad in front of each shorter row. It takes as many as are missing: "
        "`[pad] * (longest - len(row))`.",
    ),
    Mistake(
        "rows_as_they_came",
        lambda rows, pad: rows,
        "You return the rows as they came in. Return a table: all rows as long as the longest.",
    ),
]  # fmt: skip


# attend


def attend(query: Floats, states: Floats) -> tuple[Floats, Floats]:
    """Return the mixture of the states, and the share of each."""
    scores = np.asarray(states, float) @ query
    weights = softmax(scores)
    return weights @ states, weights


def plain_attend(query: Floats, states: Floats) -> tuple[Floats, Floats]:
    """Return it as a learner computes it."""
    scores = states @ query
    weights = np.exp(scores - scores.max())
    weights = weights / weights.sum()
    return weights @ states, weights


def attend_cases(rng: Rng) -> list[Case]:
    """Take the lesson's states, one state, a query of zero, huge scores, random numbers."""
    lesson = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    other = np.array([[1.0, 2.0], [-1.0, 0.5]])
    whole = np.array([[1, -1, 0], [2, 0, -1], [0, 1, 1]])

    def drawn(rng: Rng, steps: int, units: int) -> tuple[Floats, Floats]:
        """Draw states of which one at least has a negative score."""
        while True:
            query, states = decimals(rng, units), decimals(rng, steps, units)
            if (states @ query).min() < -0.3:
                return query, states

    return [
        Case((np.array([1.0, 2.0]), lesson), "the states of the lesson"),
        Case((np.array([0.5, -1.0]), other), "two states of two units"),
        Case((np.array([0.0, 0.0]), lesson), "a query of zeros: all scores are equal"),
        Case((np.array([1.0, -1.0, 2.0]), np.array([[0.5, 2.0, -1.0]])), "a single state"),
        Case((np.array([1, 2, -1]), whole), "whole numbers"),
        Case((np.array([2.0]), np.array([[0.5], [-1.0], [0.25]])), "states of one unit"),
        Case((np.array([3000.0, 2000.0]), lesson), "huge scores"),
        Case((np.array([-900.0, -901.0]), lesson[:2]), "scores far below zero"),
        Case(drawn(always(), 4, 3), "decimals of either sign"),
        Case(drawn(rng, 2, 3)),
        Case(drawn(rng, 3, 3)),
        Case(drawn(rng, 5, 2)),
    ]


def _attend(
    *,
    scores: Callable[..., Any] = lambda query, states: states @ query,
    weigh: Callable[..., Any] = lambda scores: softmax(scores),
    mix: Callable[..., Any] = lambda weights, states, query: weights @ states,
    give: Callable[..., Any] = lambda context, weights: (context, weights),
) -> Callable[..., Any]:
    """Build a look back that differs from the right one in one place."""

    def wrong(query: Floats, states: Floats) -> Any:
        with np.errstate(all="ignore"):
            weights = weigh(np.asarray(scores(query, states), float))
            return give(mix(weights, states, query), weights)

    return wrong


def _divided(scores: Floats) -> Any:
    return scores / scores.sum()


def _of_length_one(vector: Floats) -> Any:
    return vector / np.linalg.norm(vector)


def _scores_of_the_units(query: Floats, states: Floats) -> Any:
    weights = softmax((states * query).sum(axis=0))
    return states @ weights, weights


ATTEND_MISTAKES = [
    Mistake(
        "overflow",
        _attend(weigh=lambda scores: np.exp(scores) / np.exp(scores).sum()),
        "Huge scores overflow in exp, and scores far below zero give 0 / 0. Subtract the largest "
        "score first; that changes no weight.",
    ),
    Mistake(
        "smallest_subtracted",
        _attend(weigh=lambda s: np.exp(s - s.min()) / np.exp(s - s.min()).sum()),
        "You subtract the smallest score, so the largest may still overflow. Subtract the largest.",
    ),
    Mistake(
        "scaled",
        _attend(scores=lambda query, states: states @ query / np.sqrt(len(query))),
        "You divide the scores by the root of the number of units, as transformers do. Here the "
        "scores are the dot products themselves.",
    ),
    Mistake(
        "divided_by_units",
        _attend(scores=lambda query, states: (states * query).mean(axis=1)),
        "You take the mean of the products. A dot product is their sum.",
    ),
    Mistake(
        "cosines",
        _attend(
            scores=lambda query, states: (
                states
                @ query
                / np.maximum(np.linalg.norm(states, axis=1) * np.linalg.norm(query), 1e-300)
            )
        ),
        "You divide the scores by the lengths of the vectors. Here a score is the dot product "
        "as it is.",
    ),
    Mistake(
        "distances",
        _attend(scores=lambda query, states: -((states - query) ** 2).sum(axis=1)),
        "You compare by distance. A score is the dot product of a state with the query.",
    ),
    Mistake(
        "distances_not_squared",
        _attend(scores=lambda query, states: -np.linalg.norm(states - query, axis=1)),
        "You compare by distance. A score is the dot product of a state with the query.",
    ),
    Mistake(
        "states_plus_query",
        _attend(scores=lambda query, states: np.tanh(states + query).sum(axis=1)),
        "You compare by adding, as the first networks that looked back did, with weights of their "
        "own. Here a score is the dot product of a state with the query.",
    ),
    Mistake(
        "absolute",
        _attend(scores=lambda query, states: np.abs(states @ query)),
        "You take the size of the scores. A negative score is a small one: leave its sign.",
    ),
    Mistake(
        "query_from_the_left",
        _attend(scores=lambda query, states: query @ states),
        "`query @ states` goes down the columns. Each row of states is a state, and its score is "
        "its product with the query: `states @ query`.",
    ),
    Mistake(
        "sign",
        _attend(scores=lambda query, states: -(states @ query)),
        "Your sign is turned round: the state with the largest score gets the largest weight.",
    ),
    Mistake(
        "no_softmax",
        _attend(weigh=lambda scores: scores),
        "You mix by the scores themselves. Weights are positive and add up to 1: softmax of the "
        "scores.",
    ),
    Mistake(
        "not_divided",
        _attend(weigh=lambda scores: np.exp(scores - scores.max())),
        "Your weights do not add up to 1. Divide the exponentials by their sum.",
    ),
    Mistake(
        "divided_by_the_sum",
        _attend(weigh=_divided),
        "You divide the scores by their sum. Scores may be negative: take exp of each first.",
    ),
    Mistake(
        "sigmoid",
        _attend(weigh=lambda scores: 1 / (1 + np.exp(-scores))),
        "You squash each score by itself. The weights share a whole of 1: softmax.",
    ),
    Mistake(
        "divided_by_the_sum_of_scores",
        _attend(weigh=lambda scores: np.exp(scores - scores.max()) / scores.sum()),
        "You divide by the sum of the scores. Divide the exponentials by the sum of the "
        "exponentials.",
    ),
    Mistake(
        "largest_alone",
        _attend(weigh=lambda scores: (scores == scores.max()) * 1.0),
        "You take the state with the largest score alone. That step has no slope; softmax gives "
        "each state a share.",
    ),
    Mistake(
        "divided_by_their_number",
        _attend(weigh=lambda scores: np.exp(scores - scores.max()) / len(scores)),
        "You divide the exponentials by their number. Divide by their sum, so that the weights "
        "add up to 1.",
    ),
    Mistake(
        "subtracted_after_exp",
        _attend(weigh=lambda scores: _divided(np.exp(scores) - scores.max())),
        "You subtract the largest score after exp. Subtract it inside: np.exp(scores - largest).",
    ),
    Mistake(
        "power_of_two",
        _attend(weigh=lambda scores: _divided(np.exp2(scores - scores.max()))),
        "You raise 2 to the scores. softmax takes powers of e: np.exp.",
    ),
    Mistake(
        "mean",
        _attend(mix=lambda weights, states, query: states.mean(axis=0)),
        "The weights are right, but the context is the plain mean of the states. Each state "
        "counts by its weight: `weights @ states`.",
    ),
    Mistake(
        "weighted_mean_divided",
        _attend(mix=lambda weights, states, query: weights @ states / len(states)),
        "The weights are right, but you divide the mixture by the number of states. The weights "
        "add up to 1 already.",
    ),
    Mistake(
        "chosen_state",
        _attend(mix=lambda weights, states, query: states[weights.argmax()]),
        "The weights are right, but the context is a single state. Add up all states, each times "
        "its weight: `weights @ states`.",
    ),
    Mistake(
        "chosen_state_times_its_weight",
        _attend(mix=lambda weights, states, query: weights.max() * states[weights.argmax()]),
        "The weights are right, but the context is one state times its weight. Add up all states, "
        "each times its weight: `weights @ states`.",
    ),
    Mistake(
        "first_state_left_out",
        _attend(mix=lambda weights, states, query: weights[1:] @ states[1:]),
        "The first state is missing from the mixture. Counting starts at 0.",
    ),
    Mistake(
        "scores_mixed",
        _attend(mix=lambda weights, states, query: (states @ query) @ states),
        "The weights are right, but you mix the states by their scores. Mix them by the weights: "
        "`weights @ states`.",
    ),
    Mistake(
        "not_added_up",
        _attend(mix=lambda weights, states, query: weights[:, None] * states),
        "You multiply each state by its weight; the sum over the states is missing: "
        "`weights @ states`.",
    ),
    Mistake(
        "added_up_over_the_units",
        _attend(mix=lambda weights, states, query: (weights[:, None] * states).sum(axis=1)),
        "You add up over the units of each state. Add up over the states: axis=0, or "
        "`weights @ states`.",
    ),
    Mistake(
        "weights_from_the_right",
        _attend(mix=lambda weights, states, query: states @ weights),
        "`states @ weights` goes along the units. There is a weight for each row of states: "
        "`weights @ states`.",
    ),
    Mistake(
        "context_of_length_one",
        _attend(mix=lambda weights, states, query: _of_length_one(weights @ states)),
        "The weights are right, but you divide the context by its length. It is the mixture "
        "itself.",
    ),
    Mistake(
        "query_in_the_mixture",
        _attend(mix=lambda weights, states, query: (weights @ states) * query),
        "You multiply the mixture by the query. The query decides the weights, and nothing more: "
        "`weights @ states`.",
    ),
    Mistake(
        "query_added",
        _attend(mix=lambda weights, states, query: weights @ states + query),
        "You add the query to the mixture. The context comes from the states alone.",
    ),
    Mistake(
        "one_number",
        _attend(mix=lambda weights, states, query: float(weights @ (states @ query))),
        "Your context is one number, a mean of scores. It is a mixture of the states: "
        "`weights @ states`, shape (units,).",
    ),
    Mistake(
        "best_and_its_place",
        lambda query, states: (states[(states @ query).argmax()], int((states @ query).argmax())),
        "You choose the state with the largest score, and return its place. Nothing is chosen: "
        "each state has a weight, by softmax, and the context mixes all of them.",
    ),
    Mistake(
        "one_softmax_of_all_products",
        lambda query, states: (
            (softmax((states * query).ravel()).reshape(states.shape) * states).sum(axis=0),
            softmax((states * query).ravel()).reshape(states.shape),
        ),
        "`states * query` is not added up, so each number of a state has a weight of its own. A "
        "state has one score: `states @ query`.",
    ),
    Mistake(
        "turned_round",
        _attend(give=lambda context, weights: (weights, context)),
        "The two are turned round: first the context, then the weights.",
    ),
    Mistake(
        "scores_returned",
        lambda query, states: (attend(query, states)[0], states @ query),
        "The context is right, but you return the scores. Return the weights: their softmax.",
    ),
    Mistake(
        "context_alone",
        _attend(give=lambda context, weights: context),
        "You return the context alone. Return the weights, too: they say where it looked.",
    ),
    Mistake(
        "weights_alone",
        _attend(give=lambda context, weights: weights),
        "You return the weights alone. The context is the mixture that they make: "
        "`weights @ states`.",
    ),
    Mistake(
        "a_column_of_weights",
        _attend(give=lambda context, weights: (context, weights[:, None])),
        "Your weights stand in a column. Return shape (steps,).",
    ),
    Mistake(
        "shifted_above_alone",
        _attend(weigh=lambda scores: np.exp(scores - scores.max()) / np.exp(scores).sum()),
        "You subtract the largest score above the line alone. Subtract it first, from all "
        "scores, and use these above and below.",
    ),
    Mistake(
        "divided_by_the_largest",
        _attend(weigh=lambda scores: softmax(scores / scores.max())),
        "You divide the scores by the largest. Subtract it: only that changes no weight.",
    ),
    Mistake(
        "scores_of_the_units",
        _scores_of_the_units,
        "You add up over the steps, which leaves a score for each unit. Each state has one: add"
        " up over its units, axis=1, or `states @ query`.",
    ),
]


# beam_search


def beam_search(
    log_p: Floats, start: int, stop: int, width: int, longest: int
) -> tuple[list[int], float]:
    """Return the best sequence that a beam finds, and its log probability."""
    beams = [(0.0, [start])]
    for _ in range(longest):
        longer = []
        for total, tokens in beams:
            if tokens[-1] == stop:
                longer.append((total, tokens))
                continue
            for token in range(len(log_p)):
                longer.append((total + log_p[tokens[-1], token], [*tokens, token]))
        beams = sorted(longer, reverse=True)[:width]
    total, tokens = beams[0]
    return tokens[1:], float(total)


# Chances in hundredths, a row for what comes after each symbol: drawn until each way to keep the
# wrong beginnings ended at another sequence on some of them, whatever the third digit.
HAND = [[1, 1, 39, 59], [25, 25, 25, 25], [1, 89, 5, 5], [1, 54, 30, 15]]
FOUR = [[25, 1, 20, 54], [73, 1, 18, 8], [13, 1, 56, 28], [6, 1, 32, 61]]
AGAIN = [[4, 35, 1, 60], [22, 8, 20, 50], [8, 6, 3, 83], [27, 20, 22, 31]]
OTHER_FOUR = [[40, 1, 35, 24], [1, 1, 4, 94], [14, 1, 50, 35], [45, 1, 19, 35]]
SHORT = [[1, 48, 24, 11, 16], [1, 14, 1, 57, 27], [1, 16, 5, 42, 36], [1, 33, 11, 37, 18],
         [1, 12, 52, 31, 4]]  # fmt: skip
FIVE = [[1, 1, 8, 70, 20], [11, 1, 17, 48, 23], [44, 1, 1, 4, 50], [19, 1, 9, 16, 55],
        [29, 1, 42, 21, 7]]  # fmt: skip
LONG = [[24, 4, 47, 24, 1], [25, 34, 22, 18, 1], [7, 8, 5, 79, 1], [14, 40, 24, 21, 1],
        [8, 27, 25, 39, 1]]  # fmt: skip


def beam_cases(rng: Rng) -> list[Case]:
    """Take a table by hand, narrow and wide, cut short; tables on which shortcuts fail."""

    def case(about: str, hundredths: list[list[int]], *numbers: int) -> Case:
        return Case((np.log(np.array(hundredths) / 100), *numbers), about)

    def drawn(hundredths: list[list[int]], *numbers: int) -> Case:
        """Give other numbers to the symbols between start and stop, and stir the chances."""
        chances = np.array(hundredths) * rng.uniform(0.999, 1.001, np.shape(hundredths))
        names = np.arange(len(chances))
        others = np.setdiff1d(names, numbers[:2])
        names[others] = rng.permutation(others)
        chances = chances[np.ix_(names, names)]
        return Case((np.log(chances / chances.sum(axis=1, keepdims=True)), *numbers))

    return [
        case("two symbols, 2 and 3; a beam of one", HAND, 0, 1, 1, 4),
        case("the same with a beam of two", HAND, 0, 1, 2, 4),
        case("one symbol is all that may be written", HAND, 0, 1, 2, 1),
        case("a beam wider than there are symbols", HAND, 0, 1, 6, 3),
        case("start is 1, stop is 2", FOUR, 1, 2, 2, 5),
        case("the same with a beam of three", FOUR, 1, 2, 3, 5),
        case("the same, cut off after two symbols", FOUR, 1, 2, 2, 2),
        case("other chances, a beam of three", OTHER_FOUR, 1, 2, 3, 5),
        case("start, which is 3, may be written again", AGAIN, 3, 1, 3, 5),
        case("five symbols", SHORT, 0, 4, 2, 4),
        case("five others", FIVE, 1, 0, 2, 4),
        case("the best is cut off before it is finished", LONG, 4, 0, 2, 5),
        drawn(FOUR, 1, 2, 2, 5),
        drawn(SHORT, 0, 4, 2, 4),
        drawn(FIVE, 1, 0, 2, 4),
        drawn(LONG, 4, 0, 2, 5),
    ]


BEGIN = "beams = [(0.0, [start])]"
DONE = """            if tokens[-1] == stop:
                longer.append((total, tokens))
                continue
"""
GROWN = "longer.append((total + log_p[tokens[-1], token], [*tokens, token]))"
ADDED = "total + log_p[tokens[-1], token]"
ROUNDS = "for _ in range(longest):"
KEEP = "beams = sorted(longer, reverse=True)[:width]"
BEST = "    total, tokens = beams[0]\n    return"
ANSWER = "return tokens[1:], float(total)"
FINISHED = "[beam for beam in beams if beam[1][-1] == stop]"

BEAM_MISTAKES = [
    Mistake(
        "greedy",
        (KEEP, KEEP.replace("width", "1")),
        "You follow one beginning only: that is greedy writing. Continue each kept beginning by "
        "every symbol, and keep the `width` best of them all.",
    ),
    Mistake(
        "everything_kept",
        (KEEP, KEEP.replace("[:width]", "")),
        "You find the best sequence there is, however narrow the beam. A beam keeps `width` "
        "beginnings after each step, drops all others, and may miss it.",
    ),
    Mistake(
        "one_too_many",
        (KEEP, KEEP.replace("width", "width + 1")),
        "You keep one beginning too many: `[:width]` has width of them.",
    ),
    Mistake(
        "one_too_few",
        (KEEP, KEEP.replace("width", "max(width - 1, 1)")),
        "You keep one beginning too few: `[:width]` has width of them.",
    ),
    Mistake(
        "worst_kept",
        (KEEP, KEEP.replace(", reverse=True", "")),
        "You keep the least probable beginnings. Logarithms of probabilities are negative: the "
        "best is the one nearest to 0, the largest. sorted(..., reverse=True).",
    ),
    Mistake(
        "best_at_the_end_is_the_worst",
        (BEST, BEST.replace("beams[0]", "min(beams)")),
        "You return the least probable of those kept. The largest log probability is the one "
        "nearest to 0.",
    ),
    Mistake(
        "first_finished",
        (KEEP, f"{KEEP}\n        if finished := {FINISHED}:\n"
               "            return finished[0][1][1:], float(finished[0][0])"),
        "You return the first sequence that is finished. Another beginning may be more probable "
        "still: take all `longest` steps, and choose at the end.",
    ),
    Mistake(
        "first_finished_a_step_later",
        (DONE, "            if tokens[-1] == stop:\n                return tokens[1:], total\n"),
        "You return the first sequence that is finished. Another beginning may be more probable "
        "still: take all `longest` steps, and choose at the end.",
    ),
    Mistake(
        "finished_or_nothing",
        ((BEGIN, f"{BEGIN}\n    ever = []"), (KEEP, f"{KEEP}\n        ever += {FINISHED}"),
         (BEST, f"    beams = [max(ever)]\n{BEST}")),
        "At the end you look at finished sequences alone, and there may be none. When `longest` is "
        "reached, the most probable of those kept counts, finished or not.",
    ),
    Mistake(
        "only_finished",
        (BEST, f"    beams = {FINISHED} or beams\n{BEST}"),
        "At the end you look at finished sequences alone. When `longest` is reached, the most "
        "probable of those kept counts, finished or not.",
    ),
    Mistake(
        "finished_outside_the_beam",
        ((BEGIN, f"{BEGIN}\n    ever = []"),
         (KEEP, f"ever += [beam for beam in longer if beam[1][-1] == stop]\n        {KEEP}"),
         (BEST, f"    beams = sorted(beams + ever, reverse=True)\n{BEST}")),
        "You keep every sequence that was ever finished. One that is not among the `width` best "
        "of its step is dropped, finished or not.",
    ),
    Mistake(
        "finished_kept_apart",
        ((BEGIN, f"{BEGIN}\n    ever = []"), (KEEP, f"{KEEP}\n        ever += {FINISHED}"),
         (BEST, f"    beams = sorted(beams + ever, reverse=True)\n{BEST}")),
        "You keep finished sequences apart, where none is ever dropped. Here they compete with the "
        "others: where `width` beginnings are more probable, a finished one is dropped, too.",
    ),
    Mistake(
        "finished_dropped",
        (DONE, DONE.replace("longer.append((total, tokens))\n                ", "")),
        "Finished sequences disappear in the next step. They stay as they are and compete with "
        "the others.",
    ),
    Mistake(
        "finished_continued",
        (DONE, ""),
        "You write on after stop. A sequence that ends with stop is finished: take it over as it "
        "is.",
    ),
    Mistake(
        "finished_continued_until_one_is_best",
        ((DONE, ""), (KEEP, f"{KEEP}\n        if beams[0][1][-1] == stop:\n            break")),
        "You write on after stop where a finished sequence is not the best of its step. Take each "
        "one that ends with stop over as it is.",
    ),
    Mistake(
        "stop_added",
        (BEST, "    total, tokens = beams[0]\n    tokens = tokens + [stop] * (tokens[-1] != stop)\n"
               "    return"),
        "You add a stop that was not written. When `longest` is reached, return what there is.",
    ),
    Mistake(
        "start_never_written",
        ("for token in range(len(log_p)):", "for token in set(range(len(log_p))) - {start}:"),
        "You never write start. Here it is a symbol like the others: continue each beginning by "
        "every one.",
    ),
    Mistake(
        "no_symbol_twice",
        ("for token in range(len(log_p)):",
         "for token in set(range(len(log_p))) - set(tokens):"),
        "You write no symbol twice. A sequence may repeat itself: continue each beginning by every "
        "symbol.",
    ),
    Mistake(
        "chosen_by_the_last_step",
        (KEEP, "beams = sorted(longer, key=lambda beam: -log_p[beam[1][-2], beam[1][-1]])"
               "[:width]"),
        "You choose by the last symbol alone. Keep the beginnings whose sum over all symbols is "
        "largest.",
    ),
    Mistake(
        "first_symbol_left_out",
        ("range(len(log_p))", "range(1, len(log_p))"),
        "You never write symbol 0. Continue each beginning by every symbol: range(len(log_p)).",
    ),
    Mistake(
        "not_sorted",
        (KEEP, "beams = longer[:width]"),
        "You keep the first ones, not the best. Sort them first, the largest in front.",
    ),
    Mistake(
        "sorted_by_symbols",
        (KEEP, "beams = sorted(longer, key=lambda beam: beam[1], reverse=True)[:width]"),
        "You sort by the symbols. Sort by the log probability: put it first in each pair, or name "
        "it as the key.",
    ),
    Mistake(
        "first_symbol_alone",
        ((BEGIN, f"{BEGIN}\n    longer = []"), ("        longer = []\n        for total",
                                              "        for total")),
        "You return the best first symbol. Either `return` stands inside the loop; or the list of "
        "candidates is never emptied, and short beginnings stay in it: each step begins with an "
        "empty one.",
    ),
    Mistake(
        "width_for_each",
        (("for token in range(len(log_p)):",
          "for token in np.argsort(-log_p[tokens[-1]])[:width].tolist():"),
         (KEEP, KEEP.replace("[:width]", ""))),
        "You keep `width` continuations of each beginning, so they become more and more. Of all of "
        "them together, keep `width`.",
    ),
    Mistake(
        "wide_at_first_alone",
        (KEEP, "keep = width if len(beams[0][1]) == 1 else 1\n        best = {}\n"
               "        for beam in sorted(longer):\n"
               "            best[tuple(beam[1][: max(len(beam[1]) - 1, 2)])] = beam\n"
               "        beams = sorted(best.values(), reverse=True)[: max(keep, len(beams))]"),
        "You choose the first symbol widely, and go on greedily from each. At every step the "
        "`width` best of all continuations stay.",
    ),
    Mistake(
        "probabilities_added",
        (ADDED, "total + np.exp(log_p[tokens[-1], token])"),
        "You add probabilities. They multiply, so their logarithms add up: add log_p as it is.",
    ),
    Mistake(
        "last_step_alone",
        (ADDED, "log_p[tokens[-1], token]"),
        "You compare by the last symbol alone. The log probability of a sequence is the sum over "
        "all of its symbols.",
    ),
    Mistake(
        "logarithms_multiplied",
        ((BEGIN, "beams = [(1.0, [start])]"), (ADDED, "total * log_p[tokens[-1], token]")),
        "You multiply logarithms. Probabilities multiply; their logarithms add up.",
    ),
    Mistake(
        "row_of_start",
        (ADDED, "total + log_p[start, token]"),
        "You always take the row of start. What comes next depends on the last symbol written: "
        "`log_p[tokens[-1], token]`.",
    ),
    Mistake(
        "columns",
        (ADDED, "total + log_p[token, tokens[-1]]"),
        "You read the table by columns. The row is the last symbol, the column the next one: "
        "`log_p[tokens[-1], token]`.",
    ),
    Mistake(
        "mean_at_the_end",
        (BEST, f"    beams = sorted(beams, key=lambda b: b[0] / (1 - len(b[1])))\n{BEST}"),
        "You compare by the mean over the symbols. That favours long sequences, and some programs "
        "do it; here the sum counts.",
    ),
    Mistake(
        "mean_everywhere",
        (KEEP, "beams = sorted(longer, key=lambda b: b[0] / (1 - len(b[1])))[:width]"),
        "You divide by the length at each step. That favours long sequences, and some programs do "
        "it; here the sum counts.",
    ),
    Mistake(
        "one_step_more",
        (ROUNDS, "for _ in range(longest + 1):"),
        "You write one symbol too many. `longest` is the most that may be written, stop included.",
    ),
    Mistake(
        "one_step_less",
        (ROUNDS, "for _ in range(longest - 1):"),
        "You write one symbol too few: `longest` symbols may be written, start not counted.",
    ),
    Mistake(
        "one_list_for_all",
        (GROWN, "tokens.append(token)\n                longer.append((total + "
                "log_p[tokens[-2], token], tokens))"),
        "`append` changes the one list that all beginnings share. Make a new one for each: "
        "`tokens + [token]`.",
    ),
    Mistake(
        "start_included",
        (ANSWER, "return tokens, float(total)"),
        "Your tokens begin with start. It was not written: return what comes after it.",
    ),
    Mistake(
        "stop_left_out",
        (ANSWER, "return [token for token in tokens[1:] if token != stop], float(total)"),
        "You take stop away. It was written, and its probability is in the sum: return it, too.",
    ),
    Mistake(
        "probability",
        (ANSWER, "return tokens[1:], float(np.exp(total))"),
        "The tokens are right, but you return the probability. Return its logarithm, the sum.",
    ),
    Mistake(
        "minus",
        (ANSWER, "return tokens[1:], -float(total)"),
        "The tokens are right, but the sign of the sum is turned round: a log probability is "
        "negative.",
    ),
    Mistake(
        "mean_returned",
        (ANSWER, "return tokens[1:], float(total) / len(tokens[1:])"),
        "The tokens are right, but you divide the sum by their number. Return the sum.",
    ),
    Mistake(
        "turned_round",
        (ANSWER, "return float(total), tokens[1:]"),
        "The two are turned round: first the tokens, then their log probability.",
    ),
    Mistake(
        "tokens_alone",
        (ANSWER, "return tokens[1:]"),
        "You return the tokens alone. Return their log probability, too.",
    ),
    Mistake(
        "all_of_the_beam",
        (ANSWER, "return [b[1][1:] for b in beams], [b[0] for b in beams]"),
        "You return all that is kept. Return the best alone.",
    ),
    Mistake(
        "total_grows",
        (GROWN, "total += log_p[tokens[-1], token]\n" + 16 * " " + GROWN.replace(ADDED, "total")),
        "`total +=` changes the total of the beginning, and the next symbols add to that. "
        "Compute a new one for each symbol: `total + log_p[...]`.",
    ),
    Mistake(
        "pair_as_it_is",
        (ANSWER, "return float(total), tokens"),
        "You return the pair as you kept it, the log probability first. Return the tokens "
        "without start, then the log probability.",
    ),
]  # fmt: skip


# read_numbers: an open task

KNOWN, ASKED = 2000, 200
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


def read_numbers(train_texts: list[str], train_numbers: Ints, test_texts: list[str]) -> Ints:
    """Let each pair of neighbouring words add a number of its own: least squares."""
    texts, n = [*train_texts, *test_texts], len(train_texts)
    words = [[*text.split(), "end"] for text in texts]
    pairs = [list(pairwise(row)) for row in words]
    known = sorted({pair for row in pairs[:n] for pair in row})
    place = {pair: column for column, pair in enumerate(known)}
    table = np.zeros((len(texts), len(known)))
    for i, row in enumerate(pairs):
        for pair in row:
            if pair in place:
                table[i, place[pair]] += 1
    adds = np.linalg.lstsq(table[:n], train_numbers, rcond=None)[0]
    return np.rint(table[n:] @ adds).astype(int)


def word_by_word(train_texts: list[str], train_numbers: Ints, test_texts: list[str]) -> Ints:
    """Take the number of the text that has the most words in common."""
    words = sorted({word for text in train_texts for word in text.split()})
    train, test = (
        np.array([[word in text.split() for word in words] for text in texts], float)
        for texts in (train_texts, test_texts)
    )
    nearest: Ints = train_numbers[(test @ train.T - train.sum(axis=1) / 100).argmax(axis=1)]
    return nearest


def misread(value: Any, case: Case) -> str:
    """Say what is wrong with numbers that show a slip of their own; empty if none is seen."""
    if isinstance(value, list) and value and all(isinstance(entry, str) for entry in value):
        return f"You return texts such as {value[0][:20]!r}. Return whole numbers: int(...)."
    if not (isinstance(value, np.ndarray) and value.dtype.kind in "iuf"):
        return ""
    if value.shape == (len(case.arguments[1]),):
        return "You read the texts that you learned from. Return a number for each of test_texts."
    if value.shape == (*case.hidden.shape, 4):
        return (
            "You return the digits of each number. Put them together: "
            "`digits @ np.array([1000, 100, 10, 1])`."
        )
    if value.shape != case.hidden.shape or not np.isfinite(value).all():
        return ""
    return _misread(value, case.hidden)


def _misread(value: Floats, truth: Ints) -> str:
    if np.all(value == value[0]):
        return f"You answer {value[0]:g} for every text, whatever it says."
    if np.any(value != np.rint(value)):
        shown = float(value[value != np.rint(value)][0])
        return f"You return numbers such as {shown!r}. Round them: `np.rint(...).astype(int)`."
    if np.mean(truth - value == 1) > 0.1:
        return (
            "Many of your numbers are too small by one: `astype(int)` cuts 236.9999 off to 236. "
            "Round first: `np.rint(...).astype(int)`."
        )
    digits = [f"{int(abs(number)):04d}" for number in value]
    turned = [digit[::-1] == f"{right:04d}" for digit, right in zip(digits, truth, strict=True)]
    if np.mean(turned) > 0.5:
        return "You write the digits from the wrong end: the thousands come first."
    if np.array_equal(np.sort(value), np.sort(truth)) and not np.array_equal(value, truth):
        return "The numbers are right, but in another order. Keep the order of test_texts."
    return ""


def _in_tens(number: int, word: dict[str, str]) -> list[str]:
    """Say the large places first, as English does; 11 to 19 have words of their own."""
    said = []
    for size in (1000, 100):
        digit = number // size % 10
        said += [word[f"{digit}"], word[f"of {size}"]] if digit else []
    rest = number % 100
    if 10 < rest < 20:
        return [*said, word[f"{rest}"]]
    said += [word[f"{rest // 10}"], word["of 10"]] if rest >= 10 else []
    return [*said, word[f"{rest % 10}"]] if rest % 10 else said


def _in_twenties(number: int, word: dict[str, str]) -> list[str]:
    """Say the small places first, and count by twenties."""
    said = []
    for size in (1, 20, 400, 8000):
        digit = number // size % 20
        said += [word[f"{digit}"]] if digit else []
        said += [word[f"of {size}"]] if digit and size > 1 else []
    return said


MEANINGS = [*map(str, range(1, 20)), *(f"of {n}" for n in (10, 100, 1000, 20, 400, 8000))]


def numeral_cases(rng: Rng) -> list[Case]:
    """Draw the words of two languages; one counts by tens, one by twenties."""
    ways = [_in_tens, _in_twenties]
    cases = []
    for way in rng.permutation(2):
        sounds = rng.choice(len(SYLLABLES), (40, 2), replace=True)
        words = dict.fromkeys("".join(SYLLABLES[s] for s in pair) for pair in sounds)
        word = dict(zip(MEANINGS, words, strict=False))
        numbers = 1 + rng.choice(9999, KNOWN + ASKED, replace=False)
        texts = [" ".join(ways[way](int(number), word)) for number in numbers]
        arguments = texts[:KNOWN], numbers[:KNOWN], texts[KNOWN:]
        about = f"{KNOWN:,} numbers in a language to learn from, {ASKED} to read"
        cases.append(Case(arguments, about, hidden=numbers[KNOWN:]))
    return cases


CHECKS = (
    Check(gru_step, 2, gru_cases, GRU_MISTAKES, ("h",), plain=plain_gru_step),
    Check(
        teacher_forcing,
        1,
        forcing_cases,
        FORCING_MISTAKES,
        ("inputs", "outputs"),
        plain=plain_teacher_forcing,
    ),
    Check(pad_left, 1, pad_cases, PAD_MISTAKES, ("table",), plain=plain_pad_left),
    Check(attend, 1, attend_cases, ATTEND_MISTAKES, ("context", "weights"), plain=plain_attend),
    Check(beam_search, 2, beam_cases, BEAM_MISTAKES, ("tokens", "total")),
    Check(
        read_numbers,
        3,
        numeral_cases,
        (),
        ("numbers",),
        seconds=20.0,
        goal=Goal(
            accuracy,
            bars=(0.2, 0.6, 0.95),
            advice=(
                "Hardly a number is read. What a word adds depends on its neighbour: look at the "
                "texts of numbers below 100, then at some that differ in one digit.",
                "Some numbers are read. Which are not? Print the texts of a few training numbers "
                "that your function reads wrongly: 11 to 19, zeros, a word at the end that has no "
                "neighbour.",
                "Nearly there. Look at the training numbers that are still read wrongly, and ask "
                "which word or which pair of words they share. A trained network needs more steps.",
            ),
            untrained=word_by_word,
            name="the share of numbers that are read right",
            slip=misread,
        ),
    ),
)

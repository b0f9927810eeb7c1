"""Lesson 16, the LSTM: a step forward and back, the belt, Reber's grammar, adding, a memory.

The blocks of the weights stand side by side in the order i, f, g, o. Vectors have no batch
axis: x is (inputs,), h and c are (units,).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal, accuracy
from dlcourse.datasets.sequences import REBER
from dlcourse.nn.layers.lstm import LSTMCache

Floats = NDArray[np.floating[Any]]
Rng = np.random.Generator
Pair = tuple[Any, Any]
Grammar = list[dict[str, int]]


def sigmoid(z: Floats) -> Floats:
    """Return the logistic function."""
    result: Floats = 1 / (1 + np.exp(-z))
    return result


# lstm_step


def lstm_step(x: Floats, h: Floats, c: Floats, W: Floats, U: Floats, b: Floats) -> Pair:  # noqa: N803
    """Return the hidden state and the cell after one step."""
    layer = nn.LSTM(len(h))
    x, h, c, W, U, b = (np.asarray(array, float) for array in (x, h, c, W, U, b))  # noqa: N806
    layer.params = {"kernel": W, "recurrent_kernel": U, "bias": b}
    _, cache = layer.forward(x[None, None], initial_state=(h[None], c[None]))
    hidden, cell = cache.final_state
    return hidden[0].copy(), cell[0].copy()


def plain_lstm_step(
    x: Floats,
    h: Floats,
    c: Floats,
    W: Floats,  # noqa: N803
    U: Floats,  # noqa: N803
    b: Floats,
) -> Pair:
    """Return the same, as a learner writes it."""
    i, f, g, o = (x @ W + h @ U + b).reshape(4, len(h))
    i, f, o = (1 / (1 + np.exp(-z)) for z in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


def step_cases(rng: Rng) -> list[Case]:
    """Draw the lesson's cell, a first step from zero, gates wide open and shut, random ones."""
    lesson = ([1.0], [0.5], [0.2], [[0.5, 0.3, 0.8, 0.6]], [[0.1, -0.2, 0.4, 0.2]], [0, 1.0, 0, 0])
    keeps = ([1.0], [0.5], [2.0], [[0.0] * 4], [[0.0] * 4], [-9.0, 9, 1, 0])
    cases = [
        Case(tuple(np.array(part) for part in lesson), "the cell that the lesson works by hand"),
        Case(
            tuple(np.array(part) for part in keeps),
            "the input gate is nearly shut, the forget gate nearly open",
        ),
    ]

    def drawn(rng: Rng, inputs: int, units: int) -> tuple[Floats, ...]:
        """Draw a step after which no cell is nearly empty: there tanh changes nothing."""
        sizes = (inputs,), (units,), (units,), (inputs, 4 * units), (units, 4 * units), (4 * units,)
        while True:
            arguments = tuple(decimals(rng, *size) for size in sizes)
            if np.abs(lstm_step(*arguments)[1]).min() > 0.05:
                return arguments

    whole = ([1, -2], [1], [-1], [[1, -1, 0, 1], [0, 1, 1, -1]], [[1, 0, -1, 1]], [0, 1, 0, -1])
    x, h, c, *weights = drawn(rng, 2, 2)
    return [
        *cases,
        Case(tuple(np.array(part) for part in whole), "whole numbers"),
        Case(drawn(always(), 3, 2), "decimals of either sign"),
        Case((x, 0 * h, 0 * c, *weights), "a first step: h and c are zero"),
        *(Case(drawn(rng, *size)) for size in ((1, 1), (1, 2), (2, 2), (3, 2), (2, 2))),
    ]


def _step(
    *,
    blocks: str = "ifgo",
    squash: dict[str, Callable[..., Any]] | None = None,
    cell: Callable[..., Floats] = lambda c, i, f, g: f * c + i * g,
    hidden: Callable[..., Floats] = lambda o, c, old: o * np.tanh(c),
    z: Callable[..., Floats] = lambda x, h, W, U, b: x @ W + h @ U + b,  # noqa: N803
    give: Callable[[Floats, Floats], Any] = lambda h, c: (h, c),
) -> Callable[..., Any]:
    """Build a step that differs from the right one in one place."""
    by_name: dict[str, Callable[..., Any]] = dict.fromkeys("ifo", sigmoid)
    by_name |= {"g": np.tanh} | (squash or {})

    def step(x: Floats, h: Floats, c: Floats, W: Floats, U: Floats, b: Floats) -> Any:  # noqa: N803
        parts = dict(zip(blocks, z(x, h, W, U, b).reshape(4, len(h)), strict=True))
        i, f, g, o = (by_name[name](parts[name]) for name in "ifgo")
        new = cell(c, i, f, g)
        return give(hidden(o, new, c), new)

    return step


def _step_in_place(
    x: Floats,
    h: Floats,
    c: Floats,
    W: Floats,  # noqa: N803
    U: Floats,  # noqa: N803
    b: Floats,
) -> Any:
    i, f, g, o = (x @ W + h @ U + b).reshape(4, len(h))
    c *= sigmoid(f)
    c += sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def _cell_for_the_hidden_state(
    x: Floats,
    h: Floats,
    c: Floats,
    W: Floats,  # noqa: N803
    U: Floats,  # noqa: N803
    b: Floats,
) -> Any:
    i, f, g, o = (x @ W + c @ U + b).reshape(4, len(c))
    new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(new), new


STEP_MISTAKES = [
    Mistake(
        "cell_for_the_hidden_state",
        _cell_for_the_hidden_state,
        "You multiply U by the cell c. The gates read what is shown, the hidden state: `h @ U`. "
        "The cell only stays on the belt.",
    ),
    Mistake(
        "tanh_output_gate",
        _step(squash={"o": np.tanh}),
        "Your output gate is a tanh. Gates lie between 0 and 1: i, f and o are sigmoids, and only "
        "the candidate g is a tanh.",
    ),
    Mistake(
        "in_place",
        _step_in_place,
        "The numbers are right, but `c *= ...` changes the caller's cell in place. Write "
        "`c = f * c + i * g`: that makes a new array.",
    ),
    Mistake(
        "returned_in_the_other_order",
        _step(give=lambda h, c: (c, h)),
        "You return the cell first. Return `h, c`: first what is shown, then what is kept.",
    ),
    Mistake(
        "hidden_alone",
        _step(give=lambda h, c: h),
        "You return h alone. The next step needs the cell as well: return `h, c`.",
    ),
    Mistake(
        "i_and_f_swapped",
        _step(blocks="figo"),
        "You take the first block for the forget gate. The order is i, f, g, o: the input gate "
        "comes first.",
    ),
    Mistake(
        "g_and_o_swapped",
        _step(blocks="ifog"),
        "You take the third block for the output gate. The order is i, f, g, o: the candidate "
        "is the third block, the output gate the last.",
    ),
    Mistake(
        "blocks_interleaved",
        _step(z=lambda x, h, W, U, b: (x @ W + h @ U + b).reshape(len(h), 4).T.ravel()),  # noqa: N803
        "You take every fourth entry of z. The blocks stand side by side: the first `units` "
        "entries are i, the next are f, and so on: `z.reshape(4, units)`.",
    ),
    Mistake(
        "cell_not_updated",
        _step(cell=lambda c, i, f, g: c),
        "You return the cell as it came in. The new one is `f * c + i * g`, and h shows it.",
    ),
    Mistake(
        "sigmoid_candidate",
        _step(squash={"g": sigmoid}),
        "You squash the candidate with a sigmoid. It is no gate but a value to write, and must be "
        "able to be negative: `g = np.tanh(...)`.",
    ),
    Mistake(
        "tanh_gates",
        _step(squash=dict.fromkeys("ifo", np.tanh)),
        "You squash the gates with tanh. A gate lies between 0 and 1: use the sigmoid for i, f "
        "and o, and tanh for g only.",
    ),
    Mistake(
        "candidate_not_squashed",
        _step(squash={"g": lambda z: z}),
        "You write the candidate without squashing it: `g = np.tanh(...)` of the third block.",
    ),
    Mistake(
        "cell_of_1997",
        _step(cell=lambda c, i, f, g: c + i * g),
        "You add to the cell without forgetting: that is the cell of 1997. Today's is "
        "`f * c + i * g`.",
    ),
    Mistake(
        "mixture",
        _step(cell=lambda c, i, f, g: f * c + (1 - f) * g),
        "You mix the old cell and the candidate with f and 1 - f, as a GRU does. The LSTM has a "
        "gate of its own for writing: `f * c + i * g`.",
    ),
    Mistake(
        "one_minus_the_forget_gate",
        _step(cell=lambda c, i, f, g: (1 - f) * c + i * g),
        "You keep the share 1 - f. The forget gate says how much stays, in spite of its name: "
        "`f * c`.",
    ),
    Mistake(
        "sign_in_the_exponent",
        _step(squash=dict.fromkeys("ifo", lambda z: sigmoid(-z))),
        "Your sigmoid falls where it should rise: mind the sign in the exponent, "
        "`1 / (1 + np.exp(-z))`.",
    ),
    Mistake(
        "no_input_gate",
        _step(cell=lambda c, i, f, g: f * c + g),
        "You write the whole candidate. The input gate decides how much of it: `f * c + i * g`.",
    ),
    Mistake(
        "hidden_of_old_cell",
        _step(hidden=lambda o, c, old: o * np.tanh(old)),
        "You show the cell as it was before the step. Compute the new c first, then "
        "`h = o * np.tanh(c)` with it.",
    ),
    Mistake(
        "hidden_without_tanh",
        _step(hidden=lambda o, c, old: o * c),
        "You show the cell as it is. It may be large; squash it first: `h = o * np.tanh(c)`.",
    ),
    Mistake(
        "hidden_without_gate",
        _step(hidden=lambda o, c, old: np.tanh(c)),
        "You show the whole cell. The output gate decides how much: `h = o * np.tanh(c)`.",
    ),
    Mistake(
        "bias_left_out",
        _step(z=lambda x, h, W, U, b: x @ W + h @ U),  # noqa: N803
        "You leave the bias out: `z = x @ W + h @ U + b`.",
    ),
    Mistake(
        "recurrence_left_out",
        _step(z=lambda x, h, W, U, b: x @ W + b),  # noqa: N803
        "The old hidden state plays no part in your gates: `z = x @ W + h @ U + b`.",
    ),
]


# lstm_backward_step


def lstm_backward_step(
    grad_h: Floats,
    grad_c: Floats,
    i: Floats,
    f: Floats,
    g: Floats,
    o: Floats,
    c_before: Floats,
) -> Pair:
    """Return the gradient of z, four blocks, and of the cell before the step."""
    units = len(i)
    layer = nn.LSTM(units)
    layer.params = {
        "kernel": np.zeros((1, 4 * units)),
        "recurrent_kernel": np.zeros((units, 4 * units)),
        "bias": np.zeros(4 * units),
    }
    joined = np.zeros((2, 1, units + 2))
    joined[..., -1] = 1  # so that the gradient of the bias is that of z
    cells = np.stack([c_before, f * c_before + i * g])[:, None]
    cache = LSTMCache(joined, joined[:, :, 1:-1], cells, np.stack([i, f, g, o])[:, None, None])
    no_gradient = np.zeros((1, units))
    _, grads, (_, grad_c_before) = layer.backward_with_state(
        grad_h[None], cache, grad_final_state=(no_gradient, grad_c[None])
    )
    return grads["bias"], grad_c_before[0]


def backward_cases(rng: Rng) -> list[Case]:
    """One unit with handy numbers, each path alone, random ones."""

    def case(about: str, *values: float) -> Case:
        return Case(tuple(np.array([value]) for value in values), about)

    cases = [
        case("only the belt brings a gradient", 0.0, 1.0, 0.5, 0.8, 0.4, 0.7, 2.0),
        case("only the hidden state brings a gradient", 1.0, 0.0, 0.5, 0.8, 0.4, 0.7, 2.0),
        case("both bring a gradient", 1.0, -2.0, 0.25, 0.9, -0.6, 0.3, -0.5),
        case("the cell was empty before", 0.5, 1.0, 0.6, 0.7, 0.8, 0.9, 0.0),
    ]

    def drawn(rng: Rng, units: int, about: str = "random numbers") -> Case:
        """Draw a step after which no cell is nearly empty: there tanh changes nothing."""
        while True:
            i, f, o = rng.uniform(0.1, 0.9, (3, units)).round(3)
            candidate, (grad_h, grad_c, before) = (
                decimals(rng, units) / 2.5,
                decimals(rng, 3, units),
            )
            if np.abs(f * before + i * candidate).min() > 0.05:
                return Case((grad_h, grad_c, i, f, candidate, o, before), about)

    return [
        *cases,
        drawn(always(), 4, "decimals of either sign"),
        *(drawn(rng, units) for units in (1, 2, 3, 2, 3)),
    ]


def _back(
    *,
    total: Callable[..., Floats] = lambda dh, dc, o, c, old: dc + dh * o * (1 - np.tanh(c) ** 2),
    dz: Callable[..., list[Floats]] | None = None,
    before: Callable[..., Floats] = lambda dc, given, f: dc * f,
) -> Callable[..., Any]:
    """Build a step back that differs from the right one in one place."""

    def right(
        dc: Floats, dh: Floats, i: Floats, f: Floats, g: Floats, o: Floats, old: Floats, c: Floats
    ) -> list[Floats]:
        return [
            dc * g * i * (1 - i),
            dc * old * f * (1 - f),
            dc * i * (1 - g**2),
            dh * np.tanh(c) * o * (1 - o),
        ]

    def back(
        grad_h: Floats,
        grad_c: Floats,
        i: Floats,
        f: Floats,
        g: Floats,
        o: Floats,
        c_before: Floats,
    ) -> Any:
        c = f * c_before + i * g
        dc = total(grad_h, grad_c, o, c, c_before)
        blocks = (dz or right)(dc, grad_h, i, f, g, o, c_before, c)
        if dz is not None:
            good = right(dc, grad_h, i, f, g, o, c_before, c)
            blocks = [b if b is not None else r for b, r in zip(blocks, good, strict=True)]
        return np.concatenate(blocks), before(dc, grad_c, f)

    return back


def _other_order(*arguments: Floats) -> Any:
    grad_z, grad_c = _back()(*arguments)
    i, f, g, o = np.split(grad_z, 4)
    return np.concatenate([i, f, o, g]), grad_c


BACKWARD_MISTAKES = [
    Mistake(
        "output_gate_meets_the_old_cell",
        _back(
            dz=lambda dc, dh, i, f, g, o, old, c: [
                *(None, None, None),
                dh * np.tanh(old) * o * (1 - o),
            ]
        ),
        "For the output gate you take the cell as it was before. h shows the new one: "
        "`grad_h * np.tanh(c) * o * (1 - o)`, with c computed again.",
    ),
    Mistake(
        "blocks_in_another_order",
        _other_order,
        "Your blocks come in the order i, f, o, g. The order is i, f, g, o.",
    ),
    Mistake(
        "hidden_path_left_out",
        _back(total=lambda dh, dc, o, c, old: dc),
        "You use the gradient from the belt alone. The cell also feeds h: add "
        "`grad_h * o * (1 - np.tanh(c) ** 2)` first.",
    ),
    Mistake(
        "belt_overwritten",
        _back(total=lambda dh, dc, o, c, old: dh * o * (1 - np.tanh(c) ** 2)),
        "You replace the gradient that came along the belt. Two paths lead out of the cell, so "
        "their gradients are added: `grad_c + grad_h * o * (1 - np.tanh(c) ** 2)`.",
    ),
    Mistake(
        "slope_of_tanh_left_out",
        _back(total=lambda dh, dc, o, c, old: dc + dh * o),
        "On the way from h to c you left out the slope of tanh, `1 - np.tanh(c) ** 2`.",
    ),
    Mistake(
        "tanh_not_squared",
        _back(total=lambda dh, dc, o, c, old: dc + dh * o * (1 - np.tanh(c))),
        "The slope of tanh is `1 - np.tanh(c) ** 2`: you forgot the square.",
    ),
    Mistake(
        "old_cell_everywhere",
        _back(
            total=lambda dh, dc, o, c, old: dc + dh * o * (1 - np.tanh(old) ** 2),
            dz=lambda dc, dh, i, f, g, o, old, c: [
                *(None, None, None),
                dh * np.tanh(old) * o * (1 - o),
            ],
        ),
        "You take the cell before the step where h shows the new one. Compute it first: "
        "`c = f * c_before + i * g`.",
    ),
    Mistake(
        "output_gate_left_out",
        _back(total=lambda dh, dc, o, c, old: dc + dh * (1 - np.tanh(c) ** 2)),
        "On the way from h to c you left out the output gate: h is `o * np.tanh(c)`, so the "
        "gradient is multiplied by o.",
    ),
    Mistake(
        "slope_at_the_old_cell",
        _back(total=lambda dh, dc, o, c, old: dc + dh * o * (1 - np.tanh(old) ** 2)),
        "You take the slope of tanh at the cell before the step. h shows the new cell: first "
        "compute `c = f * c_before + i * g`.",
    ),
    Mistake(
        "gate_slopes_left_out",
        _back(dz=lambda dc, dh, i, f, g, o, old, c: [dc * g, dc * old, dc * i, dh * np.tanh(c)]),
        "These are the gradients of i, f, g and o themselves. z comes before the squashing, so "
        "multiply by its slope: `s * (1 - s)` for a sigmoid, `1 - g ** 2` for tanh.",
    ),
    Mistake(
        "forget_gate_with_new_cell",
        _back(dz=lambda dc, dh, i, f, g, o, old, c: [None, dc * c * f * (1 - f), None, None]),
        "The forget gate multiplies the cell before the step, not the new one: use `c_before` in "
        "its gradient.",
    ),
    Mistake(
        "candidate_as_a_gate",
        _back(dz=lambda dc, dh, i, f, g, o, old, c: [None, None, dc * i * g * (1 - g), None]),
        "You take the slope of a sigmoid for the candidate. g is a tanh: its slope is `1 - g**2`.",
    ),
    Mistake(
        "input_and_candidate_confused",
        _back(
            dz=lambda dc, dh, i, f, g, o, old, c: [
                *(dc * i * i * (1 - i), None, dc * g * (1 - g**2)),
                None,
            ]
        ),
        "In the product `i * g` the gradient of i is multiplied by g, and that of g by i. You have "
        "them the wrong way round.",
    ),
    Mistake(
        "output_gate_without_tanh",
        _back(dz=lambda dc, dh, i, f, g, o, old, c: [None, None, None, dh * c * o * (1 - o)]),
        "The output gate multiplies `np.tanh(c)`, not c: use that in its gradient.",
    ),
    Mistake(
        "output_gate_from_the_cell",
        _back(
            dz=lambda dc, dh, i, f, g, o, old, c: [None, None, None, dc * np.tanh(c) * o * (1 - o)]
        ),
        "The output gate acts on h only, behind the cell: its gradient comes from `grad_h`, not "
        "from that of the cell.",
    ),
    Mistake(
        "belt_without_forget_gate",
        _back(before=lambda dc, given, f: dc),
        "The new cell is `f * c_before + ...`, so the gradient of c_before is that of c times f.",
    ),
    Mistake(
        "belt_with_the_given_gradient",
        _back(before=lambda dc, given, f: given * f),
        "You hand on the gradient that came in. What arrives from h goes back along the belt as "
        "well: multiply the sum of both by f.",
    ),
]


# belt_gradient


def belt_gradient(f: Floats) -> Floats:
    """Return how much of the last cell's gradient reaches each cell along the belt."""
    return np.append(np.cumprod(f[:0:-1])[::-1], 1.0)


def belt_cases(rng: Rng) -> list[Case]:
    """One step, gates all alike, one gate shut, random ones."""
    cases = [
        Case((np.array([0.7]),), "a single step"),
        Case((np.array([0.5, 0.5, 0.5, 0.5]),), "all gates at one half"),
        Case((np.array([0.9, 0.8, 0.0, 0.5, 0.6]),), "one gate is shut"),
        Case((np.array([0.1, 1 / 3, 0.7, 2 / 3]),), "thirds"),
        Case((np.array([1, 0, 1, 1]),), "gates that are open or shut"),
    ]
    return cases + [Case((rng.uniform(0.05, 0.95, steps).round(2),)) for steps in (3, 5, 8)]


def _belt(step: Callable[[float, float, float], float]) -> Callable[..., Any]:
    """Build a walk from the end; `step` gets what was there, the own gate and the next one."""

    def belt(f: Floats) -> Any:
        grads = np.ones(len(f))
        for t in range(len(f) - 2, -1, -1):
            grads[t] = step(grads[t + 1], f[t], f[t + 1])
        return grads

    return belt


BELT_MISTAKES = [
    Mistake(
        "own_gate_for_the_next",
        _belt(lambda arriving, own, following: arriving * own),
        "You multiply by the gate of the cell's own step. From cell t + 1 to cell t the gradient "
        "passes the gate of step t + 1: `f[t + 1]`.",
    ),
    Mistake(
        "gates_added",
        _belt(lambda arriving, own, following: arriving + following),
        "You add the gates. Along a path factors multiply: what arrives, times the gate.",
    ),
    Mistake(
        "forward_from_the_second",
        lambda f: np.append(1.0, np.cumprod(f[1:])),
        "You start with 1 at the first cell and multiply forward. The 1 belongs to the last cell: "
        "go back from the end.",
    ),
    Mistake(
        "one_at_the_first_step",
        lambda f: np.append(1.0, np.cumprod(f[:-1])),
        "You start with 1 at the first step and multiply forward. A gradient comes from the end: "
        "start with 1 at the last cell and go back.",
    ),
    Mistake(
        "own_gate_included",
        lambda f: np.cumprod(f[::-1])[::-1],
        "You multiply by the gate of the cell's own step as well. The gradient of the cell after "
        "step t meets only the gates of the later steps, t + 1 and on.",
    ),
    Mistake(
        "from_the_first_step",
        lambda f: np.cumprod(f),
        "You multiply from the first step on. A gradient comes from the end: start with 1 at the "
        "last cell and go back.",
    ),
    Mistake(
        "not_turned_round",
        lambda f: np.append(1.0, np.cumprod(f[:0:-1])),
        "The products are right, but the last step comes first. Turn the result round: entry t "
        "belongs to step t.",
    ),
    Mistake(
        "one_factor_only",
        lambda f: np.append(f[1:], 1.0),
        "You multiply by the next gate only. The gradient meets every gate on its way: take the "
        "product of all of them.",
    ),
    Mistake(
        "power_of_the_own_gate",
        lambda f: f ** np.arange(len(f) - 1, -1, -1),
        "You raise one gate to a power. The gates differ from step to step: take the product of "
        "those that the gradient passes.",
    ),
    Mistake(
        "single_number",
        lambda f: float(np.prod(f)),
        "You return one number. Return an array of the length of f: one entry for the cell after "
        "each step.",
    ),
    Mistake(
        "last_cell_missing",
        lambda f: np.cumprod(f[:0:-1])[::-1],
        "The last cell is missing. Its own gradient is 1: no gate lies behind it.",
    ),
]


# legal_next_symbols


def legal_next_symbols(prefix: str, grammar: Grammar) -> str:
    """Return the symbols that may follow, in alphabetical order."""
    return datasets.legal_next_symbols(prefix)


def grammar_cases(rng: Rng) -> list[Case]:
    """Take the frame around the inner string, forks, complete strings, random beginnings."""
    fixed = [
        ("", "nothing was read yet"),
        ("B", "the outer letter is still to be chosen"),
        ("BT", "the inner string begins"),
        ("BPB", "the inner string is at its first fork"),
        ("BTBPVVE", "the inner string is over; the outer letter was T"),
        ("BPBPVVE", "the inner string is over; the outer letter was P"),
        ("BPBPVVEP", "only the end is missing"),
        ("BTBPVVETE", "the string is complete"),
        ("BTBTSSX", "inside, after an X"),
        ("BPBPVP", "inside: a P, but not the outer one"),
    ]
    grammar = [dict(ways) for ways in REBER]
    cases = [Case((prefix, grammar), about) for prefix, about in fixed]
    for outer, state in (("T", 2), ("P", 4), ("T", 5), ("P", 3), ("P", END), ("T", END)):
        prefix = _drawn_prefix(rng, outer, state)
        cases.append(Case((prefix, grammar), "the beginning of a random string"))
    return cases


END = len(REBER) - 1  # the state after the inner string


def _drawn_prefix(rng: Rng, outer: str, state: int) -> str:
    """Draw the beginning of a string that arrives in a state of the inner grammar."""
    while True:
        string, now, ends = datasets.reber_string(rng), 0, []
        for end, symbol in enumerate(string[2:-2], 3):
            now = REBER[now][symbol]
            ends += [end] if now == state else []
        if string[1] == outer and ends:
            return string[: rng.choice(ends)]


def _grammar(
    *,
    closing: Callable[[str], str] = lambda outer: outer,
    order: Callable[[Any], str] = lambda symbols: "".join(sorted(symbols)),
    complete: str = "",
    end: str = "E",
) -> Callable[[str, Grammar], Any]:
    """Build a walk through the grammar that differs from the right one in one place."""

    def legal(prefix: str, grammar: Grammar) -> Any:
        if len(prefix) < 2:
            return order("B" if not prefix else "TP")
        outer, inside = prefix[1], prefix[2:]
        state, read = 0, 0
        while read < len(inside) and grammar[state]:
            state, read = grammar[state][inside[read]], read + 1
        if grammar[state]:
            return order(grammar[state])
        left = len(inside) - read
        return order([closing(outer), end, complete][left])

    return legal


def _without_frame(prefix: str, grammar: Grammar) -> str:
    state = 0
    for symbol in prefix:
        state = grammar[state].get(symbol, 0)
    return "".join(sorted(grammar[state]))


GRAMMAR_MISTAKES = [
    Mistake(
        "list",
        _grammar(order=lambda symbols: sorted(symbols)),  # type: ignore[arg-type, return-value]
        "You return a list. Return one text with the symbols in it: `''.join(sorted(...))`.",
    ),
    Mistake(
        "not_sorted",
        _grammar(order=lambda symbols: "".join(symbols)),
        "The symbols are right, but not in alphabetical order: `''.join(sorted(...))`.",
    ),
    Mistake(
        "either_letter_closes",
        _grammar(closing=lambda outer: "PT"),
        "You allow T and P at the end. Only the letter that the string began with may close it: "
        "look at `prefix[1]`.",
    ),
    Mistake(
        "always_t_closes",
        _grammar(closing=lambda outer: "T"),
        "You always close with T. The letter at the end is the one at the beginning, `prefix[1]`.",
    ),
    Mistake(
        "other_letter_closes",
        _grammar(closing=lambda outer: "P" if outer == "T" else "T"),
        "You close with the other letter. The outer letters are the same: `prefix[1]`.",
    ),
    Mistake(
        "over_after_the_inner_string",
        _grammar(closing=lambda outer: "", end=""),
        "You end with the inner string. Behind its E the outer letter comes again, and then "
        "another E.",
    ),
    Mistake(
        "last_e_missing",
        _grammar(end=""),
        "Behind the second outer letter there is still an E to come.",
    ),
    Mistake(
        "begins_again",
        _grammar(complete="B"),
        "A complete string is over: nothing may follow, so return an empty text.",
    ),
    Mistake(
        "no_frame",
        _without_frame,
        "You walk through the grammar from the first symbol on. The first two symbols are the "
        "frame: the inner string begins at `prefix[2:]`.",
    ),
]


# adding_target


def adding_target(values: Floats, marks: Floats) -> float:
    """Return 0.5 plus a quarter of the sum of the marked values."""
    return float(0.5 + values[marks == 1].sum() / 4)


def adding_cases(rng: Rng) -> list[Case]:
    """Two marks, one mark, marked values that cancel, random ones."""
    cases = [
        Case(
            (np.array([0.3, 0.5, -0.9, 0.1, 0.7]), np.array([-1, 1, 0, 1, -1])),
            "0.5 and 0.1 are marked",
        ),
        Case(
            (np.array([0.8, 0.2, -0.6, 0.4]), np.array([-1, 0, 1, -1])),
            "one mark only: the other was drawn for the first step, and does not count",
        ),
        Case(
            (np.array([0.9, 1.0, -1.0, 0.2, 0.3]), np.array([-1, 1, 1, 0, -1])),
            "the marked values cancel",
        ),
    ]

    def drawn(rng: Rng, length: int, about: str = "random numbers") -> Case:
        marks = np.zeros(length, int)
        marks[rng.choice(np.arange(1, length - 1), 2, replace=False)] = 1
        marks[[0, -1]] = -1
        return Case((decimals(rng, length) / 2.1, marks), about)

    return [
        *cases,
        Case((np.array([1, -1, 1, 0]), np.array([-1, 1, 1, -1])), "whole numbers"),
        drawn(always(), 7, "decimals of either sign"),
        *(drawn(rng, length) for length in (6, 8, 8, 10)),
    ]


ADDING_MISTAKES = [
    Mistake(
        "half_divided_too",
        lambda values, marks: float((0.5 + values[marks == 1].sum()) / 4),
        "You divide the 0.5 as well. Only the sum is divided by 4: `0.5 + total / 4`.",
    ),
    Mistake(
        "ends_subtracted",
        lambda values, marks: float(0.5 + (values * marks).sum() / 4),
        "You multiply by the marks, so the first and the last value, marked -1, are subtracted. "
        "Only a mark of 1 counts: `values[marks == 1]`.",
    ),
    Mistake(
        "ends_added",
        lambda values, marks: float(0.5 + values[marks != 0].sum() / 4),
        "You also add the first and the last value. Their mark is -1, and only 1 counts.",
    ),
    Mistake(
        "everything_added",
        lambda values, marks: float(0.5 + values.sum() / 4),
        "You add all values. Only those with a mark of 1 count: `values[marks == 1]`.",
    ),
    Mistake(
        "half",
        lambda values, marks: float(0.5 + values[marks == 1].sum() / 2),
        "You divide by 2. The sum of two values goes from -2 to 2; divided by 4 and moved by 0.5 "
        "it lies between 0 and 1.",
    ),
    Mistake(
        "mean",
        lambda values, marks: float(0.5 + values[marks == 1].mean() / 2),
        "You take the mean. With one mark only it is not half the sum: use the sum, divided by 4.",
    ),
    Mistake(
        "mean_divided_by_four",
        lambda values, marks: float(0.5 + values[marks == 1].mean() / 4),
        "You take the mean of the marked values. The target has their sum: "
        "`values[marks == 1].sum()`.",
    ),
    Mistake(
        "not_scaled",
        lambda values, marks: float(values[marks == 1].sum()),
        "This is the sum itself. The target is scaled into [0, 1]: 0.5 plus a quarter of it.",
    ),
    Mistake(
        "not_moved",
        lambda values, marks: float(values[marks == 1].sum() / 4),
        "You left out the 0.5, so your target may be negative.",
    ),
]


# keep_track: an open task

SYMBOLS = 12
Ints = NDArray[np.integer[Any]]


def keep_track(train_x: Ints, train_y: Ints, test_x: Ints) -> Ints:
    """Build one LSTM unit that writes at symbols that matter and keeps at all others."""
    means = np.array([train_y[train_x == symbol].mean() for symbol in range(SYMBOLS)])
    opens, closes = means > 0.999, means < 0.001
    W = np.zeros((SYMBOLS, 4))  # noqa: N806
    W[:, 0] = np.where(opens | closes, 20, -20)
    W[:, 1] = -W[:, 0]
    W[:, 2] = 20.0 * opens - 20.0 * closes
    W[:, 3] = 20
    layer = nn.LSTM(1, return_sequences=True)
    layer.params = {"kernel": W, "recurrent_kernel": np.zeros((1, 4)), "bias": np.zeros(4)}
    hidden, _ = layer.forward(np.eye(SYMBOLS)[test_x])
    return np.asarray(hidden[..., 0] > 0, dtype=int)


def without_memory(train_x: Ints, train_y: Ints, test_x: Ints) -> Ints:
    """Answer by the symbol of the moment alone."""
    means = np.array([train_y[train_x == symbol].mean() for symbol in range(SYMBOLS)])
    return np.asarray(means[test_x] > 0.5, dtype=int)


def track_cases(rng: Rng) -> list[Case]:
    """Two tasks; in each, two symbols open and two close, and one in twenty matters."""

    def drawn(roles: Ints, rows: int, steps: int) -> Pair:
        """Draw sequences that are open for a quarter to a half of the time."""
        while True:
            matters = rng.random((rows, steps)) < 0.05
            which = np.where(
                matters, rng.integers(0, 4, (rows, steps)), rng.integers(4, SYMBOLS, (rows, steps))
            )
            y, now = np.zeros((rows, steps), int), np.zeros(rows, int)
            for t in range(steps):
                now = np.where(which[:, t] < 2, 1, np.where(which[:, t] < 4, 0, now))
                y[:, t] = now
            if abs(y.mean() - 0.4) < 0.15:
                return roles[which], y

    cases = []
    for _ in range(2):
        roles = rng.permutation(SYMBOLS)
        (train_x, train_y), (test_x, test_y) = drawn(roles, 100, 80), drawn(roles, 20, 400)
        about = "100 sequences to learn from, 20 longer ones to answer for"
        cases.append(Case((train_x, train_y, test_x), about, hidden=test_y))
    return cases


CHECKS = (
    Check(lstm_step, 3, step_cases, STEP_MISTAKES, ("h", "c"), plain=plain_lstm_step),
    Check(lstm_backward_step, 3, backward_cases, BACKWARD_MISTAKES, ("grad_z", "grad_c_before")),
    Check(belt_gradient, 1, belt_cases, BELT_MISTAKES),
    Check(legal_next_symbols, 2, grammar_cases, GRAMMAR_MISTAKES),
    Check(adding_target, 1, adding_cases, ADDING_MISTAKES),
    Check(
        keep_track,
        2,
        track_cases,
        (),
        ("answers",),
        seconds=10.0,
        goal=Goal(
            accuracy,
            bars=(0.75, 0.9, 0.99),
            advice=(
                "That is hardly better than looking at the symbol of the moment alone. First find "
                "the symbols that matter: what is the mean of train_y where train_x is a 0, a 1, "
                "and so on? Then the answer has to be kept until the next of them comes.",
                "It remembers something, but not for long enough, or it misses some of the symbols "
                "that matter. At all other symbols the forget gate should be nearly 1: what is "
                "left of a memory after 20 steps is its 20th power.",
                "Nearly there. Sometimes nothing that matters comes for a hundred steps: open the "
                "forget gate further, with a larger weight, and shut the input gate further.",
            ),
            untrained=without_memory,
        ),
    ),
)

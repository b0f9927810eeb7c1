"""Lesson 01, neurons: the neuron of 1943, gates, the logistic neuron, its centre, two digits."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal, accuracy
from dlcourse.nn.contract import Array as Floats

Rng = np.random.Generator
Ints = NDArray[np.int64]


# mp_neuron


def mp_neuron(x: Ints, inhibitory: Ints, threshold: int) -> int:
    """Return 1 if enough exciting inputs are active and no inhibiting one is, else 0."""
    return int(nn.McCullochPittsNeuron(threshold, inhibitory.tolist())(x))


def mp_cases(rng: Rng) -> list[Case]:
    """Gates first, then vetoes that would be outvoted, then random neurons."""

    def case(x: list[int], inhibitory: list[int], threshold: int, about: str) -> Case:
        return Case((np.array(x), np.array(inhibitory), threshold), about)

    cases = [
        case([1, 1], [0, 0], 2, "AND of two active inputs: the sum is exactly the threshold"),
        case([1, 0], [0, 0], 2, "AND, one input active"),
        case([1, 1], [0, 0], 1, "OR of two active inputs"),
        case([0, 0], [0, 0], 1, "OR, no input active"),
        case([1, 0], [0, 1], 1, "an inhibiting input that is not active"),
        case([1, 1], [0, 1], 1, "an inhibiting input that is active"),
        case([0, 1], [0, 1], 1, "only the inhibiting input is active"),
        case([1, 1, 1, 1], [0, 0, 0, 1], 2, "three excite, one vetoes"),
        case([0, 1, 1, 0, 1], [1, 1, 0, 0, 0], 1, "one of two inhibiting inputs is active"),
        case([1, 1], [0, 1], 2, "two active inputs, but one of them inhibits"),
        case([0, 1, 0, 1], [1, 0, 1, 0], 3, "two active inputs, but the threshold is 3"),
        case([0, 0, 1, 0, 1], [1, 1, 0, 0, 0], 2, "exciting and inhibiting inputs, no veto"),
        case([1, 0, 0, 0], [0, 0, 0, 1], 1, "one active input of three that excite"),
    ]
    return [
        *cases,
        _drawn_neuron(rng, [1, 1], [0, 0], 3, "a random neuron that fires"),
        _drawn_neuron(rng, [1, 1, 1], [0], 2, "a random neuron that fires"),
        _drawn_neuron(rng, [1, 1, 0], [1, 0], 2, "a random neuron with a veto"),
        _drawn_neuron(rng, [0], [0, 0], 2, "a random neuron that is too little excited"),
    ]


def _drawn_neuron(
    rng: Rng, exciting: list[int], inhibiting: list[int], threshold: int, about: str
) -> Case:
    """Mix inputs of both kinds and some more silent ones.

    The first two are exciting, one active and one silent, whatever comes behind.
    """
    exciting = exciting + [0] * int(rng.integers(0, 4))
    x = np.array(exciting + inhibiting)
    inhibitory = np.array([0] * len(exciting) + [1] * len(inhibiting))
    order = rng.permutation(len(x))
    return Case(
        (np.append([1, 0], x[order]), np.append([0, 0], inhibitory[order]), threshold), about
    )


def _mp(
    count: Callable[[Ints, Ints], Any] = lambda x, inhibitory: np.sum(x * (1 - inhibitory)),
    vetoed: Callable[[Ints, Ints], Any] = lambda x, inhibitory: np.any(x * inhibitory),
    reaches: Callable[[Any, int], Any] = lambda count, threshold: count >= threshold,
    answer: Callable[[bool, Any], Any] = lambda fires, count: int(fires),
) -> Callable[..., Any]:
    """Build a neuron of 1943; each argument puts another mistake into it."""

    def neuron_of_1943(x: Ints, inhibitory: Ints, threshold: int) -> Any:
        total = count(x, inhibitory)
        return answer(bool(reaches(total, threshold) and not vetoed(x, inhibitory)), total)

    return neuron_of_1943


MP_MISTAKES = [
    Mistake(
        "truth_value",
        _mp(answer=lambda fires, count: fires),
        "You return True or False. The output is an input of the next neuron: return the number 1 "
        "or 0. `int(...)` makes one of the other.",
    ),
    Mistake(
        "minus_one_for_silence",
        _mp(answer=lambda fires, count: 1 if fires else -1),
        "You return -1 for a neuron that stays silent. The neuron of 1943 gives 0 then.",
    ),
    Mistake(
        "inverted",
        _mp(answer=lambda fires, count: int(not fires)),
        "Your answer is the wrong way round: 1 means that the neuron fires.",
    ),
    Mistake(
        "count_returned",
        _mp(answer=lambda fires, count: int(count) if fires else 0),
        "You return the sum. The output is all or none: 1 if the neuron fires, however large the "
        "sum is, and 0 if not.",
    ),
    Mistake(
        "strict",
        _mp(reaches=lambda count, threshold: count > threshold),
        "Your neuron stays silent where the sum is exactly the threshold. Reaching it is enough: "
        "use >= and not >.",
    ),
    Mistake(
        "exactly",
        _mp(reaches=lambda count, threshold: count == threshold),
        "Your neuron fires only where the sum equals the threshold. More is as good: use >=.",
    ),
    Mistake(
        "threshold_left_out",
        _mp(reaches=lambda count, threshold: count > 0),
        "You leave the threshold out: your neuron fires as soon as one input excites it. Compare "
        "the sum with `threshold`.",
    ),
    Mistake(
        "all_counted_no_veto",
        _mp(count=lambda x, inhibitory: np.sum(x), vetoed=lambda x, inhibitory: False),
        "You count all active inputs, those that inhibit as well. They must not excite: one of "
        "them, if it is active, silences the neuron.",
    ),
    Mistake(
        "no_veto",
        _mp(vetoed=lambda x, inhibitory: False),
        "You leave the inhibiting inputs out of the sum, but they do not veto either. Return 0 as "
        "soon as one of them is active.",
    ),
    Mistake(
        "minus_one",
        _mp(
            count=lambda x, inhibitory: np.sum(x * (1 - 2 * inhibitory)),
            vetoed=lambda x, inhibitory: False,
        ),
        "You count an inhibiting input as -1, so that others can outvote it. In 1943 it is a veto: "
        "one active inhibiting input, and the neuron is silent.",
    ),
    Mistake(
        "subtracted",
        lambda x, inhibitory, threshold: int(np.sum(x - inhibitory) >= threshold),
        "You subtract `inhibitory` from x. That takes 1 away even where the inhibiting input is "
        "silent, and it is no veto: one active inhibiting input, and the neuron gives 0.",
    ),
    Mistake(
        "threshold_raised",
        lambda x, inhibitory, threshold: int(
            np.sum(x * (1 - inhibitory)) >= threshold + np.sum(inhibitory)
        ),
        "You raise the threshold for each inhibiting input that there is. A silent one does no "
        "harm, and an active one is a veto: no sum outvotes it.",
    ),
    Mistake(
        "mask_as_positions",
        _mp(vetoed=lambda x, inhibitory: np.any(x[inhibitory])),
        "`x[inhibitory]` takes the zeros and ones for positions, and reads x[0] and x[1] only. "
        "Choose with a comparison: `x[inhibitory == 1]`.",
    ),
    Mistake(
        "veto_by_existing",
        _mp(vetoed=lambda x, inhibitory: np.any(inhibitory)),
        "Your neuron is silent as soon as it has an inhibiting input. It vetoes only while it is "
        "active: look at x in these places.",
    ),
    Mistake(
        "all_must_veto",
        _mp(vetoed=lambda x, inhibitory: np.any(inhibitory) and np.all(x[inhibitory == 1])),
        "You ask whether all inhibiting inputs are active. One is enough: use `any`.",
    ),
    Mistake(
        "veto_needs_the_threshold",
        lambda x, inhibitory, threshold: int(
            np.sum(x * (1 - inhibitory)) >= threshold and np.sum(x * inhibitory) < threshold
        ),
        "You compare the inhibiting inputs with the threshold. It counts the exciting ones only; "
        "a single inhibiting input is enough for a veto.",
    ),
    Mistake(
        "veto_reversed",
        _mp(vetoed=lambda x, inhibitory: not np.any(x * inhibitory)),
        "Your neuron fires only while an inhibiting input is active. It is the other way round.",
    ),
    Mistake(
        "roles_swapped",
        lambda x, inhibitory, threshold: _mp()(x, 1 - inhibitory, threshold),
        "You take the exciting inputs for inhibiting ones and the other way round: a 1 in "
        "`inhibitory` marks an input that inhibits.",
    ),
    Mistake(
        "connections_counted",
        _mp(count=lambda x, inhibitory: np.sum(1 - inhibitory)),
        "You count the exciting inputs that there are. Count those that are active: x is 1.",
    ),
    Mistake(
        "all_must_excite",
        lambda x, inhibitory, threshold: int(
            np.all(x[inhibitory == 0]) and not np.any(x * inhibitory)
        ),
        "Your neuron fires only if all exciting inputs are active. It needs `threshold` of them.",
    ),
]


# gate_weights


def gate_weights(name: str, n: int) -> tuple[Floats, float]:
    """Return weights +1 or -1 and the bias half-way between the two sums that must differ."""
    sign = -1 if name in ("NAND", "NOR") else 1
    threshold = n - 0.5 if name in ("AND", "NAND") else 0.5
    return sign * np.ones(n), -sign * threshold


GATES = ("AND", "OR", "NAND", "NOR")


def gate_cases(rng: Rng) -> list[Case]:
    """Every gate with two and with three inputs, then with a random number."""
    cases = [Case((name, n), f"{name} of {n} inputs") for n in (2, 3) for name in GATES]
    for name in GATES:
        n = int(rng.integers(4, 30))
        cases.append(Case((name, n), f"{name} of {n} inputs"))
    return cases


def _gate(
    sign: Callable[[str], int] = lambda name: -1 if name in ("NAND", "NOR") else 1,
    threshold: Callable[[str, int], float] = lambda name, n: n - 0.5 if "AND" in name else 0.5,
    answer: Callable[[int, float, int], Any] = lambda sign, threshold, n: (
        sign * np.ones(n),
        -sign * threshold,
    ),
) -> Callable[..., Any]:
    """Build an answer for every gate; each argument puts another mistake into it."""

    def weights_and_bias(name: str, n: int) -> Any:
        return answer(sign(name), threshold(name, n), n)

    return weights_and_bias


def _on_the_threshold(name: str, n: int) -> tuple[Floats, float]:
    bias = {"AND": -n, "OR": -1, "NAND": n - 1, "NOR": 0}[name]
    return gate_weights(name, n)[0], float(bias)


def _threshold_itself(name: str, n: int) -> tuple[Floats, float]:
    bias = {"AND": -n, "OR": -1, "NAND": n, "NOR": 1}[name]
    return gate_weights(name, n)[0], float(bias)


GATE_MISTAKES = [
    Mistake(
        "threshold_itself",
        _threshold_itself,
        "Your bias takes a whole step, n or 1. It lies half-way between two sums: for AND of two "
        "inputs between 1 and 2, so it is -1.5.",
    ),
    Mistake(
        "bias_sign",
        _gate(answer=lambda sign, threshold, n: (sign * np.ones(n), sign * threshold)),
        "Your bias has the wrong sign. It is the threshold on the other side: a sum that must "
        "exceed 1.5 is a score w . x - 1.5 that must exceed 0.",
    ),
    Mistake(
        "two_inputs_only",
        _gate(threshold=lambda name, n: 1.5 if "AND" in name else 0.5),
        "Your bias fits gates of two inputs only. The largest sum of n inputs is n: AND and NAND "
        "must tell it from n - 1.",
    ),
    Mistake(
        "and_or_swapped",
        _gate(threshold=lambda name, n: 0.5 if "AND" in name else n - 0.5),
        "You have AND and OR the wrong way round. OR needs one active input, AND needs all n.",
    ),
    Mistake(
        "not_negated",
        _gate(sign=lambda name: 1),
        "NAND and NOR come out as AND and OR. To answer the opposite, turn the sign of every "
        "weight and of the bias.",
    ),
    Mistake(
        "bias_not_negated",
        _gate(answer=lambda sign, threshold, n: (sign * np.ones(n), -threshold)),
        "For NAND and NOR you turn the sign of the weights but not of the bias, so they never "
        "fire. Turn both.",
    ),
    Mistake(
        "weights_not_negated",
        _gate(answer=lambda sign, threshold, n: (np.ones(n), -sign * threshold)),
        "For NAND and NOR you turn the sign of the bias but not of the weights, so they always "
        "fire. Turn both.",
    ),
    Mistake(
        "nand_nor_swapped",
        _gate(threshold=lambda name, n: n - 0.5 if name in ("AND", "NOR") else 0.5),
        "AND and OR are right, but NAND and NOR are the wrong way round. NAND is the opposite of "
        "AND: it is silent only if all inputs are active.",
    ),
    Mistake(
        "on_the_threshold",
        _on_the_threshold,
        "Your gates work, but a sum lies exactly on the threshold. Put the bias half-way between "
        "the two sums that must be told apart, as in -1.5 for AND of two inputs.",
    ),
    Mistake(
        "swapped",
        _gate(answer=lambda sign, threshold, n: (-sign * threshold, sign * np.ones(n))),
        "You return the bias first. The order is weights, then bias: `return w, b`.",
    ),
    *(
        Mistake(
            f"scaled_by_{factor}",
            _gate(
                answer=lambda sign, threshold, n, by=factor: (  # type: ignore[misc]
                    by * sign * np.ones(n),
                    -by * sign * threshold,
                )
            ),
            "Your gates work, but your weights break the first rule: each is +1 or -1. Divide "
            f"weights and bias by {factor}.",
        )
        for factor in (2, 10)
    ),
    Mistake(
        "and_never_reached",
        _gate(threshold=lambda name, n: n + 0.5 if "AND" in name else 0.5),
        "AND and NAND ask for a sum above n, and no sum of n inputs gets there. Half-way between "
        "n - 1 and n is n - 0.5.",
    ),
    Mistake(
        "middle_of_1_and_n",
        _gate(threshold=lambda name, n: (n + 1) / 2 if "AND" in name else 0.5),
        "(n + 1) / 2 is right for two inputs only. AND and NAND must tell the sum n from n - 1: "
        "half-way is n - 0.5.",
    ),
    Mistake(
        "never_reached",
        _gate(threshold=lambda name, n: n + 0.5 if "AND" in name else 1.5),
        "Your threshold is 1 too high: AND of n inputs would need n + 1 of them. Half-way "
        "between n - 1 and n is n - 0.5.",
    ),
    Mistake(
        "or_of_texts",
        _gate(sign=lambda name: -1),
        'You turn the signs for every gate. `name == "NAND" or "NOR"` is always true, as a text '
        'counts as True: write `name in ("NAND", "NOR")`.',
    ),
    Mistake(
        "always_n",
        _gate(threshold=lambda name, n: n - 0.5),
        'Your threshold is that of AND for every gate. (`name == "AND" or "NAND"` is always '
        'true: write `name in ("AND", "NAND")`.) OR and NOR have 0.5.',
    ),
    Mistake(
        "two_weights",
        _gate(
            answer=lambda sign, threshold, n: (sign * np.ones(2), -sign * threshold),
        ),
        "You always return two weights. A gate of n inputs has n of them: `np.ones(n)`.",
    ),
    Mistake(
        "one_weight",
        _gate(answer=lambda sign, threshold, n: (float(sign), -sign * threshold)),
        "You return one weight. Return an array with one for each input: `np.ones(n)`.",
    ),
]


# neuron


def neuron(x: Floats, w: Floats, b: float) -> float:
    """Return the output of a logistic neuron."""
    return float(nn.activations.sigmoid(np.asarray(w @ x + b)))


def neuron_cases(rng: Rng) -> list[Case]:
    """Numbers from the lesson, scores far out on both sides, random neurons."""

    def drawn(rng: Rng, size: int, about: str = "random numbers") -> Case:
        while True:
            (x, w), b = decimals(rng, 2, size), float(decimals(rng))
            output = _logistic(w @ x + b)
            if abs(output - round(output, 6)) > 1e-8:  # rounding shows
                return Case((x, w, b), about)

    return [
        Case((np.array([2.0, 3.0]), np.array([0.0, 1.0]), 4.0), "the example of the lesson"),
        Case((np.array([1.0, 2.0]), np.array([0.5, -1.0]), 0.0), "a bias of 0"),
        Case((np.array([1.0, 1.0]), np.array([2.0, -2.0]), 0.0), "a score of 0"),
        Case((np.array([3.0]), np.array([-1.0]), 2.0), "one input and a negative weight"),
        Case((np.array([1.0, 0.0, 2.0]), np.array([1.0, 3.0, -2.0]), -1.0), "a negative score"),
        Case((np.array([10.0, 5.0]), np.array([80.0, 40.0]), 0.0), "a very large score"),
        Case((np.array([10.0, 5.0]), np.array([-80.0, -40.0]), 0.0), "a very negative score"),
        Case((np.array([1, -2, 3]), np.array([2, 1, -1]), 4), "whole numbers"),
        drawn(always(), 4, "decimals of either sign"),
        drawn(rng, 2),
        drawn(rng, 3),
        drawn(rng, 5),
    ]


def _logistic(z: Any) -> Any:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def _neuron(
    score: Callable[[Floats, Floats, float], Any] = lambda x, w, b: w @ x + b,
    activation: Callable[[Any], Any] = _logistic,
) -> Callable[..., Any]:
    """Build a neuron; each argument puts another mistake into it."""

    def output(x: Floats, w: Floats, b: float) -> Any:
        with np.errstate(all="ignore"):
            return activation(score(x, w, b))

    return output


NEURON_MISTAKES = [
    Mistake(
        "no_activation",
        _neuron(activation=lambda z: z),
        "You return the score. Put it through the logistic function: 1 / (1 + exp(-z)).",
    ),
    Mistake(
        "bias_forgotten",
        _neuron(lambda x, w, b: w @ x),
        "You leave the bias out: z = w . x + b.",
    ),
    Mistake(
        "bias_subtracted",
        _neuron(lambda x, w, b: w @ x - b),
        "Your score is w . x - b, but the bias is added. Look at the brackets, too: in "
        "`exp(-w @ x + b)` the minus belongs to w @ x alone. Write `exp(-(w @ x + b))`.",
    ),
    Mistake(
        "bias_behind_the_curve",
        lambda x, w, b: _logistic(w @ x) + b,
        "You add the bias to the output. It belongs to the score, in front of the logistic "
        "function: z = w . x + b.",
    ),
    Mistake(
        "bias_to_the_inputs",
        _neuron(lambda x, w, b: w @ (x + b)),
        "You add the bias to the inputs, so the weights multiply it as well. Add it to the sum: "
        "`w @ x + b`.",
    ),
    Mistake(
        "bias_multiplied",
        _neuron(lambda x, w, b: w @ x * b),
        "You multiply by the bias. It is added: z = w . x + b.",
    ),
    Mistake(
        "bias_for_each_input",
        _neuron(lambda x, w, b: np.sum(w * x + b)),
        "You add the bias once for each input. Sum up first, then add it once.",
    ),
    Mistake(
        "weights_left_out",
        _neuron(lambda x, w, b: np.sum(x) + b),
        "You add up the inputs without their weights. Multiply each by its weight first: `w @ x`.",
    ),
    Mistake(
        "weights_added",
        _neuron(lambda x, w, b: np.sum(x + w) + b),
        "You add the weights to the inputs. Multiply each input by its weight.",
    ),
    Mistake(
        "not_summed",
        _neuron(lambda x, w, b: w * x + b),
        "You return one output for each input. Add up the products: a neuron has one output.",
    ),
    Mistake(
        "mean",
        _neuron(lambda x, w, b: np.mean(w * x) + b),
        "You take the mean of the products. A neuron adds them up.",
    ),
    Mistake(
        "only_the_first_input",
        _neuron(lambda x, w, b: w[0] * x[0] + b),
        "You use the first input only; look for a `return` inside a loop.",
    ),
    Mistake(
        "only_two_inputs",
        _neuron(lambda x, w, b: np.sum(w[:2] * x[:2]) + b),
        "You use the first two inputs only. Take them all, however many there are: `w @ x`.",
    ),
    Mistake(
        "sign_of_the_exponent",
        _neuron(activation=lambda z: _logistic(-z)),
        "Your output falls where the score rises. The exponent has a minus: 1 / (1 + exp(-z)).",
    ),
    Mistake(
        "brackets",
        _neuron(activation=lambda z: 1 / 1 + np.exp(-z)),
        "`1 / 1 + np.exp(-z)` divides 1 by 1 and then adds. Put brackets around the whole "
        "denominator: `1 / (1 + np.exp(-z))`.",
    ),
    Mistake(
        "exp_of_large_scores",
        _neuron(activation=lambda z: np.exp(z) / (1 + np.exp(z))),
        "For large scores `exp(z)` overflows, and infinity by infinity is nan. Divide above and "
        "below by exp(z): 1 / (1 + exp(-z)).",
    ),
    Mistake(
        "e_rounded",
        _neuron(activation=lambda z: 1 / (1 + np.float64(2.718) ** -z)),
        "You take 2.718 for e. That is right to three decimals only: use np.exp.",
    ),
    Mistake(
        "math_exp",
        lambda x, w, b: 1 / (1 + math.exp(-(w @ x + b))),
        "`math.exp` stops with an error where a number gets too large. `np.exp` returns infinity "
        "instead, and 1 / (1 + infinity) is 0, as it should be.",
    ),
    Mistake(
        "rounded",
        _neuron(activation=lambda z: np.round(_logistic(z))),
        "You round the output to 0 or 1. A logistic neuron says how much: return the number as it "
        "is.",
    ),
    *(
        Mistake(
            f"rounded_to_{digits}",
            _neuron(activation=lambda z, digits=digits: np.round(_logistic(z), digits)),  # type: ignore[misc]
            f"You round the output to {digits} digits. Return it as it is; round only what you "
            "print.",
        )
        for digits in range(2, 7)
    ),
    Mistake(
        "step",
        _neuron(activation=lambda z: float(z >= 0)),
        "Your neuron fires or stays silent, as in 1943. The logistic neuron has a smooth curve in "
        "place of the step: 1 / (1 + exp(-z)).",
    ),
    Mistake(
        "tanh",
        _neuron(activation=np.tanh),
        "You use tanh, which runs from -1 to 1. The logistic function is 1 / (1 + exp(-z)).",
    ),
]


# sigmoid_centre


def sigmoid_centre(w: float, b: float) -> tuple[float, float]:
    """Return where a logistic neuron of one input is at one half, and its slope there."""
    return -b / w, w / 4


def centre_cases(rng: Rng) -> list[Case]:
    """Numbers from the lesson, both signs, a bias of 0, random numbers."""
    cases = [
        Case((1.0, 4.0), "w = 1, b = 4, as in the lesson"),
        Case((2.0, 4.0), "w = 2, b = 4, as in the lesson"),
        Case((2.0, -3.0), "a negative bias"),
        Case((-4.0, 2.0), "a negative weight"),
        Case((-0.5, -1.0), "both negative"),
        Case((3.0, 0.0), "a bias of 0"),
        Case((-4, 6), "whole numbers"),
        Case((9.0, -43.7), "nearly the flower neuron of the lesson"),
    ]
    for sign in (-1, 1):
        w, b = 2 * abs(decimals(rng, 2))
        cases.append(Case((sign * float(w), float(b))))
    return cases


def _centre(
    centre: Callable[[float, float], float] = lambda w, b: -b / w,
    slope: Callable[[float, float], float] = lambda w, b: w / 4,
) -> Callable[..., Any]:
    """Build an answer; each argument puts another mistake into it."""

    def centre_and_slope(w: float, b: float) -> tuple[float, float]:
        return centre(w, b), slope(w, b)

    return centre_and_slope


CENTRE_MISTAKES = [
    Mistake(
        "sign",
        _centre(lambda w, b: b / w),
        "Your centre has the wrong sign. Solve w x + b = 0 for x: the b changes sides, and with it "
        "its sign.",
    ),
    Mistake(
        "weight_left_out",
        _centre(lambda w, b: -b),
        "You leave the weight out of the centre. Solve w x + b = 0 for x: divide by w at the end.",
    ),
    Mistake(
        "bias_alone",
        _centre(lambda w, b: b),
        "The bias is not the centre. Solve w x + b = 0 for x.",
    ),
    Mistake(
        "multiplied",
        _centre(lambda w, b: -b * w),
        "You multiply by the weight. Solve w x + b = 0 for x: divide by it.",
    ),
    Mistake(
        "subtracted",
        _centre(lambda w, b: -b - w),
        "You subtract the weight. In w x + b = 0 it is a factor: divide by it.",
    ),
    Mistake(
        "upside_down",
        _centre(lambda w, b: -w / b),
        "Your fraction is upside down: the centre is -b / w. With a bias of 0 it is 0.",
    ),
    Mistake(
        "whole_numbers",
        _centre(lambda w, b: -b // w),
        "`//` rounds down to a whole number. Use `/`.",
    ),
    Mistake(
        "never_negative",
        _centre(lambda w, b: abs(b / w)),
        "Your centre is never negative. It can lie on both sides of 0: keep the sign.",
    ),
    Mistake(
        "sum_of_one_half",
        _centre(lambda w, b: (0.5 - b) / w),
        "You look for the sum 0.5. It is the output that is one half, and the sigmoid is one half "
        "where the sum is 0: solve w x + b = 0.",
    ),
    Mistake(
        "slope_is_w",
        _centre(slope=lambda w, b: w),
        "The slope of the sigmoid at 0 is 1/4, and w x + b grows w times as fast as x: the slope "
        "is w / 4.",
    ),
    Mistake(
        "slope_is_half",
        _centre(slope=lambda w, b: w / 2),
        "You multiply w by the output, 1/2. The slope is w y (1 - y), and both factors are 1/2.",
    ),
    Mistake(
        "slope_without_w",
        _centre(slope=lambda w, b: 0.25),
        "1/4 is the slope for w = 1. A larger weight makes the curve steeper: multiply by w.",
    ),
    Mistake(
        "slope_never_negative",
        _centre(slope=lambda w, b: abs(w) / 4),
        "With a negative weight the curve falls, so its slope is negative: keep the sign of w.",
    ),
    Mistake(
        "slope_at_0",
        _centre(slope=lambda w, b: w * float(_logistic(b) * (1 - _logistic(b)))),
        "You compute the slope at x = 0. At the centre the score is 0 and the output is 1/2.",
    ),
    Mistake(
        "centre_for_the_sum",
        _centre(slope=lambda w, b: w * float(_logistic(-b / w) * (1 - _logistic(-b / w)))),
        "You put the centre into the sigmoid. Its argument is the sum w x + b, which is 0 at the "
        "centre: the output there is 1/2.",
    ),
    Mistake(
        "swapped",
        lambda w, b: (w / 4, -b / w),
        "You return the slope first. The order is centre, then slope.",
    ),
    Mistake(
        "centre_only",
        lambda w, b: -b / w,
        "You return the centre alone. Return two numbers: `return centre, slope`.",
    ),
]


# tell_apart: an open task


def tell_apart(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Answer with one neuron: its middle lies half-way between the two average images."""
    first, second = train_x[train_y == 0].mean(axis=0), train_x[train_y == 1].mean(axis=0)
    w = second - first
    b = -w @ (first + second) / 2
    answers: Ints = (test_x @ w + b >= 0).astype(int)
    return answers


def unchosen(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Answer 0 and 1 in turn, whatever the images show."""
    return np.arange(len(test_x)) % 2


PAIRS = ((5, 8), (8, 7), (3, 8))
PAPER, INK = 0.7, 0.9  # grey, so that the sum of all products is far from 0 without a bias
CHOOSE_BY, ASKED = 200, 150


def pair_cases(rng: Rng) -> list[Case]:
    """Two kinds of digits in faint ink on grey paper, for each of three pairs.

    An 8 has more ink than the other three, so weights that add up to nothing are no good ones, and
    with the grey of the paper a bias that is missing, turned, halved or doubled fails on all draws.
    """
    data = datasets.digits()
    images = PAPER + (INK - PAPER) * data.x.reshape(len(data.x), -1).astype(float)
    cases = []
    for pair in PAIRS:
        order = rng.permutation(np.flatnonzero(np.isin(data.y, pair)))
        first, others = order[:CHOOSE_BY], order[CHOOSE_BY : CHOOSE_BY + ASKED]
        y = (data.y == pair[1]).astype(int)
        about = (
            f"the digits {pair[0]} and {pair[1]}: {CHOOSE_BY} to choose by, {ASKED} others to "
            "answer for"
        )
        cases.append(Case((images[first], y[first], images[others]), about, hidden=y[others]))
    return cases


def slip(value: Any, case: Case) -> str:
    """Say what answers are that cannot be right, whatever the weights; empty if they can be."""
    labels = case.hidden
    if isinstance(value, tuple) and len(value) == 2:
        return (
            "You return two things, perhaps the weights and the bias. Use them: return 0 or 1 for "
            "each row of test_x."
        )
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf":
        return ""
    if value.shape == (CHOOSE_BY,):
        return "You answer for train_x, whose labels you have. Answer for test_x."
    if value.shape == (64,):
        return "You return 64 numbers, perhaps the weights. Answer for test_x: 0 or 1 for each row."
    if value.shape != labels.shape:
        return ""
    others = value[~np.isin(value, (0, 1))]
    if len(others) and np.all(others % 1 == 0) and np.all(np.abs(value) < 10):
        return (
            f"You answer {others[0]:g}, and only 0 and 1 exist here: the first or the second kind."
        )
    if len(others):
        return (
            f"You return numbers such as {others[0]:.3g}. Return decisions: 1 where the sum is at "
            "least 0 (a sigmoid at least one half), otherwise 0."
        )
    if np.all(value == value[0]):
        return (
            f"You answer {value[0]:g} for every image, so all sums are on one side of 0. Choose "
            "the bias so that the sum is 0 half-way between the two average images, and mind its "
            "sign."
        )
    if accuracy(1 - value, labels) >= BARS[0]:
        return (
            "Your answers are turned round: you tell the kinds apart, but call the first 1 and "
            "the second 0. Turn the sign of all weights and of the bias."
        )
    return ""


BARS = (0.75, 0.9)


CHECKS = (
    Check(mp_neuron, 1, mp_cases, MP_MISTAKES, ("output",)),
    Check(gate_weights, 2, gate_cases, GATE_MISTAKES, ("w", "b")),
    Check(neuron, 3, neuron_cases, NEURON_MISTAKES, ("output",)),
    Check(sigmoid_centre, 2, centre_cases, CENTRE_MISTAKES, ("centre", "slope")),
    Check(
        tell_apart,
        2,
        pair_cases,
        (),
        ("answers",),
        goal=Goal(
            accuracy,
            bars=BARS,
            advice=(
                "That is hardly better than guessing. Give a pixel a positive weight if it is "
                "darker in the images labelled 1 than in those labelled 0, and a negative one "
                "if it is lighter. Then choose the bias so that the sum is 0 half-way between the "
                "two average images.",
                "Your weights help. Let all 64 pixels count, each by how much darker it is in one "
                "kind than in the other, and choose the bias so that the sum is 0 half-way between "
                "the two average images.",
            ),
            untrained=unchosen,
            slip=slip,
        ),
    ),
)

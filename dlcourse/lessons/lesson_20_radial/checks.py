"""Lesson 20, radial bases and modular networks: bells, their weights and centres; responsibility.

Rows are examples. `gate`, `errors` and `outputs` have a column for each expert.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal
from dlcourse.lessons.lesson_20_radial.series import LAGS

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Rng = np.random.Generator
Wrong = Callable[..., Any]


def _quiet(function: Wrong) -> Wrong:
    """Wrap a wrong function that divides by zero or overflows, so that nothing is warned."""

    def quiet(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*arguments)

    return quiet


def _column(*values: float) -> NDArray[Any]:
    """Return examples with one feature."""
    return np.array(values)[:, np.newaxis]


# rbf_features


def rbf_features(x: Floats, centres: Floats, beta: float) -> Floats:
    """Return the bell of each centre at each row of x."""
    squares = ((x[:, np.newaxis] - centres) ** 2).sum(axis=2)
    features: Floats = np.exp(-beta * squares)
    return features


def bell_cases(rng: Rng) -> list[Case]:
    """XOR, one feature, narrow and wide bells, as many rows as centres, whole numbers, far away."""
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return [
        Case((corners, corners[[0, 3]], 1.0), "the corners of XOR, two bells, as in the lesson"),
        Case((_column(0.0, 0.5, 2.0), _column(0.0), 1.0), "one bell, one feature"),
        Case((_column(0.0, 0.5, 1.0), _column(0.0, 2.0), 4.0), "narrow bells"),
        Case((_column(0.0, 3.0, -4.0), _column(1.0, -2.0), 0.1), "wide bells"),
        Case((corners[[1]] * 2, np.array([[1.0, 0.5]]), 0.5), "one row, one bell"),
        Case(
            (np.array([[0.3, 1.0], [-1.2, 0.4]]), np.array([[0.1, 0.2], [0.9, -0.7]]), 0.5),
            "as many rows as bells and features",
        ),
        Case((np.array([[1, 2], [3, 0]]), np.array([[1, 1], [2, 2], [4, 0]]), 1), "whole numbers"),
        Case((_column(0.0, 50.0), _column(0.0, 1.0), 2.0), "far from all centres"),
        Case((decimals(always(), 4, 3), decimals(always(), 2, 3)[::-1], 0.7), "three features"),
        Case((decimals(rng, 3, 2), decimals(rng, 2, 2), 0.6)),
        Case((decimals(rng, 2, 3), decimals(rng, 4, 3), 0.3)),
    ]


DIFFERENCE = "x[:, np.newaxis] - centres"
SQUARES = "((x[:, np.newaxis] - centres) ** 2).sum(axis=2)"
POWER = "np.exp(-beta * squares)"


def _bell_in_place(x: Any, centres: Any, beta: Any) -> Any:
    features = rbf_features(x, centres, beta)
    centres *= 2
    return features


def _each_to_its_own(x: Any, centres: Any, beta: Any) -> Any:
    """Take as many rows as there are centres, or one: what broadcasting makes of x - centres."""
    return np.exp(-beta * ((x - centres) ** 2).sum(axis=1))


def _bells_of_the_first(x: Any, centres: Any, beta: Any) -> Any:
    return np.exp(-beta * ((x - centres[0]) ** 2).sum(axis=1))


BELL_MISTAKES = [
    Mistake(
        "in_place",
        _bell_in_place,
        "The bells are right, but an argument changes on the way: it belongs to the caller. Write "
        "to a new array.",
    ),
    Mistake(
        "distances",
        (POWER, "squares"),
        "These are squared distances. The bell is exp(-beta * squared distance).",
    ),
    Mistake(
        "rows_and_bells_swapped",
        ("return features", "return features.T"),
        "Rows and columns are swapped. There is a row for each row of x and a column for each "
        "centre: shape (n, k).",
    ),
    Mistake(
        "not_summed",
        (SQUARES, f"({DIFFERENCE}) ** 2"),
        "You take a bell of each feature by itself. Add up the squares of all features first: the "
        "distance of a row to a centre is one number.",
    ),
    Mistake(
        "summed_after_exp",
        (
            (SQUARES, f"({DIFFERENCE}) ** 2"),
            (POWER, f"{POWER}.sum(axis=2)"),
        ),
        "You add up bells of single features. Add up the squares first, and take exp of the sum.",
    ),
    Mistake(
        "with_bias",
        ("return features", "return np.column_stack([features, np.ones(len(features))])"),
        "You append a column of ones. That belongs to the bias, in question 2; here there is a "
        "column for each centre and no more.",
    ),
    Mistake(
        "each_row_its_own_centre",
        _each_to_its_own,
        "`x - centres` takes row i of x with centre i. Compare every row with every centre: "
        "x[:, None] - centres has shape (n, k, features).",
    ),
    Mistake(
        "first_centre",
        _bells_of_the_first,
        "You have one centre alone. There is a bell for each centre: shape (n, k).",
    ),
    Mistake(
        "all_rows_at_once",
        (
            SQUARES,
            f"({DIFFERENCE}) ** 2\n    squares = np.sum(squares, (0, 2)) + 0 * squares.sum(2)",
        ),
        "You add up the squares of all rows: every row gets the same. Each row has a distance of "
        "its own: give the sum or np.linalg.norm an axis.",
    ),
    Mistake(
        "sum_goes_on",
        (SQUARES, f"{SQUARES}.cumsum(axis=1)"),
        "Your sum of squares goes on from centre to centre. Set it back to 0 for each.",
    ),
    Mistake(
        "minus_outside",
        _quiet(lambda x, centres, beta: -rbf_features(x, centres, -beta)),
        "Your minus stands outside of exp. It belongs into the exponent: exp(-beta * ...).",
    ),
    Mistake(
        "no_minus",
        _quiet(lambda x, centres, beta: rbf_features(x, centres, -beta)),
        "Your bell grows with the distance: a minus is missing in the exponent.",
    ),
    Mistake(
        "distance_not_squared",
        (POWER, "np.exp(-beta * np.sqrt(squares))"),
        "You take the distance. The exponent has its square: leave out the root.",
    ),
    Mistake(
        "squared_again",
        (POWER, "np.exp(-beta * squares**2)"),
        "Your distances are squared twice. The exponent is -beta times the squared distance.",
    ),
    Mistake(
        "beta_left_out",
        (POWER, "np.exp(-squares)"),
        "You never use beta. It makes the bell narrower: exp(-beta * squared distance).",
    ),
    Mistake(
        "beta_divides_twice",
        (POWER, "np.exp(-squares / (2 * beta**2))"),
        "You take beta for a width, as in exp(-d**2 / (2 sigma**2)). Here beta multiplies: "
        "exp(-beta * squared distance).",
    ),
    Mistake(
        "beta_divides",
        (POWER, "np.exp(-squares / beta)"),
        "You divide by beta. It multiplies: a larger beta makes a narrower bell.",
    ),
    Mistake(
        "beta_divides_by_two",
        (POWER, "np.exp(-squares / (2 * beta))"),
        "You divide by 2 beta, as if it were a variance. Here beta multiplies: "
        "exp(-beta * squared distance).",
    ),
    Mistake(
        "square_of_minus",
        _quiet(lambda x, centres, beta: 1 / rbf_features(x, centres, beta**2)),
        "Your minus is squared, too, and so is beta. Write -beta * distance**2, without brackets "
        "around -beta * distance.",
    ),
    Mistake(
        "beta_is_a_reach",
        (POWER, "np.exp(-np.log(2) * squares / beta**2)"),
        "You take beta for the distance at which the bell has fallen to one half. Here beta "
        "multiplies: exp(-beta * squared distance).",
    ),
    Mistake(
        "beta_squared",
        (POWER, "np.exp(-((beta * np.sqrt(squares)) ** 2))"),
        "Your beta is squared with the distance. Multiply after squaring.",
    ),
    Mistake(
        "halved",
        (POWER, "np.exp(-beta * squares / 2)"),
        "You halve the exponent. This bell has no 2: exp(-beta * squared distance).",
    ),
    Mistake(
        "beta_outside",
        (POWER, "np.exp(-beta) * squares"),
        "Your exponent is beta alone. The squared distance belongs into the brackets of exp.",
    ),
    Mistake(
        "beta_in_front",
        (POWER, "beta * np.exp(-squares)"),
        "Your beta stands in front of exp. It belongs into the exponent.",
    ),
    Mistake(
        "power_of_two",
        (POWER, "2.0 ** (-beta * squares)"),
        "Your bell is a power of 2. Take e: np.exp.",
    ),
    Mistake(
        "one_minus",
        (POWER, "1 - np.exp(-beta * squares)"),
        "Your bells are upside down. At its centre a bell is 1: leave out the 1 - ...",
    ),
    Mistake(
        "logistic",
        (POWER, "1 / (1 + np.exp(-beta * squares))"),
        "You take the sigmoid. A bell is exp(-beta * squared distance), without 1 / (1 + ...).",
    ),
    Mistake(
        "a_fraction",
        (POWER, "1 / (1 + beta * squares)"),
        "1 / (1 + beta d**2) is a bell, too, but another one. Take exp(-beta * squared distance).",
    ),
    Mistake(
        "absolute",
        (f"({DIFFERENCE}) ** 2", f"abs({DIFFERENCE})"),
        "You add up absolute differences. Square them: that is the straight-line distance.",
    ),
    Mistake(
        "square_of_the_sum",
        (SQUARES, f"({DIFFERENCE}).sum(axis=2) ** 2"),
        "You add up the differences and square the sum, so that opposite signs cancel. Square "
        "first.",
    ),
    Mistake(
        "mean_of_squares",
        (".sum(axis=2)", ".mean(axis=2)"),
        "You take the mean of the squares. The squared distance is their sum.",
    ),
    Mistake(
        "largest_difference",
        (".sum(axis=2)", ".max(axis=2)"),
        "You take the largest of the squares. The squared distance is their sum.",
    ),
    Mistake(
        "first_feature",
        (".sum(axis=2)", "[:, :, 0]"),
        "You compare the first feature alone. Add up the squares of all: sum(axis=2).",
    ),
    Mistake(
        "sum_over_the_centres",
        (".sum(axis=2)", ".sum(axis=1)"),
        "You add up over the centres. Add up over the features, the last axis: sum(axis=2).",
    ),
    Mistake(
        "sum_over_the_rows",
        (".sum(axis=2)", ".sum(axis=0)"),
        "You add up over the rows of x. Add up over the features, the last axis: sum(axis=2).",
    ),
    Mistake(
        "dot_product",
        (SQUARES, "x @ centres.T"),
        "You take the dot product of row and centre. A bell depends on their distance: subtract.",
    ),
    Mistake(
        "sum_of_vectors",
        (DIFFERENCE, "x[:, np.newaxis] + centres"),
        "You add x and the centre. Their distance comes from the difference.",
    ),
    Mistake(
        "expansion_without_two",
        (SQUARES, "(x**2).sum(axis=1)[:, np.newaxis] - x @ centres.T + (centres**2).sum(axis=1)"),
        "|x - c|**2 is |x|**2 - 2 x c + |c|**2: the 2 is missing.",
    ),
    Mistake(
        "shares",
        _quiet(
            lambda x, centres, beta: (
                rbf_features(x, centres, beta)
                / rbf_features(x, centres, beta).sum(axis=1, keepdims=True)
            )
        ),
        "You divide by the sum, so that each row adds up to 1. A bell stands for itself.",
    ),
]


# fit_rbf


def fit_rbf(features: Floats, y: Floats, ridge: float) -> Floats:
    """Return the weights of least squares with a ridge on all but the bias, which is the last."""
    columns = np.column_stack([features, np.ones(len(features))])
    price = ridge * np.eye(columns.shape[1])
    price[-1, -1] = 0
    weights: Floats = np.linalg.solve(columns.T @ columns + price, columns.T @ y)
    return weights


def fit_cases(rng: Rng) -> list[Case]:
    """XOR, a line, no ridge and large ones, more weights than rows, a silent bell; random ones."""
    near, far = np.exp(-1), np.exp(-2)
    xor = np.array([[1.0, far], [near, near], [near, near], [far, 1.0]])
    three = np.array([[0.9, 0.1, 0.3], [0.2, 0.8, 0.1], [0.1, 0.4, 0.7], [0.5, 0.5, 0.2]])
    y = np.array([1.0, 3.0, -2.0, 0.5])

    def drawn(rows: int, bells: int, ridge: float) -> Case:
        """Few rows that differ much, their columns and rows in any order, scaled."""
        fixed = np.round(np.cos(np.arange(rows)[:, None] * (1 + np.arange(bells))) + 0.1, 2)
        order = rng.permutation(rows)
        return Case((fixed[order], (np.arange(rows) % 4 + 0.5)[order] * decimals(rng, 1)[0], ridge))

    return [
        Case((xor, np.array([0.0, 1.0, 1.0, 0.0]), 0.0), "XOR with two bells, no ridge"),
        Case((_column(0.0, 1.0, 2.0), np.array([1.0, 3.0, 5.0]), 0.0), "a line, 2 x + 1"),
        Case((_column(0.0, 1.0, 2.0), np.array([1.0, 3.0, 5.0]), 2.0), "the same line, a ridge"),
        Case((_column(0.2, 0.9, 0.4), np.array([100.0, 101.0, 103.0]), 0.5), "answers far from 0"),
        Case((three, y, 0.1), "three bells, four rows"),
        Case((three, y, 50.0), "a large ridge"),
        Case((three[:3, :2], y[:3], 0.3), "as many rows as weights"),
        Case((three[:2], y[:2], 0.5), "more weights than rows"),
        Case((np.array([[0.3, 0.7]]), np.array([2.0]), 1.0), "a single row"),
        Case((three * [1, 0, 1], y, 0.2), "one bell is silent everywhere"),
        Case((np.array([[1, 0], [2, 1], [0, 3]]), np.array([1, 4, 2]), 1), "whole numbers"),
        Case((three - 0.4, 10 * y, 0.25), "features of both signs"),
        drawn(6, 2, 0.4),
        drawn(5, 3, 1.5),
        drawn(7, 4, 0.7),
    ]


COLUMNS = "columns = np.column_stack([features, np.ones(len(features))])"
FREE = "price[-1, -1] = 0"
SOLVED = "np.linalg.solve(columns.T @ columns + price, columns.T @ y)"


def _fit_with(features: Any, y: Any, ridge: Any, bias: float) -> Any:
    """Solve the equations with a price of its own for the bias."""
    columns = np.column_stack([features, np.ones(len(features))])
    price = np.diag([ridge] * features.shape[1] + [bias])
    return np.linalg.lstsq(columns.T @ columns + price, columns.T @ y, rcond=None)[0]


def _ridge_everywhere_but_in_the_last_place(features: Any, y: Any, ridge: Any) -> Any:
    columns = np.column_stack([features, np.ones(len(features))])
    price = np.full((columns.shape[1], columns.shape[1]), ridge)
    price[-1, -1] = 0
    return np.linalg.lstsq(columns.T @ columns + price, columns.T @ y, rcond=None)[0]


def _one_over_each_number(features: Any, y: Any, ridge: Any) -> Any:
    columns = np.column_stack([features, np.ones(len(features))])
    price = np.diag([ridge] * features.shape[1] + [0])
    return (1 / (columns.T @ columns + price)) @ columns.T @ y


def _fit(features: Any, y: Any, ridge: Any) -> Any:
    return _fit_with(features, y, ridge, 0.0)


def _without_bias(features: Any, y: Any, ridge: Any) -> Any:
    price = ridge * np.eye(features.shape[1])
    return np.linalg.lstsq(features.T @ features + price, features.T @ y, rcond=None)[0]


def _bias_is_the_mean(features: Any, y: Any, ridge: Any) -> Any:
    return np.append(_without_bias(features, y - y.mean(), ridge), y.mean())


def _bias_is_the_rest(features: Any, y: Any, ridge: Any) -> Any:
    weights = _without_bias(features, y, ridge)
    return np.append(weights, np.mean(y - features @ weights))


def _bias_zero(features: Any, y: Any, ridge: Any) -> Any:
    return np.append(_without_bias(features, y, ridge), 0.0)


def _price_on_the_features(features: Any, y: Any, ridge: Any) -> Any:
    return _fit(features + ridge, y, 0)


def _ridge_for_rcond(features: Any, y: Any, ridge: Any) -> Any:
    columns = np.column_stack([features, np.ones(len(features))])
    return np.linalg.lstsq(columns, y, rcond=ridge)[0]


def _fit_in_place(features: Any, y: Any, ridge: Any) -> Any:
    weights = _fit(features, y, ridge)
    y[:] = 0
    return weights


def _with_ridge(change: Wrong) -> Wrong:
    """Build the fit with a ridge that something was done to."""
    return lambda features, y, ridge: _fit(features, y, change(features, ridge))


FIT_MISTAKES = [
    Mistake(
        "in_place",
        _fit_in_place,
        "The weights are right, but an argument changes on the way: it belongs to the caller. "
        "Write to a new array.",
    ),
    Mistake(
        "two_results",
        lambda features, y, ridge: (
            _fit(features, y, ridge)[:-1],
            _fit(features, y, ridge)[-1],
        ),
        "You return the weights and the bias as two things. Return one array, the bias last.",
    ),
    Mistake(
        "a_column_of_weights",
        lambda features, y, ridge: _fit(features, y, ridge)[:, np.newaxis],
        "Your weights are a matrix of one column. y is a plain list of numbers, and so are the "
        "weights: shape (k + 1,).",
    ),
    Mistake(
        "bias_first",
        lambda features, y, ridge: np.roll(_fit(features, y, ridge), 1),
        "Your bias comes first. It belongs to the end: append the column of ones on the right.",
    ),
    Mistake(
        "bias_first_and_price_at_the_end",
        (COLUMNS, "columns = np.column_stack([np.ones(len(features)), features])"),
        "Your bias comes first, and the last weight is free instead of it. Append the column of "
        "ones on the right.",
    ),
    Mistake(
        "first_weight_is_free",
        (FREE, "price[0, 0] = 0"),
        "You free the first weight from the price. The bias is the last one: price[-1, -1] = 0.",
    ),
    Mistake(
        "answers",
        ("return weights", "return columns @ weights"),
        "You return the answers on the training rows. Return the weights: k + 1 numbers.",
    ),
    Mistake(
        "bias_left_out",
        _without_bias,
        "The bias is missing: k bells have k + 1 weights. Append a column of ones to the features.",
    ),
    Mistake(
        "only_weights",
        ("return weights", "return weights[:-1]"),
        "You leave out the bias. Return it as the last number.",
    ),
    Mistake(
        "ridge_left_out",
        _with_ridge(lambda features, ridge: 0.0),
        "You never use the ridge. Add it to the diagonal of the equations, but for the bias.",
    ),
    Mistake(
        "bias_priced",
        lambda features, y, ridge: _fit_with(features, y, ridge, ridge),
        "Your bias pays the ridge, too. It is free: put a 0 in the last place of the diagonal.",
    ),
    Mistake(
        "bias_pays_one",
        lambda features, y, ridge: _fit_with(features, y, ridge, 1.0),
        "Your bias pays a price of 1. Free is 0: put a 0 in the last place of the diagonal.",
    ),
    Mistake(
        "bias_alone_pays",
        lambda features, y, ridge: _fit_with(features, y, 0.0, ridge),
        "The bias alone pays. It is the other way round: all weights pay, and the bias is free.",
    ),
    Mistake(
        "features_cut_off",
        lambda features, y, ridge: _fit(features.astype(int), y, ridge),
        "What is behind the point of the features is cut off: they are written into an array of "
        "whole numbers. Make it of floats, or use np.column_stack.",
    ),
    Mistake(
        "ridge_everywhere",
        lambda features, y, ridge: np.linalg.lstsq(
            np.column_stack([features, np.ones(len(features))]).T
            @ np.column_stack([features, np.ones(len(features))])
            + ridge,
            np.column_stack([features, np.ones(len(features))]).T @ y,
            rcond=None,
        )[0],
        "You add the ridge to every number of the matrix. It belongs to the diagonal: "
        "ridge * np.eye(k + 1), with 0 in the last place.",
    ),
    Mistake(
        "ridge_everywhere_but_in_the_last_place",
        _ridge_everywhere_but_in_the_last_place,
        "P is full of ones with you. It has them on the diagonal alone: np.eye(k + 1), with 0 in "
        "the last place.",
    ),
    Mistake(
        "ridge_times_rows",
        _with_ridge(lambda features, ridge: ridge * len(features)),
        "Your ridge is multiplied by the number of rows. That belongs to a mean squared error; "
        "here it is a sum.",
    ),
    Mistake(
        "ridge_over_rows",
        _with_ridge(lambda features, ridge: ridge / len(features)),
        "Your ridge is divided by the number of rows. Add it as it is.",
    ),
    Mistake(
        "ridge_squared",
        _with_ridge(lambda features, ridge: ridge**2),
        "Your ridge is squared. Add it as it is; if you append rows to the columns, they hold its "
        "root.",
    ),
    Mistake(
        "root_of_the_ridge",
        _with_ridge(lambda features, ridge: np.sqrt(ridge)),
        "You add the root of the ridge. Add it as it is.",
    ),
    Mistake(
        "ridge_halved",
        _with_ridge(lambda features, ridge: ridge / 2),
        "Your ridge is halved. Add it as it is.",
    ),
    Mistake(
        "ridge_doubled",
        _with_ridge(lambda features, ridge: 2 * ridge),
        "Your ridge is doubled. The 2 of both derivatives cancels: add it as it is.",
    ),
    Mistake(
        "minus_ridge",
        _with_ridge(lambda features, ridge: -ridge),
        "You subtract the ridge. It is added: columns.T @ columns + price.",
    ),
    Mistake(
        "ridge_for_rcond",
        _ridge_for_rcond,
        "rcond of np.linalg.lstsq is no ridge: it says which directions count as zero. Solve "
        "(A.T A + price) w = A.T y.",
    ),
    Mistake(
        "ridge_on_the_features",
        _price_on_the_features,
        "You add the ridge to the features. Add it to the diagonal of A.T @ A.",
    ),
    Mistake(
        "bias_is_the_mean",
        _bias_is_the_mean,
        "Your bias is the mean of y, and then come the weights. That would be right if every bell "
        "had the mean 0. Solve for both at once: a column of ones.",
    ),
    Mistake(
        "bias_afterwards",
        _bias_is_the_rest,
        "You solve for the weights without a bias, and choose it afterwards. They depend on each "
        "other: a column of ones, and one system for all.",
    ),
    Mistake(
        "mean_not_given_back",
        lambda features, y, ridge: _fit(features, y - y.mean(), ridge),
        "You subtract the mean of y and do not give it back: the bias is too small by the mean.",
    ),
    Mistake(
        "mean_of_the_features_forgotten",
        lambda features, y, ridge: np.append(_fit(features, y, ridge)[:-1], y.mean()),
        "The weights are right. The mean of y would be the bias if every bell had the mean 0; "
        "subtract features.mean(axis=0) @ w.",
    ),
    Mistake(
        "bias_zero",
        _bias_zero,
        "Your bias is always 0. Append a column of ones to the features, and solve for all.",
    ),
    Mistake(
        "ones_forgotten_in_the_answers",
        lambda features, y, ridge: (
            _fit(features, y, ridge) * np.append(np.ones(features.shape[1]), -1)
        ),
        "Your bias has the wrong sign: the answer is features @ w + bias.",
    ),
    Mistake(
        "minus_ones",
        lambda features, y, ridge: -_fit(features, y, ridge),
        "Your weights have the wrong sign. Solve (A.T A + price) w = A.T y.",
    ),
    Mistake(
        "divided_by_the_diagonal",
        lambda features, y, ridge: np.append(
            features.T @ y / ((features**2).sum(axis=0) + max(ridge, 1e-9)), y.mean()
        ),
        "You weigh every bell by itself. Bells overlap: all weights come from one system of "
        "equations, np.linalg.solve.",
    ),
    Mistake(
        "one_over_each_number",
        _quiet(_one_over_each_number),
        "You divide 1 by every number of the matrix. Its inverse is another thing: use "
        "np.linalg.solve(matrix, right side).",
    ),
    Mistake(
        "not_solved",
        (SOLVED, "(columns.T @ columns + price) @ (columns.T @ y)"),
        "You multiply by the matrix. The equations have to be solved: "
        "np.linalg.solve(matrix, right side).",
    ),
    Mistake(
        "right_side_alone",
        (SOLVED, "columns.T @ y"),
        "This is the right side of the equations, A.T @ y. Solve for the weights: "
        "np.linalg.solve(matrix, right side).",
    ),
]


# kmeans


def kmeans(x: Floats, centres: Floats) -> Floats:
    """Return the centres when nothing moves any more."""
    while True:
        squares = ((x[:, np.newaxis] - centres) ** 2).sum(axis=2)
        near = squares.argmin(axis=1)
        moved = centres.astype(float)
        for j in np.unique(near):
            moved[j] = x[near == j].mean(axis=0)
        if np.array_equal(moved, centres):
            return moved
        centres = moved


SLOW = [
    [6, 8, 10, 17, 19, 21, 25, 28, 29, 30, 36, 37, 44, 47, 51, 56, 58, 59],
    [64, 65, 67, 68, 69, 70, 71, 73, 74, 75, 76, 77, 79, 85, 90, 95, 96, 99],
]


def kmeans_cases(rng: Rng) -> list[Case]:
    """Few rounds and many, centres that rest for a while, empty ones, planes, whole numbers."""
    line = _column(0.0, 1.0, 4.0, 5.0)
    plane = np.array([[0.0, 0.0], [3.1, 0.2], [2.2, 2.3], [6.0, 1.3], [7.1, 5.4], [2.3, 7.0]])

    def drawn(start: list[list[float]]) -> Case:
        scale = decimals(rng, 1)[0]  # who is near stays near
        return Case((plane * scale, np.array(start) * scale))

    return [
        Case((line, _column(0.0, 1.0)), "three rounds until nothing moves"),
        Case((_column(0.0, 2.0, 10.0, 13.0), _column(1.0, 11.5)), "nothing moves at all"),
        Case(
            (_column(-9.0, -4.0, -0.6, 0.0, 0.6, 4.0, 9.0), _column(-1.0, 0.0, 1.0)),
            "one goes as far to the left as another to the right",
        ),
        Case((line / 10_000, _column(0.0, 0.0001)), "small numbers: small moves count"),
        Case((_column(0.0, 1.0, 4.0, 9.0), _column(2.0)), "one centre"),
        Case((line, _column(4.0, 0.0)), "centres in another order"),
        Case((line + 1, _column(1.0, 5.0, 21.0)), "a centre that nobody is near keeps its place"),
        Case(
            (_column(1.0, 3.0, 5.0, 11.0, 16.0, 17.0), _column(19.0, 6.0, 17.0)),
            "a centre that nobody is near at first, but later",
        ),
        Case(
            (_column(0.0, 1.0, 4.0, 5.0, 7.0), _column(0.0, 0.0, 5.0)), "two centres in one place"
        ),
        Case((_column(*SLOW[0], *SLOW[1]), _column(6, 8, 10, 17)), "many rounds; whole numbers"),
        Case((np.array([[0, 1], [1, 0], [5, 6], [6, 8]]), np.array([[0, 0], [4, 1]])), "integers"),
        Case(
            (_column(-9.0, -8.0, 0.0, 1.0, 2.0, 7.0, 11.0), _column(-8.5, 0.0, 1.0)),
            "one centre rests from the beginning",
        ),
        Case(
            (_column(0.0, 3.0, 7.0, 11.0, 17.0, 18.0), _column(6.0, 12.0, 23.0)),
            "three centres that pass examples on",
        ),
        Case((plane, np.array([[0.0, 3.0], [5.0, 5.0], [3.5, 0.5]])), "two features"),
        Case((plane[:, ::-1] + 1, np.array([[9.0, 9.0], [-30.0, 0.0], [1.0, 0.2]])), "one empty"),
        Case((_column(0.0, 9.0), _column(20.0, 30.0, 1.0)), "more centres than examples"),
        Case(
            (decimals(always(), 7, 3), decimals(always(), 3, 3)), "three features, as many centres"
        ),
        drawn([[0.1, 3.45], [5.0, 5.0], [40.0, 9.0], [3.5, 0.5]]),
        drawn([[0.0, 0.4], [2.0, 0.1]]),
    ]


MOVED = "moved[j] = x[near == j].mean(axis=0)"
KEPT = "moved = centres.astype(float)"
NEAR = "near = squares.argmin(axis=1)"
K_SQUARES = "squares = ((x[:, np.newaxis] - centres) ** 2).sum(axis=2)"
STOP = "if np.array_equal(moved, centres):"


def _rounds(times: int) -> Wrong:
    """Build k-means that stops after so many rounds, whatever moves."""

    def wrong(x: Any, centres: Any) -> Any:
        for _ in range(times):
            near = ((x[:, np.newaxis] - centres) ** 2).sum(axis=2).argmin(axis=1)
            moved = centres.astype(float)
            for j in np.unique(near):
                moved[j] = x[near == j].mean(axis=0)
            centres = moved
        return centres

    return wrong


def _nearly_at_rest(little: float) -> Wrong:
    """Build k-means that stops when no number moves by as much as this."""

    def wrong(x: Any, centres: Any) -> Any:
        while True:
            moved = _rounds(1)(x, centres)
            if abs(moved - centres).max() < little:
                return moved
            centres = moved

    return wrong


def _last_of_equals(x: Any, centres: Any) -> Any:
    return kmeans(x, centres[::-1])[::-1]


def _kmeans_in_place(x: Any, centres: Any) -> Any:
    found = kmeans(x, centres)
    centres[:] = found
    return found


def _near(x: Any, centres: Any) -> Any:
    return ((x[:, np.newaxis] - centres) ** 2).sum(axis=2).argmin(axis=1)


def _whole_centres(x: Any, centres: Any) -> Any:
    """Keep the kind of numbers of the centres that came in: whole ones stay whole."""
    for _ in range(100):
        moved, near = centres.copy(), _near(x, centres)
        for j in np.unique(near):
            moved[j] = x[near == j].mean(axis=0)
        if np.array_equal(moved, centres):
            break
        centres = moved
    return centres


def _empty_becomes(empty: Wrong) -> Wrong:
    """Build k-means that does something else with centres without examples; at most 100 rounds."""

    def wrong(x: Any, centres: Any) -> Any:
        for _ in range(100):
            near = _near(x, centres)
            full = [j in near for j in range(len(centres))]
            moved = np.array(
                [
                    x[near == j].mean(axis=0) if full[j] else empty(x, centres, j)
                    for j in range(len(centres))
                ]
            )
            if np.array_equal(moved, centres, equal_nan=True):
                break
            centres = moved
        return centres

    return wrong


def _empty_dropped(x: Any, centres: Any) -> Any:
    for _ in range(100):
        near = _near(x, centres)
        centres = np.array([x[near == j].mean(axis=0) for j in np.unique(near)])
    return centres


def _farthest(x: Any, centres: Any, _: int) -> Any:
    squares = ((x[:, np.newaxis] - centres) ** 2).sum(axis=2).min(axis=1)
    return x[squares.argmax()].astype(float)


def _own_start(x: Any, centres: Any) -> Any:
    return kmeans(x, np.resize(x, centres.shape))


def _one_at_a_time(x: Any, centres: Any) -> Any:
    """Move each centre at once, so that the next ones are judged beside the moved one."""
    centres = centres.astype(float)
    for _ in range(100):
        before = centres.copy()
        for j in range(len(centres)):
            near = _near(x, centres)
            if np.any(near == j):
                centres[j] = x[near == j].mean(axis=0)
        if np.array_equal(before, centres):
            break
    return centres


def _by(distance: Wrong) -> Wrong:
    """Build k-means with another distance; at most 100 rounds."""

    def wrong(x: Any, centres: Any) -> Any:
        centres = centres.astype(float)
        for _ in range(100):
            near = distance(x[:, np.newaxis] - centres).argmin(axis=1)
            for j in np.unique(near):
                centres[j] = x[near == j].mean(axis=0)
        return centres

    return wrong


def _moved_by(middle: Wrong) -> Wrong:
    """Build k-means that moves centres elsewhere; at most 200 rounds."""

    def wrong(x: Any, centres: Any) -> Any:
        for _ in range(200):
            near, moved = _near(x, centres), centres.astype(float)
            for j in np.unique(near):
                moved[j] = middle(x[near == j], centres[j])
            if np.array_equal(moved, centres):
                break
            centres = moved
        return centres

    return wrong


def _medoid(own: Any, _: Any) -> Any:
    return own[((own - own.mean(axis=0)) ** 2).sum(axis=1).argmin()]


KMEANS_MISTAKES = [
    Mistake(
        "in_place",
        _kmeans_in_place,
        "The centres are right, but you move those of the caller. Begin with a copy: "
        "centres.astype(float).",
    ),
    Mistake(
        "two_results",
        lambda x, centres: (kmeans(x, centres), _near(x, kmeans(x, centres))),
        "You return the clusters, too. Return the centres alone.",
    ),
    Mistake(
        "clusters",
        lambda x, centres: _near(x, kmeans(x, centres)),
        "You return the clusters. Return the centres.",
    ),
    Mistake(
        "unmoved",
        lambda x, centres: centres,
        "You return the centres as they came. If you compare with a copy, take it before they "
        "move: without .copy() it is the same array, and nothing seems to move.",
    ),
    Mistake(
        "one_round",
        _rounds(1),
        "Your centres move once. Go on until nothing moves. If you keep the old centres for "
        "comparing, keep a .copy(): without it they move, too.",
    ),
    *(
        Mistake(
            f"{words}_rounds",
            _rounds(times),
            f"You stop after {words} rounds. Some starts need more: go on until no centre moves.",
        )
        for times, words in ((2, "two"), (3, "three"), (5, "five"), (10, "ten"), (20, "twenty"))
    ),
    Mistake(
        "as_many_rounds_as_centres",
        lambda x, centres: _rounds(len(centres))(x, centres),
        "You take as many rounds as there are centres. Some starts need more: go on until no "
        "centre moves.",
    ),
    Mistake(
        "last_centre_decides",
        (STOP, "if np.array_equal(moved[-1], centres[-1]):"),
        "The last centre decides alone whether you stop. If you keep a flag, one that has moved "
        "must not be forgotten when the next one rests.",
    ),
    Mistake(
        "stops_when_one_rests",
        (STOP, "if np.any(np.all(moved == centres, axis=1)):"),
        "You stop as soon as one centre rests. Others may still move: all have to rest.",
    ),
    Mistake(
        "stops_when_little_moves",
        _nearly_at_rest(0.1),
        "You stop while centres still move, if only by little. How much is little depends on the "
        "unit: go on until nothing moves.",
    ),
    Mistake(
        "moves_cancel",
        (STOP, "if (moved - centres).sum() < 1e-9:"),
        "You add up the moves with their signs: a move to the left looks like none. Ask whether "
        "each is 0, as np.array_equal does.",
    ),
    Mistake(
        "moves_of_both_signs_cancel",
        (STOP, "if abs((moved - centres).sum()) < 1e-9:"),
        "You add up the moves with their signs, so that they can cancel. Ask whether each is 0, as "
        "np.array_equal does.",
    ),
    Mistake(
        "whole_numbers",
        _whole_centres,
        "Whole numbers come in, and your centres stay whole: what is behind the point is cut off. "
        "Make floats of them: centres.astype(float).",
    ),
    Mistake(
        "empty_is_nan",
        _quiet(_empty_becomes(lambda x, centres, j: centres[j] * np.nan)),
        "A centre without examples has no mean, and becomes nan. Let it stay where it is.",
    ),
    Mistake(
        "empty_is_zero",
        _empty_becomes(lambda x, centres, j: np.zeros(x.shape[1])),
        "A centre without examples jumps to 0. Let it stay where it is: begin each round with a "
        "copy of the centres.",
    ),
    Mistake(
        "empty_goes_to_the_farthest",
        _empty_becomes(_farthest),
        "You send a centre without examples to the farthest example. That is useful at times; here "
        "it stays where it is.",
    ),
    Mistake(
        "empty_goes_to_the_first",
        _empty_becomes(lambda x, centres, j: x[0].astype(float)),
        "You put a centre without examples on an example. That is useful at times; here it stays "
        "where it is.",
    ),
    Mistake(
        "empty_goes_to_the_mean",
        _empty_becomes(lambda x, centres, j: x.mean(axis=0)),
        "You send a centre without examples to the mean of all. Let it stay where it is.",
    ),
    Mistake(
        "empty_dropped",
        _empty_dropped,
        "You leave out centres without examples. They stay where they are: as many centres come "
        "back as went in.",
    ),
    Mistake(
        "own_start",
        _own_start,
        "You begin with centres of your own, the first examples. Begin with those that are given.",
    ),
    Mistake(
        "random_start",
        lambda x, centres: kmeans(
            x, x[np.random.default_rng(0).integers(len(x), size=len(centres))]
        ),
        "You draw centres of your own. Begin with those that are given.",
    ),
    Mistake(
        "to_the_nearest_example",
        lambda x, centres: 1.0 * x[((x[:, np.newaxis] - centres) ** 2).sum(axis=2).argmin(axis=0)],
        "You look for the nearest example of each centre. Look for the nearest centre of each "
        "example: argmin(axis=1).",
    ),
    Mistake(
        "last_of_equals",
        _last_of_equals,
        "Of two centres that are equally near you take the last. Take the first: `<` and not "
        "`<=`, or argmin.",
    ),
    Mistake(
        "sorted",
        lambda x, centres: np.sort(kmeans(x, centres), axis=0),
        "You sort the centres. Leave them in the order in which they came.",
    ),
    Mistake(
        "backwards",
        lambda x, centres: kmeans(x, centres)[::-1],
        "Your centres are in another order than they came.",
    ),
    Mistake(
        "one_at_a_time",
        _one_at_a_time,
        "You move one centre and share out the examples again before the next one. In a round all "
        "examples go to the centres as they were, then all centres move.",
    ),
    Mistake(
        "sums",
        _moved_by(lambda own, _: own.sum(axis=0)),
        "You add up the examples of a cluster. Take their mean.",
    ),
    Mistake(
        "medians",
        _moved_by(lambda own, _: np.median(own, axis=0)),
        "You take medians. k-means takes means.",
    ),
    Mistake(
        "nearest_example",
        _moved_by(_medoid),
        "You put centres on examples. A centre goes to the mean, where there may be none.",
    ),
    Mistake(
        "one_mean_for_all_features",
        _moved_by(lambda own, _: own.mean()),
        "You take one mean over all features. Take the mean of each: mean(axis=0).",
    ),
    Mistake(
        "farthest",
        lambda x, centres: _by(lambda d: -(d**2).sum(axis=2))(x, centres),
        "You give each example to the farthest centre. Take argmin.",
    ),
    Mistake(
        "absolute",
        _by(lambda d: abs(d).sum(axis=2)),
        "You add up absolute differences. Square them: that is the straight-line distance.",
    ),
    Mistake(
        "first_feature",
        _by(lambda d: d[:, :, 0] ** 2),
        "You compare the first feature alone. Add up the squares of all: sum(axis=2).",
    ),
    Mistake(
        "not_squared",
        _by(lambda d: d.sum(axis=2)),
        "Your differences are not squared: negative ones count as nearest of all.",
    ),
    Mistake(
        "square_of_the_sum",
        _by(lambda d: d.sum(axis=2) ** 2),
        "You add up the differences and square the sum, so that opposite signs cancel. Square "
        "first.",
    ),
]


# responsibilities


def responsibilities(gate: Floats, errors: Floats, variance: float) -> Floats:
    """Return each expert's share of g exp(-error / 2 variance)."""
    least = errors.min(axis=1, keepdims=True)
    shares = gate * np.exp(-(errors - least) / (2 * variance))
    found: Floats = shares / shares.sum(axis=1, keepdims=True)
    return found


GATES = np.array([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1]])


def _gates(rng: Rng, rows: int, experts: int) -> Floats:
    """Draw what a gate says: unequal shares that add up to 1."""
    sizes = abs(decimals(rng, rows, experts))
    return np.asarray(sizes / sizes.sum(axis=1, keepdims=True))


def share_cases(rng: Rng) -> list[Case]:
    """By hand, several variances, far-off experts, rows far apart, a gate of 0; random ones."""
    three = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8], [0.6, 0.3, 0.1]])
    errors = np.array([[0.3, 1.2, 2.4], [1.1, 0.2, 3.0], [0.5, 0.9, 0.1]])
    return [
        Case((GATES[:1], np.array([[4.0, 0.0]]), 1.0), "the example of the lesson"),
        Case((GATES[:2], np.array([[1.0, 1.0], [1.0, 2.0]]), 1.0), "equal errors, equal gates"),
        Case((GATES, np.array([[0.4, 0.1], [0.3, 0.9], [0.2, 0.7]]), 0.25), "a small variance"),
        Case((GATES, np.array([[0.4, 5.1], [3.3, 0.9], [0.2, 4.7]]), 6.0), "a large variance"),
        Case((three, errors, 0.5), "as many examples as experts"),
        Case((three[:2], 100 * errors[:2], 0.05), "all are far off"),
        Case((GATES[:2], np.array([[9000.0, 9001.0], [0.3, 0.1]]), 1.0), "rows that are far apart"),
        Case((three[:2], np.array([[1.0, 2e4, 3.0], [9e3, 8e3, 0.5]]), 1.0), "some are far off"),
        Case((np.array([[0.0, 0.3, 0.7]]), np.array([[2.0, 1.0, 3.0]]), 1.0), "one gate is closed"),
        Case((np.ones((2, 1)), np.array([[3.0], [5000.0]]), 0.1), "a single expert"),
        Case((np.array([[1, 0], [0, 1]]), np.array([[3, 2], [4, 1]]), 2), "whole numbers"),
        Case((_gates(rng, 2, 3), abs(decimals(rng, 2, 3)), 0.4)),
        Case((_gates(rng, 4, 2), 1000 + abs(decimals(rng, 4, 2)), 0.3), "random numbers, far off"),
    ]


EXPONENT = "-(errors - least) / (2 * variance)"
H_SHARES = f"shares = gate * np.exp({EXPONENT})"
H_TOTAL = "shares.sum(axis=1, keepdims=True)"
LEAST = "least = errors.min(axis=1, keepdims=True)"


def _shares_in_place(gate: Any, errors: Any, variance: Any) -> Any:
    found = responsibilities(gate, errors, variance)
    errors -= errors.min(axis=1, keepdims=True)
    gate *= 2
    return found


def _shares(gate: Any, errors: Any, variance: Any) -> Any:
    return gate * np.exp(-(errors - errors.min(axis=1, keepdims=True)) / (2 * variance))


def _not_shifted(gate: Any, errors: Any, variance: Any) -> Any:
    shares = gate * np.exp(-errors / (2 * variance))
    return shares / shares.sum(axis=1, keepdims=True)


def _never_zero(small: float) -> Wrong:
    """Build the shares whose sum got a small number more, so that it is not 0."""

    def wrong(gate: Any, errors: Any, variance: Any) -> Any:
        shares = gate * np.exp(-errors / (2 * variance))
        return shares / (shares.sum(axis=1, keepdims=True) + small)

    return wrong


def _raised(gate: Any, errors: Any, variance: Any) -> Any:
    shares = gate * np.exp(-errors / (2 * variance)) + 1e-12
    return shares / shares.sum(axis=1, keepdims=True)


def _zero_is_shared(gate: Any, errors: Any, variance: Any) -> Any:
    shares = gate * np.exp(-errors / (2 * variance))
    total = shares.sum(axis=1, keepdims=True)
    return np.where(total > 0, shares / np.where(total > 0, total, 1), gate)


def _alike_where_zero(gate: Any, errors: Any, variance: Any) -> Any:
    shares = gate * np.exp(-errors / (2 * variance))
    total = shares.sum(axis=1, keepdims=True)
    return np.where(total > 0, shares / np.where(total > 0, total, 1), 1 / gate.shape[1])


def _one_winner(gate: Any, errors: Any, variance: Any) -> Any:
    return np.eye(gate.shape[1])[responsibilities(gate, errors, variance).argmax(axis=1)]


NOT_SHIFTED_EITHER: tuple[tuple[str, Wrong, str], ...] = (
    (
        "no_two",
        lambda gate, errors, variance: _not_shifted(gate, 2 * errors, variance),
        "The 2 is missing: the exponent is -error / (2 * variance).",
    ),
    (
        "multiplied_by_the_variance",
        lambda gate, errors, variance: _not_shifted(gate, errors * variance**2, variance),
        "You multiply by the variance. Put brackets around 2 * variance.",
    ),
    (
        "variance_squared",
        lambda gate, errors, variance: _not_shifted(gate, errors, variance**2),
        "Your variance is squared, as if it were a standard deviation.",
    ),
    (
        "variance_left_out",
        lambda gate, errors, variance: _not_shifted(gate, errors, 1.0),
        "You never use the variance. The exponent is -error / (2 * variance).",
    ),
    (
        "errors_squared_again",
        lambda gate, errors, variance: _not_shifted(gate, errors**2, variance),
        "The errors are squared already. You square them again.",
    ),
    (
        "gate_left_out",
        lambda gate, errors, variance: _not_shifted(np.ones(gate.shape), errors, variance),
        "You never use the gate. An expert's share is g exp(-error / 2v).",
    ),
)


SHARE_MISTAKES = [
    Mistake(
        "in_place",
        _shares_in_place,
        "The shares are right, but an argument changes on the way: it belongs to the caller. Write "
        "`errors = errors - ...`, which makes a new array.",
    ),
    Mistake(
        "not_shifted",
        _quiet(_not_shifted),
        "If all experts are far off, all powers become 0, and 0 / 0 is nan. Subtract the smallest "
        "error of the row first: that changes no share.",
    ),
    Mistake(
        "a_small_number_in_the_sum",
        _never_zero(1e-12),
        "A small number in the sum avoids 0 / 0, but if all experts are far off, nobody is "
        "responsible. Subtract the smallest error of the row first: that changes no share.",
    ),
    Mistake(
        "a_smaller_number_in_the_sum",
        _never_zero(1e-300),
        "A tiny number in the sum avoids 0 / 0, but if all experts are far off, nobody is "
        "responsible. Subtract the smallest error of the row first: that changes no share.",
    ),
    *(
        Mistake(
            f"{small}_in_the_sum",
            _never_zero(small),
            "A small number in the sum avoids 0 / 0, but all shares become too small, and if all "
            "experts are far off, nobody is responsible. Subtract the smallest error of the row.",
        )
        for small in (1e-6, 1e-8, 1e-9, 1e-10)
    ),
    Mistake(
        "a_small_number_for_each",
        _raised,
        "A small number for each expert avoids 0 / 0, but if all are far off, all share alike, "
        "also the worst. Subtract the smallest error of the row first.",
    ),
    Mistake(
        "alike_where_all_are_far",
        _alike_where_zero,
        "If all powers are 0, you share alike. Even among experts that are far off one is nearer: "
        "subtract the smallest error of the row first.",
    ),
    Mistake(
        "gate_where_all_are_far",
        _zero_is_shared,
        "If all powers are 0, you return the gate. Even among experts that are far off one is "
        "nearer: subtract the smallest error of the row first.",
    ),
    Mistake(
        "shifted_by_the_least_of_all",
        _quiet(lambda gate, errors, variance: _not_shifted(gate, errors - errors.min(), variance)),
        "You subtract the smallest error of all rows. In a row that lies far above it all powers "
        "become 0, and 0 / 0 is nan. Each row needs its own.",
    ),
    Mistake(
        "shifted_by_the_largest",
        _quiet(
            lambda gate, errors, variance: _not_shifted(
                gate, errors - errors.max(axis=1, keepdims=True), variance
            )
        ),
        "You subtract the largest error, so that exp overflows for small ones. Subtract the "
        "smallest.",
    ),
    Mistake(
        "shifted_down_the_columns",
        _quiet(
            lambda gate, errors, variance: _not_shifted(gate, errors - errors.min(axis=0), variance)
        ),
        "You subtract the smallest error of each column. Each row needs its own: axis=1 with "
        "keepdims=True.",
    ),
    Mistake(
        "gate_left_out",
        (H_SHARES, f"shares = np.exp({EXPONENT})"),
        "You never use the gate. An expert's share is g exp(-error / 2v): how much it is trusted "
        "counts.",
    ),
    Mistake(
        "gate_alone",
        lambda gate, errors, variance: 1.0 * gate,
        "You return the gate. How near an expert came counts, too: g exp(-error / 2v).",
    ),
    Mistake(
        "variance_left_out",
        (EXPONENT, "-(errors - least) / 2"),
        "You never use the variance. The exponent is -error / (2 * variance).",
    ),
    Mistake(
        "no_two",
        (EXPONENT, "-(errors - least) / variance"),
        "The 2 is missing: the exponent is -error / (2 * variance).",
    ),
    Mistake(
        "halved_again",
        (EXPONENT, "-(errors - least) / (4 * variance)"),
        "You halve the exponent twice. It is -error / (2 * variance).",
    ),
    Mistake(
        "sum_goes_on",
        (H_TOTAL, "shares.sum(axis=1, keepdims=True).cumsum(axis=0)"),
        "Your sum goes on from row to row. Set it back to 0 where a row begins.",
    ),
    Mistake(
        "multiplied_by_the_variance",
        (EXPONENT, "-(errors - least) / 2 * variance"),
        "You multiply by the variance. Both the 2 and the variance divide: put brackets around "
        "2 * variance.",
    ),
    Mistake(
        "variance_squared",
        (EXPONENT, "-(errors - least) / (2 * variance**2)"),
        "Your variance is squared, as if it were a standard deviation. It is a square already.",
    ),
    Mistake(
        "root_of_the_variance",
        (EXPONENT, "-(errors - least) / (2 * np.sqrt(variance))"),
        "You take the root of the variance. The exponent is -error / (2 * variance).",
    ),
    Mistake(
        "errors_squared_again",
        (H_SHARES, "shares = gate * np.exp((least**2 - errors**2) / (2 * variance))"),
        "The errors are squared already. You square them again.",
    ),
    Mistake(
        "errors_not_squared",
        (H_SHARES, "shares = gate * np.exp((np.sqrt(least) - np.sqrt(errors)) / (2 * variance))"),
        "You take the root of the errors. They are squared, and stay so.",
    ),
    Mistake(
        "no_minus",
        _quiet(
            lambda gate, errors, variance: responsibilities(
                gate, errors.max(axis=1, keepdims=True) - errors, variance
            )
        ),
        "The farther off, the more responsible: a minus is missing in the exponent.",
    ),
    Mistake(
        "no_minus_not_shifted",
        _quiet(lambda gate, errors, variance: _not_shifted(gate, -errors, variance)),
        "The farther off, the more responsible: a minus is missing in the exponent.",
    ),
    Mistake(
        "no_minus_shifted_by_the_least",
        _quiet(
            lambda gate, errors, variance: _not_shifted(
                gate, errors.min(axis=1, keepdims=True) - errors, variance
            )
        ),
        "The farther off, the more responsible: a minus is missing in the exponent.",
    ),
    *(
        Mistake(
            f"{name}_not_shifted",
            _quiet(function),
            f"{hint} (And if all experts are far off, all powers become 0: subtract the smallest "
            "error of the row.)",
        )
        for name, function, hint in NOT_SHIFTED_EITHER
    ),
    Mistake(
        "not_divided",
        lambda gate, errors, variance: gate * np.exp(-errors / (2 * variance)),
        "These are no shares yet. Divide by the sum of the row, so that each row adds up to 1.",
    ),
    Mistake(
        "not_divided_but_shifted",
        (f"shares / {H_TOTAL}", "shares"),
        "These are no shares yet. Divide by the sum of the row, so that each row adds up to 1.",
    ),
    Mistake(
        "over_all",
        (H_TOTAL, "shares.sum()"),
        "All your shares together add up to 1. Each row adds up to 1 by itself: axis=1 with "
        "keepdims=True.",
    ),
    Mistake(
        "down_the_columns",
        _quiet(
            lambda gate, errors, variance: (
                _shares(gate, errors, variance) / _shares(gate, errors, variance).sum(axis=0)
            )
        ),
        "You divide by the sums of the columns. An example is a row: axis=1 with keepdims=True.",
    ),
    Mistake(
        "sums_along_a_row",
        (H_TOTAL, "shares.sum(axis=1)"),
        "Your sums lie along a row, so that expert k is divided by the sum of example k. Keep the "
        "axis: shares.sum(axis=1, keepdims=True).",
    ),
    Mistake(
        "over_the_largest",
        (H_TOTAL, "shares.max(axis=1, keepdims=True)"),
        "You divide by the largest. Divide by the sum of the row.",
    ),
    Mistake(
        "gate_divided_first",
        lambda gate, errors, variance: (
            gate * responsibilities(np.ones(gate.shape), errors, variance)
        ),
        "You divide before the gate comes in, so that rows do not add up to 1. Multiply by the "
        "gate first.",
    ),
    Mistake(
        "gate_in_the_power",
        (H_SHARES, f"shares = np.exp(gate * {EXPONENT})"),
        "Your gate stands in the exponent. It stands before exp: gate * np.exp(...).",
    ),
    Mistake(
        "gate_added_to_the_power",
        (H_SHARES, f"shares = np.exp(gate + {EXPONENT})"),
        "You add the gate in the exponent. It is a probability, and multiplies: gate * np.exp(...)",
    ),
    Mistake(
        "gate_added",
        (H_SHARES, f"shares = gate + np.exp({EXPONENT})"),
        "You add the gate. It multiplies: gate * np.exp(...).",
    ),
    Mistake(
        "gate_twice",
        (H_SHARES, f"shares = gate**2 * np.exp({EXPONENT})"),
        "Your gate is in twice. Multiply by it once.",
    ),
    Mistake(
        "one_over",
        lambda gate, errors, variance: (
            (gate / (errors + variance)) / (gate / (errors + variance)).sum(axis=1, keepdims=True)
        ),
        "You divide by the errors. How near an expert came is exp(-error / 2v).",
    ),
    Mistake(
        "one_winner",
        _one_winner,
        "You give all to the most responsible expert. Return shares.",
    ),
    Mistake(
        "slope_of_the_gate",
        lambda gate, errors, variance: gate - responsibilities(gate, errors, variance),
        "This is the slope for the gate, g - h. Return the responsibilities, h.",
    ),
    Mistake(
        "logarithms",
        _quiet(lambda gate, errors, variance: np.log(responsibilities(gate, errors, variance))),
        "You return logarithms. Return the shares.",
    ),
]


# mixture_loss


def mixture_loss(gate: Floats, outputs: Floats, target: Floats) -> Floats:
    """Return -ln of the sum of g exp(-(t - o)^2 / 2), for each example."""
    errors = (target - outputs) ** 2
    least = errors.min(axis=1)
    total = (gate * np.exp(-(errors - least[:, np.newaxis]) / 2)).sum(axis=1)
    losses: Floats = least / 2 - np.log(total)
    return losses


def loss_cases(rng: Rng) -> list[Case]:
    """By hand, experts that are right or far off, rows far apart, one expert; random ones."""
    three = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8], [0.6, 0.3, 0.1]])
    outputs = np.array([[0.3, 1.2, -2.4], [1.1, -0.2, 3.0], [0.5, -0.9, 0.1]])
    return [
        Case((GATES[:1], np.array([[1.0, 3.0]]), _column(3.0)), "the example of the lesson"),
        Case((GATES[:2], np.array([[2.0, 2.0], [0.0, 1.0]]), _column(2.0, 1.5)), "one is right"),
        Case((GATES, np.array([[0.4, -1], [0.3, 2], [1, 0.7]]), _column(0.2, -0.5, 1)), "three"),
        Case((three, outputs, _column(0.9, 0.4, -1.7)), "as many examples as experts"),
        Case((GATES[:2], np.array([[50.0, 51.0], [-60.0, 70.0]]), _column(0.0, 1.0)), "far off"),
        Case(
            (GATES[:2], np.array([[90.0, 91.0], [0.3, 0.1]]), _column(1.0, 0.4)),
            "rows that are far apart",
        ),
        Case(
            (three[:2], np.array([[1.0, 90, 2], [99, -99, 0]]), _column(1.5, 0.5)), "some far off"
        ),
        Case((np.ones((2, 1)), np.array([[3.0], [100.0]]), _column(1.0, 2.0)), "a single expert"),
        Case((np.array([[1, 0], [0, 1]]), np.array([[3, 2], [4, 1]]), _column(2, 3)), "integers"),
        Case((three[:1], outputs[:1] * 3, _column(-2.5)), "an example by itself"),
        Case((_gates(rng, 2, 3), decimals(rng, 2, 3), decimals(rng, 2, 1))),
        Case(
            (_gates(rng, 4, 2), 60 + decimals(rng, 4, 2) / 50, decimals(rng, 4, 1)),
            "random numbers, far off",
        ),
    ]


L_ERRORS = "errors = (target - outputs) ** 2"
L_POWERS = "np.exp(-(errors - least[:, np.newaxis]) / 2)"
L_TOTAL = f"total = (gate * {L_POWERS}).sum(axis=1)"
L_LOSSES = "losses: Floats = least / 2 - np.log(total)"


def _likelihood(gate: Any, outputs: Any, target: Any) -> Any:
    return (gate * np.exp(-((target - outputs) ** 2) / 2)).sum(axis=1)


def _loss_of(change: Wrong) -> Wrong:
    """Build the loss of gates, errors and the sum, without a shift."""

    def wrong(gate: Any, outputs: Any, target: Any) -> Any:
        return change(gate, (target - outputs) ** 2, _likelihood(gate, outputs, target))

    return _quiet(wrong)


def _shifted_by_the_largest(gate: Any, outputs: Any, target: Any) -> Any:
    errors = (target - outputs) ** 2
    most = errors.max(axis=1)
    total = (gate * np.exp(-(errors - most[:, np.newaxis]) / 2)).sum(axis=1)
    return most / 2 - np.log(total)


def _log_terms(gate: Any, outputs: Any, target: Any, first: int, second: int) -> Any:
    """Take the largest of log g - (t - o)^2 / 2 out of the sum; put signs of their own to both."""
    with np.errstate(divide="ignore"):
        terms = np.log(gate) - (target - outputs) ** 2 / 2
    most = terms.max(axis=1)
    return first * most + second * np.log(np.exp(terms - most[:, np.newaxis]).sum(axis=1))


def _least_as_a_row(gate: Any, outputs: Any, target: Any) -> Any:
    errors = (target - outputs) ** 2
    least = errors.min(axis=1)
    return least / 2 - np.log((gate * np.exp(-(errors - least) / 2)).sum(axis=1))


def _loss_in_place(gate: Any, outputs: Any, target: Any) -> Any:
    losses = mixture_loss(gate, outputs, target)
    outputs -= target
    return losses


def _over_the_examples(gate: Any, errors: Any) -> Any:
    least = errors.min(axis=0)
    return least / 2 - np.log((gate * np.exp(-(errors - least) / 2)).sum(axis=0))


LOSS_MISTAKES = [
    Mistake(
        "in_place",
        _loss_in_place,
        "The losses are right, but an argument changes on the way: it belongs to the caller. Write "
        "`outputs = outputs - ...`, which makes a new array.",
    ),
    Mistake(
        "not_shifted",
        _loss_of(lambda gate, errors, total: -np.log(total)),
        "If all experts are far off, the sum becomes 0, and -ln 0 is infinite. Take the smallest "
        "error out of the sum, and add half of it to the loss.",
    ),
    Mistake(
        "a_small_number_in_the_logarithm",
        _loss_of(lambda gate, errors, total: -np.log(total + 1e-12)),
        "A small number in the logarithm avoids infinity, but far-off experts all get the same "
        "loss. Take the smallest error out of the sum, and add half of it to the loss.",
    ),
    Mistake(
        "a_smaller_number_in_the_logarithm",
        _loss_of(lambda gate, errors, total: -np.log(total + 1e-300)),
        "A tiny number in the logarithm avoids infinity, but far-off experts all get the same "
        "loss. Take the smallest error out of the sum, and add half of it to the loss.",
    ),
    Mistake(
        "shift_not_given_back",
        (L_LOSSES, "losses: Floats = -np.log(total)"),
        "You subtract the smallest error in the exponents and do not give it back. Half of it "
        "belongs to the loss: least / 2 - log(total).",
    ),
    Mistake(
        "shift_given_back_whole",
        (L_LOSSES, "losses: Floats = least - np.log(total)"),
        "You give back the whole smallest error. Its half left the exponent: "
        "least / 2 - log(total).",
    ),
    Mistake(
        "shift_subtracted_again",
        (L_LOSSES, "losses: Floats = -least / 2 - np.log(total)"),
        "You subtract the smallest error once more. Give it back: least / 2 - log(total).",
    ),
    Mistake(
        "shifted_by_the_least_of_all",
        _quiet(
            lambda gate, outputs, target: (
                ((target - outputs) ** 2).min() / 2
                - np.log(
                    (
                        gate
                        * np.exp(-((target - outputs) ** 2 - ((target - outputs) ** 2).min()) / 2)
                    ).sum(axis=1)
                )
            )
        ),
        "You subtract the smallest error of all rows. In a row that lies far above it the sum "
        "becomes 0, and -ln 0 is infinite. Each row needs its own.",
    ),
    Mistake(
        "shifted_by_the_largest",
        _quiet(_shifted_by_the_largest),
        "You take the largest error out of the sum, so that exp overflows for small ones. Take the "
        "smallest.",
    ),
    Mistake(
        "logarithm_with_plus",
        (L_LOSSES, "losses: Floats = least / 2 + np.log(total)"),
        "You add the logarithm. The loss is least / 2 - log(total).",
    ),
    *(
        Mistake(
            f"{small}_in_the_logarithm",
            _loss_of(lambda gate, errors, total, small=small: -np.log(total + small)),
            "A small number in the logarithm avoids infinity, but changes every loss, and far-off "
            "experts all get the same. Take the smallest error out of the sum, and add half of it.",
        )
        for small in (1e-6, 1e-8, 1e-10)
    ),
    Mistake(
        "largest_logarithm_subtracted",
        lambda gate, outputs, target: _log_terms(gate, outputs, target, -1, 1),
        "You turn round the sign of the largest exponent, but not of the logarithm. The loss is "
        "minus both: -(m + log(sum)).",
    ),
    Mistake(
        "logarithm_subtracted",
        lambda gate, outputs, target: _log_terms(gate, outputs, target, 1, -1),
        "You turn round the sign of the logarithm, but not of the largest exponent. The loss is "
        "minus both: -(m + log(sum)).",
    ),
    Mistake(
        "least_halved_twice",
        (L_LOSSES, "losses: Floats = least / 4 - np.log(total)"),
        "Your smallest error is halved twice. If you halve the errors, give the smallest back as "
        "it is.",
    ),
    Mistake(
        "halved_outside_of_exp",
        (L_POWERS, "np.exp(-(errors - least[:, np.newaxis])) / 2"),
        "You halve the power. The 2 divides the exponent: put it into the brackets of exp.",
    ),
    Mistake(
        "sum_goes_on",
        (L_LOSSES, "losses: Floats = least / 2 - np.log(total.cumsum())"),
        "Your sum goes on from example to example. Set it back to 0 for each.",
    ),
    Mistake(
        "logarithm_of_one_more",
        (L_LOSSES, "losses: Floats = least / 2 - np.log1p(total)"),
        "You take the logarithm of 1 + the sum. Take np.log of the sum.",
    ),
    Mistake(
        "ten_digits_of_the_sum",
        (L_LOSSES, "losses: Floats = least / 2 - np.log10(total)"),
        "You take the logarithm to the base 10. Take np.log.",
    ),
    Mistake(
        "two_digits_of_the_sum",
        (L_LOSSES, "losses: Floats = least / 2 - np.log2(total)"),
        "You take the logarithm to the base 2. Take np.log.",
    ),
    Mistake(
        "responsibilities_for_the_gate",
        lambda gate, outputs, target: mixture_loss(
            responsibilities(gate, (target - outputs) ** 2, 1), outputs, target
        ),
        "You weigh the powers by the responsibilities. The gate weighs them: g exp(...).",
    ),
    Mistake(
        "most_trusted_alone",
        lambda gate, outputs, target: (
            (target - outputs)[np.arange(len(gate)), gate.argmax(axis=1)] ** 2 / 2
        ),
        "You count the expert that the gate trusts most, alone. All of them are in the sum.",
    ),
    Mistake(
        "mean_of_the_rows",
        lambda gate, outputs, target: mixture_loss(gate, outputs, target).mean(),
        "You return the mean over the examples. Return a loss for each: shape (n,).",
    ),
    Mistake(
        "sum_of_the_rows",
        lambda gate, outputs, target: mixture_loss(gate, outputs, target).sum(),
        "You add up the losses of all examples. Return a loss for each: shape (n,).",
    ),
    Mistake(
        "a_column",
        lambda gate, outputs, target: mixture_loss(gate, outputs, target)[:, np.newaxis],
        "Your losses are a matrix of one column. Return one number for each example: shape (n,).",
    ),
    Mistake(
        "sums_of_the_experts",
        lambda gate, outputs, target: _over_the_examples(gate, (target - outputs) ** 2),
        "You add up over the examples: a loss for each expert. Add up over the experts of a row: "
        "axis=1.",
    ),
    Mistake(
        "sum_of_all",
        lambda gate, outputs, target: mixture_loss(
            gate.reshape(1, -1), outputs.reshape(1, -1), np.repeat(target, gate.shape[1])[None]
        )[0],
        "You add up over all examples before the logarithm. Each example has a sum of its own: "
        "axis=1.",
    ),
    Mistake(
        "no_minus",
        lambda gate, outputs, target: -mixture_loss(gate, outputs, target),
        "The sign is turned round: the loss is minus the logarithm.",
    ),
    Mistake(
        "no_minus_not_shifted",
        _loss_of(lambda gate, errors, total: np.log(total)),
        "The sign is turned round: the loss is minus the logarithm.",
    ),
    Mistake(
        "likelihood",
        _loss_of(lambda gate, errors, total: total),
        "This is the sum. The loss is minus its logarithm.",
    ),
    Mistake(
        "cooperation",
        lambda gate, outputs, target: (target[:, 0] - (gate * outputs).sum(axis=1)) ** 2,
        "This is the loss of cooperation, the squared error of the common answer. Here every "
        "expert is compared with the target by itself.",
    ),
    Mistake(
        "half_of_cooperation",
        lambda gate, outputs, target: (target[:, 0] - (gate * outputs).sum(axis=1)) ** 2 / 2,
        "This is the loss of cooperation. Each expert is compared with the target by itself: "
        "-ln of the sum of g exp(-(t - o)**2 / 2).",
    ),
    Mistake(
        "cooperation_as_a_column",
        lambda gate, outputs, target: (target - (gate * outputs).sum(axis=1)[:, np.newaxis]) ** 2,
        "This is the loss of cooperation, the squared error of the common answer. Here every "
        "expert is compared with the target by itself.",
    ),
    Mistake(
        "weighted_errors",
        _loss_of(lambda gate, errors, total: (gate * errors).sum(axis=1)),
        "This is the mean of the squared errors, weighted by the gate. The loss is -ln of the sum "
        "of g exp(-(t - o)**2 / 2).",
    ),
    Mistake(
        "half_of_the_weighted_errors",
        _loss_of(lambda gate, errors, total: (gate * errors / 2).sum(axis=1)),
        "You take the logarithm of each expert by itself: its exp cancels. Add up first, then take "
        "the logarithm of the sum.",
    ),
    Mistake(
        "weighted_logarithms",
        _loss_of(lambda gate, errors, total: -(gate * np.log(np.exp(-errors / 2))).sum(axis=1)),
        "You take the logarithm of each expert by itself: its exp cancels. Add up first, then take "
        "the logarithm of the sum.",
    ),
    Mistake(
        "logarithm_of_each",
        _loss_of(lambda gate, errors, total: -np.log(gate * np.exp(-errors / 2)).sum(axis=1)),
        "You add up logarithms. Add up first, then take the logarithm of the sum.",
    ),
    Mistake(
        "best_alone",
        _quiet(
            lambda gate, outputs, target: ((target - outputs) ** 2 / 2 - np.log(gate)).min(axis=1)
        ),
        "You count the best expert alone. All of them are in the sum.",
    ),
    Mistake(
        "smallest_error",
        _loss_of(lambda gate, errors, total: errors.min(axis=1) / 2),
        "You count the nearest expert alone. All of them are in the sum, each times its gate.",
    ),
    Mistake(
        "gate_left_out",
        (L_TOTAL, f"total = {L_POWERS}.sum(axis=1)"),
        "You never use the gate. Every expert counts as much as it is trusted: g exp(...).",
    ),
    Mistake(
        "mean_for_the_gate",
        (L_TOTAL, f"total = {L_POWERS}.mean(axis=1)"),
        "You take the mean over the experts. Each counts as much as the gate trusts it.",
    ),
    Mistake(
        "mean_over_experts",
        (".sum(axis=1)", ".mean(axis=1)"),
        "You take the mean over the experts. Take the sum: the gates add up to 1 already.",
    ),
    Mistake(
        "no_half",
        ((L_POWERS, L_POWERS.replace(" / 2", "")), ("least / 2", "least")),
        "The 2 is missing: the exponent is -(t - o)**2 / 2.",
    ),
    Mistake(
        "no_half_not_shifted",
        _quiet(
            lambda gate, outputs, target: (
                -np.log(_likelihood(gate, outputs * 2**0.5, target * 2**0.5))
            )
        ),
        "The 2 is missing: the exponent is -(t - o)**2 / 2. (And if all experts are far off, the "
        "sum becomes 0: take the smallest error out of it.)",
    ),
    Mistake(
        "gate_left_out_not_shifted",
        _quiet(
            lambda gate, outputs, target: -np.log(_likelihood(np.ones(gate.shape), outputs, target))
        ),
        "You never use the gate: g exp(...). (And if all experts are far off, the sum becomes 0: "
        "take the smallest error out of it.)",
    ),
    Mistake(
        "error_not_squared",
        (L_ERRORS, "errors = abs(target - outputs)"),
        "You take the distance. The exponent has its square.",
    ),
    Mistake(
        "error_with_its_sign",
        _quiet(
            lambda gate, outputs, target: (
                -np.log((gate * np.exp(-(target - outputs) / 2)).sum(axis=1))
            )
        ),
        "Your errors are not squared: the exponent is -(t - o)**2 / 2.",
    ),
    Mistake(
        "plus_in_the_exponent",
        _quiet(
            lambda gate, outputs, target: (
                -np.log((gate * np.exp((target - outputs) ** 2 / 2)).sum(axis=1))
            )
        ),
        "A minus is missing in the exponent: it is -(t - o)**2 / 2.",
    ),
    Mistake(
        "normal_density",
        lambda gate, outputs, target: mixture_loss(gate, outputs, target) + np.log(2 * np.pi) / 2,
        "You have the factor of the normal distribution. This loss leaves it out: it is a "
        "constant.",
    ),
    Mistake(
        "two_digits",
        lambda gate, outputs, target: mixture_loss(gate, outputs, target) / np.log(2),
        "You take the logarithm to the base 2. Take np.log.",
    ),
    Mistake(
        "ten_digits",
        lambda gate, outputs, target: mixture_loss(gate, outputs, target) / np.log(10),
        "You take the logarithm to the base 10. Take np.log.",
    ),
    Mistake(
        "doubled",
        lambda gate, outputs, target: 2 * mixture_loss(gate, outputs, target),
        "Your losses are twice as large. The loss is -ln of the sum.",
    ),
    Mistake(
        "responsibilities",
        lambda gate, outputs, target: responsibilities(gate, (target - outputs) ** 2, 1),
        "These are the responsibilities. The loss is one number for each example.",
    ),
    Mistake(
        "down_the_columns",
        _quiet(
            lambda gate, outputs, target: (
                -np.log((gate * np.exp(-((target - outputs) ** 2) / 2)).sum(axis=0))
            )
        ),
        "You add up down the columns. Add up over the experts: axis=1.",
    ),
    Mistake(
        "target_as_a_row",
        lambda gate, outputs, target: mixture_loss(gate, outputs, target[:, 0]),
        "Your targets lie along a row, so that expert k is compared with target k. They are a "
        "column: every expert of a row has the same target.",
    ),
    Mistake(
        "least_as_a_row",
        _quiet(_least_as_a_row),
        "Your smallest errors lie along a row, so that expert k gets the one of example k. Make "
        "them a column: least[:, np.newaxis].",
    ),
    Mistake(
        "first_target",
        _quiet(lambda gate, outputs, target: -np.log(_likelihood(gate, outputs, target[0]))),
        "You compare all rows with the first target. Each row has its own.",
    ),
]


# foresee: an open task

KNOWN, NEW = 1500, 300  # moments to learn from, and to answer for
APART = 5  # steps between two moments that one learns from
SERIES = ((17, 45, 55), (20, 36, 44))  # delay, and the least and the most steps ahead


def foresee(train_x: Floats, train_y: Floats, test_x: Floats) -> Floats:
    """Place bells by k-means, choose their reach on a part kept aside, solve for the weights."""
    centres = kmeans(train_x, train_x[::5])  # 300 bells
    between = ((centres[:, np.newaxis] - centres) ** 2).sum(axis=2)
    np.fill_diagonal(between, np.inf)
    spacing = np.sqrt(between.min(axis=1)).mean()

    def answers(reach: float, x: Floats, y: Floats, new_x: Floats) -> Floats:
        beta = np.log(2) / (reach * spacing) ** 2
        weights = fit_rbf(rbf_features(x, centres, beta), y, 1e-8)
        found: Floats = rbf_features(new_x, centres, beta) @ weights[:-1] + weights[-1]
        return found

    def error(reach: float) -> float:
        found = answers(reach, train_x[:1200], train_y[:1200], train_x[1200:])
        return float(np.mean((found - train_y[1200:]) ** 2))

    return answers(min([1, 2, 3, 4, 6], key=error), train_x, train_y, test_x)


def value_now(train_x: Floats, train_y: Floats, test_x: Floats) -> Floats:
    """Answer the value now."""
    return test_x[:, 0].copy()


def times_smaller(answers: Any, truth: Any) -> float:
    """Return how many times the rms error is smaller than that of whoever always says the mean.

    Examples
    --------
    >>> truth = np.array([1.0, 2.0, 3.0, 4.0])
    >>> round(times_smaller(truth + [0.1, -0.1, 0.1, -0.1], truth), 6)
    11.18034
    """
    error = np.sqrt(np.mean((np.asarray(answers, dtype=float) - truth) ** 2))
    with np.errstate(divide="ignore"):
        times = float(np.std(truth) / error)
    return -np.inf if np.isnan(times) else times


def echoes(n: int, delay: int, start: float, skipped: int = 500) -> Floats:
    """Return n values, one per unit of time, of the equation of Mackey and Glass with any delay.

    Two Runge-Kutta steps of fourth order are taken per unit of time; ``mackey_glass`` of this
    lesson takes ten, which nobody needs who only asks for a series that is hard to foresee.

    Parameters
    ----------
    n : int
    delay : int
    start : float
        The value at all times up to 0.
    skipped : int
        Values at the beginning that are left out.

    Examples
    --------
    >>> echoes(3, 17, 1.2, skipped=0).round(3)
    array([1.118, 1.043, 0.975])
    """
    x = [start] * (2 * delay + 1)
    for step in range(2 * (n + skipped)):
        now, old, next_old = x[-1], x[step], x[step + 1]
        middle = (old + next_old) / 2
        begin, half, end = (0.2 * v / (1 + v**10) for v in (old, middle, next_old))
        k1 = begin - 0.1 * now
        k2 = half - 0.1 * (now + k1 / 4)
        k3 = half - 0.1 * (now + k2 / 4)
        k4 = end - 0.1 * (now + k3 / 2)
        x.append(now + (k1 + 2 * k2 + 2 * k3 + k4) / 12)
    return np.array(x[2 * delay + 1 + 2 * skipped :][1::2])


def foresee_cases(rng: Rng) -> list[Case]:
    """Two series with a delay, a horizon and a unit of their own, in a random order.

    No moment to answer for shows a value that is asked for at another.
    """
    cases = []
    for delay, least, most in rng.permutation(SERIES):
        ahead = int(rng.integers(least, most + 1))
        apart = ahead + max(LAGS) + 1
        known = max(LAGS) + APART * np.arange(KNOWN)
        new = known[-1] + ahead + max(LAGS) + 1 + apart * np.arange(NEW)
        unit = np.exp(rng.uniform(-3, 3))
        series = unit * echoes(int(new[-1]) + ahead + 1, int(delay), rng.uniform(0.6, 1.4))
        order = rng.permutation(KNOWN)
        train_x, test_x = (
            np.stack([series[now - lag] for lag in LAGS], axis=1) for now in (known[order], new)
        )
        arguments = train_x, series[known[order] + ahead], test_x
        about = f"{KNOWN} moments to learn from, {NEW} to answer for"
        cases.append(Case(arguments, about, hidden=series[new + ahead]))
    return cases


def foresee_slip(value: Any, case: Case) -> str:
    """Say what is wrong with answers that show a slip: other rows, other units, a constant."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf" or not value.size:
        return ""
    _, train_y, test_x = case.arguments
    if value.shape == (NEW, 1):
        return "Your answers are a matrix of one column. Return one number for each row of test_x."
    if value.shape == (KNOWN,):
        return "You answer for train_x. Answer for the rows of test_x."
    if value.shape != (NEW,):
        return ""
    if not np.isfinite(value).all():
        return (
            "Some of your answers are nan or infinite. Print the bells of test_x and the largest "
            "weight: is a ridge in your equations?"
        )
    if np.array_equal(value, test_x[:, 0]):
        return "You answer the value now: the first column of test_x. Learn what comes later."
    if np.ptp(value) < 1e-6 * np.ptp(train_y):
        return (
            "You answer the same for every row. With bells this means that they are silent: they "
            "are too narrow for the units of this series."
        )
    return _slip_of_units(value, case.hidden, train_y)


def _slip_of_units(value: Floats, truth: Floats, train_y: Floats) -> str:
    """Tell answers that rise and fall as the series does but lie elsewhere."""
    if times_smaller(value, truth) > 2:
        return ""
    if np.corrcoef(value, truth)[0, 1] > 0.9:
        return (
            "Your answers rise and fall as the series does, but in other units. If you standardize "
            "train_y, turn the answers back: times its standard deviation, plus its mean. And "
            "do not forget the bias."
        )
    if np.abs(value - train_y.mean()).max() > 3 * np.ptp(train_y):
        return (
            "Some of your answers lie far beyond all that train_y holds. Are the weights huge? "
            "Then the bells are too wide, or a ridge is missing."
        )
    return ""


CHECKS = (
    Check(rbf_features, 1, bell_cases, BELL_MISTAKES, ("features",)),
    Check(fit_rbf, 2, fit_cases, FIT_MISTAKES, ("weights",)),
    Check(kmeans, 2, kmeans_cases, KMEANS_MISTAKES, ("centres",)),
    Check(responsibilities, 1, share_cases, SHARE_MISTAKES, ("responsibilities",)),
    Check(mixture_loss, 2, loss_cases, LOSS_MISTAKES, ("losses",)),
    Check(
        foresee,
        2,
        foresee_cases,
        (),
        ("answers",),
        seconds=20.0,
        goal=Goal(
            times_smaller,
            bars=(2.5, 7.0, 20.0),
            advice=(
                "That is what a straight line can do, or less. Take 100 centres, and choose beta "
                "for each series by itself, from the distances between them: the two have "
                "different units.",
                "You foresee where it goes, roughly. Try several reaches of the bells, from one to "
                "six distances to the next centre, on moments that you keep aside; and take 100 "
                "bells or more.",
                "Nearly there. Take more bells, 200 or 300, with a ridge as small as 1e-8; choose "
                "their reach on moments kept aside, and learn from all 1,500 at the end.",
            ),
            untrained=value_now,
            name="how many times the error is smaller than that of the mean",
            slip=foresee_slip,
        ),
    ),
)

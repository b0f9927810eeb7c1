"""Experiments of lesson 06, counted and measured; the lesson hands over its own class `Value`."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from timeit import repeat
from typing import Any

import numpy as np

from dlcourse.nn import autodiff
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

Formula = Callable[..., Any]

# Numbers of inputs and units, layer by layer.
NETWORKS = ((2, 2, 2), (4, 4, 3), (8, 8, 4), (16, 16, 8), (32, 32, 10), (64, 64, 10))


def three_ways(formula: Formula, kind: Callable[[float], Any], numbers: Sequence[float]) -> Table:
    """Show the derivatives of a formula by a class, by `nn.autodiff.Value`, and by nudging.

    Parameters
    ----------
    formula : callable
        Takes Values of either class and returns one.
    kind : callable
        The class: it makes a Value of a number, and a result has `data` and `backward()`.
    numbers : sequence of float
        Where; called a, b, c in the table.

    Returns
    -------
    Table

    Examples
    --------
    >>> three_ways(lambda a, b: a * b, autodiff.Value, [2.0, 3.0]).rows[0]
    ['a', '3.000000', '3.000000', '3.000000']
    """

    def result(at: Sequence[float]) -> float:
        return float(formula(*map(kind, at)).data)

    mine, theirs = [kind(x) for x in numbers], [autodiff.Value(x) for x in numbers]
    formula(*mine).backward()
    formula(*theirs).backward()
    at, rows = np.array(numbers, float), []
    for name, x, y, step in zip("abc", mine, theirs, 1e-6 * np.eye(len(at)), strict=False):
        nudge = (result(at + step) - result(at - step)) / 2e-6
        rows.append([name, f"{x.grad:.6f}", f"{y.grad:.6f}", f"{nudge:.6f}"])
    return Table(["gradient of", "our Value", "nn.autodiff", "by nudging"], rows)


def count_operations(
    networks: Sequence[Sequence[int]],
) -> tuple[list[int], dict[str, list[int]]]:
    """Count what the gradients of tanh networks cost: 1 for an operation, 2 for an arrow back.

    Parameters
    ----------
    networks : sequence of sequence of int
        For each network the numbers of its inputs and units, layer by layer.

    Returns
    -------
    parameters : list of int
        How many weights and biases each network has.
    operations : dict of str to list of int
        For the answer alone, for nudging each number once, and for reverse mode.

    Examples
    --------
    >>> count_operations([(2, 2, 2)])
    ([12], {'nudging': [299], 'reverse mode': [103], 'the answer alone': [23]})
    """
    parameters: list[int] = []
    operations: dict[str, list[int]] = {"nudging": [], "reverse mode": [], "the answer alone": []}
    for sizes in networks:
        count = sum(units * (inputs + 1) for inputs, units in pairwise(sizes))
        nodes = autodiff.topological_order(_tanh_network(sizes))
        forward = sum(bool(node.operation) for node in nodes)
        arrows = sum(len(node.inputs) for node in nodes)
        parameters.append(count)
        operations["nudging"].append((count + 1) * forward)
        operations["reverse mode"].append(forward + 2 * arrows)
        operations["the answer alone"].append(forward)
    return parameters, operations


def _tanh_network(sizes: Sequence[int]) -> autodiff.Value:
    """Return the sum of the squared answers of a network of random numbers."""
    rng, value = np.random.default_rng(0), autodiff.Value
    x = [value(number) for number in rng.normal(size=sizes[0])]
    for inputs, units in pairwise(sizes):
        kernel = [[value(w) for w in row] for row in rng.normal(size=(units, inputs))]
        sums = [sum((w * v for w, v in zip(row, x, strict=True)), value(0)) for row in kernel]
        x = [total.tanh() for total in sums]
    return sum((v**2 for v in x[1:]), x[0] ** 2)


def errors_of_nudging(x: float, other: float) -> tuple[Array, Array, float]:
    """Nudge x**3 to both sides by ever smaller steps, and see how far the slope is off.

    The right slope, 3 x**2, is computed in fractions, without any rounding.

    Parameters
    ----------
    x : float
        Where.
    other : float
        The slope by another method.

    Returns
    -------
    steps, errors : array, shape (15,)
        From 0.1 to 1e-15, and the absolute error with each.
    error : float
        That of the other method.

    Examples
    --------
    >>> steps, errors, error = errors_of_nudging(0.5, 0.75)
    >>> round(float(steps[0]), 3), round(float(errors[0]), 3), error
    (0.1, 0.01, 0.0)
    """
    exact, steps = 3 * Fraction(x) ** 2, 10.0 ** -np.arange(1, 16)
    slopes = [((x + h) ** 3 - (x - h) ** 3) / (2 * h) for h in steps.tolist()]
    errors = np.array([float(abs(Fraction(slope) - exact)) for slope in slopes])
    return steps, errors, float(abs(Fraction(other) - exact))


def rounding_table(
    network: Callable[[Callable[[Any], Any]], Any],
    unit: Callable[[Any], Any],
    kind: Callable[[float], Any],
    digits: Sequence[int],
) -> Table:
    """Round what each unit of a network puts out, and predict by gradients what becomes of it.

    Parameters
    ----------
    network : callable
        Takes the function of its units and returns its error, a Value.
    unit : callable
        The function, without rounding.
    kind : callable
        The class of the Values.
    digits : sequence of int
        How many digits after the point are kept, one row for each.

    Returns
    -------
    Table
    """
    right, rows = network(unit).data, []
    for kept in digits:
        roundings: list[Any] = []

        def rounded(z: Any, kept: int = kept, roundings: list[Any] = roundings) -> Any:
            out = unit(z)
            roundings.append(kind(round(out.data, kept) - out.data))
            return out + roundings[-1]  # a number of its own, so that it gets a gradient

        rough = network(rounded)
        rough.backward()
        predicted = sum(each.grad * each.data for each in roundings)
        rows.append([kept, f"{rough.data - right:+.3e}", f"{predicted:+.3e}"])
    return Table(["digits kept", "E is really off by", "predicted by gradients"], rows)


def determinant_table(sizes: Sequence[int]) -> Table:
    """Count the products of determinants, with and without gradient, and check the inverse.

    Parameters
    ----------
    sizes : sequence of int
        Of the square matrices, whose entries are random.

    Returns
    -------
    Table
    """
    table = []
    for n in sizes:
        matrix = np.random.default_rng(n).normal(size=(n, n))
        values = [[autodiff.Value(entry) for entry in row] for row in matrix]
        det = _determinant(values)
        det.backward()
        inverse = np.array([[v.grad for v in row] for row in values]).T / det.data
        inverts = np.allclose(matrix @ inverse, np.eye(n), rtol=0, atol=1e-8)
        products = [x for x in autodiff.topological_order(det) if x.operation in ("*", "/")]
        forward = len(products)
        both = forward + sum(len(x.inputs) for x in products)  # slopes of + and - are 1 and -1
        table.append([f"{n} x {n}", forward, both, both / forward, "yes" if inverts else "no"])
    head = ["determinant", "alone", "with gradient", "ratio", "gradient gives the inverse"]
    return Table(head, table)


def _determinant(matrix: list[list[autodiff.Value]]) -> autodiff.Value:
    """Eliminate as at school; the determinant is the product of what is on the diagonal."""
    rows, n = [list(row) for row in matrix], len(matrix)
    product = rows[0][0]
    for k in range(n):
        product = product * rows[k][k] if k else product
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return product


def times(ways: Mapping[str, Callable[[], Any]]) -> Table:
    """Measure how long functions take, each the shortest of five runs.

    Parameters
    ----------
    ways : mapping of str to callable
        What to run, under its name.

    Returns
    -------
    Table
    """
    rows = [
        [name, f"{1000 * min(repeat(way, number=10, repeat=5)) / 10:.3f}"]
        for name, way in ways.items()
    ]
    return Table(["one gradient", "ms"], rows)

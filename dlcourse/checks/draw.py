"""Draw inputs on which luck decides nothing.

Whatever is wrong must be wrong on every draw, or two learners with the same code get two
scores. So drawn numbers are never near 0 and never alike, and where an answer is a choice
(a class, an order, a count) a drawn input is a fixed one in disguise (renamed, mirrored, its
parts in another order), or is drawn until it tells every known mistake.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.checks.registry import find
from dlcourse.checks.runner import run

Rng = np.random.Generator


def always() -> Rng:
    """Return a generator that draws the same numbers in every run, for fixed cases.

    Examples
    --------
    >>> float(always().random()) == float(always().random())
    True
    """
    return np.random.default_rng(1958)


def decimals(rng: Rng, *shape: int) -> NDArray[np.floating[Any]]:
    """Draw numbers between 0.2 and 2 in size, with three decimals; no two sizes alike, none 1.

    Half of them are negative. A single one is positive.

    Examples
    --------
    >>> drawn = decimals(always(), 2, 3)
    >>> bool((abs(drawn) >= 0.2).all() and drawn.min() < 0 < drawn.max())
    True
    """
    sizes = 2 * rng.choice(np.arange(100, 1000), shape, replace=False) + 1
    signs = np.where(np.arange(sizes.size) % 2, -1, 1)
    drawn: NDArray[np.floating[Any]] = sizes * rng.permutation(signs).reshape(shape) / 1000
    return drawn


def telling(name: str, draw: Callable[[], Sequence[Any]]) -> tuple[Any, ...]:
    """Draw arguments for a function until each of its known mistakes goes wrong on them."""
    check = find(name)
    while True:
        arguments = tuple(draw())
        expected = run(check.reference, arguments).value
        outcomes = (run(mistake.function, arguments) for mistake in check.mistakes)
        if not any(check.is_right(arguments, expected, outcome.value) for outcome in outcomes):
            return arguments

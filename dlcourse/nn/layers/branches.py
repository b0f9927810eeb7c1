"""Parallel branches: several layers see the same inputs, and their outputs lie side by side.

    outputs = [branch_0(inputs), branch_1(inputs), ...] joined along the last axis

For images the last axis is the channels: an inception module looks through windows of several
sizes at once and lets the next layer choose. Backwards, each branch gets its own part of the
gradient, and what arrives at the inputs is added up.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Cache, Layer, Params, Shape
from dlcourse.nn.sequential import Sequential


class Branches(Layer):
    """Apply layers side by side and join their outputs along the last axis [1]_.

    Parameters
    ----------
    branches : sequence of Layer or of lists of Layer
        A list is applied one layer after the other.

    Attributes
    ----------
    params, state : dict
        Arrays of the branches as ``"<index>.<name>"``; in a list, ``"<index>.<index>.<name>"``.

    Raises
    ------
    ValueError
        If there is no branch; from `build`, if their outputs differ in more than the last axis.

    References
    ----------
    .. [1] C. Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, figure 2.

    Examples
    --------
    >>> from dlcourse.nn import Conv2D
    >>> module = Branches([Conv2D(4, 1), [Conv2D(2, 1), Conv2D(8, 3, padding="same")]])
    >>> module.build((5, 5, 3), np.random.default_rng(0))
    (5, 5, 12)
    >>> list(module.params)
    ['0.kernel', '0.bias', '1.0.kernel', '1.0.bias', '1.1.kernel', '1.1.bias']
    """

    sliceable = "always"

    def __init__(self, branches: Sequence[Layer | Sequence[Layer]]) -> None:
        if not branches:
            raise ValueError("Branches needs at least one branch")
        self.branches = list(branches)
        self._branches: list[Layer] = [
            Sequential(branch) if isinstance(branch, Sequence) else branch for branch in branches
        ]
        self._widths: list[int] = []
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        """Create the parameters of all branches."""
        shapes = [branch.build(input_shape, rng, dtype) for branch in self._branches]
        if len({shape[:-1] for shape in shapes}) > 1:
            raise ValueError(
                "the branches must end in shapes that differ in the last axis only, got "
                + ", ".join(map(str, shapes))
            )
        self._widths = [shape[-1] for shape in shapes]
        self.params = _prefixed([branch.params for branch in self._branches])
        self.state = _prefixed([branch.state for branch in self._branches])
        return (*shapes[0][:-1], sum(self._widths))

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, list[Cache]]:
        """Apply every branch; the cache is the list of theirs.

        Parameters
        ----------
        inputs : Array
            Of the shape that every branch takes.
        training : bool
            Passed on to all layers.

        Returns
        -------
        outputs : Array
        cache : list
        """
        results = [branch.forward(inputs, training=training) for branch in self._branches]
        outputs = np.concatenate([output for output, _ in results], axis=-1)
        return outputs, [cache for _, cache in results]

    def backward(
        self, grad_outputs: Array, cache: list[Cache], *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        """Send each branch its part of the gradient, and add what arrives.

        Parameters
        ----------
        grad_outputs : Array
            Of the shape of the outputs.
        cache : list
            Second value of `forward`.
        input_grad : bool
            Whether the gradient of the inputs is needed.

        Returns
        -------
        grad_inputs : Array or None
        grads : dict
            One gradient per entry of `params`, under the same name.
        """
        cuts = list(accumulate(self._widths))[:-1]
        parts = np.split(grad_outputs, cuts, axis=-1)
        results = [
            branch.backward(part, branch_cache, input_grad=input_grad)
            for branch, part, branch_cache in zip(self._branches, parts, cache, strict=True)
        ]
        grads = _prefixed([branch_grads for _, branch_grads in results])
        arrived = [grad for grad, _ in results if grad is not None]
        return (sum(arrived[1:], arrived[0]) if input_grad and arrived else None), grads


def _prefixed(per_branch: Sequence[Params]) -> Params:
    """Merge one dict per branch into one, with the branch's index before each name."""
    return {
        f"{index}.{name}": array
        for index, named in enumerate(per_branch)
        for name, array in named.items()
    }

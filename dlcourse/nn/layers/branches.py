"""Parallel branches: several layers see the same inputs, and their outputs lie side by side.

    outputs = [branch_0(inputs), branch_1(inputs), ...] joined along the last axis

For images the last axis is the channels: an inception module looks through windows of several
sizes at once and lets the next layer choose. Backwards, each branch gets its own part of the
gradient, and what arrives at the inputs is added up.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import (
    Array,
    Cache,
    Layer,
    Mask,
    Params,
    Shape,
    forward_with_mask,
    prefixed,
)
from dlcourse.nn.sequential import Sequential


class BranchesCache(list[Cache]):
    """The caches of the branches, and which steps of the outputs count."""

    mask: Mask | None = None


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
        shapes = [branch.build(input_shape, rng, dtype) for branch in self._branches]
        if len({shape[:-1] for shape in shapes}) > 1:
            raise ValueError(
                "the branches must end in shapes that differ in the last axis only, got "
                + ", ".join(map(str, shapes))
            )
        self._widths = [shape[-1] for shape in shapes]
        self.params = prefixed({name: part.params for name, part in self.parts().items()})
        self.state = prefixed({name: part.state for name, part in self.parts().items()})
        self.makes_mask = any(branch.makes_mask for branch in self._branches)
        return (*shapes[0][:-1], sum(self._widths))

    def forward(
        self, inputs: Array, *, training: bool = False, mask: Mask | None = None
    ) -> tuple[Array, BranchesCache]:
        results = [
            forward_with_mask(branch, inputs, mask, training=training) for branch in self._branches
        ]
        outputs, caches, masks = zip(*results, strict=True)
        cache = BranchesCache(caches)
        if all(after is not None for after in masks):
            cache.mask = reduce(np.logical_or, masks)
        return np.concatenate(outputs, axis=-1), cache

    def backward(
        self, grad_outputs: Array, cache: BranchesCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        cuts = list(accumulate(self._widths))[:-1]
        parts = np.split(grad_outputs, cuts, axis=-1)
        results = [
            branch.backward(part, branch_cache, input_grad=input_grad)
            for branch, part, branch_cache in zip(self._branches, parts, cache, strict=True)
        ]
        grads = prefixed(
            {
                name: branch_grads
                for (name, branch), (_, branch_grads) in zip(
                    self.parts().items(), results, strict=True
                )
                if branch._unfrozen()
            }
        )
        arrived = [grad for grad, _ in results if grad is not None]
        return (sum(arrived[1:], arrived[0]) if input_grad and arrived else None), grads

    def compute_mask(self, inputs: Array, mask: Mask | None, cache: BranchesCache) -> Mask | None:
        return cache.mask

    def parts(self) -> dict[str, Layer]:
        return {str(index): branch for index, branch in enumerate(self._branches)}

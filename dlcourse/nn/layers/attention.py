"""Self-attention with several heads: every step of a sequence asks all its steps.

    q, k, v  = inputs @ kernel + bias, once for each of them       one query, key, value a step
    head j   = attend(q, k, v) on the j-th part of their features  see `dlcourse.nn.attention`
    outputs  = the heads side by side @ output kernel + bias

Each head has weights of its own, so that one step can look at several places for several reasons.
No step is computed from another's result: all of them at once are four matrix products and, for
each head, the two of `attend`.

A mask says which steps count. No step looks at one that does not count; what such a step itself
puts out counts for nothing. Keras lets it look at all steps alike, and so does this layer.
"""

from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.attention import attend, attend_backward, causal_mask
from dlcourse.nn.contract import Array, Layer, Mask, Params, Shape, check_shape
from dlcourse.nn.initializers import get_initializer

ROLES = ("query", "key", "value")


class AttentionCache(NamedTuple):
    """What the forward pass leaves for the backward pass, and for who wants to see it."""

    inputs: Array
    heads: tuple[Array, Array, Array]  # queries, keys, values: (batch, heads, time, features)
    weights: Array  # (batch, heads, time, time): which step looks at which
    joined: Array  # the heads side by side, (batch, time, heads * value_dim)
    counts: Array | None  # (batch, 1, time, 1): 0 where a step does not count


class MultiHeadAttention(Layer):
    """Let every step of a sequence look at every other, in several ways at once [1]_.

    Inputs (batch, time, in_features); outputs (batch, time, output_shape), as wide as the inputs
    by default. Any number of steps will do: no weight belongs to a place.

    Parameters
    ----------
    num_heads : int
        How many ways of looking.
    key_dim : int
        Features of a query and of a key in each head.
    value_dim : int, optional
        Features of a value in each head; `key_dim` by default.
    use_bias : bool, default True
        Add trained biases.
    output_shape : int, optional
        Features of an output; those of the inputs by default.
    kernel_initializer, bias_initializer : str
        A name of `dlcourse.nn.initializers`.
    use_causal_mask : bool, default False
        Whether a step sees itself and what came before it alone, as in a network that writes.
        In Keras this is an argument of the call.

    Attributes
    ----------
    params : dict
        ``query_kernel``, ``key_kernel`` (in_features, num_heads, key_dim), ``value_kernel``
        (in_features, num_heads, value_dim), ``output_kernel`` (num_heads, value_dim,
        output_shape), and the bias after each: order and layout of
        ``keras.layers.MultiHeadAttention``.

    Notes
    -----
    ``cache.weights[b, h, i, j]`` tells how much, in sequence b and head h, step i looked at step j.

    Raises
    ------
    ValueError
        If a size is not positive. From `build`, if the inputs are no sequences.

    References
    ----------
    .. [1] A. Vaswani et al., "Attention Is All You Need", NIPS 2017, section 3.2.2.

    Examples
    --------
    >>> layer = MultiHeadAttention(2, 3)
    >>> layer.build((5, 4), np.random.default_rng(0))
    (5, 4)
    >>> outputs, cache = layer.forward(np.ones((1, 5, 4), np.float32))
    >>> outputs.shape, cache.weights.shape
    ((1, 5, 4), (1, 2, 5, 5))
    """

    sliceable = "always"
    supports_masking = True

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        *,
        use_bias: bool = True,
        output_shape: int | None = None,
        kernel_initializer: str = "glorot_uniform",
        bias_initializer: str = "zeros",
        use_causal_mask: bool = False,
    ) -> None:
        sizes = {"num_heads": num_heads, "key_dim": key_dim}
        sizes |= {} if value_dim is None else {"value_dim": value_dim}
        sizes |= {} if output_shape is None else {"output_shape": output_shape}
        if not all(isinstance(size, int) and size >= 1 for size in sizes.values()):
            told = ", ".join(f"{name}={size!r}" for name, size in sizes.items())
            raise ValueError(f"MultiHeadAttention needs whole numbers of at least 1, got {told}")
        self.num_heads = num_heads
        self.key_dim = key_dim
        self.value_dim = value_dim
        self.use_bias = use_bias
        self.output_shape = output_shape
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer
        self.use_causal_mask = use_causal_mask
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        if len(input_shape) != 2:
            raise ValueError(
                f"MultiHeadAttention takes sequences (time, features), got shape {input_shape}"
            )
        time, features = input_shape
        value_dim = self.value_dim or self.key_dim
        width = self.output_shape or features
        heads = self.num_heads
        kernels = dict.fromkeys(("query", "key"), (features, heads, self.key_dim))
        kernels |= {"value": (features, heads, value_dim), "output": (heads, value_dim, width)}
        kernel, bias = map(get_initializer, (self.kernel_initializer, self.bias_initializer))
        self.params = {}
        for name, shape in kernels.items():
            inputs = _inputs_of(name, shape)
            matrix = kernel(rng, (inputs, prod(shape) // inputs), dtype)
            self.params[f"{name}_kernel"] = matrix.reshape(shape)
            if self.use_bias:
                bias_shape = shape[2:] if name == "output" else shape[1:]
                self.params[f"{name}_bias"] = bias(rng, bias_shape, dtype)
        return (time, width)

    def forward(
        self, inputs: Array, *, training: bool = False, mask: Mask | None = None
    ) -> tuple[Array, AttentionCache]:
        features = self.params["query_kernel"].shape[0]
        if inputs.ndim != 3 or inputs.shape[2] != features:
            check_shape("MultiHeadAttention inputs", inputs, ("batch", "time", features))
        query, key, value = (self._split(self._project(inputs, role)) for role in ROLES)
        query, seen, counts = self._masked(query, mask)
        context, weights = attend(query, key, value, seen)
        joined = self._join(context)
        outputs = self._project(joined, "output")
        return outputs, AttentionCache(inputs, (query, key, value), weights, joined, counts)

    def backward(
        self, grad_outputs: Array, cache: AttentionCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        grads, grad_joined = self._project_backward(grad_outputs, cache.joined, "output", True)
        grad_heads = attend_backward(self._split(grad_joined), *cache.heads, cache.weights)
        if cache.counts is not None:
            grad_heads = (grad_heads[0] * cache.counts, *grad_heads[1:])
        grad_inputs = None
        for role, grad_head in zip(ROLES, grad_heads, strict=True):
            own, grad = self._project_backward(
                self._join(grad_head), cache.inputs, role, input_grad
            )
            grads |= own
            grad_inputs = grad if grad_inputs is None else grad_inputs + grad
        return grad_inputs, {name: grads[name] for name in self.params}

    def _project(self, inputs: Array, role: str) -> Array:
        """Multiply the last axis with a kernel, whose axes but one are taken together."""
        kernel = self._matrix(role)
        outputs: Array = inputs.reshape(-1, len(kernel)).dot(kernel)
        if self.use_bias:
            outputs += self.params[f"{role}_bias"].reshape(-1)
        return outputs.reshape(*inputs.shape[:-1], -1)

    def _project_backward(
        self, grad_outputs: Array, inputs: Array, role: str, input_grad: bool
    ) -> tuple[Params, Array]:
        """Return the gradients of a kernel and its bias, and that of the inputs."""
        kernel = self._matrix(role)
        grad_rows = grad_outputs.reshape(-1, kernel.shape[1])
        grad_kernel = inputs.reshape(-1, len(kernel)).T.dot(grad_rows)
        grads = {f"{role}_kernel": grad_kernel.reshape(self.params[f"{role}_kernel"].shape)}
        if self.use_bias:
            bias = self.params[f"{role}_bias"]
            grads[f"{role}_bias"] = grad_rows.sum(axis=0).reshape(bias.shape)
        if not input_grad:
            return grads, None  # type: ignore[return-value]
        return grads, grad_rows.dot(kernel.T).reshape(inputs.shape)

    def _matrix(self, role: str) -> Array:
        """Return a kernel as rows of inputs and columns of outputs."""
        kernel = self.params[f"{role}_kernel"]
        return kernel.reshape(_inputs_of(role, kernel.shape), -1)

    def _split(self, joined: Array) -> Array:
        """(batch, time, heads * features) to (batch, heads, time, features)."""
        batch, time, width = joined.shape
        heads = joined.reshape(batch, time, self.num_heads, width // self.num_heads)
        return heads.swapaxes(1, 2)

    def _join(self, heads: Array) -> Array:
        """(batch, heads, time, features) to (batch, time, heads * features)."""
        batch, count, time, features = heads.shape
        return heads.swapaxes(1, 2).reshape(batch, time, count * features)

    def _masked(self, query: Array, mask: Mask | None) -> tuple[Array, Mask | None, Array | None]:
        """Return the queries, who may see whom, and which queries count."""
        batch, _, time, _ = query.shape
        seen: Mask | None = None
        if self.use_causal_mask:
            seen = np.asarray(causal_mask(time), like=query)
        if mask is None:
            return query, seen, None
        check_shape("MultiHeadAttention mask", mask, (batch, time))
        keys = mask[:, np.newaxis, np.newaxis, :]
        seen = keys if seen is None else seen & keys
        asks = mask[:, np.newaxis, :, np.newaxis]
        counts = asks.astype(query.dtype)
        return query * counts, seen | ~asks, counts  # a query of zeros likes all keys alike


def _inputs_of(role: str, shape: Shape) -> int:
    """Return how many inputs a kernel reads: the output reads all features of all heads."""
    return prod(shape[:2]) if role == "output" else shape[0]

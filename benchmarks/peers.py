"""The same networks in PyTorch, eager, and in JAX, compiled by `jit`, with the weights of ours.

Both are written as their users would write them. Only what `benchmarks.networks` has is known
here. The kernels of a Flatten after images are put into the order of PyTorch's axes beforehand.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse import nn

LEARNING_RATE = 0.01
Tasks = dict[str, Callable[[], Any]]


def torch_tasks(network: Any, batch: int, threads: int) -> Tasks:
    """Make a step and a prediction in PyTorch."""
    import torch

    torch.set_num_threads(threads)
    model, (x, y) = network.model(), network.data(batch)
    twin = torch.nn.Sequential(*_torch_modules(torch, model, model.input_shape))
    inputs, targets = torch.from_numpy(_channels_first(x)), torch.from_numpy(y)
    if targets.dtype == torch.int32:
        targets = targets.long()
    losses = {
        nn.SparseCategoricalCrossentropy: torch.nn.CrossEntropyLoss,
        nn.MeanSquaredError: torch.nn.MSELoss,
        nn.BinaryCrossentropy: torch.nn.BCELoss,
    }
    loss = losses[type(network.loss)]()
    optimizer = torch.optim.SGD(twin.parameters(), LEARNING_RATE)

    def step() -> float:
        optimizer.zero_grad()
        value = loss(twin(inputs), targets)
        value.backward()
        optimizer.step()
        return float(value.detach())

    def inference() -> np.ndarray:
        twin.eval()
        with torch.inference_mode():
            outputs = twin(inputs).numpy()
        twin.train()
        return _channels_last(outputs)

    return {"step": step, "inference": inference}


def _channels_first(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2)) if x.ndim == 4 else x


def _channels_last(x: np.ndarray) -> np.ndarray:
    return x.transpose(0, 2, 3, 1) if x.ndim == 4 else x


def _torch_modules(torch: Any, model: Any, shape: Any) -> list[Any]:
    """Return a module for each layer."""

    class Call(torch.nn.Module):  # type: ignore[misc, name-defined]
        """A function of the inputs, and the modules and numbers that it uses."""

        def __init__(self, function: Callable[..., Any], *parts: Any) -> None:
            super().__init__()
            self.function, self.parts = function, torch.nn.ParameterList()
            self.inner = torch.nn.ModuleList()
            for part in parts:
                (self.inner if isinstance(part, torch.nn.Module) else self.parts).append(part)

        def forward(self, inputs: Any) -> Any:
            return self.function(inputs, *self.inner, *self.parts)

    def parameter(array: np.ndarray) -> Any:
        return torch.nn.Parameter(torch.from_numpy(np.array(array)))

    def filled(module: Any, **arrays: np.ndarray) -> Any:
        for name, array in arrays.items():
            setattr(module, name, parameter(array))
        return module

    modules: list[Any] = []
    flattened = shape  # of the images that a Flatten takes
    functional = torch.nn.functional
    for layer, outputs in zip(model.layers, model.output_shapes, strict=True):
        weights = list(layer.params.values())
        if isinstance(layer, nn.Dense):
            kernel, bias = weights
            if modules and isinstance(modules[-1], torch.nn.Flatten):
                kernel = kernel.reshape(*flattened, -1).transpose(2, 0, 1, 3).reshape(kernel.shape)
            modules.append(filled(torch.nn.Linear(*kernel.shape), weight=kernel.T, bias=bias))
        elif isinstance(layer, nn.Activation):
            known = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}
            modules.append(known[layer.activation]())
        elif isinstance(layer, nn.Conv2D):
            kernel, *bias = weights
            module = torch.nn.Conv2d(
                shape[-1], layer.filters, layer.kernel_size, padding=layer.padding, bias=bool(bias)
            )
            modules.append(filled(module, weight=kernel.transpose(3, 2, 0, 1)))
            if bias:
                filled(module, bias=bias[0])
        elif isinstance(layer, nn.PartialConv2D):
            mask = torch.from_numpy(_table(layer, shape[-1]).T[:, :, None, None].astype(np.float32))

            def partial(
                x: Any, kernel: Any, bias: Any, layer: Any = layer, mask: Any = mask
            ) -> Any:
                x = functional.pad(x, _frame(layer, x.shape[2:]), value=layer.background)
                return functional.conv2d(x, kernel * mask, stride=layer.strides) + bias

            bias = weights[1] if weights[1].ndim == 3 else weights[1][None, None]
            parts = layer.full_kernel().transpose(3, 2, 0, 1), bias.transpose(2, 0, 1)
            modules.append(Call(partial, *map(parameter, parts)))
        elif isinstance(layer, nn.ScaledTanh):
            modules.append(Call(lambda x: 1.7159 * torch.tanh(2 / 3 * x)))
        elif isinstance(layer, nn.MaxPooling2D):
            modules.append(torch.nn.MaxPool2d(layer.pool_size))
        elif isinstance(layer, nn.Flatten):
            modules.append(torch.nn.Flatten())
            flattened = shape
        elif isinstance(layer, nn.GlobalAveragePooling2D):
            modules.append(Call(lambda x: x.mean(dim=(2, 3))))
        elif isinstance(layer, nn.BatchNormalization):
            module = torch.nn.BatchNorm2d(shape[-1], layer.epsilon, 1 - layer.momentum)
            modules.append(module)
        elif isinstance(layer, nn.Residual):
            inner = torch.nn.Sequential(*_torch_modules(torch, layer._main, shape))
            modules.append(Call(lambda x, inner: inner(x) + x, inner))
        else:
            kind = {nn.SimpleRNN: "RNN", nn.LSTM: "LSTM", nn.GRU: "GRU"}[type(layer)]
            module = getattr(torch.nn, kind)(shape[-1], layer.units, batch_first=True)
            kernel, recurrent, bias = weights
            both = bias if bias.ndim == 2 else np.stack([bias, np.zeros_like(bias)])
            order = [1, 0, 2] if kind == "GRU" else range(kernel.shape[1] // layer.units)

            def blocks(array: np.ndarray, order: Any = order, units: int = layer.units) -> Any:
                return np.concatenate([array[..., k * units :][..., :units] for k in order], -1)

            filled(module, weight_ih_l0=blocks(kernel).T, weight_hh_l0=blocks(recurrent).T)
            filled(module, bias_ih_l0=blocks(both[0]), bias_hh_l0=blocks(both[1]))
            module.bias_hh_l0.requires_grad_(bias.ndim == 2)  # else PyTorch has one bias twice
            modules.append(Call(lambda x, rnn: rnn(x)[0][:, -1], module))
        shape = outputs
    return modules


def _table(layer: Any, channels: int) -> np.ndarray:
    if layer.connections is None:
        return np.ones((channels, layer.filters), bool)
    return np.asarray(layer.connections, bool)


def _frame(layer: Any, size: Any) -> list[int]:
    """Return the widths of a "same" frame as PyTorch takes them: left, right, above, below."""
    from dlcourse.nn.layers.windows import frame_widths

    (above, below), (left, right) = frame_widths(
        tuple(size), layer.kernel_size, layer.strides, layer.padding
    )
    return [left, right, above, below]


def jax_tasks(network: Any, batch: int, threads: int) -> Tasks:
    """Make a step and a prediction in JAX; threads are those that the process may use."""
    import jax
    from jax import numpy as jnp

    model, (x, y) = network.model(), network.data(batch)
    weights = [
        {name: jnp.asarray(array) for name, array in _own_weights(layer).items()}
        for layer in model.layers
    ]
    inputs, targets = jnp.asarray(x), jnp.asarray(y)

    def loss_of(weights: Any) -> Any:
        outputs = _jax_forward(jax, model.layers, weights, inputs, True)
        if isinstance(network.loss, nn.MeanSquaredError):
            return jnp.mean((outputs - targets) ** 2)
        if isinstance(network.loss, nn.BinaryCrossentropy):
            return -jnp.mean(targets * jnp.log(outputs) + (1 - targets) * jnp.log(1 - outputs))
        logs = jax.nn.log_softmax(outputs)
        return -jnp.mean(jnp.take_along_axis(logs, targets[:, None], 1))

    @jax.jit
    def update(weights: Any) -> Any:
        value, grads = jax.value_and_grad(loss_of)(weights)
        return value, jax.tree.map(lambda w, g: w - LEARNING_RATE * g, weights, grads)

    predict = jax.jit(lambda weights, x: _jax_forward(jax, model.layers, weights, x, False))
    held = [weights]

    def step() -> float:
        value, held[0] = update(held[0])
        return float(jax.block_until_ready(value))

    return {"step": step, "inference": lambda: np.asarray(predict(held[0], inputs))}


def _own_weights(layer: Any) -> dict[str, Any]:
    if isinstance(layer, nn.PartialConv2D):
        return {"kernel": layer.full_kernel(), "bias": layer.params["bias"]}
    return dict(layer.params)


def _jax_forward(jax: Any, layers: Any, weights: Any, x: Any, training: bool) -> Any:
    """Apply the layers; written once for all of them, so that `jit` sees one function."""
    jnp, lax = jax.numpy, jax.lax
    for layer, w in zip(layers, weights, strict=True):
        if isinstance(layer, nn.Dense):
            x = x @ w["kernel"] + w["bias"]
        elif isinstance(layer, nn.Activation):
            known = {"relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid}
            x = known[layer.activation](x)
        elif isinstance(layer, nn.Conv2D | nn.PartialConv2D):
            kernel, padding = w["kernel"], layer.padding.upper()
            if isinstance(layer, nn.PartialConv2D):
                kernel = kernel * _table(layer, x.shape[-1])
                left, right, above, below = _frame(layer, x.shape[1:3])
                frame = ((0, 0), (above, below), (left, right), (0, 0))
                x, padding = jnp.pad(x, frame, constant_values=layer.background), "VALID"
            axes = ("NHWC", "HWIO", "NHWC")
            x = lax.conv_general_dilated(x, kernel, layer.strides, padding, dimension_numbers=axes)
            x = x + w.get("bias", 0)
        elif isinstance(layer, nn.ScaledTanh):
            x = 1.7159 * jnp.tanh(2 / 3 * x)
        elif isinstance(layer, nn.MaxPooling2D):
            window = (1, *layer.pool_size, 1)
            x = lax.reduce_window(x, -jnp.inf, lax.max, window, window, "VALID")
        elif isinstance(layer, nn.Flatten):
            x = x.reshape(len(x), -1)
        elif isinstance(layer, nn.GlobalAveragePooling2D):
            x = x.mean(axis=(1, 2))
        elif isinstance(layer, nn.BatchNormalization):
            axes = (0, 1, 2)
            mean, variance = (x.mean(axes), x.var(axes)) if training else (0, 1)
            x = (x - mean) / jnp.sqrt(variance + layer.epsilon) * w["gamma"] + w["beta"]
        elif isinstance(layer, nn.Residual):
            inner = [
                {name.partition(".")[2]: w[name] for name in w if name.startswith(f"{index}.")}
                for index in range(len(layer.layers))
            ]
            x = x + _jax_forward(jax, layer.layers, inner, x, training)
        else:
            x = _jax_recurrent(jax, layer, w, x)
    return x


def _jax_recurrent(jax: Any, layer: Any, w: Any, x: Any) -> Any:
    """Run a recurrent layer with `scan`; return its last state."""
    jnp, units = jax.numpy, layer.units
    kernel, recurrent, bias = w["kernel"], w["recurrent_kernel"], w["bias"]

    def rnn(h: Any, x_t: Any) -> Any:
        return jnp.tanh(x_t @ kernel + h @ recurrent + bias), None

    def lstm(state: Any, x_t: Any) -> Any:
        h, c = state
        i, f, g, o = jnp.split(x_t @ kernel + h @ recurrent + bias, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

    def gru(h: Any, x_t: Any) -> Any:
        a_z, a_r, a_h = jnp.split(x_t @ kernel + bias[0], 3, axis=-1)
        b_z, b_r, b_h = jnp.split(h @ recurrent + bias[1], 3, axis=-1)
        z, r = jax.nn.sigmoid(a_z + b_z), jax.nn.sigmoid(a_r + b_r)
        return z * h + (1 - z) * jnp.tanh(a_h + r * b_h), None

    zero = jnp.zeros((len(x), units), x.dtype)
    steps = jnp.swapaxes(x, 0, 1)
    if isinstance(layer, nn.LSTM):
        return jax.lax.scan(lstm, (zero, zero), steps)[0][0]
    return jax.lax.scan(gru if isinstance(layer, nn.GRU) else rnn, zero, steps)[0]

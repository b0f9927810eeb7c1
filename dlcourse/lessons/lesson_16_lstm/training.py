"""Train the networks of lesson 16: on Reber strings, on streams of them, on two real series."""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse import datasets, nn
from dlcourse.nn.contract import Array, Layer

ANY: Any = None  # sequences have any length


def reber(
    layer: Layer, learning_rate: float, seed: int, most: int = 30_000
) -> tuple[nn.Sequential, int | None]:
    """Train on embedded Reber strings until 256 fresh ones are all predicted legally.

    Returns
    -------
    model : Sequential
    strings : int or None
        How many it had read by then; None if `most` were not enough.
    """
    layers = [layer, nn.Dense(len(datasets.SYMBOLS))]
    model = nn.Sequential(layers, input_shape=(ANY, len(datasets.SYMBOLS)), seed=seed)
    loss, optimizer = nn.CategoricalCrossentropy(from_logits=True), nn.Adam(learning_rate)
    rng = np.random.default_rng(seed)
    for seen in range(8, most + 1, 8):
        batch = datasets.reber_batch([datasets.reber_string(rng) for _ in range(8)])
        model.train_on_batch(batch.x, batch.y, loss=loss, optimizer=optimizer)
        if seen % 800 == 0:
            test = datasets.reber_batch([datasets.reber_string(rng) for _ in range(256)])
            if datasets.predicted_legally(model.predict(test.x), test.legal).all():
                return model, seen
    return model, None


def stream(forget_bias: float | None, seed: int, steps: int = 600) -> nn.Sequential:
    """Train 8 LSTM units on streams of Reber strings, 60 symbols at a time."""
    layers = [nn.LSTM(8, return_sequences=True), nn.Dense(len(datasets.SYMBOLS))]
    model = nn.Sequential(layers, input_shape=(ANY, len(datasets.SYMBOLS)), seed=seed)
    if forget_bias is not None:
        model.params["0.bias"][8:16] = forget_bias
    rng, loss = np.random.default_rng(seed), nn.CategoricalCrossentropy(from_logits=True)
    optimizer = nn.Adam(nn.CosineDecay(0.02, steps, alpha=0.1), global_clipnorm=1.0)
    for _ in range(steps):
        batch = datasets.reber_stream(8, 60, rng)
        model.train_on_batch(batch.x, batch.y, loss=loss, optimizer=optimizer)
    return model


def read_stream(model: nn.Sequential, test: datasets.ReberBatch) -> tuple[Array, float]:
    """Return the largest |c| after each symbol, and the share of the last 1,000 read legally."""
    hidden, cache = model.layers[0].forward(test.x)
    outputs, _ = model.layers[1].forward(hidden)
    last, allowed = outputs[:, -1000:, np.newaxis], test.legal[:, -1000:, np.newaxis]
    share = float(np.mean(datasets.predicted_legally(last, allowed)))
    return abs(cache.cell).max(axis=(1, 2)), share


def windows(series: Array, steps: int = 20) -> list[Array]:
    """Return windows and next values, of the first three quarters and of the last quarter."""
    cut = len(series) * 3 // 4
    series = (series - series[:cut].mean()) / series[:cut].std()
    parts = (series[:cut], series[cut - steps :])
    return [array for part in parts for array in datasets.sliding_windows(part, steps)]


def real_series() -> dict[str, list[Array]]:
    """Return the windows of an EEG of four electrodes, and of the price of a share."""
    channels = [windows(channel) for channel in datasets.brain_waves().T]
    return {
        "EEG": [np.concatenate(parts) for parts in zip(*channels, strict=True)],
        "share price": windows(np.log(datasets.share_prices())),
    }


def linear_forecast(x: Array, y: Array, x_test: Array) -> Array:
    """Forecast by linear regression on the window."""
    columns = np.column_stack([x[..., 0], np.ones(len(x))])
    coefficients, *_ = np.linalg.lstsq(columns, y, rcond=None)
    answers: Array = np.column_stack([x_test[..., 0], np.ones(len(x_test))]) @ coefficients
    return answers


def network_forecast(
    kind: Callable[[int], Layer], x: Array, y: Array, x_test: Array, seed: int
) -> Array:
    """Forecast the change by 8 recurrent units, trained for 10 epochs."""
    net = nn.Sequential([kind(8), nn.Dense(1)], input_shape=(x.shape[1], 1), seed=seed)
    rate = nn.CosineDecay(0.01, 10 * (len(x) // 32))
    net.fit(x, y - x[:, -1], loss="mse", optimizer=nn.Adam(rate), epochs=10, verbose=False)
    answers: Array = net.predict(x_test) + x_test[:, -1]
    return answers


def two_gradients(forget_bias: float, seed: int, steps: int = 100) -> tuple[Array, Array]:
    """Send a gradient back from the last cell of a fresh LSTM of 16 units, twice.

    Returns
    -------
    belt : Array, shape (steps,)
        Mean length after 0, 1, ... steps along the belt alone: times the forget gates.
    whole : Array, shape (steps,)
        The same along all paths, as the backward pass finds it. Both start at 1.
    """
    layer = nn.LSTM(16)
    layer.build((ANY, 2), np.random.default_rng(seed), np.float64)
    layer.params["bias"][16:32] = forget_bias
    rng = np.random.default_rng([seed, 1])
    inputs, state, caches = rng.uniform(-1, 1, (32, steps, 2)), None, []
    for t in range(steps):
        outputs, cache = layer.forward(inputs[:, t : t + 1], initial_state=state)
        state = cache.final_state
        caches.append(cache)
    grad_c: Array = rng.normal(size=outputs.shape)
    nothing: Array = np.zeros_like(outputs)
    belt, whole, grad = grad_c, (nothing, grad_c), []
    for cache in reversed(caches):
        grad.append([np.linalg.norm(part, axis=1).mean() for part in (belt, whole[1])])
        belt = belt * cache.gates[1, 0]
        _, _, whole = layer.backward_with_state(nothing, cache, grad_final_state=whole)
    lengths = np.array(grad).T
    return lengths[0] / lengths[0, 0], lengths[1] / lengths[1, 0]

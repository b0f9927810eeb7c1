"""What lesson 18 measures: how soon a network reverses or sorts, at which lengths, and recall."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_18_attention import models, tasks
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)
ROWS = 64  # sequences of a batch
NEARLY_ALL = 0.99  # of the letters right: then a network counts as having learned
EVERY = 25  # steps between two looks at that


class Score(NamedTuple):
    """How much of 500 fresh sequences is right."""

    letters: float
    whole: float  # sequences without a mistake


def train(
    model: nn.Sequential,
    task: str,
    steps: int,
    seed: int,
    *,
    rate: float = 3e-3,
    lengths: Sequence[int] = (tasks.LENGTH,),
    watch: bool = False,
) -> int | None:
    """Train on fresh batches; return after how many steps it had learned, or None.

    Parameters
    ----------
    model : nn.Sequential
    task : {"reverse", "sort"}
    steps : int
        Of 64 sequences each.
    seed : int
        Of the sequences.
    rate : float
        Learning rate of Adam at the start; it falls along half a cosine.
    lengths : sequence of int
        All sequences of a batch have one of these lengths.
    watch : bool
        Whether to look, every 25 steps, at how much is right, which takes time.
    """
    rng = np.random.default_rng(100 + seed)
    optimizer = nn.Adam(nn.CosineDecay(rate, steps), global_clipnorm=1.0)
    learned = None
    for step in range(1, steps + 1):
        x, y = tasks.draw(task, rng, ROWS, int(rng.choice(lengths)))
        model.train_on_batch(x, y, loss=LOSS, optimizer=optimizer)
        if watch and learned is None and step % EVERY == 0:
            learned = step if score(model, task, rows=100).letters >= NEARLY_ALL else None
    return learned


def score(model: nn.Sequential, task: str, length: int = tasks.LENGTH, rows: int = 500) -> Score:
    """Measure a network on fresh sequences of one length."""
    x, y = tasks.draw(task, np.random.default_rng(1), rows, length)
    right = model.predict(x).argmax(axis=-1) == y
    return Score(float(right.mean()), float(right.all(axis=1).mean()))


# ------------------------------------------------------------------ why divide by the root of d


class Sharpness(NamedTuple):
    """What a softmax over 16 scores of random vectors is like."""

    spread: float  # standard deviation of the scores
    largest: float  # mean of the largest weight
    slope: float  # mean of w (1 - w): what is left for a gradient


def sharpness(depth: int, scale: float, seed: int = 0) -> Sharpness:
    """Measure the attention of 2,000 random queries to 16 random keys each.

    Parameters
    ----------
    depth : int
        Numbers of a query and of a key, all drawn from the normal distribution.
    scale : float
        What the dot products are multiplied with.
    """
    rng = np.random.default_rng(seed)
    query = rng.standard_normal((2000, 1, depth))
    keys = rng.standard_normal((2000, 16, depth))
    scores = (query @ keys.swapaxes(1, 2) * scale)[:, 0]
    weights = nn.activations.softmax(scores)
    slope = weights * (1 - weights)
    return Sharpness(float(scores.std()), float(weights.max(axis=1).mean()), float(slope.mean()))


# ------------------------------------------------------------------ recall


class Told(nn.SinePositionEncoding):
    """Positions, and beside each symbol the one before it: the first of recall's two steps."""

    sliceable = "always"

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, None]:
        """Add the waves, and the symbol before, its numbers moved by one place."""
        outputs, _ = super().forward(inputs)
        outputs[:, 1:] += np.roll(inputs, 1, axis=2)[:, :-1]
        return outputs, None

    def backward(
        self, grad_outputs: Array, cache: None, *, input_grad: bool = True
    ) -> tuple[Array | None, Any]:
        """Send each gradient to the symbol itself and to the one before it."""
        grad_inputs = grad_outputs.copy()
        grad_inputs[:, :-1] += np.roll(grad_outputs[:, 1:], -1, axis=2)
        return grad_inputs, {}


def recall_network(kind: str, keys: int, seed: int) -> nn.Sequential:
    """Return one of the networks that try to recall.

    Parameters
    ----------
    kind : {"one block", "two blocks", "one block, told", "two blocks, usual start"}
        All but the last start with large vectors for the symbols, see `models.transformer`.
    keys : int
        How many keys there are, and how many values.
    seed : int
    """
    model = models.transformer(
        2 if kind.startswith("two") else 1,
        symbols=2 * keys,
        answers=keys,
        causal=True,
        large_start=not kind.endswith("usual start"),
        seed=seed,
    )
    if kind == "one block, told":
        layers = [model.layers[0], Told(), *model.layers[2:]]
        return nn.Sequential(layers, input_shape=(models.ANY,), seed=seed)
    return model


def recall(
    model: nn.Sequential, keys: int, pairs: int, steps: int, seed: int, rate: float = 3e-3
) -> list[float]:
    """Train to recall, asked wherever a key comes again; return the share right along the way.

    It is measured ten times, on 200 fresh rows.
    """
    rng = np.random.default_rng(100 + seed)
    optimizer = nn.Adam(nn.CosineDecay(rate, steps), global_clipnorm=1.0)
    curve = []
    for step in range(1, steps + 1):
        batch = tasks.draw_recall(rng, ROWS, keys, pairs)
        weight = batch.asked.astype(np.float32)
        model.train_on_batch(batch.x, batch.y, loss=LOSS, optimizer=optimizer, sample_weight=weight)
        if step % (steps // 10) == 0:
            fresh = tasks.draw_recall(np.random.default_rng(1), 200, keys, pairs)
            right = model.predict(fresh.x).argmax(axis=-1) == fresh.y
            curve.append(float(right[fresh.asked].mean()))
    return curve


def most_frequent(keys: int, pairs: int) -> float:
    """Return the share recalled by who names the value that has come most often in the row.

    Examples
    --------
    >>> 0.3 < most_frequent(8, 16) < 0.45
    True
    """
    batch = tasks.draw_recall(np.random.default_rng(1), 200, keys, pairs)
    right = []
    for row, place in np.argwhere(batch.asked):
        seen = np.bincount(batch.y[row, :place:2], minlength=keys)
        right.append(seen.argmax() == batch.y[row, place])
    return float(np.mean(right))


def lengths_at_start(kind: str) -> tuple[float, float]:
    """Return how long a symbol's vector is before training, and what the first half adds to it.

    Parameters
    ----------
    kind : str
        As in `recall_network`.
    """
    model = recall_network(kind, 8, seed=0)
    before: Any = tasks.draw_recall(np.random.default_rng(1), 20, 8, 16).x
    for layer in model.layers[:2]:
        before, _ = layer.forward(before)
    after, _ = model.layers[2].forward(before)
    lengths = [np.linalg.norm(vectors, axis=-1).mean() for vectors in (before, after - before)]
    return float(lengths[0]), float(lengths[1])


def start_table() -> Table:
    """Return both lengths for the two starts, and their ratio."""
    rows = []
    for kind in ("two blocks", "two blocks, usual start"):
        symbol, added = lengths_at_start(kind)
        rows.append([kind, f"{symbol:.2f}", f"{added:.2f}", f"{added / symbol:.0f}"])
    columns = ["before training", "length of symbol + position", "of what attention adds", "ratio"]
    return Table(columns, rows)


# ------------------------------------------------------------------ the digits


def digit_reader(seed: int) -> nn.Sequential:
    """Return a transformer that reads an image of 8 by 8 as a sequence of 8 rows."""
    layers = [nn.Dense(32), nn.PositionEmbedding(8), *models.block(32, 4)]
    layers += [nn.LayerNormalization(), nn.Flatten(), nn.Dense(10)]
    return nn.Sequential(layers, input_shape=(8, 8), seed=seed)


def wrong_digits(
    make: Callable[[int], nn.Sequential],
    seed: int,
    *,
    rate: float = 3e-3,
    epochs: int = 30,
    validate: bool = False,
) -> int:
    """Train a reader of digits; return how many of those held out it reads wrongly.

    Parameters
    ----------
    make : callable
        Takes a seed, returns a network for inputs of 8 rows.
    seed : int
    rate, epochs
        Adam's, falling along half a cosine; batches of 32.
    validate : bool
        Whether the last 287 of the training digits are held out, to choose a recipe with, and not
        the test digits.
    """
    train_part, test = datasets.digits_split()
    x, y = train_part.x.reshape(-1, 8, 8), train_part.y
    new_x, new_y = test.x.reshape(-1, 8, 8), test.y
    if validate:
        (x, new_x), (y, new_y) = (x[:1150], x[1150:]), (y[:1150], y[1150:])
    model = make(seed)
    steps = epochs * -(-len(x) // 32)
    optimizer = nn.Adam(nn.CosineDecay(rate, steps))
    model.fit(x, y, loss=LOSS, optimizer=optimizer, epochs=epochs, verbose=False)
    return int(np.sum(model.predict(new_x).argmax(axis=1) != new_y))

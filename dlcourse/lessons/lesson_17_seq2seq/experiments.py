"""How the networks of lesson 17 are trained, and how their answers are counted."""

import copy
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from dlcourse import compare, nn
from dlcourse.lessons.lesson_17_seq2seq.tasks import (
    ALPHABET,
    COPIED,
    DIGITS,
    FIRST,
    PAD,
    START,
    STOP,
    Numbers,
    Rows,
    copying,
    padded,
    row_of,
    split,
    strings,
    text_of,
)
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)
UNITS, LETTER = 64, 16  # of both states; numbers of a symbol's vector
LONGEST = 50  # letters that are written of a number at most
TRIED = 300  # strings of each length that are tried


def train(
    model: nn.EncoderDecoder, batches: Iterable[Any], steps: int, rate: float
) -> nn.EncoderDecoder:
    """Train a network by teacher forcing, with Adam, a rate that falls to 0 and clipping at 1."""
    optimizer = nn.Adam(nn.CosineDecay(rate, max(steps, 1)), global_clipnorm=1.0)
    for source, target in batches:
        model.train_on_batch(source, target, loss=LOSS, optimizer=optimizer)
    return model


def copier(
    seed: int,
    *,
    steps: int = 1_500,
    longest: int = 10,
    reverse: bool = False,
    attention: bool = False,
) -> nn.EncoderDecoder:
    """Train a network to copy strings of 4 to `longest` letters."""
    symbols = FIRST + len(COPIED)
    model = nn.EncoderDecoder(symbols, symbols, UNITS, LETTER, attention=attention, seed=seed)
    rng = np.random.default_rng([seed, 17])
    batches = copying(steps, rng, longest=longest, reverse=reverse)
    return train(model, batches, steps, 0.003)


def translator(
    task: Numbers, seed: int, *, steps: int, attention: bool = False, units: int = UNITS
) -> nn.EncoderDecoder:
    """Train a network to write numbers the other way."""
    model = nn.EncoderDecoder(*task.symbols, units, LETTER, attention=attention, seed=seed)
    rng = np.random.default_rng([seed, 17])
    return train(model, task.batches(steps, split(seed)[0], rng), steps, 0.005)


class Right(NamedTuple):
    """Shares of right answers."""

    whole: float  # sequences without a mistake, when the network goes on from its own symbols
    letters: float  # symbols that are right then
    forced: float  # symbols that are right when each follows the right ones


def right(model: nn.EncoderDecoder, source: Rows, target: Rows) -> Right:
    """Count right answers, free and by teacher forcing."""
    given, _ = nn.teacher_forcing(target, START)
    counts = target != PAD
    forced = model.forward(source, given=given)[0].argmax(axis=-1) == target
    written = model.write(source, target.shape[1] + 2)
    same = written[:, : target.shape[1]] == target
    whole = same.all(axis=1) & (written[:, target.shape[1] :] == PAD).all(axis=1)
    return Right(float(whole.mean()), float(same[counts].mean()), float(forced[counts].mean()))


def by_place(model: nn.EncoderDecoder, source: Rows, target: Rows) -> tuple[float, float]:
    """Return the shares of letters that are right by teacher forcing: first ones of words, others.

    A word begins at the start, after a space and after a hyphen.
    """
    given, _ = nn.teacher_forcing(target, START)
    same = model.forward(source, given=given)[0].argmax(axis=-1) == target
    first = np.isin(given, [START, *row_of(" -", ALPHABET)]) & (target != PAD)
    others = (target != PAD) & ~first
    return float(same[first].mean()), float(same[others].mean())


def by_length(
    model: nn.EncoderDecoder, lengths: Iterable[int], seed: int, *, reverse: bool = False
) -> dict[int, Right]:
    """Let a network copy fresh strings of several lengths."""
    rng = np.random.default_rng([seed, 99])
    return {n: right(model, *strings(n, TRIED, rng, reverse=reverse)) for n in lengths}


def searched(
    model: nn.EncoderDecoder, source: Rows, target: Rows, width: int
) -> tuple[float, float]:
    """Write with a beam.

    Returns
    -------
    whole : float
        Share of sequences without a mistake.
    log_p : float
        Mean log probability of what was written.
    """
    found = []
    for row, wanted in zip(source, target, strict=True):
        longest = target.shape[1] + 2
        symbols, log_p = nn.beam_search(model.next_symbol(row), START, STOP, width, longest)
        found.append((symbols == wanted[wanted != PAD].tolist(), log_p))
    whole, log_p = np.mean(found, axis=0)
    return float(whole), float(log_p)


def watched(model: nn.EncoderDecoder, digits: str) -> tuple[str, Array | None]:
    """Let a network turn digits into words, and return where it looked at each letter."""
    source = np.array([row_of(digits, DIGITS)])
    written = model.write(source, LONGEST)
    given, _ = nn.teacher_forcing(written, START)
    encoded = model.encode(source)
    weights = model.decode(given, encoded.state, encoded).weights
    return text_of(written[0], ALPHABET), None if weights is None else weights[0]


def step(layer: nn.GRU, x: Array, h: Array) -> Array:
    """Let a GRU read one vector: its state after that.

    Parameters
    ----------
    layer : nn.GRU
    x : array, shape (inputs,)
    h : array, shape (units,)
        The state before.

    Examples
    --------
    >>> layer = nn.GRU(2)
    >>> _ = layer.build((1, 3), np.random.default_rng(0))
    >>> step(layer, np.zeros(3), np.ones(2)).shape
    (2,)
    """
    _, cache = layer.forward(x[np.newaxis, np.newaxis], initial_state=h[np.newaxis])
    return cache.final_state[0]  # type: ignore[no-any-return]


def keras_step(x: Array, h: Array, params: dict[str, Array], reset_after: bool) -> Array:
    """Return what `keras.layers.GRU` makes of one input and one state.

    Parameters
    ----------
    x, h : array, shape (inputs,) and (units,)
    params : dict
        ``wx``, ``wh``, ``b`` and, for the version that resets after the product, ``b_h``.
    reset_after : bool
    """
    cell = compare.keras.layers.GRU(len(h), reset_after=reset_after)
    cell.build((None, None, len(x)))
    bias = np.stack([params["b"], params["b_h"]]) if reset_after else params["b"]
    cell.set_weights([params["wx"], params["wh"], bias])
    new: Array = np.asarray(cell(x.reshape(1, 1, -1), initial_state=h.reshape(1, -1)))[0]
    return new


def roughly(share: float) -> str:
    """Say a share so that another machine, which rounds otherwise, says the same.

    Examples
    --------
    >>> roughly(0.91), roughly(0.004)
    ('about nine in ten', 'hardly any')
    """
    names = [
        *((0.03, "hardly any"), (0.3, "few"), (0.45, "less than half"), (0.55, "about half")),
        *((0.8, "more than half"), (0.935, "about nine in ten"), (1.1, "nearly all")),
    ]
    return next(name for limit, name in names if share < limit)


def speed(model: nn.EncoderDecoder, source: Rows, target: Rows, repeats: int = 20) -> Table:
    """Measure a step of training of a network and of its Keras twin: medians, in milliseconds."""
    ours, twin = copy.deepcopy(model), compare.to_keras(model)
    optimizer, (given, _) = nn.Adam(0.001), nn.teacher_forcing(target, START)
    twin.compile(compare.keras_optimizer(optimizer), compare.keras_loss(LOSS))
    counts = (target != PAD).astype(np.float32)
    steps: dict[str, Callable[[], object]] = {
        "dlcourse": lambda: ours.train_on_batch(source, target, loss=LOSS, optimizer=optimizer),
        "Keras": lambda: twin.train_on_batch([source, given], target, sample_weight=counts),
    }
    rows = []
    for name, step in steps.items():
        step()  # Keras compiles at the first
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            step()
            times.append(time.perf_counter() - start)
        rows.append([name, f"{1000 * float(np.median(times)):.0f}"])
    return Table([f"a step of training, {len(source)} numbers", "ms"], rows)


PADDING = ("skipped", "before", "after")  # what becomes of it: left out, or read on either side
READ = FIRST + len(COPIED)  # a symbol for padding that the encoder reads like a letter
WIDTHS = (4, 8, 12, 20)  # to which strings of four letters are padded


def padding(seed: int, way: str, steps: int = 1_000) -> dict[int, float]:
    """Train on strings of 2 to 8 letters, all padded to 8; copy strings of 4, padded otherwise.

    Parameters
    ----------
    seed : int
    way : {"skipped", "before", "after"}
        Whether a mask leaves the padding out, or it is read, before the string or after it.
    steps : int

    Returns
    -------
    whole : dict
        For each width that they are padded to, the share of strings without a mistake.
    """
    rng = np.random.default_rng([seed, 17])
    model = nn.EncoderDecoder(READ + 1, READ, UNITS, LETTER, seed=seed)
    batches = (_padded_strings(rng.integers(2, 9, 64), 8, way, rng) for _ in range(steps))
    train(model, batches, steps, 0.003)
    four = np.full(TRIED, 4)
    return {n: right(model, *_padded_strings(four, n, way, rng)).whole for n in WIDTHS}


def _padded_strings(
    lengths: Rows, width: int, way: str, rng: np.random.Generator
) -> tuple[Rows, Rows]:
    """Draw strings of these lengths, padded to a width, and what a copy of each is."""
    rows = [rng.integers(FIRST, READ, length).tolist() for length in lengths]
    pad = PAD if way == "skipped" else READ
    source = padded([*rows, [pad] * width], pad, left=way != "after")[:-1]
    return source, padded([[*row, STOP] for row in rows])

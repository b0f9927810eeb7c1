"""A recurrent network that reads a text letter by letter, guesses the next one, and writes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.datasets import LETTERS
from dlcourse.nn.contract import Array

Codes = NDArray[np.intp]
ONE_HOT = np.eye(len(LETTERS), dtype=np.float32)
PIECE = 50  # letters that the network reads before it corrects its weights
PLACES = 2000  # of a text, at which the use of the past is measured


def codes(text: str) -> Codes:
    """Return the place of each letter in the alphabet.

    Examples
    --------
    >>> codes("a cab")
    array([3, 0, 5, 3, 4])
    """
    return np.array([LETTERS.index(letter) for letter in text])


# Shown in the lesson


def train(text: str, steps: int, seed: int) -> nn.Sequential:
    """Train a network to guess the next letter at each place of a text.

    Examples
    --------
    >>> train("a cab, a cabin. " * 20, 1, seed=0)
    Sequential([SimpleRNN(96, return_sequences=True), Dense(29)], input_shape=(50, 29), seed=0)
    """
    layers = [nn.SimpleRNN(96, return_sequences=True), nn.Dense(len(LETTERS))]
    model = nn.Sequential(layers, input_shape=(PIECE, len(LETTERS)), seed=seed)
    loss = nn.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = nn.Adam(nn.CosineDecay(0.008, max(steps, 1)), global_clipnorm=1.0)
    letters, rng = codes(text), np.random.default_rng(seed)
    for _ in range(steps):
        starts = rng.integers(0, len(letters) - PIECE, (32, 1))
        pieces = letters[starts + np.arange(PIECE + 1)]  # 32 pieces of the text
        inputs, targets = ONE_HOT[pieces[:, :-1]], pieces[:, 1:]  # one letter later
        model.train_on_batch(inputs, targets, loss=loss, optimizer=optimizer)
    return model


def write(model: Any, length: int, seed: int, text: str = " ") -> str:
    """Let a network go on with a text, one letter at a time.

    Examples
    --------
    >>> len(write(train("a cab, a cabin. " * 20, 1, seed=0), 12, seed=0))
    12
    """
    recurrent, readout = model.layers
    state, rng = np.zeros((1, recurrent.units), np.float32), np.random.default_rng(seed)
    while len(text) < length:
        letter = ONE_HOT[codes(text[-1:])][np.newaxis]
        _, cache = recurrent.forward(letter, initial_state=state)
        state = cache.final_state
        powers = np.exp(2 * readout.forward(state)[0][0])  # 2: likely letters more often
        text += rng.choice(list(LETTERS), p=powers / powers.sum())
    return text


# Measured in the lesson


def bits(model: nn.Sequential, text: str) -> float:
    """Return the bits per letter that a network needs for a text.

    The text is cut into pieces of `PIECE` letters; each begins with an empty state.
    """
    letters = codes(text)
    rows = (len(letters) - 1) // PIECE
    inputs = letters[: rows * PIECE].reshape(rows, PIECE)
    targets = letters[1 : rows * PIECE + 1].reshape(rows, PIECE)
    return _surprise(model.predict(ONE_HOT[inputs], batch_size=256), targets)


def bits_after(model: nn.Sequential, text: str, read: int) -> float:
    """Return the bits per letter if the network has read no more than the last few letters.

    The places at which it guesses are the same for every number of letters.

    Parameters
    ----------
    model : Sequential
        From `train`.
    text : str
        A text that the network has not seen.
    read : int
        How many letters it reads before each guess, at most `PIECE`.
    """
    letters = codes(text)
    places = np.linspace(PIECE, len(letters) - 1, PLACES).astype(int)[:, np.newaxis]
    recurrent, readout = model.layers
    states, _ = recurrent.forward(ONE_HOT[letters[places + np.arange(-read, 0)]])
    logits, _ = readout.forward(states[:, -1])
    return _surprise(logits, letters[places[:, 0]])


def counted_bits(seen: str, new: str) -> Iterator[tuple[str, float]]:
    """Yield the bits per letter of a new text that counting runs of one to four letters gives.

    Each count begins with a share of the shorter one, so that nothing has the probability 0.
    """
    before, after = codes(seen), codes(new)
    size = len(LETTERS)
    guess = np.full(size, 1 / size)
    yield "all letters alike", float(np.log2(size))
    for length, name in enumerate(("letters", "pairs", "triples", "fours"), 1):
        counts = np.zeros((size,) * length)
        np.add.at(counts, _runs(before, length), 1)
        smoothed = counts + guess
        guess = smoothed / smoothed.sum(axis=-1, keepdims=True)
        yield f"{name} counted", float(-np.log2(guess[_runs(after, length)]).mean())


def _runs(letters: Codes, length: int) -> tuple[Codes, ...]:
    """Return all runs of some letters, as an index: first letters, second letters, ..."""
    last = len(letters) - length + 1
    return tuple(letters[start : start + last] for start in range(length))


def _surprise(logits: Array, targets: Codes) -> float:
    """Return the mean of -log2 of the probability of what came."""
    loss = nn.SparseCategoricalCrossentropy(from_logits=True)
    return float(loss(targets, logits) / np.log(2))

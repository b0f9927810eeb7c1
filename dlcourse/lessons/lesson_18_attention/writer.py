"""Transformers that guess the next letter of a text, and counts of letters to beat."""

from collections import Counter
from typing import Any

import numpy as np

from dlcourse import nn
from dlcourse.datasets import LETTERS
from dlcourse.lessons.lesson_18_attention import models
from dlcourse.nn.contract import Array

PIECE = 50  # letters that a network sees at a time
ROWS = 32  # pieces of a batch


def codes(text: str) -> Any:
    """Return the place of each letter in the alphabet of 29."""
    return np.array([LETTERS.index(letter) for letter in text])


def network(blocks: int, width: int, seed: int) -> nn.Sequential:
    """Return a transformer whose every place sees itself and what came before it."""
    size = len(LETTERS)
    return models.transformer(
        blocks,
        symbols=size,
        answers=size,
        width=width,
        heads=4,
        causal=True,
        large_start=True,
        seed=seed,
    )


def train(model: nn.Sequential, text: str, steps: int, seed: int, rate: float) -> None:
    """Train to guess the letter after each letter, on random pieces of a text.

    Parameters
    ----------
    model : nn.Sequential
        Takes letters as numbers.
    text : str
    steps : int
        Of 32 pieces of 50 letters.
    seed : int
        Of the pieces.
    rate : float
        Of Adam; it falls along half a cosine.
    """
    loss = nn.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = nn.Adam(nn.CosineDecay(rate, steps), global_clipnorm=1.0)
    letters, rng = codes(text), np.random.default_rng(seed)
    for _ in range(steps):
        starts = rng.integers(0, len(letters) - PIECE, (ROWS, 1))
        pieces = letters[starts + np.arange(PIECE + 1)]
        model.train_on_batch(pieces[:, :-1], pieces[:, 1:], loss=loss, optimizer=optimizer)


def bits(model: nn.Sequential, text: str) -> float:
    """Return the bits per letter that a network needs for a text, cut into pieces of 50."""
    letters = codes(text)
    rows = (len(letters) - 1) // PIECE
    inputs = letters[: rows * PIECE].reshape(rows, PIECE)
    targets = letters[1 : rows * PIECE + 1].reshape(rows, PIECE)
    loss = nn.SparseCategoricalCrossentropy(from_logits=True)
    return float(loss(targets, model.predict(inputs, batch_size=256)) / np.log(2))


def write(model: nn.Sequential, length: int, seed: int, text: str = " ") -> str:
    """Let a network go on with a text, one letter at a time; likely letters come more often.

    Examples
    --------
    >>> len(write(network(1, 8, seed=0), 12, seed=0))
    12
    """
    rng = np.random.default_rng(seed)
    while len(text) < length:
        logits: Array = model.predict(codes(text[-PIECE:])[np.newaxis])[0, -1]
        powers = np.exp(2 * (logits - logits.max()))
        text += str(rng.choice(list(LETTERS), p=powers / powers.sum()))
    return text


def counted_bits(seen: str, new: str, longest: int) -> list[float]:
    """Return the bits per letter of a new text that counted runs of 1, 2, ... letters give.

    Each count begins with a share of the shorter one, so that nothing has the probability 0. As in
    `bits`, the new text is cut into pieces of 50, and a run does not reach before its piece.

    Examples
    --------
    >>> one, two = counted_bits("abab" * 20, "abab" * 20, 2)
    >>> one > 0.9, two < 0.2
    (True, True)
    """
    before = [Counter(_runs(seen, length)) for length in range(longest + 1)]
    guessed = (len(new) - 1) // PIECE * PIECE
    total = np.zeros((longest, guessed))
    guess = np.full(guessed, 1 / len(LETTERS))
    for length in range(1, longest + 1):
        context = Counter(run[:-1] for run in _runs(seen, length))
        for place in range(guessed):
            seen_letters = place % PIECE + 1  # of this piece, before the one that is guessed
            if length - 1 <= seen_letters:
                run = new[place + 2 - length : place + 2]
                guess[place] = (before[length][run] + guess[place]) / (context[run[:-1]] + 1)
        total[length - 1] = -np.log2(guess)
    return [float(row.mean()) for row in total]


def _runs(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(len(text) - length + 1)]

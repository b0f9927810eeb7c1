"""Text with quotations, and networks that read it: are they inside one, or not.

The text is drawn by chance from eight characters: five letters, a space, a quotation mark and a
full stop. The only rule: **no full stop stands inside a quotation.** The quotation mark that opens
is the one that closes, so only memory tells whether a full stop may come next.
"""

from typing import Any, NamedTuple

import numpy as np

from dlcourse import nn
from dlcourse.nn.contract import Array, Layer

CHARACTERS = 'abcde ".'
MARK, STOP = CHARACTERS.index('"'), CHARACTERS.index(".")
OPENS, CLOSES, ENDS = 1 / 10, 1 / 12, 1 / 10  # a mark outside, a mark inside, a full stop

ANY: Any = None  # texts have any length


class Reading(NamedTuple):
    """How well a network reads, measured on fresh text."""

    right: float  # share of characters after which it knows whether a full stop may come
    long: float  # the same inside one quotation of 200 characters; there were none in training
    unit: int  # the number of its state that tells best, on its own
    share: float  # share of characters after which that number says inside or outside rightly


def draw(rng: np.random.Generator, rows: int, length: int) -> tuple[Any, Any]:
    """Draw texts.

    Parameters
    ----------
    rng : numpy.random.Generator
    rows, length : int

    Returns
    -------
    characters : Array of int, shape (rows, length)
        Places in `CHARACTERS`.
    inside : Array of bool, shape (rows, length)
        Whether a quotation is open after this character.

    Examples
    --------
    >>> characters, inside = draw(np.random.default_rng(3), 1, 40)
    >>> "".join(CHARACTERS[k] for k in characters[0])
    '"e daebe c eb cad dc"ccabeeb" abddccad b'
    """
    chance = rng.random((rows, length))
    characters = rng.integers(6, size=(rows, length))  # letters and spaces
    inside = np.zeros((rows, length), bool)
    now = np.zeros(rows, bool)
    for t in range(length):
        mark = chance[:, t] < np.where(now, CLOSES, OPENS)
        stop = ~now & ~mark & (chance[:, t] < OPENS + ENDS)
        characters[mark, t], characters[stop, t] = MARK, STOP
        now = now ^ mark
        inside[:, t] = now
    return characters, inside


def one_hot(text: str | Array) -> Array:
    """Return a row of eight numbers for each character, seven zeros and a 1."""
    places = [CHARACTERS.index(c) for c in text] if isinstance(text, str) else text
    return np.eye(len(CHARACTERS), dtype=np.float32)[places]


def text(places: Array) -> str:
    """Return places in `CHARACTERS` as a text."""
    return "".join(CHARACTERS[place] for place in places)


def belief(outputs: Array) -> list[str]:
    """Return what a network believes after each character: "in", if no full stop is likely.

    Parameters
    ----------
    outputs : Array, shape (time, 8)
        What comes before the softmax.
    """
    likely = nn.activations.softmax(outputs)[:, STOP]
    return ["in" if share < ENDS / 2 else "out" for share in likely]


def character(row: Array) -> str:
    """Return the character of a row; a space is written as an underscore."""
    return CHARACTERS[int(np.argmax(row))].replace(" ", "_")


def train(
    layer: Layer, seed: int, *, steps: int = 600, learning_rate: float = 0.02, length: int = 100
) -> nn.Sequential:
    """Train a layer and a readout to predict the next character.

    Parameters
    ----------
    layer : Layer
        Recurrent, with ``return_sequences=True``; not built yet.
    seed : int
        For the starting weights and for the text.
    steps : int
        Of 16 fresh texts each.
    learning_rate : float
        Falls along half a cosine, to a tenth.
    length : int
        Characters of a text.
    """
    layers = [layer, nn.Dense(len(CHARACTERS))]
    model = nn.Sequential(layers, input_shape=(ANY, len(CHARACTERS)), seed=seed, dtype=np.float64)
    rng, loss = np.random.default_rng(seed), nn.CategoricalCrossentropy(from_logits=True)
    optimizer = nn.Adam(nn.CosineDecay(learning_rate, steps, alpha=0.1), global_clipnorm=1.0)
    for _ in range(steps):
        x = one_hot(draw(rng, 16, length + 1)[0])
        model.train_on_batch(x[:, :-1], x[:, 1:], loss=loss, optimizer=optimizer)
    return model


def full_stop(model: nn.Sequential, x: Array) -> Array:
    """Return how likely the network holds a full stop, after each character of each text."""
    likely: Array = nn.activations.softmax(model.predict(x))[..., STOP]
    return likely


def states(model: nn.Sequential, x: Array) -> Array:
    """Return what the network remembers of one text, shape (time, units): c, or h if there is no c.

    Parameters
    ----------
    model : Sequential
        It begins with an `LSTM` or a `SimpleRNN`.
    x : Array, shape (time, 8)
    """
    hidden, cache = model.layers[0].forward(x[np.newaxis])
    cells: Array = cache.cell[1:, 0] if isinstance(model.layers[0], nn.LSTM) else hidden[0]
    return cells


def read(model: nn.Sequential) -> Reading:
    """Measure on 20 fresh texts of 100 characters, and on 20 quotations of 200."""
    rng = np.random.default_rng(1000)
    characters, inside = draw(rng, 20, 100)
    x = one_hot(characters)
    right = np.mean((full_stop(model, x) < ENDS / 2) == inside)
    quotation = np.hstack([np.full((20, 1), MARK), rng.integers(6, size=(20, 200))])
    long = np.mean(full_stop(model, one_hot(quotation)) < ENDS / 2)
    memory = np.concatenate([states(model, text) for text in x])
    shares = [told(values, inside.ravel()) for values in memory.T]
    unit = int(np.argmax(shares))
    return Reading(float(right), float(long), unit, shares[unit])


def told(values: Array, inside: Array) -> float:
    """Return how often a number alone tells inside from outside, by the best of 50 thresholds."""
    thresholds = np.quantile(values, np.linspace(0.01, 0.99, 50))[:, np.newaxis]
    same = np.mean((values > thresholds) == inside, axis=1)
    return float(np.maximum(same, 1 - same).max())

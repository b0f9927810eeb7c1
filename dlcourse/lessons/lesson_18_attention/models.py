"""The networks of lesson 18: transformers of a few blocks, and what they are measured against."""

from collections.abc import Sequence
from typing import Any

from dlcourse import nn
from dlcourse.lessons.lesson_18_attention.tasks import LETTERS, codes, words
from dlcourse.nn.contract import Layer

ANY: Any = None  # sequences have any length
LONGEST = 64  # places of a trained table of positions


def block(width: int, heads: int, *, causal: bool = False) -> list[Layer]:
    """Return the two halves of a transformer's block: look around, then think it over."""
    look = nn.MultiHeadAttention(heads, width // heads, use_causal_mask=causal)
    think = [nn.Dense(2 * width), nn.Activation("relu"), nn.Dense(width)]
    return [
        nn.Residual([nn.LayerNormalization(), look]),
        nn.Residual([nn.LayerNormalization(), *think]),
    ]


def transformer(
    blocks: int = 1,
    *,
    symbols: int = len(LETTERS),
    answers: int = len(LETTERS),
    width: int = 32,
    heads: int = 2,
    positions: str = "trained",
    causal: bool = False,
    large_start: bool = False,
    seed: int = 0,
) -> nn.Sequential:
    """Return a transformer that gives an answer at every place.

    Parameters
    ----------
    blocks : int
    symbols, answers : int
        How many different ones there are.
    width : int
        Numbers at each place.
    heads : int
    positions : {"waves", "trained", "none"}
        What is added to tell the places apart.
    causal : bool
        Whether a place sees what came before it alone.
    large_start : bool
        Whether the vectors of the symbols begin about ten times as large as those of a layer
        `Embedding` usually do. Beside waves, whose numbers go up to 1, they always do.
    seed : int
    """
    added: dict[str, Sequence[Layer]] = {
        "waves": [nn.SinePositionEncoding()],
        "trained": [nn.PositionEmbedding(LONGEST)],
        "none": [],
    }
    start = "he_uniform" if large_start or positions == "waves" else "random_uniform"
    layers = [nn.Embedding(symbols, width, start), *added[positions]]
    for _ in range(blocks):
        layers += block(width, heads, causal=causal)
    layers += [nn.LayerNormalization(), nn.Dense(answers)]
    return nn.Sequential(layers, input_shape=(ANY,), seed=seed)


def small(dtype: Any = "float32") -> nn.Sequential:
    """Return a small causal transformer for 12 letters, to be compared with Keras."""
    layers = [nn.Embedding(10, 16), nn.PositionEmbedding(12), *block(16, 2, causal=True)]
    return nn.Sequential([*layers, nn.Dense(10)], input_shape=(12,), seed=0, dtype=dtype)


def both_ways(units: int = 32, *, seed: int = 0) -> nn.Sequential:
    """Return two LSTMs, one from each end, with an answer at every place."""
    recurrent = nn.Bidirectional(nn.LSTM(units, return_sequences=True))
    layers = [nn.Embedding(len(LETTERS), 16), recurrent, nn.Dense(len(LETTERS))]
    return nn.Sequential(layers, input_shape=(ANY,), seed=seed)


def answer(model: nn.Sequential, text: str) -> str:
    """Return what a network answers to letters, a letter for each."""
    return words(model.predict(codes(text)[None])[0].argmax(axis=-1))


def attention_maps(model: nn.Sequential, x: Any) -> list[Any]:
    """Return who looked at whom, for each block an array (sequences, heads, places, places).

    Parameters
    ----------
    model : nn.Sequential
        From `transformer`.
    x : Array of int, shape (sequences, places)
    """
    maps = []
    outputs = x
    for layer in model.layers:
        outputs, cache = layer.forward(outputs)
        looks = getattr(layer, "layers", [None])[-1]
        if isinstance(looks, nn.MultiHeadAttention):
            maps.append(cache.layers[-1].weights)
    return maps

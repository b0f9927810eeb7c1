"""The Keras twin of an encoder-decoder, by Keras's functional interface."""

from typing import Any

from dlcourse.compare.keras_backend import load_keras
from dlcourse.nn.encoder_decoder import EncoderDecoder


def keras_encoder_decoder(model: EncoderDecoder, policy: str) -> Any:
    """Make the ``keras.Model`` that computes what an encoder-decoder computes.

    Parameters
    ----------
    model : EncoderDecoder
    policy : str
        The dtype of the layers, or a dtype policy.

    Returns
    -------
    keras.Model
        From [source, given] to logits, with the same weights in the same order. It leaves the
        padding of the source out; that of the targets is for its loss to leave out.
    """
    keras = load_keras()
    layers, units, dtype = keras.layers, model.units, policy

    def embedding(name: str, symbols: int) -> Any:
        zero = name == "source"
        return layers.Embedding(
            symbols, model.embedding_dim, mask_zero=zero, dtype=dtype, name=name
        )

    def gru(name: str, **options: Any) -> Any:
        return layers.GRU(units, return_sequences=True, dtype=dtype, name=name, **options)

    source, given = (keras.Input((None,), dtype="int32") for _ in range(2))
    read = embedding("source", model.source_symbols)(source)
    states, state = gru("encoder", return_state=True)(read)
    written = embedding("target", model.target_symbols)(given)
    shown = gru("decoder")(written, initial_state=state)
    if model.attention:
        query = layers.Dense(units, use_bias=False, dtype=dtype, name="query")(shown)
        context = layers.Attention(dtype=dtype)([query, states])
        joined = layers.Concatenate(dtype=dtype)([context, shown])
        shown = layers.Dense(units, activation="tanh", dtype=dtype, name="shown")(joined)
    logits = layers.Dense(model.target_symbols, dtype=dtype, name="output")(shown)
    twin = keras.Model([source, given], logits)
    twin.set_weights(model.get_weights())
    twin.trainable = model.trainable
    for name, part in model.parts().items():
        twin.get_layer(name).trainable = part.trainable
    return twin

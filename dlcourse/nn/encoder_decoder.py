"""Sequence to sequence: one recurrent network reads, another one writes.

    encoder   reads the source, symbol by symbol; its state after the last one is handed over
    decoder   starts from that state; at each step it gets the symbol that it wrote last (in
              training: the right one, which is teacher forcing) and says what comes next

With attention the decoder may look back, at each step, at all states of the encoder. For a state
d of the decoder and states h_1 ... h_S of the encoder [1]_,

    scores    e_s = (d @ W) . h_s                 how much state s is wanted
    weights   a   = softmax(e)                    0 where the source is padding
    context   c   = a_1 h_1 + ... + a_S h_S
    shown     tanh([c, d] @ V + b)                instead of d

Source and target are rows of whole numbers. 0 is padding: the encoder skips it on either side, the
loss leaves it out of the targets. A target ends with the symbol `stop`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcourse.nn.attention import attend, attend_backward
from dlcourse.nn.contract import Array, Layer, Mask, Params, Shape, as_array, check_shape, prefixed
from dlcourse.nn.devices import mover, to_host
from dlcourse.nn.examples import Examples
from dlcourse.nn.layers.dense import Dense
from dlcourse.nn.layers.embedding import Embedding
from dlcourse.nn.layers.gru import GRU
from dlcourse.nn.losses import Loss, value_and_grad_over
from dlcourse.nn.slices import Gradients
from dlcourse.nn.training import Model

PAD = 0
Symbols = NDArray[Any]  # whole numbers, in any type


class Encoded(NamedTuple):
    """What the encoder hands over."""

    states: Array | None  # (batch, source time, units), with attention
    state: Array  # (batch, units), after the last symbol
    mask: Mask | None  # (batch, source time): False where the source is padding


class Decoded(NamedTuple):
    """What the decoder answers to the symbols that it is given."""

    logits: Array  # (batch, time, target_symbols): of the symbol after each
    state: Array  # (batch, units), after the last of them
    weights: Array | None  # (batch, time, source time): where it looked, with attention


class EncoderDecoderCache(NamedTuple):
    """What `EncoderDecoder.forward` computed."""

    encoded: Encoded
    decoded: Decoded
    caches: dict[str, Any]  # of the layers, by their names in `parts`
    looked: "Looked | None"


class Looked(NamedTuple):
    """What looking back computed."""

    query: Array  # (batch, time, units)
    weights: Array  # (batch, time, source time)
    shown: Array  # (batch, time, units)


def teacher_forcing(targets: Symbols, start: int) -> tuple[Symbols, Symbols]:
    """Return what a decoder is given in training, and what it should answer.

    Parameters
    ----------
    targets : array of whole numbers, shape (batch, time)
        Each row with the stop symbol at its end, and padding after it.
    start : int
        The symbol that comes before the first.

    Returns
    -------
    inputs, outputs : array, shape (batch, time)
        The targets one step later, and the targets.

    Examples
    --------
    >>> inputs, outputs = teacher_forcing(np.array([[5, 6, 2]]), start=1)
    >>> inputs
    array([[1, 5, 6]])
    >>> outputs
    array([[5, 6, 2]])
    """
    check_shape("targets", targets, ("batch", "time"))
    inputs = np.empty_like(targets)
    inputs[:, :1] = start
    inputs[:, 1:] = targets[:, :-1]
    return inputs, targets


class EncoderDecoder(Model):
    """A GRU that reads a sequence and a GRU that writes another one, of any length [2]_ [3]_.

    Train it with `fit` or `train_on_batch`: x is the source (batch, source time), y the target
    (batch, time) with the stop symbol at the end of each row, both padded with 0; the loss is a
    cross-entropy of logits. Training is by teacher forcing, and so is `evaluate`; `write` lets
    the network go on from its own symbols.

    Parameters
    ----------
    source_symbols, target_symbols : int
        How many symbols there are on either side, padding included.
    units : int
        Size of both hidden states.
    embedding_dim : int, default 16
        Length of the vector of a symbol.
    attention : bool, default False
        Whether the decoder may look back at every state of the encoder.
    start, stop : int
        The symbol before the first one of a target, and the one after the last.
    seed : int, optional
        Of the generator that draws the parameters.
    dtype : dtype, default float32

    Attributes
    ----------
    params : dict
        Of the parts ``source``, ``target`` (the embeddings), ``encoder``, ``decoder``, with
        attention ``query`` and ``shown``, and ``output``: the order of a ``keras.Model`` that is
        made of the same layers.

    Raises
    ------
    ValueError
        If a size is not positive, or start or stop is padding or no symbol of the target.

    References
    ----------
    .. [1] M.-T. Luong, H. Pham, C. D. Manning, "Effective Approaches to Attention-based Neural
       Machine Translation", EMNLP 2015, eqs. 5-8 ("general"); D. Bahdanau, K. Cho, Y. Bengio,
       "Neural Machine Translation by Jointly Learning to Align and Translate", ICLR 2015.
    .. [2] I. Sutskever, O. Vinyals, Q. V. Le, "Sequence to Sequence Learning with Neural
       Networks", NIPS 2014.
    .. [3] K. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for
       Statistical Machine Translation", EMNLP 2014.

    Examples
    --------
    >>> model = EncoderDecoder(5, 6, units=4, seed=0)
    >>> source, target = np.array([[3, 4, 4]]), np.array([[5, 2]])
    >>> model.write(source, longest=3).shape
    (1, 3)
    >>> logits, cache = model.forward(source, given=np.array([[1, 5]]))
    >>> logits.shape
    (1, 2, 6)
    """

    def __init__(
        self,
        source_symbols: int,
        target_symbols: int,
        units: int,
        embedding_dim: int = 16,
        *,
        attention: bool = False,
        start: int = 1,
        stop: int = 2,
        seed: int | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        for name, symbol in (("start", start), ("stop", stop)):
            if not PAD < symbol < target_symbols:
                raise ValueError(
                    f"{name} must be a symbol of the target, from 1 to {target_symbols - 1} "
                    f"(0 is padding), got {symbol}"
                )
        self.source_symbols, self.target_symbols = source_symbols, target_symbols
        self.units, self.embedding_dim, self.attention = units, embedding_dim, attention
        self.start, self.stop = start, stop
        self.seed, self.dtype = seed, np.dtype(dtype)
        self.source = Embedding(source_symbols, embedding_dim, mask_zero=True)
        self.encoder = GRU(units, return_sequences=attention)
        self.target = Embedding(target_symbols, embedding_dim)
        self.decoder = GRU(units, return_sequences=True)
        self.query = Dense(units, use_bias=False) if attention else None
        self.shown = Dense(units) if attention else None
        self.output = Dense(target_symbols)
        self.rng = np.random.default_rng(seed)
        self.params: Params = {}
        self.state: Params = {}
        self.build((None,), self.rng, dtype)

    def build(
        self,
        input_shape: Shape | tuple[None],
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> Shape:
        time: Any = None  # sequences of any length
        units, embedding = (self.units,), (self.embedding_dim,)
        reads = {"source": (), "encoder": embedding, "target": (), "decoder": embedding}
        reads |= {"query": units, "shown": (2 * self.units,), "output": units}
        for name, part in self.parts().items():
            part.build((time, *reads[name]), rng, dtype)
        self.params = prefixed({name: part.params for name, part in self.parts().items()})
        self.input_shape, self.dtype, self.built = (time,), np.dtype(dtype), True
        if self.device != "cpu":
            self.to(self.device)
        return (time, self.target_symbols)

    def parts(self) -> dict[str, Layer]:
        found: dict[str, Layer] = {"source": self.source, "target": self.target}
        found |= {"encoder": self.encoder, "decoder": self.decoder}
        if self.query is not None and self.shown is not None:
            found |= {"query": self.query, "shown": self.shown}
        return found | {"output": self.output}

    def forward(
        self, inputs: Symbols, *, training: bool = False, given: Symbols | None = None
    ) -> tuple[Array, EncoderDecoderCache]:
        """Read the source, and say what should follow each symbol that the decoder is given.

        Parameters
        ----------
        inputs : array of whole numbers, shape (batch, source time)
        training
            As for every layer.
        given : array of whole numbers, shape (batch, time)
            What the decoder has written so far, from the start symbol on. In training, the right
            symbols: see `teacher_forcing`.

        Returns
        -------
        logits : Array, shape (batch, time, target_symbols)
        cache : EncoderDecoderCache

        Raises
        ------
        ValueError
            If `given` is missing, shapes do not fit, or a number is no symbol.
        """
        if given is None:
            raise ValueError(
                "an encoder-decoder needs given=..., what the decoder has written so far; let it "
                "write by itself with write(x, longest), train it with fit(x, y, ...)"
            )
        check_shape("inputs", inputs, ("batch", "source time"))
        check_shape("given", given, (len(inputs), "time"))
        caches: dict[str, Any] = {}
        encoded = self._encode(inputs, caches)
        decoded, looked = self._decode(given, encoded.state, encoded, caches)
        return decoded.logits, EncoderDecoderCache(encoded, decoded, caches, looked)

    def backward(
        self, grad_outputs: Array, cache: EncoderDecoderCache, *, input_grad: bool = True
    ) -> tuple[None, Params]:
        caches, states, looked = cache.caches, cache.encoded.states, cache.looked
        grads: dict[str, Params] = {}
        parts = self.parts()

        def back(name: str, grad: Array) -> Any:
            grad_inputs, grads[name] = parts[name].backward(grad, caches[name])
            return grad_inputs

        grad_shown = back("output", grad_outputs)
        grad_states: Array | None = None
        grad_read: Any  # of what the embeddings gave
        if looked is not None and states is not None:
            query, weights, shown = looked
            grad_joined = back("shown", grad_shown * (1 - shown**2))
            grad_context, grad_shown = np.split(grad_joined, 2, axis=-1)
            grad_query, grad_keys, grad_values = attend_backward(
                grad_context, query, states, states, weights, scale=1.0
            )
            grad_states = grad_keys + grad_values
            grad_shown = grad_shown + back("query", grad_query)
        grad_read, grads["decoder"], grad_state = self.decoder.backward_with_state(
            grad_shown, caches["decoder"]
        )
        _, grads["target"] = self.target.backward(grad_read, caches["target"])
        if grad_states is None:  # all that the encoder put out is its final state
            grad_read, grads["encoder"] = self.encoder.backward(grad_state, caches["encoder"])
        else:
            grad_read, grads["encoder"], _ = self.encoder.backward_with_state(
                grad_states, caches["encoder"], grad_final_state=grad_state
            )
        _, grads["source"] = self.source.backward(grad_read, caches["source"])
        return None, prefixed({name: grads[name] for name in parts if parts[name]._unfrozen()})

    def encode(self, source: Symbols) -> Encoded:
        """Read a source; return what the decoder will need of it.

        Parameters
        ----------
        source : array of whole numbers, shape (batch, source time)
        """
        check_shape("source", source, ("batch", "source time"))
        return self._encode(source, {})

    def decode(self, given: Symbols, state: Array, encoded: Encoded) -> Decoded:
        """Go on from a state with some symbols; return what should follow each of them.

        Parameters
        ----------
        given : array of whole numbers, shape (batch, time)
        state : Array, shape (batch, units)
            Of the decoder before them: ``encoded.state`` at the beginning.
        encoded : Encoded
        """
        return self._decode(given, state, encoded, {})[0]

    def write(self, source: Symbols, longest: int) -> NDArray[np.intp]:
        """Let the decoder go on from its own symbols, the likeliest at each step (greedy).

        Parameters
        ----------
        source : array of whole numbers, shape (batch, source time)
        longest : int
            Symbols to write at most, the stop symbol included.

        Returns
        -------
        written : array of int, shape (batch, longest)
            Up to the stop symbol, then 0.
        """
        move = mover(self.device)
        encoded = self.encode(move(as_array(source)))
        state = encoded.state
        symbol = move(np.full((len(state), 1), self.start))
        written = np.zeros((len(state), longest), np.intp)
        for t in range(longest):
            logits, state, _ = self.decode(symbol, state, encoded)
            symbol = logits.argmax(axis=-1)
            written[:, t] = to_host(symbol)[:, 0]
            if (written == self.stop).any(axis=1).all():
                break
        over = np.cumsum(written == self.stop, axis=1) - (written == self.stop) > 0
        return np.where(over, PAD, written)

    def next_symbol(self, source: Symbols) -> Callable[[list[int]], Array]:
        """Return what `beam_search` asks for: the log probabilities of the symbol that comes next.

        Parameters
        ----------
        source : array of whole numbers, shape (source time,) or (1, source time)

        Returns
        -------
        step : function
            From the symbols so far, beginning with `start`, to an array of shape
            (target_symbols,). It remembers the states, so that each symbol is read once.

        Examples
        --------
        >>> model = EncoderDecoder(5, 6, units=4, seed=0)
        >>> step = model.next_symbol([3, 4, 4])
        >>> round(float(np.exp(step([1])).sum()), 6)
        1.0
        """
        move = mover(self.device)
        encoded = self.encode(move(as_array(source).reshape(1, -1)))
        states: dict[tuple[int, ...], Array] = {(): encoded.state}

        def step(symbols: list[int]) -> Array:
            before = tuple(symbols[:-1])
            if before not in states:  # read what comes before, symbol by symbol
                step(list(before))
            given = move(np.array([symbols[-1:]]))
            logits, states[(*before, symbols[-1])], _ = self.decode(given, states[before], encoded)
            scores: Array = to_host(logits)[0, 0]
            scores = scores - scores.max()
            log_p: Array = scores - np.log(np.exp(scores).sum())
            return log_p

        return step

    def _encode(self, source: Symbols, caches: dict[str, Any]) -> Encoded:
        read, caches["source"] = self.source.forward(source)
        mask = self.source.compute_mask(source, None, caches["source"])
        states, caches["encoder"] = self.encoder.forward(read, mask=mask)
        return Encoded(states if self.attention else None, caches["encoder"].final_state, mask)

    def _decode(
        self, given: Symbols, state: Array, encoded: Encoded, caches: dict[str, Any]
    ) -> tuple[Decoded, Looked | None]:
        read, caches["target"] = self.target.forward(given)
        shown, caches["decoder"] = self.decoder.forward(read, initial_state=state)
        looked = None
        if self.query is not None and self.shown is not None and encoded.states is not None:
            query, caches["query"] = self.query.forward(shown)
            mask = None if encoded.mask is None else encoded.mask[:, np.newaxis]
            context, weights = attend(query, encoded.states, encoded.states, mask, scale=1.0)
            joined, caches["shown"] = self.shown.forward(np.concatenate([context, shown], axis=-1))
            shown = np.tanh(joined)
            looked = Looked(query, weights, shown)
        logits, caches["output"] = self.output.forward(shown)
        where = None if looked is None else looked.weights
        return Decoded(logits, caches["decoder"].final_state, where), looked

    def _gradients(self, batch: Examples, loss: Loss) -> Gradients:
        given, y = teacher_forcing(batch.y, self.start)
        logits, cache = self.forward(batch.x, training=True, given=given)
        mask = y != PAD
        value, grad_logits = value_and_grad_over(mask, loss, y, logits, batch.weights)
        return value, logits, self.backward(grad_logits, cache)[1], mask

    def _answers(self, batch: Examples) -> tuple[Array, Mask | None]:
        given, y = teacher_forcing(batch.y, self.start)
        return self.forward(batch.x, given=given)[0], y != PAD

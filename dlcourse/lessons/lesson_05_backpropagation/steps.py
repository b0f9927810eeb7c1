"""One step of training on one example, taken apart: plain data to draw, to read or to hear.

Every number comes from `dlcourse.nn`: from the layers' own forward and backward passes, the
loss's `value_and_grad` and the optimizer's `step`. What is added is the formula behind each
number, once in symbols and once with the numbers put in, and a sentence.

    z_h1, a_h1, E1, E          the forward pass, to the error of one output and of all
    ∂E/∂a_h1, ∂E/∂w1         the backward pass: how fast E grows with something
    ∂a_h1/∂z_h1            the slope of an activation, one link of the chain
    new_w1                     w1 after the optimizer's step

The names of the network's own numbers stand in `small_network`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from dlcourse.lessons.lesson_05_backpropagation.network import Names, SmallNetwork, Unit
from dlcourse.nn import SGD, Activation, HalfSquaredError, MeanSquaredError, Sequential
from dlcourse.nn.contract import Array, Params
from dlcourse.nn.losses import Loss, get_loss


class Step(NamedTuple):
    """One number, and where it comes from."""

    phase: str  # "forward", "backward" or "update"
    symbol: str  # what is computed: "z_h1", "∂E/∂w1"
    place: str  # where it is shown: at "z_h1", at "w1"
    slot: str  # what it is of that place: "value", "slope", "grad" or "new"
    formula: str  # in symbols
    numbers: str  # the same with numbers put in
    value: float
    reads: tuple[str, ...]  # the symbols that the formula reads
    sentence: str  # what happens, in words


@dataclass(frozen=True)
class Trace:
    """A small network, one example, and every step of its training on it.

    Attributes
    ----------
    units : list of lists of Unit
        Layer by layer, the inputs first.
    errors : list of str
        "E1", "E2", ..., "E"; only "E" for a single output.
    targets : list of str
        "y1", "y2", ...
    parameters : list of str
        The weights, then the biases.
    given : dict
        What is known before the first step: inputs, targets, weights, biases.
    steps : list of Step
        Forward, backward, update, in the order of the computation.
    """

    units: list[list[Unit]]
    errors: list[str]
    targets: list[str]
    parameters: list[str]
    given: dict[str, float]
    steps: list[Step]

    def places(self, symbols: Iterable[str]) -> set[str]:
        """Return where symbols are shown: ∂E/∂w1 and new_w1 both stand at w1."""
        place = {step.symbol: step.place for step in self.steps}
        return {place.get(symbol, symbol) for symbol in symbols}

    def find(self, symbol: str) -> int:
        """Return the position of the step that computes this symbol.

        Raises
        ------
        ValueError
            If no step does.
        """
        for position, step in enumerate(self.steps):
            if step.symbol == symbol:
                return position
        raise ValueError(f"no step computes {symbol!r}")

    def follow(self, name: str) -> list[int]:
        """Return the positions of the steps that lead from the error back to one parameter.

        Its update is the last one.

        Raises
        ------
        ValueError
            If there is no such weight or bias.
        """
        if name not in self.parameters:
            raise ValueError(f"expected one of {', '.join(self.parameters)}, got {name!r}")
        positions = {step.symbol: i for i, step in enumerate(self.steps)}
        wanted, found = [f"new_{name}", f"∂E/∂{name}"], set()
        while wanted:
            position = positions.get(wanted.pop())
            if position is not None and self.steps[position].phase != "forward":
                found.add(position)
                wanted += self.steps[position].reads
        return sorted(found)


def trace_backprop(
    model: Sequential,
    x: ArrayLike,
    t: ArrayLike,
    *,
    loss: Loss | str = "half_squared_error",
    learning_rate: float = 0.5,
    train_biases: bool = True,
    weight_names: Sequence[Names] | None = None,
    bias_names: Names | None = None,
) -> Trace:
    """Take one step of training on one example apart.

    Parameters
    ----------
    model, x, t, weight_names, bias_names
        As `SmallNetwork` takes them.
    loss : Loss or str
        The half squared error or the mean squared error.
    learning_rate : float
        Of the update, by `SGD`.
    train_biases : bool
        Whether the update moves the biases, too.

    Returns
    -------
    Trace

    Raises
    ------
    ValueError
        If the network or the loss is of another kind, or shapes or names do not fit.

    Examples
    --------
    >>> from dlcourse.nn import Dense
    >>> model = Sequential([Dense(1)], input_shape=(1,), dtype=np.float64)
    >>> model.set_weights([[[3.0]], [1.0]])
    >>> for step in trace_backprop(model, [2.0], [5.0]).steps:
    ...     print(f"{step.symbol} = {step.numbers} = {step.value:g}")
    z_o1 = 1 + 2 · 3 = 7
    E = ½ · (5 - 7)² = 2
    ∂E/∂z_o1 = 7 - 5 = 2
    ∂E/∂w1 = 2 · 2 = 4
    ∂E/∂b1 = 2 · 1 = 2
    new_w1 = 3 - 0.5 · 4 = 1
    new_b1 = 1 - 0.5 · 2 = 0
    """
    network = SmallNetwork(model, x, t, weight_names, bias_names)
    return trace_network(network, get_loss(loss), learning_rate, train_biases)


def trace_network(
    network: SmallNetwork, loss: Loss, learning_rate: float, train_biases: bool = True
) -> Trace:
    """Do what `trace_backprop` does for a network that has its names already."""
    if not isinstance(loss, HalfSquaredError | MeanSquaredError):
        raise ValueError(f"expected the half squared error or the mean squared error, got {loss!r}")
    given = network.numbers()
    writer = _Writer(network, loss, given)
    steps = [
        *writer.forward(),
        *writer.error(),
        *writer.backward(),
        *writer.update(learning_rate, train_biases),
    ]
    parameters = network.weights + network.biases
    return Trace(network.units, writer.errors, network.targets, parameters, given, steps)


class _Writer:
    """Runs a network and writes every number down."""

    def __init__(
        self,
        network: SmallNetwork,
        loss: HalfSquaredError | MeanSquaredError,
        given: dict[str, float],
    ) -> None:
        self.network = network
        self.loss = loss
        self.given = given
        self.values = dict(given)  # grows with every step
        self.outputs: Array = network.x
        outputs = len(network.targets)
        self.errors = ["E"] if outputs == 1 else [*(f"E{k + 1}" for k in range(outputs)), "E"]

    def write(
        self,
        phase: str,
        symbol: str,
        terms: str,
        value: float,
        sentence: str,
        *,
        place: str = "",
        slot: str = "value",
        chain: str = "",
    ) -> Step:
        """Write one step down: put the numbers into the terms, and note what they read.

        `chain` is a longer form of the same formula, which the terms shorten.
        """
        reads = dict.fromkeys(s for s in re.findall(_SYMBOL, terms) if s in self.values)
        numbers = re.sub(_SYMBOL, lambda found: self._put_in(found[0]), terms)
        numbers = re.sub(r"\(\((-[^()]+)\)\)", r"(\1)", numbers)  # f((-2)) is f(-2)
        formula = f"{chain} = {terms}" if chain else terms
        self.values[symbol] = float(value)
        return Step(
            phase,
            symbol,
            place or symbol,
            slot,
            formula,
            numbers,
            float(value),
            (*reads,),
            sentence,
        )

    def _put_in(self, symbol: str) -> str:
        text = short(self.values[symbol]) if symbol in self.values else symbol
        return f"({text})" if text.startswith("-") else text

    def forward(self) -> Iterator[Step]:
        """Run the layers, one after the other."""
        self.caches: list[tuple[Any, Any]] = []
        for (dense, activation), before, layer in zip(
            self.network.blocks, self.network.units, self.network.units[1:], strict=False
        ):
            sums, dense_cache = dense.forward(self.outputs)
            for unit, value in zip(layer, sums[0], strict=True):
                products = [f"{b.out} · {w}" for b, w in zip(before, unit.weights, strict=True)]
                bias = [unit.bias] if unit.bias else []
                sentence = (
                    f"{_title(unit)} adds up what it reads, each number times its weight"
                    f"{', and its bias' if bias else ''}."
                )
                yield self.write("forward", unit.sum, " + ".join(bias + products), value, sentence)
            self.outputs, activation_cache = sums, None
            if activation:
                self.outputs, activation_cache = activation.forward(sums)
                for unit, value in zip(layer, self.outputs[0], strict=True):
                    sentence = (
                        f"{unit.name} puts out the {_kind(activation)} of its pre-activation."
                    )
                    terms = _formula(activation, unit.sum)
                    yield self.write("forward", unit.out, terms, value, sentence)
            self.caches.append((dense_cache, activation_cache))

    def error(self) -> Iterator[Step]:
        """Compare the outputs with the targets."""
        total, self.grad = self.loss.value_and_grad(self.network.t, self.outputs)
        count = self.outputs.size
        share = 2 if isinstance(self.loss, HalfSquaredError) else count
        factor = {1: "", 2: "½ · "}.get(share, f"1/{share} · ")
        for unit, symbol, target in zip(
            self.network.units[-1], self.errors, self.network.targets, strict=False
        ):
            gap = self.values[target] - self.values[unit.out]
            sentence = f"The error of {unit.name}: its distance from the target, squared" + (
                {1: ".", 2: ", and half of that."}.get(share, f", and divided by {share} outputs.")
            )
            terms = f"{factor}({target} - {unit.out})²"
            yield self.write("forward", symbol, terms, gap**2 / share, sentence)
        if count > 1:
            sentence = "The errors of the outputs add up to the error of the network."
            yield self.write("forward", "E", " + ".join(self.errors[:-1]), total, sentence)

    def backward(self) -> Iterator[Step]:
        """Send the gradient back, layer by layer."""
        grad: Any = self.grad
        for depth in reversed(range(len(self.network.blocks))):
            dense, activation = self.network.blocks[depth]
            dense_cache, activation_cache = self.caches[depth]
            grad_sums: Any = grad
            slopes: Any = None
            if activation:
                grad_sums, _ = activation.backward(grad, activation_cache)
                slopes, _ = activation.backward(np.ones_like(grad), activation_cache)
            for k, unit in enumerate(self.network.units[depth + 1]):
                yield self._arrive(depth, k, grad[0, k])
                if activation:
                    yield from self._pass(unit, activation, slopes[0, k], grad_sums[0, k])
            grad, grads = dense.backward(grad_sums, dense_cache)
            yield from self._parameters(depth, grads)

    def _arrive(self, depth: int, k: int, value: float) -> Step:
        """Say how fast E grows with what unit k of this layer puts out."""
        unit = self.network.units[depth + 1][k]
        if depth + 2 < len(self.network.units):
            after = self.network.units[depth + 2]
            terms = " + ".join(f"∂E/∂{reader.sum} · {reader.weights[k]}" for reader in after)
            sentence = (
                f"{unit.name} reaches E by {len(after)} paths. Along each, rates multiply; the "
                "paths add up."
                if len(after) > 1
                else f"{unit.name} reaches E by one path, through {after[0].name}."
            )
        else:
            terms = f"{unit.out} - {self.network.targets[k]}"
            if isinstance(self.loss, MeanSquaredError) and self.outputs.size != 2:
                share = "2" if self.outputs.size == 1 else f"2/{self.outputs.size}"
                terms = f"{share} · ({terms})"
            turn = "Now backward. " if k == 0 else ""
            sentence = f"{turn}How fast does E grow with what {unit.name} puts out?"
        symbol = f"∂E/∂{unit.out}"
        return self.write("backward", symbol, terms, value, sentence, place=unit.out, slot="grad")

    def _pass(
        self, unit: Unit, activation: Activation, slope: float, grad: float
    ) -> Iterator[Step]:
        """Go back through an activation: its slope, then the product with what arrives."""
        link = f"∂{unit.out}/∂{unit.sum}"
        yield self.write(
            *("backward", link, _slope(activation, unit, slope), slope),
            f"How fast does the output of {unit.name} grow with its pre-activation? By the slope "
            f"of the {_kind(activation)} there.",
            place=unit.out,
            slot="slope",
        )
        yield self.write(
            *("backward", f"∂E/∂{unit.sum}", f"∂E/∂{unit.out} · {link}", grad),
            f"The chain rule: along a path, rates multiply. This is the delta of {unit.name}.",
            place=unit.sum,
            slot="grad",
        )

    def _parameters(self, depth: int, grads: Params) -> Iterator[Step]:
        """Say how fast E grows with each weight and bias of a layer."""
        before, layer = self.network.units[depth], self.network.units[depth + 1]
        for k, unit in enumerate(layer):
            for i, (source, weight) in enumerate(zip(before, unit.weights, strict=True)):
                yield self.write(
                    *("backward", f"∂E/∂{weight}", f"∂E/∂{unit.sum} · {source.out}"),
                    grads["kernel"][i, k],
                    f"{weight} acts through {unit.name} alone. There it is multiplied "
                    f"by {source.name}{'' if source.out == source.name else chr(39) + 's output'}, "
                    "so that is the rate.",
                    place=weight,
                    slot="grad",
                    chain=f"∂E/∂{unit.sum} · ∂{unit.sum}/∂{weight}",
                )
        for bias in dict.fromkeys(unit.bias for unit in layer if unit.bias):
            sharing = [k for k, unit in enumerate(layer) if unit.bias == bias]
            arriving = [f"∂E/∂{layer[k].sum}" for k in sharing]
            alone = len(sharing) == 1
            yield self.write(
                *(
                    "backward",
                    f"∂E/∂{bias}",
                    f"{arriving[0]} · 1" if alone else " + ".join(arriving),
                ),
                sum(float(grads["bias"][k]) for k in sharing),
                f"{bias} is added as it is, so what {layer[sharing[0]].name} adds up grows like it."
                if alone
                else f"{bias} is added to {len(sharing)} sums: {len(sharing)} paths, which add up.",
                place=bias,
                slot="grad",
                chain=f"{arriving[0]} · ∂{layer[sharing[0]].sum}/∂{bias}" if alone else "",
            )

    def update(self, learning_rate: float, train_biases: bool) -> Iterator[Step]:
        """Let the optimizer take its step, on copies."""
        names = self.network.weights + (self.network.biases if train_biases else [])
        params = {name: np.array([self.given[name]]) for name in names}
        grads = {name: np.array([self.values[f"∂E/∂{name}"]]) for name in names}
        SGD(learning_rate).step(params, grads)
        self.values["η"] = learning_rate
        for name, (new,) in params.items():
            up, down = ("up", "down") if grads[name] > 0 else ("down", "up")
            sentence = (
                f"Against the gradient: E grows as {name} goes {up}, so {name} goes {down}."
                if grads[name]
                else f"E does not change with {name}, so {name} stays."
            )
            terms = f"{name} - η · ∂E/∂{name}"
            yield self.write("update", f"new_{name}", terms, new, sentence, place=name, slot="new")


def short(value: float, digits: int = 5) -> str:
    """Write a number with few digits.

    Examples
    --------
    >>> short(-0.0176065259), short(0.1), short(1.5e-7)
    ('-0.017607', '0.1', '1.5e-07')
    """
    return f"{value + 0.0:.{digits}g}"  # + 0.0 takes the sign off a zero


_SYMBOL = r"∂\w+/∂\w+|[a-z]+_[a-z]\d+|[A-Za-zŷ]\d+|η"


def _formula(activation: Activation, symbol: str) -> str:
    known = {
        "linear": symbol,
        "sigmoid": f"1 / (1 + e^(-{symbol}))",
        "tanh": f"tanh({symbol})",
        "relu": f"max(0, {symbol})",
    }
    return known.get(activation.activation, f"{activation.activation}({symbol})")


def _slope(activation: Activation, unit: Unit, slope: float) -> str:
    """Write a slope by the output of its unit where that is possible, else as a number."""
    known = {"sigmoid": f"{unit.out} · (1 - {unit.out})", "tanh": f"1 - {unit.out}²"}
    return known.get(activation.activation, short(slope))


def _kind(activation: Activation) -> str:
    return activation.activation.replace("_", " ")


def _title(unit: Unit) -> str:
    return f"{'Output' if unit.name[0] == 'o' else 'Hidden'} unit {unit.name}"

"""A network small enough to draw, with one example, and a name for every number in it.

x1, x2, ...   the inputs              y1, y2, ...   the labels
h1, h2, ...   the hidden units        o1, o2, ...   the output units
              (a second hidden layer is k1, k2, ...)
z_h1          the pre-activation of unit h1: its weighted sum, bias included
a_h1          its activation; that of output o1 is called ŷ1
w1, w2, ...   the weights             b1, b2, ...   the biases
"""

import copy
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from dlcourse.nn import Activation, Dense, HalfSquaredError, Sequential
from dlcourse.nn.contract import Array, as_array

MOST_UNITS = 4  # in a layer: more would not be legible
HIDDEN = "hk"  # one letter per hidden layer

Names = Sequence[Sequence[str]]  # of one kernel: one row per input, one column per unit
Place = tuple[Array, tuple[int, ...]]  # an entry of an array


class Unit(NamedTuple):
    """An input or a neuron: where its numbers are shown, and what it reads."""

    name: str  # "h1", or "x1"
    sum: str  # its first cell: "z_h1", or "x1"
    out: str  # its last one: "a_h1", or "z_h1" without an activation, or "x1"; "ŷ1"
    weights: tuple[str, ...] = ()  # one for each unit of the layer before
    bias: str = ""  # if it has one


class SmallNetwork:
    """A copy of a small network in float64, and one example for it.

    Parameters
    ----------
    model : Sequential
        Up to three `Dense` layers of up to four units, each followed by one `Activation` or
        none. Built; it is not changed.
    x, t : array, shape (inputs,) and (outputs,)
        One example and its targets.
    weight_names : sequence, optional
        Names of the weights, for each kernel a table like it: one row per input, one column per
        unit. By default w1, w2, ..., with the weights of one unit side by side.
    bias_names : sequence, optional
        Names of the biases, one row per layer. Units whose biases have one name share one
        bias; they must start equal. By default b1, b2, ..., one per unit.

    Attributes
    ----------
    blocks : list of (Dense, Activation or None)
    units : list of lists of Unit
        Layer by layer, the inputs first.
    weight_names, bias_names : list
        As the parameters of these names.

    Raises
    ------
    ValueError
        If the network is not of that kind, or shapes or names do not fit.

    Examples
    --------
    >>> model = Sequential([Dense(1)], input_shape=(1,), dtype=np.float64)
    >>> model.set_weights([[[3.0]], [1.0]])
    >>> network = SmallNetwork(model, [2.0], [5.0])
    >>> network.numbers()
    {'x1': 2.0, 'y1': 5.0, 'w1': 3.0, 'b1': 1.0}
    >>> network.set("w1", 4.0)
    >>> network.blocks[0][0].params["kernel"]
    array([[4.]])
    """

    def __init__(
        self,
        model: Sequential,
        x: ArrayLike,
        t: ArrayLike,
        weight_names: Sequence[Names] | None = None,
        bias_names: Names | None = None,
    ) -> None:
        self.blocks = _blocks(model)
        kernels = [dense.params["kernel"].shape for dense, _ in self.blocks]
        self.x = _example("x", x, kernels[0][0])
        self.t = _example("t", t, kernels[-1][1])
        biased = [dense.units if dense.use_bias else 0 for dense, _ in self.blocks]
        self.weight_names = _weight_names(weight_names, kernels)
        self.bias_names = _bias_names(bias_names, biased)
        self.units = self._units()
        self.targets = [f"y{k}" for k in range(1, self.t.size + 1)]
        self._places = self._index()
        for name in self.biases:
            values = {float(array[index]) for array, index in self._places[name]}
            if len(values) > 1:
                raise ValueError(
                    f"units that share the bias {name} must start equal, got {sorted(values)}"
                )

    def _units(self) -> list[list[Unit]]:
        names = [f"x{k}" for k in range(1, self.x.size + 1)]
        layers = [[Unit(name, name, name) for name in names]]
        letters = [*HIDDEN[: len(self.blocks) - 1], "o"]
        for (dense, activation), letter, weights, biases in zip(
            self.blocks, letters, self.weight_names, self.bias_names, strict=True
        ):
            layer = []
            for k in range(dense.units):
                name = f"{letter}{k + 1}"
                answer = f"ŷ{k + 1}" if letter == "o" else f"a_{name}"
                out = answer if activation else f"z_{name}"
                column = tuple(row[k] for row in weights)
                layer.append(Unit(name, f"z_{name}", out, column, biases[k] if biases else ""))
            layers.append(layer)
        return layers

    @property
    def weights(self) -> list[str]:
        """Names of the weights, in the order of their numbers."""
        names = (name for kernel in self.weight_names for row in kernel for name in row)
        return sorted(names, key=_natural)

    @property
    def biases(self) -> list[str]:
        """Names of the biases; a shared one is named once."""
        return list(dict.fromkeys(name for row in self.bias_names for name in row))

    def numbers(self) -> dict[str, float]:
        """Return every input, target, weight and bias by name."""
        inputs = [unit.name for unit in self.units[0]]
        names = [*inputs, *self.targets, *self.weights, *self.biases]
        return {name: float(array[index]) for name in names for array, index in self._places[name]}

    def set(self, name: str, value: float) -> None:
        """Change an input, a target, a weight or a bias, for all units that share it.

        Raises
        ------
        ValueError
            If there is nothing of this name, or the value is not finite.
        """
        if name not in self._places:
            raise ValueError(f"expected one of {', '.join(self.numbers())}, got {name!r}")
        if not np.isfinite(value):
            raise ValueError(f"{name} must be a finite number, got {value}")
        for array, index in self._places[name]:
            array[index] = value

    def _index(self) -> dict[str, list[Place]]:
        """Find every array entry that has a name."""
        tables: list[tuple[Array, Sequence[str] | Names]] = [
            (self.x[0], [unit.name for unit in self.units[0]]),
            (self.t[0], self.targets),
        ]
        for (dense, _), weights, biases in zip(
            self.blocks, self.weight_names, self.bias_names, strict=True
        ):
            tables.append((dense.params["kernel"], weights))
            if biases:
                tables.append((dense.params["bias"], biases))
        places: dict[str, list[Place]] = {}
        for array, names in tables:
            for index, name in np.ndenumerate(np.asarray(names)):
                places.setdefault(str(name), []).append((array, index))
        return places


def two_two_two() -> tuple[Sequential, dict[str, Any]]:
    """Return the network of the worked example, and the names of its weights and biases.

    Hidden unit h1 reads w1 and w3, but output o1 reads w5 and w6; each layer shares one bias.

    Returns
    -------
    model : Sequential
        2-2-2, sigmoid, float64.
    names : dict
        ``weight_names`` and ``bias_names`` for `trace_backprop` and the stepper.
    """
    layers = [Dense(2), Activation("sigmoid"), Dense(2), Activation("sigmoid")]
    model = Sequential(layers, input_shape=(2,), dtype=np.float64)
    first, second = [[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.7], [0.6, 0.8]]
    model.set_weights([first, [0.25, 0.25], second, [0.35, 0.35]])
    names = {
        "weight_names": [[["w1", "w2"], ["w3", "w4"]], [["w5", "w7"], ["w6", "w8"]]],
        "bias_names": [["b1", "b1"], ["b2", "b2"]],
    }
    return model, names


def gradients(model: Sequential, x: Array, y: Array) -> list[Array]:
    """Return what the layers find for the half squared error: the gradient of each parameter.

    Parameters
    ----------
    model : Sequential
    x, y : array, shape (batch, inputs) and (batch, outputs)
    """
    outputs, cache = model.forward(x)
    _, grad_outputs = HalfSquaredError().value_and_grad(y, outputs)
    _, grads = model.backward(grad_outputs, cache)
    return list(grads.values())


def _blocks(model: Sequential) -> list[tuple[Dense, Activation | None]]:
    """Return copies of the layers in float64, each `Dense` with its activation, or refuse."""
    model.check_built()
    blocks: list[tuple[Dense, Activation | None]] = []
    for layer in copy.deepcopy(model.layers):
        if isinstance(layer, Dense):
            layer.params = {name: as_array(a, np.float64) for name, a in layer.params.items()}
            blocks.append((layer, None))
        elif isinstance(layer, Activation) and blocks and blocks[-1][1] is None:
            if layer.activation == "softmax":
                raise ValueError(
                    "softmax mixes the units of its layer, but the steps go unit by unit; take "
                    "sigmoid, tanh, relu or another activation that treats each by itself"
                )
            blocks[-1] = (blocks[-1][0], layer)
        else:
            raise ValueError(
                "expected Dense layers, each followed by one Activation or none, got "
                + ", ".join(map(repr, model.layers))
            )
    widths = [*(model.input_shape or ()), *(dense.units for dense, _ in blocks)]
    if not blocks or len(blocks) > len(HIDDEN) + 1 or max(widths) > MOST_UNITS:
        raise ValueError(
            f"expected at most {len(HIDDEN) + 1} Dense layers, of at most {MOST_UNITS} units and "
            f"inputs, so that the drawing stays legible; got the sizes {widths}"
        )
    return blocks


def _example(name: str, values: ArrayLike, size: int) -> Array:
    """Return one example as a batch of one, or refuse."""
    batch = np.array(values, np.float64).reshape(1, -1)
    if batch.shape != (1, size) or not np.isfinite(batch).all():
        raise ValueError(f"{name} must be one example of {size} finite numbers, got {values!r}")
    return batch


def _weight_names(
    names: Sequence[Names] | None, shapes: Sequence[tuple[int, ...]]
) -> list[list[list[str]]]:
    if names is None:
        tables, first = [], 1
        for rows, columns in shapes:
            numbers = first + np.arange(rows * columns).reshape(columns, rows).T
            tables.append([[f"w{number}" for number in row] for row in numbers])
            first += rows * columns
        return tables
    found = [np.shape(table) for table in names]
    if found != list(shapes):
        raise ValueError(f"weight_names must have the shapes of the kernels, {shapes}, got {found}")
    flat = [name for table in names for row in table for name in row]
    _check_names(flat, "each weight needs a name of its own")
    return [[list(row) for row in table] for table in names]


def _bias_names(names: Names | None, sizes: Sequence[int]) -> list[list[str]]:
    if names is None:
        ends = np.cumsum(sizes).tolist()
        return [
            [f"b{end - size + k}" for k in range(1, size + 1)]
            for size, end in zip(sizes, ends, strict=True)
        ]
    found = [len(row) for row in names]
    if found != list(sizes):
        raise ValueError(f"bias_names must have {sizes} names, one row per layer, got {found}")
    flat = [name for row in names for name in dict.fromkeys(row)]
    _check_names(flat, "only units of one layer can share a bias")
    return [list(row) for row in names]


def _check_names(names: Sequence[str], rule: str) -> None:
    for name in names:
        if not re.fullmatch(r"[a-z]\d+", name) or name[0] in f"xyo{HIDDEN}":
            raise ValueError(
                f"expected a letter and a number such as w1 (the letters x, y, o, "
                f"{', '.join(HIDDEN)} are taken), got the name {name!r}"
            )
    if len(set(names)) < len(names):
        raise ValueError(f"{rule}, got {', '.join(names)}")


def _natural(name: str) -> tuple[str, int]:
    return name[0], int(name[1:])

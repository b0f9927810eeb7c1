"""The table of a model's layers, with the number of parameters and the receptive field.

The receptive field of an output is how much of the image it can depend on. From layer to layer,
with window k (dilation included), stride s and distance d between neighbours in input pixels:

    field = field + (k - 1) d        d = d s        starting from field = 1, d = 1
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from dlcourse.nn.contract import Layer, Params, Shape

LONGEST_NAME = 60  # characters of a layer in the table


class Summary:
    """What `Sequential.summary` returns: shows itself as a table, in text or HTML.

    Parameters
    ----------
    layers : sequence of Layer
        Built.
    output_shapes : sequence of tuples
        What each of them puts out, without the batch axis.

    Attributes
    ----------
    rows : list of tuples of str
        Layer, output shape, parameters and, if there are images, receptive field.
    trainable, frozen, other : int
        Number of entries of all ``params`` that training moves, of those that it does not, and of
        all ``state``.

    Examples
    --------
    >>> from dlcourse.nn import Activation, Dense, Sequential
    >>> Sequential([Dense(4), Activation("relu"), Dense(1)], input_shape=(2,)).summary()
    layer               output shape  parameters
    Dense(4)            (4,)                  12
    Activation('relu')  (4,)                   0
    Dense(1)            (1,)                   5
    17 trainable parameters
    """

    def __init__(self, layers: Sequence[Layer], output_shapes: Sequence[Shape]) -> None:
        self.columns: tuple[str, ...] = ("layer", "output shape", "parameters")
        self.rows: list[tuple[str, ...]] = [
            (_name(layer), str(shape), f"{_size(layer.params) + _size(layer.state):,}")
            for layer, shape in zip(layers, output_shapes, strict=True)
        ]
        fields = receptive_fields(layers, output_shapes)
        if any(fields):
            self.columns = (*self.columns, "receptive field")
            self.rows = [(*row, field) for row, field in zip(self.rows, fields, strict=True)]
        self.trainable = sum(_size(layer.trainable_params) for layer in layers)
        self.frozen = sum(_size(layer.params) for layer in layers) - self.trainable
        self.other = sum(_size(layer.state) for layer in layers)

    @property
    def caption(self) -> str:
        """The totals, in words."""
        total = f"{self.trainable:,} trainable parameters"
        total += f", {self.frozen:,} frozen" if self.frozen else ""
        return f"{total}, {self.other:,} others" if self.other else total

    def __repr__(self) -> str:
        table = [self.columns, *self.rows]
        widths = [max(len(row[column]) for row in table) for column in range(len(self.columns))]
        lines = [
            "  ".join(
                text.rjust(width) if column == 2 else text.ljust(width)
                for column, (text, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in table
        ]
        return "\n".join([*lines, self.caption])

    def _repr_html_(self) -> str:
        def line(tag: str, row: Sequence[str]) -> str:
            aligns = ("left", "left", "right", "left")
            return "".join(
                f'<{tag} style="text-align:{align}">{escape(text)}</{tag}>'
                for align, text in zip(aligns, row, strict=False)
            )

        body = "".join(f"<tr>{line('td', row)}</tr>" for row in self.rows)
        return (
            f"<table><caption>{self.caption}</caption><thead><tr>{line('th', self.columns)}"
            f"</tr></thead><tbody>{body}</tbody></table>"
        )


def receptive_fields(layers: Sequence[Layer], output_shapes: Sequence[Shape]) -> list[str]:
    """Return the receptive field of each layer, such as "5 x 5", as far as it is an image.

    The text is empty for layers after the image has been flattened, and for networks that
    have no windows at all. A window inside a nested layer is not looked for.

    Parameters
    ----------
    layers : sequence of Layer
    output_shapes : sequence of tuples
        What each of them puts out.

    Returns
    -------
    fields : list of str
        One per layer.
    """
    field, distance = [1, 1], [1, 1]
    fields = []
    for layer, shape in zip(layers, output_shapes, strict=True):
        window = _pair(getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", 1))
        stride = _pair(getattr(layer, "strides", None) or window)
        dilation = _pair(getattr(layer, "dilation_rate", 1))
        for axis in range(2):
            field[axis] += (window[axis] - 1) * dilation[axis] * distance[axis]
            distance[axis] *= stride[axis]
        fields.append(f"{field[0]} x {field[1]}" if len(shape) == 3 else "")
    return fields if field != [1, 1] else [""] * len(fields)


def _pair(size: Any) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else (size[0], size[1])


def _name(layer: Layer) -> str:
    """Return the constructor call, or its beginning where it would stretch the table."""
    call = repr(layer)
    name = call if len(call) <= LONGEST_NAME else f"{type(layer).__name__}(...)"
    return name if layer.trainable else f"{name}, frozen"


def _size(arrays: Params) -> int:
    return sum(array.size for array in arrays.values())

"""Lesson 13's board: a digit, every map of a trained network, and how each number came about.

Python owns the network: it sends all weights once, and all numbers of one digit whenever the
digit changes. From these the browser (arithmetic.js) writes out any unit as products and their
sum, at once. A test in a real browser holds what it writes against `dlcourse.nn`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from dlcourse import nn
from dlcourse.nn.contract import Array
from dlcourse.nn.layers.windows import frame_widths
from dlcourse.widgets.board import FROM_BROWSER, ScriptBoard
from dlcourse.widgets.files import script, stylesheet

HERE = Path(__file__).parent
INVISIBLE = (nn.Flatten, nn.Dropout)  # they change no number of a prediction
MOST_SIDE, MOST_MAPS = 32, 128  # that there is room for

Stage = dict[str, Any]  # JSON, as the browser needs it


class CNNBoard(ScriptBoard):
    """A trained network that reads digits, to be followed from the pixels to the answer.

    Parameters
    ----------
    model : nn.Sequential
        Built, for images with one channel. It may have `Conv2D`, `PartialConv2D`,
        `MaxPooling2D`, `Flatten`, `Dropout` and `Dense` layers, and activations after
        convolutions and dense layers.
    images : array, shape (count, height, width, 1)
        What it reads.
    labels : array of int, shape (count,)
        The digits that they are.

    Attributes
    ----------
    digit : int
        Number of the image that is shown.
    image : Array, shape (height, width, 1)
        The image, with the pixels that the learner has painted.
    misread : list of int
        Numbers of the images that the network gets wrong.

    Raises
    ------
    ValueError
        If a layer cannot be shown, or the images do not fit the network or the labels.

    Examples
    --------
    >>> model = nn.Sequential([nn.Conv2D(2, 3), nn.Flatten(), nn.Dense(10)], (4, 4, 1), seed=0)
    >>> board = CNNBoard(model, np.ones((5, 4, 4, 1)), np.arange(5))
    >>> [stage["name"] for stage in board.stages]
    ['image', 'conv 1', 'answer']
    """

    what = "a digit on its way to the answer"
    _esm = script(HERE / "board.js")
    still = HERE / "board.png"
    _css = stylesheet("cnn-board", HERE / "board.css")

    digit = traitlets.Int(0, min=0).tag(**FROM_BROWSER)
    count = traitlets.Int(1).tag(sync=True)
    stages = traitlets.List(traitlets.Dict()).tag(sync=True)
    weights = traitlets.Bytes(b"").tag(sync=True)  # float32: all kernels, one after the other
    values = traitlets.Bytes(b"").tag(sync=True)  # float32: all numbers of the digit
    answer = traitlets.Dict().tag(sync=True)

    def __init__(self, model: nn.Sequential, images: ArrayLike, labels: ArrayLike) -> None:
        model.check_built()
        self.model = model
        self._images = np.array(images, np.float32)
        self._labels = np.asarray(labels, np.int64)
        if self._images.shape != (len(self._labels), *(model.input_shape or ())):
            raise ValueError(
                f"the network takes images of shape {model.input_shape}, one for each of "
                f"{len(self._labels)} labels; got images of shape {self._images.shape}"
            )
        self._low, self._high = float(self._images.min()), float(self._images.max())
        answers = model.predict(self._images, batch_size=256).argmax(axis=1)
        self.misread = [int(n) for n in np.flatnonzero(answers != self._labels)]
        stages, weights = describe_stages(model)
        stages[0] |= {"low": self._low, "high": self._high}
        self.image = self._images[0].copy()
        super().__init__(
            count=len(self._images), stages=stages, weights=weights.astype(np.float32).tobytes()
        )
        self._show()
        self.observe(self._choose, "digit")

    def draw(self, pixels: Iterable[tuple[int, int]], *, ink: bool = True) -> None:
        """Turn pixels, given by row and column, into ink or into paper."""
        for row, column in pixels:
            self.image[row, column, 0] = self._high if ink else self._low
        self._show()

    def restore(self) -> None:
        """Undo what was painted."""
        self.image = self._images[self.digit].copy()
        self._show()

    def next_misread(self) -> None:
        """Go on to the next image that the network gets wrong, if there is one."""
        if self.misread:
            later = [number for number in self.misread if number > self.digit]
            self.digit = (later or self.misread)[0]

    def _choose(self, change: object) -> None:
        self.restore()

    @traitlets.validate("digit")
    def _there(self, proposal: dict[str, Any]) -> int:
        return min(int(proposal["value"]), self.count - 1)

    def receive(self, content: dict[str, Any]) -> None:
        """Do what a click or a key in the browser asks for."""
        if "draw" in content:
            self.draw(content["draw"]["pixels"], ink=content["draw"]["ink"])
        elif content.get("do") == "restore":
            self.restore()
        elif content.get("do") == "misread":
            self.next_misread()

    def _show(self) -> None:
        values = forward_values(self.model, self.image)
        outputs = values[-self.model.output_shapes[-1][0] :]
        painted = int((self.image != self._images[self.digit]).sum())
        with self.hold_sync():
            self.values = values.astype(np.float32).tobytes()
            self.answer = {
                "label": int(self._labels[self.digit]),
                "answer": int(outputs.argmax()),
                "painted": painted,
                "misread": len(self.misread),
            }


def forward_values(model: nn.Sequential, image: Array) -> Array:
    """Return the image and every layer's outputs for it, one after the other, as one vector.

    Layers that only reorder numbers are left out, so that `describe_stages` can say where each
    stage begins.
    """
    outputs = np.asarray(image, model.dtype)[np.newaxis]
    found = [outputs.ravel()]
    for layer in model.layers:
        outputs, _ = layer.forward(outputs)
        if not isinstance(layer, INVISIBLE):
            found.append(outputs.ravel())
    return np.concatenate(found)


def describe_stages(model: nn.Sequential) -> tuple[list[Stage], NDArray[Any]]:
    """Describe a network to the browser: its stages, and all its kernels in one vector.

    A stage is a layer with the activation that follows it. ``sums`` and ``outputs`` say where its
    numbers begin in `forward_values`, before and after the activation; ``kernel`` where its
    weights begin.

    Raises
    ------
    ValueError
        If a layer cannot be shown.
    """
    assert model.input_shape is not None
    shape = model.input_shape
    if len(shape) != 3 or shape[2] != 1:
        raise ValueError(f"the board shows networks for (height, width, 1), got {shape}")
    stages: list[Stage] = [{"name": "image", "kind": "image", "shape": list(shape), "outputs": 0}]
    place, kernels, length = int(np.prod(shape)), [], 0
    for layer, output_shape in zip(model.layers, model.output_shapes, strict=True):
        last = stages[-1]
        if isinstance(layer, INVISIBLE):
            continue
        if isinstance(layer, nn.Activation | nn.ScaledTanh):
            if last["kind"] not in ("conv", "dense") or last["activation"]:
                raise ValueError(f"the board shows activations after sums only, not {layer!r} here")
            last["activation"] = getattr(layer, "activation", "scaled tanh")
            last["outputs"] = place
        else:
            stage = _stage(layer, last["shape"])
            kinds = [one["kind"] for one in stages]
            number = kinds.count(stage["kind"]) + 1
            if "kernel" in stage:
                kernel = stage["kernel"]
                stage["kernel"], length = length, length + kernel.size
                kernels.append(kernel.ravel())
            stage |= {"name": f"{stage['kind']} {number}", "shape": list(output_shape)}
            stages.append(stage | {"sums": place, "outputs": place})
        place += int(np.prod(output_shape))
    if len(stages[-1]["shape"]) != 1:
        raise ValueError(f"the network must end in one number per class, got {stages[-1]['shape']}")
    stages[-1]["name"] = "answer"
    for stage in stages:
        *size, maps = stage["shape"]
        if max(size, default=0) > MOST_SIDE or maps > MOST_MAPS:
            raise ValueError(
                f"the board has room for {MOST_MAPS} maps of {MOST_SIDE} x {MOST_SIDE} in a "
                f"stage, got {stage['shape']} in {stage['name']}"
            )
    return stages, np.concatenate(kernels)


def _stage(layer: Any, size: list[int]) -> Stage:
    """Describe one layer: what it is, how its windows lie, and its kernel as an array."""
    if isinstance(layer, nn.Dense):
        return {"kind": "dense", "activation": "", "kernel": layer.params["kernel"]}
    if isinstance(layer, nn.Conv2D | nn.PartialConv2D) and len(size) == 3:
        if max(getattr(layer, "dilation_rate", (1, 1))) > 1:
            raise ValueError(f"the board shows no dilated convolution, got {layer!r}")
        kernel, background = layer.params["kernel"], 0.0
        if isinstance(layer, nn.PartialConv2D):
            kernel, background = layer.full_kernel(), layer.background
        windows = _windows(layer, layer.kernel_size, size)
        own = {"kind": "conv", "activation": "", "kernel": kernel, "background": background}
        return own | windows
    if isinstance(layer, nn.MaxPooling2D) and len(size) == 3:
        return {"kind": "pool", **_windows(layer, layer.pool_size, size)}
    raise ValueError(f"the board cannot show {layer!r}")


def _windows(layer: Any, window: tuple[int, int], size: list[int]) -> Stage:
    frame = frame_widths(size[:2], window, layer.strides, layer.padding)
    return {
        "window": list(window),
        "strides": list(layer.strides),
        "before": [before for before, _ in frame],
    }

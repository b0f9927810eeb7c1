"""Lesson 07's board: build a network, train it live, and see what every unit sees.

Python owns the network and computes everything that is shown. The file playground.js
draws it and reports what the learner does. A frame is one message with all numbers of
one moment. The browser says which frames it has drawn, and only a few are on their way at
a time: a slow browser gets fewer frames, and none that are late. When nobody answers any
more, training stops.

JupyterLab may deliver what the learner does on another thread than the one that runs
cells, so everything that touches the network holds one lock.
"""

import asyncio
import linecache
import traceback
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, TypeAlias

import numpy as np
import traitlets
from numpy.typing import NDArray

from dlcourse import compare, datasets, nn
from dlcourse.figures import plane, signed, unit_outputs
from dlcourse.nn.contract import Array
from dlcourse.widgets.board import FROM_BROWSER, ScriptBoard
from dlcourse.widgets.files import script, stylesheet

TrainStep: TypeAlias = Callable[[nn.Sequential, Array, Array, float], object]
Points: TypeAlias = tuple[NDArray[np.float64], NDArray[np.int64]]
Dataset: TypeAlias = Callable[[int, np.random.Generator, float], Points]

HERE = Path(__file__).parent
LIMIT = 1.25  # the plane is drawn from -LIMIT to LIMIT
SIDE = 64  # points of the plane along each side
EXAMPLES = 200  # to train on, and as many to test on
MOST_LAYERS, MOST_UNITS = 4, 8
MOST_LOSSES = 256  # points of a loss curve; beyond that, every second one is dropped

FRAME = 1 / 60  # seconds from one frame to the next, at least
BUDGET = 0.012  # seconds of training in a frame, or one epoch, whichever ends first
IN_FLIGHT = 4  # frames that the browser may not have drawn yet
POLL = 0.002  # seconds between two looks whether it has drawn them
PATIENCE = 30.0  # seconds without an answer from the browser, then training stops

DLCOURSE, YOURS, KERAS = "dlcourse.nn", "your train_step", "Keras"
ACTIVATIONS = ["linear", "step", "sigmoid", "tanh", "relu", "leaky_relu"]
CHOICES = ["data", "noise", "batch_size", "layers", "activation", "learning_rate", "trained_by"]
LOSS = nn.BinaryCrossentropy()
LARGEST = 1e30  # weights are float32, which ends at 3e38


def gradient_step(model: nn.Sequential, x: Array, y: Array, learning_rate: float) -> None:
    """Take one step of gradient descent on one batch.

    Parameters
    ----------
    model : nn.Sequential
        Its parameters are changed in place.
    x : Array, shape (batch, 2)
    y : Array, shape (batch, 1)
        0 or 1.
    learning_rate : float
    """
    outputs, cache = model.forward(x, training=True)
    _, grad_outputs = nn.BinaryCrossentropy().value_and_grad(y, outputs)
    _, grads = model.backward(grad_outputs, cache)
    for name, param in model.params.items():
        param -= learning_rate * grads[name]


def _clusters(n: int, rng: np.random.Generator, noise: float) -> Points:
    """Return two heaps of points that a line can separate."""
    label = np.arange(n) % 2
    centres = np.array([[-0.6, -0.4], [0.6, 0.4]])
    return centres[label] + (0.15 + noise) * rng.standard_normal((n, 2)), label


def _moved(make: Callable[..., Points], centre: tuple[float, float], scale: float) -> Dataset:
    """Move a data set into the middle of the plane; `noise` stays in units of the plane."""

    def dataset(n: int, rng: np.random.Generator, noise: float) -> Points:
        x, label = make(n, rng, noise=noise / scale)
        return scale * (x - centre), label

    return dataset


def _two_arms(n: int, rng: np.random.Generator, noise: float) -> Points:
    return datasets.spiral(n, rng, classes=2, noise=noise)


DATA: dict[str, Dataset] = {
    "clusters": _clusters,
    "circles": datasets.circles,
    "XOR": _moved(datasets.xor, (0.5, 0.5), 1.4),
    "moons": _moved(datasets.moons, (0.5, 0.25), 0.7),
    "spiral": _two_arms,
}


class Playground(ScriptBoard):
    """A small network for points of two classes, trained live.

    Parameters
    ----------
    train_step : callable, optional
        ``train_step(model, x, y, learning_rate)`` changes the parameters of the model in
        place, as `gradient_step` does, which is taken without it.
    backend : {"dlcourse", "keras"}
        Who trains at first, if `train_step` is not given. The board can switch.
    data : str
        Name of a data set: clusters, circles, XOR, moons or spiral.
    layers : sequence of int
        Units of each hidden layer: at most 4 layers of at most 8 units, or none.
    activation : str
        Of the hidden units: linear, step, sigmoid, tanh, relu or leaky_relu. The output
        unit is always a sigmoid.
    learning_rate : float
    noise : float
        Standard deviation that is added to each coordinate.
    batch_size : int
    seed : int
        Of the weights that training starts from.

    Attributes
    ----------
    model : nn.Sequential
        The network on the board.
    x_train, y_train, x_test, y_test : Array
        Its data: inputs of shape (200, 2), targets 0 or 1 of shape (200, 1).
    epoch : int
        Complete passes through the training data.
    message : str
        What the board says.

    Examples
    --------
    >>> board = Playground(data="XOR", layers=[2], learning_rate=0.5)
    >>> board.step(100)
    >>> board.epoch, board.model.params["0.kernel"].shape
    (5, (2, 2))
    """

    what = "a network that trains live"
    _esm = script(HERE / "playground.js")
    still = HERE / "playground.png"
    _css = stylesheet("playground", HERE / "playground.css")
    _at_work: ClassVar[Callable[[], "Playground | None"]] = staticmethod(lambda: None)  # one only

    # What the learner chooses; the browser and Python both may change it.
    data = traitlets.Enum(list(DATA), "circles").tag(**FROM_BROWSER)
    noise = traitlets.Float(0.05, min=0.0, max=0.5).tag(**FROM_BROWSER)
    batch_size = traitlets.Int(10, min=1, max=EXAMPLES).tag(**FROM_BROWSER)
    layers = traitlets.List(
        traitlets.Int(min=1, max=MOST_UNITS), default_value=[4], maxlen=MOST_LAYERS
    ).tag(**FROM_BROWSER)
    activation = traitlets.Enum(ACTIVATIONS, "tanh").tag(**FROM_BROWSER)
    learning_rate = traitlets.Float(0.1, min=0.0).tag(**FROM_BROWSER)
    trained_by = traitlets.Unicode(DLCOURSE).tag(**FROM_BROWSER)
    running = traitlets.Bool(False).tag(**FROM_BROWSER)

    # What there is to choose from, and the numbers of one frame.
    choices = traitlets.Dict().tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    surfaces = traitlets.Bytes(b"").tag(sync=True)  # one byte per unit and point of the plane
    weights = traitlets.Bytes(b"").tag(sync=True)  # float32, in the order of get_weights()
    points = traitlets.Bytes(b"").tag(sync=True)  # float32: x1, x2, label; first the training data
    losses = traitlets.Bytes(b"").tag(sync=True)  # float32: epoch, training loss, test loss

    def __init__(
        self,
        train_step: TrainStep | None = None,
        *,
        backend: str = "dlcourse",
        data: str = "circles",
        layers: Sequence[int] = (4,),
        activation: str = "tanh",
        learning_rate: float = 0.1,
        noise: float = 0.05,
        batch_size: int = 10,
        seed: int = 0,
    ) -> None:
        if train_step is not None and not callable(train_step):
            raise TypeError(
                "train_step must be a function (model, x, y, learning_rate), "
                f"got {train_step!r}; hand over the function itself, without brackets"
            )
        if backend not in ("dlcourse", "keras"):
            raise ValueError(f"backend must be 'dlcourse' or 'keras', got {backend!r}")
        if len(layers) > MOST_LAYERS or not all(n in range(1, MOST_UNITS + 1) for n in layers):
            raise ValueError(
                f"layers has the units of each hidden layer: at most {MOST_LAYERS} numbers from 1 "
                f"to {MOST_UNITS}, got {list(layers)}"
            )
        self._trainers: dict[str, TrainStep] = {
            DLCOURSE: gradient_step,
            **({YOURS: train_step} if train_step else {}),
            KERAS: compare.KerasTrainStep(),
        }
        self.seed = seed
        self._task: asyncio.Task[None] | None = None
        self._drawn = 0  # number of the newest frame that the browser has drawn
        self._owed = False  # whether something has changed since the last frame
        super().__init__(
            data=data,
            layers=list(layers),
            activation=activation,
            learning_rate=learning_rate,
            noise=noise,
            batch_size=batch_size,
            trained_by=YOURS if train_step else KERAS if backend == "keras" else DLCOURSE,
            choices={
                "data": list(DATA),
                "activation": ACTIVATIONS,
                "trained_by": list(self._trainers),
                "most_layers": MOST_LAYERS,
                "most_units": MOST_UNITS,
                "limit": LIMIT,
                "side": SIDE,
            },
        )
        self._make_data()
        self._restart()
        self._say("Press Run.")
        self.observe(self._chosen, CHOICES)
        self.observe(self._run_or_pause, "running")

    # ---------------------------------------------------------------- what a learner can do

    def step(self, count: int = 1) -> None:
        """Pause, and train on the next batches: one step per batch."""
        with self.lock:
            self.running = False
            if all(self._train_on_a_batch() for _ in range(count)):
                self._say("")

    def reset(self, *, new_weights: bool = False) -> None:
        """Pause, and go back to the first weights or draw others."""
        with self.lock:
            self.running = False
            self.seed += new_weights
            self._restart()
            which = "New weights" if new_weights else "The same weights as before"
            self._say(f"{which}, drawn with seed {self.seed}.")

    def set_weight(self, number: int, value: float) -> None:
        """Change one weight; `number` counts them all in the order of ``get_weights``.

        Raises
        ------
        ValueError
            If there is no such weight: a click on a layer that is gone may come late. Or if the
            value is no finite number.
        """
        with self.lock:
            weights = self.model.get_weights()
            flat = np.concatenate([array.ravel() for array in weights])
            if not 0 <= number < len(flat):
                raise ValueError(f"the network has {len(flat)} weights, none with number {number}")
            if not abs(value) < LARGEST:
                raise ValueError(f"a weight is a finite number below {LARGEST:g}, got {value!r}")
            flat[number] = value
            ends = np.cumsum([array.size for array in weights])[:-1]
            parts = zip(np.split(flat, ends), weights, strict=True)
            self.model.set_weights([part.reshape(array.shape) for part, array in parts])
            self._say("")

    # ---------------------------------------------------------------- changes of the choices

    def _chosen(self, change: dict[str, Any]) -> None:
        """Make anew what depends on a choice; the learning rate is simply read at each step."""
        name = change["name"]
        with self.lock:
            message = ""
            if name in ("data", "noise"):
                self._make_data()
            if name in ("data", "noise", "layers", "activation"):
                self._restart()
            elif name == "batch_size":
                self._new_order()
            elif name == "trained_by":
                message = self._new_trainer()
            self._say(message)

    def _new_trainer(self) -> str:
        if self.trained_by not in self._trainers:
            raise ValueError(
                f"trained_by must be one of {list(self._trainers)}, got {self.trained_by!r}"
            )
        self._untried = True
        return f"{self.trained_by} takes the steps from now on." + (
            " Its first step takes seconds." if self.trained_by == KERAS else ""
        )

    def _make_data(self) -> None:
        x, label = DATA[self.data](2 * EXAMPLES, np.random.default_rng(0), self.noise)
        order = np.random.default_rng(1).permutation(2 * EXAMPLES)
        x, y = x[order].astype(np.float32), label[order, np.newaxis].astype(np.float32)
        self.x_train, self.x_test = np.split(x, 2)
        self.y_train, self.y_test = np.split(y, 2)
        self.points = np.hstack([x, y]).tobytes()

    def _restart(self) -> None:
        """Make the network anew, with the first weights of its seed."""
        hidden = [
            layer
            for units in self.layers
            for layer in (nn.Dense(units), nn.Activation(self.activation))
        ]
        self.model = nn.Sequential(
            [*hidden, nn.Dense(1), nn.Activation("sigmoid")],
            input_shape=(2,),
            seed=self.seed,
        )
        self._rng = np.random.default_rng(self.seed)
        self._untried = True  # whether the next step has to prove that it changes something
        self.epoch = 0
        self._history: list[tuple[float, float, float]] = []
        self._record()
        self._new_order()

    def _new_order(self) -> None:
        self._order = self._rng.permutation(EXAMPLES)
        self._batch = 0

    # ---------------------------------------------------------------- training

    def _run_or_pause(self, change: dict[str, Any]) -> None:
        with self.lock:
            if not self.running:
                self._say(self.message)
                return
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:  # a plain Python program
                self.running = False
                self._say("Training live needs a notebook. In a program, call step().")
                return
            other = Playground._at_work()
            if other is not None and other is not self:
                other.running = False
            Playground._at_work = weakref.ref(self)
            starting = self._untried and self.trained_by == KERAS
            self._say("Keras is starting: its first step takes seconds." if starting else "")
            if self._task is None or self._task.done():
                self._task = loop.create_task(self._train())

    async def _train(self) -> None:
        """Train and send a frame, over and over, as fast as the browser draws them."""
        while self.running:
            start = perf_counter()
            self._train_for_a_frame(start + BUDGET)
            await asyncio.sleep(max(0.0, start + FRAME - perf_counter()))
            waited = 0.0
            while self.running and not self._may_send():
                await asyncio.sleep(POLL)  # the browser's answers may come on another thread
                waited += POLL
                if waited > PATIENCE:
                    self._stop("Paused, because nobody was watching.")

    def _train_for_a_frame(self, end: float) -> None:
        with self.lock:
            epoch = self.epoch
            while self.running and self._train_on_a_batch():
                if self.epoch != epoch or perf_counter() >= end:
                    break
            self._say("" if self.running else self.message)

    def _train_on_a_batch(self) -> bool:
        """Take one step; if it fails, pause, say what went wrong and return False."""
        start = self._batch * self.batch_size
        rows = self._order[start : start + self.batch_size]
        take_step = self._trainers[self.trained_by]
        before = self.model.get_weights() if self._untried else None
        try:
            with np.errstate(all="ignore"):  # diverging is noticed below
                take_step(self.model, self.x_train[rows], self.y_train[rows], self.learning_rate)
            problem = self._problem(before)
        except Exception as error:
            problem = explain(error, take_step, self.trained_by)
        if problem:
            self._stop(problem)
            return False
        self._untried = False
        self._batch += 1
        if self._batch * self.batch_size >= EXAMPLES:
            self.epoch += 1
            self._new_order()
            self._record()
        return True

    def _problem(self, before: list[Array] | None) -> str:
        weights = self.model.get_weights()
        if not all(np.isfinite(array).all() for array in weights):
            return (
                "Training has diverged: a weight is no longer a finite number. Lower the learning "
                "rate and press Reset."
            )
        if before and self.learning_rate and all(map(np.array_equal, before, weights)):
            return (
                f"The first step of {self.trained_by} changed no weight. Change the arrays of "
                "model.params in place: `param -= ...` does, `param = param - ...` makes new ones."
            )
        return ""

    def _record(self) -> None:
        self._history.append((float(self.epoch), *self._losses()))
        if len(self._history) > MOST_LOSSES:
            self._history = [*self._history[:-1:2], self._history[-1]]

    def _losses(self) -> tuple[float, float]:
        return (
            LOSS(self.y_train, self.model.forward(self.x_train)[0]),
            LOSS(self.y_test, self.model.forward(self.x_test)[0]),
        )

    # ---------------------------------------------------------------- frames

    def numbers(self) -> dict[str, Any]:
        """Return what the board shows now: the values of the traits of one frame."""
        with np.errstate(all="ignore"):
            outputs = unit_outputs(self.model, plane(LIMIT, SIDE))
            names = [*[self.activation] * len(self.layers), "sigmoid"]
            surfaces = [signed(values, name).T for values, name in zip(outputs, names, strict=True)]
            losses = self._losses()
            right = (self.model.forward(self.x_test)[0] > 0.5) == (self.y_test > 0.5)
        now = (self.epoch + self._batch * self.batch_size / EXAMPLES, *losses)
        weights = [array.ravel() for array in self.model.get_weights()]
        return {
            "surfaces": np.uint8(np.rint(127.5 + 127.5 * np.concatenate(surfaces))).tobytes(),
            "weights": np.concatenate(weights).tobytes(),
            "losses": np.array([*self._history, now], np.float32).tobytes(),
            "status": {
                "layers": list(self.layers),
                "activation": self.activation,
                "epoch": self.epoch,
                "batch": self._batch,
                "batches": -(-EXAMPLES // self.batch_size),
                "losses": [_for_json(value) for value in losses],
                "right": round(100 * float(right.mean()), 1),
                "message": self.message,
            },
        }

    def _stop(self, message: str) -> None:
        with self.lock:
            self.message = message
            self.running = False
            self._say(message)

    def _say(self, message: str) -> None:
        """Send a frame with a message, now or as soon as the browser has drawn the last ones."""
        self.message = message
        self._owed = not self._may_send()
        if self._owed:
            return
        with self.hold_sync():
            for name, value in self.numbers().items():
                setattr(self, name, value)
            self.frame += 1

    def _may_send(self) -> bool:
        return self.frame - self._drawn < IN_FLIGHT

    def receive(self, content: dict[str, Any]) -> None:
        """Act on what the browser reports: a frame drawn, a button pressed, the board closed."""
        if "drawn" in content:
            self._drawn = max(self._drawn, int(content["drawn"]))
            if self._owed:
                self._say(self.message)
        for number, value in content.get("weights", []):
            self.set_weight(int(number), float(value))
        if "step" in content:
            self.step(int(content["step"]))
        if "reset" in content:
            self.reset(new_weights=content["reset"] == "new weights")
        if "closed" in content:
            self.running = False


def _for_json(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


def explain(error: Exception, function: Callable[..., object], name: str) -> str:
    """Say in words what a training step raised, and in which of its own lines.

    Examples
    --------
    >>> explain(ValueError("no such shape"), gradient_step, "your train_step")
    'your train_step stopped with ValueError: no such shape.'
    """
    said = f"{name} stopped with {type(error).__name__}: {str(error).rstrip('.')}."
    code = getattr(function, "__code__", None)
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        if code is not None and frame.f_code.co_filename == code.co_filename:
            line = linecache.getline(code.co_filename, number).strip()
            return f"{said} Line {number}: {line}" if line else said
    return said

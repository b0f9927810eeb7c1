"""Callbacks: what to do before and after the epochs of `fit`. Names and rules are Keras's."""

import inspect
from collections.abc import Callable, Sequence
from numbers import Real
from os import PathLike
from typing import Protocol

from numpy.typing import ArrayLike

from dlcourse.nn.contract import Array, constructor_call
from dlcourse.nn.optimizers import Optimizer


class Trained(Protocol):
    """What a callback sees of the model in training: `dlcourse.nn.training.Model` has more."""

    stop_training: bool

    def get_weights(self) -> list[Array]:
        """Return copies of all weights."""

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Copy weights into the model."""

    def predict(self, x: ArrayLike, batch_size: int = 32) -> Array:
        """Return the outputs for inputs."""

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model to a file."""


class Callback:
    """Override what you need. `fit` sets `model` and `optimizer` before it calls anything.

    To end training after this epoch, set ``self.model.stop_training = True``.
    """

    model: Trained
    optimizer: Optimizer

    def on_train_begin(self) -> None:
        """Do something before the first epoch."""

    def on_epoch_begin(self, epoch: int) -> None:
        """Do something before an epoch, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Do something after an epoch; `logs` has its loss and metrics, and may be added to."""

    def on_train_end(self) -> None:
        """Do something after the last epoch."""

    def __repr__(self) -> str:
        return constructor_call(self)


class EarlyStopping(Callback):
    """Stop when a value has not improved for a while.

    Parameters
    ----------
    monitor : str, default "val_loss"
        Name of the value in the logs.
    min_delta : float, default 0
        A smaller improvement counts as none.
    patience : int, default 0
        After how many epochs without improvement to stop.
    mode : {"auto", "min", "max"}
        Whether less or more is better; "auto": more of an accuracy, less of anything else.
    baseline : float, optional
        Improvements that are not better than this do not count.
    restore_best_weights : bool, default False
        Whether to go back to the best epoch at the end.
    start_from_epoch : int, default 0
        Epochs before this one are not looked at.

    Attributes
    ----------
    stopped_epoch : int
        The epoch after which training was stopped; 0 if it was not.
    best, best_epoch : float, int
        The best value and its epoch.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        self.monitor = monitor
        self.min_delta = min_delta
        self.patience = patience
        self.mode = mode
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self._reset()

    def _reset(self) -> None:
        self.wait = 0
        self.stopped_epoch = 0
        self.best: float | None = None
        self.best_epoch = 0
        self.best_weights: list[Array] = []

    def on_train_begin(self) -> None:
        """Forget the last training."""
        self._reset()

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Note an improvement, or count one more epoch without."""
        if epoch < self.start_from_epoch:
            return
        value = monitored(self.monitor, logs)
        self.wait += 1
        if self._better(value, self.best):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self._better(value, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self) -> None:
        """Go back to the best weights, if asked to."""
        if self.best_weights:
            self.model.set_weights(self.best_weights)

    def _better(self, value: float, reference: float | None) -> bool:
        return improves(value, reference, self.monitor, self.mode, self.min_delta)


class LearningRateScheduler(Callback):
    """Set the learning rate before each epoch.

    Parameters
    ----------
    schedule : function (epoch, learning_rate) -> learning_rate
        Called with the epoch, from 0, and the rate so far; or with the epoch alone, if that is all
        it takes, as ``nn.ExponentialDecay`` does.

    Raises
    ------
    ValueError
        In training, if the schedule returns no number.
    """

    def __init__(self, schedule: Callable[..., float]) -> None:
        self.schedule = schedule

    def on_epoch_begin(self, epoch: int) -> None:
        """Ask the schedule."""
        rate = constant_rate(self)
        found = self.schedule(*(epoch, rate)[: _arguments(self.schedule)])
        if not isinstance(found, Real):
            raise ValueError(
                f"a schedule returns the learning rate, but for epoch {epoch} it gave {found!r}"
            )
        self.optimizer.learning_rate = float(found)

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Put the rate into the logs."""
        logs["learning_rate"] = constant_rate(self)


class ReduceLROnPlateau(Callback):
    """Lower the learning rate when a value has not improved for a while.

    Parameters
    ----------
    monitor : str, default "val_loss"
        Name of the value in the logs.
    factor : float, default 0.1
        What to multiply the rate by; below one.
    patience : int, default 10
        After how many epochs without improvement.
    mode : {"auto", "min", "max"}
        As in `EarlyStopping`.
    min_delta : float, default 1e-4
        A smaller improvement counts as none.
    cooldown : int, default 0
        Epochs after a reduction in which nothing is counted.
    min_lr : float, default 0.0
        The rate never falls below this.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        if not 0 <= factor < 1:
            raise ValueError(f"factor must be at least 0 and below 1, got {factor}")
        self.monitor = monitor
        self.factor = factor
        self.patience = patience
        self.mode = mode
        self.min_delta = min_delta
        self.cooldown = cooldown
        self.min_lr = min_lr
        self._reset()

    def _reset(self) -> None:
        self.best: float | None = None
        self.wait = 0
        self.cooldown_left = 0

    def on_train_begin(self) -> None:
        """Forget the last training."""
        self._reset()

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Note an improvement, or count one more epoch without; put the rate into the logs."""
        rate = logs["learning_rate"] = constant_rate(self)
        value = monitored(self.monitor, logs)
        if self.cooldown_left:
            self.cooldown_left -= 1
            self.wait = 0
        if improves(value, self.best, self.monitor, self.mode, self.min_delta):
            self.best, self.wait = value, 0
        elif not self.cooldown_left:
            self.wait += 1
            if self.wait >= self.patience and rate > self.min_lr:
                self.optimizer.learning_rate = max(rate * self.factor, self.min_lr)
                self.cooldown_left, self.wait = self.cooldown, 0


def monitored(name: str, logs: dict[str, float]) -> float:
    """Return a value of the logs, or raise ValueError with the names that there are."""
    if name not in logs:
        raise ValueError(f"cannot monitor {name!r}; this training logs {', '.join(logs)}")
    return logs[name]


def improves(
    value: float, reference: float | None, monitor: str, mode: str, min_delta: float
) -> bool:
    """Tell whether a value is better than the reference by more than `min_delta`, sign or not."""
    if mode not in {"auto", "min", "max"}:
        raise ValueError(f"mode must be 'auto', 'min' or 'max', got {mode!r}")
    if reference is None:
        return True
    upwards = mode == "max" or (mode == "auto" and monitor.endswith("accuracy"))
    margin = abs(min_delta)
    return value - margin > reference if upwards else value + margin < reference


def _arguments(schedule: Callable[..., float]) -> int:
    """Return whether a schedule takes one argument or two."""
    try:
        inspect.signature(schedule).bind(0, 0.1)
    except TypeError:
        return 1
    return 2


def constant_rate(callback: Callback) -> float:
    """Return the optimizer's learning rate, or refuse one that follows a schedule already."""
    rate = callback.optimizer.learning_rate
    if callable(rate):
        raise ValueError(
            f"{type(callback).__name__} cannot change the learning rate, "
            f"which follows {rate!r}; give the optimizer a number"
        )
    return rate

"""The same network in Keras: its twin, whether the two agree, and how fast each is.

Only this part of the package imports Keras, and only when one of its functions is called.
"""

from typing import Any

from dlcourse.compare.agreement import Agreement, Difference, Disagreement, agreement
from dlcourse.compare.data_parallel import data_parallel
from dlcourse.compare.devices import Devices, devices
from dlcourse.compare.from_keras import from_keras
from dlcourse.compare.keras_backend import NoBackendError, load_keras, precision
from dlcourse.compare.speed.one_batch import speed
from dlcourse.compare.speed.recorded import recorded
from dlcourse.compare.speed.sweep import speed_sweep
from dlcourse.compare.speed.work import work
from dlcourse.compare.train_step import KerasTrainStep
from dlcourse.compare.training_twins import keras_loss, keras_optimizer
from dlcourse.compare.twins import NoTwinError, keras_layer, to_keras

__all__ = [
    "Agreement",
    "Devices",
    "Difference",
    "Disagreement",
    "KerasTrainStep",
    "NoBackendError",
    "NoTwinError",
    "agreement",
    "data_parallel",
    "devices",
    "from_keras",
    "keras_layer",
    "keras_loss",
    "keras_optimizer",
    "precision",
    "recorded",
    "speed",
    "speed_sweep",
    "to_keras",
    "work",
]


def __getattr__(name: str) -> Any:
    """Import Keras for ``from dlcourse.compare import keras``: the real one, quietly."""
    if name == "keras":
        return load_keras()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

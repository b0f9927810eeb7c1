"""One step of gradient descent, taken by Keras on a model of ours: for boards that train live."""

from typing import Any

import numpy as np

from dlcourse.compare.keras_backend import load_keras, precision
from dlcourse.compare.twins import to_keras
from dlcourse.nn.contract import Array


class KerasTrainStep:
    """A function ``(model, x, y, learning_rate)`` that lets Keras take the step.

    The twin of the model gets its weights, trains on one batch with plain gradient descent
    and the binary cross-entropy, and hands the weights back. The first call for a model
    builds the twin, and the very first imports Keras, which takes seconds.

    Raises
    ------
    NoTwinError
        When it is called, if Keras has no twin of a layer.
    """

    def __init__(self) -> None:
        self._model: Any = None
        self._twin: Any = None

    def __call__(self, model: Any, x: Array, y: Array, learning_rate: float) -> None:
        """Take one step; the weights of `model` change in place."""
        with precision(np.dtype(model.dtype).name):
            if model is not self._model:
                keras = load_keras()
                self._twin = to_keras(model)
                self._twin.compile(optimizer=keras.optimizers.SGD(), loss="binary_crossentropy")
                self._model = model
            self._twin.set_weights(model.get_weights())
            self._twin.optimizer.learning_rate = learning_rate
            self._twin.train_on_batch(x, y)
            model.set_weights(self._twin.get_weights())

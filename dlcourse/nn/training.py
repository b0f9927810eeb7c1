"""Training: what any model with a forward and a backward pass can do with data.

One step of training is four lines:

    outputs, cache = model.forward(x, training=True)
    value, grad_outputs = loss.value_and_grad(y, outputs)
    _, grads = model.backward(grad_outputs, cache, input_grad=False)
    optimizer.step(model.params, grads)

The first three are `slices.gradients`, which cuts a large batch into slices where it may.
A last sigmoid or softmax and its cross-entropy are taken as one then, as `losses` explains.

An iteration is one such step, on one batch. An epoch is as many as it takes to see all the data
once: 1050 examples in batches of 100 make 10 full batches and one of 50, so 11 iterations.
"""

import warnings
from collections.abc import Iterator, Sequence
from math import isfinite
from os import PathLike
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcourse.nn.activations import Forward, linear
from dlcourse.nn.callbacks import Callback
from dlcourse.nn.contract import Array, Layer, Mask, Shape, as_array
from dlcourse.nn.devices import layers_in, mover, replace_arrays, to_host
from dlcourse.nn.examples import ClassWeight, Examples, examples
from dlcourse.nn.history import History, Means
from dlcourse.nn.losses import Loss, get_loss, value_and_grad_over
from dlcourse.nn.memory import keep_freed_memory
from dlcourse.nn.metrics import Measures, Metrics, measures_of
from dlcourse.nn.optimizers import Optimizer, get_optimizer
from dlcourse.nn.saving import load, save
from dlcourse.nn.slices import Gradients, gradients, predictions


class Model(Layer):
    """A layer that can be trained by itself; `Sequential` is one."""

    dtype: np.dtype[Any]
    input_shape: Shape | None
    rng: np.random.Generator  # draws the parameters, then the order of the examples
    device = "cpu"  # where `to` has moved it
    built = False
    stop_training = False  # a callback sets it to end `fit` after this epoch

    def check_built(self) -> None:
        """Raise ValueError if the parameters have not been created yet."""
        if not self.built:
            raise ValueError(
                f"this {type(self).__name__} is not built: give it input_shape=..., call "
                "build(input_shape, rng), or fit it to data"
            )

    def to(self, device: str) -> Self:
        """Move all arrays to a device, and compute there from now on.

        Parameters
        ----------
        device : {"cpu", "cuda"}
            The processor, with NumPy's arrays, or an NVIDIA GPU, with CuPy's.

        Returns
        -------
        model : Model
            This one. If it is not built yet, `build` will put it there.

        Raises
        ------
        ValueError
            If there is no such device.
        ImportError, RuntimeError
            If CuPy is missing, or finds no GPU. Nothing is moved then.

        Notes
        -----
        `fit`, `train_on_batch`, `evaluate` and `predict` still take NumPy arrays, which they
        move batch by batch, or arrays of the device; `predict` returns the kind that it was given.
        `forward`, `backward` and losses want arrays of the device. Weights go in
        and out, and into files, as NumPy arrays. Random numbers are drawn by NumPy and then
        moved: the same on every device.

        Of two models that share a layer, move one, and make the other from its layers then.
        """
        replace_arrays(self, mover(device))
        for layer in layers_in(self):
            if isinstance(layer, Model):
                layer.device = device
        return self

    def get_weights(self) -> list[Array]:
        """Return copies of all arrays in the order of Keras: layer by layer, state last."""
        self.check_built()
        return [to_host(array).copy() for array in self._arrays()]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Copy values into all arrays; the order is that of `get_weights`.

        Raises
        ------
        ValueError
            If their number or a shape differs. Nothing is changed then.
        """
        self.check_built()
        arrays = self._arrays()
        new = [as_array(values) for values in weights]
        if len(new) != len(arrays):
            raise ValueError(f"expected {len(arrays)} arrays, got {len(new)}")
        for index, (array, values) in enumerate(zip(arrays, new, strict=True)):
            if array.shape != values.shape:
                raise ValueError(
                    f"weights[{index}] must have shape {array.shape}, got {values.shape}"
                )
        for array, values in zip(arrays, new, strict=True):
            array[...] = np.asarray(values, like=array)

    def train_on_batch(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        loss: Loss | str,
        optimizer: Optimizer,
        sample_weight: ArrayLike | None = None,
        class_weight: ClassWeight | None = None,
    ) -> float:
        """Take one step of training.

        Parameters
        ----------
        x : array, shape (batch, ...)
        y : array
            What the loss compares the outputs with.
        loss : Loss or str
            A loss, or a name such as "mse" or "binary_crossentropy".
        optimizer : Optimizer
            It remembers things from step to step, so pass the same one every time.
        sample_weight, class_weight
            As in `fit`.

        Returns
        -------
        value : float
            The loss before the step.

        Raises
        ------
        ValueError
            If the model is not built, the batch is empty, an input or a target is not
            finite, or the shapes do not fit.
        FloatingPointError
            If the loss is not finite: training has diverged.
        """
        self.check_built()
        if isinstance(optimizer, str):
            raise TypeError(
                f"train_on_batch needs an optimizer that lasts, such as nn.SGD(), "
                f"got the name {optimizer!r}"
            )
        batch = examples(self._inputs(x), y, sample_weight, class_weight)
        if optimizer.device != self.device:
            optimizer.to(self.device)
        loss = get_loss(loss)
        self._doubt(loss)
        model, loss, _ = self._merged(loss)
        return model._step(batch.on(self.device), loss, optimizer)[0]

    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        loss: Loss | str,
        optimizer: Optimizer | str = "sgd",
        epochs: int = 1,
        batch_size: int = 32,
        validation_data: Sequence[ArrayLike] | None = None,
        sample_weight: ArrayLike | None = None,
        class_weight: ClassWeight | None = None,
        metrics: Metrics = (),
        callbacks: Sequence[Callback] = (),
        shuffle: bool = True,
        rng: np.random.Generator | None = None,
        verbose: bool = True,
    ) -> History:
        """Train for some epochs; builds the model first if it is not built.

        Parameters
        ----------
        x : array, shape (n, ...)
        y : array, length n
        loss : Loss or str
            A loss, or a name such as "mse" or "sparse_categorical_crossentropy".
        optimizer : Optimizer or str
            An optimizer, or a name such as "adam" for a new one with its defaults.
        epochs : int
            How often to go through the data.
        batch_size : int
            Examples a step; the last batch of an epoch may be smaller.
        validation_data : (x, y) or (x, y, sample_weight), optional
            Evaluated at the end of each epoch, never trained on.
        sample_weight : array, shape (n,) or, for the steps of sequences, (n, time), optional
            How much each example counts in the loss.
        class_weight : dict or "balanced", optional
            How much the examples of each class count, by its index; "balanced" lets all classes
            count alike, however many examples they have.
        metrics : sequence of str or function
            Measured besides the loss: "accuracy", "mae", or a function (y_true, y_pred) -> float.
            Of sequences with padding it gets the steps that count, one after the other. Weights do
            not change it.
        callbacks : sequence of Callback
            Called before and after each epoch.
        shuffle : bool
            Take the examples in a new random order each epoch.
        rng : numpy.random.Generator, optional
            Source of that order; the model's own by default.
        verbose : bool
            Show a progress bar.

        Returns
        -------
        history : History

        Raises
        ------
        ValueError
            If the data is empty or not finite, or the shapes do not fit.
        FloatingPointError
            If the loss is not finite: training has diverged.

        Notes
        -----
        It calls `keep_freed_memory`, which on glibc holds for the whole process.
        """
        from tqdm.auto import tqdm  # slow to import, so only here

        keep_freed_memory()
        if epochs < 0 or batch_size < 1:
            raise ValueError(f"cannot train {epochs} epochs in batches of {batch_size}")
        inputs = self._inputs(x)
        if not self.built:
            self.build(inputs.shape[1:], self.rng, self.dtype)
        data = examples(inputs, y, sample_weight, class_weight)
        loss, optimizer = get_loss(loss), get_optimizer(optimizer).to(self.device)
        self._doubt(loss)
        measures = measures_of(metrics, from_logits=loss.from_logits)
        model, merged_loss, last_activation = self._merged(loss)
        rng = self.rng if rng is None else rng
        history = History()
        self.stop_training = False
        for callback in callbacks:
            callback.model, callback.optimizer = self, optimizer
            callback.on_train_begin()
        iterations = epochs * len(range(0, len(inputs), batch_size))
        with tqdm(total=iterations, unit="batch", disable=not verbose) as bar:
            for epoch in range(epochs):
                for callback in callbacks:
                    callback.on_epoch_begin(epoch)
                order = rng.permutation(len(inputs)) if shuffle else np.arange(len(inputs))
                means = Means()
                for rows in _batches(len(inputs), batch_size):
                    batch = data.at(order[rows], self.device)
                    value, outputs, mask = model._step(batch, merged_loss, optimizer)
                    means.add({"loss": value}, len(outputs))
                    if metrics:
                        means.add(*measures(batch.y, last_activation(outputs), mask))
                    bar.update()
                logs = means.values()
                if validation_data is not None:
                    validation = self._evaluate(
                        *validation_data, loss=loss, measures=measures, size=batch_size
                    )
                    logs |= {f"val_{name}": value for name, value in validation.items()}
                for callback in callbacks:
                    callback.on_epoch_end(epoch, logs)
                history.append(epoch, logs)
                bar.set_postfix({name: f"{value:.4g}" for name, value in logs.items()})
                if self.stop_training:
                    break
        for callback in callbacks:
            callback.on_train_end()
        return history

    def evaluate(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        loss: Loss | str,
        sample_weight: ArrayLike | None = None,
        metrics: Metrics = (),
        batch_size: int = 32,
    ) -> float | dict[str, float]:
        """Return the loss on some data, without training.

        Parameters
        ----------
        x, y, loss, sample_weight, metrics, batch_size
            As in `fit`.

        Returns
        -------
        value : float, or dict if there are metrics
            The loss, or "loss" and each metric by name.
        """
        loss = get_loss(loss)
        self._doubt(loss)
        measures = measures_of(metrics, from_logits=loss.from_logits)
        logs = self._evaluate(x, y, sample_weight, loss=loss, measures=measures, size=batch_size)
        return logs if metrics else logs["loss"]

    def predict(self, x: ArrayLike, batch_size: int = 32) -> Array:
        """Return the outputs for `x`, computed batch by batch.

        Parameters
        ----------
        x : array, shape (n, ...)
        batch_size : int
            Examples at a time; changes the memory that it takes, not the result.

        Returns
        -------
        outputs : Array, shape (n, ...)
            Of NumPy, unless `x` was an array of the device.

        Raises
        ------
        ValueError
            If the model is not built, or the data is empty, not finite or of a wrong shape.
        """
        self.check_built()
        inputs = self._inputs(x)
        move = mover(self.device)
        move_back = to_host if isinstance(inputs, np.ndarray) else move
        return np.concatenate(
            [
                move_back(predictions(self, move(inputs[rows]))[0])
                for rows in _batches(len(inputs), batch_size)
            ]
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write the layers and all their arrays to a file (npz with JSON, no pickle)."""
        self.check_built()
        save(self, path)

    def load(self, path: str | PathLike[str]) -> None:
        """Read all arrays from a file that `save` wrote for a model of the same layers.

        Raises
        ------
        ValueError
            If the file was not written by `save`, or where it does not fit this model.
        """
        self.check_built()
        load(self, path)

    def _arrays(self) -> list[Array]:
        """Return the model's own arrays, in the order of `get_weights`."""
        return [*self.params.values(), *self.state.values()]

    def _inputs(self, x: ArrayLike) -> Array:
        """Return the inputs in the model's type, or refuse empty and non-finite ones."""
        inputs = as_array(x, self.dtype)
        if not inputs.size:
            raise ValueError(f"there is nothing to learn from: x has shape {inputs.shape}")
        # If an entry is not finite, nor is the dot product, which takes less time than isfinite.
        if not isfinite(np.vdot(inputs, inputs)) and not np.isfinite(inputs).all():
            place = tuple(int(axis[0]) for axis in np.nonzero(~np.isfinite(inputs)))
            raise ValueError(
                f"inputs must be finite, got x[{', '.join(map(str, place))}] = {inputs[place]}"
            )
        return inputs

    def _merged(self, loss: Loss) -> tuple["Model", Loss, Forward]:
        """Return a model and a loss with the same gradients, and what leads to our outputs.

        A model may know simpler ones to train: see `Sequential`.
        """
        return self, loss, linear

    def _doubt(self, loss: Loss) -> None:
        """Warn if a loss of logits cannot mean what the model puts out: see `Sequential`."""

    def _step(
        self, batch: Examples, loss: Loss, optimizer: Optimizer
    ) -> tuple[float, Array, Mask | None]:
        """Take one step; return the loss and the outputs before it, and which of these count."""
        value, outputs, grads, mask = self._gradients(batch, loss)
        if not isfinite(value):
            raise _not_finite(value, batch.y, optimizer)
        trained = self.trainable_params
        if not trained and self.params:
            warnings.warn("there is nothing to train: all layers are frozen", stacklevel=3)
        optimizer.step(trained, grads if trained else {})
        return value, outputs, mask

    def _gradients(self, batch: Examples, loss: Loss) -> Gradients:
        """Go through the network and back; a model may feed itself with the targets, too."""
        return gradients(self, loss, *batch)

    def _answers(self, batch: Examples) -> tuple[Array, Mask | None]:
        """Return the outputs that a loss or a metric compares with the targets."""
        return predictions(self, batch.x)

    def _evaluate(
        self,
        x: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        loss: Loss,
        measures: Measures,
        size: int,
    ) -> dict[str, float]:
        self.check_built()
        data = examples(self._inputs(x), y, sample_weight)
        means = Means()
        for rows in _batches(len(data.x), size):
            batch = data.at(rows, self.device)
            outputs, mask = self._answers(batch)
            value, _ = value_and_grad_over(mask, loss, batch.y, outputs, batch.weights)
            means.add({"loss": value}, len(outputs))
            means.add(*measures(batch.y, outputs, mask))
        return means.values()


def _not_finite(value: float, y: NDArray[Any], optimizer: Optimizer) -> Exception:
    """Return the error that explains a loss that is not finite."""
    if y.dtype.kind == "f" and not np.isfinite(y).all():
        return ValueError(f"y must be finite, got NaN or infinity in it; so the loss is {value}")
    return FloatingPointError(
        f"training has diverged: the loss is {value} after {optimizer.iterations} steps. Lower "
        f"the learning rate ({optimizer.current_learning_rate:g}) or clip the gradients "
        "(global_clipnorm=1.0)"
    )


def _batches(length: int, batch_size: int) -> Iterator[slice]:
    """Yield slices that cut `length` rows into batches; the last may be smaller."""
    for start in range(0, length, batch_size):
        yield slice(start, start + batch_size)

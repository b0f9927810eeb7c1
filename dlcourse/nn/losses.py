"""Losses: one number that says how wrong the predictions are, and its gradient.

With N entries (for the cross-entropies over classes: N rows) in a batch, each loss is a mean:

    mean squared error       L = 1/N sum (p - t)^2           dL/dp = 2 (p - t) / N
    half squared error       L = 1/B sum (p - t)^2 / 2       dL/dp = (p - t) / B    B rows
    binary cross-entropy     L = -1/N sum t log p + (1 - t) log(1 - p)
                             dL/dp = (p - t) / (p (1 - p)) / N
        of logits z          p = sigmoid(z):                 dL/dz = (p - t) / N
    categorical cross-entropy  L = -1/N sum_rows sum_k t_k log p_k
        of logits z          p = softmax(z):                 dL/dz = (p sum(t) - t) / N

t is ``y_true``, p is ``y_pred``. Cross-entropies are in nats. The gradient through a sigmoid or
softmax and its cross-entropy at once is simpler and cannot overflow: leave the last activation
out of the network and say ``from_logits=True``. Training does so by itself where it finds the
two together, as Keras does. Losses of probabilities clip them to [1e-7, 1 - 1e-7], as Keras
does, and their gradient is zero where they clip.

With sample weights, the loss of each row is multiplied by its weight, and so is its gradient; N
stays the number of all rows. A mask sets weights to zero, see `masked_weights`.
"""

import warnings
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcourse.nn.activations import softmax, softplus
from dlcourse.nn.contract import Array, Mask, as_array, constructor_call, whole_numbers

EPSILON = 1e-7  # keras.config.epsilon()


class Loss(ABC):
    """Anything that compares predictions with the truth."""

    from_logits: bool = False  # whether the network leaves out its last activation
    averages_rows: bool = False  # whether it is a mean over the rows, so that `slices` may cut it

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Trust what a class says of its method, and not what it inherits with another."""
        super().__init_subclass__(**keywords)
        if "averages_rows" not in vars(cls) and "value_and_grad" in vars(cls):
            cls.averages_rows = False

    @abstractmethod
    def value_and_grad(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> tuple[float, Array]:
        """Return the loss and its gradient for the predictions.

        Parameters
        ----------
        y_true : array
            Of the shape of `y_pred`, but for class indices; targets (batch,) fit predictions
            (batch, 1).
        y_pred : Array, shape (batch, ..., outputs)
        sample_weight : array, shape (batch,) or (batch, ...), optional
            How much each row counts. Of sequences, (batch,) weighs all steps of a row alike, and
            (batch, time) each by itself.

        Returns
        -------
        value : float
        grad_y_pred : Array
            Of the shape and type of `y_pred`.

        Raises
        ------
        ValueError
            If the shapes do not fit, the batch is empty, or a target cannot be one.

        Warns
        -----
        UserWarning
            If a loss of probabilities gets numbers outside [0, 1]: logits, most likely.
        """

    def __call__(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> float:
        """Return the loss alone."""
        return self.value_and_grad(y_true, y_pred, sample_weight)[0]

    def __repr__(self) -> str:
        return constructor_call(self)


class MeanSquaredError(Loss):
    """Mean of the squared differences, over the batch and over the outputs.

    Examples
    --------
    >>> value, grad = MeanSquaredError().value_and_grad([[0.0, 1.0]], np.array([[0.5, 0.0]]))
    >>> value
    0.625
    >>> grad
    array([[ 0.5, -1. ]])
    """

    averages_rows = True

    def value_and_grad(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> tuple[float, Array]:
        y_pred, targets, weights = _checked(self, y_true, y_pred, sample_weight)
        difference = y_pred - targets
        slope = difference if weights is None else difference * weights
        return float(np.vdot(slope, difference)) / slope.size, slope * (2 / slope.size)


class HalfSquaredError(Loss):
    """Half the sum over the outputs of the squared differences, averaged over the batch.

    The half makes the gradient of one example ``y_pred - y_true``.
    """

    averages_rows = True

    def value_and_grad(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> tuple[float, Array]:
        y_pred, targets, weights = _checked(self, y_true, y_pred, sample_weight)
        difference = y_pred - targets
        slope = difference if weights is None else difference * weights
        rows = len(slope)
        return float(np.vdot(slope, difference)) / (2 * rows), slope * (1 / rows)


class BinaryCrossentropy(Loss):
    """Cross-entropy of independent yes/no outputs, each in nats, averaged over all of them.

    Parameters
    ----------
    from_logits : bool, default False
        Whether `y_pred` is what goes into a sigmoid rather than what comes out of it.

    Examples
    --------
    >>> loss = BinaryCrossentropy(from_logits=True)
    >>> loss.value_and_grad([[1.0]], np.array([[0.0]]))
    (0.6931471805599453, array([[-0.5]]))
    """

    averages_rows = True

    def __init__(self, from_logits: bool = False) -> None:
        self.from_logits = from_logits

    def value_and_grad(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> tuple[float, Array]:
        """Return the loss and its gradient; targets lie in [0, 1]."""
        y_pred, targets, weights = _checked(self, y_true, y_pred, sample_weight)
        lowest, highest = extremes(targets)
        if lowest < 0 or highest > 1:
            raise ValueError(
                "BinaryCrossentropy needs targets between 0 and 1, "
                f"got {lowest:g} to {highest:g}; turn labels -1/+1 into 0/1 first"
            )
        if self.from_logits:
            log_q = -softplus(y_pred)  # q = 1 - p
            gains = targets * y_pred + log_q
            slope: Array = targets + np.expm1(log_q)  # t - p
        else:
            _warn_of_logits(self, y_pred)
            p = _clip(y_pred)
            q = 1 - p
            gains = targets * np.log(p) + (1 - targets) * np.log(q)
            slope = (targets - p) / (p * q) * (p == y_pred)
        if weights is not None:
            gains, slope = gains * weights, slope * weights
        return -float(gains.sum()) / slope.size, slope * (-1 / slope.size)


class CategoricalCrossentropy(Loss):
    """Cross-entropy of a choice among classes, in nats, averaged over the rows.

    Parameters
    ----------
    from_logits : bool, default False
        Whether `y_pred` is what goes into a softmax rather than what comes out of it.
    """

    averages_rows = True

    def __init__(self, from_logits: bool = False) -> None:
        self.from_logits = from_logits

    def value_and_grad(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> tuple[float, Array]:
        """Return the loss and its gradient; targets are one-hot rows, or any distributions."""
        y_pred, targets, weights = _checked(self, y_true, y_pred, sample_weight)
        lowest, _ = extremes(targets)
        if lowest < 0:
            raise ValueError(f"CategoricalCrossentropy needs targets of at least 0, got {lowest:g}")
        if weights is not None:
            targets = targets * weights  # of which the loss is a linear function
        rows = y_pred.size // y_pred.shape[-1]
        totals = targets.sum(axis=-1, keepdims=True)
        if self.from_logits:
            total = float(np.vdot(targets, log_softmax(y_pred)))
            grad: Array = softmax(y_pred) * totals - targets
        else:
            _warn_of_logits(self, y_pred, most=np.inf)  # they need not sum to one
            sums = y_pred.sum(axis=-1, keepdims=True)
            scaled = y_pred / sums
            p = _clip(scaled)
            total = float(np.vdot(targets, np.log(p)))
            slopes = targets / p * (p == scaled)  # of the sum of losses, for `scaled`
            grad = ((slopes * scaled).sum(axis=-1, keepdims=True) - slopes) / sums
        return -total / rows, grad * (1 / rows)


class SparseCategoricalCrossentropy(Loss):
    """Cross-entropy of a choice among classes that is given as an index.

    Parameters
    ----------
    from_logits : bool, default False
        Whether `y_pred` is what goes into a softmax rather than what comes out of it.

    Examples
    --------
    >>> loss = SparseCategoricalCrossentropy(from_logits=True)
    >>> round(loss([0], np.array([[2.0, 1.0, 0.1]])), 6)
    0.41703
    """

    averages_rows = True

    def __init__(self, from_logits: bool = False) -> None:
        self.from_logits = from_logits

    def value_and_grad(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> tuple[float, Array]:
        """Return the loss and its gradient.

        Targets are class indices from 0 to classes - 1, in any type of numbers, of the shape
        (batch, ...) or (batch, ..., 1) for predictions (batch, ..., classes).
        """
        y_pred = as_floats(y_pred)
        indices = _class_indices(y_true, y_pred)
        weights = row_weights(sample_weight, y_pred)
        rows = len(indices)
        # Classes first: a maximum or sum over few neighbours in memory takes four times as long.
        by_class = y_pred.reshape(rows, -1).T.copy()
        chosen = indices, np.arange(rows)
        if self.from_logits:
            logs = by_class - by_class.max(axis=0)
            grad: Array = np.exp(logs)
            sums = grad.sum(axis=0)
            losses = np.log(sums) - logs[chosen]
            grad /= sums * rows
            grad[chosen] -= 1 / rows
        else:
            _warn_of_logits(self, y_pred)
            p = _clip(by_class)
            inside = p == by_class
            sums = p.sum(axis=0)
            losses = np.log(sums) - np.log(p[chosen])
            grad = inside / (sums * rows)
            grad[chosen] -= inside[chosen] / (p[chosen] * rows)
        if weights is not None:
            each = np.broadcast_to(weights, (*y_pred.shape[:-1], 1)).reshape(-1)
            losses, grad = losses * each, grad * each
        return float(losses.sum()) / rows, grad.T.reshape(y_pred.shape)


# What training uses instead of a loss and the activation before it.
OF_LOGITS: dict[tuple[type[Loss], str], Loss] = {
    (BinaryCrossentropy, "sigmoid"): BinaryCrossentropy(from_logits=True),
    (CategoricalCrossentropy, "softmax"): CategoricalCrossentropy(from_logits=True),
    (SparseCategoricalCrossentropy, "softmax"): SparseCategoricalCrossentropy(from_logits=True),
}


def log_softmax(logits: Array) -> Array:
    """Return the logarithm of `softmax` over the last axis, exact where softmax underflows."""
    outputs: Array = logits - logits.max(axis=-1, keepdims=True)
    outputs -= np.log(np.exp(outputs).sum(axis=-1, keepdims=True))
    return outputs


def value_and_grad_over(
    mask: Mask | None, loss: Loss, y_true: ArrayLike, y_pred: Array, sample_weight: Any = None
) -> tuple[float, Array]:
    """Return a loss over what a mask leaves, as in Keras, and its gradient; else both are zero."""
    weights = masked_weights(sample_weight, mask)
    given = () if weights is None else (weights,)  # a loss of one's own may take none
    value, grad = loss.value_and_grad(y_true, y_pred, *given)
    share = 1.0 if mask is None else float(mask.mean())
    return (value / share, grad / share) if share not in (0, 1) else (value, grad)


def masked_weights(sample_weight: Any, mask: Mask | None) -> Any:
    """Return sample weights that are 0 where a mask is False.

    A loss with these weights, divided by the share of what is True, is the mean over that alone.

    Parameters
    ----------
    sample_weight : Array, shape (batch,) or (batch, ...), optional
    mask : array of bool, shape (batch, time), optional

    Returns
    -------
    weights : array or None
        None if there is neither.

    Examples
    --------
    >>> masked_weights(np.array([3.0, 4.0]), np.array([[True, False], [True, True]]))
    array([[3., 0.],
           [4., 4.]])
    """
    if mask is None or sample_weight is None:
        return sample_weight if mask is None else mask
    axes = (1,) * (mask.ndim - sample_weight.ndim)
    return sample_weight.reshape(sample_weight.shape + axes) * mask


def _clip(probabilities: Array) -> Array:
    clipped: Array = np.minimum(np.maximum(probabilities, EPSILON), 1 - EPSILON)
    return clipped


def _warn_of_logits(loss: Loss, y_pred: Array, most: float = 1 + 1e-5) -> None:
    """Warn of predictions that cannot be probabilities; a softmax may exceed 1 by rounding."""
    lowest, highest = extremes(y_pred)
    if lowest < 0 or highest > most:
        warnings.warn(
            f"{type(loss).__name__} takes probabilities, and got numbers from {lowest:.3g} to "
            f"{highest:.3g}. If they are logits, say from_logits=True; or let the network end in "
            "Activation('sigmoid') or Activation('softmax')",
            stacklevel=3,
        )


def as_floats(y_pred: ArrayLike) -> Array:
    """Return predictions as an array of floats: whole numbers may overflow in their own type."""
    predictions = as_array(y_pred)
    return predictions if predictions.dtype.kind == "f" else predictions.astype(np.float64)


def row_weights(sample_weight: ArrayLike | None, y_pred: Array) -> Array | None:
    """Return weights that multiply the predictions row by row, or refuse."""
    if sample_weight is None:
        return None
    weights = as_array(sample_weight, y_pred.dtype)
    shape = weights.shape + (1,) * (y_pred.ndim - weights.ndim)
    fits = len(shape) == y_pred.ndim and shape[0] == len(y_pred) and shape[-1] == 1
    if not fits or any(n not in (1, size) for n, size in zip(shape, y_pred.shape, strict=True)):
        raise ValueError(
            f"sample_weight must have one number per row, shape {y_pred.shape[:1]}, or per step, "
            f"shape {y_pred.shape[:-1]}, for predictions of shape {y_pred.shape}; "
            f"got {weights.shape}"
        )
    return weights.reshape(shape)


def _checked(
    loss: Loss, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None
) -> tuple[Array, Array, Array | None]:
    """Return predictions, targets in their shape and type, and weights, or refuse."""
    y_pred = as_floats(y_pred)
    targets = as_array(y_true, y_pred.dtype)
    shape = targets.shape
    if shape != y_pred.shape:
        if (*shape, 1) != y_pred.shape:
            raise ValueError(
                f"{type(loss).__name__} needs y_true in the shape of y_pred, {y_pred.shape}, "
                f"got {shape}" + _one_hot_hint(loss, shape, y_pred.shape)
            )
        targets = targets.reshape(y_pred.shape)
    if not y_pred.size:
        raise ValueError(f"{type(loss).__name__} got an empty batch: y_pred has shape {shape}")
    return y_pred, targets, row_weights(sample_weight, y_pred)


def _one_hot_hint(loss: Loss, found: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    if isinstance(loss, CategoricalCrossentropy) and found in {wanted[:-1], (*wanted[:-1], 1)}:
        return "; class indices go with SparseCategoricalCrossentropy"
    return ""


def _class_indices(y_true: ArrayLike, y_pred: Array) -> NDArray[np.integer[Any]]:
    """Return the class indices as one flat array of integers, or refuse."""
    classes: NDArray[Any] = as_array(y_true)
    leading, count = y_pred.shape[:-1], y_pred.shape[-1]
    if classes.shape != leading and classes.shape != (*leading, 1):
        hint = "; one-hot rows go with CategoricalCrossentropy"
        raise ValueError(
            f"SparseCategoricalCrossentropy needs class indices of shape {leading}, got "
            f"{classes.shape}" + (hint if classes.shape == y_pred.shape else "")
        )
    if not y_pred.size:
        raise ValueError(
            f"SparseCategoricalCrossentropy got an empty batch: y_pred has shape {y_pred.shape}"
        )
    flat = whole_numbers(classes.reshape(-1), "class indices for SparseCategoricalCrossentropy")
    lowest, highest = extremes(flat)
    if lowest < 0 or highest >= count:
        raise ValueError(
            f"SparseCategoricalCrossentropy needs class indices from 0 to {count - 1} "
            f"for predictions of {count} classes, got {lowest} to {highest}"
        )
    return flat


def extremes(array: NDArray[Any]) -> tuple[Any, Any]:
    """Return the smallest and the largest entry. That way takes half the time of min and max."""
    flat = array.reshape(-1)
    return flat[flat.argmin()], flat[flat.argmax()]


LOSSES: dict[str, type[Loss]] = {
    "mse": MeanSquaredError,
    "mean_squared_error": MeanSquaredError,
    "half_squared_error": HalfSquaredError,
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
}


def get_loss(name: str | Loss) -> Loss:
    """Return the loss of this name; a loss is returned as it is.

    Raises
    ------
    ValueError
        If there is none of this name.
    """
    if not isinstance(name, str):
        return name
    if name not in LOSSES:
        raise ValueError(f"unknown loss {name!r}; known are {', '.join(LOSSES)}")
    return LOSSES[name]()

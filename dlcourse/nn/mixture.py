"""A mixture of experts: outputs of which each stands for a part of the task, and their losses.

A network puts out E + E * K numbers for E experts: the logits z of the gate, and the K outputs
o_e of each expert, one expert after the other. The gate says how much each expert counts, and
the answer of the whole is their weighted mean:

    g = softmax(z)                     y = sum over e of g_e o_e

Two losses for a target t, v being the variance, each averaged over the rows:

    competition   L = -log sum over e of g_e exp(-|t - o_e|^2 / (2 v))
                  h_e = g_e exp(-|t - o_e|^2 / (2 v)) / (the same sum)     the responsibility
                  dL/do_e = h_e (o_e - t) / v          dL/dz_e = g_e - h_e

    cooperation   L = |t - y|^2
                  dL/do_e = 2 g_e (y - t)              dL/dz_e = 2 g_e (y - t) . (o_e - y)

In competition an expert is moved as far as it is responsible, and towards the target by its own
error alone. In cooperation each is moved by the error of all, even one that is right.
"""

import numpy as np
from numpy.typing import ArrayLike

from dlcourse.nn.activations import softmax
from dlcourse.nn.contract import Array, as_array
from dlcourse.nn.losses import Loss, as_floats, log_softmax, row_weights


class MixtureLoss(Loss):
    """Loss of a mixture of experts [1]_: of experts that compete, or of ones that cooperate.

    Predictions have the shape (batch, experts + experts * outputs): the gate's logits, then the
    outputs of each expert. Targets have the shape (batch, outputs).

    Parameters
    ----------
    experts : int
    variance : float, default 1.0
        How far from a target an expert may be and still count as near. Competition alone reads it.
    competition : bool, default True
        Whether experts compete; else the squared error of their weighted mean is the loss.

    Raises
    ------
    ValueError
        If there is no expert, or `variance` is not positive.

    References
    ----------
    .. [1] R. A. Jacobs, M. I. Jordan, S. J. Nowlan, G. E. Hinton, "Adaptive Mixtures of Local
       Experts", Neural Computation 3, 1991.

    Examples
    --------
    Experts that say 1 and 3, a gate that trusts them by 1 to 3, and the target 3:

    >>> outputs = np.array([[0.0, np.log(3), 1.0, 3.0]])
    >>> value, grad = MixtureLoss(2).value_and_grad([[3.0]], outputs)
    >>> round(value, 4), grad.round(4).tolist()
    (0.2436, [[0.2068, -0.2068, -0.0863, 0.0]])
    >>> value, grad = MixtureLoss(2, competition=False).value_and_grad([[3.0]], outputs)
    >>> round(value, 4), grad.round(4).tolist()
    (0.25, [[0.375, -0.375, -0.25, -0.75]])
    """

    averages_rows = True

    def __init__(self, experts: int, variance: float = 1.0, competition: bool = True) -> None:
        if experts < 1:
            raise ValueError(f"MixtureLoss needs at least one expert, got experts={experts}")
        if not variance > 0:
            raise ValueError(f"MixtureLoss needs a positive variance, got variance={variance}")
        self.experts = experts
        self.variance = variance
        self.competition = competition

    def split(self, y_pred: ArrayLike) -> tuple[Array, Array]:
        """Return the gate's probabilities and the experts' outputs.

        Parameters
        ----------
        y_pred : array, shape (batch, experts + experts * outputs)

        Returns
        -------
        gate : Array, shape (batch, experts)
        outputs : Array, shape (batch, experts, outputs)
        """
        y_pred = self._predictions(y_pred)
        return softmax(y_pred[:, : self.experts]), self._outputs(y_pred)

    def answer(self, y_pred: ArrayLike) -> Array:
        """Return the weighted mean of the experts, shape (batch, outputs)."""
        gate, outputs = self.split(y_pred)
        mean: Array = (gate[:, :, np.newaxis] * outputs).sum(axis=1)
        return mean

    def value_and_grad(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> tuple[float, Array]:
        """Return the loss and its gradient.

        Parameters
        ----------
        y_true : array, shape (batch, outputs), or (batch,) for a single output
        y_pred : Array, shape (batch, experts + experts * outputs)
        sample_weight : array, shape (batch,), optional
        """
        y_pred = self._predictions(y_pred)
        outputs = self._outputs(y_pred)
        targets = self._targets(y_true, outputs)
        weights = row_weights(sample_weight, y_pred)
        losses, grad = (self._compete if self.competition else self._cooperate)(
            targets, y_pred[:, : self.experts], outputs
        )
        if weights is not None:
            losses, grad = losses * weights, grad * weights
        return float(losses.sum()) / len(losses), grad * (1 / len(losses))

    def _compete(self, targets: Array, logits: Array, outputs: Array) -> tuple[Array, Array]:
        errors = outputs - targets[:, np.newaxis]
        logs = log_softmax(logits) - (errors**2).sum(axis=-1) / (2 * self.variance)
        best = logs.max(axis=1, keepdims=True)
        shares = np.exp(logs - best)
        totals = shares.sum(axis=1, keepdims=True)
        responsible = shares / totals
        pulls = responsible[:, :, np.newaxis] * errors / self.variance
        return -(best + np.log(totals)), _joined(softmax(logits) - responsible, pulls)

    def _cooperate(self, targets: Array, logits: Array, outputs: Array) -> tuple[Array, Array]:
        gate = softmax(logits)[:, :, np.newaxis]
        mean = (gate * outputs).sum(axis=1, keepdims=True)
        error = mean - targets[:, np.newaxis]
        pulls = 2 * gate * error
        return (error**2).sum(axis=-1), _joined((pulls * (outputs - mean)).sum(axis=-1), pulls)

    def _predictions(self, y_pred: ArrayLike) -> Array:
        y_pred = as_floats(y_pred)
        each, rest = divmod(y_pred.shape[-1] if y_pred.ndim == 2 else 0, self.experts)
        if rest or each < 2:
            raise ValueError(
                f"MixtureLoss of {self.experts} experts needs predictions of shape (batch, "
                f"{self.experts} + {self.experts} * outputs), got {y_pred.shape}"
            )
        if not len(y_pred):
            raise ValueError(f"MixtureLoss got an empty batch: y_pred has shape {y_pred.shape}")
        return y_pred

    def _outputs(self, y_pred: Array) -> Array:
        return y_pred[:, self.experts :].reshape(len(y_pred), self.experts, -1)

    def _targets(self, y_true: ArrayLike, outputs: Array) -> Array:
        targets = as_array(y_true, outputs.dtype)
        expected = (len(outputs), outputs.shape[-1])
        if targets.shape != expected and (*targets.shape, 1) != expected:
            raise ValueError(
                f"MixtureLoss needs y_true of shape {expected}, the outputs of one expert, got "
                f"{targets.shape}"
            )
        return targets.reshape(expected)


def _joined(logits: Array, outputs: Array) -> Array:
    return np.concatenate([logits, outputs.reshape(len(outputs), -1)], axis=1)

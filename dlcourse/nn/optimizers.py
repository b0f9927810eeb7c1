"""Optimizers: what to do with a gradient g to move a parameter w downhill.

    SGD                  w = w - rate g
      with momentum      v = momentum v - rate g;  w = w + v
      and Nesterov       v = momentum v - rate g;  w = w + momentum v - rate g
    RMSprop              s = rho s + (1 - rho) g^2;  w = w - rate g / sqrt(s + epsilon)
    Adam                 m = m + (1 - beta_1) (g - m)        mean of the gradients
                         s = s + (1 - beta_2) (g^2 - s)      mean of their squares
                         w = w - rate_t m / (sqrt(s) + epsilon)
                         rate_t = rate sqrt(1 - beta_2^t) / (1 - beta_1^t)     t = 1, 2, ...

Every one can clip the gradients first, and take ``rate * weight_decay * w`` off each parameter
before the step. Names, defaults and rounding are those of Keras.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from math import sqrt
from typing import Self, TypeAlias

import numpy as np

from dlcourse.nn.contract import Array, Params, constructor_call
from dlcourse.nn.devices import mover
from dlcourse.nn.schedules import Schedule

LearningRate: TypeAlias = float | Schedule | Callable[[int], float]


class Optimizer(ABC):
    """What all optimizers share: the learning rate, clipping, weight decay, the step count.

    Parameters
    ----------
    learning_rate : float or schedule
        Size of a step; a schedule is called with the number of steps so far.
    weight_decay : float, optional
        Share of ``learning_rate * parameter`` taken off before each step.
    clipnorm : float, optional
        Longest gradient of one parameter; a longer one is scaled down to it.
    clipvalue : float, optional
        Largest entry of a gradient.
    global_clipnorm : float, optional
        Longest gradient of all parameters taken together.

    Attributes
    ----------
    iterations : int
        Steps so far.
    slots : dict
        What the optimizer remembers of each parameter, by name.
    device : str
        Where `to` has moved it, "cpu" at first.

    Raises
    ------
    ValueError
        If more than one way of clipping is asked for.
    """

    def __init__(
        self,
        learning_rate: LearningRate,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        if sum(limit is not None for limit in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(
                "choose one of clipnorm, clipvalue and global_clipnorm, "
                f"got {clipnorm}, {clipvalue} and {global_clipnorm}"
            )
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.iterations = 0
        self.slots: dict[str, tuple[Array, ...]] = {}
        self.device = "cpu"

    def __repr__(self) -> str:
        return constructor_call(self)

    def to(self, device: str) -> Self:
        """Move the slots to where `Model.to` has moved the parameters; return the optimizer.

        `fit` and `train_on_batch` do that, so it is for loops of your own.
        """
        move = mover(device)
        self.slots = {name: tuple(map(move, slots)) for name, slots in self.slots.items()}
        self.device = device
        return self

    @property
    def current_learning_rate(self) -> float:
        """The learning rate of the next step."""
        rate = self.learning_rate
        return float(rate(self.iterations)) if callable(rate) else rate

    def step(self, params: Params, grads: Params) -> None:
        """Move every parameter in place.

        Parameters
        ----------
        params : dict
            The parameters by name.
        grads : dict
            A gradient for each, under the same name and of the same shape.

        Raises
        ------
        ValueError
            If the gradients do not fit the parameters, or the parameters are not those
            of the steps before.
        """
        if params.keys() != self.slots.keys():
            self._start(params)
        if params.keys() != grads.keys():
            raise ValueError(f"expected gradients of {list(params)}, got {list(grads)}")
        rate = self.current_learning_rate
        grads = self._clip(grads)
        for name, param in params.items():
            grad = grads[name]
            if grad.shape != param.shape:
                raise ValueError(
                    f"the gradient of {name} must have its shape {param.shape}, got {grad.shape}"
                )
            if self.weight_decay is not None:
                param -= param * self.weight_decay * rate
            self.update(param, grad, rate, *self.slots[name])
        self.iterations += 1

    @abstractmethod
    def update(self, param: Array, grad: Array, rate: float, *slots: Array) -> None:
        """Move one parameter, and what is remembered of it, in place.

        Parameters
        ----------
        param, grad : Array
            The parameter, clipping and weight decay done, and its gradient.
        rate : float
            The learning rate of this step.
        slots : Array
            As many as `slot_count` says, zeros before the first step.
        """

    def slot_count(self) -> int:
        """Return how many arrays are remembered of each parameter."""
        return 0

    def _start(self, params: Params) -> None:
        if self.slots:
            raise ValueError(
                f"this optimizer has taken {self.iterations} steps on the parameters "
                f"{list(self.slots)}; make a new one for {list(params)}"
            )
        count = self.slot_count()
        self.slots = {
            name: tuple(np.zeros_like(param) for _ in range(count))
            for name, param in params.items()
        }

    def _clip(self, grads: Params) -> Params:
        if self.clipnorm is not None:
            return {name: grad * _shrink(grad, self.clipnorm) for name, grad in grads.items()}
        if self.clipvalue is not None:
            return {n: grad.clip(-self.clipvalue, self.clipvalue) for n, grad in grads.items()}
        if self.global_clipnorm is not None:
            factor = self.global_clipnorm / max(global_norm(grads), self.global_clipnorm)
            return {name: grad * factor for name, grad in grads.items()}
        return grads


def _shrink(grad: Array, limit: float) -> float:
    return limit / max(float(np.linalg.norm(grad)), limit)


def global_norm(grads: Params) -> float:
    """Return the Euclidean length of all gradients taken as one vector."""
    return sqrt(sum(float(np.vdot(grad, grad)) for grad in grads.values()))


class SGD(Optimizer):
    """Gradient descent, plain or with momentum [1]_ or Nesterov's momentum [2]_.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.01
        Size of a step.
    momentum : float, default 0.0
        Share of the last step that is taken again.
    nesterov : bool, default False
        Look ahead: step as if the momentum had been applied already.
    weight_decay, clipnorm, clipvalue, global_clipnorm : float, optional
        See `Optimizer`.

    References
    ----------
    .. [1] B. Polyak, "Some methods of speeding up the convergence of iteration methods",
       1964.
    .. [2] I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of
       initialization and momentum in deep learning", ICML 2013.

    Examples
    --------
    >>> params = {"w": np.array([1.0])}
    >>> SGD(learning_rate=0.1).step(params, {"w": 2 * params["w"]})  # down x**2
    >>> params["w"]
    array([0.8])
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm)
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum must be between 0 and 1, got {momentum}")
        self.momentum = momentum
        self.nesterov = nesterov

    def slot_count(self) -> int:
        """Keep one velocity for each parameter, if there is momentum."""
        return int(self.momentum != 0)

    def update(self, param: Array, grad: Array, rate: float, *slots: Array) -> None:
        descent = grad * rate
        if not self.momentum:
            param -= descent
            return
        (velocity,) = slots
        velocity *= self.momentum
        velocity -= descent
        if self.nesterov:
            param += velocity * self.momentum - descent
        else:
            param += velocity


class RMSprop(Optimizer):
    """Divide the gradient by a running average of its size [1]_.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.001
        Size of a step.
    rho : float, default 0.9
        How much of the running average stays at each step.
    momentum : float, default 0.0
        Share of the last step that is taken again.
    epsilon : float, default 1e-7
        Keeps the division from zero; inside the root.
    centered : bool, default False
        Divide by the standard deviation of the gradient rather than by its size.
    weight_decay, clipnorm, clipvalue, global_clipnorm : float, optional
        See `Optimizer`.

    References
    ----------
    .. [1] G. Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012.
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def slot_count(self) -> int:
        """Keep the mean square, the mean and the last step, of which the last two may be unused."""
        return 3

    def update(self, param: Array, grad: Array, rate: float, *slots: Array) -> None:
        square, mean, last = slots
        square *= self.rho
        square += (1 - self.rho) * grad**2
        spread = square
        if self.centered:
            mean *= self.rho
            mean += (1 - self.rho) * grad
            spread = square - mean**2
        descent = rate * grad / np.sqrt(spread + self.epsilon)
        if self.momentum:
            last *= self.momentum
            last += descent
            descent = last
        param -= descent


class Adam(Optimizer):
    """Adaptive moments: a running mean of the gradient over that of its size [1]_.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.001
        Size of a step.
    beta_1, beta_2 : float, default 0.9 and 0.999
        How much of the two running averages stays at each step.
    epsilon : float, default 1e-7
        Keeps the division from zero; outside the root.
    weight_decay, clipnorm, clipvalue, global_clipnorm : float, optional
        See `Optimizer`.

    References
    ----------
    .. [1] D. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015; the
       efficient form at the end of section 2.
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def slot_count(self) -> int:
        """Keep the mean and the mean square."""
        return 2

    def update(self, param: Array, grad: Array, rate: float, *slots: Array) -> None:
        mean, square = slots
        steps = self.iterations + 1
        rate *= sqrt(1 - self.beta_2**steps) / (1 - self.beta_1**steps)
        mean += (1 - self.beta_1) * (grad - mean)
        square += (1 - self.beta_2) * (grad**2 - square)
        param -= rate * mean / (np.sqrt(square) + self.epsilon)


class AdamW(Adam):
    """Adam with weight decay that the running averages do not see [1]_.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.001
        Size of a step.
    weight_decay : float, default 0.004
        Share of ``learning_rate * parameter`` taken off before each step.
    beta_1, beta_2, epsilon
        See `Adam`.
    clipnorm, clipvalue, global_clipnorm : float, optional
        See `Optimizer`.

    References
    ----------
    .. [1] I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(
            learning_rate,
            beta_1,
            beta_2,
            epsilon,
            weight_decay,
            clipnorm,
            clipvalue,
            global_clipnorm,
        )


OPTIMIZERS: dict[str, Callable[[], Optimizer]] = {
    "sgd": SGD,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
}


def get_optimizer(name: str | Optimizer) -> Optimizer:
    """Return a new optimizer of this name; an optimizer is returned as it is.

    Raises
    ------
    ValueError
        If there is none of this name.
    """
    if not isinstance(name, str):
        return name
    if name not in OPTIMIZERS:
        raise ValueError(f"unknown optimizer {name!r}; known are {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[name]()

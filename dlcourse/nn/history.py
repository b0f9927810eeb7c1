"""What training has seen: means over batches, and their history over epochs."""

from dataclasses import dataclass, field


@dataclass
class History:
    """What `fit` saw, one entry per epoch.

    Attributes
    ----------
    epoch : list of int
        0, 1, 2, ...
    history : dict of lists
        ``loss``, the metrics, and the same with ``val_`` before their names. Training values
        are averages over the epoch, while the weights moved; ``val_`` values are taken at
        its end.
    """

    epoch: list[int] = field(default_factory=list)
    history: dict[str, list[float]] = field(default_factory=dict)

    def append(self, epoch: int, logs: dict[str, float]) -> None:
        """Add the values of one epoch."""
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    def __repr__(self) -> str:
        last = "".join(f", {name} {values[-1]:.4g}" for name, values in self.history.items())
        return f"<History of {len(self.epoch)} epochs{last}>"


class Means:
    """Means of named values over several batches, each with its weight.

    Examples
    --------
    >>> means = Means()
    >>> means.add({"loss": 2.0}, 3)
    >>> means.add({"loss": 6.0}, 1)
    >>> means.values()
    {'loss': 3.0}
    """

    def __init__(self) -> None:
        self._sums: dict[str, tuple[float, int]] = {}

    def add(self, values: dict[str, float], weight: int) -> None:
        """Add the values of a batch, which is as large as its weight."""
        for name, value in values.items():
            total, weights = self._sums.get(name, (0.0, 0))
            self._sums[name] = total + value * weight, weights + weight

    def values(self) -> dict[str, float]:
        """Return the means so far."""
        return {name: total / max(1, weights) for name, (total, weights) in self._sums.items()}

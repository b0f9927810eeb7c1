"""Recorded runs: what `python -m benchmarks.gpu` measured on some machine, on some day.

A record is a JSON file in `dlcourse/records/`, and a part of the installed package. It names
the device, the versions, the date and the command, and holds every figure with its spread, the
errors that were measured before anything was timed, and the tolerances that they had to meet.
"""

import json
from pathlib import Path
from typing import Any

from dlcourse.compare.speed.sweep import Point, Sweep
from dlcourse.compare.speed.timing import Limits, of_devices
from dlcourse.layout import RECORDS
from dlcourse.tables import Table

COMMAND = "python -m benchmarks.gpu"
PATTERN = "sweep-*.json"


class Recorded(Sweep):
    """A recorded sweep of one network.

    Attributes
    ----------
    record : dict
        The whole record.
    network : str
        Which network of it.
    """

    def __init__(self, record: dict[str, Any], network: str) -> None:
        self.record, self.network = record, network
        points = [_point(figure) for figure in record["figures"] if figure["network"] == network]
        points.sort(key=lambda point: (point.task != "training step", point.batch_size))
        measured = {name: Limits(**found) for name, found in record["limits"].items()}
        device = record["device"]
        title = f"{network}, recorded on {_on(device)}, {record['date']}"
        caption = f"{network}: {said(record)}{_fused(record, network)}"
        super().__init__(title, points, of_devices(measured), caption)

    def agreement(self) -> Table:
        """Return the largest error of each contender, over all batch sizes.

        Returns
        -------
        Table
            Relative errors of outputs, losses and gradient against `dlcourse.nn` in float64,
            and how large the error of the gradient may be.
        """
        worst: dict[str, dict[str, float]] = {}
        allowed = {}
        for figure in self.record["figures"]:
            if figure["network"] == self.network:
                name = figure["contender"]
                allowed[name] = self.record["tolerances"][figure["precision"]]["gradient"]
                found = worst.setdefault(name, dict(figure["errors"]))
                for quantity, error in figure["errors"].items():
                    found[quantity] = max(found[quantity], error)
        return Table(
            ["contender", "outputs", "losses", "gradient", "gradient, at most"],
            [
                [name, *(f"{error:.1e}" for error in found.values()), f"{allowed[name]:.0e}"]
                for name, found in worst.items()
            ],
            f"{self.network}: relative errors against dlcourse.nn in float64. "
            f"Recorded on {_on(self.record['device'])}, {self.record['date']}.",
        )


def recorded(network: str, backend: str | None = None) -> Recorded:
    """Read the newest record of a network: of a GPU, or as long as there is none, of a CPU.

    Parameters
    ----------
    network : str
        Such as "LeNet" or "LSTM".
    backend : {"tensorflow", "jax", "torch"}, optional
        What Keras computed on; any by default.

    Returns
    -------
    Recorded
        A table of times whose caption says on what device, when and how they were measured.
        Draw it with ``figures.batch_sweep``.

    Raises
    ------
    LookupError
        If there is no record of this network.
    """
    found = [
        record
        for record in records()
        if backend in (None, record["backend"])
        and any(figure["network"] == network for figure in record["figures"])
    ]
    if not found:
        on = f" with Keras on {backend}" if backend else ""
        known = sorted({figure["network"] for each in records() for figure in each["figures"]})
        raise LookupError(
            f"there is no record of {network!r}{on}, only of {', '.join(known) or 'nothing'}; "
            f"make one with: {COMMAND}"
        )
    return Recorded(max(found, key=_preference), network)


def records(folder: Path | None = None) -> list[dict[str, Any]]:
    """Read all records of runs that came to their end."""
    paths = sorted((folder or RECORDS).glob(PATTERN))
    found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [record for record in found if record["complete"]]


def said(record: dict[str, Any]) -> str:
    """Say in words what a record is a record of."""
    device = record["device"]
    versions = ", ".join(f"{name} {number}" for name, number in record["versions"].items())
    threads = record["cpu"]["threads"]
    # Nobody shall take figures of a CPU for those of a GPU.
    if device["kind"] == "GPU":
        start = f"recorded on {_on(device)}, {record['date']}"
        details = [f"{name} {device[name]}" for name in ("driver", "cuda") if device.get(name)]
        details.append(f"beside it {record['cpu']['name']}")
    else:
        start = (
            "no GPU has been measured for this course yet; this was recorded on a "
            f"{_on(device)}, {record['date']}. On a machine with a GPU: {COMMAND}"
        )
        details = []
    details.append(f"CPU cores: {record['cpu']['cores']}")
    if isinstance(threads, dict):
        details.append(", ".join(f"{name}={value}" for name, value in threads.items()))
    return f"{start}. Keras on {record['backend']}; {'; '.join([versions, *details])}."


def _point(figure: dict[str, Any]) -> Point:
    low, median, high = figure["seconds"]
    others = ("contender", "task", "batch_size", "operations", "bytes")
    return Point(low=low, median=median, high=high, **{name: figure[name] for name in others})


def _fused(record: dict[str, Any], network: str) -> str:
    """Say which contenders ran recurrent layers in a fused kernel, if there are such layers."""
    told = {
        figure["contender"]: figure["fused"]
        for figure in record["figures"]
        if figure["network"] == network and "fused" in figure
    }
    if not told or record["device"]["kind"] == "CPU":
        return ""
    return f" In a fused kernel of cuDNN: {'; '.join(n for n in told if told[n]) or 'none'}."


def _on(device: dict[str, str]) -> str:
    if device["kind"] == "CPU":
        return f"CPU ({device['name']})"
    return f"{device['name']}, {device['memory']}" if "memory" in device else device["name"]


def _preference(record: dict[str, Any]) -> tuple[bool, str, bool]:
    """Prefer a GPU to a CPU, what is new to what is old, TensorFlow to the others."""
    on_gpu = record["device"]["kind"] == "GPU"
    return on_gpu, record["date"], record["backend"] == "tensorflow"

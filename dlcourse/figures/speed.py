"""Time by batch size, and what a device could do at most: where a GPU starts to win, and why."""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    describe,
    label,
    new_figure,
)

# Each contender has a colour and a marker of its own; what runs on a GPU is drawn solid.
LOOKS = {
    "dlcourse, CPU": (ORANGE, "o"),
    "Keras, CPU": (BLUE, "s"),
    "dlcourse, GPU": (RED, "^"),
    "Keras, GPU": (GREEN, "D"),
    "Keras, GPU, TF32": (PURPLE, "v"),
    "Keras, GPU, bfloat16": (SKY, "P"),
    "Keras, CPU, bfloat16": (SKY, "P"),
    "Keras, GPU, not fused": (BLACK, "X"),
}
TITLE_WIDTH = 64  # characters
OTHER_LOOK = (GREY, "x")
CPU, GPU, HERE = "Keras, CPU", "Keras, GPU", "dlcourse, CPU"


class Point(Protocol):
    """One measurement, as `compare.speed_sweep` and `compare.recorded` make them."""

    contender: str
    task: str
    batch_size: int
    low: float
    median: float
    high: float
    operations: int
    bytes: int


class Sweep(Protocol):
    """Measurements of one network on one machine."""

    title: str
    points: Sequence[Any]  # of Point
    limits: Mapping[str, tuple[float, float]]  # operations and bytes a second


def batch_sweep(*sweeps: Sweep, task: str = "training step") -> Figure:
    """Draw the time for one example against the batch size, one panel per sweep.

    A line that falls as steeply as the batch grows is a batch whose time does not depend on its
    size: launching costs more than computing. Dotted is the least time that the limits of the
    device allow, ``max(operations / most operations per second, bytes / most bytes per second)``.

    Parameters
    ----------
    *sweeps : Sweep
        What `compare.speed_sweep` measured, or `compare.recorded` read.
    task : {"training step", "prediction"}

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if not sweeps or not all(_curves(sweep, task) for sweep in sweeps):
        raise ValueError(f"there is nothing to draw: no {task} was measured")
    figure, grid = new_figure(
        1, len(sweeps), size=(5.6, 5.0), squeeze=False, sharey=True, sharex=True
    )
    sentences = [
        _draw_sweep(axes, sweep, task) for axes, sweep in zip(grid[0], sweeps, strict=True)
    ]
    for axes in grid[0, 1:]:
        axes.set_ylabel("")
    lowest = min(_lowest(sweep, task) for sweep in sweeps)
    grid[0, 0].set_ylim(bottom=lowest / 1.5)  # the line of a constant time falls for ever
    return describe(figure, f"Time of a {task} for one example. {' '.join(sentences)}")


def roofline(sweep: Sweep, *, task: str = "training step") -> Figure:
    """Draw operations per second against operations per byte, under the roof of each device.

    The sloping part of a roof is the memory, the flat part the arithmetic. Far below both, a
    device waits for whoever calls it.

    Parameters
    ----------
    sweep : Sweep
        What `compare.speed_sweep` measured, or `compare.recorded` read.
    task : {"training step", "prediction"}

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    curves = {name: curve for name, curve in _curves(sweep, task).items() if name in sweep.limits}
    if not curves:
        raise ValueError(f"there is nothing to draw: no {task} with limits was measured")
    figure, axes = new_figure(size=(6.4, 5.4))
    sentences = []
    for name, points in curves.items():
        colour, marker = LOOKS.get(name, OTHER_LOOK)
        intensity = np.array([point.operations / point.bytes for point in points])
        reached = np.array([point.operations / point.median for point in points]) / 1e9
        axes.loglog(intensity, reached, color=colour, marker=marker, label=name)
        most, moved = sweep.limits[name]
        ridge = most / moved
        roof = np.geomspace(min(intensity.min(), ridge) / 2, max(intensity.max(), ridge) * 4)
        axes.loglog(roof, np.minimum(most, moved * roof) / 1e9, ":", color=colour)
        share = reached.max() / (most / 1e9)
        sentences.append(
            f"{name}: at most {reached.max():.3g} billion operations per second, {share:.0%} of "
            f"the {most / 1e9:.3g} billion of a large matrix product."
        )
    first = next(iter(curves.values()))
    for point in (first[0], first[-1]):
        axes.annotate(
            f"batch of {point.batch_size}",
            (point.operations / point.bytes, point.operations / point.median / 1e9),
            xytext=(4, -12),
            textcoords="offset points",
            fontsize=8,
            color=BLACK,
        )
    axes.plot([], [], ":", color=BLACK, label="limits of the device")
    title = fill(sweep.title, TITLE_WIDTH)
    label(axes, "operations per byte", "billion operations per second", title)
    _legend_below(axes)
    return describe(figure, f"Roofline of a {task}, {sweep.title}. {' '.join(sentences)}")


def _draw_sweep(axes: Axes, sweep: Sweep, task: str) -> str:
    """Draw one panel and say in words what it shows."""
    curves, sentences = _curves(sweep, task), []
    for name, points in curves.items():
        colour, marker = LOOKS.get(name, OTHER_LOOK)
        sizes, low, median, high, least = _per_example(points, sweep.limits.get(name))
        axes.fill_between(sizes, low, high, color=colour, alpha=0.25, linewidth=0)
        style = "-" if "GPU" in name else "--"
        axes.plot(sizes, median, style, color=colour, marker=marker, markersize=5, label=name)
        if least is not None:
            axes.plot(sizes, least, ":", color=colour, linewidth=1)
        sentences.append(
            f"{name}: {_short(median[0])} µs alone, {_short(median[-1])} µs in a batch of "
            f"{sizes[-1]:.0f}."
        )
    rival = GPU if GPU in curves else HERE
    launched = next(name for name in (GPU, CPU, *curves) if name in curves)
    batches, smallest = [p.batch_size for p in curves[launched]], curves[launched][0]
    axes.plot(
        batches,
        [1e6 * smallest.median / batch for batch in batches],
        color=GREY,
        linewidth=1,
        zorder=1,
        label=f"{1e3 * smallest.median:.2g} ms per batch, whatever its size",
    )
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.plot([], [], ":", color=BLACK, linewidth=1, label="least, by the limits")
    label(axes, "examples in a batch", "µs for an example", fill(sweep.title, TITLE_WIDTH))
    if CPU in curves and rival in curves:
        sentences.append(_mark_crossing(axes, curves[CPU], curves[rival], rival))
    _legend_below(axes)
    return f"{sweep.title[:1].upper()}{sweep.title[1:]}: {' '.join(sentences)}"


def _mark_crossing(axes: Axes, base: list[Any], rival: list[Any], name: str) -> str:
    """Mark the batch size at which two curves cross, and say it."""
    of_rival = {point.batch_size: point.median for point in rival}
    both = [point for point in base if point.batch_size in of_rival]
    if not both:
        return ""
    sizes, times = [p.batch_size for p in both], [p.median for p in both]
    rivals = [of_rival[size] for size in sizes]
    where = crossing(sizes, times, rivals)
    if where is None:
        first, second = (name, CPU) if rivals[0] < times[0] else (CPU, name)
        return f"{first} is faster than {second} in batches of every size."
    axes.axvline(
        where, color=GREY, linewidth=1, linestyle="--", label=f"equally fast at {_short(where, 2)}"
    )
    return f"{name} and {CPU} are equally fast in batches of about {_short(where, 2)}."


def crossing(
    sizes: Sequence[float], first: Sequence[float], second: Sequence[float]
) -> float | None:
    """Return the size at which two times are equal, None where one is always the smaller.

    Between two measured sizes the logarithms are taken to be straight lines.

    Examples
    --------
    >>> round(crossing([1, 100], [1.0, 100.0], [10.0, 10.0]), 6)
    10.0
    >>> crossing([1, 100], [1.0, 2.0], [3.0, 4.0])
    """
    gap = np.log(np.asarray(first) / np.asarray(second))
    for i in range(len(gap) - 1):
        if gap[i] * gap[i + 1] < 0:
            share = gap[i] / (gap[i] - gap[i + 1])
            return float(sizes[i] ** (1 - share) * sizes[i + 1] ** share)
    return None


def _legend_below(axes: Axes) -> None:
    axes.legend(fontsize=8, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.14))


def _lowest(sweep: Sweep, task: str) -> float:
    """Return the least time of all that is drawn but the line of a constant time."""
    lowest = []
    for name, points in _curves(sweep, task).items():
        _, _, median, _, least = _per_example(points, sweep.limits.get(name))
        lowest += [float(times.min()) for times in (median, least) if times is not None]
    return min(lowest)


def _short(number: float, digits: int = 3) -> str:
    """Write a number with so many significant digits."""
    return f"{float(f'{number:.{digits}g}'):,g}"


def _curves(sweep: Sweep, task: str) -> dict[str, list[Any]]:
    """Return the points of each contender, small batches first."""
    curves: dict[str, list[Any]] = {}
    for point in sorted(sweep.points, key=lambda point: point.batch_size):
        if point.task == task:
            curves.setdefault(point.contender, []).append(point)
    return {name: curves[name] for name in sorted(curves, key=_rank)}


def _rank(name: str) -> int:
    return list(LOOKS).index(name) if name in LOOKS else len(LOOKS)


def _per_example(
    points: list[Any], limits: tuple[float, float] | None
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any] | None]:
    """Return batch sizes, quartiles and the least time, in microseconds per example."""
    sizes, low, median, high = np.array(
        [[point.batch_size, point.low, point.median, point.high] for point in points]
    ).T
    least = None
    if limits is not None:
        operations, moved = limits
        least = (
            1e6
            / sizes
            * [max(point.operations / operations, point.bytes / moved) for point in points]
        )
    return sizes, 1e6 * low / sizes, 1e6 * median / sizes, 1e6 * high / sizes, least

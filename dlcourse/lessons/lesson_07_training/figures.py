"""Figures of lesson 07: what trained networks answer, and what their units see."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlcourse import nn
from dlcourse.figures.plane import plane, signed, unit_outputs
from dlcourse.figures.style import describe, new_figure
from dlcourse.figures.surface import draw_classes, draw_surface
from dlcourse.nn.contract import Array


def decision_boundaries(
    models: Sequence[Sequence[nn.Sequential]],
    data: Sequence[tuple[Array, Array]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    limit: float = 1.25,
    enough: float = 0.95,
) -> Figure:
    """Draw the answers of several networks on several data sets, one row per data set.

    Parameters
    ----------
    models : rows of nn.Sequential
        A network for each column, with inputs (batch, 2) and one sigmoid output.
    data : sequence of (x, y)
        Points (batch, 2) and labels 0 or 1, a pair per row.
    rows, columns : sequence of str
        Their names.
    limit : float
        Both inputs are drawn from -limit to limit.
    enough : float
        Share of right answers from which the description counts a network as good.
    """
    figure, grid = new_figure(
        len(rows), len(columns), size=(2.5, 2.4), sharex=True, sharey=True, squeeze=False
    )
    grid_points = plane(limit, 120)
    good = []
    for line, networks, (x, y), name in zip(grid, models, data, rows, strict=True):
        for axes, model, column in zip(line, networks, columns, strict=True):
            values = 2 * model.predict(grid_points, 4096).reshape(120, 120) - 1
            draw_surface(axes, values, (-limit, limit, -limit, limit))
            draw_classes(axes, x, y, size=12)
            right = float(np.mean((model.predict(x)[:, 0] > 0.5) == (y > 0.5)))
            axes.set_title(f"{name}, {column}\n{right:.0%} right", fontsize=9, loc="left")
            if right >= enough:
                good.append(f"{name} with {column}")
        line[0].set_ylabel("$x_2$")
    for axes in grid[-1]:
        axes.set_xlabel("$x_1$")
    return describe(
        figure,
        f"Points of two classes and the surfaces of {len(rows) * len(columns)} networks, "
        f"{len(columns)} for each of {len(rows)} data sets. At least {enough:.0%} of the points "
        f"are right for: {'; '.join(good) or 'none'}.",
    )


def unit_frames(
    models: Sequence[nn.Sequential],
    titles: Sequence[str],
    x: Array,
    y: Array,
    *,
    limit: float = 1.25,
) -> Figure:
    """Draw what every unit of a network puts out, at several moments, one row per moment.

    Parameters
    ----------
    models : sequence of nn.Sequential
        One network at several moments, each with its own weights.
    titles : sequence of str
        A name for each moment.
    x : Array, shape (batch, 2)
    y : Array, shape (batch,) or (batch, 1)
        Labels 0 or 1; drawn on the output.
    limit : float
        Both inputs are drawn from -limit to limit.
    """
    names = [layer.activation for layer in models[0].layers if isinstance(layer, nn.Activation)]
    units = [shape[0] for shape in models[0].output_shapes[1::2]]
    figure, grid = new_figure(
        len(models), sum(units), size=(1.35, 1.45), sharex=True, sharey=True, squeeze=False
    )
    for line, model, title in zip(grid, models, titles, strict=True):
        outputs = unit_outputs(model, plane(limit, 64))
        columns = [
            (layer, unit, signed(values, name)[:, unit].reshape(64, 64))
            for layer, (values, name) in enumerate(zip(outputs, names, strict=True), 1)
            for unit in range(values.shape[1])
        ]
        for axes, (layer, unit, values) in zip(line, columns, strict=True):
            draw_surface(axes, values, (-limit, limit, -limit, limit))
            axes.set(xticks=[], yticks=[])
            is_output = layer == len(units)
            axes.set_title("output" if is_output else f"{layer}.{unit + 1}", fontsize=9)
            if is_output:
                draw_classes(axes, x, y, size=4)
        line[0].set_ylabel(title, fontsize=9)
    return describe(
        figure,
        f"What each unit puts out over the plane of the inputs, layer by layer, at "
        f"{len(models)} moments: {', '.join(titles)}. Units of the first layer show one straight "
        "edge each; later layers and the output combine them into bent boundaries.",
    )

"""Figures of lesson 07: what trained networks answer, and what their units see."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.figures.plane import plane, signed, unit_outputs
from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    DIVERGING,
    GREY,
    ORANGE,
    RED,
    describe,
    label,
    new_figure,
)
from dlcourse.figures.surface import draw_classes, draw_surface
from dlcourse.lessons.lesson_07_training import family
from dlcourse.lessons.lesson_07_training.family import Families
from dlcourse.lessons.lesson_07_training.many import Runs, xor_table
from dlcourse.nn.contract import Array
from dlcourse.tables import Table


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


def mirror_figure(first: Array) -> Figure:
    """Draw the weights with which the two hidden units of the mirror network read six lamps.

    Parameters
    ----------
    first : Array, shape (6, 2)
    """
    figure, grid = new_figure(1, 2, size=(4.2, 2.9), sharey=True)
    lamps = np.arange(1, 7)
    for unit, (axes, weights) in enumerate(zip(grid, first.T, strict=True), 1):
        colors = [BLUE if weight > 0 else ORANGE for weight in weights]
        axes.bar(lamps, weights, color=colors)
        for lamp, weight in zip(lamps, weights, strict=True):
            side = "bottom" if weight > 0 else "top"
            axes.text(lamp, weight, f"{weight:.1f}", ha="center", va=side, size=9)
        axes.axhline(0, color=BLACK, lw=0.8)
        axes.axvline(3.5, color=GREY, lw=1, ls=":")
        axes.margins(y=0.12)
        label(axes, "lamp", "weight" if unit == 1 else "", f"Hidden unit {unit}")
    told = "; ".join(", ".join(f"{weight:.1f}" for weight in weights) for weights in first.T)
    return describe(
        figure,
        f"The six weights of each hidden unit, as bars: {told}. Left and right of the middle they "
        "are equal but for the sign.",
    )


def curves_figure(
    curves: Array, every: int, *, most: int, title: str, unit: str = "sweeps"
) -> Figure:
    """Draw the error of several runs, solid where it ends near 0 and dashed where it does not.

    Parameters
    ----------
    curves : Array, shape (runs, points)
        Not a number after a run has ended.
    every : int
        Sweeps from one point to the next.
    most : int
        Where the drawing ends.
    title : str
    unit : str
    """
    figure, axes = new_figure(size=(6.4, 3.2))
    points = min(curves.shape[1], most // every + 1)
    sweeps = every * np.arange(points)
    stuck = 0
    for curve in curves:
        ends = not np.isnan(curve[points - 1])
        stuck += ends
        style = {"color": RED, "ls": "--", "lw": 2} if ends else {"color": BLUE, "lw": 1}
        axes.plot(sweeps, curve[:points], **style)
    axes.plot([], [], color=BLUE, label="learned")
    axes.plot([], [], color=RED, ls="--", lw=2, label="not yet")
    axes.legend()
    axes.set_ylim(bottom=0)
    label(axes, unit, "error $E$", title)
    return describe(
        figure,
        f"The error of {len(curves)} runs over {most} {unit}. Each stays level at first and then "
        f"falls steeply, some early, some late; {stuck} of them is still high at the end."
        if stuck == 1
        else f"The error of {len(curves)} runs over {most} {unit}. Each stays level at first and "
        f"then falls steeply, some early, some late; {stuck} of them are still high at the end.",
    )


def epochs_figure(curves: dict[str, Sequence[float]], title: str) -> Figure:
    """Draw learning curves: the error after each epoch, one line per way to train.

    Parameters
    ----------
    curves : dict
        For each way its name, and the error before the first epoch and after each.
    title : str
    """
    figure, axes = new_figure(size=(6.4, 3.2))
    for (name, curve), color, style in zip(
        curves.items(), CYCLE, ("-", "--", "-.", ":", "-", "--"), strict=False
    ):
        axes.plot(np.arange(len(curve)), curve, style, color=color, lw=2, label=name)
    axes.set_ylim(bottom=0)
    axes.legend()
    label(axes, "epochs", "error $E$", title)
    ends = "; ".join(f"{name}: {curve[-1]:.2f}" for name, curve in curves.items())
    return describe(figure, f"Learning curves over the epochs. The errors at the end: {ends}.")


def ratios(first: Array) -> Array:
    """Return how much larger the middle and the largest of the three sizes are than the smallest.

    Parameters
    ----------
    first : Array, shape (seeds, 6, hidden)

    Returns
    -------
    Array, shape (seeds, 2)
    """
    sizes = np.sort(np.abs(first[:, :3, 0]), axis=1)
    found: Array = sizes[:, 1:] / sizes[:, :1]
    return found


def is_1_2_4(first: Array) -> NDArray[np.bool_]:
    """Tell which networks have weights in the ratio 1:2:4; the arguments are those of `ratios`."""
    near: NDArray[np.bool_] = np.hypot(*(ratios(first) - [2, 4]).T) < 0.3
    return near


def ratios_figure(first: Array) -> Figure:
    """Draw the ratios of the three sizes of weights of mirror networks that have learned.

    Parameters
    ----------
    first : Array, shape (seeds, 6, hidden)
    """
    figure, axes = new_figure(size=(5.2, 3.4))
    found = ratios(first)
    for point, name in (((2, 4), "1 : 2 : 4"), ((1.5, 2), "2 : 3 : 4")):
        axes.plot(*point, "+", color=BLACK, ms=16, mew=1.5)
        axes.annotate(name, point, (14, -4), textcoords="offset points", size=11)
    spread = np.random.default_rng(0).uniform(-0.025, 0.025, found.shape)  # to tell them apart
    axes.plot(*(found + spread).T, "o", color=BLUE, ms=6, mec="white", mew=0.6)
    axes.set(xlim=(1.2, 2.6), ylim=(1.6, 4.4))
    label(axes, "middle weight / smallest", "largest weight / smallest", "What the networks found")
    near = is_1_2_4(first)
    return describe(
        figure,
        f"A point for each of {len(found)} networks: how much larger the middle and the largest "
        f"weight are than the smallest. {near.sum()} points lie at 2 and 4, the ratio 1:2:4; "
        f"{(~near).sum()} lie near 1.5 and 2, the ratio 2:3:4. (Points are moved a little apart.)",
    )


def tree_figure() -> Figure:
    """Draw the two family trees, one under the other."""
    figure, rows = new_figure(2, 1, size=(8.4, 2.3))
    places = {0: (1, 2), 1: (2, 2), 2: (5, 2), 3: (6, 2)}
    places |= {4: (0, 1), 5: (1, 1), 6: (3, 1), 7: (4, 1), 8: (6, 1), 9: (7, 1)}
    places |= {10: (3, 0), 11: (4, 0)}
    for axes, names, title in zip(
        rows, (family.ENGLISH, family.ITALIAN), ("English", "Italian"), strict=True
    ):
        for husband, wife in family.COUPLES:
            (left, y), (right, _) = sorted([places[husband], places[wife]])
            axes.plot([left, right], [y, y], color=ORANGE, lw=2, zorder=0)
        for child, (father, mother) in family.PARENTS.items():
            x, y = places[child]
            middle = (places[father][0] + places[mother][0]) / 2
            axes.plot([middle, middle, x, x], [y + 1, y + 0.5, y + 0.5, y], color=GREY, zorder=0)
        for who, (x, y) in places.items():
            axes.text(
                x, y, names[who], ha="center", va="center", size=9,
                bbox={"fc": "white", "ec": "none", "pad": 1.5},
            )  # fmt: skip
        axes.set(xlim=(-0.6, 7.6), ylim=(-0.4, 2.4))
        axes.axis("off")
        axes.set_title(title, loc="left", fontsize=10)
    return describe(
        figure,
        "Two family trees of the same form with twelve people each, in three generations. "
        "Christopher and Penelope have Arthur and Victoria; Andrew and Christine have James and "
        "Jennifer; Victoria and James have Colin and Charlotte. Margaret is married to Arthur, "
        "Jennifer to Charles. The Italian family repeats it with other names.",
    )


def persons_figure(weights: Array) -> Figure:
    """Draw with which weight each person reaches each of the six units that code persons.

    Parameters
    ----------
    weights : Array, shape (24, 6)
    """
    figure, grid = new_figure(3, 2, size=(4.3, 1.35), sharex=True)
    largest = float(np.abs(weights).max())
    for unit, (axes, column) in enumerate(zip(grid.flat, weights.T, strict=True), 1):
        axes.imshow(
            column.reshape(2, 12), cmap=DIVERGING, vmin=-largest, vmax=largest, aspect="auto"
        )
        axes.set_yticks([0, 1], ["English", "Italian"], fontsize=8)
        axes.set_xticks(range(12), [name[:6] for name in family.ENGLISH], rotation=90, fontsize=8)
        axes.set_title(f"unit {unit}", loc="left", fontsize=9)
        for border in (3.5, 9.5):  # between generations
            axes.axvline(border, color=BLACK, lw=1)
    return describe(
        figure,
        "The weights from the 24 people to each of six units, English people above, Italians at "
        "the same place in their tree below; orange is negative, purple positive. Lines separate "
        "grandparents, parents and children. Some units have one sign for one family, others for "
        "one generation.",
    )


def frames_of_xor(params: Sequence[Sequence[Array]], titles: Sequence[str]) -> Figure:
    """Draw what the units of an XOR network put out at several moments.

    Parameters
    ----------
    params : sequence of four arrays each
        W1, b1, W2 and b2 of each moment.
    titles : sequence of str
    """
    models = []
    for weights in params:
        model = nn.Sequential(
            [
                nn.Dense(weights[0].shape[1]), nn.Activation("sigmoid"),
                nn.Dense(1), nn.Activation("sigmoid"),
            ],
            input_shape=(2,),
        )  # fmt: skip
        model.set_weights(weights)
        models.append(model)
    x, y = xor_table()
    return unit_frames(models, titles, x, y, limit=1.5)


def history_table(mirror: Runs, old: Families, new: Families) -> Table:
    """Return what the paper of 1986 reports beside our runs.

    Parameters
    ----------
    mirror : Runs
        Of the mirror network.
    old, new : Families
        Family trees, with the settings of the paper and with ours.
    """
    learned = [seed for seed, count in enumerate(mirror.sweeps) if count is not None]
    near = int(np.sum(is_1_2_4(mirror.params[0][learned])))
    sweeps = mirror.learned()
    units = mirror.params[0][learned]
    opposite = np.abs(units[..., 0] + units[..., 1]).max(axis=1) < 0.2 * np.abs(units).max((1, 2))
    return Table(
        ["", "1986, one network", "ours"],
        [
            ["lamps: learned", "yes", f"{len(learned)} of {len(mirror.sweeps)} in 6,000 sweeps"],
            ["lamps: sweeps", "1,425", f"{sweeps[0]:,} to {sweeps[-1]:,}"],
            ["lamps: weights", "1 : 2 : 4", f"1 : 2 : 4 in {near}, not in {len(learned) - near}"],
            ["lamps: units opposite", "yes", f"in {opposite.sum()} of {len(learned)}"],
            [
                "families, as in 1986",
                "learned",
                f"at most {100 * old.learned.max():.0f} of 100 learned",
            ],
            [
                "families, our settings",
                "4 of 4 new",
                f"about {np.mean(new.new_right):.0f} of 4 new on average",
            ],
        ],
    )

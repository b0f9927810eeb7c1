"""Figures of lesson 07: learning curves, and what the networks of 1986 have found."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlcourse.figures.plane import plane
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
from dlcourse.lessons.lesson_07_training.many import Runs, answers_of, xor_table
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

BOX = (-0.5, 1.5, -0.5, 1.5)  # the plane of the inputs of XOR, and some room around it


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


def curves_figure(curves: Array, every: int, *, most: int, title: str) -> Figure:
    """Draw the error of several runs, solid where it ends near 0 and dashed where it does not.

    Parameters
    ----------
    curves : Array, shape (runs, points)
        The error, summed over the examples; not a number after a run has ended.
    every : int
        Epochs from one point to the next.
    most : int
        Where the drawing ends.
    title : str
    """
    figure, axes = new_figure(size=(6.4, 3.2))
    points = min(curves.shape[1], most // every + 1)
    epochs = every * np.arange(points)
    stuck = 0
    for curve in curves:
        ends = not np.isnan(curve[points - 1])
        stuck += ends
        style = {"color": RED, "ls": "--", "lw": 2} if ends else {"color": BLUE, "lw": 1}
        axes.plot(epochs, curve[:points], **style)
    axes.plot([], [], color=BLUE, label="learned")
    axes.plot([], [], color=RED, ls="--", lw=2, label="not yet")
    axes.legend()
    axes.set_ylim(bottom=0)
    label(axes, "epochs", "error, summed over the examples", title)
    return describe(
        figure,
        f"The error of {len(curves)} runs over {most} epochs. Each stays level at first and then "
        f"falls steeply, some early, some late; still high at the end: {stuck}.",
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
    found, near = ratios(first), is_1_2_4(first)
    for point, name, count in (
        ((2, 4), "1 : 2 : 4", near.sum()),
        ((1.5, 2), "2 : 3 : 4", (~near).sum()),
    ):
        axes.plot(*point, "+", color=BLACK, ms=26, mew=1.2)
        told = f"{name}\n{count} of {len(found)}"
        axes.annotate(told, point, (22, -12), textcoords="offset points", size=11)
    spread = np.random.default_rng(0).uniform(-0.05, 0.05, found.shape)  # to tell them apart
    axes.plot(*(found + spread).T, "o", color=BLUE, ms=5, mec="white", mew=0.6)
    axes.set(xlim=(1.2, 2.8), ylim=(1.6, 4.4))
    label(axes, "middle weight / smallest", "largest weight / smallest", "A dot for each network")
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
        title = f"{title} (orange: married; grey: their children)"
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
    figure, grid = new_figure(3, 2, size=(4.3, 1.5), sharex=True, sharey=True)
    largest = float(np.abs(weights).max())
    best = [int(np.argmax(match[0])) for match in family.matches(weights[np.newaxis])]
    for unit, (axes, column) in enumerate(zip(grid.flat, weights.T, strict=True)):
        picture = axes.imshow(
            column.reshape(2, 12), cmap=DIVERGING, vmin=-largest, vmax=largest, aspect="auto"
        )
        follows = [name for name, one in zip(("family", "generation"), best, strict=True)
                   if one == unit]  # fmt: skip
        name = f"unit {unit + 1}" + (f": the {' and the '.join(follows)}" if follows else "")
        axes.set_title(name, loc="left", fontsize=9)
        axes.set_yticks([0, 1], ["English", "Italian"], fontsize=8)
        axes.set_xticks(range(12), family.ENGLISH, rotation=90, fontsize=8)
        for border in (3.5, 9.5):  # between generations
            axes.axvline(border, color=BLACK, lw=1.5)
    bar = figure.colorbar(picture, ax=grid, aspect=40, pad=0.02)
    bar.set_label("weight from this person to the unit", fontsize=9)
    return describe(
        figure,
        "The weights from the 24 people to each of six units, English people above, Italians at "
        "the same place in their tree below; orange is negative, purple positive. Lines separate "
        "grandparents, parents and children. Titles name the units that follow the family and the "
        "generation best.",
    )


def frames_of_xor(params: Sequence[Sequence[Array]], titles: Sequence[str]) -> Figure:
    """Draw what the units of an XOR network put out at several moments, one column per moment.

    Parameters
    ----------
    params : sequence of four arrays each
        W1, b1, W2 and b2 of each moment, for one hidden layer of sigmoids.
    titles : sequence of str
        A name for each moment.
    """
    x, y = xor_table()
    hidden = params[0][0].shape[1]
    rows = [*(f"hidden unit {unit + 1}" for unit in range(hidden)), "output"]
    figure, grid = new_figure(
        len(rows), len(params), size=(1.75, 1.6), sharex=True, sharey=True, squeeze=False
    )
    for column, (weights, title) in enumerate(zip(params, titles, strict=True)):
        first, answers = answers_of([one[np.newaxis] for one in weights], plane(1.0, 64) + 0.5)
        values = 2 * np.concatenate([first[0], answers[0]], axis=1).T - 1
        for axes, picture in zip(grid[:, column], values, strict=True):
            draw_surface(axes, picture.reshape(64, 64), BOX)
            draw_classes(axes, x, y, size=26)
            axes.set(xticks=[0, 1], yticks=[0, 1])
        grid[0, column].set_title(title, fontsize=10)
        grid[-1, column].set_xlabel("$x_1$")
    for axes, name in zip(grid[:, 0], rows, strict=True):
        axes.set_ylabel(f"{name}\n$x_2$")
    return describe(
        figure,
        f"What each unit puts out over the plane of the inputs at {len(params)} moments: "
        f"{', '.join(titles)}. Orange is 0, blue is 1, and on the black line it is one half. The "
        "hidden units show one straight edge each; the output combines them. The four points are "
        "the examples.",
    )


def history_table(
    mirror: Runs, old: Families, new: Families, more: Sequence[tuple[int, int, int]]
) -> Table:
    """Return what the paper of 1986 reports beside our runs.

    Parameters
    ----------
    mirror : Runs
        Of the mirror network.
    old, new : Families
        Family trees, with the settings of the paper and with ours.
    more : sequence of tuple
        Hidden units, and how many of 20 networks learn XOR and the mirror task with them.
    """
    learned = [seed for seed, count in enumerate(mirror.sweeps) if count is not None]
    near = int(np.sum(is_1_2_4(mirror.params[0][learned])))
    sweeps = mirror.learned()
    units = mirror.params[0][learned]
    opposite = np.abs(units[..., 0] + units[..., 1]).max(axis=1) < 0.2 * np.abs(units).max((1, 2))
    xor, lamps = (", ".join(str(row[k]) for row in more) for k in (1, 2))
    hidden = ", ".join(str(row[0]) for row in more)
    return Table(
        ["", "1986", "ours"],
        [
            ["lamps: learned", "yes", f"{len(learned)} of {len(mirror.sweeps)} in 6,000 sweeps"],
            ["lamps: sweeps", "1,425", f"{sweeps[0]:,} to {sweeps[-1]:,}"],
            ["lamps: weights", "1 : 2 : 4", f"1 : 2 : 4 in {near}, not in {len(learned) - near}"],
            ["lamps: units opposite", "yes", f"in {opposite.sum()} of {len(learned)}"],
            [f"lamps, {hidden} units", "more paths", f"{lamps} of 20 learned"],
            [f"XOR, {hidden} units", "more paths", f"{xor} of 20 learned"],
            ["families, 1986's settings", "learned", f"{100 * old.learned.max():.0f} of 100"],
            ["families, other settings", "", f"{100 * np.median(new.learned):.0f} of 100"],
            ["new questions", "4 of 4", f"{np.mean(new.new_right):.0f} of 4 on average"],
        ],
    )

"""Lesson 21's board: how few are in group B, how often they are repeated, when the machine asks."""

from functools import lru_cache

import ipywidgets
import numpy as np

from dlcourse.figures import label, new_figure
from dlcourse.figures.style import BLUE, GREY, ORANGE
from dlcourse.lessons.lesson_21_scale import groups
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, interactive

NAMES = ("group A", "group B", "everybody")
COPIES = (1, 2, 5, 10, 20)
SURE = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)


@lru_cache(maxsize=64)
def probabilities(share: float, copies: int, seed: int) -> Array:
    """Train a reader, and return what it says of the 720 test digits."""
    model = groups.trained(share, seed, copies=copies)
    scores = model.predict(groups.both_groups()[0]).astype(np.float64)
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return found


def outcomes(share: float, copies: int, sure: float, seed: int) -> Array:
    """Return shares of right answers, of wrong ones, and of digits that are left to a person.

    Parameters
    ----------
    share : float
        Of group B.
    copies : int
        How often each of its images stands in the training set.
    sure : float
        The machine answers where its largest probability is at least that.
    seed : int

    Returns
    -------
    array, shape (3, 3)
        Rows: group A, group B, a crowd in which B has its share. Each adds up to 1.
    """
    said, (_, y, group) = probabilities(share, copies, seed), groups.both_groups()
    answered = said.max(axis=1) >= sure
    right = said.argmax(axis=1) == y
    each = np.stack([answered & right, answered & ~right, ~answered], axis=1)
    a, b = (each[group == which].mean(axis=0) for which in (0, 1))
    return np.stack([a, b, (1 - share) * a + share * b])


def sentence(found: Array) -> str:
    """Say what happens to each group."""
    told = [
        f"{name}: {wrong:.1%} wrong" + (f", {left:.1%} left to a person" if left else "")
        for name, (_, wrong, left) in zip(NAMES, found, strict=True)
    ]
    return ". ".join(told) + "."


def group_board() -> Board:
    """Return the board: one in twenty belongs to group B, at first."""
    figure, axes = new_figure(size=(7.4, 2.9))
    looks = (("right", BLUE, ""), ("wrong", ORANGE, "//"), ("left to a person", GREY, ".."))
    bars = [
        axes.barh(range(3), [1, 1, 1], color=color, hatch=hatch, ec="white", label=name)
        for name, color, hatch in looks
    ]
    axes.set_yticks(range(3), NAMES)
    axes.set(ylim=(2.6, -0.6), xlim=(0, 100))
    label(axes, "% of the test digits", "")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.22), ncols=3, fontsize=9)
    figure.draw_without_rendering()
    figure.set_layout_engine(None)
    words = ipywidgets.HTML()

    def update(share: float, copies: int, sure: float, seed: int) -> str:
        found = outcomes(share, copies, sure, seed)
        left = np.zeros(3)
        for container, widths in zip(bars, 100 * found.T, strict=True):
            for bar, start, width in zip(container, left, widths, strict=True):
                bar.set_x(start)
                bar.set_width(width)
            left += widths
        said = sentence(found)
        words.value = f'<div role="status" style="min-height:3em">{said}</div>'
        return said

    shares = [(f"{share:.0%}", share) for share in groups.SHARES]
    asked = [("always", 0.0), *((f"{value:g} sure", value) for value in SURE[1:])]
    slider = ipywidgets.SelectionSlider
    board = interactive(
        figure,
        update,
        "how often the digits of two groups are misread, or left to a person",
        share=slider(options=shares, value=0.05, description="Share of B"),
        copies=slider(options=COPIES, value=1, description="Copies of B"),
        sure=slider(options=asked, value=0.0, description="Answers"),
        seed=ipywidgets.IntSlider(value=0, min=0, max=4, description="Seed"),
    )
    *controls, live = board.children
    board.children = (*controls, words, live)
    return board

"""Lesson 11's board: data, a machine, its main knob; its region, and both its errors."""

from collections.abc import Callable
from typing import Any, NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier

from dlcourse import datasets
from dlcourse.figures import label, new_figure
from dlcourse.figures.style import BLUE, DRAWING, RED
from dlcourse.lessons.lesson_11_machines.figures import (
    answers_on,
    box_of,
    draw_points,
    draw_region,
)
from dlcourse.lessons.lesson_11_machines.machines import Clusters, Network
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

Labels = NDArray[Any]
Points = tuple[Array, Labels]
KNOWN, NEW = 120, 1000  # points to learn from, and to be tested on


def clouds(n: int, rng: np.random.Generator) -> Points:
    """Return points of two round clouds that overlap."""
    y = np.arange(n) % 2
    return rng.normal(size=(n, 2)) + 1.6 * y[:, None], y


DATA: dict[str, Callable[[int, np.random.Generator], Points]] = {
    "two crescents": lambda n, rng: datasets.moons(n, rng, 0.25),
    "two clouds": clouds,
    "XOR": lambda n, rng: datasets.xor(n, rng, 0.3),
    "a ring": lambda n, rng: datasets.circles(n, rng, 0.15),
    "two spirals": lambda n, rng: datasets.spiral(n, rng, 2, 0.05),
}


class OneClass:
    """Says 1 for what a one-class SVM, taught class 1 alone, calls ordinary."""

    def __init__(self, nu: float) -> None:
        self.machine = OneClassSVM(nu=nu)

    def fit(self, x: Array, y: Labels) -> None:
        """Learn from the examples of class 1."""
        self.machine.fit(x[y == 1])

    def predict(self, x: Array) -> Labels:
        """Return 1 for ordinary and 0 for strange."""
        answers: Labels = (self.machine.predict(x) > 0).astype(int)
        return answers


class Knob(NamedTuple):
    """The main setting of a machine."""

    name: str
    values: tuple[Any, ...]
    start: Any
    make: Callable[[Any], Any]


def _polynomial(machine: Any) -> Callable[[int], Any]:
    return lambda degree: make_pipeline(
        PolynomialFeatures(degree, include_bias=False), StandardScaler(), machine
    )


POWERS = (1, 2, 3, 5, 8)
MACHINES = {
    "nearest neighbours": Knob(
        "k", (1, 3, 5, 9, 15, 25, 45, 75, 119), 3, lambda k: KNeighborsClassifier(k)
    ),
    "linear regression": Knob("powers up to", POWERS, 1, _polynomial(RidgeClassifier(1e-3))),
    "logistic regression": Knob(
        "powers up to", POWERS, 1, _polynomial(LogisticRegression(max_iter=3000))
    ),
    "naive Bayes": Knob("no knob", ("-",), "-", lambda value: GaussianNB()),
    "SVM": Knob("gamma", (0.01, 0.1, 0.5, 1, 3, 10, 30, 100, 1000), 1, lambda g: SVC(gamma=g)),
    "decision tree": Knob(
        "depth", (1, 2, 3, 4, 5, 7, 10, 15), 3,
        lambda depth: DecisionTreeClassifier(max_depth=depth, random_state=0),
    ),
    "random forest": Knob(
        "trees", (1, 2, 5, 10, 30, 100), 30, lambda n: RandomForestClassifier(n, random_state=0)
    ),
    "boosting": Knob(
        "trees", (1, 3, 10, 30, 100, 300), 30,
        lambda n: GradientBoostingClassifier(n_estimators=n, random_state=0),
    ),
    "neural network": Knob("hidden units", (1, 2, 3, 4, 8, 16, 64), 8, lambda n: Network((n,))),
    "k-means": Knob("k", (2, 3, 4, 6, 10, 20, 40), 4, Clusters),
    "one-class SVM": Knob("nu", (0.01, 0.05, 0.1, 0.2, 0.5), 0.1, OneClass),
}  # fmt: skip


class MachinesBoard(Board):
    """A machine learns points of the plane; its region, and its errors on known and new points.

    Attributes
    ----------
    tried : dict
        Under each setting tried the errors on known and new points, shares.
    """

    def __init__(self) -> None:
        self.tried: dict[Any, tuple[float, float]] = {}
        self._seed = 0
        self._drawn: list[Any] = []
        self._figure = self._new_drawing()
        with DRAWING:
            self._live = LiveFigure(self._figure, "Two classes of points.")
        self.data = ipywidgets.Dropdown(options=list(DATA), description="Data")
        self.machine = ipywidgets.Dropdown(options=list(MACHINES), description="Machine")
        self.knob = ipywidgets.SelectionSlider(
            options=self._knob().values, value=self._knob().start, description=self._knob().name,
            continuous_update=False,
        )  # fmt: skip
        self._said = ipywidgets.HTML()
        self._quiet = False
        self.data.observe(lambda change: self._new_data(), names="value")
        self.machine.observe(lambda change: self._new_machine(), names="value")
        self.knob.observe(lambda change: self._turned(), names="value")
        controls = row(
            button("Try all", "try all settings of the knob", self.try_all),
            button("Other points", "draw new points of the same kind", self.draw_again),
        )
        self._new_data()
        super().__init__(
            [self.data, self.machine, self.knob, controls, self._said, self._live],
            "a machine, its main knob, its region and both its errors",
        )

    def _knob(self) -> Knob:
        name = self.machine.value if hasattr(self, "machine") else next(iter(MACHINES))
        return MACHINES[name]

    def try_all(self) -> None:
        """Let new machines learn with every setting of the knob, and mark all errors."""
        for value in self._knob().values:
            self._learn(value)
        self._show()

    def draw_again(self) -> None:
        """Draw other points from the same source."""
        self._seed += 1
        self._new_data()

    def _new_data(self) -> None:
        rng = np.random.default_rng([self._seed, list(DATA).index(self.data.value)])
        make = DATA[self.data.value]
        self._known, self._new = make(KNOWN, rng), make(NEW, rng)
        self.tried = {}
        self._show()

    def _new_machine(self) -> None:
        knob = self._knob()
        self._quiet = True
        self.knob.options, self.knob.description = knob.values, knob.name
        self.knob.value = knob.start
        self.knob.disabled = len(knob.values) == 1
        self._quiet = False
        self.tried = {}
        self._show()

    def _turned(self) -> None:
        if not self._quiet:
            self._show()

    def _learn(self, value: Any) -> Any:
        machine = self._knob().make(value)
        machine.fit(*self._known)
        known, new = (float(np.mean(machine.predict(x) != y)) for x, y in (self._known, self._new))
        self.tried[value] = known, new
        return machine

    def _new_drawing(self) -> Figure:
        figure, (self._plane, self._errors) = new_figure(1, 2, size=(4.0, 3.6))
        label(self._plane, "feature $x_1$", "feature $x_2$", "What it answers everywhere")
        (self._known_line,) = self._errors.plot([], [], "o-", color=BLUE, label="known points")
        (self._new_line,) = self._errors.plot([], [], "s--", color=RED, label="new points")
        self._errors.legend(loc="upper center")
        label(self._errors, "knob", "wrong answers, %", "Errors at the settings tried")
        return figure

    def _show(self) -> None:
        with DRAWING:
            value = self.knob.value
            machine = self._learn(value)
            box = box_of(self._known[0])
            self._plane.clear()
            draw_region(self._plane, box, answers_on(box, machine.predict))
            draw_points(self._plane, *self._known, size=22)
            label(self._plane, "feature $x_1$", "feature $x_2$", "What it answers everywhere")
            self._draw_errors()
            known, new = self.tried[value]
            said = (
                f"{self.data.value}, {self.machine.value}, {self._knob().name} {value}: wrong are "
                f"{100 * known:.1f} % of the {KNOWN} points that it knows, and {100 * new:.1f} % "
                f"of {NEW} new ones."
            )
            self._said.value = f'<div role="status" style="min-height:3em">{said}</div>'
            self._live.redraw(said)

    def _draw_errors(self) -> None:
        values = self._knob().values
        places = [place for place, value in enumerate(values) if value in self.tried]
        for line, which in ((self._known_line, 0), (self._new_line, 1)):
            line.set_data(places, [100 * self.tried[values[place]][which] for place in places])
        top = max(max(errors) for errors in self.tried.values())
        self._errors.set_xticks(range(len(values)), [str(value) for value in values])
        self._errors.set(xlim=(-0.5, len(values) - 0.5), ylim=(-2, max(55, 130 * top)))
        self._errors.set_xlabel(self._knob().name)

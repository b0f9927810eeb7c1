"""A deep-learning course: from-scratch networks in NumPy, proved against Keras.

    from dlcourse import nn, datasets, figures, widgets, compare
    from dlcourse.grading import check

    dlcourse.glossary("logit")      what a word or a symbol means, and which lesson explains it

Each part is imported when it is first asked for, so that ``import dlcourse`` costs
next to nothing.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlcourse.terms import Entry, Listing

__version__ = "1.0.0"

PARTS = (
    "nn",
    "datasets",
    "figures",
    "compare",
    "checks",
    "widgets",
    "exercises",
    "grading",
    "lessons",
)


def glossary(word: str) -> "Entry | Listing":
    """Look up a term or a symbol of the course; an unknown word gets the nearest terms.

    >>> glossary("step size")
    learning rate: The factor in front of the slope in an update: how large the
    steps are.
      symbol: η
      other names: step size, eta
      explained in: lesson 04, Losses and information
    """
    from dlcourse.terms import look_up

    return look_up(word)


def __getattr__(name: str) -> ModuleType:
    """Import a part of the package on first use (PEP 562)."""
    if name in PARTS:
        return import_module(f"dlcourse.{name}")
    raise AttributeError(f"module 'dlcourse' has no attribute {name!r}; its parts are {PARTS}")


def __dir__() -> list[str]:
    return [*globals(), *PARTS]

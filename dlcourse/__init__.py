"""A deep-learning course: from-scratch networks in NumPy, proved against Keras.

    from dlcourse import nn, datasets, figures, widgets, compare
    from dlcourse.grading import check

Each part is imported when it is first asked for, so that ``import dlcourse`` costs
next to nothing.
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

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


def __getattr__(name: str) -> ModuleType:
    """Import a part of the package on first use (PEP 562)."""
    if name in PARTS:
        return import_module(f"dlcourse.{name}")
    raise AttributeError(f"module 'dlcourse' has no attribute {name!r}; its parts are {PARTS}")


def __dir__() -> list[str]:
    return [*globals(), *PARTS]

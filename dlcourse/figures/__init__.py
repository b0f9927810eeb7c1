"""What the lessons draw with; the figures of one lesson stand in its wing.

- ``show(figures.perceptron_diagram())`` displays a figure, with its description;
- ``source(nn.Dense.forward)`` shows code of the package, from its file.
"""

from dlcourse.figures.plane import plane, signed, unit_outputs
from dlcourse.figures.source_code import source
from dlcourse.figures.speed import batch_sweep, roofline
from dlcourse.figures.style import describe, label, new_figure, show, to_png
from dlcourse.figures.training import history

__all__ = [
    "batch_sweep",
    "describe",
    "history",
    "label",
    "new_figure",
    "plane",
    "roofline",
    "show",
    "signed",
    "source",
    "to_png",
    "unit_outputs",
]

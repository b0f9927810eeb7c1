"""Figures of the lessons: each function returns a matplotlib Figure with a description.

- ``figures.show(figures.perceptron_diagram())`` displays one, and its description;
- ``figures.source(nn.Dense.forward)`` shows code of the package, from its file.
"""

from dlcourse.figures.backprop_steps import trace_backprop
from dlcourse.figures.backpropagation import (
    backprop_frames,
    chain_table,
    error_curves,
    network_figure,
)
from dlcourse.figures.boundaries import plane, signed, unit_outputs
from dlcourse.figures.graph import autodiff_graph
from dlcourse.figures.perceptron import (
    decision_line,
    draw_line,
    draw_points,
    mistakes_against_bound,
    norm_squeeze,
    perceptron_diagram,
    update_frames,
    update_table,
    vector,
    weight_cycle,
)
from dlcourse.figures.source import source
from dlcourse.figures.style import describe, label, new_figure, show, to_png

__all__ = [
    "autodiff_graph",
    "backprop_frames",
    "chain_table",
    "decision_line",
    "describe",
    "draw_line",
    "draw_points",
    "error_curves",
    "label",
    "mistakes_against_bound",
    "network_figure",
    "new_figure",
    "norm_squeeze",
    "perceptron_diagram",
    "plane",
    "show",
    "signed",
    "source",
    "to_png",
    "trace_backprop",
    "unit_outputs",
    "update_frames",
    "update_table",
    "vector",
    "weight_cycle",
]

"""Figures of the lessons: each function returns a matplotlib Figure with a description.

- ``figures.show(figures.perceptron_diagram())`` displays one, and its description;
- ``figures.source(nn.Dense.forward)`` shows code of the package, from its file.
"""

from dlcourse.figures.autodiff import difference_errors, gradient_cost
from dlcourse.figures.backprop_steps import trace_backprop
from dlcourse.figures.backpropagation import (
    backprop_frames,
    chain_table,
    error_curves,
    network_figure,
    printed_digits,
    two_two_two,
)
from dlcourse.figures.backward_steps import backward_steps
from dlcourse.figures.boundaries import (
    activation_shapes,
    answer_region,
    approximations,
    count_pieces,
    decision_boundaries,
    draw_classes,
    draw_surface,
    plane,
    signed,
    threshold_sum,
    unit_frames,
    unit_outputs,
    xor_by_hand,
)
from dlcourse.figures.convolution import (
    all_positions,
    column_matrix,
    conv_layer,
    pictures,
    receptive_field_frames,
    receptive_field_table,
    stack_maps,
    window_frames,
)
from dlcourse.figures.graph import autodiff_frames, autodiff_graph
from dlcourse.figures.history import history
from dlcourse.figures.lstm import (
    adding_record,
    answers_against_targets,
    cell_growth,
    forecast,
    gate_traces,
    gradient_decay,
    lstm_diagram,
    memory_difference,
    reber_graph,
    seed_dots,
)
from dlcourse.figures.lstm_trace import Hold, LSTMTrace, trace_lstm
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
    "Hold",
    "LSTMTrace",
    "activation_shapes",
    "adding_record",
    "all_positions",
    "answer_region",
    "answers_against_targets",
    "approximations",
    "autodiff_frames",
    "autodiff_graph",
    "backprop_frames",
    "backward_steps",
    "cell_growth",
    "chain_table",
    "column_matrix",
    "conv_layer",
    "count_pieces",
    "decision_boundaries",
    "decision_line",
    "describe",
    "difference_errors",
    "draw_classes",
    "draw_line",
    "draw_points",
    "draw_surface",
    "error_curves",
    "forecast",
    "gate_traces",
    "gradient_cost",
    "gradient_decay",
    "history",
    "label",
    "lstm_diagram",
    "memory_difference",
    "mistakes_against_bound",
    "network_figure",
    "new_figure",
    "norm_squeeze",
    "perceptron_diagram",
    "pictures",
    "plane",
    "printed_digits",
    "reber_graph",
    "receptive_field_frames",
    "receptive_field_table",
    "seed_dots",
    "show",
    "signed",
    "source",
    "stack_maps",
    "threshold_sum",
    "to_png",
    "trace_backprop",
    "trace_lstm",
    "two_two_two",
    "unit_frames",
    "unit_outputs",
    "update_frames",
    "update_table",
    "vector",
    "weight_cycle",
    "window_frames",
    "xor_by_hand",
]

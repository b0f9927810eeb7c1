"""Interactive figures: controls from ipywidgets around figures and networks of the course.

Every one has a fixed text form, so that strict nbval can compare it, and static frames
beside it in its lesson, for readers without a kernel.
"""

from dlcourse.widgets.autodiff_board import AutodiffBoard
from dlcourse.widgets.backprop_stepper import BackpropStepper
from dlcourse.widgets.cnn_board import CNNBoard
from dlcourse.widgets.convolution_explorer import ConvolutionExplorer
from dlcourse.widgets.gate_inspector import GateInspector
from dlcourse.widgets.live_figure import Board, LiveFigure, interactive
from dlcourse.widgets.neuron_board import logistic_board
from dlcourse.widgets.perceptron_board import PerceptronBoard
from dlcourse.widgets.playground import Playground, gradient_step
from dlcourse.widgets.prediction import Prediction
from dlcourse.widgets.recurrent_board import jacobian_board

__all__ = [
    "AutodiffBoard",
    "BackpropStepper",
    "Board",
    "CNNBoard",
    "ConvolutionExplorer",
    "GateInspector",
    "LiveFigure",
    "PerceptronBoard",
    "Playground",
    "Prediction",
    "gradient_step",
    "interactive",
    "jacobian_board",
    "logistic_board",
]

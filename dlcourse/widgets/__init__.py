"""What interactive figures are made of; the board of one lesson stands in its wing.

Every board has a fixed text form, so that strict nbval can compare it, and static frames
beside it in its lesson, for readers without a kernel.
"""

from dlcourse.widgets.live_figure import Board, LiveFigure, interactive
from dlcourse.widgets.prediction import Prediction

__all__ = ["Board", "LiveFigure", "Prediction", "interactive"]

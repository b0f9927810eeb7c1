"""Grading: instant feedback in a notebook, and a whole class in a sandbox.

>>> from dlcourse.grading import check
"""

from dlcourse.grading.notebook import check
from dlcourse.grading.score import Score

__all__ = ["Score", "check"]

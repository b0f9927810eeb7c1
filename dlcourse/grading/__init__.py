"""Grading: instant feedback in a notebook, release and hand-out of exercises, progress.

>>> from dlcourse.grading import check, progress
"""

from dlcourse.grading.attempts import progress
from dlcourse.grading.notebook import check
from dlcourse.grading.score import Score

__all__ = ["Score", "check", "progress"]

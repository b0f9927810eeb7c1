"""Exercises on their way to a learner and back: made, handed out, counted.

    release.py     make ``exercises/`` from ``solutions/``
    hand_out.py    copy lessons and exercises to the learner's folder, overwriting nothing
    attempts.py    what a learner has done

>>> from dlcourse.exercises import progress, standing
"""

from dlcourse.exercises.attempts import progress, standing

__all__ = ["progress", "standing"]

"""Exercises on their way to a learner and back: made, handed out, counted.

    release.py     make ``exercises/`` from ``solutions/``
    hand_out.py    copy lessons and exercises to the learner's folder, overwriting nothing
    attempts.py    what a learner has done
    library.py     what a learner has written, gathered in a module of their own
    pieces.py      a function as text, with what it needs
    files.py       files of a learner's folder, written whole and over nothing

>>> from dlcourse.exercises import progress, standing
"""

from dlcourse.exercises.attempts import finished, progress, standing

__all__ = ["finished", "progress", "standing"]

"""The one switch between a learner and an author.

Whoever executes and tests the course as its author sees every answer and stores still pictures of
boards; a learner does not. `dlcourse execute` and `dlcourse test` set the variable.
"""

import os

AUTHOR = "DLCOURSE_AUTHOR"


def is_author() -> bool:
    """Return whether this notebook runs as its author runs it."""
    return bool(os.environ.get(AUTHOR))

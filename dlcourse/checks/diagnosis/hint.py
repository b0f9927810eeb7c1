"""What a rule has to say."""

from typing import NamedTuple


class Hint(NamedTuple):
    """One sentence or two that name the cause, and the line of the learner's code behind it.

    Attributes
    ----------
    text : str
        For the first card: what and where, not yet the line.
    line : int
        Its number in its cell; 0 if it is not known.
    mistake : str
        The name of the mistake, where it is one that the check knows.
    """

    text: str
    line: int = 0
    mistake: str = ""


NOTHING = Hint("")

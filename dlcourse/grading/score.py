"""The points of one function, as nbgrader wants to read them."""

from dlcourse.grading.card import MUTED
from dlcourse.tables import points


class Score(float):
    """Points: a float whose text is the bare number, from which nbgrader reads partial credit.

    Parameters
    ----------
    value : float
        The points.
    of : float
        Full marks.

    Examples
    --------
    >>> Score(1.5, of=2)
    1.5
    """

    of: float

    def __new__(cls, value: float, of: float = 0.0) -> "Score":
        """Make the number and remember what it is out of."""
        score = super().__new__(cls, value)
        score.of = of
        return score

    def __repr__(self) -> str:
        return points(self)

    def _repr_html_(self) -> str:
        return f'<small style="{MUTED}">{points(self)} of {points(self.of)} points</small>'

"""Predict before you run: a question whose answer the next cell computes."""

from collections.abc import Sequence
from html import escape

import ipywidgets
from IPython.display import Markdown


class Prediction(ipywidgets.VBox):  # type: ignore[misc]
    """A question with choices; the learner's choice is kept until the answer is known.

    Parameters
    ----------
    question : str
    choices : sequence of str
        At least two. None is chosen at first.

    Examples
    --------
    >>> prediction = Prediction("How many legs has a spider?", ["six", "eight"])
    >>> prediction.choose("six")
    >>> print(prediction.reveal("eight").data)
    **Measured: eight.** You predicted "six". Where did your reasoning part from the experiment?
    """

    def __init__(self, question: str, choices: Sequence[str]) -> None:
        if len(choices) < 2:
            raise ValueError(f"a prediction needs at least two choices, got {list(choices)}")
        self.question = question
        self._buttons = ipywidgets.RadioButtons(
            options=list(choices),
            value=None,
            layout=ipywidgets.Layout(width="auto"),
        )
        self._buttons.add_class("dlcourse-prediction")
        self._buttons.tooltip = question
        heading = ipywidgets.HTML(f"<b>Predict, then run on.</b> {escape(question)}")
        super().__init__([heading, self._buttons])

    @property
    def choice(self) -> str | None:
        """The learner's choice, or None."""
        value: str | None = self._buttons.value
        return value

    def choose(self, choice: str) -> None:
        """Choose as if by a click."""
        self._buttons.value = choice

    def reveal(self, answer: str) -> Markdown:
        """Set the measured answer beside the prediction.

        Parameters
        ----------
        answer : str
            The measured answer, computed and not typed in.

        Raises
        ------
        ValueError
            If `answer` is none of the choices: the question would have been unfair.
        """
        if answer not in self._buttons.options:
            raise ValueError(f"expected one of {list(self._buttons.options)}, got {answer!r}")
        if self.choice is None:
            comment = (
                "Nothing was chosen above. Choose first next time: a wrong guess teaches most."
            )
        elif self.choice == answer:
            comment = "You predicted it."
        else:
            comment = (
                f'You predicted "{self.choice}". Where did your reasoning part from the experiment?'
            )
        return Markdown(f"**Measured: {answer}.** {comment}")

    def __repr__(self) -> str:
        return "\n".join([self.question, *(f"  ( ) {option}" for option in self._buttons.options)])

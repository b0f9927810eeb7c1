"""Predict before you run: a question whose answer a later cell computes.

That cell begins with ``question.choose_first()``, so that neither its prints nor its figures give
the answer away. Whoever executes and tests the course as its author predicts nothing and sees
everything (see `dlcourse.widgets.author`).
"""

from collections.abc import Sequence
from html import escape
from typing import Any

import ipywidgets
from IPython.display import Markdown

from dlcourse.widgets.author import is_author
from dlcourse.widgets.board import Guard

FIRST = "Choose an answer above first. Then run this cell again."
# On a page that somebody reads without running it, the answer waits for a click.
FOLDED = "<details><summary>What was measured</summary>\n\n**{answer}.**\n\n</details>"


class ChooseFirstError(RuntimeError):
    """Nothing was predicted yet; what follows in the cell would give the answer away."""

    def _render_traceback_(self) -> list[str]:
        """Tell IPython to show the sentence alone: nothing is broken."""
        return [str(self)]


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
    >>> prediction.choose_first()
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
        super().__init__([heading, self._buttons, Guard()])
        self.add_class("dlcourse-box")

    @property
    def choice(self) -> str | None:
        """The learner's choice, or None."""
        value: str | None = self._buttons.value
        return value

    def choose(self, choice: str) -> None:
        """Choose as if by a click."""
        self._buttons.value = choice

    def choose_first(self) -> None:
        """Stop the cell that computes the answer until something is chosen.

        Raises
        ------
        ChooseFirstError
            If nothing is. JupyterLab shows one sentence in place of what the cell prints.
        """
        if self.choice is None and not is_author():
            raise ChooseFirstError(FIRST)

    def reveal(self, answer: str) -> Markdown:
        """Set the measured answer beside the prediction; without one, reveal nothing.

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
            return Markdown(FOLDED.format(answer=answer) if is_author() else FIRST)
        if self.choice == answer:
            comment = "You predicted it."
        else:
            comment = (
                f'You predicted "{self.choice}". Where did your reasoning part from the experiment?'
            )
        return Markdown(f"**Measured: {answer}.** {comment}")

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Add the whole text: ipywidgets cuts it after 110 letters, often amid the choices."""
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data["text/plain"] = repr(self)
        return bundle

    def __repr__(self) -> str:
        return "\n".join([self.question, *(f"  ( ) {option}" for option in self._buttons.options)])

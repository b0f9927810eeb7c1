"""A verdict as a card: HTML in JupyterLab, the same words as plain text everywhere else.

Colours come from JupyterLab's theme, light or dark, with fallbacks for pages outside of it.
They only repeat what the mark and the words already say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import fill, indent
from typing import Any, Literal

import numpy as np

from dlcourse.checks import Outcome, Verdict
from dlcourse.checks.runner import Opaque
from dlcourse.checks.values import brief, describe
from dlcourse.checks.worked import lines
from dlcourse.grading.rendering import render
from dlcourse.tables import points

WIDTH = 88
MARKS = {"passed": "✓", "wrong": "✗", "todo": "○"}
COLOURS = {
    "passed": "var(--jp-success-color1, #388e3c)",
    "wrong": "var(--jp-error-color1, #d32f2f)",
    "todo": "var(--jp-warn-color1, #f57c00)",
}
MUTED = "color:var(--jp-content-font-color2, #757575)"


@dataclass(frozen=True)
class Section:
    """A labelled sentence, a few lines of code or output, or both."""

    label: str
    text: str = ""
    code: str = ""


@dataclass(frozen=True)
class Card:
    """What `check` shows.

    Attributes
    ----------
    kind : {"passed", "wrong", "todo"}
        It decides the mark and the colour.
    headline : str
        The verdict in one line.
    sections : tuple of Section
        What there is to say about it.
    hint : str
        What to do next; it is shown last.
    """

    kind: Literal["passed", "wrong", "todo"]
    headline: str
    sections: tuple[Section, ...] = ()
    hint: str = ""

    def __repr__(self) -> str:
        text = [f"{MARKS[self.kind]} {self.headline}"]
        advice = (Section(self.hint_label, self.hint),) if self.hint else ()
        for section in (*self.sections, *advice):
            words = f"{section.label}: {section.text}" if section.text else f"{section.label}:"
            text.append(indent(fill(words, WIDTH - 2), "  "))
            if section.code:
                text.append(indent(section.code, "      "))
        return "\n".join(text)

    @property
    def hint_label(self) -> str:
        """How the hint is announced: as help, or as the next thing to do."""
        return "Next" if self.kind == "todo" else "Hint"

    def _repr_html_(self) -> str:
        return render("card.html", card=self, mark=MARKS[self.kind], colour=COLOURS[self.kind])

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Card":
        """Return the card whose fields `dataclasses.asdict` has put into a dictionary."""
        sections = tuple(Section(**section) for section in data["sections"])
        return cls(**data | {"sections": sections})


@dataclass(frozen=True)
class Award:
    """What a verdict is worth.

    Attributes
    ----------
    verdict : Verdict
    points : float
    reason : str
        Why these are not the points of the verdict; empty if they are.
    """

    verdict: Verdict
    points: float
    reason: str = ""


STOOD_IN = (
    "Your code calls {names}. What is wrong there costs points there; here the course's own stood "
    "in."
)
TOO_OFTEN = (
    "Your code calls {names}, where something is wrong, too often for the course's own to stand "
    "in. With that mended, this may be worth more."
)


def award_card(award: Award, later: Sequence[Section] = ()) -> Card:
    """Lay out a verdict and its points.

    Parameters
    ----------
    award : Award
    later : sequence of Section
        What is shown besides, because it was tried so often (see `dlcourse.grading.rungs`).
    """
    verdict = award.verdict
    card = verdict_card(verdict)
    before = (Section("Points", award.reason),) if award.reason else ()
    if award.reason and verdict.failure:
        card = replace(card, headline=_headline(verdict, award.points))
    return replace(card, sections=(*before, *card.sections, *later))


def _headline(verdict: Verdict, earned: float) -> str:
    check = verdict.check
    return (
        f"{check.name}: {verdict.passed} of {len(verdict.results)} tests passed, "
        f"{points(earned)} of {points(check.points)} points"
    )


def verdict_card(verdict: Verdict) -> Card:
    """Lay out a verdict: what was wrong, on which input, expected and received, the hint."""
    name, total = verdict.check.name, len(verdict.results)
    full = points(verdict.check.points)
    failure = verdict.failure
    if failure is None:
        headline = f"{name}: all {total} tests passed, {full} of {full} points"
        note = (Section("Note", verdict.note),) if verdict.note else ()
        return Card("passed", headline, (*note, *_printed(verdict)))
    if verdict.untouched:
        return Card(
            "todo",
            f"{name}: nothing returned yet, 0 of {full} points",
            hint=failure.hint,
        )
    headline = _headline(verdict, verdict.score)
    outcome, check = failure.outcome, verdict.check
    sections = [
        Section("What is wrong", failure.problem, _error(outcome)),
        Section(
            "On this input", failure.case.about, _assign(check.parameters, failure.case.arguments)
        ),
    ]
    if check.goal is None:
        sections.append(_value("Expected", failure.expected, check.returns))
    if outcome.error is None:
        sections.append(_value("Received", outcome.value, check.returns))
    if outcome.warnings:
        sections.append(Section("NumPy or Python warned", outcome.warnings[0]))
    return Card("wrong", headline, (*sections, *_printed(verdict)), failure.hint)


def _error(outcome: Outcome) -> str:
    """Show the learner's line that raised the error, and the error's own words below it."""
    error = outcome.error
    if error is None:
        return ""
    message = error.message.strip().partition("\n")[0]
    words = f"{error.kind}: {message}" if message else error.kind
    if error.kind == "TimeLimitError":
        words = ""
    return "\n".join(filter(None, (error.line, words)))


def _value(label: str, value: Any, names: tuple[str, ...]) -> Section:
    """Show a value: short ones in the line, arrays below it, several under their names."""
    if value is None or isinstance(value, Opaque):
        return Section(label, describe(value))
    if len(names) > 1 and isinstance(value, (tuple, list)) and len(value) == len(names):
        return Section(label, "", _assign(names, value))
    if isinstance(value, (np.ndarray, tuple, list, dict)):
        return Section(label, describe(value), brief(value))
    if isinstance(value, bool):
        return Section(label, str(value))
    return Section(label, f"{brief(value)}, {describe(value)}")


def _assign(names: Sequence[str], values: Sequence[Any]) -> str:
    """Write ``name = value`` for each, the further lines of an array below its first."""
    return lines(list(zip(names, values, strict=True)))


def _printed(verdict: Verdict) -> tuple[Section, ...]:
    """Show what the function printed on the failing case, or on the first that made it print."""
    printed = verdict.failure.outcome.printed if verdict.failure else ""
    where = "on this input" if printed else "on one of the inputs"
    printed = printed or next((o.printed for o in verdict.outcomes if o.printed), "")
    if not printed.strip():
        return ()
    said = printed.rstrip().splitlines()
    shown = [*said[:6], "..."] if len(said) > 6 else said
    return (Section("Printed by your function", where, "\n".join(shown)),)

"""A verdict as a card: HTML in JupyterLab, the same words as plain text everywhere else.

Colours come from JupyterLab's theme, light or dark, with fallbacks for pages outside of it.
They only repeat what the mark and the words already say.
"""

from dataclasses import dataclass
from html import escape
from textwrap import fill, indent
from typing import Literal

from dlcourse.checks import Verdict
from dlcourse.checks.values import brief, describe

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
    """

    kind: Literal["passed", "wrong", "todo"]
    headline: str
    sections: tuple[Section, ...] = ()

    def __repr__(self) -> str:
        lines = [f"{MARKS[self.kind]} {self.headline}"]
        for section in self.sections:
            words = f"{section.label}: {section.text}" if section.text else f"{section.label}:"
            lines.append(indent(fill(words, WIDTH - 2), "  "))
            if section.code:
                lines.append(indent(section.code, "      "))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        colour = COLOURS[self.kind]
        body = "".join(map(_section_html, self.sections))
        return (
            f'<div style="border-left:4px solid {colour}; padding:2px 0 2px 12px; margin:4px 0; '
            'max-width:50em; color:var(--jp-content-font-color1, inherit); line-height:1.45">'
            f'<div><span style="color:{colour}; font-weight:bold" aria-hidden="true">'
            f"{MARKS[self.kind]}</span> <strong>{escape(self.headline)}</strong></div>{body}</div>"
        )


def _section_html(section: Section) -> str:
    code = (
        '<pre style="margin:2px 0 0 0; padding:4px 8px; white-space:pre-wrap; '
        'background:var(--jp-layout-color2, rgba(128,128,128,.12)); color:inherit">'
        f"{escape(section.code)}</pre>"
        if section.code
        else ""
    )
    return (
        f'<div style="margin-top:6px"><span style="{MUTED}">{escape(section.label)}:</span> '
        f"{_code_marks(escape(section.text))}{code}</div>"
    )


def _code_marks(text: str) -> str:
    """Set what stands between backquotes as code."""
    parts = text.split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def points(number: float) -> str:
    """Write points without needless decimals.

    >>> points(2.0), points(1.5), points(1.29)
    ('2', '1.5', '1.29')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")


def verdict_card(verdict: Verdict) -> Card:
    """Lay out a verdict: what was wrong, on which input, expected and received, the hint."""
    name, total = verdict.check.name, len(verdict.results)
    full = points(verdict.check.points)
    failure = verdict.failure
    if failure is None:
        headline = f"{name}: all {total} tests passed, {full} of {full} points"
        return Card("passed", headline, _printed(verdict))
    if verdict.untouched:
        return Card(
            "todo", f"{name}: not written yet, 0 of {full} points", (Section("Next", failure.hint),)
        )
    headline = (
        f"{name}: {verdict.passed} of {total} tests passed, "
        f"{points(verdict.score)} of {full} points"
    )
    arguments = zip(verdict.check.parameters, failure.case.arguments, strict=True)
    lines = "\n".join(_assign(parameter, value) for parameter, value in arguments)
    sections = [
        Section("What is wrong", failure.problem),
        Section("On this input", failure.case.about, lines),
        Section("Expected", describe(failure.expected), brief(failure.expected)),
    ]
    error = failure.outcome.error
    if error is None:
        value = failure.outcome.value
        sections.append(Section("Received", describe(value), "" if value is None else brief(value)))
    else:
        message = error.message.partition("\n")[0]
        where = f"line {error.number}" if error.line else "the call itself"
        sections.append(
            Section(
                "Your code stopped",
                f"at {where}",
                "\n".join(
                    filter(
                        None, [error.line, f"{error.kind}: {message}" if message else error.kind]
                    )
                ),
            )
        )
    if failure.hint:
        sections.append(Section("Hint", failure.hint))
    return Card("wrong", headline, (*sections, *_printed(verdict)))


def _assign(name: str, value: object) -> str:
    """Write ``name = value``, the further lines of an array below its first."""
    start = f"{name} = "
    first, *rest = brief(value).splitlines()
    return "\n".join([start + first, *(" " * len(start) + line for line in rest)])


def _printed(verdict: Verdict) -> tuple[Section, ...]:
    """Show what the function printed on the failing case, or on the first that made it print."""
    outcome = verdict.failure.outcome if verdict.failure else None
    if not (outcome and outcome.printed):
        outcome = next((o for o in verdict.outcomes if o.printed), None)
    if outcome is None:
        return ()
    lines = outcome.printed.rstrip().splitlines()
    shown = [*lines[:6], "..."] if len(lines) > 6 else lines
    return (Section("Your function printed", "on one of the inputs", "\n".join(shown)),)

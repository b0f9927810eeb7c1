"""Two pages for the teacher of a lesson: what to say, what goes wrong, the answers to everything.

What a lesson and its exercise already say is taken from them. What stands nowhere else stands in
``docs/teaching/notes.toml``.
"""

import json
import re
import tomllib
from functools import cache
from typing import Any, NamedTuple

from dlcourse import checks
from dlcourse.checks import Check
from dlcourse.layout import EXERCISES, ROOT
from dlcourse.recall.questions import Question, questions
from dlcourse.syllabus import LESSONS, Lesson
from dlcourse.teaching.deck import deck
from dlcourse.teaching.render import inline

NOTES = ROOT / "docs" / "teaching" / "notes.toml"
MISTAKES = NOTES.with_name("mistakes.toml")
IN_CLASS = 90  # minutes of every plan
HINTS = 2  # of each function


class Task(NamedTuple):
    """One function of an exercise.

    Attributes
    ----------
    call : str
        ``"perceptron_step(w, x, y)"``.
    points : float
    hints : tuple of str
        What a learner is told who makes the mistake; Markdown.
    seen : int
        How many of them, the first ones, stood in answers written from the exercise's text alone.
    """

    call: str
    points: float
    hints: tuple[str, ...]
    seen: int = 0


class Sheet(NamedTuple):
    """All that stands on the two pages of a lesson.

    Attributes
    ----------
    lesson : Lesson
    needs : tuple of str
        The titles of the lessons that it builds on.
    exercise_minutes : int
        What its exercise says; 0 where there is none.
    open, board, answer : str
        As in ``notes.toml``, where the file says what they are.
    stumbles : tuple of str
    plan : tuple of int and str
    predictions, reviews : tuple of Question
    tasks : tuple of Task
    slides : tuple of int
        On which slide each prediction stands.
    """

    lesson: Lesson
    needs: tuple[str, ...]
    exercise_minutes: int
    open: str
    stumbles: tuple[str, ...]
    board: str
    answer: str
    plan: tuple[tuple[int, str], ...]
    predictions: tuple[Question, ...]
    reviews: tuple[Question, ...]
    tasks: tuple[Task, ...]
    slides: tuple[int, ...]


@cache
def written() -> dict[str, Any]:
    """Return what ``notes.toml`` says of each lesson, by its number."""
    return tomllib.loads(NOTES.read_text(encoding="utf-8"))


def sheet(lesson: Lesson) -> Sheet:
    """Return what stands on the pages of a lesson.

    Raises
    ------
    KeyError
        If ``notes.toml`` says nothing of it.

    Examples
    --------
    >>> page = sheet(LESSONS[5])
    >>> sum(minutes for minutes, _ in page.plan), page.predictions[1].answer
    (90, 'both up')
    """
    own = written()[lesson.number]
    titles = {other.number: other.title for other in LESSONS}
    asked = questions([lesson.number])
    predictions = tuple(question for question in asked if question.kind == "prediction")
    place = {
        slide.points[0]: number
        for number, slide in enumerate(deck(lesson), 1)
        if slide.kind == "predict"
    }
    return Sheet(
        lesson,
        tuple(f"{number} {titles[number]}" for number in lesson.needs),
        exercise_minutes(lesson),
        own["open"],
        tuple(own["stumbles"]),
        own["board"],
        own["answer"],
        tuple((minutes, text) for minutes, text in own["plan"]),
        predictions,
        tuple(question for question in asked if question.kind == "review"),
        tuple(map(_task, checks.lessons().get(lesson.number, ()))),
        tuple(place[inline(question.text)] for question in predictions),
    )


def exercise_minutes(lesson: Lesson) -> int:
    """Return how long its exercise takes, as it says itself; 0 if there is none."""
    if not lesson.has_exercise:
        return 0
    path = EXERCISES / lesson.name / f"{lesson.name}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = " ".join("".join(cell["source"]) for cell in cells[:4])
    said = re.search(r"Plan on\s+(\d+)\s+minutes", text)
    if said is None:
        raise ValueError(f'{path.name} does not say "Plan on NN minutes"')
    return int(said[1])


# Mistakes of Python and not of the subject: a teacher knows them.
GENERAL = ("in_place", "returns", "list", "print", "int")


@cache
def seen() -> dict[str, dict[str, int]]:
    """Return what ``mistakes.toml`` counts: of each function its mistakes, most frequent first."""
    return tomllib.loads(MISTAKES.read_text(encoding="utf-8"))


def _task(check: Check) -> Task:
    """Return a function with the mistakes that were made, most frequent first, then those known."""
    if check.goal:
        open_task = (
            "Open: something is trained until it is good enough. There are many right answers."
        )
        return Task(check.call, check.points, (open_task,))
    hint = {mistake.name: mistake.hint for mistake in check.mistakes if len(mistake.hint) < 230}
    made = [name for name in seen().get(check.name, {}) if name in hint][:HINTS]
    known = [name for name in hint if name not in made and not name.startswith(GENERAL)]
    chosen = [*made, *known][:HINTS]
    return Task(check.call, check.points, tuple(hint[name] for name in chosen), len(made))

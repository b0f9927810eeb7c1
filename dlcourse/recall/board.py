"""A board that asks what is due today: question, answer, and four grades with their times.

It keeps what ``dlcourse review`` keeps, in the same file. Questions with choices mark themselves.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from dlcourse import layout
from dlcourse.recall import done, schedule
from dlcourse.recall.markup import to_html
from dlcourse.recall.questions import Question, questions
from dlcourse.recall.schedule import Grade, Schedule, in_words
from dlcourse.syllabus import LESSONS
from dlcourse.widgets.author import is_author
from dlcourse.widgets.files import script
from dlcourse.widgets.live_figure import button, row
from dlcourse.widgets.still import with_still

HERE = Path(__file__).parent
STILL = HERE / "board.png"
NO_LESSON = "Nothing to ask yet: run a lesson, or pass an exercise, and come back."
TITLES = {lesson.number: lesson.title for lesson in LESSONS}


def now() -> datetime:
    """Return the time, with its zone."""
    return datetime.now().astimezone()


class Keys(anywidget.AnyWidget):
    """The invisible part of a review board that looks after keys, focus and what is read aloud.

    Attributes
    ----------
    turn : int
        Raised whenever the learner has done something, so that the focus goes on.
    """

    _esm = script(HERE / "board.js")
    turn = traitlets.Int(0).tag(sync=True)

    def __repr__(self) -> str:
        return "Keys()"


class ReviewBoard(ipywidgets.VBox):  # type: ignore[misc]
    """Ask what is due today, of the lessons that the learner has done.

    Parameters
    ----------
    lessons : list of str, optional
        Numbers of lessons to ask about instead.
    home : Path, optional
        The learner's folder; without it, the one that is in use.
    clock : callable, optional
        Returns the time, with its zone.
    """

    def __init__(
        self,
        lessons: list[str] | None = None,
        home: Path | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._clock = clock
        self._make_parts()
        super().__init__(
            [
                self._status,
                self._question,
                self._choices,
                row(self._show),
                self._answer,
                row(*self._grades.values()),
                self._keys,
            ]
        )
        self.add_class("dlcourse-box")
        self.asked: list[Question] = []  # the first one is shown
        self.schedule = Schedule((home or Path()) / schedule.FILE)
        self._begin(lessons, home or layout.home())

    def _make_parts(self) -> None:
        self._status, self._answer = ipywidgets.HTML(), ipywidgets.HTMLMath()
        self._question = ipywidgets.HTMLMath()
        self._choices = ipywidgets.RadioButtons(
            options=[], layout=ipywidgets.Layout(width="auto"), tooltip="Choose an answer"
        )
        self._show = button("Show the answer", "show the answer, or mark the choice", self.show)
        self._grades = {
            grade: button("", "", lambda grade=grade: self.grade(grade))  # type: ignore[misc]
            for grade in Grade
        }
        self._keys = Keys()
        parts = {"status": self._status, "question": self._question, "answer": self._answer}
        for name, part in parts.items():
            part.add_class(f"dlcourse-review-{name}")
        self._choices.add_class("dlcourse-prediction")
        self._choices.add_class("dlcourse-review-choices")
        for part in (self._show, self._grades[Grade.GOOD]):
            part.add_class("dlcourse-review-next")
        for part in self._grades.values():
            part.add_class("dlcourse-review-grade")

    def _begin(self, lessons: list[str] | None, home: Path | None) -> None:
        """Find out what is due; an author, who stores a still picture, begins lesson 05."""
        sentence = NO_LESSON
        if is_author():
            self.asked = self.schedule.due(questions(lessons or ["05"]), self._clock())
        elif home is not None and (lessons := lessons or done.lessons_done(home)):
            try:
                self.schedule = schedule.load(home, self._clock())
                self.asked = self.schedule.due(questions(lessons), self._clock())
                sentence = " ".join([*self._notices(), self._left()])
            except (OSError, schedule.NewerError) as error:
                sentence = f"{error}."
        self._say(self._left() if is_author() else sentence)
        self._ask()

    # ------------------------------------------------------------------ what the learner does

    def choose(self, choice: str) -> None:
        """Choose as if by a click."""
        self._choices.value = choice

    def show(self) -> None:
        """Show the answer; mark the choice of a question that has choices."""
        if not self.asked or self._is_answered:
            return
        question = self.asked[0]
        if question.choices and self._choices.value is None:
            self._say("Choose an answer first.")
            self._keys.turn += 1
            return
        text, grades = to_html(question.answer), list(Grade)
        if question.choices:
            right = self._choices.value == question.answer
            text = to_html(f"**{'Right' if right else f'No: {question.answer}'}.** ")
            text += to_html(question.reason)
            grades = list(Grade)[1:] if right else [Grade.AGAIN]
        self._answer.value = text
        self._offer(question, grades)
        self._choices.disabled = True
        self._see(answered=True)
        self._keys.turn += 1

    def grade(self, grade: Grade) -> None:
        """Note how well the question was known, and go on to the next."""
        if not self.asked or not self._is_answered or self._grades[grade].layout.display == "none":
            return
        question = self.asked.pop(0)
        try:
            after = f"It comes again {in_words(self._keep(question, grade))}."
        except (OSError, schedule.NewerError) as error:
            after = f"This answer could not be kept: {error}."
        self._say(" ".join([after, *self._notices(), self._left()]))
        self._ask()
        self._keys.turn += 1

    # ------------------------------------------------------------------ what is seen

    def _keep(self, question: Question, grade: Grade) -> timedelta:
        if is_author():
            return self.schedule.previews(question.id, self._clock())[grade]
        self.schedule.path.parent.mkdir(parents=True, exist_ok=True)
        return self.schedule.answer(question.id, grade, self._clock())

    def _notices(self) -> list[str]:
        notices = list(self.schedule.notices)
        self.schedule.notices.clear()
        return notices

    def _left(self) -> str:
        if self.asked:
            count = len(self.asked)
            return f"{count} questions are due today." if count > 1 else "One question is due."
        coming = [c.due for c in self.schedule.cards.values() if c.due > self._clock()]
        when = f" The next one comes {in_words(min(coming) - self._clock())}." if coming else ""
        return f"Nothing more is due today.{when}"

    def _say(self, sentence: str) -> None:
        self._status.value = f"<b>{to_html(sentence)}</b>".replace("<p>", "").replace("</p>", "")

    def _ask(self) -> None:
        """Show the first question that is left."""
        self._answer.value = self._question.value = ""
        if self.asked:
            question = self.asked[0]
            lesson = f"<small>{question.lesson} {TITLES[question.lesson]}</small>"
            self._question.value = lesson + to_html(question.asked)
            self._choices.options, self._choices.value = question.choices, None
            self._choices.disabled = False
            self._show.description = "Mark it" if question.choices else "Show the answer"
        self._see(answered=False)

    def _offer(self, question: Question, grades: list[Grade]) -> None:
        for grade, time in self.schedule.previews(question.id, self._clock()).items():
            name = "Go on" if grades == [Grade.AGAIN] else grade.name.capitalize()
            made = self._grades[grade]
            made.description = f"{int(grade)} {name}: {in_words(time)}"
            made.tooltip = f"asked again {in_words(time)}"
            made.layout.display = "" if grade in grades else "none"
        first = Grade.GOOD if Grade.GOOD in grades else grades[0]
        for grade, made in self._grades.items():
            (made.add_class if grade == first else made.remove_class)("dlcourse-review-next")

    @property
    def _is_answered(self) -> bool:
        return bool(self._answer.value)

    def _see(self, *, answered: bool) -> None:
        """Let only those parts be seen that are of use now."""
        asking = bool(self.asked)
        self._choices.layout.display = "" if asking and self.asked[0].choices else "none"
        self._show.layout.display = "" if asking and not answered else "none"
        if not answered:
            for made in self._grades.values():
                made.layout.display = "none"

    def __repr__(self) -> str:
        return "Interactive board: questions that come back (run this notebook to use it)"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return with_still(super()._repr_mimebundle_(**options), STILL if STILL.exists() else None)

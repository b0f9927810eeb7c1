"""What a person reads: the table in the terminal, a page per student, and pages on the class."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dlcourse.grading import files
from dlcourse.grading.card import MARKS
from dlcourse.grading.changes import Change
from dlcourse.grading.grades import NOTHING, Grade
from dlcourse.grading.marking import card_of
from dlcourse.grading.naming import Naming
from dlcourse.grading.policy import Policy
from dlcourse.grading.questions import Question, questions
from dlcourse.grading.rendering import render
from dlcourse.grading.similar import Pair, pairs
from dlcourse.syllabus import LESSONS
from dlcourse.tables import Table, points

TRUSTED = "Graded with --trusted: student code ran WITHOUT a sandbox. These grades can be forged."
MOST_PAIRS = 50  # equal answers that are listed

TITLES = {lesson.number: lesson.title for lesson in LESSONS}


def title(lesson: str) -> str:
    """Return what a lesson is called on a page."""
    return f"Lesson {lesson}: {TITLES[lesson]}" if lesson in TITLES else f"Lesson {lesson}"


def table(found: Sequence[Grade], confined: bool) -> Table:
    """Lay out grades for the terminal."""
    rows = [
        [
            grade.who,
            grade.lesson,
            points(grade.points),
            points(grade.of),
            len(grade.attempts),
            " ".join(grade.notices)[:100],
        ]
        for grade in found
    ]
    columns = ["student", "lesson", "points", "of", "attempts", ""]
    return Table(columns, rows, "" if confined else TRUSTED)


def question_table(found: Sequence[Grade]) -> Table:
    """Lay out how the class did in each question, for the terminal."""
    rows = []
    for lesson in sorted({grade.lesson for grade in found} - {""}):
        for question in questions(found, lesson):
            mistakes = question.mistakes
            told = f"{len(mistakes[0].made)}x {mistakes[0].words}" if mistakes else ""
            numbers = (question.of, question.mean, question.median)
            counts = (question.zeros, len(question.right))
            rows.append([question.name, *map(points, numbers), *counts, told[:60]])
    columns = ["question", "of", "mean", "median", "zeros", "all right", "most frequent mistake"]
    return Table(columns, rows)


# ------------------------------------------------------------------ pages


def write(
    folder: Path,
    found: Sequence[Grade],
    policy: Policy,
    confined: bool,
    naming: Naming | None = None,
    changes: Sequence[Change] = (),
) -> list[Path]:
    """Write a page per student, one per question, and the report on the class.

    Returns
    -------
    list of Path
        The report.
    """
    pages = Pages(policy, confined, naming or Naming())
    students, asked = folder / pages.students, folder / pages.questions
    files.make_folder(students)
    files.make_folder(asked)
    by_student: dict[str, list[Grade]] = defaultdict(list)
    for grade in found:
        by_student[pages.naming.stem(grade)].append(grade)
    for stem, own in by_student.items():
        files.write(students / f"{stem}.html", pages.student(own))
    lessons = [Lesson.of(found, lesson) for lesson in sorted({g.lesson for g in found} - {""})]
    for lesson in lessons:
        for question in lesson.questions:
            files.write(asked / f"{lesson.number}-{question.name}.html", pages.question(question))
    report = folder / f"report{pages.naming.suffix}.html"
    unknown = [grade for grade in found if not grade.lesson]
    files.write(report, pages.report(lessons, unknown, changes))
    return [report]


@dataclass(frozen=True)
class Lesson:
    """What the report says of one lesson.

    Attributes
    ----------
    number : str
    grades : list of Grade
    questions : list of Question
    pairs : list of Pair
        Who handed in the same.
    """

    number: str
    grades: list[Grade]
    questions: list[Question]
    pairs: list[Pair]

    @classmethod
    def of(cls, found: Sequence[Grade], number: str) -> "Lesson":
        """Collect what there is on a lesson."""
        own = [grade for grade in found if grade.lesson == number]
        return cls(number, own, questions(own, number), pairs(own, number)[:MOST_PAIRS])

    @property
    def title(self) -> str:
        """What it is called."""
        return title(self.number)

    @property
    def there(self) -> list[Grade]:
        """Those of whom there is something to judge."""
        return [grade for grade in self.grades if grade.is_there]

    @property
    def absent(self) -> list[Grade]:
        """Those who handed in nothing."""
        return [grade for grade in self.grades if not grade.is_there]

    @property
    def mean(self) -> float:
        """The mean of the points of those who are there."""
        return sum(grade.points for grade in self.there) / len(self.there)

    @property
    def tenths(self) -> list[tuple[str, int, int]]:
        """The distribution: points in words, how many, and that in percent of the most."""
        full = self.grades[0].of or 1
        counts = Counter(
            min(10, math.floor(10 * grade.points / full + 1e-9)) for grade in self.there
        )
        most = max(counts.values(), default=1)
        return [
            (_tenth(tenth, full), counts[tenth], 100 * counts[tenth] // most)
            for tenth in range(10, -1, -1)
        ]

    @property
    def noticed(self) -> list[tuple[str, list[Grade]]]:
        """What was noticed, and of whom, the rarest first."""
        found: dict[str, list[Grade]] = defaultdict(list)
        for grade in self.grades:
            for notice in grade.notices:
                if notice != NOTHING:
                    found[notice].append(grade)
        return sorted(found.items(), key=lambda item: len(item[1]))


def _tenth(tenth: int, full: float) -> str:
    if tenth == 0:
        return f"below {points(full / 10)}"
    return points(full * tenth / 10) + (" and more" if tenth < 10 else "")


@dataclass(frozen=True)
class Pages:
    """All pages of one run.

    Attributes
    ----------
    policy : Policy
    confined : bool
    naming : Naming
    """

    policy: Policy
    confined: bool
    naming: Naming = field(default_factory=Naming)

    @property
    def students(self) -> str:
        """The folder of the students' pages."""
        return f"students{self.naming.suffix}"

    @property
    def questions(self) -> str:
        """The folder of the questions' pages."""
        return f"questions{self.naming.suffix}"

    def student(self, own: Sequence[Grade]) -> str:
        """Return the feedback for a student."""
        return self._page("student.html", grades=own, who=self.naming.shown(own[0]))

    def question(self, question: Question) -> str:
        """Return the page on a question: who made which mistake, and what they wrote."""
        return self._page("question.html", question=question)

    def report(
        self, lessons: Sequence[Lesson], unknown: Sequence[Grade], changes: Sequence[Change]
    ) -> str:
        """Return the report on the class: what it has not understood, and what to look at."""
        return self._page("report.html", lessons=lessons, unknown=unknown, changes=changes)

    def _page(self, template: str, **values: object) -> str:
        return render(
            template,
            pages=self,
            naming=self.naming,
            policy=self.policy,
            warning="" if self.confined else TRUSTED,
            card_of=card_of,
            marks=MARKS,
            title_of=title,
            nothing=NOTHING,
            **values,
        )

"""What each student gets for a lesson: the attempt that counts, and what lateness costs."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dlcourse import checks
from dlcourse.grading.gradebook import Attempt
from dlcourse.grading.roster import Roster, Who

NOTHING = "Nothing was handed in."


@dataclass(frozen=True)
class Policy:
    """What counts.

    Attributes
    ----------
    counts : {"best", "last"}
        Which of a student's attempts.
    deadline : datetime, optional
        With a time zone.
    late : float
        Percent of the points that each day begun after the deadline costs.
    """

    counts: Literal["best", "last"] = "best"
    deadline: datetime | None = None
    late: float = 0.0

    def days_late(self, attempt: Attempt) -> int:
        """Return the days begun after the deadline; what Canvas marked as late is at least one."""
        days = 0
        if self.deadline is not None:
            days = math.ceil((attempt.time - self.deadline).total_seconds() / 86400)
        return max(days, int(attempt.late))

    def points(self, attempt: Attempt) -> float:
        """Return the points of an attempt after what its lateness costs."""
        kept = max(0.0, 1 - self.late / 100 * self.days_late(attempt))
        return round(attempt.result.points * kept, 2)


@dataclass(frozen=True)
class Grade:
    """What a student gets for a lesson.

    Attributes
    ----------
    student, id, lesson : str
    points, of : float
    attempt : Attempt or None
        The one that counts; None if the student handed in nothing.
    attempts : list of Attempt
        All of them, the oldest first.
    days_late : int
    notices : list of str
    """

    student: str
    id: str
    lesson: str
    points: float
    of: float
    attempt: Attempt | None
    attempts: list[Attempt]
    days_late: int
    notices: list[str]

    @property
    def who(self) -> str:
        """The student's name, with the number that tells namesakes apart."""
        return f"{self.student} ({self.id})" if self.id else self.student


def full_marks(lesson: str) -> float:
    """Return the points of a lesson's exercise."""
    return sum(check.points for check in checks.lessons().get(lesson, ()))


def grades(
    attempts: Iterable[Attempt],
    policy: Policy,
    lesson: str = "",
    roster: Roster | None = None,
    waiting: Collection[Who] = (),
) -> list[Grade]:
    """Choose the attempt that counts for each student and lesson.

    Students are told apart by name and number: two Wang Weis are two.

    Parameters
    ----------
    attempts : iterable of Attempt
    policy : Policy
    lesson : str
        The number of the lesson that was asked for; if empty, that of all readable attempts where
        there is only one.
    roster : Roster, optional
        The class: whoever is on it and has no attempt gets a grade that says so.
    waiting : collection of (name, number)
        Whose files have not been graded. Of them it cannot be said that they handed in nothing.
    """
    attempts = sorted(attempts, key=lambda attempt: (attempt.time, attempt.file))
    authors = {(attempt.student, attempt.id) for attempt in attempts}
    meant, people = roster.match(authors | set(waiting)) if roster else ({}, [])
    seen = {attempt.result.lesson for attempt in attempts} - {""}
    wanted = lesson or (next(iter(seen)) if len(seen) == 1 else "")
    groups: dict[tuple[Who, str], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        who = attempt.student, attempt.id
        groups[meant.get(who, who), wanted or attempt.result.lesson].append(attempt)
    found = [_grade(who, of, own, policy) for (who, of), own in groups.items()]
    if roster:
        for grade in found:
            if (grade.student, grade.id) not in people:
                grade.notices.insert(0, f"Not on the roster {roster.source}.")
    for who in set(people) - {meant.get(who) for who in waiting}:
        for of in {wanted} if wanted else seen or {""}:
            if (who, of) not in groups:
                found.append(Grade(*who, of, 0.0, full_marks(of), None, [], 0, [NOTHING]))
    return sorted(found, key=lambda grade: (grade.student, grade.id, grade.lesson))


def _grade(who: Who, lesson: str, attempts: list[Attempt], policy: Policy) -> Grade:
    def worth(attempt: Attempt) -> float:
        return policy.points(attempt) if attempt.result.lesson == lesson else 0.0

    readable = [attempt for attempt in attempts if attempt.result.lesson == lesson] or attempts
    chosen = readable[-1] if policy.counts == "last" else max(readable, key=worth)
    problem = [chosen.result.problem] if chosen.result.problem else []
    notices = [*problem, *chosen.notes, *chosen.result.notices]
    other = chosen.result.lesson
    if other not in ("", lesson):
        notices.append(
            f"This is the exercise of lesson {other}; the one of lesson {lesson} was asked for."
        )
    days = policy.days_late(chosen)
    if days > 0:
        cost = f", which costs {min(100.0, policy.late * days):g} %" if policy.late else ""
        notices.append(f"Handed in late: {days} day{'s' * (days > 1)} begun{cost}.")
    full = full_marks(lesson)
    return Grade(*who, lesson, worth(chosen), full, chosen, attempts, max(days, 0), notices)

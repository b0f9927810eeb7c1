"""What each student gets for a lesson: the attempt that counts, lateness, points by hand."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from dlcourse import checks
from dlcourse.grading import by_hand
from dlcourse.grading.by_hand import Decision
from dlcourse.grading.gradebook import Attempt
from dlcourse.grading.marking import Mark
from dlcourse.grading.policy import Policy, clock_of
from dlcourse.grading.roster import Roster, Who

NOTHING = "Nothing was handed in."


@dataclass(frozen=True)
class Answer:
    """What a student has for one question.

    Attributes
    ----------
    question : str
        The name of the function.
    points, of : float
    mark : Mark, optional
        What the checks said; None if nothing was handed in.
    by_hand : bool
        Whether a teacher gave the points.
    remark : str
        By the teacher, for the student.
    """

    question: str
    points: float
    of: float
    mark: Mark | None
    by_hand: bool = False
    remark: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it has full marks."""
        return self.points >= self.of


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
    answers : list of Answer
        One per question of the lesson.
    remarks : list of str
        By the teacher, on the lesson as a whole.
    by_hand : bool
        Whether a teacher gave the points of the lesson as a whole.
    source : str
        Where the student's number comes from: "Canvas", "Moodle", "Brightspace", "Gradescope".
    extra_days : int
        By how much the deadline was put off for this student.
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
    answers: list[Answer] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    by_hand: bool = False
    source: str = ""
    extra_days: int = 0

    @property
    def who(self) -> str:
        """The student's name, with the number that tells namesakes apart."""
        return f"{self.student} ({self.id})" if self.id else self.student

    @property
    def is_there(self) -> bool:
        """Whether there is something to judge: a file, or points by hand."""
        given = any(answer.by_hand for answer in self.answers)
        return self.attempt is not None or self.by_hand or given

    @property
    def is_final(self) -> bool:
        """Whether the points can be handed on: not if the grader itself failed on the file."""
        failed = self.attempt is not None and bool(self.attempt.result.problem)
        return not failed or any(answer.by_hand for answer in self.answers) or self.by_hand

    def answer(self, question: str) -> Answer | None:
        """Return the answer to a question, if the lesson asks it."""
        return next((a for a in self.answers if a.question == question), None)


def full_marks(lesson: str) -> float:
    """Return the points of a lesson's exercise."""
    return sum(check.points for check in checks.lessons().get(lesson, ()))


def grades(
    attempts: Iterable[Attempt],
    policy: Policy,
    lesson: str = "",
    roster: Roster | None = None,
    waiting: Collection[Who] = (),
    decisions: Sequence[Decision] = (),
    problems: list[str] | None = None,
    secret: bytes = b"",
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
    decisions : sequence of Decision
        What was decided by hand.
    problems : list of str, optional
        Takes one sentence for each decision that fits nobody.
    secret : bytes
        That of the gradebook: decisions may name students as anonymous pages do.
    """
    attempts = sorted(attempts, key=_order)
    authors = {(attempt.student, attempt.id) for attempt in attempts}
    meant, people = roster.match(authors | set(waiting)) if roster else ({}, [])
    seen = {attempt.result.lesson for attempt in attempts} - {""}
    wanted = lesson or (next(iter(seen)) if len(seen) == 1 else "")
    groups: dict[tuple[Who, str], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        who = attempt.student, attempt.id
        groups[meant.get(who, who), wanted or attempt.result.lesson].append(attempt)
    for who in set(people) - {meant.get(who) for who in waiting}:
        for of in {wanted} if wanted else seen or {""}:
            groups.setdefault((who, of), [])
    everybody = {who for who, _ in groups} | set(people) | set(waiting)
    lessons = {of for _, of in groups}
    decided, unclear = by_hand.assign(decisions, everybody, lessons, secret)
    if problems is not None:
        problems += unclear
    found = [_grade(who, of, own, policy, decided[who, of]) for (who, of), own in groups.items()]
    if roster:
        for grade in found:
            if (grade.student, grade.id) not in people:
                grade.notices.insert(0, f"Not on the roster {roster.source}.")
    if roster and roster.lms:
        found = [g if g.source or not g.id else replace(g, source=roster.lms) for g in found]
    return sorted(found, key=lambda grade: (grade.student, grade.id, grade.lesson))


def _order(attempt: Attempt) -> tuple[object, ...]:
    """Sort by time; where there is none, by the numbers in names, which grow with each upload."""
    pieces = re.split(r"(\d+)", attempt.file)
    return attempt.time, [(int(p), "") if p.isdecimal() else (-1, p) for p in pieces]


def _grade(
    who: Who, lesson: str, attempts: list[Attempt], policy: Policy, decisions: Sequence[Decision]
) -> Grade:
    extra = sum(decision.extra_days for decision in decisions)
    given = {d.question: d.points for d in decisions if d.points is not None}

    def worth(attempt: Attempt | None) -> float:
        if "" in given:
            return given[""]
        days = policy.lateness(attempt, extra)[0] if attempt else 0
        total = sum(answer.points for answer in _answers(lesson, attempt, decisions))
        return round(total * policy.kept(days), 2)

    readable = [attempt for attempt in attempts if attempt.result.lesson == lesson] or attempts
    chosen = None
    if readable:
        chosen = readable[-1] if policy.counts == "last" else max(readable, key=worth)
    days, notices = 0, [NOTHING]
    if chosen:
        days, notices = _notices(chosen, lesson, policy, extra)
    if given:
        by = ", ".join(question or "the lesson as a whole" for question in given)
        notices.append(f"Points given by hand: {by}.")
    if extra:
        notices.append(f"{extra} extra day{'s' * (extra > 1)} given by hand.")
    return Grade(
        *who,
        lesson,
        worth(chosen),
        full_marks(lesson),
        chosen,
        attempts,
        days,
        notices,
        _answers(lesson, chosen, decisions),
        [d.remark for d in decisions if d.remark and not d.question],
        "" in given,
        next((attempt.source for attempt in attempts if attempt.id), ""),
        extra,
    )


def _answers(lesson: str, attempt: Attempt | None, decisions: Sequence[Decision]) -> list[Answer]:
    marks = {}
    if attempt and attempt.result.lesson == lesson:
        marks = {mark.function: mark for mark in attempt.result.marks}
    found = []
    for check in checks.lessons().get(lesson, ()):
        own = [d for d in decisions if d.question == check.name]
        by_hand = next((d.points for d in own if d.points is not None), None)
        mark = marks.get(check.name)
        points = by_hand if by_hand is not None else mark.points if mark else 0.0
        remark = " ".join(d.remark for d in own if d.remark)
        found.append(Answer(check.name, points, check.points, mark, by_hand is not None, remark))
    return found


def _notices(chosen: Attempt, lesson: str, policy: Policy, extra: int) -> tuple[int, list[str]]:
    problem = [chosen.result.problem] if chosen.result.problem else []
    notices = [*problem, *chosen.notes, *chosen.result.notices]
    other = chosen.result.lesson
    if other not in ("", lesson):
        notices.append(
            f"This is the exercise of lesson {other}; the one of lesson {lesson} was asked for."
        )
    days, about = policy.lateness(chosen, extra)
    if days:
        cost = f", which costs {min(100.0, policy.late * days):g} %" if policy.late else ""
        notices.append(f"Handed in late: {days} day{'s' * (days > 1)} begun{cost}.")
    return days, [*notices, *([about] if about else [])]


def clocks(found: Iterable[Grade]) -> str:
    """Say by which times it was decided what is late, with the number of students each."""
    kinds = Counter(clock_of(grade.attempt) for grade in found if grade.attempt)
    listed = ", ".join(f"{kind} ({count})" for kind, count in kinds.most_common())
    return f"What is late was decided by: {listed}." if listed else ""

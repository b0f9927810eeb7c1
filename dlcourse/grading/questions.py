"""What a class made of each question: points, and who made which mistake."""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from dlcourse import checks
from dlcourse.grading.grades import Answer, Grade
from dlcourse.grading.marking import card_of

NOT_BEGUN = "Not begun."
NO_CODE = "Nothing that could be graded was handed in."


@dataclass(frozen=True)
class Group:
    """Those who made one mistake.

    Attributes
    ----------
    words : str
        The mistake in words: what they were told.
    name : str
        What the check calls it; empty if it knows no name for it.
    made : list of (Grade, Answer)
        Who, and what they wrote.
    """

    words: str
    name: str
    made: list[tuple[Grade, Answer]]

    @cached_property
    def by_code(self) -> list[tuple[str, list[tuple[Grade, Answer]]]]:
        """The same, those who wrote the same together, the most frequent first."""
        found: dict[str, list[tuple[Grade, Answer]]] = defaultdict(list)
        for grade, answer in self.made:
            found[answer.mark.code if answer.mark else ""].append((grade, answer))
        return sorted(found.items(), key=lambda item: -len(item[1]))


@dataclass(frozen=True)
class Question:
    """One question of a lesson, and all answers to it.

    Attributes
    ----------
    lesson, name : str
    of : float
        Full marks.
    answers : list of (Grade, Answer)
        Of those who handed something in.
    """

    lesson: str
    name: str
    of: float
    answers: list[tuple[Grade, Answer]]

    @cached_property
    def points(self) -> list[float]:
        """The points of each of them."""
        return [answer.points for _, answer in self.answers]

    @property
    def mean(self) -> float:
        """The mean of the points; 0 if there are none."""
        return statistics.fmean(self.points) if self.answers else 0.0

    @property
    def median(self) -> float:
        """The median of the points; 0 if there are none."""
        return statistics.median(self.points) if self.answers else 0.0

    @property
    def zeros(self) -> int:
        """How many have no points."""
        return sum(points == 0 for points in self.points)

    @cached_property
    def right(self) -> list[tuple[Grade, Answer]]:
        """Those who have full marks."""
        return [(grade, answer) for grade, answer in self.answers if answer.is_right]

    @cached_property
    def mistakes(self) -> list[Group]:
        """The mistakes, the most frequent first."""
        found: dict[tuple[str, str], list[tuple[Grade, Answer]]] = defaultdict(list)
        for grade, answer in self.answers:
            if not answer.is_right:
                found[_mistake(answer)].append((grade, answer))
        groups = [Group(words, name, made) for (words, name), made in found.items()]
        return sorted(groups, key=lambda group: -len(group.made))


def _mistake(answer: Answer) -> tuple[str, str]:
    if answer.mark is None:
        return NO_CODE, ""
    card = card_of(answer.mark)
    if card.kind == "todo":
        return NOT_BEGUN, ""
    told = card.hint or next((section.text for section in card.sections if section.text), "")
    return told or "All tests pass; fewer points were given by hand.", answer.mark.mistake


def questions(found: Iterable[Grade], lesson: str) -> list[Question]:
    """Return the questions of a lesson with the answers of all who handed something in."""
    own = [grade for grade in found if grade.lesson == lesson and grade.is_there]
    asked = []
    for check in checks.lessons().get(lesson, ()):
        answers = [(grade, answer) for grade in own if (answer := grade.answer(check.name))]
        asked.append(Question(lesson, check.name, check.points, answers))
    return asked

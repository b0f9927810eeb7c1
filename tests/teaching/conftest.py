"""What the tests of the teacher's pack share: it is made once."""

import pytest

from dlcourse.syllabus import LESSONS
from dlcourse.teaching.deck import deck
from dlcourse.teaching.notes import sheet

HERE = [lesson for lesson in LESSONS if lesson.is_here]


@pytest.fixture(scope="session")
def lessons():
    return HERE


@pytest.fixture(scope="session")
def decks():
    """The slides of every lesson, by its number."""
    return {lesson.number: deck(lesson) for lesson in HERE}


@pytest.fixture(scope="session")
def sheets():
    return {lesson.number: sheet(lesson) for lesson in HERE}

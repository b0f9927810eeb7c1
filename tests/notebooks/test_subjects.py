"""The page of subjects names sections that are there."""

import re

from dlcourse.layout import NOTEBOOKS, ROOT
from dlcourse.syllabus import LESSONS
from tests.notebooks.test_shape import read

PAGE = ROOT / "docs" / "subjects.md"
SECTION = re.compile(r"\[(\d\d) ([^\]]+)\]\(\.\./notebooks/([\w.]+)\)")
PLANNED = re.compile(r"\b(\d\d) \(planned\)")


def missing(text):
    """Return the sections that a page names and no notebook has."""
    sections = {
        (lesson.number, line.lstrip("#").strip())
        for lesson in LESSONS
        if lesson.is_here
        for kind, source in read(lesson)
        if kind == "markdown"
        for line in source.splitlines()
        if line.startswith("##")
    }
    return [
        (number, section)
        for number, section, file in SECTION.findall(text)
        if (number, section) not in sections or not (NOTEBOOKS / file).name.startswith(number)
    ]


def test_every_section_is_there():
    text = PAGE.read_text("utf-8")
    assert missing(text) == []
    assert len(SECTION.findall(text)) > 50


def test_every_row_names_a_lesson():
    rows = PAGE.read_text("utf-8").split("|---|---|\n")[1].splitlines()
    numbers = {lesson.number for lesson in LESSONS}
    for row in rows:
        named = {number for number, _, _ in SECTION.findall(row)} | set(PLANNED.findall(row))
        assert named, row
        assert named <= numbers, row


def test_a_section_that_is_gone_is_seen():
    text = "[02 By hand: OR](../notebooks/02_perceptron.ipynb)"
    assert missing(text) == [("02", "By hand: OR")]

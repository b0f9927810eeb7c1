"""The course in weeks: every lesson, in an order that keeps to what it needs, with right hours."""

import re

import pytest

from dlcourse.syllabus import LESSONS
from dlcourse.teaching.weeks import PAGE, PLANS, PROJECT, differences, minutes, page, table

NUMBERS = [lesson.number for lesson in LESSONS]


@pytest.mark.parametrize("weeks", PLANS)
def test_every_lesson_has_its_week_and_the_project_follows_lesson_11(weeks):
    plan = PLANS[weeks]
    assert len(plan) == weeks
    parts = [part for week in plan for part in week]
    assert sorted(parts) == NUMBERS
    assert [part for part in parts if part != PROJECT] == [n for n in NUMBERS if n != PROJECT]
    assert parts.index(PROJECT) > parts.index("11")


@pytest.mark.parametrize("weeks", PLANS)
def test_what_a_lesson_needs_comes_before_it(weeks):
    parts = [part for week in PLANS[weeks] for part in week]
    for lesson in LESSONS:
        for need in lesson.needs:
            assert parts.index(need) < parts.index(lesson.number)


@pytest.mark.parametrize("weeks", PLANS)
def test_the_hours_add_up(weeks):
    *rows, last = table(weeks).splitlines()[2:]
    hours = [float(re.search(r"\| ([\d.]+) \|$", row)[1]) for row in rows]
    (total,) = re.findall(r"([\d.]+) \|$", last)
    assert float(total) == pytest.approx(sum(hours), abs=0.05 * weeks)
    every = sum(minutes(number) for number in NUMBERS)
    assert float(total) == pytest.approx(every / 60, abs=0.05)


@pytest.mark.parametrize("weeks", PLANS)
def test_no_week_is_far_heavier_than_the_others(weeks):
    hours = [sum(map(minutes, week)) / 60 for week in PLANS[weeks]]
    assert max(hours) < 2 * sum(hours) / weeks


def test_the_page_shows_it(monkeypatch):
    assert differences() == []
    assert PAGE.read_text(encoding="utf-8").count("| week | lessons and exercises | hours |") == 2
    monkeypatch.setitem(PLANS, 7, PLANS[14])
    assert differences() != []
    assert page() != PAGE.read_text(encoding="utf-8")

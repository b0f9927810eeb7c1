"""What is different from the last run."""

import json
from dataclasses import replace

from dlcourse.grading import changes
from dlcourse.grading.changes import compare
from dlcourse.grading.grades import Answer, Grade
from dlcourse.grading.policy import Policy
from tests.grading.test_by_hand import attempt, graded, written

JANE = graded([])


def seen(found):
    return [(c.grade.student, c.question, c.before, c.after, c.why) for c in found]


def test_the_first_run_changes_nothing(tmp_path):
    assert compare(tmp_path, [JANE], True) == []
    assert compare(tmp_path, [JANE], True) == []


def test_what_was_graded_again(tmp_path):
    compare(tmp_path, [JANE], True)
    again = graded([], attempt(points=2))
    assert seen(compare(tmp_path, [again], True)) == [
        ("Jane Doe", "perceptron_step", 1, 2, "graded again"),
        ("Jane Doe", "", 5, 6, "the questions above"),
    ]
    assert compare(tmp_path, [again], True) == []


def test_what_was_given_by_hand(tmp_path):
    compare(tmp_path, [JANE], True)
    decisions = written(tmp_path, "Jane Doe,,02,perceptron_step,0.5,,")
    assert seen(compare(tmp_path, [graded(decisions)], True))[0][-1] == "by hand"
    decisions = written(tmp_path, "Jane Doe,,02,,10,,")
    assert seen(compare(tmp_path, [graded(decisions)], True))[-1][2:] == (4.5, 10, "by hand")
    back = seen(compare(tmp_path, [JANE], True))
    assert back[-1][2:4] == (10, 5)


def test_another_file_and_lateness(tmp_path):
    compare(tmp_path, [JANE], True)
    other = graded([], attempt(points=2, content="other"))
    assert seen(compare(tmp_path, [other], True))[0][-1] == "another file"
    late = replace(other, days_late=1, points=5.4)
    assert seen(compare(tmp_path, [late], True)) == [("Jane Doe", "", 6, 5.4, "its lateness")]


def test_whoever_is_not_in_this_run_is_remembered(tmp_path):
    tom = replace(JANE, student="Tom")
    compare(tmp_path, [JANE, tom], True)
    compare(tmp_path, [JANE], True)
    (change, *_) = compare(tmp_path, [replace(tom, points=0.0)], True)
    assert (change.grade.student, change.before, change.after) == ("Tom", 5, 0)


def test_without_the_sandbox_is_another_book(tmp_path):
    compare(tmp_path, [JANE], True)
    assert compare(tmp_path, [replace(JANE, points=0.0)], False) == []


def test_a_damaged_memory_is_begun_anew(tmp_path):
    for text in ("", "[1]", "{", json.dumps({"x": 1})):
        (tmp_path / changes.FILE).write_text(text, encoding="utf-8")
        assert compare(tmp_path, [JANE], True) == []


def test_a_grade_without_answers(tmp_path):
    empty = Grade("Zoe", "", "", 0.0, 0.0, None, [], 0, [])
    assert compare(tmp_path, [empty], True) == []
    assert Answer("f", 0, 0, None).is_right
    assert Policy().moment(None) == ""

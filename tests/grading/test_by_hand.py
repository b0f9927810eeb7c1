"""Points, remarks and more time by hand: they stand, whatever is graded again."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.grading import by_hand, gradebook
from dlcourse.grading.alias import alias
from dlcourse.grading.by_hand import COLUMNS, FILE, assign, read
from dlcourse.grading.clock import Deadline
from dlcourse.grading.gradebook import Attempt
from dlcourse.grading.grades import grades
from dlcourse.grading.marking import Mark, Result
from dlcourse.grading.policy import Policy
from dlcourse.grading.reading import NO_TIME, UnreadableError
from dlcourse.grading.roster import Roster, Student

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


HEAD = ",".join(COLUMNS)


def written(folder, *lines, head=HEAD, encoding="utf-8", end="\n"):
    text = end.join([head, *lines])
    (folder / FILE).write_bytes(text.encode(encoding))
    return read(folder)


def attempt(student="Jane Doe", points=1.0, number="", hours=0.0, **fields) -> Attempt:
    marks = [Mark("perceptron_step", points, 2, 7, 14, "", {})]
    marks.append(Mark("perceptron_fit", 4, 4, 9, 9, "", {}))
    when = NOON + timedelta(hours=hours)
    return Attempt(student, "a.ipynb", number, when, False, Result("02", marks), **fields)


def graded(decisions, *attempts, policy=None, **options):
    found = grades(attempts or [attempt()], policy or Policy(), decisions=decisions, **options)
    return found[0] if len(found) == 1 else found


# ------------------------------------------------------------------ the file


def test_it_is_made_once_and_never_written_again(tmp_path):
    assert read(tmp_path) == []
    made = (tmp_path / FILE).read_bytes()
    assert made.startswith(b"\xef\xbb\xbfstudent,id,lesson,question,points,extra days,remark")
    (tmp_path / FILE).write_bytes(made + b"Jane Doe,,2,perceptron_step,1.5,,Right idea.\r\n")
    before = (tmp_path / FILE).read_bytes()
    (decision,) = read(tmp_path)
    assert (decision.lesson, decision.points, decision.remark) == ("02", 1.5, "Right idea.")
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_as_a_spreadsheet_saves_it(tmp_path, delimiter, encoding):
    line = delimiter.join(["Jörg", "", "2", "perceptron_step", '"1,5"', "", "Gut."])
    head = delimiter.join(COLUMNS)
    (decision,) = written(tmp_path, line, delimiter * 6, head=head, encoding=encoding, end="\r\n")
    assert (decision.student, decision.points) == ("Jörg", 1.5)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",,02,perceptron_step,1,,", "line 2: it names no student"),
        ("Jane,,99,perceptron_step,1,,", "line 2: there is no exercise 99"),
        ("Jane,,,perceptron_step,1,,", "line 2: it names no lesson"),
        ("Jane,,02,softmax,1,,", "asks for perceptron_step, .* not for softmax"),
        ("Jane,,02,perceptron_step,15,,", "worth 2 points at most, not 15"),
        ("Jane,,02,perceptron_step,-1,,", "'-1' is no number of points"),
        ("Jane,,02,perceptron_step,nan,,", "'nan' is no number of points"),
        ("Jane,,02,perceptron_step,one,,", "'one' is no number of points"),
        ("Jane,,02,,,1.5,", "extra days are whole days"),
        ("Jane,,02,perceptron_step,,2,", "for the lesson: leave question empty"),
        ("Jane,,02,perceptron_step,,,", "neither points nor extra days nor a remark"),
        ("Jane,,02,,1,,\nJane,,02,,2,,", "lines 2 and 3: both give points to Jane"),
        ("Jane,,02,,,1,\nJane,,02,,,1,", "lines 2 and 3: both give extra days"),
    ],
)
def test_nothing_is_guessed_about_points(tmp_path, line, words):
    with pytest.raises(UnreadableError, match=words):
        written(tmp_path, *line.split("\n"))


def test_other_headings_are_refused(tmp_path):
    with pytest.raises(UnreadableError, match="has not the headings it needs"):
        written(tmp_path, "Jane,1", head="Name,Punkte")
    with pytest.raises(UnreadableError, match="not written in UTF-8"):
        written(tmp_path, "José,,02,,1,,", encoding="cp1252")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp()
    (folder / FILE).write_bytes(text.encode("utf-8", "replace"))
    with contextlib.suppress(UnreadableError):
        assert isinstance(read(folder), list)


# ------------------------------------------------------------------ who is meant


def test_by_name_or_number_or_the_name_on_anonymous_pages(tmp_path):
    people = {("Doe, Jane", "12"), ("Poe, Tom", "13"), ("Wang, Wei", "14"), ("Wang, Wei", "15")}
    secret = b"secret"
    lines = ["Jane Doe,,02,,1,,", ",13,02,,1,,", "Wang Wei,15,02,,1,,"]
    hidden = alias(secret, ("Wang, Wei", "14"))
    found, problems = assign(
        written(tmp_path, *lines, f"{hidden},,02,,1,,"), people, {"02"}, secret
    )
    assert problems == []
    assert {who for who, _ in found} == people


def test_whoever_is_meant_by_nobody_is_told(tmp_path):
    people = [("Doe, Jane", "12"), ("Wang, Wei", "14"), ("Wang, Wei", "15")]
    lines = ["Jan Doe,,02,,1,,", "Wang Wei,,02,,1,,", "Doe Jane,99,02,,1,,", "Zoe,,03,,1,,"]
    found, problems = assign(written(tmp_path, *lines), people, {"02"})
    assert not any(found.values())
    assert problems == [
        "by-hand.csv, line 2, changed nothing: nobody is called Jan Doe; is it Doe, Jane?",
        "by-hand.csv, line 3, changed nothing: 2 students are called Wang Wei. Give the number in "
        "the column id.",
        "by-hand.csv, line 4, changed nothing: nobody is called Doe Jane (99); is it Doe, Jane?",
    ]


# ------------------------------------------------------------------ what it is worth


def test_points_for_a_question(tmp_path):
    decisions = written(tmp_path, "Jane Doe,,02,perceptron_step,1.5,,Right idea.")
    grade = graded(decisions)
    answer = grade.answer("perceptron_step")
    assert (grade.points, answer.points, answer.by_hand, answer.remark) == (
        5.5, 1.5, True, "Right idea.",
    )  # fmt: skip
    assert answer.mark.points == 1  # what the tests say is kept beside it
    assert grade.notices == ["Points given by hand: perceptron_step."]


def test_they_stand_whatever_is_graded_again(tmp_path, monkeypatch):
    decisions = written(tmp_path, "Jane Doe,,02,perceptron_step,1.5,,")
    for points in (0, 2):
        assert graded(decisions, attempt(points=points)).points == 5.5
    later = [attempt(points=2), attempt(points=0, hours=1)]
    assert graded(decisions, *later).points == 5.5
    monkeypatch.setattr(gradebook, "checks_version", lambda: "another")
    assert read(tmp_path) == decisions


def test_points_for_the_lesson_as_a_whole_are_final(tmp_path):
    decisions = written(tmp_path, "Jane Doe,,02,,9,,", "Jane Doe,,02,perceptron_step,0,,No.")
    policy = Policy(deadline=Deadline.read("2026-04-30", UTC), late=50)
    grade = graded(decisions, policy=policy)
    assert (grade.points, grade.by_hand, grade.days_late) == (9, True, 1)
    grade = graded(decisions[1:], policy=policy)
    assert (grade.points, grade.by_hand) == (2, False)  # half of 0 + 4


def test_a_remark_alone_changes_no_points(tmp_path):
    lines = ["Jane Doe,,02,,,,Well done.", "Jane Doe,,02,perceptron_fit,,,See page 3."]
    grade = graded(written(tmp_path, *lines))
    assert (grade.points, grade.remarks) == (5, ["Well done."])
    assert grade.answer("perceptron_fit").remark == "See page 3."
    assert not grade.answer("perceptron_fit").by_hand


def test_whoever_handed_in_nothing_can_get_points(tmp_path):
    """Somebody who wrote it on paper."""
    decisions = written(tmp_path, "Tom Poe,,02,perceptron_step,2,,On paper.")
    roster = Roster([Student("Poe, Tom")], "class.csv")
    grade = graded(decisions, attempt(), roster=roster)[1]
    assert (grade.student, grade.points, grade.is_there) == ("Poe, Tom", 2, True)


def test_extra_days(tmp_path):
    decisions = written(tmp_path, "Jane Doe,,02,,,3,")
    policy = Policy(deadline=Deadline.read("2026-04-29", UTC), late=10)
    assert graded([], policy=policy).points == 4  # 2 days
    grade = graded(decisions, policy=policy)
    assert (grade.points, grade.days_late, grade.extra_days) == (5, 0, 3)
    assert grade.notices == ["3 extra days given by hand."]


def test_extra_days_cover_what_canvas_calls_late(tmp_path):
    from dataclasses import replace

    late = replace(attempt(), late=True, time=NO_TIME, source="Canvas")
    assert graded([], late, policy=Policy(late=10)).points == 4.5
    grade = graded(written(tmp_path, "Jane Doe,,02,,,1,"), late, policy=Policy(late=10))
    assert (grade.points, grade.days_late) == (5, 0)
    assert "the 1 extra days given by hand cover that" in " ".join(grade.notices)


def test_the_reader_of_decisions_reads_nothing_else(tmp_path):
    assert by_hand.read(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == [FILE]

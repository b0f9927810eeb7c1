"""The roster: who is in the class, and who handed in nothing."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse import checks
from dlcourse.grading import reports, roster
from dlcourse.grading.gradebook import Attempt
from dlcourse.grading.grades import NOTHING
from dlcourse.grading.grades import grades as choose
from dlcourse.grading.marking import Result
from dlcourse.grading.naming import file_stem
from dlcourse.grading.policy import Policy
from dlcourse.grading.reading import NO_TIME, UnreadableError
from dlcourse.grading.roster import Roster, Student, spellings
from tests.grading.class_files import write_all

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Exercise 2 (99)
,,,,,Manual Posting
    Points Possible,,,,,10
"Doe, Jane",12345,s001,jd123,A,
"Wang, Wei",12346,s002,ww1,A,
"Wang, Wei",12347,s003,ww2,B,
"Student, Test",12999,,,A,
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade)
Participant 4711,Jane Doe,jane@example.org,No submission,,10,-
Participant 4712,José Poe,jose@example.org,No submission,,10,-
"""
PARTICIPANTS = (
    "First name,Surname,Email address\nJane,Doe,jane@example.org\nTom,Poe,tom@example.org\n"
)


def read(folder: Path, text: str, name: str = "class.csv", encoding: str = "utf-8") -> Roster:
    (folder / name).write_text(text, encoding=encoding)
    return roster.read(folder / name)


def names(found: Roster) -> list[tuple[str, str]]:
    return [(student.name, student.id) for student in found.students]


# ------------------------------------------------------------------ the file


def test_canvas(tmp_path):
    found = read(tmp_path, CANVAS)
    assert names(found) == [("Doe, Jane", "12345"), ("Wang, Wei", "12346"), ("Wang, Wei", "12347")]
    assert found.students[0].others == ("s001", "jd123")


def test_moodle(tmp_path):
    assert names(read(tmp_path, WORKSHEET)) == [("Jane Doe", "4711"), ("José Poe", "4712")]
    assert names(read(tmp_path, PARTICIPANTS)) == [("Jane Doe", ""), ("Tom Poe", "")]
    blind = "Identifier,Status\nParticipant 4711,\nParticipant 4712,\n"
    assert names(read(tmp_path, blind))[0] == ("Participant 4711", "4711")


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_as_a_spreadsheet_saves_it(tmp_path, delimiter, encoding):
    text = PARTICIPANTS.replace(",", delimiter).replace("Poe", "Pöe").replace("\n", "\r\n")
    found = read(tmp_path, f"{text}{2 * delimiter}\r\n", encoding=encoding)
    assert names(found) == [("Jane Doe", ""), ("Tom Pöe", "")]


def test_one_a_line(tmp_path):
    found = read(tmp_path, "Doe, Jane\n\n12345\n  Tom Poe \n", "class.txt")
    assert names(found) == [("Doe, Jane", ""), ("12345", "12345"), ("Tom Poe", "")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (" \n\n", "is empty"),
        ('""\n,,\n', "is empty"),
        ("Vorname,Nachname\nJane,Doe\n", r"no column .* Its columns are: Vorname, Nachname"),
        ("Student,ID\n", "headings and nothing below"),
        ("Student,ID\n    Points Possible,\n", "headings and nothing below"),
        ("Name\nWei Wang\nWei Wang \nTom\nwei wang\n", "wei wang twice"),
        ("Student,ID\nA,1\nB,1\n", "has 1 twice"),
    ],
)
def test_a_file_that_names_nobody(tmp_path, text, words):
    with pytest.raises(UnreadableError, match=words):
        read(tmp_path, text)


@given(st.text(max_size=300))
def test_any_text_for_a_roster(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp()
    for name in ("any.csv", "any.txt"):
        (folder / name).write_bytes(text.encode("utf-8", "replace"))
        with contextlib.suppress(UnreadableError):
            assert roster.read(folder / name).students


def test_a_field_without_end(tmp_path):
    with pytest.raises(UnreadableError, match="cannot be read as CSV"):
        read(tmp_path, 'Name\n"' + "x" * 200_000)


def test_another_encoding_is_named(tmp_path):
    with pytest.raises(UnreadableError, match="not written in UTF-8"):
        read(tmp_path, "Name\nJosé\n", encoding="cp1252")


# ------------------------------------------------------------------ who is who


def class_of(*students: Student) -> Roster:
    return Roster(list(students), "class.csv")


@pytest.mark.parametrize("written", ["doejane", "Jane Doe", "jane_doe", "Doe, Jane", "JANE DOE"])
def test_a_name_however_it_is_written(written):
    for name in ("Doe, Jane", "Jane Doe"):
        meant, people = class_of(Student(name), Student("Tom Poe")).match([(written, "")])
        assert meant == {(written, ""): (name, "")}
        assert len(people) == 2


def test_a_name_of_three_words():
    assert spellings("Maria José Poe-Doe")[0] == "mariajosépoedoe"
    assert "poedoemariajosé" in spellings("Maria José Poe-Doe")


def test_the_number_decides(tmp_path):
    found = read(tmp_path, CANVAS)
    meant, _ = found.match([("wangwei", "12346"), ("wangwei", "12347"), ("somebody", "12345")])
    assert meant["wangwei", "12346"] == ("Wang, Wei", "12346")
    assert meant["wangwei", "12347"] == ("Wang, Wei", "12347")
    assert meant["somebody", "12345"] == ("Doe, Jane", "12345")


def test_a_name_that_two_students_have_is_no_name(tmp_path):
    meant, _ = read(tmp_path, CANVAS).match([("wangwei", "")])
    assert meant == {}


def test_a_namesake_who_is_not_on_the_roster_gets_nobodys_grade(tmp_path):
    found = class_of(Student("Wang, Wei", "12346"))
    meant, _ = found.match([("wangwei", "12346"), ("wangwei", "99")])
    assert set(meant) == {("wangwei", "12346")}
    meant, _ = class_of(Student("Wang, Wei")).match([("wangwei", "98"), ("wangwei", "99")])
    assert meant == {}


def test_moodle_numbers_students_anew_in_each_assignment(tmp_path):
    meant, people = read(tmp_path, WORKSHEET).match([("Jane Doe", "5001")])
    assert meant == {("Jane Doe", "5001"): ("Jane Doe", "5001")}
    assert people == [("Jane Doe", "5001"), ("José Poe", "4712")]


def test_a_login_or_an_address_names_a_file_too(tmp_path):
    assert read(tmp_path, CANVAS).match([("jd123", "")])[0]["jd123", ""][0] == "Doe, Jane"
    who = "jane@example.org", ""
    assert read(tmp_path, WORKSHEET).match([who])[0][who][0] == "Jane Doe"


# ------------------------------------------------------------------ grades


def attempt(student: str, lesson: str = "02", number: str = "") -> Attempt:
    return Attempt(student, f"{student}.ipynb", number, NOON, False, Result(lesson))


JANE_AND_TOM = class_of(Student("Doe, Jane", "1"), Student("Poe, Tom", "2"))
ON_CANVAS = Roster(JANE_AND_TOM.students, "class.csv", "Canvas")


def grades(*attempts: Attempt, **options):
    return choose(attempts, Policy(), roster=JANE_AND_TOM, **options)


def test_whoever_hands_in_nothing_gets_no_points():
    jane, tom = grades(attempt("doejane", number="1"))
    assert (jane.student, jane.id, jane.notices) == ("Doe, Jane", "1", [])
    assert (tom.student, tom.id, tom.lesson, tom.points, tom.of) == ("Poe, Tom", "2", "02", 0, 10)
    assert (tom.attempt, tom.attempts, tom.notices) == (None, [], [NOTHING])


def test_whoever_is_not_on_the_roster_is_named():
    _, eve, _ = grades(attempt("Eve"), attempt("doejane"))
    assert eve.notices == ["Not on the roster class.csv."]
    assert len(grades(attempt("Eve"))) == 3


def test_whoever_waits_for_a_grade_did_not_hand_in_nothing():
    found = grades(attempt("doejane"), waiting={("poetom", "2")})
    assert [grade.student for grade in found] == ["Doe, Jane"]


def test_in_every_lesson_that_anybody_handed_in():
    found = grades(attempt("doejane"), attempt("doejane", "03"), attempt("poetom", "03"))
    assert [(g.student, g.lesson, bool(g.attempt)) for g in found] == [
        ("Doe, Jane", "02", True),
        ("Doe, Jane", "03", True),
        ("Poe, Tom", "02", False),
        ("Poe, Tom", "03", True),
    ]
    assert {g.lesson for g in grades(attempt("doejane", "03"), lesson="02")} == {"02"}


def test_two_ways_to_write_one_name_are_one_student():
    jane, _ = grades(attempt("doejane", number="1"), attempt("Jane Doe"))
    assert len(jane.attempts) == 2


def test_what_is_written(tmp_path):
    found = choose([attempt("doejane", number="1"), attempt("Eve")], Policy(), roster=ON_CANVAS)
    write_all(tmp_path, found)
    lines = (tmp_path / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    stem = file_stem("Poe, Tom", "2")
    none = "," * len(checks.lessons()["02"])  # one column per question, all empty
    assert lines[3] == (
        f'"Poe, Tom",2,02,0,10,{none}0,,0,,,students/{stem}.html,yes,Nothing was handed in.'
    )
    assert '"Poe, Tom",2,,,,0' in (tmp_path / "canvas-02.csv").read_text(encoding="utf-8")
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    absent = report.partition("<h3>Nothing was handed in.</h3>")[2]
    assert absent.partition("</p>")[0].endswith("Poe, Tom (2)</a>")
    assert "of the 2 who handed in" in report
    assert "Not on the roster class.csv." in report
    page = tmp_path / "students" / f"{stem}.html"
    assert NOTHING in page.read_text(encoding="utf-8")
    assert "Nothing was handed in." in repr(reports.table(found, confined=True))


def test_what_has_no_time_shows_none(tmp_path):
    unknown = Attempt("doejane", "a.pdf", "1", NO_TIME, False, Result(""))
    write_all(tmp_path, grades(unknown, unknown))
    for path in (tmp_path / "grades.csv", *(tmp_path / "students").iterdir()):
        assert "1970" not in path.read_text(encoding="utf-8")


def test_a_class_that_handed_in_nothing_readable(tmp_path):
    found = grades(attempt("doejane", ""))
    assert [(g.student, g.lesson) for g in found] == [("Doe, Jane", ""), ("Poe, Tom", "")]
    write_all(tmp_path, found)
    found = grades(lesson="02")
    assert [g.notices for g in found] == [[NOTHING], [NOTHING]]
    write_all(tmp_path, found)
    assert "0 of 0" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_moodles_worksheet_says_when_something_was_handed_in(tmp_path):
    head = "Identifier,Full name,Last modified (submission)"
    rows = [
        'Participant 4711,Jane Doe,"Friday, 1 May 2026, 11:58 PM"',
        'Participant 4712,Tom Poe,"Saturday, 2 May 2026, 00:05"',
        "Participant 4713,Zoe Roe,-",
    ]
    found = read(tmp_path, "\n".join([head, *rows]))
    assert found.lms == "Moodle"
    assert found.times == {
        "4711": datetime(2026, 5, 1, 23, 58),
        "4712": datetime(2026, 5, 2, 0, 5),
    }


def test_whose_numbers_they_are(tmp_path):
    assert read(tmp_path, CANVAS).lms == "Canvas"
    assert read(tmp_path, PARTICIPANTS).lms == ""
    assert read(tmp_path, "12345\n", "class.txt").lms == ""

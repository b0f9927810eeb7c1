"""Reading what students hand in: folders, zips of Canvas and Moodle, and files that are none."""

import io
import os
import re
import shutil
import stat
import struct
import time
import unicodedata
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.grading import archive, submission
from dlcourse.grading.authors import Names
from dlcourse.grading.reading import NO_TIME, UnreadableError, printable
from dlcourse.grading.submission import collect


def put(folder: Path, **files: bytes) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("%", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def zipped(folder: Path, **files: bytes) -> Path:
    path = folder / "submissions.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def by_student(path: Path) -> dict[str, submission.Submission]:
    return {found.student: found for found in collect(path)}


# ------------------------------------------------------------------ where they are


def test_a_folder_of_notebooks(tmp_path):
    for name in ("jane.ipynb", "Ömer Ü.ipynb", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "jane.ipynb").write_bytes(b"old")
    found = by_student(tmp_path)
    assert set(found) == {"jane", "Ömer Ü"}
    assert found["jane"].content == b"x"
    assert found["jane"].file == "jane.ipynb"


def test_a_folder_a_student(tmp_path):
    put(tmp_path, **{"jane/02_perceptron.ipynb": b"1", "tom/deep/02_perceptron.ipynb": b"2"})
    assert {s.student: s.content for s in collect(tmp_path)} == {"jane": b"1", "tom": b"2"}


@pytest.mark.parametrize(
    ("files", "students"),
    [
        (["class/jane.ipynb", "class/tom.ipynb"], ["jane", "tom"]),
        (["class/jane/02_p.ipynb", "class/tom/02_p.ipynb"], ["jane", "tom"]),
        (["class/jane/02_p/02_p.ipynb", "class/tom/02_p/02_p.ipynb"], ["jane", "tom"]),
        (["jane/02_p.ipynb"], ["jane"]),
        (["jane/02_p.ipynb", "jane/03_b.ipynb"], ["jane", "jane"]),
        (["jane/02_p/02_p.ipynb", "jane/03_b/03_b.ipynb", "tom/a.ipynb"], ["jane", "jane", "tom"]),
    ],
)
def test_the_folder_that_names_the_student(tmp_path, files, students):
    path = zipped(tmp_path, **dict.fromkeys(files, b"x"))
    assert [s.student for s in collect(path)] == students
    assert submission.count(path) == len(students)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "in")
    assert [s.student for s in collect(tmp_path / "in")] == students
    assert submission.count(tmp_path / "in") == len(students)


def test_whoever_hands_in_no_notebook_is_told(tmp_path):
    names = [
        "Jane Doe_4711_assignsubmission_file_/essay.pdf",
        "Jane Doe_4711_assignsubmission_file_/notes.txt",
        "Tom Poe_4712_assignsubmission_file_/02.ipynb",
        "Tom Poe_4712_assignsubmission_file_/data.csv",
        "poetim_12346_67891_answers.docx",
        "README.txt",
    ]
    found = list(collect(zipped(tmp_path, **dict.fromkeys(names, b"x"))))
    assert [s.student for s in found] == ["Tom Poe", "Jane Doe", "poetim"]
    assert "was expected, not a .pdf file" in found[1].problem
    assert found[2].id == "12346"
    names = [f"Participant_{n}_assignsubmission_file_/{f}" for n, f in [(1, "2.ipynb"), (2, "b")]]
    found = list(collect(zipped(tmp_path, **dict.fromkeys(names, b"x"))))
    assert [(s.student, s.id, bool(s.problem)) for s in found] == [
        ("Participant", "1", False),
        ("Participant", "2", True),
    ]


def test_names_of_canvas(tmp_path):
    names = {
        "doejane_12345_67890_02_perceptron.ipynb": b"1",
        "poetom_LATE_12346_67891_02_perceptron-2.ipynb": b"2",
    }
    found = by_student(zipped(tmp_path, **names))
    assert (found["doejane"].id, found["doejane"].late) == ("12345", False)
    assert (found["poetom"].id, found["poetom"].late) == ("12346", True)


def test_names_of_canvas_without_names(tmp_path):
    names = ["anon_x1Y2z_67890_02.ipynb", "LATE_anon_a3B4c_67891_02_p.ipynb"]
    found = by_student(zipped(tmp_path, **dict.fromkeys(names, b"1")))
    assert {s.student: (s.id, s.late) for s in found.values()} == {
        "anon_x1Y2z": ("", False),
        "anon_a3B4c": ("", True),
    }


def test_names_of_moodle(tmp_path):
    name = "Jane Doe_4711_assignsubmission_file_/02_perceptron.ipynb"
    assert by_student(zipped(tmp_path, **{name: b"1"}))["Jane Doe"].id == "4711"
    name = "Jane Doe_4711_assignsubmission_file/sub/02_perceptron.ipynb"
    assert by_student(zipped(tmp_path, **{name: b"1"}))["Jane Doe"].id == "4711"
    name = "Jane Doe_4711_assignsubmission_file_02_perceptron.ipynb"  # not in folders
    assert by_student(zipped(tmp_path, **{name: b"1"}))["Jane Doe"].id == "4711"


def test_one_notebook(tmp_path):
    (tmp_path / "jane.ipynb").write_bytes(b"x")
    assert submission.count(tmp_path / "jane.ipynb") == 1
    assert set(by_student(tmp_path / "jane.ipynb")) == {"jane"}


def test_nobody_hands_in_for_another(tmp_path):
    names = [
        "Tom Poe_4712_assignsubmission_file_/Jane Doe_4711_assignsubmission_file_/02.ipynb",
        "poetom_12346_67891_doejane_12345_67890_02.ipynb",
        "poetim_12347_67891_Jane Doe_4711_assignsubmission_file_.ipynb",
    ]
    found = list(collect(zipped(tmp_path, **dict.fromkeys(names, b"x"))))
    assert [s.id for s in found] == ["4712", "12347", "12346"]
    assert [s.student for s in found] == ["Tom Poe", "poetim", "poetom"]


@pytest.mark.parametrize(
    "forged",
    [
        "doejane_12345_67890_02_perceptron.ipynb",
        "Jane Doe_4711_assignsubmission_file_02_perceptron.ipynb",
        "Jane Doe_4711_assignsubmission_file_/02_perceptron.ipynb",
        "doejane_12345_67890_essay.pdf",
    ],
)
def test_nobody_hands_in_for_another_from_a_folder(tmp_path, forged):
    names = [f"class/tom/{forged}", "class/tom/02_perceptron.ipynb", "class/jane/02_p.ipynb"]
    found = list(collect(zipped(tmp_path, **dict.fromkeys(names, b"x"))))
    assert {s.student for s in found} == {"jane", "tom"}
    assert not any(s.id for s in found)


@pytest.mark.parametrize("name", ["empty", "notes.txt", "broken.zip"])
def test_nothing_to_grade(tmp_path, name):
    if name == "empty":
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(UnreadableError, match=r"holds no notebooks|is no folder|is no zip"):
        list(collect(tmp_path / name))


# ------------------------------------------------------------------ hostile files


def test_what_is_no_file_is_not_opened(tmp_path):
    (tmp_path / "secret").write_text("secret")
    os.symlink(tmp_path / "secret", tmp_path / "link.ipynb")
    os.symlink("/", tmp_path / "folder-link.ipynb")
    os.symlink("link-to-itself.ipynb", tmp_path / "link-to-itself.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "empty.ipynb").touch()
    with (tmp_path / "large.ipynb").open("wb") as file:
        file.truncate(11 << 20)
    found = by_student(tmp_path)
    for name in ("link", "folder-link", "link-to-itself"):
        assert "link to a file" in found[name].problem
    assert "not a file" in found["pipe"].problem
    assert "not a file" in found["folder"].problem
    assert found["empty"].problem == "The file is empty."
    assert "The file has 12 MB; at most 10 are graded" in found["large"].problem
    assert all(not s.content for s in found.values())


def test_a_folder_with_links_in_a_circle(tmp_path):
    put(tmp_path, **{"jane/02.ipynb": b"1"})
    os.symlink(tmp_path, tmp_path / "jane" / "again")
    assert len(list(collect(tmp_path))) == 1


def test_a_zip_writes_nothing_outside(tmp_path):
    names = ["../../evil.ipynb", "/etc/evil2.ipynb", "C:\\evil3.ipynb", "..\\..\\evil4.ipynb"]
    path = zipped(tmp_path, **dict.fromkeys(names, b"x"))
    before = sorted(tmp_path.rglob("*"))
    found = list(collect(path))
    assert len(found) == 4
    assert sorted(tmp_path.rglob("*")) == before
    assert not any(part in ("..", "") for s in found for part in [s.student])


def test_a_zip_with_a_link(tmp_path):
    path = tmp_path / "submissions.zip"
    entry = zipfile.ZipInfo("jane.ipynb")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
        archive.writestr("tom.ipynb", "x")
    assert "link to a file" in by_student(path)["jane"].problem
    assert by_student(path)["tom"].content == b"x"


def test_a_zip_bomb(tmp_path):
    path = zipped(tmp_path, **{"bomb.ipynb": bytes(300 << 20), "tom.ipynb": b"x"})
    assert path.stat().st_size < 1 << 20
    found = by_student(path)
    assert "at most 10" in found["bomb"].problem
    assert found["tom"].content == b"x"


def test_a_zip_that_unpacks_to_too_much_in_all(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 25_000)
    path = zipped(tmp_path, **{f"{i}.ipynb": bytes(10_000) for i in range(5)})
    problems = [s.problem for s in collect(path)]
    assert problems[:3] == ["", "", ""]
    assert all("Split it up" in problem for problem in problems[3:])


def test_a_zip_that_lies_about_sizes_and_sums(tmp_path):
    path = zipped(tmp_path, **{"jane.ipynb": b"jane" * 100, "tom.ipynb": b"x"})
    data = bytearray(path.read_bytes())
    at = data.index(b"jane.ipynb") + len("jane.ipynb")
    data[at] ^= 0xFF
    path.write_bytes(data)
    found = by_student(path)
    assert "damaged" in found["jane"].problem
    assert found["tom"].content == b"x"


def test_an_unusual_compression(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("jane.ipynb", "x")
    assert "ordinary zip" in by_student(tmp_path / "a.zip")["jane"].problem


def test_an_encrypted_entry(tmp_path):
    path = zipped(tmp_path, **{"jane.ipynb": b"x"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    assert "encrypted" in by_student(path)["jane"].problem


@given(st.binary(max_size=300))
def test_any_bytes_for_a_zip(data):
    archive = io.BytesIO(data)
    assert archive  # the file itself is what is read
    path = Path("submissions.zip")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submission.zipfile, "ZipFile", lambda p: zipfile_of(data))
        with pytest.raises(UnreadableError):
            list(collect(path))


def zipfile_of(data: bytes) -> zipfile.ZipFile:
    return _ZipFile(io.BytesIO(data))


_ZipFile = zipfile.ZipFile


def test_names_cannot_move_the_cursor_or_hide():
    assert printable("Jane\x1b[31m\n\u202eeoD\u200b") == "Jane[31meoD"
    assert printable("Jose\u0301") == "José"
    assert printable("\ud800x") == "?x"


def test_the_time_of_a_file(tmp_path):
    (tmp_path / "jane.ipynb").write_bytes(b"x")
    os.utime(tmp_path / "jane.ipynb", (0, 1_700_000_000))
    assert by_student(tmp_path)["jane"].time == datetime.fromtimestamp(1_700_000_000, UTC)


# ------------------------------------------------------------------ what teachers really upload


class MacEntry(zipfile.ZipInfo):
    """Its name is written in UTF-8, and the flag that says so is not set: so does macOS."""

    def _encodeFilenameFlags(self):  # noqa: N802
        return self.filename.encode(), self.flag_bits & ~archive.UTF_8


def mac_zip(folder: Path, **files: bytes) -> Path:
    path = folder / "mac.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in files.items():
            opened.writestr(MacEntry(unicodedata.normalize("NFD", name)), content)
            *folders, last = name.split("/")
            opened.writestr(MacEntry("/".join(["__MACOSX", *folders, f"._{last}"])), b"x")
    return path


def test_a_zip_of_macos(tmp_path):
    found = list(collect(mac_zip(tmp_path, **{"José/02_p.ipynb": b"1", "Tom/02_p.ipynb": b"2"})))
    assert [(s.student, s.content) for s in found] == [("José", b"1"), ("Tom", b"2")]
    assert found[0].notes == (archive.NAME_READ,)
    assert found[1].notes == ()


def test_what_macos_packed_and_windows_unpacked_and_packed_again(tmp_path):
    names = ["class\\jane\\02_p.ipynb", "__MACOSX\\class\\jane\\._02_p.ipynb"]
    names += ["class\\tom\\02_p.ipynb", "class\\tom\\._02_p.ipynb"]
    found = list(collect(zipped(tmp_path, **dict.fromkeys(names, b"x"))))
    assert [s.student for s in found] == ["jane", "tom"]


def test_a_name_in_another_code_page_stays_as_it_was(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        entry = MacEntry("x.ipynb")
        entry._encodeFilenameFlags = lambda: (b"Jos\x82.ipynb", 0)
        opened.writestr(entry, b"x")
    assert set(by_student(tmp_path / "a.zip")) == {"José"}


def inner(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("extracted", [False, True])
@pytest.mark.parametrize(
    ("outer", "student"),
    [
        ("doejane_12345_67890_homework.zip", "doejane"),
        ("Jane Doe_4711_assignsubmission_file/homework.zip", "Jane Doe"),
        ("Jane Doe_4711_assignsubmission_file_homework.zip", "Jane Doe"),
        ("Exercise 2_jdoe_attempt_2026-05-01-23-10-05_homework.zip", "jdoe"),
        ("13394-80551 - Jane Doe - May 1, 2026 1110 PM/homework.zip", "Jane Doe"),
        ("jane/homework.zip", "jane"),
        ("jane.zip", "jane"),
    ],
)
def test_a_zip_in_a_zip(tmp_path, outer, student, extracted):
    packed = inner(**{"homework/02_p.ipynb": b"1", "__MACOSX/homework/._02_p.ipynb": b"2"})
    files = {outer: packed, re.sub("Jane|jane|jdoe", "other", outer): inner(a=b"")}
    path = zipped(tmp_path, **files)
    if extracted:
        path = put(tmp_path / "in", **files)
    found = list(collect(path))
    assert (found[0].student, found[0].content) == (student, b"1")
    assert found[0].notes == (archive.TAKEN_OUT,)
    assert found[0].file == f"{outer}/homework/02_p.ipynb"
    assert "was expected, not a " in found[1].problem


def test_a_damaged_zip_costs_its_student_only(tmp_path):
    names = {"doejane_12345_67890_a.zip": b"PK\x03\x04 no", "poetom_12346_67891_02.ipynb": b"1"}
    found = by_student(zipped(tmp_path, **names))
    assert found["poetom"].content == b"1"
    assert "This is no zip file, or a damaged one" in found["doejane"].problem


def test_zips_without_end(tmp_path, monkeypatch):
    """Each of them ends with a sentence for its student; the others are graded."""
    deep = b"x"
    for _ in range(9):
        deep = inner(**{"02.zip": deep, "02.ipynb": b"1"})
    many = inner(**{f"{i}.ipynb": b"%d" % i for i in range(60)})
    monkeypatch.setattr(archive, "MAX_INNER", 100_000)
    monkeypatch.setattr(archive, "MAX_FILES_INNER", 100)
    full = inner(**{f"{i}": b"" for i in range(101)})
    large = inner(**{"02.ipynb": os.urandom(200_000)})
    files = {"deep.zip": deep, "many.zip": many, "full.zip": full, "large.zip": large}
    found = list(collect(zipped(tmp_path, **files, **{"tom.ipynb": b"t"})))
    problems = {s.student: s.problem for s in found if s.problem}
    assert "too many files" in problems["full"]
    assert "The zip has 0 MB" in problems["large"]
    assert problems["many"] == "60 notebooks were handed in; the first 50 count."
    assert "deep" not in problems
    assert sum(s.student == "deep" for s in found) == 2
    assert "tom" in {s.student for s in found}
    assert submission.count(tmp_path / "submissions.zip") == 63


def test_what_only_other_programs_unpack(tmp_path):
    found = by_student(put(tmp_path, **{"jane.ipynb": b"1", "tom.rar": b"Rar!", "notes.txt": b"x"}))
    assert set(found) == {"jane", "tom"}
    assert "was expected, not a .rar file" in found["tom"].problem


def test_names_of_blackboard(tmp_path):
    files = [
        "Exercise 2_jdoe_attempt_2026-05-01-23-10-05_02_p.ipynb",
        "Exercise 2_jdoe_attempt_2026-05-01-23-10-05.txt",
        "Exercise 2_jdoe_attempt_2026-05-02-08-00-00_02_p.ipynb",
        "Exercise 2_t_poe_attempt_2026-05-01-10-00-00_02_p.ipynb",
        "Exercise 2_zoe_poging_2026-05-01-10-00-00.txt",
    ]
    found = list(collect(zipped(tmp_path, **dict.fromkeys(files, b"x")), ZoneInfo("Europe/Berlin")))
    assert [(s.student, f"{s.time:%d %H:%M}") for s in found] == [
        ("jdoe", "01 21:10"),
        ("jdoe", "02 06:00"),
        ("t_poe", "01 08:00"),
        ("zoe", "01 08:00"),
    ]
    assert "was expected, not a .txt file" in found[-1].problem


def test_names_of_brightspace(tmp_path):
    files = [
        "13394-80551 - Jane Doe - May 1, 2026 1110 PM/02_p.ipynb",
        "13394-80551 - Jane Doe- May 2, 2026 805 AM/02_p.ipynb",
        "13395-80551 - Wei Wang - May 1, 2026 1205 AM - my - homework.ipynb",
        "13396-80551 - Wei Wang - May 1, 2026 12:05 PM - 02.ipynb",
        "13397-80551 - Anne-Marie Poe - 1 May, 2026 2310/02.ipynb",
        "index.html",
    ]
    found = list(collect(zipped(tmp_path, **dict.fromkeys(files, b"x")), UTC))
    assert [(s.student, s.id, f"{s.time:%d %H:%M}") for s in found] == [
        ("Jane Doe", "13394", "01 23:10"),
        ("Jane Doe", "13394", "02 08:05"),
        ("Wei Wang", "13395", "01 00:05"),
        ("Wei Wang", "13396", "01 12:05"),
        ("Anne-Marie Poe", "13397", "01 23:10"),
    ]


def test_numbers_of_brightspace_that_are_not_of_students(tmp_path):
    """Where the second is not the same everywhere, only the name tells who it is."""
    dates = ["May 1, 2026 1110 PM", "May 2, 2026 1110 PM"]
    files = [f"9{i}-77{i} - Jane Doe - {date}/2.ipynb" for i, date in enumerate(dates)]
    found = list(collect(zipped(tmp_path, **dict.fromkeys(files, b"x"))))
    assert {(s.student, s.id) for s in found} == {("Jane Doe", "")}


@pytest.mark.parametrize(
    "name",
    [
        "13394-80551 - Jane Doe - May 1, 2026 1110 PM - tom_12346_67891_x.ipynb",
        "doejane_12345_67890_tom_attempt_2026-05-01-10-00-00_x.ipynb",
        "doejane_12345_67890_Tom Poe_4712_assignsubmission_file_x.ipynb",
        "HW_doejane_attempt_2026-05-01-10-00-00_tom_attempt_2026-05-01-10-00-00_x.ipynb",
        "HW_doejane_attempt_2026-05-01-10-00-00_HW_tom_attempt_2026-05-01-10-00-00_x.zip",
        "Jane Doe_4711_assignsubmission_file/HW_tom_attempt_2026-05-01-10-00-00_x.ipynb",
        "Jane Doe_4711_assignsubmission_file/1-2 - tom - May 1, 2026 1110 PM/x.ipynb",
    ],
)
def test_nobody_hands_in_for_another_in_any_of_the_four(tmp_path, name):
    content = inner(**{"HW_eve_attempt_2026-05-01-10-00-00_x.ipynb": b"1"})
    found = list(collect(zipped(tmp_path, **{name: content})))
    assert len(found) == 1
    assert found[0].student.replace(" ", "").lower() in ("janedoe", "doejane")


METADATA = """\
---
submission_1001:
  :submitters:
  - :name: Jane Doe
    :sid: '3031'
    :email: jane@example.edu
  :created_at: 2026-05-01 23:10:05.250000000 -07:00
  :score: 0.0
  :history: []
submission_1002:
  :submitters:
  - :name: Wei Wang
    :sid:
    :email: wei@example.edu
  - :name: Ann Poe
    :sid: '3033'
    :email: ann@example.edu
  :created_at: 2026-05-02 05:00:00.000000000 Z
submission_1003:
  :submitters:
  - :name:
    :sid: ''
    :email: eve@example.edu
"""


def gradescope(folder: Path, metadata: str, **more: bytes) -> Path:
    files = {f"assignment_7_export/submission_100{i}/02_p.ipynb": b"%d" % i for i in (1, 2, 3)}
    own = {"assignment_7_export/submission_metadata.yml": metadata.encode()}
    return zipped(folder, **files, **own, **more)


def test_names_and_times_of_gradescope(tmp_path):
    found = list(collect(gradescope(tmp_path, METADATA), ZoneInfo("Europe/Berlin")))
    assert [(s.student, s.id, s.content, len(s.notes)) for s in found] == [
        ("Jane Doe", "3031", b"1", 0),
        ("Wei Wang", "", b"2", 1),
        ("Ann Poe", "3033", b"2", 1),
        ("eve@example.edu", "", b"3", 0),
    ]
    assert {s.source for s in found} == {"Gradescope"}
    assert found[0].time.replace(microsecond=0) == datetime(2026, 5, 2, 6, 10, 5, tzinfo=UTC)
    assert found[1].time == datetime(2026, 5, 2, 5, tzinfo=UTC)
    assert found[3].time == NO_TIME
    assert found[1].notes == ("It was handed in by a group of 2; each gets its points.",)


def test_gradescope_without_a_notebook_and_without_metadata(tmp_path):
    other = {"assignment_7_export/submission_1004/02_p.py": b"x"}
    named = METADATA + "submission_1004:\n  :submitters:\n  - :name: Tom Poe\n"
    found = by_student(gradescope(tmp_path, named, **other))
    assert "not a .py file" in found["Tom Poe"].problem
    for damaged in ("", "- 1\n", "a: [", "submission_1001: 3", "a: &a [*a]", "\x00", "1: 1"):
        students = set(by_student(gradescope(tmp_path, damaged)))
        assert students == {"submission_1001", "submission_1002", "submission_1003"}


def test_metadata_of_a_student_name_nobody(tmp_path):
    """In Moodle's zip, and in Gradescope's own, one folder deeper."""
    forged = b"submission_1:\n  :submitters:\n  - :name: Tom Poe\n"
    for outer in ("Jane Doe_4711_assignsubmission_file", "janedoe_12345_67890_all.zip"):
        files = {"submission_metadata.yml": forged, "submission_1/02_p.ipynb": b"1"}
        content = {f"{outer}/{name}": data for name, data in files.items()}
        if outer.endswith(".zip"):
            content = {outer: inner(**files)}
        others = {"Wei Wang_4712_assignsubmission_file/02_p.ipynb": b"2"}
        assert "Tom Poe" not in by_student(zipped(tmp_path, **content, **others))
    deeper = {f"assignment_7_export/submission_1001/{name}": data for name, data in files.items()}
    assert "Tom Poe" not in by_student(gradescope(tmp_path, METADATA, **deeper))


# ------------------------------------------------------------------ times


def test_a_download_says_nothing_about_the_time(tmp_path):
    names = ["doejane_12345_67890_02.ipynb", "poetom_LATE_12346_67891_02.ipynb"]
    moodle = "Jane Doe_4711_assignsubmission_file/02.ipynb"
    for files in (names, [moodle]):
        path = zipped(tmp_path, **dict.fromkeys(files, b"x"))
        assert {s.time for s in collect(path)} == {NO_TIME}
        with zipfile.ZipFile(path) as opened:
            opened.extractall(tmp_path / "in")
        assert {s.time for s in collect(tmp_path / "in")} == {NO_TIME}
        shutil.rmtree(tmp_path / "in")


def extra(identity: int, form: str, *values: int) -> bytes:
    data = struct.pack(form, *values)
    return struct.pack("<HH", identity, len(data)) + data


TRUE = datetime(2026, 5, 1, 21, 30, 7, tzinfo=UTC)
TICKS = int((TRUE - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7


@pytest.mark.parametrize(
    ("field", "time"),
    [
        (extra(0x5455, "<Bi", 3, int(TRUE.timestamp())), TRUE),
        (extra(0x5855, "<ii", 0, int(TRUE.timestamp())), TRUE),
        (extra(0x000A, "<IHHQQQ", 0, 1, 24, TICKS, 0, 0), TRUE),
        (extra(0x9999, "<H", 7) + extra(0x5455, "<Bi", 1, int(TRUE.timestamp())), TRUE),
        (b"", datetime(2026, 1, 2, 2, 4, 6, tzinfo=UTC)),
        (extra(0x5455, "<B", 0), datetime(2026, 1, 2, 2, 4, 6, tzinfo=UTC)),
        (extra(0x5455, "<Bh", 1, 5), datetime(2026, 1, 2, 2, 4, 6, tzinfo=UTC)),
        (extra(0x000A, "<IHHQ", 0, 1, 24, 2**64 - 1), datetime(2026, 1, 2, 2, 4, 6, tzinfo=UTC)),
        (b"\x55\x54\xff\xff", datetime(2026, 1, 2, 2, 4, 6, tzinfo=UTC)),
    ],
)
def test_the_time_of_a_zip_is_read_in_utc_where_it_is_written_in_utc(field, time):
    entry = zipfile.ZipInfo("a.ipynb", (2026, 1, 2, 3, 4, 6))
    entry.extra = field
    assert archive.entry_time(entry, ZoneInfo("Europe/Berlin")) == time


def test_a_zip_with_no_date_at_all():
    entry = zipfile.ZipInfo("a.ipynb", (2026, 1, 2, 3, 4, 6))
    entry.date_time = (2026, 0, 0, 0, 0, 0)
    assert archive.entry_time(entry, UTC) == NO_TIME


def test_what_lies_in_a_handed_in_zip_has_the_time_of_the_zip(tmp_path):
    """Whoever packed it chose the times inside."""
    entry = zipfile.ZipInfo("jane.zip", (2026, 5, 3, 0, 0, 0))
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as opened:
        opened.writestr(entry, inner(**{"02.ipynb": b"1"}))
    (found,) = collect(tmp_path / "class.zip", UTC)
    assert found.time == datetime(2026, 5, 3, tzinfo=UTC)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_name_has_an_author(one, two):
    names = Names.of([one, two], [one])
    assert names.author(one) == names.author(one)
    assert isinstance(names.author(two).student, str)


def test_names_that_patterns_get_stuck_on():
    """The first took more than a minute before names had a limit."""
    names = ["1-2 - a - " + "1234 " * 10_000 + "-x", "_a" * 30_000, "a_1" * 20_000, "a - " * 15_000]
    begin = time.process_time()
    for name in names:
        Names.of([name], [name]).author(name + ".ipynb")
    assert time.process_time() - begin < 5


def test_a_student_whose_folder_holds_no_notebook_is_not_lost(tmp_path):
    for name in ("jane/02.ipynb", "tom/02.pdf", "zoe/work/notes.docx", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = {s.student: s.problem for s in collect(tmp_path)}
    assert set(found) == {"jane", "tom", "zoe"}
    assert "not a .pdf file" in found["tom"]
    assert "not a .docx file" in found["zoe"]


@pytest.mark.parametrize("ending", [".ipynb.txt", ".ipynb.json", ".IPYNB"])
def test_a_notebook_that_a_browser_has_renamed_is_read(tmp_path, ending):
    (tmp_path / f"jane{ending}").write_bytes(b"x")
    (tmp_path / "tom.ipynb").write_bytes(b"x")
    jane, tom = collect(tmp_path)
    assert (jane.student, tom.student) == ("jane", "tom")
    assert (not jane.notes) == (ending == ".IPYNB")


@pytest.mark.parametrize(
    "name",
    ["Jane Doe - 02_perceptron", "02_perceptron - Jane Doe", "Copy of 02_perceptron - Jane Doe"],
)
def test_names_that_google_makes(tmp_path, name):
    (tmp_path / f"{name}.ipynb").write_bytes(b"x")
    assert [s.student for s in collect(tmp_path)] == ["Jane Doe"]

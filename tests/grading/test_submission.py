"""Reading what students hand in: folders, zips of Canvas and Moodle, and files that are none."""

import contextlib
import io
import json
import os
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.grading import submission
from dlcourse.grading.submission import UnreadableError, collect, printable, read
from tests.grading.notebooks import RIGHT, answers, code, notebook, solution


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
    assert "was expected, not essay.pdf" in found[1].problem
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
    monkeypatch.setattr(submission, "MAX_UNPACKED", 25_000)
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


# ------------------------------------------------------------------ what is in them


def test_answers_by_grade_id():
    found = read(solution())
    assert found.lesson == "02"
    assert [name for name, _ in found.cells if name] == [
        "perceptron_step", "perceptron_fit", "novikoff_bound", "is_separable",
    ]  # fmt: skip
    assert not any("check(perceptron_step)" in source for _, source in found.cells)
    assert found.notices == []


def test_submitted_tests_are_ignored():
    cells = [
        code(RIGHT["perceptron_step"], "perceptron_step"),
        code("evil", "test_perceptron_step"),
    ]
    assert "evil" not in str(read(notebook(*cells)).cells)


def test_the_last_of_several_answer_cells_counts():
    cells = [code(f"x = {i}", "perceptron_step") for i in range(3)]
    found = read(notebook(*cells))
    assert found.cells == [("perceptron_step", "x = 2")]
    assert found.notices == [
        "There are several answer cells for perceptron_step. The last one was graded."
    ]


def test_encodings():
    content = answers(**RIGHT)
    assert read(b"\xef\xbb\xbf" + content).lesson == "02"
    assert read(content.decode().encode("utf-16")).lesson == "02"


def test_sources_in_lines_and_format_3():
    lines = RIGHT["perceptron_step"].splitlines(keepends=True)
    cell = code("", "perceptron_step") | {"source": lines}
    assert read(notebook(cell)).cells == [("perceptron_step", RIGHT["perceptron_step"])]
    old = {"input": lines, "cell_type": "code", "metadata": cell["metadata"]}
    content = json.dumps({"worksheets": [{"cells": [old]}], "nbformat": 3}).encode()
    assert read(content).cells == [("perceptron_step", RIGHT["perceptron_step"])]


def test_another_language_is_noticed():
    content = notebook(
        code(RIGHT["perceptron_step"], "perceptron_step"),
        metadata={"kernelspec": {"name": "ir", "language": "R\n"}},
    )
    assert read(content).notices == [
        "The notebook says that its language is 'R'. It was run as Python."
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"not JSON", "not valid JSON"),
        (b'{"cells": [', "not valid JSON"),
        (b"[" * 1_000_000, "not valid JSON"),
        (b"9" * 10_000, "not valid JSON"),
        (b"[]", "JSON, but no notebook"),
        (b"null", "JSON, but no notebook"),
        (b"{}", "no cells"),
        (b'{"cells": {}}', "no cells"),
        (b'{"cells": [null, 1, "x", [], {}]}', "none of the answer cells"),
        (b'{"worksheets": [1, {"cells": 3}]}', "none of the answer cells"),
        ("ä".encode("latin-1") + answers(**RIGHT), "not written in UTF-8"),
        (b"\xff\xfe\x00", "not written in UTF-8"),
        (b"%PDF-1.7 \x80", "not written in UTF-8"),
        (notebook(code("x = 1")), "none of the answer cells"),
        (notebook(code("x = 1", "homework_1")), "none of the answer cells"),
        (notebook(*[code("")] * 5_001), "more than 5000 cells"),
        (answers(perceptron_step="#" * (2 << 20)), "more than a million characters"),
    ],
)  # fmt: skip
def test_what_is_no_submission_gets_a_sentence(content, words):
    with pytest.raises(UnreadableError, match=words):
        read(content)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "metadata", "nbgrader", "grade_id", "source", "input"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(values)
def test_any_json_gets_answers_or_a_sentence(value):
    for content in (value, {"cells": value}, {"cells": [{"cell_type": "code", "metadata": value}]}):
        with contextlib.suppress(UnreadableError):
            read(json.dumps(content).encode())

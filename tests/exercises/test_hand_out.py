"""Whatever happens, no file that a learner changed is changed by us."""

import errno
import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlcourse import layout
from dlcourse.exercises import hand_out as module

NAME = "02_perceptron"
LINK = "[lesson](../../notebooks/02_perceptron.ipynb)"


def cell(kind, source, **more):
    return {"cell_type": kind, "id": "a", "metadata": {}, "source": source, **more}


def notebook(text):
    """Return the bytes of an executed notebook: a link, and a cell that has printed."""
    output = {"output_type": "stream", "name": "stdout", "text": "printed"}
    cells = [cell("markdown", [LINK]), cell("code", [text], outputs=[output], execution_count=3)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def exercises(tmp_path):
    put(tmp_path / "exercises", "version 1")
    return tmp_path / "exercises"


@pytest.fixture
def work(tmp_path):
    return tmp_path / "work"


def hand_out(exercises, work):
    return module.hand_out(work, exercises.parent / "notebooks", exercises)


def put(exercises, text, name=NAME):
    path = exercises / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook(text))


def put_lesson(exercises, text, name=NAME):
    path = exercises.parent / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    link = cell("markdown", ["[do](../exercises/02_perceptron/02_perceptron.ipynb)"])
    stored = json.loads(notebook(text))
    path.write_bytes(json.dumps(stored | {"cells": [link, *stored["cells"]]}).encode())


def own(work, name=NAME):
    return work / f"{name}_exercise.ipynb"


def edit(path, text):
    """Change a cell, as a learner does."""
    stored = json.loads(path.read_bytes())
    stored["cells"][-1]["source"] = [text]
    path.write_bytes(json.dumps(stored).encode())


def execute(path):
    """Run it: outputs and counts change, and nothing else."""
    stored = json.loads(path.read_bytes())
    stored["cells"][-1] |= {"outputs": [{"output_type": "stream"}], "execution_count": 9}
    path.write_bytes(json.dumps(stored, indent=3).encode())


def said(path):
    return json.loads(path.read_bytes())["cells"][-1]["source"]


def visible(work):
    """All files but the record, with their contents."""
    return {
        path.relative_to(work).as_posix(): path.read_bytes()
        for path in work.rglob("*")
        if path.is_file() and not path.name.startswith(".handed_out")
    }


def test_first_copies(exercises, work):
    put(exercises, "x", "03_boundaries")
    put_lesson(exercises, "lesson")
    notices = hand_out(exercises, work)
    names = ["02_perceptron", "02_perceptron_exercise", "03_boundaries_exercise"]
    assert [(n.kind, n.path) for n in notices] == [
        ("new", work / f"{name}.ipynb") for name in names
    ]
    assert notices[0].message == "New lesson: 02_perceptron.ipynb"
    assert notices[1].message == "New exercise: 02_perceptron_exercise.ipynb"
    assert said(own(work)) == ["version 1"]
    assert hand_out(exercises, work) == []


def test_a_copy_has_no_outputs_and_links_that_hold(exercises, work):
    put_lesson(exercises, "lesson")
    hand_out(exercises, work)
    for path in work.glob("*.ipynb"):
        stored = json.loads(path.read_bytes())
        code = stored["cells"][-1]
        assert (code["outputs"], code["execution_count"]) == ([], None)
    (link,) = json.loads(own(work).read_bytes())["cells"][0]["source"]
    assert link == "[lesson](02_perceptron.ipynb)"
    (link,) = json.loads((work / f"{NAME}.ipynb").read_bytes())["cells"][0]["source"]
    assert link == "[do](02_perceptron_exercise.ipynb)"


def test_what_the_learner_only_ran_is_replaced_by_a_newer_version(exercises, work):
    put_lesson(exercises, "lesson 1")
    hand_out(exercises, work)
    for path in list(work.glob("*.ipynb")):
        execute(path)
    assert hand_out(exercises, work) == []
    put_lesson(exercises, "lesson 2")
    put(exercises, "version 2")
    notices = hand_out(exercises, work)
    assert [n.kind for n in notices] == ["newer", "newer"]
    assert "you had not changed it" in notices[0].message
    assert said(own(work)) == ["version 2"]
    assert said(work / f"{NAME}.ipynb") == ["lesson 2"]
    assert hand_out(exercises, work) == []


def test_a_learners_file_survives_an_upgrade_byte_for_byte(exercises, work):
    hand_out(exercises, work)
    edit(own(work), "my answer")
    content, before = own(work).read_bytes(), own(work).stat()
    put(exercises, "version 2")
    (notice,) = hand_out(exercises, work)
    assert own(work).read_bytes() == content
    assert own(work).stat().st_mtime_ns == before.st_mtime_ns
    assert own(work).stat().st_ino == before.st_ino
    assert notice.kind == "beside"
    assert notice.path.name.startswith("02_perceptron_exercise.new-20")
    assert said(notice.path) == ["version 2"]
    assert "your own file is as you left it" in notice.message
    assert hand_out(exercises, work) == []


def test_what_is_no_notebook_any_more_is_the_learners(exercises, work):
    hand_out(exercises, work)
    own(work).write_bytes(b"\r\nmy answer \xff\x00")
    put(exercises, "version 2")
    hand_out(exercises, work)
    assert own(work).read_bytes() == b"\r\nmy answer \xff\x00"


def test_an_answer_in_the_folder_of_an_earlier_version_stays_there(exercises, work):
    earlier = work / NAME / f"{NAME}.ipynb"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(notebook("my answer"))
    (notice,) = hand_out(exercises, work)
    assert said(earlier) == ["my answer"]
    assert notice.path.parent == earlier.parent
    assert not own(work).exists()
    assert module.own_exercises(work) == [earlier]


def test_a_learners_edits_are_not_taken_for_a_newer_exercise(exercises, work):
    hand_out(exercises, work)
    edit(own(work), "my answer")
    assert hand_out(exercises, work) == []
    assert list(visible(work)) == ["02_perceptron_exercise.ipynb"]


def test_a_version_that_the_learner_threw_away_does_not_come_back(exercises, work):
    hand_out(exercises, work)
    edit(own(work), "mine")
    put(exercises, "version 2")
    (notice,) = hand_out(exercises, work)
    notice.path.unlink()
    assert hand_out(exercises, work) == []


def test_whoever_deletes_the_file_gets_a_fresh_one(exercises, work):
    hand_out(exercises, work)
    own(work).unlink()
    (notice,) = hand_out(exercises, work)
    assert notice.kind == "new"
    assert said(own(work)) == ["version 1"]


def test_two_new_versions_on_one_day(exercises, work):
    hand_out(exercises, work)
    edit(own(work), "mine")
    for number in (2, 3, 4):
        put(exercises, f"version {number}")
        hand_out(exercises, work)
    texts = sorted(said(path)[0] for path in work.glob("*.ipynb"))
    assert texts == ["mine", "version 2", "version 3", "version 4"]


@pytest.mark.parametrize("record", [b"", b"{", b"[]", b'{"02_perceptron": 3}', b"\xff", None])
def test_without_its_record_it_makes_one_copy_too_many_at_most(exercises, work, record):
    hand_out(exercises, work)
    edit(own(work), "mine")
    for _ in range(3):
        if record is None:
            (work / module.RECORD).unlink()
        else:
            (work / module.RECORD).write_bytes(record)
        hand_out(exercises, work)
    assert sorted(said(path)[0] for path in work.glob("*.ipynb")) == ["mine", "version 1"]


def test_things_that_are_no_files_are_left_alone(exercises, work):
    work.mkdir()
    os.symlink(work / "nowhere", own(work))
    hand_out(exercises, work)
    assert own(work).is_symlink()
    assert not (work / "nowhere").exists()

    own(work).unlink()
    own(work).mkdir()
    put(exercises, "version 2")
    hand_out(exercises, work)
    assert own(work).is_dir()


def test_checkpoints_and_strays_are_no_exercises(exercises, work):
    put(exercises, "x", ".ipynb_checkpoints")
    (exercises / NAME / "scratch.ipynb").write_bytes(b"x")
    assert len(hand_out(exercises, work)) == 1


@pytest.mark.parametrize("broken", ["fsync", "link", "unlink"])
def test_an_interrupted_copy_leaves_nothing_half_done(exercises, work, monkeypatch, broken):
    """The machine stops at some point of the first copy; the next run repairs it."""

    class Stop(BaseException):
        pass

    def stop(*arguments, **options):
        raise Stop

    monkeypatch.setattr(os, broken, stop)
    with pytest.raises(Stop):
        hand_out(exercises, work)
    monkeypatch.undo()
    assert not own(work).exists() or said(own(work)) == ["version 1"]
    hand_out(exercises, work)
    assert said(own(work)) == ["version 1"]


def test_an_interrupted_replacement_leaves_the_old_version(exercises, work, monkeypatch):
    hand_out(exercises, work)
    put(exercises, "version 2")

    def refuse(*arguments, **options):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="Input/output"):
        hand_out(exercises, work)
    assert list(visible(work)) == ["02_perceptron_exercise.ipynb"]
    assert said(own(work)) == ["version 1"]


def test_a_full_disk_leaves_no_half_file(exercises, work, monkeypatch):
    def full(file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        hand_out(exercises, work)
    assert visible(work) == {}


def test_a_file_system_without_links(exercises, work, monkeypatch):
    def no_links(*arguments, **options):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    hand_out(exercises, work)
    assert said(own(work)) == ["version 1"]
    edit(own(work), "mine")
    put(exercises, "version 2")
    hand_out(exercises, work)
    assert sorted(said(path)[0] for path in work.glob("*.ipynb")) == ["mine", "version 2"]


def test_a_file_that_appears_in_the_last_moment_wins(exercises, work, monkeypatch):
    link = os.link

    def late(source, target):
        target.write_bytes(b"saved by the learner just now")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    hand_out(exercises, work)
    assert own(work).read_bytes() == b"saved by the learner just now"


def test_two_at_once(exercises, work):
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: hand_out(exercises, work), range(16)))
    assert sum(map(len, results)) == 1
    assert list(visible(work)) == ["02_perceptron_exercise.ipynb"]
    assert json.loads((work / module.RECORD).read_bytes())[f"{NAME}_exercise"]


def test_the_course_itself_is_handed_out_with_links_that_lead_somewhere(tmp_path):
    module.hand_out(tmp_path)
    lessons = {path.stem for path in layout.NOTEBOOKS.glob("*.ipynb")}
    assert lessons <= {path.stem for path in tmp_path.glob("*.ipynb")}
    for path in tmp_path.glob("*.ipynb"):
        for part in json.loads(path.read_bytes())["cells"]:
            for link in links_of("".join(part["source"])) * (part["cell_type"] == "markdown"):
                assert (tmp_path / link).is_file(), (path.name, link)


def links_of(text):
    return [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]


actions = st.lists(
    st.one_of(
        st.tuples(st.just("upgrade"), st.text("ab", max_size=2)),
        st.tuples(st.just("edit"), st.text("abc", max_size=2)),
        st.tuples(st.just("run"), st.just("")),
        st.tuples(st.just("delete"), st.just("")),
        st.tuples(st.just("lose record"), st.just("")),
        st.tuples(st.just("lab"), st.just("")),
    ),
    max_size=12,
)


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=actions)
def test_no_story_changes_what_a_learner_wrote(tmp_path, story):
    exercises, work = tmp_path / "exercises", tmp_path / "work"
    for folder in (exercises, work):
        shutil.rmtree(folder, ignore_errors=True)
    put(exercises, "version 1")
    published = {"version 1"}
    for action, text in story:
        if action == "upgrade":
            put(exercises, text)
            published.add(text)
        elif action == "edit" and own(work).exists():
            edit(own(work), text)
        elif action == "run" and own(work).exists():
            execute(own(work))
        elif action == "delete" and own(work).exists():
            own(work).unlink()
        elif action == "lose record":
            (work / module.RECORD).unlink(missing_ok=True)
        elif action == "lab":
            before = visible(work) if work.exists() else {}
            notices = hand_out(exercises, work)
            after = visible(work)
            assert len(notices) <= 1
            replaced = {n.path.name for n in notices if n.kind == "newer"}
            for name, content in before.items():
                if name in replaced:  # it said what the course had said, and nothing else
                    assert json.loads(content)["cells"][-1]["source"][0] in published
                else:
                    assert after[name] == content
            assert hand_out(exercises, work) == []

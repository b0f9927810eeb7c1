"""Whatever happens, no file of the learner's changes."""

import errno
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlcourse.exercises import hand_out as module
from dlcourse.exercises.hand_out import hand_out

NAME = "02_perceptron"


@pytest.fixture
def exercises(tmp_path):
    put(tmp_path / "exercises", b"version 1")
    return tmp_path / "exercises"


@pytest.fixture
def work(tmp_path):
    return tmp_path / "work"


def put(exercises, content, name=NAME):
    path = exercises / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def own(work, name=NAME):
    return work / name / f"{name}.ipynb"


def visible(work):
    """All files but the record, with their contents."""
    return {
        path.relative_to(work).as_posix(): path.read_bytes()
        for path in work.rglob("*")
        if path.is_file() and not path.name.startswith(".handed_out")
    }


def test_first_copy(exercises, work):
    put(exercises, b"lesson 3", "03_activations")
    notices = hand_out(exercises, work)
    assert [(n.kind, n.path) for n in notices] == [
        ("new", own(work)),
        ("new", own(work, "03_activations")),
    ]
    assert notices[0].message == "New exercise: work/02_perceptron/02_perceptron.ipynb"
    assert own(work).read_bytes() == b"version 1"
    assert hand_out(exercises, work) == []


def test_a_learners_file_survives_an_upgrade_byte_for_byte(exercises, work):
    hand_out(exercises, work)
    own(work).write_bytes(b"\r\nmy answer \xff\x00")
    before = own(work).stat()
    put(exercises, b"version 2")
    (notice,) = hand_out(exercises, work)
    assert own(work).read_bytes() == b"\r\nmy answer \xff\x00"
    assert own(work).stat().st_mtime_ns == before.st_mtime_ns
    assert own(work).stat().st_ino == before.st_ino
    assert notice.kind == "beside"
    assert notice.path.name.startswith("02_perceptron.new-20")
    assert notice.path.read_bytes() == b"version 2"
    assert "your own file is as you left it" in notice.message
    assert hand_out(exercises, work) == []


def test_a_learners_edits_are_not_taken_for_a_newer_exercise(exercises, work):
    hand_out(exercises, work)
    own(work).write_bytes(b"my answer")
    assert hand_out(exercises, work) == []
    assert list(visible(work)) == ["02_perceptron/02_perceptron.ipynb"]


def test_a_file_that_was_never_touched_is_not_replaced_either(exercises, work):
    hand_out(exercises, work)
    put(exercises, b"version 2")
    hand_out(exercises, work)
    assert own(work).read_bytes() == b"version 1"


def test_a_version_that_the_learner_threw_away_does_not_come_back(exercises, work):
    hand_out(exercises, work)
    put(exercises, b"version 2")
    (notice,) = hand_out(exercises, work)
    notice.path.unlink()
    assert hand_out(exercises, work) == []


def test_whoever_deletes_the_file_gets_a_fresh_one(exercises, work):
    hand_out(exercises, work)
    own(work).unlink()
    (notice,) = hand_out(exercises, work)
    assert notice.kind == "new"
    assert own(work).read_bytes() == b"version 1"


def test_two_new_versions_on_one_day(exercises, work):
    hand_out(exercises, work)
    own(work).write_bytes(b"mine")
    for number in (2, 3, 4):
        put(exercises, f"version {number}".encode())
        hand_out(exercises, work)
    assert sorted(visible(work).values()) == [b"mine", b"version 2", b"version 3", b"version 4"]


@pytest.mark.parametrize("record", [b"", b"{", b"[]", b'{"02_perceptron": 3}', b"\xff", None])
def test_without_its_record_it_makes_one_copy_too_many_at_most(exercises, work, record):
    hand_out(exercises, work)
    own(work).write_bytes(b"mine")
    for _ in range(3):
        if record is None:
            (work / module.RECORD).unlink()
        else:
            (work / module.RECORD).write_bytes(record)
        hand_out(exercises, work)
    assert sorted(visible(work).values()) == [b"mine", b"version 1"]


def test_things_that_are_no_files_are_left_alone(exercises, work):
    own(work).parent.mkdir(parents=True)
    os.symlink(work / "nowhere", own(work))
    hand_out(exercises, work)
    assert own(work).is_symlink()
    assert not (work / "nowhere").exists()

    own(work).unlink()
    own(work).mkdir()
    put(exercises, b"version 2")
    hand_out(exercises, work)
    assert own(work).is_dir()


def test_checkpoints_and_strays_are_no_exercises(exercises, work):
    put(exercises, b"x", ".ipynb_checkpoints")
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
    assert not own(work).exists() or own(work).read_bytes() == b"version 1"
    own(work).write_bytes(b"mine") if own(work).exists() else None
    hand_out(exercises, work)
    assert own(work).read_bytes() in (b"version 1", b"mine")


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
    assert own(work).read_bytes() == b"version 1"
    own(work).write_bytes(b"mine")
    put(exercises, b"version 2")
    hand_out(exercises, work)
    assert sorted(visible(work).values()) == [b"mine", b"version 2"]


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
    assert visible(work) == {"02_perceptron/02_perceptron.ipynb": b"version 1"}
    assert json.loads((work / module.RECORD).read_bytes())[NAME]


actions = st.lists(
    st.one_of(
        st.tuples(st.just("upgrade"), st.binary(max_size=4)),
        st.tuples(st.just("edit"), st.binary(max_size=4)),
        st.tuples(st.just("delete"), st.just(b"")),
        st.tuples(st.just("lose record"), st.just(b"")),
        st.tuples(st.just("lab"), st.just(b"")),
    ),
    max_size=12,
)


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=actions)
def test_no_story_changes_a_file_of_the_learners(tmp_path, story):
    exercises, work = tmp_path / "exercises", tmp_path / "work"
    for folder in (exercises, work):
        shutil.rmtree(folder, ignore_errors=True)
    put(exercises, b"version 1")
    for action, content in story:
        if action == "upgrade":
            put(exercises, content)
        elif action == "edit" and own(work).exists():
            own(work).write_bytes(content)
        elif action == "delete" and own(work).exists():
            own(work).unlink()
        elif action == "lose record":
            (work / module.RECORD).unlink(missing_ok=True)
        elif action == "lab":
            before = visible(work) if work.exists() else {}
            notices = hand_out(exercises, work)
            after = visible(work)
            assert {name: after.get(name) for name in before} == before
            assert len(after) - len(before) == len(notices) <= 1
            assert hand_out(exercises, work) == []

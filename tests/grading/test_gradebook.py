"""The gradebook's file: shared, locked, full, foreign."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest

from dlcourse.grading import gradebook
from dlcourse.grading.files import KeepingError, make_folder, write
from dlcourse.grading.gradebook import Gradebook
from dlcourse.grading.locks import alone
from dlcourse.grading.marking import Result
from dlcourse.layout import ROOT

HOLD = """
import sys, time
from pathlib import Path
from dlcourse.grading.locks import alone
with alone(Path(sys.argv[1]), print):
    print("mine", flush=True)
    time.sleep(1000)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "gradebook.sqlite"


def test_two_runs_on_one_folder_wait_for_each_other(tmp_path):
    said, order = [], []

    def second():
        with alone(tmp_path, said.append):
            order.append("second")

    with alone(tmp_path, said.append):
        waiting = threading.Thread(target=second)
        waiting.start()
        while not said:
            pass
        order.append("first")
    waiting.join(60)
    assert order == ["first", "second"]
    assert said == [f"Another run is grading into {tmp_path}. This one begins when that has ended."]


def test_a_run_that_was_killed_keeps_nobody_waiting(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as holder:
        assert holder.stdout.readline() == "mine\n"
        said = []

        def tell(words):
            said.append(words)
            holder.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

        with alone(tmp_path, tell):
            assert len(said) == 1


def test_a_book_that_another_program_keeps_to_itself(path, monkeypatch):
    Gradebook(path).database.close()
    monkeypatch.setattr(gradebook, "BUSY", 0)
    other = sqlite3.connect(path, isolation_level=None)
    with Gradebook(path) as book:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(KeepingError, match="in use by another program"):
            book.keep("x", Result("02"))
        other.execute("COMMIT")
        book.keep("x", Result("02"))
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(KeepingError, match="in use by another program"):
        Gradebook(path)
    other.close()


def test_a_full_disk(path):
    with Gradebook(path) as book:
        book.keep("small", Result("02"))
        (pages,) = book.database.execute("PRAGMA page_count").fetchone()
        book.database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(KeepingError, match="is full"):
            book.keep("large", Result("02", notices=["x" * 100_000]))
        assert book.has("small")


def test_a_full_disk_while_a_page_is_written(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    write(page, "old")

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gradebook.Path, "write_text", full)
    with pytest.raises(KeepingError, match="is full"):
        write(page, "new")
    assert page.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_no_gradebook(path):
    path.write_bytes(b"no database, but long enough to be one" * 100)
    with pytest.raises(KeepingError, match="cannot be used as a gradebook"):
        Gradebook(path)


def test_a_folder_that_cannot_be(tmp_path, path):
    path.write_text("a file")
    with pytest.raises(KeepingError, match="cannot be written"):
        make_folder(path / "folder")
    with pytest.raises(KeepingError, match="cannot be written"):
        Gradebook(tmp_path / "nowhere" / "gradebook.sqlite")
    with pytest.raises(KeepingError, match="cannot be written"), alone(tmp_path / "nowhere", print):
        pass


def test_parts_of_two_runs_do_not_mix(tmp_path, monkeypatch):
    seen = []
    replace = gradebook.Path.replace
    monkeypatch.setattr(
        gradebook.Path, "replace", lambda part, path: seen.append(part.name) or replace(part, path)
    )
    write(tmp_path / "page.html", "text")
    assert seen == [f"page.html.{os.getpid()}.part"]

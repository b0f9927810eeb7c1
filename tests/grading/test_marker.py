"""The process that marks: lost, late, out of memory, and the class goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlcourse.grading import marker
from dlcourse.grading.marker import LOST, TOO_LONG, Marker, mark
from dlcourse.grading.marking import Result
from dlcourse.grading.sandbox.host import Limits
from dlcourse.grading.sandbox.processes import DeadWorkerError, NoSandboxError
from dlcourse.layout import ROOT
from tests.grading.notebooks import RIGHT, answers

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no worker can be ended in time here")


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """Give each test a process of its own; yield those that it starts."""
    monkeypatch.setattr(marker, "_own", marker.threading.local())
    found = []

    class Noted(Marker):
        def __init__(self):
            super().__init__()
            found.append(self)

    monkeypatch.setattr(marker, "Marker", Noted)
    yield found
    for each in found:
        each.end()


def replaced(monkeypatch, code: str) -> None:
    """Let the process run other code in place of `marking.mark`."""
    patch = f"""
import os, signal, time
from dlcourse.grading import marking
def mark(content, seed, confined, limits):
{code}
marking.mark = mark
from dlcourse.grading.marker import serve; serve()"""
    monkeypatch.setattr(marker, "START", "import sys; sys.path.insert(0, sys.argv[1])" + patch)


def test_it_marks_one_submission_after_another(started):
    for _ in range(2):
        assert mark(answers(**RIGHT), 1, False).points == 4
    assert mark(b"", 1, False).notices == ["The file is empty."]
    assert len(started) == 1


def test_a_lost_process_is_replaced_once(monkeypatch, started):
    assert mark(answers(**RIGHT), 1, False).points == 4
    os.kill(started[0].process.pid, signal.SIGKILL)
    assert mark(answers(**RIGHT), 1, False).points == 4
    assert len(started) == 2


def test_a_submission_that_ends_the_process_is_one_to_read_by_hand(monkeypatch, started):
    replaced(monkeypatch, "    os.kill(os.getpid(), signal.SIGKILL)")
    assert mark(b"x", 1) == Result("", problem=LOST)
    assert len(started) == 2
    assert all(each.ended for each in started)


CAUGHT = "    try:\n        while True: pass\n    except BaseException: return None"


@pytest.mark.parametrize("code", ["    while True: pass", CAUGHT])
def test_the_graders_own_work_has_a_limit_of_time(monkeypatch, started, code):
    replaced(monkeypatch, code)
    assert mark(b"x", 1, True, Limits(host_cpu=1)) == Result("", problem=TOO_LONG)
    # Nothing that was cut short and kept there meets the next submission.
    assert started[-1].ended


def test_a_computation_that_hears_no_alarm_is_ended(monkeypatch, started):
    replaced(monkeypatch, "    signal.signal(signal.SIGPROF, signal.SIG_IGN)\n    while True: pass")
    assert mark(b"x", 1, True, Limits(host_cpu=0)) == Result("", problem=LOST)


def test_a_process_that_says_nothing_is_ended(monkeypatch, started):
    replaced(monkeypatch, "    time.sleep(1000)")
    assert mark(b"x", 1, True, Limits(whole=0.1)) == Result("", problem=TOO_LONG)
    assert len(started) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not limit address space")
def test_the_graders_own_work_has_a_limit_of_memory(started):
    result = mark(answers(**RIGHT), 1, False, Limits(host_memory=1 << 20))
    assert "Memory" in result.problem or result.problem == LOST
    assert mark(answers(**RIGHT), 1, False).points == 4


@pytest.mark.parametrize("error", ["DeadWorkerError", "NoSandboxError"])
def test_a_machine_that_cannot_mark_is_no_fault_of_the_file(monkeypatch, error):
    replaced(monkeypatch, f"    raise marking.{error}('why')")
    with pytest.raises((DeadWorkerError, NoSandboxError), match="why"):
        mark(b"x", 1)


def test_a_process_that_does_not_start(monkeypatch):
    monkeypatch.setattr(marker, "START", "1 / 0")
    with pytest.raises(DeadWorkerError, match="does not start"):
        mark(b"x", 1)


def test_a_file_called_numpy_is_not_imported(monkeypatch, tmp_path):
    (tmp_path / "numpy.py").write_text("1 / 0")
    monkeypatch.chdir(tmp_path)
    assert mark(answers(**RIGHT), 1, False).points == 4


def test_it_ends_with_its_thread_and_its_parent(tmp_path):
    script = """
import threading, time
from dlcourse.grading import marker
def one(): print(marker._of_this_thread().process.pid, flush=True)
thread = threading.Thread(target=one); thread.start(); thread.join()
one(); time.sleep(1000)
"""
    command = [sys.executable, "-c", script]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as parent:
        first, second = (int(parent.stdout.readline()) for _ in range(2))
        assert not alive(first)
        assert Path(f"/proc/{second}").exists() or sys.platform != "linux"
        parent.kill()
    assert not alive(second)


def alive(process: int) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
            if Path(f"/proc/{process}/stat").read_text().split()[2] == "Z":
                return False  # the init here has not reaped it yet
        except (ProcessLookupError, FileNotFoundError):
            return False
        time.sleep(0.05)
    return True

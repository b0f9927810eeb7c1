"""Attacks on the grader: none scores what it does not deserve, none stops the class.

All attackers sit in one class between honest students. Each tries its attack in the answer for
`perceptron_step` and answers `novikoff_bound` honestly, so it deserves the 2 points of that, if
its own code has not broken them.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlcourse.grading import grades, reports
from dlcourse.grading.gradebook import Gradebook
from dlcourse.grading.marking import mark
from dlcourse.grading.sandbox import processes, syscalls
from dlcourse.grading.sandbox.host import Limits, Worker
from dlcourse.layout import ROOT
from tests.grading.attacks import escaping, exhausting, forging, lingering, reading
from tests.grading.class_files import write_all
from tests.grading.grade_class import grade_class
from tests.grading.notebooks import RIGHT, answers, code, descendants, no_sandbox, notebook

pytestmark = pytest.mark.skipif(bool(no_sandbox()), reason=no_sandbox())

WHILE_RUNNING = (
    reading.ATTACKS | forging.ATTACKS | exhausting.ATTACKS | escaping.ATTACKS | lingering.ATTACKS
)
ATTACKS = WHILE_RUNNING | escaping.WHILE_LOADING
HONEST = ("0 first", "m middle", "z last")
# The second answer shares a process with what the first has done to it at the top level.
BREAKS_ITSELF = {"the runner is patched", "numbers are patched"}
# What goes on by itself meets the second answer, too, or not: as the clock has it.
MAY_BREAK_ITSELF = {
    "a result by an alarm",
    "a result at each collection",
    "signals written to the pipe",
    "tracebacks on a timer",
    "an answer before each question",
    "a result when it is thrown away",
}
LIMITS = {"load": 3, "check": 1, "cpu": 10}


def slug(name: str) -> str:
    return "".join(c if c.isalnum() or c == " " else "" for c in name)


def attack(source: str, places: list[str], port: int) -> bytes:
    return notebook(
        code(f"PLACES = {places}\nPORT = {port}"),
        code(source, "perceptron_step"),
        code(RIGHT["novikoff_bound"], "novikoff_bound"),
        code("check(perceptron_step)", "test_perceptron_step", points=1000),
    )


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the class once; yield what came out and what was there before."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "canary").write_text("alive")
    handed_in = folder / "submissions"
    handed_in.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for name, source in ATTACKS.items():
            content = attack(source, [str(folder), str(ROOT)], port)
            (handed_in / f"{slug(name)}.ipynb").write_bytes(content)
        for name in HONEST:
            (handed_in / f"{name}.ipynb").write_bytes(answers(**RIGHT, name=f"# {name}"))
        files = sorted(path.name for path in handed_in.iterdir())
        graded, problems = grade_class(folder, **LIMITS)
        server.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody called
            server.accept()
    assert (graded, problems) == (len(files), [])
    assert sorted(path.name for path in handed_in.iterdir()) == files
    with Gradebook(folder / "gradebook.sqlite") as book:
        return folder, {a.student: a.result for a in book.attempts()}


def points(result) -> dict[str, float]:
    return {mark.function: mark.points for mark in result.marks}


@pytest.mark.parametrize("name", WHILE_RUNNING)
def test_an_attack_gets_what_it_deserves(graded, name):
    marks = points(graded[1][slug(name)])
    assert marks["perceptron_step"] == 0
    if name in MAY_BREAK_ITSELF:
        assert 0 <= marks["novikoff_bound"] <= 2
    else:
        assert marks["novikoff_bound"] == (0 if name in BREAKS_ITSELF else 2)
    assert sum(marks.values()) == marks["novikoff_bound"]


@pytest.mark.parametrize("name", escaping.WHILE_LOADING)
def test_code_that_cannot_be_loaded_gets_what_it_deserves(graded, name):
    assert points(graded[1][slug(name)])["perceptron_step"] == 0


@pytest.mark.parametrize("name", ["the solution", "another interpreter path"])
def test_without_the_sandbox_an_attack_succeeds(name):
    """The attacks are real: what stops these is the sandbox."""
    content = attack(reading.ATTACKS[name], [str(ROOT)], 0)
    assert points(mark(content, 1, confined=False))["perceptron_step"] == 2
    assert points(mark(content, 1))["perceptron_step"] == 0


@pytest.mark.parametrize("filtered", [True, False])
def test_without_the_list_for_fcntl_a_worker_ends_its_nursery(monkeypatch, filtered):
    """The attack "signals by way of the pipes" is real: what stops it is that list."""
    if not filtered:
        source = Path(syscalls.__file__).read_text(encoding="utf-8")
        assert source.count("COMMANDS = (0,") == 1
        longer = source.replace("COMMANDS = (0,", "COMMANDS = (8, 10, 0,")  # F_SETOWN, F_SETSIG
        own = dict(processes.code()) | {syscalls.__name__: compile(longer, "<longer>", "exec")}
        monkeypatch.setattr(processes, "code", lambda: list(own.items()))
    nursery = processes.Nursery()
    monkeypatch.setattr(processes, "nursery", lambda: nursery)
    with contextlib.suppress(processes.DeadWorkerError), Worker(Limits()) as worker:
        worker.cell("perceptron_step", escaping.ATTACKS["signals by way of the pipes"], "cell", 1)
        worker.find(["perceptron_step"])
        for _ in range(2):  # the second request is what sends the signal
            worker.call("perceptron_step", [0, 0, 0], 1)
    with contextlib.nullcontext() if filtered else pytest.raises(processes.DeadWorkerError):
        nursery.fork({}).end()
    nursery.end()


def test_there_are_many_attacks():
    assert len(ATTACKS) >= 140
    assert len({slug(name) for name in ATTACKS}) == len(ATTACKS)


def test_the_class_goes_on(graded):
    assert len(graded[1]) == len(ATTACKS) + len(HONEST)
    for name in HONEST:
        assert graded[1][name].points == 4


def test_nothing_is_left_behind(graded):
    folder = graded[0]
    assert (folder / "canary").read_text() == "alive"
    here = {path.name for path in folder.iterdir()}
    assert here <= {"canary", "submissions", "gradebook.sqlite", "out"}
    for place in (folder, ROOT, Path("/tmp"), Path("/dev/shm"), Path.home()):
        assert not (place / "forged").exists()
        assert not (place / "full").exists()


def test_no_process_is_left(graded):
    """Those of other tests have a grader; what an attack left has lost its own."""
    left = lost(sandboxes())
    deadline = time.monotonic() + 60
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left &= lost(sandboxes())
    assert not left


def sandboxes() -> set[tuple[int, str]]:
    """Return all processes of sandboxes: their number and when they began."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b'"dlcourse.grading.sandbox." + ' in (folder / "cmdline").read_bytes():
                began = (folder / "stat").read_text().rpartition(")")[2].split()[19]
                found.add((int(folder.name), began))
    return found


def lost(found: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return those processes of sandboxes that no Python outside has started, or that has ended."""
    inside = {number for number, _ in found}
    without = set()
    for number, began in found:
        parent = number
        with contextlib.suppress(OSError):
            while parent in inside:
                parent = int(Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1])
            if b"python" not in Path(f"/proc/{parent}/cmdline").read_bytes():
                without.add((number, began))
    return without


def test_a_process_that_is_left_would_be_seen():
    with Worker(Limits()):
        nursery = processes.nursery()
        own = {nursery.process.pid, *descendants(nursery.process.pid)}
        assert len(own) == 4  # bubblewrap outside, bubblewrap inside, the nursery, the worker
        assert own <= {number for number, _ in sandboxes()}
        assert not own & {number for number, _ in lost(sandboxes())}
    assert len(own & {number for number, _ in sandboxes()}) == 3
    nursery.end()
    assert not own & {number for number, _ in sandboxes()}


def test_a_process_without_a_grader_would_be_seen():
    script = """
import os, subprocess, sys, time
command = [sys.executable, "-c", "import time; time.sleep(60)", '"dlcourse.grading.sandbox." + ']
nothing = subprocess.DEVNULL
print(subprocess.Popen(command, stdout=nothing, stderr=nothing).pid)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    number = int(done.stdout)
    try:
        assert number in {number for number, _ in lost(sandboxes())}
    finally:
        os.kill(number, signal.SIGKILL)


def test_what_students_print_and_raise_is_harmless_in_every_output(graded):
    folder, _ = graded
    with Gradebook(folder / "gradebook.sqlite") as book:
        found = grades.grades(book.attempts(), grades.Policy())
    out = folder / "out"
    write_all(out, found)
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<img" not in text
    assert len(list((out / "students").iterdir())) == len(found)
    text = str(reports.table(found, confined=True))
    assert {c for c in text if not c.isprintable()} == {"\n"}
    assert os.path.getsize(folder / "gradebook.sqlite") < 50e6

"""A class: graded in parallel, once, through every interruption, and written out."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dlcourse.grading import classroom, exports, gradebook, marking, reports
from dlcourse.grading.clock import Deadline
from dlcourse.grading.gradebook import Gradebook
from dlcourse.grading.grades import grades as choose
from dlcourse.grading.marking import Mark, Result
from dlcourse.grading.naming import file_stem
from dlcourse.grading.policy import Policy
from dlcourse.grading.reading import NO_TIME
from dlcourse.grading.sandbox.processes import DeadWorkerError
from dlcourse.grading.submission import Submission
from dlcourse.layout import ROOT
from tests.grading.class_files import csv_rows, write_all
from tests.grading.grade_class import command, grade_class
from tests.grading.notebooks import RIGHT, answers, descendants, no_sandbox

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
DUE = Deadline.read("2026-05-01 12:00", UTC)
sandboxed = pytest.mark.skipif(bool(no_sandbox()), reason=no_sandbox())


def submission(student: str, content: bytes = b"x", hours: float = 0, **fields) -> Submission:
    when = NOON + timedelta(hours=hours)
    return Submission(student, f"{student}.ipynb", when, content, **fields)


class Fake(Executor):
    """Runs nothing: hands out the results that a test wants."""

    def __init__(self, results: dict[bytes, object]) -> None:
        self.results = results
        self.asked: list[bytes] = []

    def submit(self, function, content, seed, *rest):
        self.asked.append(content)
        future: Future = Future()
        result = self.results.get(content, scored(1))
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        pass


def scored(points: float, lesson: str = "02", mistake: str = "", hint: str = "") -> Result:
    card = {"kind": "wrong", "headline": "h", "sections": [], "hint": hint}
    passed = 14 if points == 2 else 3
    function = {"02": "perceptron_step", "03": "softmax"}[lesson]
    return Result(lesson, [Mark(function, points, 2, passed, 14, mistake, card)])


def graded(book, submissions, fake, **options):
    *_, (_, run) = classroom.grade(submissions, book, fake, **options)
    return run


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as opened:
        yield opened


# ------------------------------------------------------------------ each once


def test_a_file_is_graded_once(book):
    class_ = [submission(name, name.encode()) for name in "abcab"]
    fake = Fake({})
    assert graded(book, class_, fake).graded == 3
    assert sorted(fake.asked) == [b"a", b"b", b"c"]
    assert graded(book, class_, fake).graded == 0
    assert graded(book, class_, fake, regrade=True).graded == 3


def test_equal_files_of_two_students_count_for_both(book):
    fake = Fake({})
    graded(book, [submission("jane"), submission("tom")], fake)
    assert len(fake.asked) == 1
    assert [a.student for a in book.attempts()] == ["jane", "tom"]


def test_two_students_of_one_name_are_two(book, tmp_path):
    class_ = [submission("wangwei", id=number) for number in ("1", "2")]
    graded(book, [*class_, submission("wangwei", b"z", id="2")], Fake({b"z": scored(2)}))
    found = choose(book.attempts(), Policy())
    assert [(g.id, g.points, len(g.attempts)) for g in found] == [("1", 1, 1), ("2", 2, 2)]
    write_all(tmp_path, found, confined=True)
    assert len(list((tmp_path / "students").iterdir())) == 2


def test_new_checks_grade_again(book, tmp_path, monkeypatch):
    graded(book, [submission("jane")], Fake({}))
    monkeypatch.setattr(gradebook, "checks_version", lambda: "other")
    with Gradebook(tmp_path / "gradebook.sqlite") as later:
        assert later.attempts() == []
        assert graded(later, [submission("jane")], Fake({})).graded == 1


def test_results_without_the_sandbox_never_stand_in_for_others(book, tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite", confined=False) as trusted:
        graded(trusted, [submission("jane")], Fake({}), confined=False)
        assert len(trusted.attempts()) == 1
    assert book.attempts() == []
    assert not book.has(submission("jane").hash)


def test_a_gradebook_made_earlier_goes_on(tmp_path):
    """It has no columns for where a file came from, and a time where there is none."""
    path = tmp_path / "gradebook.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as old:
        old.execute(
            "CREATE TABLE attempt (student TEXT, content TEXT, file TEXT, time TEXT, id TEXT, "
            "late INTEGER, PRIMARY KEY (student, id, content))"
        )
        row = ("jane", submission("jane").hash, "f", NO_TIME.isoformat(), "", 1)
        old.execute("INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?)", row)
        old.commit()
    with Gradebook(path) as opened:
        graded(opened, [submission("tom", source="Canvas", notes=("Look.",))], Fake({}))
        jane, tom = opened.attempts()
    assert (jane.time, jane.late, jane.source, jane.notes) == (NO_TIME, True, "", [])
    assert (tom.time, tom.source, tom.notes) == (NOON, "Canvas", ["Look."])


def test_of_equal_files_the_earliest_known_time_counts(book):
    for hours in (None, 5, 1, None, 3):
        when = NO_TIME if hours is None else NOON + timedelta(hours=hours)
        graded(book, [replace(submission("jane"), time=when)], Fake({}))
    assert [a.time for a in book.attempts()] == [NOON + timedelta(hours=1)]


def test_a_problem_with_a_file_is_a_result(book):
    fake = Fake({})
    run = graded(book, [submission("jane", b"", problem="The file is empty.")], fake)
    assert (run.graded, fake.asked) == (1, [])
    assert book.attempts()[0].result.notices == ["The file is empty."]


def test_a_sandbox_that_does_not_start_is_told_and_tried_again_next_time(book):
    fake = Fake({b"x": DeadWorkerError("no memory")})
    class_ = [submission("jane"), submission("tom", b"y")]
    run = graded(book, class_, fake)
    assert (run.graded, run.before) == (1, 0)
    assert run.problems == ["jane.ipynb: the sandbox did not start: no memory"]
    jane, tom = choose(book.attempts(run.contents), Policy())
    assert jane.notices == ["Not graded yet: run the command again."]
    assert tom.points == 1
    run = graded(book, class_, Fake({}))
    assert (run.graded, run.before, run.problems) == (1, 1, [])
    assert len(book.attempts(run.contents)) == 2


def test_what_the_grader_stumbles_over_is_a_result_with_a_line_for_the_teacher(book, tmp_path):
    odd = Result("", problem="The grader stumbled over it (ValueError in x.py:1). Read it by hand.")
    class_ = [submission("jane"), submission("tom", b"y")]
    run = graded(book, class_, Fake({b"x": odd}))
    assert (run.graded, run.problems) == (2, [])
    assert run.by_hand == [f"jane.ipynb: {odd.problem}"]
    assert graded(book, class_, Fake({})).graded == 0  # the class is finished
    found = choose(book.attempts(), Policy())
    write_all(tmp_path, found)
    lines = csv_rows(tmp_path / "grades.csv")
    assert [(line[0], line[-1]) for line in lines[1:]] == [("jane", odd.problem), ("tom", "")]
    assert "The grader stumbled" in str(reports.table(found, confined=True))


class Losing(Fake):
    """Loses some submissions, as a cluster does whose machines are switched off."""

    def __init__(self, content: bytes, times: int, error: BaseException) -> None:
        super().__init__({})
        self.content, self.times, self.error = content, times, error

    def submit(self, function, content, *rest):
        future = super().submit(function, content, *rest)
        if content == self.content and self.times:
            self.times -= 1
            future = Future()
            future.set_exception(self.error)
        return future


@pytest.mark.parametrize("error", [BrokenProcessPool(), CancelledError(), RuntimeError("killed")])
def test_what_a_machine_loses_is_started_once_more(book, error):
    class_ = [submission(n, n.encode()) for n in "12345"]
    run = graded(book, class_, Losing(b"2", 1, error))
    assert (run.graded, run.problems) == (5, [])
    run = graded(book, class_, Losing(b"2", 2, error), regrade=True)
    assert run.graded == 4
    assert run.problems == [f"2.ipynb: lost on the way: {error!r}"]


def test_an_executor_that_takes_nothing_more_loses_nobody(book):
    class Closed(Fake):
        def submit(self, function, content, *rest):
            if len(self.asked) == 2:
                raise RuntimeError("cannot schedule new futures after shutdown")
            return super().submit(function, content, *rest)

    class_ = [submission(n, n.encode()) for n in "12345"]
    run = graded(book, class_, Closed({}))
    assert (run.graded, len(run.problems), len(run.contents)) == (2, 3, 5)
    assert [a.result.problem for a in book.attempts(run.contents)].count(gradebook.NOT_YET) == 3


def test_a_silent_executor_is_given_up(book, monkeypatch):
    class Silent(Fake):
        def submit(self, *arguments):
            return Future()

        def shutdown(self, wait=True, *, cancel_futures=False):
            assert not wait  # it would wait forever

    monkeypatch.setattr(classroom, "SILENCE", 0.01)
    run = graded(book, [submission(n, n.encode()) for n in "12345"], Silent({}))
    assert run.graded == 0
    assert set(run.problems) == {f"{n}.ipynb: the cluster does not answer" for n in "12345"}


def test_no_more_is_read_than_is_needed(book):
    read = []

    class Slow(Fake):
        def submit(self, function, content, seed, *rest):
            assert len(read) - len(self.asked) <= 4
            return super().submit(function, content, seed)

    def class_():
        for number in range(50):
            read.append(number)
            yield submission(f"{number}", b"%d" % number)

    assert graded(book, class_(), Slow({}), jobs=2).graded == 50


def test_a_real_executor_of_another_kind(book):
    class_ = [submission("jane", answers(**RIGHT)), submission("tom", answers(perceptron_step="x"))]
    run = graded(book, class_, ThreadPoolExecutor(1), confined=False)
    assert run.graded == 2
    assert [a.result.points for a in book.attempts()] == [4, 0]


def cluster(**options):
    """Return a small cluster of dask.distributed on this machine."""
    distributed = pytest.importorskip("distributed", reason="dask.distributed is optional")
    options = {"threads_per_worker": 1, "dashboard_address": None} | options
    return distributed.LocalCluster(**options)


@pytest.fixture
def on():
    """Return what makes an executor of a cluster; its client is closed afterwards."""
    clients = []

    def connect(of):
        executor = classroom.cluster(of.scheduler_address)
        clients.append(executor._client)
        return executor

    yield connect
    for client in clients:
        client.close()


@sandboxed
@pytest.mark.parametrize("processes", [False, True])
def test_a_cluster(book, on, processes):
    ends = answers(perceptron_step="import os\ndef perceptron_step(w, x, y):\n    os._exit(1)")
    class_ = [submission("jane", answers(**RIGHT)), submission("tom", ends)]
    with cluster(n_workers=2, processes=processes) as machines:
        *_, (_, run) = classroom.grade(class_, book, on(machines))
    assert (run.graded, run.problems) == (2, [])
    assert [a.result.points for a in book.attempts()] == [4, 0]


@sandboxed
def test_a_machine_of_the_cluster_is_killed(book, on):
    """kill -9 in the middle: another one takes over, and every submission is graded once."""
    class_ = [submission(f"{n}", answers(**RIGHT | {f"x{n}": ""})) for n in range(12)]
    with cluster(n_workers=2, processes=True) as machines:
        done = classroom.grade(class_, book, on(machines), jobs=8)
        for _, run in done:
            if run.graded == 3:
                os.kill(machines.workers[0].pid, signal.SIGKILL)
    assert (run.graded, run.problems) == (12, [])
    assert [a.result.points for a in book.attempts()] == [4] * 12


# ------------------------------------------------------------------ interrupted


@sandboxed
def test_killed_and_started_again(tmp_path):
    """kill -9 in the middle: every submission is graded once, no process stays."""
    (tmp_path / "submissions").mkdir()
    for number in range(12):
        content = answers(perceptron_step=f"# {number}\n{RIGHT['perceptron_step']}")
        (tmp_path / "submissions" / f"{number}.ipynb").write_bytes(content)
    with subprocess.Popen(
        command(tmp_path, under=[]), stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        while int(process.stdout.readline()) < 3:
            pass
        children = descendants(process.pid)
        process.send_signal(signal.SIGKILL)
    assert len(children) >= 2
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        before = len(book.attempts())
    assert 3 <= before < 12
    assert grade_class(tmp_path) == (12 - before, [])
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        assert [a.result.points for a in book.attempts()] == [2] * 12


# ------------------------------------------------------------------ what counts


def grades_of(book, policy=None, lesson=""):
    return choose(book.attempts(), policy or Policy(), lesson)


def test_the_best_or_the_last_attempt_counts(book):
    class_ = [submission("jane", b"%d" % i, hours=i) for i in range(3)]
    graded(book, class_, Fake({b"0": scored(1), b"1": scored(2), b"2": scored(0)}))
    (best,) = grades_of(book)
    (last,) = grades_of(book, Policy(counts="last"))
    assert (best.points, last.points, len(best.attempts)) == (2, 0, 3)


def test_late_days_cost(book):
    class_ = [submission("jane", b"1", hours=1), submission("tom", b"2", hours=25)]
    graded(book, class_, Fake({b"1": scored(2), b"2": scored(2)}))
    policy = Policy(deadline=DUE, late=10)
    assert [(g.points, g.days_late) for g in grades_of(book, policy)] == [(1.8, 1), (1.6, 2)]
    assert "2 days begun, which costs 20 %" in grades_of(book, policy)[1].notices[0]
    assert [g.points for g in grades_of(book, Policy(deadline=DUE, late=100))] == [0, 0]
    assert [g.points for g in grades_of(book, Policy(deadline=DUE))] == [2, 2]
    assert [g.points for g in grades_of(book)] == [2, 2]


def test_the_best_is_the_best_after_lateness(book):
    class_ = [submission("jane", b"1"), submission("jane", b"2", hours=100)]
    graded(book, class_, Fake({b"1": scored(1.5), b"2": scored(2)}))
    (grade,) = grades_of(book, Policy(deadline=DUE, late=10))
    assert (grade.points, grade.days_late) == (1.5, 0)


def test_late_by_canvas(book):
    graded(book, [submission("jane", late=True)], Fake({b"x": scored(2)}))
    assert grades_of(book, Policy(late=50))[0].points == 1


def test_an_equal_file_handed_in_again_keeps_its_first_time(book):
    graded(book, [submission("jane", hours=5), submission("jane", hours=1)], Fake({}))
    assert [a.time for a in book.attempts()] == [NOON + timedelta(hours=1)]


def test_the_exercise_of_another_lesson(book):
    class_ = [submission("jane", b"2"), submission("tom", b"3")]
    graded(book, class_, Fake({b"2": scored(2), b"3": scored(2, "03")}))
    jane, tom = grades_of(book, lesson="02")
    assert (jane.points, tom.points, tom.lesson) == (2, 0, "02")
    assert "exercise of lesson 03; the one of lesson 02 was asked for" in tom.notices[0]
    assert [g.points for g in grades_of(book)] == [2, 2]


def test_a_right_lesson_wins_over_a_wrong_one(book):
    class_ = [submission("jane", b"3"), submission("jane", b"2", hours=-1)]
    graded(book, class_, Fake({b"2": scored(1), b"3": scored(2, "03")}))
    (grade,) = grades_of(book, Policy(counts="last"), "02")
    assert (grade.points, grade.notices) == (1, [])


def test_attempts_of_earlier_runs_count_and_other_lessons_stay_out(book):
    graded(book, [submission("jane", b"1"), submission("tom", b"3")], Fake({b"3": scored(1, "03")}))
    run = graded(book, [submission("jane", b"2", hours=1)], Fake({b"2": scored(0)}))
    found = choose(book.attempts(run.contents), Policy())
    assert [(g.student, g.points, len(g.attempts)) for g in found] == [("jane", 1, 2)]


# ------------------------------------------------------------------ what is written


@pytest.fixture
def written(book, tmp_path):
    class_ = [
        submission("Jane", b"1", id="12", source="Canvas"),
        submission("Moe", b"1", id="13", source="Moodle"),
        submission("=cmd()", b"2"),
        submission("<b>Tom</b>", b"3"),
        submission("Eve", b"4"),
        submission("Zoe", b"", problem="The file is empty."),
    ]
    wrong = scored(1, mistake="in_place", hint="Write `w = w + y * x`.")
    other = scored(1, mistake="wrong_sign", hint="Add.")
    graded(book, class_, Fake({b"1": scored(2), b"2": wrong, b"3": wrong, b"4": other}))
    out = tmp_path / "out"
    write_all(out, grades_of(book), confined=True)
    write_all(out, grades_of(book), confined=False)
    return out


def test_grades_csv(written):
    head, *lines = csv_rows(written / "grades.csv")
    assert head[:5] == ["student", "id", "lesson", "points", "of"]
    assert head[5:9] == ["perceptron_step", "perceptron_fit", "novikoff_bound", "is_separable"]
    assert [line[0] for line in lines] == ["<b>Tom</b>", "'=cmd()", "Eve", "Jane", "Moe", "Zoe"]
    assert lines[3][1:9] == ["12", "02", "2", "10", "2", "0", "0", "0"]
    assert lines[5][3:5] == ["0", "10"]
    assert lines[5][-1] == "The file is empty."
    assert {line[-2] for line in lines} == {"yes"}
    pages = [line[head.index("page")] for line in lines]
    assert all((written / page).exists() for page in pages)


def test_questions_csv(written):
    head, line, *_ = csv_rows(written / "questions.csv")
    assert head == ["lesson", "question", "of", "students", "mean", "median", "zeros", "all right"]
    # Two have 2 points, three have 1, and one handed in an empty file.
    assert line == ["02", "perceptron_step", "2", "6", "1.17", "1", "1", "2"]


def test_canvas_csv_has_those_whom_canvas_knows(written):
    head, possible, *lines = csv_rows(written / "canvas-02.csv")
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "dlcourse lesson 02"]
    assert possible[-1] == "10"
    assert lines == [["Jane", "12", "", "", "", "2"]]


def test_moodle_csv_has_those_whom_moodle_knows(written):
    head, line = csv_rows(written / "moodle-02.csv")
    # Moodle refuses a worksheet without any of these three columns.
    assert {"Identifier", "Grade", "Last modified (grade)"} < set(head)
    assert head[-1] == "Feedback comments"
    assert (line[:4], line[5]) == (["Participant 13", "Moe", "2", "10"], "")
    written = datetime.strptime(line[4], "%Y-%m-%d %H:%M:%S %Z").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - written) < timedelta(hours=1)


def test_without_numbers_there_is_no_file_for_canvas_or_moodle(book, tmp_path):
    """Neither one of an earlier run, which would be imported in good faith."""
    graded(book, [submission("Jane", id="12", source="Canvas")], Fake({}))
    assert write_all(tmp_path, grades_of(book)) == []
    assert (tmp_path / "canvas-02.csv").exists()
    graded(book, [submission("Tom", b"2")], Fake({}))
    assert "Not in canvas-02.csv" in write_all(tmp_path, grades_of(book))[0]
    nameless = [replace(grade, id="") for grade in grades_of(book)]
    assert write_all(tmp_path, nameless) == []
    assert not list(tmp_path.glob("canvas*")) + list(tmp_path.glob("moodle*"))


def test_what_the_grader_failed_on_is_not_handed_on(book, tmp_path):
    class_ = [submission(name, name.encode(), id=name, source="Canvas") for name in "12"]
    graded(book, class_, Fake({b"1": Result("", problem="The grader stumbled.")}))
    missing = write_all(tmp_path, choose(book.attempts(), Policy(), "02"))
    assert [line[1] for line in csv_rows(tmp_path / "canvas-02.csv")[2:]] == ["2"]
    assert "for want of a number or a grade: 1 (1)." in missing[0]


def test_pages_of_students(written):
    page = (written / "students" / f"{file_stem('<b>Tom</b>')}.html").read_text()
    assert "<b>Tom" not in page
    assert "&lt;b&gt;Tom" in page
    assert "<code>w = w + y * x</code>" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    page = (written / "students" / f"{file_stem('Zoe')}.html").read_text()
    assert "The file is empty." in page


def test_the_class_report_names_the_most_frequent_mistake_first(written):
    page = (written / "report.html").read_text()
    assert "2 of 6" in page
    assert page.index("2 students: Write <code>w") < page.index("1 student: Add.")
    assert "Mean: 1.17 of 10 points" in page
    assert "To look at" in page


def test_without_the_sandbox_every_output_says_so(written, book):
    for path in (written / "report.html", *(written / "students").iterdir()):
        assert reports.TRUSTED in path.read_text()
    for name in ("grades", "canvas-02", "moodle-02"):
        assert (written / f"{name}-without-sandbox.csv").exists()
    assert csv_rows(written / "grades-without-sandbox.csv")[1][-2] == "NO"
    assert reports.TRUSTED in repr(reports.table(grades_of(book), confined=False))
    assert reports.TRUSTED not in repr(reports.table(grades_of(book), confined=True))


def test_names_of_pages_are_safe_and_differ():
    names = {file_stem(n) for n in ("../a", "a", "A", "ä", "ö", "", "." * 300, "CON")}
    assert len(names) == 8
    assert all(name.replace("-", "").isalnum() for name in names)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "  =1", "\t=1"])
def test_no_cell_is_a_formula(text):
    assert exports.harmless(text) == "'" + text


def test_the_version_depends_on_the_code_that_decides(monkeypatch):
    gradebook.checks_version.cache_clear()
    before = gradebook.checks_version()
    gradebook.checks_version.cache_clear()
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda p: read(p) + b"#" * ("lesson_02" in p.parent.name)
    )
    assert gradebook.checks_version() != before
    gradebook.checks_version.cache_clear()


def test_marking_is_what_an_executor_can_send():
    import pickle

    assert pickle.loads(pickle.dumps(marking.mark)) is marking.mark

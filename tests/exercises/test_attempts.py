"""The log of attempts, and the table made of it."""

import json
import os
import re
import threading

import numpy as np
import pytest

from dlcourse.checks import find, judge, run_all
from dlcourse.exercises.attempts import FILE, attempts, progress, record, standing
from dlcourse.grading import check
from dlcourse.tables import points


def verdict_of(function, name="perceptron_step"):
    graded = find(name)
    cases = graded.cases(np.random.default_rng(0))
    return judge(graded, cases, run_all(function, [case.arguments for case in cases]))


def right(w, x, y):
    return w + y * x if y * (w @ x) <= 0 else w


def wrong(w, x, y):
    return w - y * x if y * (w @ x) <= 0 else w


@pytest.fixture
def work(tmp_path, monkeypatch):
    folder = tmp_path / "work"
    (folder / "02_perceptron").mkdir(parents=True)
    monkeypatch.chdir(folder / "02_perceptron")
    return folder


def test_attempts_are_recorded_in_order(work):
    assert record(verdict_of(wrong), work)
    assert record(verdict_of(right), work)
    first, second = attempts(work)
    assert first.function == "perceptron_step"
    assert 0 < first.passed < first.tests
    assert first.score == verdict_of(wrong).score
    assert first.mistake == "wrong_sign"
    assert (second.score, second.mistake) == (2.0, "")
    assert first.time <= second.time
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", first.time)


def test_a_stub_is_no_attempt(work):
    assert not record(verdict_of(lambda w, x, y: None), work)
    assert attempts(work) == []


def test_nothing_is_recorded_outside_of_work(work, monkeypatch):
    monkeypatch.chdir(work.parent)
    assert not record(verdict_of(right), work)
    assert not (work / FILE).exists()


def test_a_folder_that_was_deleted(work):
    folder = work / "gone"
    folder.mkdir()
    os.chdir(folder)
    folder.rmdir()
    assert not record(verdict_of(right), work)


def test_a_log_that_cannot_be_written_disturbs_nobody(work, monkeypatch):
    def refuse(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "write", refuse)
    assert not record(verdict_of(right), work)


def test_check_records_where_the_learner_works(work, monkeypatch, capsys):
    monkeypatch.setenv("DLCOURSE_HOME", str(work))
    right.__name__ = "perceptron_step"
    check(right)
    assert [a.function for a in attempts(work)] == ["perceptron_step"]


def test_lines_that_cannot_be_read_are_passed_over(work):
    record(verdict_of(wrong), work)
    good = (work / FILE).read_bytes()
    other = [
        b"{",
        b"[]",
        b"null",
        b"3",
        b'{"function": "perceptron_step"}',
        b'{"time": 1, "function": "f", "passed": "x", "tests": 1, "score": 1, "mistake": ""}',
        b"\xff\xfe\x00",
        b"",
        good.strip()[:-10],
    ]
    (work / FILE).write_bytes(b"\n".join(other) + b"\n" + good)
    assert len(attempts(work)) == 1
    record(verdict_of(right), work)
    assert len(attempts(work)) == 2


def test_notebooks_that_check_at_the_same_time_do_not_mix_lines(work):
    verdicts = [verdict_of(wrong), verdict_of(right)]

    def many(verdict):
        for _ in range(50):
            record(verdict, work)

    threads = [threading.Thread(target=many, args=(verdict,)) for verdict in verdicts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (work / FILE).read_text().splitlines()
    assert len([json.loads(line) for line in lines]) == 100


def test_the_table(work):
    for function in (wrong, right, wrong):
        record(verdict_of(function), work)
    table = progress(work)
    rows = {row[0][:2]: row[1:] for row in table.rows}
    others = "perceptron_fit, novikoff_bound, is_separable, find_island"
    assert rows["02"] == ["1/5", "2/10", 3, others]
    assert rows["01"][:3] == ["0/5", "0/10", 0]
    assert table.caption.startswith("1 of ")


def test_what_was_tried_but_has_not_passed_comes_with_its_best_score(work):
    record(verdict_of(wrong), work)
    best = max(attempt.score for attempt in attempts(work))
    rows = {row[0][:2]: row for row in progress(work).rows}
    assert rows["02"][4].startswith(f"perceptron_step ({points(best)} of 2), perceptron_fit, ")


def test_the_table_without_a_log(tmp_path):
    table = progress(tmp_path / "nothing")
    assert {row[3] for row in table.rows} == {0}
    assert all("(" not in row[4] for row in table.rows)
    assert table.caption.startswith("0 of ")


def test_the_library_lists_what_has_passed_and_names_what_comes_next(work):
    record(verdict_of(wrong), work)
    assert standing(work).rows == []
    record(verdict_of(right), work)
    table = standing(work)
    ((lesson, bar, functions),) = table.rows
    assert lesson.startswith("02 ")
    assert functions == "perceptron_step"
    assert bar.count("■") == 1
    assert table.caption.startswith("One function of your own. The next one waits in")

"""What beginners write: no wrong answer passes, each gets its sentence, right ones pass.

One set was written beside the checks, the others without a look at them.
"""

import linecache
import time

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.checks.verdict import FALLBACK
from tests.checks import beginners, newcomers, strangers

WRONG = beginners.WRONG | newcomers.WRONG | strangers.WRONG
RIGHT = beginners.RIGHT | newcomers.RIGHT | strangers.RIGHT
SEEDS = range(3)

pytestmark = pytest.mark.filterwarnings("ignore")


def judged(name, source, seed=0):
    """Judge code as `check` does in a notebook."""
    source = source.strip() + "\n"
    title = f"<beginner {hash(source)}>"
    linecache.cache[title] = (len(source), None, source.splitlines(True), title)
    namespace = {"np": np, "__name__": "__main__"}
    exec(compile(source, title, "exec"), namespace)
    graded = checks.find(name)
    cases = graded.cases(np.random.default_rng(seed))
    outcomes = checks.run_all(namespace[name], checks.inputs(cases))
    return checks.judge(graded, cases, outcomes, [source])


@pytest.mark.parametrize("title", WRONG)
def test_a_wrong_answer_fails_and_is_told_why(title):
    name, source, words = WRONG[title]
    for seed in SEEDS:
        failure = judged(name, source, seed).failure
        assert failure is not None, "passes"
        assert failure.hint != FALLBACK
        assert words in failure.hint


@pytest.mark.parametrize("title", RIGHT)
def test_a_right_answer_in_an_unusual_form_gets_all_points(title):
    name, source = RIGHT[title]
    for seed in SEEDS:
        verdict = judged(name, source, seed)
        assert verdict.failure is None, verdict.failure.hint
        assert verdict.score == checks.find(name).points


def test_the_form_is_mentioned_where_it_matters_later():
    notes = {title: judged(*RIGHT[title]).note for title in RIGHT}
    told = {title for title, note in notes.items() if note}
    assert {"a list comprehension", "a tuple", "nested lists"} <= told
    assert "np.bool_ for True" not in told
    assert "type hints" not in told


def test_the_code_is_read_only_after_a_failure_and_never_run():
    name, right = RIGHT["type hints"]
    graded = checks.find(name)
    cases = graded.cases(np.random.default_rng(0))
    outcomes = checks.run_all(graded.reference, checks.inputs(cases))
    trap = right + "raise SystemExit('run')\n"
    assert checks.judge(graded, cases, outcomes, [trap]).failure is None
    wrong = checks.run_all(lambda *a: None, checks.inputs(cases))
    assert checks.judge(graded, cases, wrong, [trap, "def ("]).failure is not None


def test_a_named_mistake_is_never_contradicted_by_what_the_code_looks_like():
    """Whoever makes a known mistake exactly gets its sentence, whatever else the code shows."""
    source = """
def perceptron_step(w, x, y):
    useless = 3 ^ 4
    w + x
    return w - y * x if y * (w @ x) <= 0 else w
"""
    assert judged("perceptron_step", source).failure.mistake == "wrong_sign"


def test_code_of_any_length_and_depth_is_taken():
    graded = checks.find("sgd_step")
    cases = graded.cases(np.random.default_rng(0))
    wrong = checks.run_all(lambda *a: 0.0, checks.inputs(cases))
    deep = "def sgd_step(w, grad, learning_rate):\n    return " + "(" * 300 + "w" + ")" * 300
    minus = "def sgd_step(w, grad, learning_rate):\n    return " + "-" * 50_000 + "w"
    long = "def sgd_step(w, grad, learning_rate):\n" + "    w = w * w + w\n" * 9_000
    for source in (deep, minus, long, "\0", "é" * 10, "def sgd_step(:"):
        start = time.perf_counter()
        assert checks.judge(graded, cases, wrong, [source]).failure is not None
        assert time.perf_counter() - start < 20

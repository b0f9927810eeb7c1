"""What goes into a worker as code: right values, nothing of this machine, nothing to be earned."""

import marshal
from functools import cache

import numpy as np
import pytest

from dlcourse import checks, nn
from dlcourse.checks.runner import run
from dlcourse.checks.values import listing, same
from dlcourse.grading.sandbox import host
from dlcourse.grading.sandbox.carried import PLACE, carried, carried_for
from dlcourse.grading.sandbox.host import Limits, Worker
from dlcourse.grading.sandbox.worker import StandIn
from dlcourse.layout import ROOT

ALL = {check.name: check for lesson in checks.lessons().values() for check in lesson}
TAKEN = {name: check for name, check in ALL.items() if carried_for(check) is not None}
TWO = 2


def double(x):
    return TWO * _itself(x)


def _itself(x):
    return np.array(x)


def overwrites(x):
    x[...] = TWO
    return x


def asked(*question):
    raise AssertionError("the other side was asked")


def refused(question):
    return None, "the other side knows no better"


def names(code):
    """Return the names of the functions in carried code."""
    return {name for name, part in marshal.loads(code.tobytes())[1].items() if part[0]}


def stand_in(function, ask=asked):
    made = StandIn(function.__name__, ask)
    made.carry(carried(function))
    made.active = True
    return made


@pytest.fixture(scope="module")
def worker():
    """Return a worker where each stand-in has a function that calls it."""
    with Worker(Limits(), confined=False) as worker:
        worker.replace(list(TAKEN))
        for name in TAKEN:
            source = f"def call_{name}(*given):\n    return {name}(*given)"
            assert worker.cell(f"call_{name}", source, name, 5) is None
        worker.find([f"call_{name}" for name in TAKEN])
        yield worker


@pytest.mark.parametrize("name", TAKEN)
def test_it_returns_what_the_reference_returns(name, worker, monkeypatch):
    monkeypatch.setattr(host, "_answer", asked)
    check = TAKEN[name]
    for case in check.cases(np.random.default_rng(0)):
        expected = run(check.reference, case.arguments).value
        outcome = worker.call(f"call_{name}", case.arguments, 20, {name: check})
        assert outcome.error is None
        assert same(expected, outcome.value) or carried(check.reference) is None
        assert check.goal or check.is_right(case.arguments, expected, outcome.value)


def test_most_stand_ins_are_carried():
    assert len(TAKEN) > len(ALL) / 2


@pytest.mark.parametrize("name", TAKEN)
def test_nothing_goes_with_it_that_the_exercise_asks_for_later(name):
    check = TAKEN[name]
    order = [other.name for other in checks.lessons()[check.lesson]]
    with_it = names(carried_for(check)) & set(order)
    assert all(order.index(other) <= order.index(name) for other in with_it)


@pytest.mark.parametrize("name", TAKEN)
def test_it_does_not_say_where_the_course_lies(name):
    code = carried_for(TAKEN[name]).tobytes()
    assert str(ROOT).encode() not in code
    assert PLACE.encode() in code


def test_helpers_and_constants_of_the_file_go_with_it():
    assert names(carried(double)) == {"double", "_itself"}
    assert list(stand_in(double)([1.0, 2.0])) == [2, 4]


@pytest.mark.parametrize(
    "function",
    [
        nn.Dense,
        cache(double),
        lambda x: nn.Dense(x),
        lambda x: __import__("os").path if x else checks.find(x),
        lambda x, y=nn: y,
        lambda x: listing(x),  # of another file, where names may mean other things
    ],
)
def test_what_needs_more_than_numpy_is_not_carried(function):
    assert carried(function) is None


def test_an_import_or_a_closure_is_not_carried():
    def imports(x):
        import math

        return math.exp(x)

    def closes(x):
        return imports(x)

    def counts(x):
        global TWO
        TWO = x

    assert [carried(function) for function in (imports, closes, counts)] == [None] * 3


def test_the_argument_is_a_copy():
    made = stand_in(ALL["perceptron_step"].reference)
    w = np.array([1.0, 1.0])
    made(w, np.ones(2), 1)[:] = 7  # this sample is right: the weights come back as they were
    stand_in(overwrites)(w)
    assert list(w) == [1, 1]
    assert list(made(y=1, x=np.ones(2), w=-w)) == [0, 0]


def test_what_is_carried_asks_where_it_cannot_answer():
    """The other side may take more kinds of arguments, and says in words what is wrong."""
    made = stand_in(ALL["perceptron_step"].reference, refused)
    for given in [(np.ones(2),), (np.ones(2), "text", [])]:
        with pytest.raises(TypeError, match="the other side knows no better"):
            made(*given)


def test_code_is_packed_once():
    assert carried(double) is carried(double)
    assert marshal.loads(carried(double).tobytes())[0] == "double"

"""The trusted side takes any plain value, and the other side lets nothing but values out."""

import signal
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlcourse.checks import Outcome, find, judge, run, run_all
from dlcourse.checks.runner import MAX_TEXT, Opaque, Raised, plain
from dlcourse.checks.values import close
from dlcourse.grading.card import verdict_card

numbers = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=5),
    st.builds(Opaque, st.just("a thing")),
    st.builds(np.float32, st.floats(width=32)),
)
arrays = hnp.arrays(
    st.sampled_from([np.bool_, np.int64, np.uint8, np.float32, np.float64, np.complex128]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
values = st.recursive(
    numbers | arrays,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner, inner),
    max_leaves=5,
)
outcomes = st.builds(
    Outcome,
    value=values,
    arguments=st.tuples(values, values, values),
    error=st.none() | st.builds(Raised, st.sampled_from(["ValueError", "X"]), st.text(max_size=9)),
    printed=st.text(max_size=9),
)


@pytest.mark.parametrize("name", ["perceptron_step", "perceptron_fit", "novikoff_bound"])
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_no_outcome_breaks_the_judge_or_the_card(name, data):
    check = find(name)
    cases = check.cases(np.random.default_rng(0))
    given_back = [data.draw(outcomes) for _ in cases[:3]]
    verdict = judge(check, cases[:3], given_back)
    card = verdict_card(verdict)
    assert verdict.passed < 3
    assert card._repr_html_()
    assert repr(card)


def test_a_right_result_with_a_changed_argument_is_not_right():
    check = find("novikoff_bound")
    cases = check.cases(np.random.default_rng(0))[:1]
    value = check.reference(*cases[0].arguments)
    untouched = Outcome(value, cases[0].arguments)
    changed = Outcome(value, (cases[0].arguments[0] + 1, *cases[0].arguments[1:]))
    assert judge(check, cases, [untouched]).passed == 1
    assert judge(check, cases, [changed]).passed == 0


def test_the_function_gets_copies():
    x = np.ones(3)

    def f(x):
        x += 1
        return x

    outcome = run(f, (x,))
    np.testing.assert_array_equal(x, 1)
    np.testing.assert_array_equal(outcome.value, 2)
    np.testing.assert_array_equal(outcome.arguments[0], 2)


class Liar:
    """Equals everything."""

    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


class LyingFloat(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class LyingArray(np.ndarray):
    def __array_function__(self, function, types, args, kwargs):
        return True


@pytest.mark.parametrize(
    "value",
    [Liar(), LyingFloat(3), np.ones(3).view(LyingArray), [Liar()], (LyingFloat(1),), {"a": Liar()}],
)
def test_only_plain_types_come_out(value):
    def is_plain(value):
        if type(value) in (list, tuple):
            return all(map(is_plain, value))
        if type(value) is dict:
            return all(map(is_plain, value.values()))
        return type(value) is Opaque

    assert is_plain(plain(value))


def test_a_class_that_equals_nothing_and_has_no_hash_is_opaque():
    class Alone(type):
        def __eq__(cls, other):
            return False

    assert isinstance(plain(Alone("Odd", (), {})()), Opaque)


def test_sizes_are_bounded():
    assert isinstance(plain(np.zeros(2_000_000)), Opaque)
    assert isinstance(plain([0] * 20_000), Opaque)
    assert isinstance(plain(10**400), Opaque)
    assert len(plain("x" * 10**6)) == MAX_TEXT
    endless = []
    endless.append(endless)
    assert "Opaque" in repr(plain(endless))

    def chatter():
        for _ in range(1000):
            print("x" * 1000)

    assert len(run(chatter, ()).printed) == MAX_TEXT


def test_printing_and_warnings_are_kept_and_do_not_leak(capfd, recwarn):
    def f(x):
        print("hello")
        return x / 0

    outcome = run(f, (np.ones(2),))
    assert outcome.printed == "hello\n"
    assert outcome.warnings == ("divide by zero encountered in divide",)
    assert capfd.readouterr() == ("", "")
    assert not recwarn


def forever():
    while True:
        pass


def forever_stubborn():
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


@pytest.mark.parametrize("function", [forever, forever_stubborn])
def test_a_function_without_end_is_stopped(function):
    before = signal.getsignal(signal.SIGALRM)
    outcome = run(function, (), seconds=0.2)
    assert outcome.error.kind == "TimeLimitError"
    assert outcome.error.line
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_the_inputs_after_the_time_limit_are_not_run():
    calls = []

    def slow(x):
        calls.append(x)
        if x == 1:
            forever()
        return x

    results = run_all(slow, [(0,), (1,), (2,), (3,)], seconds=0.3)
    assert calls == [0, 1]
    assert results[0].value == 0
    assert [o.error.kind for o in results[1:]] == ["TimeLimitError"] * 3
    assert results[3].error.message.startswith("not run")


def test_without_the_main_thread_nothing_is_interrupted_and_nothing_breaks():
    found = []
    thread = threading.Thread(target=lambda: found.append(run(lambda: time.sleep(0.2), (), 0.05)))
    thread.start()
    thread.join()
    assert found[0].error is None


def test_the_learner_can_still_interrupt():
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(stop, ())


def test_an_error_that_cannot_be_printed():
    class BrokenError(Exception):
        def __str__(self):
            raise ValueError

    def f():
        raise BrokenError

    assert run(f, ()).error.kind == "BrokenError"


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, -(2**64)])
def test_whole_numbers_at_the_edge_of_what_numpy_holds_are_judged(number):
    graded = find("novikoff_bound")
    cases = graded.cases(np.random.default_rng(0))
    outcomes = run_all(lambda *arguments: number, [case.arguments for case in cases])
    assert judge(graded, cases, outcomes).passed == 0


def test_a_quick_comparison_says_what_numpys_says():
    rng = np.random.default_rng(0)
    some = [0.0, 1.0, -1.0, 1e-9, 1 + 1e-9, 1 + 1e-7, 1e300, -1e300, 5e-324]
    some += [np.nan, np.inf, -np.inf]
    for _ in range(2000):
        one = rng.choice(some, rng.integers(0, 4))
        other = rng.choice(some, one.size) if rng.random() < 0.5 else one * (1 + 1e-10)
        with np.errstate(all="ignore"):
            other = other.astype(rng.choice([np.float32, np.float64]))
            said = np.allclose(other, one, rtol=1e-9, atol=1e-9, equal_nan=True)
            assert close(one, other, 1e-9, 1e-9) == said

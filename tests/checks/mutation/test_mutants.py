"""No slip in a plain answer passes its check: each mutant fails on a case that never changes.

Mutants that compute the same as the plain answer stand in `equal.txt`: under the name of the
function a line that says why they are equal, and below it, indented, the mutants.
"""

import dataclasses
from pathlib import Path

import pytest

from dlcourse import checks
from tests.checks.mutation.mutants import mutants
from tests.checks.mutation.trial import Trial, answers, difference

pytestmark = pytest.mark.filterwarnings("ignore")  # mutants divide by zero as they please

CHECKS = [
    check for of_lesson in checks.lessons().values() for check in of_lesson if check.goal is None
]


def equal() -> dict[str, set[str]]:
    """Return the mutants that are known to be equal, under the name of their function."""
    found: dict[str, set[str]] = {}
    lines = (Path(__file__).parent / "equal.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("# "):
            listed = found.setdefault(line.removeprefix("# "), set())
        elif line.startswith("    "):
            assert line.strip() not in listed, f"listed twice: {line}"
            listed.add(line.strip())
    return found


EQUAL = equal()


def survivors(trial: Trial) -> set[str]:
    return {
        difference(trial.source, mutant)
        for mutant in mutants(trial.source)
        if trial.survives(mutant)
    }


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_mutant_fails_on_a_fixed_case_or_is_equal(check):
    trial = Trial(check, answers(check.lesson))
    assert trial.survives(trial.source), "the plain answer itself fails"
    found, listed = survivors(trial), EQUAL.get(check.name, set())
    assert found - listed == set(), "a hole in the check: add a case on which these fail"
    assert listed - found == set(), "no such mutant passes any more: delete it from equal.txt"


def test_equal_mutants_belong_to_checks():
    assert set(EQUAL) <= {check.name for check in CHECKS}


def test_a_hole_is_seen():
    """Without the samples whose score is 0, `<` passes for `<=`."""
    check = checks.find("perceptron_step")

    def without_zero_scores(rng):
        return [case for case in check.cases(rng) if case.arguments[0] @ case.arguments[1]]

    sources = answers("02")
    hole = "if y * score <= 0: => if y * score < 0:"
    assert hole not in survivors(Trial(check, sources))
    assert hole in survivors(Trial(dataclasses.replace(check, cases=without_zero_scores), sources))


def test_what_only_a_drawn_case_shows_is_a_hole():
    """A case that is drawn anew is luck, also if every draw fails."""
    check = checks.find("novikoff_bound")
    drawn = dataclasses.replace(check, cases=lambda rng: check.cases(rng)[-2:])
    assert not Trial(drawn, answers("02")).fixed
    assert len(survivors(Trial(drawn, answers("02")))) > 100


@pytest.mark.parametrize(
    ("source", "mutant"),
    [
        ("return a + b", "return a - b"),
        ("return a + b", "return a"),
        ("return a - b", "return b - a"),
        ("return a - b", "a -= b\n    return a"),
        ("return (a + b) / 2", "return a + b / 2"),
        ("return a[1:]", "return a"),
        ("return a[b]", "return a[b + 1]"),
        ("return a.max(axis=1)", "return a.max(axis=0)"),
        ("return a.max(axis=1)", "return a.min(axis=1)"),
        ("return np.outer(a, b)", "return np.outer(b, a)"),
        ("return a @ b", "return _transposed(a) @ b"),
        ("return a, b", "return (b, a)"),
        ("return a if b else 0", "return 0"),
        ("return a < 0", "return a <= 0"),
        ("return a.copy()", "return a"),
        ("c = np.zeros(3)\n    return c", "c = np.zeros(3, dtype=int)\n    return c"),
        ("c = []\n    return c", "c = _kept('c', [])\n    return c"),
        ("a[0] += b\n    return a", "a[0] = b\n    return a"),
        ("a = a + b\n    return a", "a += b\n    return a"),
        ("a = b\n    b = a\n    return a", "b = a\n    a = b\n    return a"),
        (
            "for c in a:\n        b = b + c\n    return b",
            "for c in a:\n        b = b + c\n        return b\n    return b",
        ),
        (
            "for c in a:\n        b = b + c\n    return b",
            "for c in a:\n        b = b + c\n        break\n    return b",
        ),
        (
            "for c in a:\n        b = c\n    return b",
            "for c in _but_first(a):\n        b = c\n    return b",
        ),
    ],
)
def test_these_slips_are_tried(source, mutant):
    head = "def f(a, b):\n    "
    assert head + mutant in set(mutants(head + source))

"""Who handed in the same."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.grading import similar
from dlcourse.grading.gradebook import Attempt
from dlcourse.grading.grades import grades
from dlcourse.grading.marking import Mark, Result
from dlcourse.grading.naming import Naming
from dlcourse.grading.policy import Policy
from dlcourse.grading.reading import NO_TIME
from dlcourse.grading.similar import normal, pairs

BODY = """
def {name}(w, x, y):
    \"\"\"Move the weights.\"\"\"
    score = y * (w @ x)  # {comment}
    {variable} = {number}
    for step in range(len(w)):
        {variable} = {variable} + w[step] * x[step] ** {power}
    if score <= {variable}:
        return w + y * x
    return w
"""
RIGHT = "def {}(w, x, y):\n    return w + y * x if y * (w @ x) <= 0 else w"
FUNCTIONS = ("perceptron_step", "perceptron_fit", "novikoff_bound", "is_separable")


def code(name="f", comment="mine", variable="total", number=0, power=2) -> str:
    return BODY.format(name=name, comment=comment, variable=variable, number=number, power=power)


def attempt(student: str, codes: dict[str, str], content: str = "") -> Attempt:
    card = {"kind": "passed", "headline": "", "sections": [], "hint": ""}
    marks = [Mark(name, 1, 2, 1, 2, "", card, codes.get(name, "")) for name in FUNCTIONS]
    result = Result("02", marks)
    return Attempt(student, "a", "", NO_TIME, False, result, content=content or student)


def class_of(*attempts: Attempt):
    return pairs(grades(attempts, Policy()), "02")


def crowd(count: int) -> list[Attempt]:
    """Return honest students: half write the same right answer, the others each their own."""
    rng = random.Random(1)
    found = []
    for i in range(count):
        own = {
            name: code(name, number=rng.randrange(10**6)) if rng.random() < 0.5 else RIGHT
            for name in FUNCTIONS
        }
        found.append(attempt(f"honest {i}", own))
    return found


def test_names_comments_and_layout_do_not_matter():
    one, other = code(), code(comment="hers", variable="sum_")
    assert normal(one) == normal(other)
    assert normal(one) == normal(other.replace("    ", "  ").replace("Move", "Push"))
    assert normal(one) != normal(code(power=3))
    assert normal("a.b(c)") != normal("a.d(c)")  # what belongs to NumPy is no free choice
    assert normal("f(a, b)") != normal("f(a, a)")


@given(st.text(max_size=200))
def test_any_text_has_tokens(text):
    assert normal(text) == normal(text)


def test_hostile_code_is_read_and_never_parsed():
    for text in ("(" * 50_000, "-" * 50_000 + "1", "f" + "(" * 300, "\\\n" * 5_000, "'" * 9_999):
        normal(text)


def test_nobody_honest_is_listed():
    assert class_of(*crowd(40)) == []


@pytest.mark.parametrize("count", [5, 40, 300])
def test_two_who_copied_stand_on_top(count):
    own = {name: code(name, number=7) for name in FUNCTIONS[:3]}
    copied = {n: code(n, comment="mine!", variable="v", number=7) for n in FUNCTIONS[:3]}
    found = class_of(*crowd(count), attempt("Jane", own), attempt("Tom", copied))
    assert [(pair.one.student, pair.other.student) for pair in found] == [("Jane", "Tom")]
    assert found[0].renamed == list(FUNCTIONS[:3])
    assert (found[0].verbatim, found[0].wrote) == ([], 2)


def test_equal_files_stand_before_all():
    own = {name: code(name, number=7) for name in FUNCTIONS[:2]}
    found = class_of(
        *crowd(20),
        attempt("Ann", dict.fromkeys(FUNCTIONS, RIGHT), "same"),
        attempt("Bob", dict.fromkeys(FUNCTIONS, RIGHT), "same"),
        attempt("Jane", own),
        attempt("Tom", own),
    )
    assert [(pair.one.student, pair.other.student) for pair in found] == [
        ("Ann", "Bob"),
        ("Jane", "Tom"),
    ]
    assert found[0].files
    assert found[1].verbatim == list(FUNCTIONS[:2])


def test_three_who_copied_are_three_pairs():
    own = {name: code(name, number=7) for name in FUNCTIONS[:2]}
    found = class_of(*crowd(40), *(attempt(name, own) for name in "ABC"))
    assert len(found) == 3
    assert {pair.wrote for pair in found} == {3}


def test_one_long_answer_is_enough_and_a_short_one_is_not():
    long = {"perceptron_step": code(number=7) * 2}
    assert len(class_of(*crowd(9), attempt("Jane", long), attempt("Tom", long))) == 1
    short = {"perceptron_step": code(number=7)}
    assert class_of(*crowd(9), attempt("Jane", short), attempt("Tom", short)) == []


def test_what_was_handed_out_is_nobodys():
    untouched = attempt("Jane", {"perceptron_step": code() * 3})
    other = attempt("Tom", {"perceptron_step": code() * 3})
    for one in (untouched, other):
        one.result.marks[0].card["kind"] = "todo"
    assert class_of(untouched, other) == []


# ------------------------------------------------------------------ for JPlag


def test_the_answers_as_jplag_takes_them(tmp_path):
    own = {"perceptron_step": RIGHT.format("perceptron_step"), "novikoff_bound": "x = 1"}
    found = grades([attempt("Jane Doe", own), attempt("../Tom", own)], Policy())
    (here,) = similar.export(tmp_path, found, Naming().stem)
    assert here == tmp_path / "02"
    files = sorted(path.relative_to(here).as_posix() for path in here.rglob("*.py"))
    assert files[0] == "handed-out/answers.py"
    assert [Path(name).parts[0] for name in files[1:]] == ["students", "students"]
    text = (here / files[1]).read_text(encoding="utf-8")
    assert text.startswith("# perceptron_step\ndef perceptron_step(w, x, y):")
    assert text.endswith("# novikoff_bound\nx = 1\n")
    handed_out = (here / files[0]).read_text(encoding="utf-8")
    assert "def is_separable(X, y):" in handed_out
    for name in files:
        subprocess.run([sys.executable, "-m", "py_compile", str(here / name)], check=True)
    shutil.rmtree(here)

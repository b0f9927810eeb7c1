"""Errors that no check lists still get a sentence that names what is wrong."""

import linecache

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.checks import Case, Check, Mistake, judge, run_all
from dlcourse.checks.diagnosis import CERTAIN, RULES
from dlcourse.checks.values import brief, describe, same
from dlcourse.checks.verdict import FALLBACK


def mean_rows(x):
    return x.mean(axis=1)


def mean_rows_cases(rng):
    rows = [[1.5, 2.0, 4.0, 0.0], [3.0, -1.0, 1.0, 0.5], [-2.5, 0.0, 1.25, 8.0]]
    return [Case((np.array(rows),)), *(Case((rng.normal(size=(3, 4)),)) for _ in range(4))]


def grade(function, reference=mean_rows, cases=mean_rows_cases, returns=("mean",), seconds=5.0):
    check = Check(reference, 1, cases, [], returns)
    drawn = cases(np.random.default_rng(0))
    outcomes = run_all(function, [case.arguments for case in drawn], seconds)
    return judge(check, drawn, outcomes)


def hint(function, *rest, **options):
    verdict = grade(function, *rest, **options)
    assert verdict.failure is not None
    assert not verdict.failure.mistake
    return verdict.failure.hint


def from_source(source: str):
    """Define a function as a notebook cell does."""
    name = f"<cell {hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    namespace = {"np": np}
    exec(compile(source, name, "exec"), namespace)
    return namespace["f"]


def float32(x):
    return x.astype(np.float32).mean(axis=1)


def prints(x):
    print(x.mean(axis=1))


def changes(x):
    result = x.mean(axis=1)
    x -= 1
    return result


def only_first(x):
    result = np.zeros(3)
    for i in range(3):
        result[i] = x[i].mean()
        return result
    return None


def into_integers(x):
    result = np.zeros(3, dtype=int)
    for i in range(3):
        result[i] = x[i].mean()
    return result


WRONG = {
    "nothing": (lambda x: None, "returns nothing yet"),
    "printed": (prints, "prints its result but returns nothing"),
    "one path": (lambda x: x.mean(axis=1) if x[0, 0] == 1.5 else None, "on others a value"),
    "placeholder": (lambda x: ..., "still returns the placeholder"),
    "tuple of another shape": (lambda x: (1.0, 2.0), "returns 2 values, and only one"),
    "list that is too short": (
        lambda x: [row.mean() for row in x[1:]],
        "The shape is (2,) and should be (3,): one entry is missing",
    ),
    "tuple": (lambda x: (x.mean(axis=1),), "comma after the value"),
    "two values": (lambda x: (x.mean(axis=1), x), "returns 2 values, and only one"),
    "objects": (lambda x: np.array([None, 1, 2]), "array of Python objects"),
    "method": (lambda x: x.mean, "function that was not called"),
    "comparison": (lambda x: x.mean(axis=1) > 0, "True and False"),
    "one number": (lambda x: x.mean(), "a single number, and an array is wanted"),
    "wrong axis": (lambda x: x.mean(axis=0), "shape is (4,) and should be (3,)"),
    "keepdims": (lambda x: x.mean(axis=1, keepdims=True), "an axis of length 1 too many"),
    "no sum": (lambda x: x / 4, "there is an axis too many"),
    "in place": (changes, "changes its argument x in place"),
    "nan": (lambda x: x.mean(axis=1) / 0 * 0, "nan"),
    "whole numbers": (into_integers, "array of whole numbers (int64)"),
    "floor division": (lambda x: x.sum(axis=1) // 4, "decimals are missing"),
    "rounded": (lambda x: x.mean(axis=1).round(2), "rounded to 2 decimals"),
    "float32": (float32, "precision of float32"),
    "sum for mean": (lambda x: x.sum(axis=1), "4 is the length of axis 1 of x"),
    "mean of mean": (lambda x: x.mean(axis=1) / 4, "4 times too small"),
    "sign": (lambda x: -x.mean(axis=1), "wrong sign"),
    "factor": (lambda x: x.mean(axis=1) / 2, "0.5 times what it should be"),
    "only the first": (only_first, "Only the first entry is right"),
    "reverse": (lambda x: x.mean(axis=1)[::-1], "reverse order"),
    "sorted": (lambda x: np.sort(x.mean(axis=1)), "another order"),
    "unchanged": (lambda x: np.array([1.0, 2, 3]), "whatever it is given"),
    "zeros": (lambda x: np.zeros(3), "np.zeros never filled"),
    "all shifted": (lambda x: x.mean(axis=1) + 1, "Every number is off by +1"),
    "activated": (
        lambda x: 1 / (1 + np.exp(-x.mean(axis=1))),
        "You return the sigmoid of the right result",
    ),
    "not activated": (lambda x: np.arctanh(x.mean(axis=1) / 9), FALLBACK),
    "all squared": (lambda x: x.mean(axis=1) ** 2, "Every number is the square of"),
    "text": (lambda x: "1.5", "a text (str). Return a NumPy array"),
    "mystery": (lambda x: x.mean(axis=1) ** 2 + 1, FALLBACK),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", WRONG)
def test_results(name):
    function, words = WRONG[name]
    assert words in hint(function)


def test_transposed():
    def reference(x):
        return x.copy()

    assert "transposed" in hint(lambda x: x.T, reference)


def test_unchanged_argument():
    assert "returns x just as it came in" in hint(lambda x: x, lambda x: 2 * x + 1)


def test_a_change_in_place_is_no_untouched_stub():
    def in_place(x):
        x += 1

    verdict = grade(in_place)
    assert not verdict.untouched
    assert "changes x and returns nothing" in verdict.failure.hint


def one_table_of_each_size(rng):
    return [Case((rng.normal(size=(rows, 3)),)) for rows in (2, 3, 4)]


def test_an_array_that_is_never_filled():
    said = hint(lambda x: np.zeros(len(x)), cases=one_table_of_each_size)
    assert said.startswith(
        "Every number that comes back is 0. Is an array of np.zeros never filled"
    )

    def rows(x):
        return x.mean(axis=1), x.max(axis=1)

    names = ("mean", "largest")
    said = hint(lambda x: (x.mean(axis=1), np.zeros(len(x))), rows, one_table_of_each_size, names)
    assert said.startswith("Every number in largest is 0.")


def test_decimals_below_one_that_an_integer_array_cut_to_zero():
    def fractions(x):
        return np.tanh(x).mean(axis=1)

    said = hint(lambda x: fractions(x).astype(int), fractions, one_table_of_each_size)
    assert "array of whole numbers" in said


def test_a_rule_must_hold_on_every_input():
    """What fits the first input by chance is not said."""

    def ends(x):
        return float(x[0, 0]), float(x[-1, -1])

    def sums(rng):
        return [Case((np.full((2, 3), value),)) for value in (1.0, -0.5, 0.0, 2.5)]

    twice_at_first = hint(lambda x: (x[0, 0] + 1, x[-1, -1]), ends, sums, ("first", "last"))
    assert twice_at_first == "On every input the returned first is off by +1."
    said = hint(lambda x: np.rint(x.mean(axis=1)) if x[0, 0] == 1.5 else x.sum(axis=1))
    assert said == FALLBACK
    said = hint(lambda x: x[:, 0] if x[0, 0] == 1.5 else x.sum(axis=1) + 1)
    assert said == FALLBACK
    said = hint(lambda x: x.sum(axis=1), cases=one_table_of_each_size)
    assert "3 is the length of axis 1 of x" in said
    said = hint(lambda x: 2 * x.mean(axis=1), cases=one_table_of_each_size)
    assert "2 times what it should be" in said


def slope(name, z):
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.where(z > 0, 1.0, 0.2 if name == "leaky_relu" else 0.0)


def slope_cases(rng):
    names = ("tanh", "relu", "leaky_relu")
    places = (np.array([-2.0, -0.5, 0.5, 2.0]), np.array([[-1.5, 0.3], [0.7, -0.4]]))
    drawn = rng.uniform(0.2, 2, (2, 3)) * [1, -1, 1]
    return [Case((name, z)) for z in (*places, drawn) for name in names]


def test_a_known_mistake_is_seen_beside_another_one():
    def square_left_out(name, z):
        return 1 - np.tanh(z) if name == "tanh" else slope(name, z)

    def two_mistakes(name, z):
        return np.where(z > 0, 0.9, 0.3) if name == "leaky_relu" else square_left_out(name, z)

    def another(name, z):
        return slope(name, z) + np.where(z > 0, z**2, 0)

    known = Mistake("square_left_out", square_left_out, "The derivative has a square.")
    check = Check(slope, 1, slope_cases, [known])
    drawn = slope_cases(np.random.default_rng(0))
    said = {}
    for function in (two_mistakes, another):
        outcomes = run_all(function, [case.arguments for case in drawn])
        said[function] = judge(check, drawn, outcomes).failure
    assert said[two_mistakes].hint == known.hint
    assert said[two_mistakes].mistake == ""
    assert said[another].hint == FALLBACK


def test_answers_of_0_and_1_are_no_evidence_for_one_mistake_among_several():
    check = checks.find("is_separable")
    (always,) = (m for m in check.mistakes if m.name == "always_true")
    drawn = check.cases(np.random.default_rng(0))
    outcomes = run_all(lambda X, y: X[0, 0] != 3.5, [case.arguments for case in drawn])  # noqa: N803
    assert judge(check, drawn, outcomes).failure.hint != always.hint


def test_last_entry_wrong():
    def all_but_last(x):
        result = mean_rows(x)
        result[-1] = 0
        return result

    assert "All entries but the last are right" in hint(all_but_last)


SEVERAL = {
    "order": (lambda x: (x.max(), x.min()), "in another order"),
    "too few": (lambda x: x.min(), "must return 2 values: `return low, high`"),
    "too many": (lambda x: (x.min(), x.max(), 1), "returns 3 values"),
    "array": (lambda x: (x.min(), x.max(axis=0)), "one number is wanted"),
    "keepdims": (lambda x: (x.min(), x.max(keepdims=True)), "holds a single number"),
    "none": (lambda x: (None, x.max()), "The returned low is None"),
    "shifted": (lambda x: (x.min(), x.max() + 1), "On every input the returned high is off by +1"),
}


@pytest.mark.parametrize("name", SEVERAL)
def test_several_values(name):
    function, words = SEVERAL[name]
    said = hint(function, lambda x: (float(x.min()), float(x.max())), returns=("low", "high"))
    assert words in said


SINGLE = {
    "factor": (lambda x: 7 * x.mean(), "On every input your number is 7 times"),
    "length": (lambda x: 3 * x.mean(), "3 is the length of axis 0 of x"),
    "sign": (lambda x: -x.mean(), "has the wrong sign"),
    "root": (lambda x: np.sqrt(np.abs(x.mean())), "the square root"),
    "square": (lambda x: x.mean() ** 2, "the square of"),
    "upside down": (lambda x: 1 / x.mean(), "one divided by"),
    "shift": (lambda x: x.mean() + 2, "off by +2"),
    "text": (lambda x: str(x.mean()), "a text (str), and one number is wanted"),
    "bool": (lambda x: x.mean() > 0, "not the result of a comparison"),
}


@pytest.mark.parametrize("name", SINGLE)
def test_single_numbers(name):
    function, words = SINGLE[name]
    assert words in hint(function, lambda x: float(x.mean()))


ENTRIES = {
    "sign": (lambda x: {"a": x.min(), "b": -x.max()}, "wrong sign"),
    "an array for a number": (lambda x: {"a": x.min(), "b": x.max(axis=0)}, "one number is wanted"),
    "float32": (lambda x: {"a": x.min(), "b": np.float32(x.max())}, "precision of float32"),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_one_entry_of_a_dictionary_is_named(name):
    function, words = ENTRIES[name]

    def cases(rng):
        return [Case((rng.normal(size=(3, 4)),)) for _ in range(3)]

    def reference(x):
        return {"a": float(x.min()), "b": float(x.max())}

    failure = grade(function, reference, cases, ("dictionary",)).failure
    assert words in failure.hint
    assert "dictionary['b']" in failure.problem


COLLECTIONS = {
    "list for a dictionary": (lambda x: [1.0], {"a": 1.0}, "is a list of 1. Return a dictionary"),
    "key left out": (lambda x: {}, {"a": 1.0}, "has no entry for 'a'"),
    "key too many": (lambda x: {"a": 1.0, "b": 2}, {"a": 1.0}, "should have no entry for 'b'"),
    "array for a list": (lambda x: x, ["a"], "Return a list"),
    "list too short": (lambda x: ["a"], ["a", "b"], "holds 1, and should hold 2"),
}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_lists_and_dictionaries(name):
    function, expected, words = COLLECTIONS[name]
    assert words in hint(function, lambda x: expected, returns=("answer",))


TRUTH = {
    "number": (lambda x: int(x.mean() > 0), "You return the number"),
    "text": (lambda x: "yes", "You return the text 'yes'"),
    "array": (lambda x: x > 0, "one answer for each entry"),
    "float": (lambda x: 0.5, "Return True or False"),
}


@pytest.mark.parametrize("name", TRUTH)
def test_truth_values(name):
    function, words = TRUTH[name]
    assert words in hint(function, lambda x: bool(x.mean() > 0))


def test_counts():
    def positive(x):
        return int((x > 0).sum())

    assert "one too large" in hint(lambda x: positive(x) + (x[0, 0] == 1.5), positive)


ERRORS = {
    "truth of an array": ("if x > 0: return x", "needs one True or False"),
    "and on arrays": ("return (x > 0) and (x < 1)", "needs one True or False"),
    "shapes": ("return x @ x", "do not fit together"),
    "broadcast": ("return x + np.zeros(7)", "do not fit together"),
    "letter e": ("return e ** x", "the number is `np.e`"),
    "ones of nothing": ("return np.ones() * x", "`np.ones` needs `shape`"),
    "rows not one by one": ("a, b, c, d = x", "`for a, b, c, d in x:`"),
    "name": ("return averrage(x)", "The name averrage has no value"),
    "name without np": ("return mean(x)", "write `np.mean`"),
    "long name": ("return numpy.mean(x)", "write `np.` in place of `numpy.`"),
    "unbound": ("if x[0, 0] > 100:\n        m = 1\n    return m", "The name m has no value"),
    "index": ("return x[3, 0]", "asks for index 3, and the 3 entries along axis 0"),
    "too many indices": ("return x[0, 0, 0]", "uses 3 indices, and the array has 2 axes"),
    "list times float": ("return 0.5 * [1, 2]", "A list is used as if it were an array"),
    "two indices of a list": ("return [[1, 2]][0, 1]", "take one index at a time"),
    "list attribute": ("return [1, 2].mean()", "Make it one first: np.array"),
    "into integers": ("m = np.zeros(3, dtype=int)\n    m += x[:, 0]", "floats from the start"),
    "None": ("return None + x", "A value here is None"),
    "unpack": ("a, b = 1, 2, 3", "On the left stand 2 names, `(a, b)`"),
    "call": ("return 2(x)", "missing `*` before a bracket"),
    "stub": ("raise NotImplementedError()", "Delete it"),
    "exit": ("exit()", "stop Python"),
    "recursion": ("return f(x)", "calls itself without end"),
    "division": ("return 1 // 0", "divides by zero"),
    "attribute": ("return x.meen()", "Check the spelling after the dot"),
}


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("name", ERRORS)
def test_errors(name):
    body, words = ERRORS[name]
    verdict = grade(from_source(f"def f(x):\n    {body}\n"))
    failure = verdict.failure
    assert words in failure.hint
    assert verdict.passed == 0
    assert failure.outcome.error.line == body.splitlines()[-1].strip()
    assert f"at line {1 + len(body.splitlines())}" in failure.problem


def test_wrong_parameters():
    said = hint(from_source("def f():\n    return 1\n"))
    assert "The exercise calls mean_rows(x)" in said


def test_the_learners_own_line_is_shown_not_numpys():
    verdict = grade(from_source("def f(x):\n    return np.linalg.inv(x)\n"))
    assert verdict.failure.outcome.error.line == "return np.linalg.inv(x)"
    assert verdict.failure.problem == "Your code stopped with an error at line 2."


def test_the_line_of_another_function_is_named():
    source = "def half(x):\n    return x / y\ndef f(x):\n    return half(x)\n"
    failure = grade(from_source(source)).failure
    assert failure.outcome.error.line == "return x / y"
    assert failure.problem == "Your code stopped with an error at line 2 of half."


def test_every_rule_is_silent_on_a_mystery_and_never_raises():
    """No rule takes the blame for what it does not know, whatever odd thing came back."""
    odd = [
        np.ma.array([1.0]),
        np.array(["a"]),
        np.array([1 + 2j, 0, 0]),
        np.zeros((0, 3)),
        np.array(5.0),
        {"a": np.ones(3)},
        {1, 2},
        b"bytes",
        10**400,
        float("inf"),
        [[[[[[[[1]]]]]]]],
        (x for x in [1]),
        object(),
        int,
        np.float32(3),
        "x" * 10**6,
    ]
    for value in odd:
        verdict = grade(lambda x, value=value: value)
        assert verdict.failure.hint
        assert verdict.failure.problem
        assert describe(verdict.outcomes[0].value)
        assert len(brief(verdict.outcomes[0].value)) < 3000
    assert len({*CERTAIN, *RULES}) == len(CERTAIN) + len(RULES)


def test_no_value_takes_long_to_print():
    many = {f"w{i}": np.zeros(3) for i in range(9_000)}
    deep = [[[[[np.zeros((6, 6, 6, 6))] * 12] * 12] * 12] * 12] * 12
    axes = np.zeros((2,) * 19)
    for value in (many, deep, axes, tuple(many.values()), {(1,) * 9_000: deep}):
        assert brief(value).count("0.") < 10_000
    assert brief({"w": np.zeros(2), 1: (0.5,)}) == "{'w': [0. 0.], 1: (0.5,)}"


def test_of_many_images_the_first_is_printed():
    """The hint stands below the inputs, and must be near enough to be read."""
    assert len(brief(np.zeros((150, 8, 8))).splitlines()) == 8
    assert len(brief(np.zeros((2, 5, 5, 3))).splitlines()) < 32
    assert brief(np.zeros((2, 3, 3))).count("[[[") == 1


def test_same_sees_every_change():
    x = np.array([1.0, np.nan])
    assert same((x, [1, "a"], {"k": 2.0}), (x.copy(), [1, "a"], {"k": 2.0}))
    assert not same(x, x.astype(np.float32))
    assert not same([1], (1,))
    assert not same({"k": 1}, {"k": 2})
    assert not same(1, 1.0)


def test_a_missing_activation_is_seen():
    def squashed(x):
        return np.tanh(x.mean(axis=1))

    said = hint(lambda x: x.mean(axis=1), squashed)
    assert "The tanh of what you return gives the right result" in said


def test_a_text_without_quotes_is_told_so():
    def named(x, name):
        return x.sum() if name == "AND" else x.mean()

    def cases(rng):
        return [Case((np.arange(3.0), name)) for name in ("AND", "OR")]

    answer = from_source("def f(x, name):\n    return x.sum() if name == AND else x.mean()\n")
    assert 'stands in quotes: write "AND"' in hint(answer, named, cases)


def test_a_table_for_a_row_shows_an_input_that_tells():
    """Where one unit hides the other axis, another input is shown."""

    def row(x, n):
        return np.concatenate([x] * n)

    def cases(rng):
        return [Case((rng.normal(size=size), 2)) for size in (1, 3)]

    said = hint(lambda x, n: np.array([x] * n), row, cases)
    assert "in a table. On another input it has shape (2, 3) and should have (6,)" in said


def test_a_sum_that_takes_an_axis_away_is_named():
    def column(x):
        return x.mean(axis=1, keepdims=True)

    answer = from_source("def f(x):\n    return x.mean(axis=1)\n")
    verdict = grade(answer, column)
    assert "an axis of length 1 is missing" not in verdict.failure.hint  # no code at hand
    drawn = mean_rows_cases(np.random.default_rng(0))
    check = Check(column, 1, mean_rows_cases, [])
    outcomes = run_all(answer, [case.arguments for case in drawn])
    source = ["def column(x):\n    return x.mean(axis=1)\n"]
    assert (
        "`x.mean(axis=1)` takes its axis away" in judge(check, drawn, outcomes, source).failure.hint
    )


def test_whole_numbers_are_no_cause_where_decimals_are_wrong_as_well():
    def scores(x, n):
        return np.tanh(x.sum(axis=1) / n)

    def cases(rng):
        whole = rng.integers(1, 9, (3, 4))
        return [Case((whole, 2)), *(Case((rng.uniform(0, 1, (3, 4)), 2)) for _ in range(3))]

    assert "whole numbers" not in hint(lambda x, n: x.sum(axis=1) - n**2, scores, cases)


def test_a_single_number_among_what_is_zipped():
    zipped = "def f(x):\n    for each, slope in zip(x, 2.0, strict=True):\n        each += slope\n"
    counted = "def f(x):\n    for k in 2.0:\n        x = x + k\n"
    assert "(x,)" in hint(from_source(zipped))
    assert "range(zip" not in hint(from_source(zipped))
    assert "range(2.0)" in hint(from_source(counted))

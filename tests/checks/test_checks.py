"""Every check of every lesson: it catches each of its mistakes, and says which one it was."""

import ast
import copy
import inspect
from collections.abc import Sequence
from functools import cache, partial

import nbformat
import numpy as np
import pytest

from dlcourse import checks, layout
from dlcourse.checks import Case, Check, Mistake, Verdict
from dlcourse.checks.values import same

ALL = [check for lesson in checks.lessons().values() for check in lesson]
CHECKS = [check for check in ALL if check.goal is None]
OPEN = [check for check in ALL if check.goal is not None]
MISTAKES = [(check, mistake) for check in CHECKS for mistake in check.mistakes]
SEEDS = range(3)  # `test_luck` draws more
FIXED = np.random.default_rng(0)

# Functions that answer in whole numbers, names or True and False: float32 holds these exactly.
WHOLE = {
    "broadcast_shape",
    "one_hot",
    "batches",
    "mp_neuron",
    "gate_weights",
    "is_separable",
    "xor_net",
    "bumps_net",
    "union_net",
    "topological_sort",
    "iterations",
    "sweeps_to_learn",
    "knn",
    "tells_apart",
    "choose_simplest",
    "early_stop",
    "folds",
    "conv_output_size",
    "receptive_field",
    "conv_params",
    "parameters_and_connections",
    "count_params",
    "nms",
    "legal_next_symbols",
    "teacher_forcing",
    "pad_left",
    "causal_mask",
    "confusion",
    "grid_graph",
    "label_propagation",
}


def name_of(value):
    return getattr(value, "name", None)


@cache
def drawn(check: Check, seed: int) -> Sequence[Case]:
    """Draw inputs once for all tests: what the mistakes do with them is kept with them."""
    return check.cases(np.random.default_rng(seed))


def grade(check: Check, function, seed: int = 0) -> Verdict:
    cases = drawn(check, seed)
    outcomes = checks.run_all(function, [case.arguments for case in cases], seconds=60)
    return checks.judge(check, cases, outcomes)


def answers(notebook_path) -> dict[str, object]:
    """Run the answer cells of a notebook, in one namespace as a kernel does."""
    namespace = {"np": np}
    notebook = nbformat.read(notebook_path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            exec(cell.source, namespace)
    return namespace


def notebook_with(check: Check, folder):
    (path,) = folder.glob(f"{check.lesson}_*/*.ipynb")
    return path


@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_the_reference_passes_and_nothing_is_said(check):
    for seed in SEEDS:
        verdict = grade(check, check.reference, seed)
        assert all(verdict.results)
        assert verdict.failure is None
        assert verdict.score == check.points


@pytest.mark.parametrize("check", ALL, ids=name_of)
def test_the_solutions_own_code_passes(check):
    solution = answers(notebook_with(check, layout.SOLUTIONS))[check.name]
    assert grade(check, solution).score == check.points


@pytest.mark.parametrize("check", ALL, ids=name_of)
def test_the_untouched_stub_gets_nothing(check):
    stub = answers(notebook_with(check, layout.EXERCISES))[check.name]
    verdict = grade(check, stub)
    assert verdict.score == 0
    assert verdict.untouched
    assert "returns nothing yet" in verdict.failure.hint


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("check", "mistake"), MISTAKES, ids=name_of)
def test_each_mistake_is_caught_and_named(check: Check, mistake: Mistake, seed: int):
    verdict = grade(check, mistake.function, seed)
    assert verdict.failure is not None, "passes"
    assert verdict.score < check.points
    assert verdict.failure.mistake == mistake.name
    assert verdict.failure.hint == mistake.hint


def in_float32(value):
    """Return a value with every decimal number in it kept to the precision of float32."""
    if isinstance(value, dict):
        return {key: in_float32(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(in_float32, value))
    if isinstance(value, np.ndarray):
        return value.astype(np.float32) if value.dtype.kind == "f" else value
    return np.float32(value) if isinstance(value, float) else value


@pytest.mark.parametrize("check", [c for c in CHECKS if c.name not in WHOLE], ids=name_of)
def test_an_answer_computed_in_float32_is_told_so(check):
    def answer(*arguments):
        return in_float32(check.reference(*map(in_float32, arguments)))

    for seed in SEEDS:
        verdict = grade(check, answer, seed)
        assert verdict.failure is not None, "passes"
        assert "precision of float32" in verdict.failure.hint


@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_there_are_at_least_four_mistakes_with_names_and_hints_of_their_own(check):
    assert len(check.mistakes) >= 4
    names = [mistake.name for mistake in check.mistakes]
    assert len(set(names)) == len(names)
    for mistake in check.mistakes:
        assert mistake.hint.endswith((".", ")")), mistake.name
        assert len(mistake.hint) < 260, mistake.name


@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_every_run_draws_other_inputs_but_as_many(check):
    first, second = (check.cases(np.random.default_rng(seed)) for seed in (1, 2))
    assert len(first) == len(second)
    differ = [not same(a.arguments, b.arguments) for a, b in zip(first, second, strict=True)]
    assert sum(differ) >= 1


@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_outputs_cannot_be_hard_coded(check):
    """A table of the answers of one run fails the next."""
    known = check.cases(np.random.default_rng(1))
    table = [(case.arguments, check.reference(*copy.deepcopy(case.arguments))) for case in known]

    def cheat(*arguments):
        for inputs, output in table:
            if same(inputs, arguments):
                return output
        return None

    verdict = grade(check, cheat, seed=2)
    assert 0 < verdict.passed < len(verdict.results)


@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_references_leave_their_arguments_alone(check):
    for case in check.cases(np.random.default_rng(3)):
        before = copy.deepcopy(case.arguments)
        check.reference(*case.arguments)
        assert same(before, case.arguments)


@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_inputs_are_small_enough_to_read(check):
    for case in check.cases(np.random.default_rng(4)):
        assert case.about
        assert all(size(argument) <= 40 for argument in case.arguments)


def size(argument):
    """Return how many numbers an argument holds; the arrays of a list may differ in shape."""
    if isinstance(argument, list):
        return sum(map(size, argument))
    return np.size(argument)


@pytest.mark.parametrize("check", ALL, ids=name_of)
def test_the_exercise_has_the_parameters_and_points_of_the_check(check):
    notebook = nbformat.read(notebook_with(check, layout.EXERCISES), as_version=4)
    cells = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    parts = ast.parse(cells[check.name].source).body  # a class may stand before it
    (function,) = [part for part in parts if isinstance(part, ast.FunctionDef)]
    assert [argument.arg for argument in function.args.args] == list(check.parameters)
    assert cells[f"test_{check.name}"].metadata.nbgrader.points == check.points
    assert len(check.returns) == (
        len(value) if isinstance(value := grade_value(check), tuple) else 1
    )


def grade_value(check: Check):
    return check.reference(*check.cases(np.random.default_rng(0))[0].arguments)


@pytest.mark.parametrize("check", OPEN, ids=name_of)
def test_the_goal_of_an_open_task_is_reached_by_training_and_by_nothing_else(check):
    """On 20 draws the reference reaches every bar; untrained, nothing reaches the first."""
    for seed in range(20):
        assert grade(check, check.reference, seed).parts == (1.0,) * len(check.cases(FIXED))
        lazy = grade(check, check.goal.untrained, seed)
        assert set(lazy.parts) == {0.0}
        hint = lazy.failure.hint
        assert hint == check.goal.advice[0] or hint.startswith("You answer"), hint
    for case in check.cases(FIXED):
        guesses = [np.full_like(case.hidden, value) for value in np.unique(case.hidden)]
        assert not any(check.goal.reached(check.goal.measure(g, case.hidden)) for g in guesses)


@pytest.mark.parametrize("check", OPEN, ids=name_of)
def test_an_open_task_says_what_a_bar_needs(check):
    goal = check.goal
    assert len(goal.bars) == len(goal.advice)
    assert list(goal.bars) == sorted(set(goal.bars))
    assert all(advice.endswith(".") for advice in goal.advice)
    assert 0 < check.seconds <= 20


def test_an_open_task_earns_its_points_by_steps():
    check = checks.find("recognise_digits")

    def half_right(train_x, train_y, test_x):
        answers = check.reference(train_x, train_y, test_x)
        answers[::3] = 0
        return answers

    verdict = grade(check, half_right)
    assert set(verdict.parts) == {1 / 3}
    assert verdict.score == round(check.points / 3, 2)
    share = verdict.failure.problem.removeprefix("The share of right answers: ")
    assert share.startswith(("0.6", "0.7"))
    assert verdict.failure.hint == check.goal.advice[1]
    for wrong, words in (
        (lambda x, y, z: None, "returns nothing yet"),
        (lambda x, y, z: [1, 2], "(2,) and should be (300,)"),
        (lambda x, y, z: "7", "Return a NumPy array"),
        (lambda x, y, z: 1 / 0, "divides by zero"),
        (lambda x, y, z: np.arange(900, 1200), "such as 900. Return a digit"),
    ):
        verdict = grade(check, wrong)
        assert verdict.score == 0
        assert words in verdict.failure.hint
    assert grade(check, lambda x, y, z: check.reference(x, y, z).tolist()).score == check.points


def test_an_open_task_names_the_argument_that_was_changed():
    check = checks.find("recognise_digits")

    def in_place(train_x, train_y, test_x):
        answers = check.reference(train_x, train_y, test_x)
        train_x -= train_x.mean()
        return answers

    failure = grade(check, in_place).failure
    assert failure.problem == "The argument train_x changed on the way, so nothing was measured."
    assert failure.hint.startswith("Your function changes its argument train_x in place")


def test_a_name_is_graded_once_and_found():
    names = [check.name for check in ALL]
    assert len(set(names)) == len(names)
    assert checks.find("perceptron_step").points == 2
    with pytest.raises(LookupError, match="no exercise called 'percepton'"):
        checks.find("percepton")


def test_a_mistake_that_goes_through_is_seen():
    """The tests above fail for a check whose cases are too weak: proved on a weakened one."""
    check = checks.find("perceptron_step")
    weak = Check(
        check.reference,
        check.points,
        lambda rng: check.cases(rng)[2:4],  # no score of exactly 0
        check.mistakes,
        check.returns,
    )
    mistake = next(m for m in check.mistakes if m.name == "zero_score_is_right")
    assert grade(weak, mistake.function).failure is None


def test_the_side_that_runs_student_code_knows_nothing_of_the_course():
    from dlcourse.checks import runner

    imports = [
        getattr(node, "module", None) or node.names[0].name
        for node in ast.walk(ast.parse(inspect.getsource(runner)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert not [name for name in imports if name.startswith("dlcourse")]


@pytest.mark.parametrize("name", ["find_island", "separate_ring"])
def test_slips_of_decisions_are_told_apart_from_bad_training(name):
    graded = checks.find(name)
    low = -1 if name == "find_island" else 0
    labels = np.array([low, 1, 1, low, 1] * 8)
    case = checks.Case((), hidden=labels)
    slip = partial(graded.goal.slip, case=case)
    assert "turned round" in slip(low + 1 - labels)
    assert "such as 0.3" in slip(np.full(40, 0.3))
    assert "for every row" in slip(np.full(40, 1))
    assert slip(labels) == slip(np.roll(labels, 1)) == ""
    assert slip("a text") == slip(None) == slip(np.zeros((2, 2))) == ""

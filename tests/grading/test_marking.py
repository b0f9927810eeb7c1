"""Marking one submission: what students really hand in, and what it is worth."""

import json
import time

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.checks import Outcome
from dlcourse.checks.runner import Opaque
from dlcourse.grading import running
from dlcourse.grading.answers import Answers
from dlcourse.grading.marking import Result, card_of, judge, mark, seed_for
from dlcourse.grading.running import reaches
from dlcourse.grading.sandbox import host, processes
from dlcourse.grading.sandbox.host import Limits, Worker
from dlcourse.grading.sandbox.processes import DeadWorkerError
from dlcourse.grading.sandbox.worker import Notebook
from dlcourse.layout import EXERCISES
from tests.grading.notebooks import RIGHT, answers, code, no_sandbox, notebook, solution

sandboxed = pytest.mark.skipif(bool(no_sandbox()), reason=no_sandbox())
LESSONS = sorted(path.name.partition("_")[0] for path in EXERCISES.iterdir() if path.is_dir())


def marked(*cells, confined: bool = False, **fields) -> Result:
    """Mark a notebook of honest students; without the sandbox, so that this runs anywhere."""
    return mark(notebook(*cells, **fields), 1, confined)


def points(result: Result) -> dict[str, float]:
    return {m.function: m.points for m in result.marks if m.points}


@pytest.mark.parametrize(
    ("lesson", "confined"),
    [
        *(pytest.param(lesson, True, marks=sandboxed) for lesson in LESSONS),
        *((lesson, False) for lesson in (LESSONS[:3] if not no_sandbox() else LESSONS)),
    ],
)
def test_solutions_get_full_marks_and_exercises_none(lesson, confined):
    result = mark(solution(lesson), 1, confined)
    assert result.lesson == lesson
    assert result.points == result.of > 0
    assert result.notices == []
    (exercise,) = EXERCISES.glob(f"{lesson}_*/*.ipynb")
    result = mark(exercise.read_bytes(), 1, confined)
    assert result.points == 0
    assert {m.card["kind"] for m in result.marks} == {"todo"}


def test_a_result_depends_on_the_seed_alone():
    wrong = "def perceptron_step(w, x, y):\n    return w + y * x"
    one, two = (marked(code(wrong, "perceptron_step")) for _ in range(2))
    assert one.marks == two.marks
    assert one.marks[0].mistake == "every_sample"
    assert seed_for(b"secret") == seed_for(b"secret") != seed_for(b"other")


def test_magics_are_stripped():
    source = "%matplotlib inline\n!pip install x\nperceptron_step?\n" + RIGHT["perceptron_step"]
    assert points(marked(code(source, "perceptron_step"))) == {"perceptron_step": 2}
    source = "%%time\n" + RIGHT["perceptron_step"]
    assert points(marked(code(source, "perceptron_step"))) == {"perceptron_step": 2}


def test_a_percent_sign_that_is_no_magic():
    source = "x = (7\n     % 2)\n" + RIGHT["perceptron_step"]
    assert points(marked(code(source, "perceptron_step"))) == {"perceptron_step": 2}


def test_what_an_answer_needs_from_other_cells():
    result = marked(
        code("%%bash\nrm -rf x"),
        code("import math\nfrom dlcourse.grading import check\nimport no_such_package"),
        code(
            "def helper(w, x, y):\n    return y * (w @ x) <= math.exp(-1000)\n1 / 0\nprint(helper)"
        ),
        code(
            "check(0)\ndef perceptron_step(w, x, y):\n    return w + helper(w, x, y) * y * x",
            "perceptron_step",
        ),
    )
    assert points(result) == {"perceptron_step": 2}


def test_the_students_own_cells_run_as_in_the_notebook():
    result = marked(
        code("from __future__ import annotations"),
        code("if True:\n    def sign(s: Never):\n        return s"),
        code("try:\n    import no_such_package\nexcept ImportError:\n    no_such_package = None"),
        code("table = []\nfor i in range(3):\n    table.append(i)\nwith np.errstate(): half = 0.5"),
        code("np.random.seed(0)\ntable.append(np.random.random())"),
        code(
            "def perceptron_step(w, x, y):\n"
            "    assert table[:3] == [0, 1, 2] and 0.54 < table[3] < 0.55 and not no_such_package\n"
            "    return w + 2 * half * y * x if sign(y * (w @ x)) <= 0 else w",
            "perceptron_step",
        ),
    )
    assert points(result) == {"perceptron_step": 2}


def test_an_answer_in_several_cells_of_its_own():
    helper = "def helper(w, x, y):\n    return y * (w @ x) <= 0"
    step = "def perceptron_step(w, x, y):\n    return w + y * x if helper(w, x, y) else w"
    trial = "print(perceptron_step(np.zeros(2), np.ones(2), 1))"
    cells = [("perceptron_step", source) for source in (helper, step, "", trial)]
    with running.Running(Answers("02", cells, []), Limits(), confined=False) as run:
        (outcome,) = run.run("perceptron_step", [(np.zeros(2), np.ones(2), 1)])
    assert outcome.value.tolist() == [1, 1]


def test_an_import_that_fails_leaves_the_rest_of_the_answer():
    source = "import no_such_package\nprint(no_such_package)\n" + RIGHT["perceptron_step"]
    assert points(marked(code(source, "perceptron_step"))) == {"perceptron_step": 2}


def test_a_long_training_in_another_cell_leaves_time_for_the_answers():
    content = notebook(
        code("import time\nx = time.sleep(1000)\ndef half(x):\n    return x / 2"),
        code("y = time.sleep(1000)\nimport math\nz = time.sleep(1000)"),
        code(
            "def perceptron_step(w, x, y):\n"
            "    return w + half(2 * y * x) if y * (w @ x) <= math.exp(-1000) else w",
            "perceptron_step",
        ),
    )
    result = mark(content, 1, False, Limits(load=1))
    assert points(result) == {"perceptron_step": 2}


def test_a_definition_in_another_cell_counts_with_a_notice():
    result = marked(code("# below", "perceptron_step"), code(RIGHT["perceptron_step"]))
    assert points(result) == {"perceptron_step": 2}
    assert result.notices == [
        "perceptron_step is not in its own answer cell. The one in another cell was graded."
    ]


HELPER = "def moved(w, x, y):\n    return w + y * x"
USES_IT = "def perceptron_step(w, x, y):\n    return moved(w, x, y) if y * (w @ x) <= 0 else w"


@pytest.mark.parametrize(
    "parts",
    [
        (HELPER, USES_IT),
        (RIGHT["perceptron_step"], ""),
        (RIGHT["perceptron_step"], "# nothing more"),
        ("", RIGHT["perceptron_step"]),
        (USES_IT, HELPER),
        (RIGHT["perceptron_step"], "print(perceptron_step(np.ones(2), np.ones(2), 1))"),
        ("this is no Python", RIGHT["perceptron_step"]),
        ("def perceptron_step(w, x, y):\n    return None", RIGHT["perceptron_step"]),
    ],
)
def test_a_split_answer_cell_is_worth_as_much_as_a_whole_one(parts):
    result = marked(*(code(part, "perceptron_step") for part in parts))
    assert points(result) == {"perceptron_step": 2}
    assert "2 answer cells" in result.notices[0]


def test_the_last_of_two_answers_counts_as_in_the_notebook():
    first = code(RIGHT["perceptron_step"], "perceptron_step")
    result = marked(first, code("def perceptron_step(w, x, y):\n    return w", "perceptron_step"))
    assert points(result) == {}


def test_the_line_of_an_error_is_that_of_its_own_part():
    bad = "def perceptron_step(w, x, y):\n    return 1 / 0  # here"
    result = marked(code(bad, "perceptron_step"), code("a = 1\nb = 2", "perceptron_step"))
    assert "return 1 / 0  # here" in repr(card_of(result.marks[0]))


def test_a_retyped_cell_counts_with_a_notice():
    result = marked(code(RIGHT["perceptron_step"]), code(RIGHT["novikoff_bound"], "novikoff_bound"))
    assert points(result) == {"perceptron_step": 2, "novikoff_bound": 2}
    assert result.notices == [
        "perceptron_step is not in its own answer cell. The one in another cell was graded."
    ]
    assert result.marks[0].code == RIGHT["perceptron_step"].strip("\n")


def test_the_answer_cell_wins_over_other_cells():
    result = marked(
        code(RIGHT["perceptron_step"], "perceptron_step"),
        code("def perceptron_step(w, x, y):\n    return None"),
    )
    assert points(result) == {"perceptron_step": 2}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "defines no function called perceptron_step"),
        ("perceptron_step = 3", "defines no function called perceptron_step"),
        ("perceptron_step = 3", "Put the line that begins with `def` back"),
        ("def perceptron_step(w, x, y)\n    return w", "expected ':'"),
        ("def perceptron_step(w, x, y)\n    return w", "A colon is missing at the end of the line"),
        ("def perceptron_step(w, x, y):\n  w = 1\n    return w", "four blanks for each level"),
        ("1 / 0", "division by zero"),
    ],
)
def test_a_missing_function_says_why(source, words):
    result = marked(code(source, "perceptron_step"))
    assert points(result) == {}
    assert words in repr(card_of(result.marks[0]))
    assert "no answer cell for perceptron_fit" in repr(card_of(result.marks[1]))


def test_an_error_shows_the_students_own_line():
    source = "def perceptron_step(w, x, y):\n    z = w @ x\n    return 1 / (z - z)[0]"
    (card, *_) = (card_of(m) for m in marked(code(source, "perceptron_step")).marks)
    assert "return 1 / (z - z)[0]" in repr(card)
    assert "Traceback" not in repr(card)
    assert "worker" not in repr(card)


def test_unreadable_files_get_their_sentence():
    assert mark(b"", 1).notices == ["The file is empty."]
    assert mark(b"[]", 1).points == 0


def test_each_dead_worker_costs_one_case():
    source = """
import os
def perceptron_step(w, x, y):
    if y == -1 and len(w) == 3 and w[0] == 0: os._exit(3)
    return w + y * x if y * (w @ x) <= 0 else w
"""
    result = marked(
        code(source, "perceptron_step"), code(RIGHT["novikoff_bound"], "novikoff_bound")
    )
    assert result.marks[0].passed == result.marks[0].tests - 1
    assert "ended without an answer" in repr(card_of(result.marks[0]))
    assert points(result)["novikoff_bound"] == 2


def test_a_cell_that_ends_the_process_costs_its_own_points_only():
    ends = "import os\nx = os._exit(3)"
    result = marked(
        code("a = 1"),
        code(RIGHT["novikoff_bound"], "novikoff_bound"),
        code(f"# my trials\n{ends}"),
        code(f"{ends}\n{RIGHT['perceptron_step']}", "perceptron_step"),
        code("b = 2"),
    )
    assert points(result) == {"novikoff_bound": 2}
    card = repr(card_of(result.marks[0]))
    assert "perceptron_step: not run, 0 of 2 points" in card
    assert "This cell ends the process that runs it" in card
    assert result.notices == [
        "A cell that ends Python was left out. It begins with: # my trials",
    ]


@pytest.mark.parametrize("ends", ["x = os._exit(3)", "x = time.sleep(0.3) or os._exit(3)"])
def test_many_such_cells_end_nothing_but_their_own_notebook(monkeypatch, ends):
    begun = []
    monkeypatch.setattr(running, "Worker", lambda *a: begun.append(1) or Worker(*a))
    own = code(f"import os, time\n{ends}")
    content = notebook(*[own] * 400, code(RIGHT["perceptron_step"], "perceptron_step"))
    result = mark(content, 1, False)
    assert "could not be loaded" in repr(card_of(result.marks[0]))
    assert len(begun) == running.DEATHS_AT_LOAD + 1


def test_the_code_of_one_notebook_gets_so_much_time_in_all(monkeypatch):
    """Each new worker loads the cells again: that costs, too."""
    begun = []
    monkeypatch.setattr(running, "Worker", lambda *a: begun.append(1) or Worker(*a))
    dies = "def perceptron_step(w, x, y):\n    os._exit(3)"
    content = notebook(code("import os, time\ntime.sleep(0.3)"), code(dies, "perceptron_step"))
    result = mark(content, 1, False, Limits(whole=1))
    assert 3 <= len(begun) <= 5
    assert "ended without an answer" in repr(card_of(result.marks[0]))


def test_a_machine_on_which_every_worker_dies_is_no_reason_to_search_forever(monkeypatch):
    class Dying(Worker):
        def cell(self, *cell):
            raise DeadWorkerError("no memory")

    monkeypatch.setattr(running, "Worker", Dying)
    result = marked(code("x", "perceptron_step"), code("y", "novikoff_bound"))
    assert points(result) == {}
    assert "not run" in repr(card_of(result.marks[0]))


def test_after_many_deaths_the_rest_is_not_run(monkeypatch):
    source = "import os\ndef perceptron_step(w, x, y):\n    os._exit(3)"
    begun = []
    monkeypatch.setattr(running, "Worker", lambda *a: begun.append(1) or Worker(*a))
    content = [code(source, "perceptron_step"), code(RIGHT["novikoff_bound"], "novikoff_bound")]
    assert points(marked(*content)) == {"novikoff_bound": 2}  # that one pays for itself alone
    assert len(begun) == 4


def test_time_is_up():
    source = "def perceptron_step(w, x, y):\n    while True: pass"
    content = answers(perceptron_step=source, novikoff_bound=RIGHT["novikoff_bound"])
    begin = time.monotonic()
    result = mark(content, 1, False, Limits(check=0.5))
    assert "no result after 0.5 s" in repr(card_of(result.marks[0]))
    assert points(result) == {"novikoff_bound": 2}
    assert time.monotonic() - begin < 30


def test_a_value_that_the_comparison_stumbles_over_is_a_wrong_one():
    check = checks.find("novikoff_bound")
    cases = check.cases(np.random.default_rng(1))
    outcomes = [Outcome(check.reference(*c.arguments), c.arguments) for c in cases]
    outcomes[2] = Outcome(2.0, cases[2].arguments)
    outcomes[3] = Outcome(-(2**63) - 5, cases[3].arguments)  # no NumPy integer
    verdict = judge(check, cases, outcomes)
    assert verdict.passed >= len(cases) - 2
    assert not verdict.results[3]
    assert isinstance(verdict.outcomes[3].value, (Opaque, int))


# ------------------------------------------------------------------ one mistake is paid once


def changed(lesson: str, function: str, *edits: tuple[str, str], **sources: str) -> bytes:
    """Return the solution of a lesson with edits in one of its answers, and with other answers."""
    content = json.loads(solution(lesson))
    for cell in content["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        source = "".join(cell["source"])
        if name == function:
            for old, new in edits:
                assert old in source
                source = source.replace(old, new)
        cell["source"] = sources.get(name, source)
    return json.dumps(content).encode()


TRANSPOSED = (("w[1]", "w[9]"), ("w[2]", "w[1]"), ("w[9]", "w[2]"))


@pytest.mark.parametrize("confined", [pytest.param(True, marks=sandboxed), False])
def test_a_mistake_that_others_build_on_is_paid_once(confined):
    result = mark(changed("05", "forward_2_2_2", *TRANSPOSED), 1, confined)
    own = {m.function: m for m in result.marks}
    assert own["forward_2_2_2"].points < 2
    assert {m.function: m.points for m in result.marks[1:]} == {
        m.function: m.of for m in result.marks[1:]
    }
    said = " ".join(repr(card_of(own["train_2_2_2"])).split())
    assert "Your code calls forward_2_2_2. What is wrong there costs points there;" in said
    assert "calls" not in repr(card_of(own["half_squared_error"]))


def test_the_same_question_is_asked_once_and_its_answer_is_a_copy():
    asked = []

    def ask(question):
        asked.append(question)
        return [np.ones(2), ""]

    notebook = Notebook(ask)
    notebook.replace(["step"])
    notebook.stand_ins["step"].active = True
    first = notebook.namespace["step"](np.zeros(2), 1)
    first += 5
    assert list(notebook.namespace["step"](np.zeros(2), 1)) == [1, 1]
    notebook.namespace["step"](np.zeros(2), 2)
    assert len(asked) == 2
    for _ in range(2):  # many of these would fill the memory of the worker
        notebook.namespace["step"](np.zeros(1000), 2)
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("others", "reached"),
    [
        ("# perceptron_step is used below\n'perceptron_step'", set()),
        ("def helper(w, x, y):\n    return perceptron_step(w, x, y)", {"perceptron_step"}),
        ("helper = perceptron_step", {"perceptron_step"}),
        ("steps = []\nsteps.append(perceptron_step)\nhelper = lambda *a: steps[0](*a)",
         {"perceptron_step"}),
        ("class Helper:\n    def __call__(self, *a):\n        return perceptron_step(*a)\n"
         "helper = Helper()", {"perceptron_step"}),
        ("def helper(*a):\n    return globals()['perceptron_' + 'step'](*a)",
         {check.name for check in checks.lessons()["02"]} - {"perceptron_fit"}),
        ("perceptron_step(0, 1, 1)\nhelper = print", set()),
        ("def helper(:", set()),
    ],
)  # fmt: skip
def test_what_a_function_reaches(others, reached):
    cells = [
        ("perceptron_step", "def perceptron_step(w, x, y):\n    return w"),
        ("perceptron_fit", "def perceptron_fit(X, y):\n    return helper(X[0], X, y)"),
        ("", others),
    ]
    assert reaches(Answers("02", cells, []), "perceptron_fit") == reached


def test_a_function_that_others_call_too_often_is_left_to_the_teacher(monkeypatch):
    """One that needs the course's layers, so that each call is a question to this side."""
    monkeypatch.setattr(running, "QUESTIONS", 500)
    backward = "\n".join(
        [
            "def backward_2_2_2(x, t, w, b):",
            "    for number in range(501):",
            "        forward_2_2_2(x + number, w, b)",
            "    return np.zeros(8), np.zeros(2)",
        ]
    )
    content = changed("05", "forward_2_2_2", *TRANSPOSED, backward_2_2_2=backward)
    began = time.monotonic()
    result = mark(content, 1, False)
    assert time.monotonic() - began < 20
    own = {m.function: m for m in result.marks}
    assert own["backward_2_2_2"].points < own["backward_2_2_2"].of
    assert "With that mended, this may be worth more." in " ".join(
        repr(card_of(own["backward_2_2_2"])).split()
    )
    assert any("Look whether it deserves more." in notice for notice in result.notices)


STEP = "def perceptron_step(w, x, y):\n    return w - y * x"


def test_a_stand_in_that_needs_numpy_alone_is_carried_and_may_be_called_without_end(monkeypatch):
    """An open task learns by thousands of steps: a wrong step costs the points of the step."""

    def ask(*question):
        raise AssertionError("a question was asked")

    monkeypatch.setattr(host, "_answer", ask)
    own = {m.function: m for m in mark(changed("02", "", perceptron_step=STEP), 1, False).marks}
    assert own["perceptron_step"].points < own["perceptron_step"].of
    assert own["find_island"].points == own["find_island"].of


@pytest.fixture
def ran(monkeypatch):
    """Return which functions are called, each with those that stand in for others."""
    calls = []
    call = host.Worker.call

    def noted(self, function, arguments, seconds, references=None):
        calls.append((function, sorted(references or {})))
        return call(self, function, arguments, seconds, references)

    monkeypatch.setattr(host.Worker, "call", noted)
    return calls


def test_an_open_task_that_calls_a_wrong_function_runs_once_where_that_is_enough(ran):
    mark(changed("02", "", perceptron_step=STEP), 1, False)
    runs = [others for function, others in ran if function == "find_island"]
    assert runs == [["perceptron_step"]] * 2


NEARLY = "def perceptron_step(w, x, y):\n    return w + y * x if y * (w @ x) <= 1 else w\n"
STEP_OF_ITS_OWN = NEARLY.replace("(w, x, y)", "(w, x, y, rate)").replace("w + y", "w + rate * y")
CALL = "perceptron_step(w, x, y)"


@pytest.mark.parametrize(
    ("step", "edits"),
    [
        # Both have the same mistake.
        ("def perceptron_step(w, x, y):\n    return (w + y * x if y * (w @ x) <= 0 else w,)",
         [("w = " + CALL, "(w,) = " + CALL)]),
        # What is left of the run before would be taken for the answer.
        ("def perceptron_step(w, x, y):\n    return (w + y * x if y * (w @ x) <= 0 else w,)",
         [("w = " + CALL, "(w,) = " + CALL),
          ("def find_island(", "kept = []\ndef learn("),
          ("> 0, 1, -1)", "> 0, 1, -1)\n\ndef find_island(*given):\n    if not kept:\n"
           "        kept.append(0 * given[2][:, 0])\n        kept[0] = learn(*given)\n"
           "    return kept.pop()")]),
        # Its cell has a step of its own, with one argument more.
        (NEARLY, [("def find_island", STEP_OF_ITS_OWN + "\ndef find_island"),
                  ("w = " + CALL, "w = perceptron_step(w, x, y, 1)")]),
        (NEARLY + "perceptron_step.epochs = 50", [("range(50)", "range(perceptron_step.epochs)")]),
        (NEARLY, [("    def features", "    find_island.calls = 1\n    def features")]),
    ],
)  # fmt: skip
def test_an_open_task_keeps_what_it_earns_with_the_students_own_functions(ran, step, edits):
    result = mark(changed("02", "find_island", *edits, perceptron_step=step), 1, False)
    marks = {m.function: m for m in result.marks}
    assert marks["perceptron_step"].points < marks["perceptron_step"].of
    assert marks["find_island"].points == marks["find_island"].of
    runs = [others for function, others in ran if function == "find_island"]
    assert runs[:2] == [["perceptron_step"]] * 2
    if len(runs) > 2:
        assert runs[2:] == [[]] * 2
        assert "stood" not in repr(card_of(marks["find_island"]))


def test_an_open_task_begins_by_itself_where_time_is_short(ran):
    result = mark(changed("02", "", perceptron_step=NEARLY), 1, False, Limits(whole=15))
    assert [others for function, others in ran if function == "find_island"] == [[]] * 2
    assert result.marks[-1].points == result.marks[-1].of


def test_an_open_task_names_what_is_at_fault_alone():
    """What calls a wrong function is no fault of its own: with that mended, it has full points."""
    gradients = "def gradients(*given):\n    return None"
    marks = {m.function: m for m in mark(changed("07", "", gradients=gradients), 1, False).marks}
    assert marks["train_epoch"].points == marks["train_epoch"].of
    assert marks["find_hidden_xor"].points == marks["find_hidden_xor"].of
    said = " ".join(repr(card_of(marks["find_hidden_xor"])).split())
    assert "Your code calls gradients. What is wrong there" in said


def test_an_open_task_with_full_points_is_not_left_to_the_teacher(monkeypatch):
    monkeypatch.setattr(running, "QUESTIONS", 100)
    asks = "for n in range(101):\n        sgd_step(np.ones(2) + n, np.ones(2), 1)\n    "
    edit = ("### BEGIN SOLUTION\n    ", "### BEGIN SOLUTION\n    " + asks)
    step = "def sgd_step(w, grad, learning_rate):\n    return w - 1.1 * learning_rate * grad"
    result = mark(changed("05", "separate_ring", edit, sgd_step=step), 1, False)
    marks = {m.function: m for m in result.marks}
    assert marks["separate_ring"].points == marks["separate_ring"].of
    assert not any("separate_ring" in notice for notice in result.notices)
    assert "may be worth more" not in repr(card_of(marks["separate_ring"]))


@pytest.mark.parametrize(
    "source",
    [
        "return [globals()['_carried'](w, x, y) for w, x in X]",
        "import gc\n    return [f for f in gc.get_objects() if type(f).__name__ == 'StandIn']",
        "return perceptron_step._carried.__code__",
        "for f in (perceptron_fit, perceptron_step._carried, perceptron_step):\n"
        "        try:\n            found = f(X, y, max_epochs)\n        except Exception:\n"
        "            continue\n        if found is not None:\n            return found",
    ],
)
def test_what_is_carried_answers_for_nothing_else(source):
    """Not for the function that runs, nor for one whose points are still to be given."""
    source = f"def perceptron_fit(X, y, max_epochs):\n    {source}"
    content = changed("02", "", perceptron_step=STEP, perceptron_fit=source)
    own = {m.function: m for m in mark(content, 1, False).marks}
    assert own["perceptron_fit"].points == 0
    assert own["is_separable"].points == own["is_separable"].of  # it calls perceptron_fit


def test_code_is_carried_only_after_the_points_of_its_function_are_given(ran):
    order = [check.name for check in checks.lessons()["07"]]
    wrong = {
        "gradients": "def gradients(*given):\n    train_epoch  # asked for later\n    return None",
        "train_epoch": "def train_epoch(*given):\n    return gradients(*given)",
    }
    mark(changed("07", "", **wrong), 1, False)
    assert {name for _, others in ran for name in others} == set(wrong)
    for function, others in ran:
        assert all(order.index(other) < order.index(function) for other in others)


def test_a_function_that_is_not_there_costs_its_own_points():
    result = mark(
        changed("05", "", forward_2_2_2="pass", backward_2_2_2="import os\nos._exit(1)"), 1, False
    )
    lost = {m.function for m in result.marks if m.points < m.of}
    assert lost == {"forward_2_2_2", "backward_2_2_2"}


def test_a_wrong_answer_stays_wrong_with_the_others_replaced():
    backward = "def backward_2_2_2(x, t, w, b):\n    h, o = forward_2_2_2(x, w, b)\n    return w, b"
    content = changed("05", "forward_2_2_2", *TRANSPOSED, backward_2_2_2=backward)
    own = {m.function: m for m in mark(content, 1, False).marks}
    assert own["backward_2_2_2"].points == 0
    assert own["train_2_2_2"].points == own["train_2_2_2"].of


@pytest.mark.parametrize(
    "source",
    [
        "return backward_2_2_2(x, t, w, b)",  # its own reference never stands in
        "return globals()['backward_2_2_2'](x, t, w, b)",
        "return forward_2_2_2._ask({'function': 'backward_2_2_2', 'arguments': [x, t, w, b], "
        "'named': {}})[0]",
        "return train_2_2_2(x, t, w, b, 1, 1)[:2]",  # nor does one that comes later
        "return forward_2_2_2(x, w, b, 1)",
        "return forward_2_2_2(forward_2_2_2, b=b, w=[[w]])",
        "return forward_2_2_2(np.zeros((99, 99)), 'w', None)",
        "return [forward_2_2_2._ask(q) for q in (None, [], {}, {'function': []}, 7)]",
        "import inspect\n    return inspect.getsource(forward_2_2_2)",
        "return forward_2_2_2._carried(x, w, b)",
    ],
)
def test_a_stand_in_gives_nothing_but_its_own_values(source):
    source = f"def backward_2_2_2(x, t, w, b):\n    {source}"
    content = changed("05", "forward_2_2_2", *TRANSPOSED, backward_2_2_2=source)
    own = {m.function: m for m in mark(content, 1, False).marks}
    assert own["backward_2_2_2"].points == 0
    assert own["sgd_step"].points == own["sgd_step"].of


def test_asking_without_end_is_a_loop_without_end():
    source = "def backward_2_2_2(x, t, w, b):\n    while True: forward_2_2_2(x, w, b)"
    content = changed("05", "forward_2_2_2", *TRANSPOSED, backward_2_2_2=source)
    result = mark(content, 1, False, Limits(check=0.5))
    own = {m.function: m for m in result.marks}
    assert "no result after" in repr(card_of(own["backward_2_2_2"]))
    assert own["sgd_step"].points == own["sgd_step"].of


# ------------------------------------------------------------------ where there is no sandbox


def test_it_refuses_without_bubblewrap(monkeypatch):
    processes.nursery().end()
    processes.sandboxed.cache_clear()
    monkeypatch.setattr(processes.shutil, "which", lambda name: None)
    with pytest.raises(processes.NoSandboxError, match="apt install bubblewrap"):
        host.ready()
    monkeypatch.setattr(processes.platform, "system", lambda: "Darwin")
    with pytest.raises(processes.NoSandboxError, match=r"none for\s+Darwin. Grade on Linux"):
        mark(answers(**RIGHT), 1)
    processes.sandboxed.cache_clear()


def test_it_refuses_where_bubblewrap_does_not_work(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    processes.nursery().end()
    processes.sandboxed.cache_clear()
    monkeypatch.setattr(processes.shutil, "which", lambda name: str(fake))
    with pytest.raises(
        processes.NoSandboxError, match=r"No permissions.*lets nobody make namespaces"
    ):
        host.ready()
    processes.sandboxed.cache_clear()


@sandboxed
def test_it_refuses_where_a_worker_could_not_be_ended(monkeypatch):
    def refused(process):
        raise PermissionError(1, "Operation not permitted")

    processes.nursery().end()
    monkeypatch.setattr(processes.os, "pidfd_open", refused)
    with pytest.raises(processes.NoSandboxError, match="no handle on a process"):
        host.ready()


@sandboxed
def test_a_worker_that_was_reaped_already_ends_without_an_error():
    """Under an init that reaps at once (tini), its number is gone when the grader asks for it."""
    worker = Worker(Limits())
    processes.nursery().end()  # the worker dies with it
    worker.end()
    worker.end()


@sandboxed
def test_a_sandbox_that_was_reaped_already_ends_without_an_error(monkeypatch):
    def gone(*arguments):
        raise ProcessLookupError(3, "No such process")

    Worker(Limits()).end()  # it is there, and not just about to start
    nursery = processes.nursery()
    nursery.process.kill()
    nursery.process.wait()
    monkeypatch.setattr(processes.signal, "pidfd_send_signal", gone)
    nursery.end()
    nursery.end()


@sandboxed
def test_a_sandbox_whose_first_process_is_gone_at_once_is_a_dead_worker(monkeypatch):
    def gone(*arguments):
        raise ProcessLookupError(3, "No such process")

    processes.nursery().end()
    monkeypatch.setattr(processes.os, "pidfd_open", gone)
    with pytest.raises(DeadWorkerError):
        Worker(Limits())


@sandboxed
def test_a_nursery_that_is_gone_is_no_fault_of_the_student():
    content = notebook(code(RIGHT["perceptron_step"], "perceptron_step"))
    before = mark(content, 1).points
    processes.nursery().process.kill()
    assert mark(content, 1).points == before > 0


@sandboxed
def test_a_worker_finds_nothing_of_the_one_before_it():
    """They are forks of one process. What NumPy draws without a seed differs, too."""
    leave = "np.left = 'here'\nf = lambda: (getattr(np, 'left', 'nothing'), np.random.rand())"
    look = leave.partition("\n")[2]
    found = []
    for source in (leave, look, look):
        with Worker(Limits()) as worker:
            assert worker.cell("f", source, "cell", 1) is None
            assert worker.find(["f"]) == ["cell"]
            found.append(worker.call("f", [], 1).value)
    assert [left for left, _ in found] == ["here", "nothing", "nothing"]
    assert len({drawn for _, drawn in found}) == 3


@sandboxed
def test_a_worker_holds_no_file_of_the_nursery():
    """Through its socket a worker could have others made, and speak to them."""
    source = """
import os
def f():
    found = []
    for file in range(4096):
        try:
            os.fstat(file)
            found.append(file)
        except OSError:
            pass
    return found
"""
    nothing_and_pipes = [0, 1, 2, 3, 4]
    for _ in range(2):
        with Worker(Limits()) as worker:
            assert worker.cell("f", source, "cell", 1) is None
            assert worker.find(["f"]) == ["cell"]
            assert worker.call("f", [], 1).value == nothing_and_pipes


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("bwrap: setting up uid map: Permission denied", "AppArmor"),
        ("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "sudo sysctl"),
        ("bwrap: Unknown option --disable-userns", "upgrade"),
        ("something else", "works"),
    ],
)
def test_the_remedy_fits_the_reason(said, remedy):
    assert remedy in processes.explain(said)


def test_a_worker_that_does_not_start_is_no_fault_of_the_student(monkeypatch):
    monkeypatch.setattr(processes, "trusted", lambda: ["/bin/false"])
    with pytest.raises(DeadWorkerError):
        marked(code(RIGHT["perceptron_step"], "perceptron_step"))


@sandboxed
def test_an_open_task_is_graded_in_the_sandbox_by_its_bars():
    """The student trains inside; the labels stay outside."""
    source = """
def recognise_digits(train_x, train_y, test_x):
    means = np.array([train_x[train_y == digit].mean(axis=0).ravel() for digit in range(10)])
    distances = ((test_x.reshape(len(test_x), 1, -1) - means) ** 2).sum(axis=2)
    return distances.argmin(axis=1)
"""
    lazy = "def recognise_digits(train_x, train_y, test_x):\n    return train_y[:len(test_x)]\n"
    (trained,), (guessed,) = (
        [
            m
            for m in marked(code(text, "recognise_digits"), confined=True).marks
            if m.function == "recognise_digits"
        ]
        for text in (source, lazy)
    )
    assert 0 < trained.points <= trained.of
    assert guessed.points == 0
    assert "The share of right answers: 0." in repr(card_of(guessed))
    assert "hardly better than guessing" in repr(card_of(guessed)).replace("\n  ", " ")

"""Exercises are what their solutions generate, to the byte, and hold no answers."""

import copy
import runpy
import shutil
import types

import nbformat
import pytest

from dlcourse import layout
from dlcourse.checks.rulebook import RULES
from dlcourse.exercises import release
from dlcourse.exercises.release import FormatError, differences, exercise, generate, validate

SOLUTION = layout.SOLUTIONS / "02_perceptron" / "02_perceptron.ipynb"


@pytest.fixture
def course(tmp_path):
    """A copy of the solutions and exercises."""
    for folder in (layout.SOLUTIONS, layout.EXERCISES):
        shutil.copytree(folder, tmp_path / folder.name)
    return tmp_path


@pytest.fixture
def notebook():
    return nbformat.read(SOLUTION, as_version=4)


def cell_of(notebook, grade_id):
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def test_the_committed_exercises_are_in_sync():
    assert differences(layout.SOLUTIONS, layout.EXERCISES) == []


def test_generating_again_changes_nothing(course):
    assert generate(course / "solutions", course / "exercises") == []


def test_one_byte_is_noticed_and_repaired(course):
    path = course / "exercises" / "02_perceptron" / "02_perceptron.ipynb"
    content = path.read_bytes()
    for changed in (content + b"\n", content.replace(b"score", b"Score", 1), b""):
        path.write_bytes(changed)
        assert differences(course / "solutions", course / "exercises") == [
            "exercises/02_perceptron/02_perceptron.ipynb is not what "
            "solutions/02_perceptron/02_perceptron.ipynb generates."
        ]
        assert generate(course / "solutions", course / "exercises") == [path]
        assert path.read_bytes() == content


def test_missing_and_orphaned_exercises(course):
    path = course / "exercises" / "02_perceptron" / "02_perceptron.ipynb"
    orphan = course / "exercises" / "99_gone" / "99_gone.ipynb"
    orphan.parent.mkdir()
    path.rename(orphan)
    assert differences(course / "solutions", course / "exercises") == [
        "exercises/02_perceptron/02_perceptron.ipynb is missing.",
        "exercises/99_gone/99_gone.ipynb has no solution.",
    ]
    assert generate(course / "solutions", course / "exercises") == [path, orphan]
    assert not orphan.exists()
    assert differences(course / "solutions", course / "exercises") == []


def test_no_answer_and_no_output_is_left(notebook):
    made = exercise(notebook)
    text = nbformat.writes(made)
    assert "SOLUTION" not in text
    assert "y * score <= 0" not in text
    for cell in made.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert [cell.id for cell in made.cells] == [cell.id for cell in notebook.cells]


def test_the_solution_is_not_changed(notebook):
    before = copy.deepcopy(notebook)
    exercise(notebook)
    assert notebook == before


def test_the_stub_stands_in_nobodys_way(notebook):
    """An answer below the stub works: it raises nothing and returns nothing."""
    source = cell_of(exercise(notebook), "perceptron_step").source
    assert source.endswith('"""\n    ...  # your code here')
    namespace = {}
    exec(source + "\n    return 3", namespace)
    assert namespace["perceptron_step"](1, 2, 3) == 3


UNTOUCHED = sorted(layout.EXERCISES.rglob("*.ipynb"))


@pytest.mark.parametrize("path", UNTOUCHED, ids=[path.stem for path in UNTOUCHED])
def test_an_untouched_exercise_runs_to_its_end(path):
    """Whoever runs every cell, or leaves a function for later, meets no error."""
    namespace = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and not cell.source.startswith("check("):
            exec(cell.source, namespace)


def test_hidden_tests_are_removed():
    cell = nbformat.v4.new_code_cell(
        "check(f)\n### BEGIN HIDDEN TESTS\nassert f(1) == 2\n### END HIDDEN TESTS"
    )
    made = exercise(nbformat.v4.new_notebook(cells=[cell]))
    assert made.cells[0].source == "check(f)"


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\nx = 1",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
        "### BEGIN HIDDEN TESTS\nx = 1",
    ],
)
def test_a_region_that_is_not_closed_is_refused(source):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    with pytest.raises(FormatError, match="BEGIN"):
        exercise(notebook)


def broken(change):
    def apply(notebook):
        change(cell_of(notebook, "perceptron_step"), cell_of(notebook, "test_perceptron_step"))
        return validate(notebook)

    return apply


def set_(key, value):
    return lambda answer, test: test.metadata.nbgrader.update({key: value})


BROKEN = {
    "points": (set_("points", 3), "must be worth 2 points"),
    "schema": (set_("schema_version", 2), "must have schema_version 3"),
    "grade_id": (set_("grade_id", "test_perceptron_stepp"), "has a check of NAME"),
    "characters": (set_("grade_id", "a b"), "letters, digits, - and _"),
    "missing key": (lambda a, t: t.metadata.nbgrader.pop("locked"), "lacks locked"),
    "no points": (lambda a, t: t.metadata.nbgrader.pop("points"), "nbgrader cannot read"),
    "duplicate": (
        lambda a, t: a.metadata.nbgrader.update(grade_id="perceptron_fit"),
        "grade_id of an earlier cell",
    ),
    "no function": (
        lambda a, t: a.update(source=a.source.replace("def perceptron_step", "def step")),
        "must define the function perceptron_step",
    ),
    "no region": (lambda a, t: a.update(source="def perceptron_step(): 1"), "no ### BEGIN"),
    "no end": (
        lambda a, t: a.update(source=a.source.replace("### END SOLUTION", "")),
        "has no END",
    ),
    "no Python": (lambda a, t: a.update(source="def perceptron_step(:"), "is not Python"),
    "no check": (lambda a, t: t.update(source="assert True"), "end with the line check(perce"),
    "order": (
        lambda a, t: a.metadata.nbgrader.update(grade_id="other"),
        "comes before the answer cell perceptron_step, or there is none",
    ),
    "no metadata": (lambda a, t: a.metadata.pop("nbgrader"), "but no nbgrader metadata"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_solution_that_cannot_be_graded_is_refused(name, notebook, course):
    change, words = BROKEN[name]
    assert validate(notebook) == []
    problems = broken(change)(notebook)
    assert any(words in problem for problem in problems), problems

    path = course / "solutions" / "02_perceptron" / "02_perceptron.ipynb"
    nbformat.write(notebook, path)
    before = (course / "exercises" / "02_perceptron" / "02_perceptron.ipynb").read_bytes()
    assert differences(course / "solutions", course / "exercises")
    with pytest.raises(FormatError, match=r"solutions/02_perceptron/02_perceptron\.ipynb: cell"):
        generate(course / "solutions", course / "exercises")
    after = (course / "exercises" / "02_perceptron" / "02_perceptron.ipynb").read_bytes()
    assert after == before


def test_a_file_that_is_no_notebook_is_refused(course):
    (course / "solutions" / "02_perceptron" / "02_perceptron.ipynb").write_text("hello")
    (problem,) = differences(course / "solutions", course / "exercises")
    assert "cannot be read as a notebook" in problem


def test_nbgraders_settings_are_the_same():
    """What `nbgrader_config.py` says is what `dlcourse release` does."""
    config = types.SimpleNamespace(
        CourseDirectory=types.SimpleNamespace(), ClearSolutions=types.SimpleNamespace()
    )
    path = layout.ROOT / "nbgrader_config.py"
    runpy.run_path(str(path), init_globals={"get_config": lambda: config})
    assert config.ClearSolutions.code_stub == {"python": release.STUB}
    assert config.ClearSolutions.text_stub == release.TEXT_STUB
    assert config.CourseDirectory.source_directory == layout.SOLUTIONS.name
    assert config.CourseDirectory.release_directory == layout.EXERCISES.name


def test_every_exercise_says_at_its_top_what_counts():
    """The words are those of the rule book that check and class go by."""
    for folder in (layout.SOLUTIONS, layout.EXERCISES):
        notebooks = sorted(folder.glob("*/*.ipynb"))
        assert len(notebooks) > 8
        for path in notebooks:
            first = nbformat.read(path, as_version=4).cells[0]
            assert first.source.endswith(RULES), path.name

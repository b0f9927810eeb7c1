"""A learner's own library: gathered whole, never at the price of what they wrote."""

import json
import shutil

import pytest
from click.testing import CliRunner

from dlcourse import checks, layout
from dlcourse.cli import main
from dlcourse.exercises import attempts, library, pieces

GRADED = [check for lesson in checks.lessons().values() for check in lesson]
CLOSED = [check.name for check in GRADED if check.goal is None]


def write(home, lesson, *cells):
    """Write an exercise of a learner's, with these cells."""
    (path,) = layout.EXERCISES.glob(f"{lesson}_*/{lesson}_*.ipynb")
    cells = [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells]
    (home / f"{path.stem}_exercise.ipynb").write_text(json.dumps({"cells": cells}))


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    home = tmp_path_factory.mktemp("solved")
    for path in sorted(layout.SOLUTIONS.glob("*/*.ipynb")):
        shutil.copy(path, home / f"{path.stem}_exercise.ipynb")
    return home, library.collect(home)


def test_with_every_solution_all_parts_are_in_it(solved):
    home, collected = solved
    assert (collected.kind, collected.path) == ("new", home / "mine.py")
    assert collected.gathered.names == CLOSED  # no open task has been passed here
    assert collected.gathered.left_out == {}
    parts = library.parts(home)
    assert set(parts.own) == set(CLOSED)
    for check in GRADED:
        if check.goal is None:
            case = check.cases(library.np.random.default_rng(7))[0]
            (outcome,) = checks.run_all(parts[check.name], [case.arguments])
            assert check.is_right(case.arguments, check.expected(case), outcome.value), check.name


def test_a_second_time_nothing_is_written(solved):
    home, _ = solved
    before = (home / "mine.py").stat().st_mtime_ns
    assert library.collect(home).kind == "same"
    assert (home / "mine.py").stat().st_mtime_ns == before


HALF = "import numpy as np\n\ndef he_std(fan_in):\n    return float(np.sqrt(2 / fan_in))"
LIMIT = "def glorot_limit(fan_in, fan_out):\n    return np.sqrt(6 / (fan_in + fan_out))"
WRONG = "def glorot_limit(fan_in, fan_out):\n    return 6 / (fan_in + fan_out)"


def test_wrong_and_unwritten_functions_stay_out(tmp_path):
    write(tmp_path, "09", HALF, WRONG, "def dead_share(x, kernel, bias):\n    ...")
    gathered = library.collect(tmp_path).gathered
    assert gathered.names == ["he_std"]
    assert gathered.left_out == {"glorot_limit": "it does not pass its check"}
    parts = library.parts(tmp_path)
    assert parts.is_own("he_std")
    assert not parts.is_own("glorot_limit")
    assert parts["glorot_limit"](3, 3) == 1  # borrowed
    assert [row[-1] for row in parts.whose(["he_std", "glorot_limit"]).rows] == [
        "yours",
        "borrowed",
    ]


def test_the_library_grows_and_an_unchanged_file_is_replaced(tmp_path):
    write(tmp_path, "09", HALF)
    assert library.collect(tmp_path).kind == "new"
    write(tmp_path, "09", HALF, LIMIT)
    assert library.collect(tmp_path).kind == "newer"
    assert library.parts(tmp_path).is_own("glorot_limit")
    assert not list(tmp_path.glob("mine.new*"))


def test_a_changed_file_is_never_overwritten(tmp_path):
    write(tmp_path, "09", HALF)
    library.collect(tmp_path)
    mine = tmp_path / "mine.py"
    mine.write_text(mine.read_text() + "\nTRICK = 1\n")
    changed = mine.read_bytes()
    write(tmp_path, "09", HALF, LIMIT)
    collected = library.collect(tmp_path)
    assert collected.kind == "beside"
    assert mine.read_bytes() == changed
    assert "glorot_limit" in collected.path.read_text()
    assert library.collect(tmp_path).kind == "same"
    assert len(list(tmp_path.glob("mine.new*"))) == 1


def test_a_file_that_somebody_made_themselves_is_left_alone(tmp_path):
    (tmp_path / "mine.py").write_text("HELLO = 1\n")
    write(tmp_path, "09", HALF)
    assert library.collect(tmp_path).kind == "beside"
    assert (tmp_path / "mine.py").read_text() == "HELLO = 1\n"


def test_line_ends_of_another_system_are_no_change(tmp_path):
    write(tmp_path, "09", HALF)
    library.collect(tmp_path)
    mine = tmp_path / "mine.py"
    mine.write_bytes(mine.read_bytes().replace(b"\n", b"\r\n"))
    write(tmp_path, "09", HALF, LIMIT)
    assert library.collect(tmp_path).kind == "newer"


def test_helpers_of_two_lessons_may_have_one_name(tmp_path):
    root = "def root(x):\n    return np.sqrt(x)"
    he = "def he_std(fan_in):\n    return float(root(2 / fan_in))"
    shifted = "def root(z):\n    return z - z.max(axis=1, keepdims=True)"
    softmax = (
        "def softmax(z):\n    e = np.exp(root(np.array(z, dtype=float)))\n"
        "    return e / e.sum(axis=1, keepdims=True)"
    )
    write(tmp_path, "03", "import numpy as np", shifted, softmax)
    write(tmp_path, "09", "import numpy as np", root, he)
    collected = library.collect(tmp_path)
    assert collected.gathered.names == ["softmax", "he_std"]
    assert "def root_in_09(x)" in collected.path.read_text()
    parts = library.parts(tmp_path)
    assert parts["he_std"](2) == 1
    assert parts["softmax"](library.np.zeros((1, 4))).tolist() == [[0.25] * 4]


def test_constants_come_along_and_results_of_the_notebook_do_not(tmp_path):
    constant = (
        "import numpy as np\nTWO = 2.0\n\ndef he_std(fan_in):\n    return (TWO / fan_in) ** 0.5"
    )
    computed = (
        "import numpy as np\nfound = list(range(6))\n\ndef glorot_limit(fan_in, fan_out):\n"
        "    return np.sqrt(len(found) / (fan_in + fan_out))"
    )
    write(tmp_path, "09", constant, computed)
    gathered = library.collect(tmp_path).gathered
    assert gathered.names == ["he_std"]
    assert "it uses found, a variable of the notebook" in gathered.left_out["glorot_limit"]


def test_an_open_task_that_was_passed_is_taken_as_it_stands(tmp_path, monkeypatch):
    task = "def thirty_layers(x, y):\n    return []"
    write(tmp_path, "09", task)
    assert library.collect(tmp_path).kind == "empty"
    check = checks.find("thirty_layers")
    line = {"time": "", "function": check.name, "passed": 1, "tests": 1, "score": check.points}
    (tmp_path / attempts.FILE).write_text(json.dumps(line | {"mistake": ""}) + "\n")
    assert library.collect(tmp_path).gathered.names == ["thirty_layers"]


def test_a_library_that_stops_is_told_with_its_line(tmp_path):
    (tmp_path / "mine.py").write_text("import math\n\nmath.sqrt(-1)\n")
    with pytest.raises(ImportError, match=r"line 3 with ValueError.*Mend it there"):
        library.parts(tmp_path)


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"cells": 3}', '{"cells": [{}]}'])
def test_a_broken_notebook_is_passed_over(tmp_path, content):
    (tmp_path / "09_initialization_exercise.ipynb").write_text(content)
    assert library.collect(tmp_path).kind == "empty"
    assert not (tmp_path / "mine.py").exists()


def test_the_command_says_what_was_taken_and_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_HOME", str(tmp_path))
    write(tmp_path, "09", HALF, WRONG)
    result = CliRunner().invoke(main, ["library"])
    assert result.exit_code == 0, result.output
    assert "09  he_std" in result.output
    assert "Not taken: glorot_limit: it does not pass its check." in result.output
    assert "1 of 8 parts of the LeNet are yours; next: batches (lesson 00)." in result.output


def test_without_a_folder_the_command_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_HOME", str(tmp_path / "nowhere"))
    result = CliRunner().invoke(main, ["library"])
    assert result.exit_code == 2
    assert "dlcourse start FOLDER" in result.output


def test_a_magic_and_a_broken_cell_do_not_hide_the_others():
    found = pieces.pieces(
        ["%matplotlib inline\nimport numpy as np", "def f(:", "def g(): return 1"]
    )
    assert pieces.needed("g", found)


def test_parts_are_gathered_anew_unless_the_file_was_changed(tmp_path):
    write(tmp_path, "09", HALF)
    assert set(library.parts(tmp_path).own) == {"he_std"}
    write(tmp_path, "09", HALF, LIMIT)
    assert set(library.parts(tmp_path).own) == {"he_std", "glorot_limit"}
    mine = tmp_path / "mine.py"
    mine.write_text(mine.read_text().replace("def glorot_limit", "def another_limit"))
    assert set(library.parts(tmp_path).own) == {"he_std"}
    assert not list(tmp_path.glob("mine.new*"))

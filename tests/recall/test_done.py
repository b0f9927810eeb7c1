"""Which lessons a learner has done."""

import json

import pytest

from dlcourse.exercises import attempts
from dlcourse.recall.done import lessons_done


def notebook(home, name, counts, behind=()):
    cells = [{"cell_type": "code", "source": "1", "execution_count": count} for count in counts]
    cells.append({"cell_type": "markdown", "source": "## Review questions\n\n1. Why?"})
    cells += [{"cell_type": "code", "source": "1", "execution_count": count} for count in behind]
    (home / f"{name}.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")


@pytest.mark.parametrize(
    ("counts", "done"),
    [([1, 2, 3, 4], True), ([1, 2, None, None], True), ([1, None, None], False), ([None], False)],
)
def test_half_of_the_cells_run_is_done(tmp_path, counts, done):
    notebook(tmp_path, "05_backpropagation", counts, behind=[None] * 9)
    assert lessons_done(tmp_path) == (["05"] if done else [])


def test_a_passed_function_is_done_and_one_that_was_tried_is_not(tmp_path):
    line = {"time": "", "passed": 3, "tests": 3, "mistake": ""}
    tried = [
        {**line, "function": "mp_neuron", "score": 99},
        {**line, "function": "x", "score": 9},
    ]
    tried.append({**line, "function": "perceptron_step", "score": 0.5})
    (tmp_path / attempts.FILE).write_text("\n".join(map(json.dumps, tried)))
    assert lessons_done(tmp_path) == ["01"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', '{"cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_not_done(tmp_path, content):
    (tmp_path / "05_backpropagation.ipynb").write_text(content)
    assert lessons_done(tmp_path) == []


def test_a_folder_that_is_not_there(tmp_path):
    assert lessons_done(tmp_path / "nowhere") == []

"""`dlcourse execute`: a notebook is written whole and clean, or not at all."""

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from dlcourse.cli import execute, main
from dlcourse.cli.notebooks import committed, select, shown
from dlcourse.cli.problem import Problem
from dlcourse.layout import ROOT


def write(path: Path, *sources: str) -> Path:
    cells = [new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)]
    notebook = new_notebook(cells=[new_markdown_cell("# Title", id="title"), *cells])
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Return a notebook after `dlcourse execute`, as JSON, with its folder."""
    folder = tmp_path_factory.mktemp("execute")
    path = write(
        folder / "lesson.ipynb",
        "import os; print(os.getcwd())\nprint('second line')",
        "1 + 1",
        "import ipywidgets; ipywidgets.IntSlider()",
    )
    result = CliRunner().invoke(main, ["execute", str(path)])
    assert result.exit_code == 0, result.output
    assert "3 cells" in result.output
    return json.loads(path.read_text(encoding="utf-8")), folder


def test_cells_run_in_the_folder_of_the_notebook(executed):
    notebook, folder = executed
    (output,) = notebook["cells"][1]["outputs"]
    assert output["text"] == [f"{folder.resolve()}\n", "second line\n"]


def test_counts_and_ids(executed):
    notebook, _ = executed
    assert [cell.get("execution_count") for cell in notebook["cells"]] == [None, 1, 2, 3]
    assert [cell["id"] for cell in notebook["cells"]] == ["title", "cell-0", "cell-1", "cell-2"]


def test_nothing_stays_that_differs_between_machines(executed):
    notebook, _ = executed
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert all(cell["metadata"] == {} for cell in notebook["cells"])


def test_nothing_is_left_beside_it(executed):
    assert [path.name for path in executed[1].iterdir()] == ["lesson.ipynb"]


def test_a_widget_leaves_its_text_and_its_picture_and_no_view():
    data = {execute.VIEW: {"model_id": "x"}, "text/plain": "a board", "image/png": "AAAA"}
    cell = new_code_cell(id="cell", outputs=[new_output("display_data", data)])
    notebook = new_notebook(cells=[cell], metadata={"widgets": {}})
    execute.tidy(notebook)
    assert "widgets" not in notebook.metadata
    assert set(cell.outputs[0].data) == {"text/plain", "image/png"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("print(1)\n1 / 0", "cell 3 raised ZeroDivisionError: division by zero\n    print(1)"),
        ("import os; os._exit(1)", "cell 3 ended the kernel"),
        ("import time; time.sleep(60)", "cell 3 took more than 2 seconds"),
    ],
)
def test_a_failure_names_the_cell_and_leaves_the_file(tmp_path, source, message):
    path = write(tmp_path / "bad.ipynb", "print('fine')", source)
    before = path.read_bytes()
    result = CliRunner().invoke(main, ["execute", "--timeout=2", str(path)])
    assert result.exit_code == 2
    assert message in result.output
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["bad.ipynb"]


def test_a_file_that_is_no_notebook(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text("{")
    with pytest.raises(Problem, match="cannot be read as a notebook"):
        execute.execute(path)


def test_an_interruption_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    path = write(tmp_path / "lesson.ipynb")
    before = path.read_bytes()

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(execute.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        execute._replace(path, "half")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_stands_for_its_notebooks(tmp_path):
    (tmp_path / "a/.ipynb_checkpoints").mkdir(parents=True)
    paths = [write(tmp_path / "a/one.ipynb"), write(tmp_path / "two.ipynb")]
    write(tmp_path / "a/.ipynb_checkpoints/one-checkpoint.ipynb")
    assert select([tmp_path]) == paths
    assert select([]) == committed()
    with pytest.raises(Problem, match="neither a notebook nor a folder"):
        select([Path(__file__)])


def test_a_path_is_shown_from_the_folder_of_the_course(tmp_path):
    assert shown(ROOT / "notebooks/x.ipynb") == "notebooks/x.ipynb"
    assert shown(tmp_path) == str(tmp_path.resolve())

"""`dlcourse lab`: what it prepares, and how it starts JupyterLab."""

from contextlib import closing

import nbformat
import pytest
from click.testing import CliRunner
from jupyter_core.paths import jupyter_data_dir
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook, new_output

from dlcourse.cli import lab, main
from dlcourse.layout import ROOT

URL = "--LabApp.default_url=/lab/tree/notebooks/00_welcome.ipynb"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with one lesson, one exercise and a Jupyter of its own; `started` fills."""
    (tmp_path / "jupyter").mkdir()
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "jupyter"))
    for name in ("ROOT", "NOTEBOOKS", "SOLUTIONS", "EXERCISES", "WORK"):
        folder = tmp_path if name == "ROOT" else tmp_path / name.lower()
        monkeypatch.setattr(lab, name, folder)
        folder.mkdir(exist_ok=True)
    monkeypatch.setattr(lab, "WELCOME", tmp_path / "notebooks/00_welcome.ipynb")
    write(lab.WELCOME, "print('welcome')")
    (lab.EXERCISES / "02_perceptron").mkdir()
    write(lab.EXERCISES / "02_perceptron/02_perceptron.ipynb", "...")
    lab.WORK.rmdir()
    started = []
    monkeypatch.setattr(lab, "start", started.append)
    monkeypatch.setattr(lab, "is_root", lambda: False)
    return started


def write(path, source):
    """Write a notebook with one cell that has printed something."""
    output = new_output("stream", text="printed\n")
    nbformat.write(new_notebook(cells=[new_code_cell(source, outputs=[output])]), path)


def is_trusted(path):
    notary = NotebookNotary(data_dir=jupyter_data_dir())
    with closing(notary.store):
        return notary.check_signature(nbformat.read(path, as_version=4))


def run(*options):
    result = CliRunner().invoke(main, ["lab", *options])
    assert result.exception is None, result.output
    return result.output


def test_it_opens_the_welcome_page_in_the_folder_of_the_course(course):
    run()
    assert course == [[f"--ServerApp.root_dir={lab.ROOT}", URL, "-y"]]


def test_options_pass_through_to_jupyterlab(course):
    run("--no-browser", "--port=8899", "--ip", "0.0.0.0", "--ServerApp.base_url=/a/")
    (arguments,) = course
    assert arguments[-5:] == [
        "--no-browser",
        "--port=8899",
        "--ip",
        "0.0.0.0",
        "--ServerApp.base_url=/a/",
    ]


def test_an_option_of_the_learner_replaces_the_course_s(course):
    run("--LabApp.default_url=/lab")
    assert course[0].count("--LabApp.default_url=/lab") == 1
    assert URL not in course[0]


def test_it_trusts_the_lessons(course):
    assert not is_trusted(lab.WELCOME)
    assert "Trusted 2 of the course's notebooks" in run()
    assert is_trusted(lab.WELCOME)
    assert "Trusted" not in run()  # nothing to do the second time


def test_an_unsigned_notebook_would_stay_untrusted(course, monkeypatch):
    monkeypatch.setattr(NotebookNotary, "sign", lambda self, notebook: None)
    run()
    assert not is_trusted(lab.WELCOME)


def test_a_damaged_notebook_is_named_and_does_not_stop_it(course):
    (lab.NOTEBOOKS / "01_broken.ipynb").write_text("{")
    assert "01_broken.ipynb cannot be read" in run()
    assert len(course) == 1


def test_it_hands_out_exercises_and_leaves_the_learner_s_work_alone(course):
    copy = lab.WORK / "02_perceptron/02_perceptron.ipynb"
    assert "02_perceptron.ipynb" in run()
    assert is_trusted(copy)

    mine = b"my own, \xff not even a notebook\r\n"
    copy.write_bytes(mine)
    run()
    assert copy.read_bytes() == mine

    write(lab.EXERCISES / "02_perceptron/02_perceptron.ipynb", "a newer exercise")
    output = run()
    assert copy.read_bytes() == mine
    (beside,) = (path for path in lab.WORK.rglob("*.ipynb") if path != copy)
    assert beside.name in output


def test_root_gets_jupyterlab_and_a_hint(course, monkeypatch):
    monkeypatch.setattr(lab, "is_root", lambda: True)
    assert "You are root" in run()
    assert "--allow-root" in course[0]
    assert "You are root" not in run("--allow-root")
    assert course[1].count("--allow-root") == 1


def test_without_notebooks_it_says_so(course):
    lab.WELCOME.unlink()
    result = CliRunner().invoke(main, ["lab"])
    assert result.exit_code == 2
    assert "run this in a clone of the course" in result.output


def test_jupyterlab_knows_every_option_that_it_gets():
    from jupyterlab.labapp import LabApp

    assert "default_url" in LabApp.class_trait_names(config=True)
    assert "allow-root" in LabApp.flags
    assert "y" in LabApp.flags
    assert (ROOT / "dlcourse/cli/lab_settings.json").is_file()


def test_kernels_use_one_thread_unless_the_learner_says_otherwise():
    assert lab.kernel_settings({})["OPENBLAS_NUM_THREADS"] == "1"
    assert lab.kernel_settings({"OPENBLAS_NUM_THREADS": "8"})["OPENBLAS_NUM_THREADS"] == "8"

"""`dlcourse test`: it counts right, and nothing that fails passes for success."""

import pytest
from click.testing import CliRunner

from dlcourse.cli import main
from dlcourse.cli import test as testing
from dlcourse.cli.test import Counts, Step
from dlcourse.layout import COURSE

TESTS = """
import pytest

def test_passes(): pass
def test_passes_too(): pass
@pytest.mark.skip(reason="on purpose")
def test_is_skipped(): pass
"""
FAILS = "def test_fails(): assert False\n"
BREAKS = "import pytest\n@pytest.fixture\ndef broken(): 1 / 0\ndef test_errs(broken): pass\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs `dlcourse test` with these steps in an empty course."""
    for name in ("tests", "notebooks"):
        (tmp_path / name).mkdir()
    for status in (0, 1):
        (tmp_path / f"exit_{status}.py").write_text(f"raise SystemExit({status})")
    monkeypatch.setattr(testing, "ROOT", tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # faster

    def run(*steps, arguments=()):
        monkeypatch.setattr(testing, "STEPS", steps)
        result = CliRunner().invoke(main, ["test", *arguments])
        return result.exit_code, result.output

    return run


@pytest.fixture
def pytest_step(tmp_path):
    """Return a function that makes a step of a file of tests."""

    def make(source, name="unit"):
        path = tmp_path / f"test_{name}.py"
        path.write_text(source)
        return Step(name, "tests", [["pytest", str(path), "-p", "no:cacheprovider"]])

    return make


def script(status, name="style"):
    """Return a step of one command that is not pytest and ends with `status`."""
    return Step(name, "a command", [[f"exit_{status}"]])


def last_lines(output):
    return output.splitlines()[-2:]


def test_all_well(run, pytest_step):
    status, output = run(script(0), pytest_step(TESTS))
    assert status == 0
    assert last_lines(output) == ["Everything works.", "3 passed, 0 failed, 1 skipped"]


def test_a_failed_test(run, pytest_step):
    status, output = run(script(0), pytest_step(TESTS + FAILS))
    assert status == 1
    assert "Something failed: unit." in output
    assert f"{COURSE} test unit" in output
    assert output.splitlines()[-1] == "3 passed, 1 failed, 1 skipped"


def test_an_error_in_a_fixture_is_a_failure(run, pytest_step):
    assert run(pytest_step(TESTS + BREAKS))[0] == 1


@pytest.mark.parametrize("source", ["", "import no_such_module\n", "def test_(:\n"])
def test_no_tests_or_a_broken_file_is_a_failure(run, pytest_step, source):
    status, output = run(pytest_step(source))
    assert status == 1
    assert output.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


def test_a_missing_folder_is_a_failure(run):
    assert run(Step("unit", "tests", [["pytest", "no-such-folder"]]))[0] == 1


def test_a_crash_without_a_report_is_a_failure(run, pytest_step):
    status, _ = run(pytest_step("import os\ndef test_crash(): os._exit(0)\n"))
    assert status == 1


def test_a_command_that_fails(run):
    status, output = run(script(1), script(0, "exercises"))
    assert status == 1
    assert last_lines(output) == [
        f"Once more, only that: {COURSE} test style",
        "1 passed, 1 failed, 0 skipped",
    ]


def test_a_step_that_cannot_run_is_skipped_with_its_reason(run, pytest_step):
    browser = Step("browser", "a browser", [["no_such_module"]], skip=lambda: "there is none")
    status, output = run(browser, pytest_step(TESTS))
    assert status == 0
    assert "skipped: there is none" in output
    assert output.splitlines()[-1] == "2 passed, 0 failed, 2 skipped"


def test_only_the_steps_that_are_asked_for(run):
    status, output = run(script(0), script(1, "unit"), arguments=["style"])
    assert status == 0
    assert output.splitlines()[-1] == "1 passed, 0 failed, 0 skipped"


def test_the_table_has_a_row_a_step(run):
    _, output = run(script(0), script(1, "unit"))
    table = [line.split()[:2] for line in output.splitlines()]
    assert ["style", "passed"] in table
    assert ["unit", "failed"] in table


def test_the_environment_of_the_steps(run, pytest_step, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setenv("MPLBACKEND", "no-such-backend")
    source = (
        "import os\n"
        "def test_environment():\n"
        "    assert os.environ['OPENBLAS_NUM_THREADS'] == '1'\n"
        "    assert os.environ['KERAS_BACKEND'] == 'tensorflow'\n"
        "    assert 'MPLBACKEND' not in os.environ\n"
    )
    assert run(pytest_step(source))[0] == 0


def test_the_real_steps_are_complete():
    assert testing.NAMES == ["style", "unit", "notebooks", "exercises", "browser"]
    for step in testing.STEPS:
        for module, *_ in step.commands:
            assert module in {"ruff", "mypy", "pytest", "dlcourse", "dlcourse.cli.biome"}


def test_counts_add_up_over_commands(monkeypatch):
    results = iter([Counts(2, 1, 0), Counts(5, 0, 1)])
    monkeypatch.setattr(testing, "_run_one", lambda *_: next(results))
    step = Step("style", "", [["a"], ["b"]])
    assert testing.run(step, {}) == Counts(7, 1, 1)

"""`dlcourse site`: thin, so only what it says is tested here."""

import pytest
from click.testing import CliRunner

from dlcourse.cli import main
from dlcourse.website import build


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs the command with a build that takes no time."""
    monkeypatch.setattr(build, "html", lambda *arguments: 3)

    def run(*arguments):
        result = CliRunner().invoke(main, ["site", *arguments])
        assert "Traceback" not in result.output
        return result.exit_code, result.output

    return run


def test_it_says_how_many_pages_and_where(run, tmp_path):
    code, output = run("--output", str(tmp_path / "out"))
    assert code == 0
    assert output.startswith("3 pages in ")
    assert f"Open {(tmp_path / 'out' / 'index.html').as_uri()}" in output


def test_a_folder_with_something_else_stays_as_it_is(run, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    code, output = run("--output", str(tmp_path))
    assert code == 2
    assert "holds something else" in output


def test_what_is_wrong_is_said(run, tmp_path, monkeypatch):
    def fail(*arguments):
        raise build.BuildError("index.html: gone.html leads nowhere")

    monkeypatch.setattr(build, "html", fail)
    code, output = run("--output", str(tmp_path / "out"))
    assert code == 2
    assert "gone.html leads nowhere" in output
    assert "The site was not built" in output

"""The command as a whole: quick, and never a traceback for what is not a bug."""

import errno
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from dlcourse import cli
from dlcourse.cli import COMMANDS, main
from dlcourse.layout import ROOT


@pytest.fixture
def runner():
    return CliRunner()


def test_help_names_every_command(runner):
    result = runner.invoke(main, ["--help"])
    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(runner, name):
    result = runner.invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert f"Usage: main {name}" in result.output


def test_help_is_instant():
    """It reads the files of the commands, and no package that takes time to import."""
    code = (
        "import sys; from dlcourse.cli import main; main(['--help'], standalone_mode=False);"
        "print(*sys.modules, file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(result.stderr.split())
    assert "dlcourse.cli.lab" in loaded
    assert not loaded & {"numpy", "nbformat", "jupyterlab", "keras", "matplotlib", "playwright"}


def test_python_m_dlcourse_is_the_same_command():
    command = [sys.executable, "-m", "dlcourse", "--version"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.startswith("dlcourse, version ")


@pytest.mark.parametrize(
    "arguments",
    [["lap"], ["test", "everything"], ["execute", "no-such-file.ipynb"], ["lock", "-x"]],
)
def test_a_slip_of_the_user_is_one_sentence_and_status_2(runner, arguments):
    result = runner.invoke(main, arguments)
    assert result.exit_code == 2
    assert "Error: " in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "Free some disk space"), (errno.EACCES, "writable")],
)
def test_a_refusal_of_the_machine_is_one_sentence(runner, monkeypatch, number, words):
    @click.command()
    def refused() -> None:
        raise OSError(number, "Refused", "some/file")

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: refused)
    result = runner.invoke(main, ["lab"])
    assert result.exit_code == 2
    assert result.output.startswith("Error: Refused (some/file). ")
    assert words in result.output


@pytest.mark.parametrize("charset", ["cp1252", "cp437"])
def test_a_terminal_without_a_letter_shows_another(charset, monkeypatch):
    """Windows writes files and pipes in the code page of the country: no tick, no 王."""

    @click.command()
    def names() -> None:
        click.echo("✓ 王伟, Jose\u0301")
        click.echo("✗ 王伟", err=True)

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: names)
    result = CliRunner(charset=charset).invoke(main, ["grade"])
    assert result.exit_code == 0
    assert result.stdout_bytes.startswith(b"? ??, Jose")
    assert result.stderr_bytes == b"? ??\n"


def test_a_bug_keeps_its_traceback(runner, monkeypatch):
    @click.command()
    def buggy() -> None:
        raise OSError(errno.EBADF, "a bug")

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: buggy)
    assert isinstance(runner.invoke(main, ["lab"]).exception, OSError)

"""The bootstrap, with a Python in .venv that only pretends: nothing is installed here."""

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from dlcourse.cli import COMMANDS
from dlcourse.layout import ROOT
from tests.test_import_rules import imports

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pretended Python is a POSIX script")

COURSE = ROOT / "course.py"

# Stands in .venv/bin: writes down how it is called, and plays pip and dlcourse. It is a shell
# script and a Python program at once, because no path with a space may follow #!.
PRETENDED_PYTHON = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import json, sys, time
from pathlib import Path

root = Path(__file__).parent.parent.parent
with (root / "calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + chr(10))
if sys.argv[1:4] == ["-m", "pip", "install"]:
    said = root / "pip-says"
    print(said.read_text() if said.exists() else "Collecting numpy==2.4.6", flush=True)
    while (root / "pip-hangs").exists():
        (root / "pip-is-running").touch()
        time.sleep(0.01)
    sys.exit(1 if said.exists() else 0)
if sys.argv[1:3] == ["-m", "dlcourse"]:
    (root / "utf-8").write_text(str(sys.flags.utf8_mode))
    print("dlcourse got", sys.argv[3:])
    sys.exit(7)
"""

# Runs course.py with that Python instead of a real environment, after the changes of a test.
# Ctrl-C reaches it even where the tests run in the background of a shell, which ignores it.
DRIVER = """\
import signal
import sys
import course

signal.signal(signal.SIGINT, signal.default_int_handler)

def make_venv():
    import shutil
    shutil.rmtree(course.VENV, ignore_errors=True)
    course.PYTHON.parent.mkdir(parents=True)
    course.PYTHON.write_text({python!r})
    course.PYTHON.chmod(0o755)

course.make_venv = make_venv
course.find_python = lambda: None
course.shutil.disk_usage = lambda path: type("Usage", (), dict(free=1e12))
{patch}
sys.exit(course.main(sys.argv[1:]))
"""


class Clone:
    """A folder with course.py, a lock and a pyproject.toml, as a learner has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        shutil.copy(COURSE, folder)
        (folder / "requirements.txt").write_text("numpy==2.4.6\n")
        (folder / "pyproject.toml").write_text("[project]\n")

    def start(self, *arguments: str, patch: str = "") -> "subprocess.Popen[str]":
        """Start course.py in a process of its own."""
        pretended = PRETENDED_PYTHON.format(python=sys.executable)
        driver = DRIVER.format(python=pretended, patch=textwrap.dedent(patch))
        return subprocess.Popen(
            [sys.executable, "-c", driver, *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, patch: str = "") -> tuple[int, str, str]:
        """Run course.py; return its exit status and what it printed."""
        process = self.start(*arguments, patch=patch)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def start_hanging(self) -> "subprocess.Popen[str]":
        """Start course.py and return when its pip is at work, which it stays."""
        (self.folder / "pip-hangs").touch()
        process = self.start("lab")
        while not (self.folder / "pip-is-running").exists():
            assert process.poll() is None
            time.sleep(0.01)
        return process

    def let_pip_end(self) -> None:
        """Let pip end when it is started again."""
        (self.folder / "pip-hangs").unlink()
        (self.folder / "pip-is-running").unlink()

    def installations(self) -> list[list[str]]:
        """Return the arguments of every ``pip install`` so far."""
        calls = self.folder / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        return [call[3:] for call in map(json.loads, lines) if call[:3] == ["-m", "pip", "install"]]


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path / "the course, ünïcode")


# ------------------------------------------------------------------ when it installs


def test_the_first_run_installs_the_lock_then_the_project_and_passes_everything_on(clone):
    status, out, err = clone.run("lab", "--no-browser", "--port", "8899")
    assert status == 7
    assert err == ""
    assert "dlcourse got ['lab', '--no-browser', '--port', '8899']" in out
    lock, project = clone.installations()
    assert lock[-3:-1] == ["--require-hashes", "--requirement"]
    assert project[-2:] == ["--editable", str(clone.folder)]
    assert "numpy==2.4.6" in out  # progress is visible


def test_on_windows_dlcourse_is_a_child_and_its_status_comes_back(clone):
    patch = """
        def run(arguments, run=course.run):
            course.os.name = "nt"
            return run(arguments)
        course.run = run
        del course.os.execve
    """
    status, out, err = clone.run("test", "unit", patch=patch)
    assert (status, err) == (7, "")
    assert "dlcourse got ['test', 'unit']" in out
    assert (clone.folder / "utf-8").read_text() == "1"


def test_the_second_run_installs_nothing(clone):
    clone.run("lab")
    status, out, _ = clone.run("doctor")
    assert (status, out) == (7, "dlcourse got ['doctor']\n")
    assert len(clone.installations()) == 2


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_change_of_the_lock_or_the_packaging_updates_in_place(clone, name):
    clone.run("lab")
    (clone.folder / ".venv" / "what the learner added").touch()
    with (clone.folder / name).open("a") as file:
        file.write("# changed\n")
    status, out, _ = clone.run("lab")
    assert status == 7
    assert "has changed" in out
    assert len(clone.installations()) == 4
    assert (clone.folder / ".venv" / "what the learner added").exists()


def test_a_change_would_go_unseen_without_the_fingerprint(clone):
    blind = "course.fingerprint = lambda: 'always the same'"
    clone.run("lab", patch=blind)
    (clone.folder / "requirements.txt").write_text("numpy==9\n")
    clone.run("lab", patch=blind)
    assert len(clone.installations()) == 2


def test_a_folder_that_was_moved_is_installed_again(clone, tmp_path):
    clone.run("lab")
    clone.folder = clone.folder.rename(tmp_path / "elsewhere")
    assert clone.run("lab")[0] == 7
    assert clone.installations()[-1][-1] == str(clone.folder)


def test_a_python_that_no_longer_runs_is_replaced(clone):
    clone.run("lab")
    (clone.folder / ".venv/bin/python").unlink()
    assert clone.run("lab")[0] == 7
    assert len(clone.installations()) == 4


# ------------------------------------------------------------------ when it is interrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_next_run_repairs_an_interrupted_installation(clone, number):
    process = clone.start_hanging()
    (clone.folder / ".venv" / "half").touch()
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    clone.let_pip_end()
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert err == "\nStopped. The next run begins the installation again.\n"
    assert not (clone.folder / ".venv/installed").exists()

    status, out, _ = clone.run("lab")
    assert status == 7
    assert out.startswith("Installing the course into .venv")
    assert not (clone.folder / ".venv" / "half").exists()


def test_an_interruption_would_go_unseen_if_the_stamp_came_first(clone):
    hasty = """
        make = make_venv
        def stamp_first():
            make()
            course.STAMP.write_text(course.fingerprint())
        course.make_venv = stamp_first
    """
    (clone.folder / "pip-says").write_text("killed")
    assert clone.run("lab", patch=hasty)[0] == 1
    (clone.folder / "pip-says").unlink()
    assert clone.run("lab", patch=hasty)[1] == "dlcourse got ['lab']\n"


@pytest.mark.parametrize(
    ("said", "is_kept"),
    [("Collecting numpy==9", True), ("Installing collected packages: numpy", False)],
)
def test_an_update_that_fails_costs_the_old_installation_only_if_it_was_touched(
    clone, said, is_kept
):
    clone.run("lab")
    (clone.folder / ".venv" / "old").touch()
    (clone.folder / "requirements.txt").write_text("numpy==9\n")
    (clone.folder / "pip-says").write_text(said)
    assert clone.run("lab")[0] == 1
    (clone.folder / "pip-says").unlink()
    assert clone.run("lab")[0] == 7
    assert (clone.folder / ".venv" / "old").exists() == is_kept


# ------------------------------------------------------------------ what it says when it cannot


@pytest.mark.parametrize(
    ("said", "sentence", "remedy"),
    [
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: Could not find a version that satisfies the requirement numpy\n"
            "ERROR: No matching distribution found for numpy==2.4.6",
            "there is no connection to the package index",
            "Connect to the internet",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or "
            "directory: 'C:\\\\...'\nHINT: This error might have occurred since this system does "
            "not have Windows Long Path support enabled.",
            "too long for Windows",
            "a folder with a short path",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on "
            "device",
            "The disk is full.",
            "Free 4 GB",
        ),
        (
            "SSLError(SSLCertVerificationError(1, 'certificate verify failed'))",
            "does not trust the server",
            "PIP_CERT",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "differs from the one that requirements.txt names",
            "pip cache purge",
        ),
        (
            "ERROR: No matching distribution found for tensorflow==2.21.0",
            "not built for this machine",
            "Apple Silicon",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied",
            "cannot be written",
            "writable",
        ),
        ("something {unheard} of", "The installation failed: something {unheard} of", "delete"),
        ("", "The installation failed", "delete"),
    ],
)
def test_what_pip_says_becomes_a_sentence_and_a_remedy(clone, said, sentence, remedy):
    (clone.folder / "pip-says").write_text(said)
    status, _, err = clone.run("lab")
    assert status == 1
    assert sentence in err
    assert remedy in err
    assert "Traceback" not in err
    log = clone.folder / ".venv/install.log"
    assert str(log) in err
    assert said in log.read_text()


def test_the_real_pip_without_a_network_is_understood(clone):
    """Words of the pip that is installed here, when nobody listens at the index."""
    request = ["--index-url=http://127.0.0.1:9/simple", "no-such-package==1.0"]
    result = subprocess.run(
        [sys.executable, "-m", "pip", "--isolated", "download", "--retries=1", *request],
        env=os.environ | {"PIP_CONFIG_FILE": os.devnull},
        cwd=clone.folder,
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    (clone.folder / "pip-says").write_text(result.stdout + result.stderr)
    assert "there is no connection to the package index" in clone.run("lab")[2]


@pytest.mark.parametrize(
    ("patch", "sentence", "remedy"),
    [
        ("sys.version_info = (3, 10, 9)", "and this is Python 3.10.", "Install one of them"),
        ("sys.version_info = (3, 14, 0)", "and this is Python 3.14.", "Install one of them"),
        (
            "sys.version_info = (3, 9, 0); course.find_python = lambda: 'python3.12'",
            "The course needs Python 3.11, 3.12 or 3.13",
            "Run: python3.12 course.py lab --port=1",
        ),
        ("sys.maxsize = 2**31 - 1", "32-bit", "64-bit"),
        (
            "course.platform.system = lambda: 'Darwin'; course.platform.machine = lambda: 'x86_64'",
            "Intel processors",
            "Docker",
        ),
        ("course.platform.python_implementation = lambda: 'PyPy'", "CPython", "python.org"),
        (
            "course.importlib.util.find_spec = lambda name: None",
            "cannot make a virtual environment",
            "sudo apt install python3",
        ),
        ("sys.prefix = str(course.VENV)", "the one in .venv", "deactivate"),
        (
            "course.shutil.disk_usage = lambda path: type('Usage', (), dict(free=1.2e9))",
            "The disk has 1.2 GB left, and the course needs 4 GB.",
            "Free some space",
        ),
        (
            "def refuse(): raise PermissionError(13, 'Permission denied')\n"
            "course.make_venv = refuse",
            "cannot be written",
            "writable",
        ),
    ],
)
def test_an_unsuitable_machine_is_told_before_anything_is_downloaded(
    clone, patch, sentence, remedy
):
    status, _, err = clone.run("lab", "--port=1", patch=patch)
    assert status == 1
    assert sentence in err
    assert remedy in err
    assert "Traceback" not in err
    assert clone.installations() == []


def test_a_real_older_python_gets_the_sentence():
    names = [f"python3.{minor}" for minor in range(6, 11)]
    older = [name for name in names if shutil.which(name) and is_working(name)]
    if not older:
        pytest.skip("no Python older than 3.11 runs here")
    for name in older:
        result = subprocess.run([name, COURSE, "lab"], capture_output=True, text=True)
        assert result.returncode == 1
        assert "The course needs Python 3.11, 3.12 or 3.13, and this is Python 3." in result.stderr
        assert "Traceback" not in result.stderr


def is_working(name: str) -> bool:
    return subprocess.run([name, "-c", ""], capture_output=True).returncode == 0


def test_it_is_written_in_the_syntax_of_python_3_6():
    ast.parse(COURSE.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_it_uses_the_standard_library_only():
    tree = ast.parse(COURSE.read_text(encoding="utf-8"))
    names = [name for name, *_ in imports(tree)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


# ------------------------------------------------------------------ help


@pytest.mark.parametrize("arguments", [(), ("-h",), ("--help",)])
def test_alone_it_explains_itself_and_installs_nothing(clone, arguments):
    status, out, err = clone.run(*arguments)
    assert (status, err) == (0, "")
    assert "python course.py lab" in out
    assert not (clone.folder / ".venv").exists()


def test_alone_it_adds_the_help_of_dlcourse_once_that_is_there(clone):
    clone.run("lab")
    _, out, _ = clone.run()
    assert "python course.py lab" in out
    assert out.endswith("dlcourse got ['--help']\n")


def test_the_commands_that_it_names_exist(clone):
    _, out, _ = clone.run()
    named = {line.split()[2] for line in out.splitlines() if "python course.py " in line}
    assert named <= {*COMMANDS, "COMMAND"}

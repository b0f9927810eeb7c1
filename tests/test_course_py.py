"""The bootstrap, with a Python in .venv that only pretends: nothing is installed here."""

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dlcourse.cli import COMMANDS
from tests.pretended import COURSE, Clone
from tests.test_import_rules import imports

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pretended Python is a POSIX script")


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
        def hand_over(command, settings, hand_over=course.hand_over):
            course.os.name = "nt"
            return hand_over(command, settings)
        course.hand_over = hand_over
        del course.os.execve
    """
    status, out, err = clone.run("grade", "unit", patch=patch)
    assert (status, err) == (7, "")
    assert "dlcourse got ['grade', 'unit']" in out
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
    blind = "course.Lock.state = lambda self: {'always': 'the same'}"
    clone.run("lab", patch=blind)
    (clone.folder / "requirements.txt").write_text("numpy==9\n")
    clone.run("lab", patch=blind)
    assert len(clone.installations()) == 2


def test_a_folder_that_was_moved_is_told_and_its_scripts_follow(clone, tmp_path):
    clone.run("lab")
    shell = "/bin/sh\n'''exec' \"{}\" \"$0\" \"$@\"\n' '''"  # as pip writes where there is a space
    script = f"#!{shell}\nimport sys; print(sys.argv[1:])\n"
    (clone.folder / ".venv/bin/say").write_text(script.format(clone.folder / ".venv/bin/python"))
    (clone.folder / ".venv/bin/say").chmod(0o755)
    for name in "elsewhere", "else where":
        clone.folder = clone.folder.rename(tmp_path / name)
        status, out, _ = clone.run("lab")
        assert status == 7
        assert out.startswith("The folder of the course has moved: updating .venv\n")
        assert clone.installations()[-1][-1] == str(clone.folder)
        subprocess.run([clone.folder / ".venv/bin/say", "a b"], check=True)
        assert json.loads((clone.folder / "calls").read_text().splitlines()[-1])[1:] == ["a b"]


def test_a_script_without_a_space_gets_one(clone, tmp_path):
    clone.folder = clone.folder.rename(tmp_path / "plain")
    clone.run("lab")
    script = f"#!{clone.folder}/.venv/bin/python\n"
    (clone.folder / ".venv/bin/say").write_text(script)
    (clone.folder / ".venv/bin/say").chmod(0o755)
    clone.folder = clone.folder.rename(tmp_path / "with space")
    clone.run("lab")
    subprocess.run([clone.folder / ".venv/bin/say", "a b"], check=True)
    assert json.loads((clone.folder / "calls").read_text().splitlines()[-1])[1:] == ["a b"]


def test_an_installation_with_the_stamp_of_an_older_version_is_kept_and_brought_up_to_date(clone):
    clone.run("lab")
    (clone.folder / ".venv/installed").write_text("f5a772af8b2135e6941df783931218754f0b9641")
    (clone.folder / ".venv" / "what the learner added").touch()
    status, out, _ = clone.run("lab")
    assert status == 7
    assert out.startswith("The course has changed: updating .venv\n")
    assert (clone.folder / ".venv" / "what the learner added").exists()
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"


def test_the_installation_of_another_clone_is_left_alone(clone, tmp_path):
    clone.run("lab")
    other = Clone(tmp_path / "another clone")
    (other.folder / ".venv").symlink_to(clone.folder / ".venv")
    status, _, err = other.run("lab")
    assert status == 1
    assert f"a link to the installation of another clone, {clone.folder.resolve()}." in err
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"
    assert len(clone.installations()) == 2


def test_a_python_that_no_longer_runs_is_replaced(clone):
    clone.run("lab")
    (clone.folder / ".venv/bin/python").unlink()
    assert clone.run("lab")[0] == 7
    assert len(clone.installations()) == 4


# ------------------------------------------------------------------ what it installs


def test_a_command_for_developers_adds_their_tools_once(clone):
    clone.run("lab")
    status, out, err = clone.run("test", "style")
    assert (status, err) == (7, "")
    assert out.startswith("`test` needs the tools of developers: adding them to .venv")
    assert clone.installations()[-1][-1] == str(clone.folder / "requirements/test.txt")
    assert clone.run("test")[1] == clone.run("lock")[1].replace("lock", "test")
    assert len(clone.installations()) == 3
    (clone.folder / "requirements/test.txt").write_text("pytest==10\n")
    clone.run("lab")
    assert len(clone.installations()) == 3
    clone.run("test")
    assert len(clone.installations()) == 4


def test_tools_that_cannot_be_had_leave_the_course_as_it_is(clone):
    clone.run("lab")
    (clone.folder / "pip-says").write_text("Installing collected packages: pytest\nErrno 28")
    assert clone.run("test")[0] == 1
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"


def test_the_light_course_is_remembered_and_left_again(clone):
    status, out, _ = clone.run("--light", "lab")
    assert status == 7
    assert out.startswith("Installing the course with Keras on JAX into .venv")
    assert clone.installations()[0][-1] == str(clone.folder / "requirements/light.txt")
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"
    (line,) = clone.folder.glob(".venv/lib/*/site-packages/keras_backend.pth")
    for value, found in (None, "jax"), ("torch", "torch"):
        settings = {} if value is None else {"KERAS_BACKEND": value}
        code = "import os, pathlib, sys; exec(pathlib.Path(sys.argv[1]).read_text())"
        code += "; print(os.environ['KERAS_BACKEND'])"
        kept = {k: v for k, v in os.environ.items() if k != "KERAS_BACKEND"}
        command = [sys.executable, "-c", code, str(line)]
        assert subprocess.check_output(command, env=kept | settings, text=True) == f"{found}\n"

    status, _, err = clone.run("test")
    assert status == 1
    assert "needs TensorFlow" in err
    assert "--full test" in err

    assert clone.run("--full", "lab")[1].startswith("Installing the course into .venv")
    assert not (clone.folder / ".venv/light").exists()
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"


def test_the_light_course_is_remembered_by_what_an_interruption_left(clone):
    (clone.folder / "pip-says").write_text("Installing collected packages: jax\nkilled")
    assert clone.run("--light", "lab")[0] == 1
    (clone.folder / "pip-says").unlink()
    assert "with Keras on JAX" in clone.run("lab")[1]


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
            course.FULL.stamp.write_text(course.json.dumps(course.FULL.state()))
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
            "Free some space",
        ),
        (
            "SSLError(SSLCertVerificationError(1, 'certificate verify failed'))",
            "has a certificate that is not trusted",
            "PIP_CERT",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "differs from the one that the lock names",
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
        (
            "OSError('Tunnel connection failed: 407 Proxy Authentication Required')\n"
            "ERROR: No matching distribution found for numpy==2.4.6",
            "The proxy asks for a name and a password.",
            "HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [WinError 206] The filename or "
            "extension is too long",
            "too long for Windows",
            "a folder with a short path",
        ),
        ("ERROR: Configuration file contains invalid utf-8", "cannot read its config", "Mend"),
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


class Proxy(BaseHTTPRequestHandler):
    """Lets nobody through who gives no name and password."""

    def do_CONNECT(self) -> None:
        self.send_response(407, "Proxy Authentication Required")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def test_the_real_pip_behind_a_proxy_that_wants_a_password_is_understood(clone):
    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        proxy = f"--proxy=http://127.0.0.1:{server.server_port}"
        request = ["--index-url=https://index.example/simple", "no-such-package==1.0"]
        result = subprocess.run(
            [sys.executable, "-m", "pip", "--isolated", "download", "--retries=1", proxy, *request],
            env=os.environ | {"PIP_CONFIG_FILE": os.devnull, "NO_PROXY": ""},
            cwd=clone.folder,
            capture_output=True,
            text=True,
        )
        server.shutdown()
    assert result.returncode != 0
    (clone.folder / "pip-says").write_text(result.stdout + result.stderr)
    assert "The proxy asks for a name and a password." in clone.run("lab")[2]


@pytest.mark.parametrize(
    ("patch", "sentence", "remedy"),
    [
        ("sys.version_info = (3, 10, 9)", "and this is Python 3.10.\n", "Install Python 3.13"),
        (
            "sys.version_info = (3, 14, 0)",
            "and this is Python 3.14. TensorFlow is not built for it.\n",
            "or install uv (https://docs.astral.sh/uv), which brings Python 3.13",
        ),
        (
            "course.runs = lambda command, *_: command[-1] != 'import ssl'",
            "built without SSL",
            "libssl-dev",
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
            "The disk has 1.2 GB left, and the course needs",
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
    assert "python3 course.py lab" in out
    assert not (clone.folder / ".venv").exists()


def test_alone_it_adds_the_help_of_dlcourse_once_that_is_there(clone):
    clone.run("lab")
    _, out, _ = clone.run()
    assert "python3 course.py lab" in out
    assert out.endswith("dlcourse got ['--help']\n")


def test_the_commands_that_it_names_exist(clone):
    _, out, _ = clone.run()
    named = set(re.findall(r"python3 course\.py (?:--\w+ )?(\w+)", out))
    assert named <= {*COMMANDS, "COMMAND"}

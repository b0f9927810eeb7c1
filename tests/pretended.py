"""A clone of the course in which Python, pip, dlcourse and uv only pretend."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from dlcourse.layout import ROOT

COURSE = ROOT / "course.py"

# Stands in .venv/bin: writes down how it is called, and plays pip and dlcourse. It is a shell
# script and a Python program at once, because no path with a space may follow #!.
PRETENDED_PYTHON = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import json, os, sys, time
from pathlib import Path

root = Path(__file__).parent.parent.parent
with (root / "calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + chr(10))
if sys.argv[1:4] == ["-m", "pip", "config"]:
    told = root / "pip-is-told"
    print(told.read_text() if told.exists() else "")
if sys.argv[1:4] == ["-m", "pip", "install"]:
    (root / "environment").write_text(json.dumps(dict(os.environ)))
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

# Stands on PATH as uv: writes down how it is called, says what it is to say.
PRETENDED_UV = """\
#!{python}
import json, os, sys
from pathlib import Path

root = Path(__file__).parent.parent
with (root / "uv-calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + chr(10))
(root / "uv-environment").write_text(json.dumps(dict(os.environ)))
command = "-".join(sys.argv[1:3])
said = root / f"uv-{{command}}-says"
print(said.read_text() if said.exists() else "", flush=True)
sys.exit((root / f"uv-{{command}}-fails").exists())
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
course.shutil.which = lambda name, which=course.shutil.which: which(name, path={bin!r})
course.shutil.disk_usage = lambda path: type("Usage", (), dict(free=1e12))
{patch}
sys.exit(course.main(sys.argv[1:]))
"""


LOCKS = {
    "requirements.txt": "numpy==2.4.6\n",
    "requirements/test.txt": "numpy==2.4.6\npytest==9\n",
    "requirements/light.txt": "numpy==2.4.6\njax==0.10\n",
}


class Clone:
    """A folder with course.py, locks and a pyproject.toml, as a learner has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder.parent  # HOME, and where the pretended uv finds what to say
        self.settings: dict[str, str] = {}  # environment variables of a test
        (folder / "requirements").mkdir(parents=True)
        shutil.copy(COURSE, folder)
        for name, content in LOCKS.items():
            (folder / name).write_text(content)
        (folder / "pyproject.toml").write_text("[project]\n")

    def start(self, *arguments: str, patch: str = "") -> "subprocess.Popen[str]":
        """Start course.py in a process of its own."""
        pretended = PRETENDED_PYTHON.format(python=sys.executable)
        driver = DRIVER.format(
            python=pretended, patch=textwrap.dedent(patch), bin=str(self.home / "bin")
        )
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "XDG_"))}
        ours = {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(
            [sys.executable, "-c", driver, *arguments],
            cwd=self.folder,
            env=kept | ours | {"HOME": str(self.home)} | self.settings,
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

    def environment(self) -> dict[str, str]:
        """Return the environment of the last ``pip install``."""
        return json.loads((self.folder / "environment").read_text())

    def tell_pip(self, *settings: str) -> None:
        """Let `pip config list` print these lines."""
        (self.folder / "pip-is-told").write_text("\n".join(settings))

    def put_uv(self, **says: str) -> None:
        """Put a uv on PATH; for each command, what it says."""
        uv = self.home / "bin/uv"
        uv.parent.mkdir()
        uv.write_text(PRETENDED_UV.format(python=sys.executable))
        uv.chmod(0o755)
        for command, said in says.items():
            (self.home / f"uv-{command.replace('_', '-')}-says").write_text(said)

    def let_uv_fail(self, command: str, said: str = "") -> None:
        """Let a command of uv say this and fail."""
        (self.home / f"uv-{command}-says").write_text(said)
        (self.home / f"uv-{command}-fails").touch()

    def uv_calls(self) -> list[list[str]]:
        """Return the arguments of every call of uv so far."""
        calls = self.home / "uv-calls"
        return list(map(json.loads, calls.read_text().splitlines())) if calls.exists() else []

#!/usr/bin/env python3
"""Set up the course and run it; Python 3.11, 3.12 or 3.13 is all that must be there.

    python course.py lab          open the course in JupyterLab
    python course.py test         test the course: code, notebooks, exercises, browser
    python course.py doctor       say what is installed, what is missing and how to fix it
    python course.py COMMAND      run any other command of `dlcourse`

The first run makes the folder .venv and installs there, from requirements.txt, what the
course needs (2.9 GB, a few minutes). Later runs start at once and install again only when
requirements.txt or pyproject.toml has changed. Nothing outside this folder changes, and
deleting .venv undoes it.
"""

# Standard library only, and no syntax beyond Python 3.6: an older Python must get far enough
# to say in plain words that it is too old.

import hashlib
import importlib.util
import os
import platform
import queue
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = VENV / "install.log"
STAMP = VENV / "installed"  # written last: no stamp, no complete installation
LOCK = ROOT / "requirements.txt"

MACHINE = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
OLDEST, NEWEST = (3, 11), (3, 13)
GIGABYTES = 4.0  # installed 2.9, and room to unpack

# What pip says when it turns to the next package, from the index or from a folder.
PACKAGE = r"Collecting ([\w.-]+==[\w.]+)|Processing (?:.*[/\\])?([\w.]+-[\d.]+)"

# What pip says when it fails, and what we say; the first that is found counts.
FAILURES = [
    (
        r"No space left on device|Errno 28\b|WinError 112\b|Disk quota exceeded",
        "The disk is full.",
        f"Free {GIGABYTES:.0f} GB here and in the folder for temporary files, and run this again.",
    ),
    (
        r"Windows Long Path support",
        "A file of a package gets a path that is too long for Windows.",
        "Move the course to a folder with a short path, such as C:\\course, and run this again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package differs from the one that requirements.txt names.",
        f"Run `{PYTHON} -m pip cache purge` and then this again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "pip does not trust the server that it downloads from.",
        "Behind a company's proxy, name its certificate in the environment variable PIP_CERT.",
    ),
    (
        r"NewConnectionError|NameResolutionError|name resolution|getaddrinfo failed"
        r"|ConnectTimeout|ReadTimeout|Network is unreachable|ProxyError|Max retries exceeded"
        r"|Connection (refused|reset|aborted|broken)|Could not fetch URL|IncompleteRead",
        "The packages cannot be downloaded: there is no connection to the package index.",
        "Connect to the internet (behind a proxy, set HTTPS_PROXY) and run this again.",
    ),
    (
        r"No matching distribution found|not a supported wheel|Failed building wheel",
        f"A package is not built for this machine ({MACHINE}).",
        "Use 64-bit Linux with glibc, Windows, or macOS on Apple Silicon.",
    ),
    (
        r"Permission denied|Errno 13\b|WinError 5\b|Read-only file system",
        "A file in the folder of the course cannot be written.",
        f"Close programs that use .venv, make {ROOT} writable for you, and run this again.",
    ),
]


class SetupError(Exception):
    """What is wrong, in one sentence, and the remedy."""


def main(arguments: "list[str]") -> int:
    """Install what is not installed yet, then run ``dlcourse`` with `arguments`."""
    try:
        check_python(arguments)
        installed = is_installed()
        if arguments in ([], ["-h"], ["--help"]):
            print(__doc__.strip(), flush=True)
            if not installed:
                return 0
            print(flush=True)
            arguments = ["--help"]
        if not installed:
            install()
    except SetupError as problem:
        what, remedy = problem.args
        print(f"\n{what}\n{remedy}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next run begins the installation again.", file=sys.stderr)
        return 130
    return run(arguments)


def run(arguments: "list[str]") -> int:
    """Run ``dlcourse`` in .venv; return its exit status."""
    command = [str(PYTHON), "-m", "dlcourse", *arguments]
    if os.name != "nt":
        sys.stdout.flush()
        os.execve(command[0], command, environment())  # signals go straight to it
    process = subprocess.Popen(command, env=environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # it got Ctrl-C too, and ends in its own way
            pass


def environment() -> "dict[str, str]":
    """Return the environment without what would let another Python's packages in.

    With UTF-8 for files and pipes: on Windows, Python would write the code page of the country.
    """
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    return dict(kept, PYTHONUTF8="1")


# ------------------------------------------------------------------ what must be there


def check_python(arguments: "list[str]") -> None:
    """Stop unless this Python can run the course; name one that can, if there is one."""
    here = sys.version_info[:2]
    if OLDEST <= here <= NEWEST:
        return
    what = f"The course needs Python 3.11, 3.12 or 3.13, and this is Python {here[0]}.{here[1]}."
    other = find_python()
    if other:
        raise SetupError(what, " ".join(["Run:", other, "course.py", *arguments]))
    raise SetupError(
        what, "Install one of them (https://www.python.org/downloads) and run it with that."
    )


def find_python() -> "str | None":
    """Return a command on this machine that runs a Python for the course, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = f"python3.{minor}"
        for command in [name], ["py", f"-3.{minor}"]:
            if shutil.which(command[0]) and runs([*command, "-c", "pass"]):
                return " ".join(command)
    return None


def runs(command: "list[str]") -> bool:
    """Return whether `command` succeeds, without its output."""
    try:
        nothing = subprocess.DEVNULL
        return subprocess.call(command, stdin=nothing, stdout=nothing, stderr=nothing) == 0
    except OSError:
        return False


def check_machine() -> None:
    """Stop, before anything is downloaded, if the installation cannot succeed."""
    if platform.python_implementation() != "CPython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise SetupError(
            "TensorFlow needs the ordinary Python (CPython, not free-threaded).",
            "Install it from https://www.python.org/downloads and run this with it.",
        )
    if sys.maxsize < 2**32:
        raise SetupError(
            "This is a 32-bit Python, and TensorFlow needs 64 bits.",
            "Install a 64-bit Python from https://www.python.org/downloads and run this with it.",
        )
    if (platform.system(), platform.machine()) == ("Darwin", "x86_64"):
        raise SetupError(
            "TensorFlow is no longer built for Macs with Intel processors.",
            "On Apple Silicon, use a Python built for it; on an Intel Mac, use Linux in Docker.",
        )
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise SetupError(
            "This Python cannot make a virtual environment.",
            f"On Debian or Ubuntu: sudo apt install python3.{sys.version_info[1]}-venv",
        )
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise SetupError(
            "This Python is the one in .venv, which has to be made anew.",
            "Run `deactivate`, then this again.",
        )
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < GIGABYTES:
        raise SetupError(
            f"The disk has {free:.1f} GB left, and the course needs {GIGABYTES:.0f} GB.",
            "Free some space, or move the folder to another disk, and run this again.",
        )


# ------------------------------------------------------------------ installing


def fingerprint() -> str:
    """Return what the installation depends on as a hash: lock, packaging, place."""
    digest = hashlib.sha256(str(ROOT).encode("utf-8", "surrogateescape"))
    for path in LOCK, ROOT / "pyproject.toml":
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_installed() -> bool:
    """Return whether .venv is complete, up to date and in working order."""
    try:
        stamp = STAMP.read_bytes().decode("ascii", "replace")
        return stamp == fingerprint() and runs([str(PYTHON), "-c", "import click"])
    except OSError:
        return False


def install() -> None:
    """Make .venv, or bring it up to date; what an interrupted run left is made anew."""
    try:
        if STAMP.exists() and runs([str(PYTHON), "-m", "pip", "--version"]):
            print("requirements.txt or pyproject.toml has changed: updating .venv", flush=True)
        else:
            check_machine()
            print("Installing the course into .venv (2.9 GB, a few minutes)", flush=True)
            make_venv()
        LOG.write_text(f"{MACHINE}\n{ROOT}\n", encoding="utf-8")
        pip("--require-hashes", "--requirement", str(LOCK))
        pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
        STAMP.write_text(fingerprint(), encoding="ascii")
    except OSError as error:
        raise failure(str(error)) from error
    print("Installed.\n", flush=True)


def make_venv() -> None:
    """Make an empty .venv with pip in it."""
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    result = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if result.returncode:
        said = result.stdout.decode("utf-8", "replace").strip()
        raise failure(said or "venv failed without a word")


def pip(*arguments: str) -> None:
    """Run ``pip install``: its output goes to the log, its progress to the terminal."""
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar=off"]
    settings = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(environment(), **settings),
    )
    try:
        said = follow(process)
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
    if process.returncode:
        raise failure(said)


def follow(process: "subprocess.Popen[bytes]") -> str:
    """Show what pip is doing and for how long, until it ends; return all that it said."""
    lines = queue.Queue()  # type: queue.Queue[str | None]

    def read() -> None:
        for line in process.stdout or []:
            lines.put(line.decode("utf-8", "replace"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    said, progress = [], Progress()
    with LOG.open("a", encoding="utf-8") as log:
        while True:
            try:
                line = lines.get(timeout=progress.pause)
            except queue.Empty:
                progress.show()
                continue
            if line is None:
                break
            said.append(line)
            log.write(line)
            log.flush()
            if line.startswith("Installing") and STAMP.exists():
                STAMP.unlink()  # until here an update has changed nothing
            progress.read(line)
    progress.end()
    return "".join(said)


class Progress:
    """One line that changes on a terminal; one line a package elsewhere."""

    def __init__(self) -> None:
        self.terminal = sys.stdout.isatty()
        self.pause = 1 if self.terminal else 20  # seconds until the time is shown again
        self.start = time.monotonic()
        self.text = "asking pip"
        self.packages = 0

    def read(self, line: str) -> None:
        """Take in one line of pip's output."""
        found = re.match(PACKAGE, line)
        if found:
            self.packages += 1
            self.text = f"package {self.packages}: {found.group(1) or found.group(2)}"
        elif line.startswith("Installing collected packages"):
            self.text = f"unpacking {line.count(',') + 1} packages"
        else:
            return
        self.show()

    def show(self) -> None:
        """Show what is going on and the seconds since the start."""
        text = f"{time.monotonic() - self.start:5.0f} s  {self.text}"
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            print("\r" + text[:width].ljust(width), end="", flush=True)
        else:
            print(text, flush=True)

    def end(self) -> None:
        """Leave the line that changes."""
        if self.terminal:
            print("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r", end="", flush=True)


def failure(said: str) -> SetupError:
    """Return the sentence and the remedy for what pip or the operating system said."""
    last = said.strip().splitlines()[-1] if said.strip() else "without a word"
    what = f"The installation failed: {last}"
    remedy = "Run this again; if it fails again, delete the folder .venv first."
    for pattern, sentence, cure in FAILURES:
        if re.search(pattern, said):
            what, remedy = sentence, cure
            break
    if LOG.exists():
        remedy += f"\nAll that pip said is in {LOG}"
    return SetupError(what, remedy)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

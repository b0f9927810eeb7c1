#!/usr/bin/env python3
"""Set up the course and run it; Python 3.11, 3.12 or 3.13 is all that must be there, or uv.

    python3 course.py lab          open the course in JupyterLab
    python3 course.py test         test the course: code, notebooks, exercises, browser
    python3 course.py doctor       say what is installed, what is missing and how to fix it
    python3 course.py COMMAND      run any other command of `dlcourse`

On Windows, write `py course.py` instead. The first run makes the folder .venv and installs
there, from requirements.txt, what the course needs (FULL_GB GB, a few minutes). Later runs start at
once and install again only when requirements.txt or pyproject.toml has changed. Outside this
folder only the caches of pip and uv grow, and deleting .venv undoes it.

    python3 course.py --light lab  the same with Keras on JAX instead of TensorFlow (LIGHT_GB GB)

.venv remembers that; `--full` goes back. docs/install.md has more: uv, mirrors, offline.
"""

# Standard library only, and no syntax beyond Python 3.6: an older Python must get far enough
# to say in plain words that it is too old.

import ast
import hashlib
import importlib.util
import json
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
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = VENV / "install.log"
LIGHT_MARK = VENV / "light"  # there: this .venv has no TensorFlow, and Keras runs on JAX
ME = "py course.py" if os.name == "nt" else "python3 course.py"

MACHINE = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
OLDEST, NEWEST = (3, 11), (3, 13)
FITS = "import ensurepip, ssl, sys, venv; sys.exit(sys.maxsize < 2**32)"
AGAIN = "DLCOURSE_AGAIN"  # set where one Python has handed over to another
TOOLS_FOR = ("test", "lock", "site", "pack")  # commands that need what developers need


class Lock:
    """What can be installed: its file, its stamp, what the folder .venv then weighs."""

    def __init__(self, file: str, stamp: str, gigabytes: float, title: str) -> None:
        self.file = ROOT / file
        self.stamp = VENV / stamp  # written last: no stamp, no complete installation
        self.gigabytes = gigabytes
        self.title = title

    def state(self) -> "dict[str, str]":
        """Return what an installation from this lock depends on."""
        state = {"lock": self.file.name, "folder": str(ROOT)}
        for path in self.file, ROOT / "pyproject.toml":
            state[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return state

    def found(self) -> "dict[str, str] | None":
        """Return the state in which it was installed; None if it is not, {} if unknown."""
        try:
            found = json.loads(self.stamp.read_bytes().decode("utf-8", "replace"))
            return found if isinstance(found, dict) else {}
        except ValueError:
            return {}
        except OSError:
            return None


FULL = Lock("requirements.txt", "installed", 2.8, "the course")
LIGHT = Lock("requirements/light.txt", "installed", 1.1, "the course with Keras on JAX")
TOOLS = Lock("requirements/test.txt", "installed-tools", 3.2, "the tools of developers")

# What pip and uv say when they turn to the next package, and when they begin to unpack.
PACKAGE = (
    r"Collecting ([\w.-]+==[\w.]+)|Processing (?:.*[/\\])?([\w.]+-[\d.]+)"
    r"|\s*Downloading ([\w.-]+ \([\d.]+ ?[KMG]iB\))"
)
UNPACKING = r"Installing collected packages|Prepared \d+ packages?|(?:Uni|I)nstalled \d+ packages?"

# Where pip may look is the learner's choice. What else pip can be told (a folder to put the
# packages, versions, no wheels) would spoil .venv, and the lock says it all.
WHERE = (
    *("index-url", "extra-index-url", "find-links", "no-index", "trusted-host"),
    *("proxy", "cert", "client-cert", "keyring-provider", "use-feature", "use-deprecated"),
    *("timeout", "default-timeout", "retries", "resume-retries", "cache-dir", "no-cache-dir"),
)
A_MIRROR = {*WHERE[:8]}
SPOILS = {
    *("target", "prefix", "root", "user", "python", "dry-run", "ignore-installed", "no-deps"),
    *("constraint", "requirement", "editable", "only-binary", "no-binary", "pre", "platform"),
    *("python-version", "implementation", "abi", "isolated", "src", "report", "group"),
}
WHERE_UV = (
    r"UV_((DEFAULT_|EXTRA_)?INDEX(_.+)?|FIND_LINKS|NO_INDEX|OFFLINE|INSECURE_HOST|NATIVE_TLS"
    r"|SYSTEM_CERTS|KEYRING_PROVIDER|HTTP_.+|REQUEST_TIMEOUT|CACHE_DIR|NO_CACHE|LINK_MODE"
    r"|CONCURRENT_.+|PYTHON_.+|CONFIG_FILE|NO_CONFIG|CREDENTIALS_DIR)"
)
A_MIRROR_UV = r"UV_((DEFAULT_|EXTRA_)?INDEX(_URL)?|FIND_LINKS|OFFLINE|CONFIG_FILE)"

# What pip or uv says when it fails, and what we say; the first that is found counts.
FAILURES = [
    (
        r"No space left on device|Errno 28\b|os error 28\b|WinError 112\b|os error 112\b"
        r"|Disk quota exceeded",
        "The disk is full.",
        "Free some space here and in the folder for temporary files, and run this again.",
    ),
    (
        r"Windows Long Path support|WinError 206\b|os error 206\b",
        "A file of a package gets a path that is too long for Windows.",
        "Move the course to a folder with a short path, such as C:\\course, and run this again.",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hash mismatch for",
        "A downloaded package differs from the one that the lock names.",
        f"Run `{PYTHON} -m pip cache purge` (of uv: `uv cache clean`) and then this again.",
    ),
    (
        r"407 Proxy Authentication|proxy authorization required",
        "The proxy asks for a name and a password.",
        "Set HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT and run this again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError|invalid peer certificate",
        "The server of the packages, or a proxy before it, has a certificate that is not trusted.",
        "Behind a company's proxy, name its certificate in the environment variables PIP_CERT "
        "(for pip) and SSL_CERT_FILE (for uv).",
    ),
    (
        r"Configuration file (could not be loaded|contains)",
        "pip cannot read its configuration file.",
        "Mend the file (the log names it), or move it away, and run this again.",
    ),
    (
        r"network was disabled"
        r"|(?s:pip is told: no-index = (?!'0|'false).*No matching distribution)",
        "A package is not where it is looked for, and the package index may not be asked.",
        "Put it there (docs/install.md, offline), or unset PIP_NO_INDEX and UV_OFFLINE (or what "
        "stands for them in a configuration file).",
    ),
    (
        r"NewConnectionError|NameResolutionError|name resolution|getaddrinfo failed"
        r"|ConnectTimeout|ReadTimeout|Network is unreachable|ProxyError|Max retries exceeded"
        r"|Connection (refused|reset|aborted|broken)|Could not fetch URL|IncompleteRead"
        r"|error sending request|dns error|tcp connect error|operation timed out",
        "The packages cannot be downloaded: there is no connection to the package index.",
        "Connect to the internet (behind a proxy, set HTTPS_PROXY) and run this again.",
    ),
]
# The same, where pip may still succeed after uv has failed.
PIP_FAILURES = [
    (
        r"(?s)pip is told: index-url.*No matching distribution",
        "The package index that pip is told to use lacks a package, or this version of it.",
        "Ask whoever runs it, or unset PIP_INDEX_URL (index-url in pip's configuration).",
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
        lock, rest = choose(arguments)
        changed = changes(lock)
        if rest in ([], ["-h"], ["--help"]):
            print(introduction(), flush=True)
            if changed is None:
                return 0
            print(flush=True)
            rest = ["--help"]
        if changed is None:
            command = another_python()
            if command:
                return hand_over([*command, str(ROOT / "course.py"), *arguments], again())
        if changed != []:
            install(lock, changed)
        if rest[0] in TOOLS_FOR:
            install_tools(lock, rest[0])
    except SetupError as problem:
        what, remedy = problem.args
        print(f"\n{what}\n{remedy}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next run begins the installation again.", file=sys.stderr)
        return 130
    return hand_over([str(PYTHON), "-m", "dlcourse", *rest], environment())


def introduction() -> str:
    """Return what this file says of itself, with the sizes."""
    text = (__doc__ or "").strip()
    for name, lock in ("FULL_GB", FULL), ("LIGHT_GB", LIGHT):
        text = text.replace(name, f"{lock.gigabytes:.1f}")
    return text


def choose(arguments: "list[str]") -> "tuple[Lock, list[str]]":
    """Return which lock is wanted, as named or as .venv remembers, and the other arguments."""
    if arguments[:1] == ["--light"]:
        return LIGHT, arguments[1:]
    if arguments[:1] == ["--full"]:
        return FULL, arguments[1:]
    return LIGHT if LIGHT_MARK.exists() else FULL, arguments


def hand_over(command: "list[str]", settings: "dict[str, str]") -> int:
    """Run a command in place of this process; return its exit status."""
    if os.name != "nt":
        sys.stdout.flush()
        os.execve(command[0], command, settings)  # signals go straight to it
    process = subprocess.Popen(command, env=settings)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # it got Ctrl-C too, and ends in its own way
            pass


def environment() -> "dict[str, str]":
    """Return the environment without what would let another Python's packages in.

    With UTF-8 for files and pipes: on Windows, Python would write the code page of the country.
    """
    strange = ("PYTHONHOME", "PYTHONPATH", "PYTHONUSERBASE", "__PYVENV_LAUNCHER__", AGAIN)
    kept = {name: value for name, value in os.environ.items() if name not in strange}
    return dict(kept, PYTHONUTF8="1")


# ------------------------------------------------------------------ what must be there


def unfit() -> "tuple[str, str] | None":
    """Return why this Python cannot run the course, and what can be done, or None."""
    here = sys.version_info[:2]
    from_python_org = "https://www.python.org/downloads"
    if not OLDEST <= here <= NEWEST:
        what = "The course needs Python 3.11, 3.12 or 3.13, and this is Python {}.{}.".format(*here)
        if here > NEWEST:
            what += " TensorFlow is not built for it."
        newest = "{}.{}".format(*NEWEST)
        return what, (
            f"Install Python {newest} ({from_python_org}) and run this with it; or install uv "
            f"(https://docs.astral.sh/uv), which brings Python {newest}, and run this again."
        )
    if platform.python_implementation() != "CPython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return (
            "TensorFlow needs the ordinary Python (CPython, not free-threaded).",
            f"Install it from {from_python_org} and run this with it.",
        )
    if sys.maxsize < 2**32:
        return (
            "This is a 32-bit Python, and TensorFlow needs 64 bits.",
            f"Install a 64-bit Python from {from_python_org} and run this with it.",
        )
    if not runs([sys.executable, "-c", "import ssl"]):
        return (
            "This Python was built without SSL, and cannot download anything.",
            f"Install one from {from_python_org} and run this with it; one that you build yourself "
            "needs OpenSSL's header files first (Debian: libssl-dev).",
        )
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        return (
            "This Python cannot make a virtual environment.",
            f"On Debian or Ubuntu: sudo apt install python3.{here[1]}-venv",
        )
    return None


def another_python() -> "list[str] | None":
    """Return None if this Python can run the course, else the command of one that can.

    One that is here already, or that uv brings.
    """
    problem = unfit()
    if problem is None:
        return None
    command = find_python() or python_from_uv()
    if command is None or AGAIN in os.environ:
        raise SetupError(*problem)
    print(problem[0], f"It goes on with {' '.join(command)}.", flush=True)
    return [shutil.which(command[0]) or command[0], *command[1:]]


def again() -> "dict[str, str]":
    """Return the environment for another Python, which looks for no third."""
    return dict(environment(), **{AGAIN: "1"})


def find_python() -> "list[str] | None":
    """Return a command on this machine that runs a Python for the course, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = f"python3.{minor}"
        for command in [name], ["py", f"-3.{minor}"]:
            if shutil.which(command[0]) and runs([*command, "-c", FITS]):
                return command
    return None


def python_from_uv() -> "list[str] | None":
    """Let uv find a Python for the course, or download one; None without uv."""
    uv = shutil.which("uv")
    if uv is None:
        return None
    wanted = "{}.{}".format(*NEWEST)
    settings = uv_environment()
    if not runs([uv, "python", "find", "--system", wanted], settings):
        print(f"uv brings Python {wanted}.", flush=True)
        status, said = answer([uv, "python", "install", wanted], settings)
        if status:
            what = f"uv could not bring Python {wanted}: " + (said.splitlines() or ["no word"])[0]
            raise SetupError(
                what, "Install it (https://www.python.org/downloads) and run this with it."
            )
    path = answer([uv, "python", "find", "--system", wanted], settings)[1].splitlines()[-1:]
    return path if path and runs([*path, "-c", FITS]) else None


def runs(command: "list[str]", settings: "dict[str, str] | None" = None) -> bool:
    """Return whether `command` succeeds, without its output."""
    return answer(command, settings)[0] == 0


def answer(
    command: "list[str]", settings: "dict[str, str] | None" = None
) -> "tuple[int | None, str]":
    """Return the exit status of a command, None if there is no such, and what it printed."""
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=settings,
        )
    except OSError:
        return None, ""
    return result.returncode, result.stdout.decode("utf-8", "replace").strip()


def check_machine(lock: Lock) -> None:
    """Stop, before anything is downloaded, if the installation cannot succeed."""
    if (platform.system(), platform.machine()) == ("Darwin", "x86_64"):
        raise SetupError(
            "TensorFlow is no longer built for Macs with Intel processors.",
            "On Apple Silicon, use a Python built for it; on an Intel Mac, use Linux in Docker.",
        )
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise SetupError(
            "This Python is the one in .venv, which has to be made anew.",
            "Run `deactivate`, then this again.",
        )
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    needed = lock.gigabytes + 1  # and room to unpack
    if free < needed:
        raise SetupError(
            f"The disk has {free:.1f} GB left, and the course needs {needed:.1f} GB.",
            "Free some space, or move the folder to another disk, and run this again.",
        )


# ------------------------------------------------------------------ installing


def changes(lock: Lock) -> "list[str] | None":
    """Return in words what has changed since .venv was made; None if it has to be made."""
    found, state = lock.found(), lock.state()
    if found is None or not runs([str(PYTHON), "-c", "import click"]):
        return None
    if found == state:
        return []
    if found.get("lock", FULL.file.name) != lock.file.name:
        return None
    words = {"folder": "The folder of the course has moved"}
    changed = [
        words.get(key, f"{key} has changed") for key in state if found.get(key) != state[key]
    ]
    return changed if found else ["The course has changed"]


def install(lock: Lock, changed: "list[str] | None") -> None:
    """Make .venv, or bring it up to date; what an interrupted run left is made anew."""
    lent = VENV.resolve()
    if lent != VENV and (lent.parent / "course.py").exists():
        raise SetupError(
            f".venv is a link to the installation of another clone, {lent.parent}.",
            "Run this there, or remove the link: an installation serves one clone.",
        )
    try:
        if changed and runs([str(PYTHON), "-m", "pip", "--version"]):
            print(f"{' and '.join(changed)}: updating .venv", flush=True)
            follow_move(lock)
        else:
            check_machine(lock)
            size = f"{lock.gigabytes:.1f} GB, a few minutes"
            print(f"Installing {lock.title} into .venv ({size})", flush=True)
            make_venv()
            if lock is LIGHT:
                choose_jax()
        installer = Installer(lock.stamp)
        installer.add("--require-hashes", "--requirement", str(lock.file))
        installer.add("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
        if not runs([str(PYTHON), "-c", "import click, dlcourse.cli"], environment()):
            raise SetupError(
                "The packages were installed, and .venv does not find them.",
                f"See {LOG}; a setting of pip or uv may have put them elsewhere.",
            )
        lock.stamp.write_text(json.dumps(lock.state()), encoding="utf-8")
    except OSError as error:
        raise failure(str(error)) from error
    print("Installed.\n", flush=True)


def install_tools(lock: Lock, command: str) -> None:
    """Add to .venv what the commands for developers need, unless it is there."""
    if TOOLS.found() == TOOLS.state():
        return
    if lock is LIGHT:
        raise SetupError(
            f"`{command}` needs TensorFlow, and this .venv has Keras on JAX instead.",
            f"Run: {ME} --full {command}",
        )
    size = f"{TOOLS.gigabytes - FULL.gigabytes:.1f} GB, a minute"
    print(f"`{command}` needs {TOOLS.title}: adding them to .venv ({size})", flush=True)
    try:
        Installer(TOOLS.stamp).add("--require-hashes", "--requirement", str(TOOLS.file))
        TOOLS.stamp.write_text(json.dumps(TOOLS.state()), encoding="utf-8")
    except OSError as error:
        raise failure(str(error)) from error
    print("Installed.\n", flush=True)


def make_venv() -> None:
    """Make an empty .venv with pip in it; where it is a link to another disk, there."""
    place = str(VENV.resolve())
    status, said = answer([sys.executable, "-m", "venv", "--clear", place], environment())
    if status != 0:
        raise failure(said or "venv failed without a word")


def choose_jax() -> None:
    """Let every Python of .venv start with JAX as Keras's backend, unless it is told otherwise."""
    place = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}))
    place.mkdir(parents=True, exist_ok=True)
    line = "import os; os.environ.setdefault('KERAS_BACKEND', 'jax')\n"
    (place / "keras_backend.pth").write_text(line, encoding="utf-8")
    LIGHT_MARK.write_text("Keras runs on JAX here.\n", encoding="utf-8")


def follow_move(lock: Lock) -> None:
    """Where the folder has moved, write its new place into the scripts of .venv."""
    before = (lock.found() or {}).get("folder", str(ROOT))
    if before == str(ROOT) or os.name == "nt":  # there, the scripts are programs
        return
    old, new = (os.fsencode(str(Path(folder) / ".venv")) for folder in (before, str(ROOT)))
    for path in PYTHON.parent.iterdir():
        text = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        if old in text and (text.startswith(b"#!") or path.name.lower().startswith("activate")):
            text = text.replace(old, new)
            if text.startswith(b"#!" + new) and b" " in new:  # no space may follow #!
                program, rest = text[2:].split(b"\n", 1)
                text = b"#!/bin/sh\n'''exec' \"" + program + b'" "$0" "$@"\n\' \'\'\'\n' + rest
            path.write_bytes(text)


class Installer:
    """Puts packages into .venv with uv where it is there, else with pip."""

    def __init__(self, stamp: Path) -> None:
        self.stamp = stamp
        LOG.write_text(f"{MACHINE}\n{ROOT}\n", encoding="utf-8")
        told = pip_settings()
        self.settings = {name: value for name, value in told.items() if name in WHERE}
        ignored = sorted(told.keys() & SPOILS)
        if ignored:
            print(f"Left aside, for this installation only: pip's {', '.join(ignored)}", flush=True)
        self.uv = shutil.which("uv")
        if self.uv and A_MIRROR & set(self.settings) and not uv_knows_where():
            self.uv = None  # pip alone is told of a mirror

    def add(self, *arguments: str) -> None:
        """Install; what uv cannot do, pip tries."""
        if self.uv:
            command = [self.uv, "pip", "install", "--python", str(PYTHON), *arguments]
            status, said = follow(command, uv_environment(), self.stamp)
            if status == 0:
                return
            if find_failure(said, FAILURES):
                raise failure(said)
            print("uv could not do it; pip tries.", flush=True)
            self.uv = None
        told = "".join(
            f"pip is told: {name} = {value!r}\n" for name, value in self.settings.items()
        )
        write_log(re.sub(r"(//)[^/@\s]+@", r"\1****@", told))
        command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar=off"]
        status, said = follow([*command, *arguments], pip_environment(self.settings), self.stamp)
        if status:
            raise failure(said, told)


def pip_settings() -> "dict[str, str]":
    """Return what pip is told by environment variables and configuration files."""
    status, said = answer([str(PYTHON), "-m", "pip", "config", "list"], environment())
    if status:
        write_log(said)
        raise failure(said)
    found = {}
    for section in "global", "install", ":env:":  # the last one counts
        for name, value in re.findall(rf"^{section}\.([\w-]+)=(.*\S)", said, flags=re.MULTILINE):
            found[name] = str(ast.literal_eval(value))
    return found


def pip_environment(settings: "dict[str, str]") -> "dict[str, str]":
    """Return the environment in which pip finds these settings and no others."""
    kept = {k: v for k, v in environment().items() if not k.upper().startswith("PIP_")}
    ours = {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    theirs = {"PIP_" + name.upper().replace("-", "_"): value for name, value in settings.items()}
    return dict(kept, PYTHONUNBUFFERED="1", **ours, **theirs)


def uv_environment() -> "dict[str, str]":
    """Return the environment for uv: where it may look, and nothing that names another place."""
    strange = ("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV")
    kept = {k: v for k, v in environment().items() if k not in strange}
    kept = {k: v for k, v in kept.items() if k[:3] != "UV_" or re.fullmatch(WHERE_UV, k)}
    return dict(kept, NO_COLOR="1")


def uv_knows_where() -> bool:
    """Return whether uv is told itself where to find packages."""
    home = os.path.expanduser("~")
    folders = (
        *(os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "/etc"),
        *(os.environ.get("APPDATA") or home, os.environ.get("PROGRAMDATA") or home),
    )
    return any(re.fullmatch(A_MIRROR_UV, name) for name in os.environ) or any(
        os.path.exists(os.path.join(folder, "uv", "uv.toml")) for folder in folders
    )


def write_log(text: str) -> None:
    """Add to what is kept of the installation."""
    with LOG.open("a", encoding="utf-8") as log:
        log.write(text)


def follow(command: "list[str]", settings: "dict[str, str]", stamp: Path) -> "tuple[int, str]":
    """Run an installer, its output into the log; show what it is doing and for how long.

    `stamp` is removed when it begins to unpack: until there, an update has changed nothing.

    Returns
    -------
    status : int
    said : str
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=settings,
    )
    said, progress = [], Progress("uv" if Path(command[0]).stem == "uv" else "pip")
    try:
        for line in lines_of(process, progress):
            said.append(line)
            write_log(line)
            if re.match(UNPACKING, line) and stamp.exists():
                stamp.unlink()
            progress.read(line)
    except BaseException:
        process.kill()
        raise
    finally:
        progress.end()
        process.wait()
    return process.returncode, "".join(said)


def lines_of(process: "subprocess.Popen[bytes]", progress: "Progress") -> "Iterator[str]":
    """Give each line of a process; while none comes, show the time."""
    lines = queue.Queue()  # type: queue.Queue[str | None]

    def read() -> None:
        for line in process.stdout or []:
            lines.put(line.decode("utf-8", "replace"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=progress.pause)
        except queue.Empty:
            progress.show()
            continue
        if line is None:
            return
        yield line


class Progress:
    """One line that changes on a terminal; one line a package elsewhere."""

    def __init__(self, installer: str) -> None:
        self.terminal = sys.stdout.isatty()
        self.pause = 1 if self.terminal else 20  # seconds until the time is shown again
        self.start = time.monotonic()
        self.text = f"asking {installer}"
        self.packages = 0

    def read(self, line: str) -> None:
        """Take in one line of the installer's output."""
        found = re.match(PACKAGE, line)
        if found:
            self.packages += 1
            self.text = f"package {self.packages}: {next(filter(None, found.groups()))}"
        elif re.match(UNPACKING, line):
            self.text = "unpacking"
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


def find_failure(said: str, failures: "list[tuple[str, str, str]]") -> "tuple[str, str] | None":
    """Return the sentence and the remedy for what an installer said, if it is known."""
    for pattern, sentence, remedy in failures:
        if re.search(pattern, said):
            return sentence, remedy
    return None


def failure(said: str, told: str = "") -> SetupError:
    """Return the sentence and the remedy for what the installer or the operating system said."""
    last = said.strip().splitlines()[-1] if said.strip() else "without a word"
    what, remedy = find_failure(told + said, FAILURES + PIP_FAILURES) or (
        f"The installation failed: {last}",
        "Run this again; if it fails again, delete the folder .venv first.",
    )
    if LOG.exists():
        remedy += f"\nAll that was said is in {LOG}"
    return SetupError(what, remedy)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

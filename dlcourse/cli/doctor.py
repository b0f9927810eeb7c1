"""``dlcourse doctor``: what is there, what is missing and how to fix it."""

import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from dlcourse import __version__, layout
from dlcourse.cli.chromium import find_chromium
from dlcourse.cli.jupyter import other_kernel, unwritable
from dlcourse.cli.notebooks import committed
from dlcourse.layout import COURSE, EXERCISES, IS_CLONE, ROOT

GIGABYTES = 1.0  # for notebooks, downloads and what the browser tests write


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    level : str
        ``ok``; ``note``, when something optional is missing; ``problem``.
    text : str
        What was found.
    remedy : str
        What to do about it.
    """

    level: str
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"\n         {self.remedy}" if self.remedy else ""
        return f"{self.level:<7}  {self.text}{remedy}"


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print a list for programs.")
def command(as_json: bool) -> None:
    """Say what is installed, what is missing and how to fix it.

    The exit status is 1 if there is a problem; what is only noted is optional.
    """
    findings = []
    for check in CHECKS:
        for finding in check():
            findings.append(finding)
            if not as_json:
                click.echo(str(finding))
    problems = sum(finding.level == "problem" for finding in findings)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        click.echo(f"\n{problems} to fix." if problems else "\nEverything is in place.")
    if problems:
        raise SystemExit(1)


def check_python() -> Iterator[Finding]:
    """Look at Python and the system below it."""
    text = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield Finding("ok", text)
    else:
        remedy = "Delete the folder .venv and run course.py with Python 3.11, 3.12 or 3.13."
        yield Finding("problem", text, remedy)


def check_packages() -> Iterator[Finding]:
    """Compare what is installed with the lock."""
    if not IS_CLONE:
        yield Finding("ok", f"dlcourse {__version__}, an installed package")
        return
    lock = lock_of(Path(sys.prefix))
    expected = locked(ROOT / lock)
    wrong = [
        f"{name} {found or 'is missing'}, expected {wanted}"
        for name, wanted in expected.items()
        if (found := installed(name)) != wanted
    ]
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        text = f"packages differ from {lock}: {'; '.join(wrong[:3])}{more}"
        yield Finding("problem", text, f"Delete the folder .venv and run `{COURSE} doctor`.")
    else:
        yield Finding("ok", f"{len(expected)} packages, all as in {lock}")


def lock_of(environment: Path) -> str:
    """Return the lock that course.py has installed there; it marks what has no TensorFlow."""
    return "requirements/light.txt" if (environment / "light").exists() else "requirements.txt"


def locked(lock: Path) -> dict[str, str]:
    """Return the version that `lock` names for each package that this machine needs."""
    from packaging.requirements import Requirement

    versions = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum():
            requirement = Requirement(line.rstrip("\\ "))
            if requirement.marker is None or requirement.marker.evaluate():
                versions[requirement.name] = str(requirement.specifier).removeprefix("==")
    return versions


def installed(name: str) -> str | None:
    """Return the version of a package, None if it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def check_keras() -> Iterator[Finding]:
    """Import Keras and ask what it computes on."""
    from dlcourse import compare

    try:
        devices = compare.devices()
    except (compare.NoBackendError, RuntimeError) as error:  # what KERAS_BACKEND names
        yield Finding("problem", str(error))
        return
    except ImportError as error:
        remedy = f"Delete the folder .venv and run `{COURSE} doctor`."
        if "DLL load failed" in str(error):
            remedy = (
                "Install the Microsoft Visual C++ Redistributable, which TensorFlow needs on "
                "Windows: https://aka.ms/vs/17/release/vc_redist.x64.exe"
            )
        yield Finding("problem", f"Keras does not start: {error}", remedy)
        return
    yield Finding("ok", f"Keras {devices.backend}")
    yield Finding("ok", f"CPU: {devices.cpu}")
    for gpu in devices.gpus:
        driver = f", driver {gpu.driver}" if gpu.driver else ""
        yield Finding("ok", f"GPU: {gpu}{driver}")
    if not devices.gpus:
        yield Finding("note", "no GPU is used; the course does not need one", devices.why_no_gpu)


def check_disk() -> Iterator[Finding]:
    """Look for space on the disk of the course."""
    free = shutil.disk_usage(ROOT).free / 1e9
    text = f"{free:.1f} GB free on the disk"
    if free >= GIGABYTES:
        yield Finding("ok", text)
    else:
        yield Finding("problem", text, f"Free at least {GIGABYTES:.0f} GB.")


def check_home() -> Iterator[Finding]:
    """See whether the learner has a folder that can be written, and every exercise in it."""
    from dlcourse.exercises.hand_out import own_exercises

    home = layout.home()
    if home is None:
        remedy = "`dlcourse start FOLDER` makes one."
        yield Finding("note", "this is no learner's folder, and DLCOURSE_HOME names none", remedy)
        return
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        yield Finding("problem", f"{home} cannot be written: {error.strerror}", f"See to {home}.")
        return
    yield Finding("ok", f"your folder: {home}")
    wanted = {path.stem for path in committed(EXERCISES)}
    there = {path.stem.removesuffix("_exercise") for path in own_exercises(home)}
    if missing := wanted - there:
        text = f"{len(missing)} of {len(wanted)} exercises are not in your folder yet"
        yield Finding("note", text, "`dlcourse lab` copies them.")
    else:
        yield Finding("ok", f"exercises in your folder: {len(wanted)}")


def check_kernel() -> Iterator[Finding]:
    """See which Python a notebook gets."""
    found = other_kernel()
    if found is None:
        yield Finding("ok", "notebooks run with this Python")
        return
    python, folder = found
    if os.environ.get("JUPYTER_PATH"):
        remedy = f"Unset the environment variable JUPYTER_PATH, or remove the folder {folder}."
    else:
        remedy = f"Remove the folder {folder}, or give that kernel another name."
    text = f"notebooks run with another Python, {python}, in which the course is not installed"
    yield Finding("problem", text, remedy)


def check_jupyter_folders() -> Iterator[Finding]:
    """See whether Jupyter can write where it wants to."""
    folder = unwritable()
    if folder:
        remedy = "Name a home folder that is yours in the environment variable HOME."
        yield Finding("problem", f"Jupyter cannot write to {folder}", remedy)


def check_browser() -> Iterator[Finding]:
    """Look for what only the browser tests need."""
    if not IS_CLONE:
        return
    browser = find_chromium()
    if browser:
        yield Finding("ok", f"a browser for the tests: {browser}")
    else:
        remedy = (
            f"Only `{COURSE} test` uses it. Debian: apt-get install chromium; "
            f'elsewhere: "{sys.executable}" -m playwright install chromium'
        )
        yield Finding("note", "no Chromium or Chrome: the browser tests will be skipped", remedy)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_python,
    check_packages,
    check_disk,
    check_home,
    check_kernel,
    check_jupyter_folders,
    check_browser,
    check_keras,  # last: takes seconds
)

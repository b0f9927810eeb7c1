"""``dlcourse test``: everything that must hold, step by step."""

import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import click

from dlcourse.cli.chromium import find_chromium
from dlcourse.cli.environment import reproducible
from dlcourse.cli.home import need_clone, need_tools
from dlcourse.layout import COURSE, ROOT
from dlcourse.tables import Table

NO_CHROMIUM = (
    "there is no Chromium or Chrome here "
    "(Debian: apt-get install chromium; elsewhere: playwright install chromium)"
)


class Counts(NamedTuple):
    """How many tests of a step passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True)
class Step:
    """One part of the test run.

    Parameters
    ----------
    name : str
        What selects it on the command line.
    what : str
        What it tests, in a few words.
    commands : sequence of sequence of str
        Arguments for this Python, ``-m`` left out. A pytest command counts its tests,
        any other counts as one.
    skip : callable, optional
        Returns why the step cannot run here, or None.
    """

    name: str
    what: str
    commands: Sequence[Sequence[str]]
    skip: Callable[[], str | None] = lambda: None


TOOLS = ("pytest", "xdist", "nbval", "hypothesis", "ruff", "mypy", "playwright")
SKIPPED = 77  # exit status of a command that could not run here, and has said why
WORKERS = ("-n", "2", "--dist", "loadfile")  # a file stays with one worker: nbval needs it
UNIT = ("tests", "dlcourse", "--doctest-modules")  # in the order of tests/conftest.py

STEPS = (
    Step(
        "style",
        "ruff, mypy and Biome",
        [
            ["ruff", "check", "."],
            ["ruff", "format", "--check", "."],
            ["mypy"],
            ["dlcourse.cli.biome"],
        ],
    ),
    Step(
        "unit",
        "unit tests and doctests",
        [["pytest", *UNIT, "--ignore=tests/browser", *WORKERS, "--no-loadscope-reorder"]],
    ),
    Step(
        "notebooks",
        "lessons and solutions print what is stored in them",
        [["pytest", "notebooks", "solutions", "--nbval", "--nbval-current-env", *WORKERS]],
    ),
    Step(
        "exercises",
        "exercises are what their solutions generate",
        [["dlcourse", "release", "--check"]],
    ),
    Step(
        "browser",
        "a real browser takes the course",
        [["pytest", "tests/browser"]],
        skip=lambda: None if find_chromium() else NO_CHROMIUM,
    ),
)
NAMES = [step.name for step in STEPS]


@click.command("test")
@click.argument("steps", nargs=-1, type=click.Choice(NAMES), metavar="[STEP]...")
def command(steps: tuple[str, ...]) -> None:
    """Test the course: its code, notebooks, exercises and figures.

    STEP is any of style, unit, notebooks, exercises, browser; all of them without it.
    """
    chosen = [step for step in STEPS if not steps or step.name in steps]
    need_clone("test")
    need_tools("test", *TOOLS)
    rows: list[tuple[str, str, Counts, float]] = []
    with reproducible() as environment:
        for step in chosen:
            click.secho(f"\n{step.name}: {step.what}", bold=True)
            start = time.perf_counter()
            reason = step.skip()
            if reason:
                click.echo(f"skipped: {reason}")
                counts = Counts(skipped=1)
            else:
                counts = run(step, environment)
            seconds = time.perf_counter() - start
            click.echo(f"{step.name}: {counts} in {seconds:.0f} s")
            rows.append((step.name, verdict(counts), counts, seconds))
    if not conclude(rows):
        raise SystemExit(1)


def run(step: Step, environment: Mapping[str, str]) -> Counts:
    """Run the commands of a step, their output on the terminal, and add up their counts."""
    results = [_run_one(arguments, environment) for arguments in step.commands]
    return Counts(*map(sum, zip(*results, strict=True)))


def _run_one(arguments: Sequence[str], environment: Mapping[str, str]) -> Counts:
    with tempfile.TemporaryDirectory(prefix="dlcourse-") as folder:
        report = Path(folder) / "report.xml"
        is_pytest = arguments[0] == "pytest"
        extra = ["-q", f"--junit-xml={report}"] if is_pytest else []
        status = subprocess.run(
            [sys.executable, "-m", *arguments, *extra],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
        if is_pytest:
            return count(report, status)
        if status == SKIPPED:
            return Counts(skipped=1)
        return Counts(passed=1) if status == 0 else Counts(failed=1)


def count(report: Path, status: int) -> Counts:
    """Read pytest's JUnit report.

    A run that ends badly without a failed test (nothing collected, a crash, a usage
    error) counts as one failure: it must not pass for success.
    """
    passed = failed = skipped = 0
    if report.is_file():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            passed += int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0))
            failed += bad
            skipped += int(suite.get("skipped", 0))
    if (status != 0 or passed + skipped == 0) and failed == 0:
        failed = 1
    return Counts(passed, failed, skipped)


def verdict(counts: Counts) -> str:
    """Return one word for a step."""
    if counts.failed:
        return "failed"
    return "passed" if counts.passed else "skipped"


def conclude(rows: Sequence[tuple[str, str, Counts, float]]) -> bool:
    """Print the table of steps and the closing lines; return whether nothing failed."""
    table = Table(
        ["step", "result", "passed", "failed", "skipped", "seconds"],
        [(name, result, *counts, f"{seconds:.0f}") for name, result, counts, seconds in rows],
    )
    total = Counts(*map(sum, zip(*(row[2] for row in rows), strict=True)))
    bad = [name for name, result, *_ in rows if result == "failed"]
    click.echo(f"\n{table}\n")
    if bad:
        click.secho(f"Something failed: {', '.join(bad)}.", fg="red", bold=True)
        click.echo(f"Once more, only that: {COURSE} test {' '.join(bad)}")
    else:
        click.secho("Everything works.", fg="green", bold=True)
    click.echo(str(total))
    return not bad

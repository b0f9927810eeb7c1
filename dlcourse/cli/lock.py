"""``dlcourse lock``: write down the exact version of everything that gets installed."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from dlcourse.cli.home import need_clone, need_tools
from dlcourse.cli.problem import Problem
from dlcourse.layout import COURSE, ROOT

# One file for Linux, macOS and Windows and for Python 3.11 to 3.13, as few versions as
# possible of each package, with the hash of every file, and no word about where from.
COMPILE = (
    *("uv", "pip", "compile", "pyproject.toml", "--quiet", "--no-config"),
    *("--universal", "--python-version=3.11", "--fork-strategy=fewest"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
    "--custom-compile-command=python3 course.py lock",
)
# What a learner gets, then the same with more. All have the same version of a package: each
# is held to the lock before it, and test.txt, with most in it, holds all that follow.
LEARNER = "--constraints=requirements.txt"
SAME = ("--group=install", LEARNER, "--constraints=requirements/test.txt")
LOCKS = {
    "requirements.txt": ["--group=install"],
    "requirements/test.txt": ["--group=dev", LEARNER],
    "requirements/nbgrader.txt": [*SAME, "--extra=nbgrader", "--extra=class"],
    "requirements/backends.txt": [*SAME, "--extra=backends"],
    "requirements/gpu.txt": [*SAME, "--extra=gpu", "--extra=cuda"],
    "requirements/light.txt": [
        *(*SAME, "--constraints=requirements/backends.txt"),
        *("--extra=light", "--excludes=tensorflow.txt"),
    ],
}


@click.command("lock")
@click.option(
    "--upgrade", is_flag=True, help="Take the newest versions that pyproject.toml allows."
)
@click.option("--check", is_flag=True, help="Write nothing; fail if a lock file is out of date.")
def command(upgrade: bool, check: bool) -> None:
    """Compile requirements.txt from the ranges in pyproject.toml.

    Keeps the versions that are locked unless a range or --upgrade asks for others.
    The folder requirements/ gets the same with more: what developers need, nbgrader and
    dask.distributed, Keras's other backends, CUDA for a GPU; and, as light.txt, the same with
    JAX instead of TensorFlow.
    """
    need_clone("lock")
    if upgrade and check:
        raise click.UsageError("--upgrade and --check exclude each other.")
    need_tools("lock", "uv")
    with tempfile.TemporaryDirectory(prefix="dlcourse-") as folder:
        stale = compile_locks(Path(folder), upgrade=upgrade)
        if check and stale:
            click.echo(f"Out of date: {', '.join(stale)}. Run `{COURSE} lock`.")
            raise SystemExit(1)
        for name in stale:
            (ROOT / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(Path(folder) / name, ROOT / name)
            click.echo(f"wrote {name}")
    if not stale:
        click.echo("Nothing to do: the lock files are up to date.")


def compile_locks(folder: Path, *, upgrade: bool = False) -> list[str]:
    """Compile all lock files into `folder`; return the names of those that changed.

    Raises
    ------
    Problem
        If uv finds no set of versions or cannot reach the package index.
    """
    changed = []
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    (folder / "tensorflow.txt").write_text("tensorflow\n", encoding="utf-8")
    (folder / "requirements").mkdir()
    for name, options in LOCKS.items():
        old = ROOT / name
        if old.exists() and not upgrade:
            shutil.copyfile(old, folder / name)  # uv keeps what it finds there
        result = subprocess.run(
            [sys.executable, "-m", *COMPILE, *options, f"--output-file={name}"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        if result.returncode:
            raise Problem(f"uv could not compile {name}:\n{result.stderr.strip()}")
        if not old.exists() or old.read_bytes() != (folder / name).read_bytes():
            changed.append(name)
    return changed

"""``dlcourse update``: the newest version of the course, without a conflict."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from dlcourse.cli.home import learners_folder
from dlcourse.cli.problem import Problem
from dlcourse.cli.start import bring
from dlcourse.layout import IS_CLONE, ROOT

MATERIAL = ("notebooks/", "exercises/", "solutions/")


@click.command("update")
@click.option("--from-git/--no-git", default=IS_CLONE, hidden=True)
def command(from_git: bool) -> None:
    """Bring the course up to date, and your folder with it.

    In a clone: git fetches the newest version. A lesson of the clone that was changed in
    place is kept as a copy in your folder first. Of an installed package, only your folder
    is brought up to date: `python -m pip install --upgrade dlcourse` brings the package.
    """
    home = learners_folder()
    if from_git:
        for line in pull(home):
            click.echo(line)
        # The code may be newer now: a new process hands out, and installs first what is missing.
        again = [sys.executable, str(ROOT / "course.py"), "update", "--no-git"]
        raise SystemExit(subprocess.run(again, check=False).returncode)
    lines = bring(home)
    for line in lines or [f"Everything in {home} is as new as the course."]:
        click.echo(line)


def pull(home: Path) -> list[str]:
    """Fast-forward the clone to the newest version; return what to tell the learner.

    Raises
    ------
    Problem
        If git is missing, the server does not answer, or code of the course was changed.
    """
    changed = [line[3:].strip('"') for line in git("status", "--porcelain", "-uno").splitlines()]
    code = [name for name in changed if not name.startswith(MATERIAL)]
    if code:
        raise Problem(
            f"You have changed the course itself ({', '.join(code[:3])}). Commit that, or put it "
            "away with `git stash`, and run the update again."
        )
    told = []
    if changed:
        aside = home / f"kept-{datetime.now():%Y-%m-%d-%H%M%S}"
        for name in changed:
            if (ROOT / name).is_file():
                (aside / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, aside / name)
        git("restore", "--staged", "--worktree", "--", *changed)
        told.append(f"Your changes of {', '.join(changed)} are kept in {aside}.")
    before = git("rev-parse", "HEAD")
    git("pull", "--ff-only", "--quiet")
    after = git("rev-parse", "HEAD")
    told.append("The course is up to date." if before == after else "The course is new.")
    return told


def git(*arguments: str) -> str:
    """Run git in the clone and return what it prints.

    Raises
    ------
    Problem
        If there is no git, or it refuses.
    """
    command: Sequence[str] = ["git", "-C", str(ROOT), *arguments]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, encoding="utf-8", errors="replace"
        )
    except (FileNotFoundError, PermissionError) as error:  # or a folder on PATH is not to be read
        raise Problem("The update needs git, and there is none on this computer.") from error
    if done.returncode and "not a git repository" in done.stderr:
        raise Problem(
            "This folder came as a zip, so git cannot update it. Unpack a newer zip over it: what "
            "is in `work` stays, and the next `lab` brings what is new."
        )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise Problem(f"git could not do it: {said[-1]}")
    return done.stdout.strip("\n")

"""Grade FOLDER/submissions into FOLDER/gradebook.sqlite; print what could not be graded.

A program of its own, so that a class can be graded under an init that reaps at once (tini), and
be killed. It prints the number of graded submissions after each.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from dlcourse.grading import classroom
from dlcourse.grading.gradebook import Gradebook
from dlcourse.grading.sandbox.host import Limits
from dlcourse.grading.submission import collect
from dlcourse.layout import ROOT

# Reaps every orphan the moment it ends, as the init of a computer does; that of some containers
# does not.
PROMPT_INIT = ["tini", "-s", "--"] if shutil.which("tini") else []


def command(folder: Path, under: list[str] = PROMPT_INIT, **limits: Any) -> list[str]:
    """Return the command that grades a class, under a prompt init where there is one."""
    here = [sys.executable, "-m", "tests.grading.grade_class"]
    return [*under, *here, str(folder), json.dumps(limits)]


def grade_class(folder: Path, **limits: Any) -> tuple[int, list[str]]:
    """Grade a class in a process of its own; return how many, and its problems."""
    done = subprocess.run(
        command(folder, **limits), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    *_, graded, problems = done.stdout.splitlines()
    return int(graded), json.loads(problems)


def main(folder: Path, limits: dict[str, Any]) -> None:
    with Gradebook(folder / "gradebook.sqlite") as book:
        class_ = collect(folder / "submissions")
        pool = classroom.processes(2)
        for _, run in classroom.grade(class_, book, pool, limits=Limits(**limits)):
            print(run.graded, flush=True)
    print(json.dumps(run.by_hand + run.problems))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))

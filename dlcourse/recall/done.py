"""Which lessons a learner has done, and may therefore be asked about."""

import json
from pathlib import Path
from typing import Any

from dlcourse import checks, layout
from dlcourse.exercises import finished
from dlcourse.syllabus import LESSONS

RUN = 0.5  # share of a lesson's code cells, up to its review questions, that makes it read


def lessons_done(home: Path | None = None) -> list[str]:
    """Return the numbers of the lessons of which something is known to be done.

    A function of the exercise has earned all its points, or half of the lesson's cells were run
    in the learner's own copy, and saved.

    Parameters
    ----------
    home : Path, optional
        The learner's folder; without it, the one that is in use.

    Examples
    --------
    >>> lessons_done(Path("nowhere"))
    []
    """
    home = home or layout.home()
    if home is None:
        return []
    passed = set(finished(home))
    graded = checks.lessons()
    return [
        lesson.number
        for lesson in LESSONS
        if any(check.name in passed for check in graded.get(lesson.number, ()))
        or was_run(home / f"{lesson.name}.ipynb")
    ]


def was_run(notebook: Path) -> bool:
    """Return whether half of a lesson's cells were run, those behind its review questions aside."""
    try:
        cells: list[Any] = json.loads(notebook.read_bytes())["cells"]
        counts: list[bool] = []
        for cell in cells:
            if "## Review questions" in "".join(cell["source"]):
                break
            if cell["cell_type"] == "code":
                counts.append(cell.get("execution_count") is not None)
    except (OSError, ValueError, TypeError, KeyError):  # not there, or no notebook any more
        return False
    return bool(counts) and sum(counts) >= RUN * len(counts)

"""Where the folders of the course lie. Nothing else in the package spells out a path."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
IS_CLONE = (ROOT / "course.py").is_file()  # else the package came out of a wheel
COURSE = "py course.py" if os.name == "nt" else "python3 course.py"  # how a clone is called

# A wheel carries lessons and exercises inside the package, and no solutions.
_MATERIAL = ROOT if IS_CLONE else PACKAGE / "material"
NOTEBOOKS = _MATERIAL / "notebooks"  # lessons, executed and committed; never opened for writing
EXERCISES = _MATERIAL / "exercises"  # generated from the solutions, committed, never edited
SOLUTIONS = ROOT / "solutions"  # the source of every exercise, executed and committed
WELCOME = "00_welcome.ipynb"  # the front page, in NOTEBOOKS and in a learner's folder

RECORDS = PACKAGE / "records"  # what longer runs measured, committed

HANDED_OUT = ".handed_out.json"  # stands in every learner's folder, which it marks as one


def home() -> Path | None:
    """Return the learner's folder: their own copies, which nothing overwrites once changed.

    It is what the environment variable DLCOURSE_HOME names; else the folder that we are in,
    or one above it, if the course was started there; else ``work/`` of the clone.

    Returns
    -------
    Path or None
        None where there is none: outside of a clone, before ``dlcourse start FOLDER``.
    """
    if named := os.environ.get("DLCOURSE_HOME"):
        return Path(named).expanduser().absolute()
    try:
        here = Path.cwd()
    except OSError:  # the current folder was deleted
        here = ROOT
    for folder in (here, *here.parents):
        if (folder / HANDED_OUT).is_file():
            return folder
    return ROOT / "work" if IS_CLONE else None

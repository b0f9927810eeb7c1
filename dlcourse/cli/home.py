"""Where a command finds what it needs: the learner's folder, a clone of the course, tools."""

from importlib.util import find_spec
from pathlib import Path

from dlcourse import layout
from dlcourse.cli.problem import Problem


def learners_folder() -> Path:
    """Return the learner's folder.

    Raises
    ------
    Problem
        If there is none: the package is installed, and no course was started here.
    """
    home = layout.home()
    if home is None:
        raise Problem(
            "This folder holds no course. `dlcourse start FOLDER` makes one there; then go to it "
            "(cd FOLDER), or name it in the environment variable DLCOURSE_HOME."
        )
    return home


def need_clone(command: str) -> None:
    """Stop a command that maintains the course where there is no clone of it.

    Raises
    ------
    Problem
        If the package came out of a wheel, or this is the copy for a class.
    """
    if not layout.IS_CLONE:
        raise Problem(
            f"`dlcourse {command}` is for whoever changes the course: it needs a clone of it, "
            "and this is an installed package."
        )
    if not layout.SOLUTIONS.is_dir():
        raise Problem(
            f"This is the students' copy of the course, and `dlcourse {command}` needs what it "
            "leaves out."
        )


def need_tools(command: str, *modules: str) -> None:
    """Stop a command that needs what only developers get, where it is not installed.

    Raises
    ------
    Problem
        If one of these modules is missing.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise Problem(
            f"`dlcourse {command}` needs {', '.join(missing)}, which only developers get: "
            f"`{layout.COURSE} {command}` installs that first."
        )

"""Which notebooks the course commits, and how a command names a file."""

from collections.abc import Iterable
from pathlib import Path

from dlcourse.cli.problem import Problem
from dlcourse.layout import NOTEBOOKS, ROOT, SOLUTIONS


def committed(*folders: Path) -> list[Path]:
    """Return the notebooks below `folders` (default: lessons, then solutions), in order."""
    found = (
        path
        for folder in folders or (NOTEBOOKS, SOLUTIONS)
        for path in sorted(folder.rglob("*.ipynb"))
    )
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


def select(paths: Iterable[Path]) -> list[Path]:
    """Return the notebooks that `paths` name, those in a folder included; all if it is empty.

    Raises
    ------
    Problem
        If a path is not a notebook or a folder that holds some.
    """
    selected: list[Path] = []
    for path in paths:
        found = committed(path) if path.is_dir() else [path]
        if not found or not found[0].is_file() or found[0].suffix != ".ipynb":
            raise Problem(f"{path} is neither a notebook nor a folder with notebooks.")
        selected += found
    return selected or committed()


def shown(path: Path) -> str:
    """Return `path` as people write it: from the course's folder where it lies in there."""
    path = path.resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)

"""Generate ``exercises/`` from ``solutions/``, as nbgrader's ``generate_assignment`` does.

What stands between ``### BEGIN SOLUTION`` and ``### END SOLUTION`` becomes a stub, hidden tests and
outputs go, and every cell that matters gets nbgrader's checksum. The result is what nbgrader itself
generates with the settings in ``nbgrader_config.py`` (a test compares the two), but needs no
nbgrader, no database and no second.
"""

import ast
import os
import re
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from hashlib import md5
from pathlib import Path
from typing import Any

import nbformat

from dlcourse import checks

STUB = "...  # your code here"
TEXT_STUB = "Write your answer here."
SCHEMA_VERSION = 3  # of nbgrader's cell metadata

# In the order in which nbgrader handles them: the delimiters, and what takes the region's place.
SOLUTION = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN_TESTS = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")

Cell = Any  # nbformat's NotebookNode, a dictionary with attribute access


class FormatError(ValueError):
    """A solution is not what nbgrader and the checks need; one sentence per line."""


def generate(solutions: Path, exercises: Path) -> list[Path]:
    """Write every exercise that is not up to date, and remove those without a solution.

    Returns
    -------
    list of Path
        The files that changed.

    Raises
    ------
    FormatError
        If a solution is not well-formed. Then nothing is written.
    """
    wanted = _wanted(solutions, exercises)
    changed = []
    for path, content in wanted.items():
        if not path.is_file() or path.read_bytes() != content:
            _write(path, content)
            changed.append(path)
    for path in _existing(exercises):
        if path not in wanted:
            path.unlink()
            changed.append(path)
    return changed


def differences(solutions: Path, exercises: Path) -> list[str]:
    """Say in one sentence each where `exercises` is not what `solutions` generate."""
    try:
        wanted = _wanted(solutions, exercises)
    except FormatError as error:
        return str(error).splitlines()
    found = []
    for path, content in wanted.items():
        name = f"{path.parent.name}/{path.name}"
        if not path.is_file():
            found.append(f"exercises/{name} is missing.")
        elif path.read_bytes() != content:
            found.append(f"exercises/{name} is not what solutions/{name} generates.")
    orphans = [path for path in _existing(exercises) if path not in wanted]
    return found + [f"exercises/{p.parent.name}/{p.name} has no solution." for p in orphans]


def _existing(folder: Path) -> list[Path]:
    return [p for p in sorted(folder.glob("*/*.ipynb")) if ".ipynb_checkpoints" not in p.parts]


def _wanted(solutions: Path, exercises: Path) -> dict[Path, bytes]:
    """Return the content of every exercise, under the path where it belongs."""
    wanted, problems = {}, []
    for path in _existing(solutions):
        name = f"solutions/{path.parent.name}/{path.name}"
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception as error:
            problems.append(f"{name}: cannot be read as a notebook: {error}")
            continue
        here = [f"{name}: {problem}" for problem in validate(notebook)]
        problems += here
        if not here:
            text = nbformat.writes(exercise(notebook))
            wanted[exercises / path.parent.name / path.name] = f"{text}\n".encode()
    if problems:
        raise FormatError("\n".join(problems))
    return wanted


def exercise(notebook: Cell) -> Cell:
    """Return the exercise of a solution; the solution is not changed.

    Raises
    ------
    FormatError
        If a region has no end, or begins inside another.
    """
    made = deepcopy(notebook)
    made.metadata.pop("celltoolbar", None)
    for cell in made.cells:
        _lock(cell)
        _replace_solution(cell)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            for field in ("collapsed", "scrolled"):
                cell.metadata.pop(field, None)
        cell.source, _ = _replace_region(cell.source, HIDDEN_TESTS, [])
        _sign(cell)
    return made


def _replace_solution(cell: Cell) -> None:
    stub = STUB if cell.cell_type == "code" else TEXT_STUB
    cell.source, replaced = _replace_region(cell.source, SOLUTION, [stub])
    if _is(cell, "solution") and not replaced:
        cell.source = stub


def _replace_region(source: str, marks: tuple[str, str], stub: list[str]) -> tuple[str, bool]:
    """Replace what stands between two marks, and the marks, by a stub, indented like the first."""
    begin, end = marks
    lines: list[str] = []
    inside = replaced = False
    for line in source.split("\n"):
        if begin in line:
            if inside:
                raise FormatError(f"{begin} stands inside a region that has begun already.")
            inside = replaced = True
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + stub_line for stub_line in stub]
        elif end in line:
            inside = False
        elif not inside:
            lines.append(line)
    if inside:
        raise FormatError(f"{begin} has no {end}.")
    return "\n".join(lines), replaced


def _is(cell: Cell, role: str) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get(role, False))


def _is_locked(cell: Cell) -> bool:
    return not _is(cell, "solution") and (_is(cell, "grade") or _is(cell, "locked"))


def _lock(cell: Cell) -> None:
    """Keep a learner from deleting graded cells, and from editing tests, by mistake."""
    if _is(cell, "solution") or _is_locked(cell):
        cell.metadata["deletable"] = False
    if _is_locked(cell):
        cell.metadata["editable"] = False


def _sign(cell: Cell) -> None:
    """Add nbgrader's checksum: it tells later whether the cell was changed."""
    if not (_is(cell, "solution") or _is_locked(cell)):
        return
    about = cell.metadata.nbgrader
    parts = [cell.source, cell.cell_type]
    parts += [str(_is(cell, "grade")), str(_is(cell, "solution")), str(_is_locked(cell))]
    parts.append(about["grade_id"])
    if _is(cell, "grade"):
        parts.append(str(float(about["points"])))
    about["checksum"] = md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
    about["cell_type"] = cell.cell_type


def validate(notebook: Cell) -> list[str]:
    """Say in one sentence each what keeps a solution from being graded.

    An answer cell has the `grade_id` NAME and defines the function NAME; the test cell below it
    has the `grade_id` test_NAME, ends with ``check(NAME)``, and is worth the points that the
    check of NAME says.
    """
    return list(_problems(notebook))


def _problems(notebook: Cell) -> Iterator[str]:
    seen: set[str] = set()
    graded = {check.name: check for lesson in checks.lessons().values() for check in lesson}
    for number, cell in enumerate(notebook.cells, 1):
        about = cell.metadata.get("nbgrader")
        if about is None:
            if SOLUTION[0] in cell.source or HIDDEN_TESTS[0] in cell.source:
                yield f"cell {number} has a region for nbgrader, but no nbgrader metadata."
            continue
        grade_id = str(about.get("grade_id", ""))
        where = f"cell {number} ({grade_id})"
        if about.get("schema_version") != SCHEMA_VERSION:
            yield f"{where} must have schema_version {SCHEMA_VERSION}."
        if not re.fullmatch(r"[a-zA-Z0-9_\-]+", grade_id):
            yield f"{where} needs a grade_id of letters, digits, - and _."
        if grade_id in seen:
            yield f"{where} has the grade_id of an earlier cell."
        missing = {"grade", "solution", "locked", "task"} - set(about)
        if missing:
            yield f"{where} lacks {', '.join(sorted(missing))}."
        try:
            exercise(nbformat.v4.new_notebook(cells=[cell]))
        except FormatError as error:
            yield f"{where}: {error}"
        except (KeyError, ValueError, TypeError):
            yield f"{where} has points or a grade_id that nbgrader cannot read."
        if cell.cell_type == "code":
            yield from (f"{where} {problem}" for problem in _code_problems(cell, seen, graded))
        seen.add(grade_id)


def _code_problems(cell: Cell, seen: set[str], graded: dict[str, Any]) -> Iterator[str]:
    grade_id = str(cell.metadata.nbgrader.get("grade_id", ""))
    if _is(cell, "solution"):
        try:
            defined = {
                n.name for n in ast.parse(cell.source).body if isinstance(n, ast.FunctionDef)
            }
        except SyntaxError as error:
            yield f"is not Python: {error}."
            return
        if grade_id not in defined:
            yield f"must define the function {grade_id}, which is its grade_id."
        if SOLUTION[0] not in cell.source:
            yield f"has no ### {SOLUTION[0]}: all of it, the docstring too, would be removed."
        return
    if not _is(cell, "grade"):
        return
    name = grade_id.removeprefix("test_")
    if name == grade_id or name not in graded:
        yield "must have the grade_id test_NAME, where dlcourse.checks has a check of NAME."
        return
    if name not in seen:
        yield f"comes before the answer cell {name}, or there is none."
    if cell.metadata.nbgrader.get("points") != graded[name].points:
        yield f"must be worth {graded[name].points} points, as its check says."
    if cell.source.strip().splitlines()[-1:] != [f"check({name})"]:
        yield f"must end with the line check({name})."


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise

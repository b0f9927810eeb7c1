"""What a student wrote: the answers in one notebook.

A notebook is read as plain JSON by hand: of a stranger's file nothing else is needed, and nothing
is trusted.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dlcourse import checks
from dlcourse.grading.reading import UnreadableError, decode, printable

MAX_SOURCE = 1 << 20  # characters in the code cells of one notebook
MAX_CELLS = 5_000
MAX_SHOWN = 20_000  # characters of an answer, on a page


@dataclass(frozen=True)
class Answers:
    """What there is to grade in one notebook.

    Attributes
    ----------
    lesson : str
        The number of the lesson whose answer cells it has.
    cells : list of (function, source)
        The code in the order of the notebook: the name of the graded function for an answer cell,
        empty for the student's other cells. Test cells are left out.
    notices : list of str
        What the student and the teacher should know.
    """

    lesson: str
    cells: list[tuple[str, str]]
    notices: list[str]

    def code(self, function: str) -> str:
        """Return what the student wrote for a function, as a page can show it.

        Very long code is cut, and what hides from the reader's eye left out: letters that turn
        the direction of the others, controls.
        """
        own = [source for name, source in self.cells if name == function and source.strip()]
        own = own or [source for _, source in self.cells if _defines(function, source)]
        lines = "\n\n".join(source.strip("\n") for source in own).splitlines()
        code = "\n".join(printable(line.expandtabs(4)) for line in lines)
        return code if len(code) <= MAX_SHOWN else f"{code[:MAX_SHOWN]}\n..."


def read(content: bytes) -> Answers:
    """Take the answers from a notebook, by the `grade_id` of their cells.

    A cell that was split has its mark twice: all of its parts are answers. Where a mark is lost,
    a cell that defines the function stands in.

    Raises
    ------
    UnreadableError
        If there are none: one sentence for the student.
    """
    notebook = _parse(content)
    cells = _cells(notebook)
    lesson = _lesson(cells)
    names = [check.name for check in checks.lessons()[lesson]]
    tests = {f"test_{name}" for name in names}
    kept = [
        (identity if identity in names else "", source)
        for identity, source in cells
        if identity not in tests
    ]
    if sum(len(source) for _, source in kept) > MAX_SOURCE:
        raise UnreadableError("The code cells hold more than a million characters.")
    notices = list(_language(notebook))
    marked = [name for name, _ in kept if name]
    for name in names:
        if marked.count(name) > 1:
            notices.append(
                f"{name} has {marked.count(name)} answer cells. They were run one after the other."
            )
        elif not marked.count(name) and any(_defines(name, source) for _, source in kept):
            kept.append((name, ""))  # the worker finds it elsewhere, and that is noticed
    return Answers(lesson, kept, notices)


def _language(notebook: dict[str, Any]) -> Iterator[str]:
    """Yield a notice if a notebook is written in another language."""
    language = _path(notebook, "metadata", "kernelspec", "language") or _path(
        notebook, "metadata", "language_info", "name"
    )
    if isinstance(language, str) and language.lower() not in ("python", ""):
        yield (
            f"The notebook says that its language is {printable(language)[:40]!r}. "
            "It was run as Python."
        )


def _defines(name: str, source: str) -> bool:
    """Tell whether a cell seems to define a function, without running or parsing it."""
    return bool(re.search(rf"^[ \t]*(def[ \t]+{name}[ \t]*\(|{name}[ \t]*=[^=])", source, re.M))


def _parse(content: bytes) -> dict[str, Any]:
    try:
        text = decode(content)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            "The file is not written in UTF-8, as notebooks are. Open it in JupyterLab, save it "
            "there and hand it in again."
        ) from error
    if not text.strip():
        raise UnreadableError("The file is empty.")
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            "The file is no notebook: it is not valid JSON. Open it in JupyterLab; if that cannot "
            "read it either, hand in an older version."
        ) from error
    if not isinstance(notebook, dict):
        raise UnreadableError("The file is JSON, but no notebook.")
    return notebook


def _cells(notebook: dict[str, Any]) -> list[tuple[str, str]]:
    """Return grade_id and source of every code cell; format 3 keeps them in worksheets."""
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):
        lists = [_path(sheet, "cells") for sheet in notebook["worksheets"]]
        cells = [cell for part in lists if isinstance(part, list) for cell in part]
    if not isinstance(cells, list):
        raise UnreadableError("The file is JSON, but no notebook: it has no cells.")
    if len(cells) > MAX_CELLS:
        raise UnreadableError(f"The notebook has more than {MAX_CELLS} cells.")
    found = []
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            continue
        identity = _path(cell, "metadata", "nbgrader", "grade_id")
        # Half of a surrogate pair can be written as JSON, and nowhere else.
        source = source.encode("utf-8", "replace").decode()
        found.append((identity if isinstance(identity, str) else "", source))
    return found


def _path(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _lesson(cells: list[tuple[str, str]]) -> str:
    """Return the lesson with the most answer cells here; if there are none, the most functions."""
    identities = {identity for identity, _ in cells}
    lessons = {
        lesson: [check.name for check in graded] for lesson, graded in checks.lessons().items()
    }
    marked = {lesson: len(identities & set(names)) for lesson, names in lessons.items()}
    if not any(marked.values()):
        marked = {
            lesson: sum(any(_defines(name, source) for _, source in cells) for name in names)
            for lesson, names in lessons.items()
        }
    best = max(marked, key=lambda lesson: marked[lesson])
    if not marked[best]:
        raise UnreadableError(
            "This notebook has none of the answer cells of an exercise of this course. Write your "
            "answers into the notebook that was handed out, and hand in that one."
        )
    return best

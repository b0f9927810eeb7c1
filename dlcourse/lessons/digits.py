"""The table that grows through the course: each lesson's machine reads the same digits.

The lines of earlier lessons stand in the table of lessons. What a notebook has stored of them is
written anew by ``dlcourse release``; a test compares each lesson's own line with what it measured.
"""

from collections.abc import Sequence
from typing import Any

from dlcourse.syllabus import LESSONS, Lesson
from dlcourse.tables import Table

TESTED = 360  # digits, see `dlcourse.datasets.digits_split`


def so_far(number: str, machine: str, wrong: Sequence[int]) -> Table:
    """Return the lines of earlier lessons and, last, the one just measured.

    Parameters
    ----------
    number : str
        The lesson's number, ``"02"``.
    machine : str
        What read the digits, in a few words.
    wrong : sequence of int
        How many of the 360 test digits it got wrong, one number per seed.

    Returns
    -------
    table : Table
        Lesson, machine, and mean, smallest and largest number of wrong digits.

    Examples
    --------
    >>> so_far("00", "a guess", [324, 320])
    lesson  machine  wrong of 360  from   to  seeds
    ------  -------  ------------  ----  ---  -----
        00  a guess         322.0   320  324      2
    """
    lines = [
        (lesson.number, *lesson.digits)
        for lesson in LESSONS
        if lesson.digits and lesson.number < number
    ]
    return Table(
        ["lesson", "machine", f"wrong of {TESTED}", "from", "to", "seeds"],
        [line(*values) for values in (*lines, (number, machine, wrong))],
    )


def line(number: str, machine: str, wrong: Sequence[int]) -> list[object]:
    """Return one row of the table."""
    mean = sum(wrong) / len(wrong)
    return [number, machine, f"{mean:.1f}", min(wrong), max(wrong), len(wrong)]


def refresh(notebook: dict[str, Any], lesson: Lesson) -> bool:
    """Bring a stored table up to date with earlier lessons; tell whether it was not.

    Its own line is what it measured and stays: where that differs from the table of lessons, the
    notebook is left alone, and a test says so.
    """
    if lesson.digits is None:
        return False
    table = so_far(lesson.number, *lesson.digits)
    changed = False
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or "digits.so_far(" not in "".join(cell["source"]):
            continue
        for data in (output["data"] for output in cell["outputs"] if "data" in output):
            shown = "".join(data["text/plain"])
            measured = shown.splitlines()[-1].split()
            if shown != repr(table) and measured == repr(table).splitlines()[-1].split():
                data["text/plain"] = repr(table).splitlines(keepends=True)
                data["text/html"] = table._repr_html_().splitlines(keepends=True)
                changed = True
    return changed

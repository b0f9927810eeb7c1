"""Notebooks as students hand them in, and what running them needs."""

import contextlib
import functools
import json
from pathlib import Path
from typing import Any

from dlcourse.grading.sandbox import host, processes
from dlcourse.layout import SOLUTIONS

RIGHT = {
    "perceptron_step": """
def perceptron_step(w, x, y):
    return w + y * x if y * (w @ x) <= 0 else w
""",
    "novikoff_bound": """
def novikoff_bound(X, y, w_star):
    margin = np.min(y * (X @ w_star)) / np.linalg.norm(w_star)
    return np.max(np.linalg.norm(X, axis=1)) ** 2 / margin**2 if margin > 0 else np.inf
""",
}


def code(source: str, grade_id: str = "", **metadata: Any) -> dict[str, Any]:
    """Return a code cell."""
    if grade_id:
        metadata["nbgrader"] = {"grade_id": grade_id, "solution": True}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": []}


def notebook(*cells: dict[str, Any], **fields: Any) -> bytes:
    """Return a notebook of these cells as a file."""
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, **fields}).encode()


def answers(**sources: str) -> bytes:
    """Return a notebook with an answer cell for each function."""
    return notebook(*(code(source, name) for name, source in sources.items()))


def solution(lesson: str = "02") -> bytes:
    """Return the solution of a lesson."""
    (path,) = Path(SOLUTIONS).glob(f"{lesson}_*/*.ipynb")
    return path.read_bytes()


@functools.cache
def no_sandbox() -> str:
    """Say why there is no sandbox on this machine; empty if there is one."""
    try:
        host.ready()
    except processes.NoSandboxError as error:
        return str(error)
    return ""


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has ended since
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *descendants(child)]
    return found

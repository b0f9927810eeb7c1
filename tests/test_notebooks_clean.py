"""Every committed notebook is executed, whole, small and the same on every machine."""

import json
import re

import pytest

from dlcourse.cli.notebooks import committed
from dlcourse.layout import EXERCISES, ROOT

NOTEBOOKS = committed()

VIEW = "application/vnd.jupyter.widget-view+json"
TAGS = {"nbval-ignore-output", "nbval-skip"}
MACHINE = re.compile(r"/root/|/home/\w|/Users/\w|/tmp/|[A-Za-z]:\\+Users|/site-packages/")
LARGEST = 1_000_000  # bytes
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def complaints(text: str) -> list[str]:
    """Return what is not in order in the text of a notebook."""
    notebook = json.loads(text)
    found = [f"{len(text.encode())} bytes"] if len(text.encode()) > LARGEST else []
    found += [f"metadata.{key}" for key in ("widgets", "signature") if key in notebook["metadata"]]
    if notebook["metadata"].get("kernelspec") != KERNEL:
        found.append("the kernel is not Python 3")
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    counts = [cell["execution_count"] for cell in code]
    if counts != list(range(1, len(code) + 1)):
        found.append(f"not executed from top to bottom: {counts}")
    if not code:
        found.append("no code cells")
    for cell in code:
        where = f"cell {cell['execution_count']}"
        if "execution" in cell["metadata"]:
            found.append(f"{where} keeps its timing")
        for output in cell["outputs"]:
            found += [f"{where} {what}" for what in complaints_about_output(output)]
    return found


def complaints_about_output(output: dict) -> list[str]:
    found = []
    if output["output_type"] == "error":
        found.append(f"raised {output['ename']}")
    if output.get("name") == "stderr":
        found.append("wrote to stderr")
    data = output.get("data", {})
    if VIEW in data:
        found.append("keeps a widget view, an error wherever no kernel runs")
    texts = [value for kind, value in data.items() if not kind.startswith("image/")]
    if match := MACHINE.search(json.dumps([output.get("text", ""), texts], ensure_ascii=False)):
        found.append(f"names a place on a machine: {match[0]}")
    if "".join(data.get("text/plain", "")).startswith("Interactive") and "image/png" not in data:
        found.append("shows a board without a still picture")
    if "image/png" in data:
        description = "".join(data.get("text/plain", "")).strip()
        if not description or description.startswith("<Figure size"):
            found.append("shows an image without a description")
    return found


def uncompared(text: str) -> int:
    """Return how many cells nbval does not compare."""
    cells = json.loads(text)["cells"]
    return sum(bool(TAGS & set(cell["metadata"].get("tags", []))) for cell in cells)


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_committed_notebook_is_clean(path):
    assert complaints(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_each_cell_that_nothing_compares_is_answered_for(path):
    """The notebook says of each of them what differs from machine to machine."""
    text = path.read_text(encoding="utf-8")
    reasons = json.loads(text)["metadata"].get("dlcourse", {}).get("uncompared", [])
    assert uncompared(text) == len(reasons)
    assert all(reasons)


@pytest.mark.parametrize("path", committed(EXERCISES), ids=name_of)
def test_an_exercise_has_no_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


# ------------------------------------------------------------------ broken on purpose


def notebook(**changes) -> dict:
    """Return a clean notebook with one cell, apart from changes of the cell."""
    cell = {
        "cell_type": "code",
        "id": "a",
        "execution_count": 1,
        "metadata": {},
        "outputs": [],
        "source": "1",
    }
    metadata = {"kernelspec": KERNEL}
    return {"cells": [cell | changes], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def stream(text, name="stdout"):
    return [{"output_type": "stream", "name": name, "text": text}]


def image(**data):
    return [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "AAAA"} | data}]


def board():
    data = {"text/plain": "Interactive board: x (run this notebook to use it)"}
    return [{"output_type": "display_data", "metadata": {}, "data": data}]


def test_a_clean_notebook_passes():
    described = image(**{"text/plain": "A line that falls from 1 to 0."})
    assert complaints(json.dumps(notebook(outputs=described))) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"execution_count": None}, "not executed"),
        ({"execution_count": 2}, "not executed"),
        ({"cell_type": "markdown"}, "no code cells"),
        ({"metadata": {"execution": {}}}, "timing"),
        ({"outputs": [{"output_type": "error", "ename": "ValueError"}]}, "raised ValueError"),
        ({"outputs": stream("W0000 00:00 oneDNN", name="stderr")}, "stderr"),
        ({"outputs": stream(["File /home/ann/course/x.py"])}, "/home/a"),
        ({"outputs": stream("C:\\Users\\ann")}, "Users"),
        ({"outputs": stream("/tmp/ipykernel_1/2.py:1: UserWarning")}, "/tmp/"),
        ({"outputs": image()}, "without a description"),
        ({"outputs": board()}, "without a still picture"),
        ({"outputs": [{"output_type": "display_data", "data": {VIEW: {}}}]}, "a widget view"),
        ({"outputs": image(**{"text/plain": "<Figure size 640x480 with 1 Axes>"})}, "without"),
        ({"outputs": image(**{"text/plain": "/root/course"})}, "/root/"),
        ({"source": "x" * LARGEST}, "bytes"),
    ],
)
def test_what_is_not_clean_is_seen(changes, complaint):
    (found, *_) = complaints(json.dumps(notebook(**changes)))
    assert complaint in found


@pytest.mark.parametrize(
    "metadata", [{"kernelspec": KERNEL, "widgets": {}}, {"kernelspec": KERNEL | {"name": "mine"}}]
)
def test_foreign_metadata_is_seen(metadata):
    assert len(complaints(json.dumps(notebook() | {"metadata": metadata}))) == 1


def test_a_tagged_cell_is_counted():
    tagged = notebook(metadata={"tags": ["nbval-ignore-output"]})
    assert uncompared(json.dumps(tagged)) == 1
    assert uncompared(json.dumps(notebook())) == 0

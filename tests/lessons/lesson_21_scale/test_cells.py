"""The capstone cells of the lesson, run with a learner's folder: all solved, or half of it."""

import json
import shutil
from functools import partial

import pytest

from dlcourse import layout, nn
from dlcourse.datasets import digits_split
from dlcourse.exercises import library
from dlcourse.lessons.lesson_21_scale import capstone

NOTEBOOK = layout.NOTEBOOKS / "21_scale.ipynb"
LESSONS = (
    "00",
    "04",
    "08",
    "09",
    "12",
    "13",
    "15",
    "16",
)  # of all parts


def cells():
    """Return the imports of the lesson, and its code cells under the heading of the capstone."""
    all_cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    texts = [(cell["cell_type"], "".join(cell["source"])) for cell in all_cells]
    code = [text for kind, text in texts if kind == "code"]
    imports = code[0].partition("\nmodels = ")[0]
    start = next(i for i, (_, text) in enumerate(texts) if "## Your own library" in text)
    end = next(i for i, (_, text) in enumerate(texts) if "## Summary" in text)
    return imports, [text for kind, text in texts[start:end] if kind == "code"]


def folder(home, lessons):
    """Make a learner's folder in which these exercises are solved."""
    for lesson in lessons:
        (path,) = layout.SOLUTIONS.glob(f"{lesson}_*/{lesson}_*.ipynb")
        shutil.copy(path, home / f"{path.stem}_exercise.ipynb")
    return home


@pytest.mark.parametrize(
    ("machine", "lessons"),
    [("LeNet", LESSONS), ("LeNet", LESSONS[::2]), ("LSTM", LESSONS), ("LSTM", ())],
)
def test_the_cells_run_whoever_wrote_the_parts(machine, lessons, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DLCOURSE_HOME", str(folder(tmp_path, lessons)))
    for name in ("reads_digits", "ours_reads_digits"):
        short = partial(getattr(capstone, name), epochs=1, examples=64)
        monkeypatch.setattr(capstone, name, short)
    imports, capstone_cells = cells()
    shown = []
    place = {"display": shown.append, "train": digits_split()[0]}
    exec(imports, place)
    loss = nn.SparseCategoricalCrossentropy(from_logits=True)
    place |= {"show": shown.append, "recipe": {"loss": loss, "optimizer": nn.Adam(0.01)}}
    for text in capstone_cells:
        chosen = text.replace('machine = "LeNet"', f'machine = "{machine}"')
        exec(compile(chosen, "<cell>", "exec"), place)
    parts = place["parts"]
    expected = {name for name in library.MACHINES[machine] if parts.is_own(name)}
    assert (tmp_path / "mine.py").is_file() == bool(lessons)
    if lessons == LESSONS:
        assert expected == set(library.MACHINES[machine])
    elif lessons:
        assert 0 < len(expected) < len(library.MACHINES[machine])
    else:
        assert not expected
    assert "largest difference from ours below 1e-10: True" in capsys.readouterr().out
    assert len(place["wrong"]) == 5
    assert shown[-1].description.startswith("Wrong digits of each lesson's machine")


def test_cells_that_depend_on_the_learner_are_not_compared():
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and ("parts" in source.split() or "wrong" in source):
            depends = "library.parts" in source or "parts)" in source or "{machine}" in source
            tags = cell["metadata"].get("tags", [])
            assert ("nbval-ignore-output" in tags) == depends, source
    assert any("learner" in why for why in notebook["metadata"]["dlcourse"]["uncompared"])

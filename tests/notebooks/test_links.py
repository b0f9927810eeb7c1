"""Every link in a notebook leads somewhere, and the two maps of the course list every lesson."""

import re
import shutil

import nbformat
import pytest

from dlcourse.layout import NOTEBOOKS, ROOT, SOLUTIONS
from dlcourse.layout import WELCOME as FRONT_PAGE
from dlcourse.lessons import maps
from dlcourse.syllabus import LESSONS as TABLE

WELCOME = NOTEBOOKS / FRONT_PAGE
LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))
LINK = re.compile(r"\]\(([^)#\s]+)")


def links(path):
    """Return where the links of a notebook lead, those to the web left out."""
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [link for link in LINK.findall(text) if "://" not in link]


def leads_somewhere(path, link):
    """Tell whether a link in a notebook at `path` leads to a file of the course."""
    return (path.parent / link).resolve().is_file()


@pytest.mark.parametrize(
    "path", [*LESSONS, *sorted(SOLUTIONS.glob("*/*.ipynb"))], ids=lambda path: path.stem
)
def test_links_lead_somewhere(path):
    broken = [link for link in links(path) if not leads_somewhere(path, link)]
    assert not broken, broken


def test_a_broken_link_is_noticed(tmp_path):
    assert leads_somewhere(WELCOME, "02_perceptron.ipynb")
    assert leads_somewhere(WELCOME, "../exercises/02_perceptron/02_perceptron.ipynb")
    assert not leads_somewhere(WELCOME, "../exercises/02_perceptron.ipynb")
    assert not leads_somewhere(SOLUTIONS / "02_perceptron" / "x.ipynb", "../notebooks/x.ipynb")


def test_the_maps_are_what_the_table_of_lessons_says():
    assert maps.differences() == []
    for path, text in maps.pages().items():
        assert all(lesson.title in text for lesson in TABLE), path  # the map was found on it


def test_another_map_is_seen_and_put_right(tmp_path, monkeypatch):
    for name in ("README.md", "notebooks"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(maps, "ROOT", tmp_path)
    monkeypatch.setattr(maps, "NOTEBOOKS", tmp_path / "notebooks")
    readme = tmp_path / "README.md"
    readme.write_text(
        readme.read_text("utf-8").replace("The perceptron", "The preceptron"), "utf-8"
    )
    assert maps.differences() == ["README.md does not show what dlcourse/syllabus.py says."]
    assert maps.write() == [readme]
    assert readme.read_text("utf-8") == (ROOT / "README.md").read_text("utf-8")


def test_every_lesson_stands_in_the_table():
    lessons = {path.stem for path in LESSONS} - {WELCOME.stem}
    assert lessons == {lesson.name for lesson in TABLE if lesson.is_here}
    numbers = [lesson.number for lesson in TABLE if not lesson.is_project]
    assert numbers == [f"{n:02}" for n in range(len(numbers))]
    for lesson in TABLE:
        assert set(lesson.needs) < {other.number for other in TABLE}
        assert all(number < lesson.number for number in lesson.needs)

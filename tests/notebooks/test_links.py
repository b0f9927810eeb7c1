"""Every link in a notebook leads somewhere, and the two maps of the course list every lesson."""

import re

import nbformat
import pytest

from dlcourse.layout import NOTEBOOKS, ROOT, SOLUTIONS
from dlcourse.layout import WELCOME as FRONT_PAGE

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


@pytest.mark.parametrize("page", ["welcome", "readme"])
def test_the_maps_list_every_lesson_that_is_there(page):
    if page == "welcome":
        listed = {link for link in links(WELCOME) if "/" not in link} | {WELCOME.name}
    else:
        found = LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
        listed = {link.removeprefix("notebooks/") for link in found if link.startswith("notebooks")}
    assert listed == {path.name for path in LESSONS}

"""Beside the file browser, in a window of 900 pixels: what is written is seen, to its last word."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from dlcourse.layout import EXERCISES, NOTEBOOKS
from tests.browser.conftest import KERNEL

NARROW, WIDE = {"width": 900, "height": 800}, {"width": 1280, "height": 900}
EXERCISE = "11b_project_exercise.ipynb"
DISPLAYED = re.compile(r"\$\$.+?\$\$", re.DOTALL)

# Of a cell that is on the page: by how many pixels its code or its text is wider than its place.
OVER = """(i) => {
  const cell = document.querySelector(`.jp-Cell[data-windowed-list-index="${i}"]`);
  const parts = cell.querySelectorAll(".cm-scroller, .jp-RenderedMarkdown");
  return Math.max(0, ...Array.from(parts, (e) => e.scrollWidth - e.clientWidth));
}"""
SHOW = "(i) => window.panel.content.scrollToItem(i, 'start')"
WRAP = """(on) => {
  const { editorConfig } = window.panel.content;
  const code = { ...editorConfig.code, lineWrap: on };
  window.panel.content.editorConfig = { ...editorConfig, code };
}"""


def too_wide(notebook):
    """Return the cells whose code or text sticks out to the right, and by how many pixels."""
    found = {}
    for number in range(len(notebook.cells())):
        notebook.page.evaluate(SHOW, number)
        cell = notebook.page.locator(f'.jp-Cell[data-windowed-list-index="{number}"]')
        expect(cell).to_be_visible()
        notebook.page.wait_for_timeout(200)  # until formulas are set and lines are measured
        if (over := notebook.page.evaluate(OVER, number)) > 1:
            found[number] = over
    return found


@pytest.fixture
def narrow(open_notebook):
    """Open notebooks in a narrow window."""
    opened = []

    def open_one(path):
        notebook = open_notebook(path)
        notebook.page.set_viewport_size(NARROW)
        expect(notebook.page.locator(".jp-FileBrowser")).to_be_visible()
        opened.append(notebook)
        return notebook

    yield open_one
    for notebook in opened:
        notebook.page.set_viewport_size(WIDE)


def test_no_line_of_code_is_cut(narrow):
    notebook = narrow(EXERCISE)
    assert too_wide(notebook) == {}
    notebook.page.evaluate(WRAP, False)
    assert too_wide(notebook)
    notebook.page.evaluate(WRAP, True)


def formulas():
    """Return every formula of lessons and exercises that stands on a line of its own."""
    found = {}
    for path in (*sorted(NOTEBOOKS.glob("*.ipynb")), *sorted(EXERCISES.rglob("*.ipynb"))):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                found |= dict.fromkeys(DISPLAYED.findall(cell.source), path.name)
    return found


def test_no_formula_is_cut(narrow, course):
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL})
    everywhere = formulas()
    notebook.cells = [nbformat.v4.new_markdown_cell(formula) for formula in everywhere]
    nbformat.write(notebook, course[0] / "formulas.ipynb")
    cut = too_wide(narrow("formulas.ipynb"))
    names = list(everywhere.items())
    assert {names[number]: over for number, over in cut.items()} == {}

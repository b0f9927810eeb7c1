import nbformat
import pytest

from dlcourse.cli.chromium import find_chromium
from tests.browser.lab import Notebook, open_browser, running_lab

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@pytest.fixture(scope="session")
def browser():
    """Return a headless Chromium: one for all tests, since Playwright starts only once."""
    if find_chromium() is None:
        pytest.skip("there is no Chromium or Chrome on this machine")
    with open_browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def course(browser, tmp_path_factory):
    """Return a learner's folder, and the address of JupyterLab on it."""
    with running_lab(tmp_path_factory.mktemp("lab")) as (folder, address):
        yield folder, address


@pytest.fixture(scope="module")
def open_notebook(browser, course):
    """Open notebooks of the course in the browser; a module's are closed after its tests."""
    opened = {}

    def open_one(path):
        if path not in opened:
            opened[path] = Notebook(browser, course[1], path)
        return opened[path]

    yield open_one
    for notebook in opened.values():
        notebook.close()


@pytest.fixture(scope="module")
def open_cells(open_notebook, course):
    """Write a notebook of some cells into the learner's folder, and open it."""

    def open_new(name, *sources):
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL})
        notebook.cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
        nbformat.write(notebook, course[0] / name)
        return open_notebook(name)

    return open_new

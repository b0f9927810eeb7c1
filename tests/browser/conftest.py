import pytest

from dlcourse.cli.chromium import find_chromium
from tests.browser.lab import Notebook, open_browser, running_lab


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """Return the folder of a copy of the course, and the address of JupyterLab on it."""
    if find_chromium() is None:
        pytest.skip("there is no Chromium or Chrome on this machine")
    with running_lab(tmp_path_factory.mktemp("lab")) as (folder, address):
        yield folder, address


@pytest.fixture(scope="session")
def browser(course):
    """Return a headless Chromium."""
    with open_browser() as chromium:
        yield chromium


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

"""Lesson 15's board in a real browser: its sliders by keyboard, and how fast the picture is."""

import re
import statistics
import time

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def lesson(open_notebook):
    """Return lesson 15 with what its board needs."""
    notebook = open_notebook("15_recurrent.ipynb")
    notebook.run(notebook.find("from dlcourse import compare"))
    notebook.run(notebook.find("jacobian_board()"))
    assert not notebook.errors()
    return notebook


def test_the_sliders_move_the_picture(lesson):
    board = lesson.output(lesson.find("jacobian_board()"))
    image = board.locator(".dlcourse-live-figure img")
    expect(image).to_be_visible()
    for name in ("spectral radius", "non-normality", "slope of tanh"):
        expect(board.get_by_text(name, exact=True)).to_be_visible()

    times = []
    for number, key in ((1, "ArrowRight"), (1, "ArrowRight"), (0, "ArrowLeft"), (2, "ArrowLeft")):
        source, said = image.get_attribute("src"), image.get_attribute("alt")
        board.locator(".noUi-handle").nth(number).focus()
        start = time.perf_counter()
        lesson.page.keyboard.press(key)
        lesson.page.wait_for_function(
            "([image, before]) => image.src !== before && image.complete && image.naturalWidth > 0",
            arg=[image.element_handle(), source],
            polling="raf",
        )
        times.append(1000 * (time.perf_counter() - start))
        expect(image).not_to_have_attribute("alt", said)
    expect(image).to_have_attribute("alt", re.compile("One step stretches by at most"))
    print(f"key press to changed picture: median {statistics.median(times):.0f} ms")

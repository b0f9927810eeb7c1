"""Lesson 06's board, walked through by keyboard."""

import re
import statistics
import time

import pytest
from playwright.sync_api import expect

CHANGED = "([image, before]) => image.src !== before && image.complete && image.naturalWidth > 0"


@pytest.fixture(scope="module")
def lesson(open_notebook):
    """Return lesson 06 with its first cell and its board run."""
    notebook = open_notebook("06_autodiff.ipynb")
    notebook.run(notebook.find("from dlcourse import"))
    notebook.run(notebook.find("AutodiffBoard("))
    return notebook


@pytest.fixture
def board(lesson):
    """Return the board at its start, in view."""
    output = lesson.output(lesson.find("AutodiffBoard("))
    expect(output.get_by_role("status")).to_contain_text("Step")
    output.get_by_label("Example").select_option("a * a + a")
    expect(output.get_by_role("status")).to_contain_text("Step 0 of 5.")
    output.get_by_label("Example").select_option("(a * b) + (b + c)")
    expect(output.get_by_role("status")).to_have_text("Step 0 of 7. Every gradient starts at 0.")
    return output


def test_it_is_stepped_by_keyboard_from_the_seed_to_the_last_contribution(lesson, board):
    image = board.locator(".dlcourse-live-figure img")
    board.get_by_role("button", name="Step").focus()
    times = []
    for _ in range(7):
        element, before = image.element_handle(), image.get_attribute("src")
        start = time.perf_counter()
        lesson.page.keyboard.press("Space")
        lesson.page.wait_for_function(CHANGED, arg=[element, before], polling="raf")
        times.append(1000 * (time.perf_counter() - start))
    expect(board.get_by_role("status")).to_contain_text(
        "Add 1 · 2 = 2 to the gradient of b: 1 + 2 = 3. Every gradient is complete."
    )
    expect(image).to_have_attribute("alt", re.compile("b, given, value -3, gradient 3"))
    print(f"key press to changed picture: median {statistics.median(times):.0f} ms")

    lesson.page.keyboard.press("Tab")
    lesson.page.keyboard.press("Enter")  # Back
    expect(board.get_by_role("status")).to_contain_text("Step 6 of 7.")


def test_a_formula_and_numbers_are_typed(board):
    formula = board.get_by_label("Formula")
    formula.fill("a * a + a")
    formula.press("Enter")
    expect(board.get_by_role("status")).to_contain_text("Step 0 of 5.")
    number = board.get_by_label("a", exact=True)
    number.fill("3")
    number.press("Enter")
    board.get_by_role("button", name="End").click()
    expect(board.get_by_role("status")).to_contain_text("to the gradient of a: 4 + 3 = 7.")


def test_a_formula_that_is_none_is_answered_in_a_sentence(board):
    formula = board.get_by_label("Formula")
    formula.fill("a * (")
    formula.press("Enter")
    expect(board.get_by_role("status")).to_contain_text("a bracket is missing")

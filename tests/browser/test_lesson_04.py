"""Lesson 04's board, with the mouse: a bar follows a drag."""

import re

import pytest
from playwright.sync_api import expect

CODE = """
from dlcourse.lessons.lesson_04_losses.board import TwoDistributions

TwoDistributions()
"""
FIGURE = ".dlcourse-live-figure .frame"
A_LEFT, LOW, HIGH = 0.115, 0.7, 0.2  # of the picture: the bar of p for A, from above


@pytest.fixture(scope="module")
def board(open_cells):
    """Return the output of the board."""
    notebook = open_cells("distributions.ipynb", CODE)
    notebook.run_all()
    output = notebook.output(0)
    expect(output.locator(f"{FIGURE} img")).to_be_visible()
    return output


@pytest.fixture
def fresh(board):
    """Return the board as it is at first, in view, and how to move the mouse over its picture."""
    board.get_by_role("button", name="Reset").click()
    expect(board.get_by_role("status")).to_contain_text("Cross-entropy H(p, q) = 2.625 bits")
    # The picture is drawn after the words, on a busy machine much later.
    first = re.compile(r"^A: p 0\.500")
    expect(board.locator(f"{FIGURE} img")).to_have_attribute("alt", first)
    frame = board.locator(FIGURE)
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()

    def move(x, y, **options):
        place = box["x"] + x * box["width"], box["y"] + y * box["height"]
        board.page.mouse.move(*place, **options)

    return board, move


def share_of_a(board):
    told = board.locator(f"{FIGURE} img").get_attribute("alt")
    return float(re.match(r"A: p ([\d.]+)", told)[1])


def test_a_bar_follows_a_drag_before_the_button_is_up(fresh):
    board, move = fresh
    move(A_LEFT, LOW)
    board.page.mouse.down()
    move(A_LEFT, HIGH, steps=8)
    expect(board.get_by_role("status")).not_to_contain_text("H(p) = 1.750 bits")
    board.page.mouse.up()
    expect(board.locator(f"{FIGURE} img")).to_have_attribute("alt", re.compile(r"^A: p 0\.8"))
    assert share_of_a(board) > 0.75


def test_moving_the_mouse_without_its_button_moves_nothing(fresh):
    board, move = fresh
    move(A_LEFT, LOW)
    move(A_LEFT, HIGH, steps=5)
    board.page.wait_for_timeout(500)
    assert share_of_a(board) == 0.5


def test_a_drag_into_the_other_picture_leaves_the_bars(fresh):
    board, move = fresh
    move(0.6, LOW)
    board.page.mouse.down()
    move(0.95, HIGH, steps=5)
    board.page.mouse.up()
    board.page.wait_for_timeout(500)
    expect(board.get_by_role("status")).to_contain_text("Cross-entropy H(p, q) = 2.625 bits")


def test_fast_clicks_end_where_the_last_one_says(fresh):
    board, _ = fresh
    for name in ("Swap", "q = p", "Equal p", "Swap", "Reset", "Swap", "Equal p", "Reset"):
        board.get_by_role("button", name=name, exact=True).click(no_wait_after=True)
    at_first = re.compile(r"^A: p 0\.500, q 0\.125.*KL\(p‖q\) = 0\.875 bits")
    image = board.locator(f"{FIGURE} img")
    expect(image).to_have_attribute("alt", at_first, timeout=60_000)
    drawn = "(image) => image.complete && image.naturalWidth > 0"
    board.page.wait_for_function(drawn, arg=image.element_handle())

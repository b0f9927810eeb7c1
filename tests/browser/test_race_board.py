"""Lesson 08's board, with the mouse: the start follows a drag."""

import pytest
from playwright.sync_api import expect

CODE = """
from dlcourse.lessons.lesson_08_optimizers.board import RaceBoard

RaceBoard()
"""
FIGURE = ".dlcourse-live-figure .frame"


@pytest.fixture(scope="module")
def board(open_cells):
    """Return the output of the board."""
    notebook = open_cells("race.ipynb", CODE)
    notebook.run_all()
    output = notebook.output(0)
    expect(output.locator(f"{FIGURE} img")).to_be_visible()
    return output


def test_the_start_follows_a_drag_before_the_button_is_up(board):
    status, mouse = board.get_by_role("status"), board.page.mouse
    expect(status).to_contain_text("Start (10, 1)")
    board.locator(FIGURE).scroll_into_view_if_needed()
    box = board.locator(FIGURE).bounding_box()
    mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.4 * box["height"])
    mouse.down()
    mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"], steps=8)
    expect(status).not_to_contain_text("Start (10, 1)")
    mouse.up()
    expect(status).to_contain_text("Start (-6")  # the place where it was let go


def test_moving_the_mouse_without_its_button_moves_nothing(board):
    board.get_by_role("button", name="First start").click()
    status = board.get_by_role("status")
    expect(status).to_contain_text("Start (10, 1)")
    box = board.locator(FIGURE).bounding_box()
    board.page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"], steps=5)
    board.page.wait_for_timeout(500)
    expect(status).to_contain_text("Start (10, 1)")


def test_a_race_runs_and_pauses(board):
    expect(board.get_by_role("status")).to_contain_text("step 40.")
    board.get_by_role("button", name="Race").click()
    expect(board.get_by_role("status")).not_to_contain_text("step 40.", timeout=30_000)
    board.get_by_role("button", name="Pause").click()
    expect(board.get_by_role("button", name="Race")).to_be_visible()


def test_a_race_goes_on_while_the_rate_is_changed_by_keyboard(board):
    status, race = board.get_by_role("status"), board.get_by_role("button", name="Race")
    race.click()
    expect(board.get_by_role("button", name="Pause")).to_be_visible()
    rate = board.locator(".widget-hslider .noUi-handle").first
    rate.focus()
    rate.press("ArrowRight")
    expect(board.get_by_text("0.05", exact=True)).to_be_visible()
    before = status.inner_text()
    expect(status).not_to_have_text(before, timeout=30_000)
    board.get_by_role("button", name="Pause").click()
    expect(race).to_be_visible()

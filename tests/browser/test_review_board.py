"""The review board with keys and mouse: formulas are set, focus goes on, answers are kept."""

import json

import pytest
from playwright.sync_api import expect

CODE = """
from pathlib import Path

from dlcourse.recall.board import ReviewBoard

home = Path("reviewer")
home.mkdir(exist_ok=True)
ReviewBoard(["05"], home)
"""


@pytest.fixture(scope="module")
def notebook(open_cells):
    opened = open_cells("review_board.ipynb", CODE)
    opened.run_all()
    return opened


@pytest.fixture
def board(notebook):
    """Return a board that begins anew."""
    notebook.run(0)
    output = notebook.output(0)
    expect(output.get_by_text("due today")).to_be_visible()
    return output


def test_a_question_is_set_with_its_formulas_and_read_out(board):
    expect(board.locator(".dlcourse-review-question mjx-container").first).to_be_visible()
    status = board.get_by_role("status").filter(has_text="due today")
    expect(status).to_be_visible()
    expect(board.get_by_role("group", name="Questions that come back")).to_be_visible()


def test_keys_alone_answer_a_question_and_go_on_to_the_next(board, course):
    first = board.locator(".dlcourse-review-question").inner_text()
    show = board.get_by_role("button", name="Show the answer")
    show.focus()
    board.page.keyboard.press("Enter")
    good = board.get_by_role("button", name="3 Good: in 2 days")
    expect(good).to_be_focused()
    expect(board.locator(".dlcourse-review-answer mjx-container").first).to_be_visible()
    board.page.keyboard.press("4")
    expect(board.get_by_text("It comes again in 8 days.")).to_be_visible()
    expect(board.locator(".dlcourse-review-question")).not_to_have_text(first)
    expect(show).to_be_focused()
    kept = json.loads((course[0] / "reviewer" / ".review.json").read_text())
    assert len(kept["cards"]) == 1


def test_a_choice_marks_itself(board):
    for _ in range(2):  # examples by hand come first
        if not board.get_by_role("radio").count():
            board.get_by_role("button", name="Show the answer").click()
            board.get_by_role("button", name="3 Good").click()
            expect(board.get_by_role("button", name="3 Good")).not_to_be_visible()
    expect(board.get_by_role("radio")).to_have_count(3)
    board.get_by_role("radio").first.focus()
    board.page.keyboard.press("3")
    expect(board.get_by_role("radio").nth(2)).to_be_checked()
    board.get_by_role("button", name="Mark it").click()
    expect(board.get_by_text("Right.")).to_be_visible()
    expect(board.get_by_role("button", name="2 Hard")).to_be_visible()
    expect(board.get_by_role("button", name="1 Again")).not_to_be_visible()

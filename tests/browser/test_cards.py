"""The cards of `check`, as a learner meets them in JupyterLab."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.test_boards import FAINT, THEME

RIGHT = """
import numpy as np
from dlcourse.grading import check

def perceptron_step(w, x, y):
    return w + y * x if y * (w @ x) <= 0 else w

check(perceptron_step)
"""
WRONG = RIGHT.replace("w + y", "w - y")
UNTOUCHED = """
def perceptron_step(w, x, y):
    ...

check(perceptron_step)
"""
CARDS = [RIGHT, WRONG, UNTOUCHED]


def faint(card):
    """Return the words that stand out too little; the mark before the headline is no word."""
    return [found for found in card.evaluate(FAINT) if 'aria-hidden="true"' not in found]


@pytest.fixture(scope="module")
def notebook(open_cells):
    opened = open_cells("cards.ipynb", *CARDS)
    opened.run_all()
    return opened


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_nothing_grave_and_every_word_can_be_read(notebook, theme):
    notebook.page.evaluate(THEME, theme)
    notebook.page.wait_for_timeout(1000)  # until its style sheet is there
    for number in range(len(CARDS)):
        card = notebook.output(number)
        expect(card).to_contain_text("perceptron_step")
        assert faults(notebook.page, card) == []
        assert faint(card) == []  # axe is not sure of what lies behind words here


def test_what_keeps_somebody_out_of_a_card_is_seen(notebook):
    card = notebook.output(1)
    words = card.locator("span:not([aria-hidden])").first
    words.evaluate("(e) => { e.style.color = '#ccc'; }")
    assert faint(card)
    words.evaluate("(e) => e.append(document.createElement('img'))")
    assert [fault.partition(":")[0] for fault in faults(notebook.page, card)] == ["image-alt"]

"""Clicks are heard in the order in which they were made, however slow the answers are."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CODE = """
import time

from dlcourse.figures import new_figure
from dlcourse.widgets.live_figure import Board, LiveFigure, button

figure, axes = new_figure()
heard = []

def put(x, y):
    time.sleep(0.1)
    hear("place")

def hear(what):
    heard.append(what)
    live.redraw(" ".join(heard))

live = LiveFigure(figure, "nothing", on_point=put)
Board([button("Forget", "forget the places", lambda: hear("button")), live], "two that are heard")
"""
# All within one turn of the page: nothing has been answered when the button is pressed.
CLICKS = """(output) => {
  const frame = output.querySelector(".dlcourse-live-figure .frame");
  const { x, y, width, height } = frame.getBoundingClientRect();
  const [clientX, clientY] = [x + width / 2, y + height / 2];
  for (let i = 0; i < 6; i++) frame.dispatchEvent(new MouseEvent("click", { clientX, clientY }));
  output.querySelector("button").click();
}"""


def test_a_button_does_not_overtake_the_places_before_it(open_cells):
    """As it does where JupyterLab may send the figure's messages to another thread."""
    notebook = open_cells("order.ipynb", CODE)
    notebook.run_all()
    output = notebook.output(0)
    image = output.locator(".dlcourse-live-figure img")
    expect(image).to_be_visible()
    heard = []
    for _ in range(3):
        heard += [*["place"] * 6, "button"]
        output.evaluate(CLICKS)
        as_many = re.compile(rf"^(\w+ ){{{len(heard) - 1}}}\w+$")
        expect(image).to_have_attribute("alt", as_many)
        assert image.get_attribute("alt").split() == heard

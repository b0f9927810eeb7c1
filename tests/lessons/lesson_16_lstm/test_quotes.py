"""Text with quotations keeps its rule; what a network knows of it is measured rightly."""

import nbformat
import numpy as np
import pytest

from dlcourse import nn
from dlcourse.layout import NOTEBOOKS
from dlcourse.lessons.lesson_16_lstm import quotes


@pytest.fixture(scope="module")
def drawn():
    return quotes.draw(np.random.default_rng(0), 40, 300)


def test_no_full_stop_stands_inside_and_each_mark_turns_it_round(drawn):
    characters, inside = drawn
    assert not inside[characters == quotes.STOP].any()
    marks = np.cumsum(characters == quotes.MARK, axis=1) % 2 == 1
    np.testing.assert_array_equal(inside, marks)
    assert 0.4 < inside.mean() < 0.6
    assert (characters == quotes.STOP).sum() > 100


def test_text_goes_there_and_back():
    x = quotes.one_hot('a "b".')
    assert x.shape == (6, 8)
    assert quotes.text(x.argmax(axis=1)) == 'a "b".'
    assert "".join(map(quotes.character, x)) == 'a_"b".'


def test_a_number_that_tells_is_told_from_one_that_does_not(drawn):
    _, inside = drawn
    inside = inside.ravel()
    noise = np.random.default_rng(1).normal(size=len(inside))
    assert quotes.told(np.where(inside, -2.0, 1.0) + 0.1 * noise, inside) > 0.98
    assert quotes.told(noise, inside) < 0.65


def test_a_network_that_always_holds_a_full_stop_likely_is_right_outside_only():
    layers = [nn.LSTM(3, return_sequences=True), nn.Dense(8)]
    model = nn.Sequential(layers, input_shape=(None, 8), seed=0)
    model.params["1.bias"][quotes.STOP] = 20
    reading = quotes.read(model)
    assert 0.3 < reading.right < 0.7
    assert reading.long == 0
    hidden = model.layers[0].forward(quotes.one_hot("ab")[np.newaxis])[0]
    assert quotes.belief(model.layers[1].forward(hidden)[0][0]) == ["out", "out"]


def test_training_lowers_the_surprise():
    model = quotes.train(nn.LSTM(4, return_sequences=True), 0, steps=40, length=20)
    x = quotes.one_hot(quotes.draw(np.random.default_rng(9), 20, 40)[0])
    loss = nn.CategoricalCrossentropy(from_logits=True)
    assert loss.value_and_grad(x[:, 1:], model.predict(x[:, :-1]))[0] < np.log(8) - 0.02
    assert quotes.states(model, x[0]).shape == (40, 4)


def printed(lesson):
    """Return text, dashes, as each cell of a lesson has printed them."""
    outputs = [
        output.get("text", "") for cell in lesson.cells for output in cell.get("outputs", [])
    ]
    lines = [text.splitlines() for text in outputs if text.startswith("text:")]
    return [(text[11:], dashes[11:]) for text, dashes in lines]


def inside(text):
    """Return a dash for each character at which a quotation is open."""
    return "".join(" -"[text[: n + 1].count('"') % 2] for n in range(len(text)))


def test_the_lesson_marks_the_quotations_and_one_cell_held_open_never_lets_go():
    lesson = nbformat.read(NOTEBOOKS / "16_lstm.ipynb", as_version=4)
    (text, free), (again, held) = printed(lesson)
    assert again == text
    assert free == inside(text) != " " * len(text)
    first = text.index('"')
    assert held == " " * first + "-" * (len(text) - first)
    reveal = [cell for cell in lesson.cells if "open_wide.reveal(" in cell.source]
    shown = [output.data["text/markdown"] for output in reveal[0].outputs if "data" in output]
    assert "it never comes out of the first one" in shown[0]


def test_an_empty_line_of_dashes_would_be_found():
    outputs = [{"text": 'text:      a "b" c\ninside:           \n'}]
    cell = nbformat.from_dict({"outputs": outputs})
    ((text, dashes),) = printed(nbformat.from_dict({"cells": [cell]}))
    assert text == 'a "b" c'
    assert inside(text) == "  --   "
    assert dashes != inside(text)

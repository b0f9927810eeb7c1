"""The figures draw what they say."""

import numpy as np
import pytest

from dlcourse.figures import to_png
from dlcourse.lessons.lesson_17_seq2seq import figures


def test_the_new_state_lies_between():
    figure = figures.between(old=0.5, candidate=0.756175, z=0.679179)
    assert "0.5822" in figure.description
    assert "0.32 of the way" in figure.description
    other = figures.between(old=0.2, candidate=-0.6, z=0.25)
    assert "-0.4000" in other.description
    assert to_png(other)


def test_two_networks_in_a_row():
    figure = figures.reading_and_writing(["4", "2"], ["f", "o", "stop"])
    for axes, fed_back in zip(figure.axes, (0, 2), strict=True):
        texts = [text.get_text() for text in axes.texts]
        assert texts.count("f") == 2  # written, and given at the next step
        assert sum(arrow.get_linestyle() == "--" for arrow in axes.patches) == fed_back
    assert "writes f, o, stop" in figure.description


def test_the_darkest_digit_is_told_for_each_word():
    weights = np.zeros((8, 2))
    weights[:6, 0] = 1
    weights[6:, 1] = 1
    figure = figures.looked_at("42", "forty-tw", weights, "title")
    assert "forty begins at 4, tw begins at 2" in figure.description
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), weights.T)


def test_shares_over_lengths():
    found = {"as it is": {4: [0.5, 0.7, 0.9], 8: [0.0, 0.1, 0.2]}, "reversed": {4: [1.0], 8: [0.5]}}
    figure = figures.over_length(found, (4, 6), "title")
    assert "as it is: 70 % at 4, 10 % at 8" in figure.description
    assert "reversed: 100 % at 4, 50 % at 8" in figure.description
    assert to_png(figure)


def test_the_tree_says_which_way_is_likeliest():
    figure = figures.two_steps()
    assert "Greedy search goes to B first; the likeliest way is AA." in figure.description
    texts = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert "0.36  likeliest" in texts
    assert "0.33  greedy" in texts


def test_every_kind_has_a_line_of_its_own():
    styles = list(figures.STYLES.values())
    for part in zip(*styles, strict=True):
        assert len(set(part)) == len(styles)


@pytest.mark.parametrize("word", ["", "x"])
def test_a_figure_of_little_is_drawn(word):
    assert to_png(figures.looked_at("1", word or "x", np.ones((1, 1))))

"""The front page shows what a network reads, with the answers under the right digits."""

import numpy as np

from dlcourse import datasets
from dlcourse.lessons import welcome


class Stubborn:
    """A model that reads every digit as the same one."""

    def predict(self, x):
        return np.tile(np.eye(10)[3], (len(x), 1))


def test_the_reader_of_the_front_page_reads_most_digits_of_new_hands():
    _, test = datasets.digits_split()
    answers = welcome.reader().predict(test.x).argmax(axis=1)
    assert np.mean(answers == test.y) > 0.88  # three seeds: 24 or 25 of 360 wrong


def test_answers_stand_under_their_digits():
    _, test = datasets.digits_split()
    figure = welcome.promise(Stubborn())
    above = [place.get_title() for place in figure.axes[: welcome.SHOWN]]
    below = [place.get_title() for place in figure.axes[welcome.SHOWN :]]
    assert above == ["3"] * welcome.SHOWN
    truths = test.y[test.y != 3][: welcome.SHOWN]
    assert below == [f"3, is {truth}" for truth in truths]

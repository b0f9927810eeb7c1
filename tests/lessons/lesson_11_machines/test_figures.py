import numpy as np
import pytest

from dlcourse.figures.style import Picture
from dlcourse.lessons.lesson_11_machines import figures


class Half:
    """Answers 1 right of 0."""

    def fit(self, x, y):
        pass

    def predict(self, x):
        return (x[:, 0] > 0).astype(int)


def test_the_gallery_counts_what_is_wrong():
    x = np.array([[-1.0, 0], [1, 1], [2, 0], [-2, 1]])
    figure = figures.gallery(
        (x, np.array([0, 1, 1, 0])), (x, np.array([0, 1, 1, 1])), {"A": Half()}
    )
    assert "A 25 %" in figure.description
    assert figure.axes[0].get_title(loc="left") == "A: 25 % wrong"


def test_answers_stand_where_they_belong():
    answers = figures.answers_on((-1, 1, -1, 1), lambda x: (x[:, 1] > 0.5).astype(int), 5)
    np.testing.assert_array_equal(answers[:, 0], [0, 0, 0, 0, 1])


def test_curves_are_means_of_seeds():
    figure = figures.curves([10, 20], {"A": [[0.4, 0.6], [0.8, 1.0]]}, "digits")
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), [50, 90])
    assert "A 50 to 90 %" in figure.description


def test_the_others_draw_and_tell():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 6.0])
    told = figures.three_points(x, y, (2.5, 0.5), {0: np.full(3, 3.0), 8: y}).description
    assert "after 8 rounds they stand at 1.00, 2.00, 6.00" in told
    plane = np.array([[0.0, 0.0], [1, 1], [2, 0], [3, 3]])
    labels = np.array([0, 0, 1, 1])
    panel = ("A", plane, labels, lambda x: x[:, 0] - 1.5, plane[1:3])
    street = figures.streets([panel])
    assert "A: 2 of 4 points" in street.description
    named = [text.get_text() for text in street.legends[0].get_texts()]
    assert named == ["border", "edges of the street", "support vectors"]
    x = np.linspace(-1, 3, 5)
    told = figures.one_class(x, 0.5 - abs(x - 1), np.array([0.5, 1.5])).description
    assert "0.500 high at 1.0, that falls to -1.50 on the left and -1.50 on the right" in told
    assert "squares on it are what it learned from, 0.5 and 1.5" in told
    assert "most digits near them are 1, 7" in figures.centres(np.zeros((2, 64)), "17").description
    errors = [[0.3, 0.2], [0.22, 0.23]]
    figure = figures.neighbours_error([10, 1000], errors, 0.16, 0.22)
    assert "come together at 22.0 %" in figure.description
    assert Picture(figure).png


@pytest.mark.parametrize("x", [np.array([[0.0, 1.0], [2.0, 3.0]])])
def test_a_box_has_room(x):
    assert figures.box_of(x) == pytest.approx((-0.2, 2.2, 0.8, 3.2))

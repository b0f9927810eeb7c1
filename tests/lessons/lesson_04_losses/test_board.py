import numpy as np
import pytest

from dlcourse.lessons.lesson_04_losses.board import LEAST, START, TwoDistributions, bits, with_share


def click(board, name):
    (button,) = [child for child in board.children[0].children if child.description == name]
    button.click()


def test_a_bar_goes_where_one_points_and_the_others_make_room():
    board = TwoDistributions()
    board._point(-0.2, 0.8)
    np.testing.assert_allclose(board.p, [0.8, 0.1, 0.05, 0.05])
    np.testing.assert_array_equal(board.q, START[1])
    board._point(3.2, 0.25)
    assert board.q[3] == pytest.approx(0.25)
    assert board.q.sum() == pytest.approx(1)


def test_a_point_of_the_picture_is_a_point_of_the_bars():
    board = TwoDistributions()
    axes, (width, height) = board._figure.axes[0], board._figure.bbox.size
    x, y = axes.transData.transform((1 - 0.2, 0.6))
    board._live.point(x / width, 1 - y / height)
    assert board.p[1] == pytest.approx(0.6)


@pytest.mark.parametrize("share", [-3.0, 0.0, 1.0, 7.0])
def test_no_share_becomes_zero_and_they_add_up_to_one(share):
    shares = START[0]
    for number in (0, 1, 2, 3, 0):
        shares = with_share(shares, number, share)
        assert shares.sum() == pytest.approx(1)
        assert shares.min() > 0.9 * LEAST


def test_the_buttons():
    board = TwoDistributions()
    click(board, "q = p")
    assert bits(board.p, board.q) == 1.75
    assert "KL(p‖q) = 0.000" in board._live.description
    click(board, "Reset")
    click(board, "Swap")
    np.testing.assert_array_equal(board.p, START[1])
    click(board, "Equal p")
    assert "H(p) = 2.000 bits" in board._said.value


def test_the_picture_changes_and_is_dragged():
    board = TwoDistributions()
    before = board._live.png
    board._point(0.2, 0.9)
    assert board._live.png != before
    assert board._live.drags


def cut_off(board):
    return [text.get_text() for text in board._costs.texts if "↑" in text.get_text()]


def test_a_surprise_too_high_for_the_picture_says_how_high_it_is():
    board = TwoDistributions()
    assert cut_off(board) == []
    board._point(0.2, 0.0)  # A comes half of the time and is called nearly impossible
    assert cut_off(board) == ["↑ 10.0"]
    board._point(-0.2, 0.05)  # too narrow now
    assert cut_off(board) == []


@pytest.mark.parametrize(
    "point", [(np.nan, 0.5), (0.2, np.nan), (np.inf, 0.5), (1e300, -1e300), (-4, 2.5), (0.9, 0.5)]
)
def test_a_place_beside_the_bars_changes_nothing(point):
    board = TwoDistributions()
    board._live.point(*point)
    np.testing.assert_array_equal([board.p, board.q], START)


def test_whatever_is_pressed_both_stay_distributions():
    board, rng = TwoDistributions(), np.random.default_rng(0)
    buttons = ("q = p", "Swap", "Equal p", "Reset")
    for number in range(16):
        if number % 2:
            click(board, buttons[rng.integers(4)])
        else:
            board._point(rng.uniform(-0.6, 3.6), rng.uniform(0, 1))
        for shares in (board.p, board.q):
            assert shares.sum() == pytest.approx(1)
            assert shares.min() > 0
    click(board, "Reset")
    np.testing.assert_array_equal([board.p, board.q], START)

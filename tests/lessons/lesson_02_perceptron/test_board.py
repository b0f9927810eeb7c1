from contextlib import nullcontext
from io import BytesIO
from threading import Thread

import matplotlib.image
import numpy as np
import pytest

from dlcourse.lessons.lesson_02_perceptron.board import PerceptronBoard

X = np.array([[-1, 0.5], [2.5, -1.5], [-1.5, -2], [2.5, 1.5], [2, 0], [-2, -0.5]])
Y = np.array([-1, 1, 1, -1, 1, -1])


@pytest.fixture
def board():
    return PerceptronBoard(X, Y)


def live(board):
    return board.children[-1]


def buttons(board):
    return {each.description: each for row in board.children[:2] for each in row.children}


def test_a_step_shows_its_arithmetic(board):
    board.step()
    assert board.mistakes == 1
    np.testing.assert_array_equal(board.weights, [1, -0.5, -1])
    assert board.message == (
        "Score of (-1, 0.5): 0, label -1: a mistake. w = (0, 0, 0) - (-1, 0.5, 1) = (1, -0.5, -1)"
    )


def test_every_step_changes_the_picture_and_its_description(board):
    before = live(board).png, live(board).description
    board.step()
    after = live(board).png, live(board).description
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_it_goes_to_the_end_and_says_so(board):
    board.end()
    assert board.mistakes == 8
    assert board.message == "No mistake is left after 8 updates: the perceptron has converged."
    board.step()
    assert board.mistakes == 8


def test_run_plays_one_update_a_tick_and_stops_at_the_end(board):
    live(board).tick()
    assert board.mistakes == 0  # nobody pressed Run
    buttons(board)["Run"].click()
    assert live(board).playing
    assert board.mistakes == 0
    live(board).tick()
    assert board.mistakes == 1
    assert board.message.startswith("Score of (-1, 0.5)")
    for _ in range(8):
        assert live(board).playing
        live(board).tick()
    assert not live(board).playing
    assert board.message.startswith("No mistake is left after 8 updates")


def test_run_is_paused_by_itself_and_by_every_other_button(board):
    board._draw = lambda: None
    buttons(board)["Run"].click()
    buttons(board)["Pause"].click()
    assert not live(board).playing
    for name in ("Step", "End", "Forget", "Remove last", "Clear", "First points"):
        board.reset()
        board.run()
        buttons(board)[name].click()
        assert not live(board).playing, name
        assert "Run" in buttons(board)


def test_it_gives_up_on_xor():
    board = PerceptronBoard(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([-1, 1, 1, -1]))
    board.end()
    assert board.message.startswith("Gave up after 200 epochs and 800 updates.")


def test_a_click_adds_a_point_where_it_was_made(board):
    axes = live(board).figure.axes[0]
    live(board).redraw()  # lays the axes out
    width, height = live(board).figure.bbox.size
    pixel_x, pixel_y = axes.transData.transform((1.5, -2.0))
    live(board).point(pixel_x / width, 1 - pixel_y / height)
    np.testing.assert_allclose(board.x[-1], [1.5, -2.0])
    assert board.y[-1] == 1
    assert "Added (1.5, -2) with label +1." in board.message


def test_a_click_beside_the_axes_adds_nothing(board):
    live(board).point(0.001, 0.5)
    assert len(board.y) == 6


def test_the_label_of_new_points_can_be_chosen(board):
    board.children[2].value = -1
    board.add(0.0, 0.0)
    assert board.y[-1] == -1


def test_points_come_and_go(board):
    board.step()
    board.add(0.0, 0.0)
    assert not board.weights.any()
    board.remove_last()
    np.testing.assert_array_equal(board.x, X)
    board.clear()
    for act in (board.remove_last, board.step, board.run, board.end, board.forget):
        act()
        assert board.message.startswith("There are no points." if act != board.forget else "The")
    assert len(board.y) == 0
    assert not live(board).playing
    board.add(1.0, 1.0)
    board.step()
    np.testing.assert_array_equal(board.weights, [1, 1, 1])
    board.reset()
    np.testing.assert_array_equal(board.y, Y)


def background(board):
    """Return the colour of the plane, away from points and lines, as bytes."""
    image = matplotlib.image.imread(BytesIO(live(board).png))
    return tuple(np.round(255 * image[100, 200, :3]).astype(int))


def test_with_zero_weights_every_point_is_wrong_and_the_plane_takes_no_side(board):
    assert board._wrong() == 6
    assert background(board) == (238, 238, 238)
    board.end()
    assert background(board) != (238, 238, 238)


def test_clicks_on_two_threads_leave_a_whole_picture(board, monkeypatch):
    """JupyterLab delivers clicks on another thread than the one that runs cells."""
    assert hammered(board) == []
    monkeypatch.setattr("dlcourse.widgets.live_figure.DRAWING", nullcontext())
    monkeypatch.setattr("dlcourse.lessons.lesson_02_perceptron.board.DRAWING", nullcontext())
    monkeypatch.setattr("dlcourse.figures.style.DRAWING", nullcontext())
    assert hammered(board) != []  # without the lock two threads do draw at once


def hammered(board):
    """Click from two threads at once; return what went wrong."""
    drawing, problems = [], []
    draw = board._draw

    def watched():
        drawing.append(1)
        if len(drawing) > 1:
            problems.append("two threads draw one figure")
        draw()
        drawing.pop()

    def click(name):
        try:
            for _ in range(4):
                buttons(board)[name].click()
        except Exception as error:
            problems.append(error)

    board._draw = watched
    threads = [Thread(target=click, args=[name]) for name in ("Step", "Forget")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    board._draw = draw
    return problems


def test_its_text_never_changes(board):
    before = repr(board)
    board.end()
    assert repr(board) == before


def test_every_control_has_a_name(board):
    assert all(button.description and button.tooltip for button in buttons(board).values())
    assert board.children[2].description

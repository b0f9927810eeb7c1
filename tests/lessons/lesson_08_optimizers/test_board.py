import numpy as np
import pytest

from dlcourse.lessons.lesson_08_optimizers import ravine
from dlcourse.lessons.lesson_08_optimizers.board import NAMES, RACE, RaceBoard, racers


@pytest.fixture
def board():
    return RaceBoard()


def test_each_racer_walks_as_its_optimizer_does(board):
    for name, optimizer in racers(board.rate.value, board.beta.value).items():
        np.testing.assert_array_equal(board.paths[name], ravine.walk(optimizer, RACE))


def test_the_start_goes_where_it_is_dragged(board):
    assert board._live.drags
    x, y = board._axes.transData.transform((-8.0, 2.0)) / board._figure.bbox.size
    before = board._live.png
    board._live.point(x, 1 - y)
    assert board.start == pytest.approx((-8.0, 2.0), abs=0.05)
    assert all(tuple(path[0]) == board.start for path in board.paths.values())
    assert board._live.png != before


def test_a_point_beside_the_map_moves_nothing(board):
    board._live.point(0.0, 0.0)
    assert board.start == ravine.START


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0.07, "Arrived: SGD at 75, momentum at 87, Adam at 357."),
        (0.07, "Off the map: Nesterov."),
        (0.3, "Arrived: Adam at 86."),
    ],
)
def test_the_answers_of_the_tasks(board, rate, said):
    board.rate.value = rate
    board.steps.value = RACE
    assert said in board.sentence()


def test_on_the_floor_nobody_is_lost(board):
    board.rate.value = 0.085
    board.steps.value = RACE
    board.put(-12.0, 0.0)
    assert "Off the map" not in board.sentence()
    board.put(-12.0, 0.1)
    assert "Off the map: SGD, Nesterov." in board.sentence()


def test_in_a_round_bowl_plain_descent_is_first(board):
    board.across.value = 1
    board.rate.value = 0.5
    board.steps.value = RACE
    assert "Arrived: SGD at 8, " in board.sentence()
    assert "momentum at 61" in board.sentence()


def test_a_race_is_shown_step_by_step_until_it_is_over(board):
    board.across.value = 1
    board.rate.value = 0.5
    board.steps.value = 0
    board.race()
    assert board._race.description == "Pause"
    for _ in range(3):
        board._live.tick()
    assert board.steps.value == 3
    board.race()
    assert not board._live.playing
    board._live.tick()
    assert board.steps.value == 3


def test_a_race_that_is_over_starts_again(board):
    board.steps.value = RACE
    board.race()
    assert board.steps.value == 0
    assert board._live.playing


def change_the_rate(board):
    board.rate.value = 0.02


def change_the_valley(board):
    board.across.value = 100


@pytest.mark.parametrize(
    "disturb",
    [
        change_the_rate,
        change_the_valley,
        RaceBoard.reset,
        lambda board: board.put(-8.0, 1.0),
        lambda board: setattr(board.beta, "value", 0.5),
    ],
)
def test_a_race_goes_on_when_something_changes_in_its_middle(board, disturb):
    board.steps.value = 5
    board.race()
    for _ in range(3):
        board._live.tick()
    disturb(board)
    for _ in range(3):
        board._live.tick()
    assert board._live.playing
    assert board.steps.value == 11


@pytest.mark.parametrize(
    ("at", "start"),
    [((1e300, -1e300), (12.0, -3.0)), ((0, 0), (0.0, 0.0)), ((-0.04, 0.06), (0.0, 0.1))],
)
def test_the_start_stays_on_the_map(board, at, start):
    board.put(*at)
    assert board.start == start
    assert "Start (-0" not in board.sentence()


@pytest.mark.parametrize("at", [(np.nan, 0.0), (0.0, np.inf)])
def test_a_start_that_is_no_number_is_refused(board, at):
    with pytest.raises(ValueError, match="two finite weights"):
        board.put(*at)
    assert board.start == ravine.START


def test_every_rate_that_the_lesson_names_can_be_chosen(board):
    for rate in (0.01, 0.02, 0.04, 0.07, 0.085, 0.1, 0.3, 0.5):
        board.rate.value = rate
        assert board.sentence()


def test_first_start_goes_back(board):
    board.put(-3.0, 1.0)
    board.reset()
    assert board.start == ravine.START


def test_every_racer_has_its_line(board):
    labels = [text.get_text() for text in board._axes.get_legend().get_texts()]
    assert labels == list(NAMES)

import asyncio

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.figures import plane, unit_outputs
from dlcourse.lessons.lesson_07_training import playground as module
from dlcourse.lessons.lesson_07_training.playground import Playground, gradient_step

GRID = plane(module.LIMIT, module.SIDE)


@pytest.fixture
def board():
    return Playground(data="moons", layers=[3, 2], learning_rate=0.3)


def surfaces(board):
    """Return what the board shows of every unit, -1 (orange) to 1 (blue), one row per unit."""
    shown = np.frombuffer(board.numbers()["surfaces"], np.uint8)
    return shown.reshape(-1, module.SIDE**2) / 127.5 - 1


def losses(board):
    return np.frombuffer(board.numbers()["losses"], np.float32).reshape(-1, 3)


# ------------------------------------------------------------ what it shows is what nn computes


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "step", "relu", "leaky_relu", "linear"])
def test_every_surface_is_what_its_unit_puts_out(activation):
    board = Playground(layers=[3, 2], activation=activation)
    board.step(5)
    shown = surfaces(board)
    assert len(shown) == 3 + 2 + 1
    np.testing.assert_allclose(shown[-1], 2 * board.model.predict(GRID)[:, 0] - 1, atol=0.005)
    first = unit_outputs(board.model, GRID)[0][:, 0]
    middle = 0.5 if activation in ("sigmoid", "step") else 0.0
    reach = {"tanh": 1.0, "sigmoid": 0.5, "step": 0.5}.get(activation, np.abs(first).max())
    np.testing.assert_allclose(shown[0], (first - middle) / reach, atol=0.005)


def test_the_first_row_is_the_top_of_the_plane(board):
    """A network that copies x2: blue above, orange below."""
    board.layers = []
    for number, weight in enumerate([0.0, 4.0, 0.0]):
        board.set_weight(number, weight)
    shown = surfaces(board)[-1].reshape(module.SIDE, module.SIDE)
    assert shown[0].min() > 0.9
    assert shown[-1].max() < -0.9


def test_the_weights_are_the_parameters(board):
    board.step(3)
    shown = np.frombuffer(board.numbers()["weights"], np.float32)
    np.testing.assert_array_equal(
        shown, np.concatenate([*map(np.ravel, board.model.get_weights())])
    )


def test_an_edited_weight_is_the_models(board):
    before = surfaces(board)[-1]
    board.set_weight(3 * 2 + 1, -2.5)  # after the kernel (2, 3): the second bias
    assert board.model.params["0.bias"].tolist() == [0.0, -2.5, 0.0]
    assert not np.array_equal(before, surfaces(board)[-1])


@pytest.mark.parametrize("number", [-1, 99])
def test_a_weight_that_is_gone_is_not_changed(board, number):
    before = board.model.get_weights()
    with pytest.raises(ValueError, match=f"none with number {number}"):
        board.set_weight(number, 1.0)
    sent = []
    board.send = sent.append
    board._receive(None, {"weights": [[number, 1.0]], "step": 1}, [])
    assert "none with number" in sent[0]["problem"]
    assert all(map(np.array_equal, before, board.model.get_weights()))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e300])
def test_a_weight_is_a_finite_number(board, value):
    before = board.model.get_weights()
    with pytest.raises(ValueError, match="finite number"):
        board.set_weight(0, value)
    assert all(map(np.array_equal, before, board.model.get_weights()))


@pytest.mark.parametrize("layers", [[0], [9], [1] * 5, [2.5], ["4"]])
def test_layers_that_cannot_be_shown_are_named(layers):
    with pytest.raises(ValueError, match="at most 4 numbers from 1 to 8"):
        Playground(layers=layers)


def test_reset_and_new_weights_say_which_they_are(board):
    board.reset()
    assert board.message.startswith("The same weights as before")
    board.reset(new_weights=True)
    assert board.message == "New weights, drawn with seed 1."


def test_the_losses_are_those_of_the_data(board):
    board.step(20)
    loss = nn.BinaryCrossentropy()
    epoch, train, test = losses(board)[-1]
    assert epoch == board.epoch == 1
    assert train == pytest.approx(loss(board.y_train, board.model.predict(board.x_train)))
    assert test == pytest.approx(loss(board.y_test, board.model.predict(board.x_test)))


def test_a_step_is_one_batch_of_gradient_descent(board):
    same = Playground(data="moons", layers=[3, 2], learning_rate=0.3)
    rows = same._order[:10]
    gradient_step(same.model, same.x_train[rows], same.y_train[rows], 0.3)
    board.step()
    for a, b in zip(board.model.get_weights(), same.model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_an_epoch_sees_every_example_once(board):
    seen = []
    board._trainers[board.trained_by] = lambda model, x, y, rate: (
        seen.append(x),
        gradient_step(model, x, y, rate),
    )
    board.batch_size = 50
    board.step(4)
    assert board.epoch == 1
    assert sorted(map(tuple, np.concatenate(seen))) == sorted(map(tuple, board.x_train))


# ------------------------------------------------------------ what a learner can do


def test_the_spiral_is_learned():
    board = Playground(data="spiral", layers=[8, 8], learning_rate=0.3)
    board.step(20 * 300)
    assert np.mean((board.model.predict(board.x_test) > 0.5) == (board.y_test > 0.5)) > 0.9


def test_layers_and_activation_make_a_new_network(board):
    board.step(20)
    board.layers = [3, 3]
    assert board.model.params["2.kernel"].shape == (3, 3)
    assert board.epoch == 0
    board.activation = "relu"
    assert repr(board.model.layers[1]) == "Activation('relu')"
    board.layers = []
    assert list(board.model.params) == ["0.kernel", "0.bias"]


def test_learning_rate_and_batch_size_keep_it(board):
    board.step(20)
    before = board.model.get_weights()
    board.learning_rate = 0.01
    board.batch_size = 5
    assert all(map(np.array_equal, before, board.model.get_weights()))
    assert board.epoch == 1


def test_noise_and_data_make_new_points(board):
    before = board.points
    board.noise = 0.2
    assert board.points != before
    for data in module.DATA:
        board.data = data
        assert np.abs(np.concatenate([board.x_train, board.x_test])).max() < 2.5
        assert 0.4 < board.y_train.mean() < 0.6


def test_reset_goes_back_and_new_weights_go_elsewhere(board):
    start = board.model.get_weights()
    board.step(30)
    board.reset()
    assert all(map(np.array_equal, start, board.model.get_weights()))
    board.reset(new_weights=True)
    assert not np.array_equal(start[0], board.model.get_weights()[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [("layers", [9]), ("layers", [1] * 5), ("activation", "swish"), ("batch_size", 0)],
)
def test_what_the_board_cannot_do_is_refused(board, name, value):
    before = getattr(board, name)
    with pytest.raises(Exception, match=r"trait|length|greater|lower"):
        setattr(board, name, value)
    assert getattr(board, name) == before


def test_arguments_are_checked_in_words():
    with pytest.raises(TypeError, match="without brackets"):
        Playground(3)
    with pytest.raises(ValueError, match="'dlcourse' or 'keras', got 'torch'"):
        Playground(backend="torch")


def test_its_text_never_changes(board):
    before = repr(board)
    board.step(10)
    assert repr(board) == before == repr(Playground())


# ------------------------------------------------------------ the learner's own step


def test_the_learners_step_trains():
    calls = []

    def my_step(model, x, y, learning_rate):
        calls.append((x.shape, y.shape, learning_rate))
        gradient_step(model, x, y, learning_rate)

    board = Playground(my_step, batch_size=20)
    board.step(2)
    assert board.trained_by == "your train_step"
    assert calls == [((20, 2), (20, 1), 0.1)] * 2


def test_keras_trains_the_same_network():
    ours, keras = Playground(data="moons"), Playground(data="moons", backend="keras")
    assert keras.trained_by == "Keras"
    for board in (ours, keras):
        board.step(3)
    for a, b in zip(ours.model.get_weights(), keras.model.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_who_trains_can_change_on_the_way(board):
    board.step(3)
    board.trained_by = "Keras"
    assert "Its first step takes seconds" in board.message
    board.step(1)
    same = Playground(data="moons", layers=[3, 2], learning_rate=0.3)
    same.step(4)
    np.testing.assert_allclose(board.model.get_weights()[0], same.model.get_weights()[0], atol=1e-6)


def test_what_keras_cannot_do_is_said():
    board = Playground(backend="keras", activation="step")
    board.step()
    assert "Keras has no step activation" in board.message


def test_an_error_in_it_is_said_with_its_line():
    def my_step(model, x, y, learning_rate):
        return model.params["no such name"]

    board = Playground(my_step)
    board.step()
    assert board.message.startswith("your train_step stopped with KeyError: 'no such name'. Line ")
    assert board.message.endswith('return model.params["no such name"]')
    assert board.epoch == 0


def test_a_step_that_changes_nothing_is_noticed():
    def my_step(model, x, y, learning_rate):
        for param in model.params.values():
            param = param - learning_rate

    board = Playground(my_step)
    board.step()
    assert "changed no weight" in board.message
    assert "param -= ..." in board.message


def test_new_arrays_in_the_dictionary_are_noticed():
    def my_step(model, x, y, learning_rate):
        for name, param in model.params.items():
            model.params[name] = param - learning_rate

    board = Playground(my_step)
    board.step()
    assert "changed no weight" in board.message


def test_divergence_is_said_and_can_be_shown():
    def my_step(model, x, y, learning_rate):
        for param in model.params.values():
            param += np.inf

    board = Playground(my_step)
    board.step()
    assert "diverged" in board.message
    assert board.numbers()["status"]["losses"] == [None, None]
    assert np.isfinite(surfaces(board)).all()


# ------------------------------------------------------------ frames and the loop


def draw(board, number=None):
    board._receive(board, {"drawn": board.frame if number is None else number}, [])


def test_frames_wait_for_a_slow_browser(board):
    draw(board)
    sent = board.frame
    for _ in range(50):
        board.step()
    assert board.frame == sent + module.IN_FLIGHT
    assert board.status["epoch"] == 0
    draw(board)
    assert board.frame == sent + module.IN_FLIGHT + 1  # one frame with all the news
    assert board.status["epoch"] == 2
    assert board.status["batch"] == 10


def test_commands_of_the_browser(board):
    board._receive(board, {"step": 3, "weights": [[0, 1.5], [1, 2.5]]}, [])
    assert board.status["batch"] == 3
    board._receive(board, {"reset": "same weights"}, [])
    assert board._batch == 0
    board._receive(board, {"weights": [[0, 1.5], [1, 2.5]]}, [])
    assert board.model.params["0.kernel"][0, :2].tolist() == [1.5, 2.5]


async def run(board, seconds=0.3, watched=True):
    """Let a board train, with a browser that draws every frame at once."""
    board.running = True
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.005)
        if watched:
            draw(board)


def test_it_trains_in_the_background_and_pauses(board):
    async def scenario():
        await run(board)
        board.running = False
        epoch = board.epoch
        await asyncio.sleep(0.1)
        assert board._task.done()
        return epoch

    assert asyncio.run(scenario()) == board.epoch > 0


def test_it_stops_when_nobody_watches(board, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    asyncio.run(run(board, watched=False))
    assert not board.running
    assert board.message == "Paused, because nobody was watching."


def test_it_stops_when_it_is_closed(board):
    async def scenario():
        await run(board)
        board._receive(board, {"closed": True}, [])
        await asyncio.sleep(0.1)
        assert board._task.done()

    asyncio.run(scenario())


def test_only_one_board_trains_at_a_time(board):
    async def scenario():
        await run(board)
        await run(Playground())

    asyncio.run(scenario())
    assert not board.running


def test_an_error_ends_the_loop():
    board = Playground(lambda model, x, y, rate: 1 / 0)
    asyncio.run(run(board))
    assert not board.running
    assert "ZeroDivisionError" in board.message


def test_a_plain_program_is_told_what_to_do(board):
    board.running = True
    assert not board.running
    assert "call step()" in board.message


def test_no_script_comes_from_elsewhere():
    for text in (str(Playground._esm), str(Playground._css)):
        assert len(text) > 500
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")

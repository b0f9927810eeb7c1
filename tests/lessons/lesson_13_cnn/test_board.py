import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_13_cnn.board import CNNBoard, describe_stages, forward_values


def network(seed=0):
    """A network with every kind of layer that the board shows."""
    some = {"connections": np.array([[1, 0, 1], [0, 1, 1]]), "shared_bias": False}
    layers = [
        *(nn.Conv2D(2, 3, padding="same"), nn.Activation("relu"), nn.Dropout(0.5)),
        nn.PartialConv2D(3, 3, 2, "same", background=-1.0, **some),
        *(nn.ScaledTanh(), nn.MaxPooling2D(), nn.Flatten()),
        *(nn.Dense(5), nn.Activation("tanh"), nn.Dense(3), nn.Activation("softmax")),
    ]
    return nn.Sequential(layers, input_shape=(8, 8, 1), seed=seed, dtype=np.float64)


@pytest.fixture
def images():
    return np.random.default_rng(1).random((6, 8, 8, 1)).astype(np.float32)


@pytest.fixture
def board(images):
    return CNNBoard(network(), images, np.array([0, 1, 2, 0, 1, 2]))


def test_every_stage_says_where_its_numbers_lie(images):
    model = network()
    stages, weights = describe_stages(model)
    names = ["image", "conv 1", "conv 2", "pool 1", "dense 1", "answer"]
    assert [stage["name"] for stage in stages] == names
    values = forward_values(model, images[0])
    x, outputs = images[:1], {}
    for number, layer in enumerate(model.layers):
        x, _ = layer.forward(x)
        outputs[number] = x.ravel()
    sums = {"conv 1": 0, "conv 2": 3, "dense 1": 7, "answer": 9}
    results = {"conv 1": 1, "conv 2": 4, "pool 1": 5, "dense 1": 8, "answer": 10}
    for stage in stages[1:]:
        size = int(np.prod(stage["shape"]))
        for start, layers in ((stage["sums"], sums), (stage["outputs"], results)):
            if stage["name"] in layers:
                expected = outputs[layers[stage["name"]]]
                np.testing.assert_allclose(values[start : start + size], expected)
    kernels = {"conv 1": model.layers[0].params["kernel"], "conv 2": model.layers[3].full_kernel()}
    for name, kernel in kernels.items():
        start = next(stage["kernel"] for stage in stages if stage["name"] == name)
        np.testing.assert_array_equal(weights[start : start + kernel.size], kernel.ravel())


def test_it_shows_what_the_model_predicts(board, images):
    for digit in (0, 4):
        board.digit = digit
        values = np.frombuffer(board.values, np.float32)
        predicted = board.model.predict(images[[digit]])[0]
        np.testing.assert_allclose(values[-3:], predicted, rtol=1e-6)
        assert board.answer["answer"] == predicted.argmax()


def test_it_finds_what_is_misread(board, images):
    wrong = np.flatnonzero(board.model.predict(images).argmax(axis=1) != [0, 1, 2, 0, 1, 2])
    assert board.misread == wrong.tolist()
    seen = []
    for _ in range(len(wrong) + 1):
        board.next_misread()
        seen.append(board.digit)
    first = wrong[wrong > 0][0]
    assert seen[0] == first
    assert set(seen) == set(wrong.tolist())


def test_painting_changes_a_copy_and_can_be_undone(board, images):
    before = bytes(board.values)
    board.draw([(2, 3)])
    assert bytes(board.values) != before
    assert board.answer["painted"] == 1
    board.draw([(2, 3), (2, 4), (2, 5)], ink=False)
    assert board.answer["painted"] == 3
    assert board.image[2, 3:6, 0].max() == images.min()
    board.restore()
    assert bytes(board.values) == before
    assert board.answer["painted"] == 0
    np.testing.assert_array_equal(board.image, images[0])
    board.draw([(0, 0)])
    board.digit = 1
    assert board.answer["painted"] == 0


def test_the_browser_asks_by_messages(board):
    board._receive(board, {"draw": {"pixels": [[1, 1]], "ink": True}}, [])
    assert board.answer["painted"] == 1
    board._receive(board, {"do": "restore"}, [])
    assert board.answer["painted"] == 0
    board._receive(board, {"do": "misread"}, [])
    assert board.digit in board.misread
    board.digit = 10**6
    assert board.digit == board.count - 1


@pytest.mark.parametrize(
    ("layers", "shape", "message"),
    [
        ([nn.AveragePooling2D(), nn.Flatten(), nn.Dense(3)], (8, 8, 1), "cannot show Average"),
        ([nn.Conv2D(2, 3, dilation_rate=2), nn.Flatten()], (8, 8, 1), "dilated"),
        ([nn.Conv2D(2, 3), nn.MaxPooling2D(), nn.Activation("relu")], (8, 8, 1), "after sums only"),
        ([nn.Conv2D(2, 3)], (8, 8, 1), "one number per class"),
        ([nn.Flatten(), nn.Dense(300)], (8, 8, 1), "has room for"),
        ([nn.Flatten(), nn.Dense(3)], (8, 8, 3), r"height, width, 1"),
    ],
)
def test_what_it_cannot_show_is_refused_in_words(layers, shape, message):
    model = nn.Sequential(layers, input_shape=shape, seed=0)
    with pytest.raises(ValueError, match=message):
        CNNBoard(model, np.ones((2, *shape)), np.zeros(2, int))


def test_images_that_do_not_fit_are_refused(images):
    with pytest.raises(ValueError, match="got images of shape"):
        CNNBoard(network(), images[:, :4], np.zeros(6, int))
    with pytest.raises(ValueError, match="one for each of 5 labels"):
        CNNBoard(network(), images, np.zeros(5, int))


def test_its_text_never_changes(board):
    text = "Interactive board: a digit on its way to the answer (run this notebook to use it)"
    assert repr(board) == text

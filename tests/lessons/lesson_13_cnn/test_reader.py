import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_13_cnn import reader


@pytest.fixture(scope="module")
def digits():
    return datasets.digits_split()[1]


def test_the_network_has_the_parameters_that_the_lesson_counts():
    counts = reader.parameters(reader.small_network(0))
    assert counts == {"Conv2D 1": 120, "Conv2D 2": 2616, "Dense 1": 970}
    larger = reader.parameters(reader.small_network(0, side=16))
    assert larger == counts | {"Dense 1": 3850}


def test_it_is_trained_on_the_digits_of_the_first_hands(monkeypatch, digits):
    seen = {}
    monkeypatch.setattr(nn.Sequential, "fit", lambda model, x, y, **options: seen.update(x=x, y=y))
    reader.trained(reader.small_network(0))
    train, _ = datasets.digits_split()
    np.testing.assert_array_equal(seen["x"], train.x)
    np.testing.assert_array_equal(seen["y"], train.y)


def test_images_move_and_paper_follows(digits):
    moved = reader.moved(digits.x, right=-2, down=1)
    np.testing.assert_array_equal(moved[:, 1:, :-2], digits.x[:, :-1, 2:])
    assert not moved[:, 0].any()
    assert not moved[:, :, -2:].any()
    np.testing.assert_array_equal(reader.moved(digits.x, 0), digits.x)


def test_nothing_changes_without_a_change_and_a_doubled_image_doubles_its_sums(digits):
    model = nn.Sequential(
        [nn.Conv2D(2, 3, use_bias=False), nn.Activation("relu")], input_shape=(8, 8, 1), seed=0
    )
    assert reader.stage_changes(model, digits.x[:9], lambda x: x) == {-1: 0, 0: 0, 1: 0}
    doubled = reader.stage_changes(model, digits.x[:9], lambda x: 2 * x)
    assert doubled == pytest.approx({-1: 1, 0: 1, 1: 1}, rel=1e-5)


def test_covering_the_only_pixel_that_counts_takes_the_probability_away():
    model = nn.Sequential(
        [nn.Flatten(), nn.Dense(2), nn.Activation("softmax")], input_shape=(5, 5, 1), seed=0
    )
    kernel = np.zeros((25, 2))
    kernel[12, 1] = 4  # the pixel in the middle speaks for class 1
    model.set_weights([kernel, np.zeros(2)])
    falls = reader.hidden_patches(model, np.ones((5, 5, 1), np.float32), 1)
    expected = np.zeros((5, 5))
    expected[1:4, 1:4] = 1 / (1 + np.exp(-4)) - 0.5
    np.testing.assert_allclose(falls, expected, atol=1e-6)


def test_wrong_answers_after_a_change_are_counted_for_each_network(digits):
    models = [reader.small_network(seed) for seed in range(2)]
    table = reader.wrong_after(
        models, digits.x, digits.y, {"same": lambda x: x, "white": np.zeros_like}
    )
    counts = [reader.wrong_answers(model, digits.x, digits.y) for model in models]
    assert table.rows[0][2:] == [min(counts), max(counts)]
    assert table.rows[1][1] != table.rows[0][1]

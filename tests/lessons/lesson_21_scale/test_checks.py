"""What is special to the checks of lesson 21: the numbers of the lesson; the task is fair."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_21_scale import checks as own

GOAL = own.CHECKS[-1].goal
CASES = own.reader_cases(np.random.default_rng(0))


def gradients(x, y):
    """Return the slopes of the mean squared error of a linear map of some examples."""
    apart = x @ np.linspace(-1, 1, 15).reshape(5, 3) + 0.3 - y
    return {"w": 2 * x.T @ apart / len(x), "b": 2 * apart.mean(axis=0)}


def test_shards_give_the_gradients_of_the_whole_batch():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 5)), rng.normal(size=(9, 3))
    whole = gradients(x, y)
    shards = [gradients(x[rows], y[rows]) for rows in (slice(0, 5), slice(5, 6), slice(6, 9))]
    empty = {name: np.full_like(values, np.nan) for name, values in whole.items()}
    found = own.average_gradients([*shards, empty], [5, 1, 3, 0])
    assert found.keys() == whole.keys()
    for name, values in whole.items():
        np.testing.assert_allclose(found[name], values, atol=1e-12)


def test_the_speed_ups_of_the_lesson_and_their_limits():
    shares = np.array([0.5, 0.9, 0.95, 0.99])
    of_eight = [1.7777777778, 4.7058823529, 5.9259259259, 7.4766355140]
    np.testing.assert_allclose(own.amdahl(shares, 8), of_eight)
    np.testing.assert_allclose(own.amdahl(shares, 10**9), [2, 10, 20, 100], rtol=1e-6)


def test_counts_rates_and_the_card_agree():
    rng = np.random.default_rng(1)
    y, predicted, group = rng.integers(0, 4, (3, 60))
    counts = own.confusion(y, predicted, 4)
    rates = own.group_error_rates(y, predicted, group)
    card = own.model_card({"limits": "few"}, y, predicted, group)
    assert counts.sum() == card["examples"] == sum(card["group_examples"].values()) == 60
    assert card["error"] == pytest.approx(1 - np.trace(counts) / 60)
    weighted = sum(rates[g] * card["group_examples"][g] for g in rates) / 60
    assert card["error"] == pytest.approx(weighted)
    assert rates[card["worst_group"]] == max(rates.values())
    assert (card["limits"], card["name"]) == ("few", "not stated")


def known_images(train_x, train_y, train_group, test_x):
    """Answer with the digit of the nearest image that is known."""
    return train_y[own._apart(test_x, train_x).argmin(axis=1)]


def in_all_ways(train_x, train_y, train_group, test_x):
    """Add every image of the large group in each of the four ways, and take the nearest."""
    large = train_group == 0
    images = np.concatenate([train_x, *(way(train_x[large]) for way in own.WAYS)])
    digits = np.concatenate([train_y, np.tile(train_y[large], len(own.WAYS))])
    return known_images(images, digits, None, test_x)


@pytest.mark.parametrize("case", CASES)
def test_each_bar_asks_for_more(case):
    first, second, third = GOAL.bars
    share = {
        answer: GOAL.measure(answer(*case.arguments), case.hidden)
        for answer in (own.unlearned, known_images, in_all_ways, own.fair_reader)
    }
    assert share[own.unlearned] < first < share[known_images] < second
    assert third < share[in_all_ways] < share[own.fair_reader]


@pytest.mark.parametrize("case", CASES)
def test_repeated_images_change_nothing_for_a_nearest_neighbour(case):
    images, digits, group, new = case.arguments
    rows = np.concatenate([np.arange(len(images)), np.repeat(np.flatnonzero(group), 20)])
    repeated = known_images(images[rows], digits[rows], None, new)
    np.testing.assert_array_equal(repeated, known_images(images, digits, None, new))


@pytest.mark.parametrize("case", CASES)
def test_the_small_group_is_small_and_its_average_hides_it(case):
    images, digits, group, new = case.arguments
    assert group.sum() == own.FEW
    assert len(images) == len(digits) == len(group) == own.KNOWN
    assert np.bincount(case.hidden // 10).tolist() == [360, 360]
    assert case.hidden.shape == (len(new),)
    large, small = own.shares_right(known_images(*case.arguments), case.hidden)
    share = own.FEW / own.KNOWN
    assert (1 - share) * large + share * small > 0.93
    assert small < 0.9 < large


def test_scanners_differ_and_each_shows_pixels_from_0_to_1():
    draws = [own.reader_cases(np.random.default_rng(seed)) for seed in range(4)]
    for one, two in draws:
        for case in (one, two):
            assert case.arguments[0].min() >= 0
            assert case.arguments[0].max() <= 1
    images = np.random.default_rng(0).random((2, 8, 8))
    shown = [way(images) for way in own.WAYS]
    for place, image in enumerate(shown):
        assert image.shape == images.shape
        assert not any(np.allclose(image, other) for other in [images, *shown[:place]])


ONE_GROUP_IS_LOST = np.where(CASES[0].hidden >= 10, CASES[0].hidden % 10, 9 - CASES[0].hidden)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.zeros((720, 10)), "argmax"),
        (np.zeros(1200, int), "those in test_x"),
        (np.arange(720), "such as 10. Return a digit"),
        (np.full(720, 3), "You answer 3 for every image"),
        (CASES[0].hidden // 10, "not the group"),
        (9 - CASES[0].hidden % 10, ""),
        (ONE_GROUP_IS_LOST, "Now group 0 is served worse"),
        (CASES[0].hidden % 10, ""),
        (np.zeros((3, 4)), ""),
        (np.full(720, np.nan), "such as nan"),
        (None, ""),
        ("text", ""),
        ([1.0, 2.0], ""),
    ],
)
def test_slips_are_told_and_any_value_is_borne(value, words):
    said = own.reader_slip(value, CASES[0])
    assert words in said if words else not said

"""What the lesson says about rates, balls and schedules, with random starts of its own."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_08_optimizers import training

SEEDS = (11, 12)  # the lesson's are 0 to 4


def last(optimizer_of, **options):
    return [training.train(optimizer_of(), seed, **options)[1][-1] for seed in SEEDS]


def test_too_low_right_and_too_high():
    low, right, high = (last(lambda rate=rate: nn.SGD(rate)) for rate in (0.001, 1, 3))
    assert min(low) > 1.8
    assert max(right) < 0.05
    assert min(high) > 1.8


def test_equal_effective_rates_learn_alike():
    plain = last(lambda: nn.SGD(0.1))
    rolled = last(lambda: nn.SGD(0.01, momentum=0.9))
    np.testing.assert_allclose(plain, rolled, rtol=0.1)


def test_a_falling_rate_costs_where_the_rate_is_modest_and_helps_where_it_is_high():
    for eta, better in ((0.03, "constant"), (0.2, "cosine")):
        schedules = {"constant": eta, "cosine": training.falling(eta, 1800)["cosine"]}
        ends = {
            name: max(last(lambda r=rate: nn.SGD(r, momentum=0.9), epochs=20, batch=16))
            for name, rate in schedules.items()
        }
        assert min(ends, key=ends.get) == better


def test_the_scaled_rate_keeps_the_loss():
    np.testing.assert_allclose(
        last(lambda: nn.SGD(0.1)), last(lambda: nn.SGD(0.4), batch=128), rtol=0.15
    )


def test_one_batch_is_a_step_of_the_optimizer():
    model, optimizer = training.network(0), nn.SGD(0.1)
    losses = [training.one_batch(model, optimizer, np.random.default_rng(0)) for _ in range(5)]
    assert optimizer.iterations == 5
    assert losses == sorted(losses, reverse=True)  # the same 32 digits each time


def test_every_optimizer_has_rates_up_to_where_it_is_lost():
    for make, rates in training.RIVALS.values():
        ends = last(lambda make=make, rates=rates: make(rates[-1]), epochs=3)
        assert min(ends) > 1


def test_a_loss_that_is_lost_is_infinite_for_the_rest():
    _, losses = training.train(nn.SGD(1e30), 0, epochs=3)
    assert len(losses) == 3
    assert losses[-1] == np.inf
    assert training.said(losses) == "lost"


def test_every_seed_gets_a_fresh_optimizer():
    adam = nn.Adam(0.01)
    ends = training.last_losses(adam, seeds=2, epochs=1)
    assert adam.iterations == 0
    assert ends[1] == training.train(nn.Adam(0.01), 1, epochs=1)[1][-1]


def test_known_digits_are_not_the_test_digits():
    model = training.network(0)
    assert training.wrong(model) <= 360 < training.wrong(model, known=True)


def test_an_argument_is_taken_refused_or_ignored():
    def make(rate=0, decay=None):
        if decay is not None:
            import warnings

            warnings.warn("ignored", stacklevel=2)

    found = training.accepted(make, {"rate": 1, "lr": 1, "decay": 0})
    assert [row[1] for row in found] == ["takes it", "refuses it", "warns and ignores it"]


@pytest.mark.parametrize("name", training.RIVALS)
def test_rates_rise(name):
    _, rates = training.RIVALS[name]
    assert list(rates) == sorted(rates)

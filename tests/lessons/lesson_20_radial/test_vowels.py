"""The race for vowels: that both sides get the same, and what comes of it with another seed."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_20_radial import vowels


def test_speakers_say_each_vowel_once_and_stretch_all_alike():
    formants, names = vowels.speakers(300, np.random.default_rng(1))
    assert formants.shape == (1200, 2)
    np.testing.assert_array_equal(np.bincount(names), [300] * 4)
    ratios = (formants.reshape(300, 4, 2) / vowels.FORMANTS).mean(axis=(1, 2))
    assert ratios.min() < 1.05
    assert ratios.max() > 1.25
    assert np.all(formants > 0)


def test_experts_have_no_hidden_units_and_networks_have():
    model, loss = vowels.build("4 experts", 0)
    assert model.forward(np.zeros((3, 2)))[0].shape == (3, 4 + 16)
    assert loss.experts == 4
    assert sum(array.size for array in model.params.values()) == 3 * 20
    model, _ = vowels.build("6 hidden units", 0)
    assert sum(array.size for array in model.params.values()) == 3 * 6 + 7 * 4


def test_experts_are_there_sooner_at_an_equal_rate():
    crew, network = (
        np.median([vowels.race(system, 10.0, seed).epochs for seed in (40, 41, 42)])
        for system in ("4 experts", "6 hidden units")
    )
    assert crew < network


def test_what_a_run_says_of_itself():
    run = vowels.race("8 experts", 10.0, 43)
    assert 20 < run.epochs < vowels.LONGEST
    assert 75 < run.train <= 100
    assert 60 < run.test <= 100
    assert 2 <= run.used <= 8
    assert vowels.race("8 experts", 10.0, 43) == run
    assert vowels.race("6 hidden units", 10.0, 43).used is None


def test_a_single_expert_never_arrives(monkeypatch):
    monkeypatch.setattr(vowels, "LONGEST", 200)
    run = vowels.race("1 expert", 10.0, 40)
    assert run.epochs is None
    assert 75 < run.test < 95  # and yet it tells the vowels


def test_a_rate_that_is_too_high_fails(monkeypatch):
    monkeypatch.setattr(vowels, "LONGEST", 100)
    run = vowels.race("12 hidden units", 1000.0, 40)
    assert run.epochs is None
    assert run.test < 60


@pytest.mark.parametrize("system", vowels.SYSTEMS)
def test_a_step_goes_downhill(system):
    model, loss = vowels.build(system, 1)
    rng = np.random.default_rng(2)
    x, y = vowels.speakers(10, rng)
    targets = np.eye(4)[y]
    outputs, cache = model.forward(x)
    before, slope = loss.value_and_grad(targets, outputs)
    _, grads = model.backward(slope, cache, input_grad=False)
    for name, grad in grads.items():
        model.params[name] -= 0.01 * grad
    assert loss(targets, model.forward(x)[0]) < before

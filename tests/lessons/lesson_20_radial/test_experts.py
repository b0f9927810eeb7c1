"""Mixtures of experts on three lines: what the lesson says of them, with other seeds."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_20_radial import checks, experts

SEEDS = (20, 21, 22)


@pytest.fixture(scope="module")
def crews():
    return {way: [experts.train(4, way, seed) for seed in SEEDS] for way in (True, False)}


def test_the_points_lie_on_the_lines():
    x, t = experts.points(20)
    assert len(x) == experts.POINTS
    assert np.std(t - experts.lines(x)) == pytest.approx(experts.NOISE, rel=0.15)


def test_shares_are_those_of_the_exercise_also_far_off():
    rng = np.random.default_rng(7)
    gate, errors = rng.dirichlet(np.ones(3), 5), rng.uniform(0, 9, (5, 3))
    errors[-1] += 1e5
    found = experts.shares(gate, errors, 0.05)
    np.testing.assert_allclose(found, checks.responsibilities(gate, errors, 0.05), rtol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_a_gate_shares_out_everything(crews):
    for mixture in crews[True] + crews[False]:
        np.testing.assert_allclose(mixture.gate.sum(axis=1), 1)
        answer = (mixture.gate * mixture.outputs).sum(axis=1)
        np.testing.assert_allclose(mixture.answer, answer)


def test_three_of_four_competing_experts_are_used_and_right(crews):
    for mixture in crews[True]:
        assert mixture.used == 3
        assert mixture.error < 0.15
        middles = np.abs(experts.GRID[:, None] - [-2, 0, 2]).argmin(axis=0)
        best = mixture.gate[middles].argmax(axis=1)
        own = mixture.outputs[middles, best]
        np.testing.assert_allclose(own, experts.lines(np.array([-2.0, 0, 2])), atol=0.15)


def test_cooperating_experts_share_more(crews):
    competing, cooperating = (np.median([m.bits for m in crews[way]]) for way in (True, False))
    assert cooperating > 1.5 * competing


def test_two_experts_are_too_few_to_compete():
    competing, cooperating = (
        np.median([experts.train(2, way, seed).error for seed in SEEDS]) for way in (True, False)
    )
    assert competing > 1.5 * cooperating


def test_an_idle_expert_is_not_counted():
    gate = np.tile([0.6, 0.4, 0.0], (601, 1))
    gate[:300, :2] = [0.1, 0.9]
    x, t = experts.points(20)
    mixture = experts.Mixture(x, t, gate, np.zeros((601, 3)), experts.lines(experts.GRID))
    assert mixture.used == 2
    assert mixture.error == 0
    even = experts.Mixture(x, t, np.full((601, 2), 0.5), np.zeros((601, 2)), np.zeros(601))
    assert even.bits == pytest.approx(1)
    assert even.sure == 0


def test_a_gate_may_collapse_though_every_expert_is_sure():
    mixture = experts.train(2, True, 3)
    assert mixture.sure > 0.7
    assert np.abs(mixture.gate - 0.5).max() < 0.2
    assert mixture.error > experts.train(1, True, 3).error

"""What is special about the checks of recurrent networks: oracles that share no code with them."""

import numpy as np
import pytest

from dlcourse import checks, nn
from dlcourse.lessons.lesson_15_recurrent.checks import (
    backward_cases,
    bidirectional_states,
    bits_saved,
    clip_by_global_norm,
    draw_layer,
    jacobian_norms,
    letter_cases,
    rnn_backward,
    rnn_forward,
)
from tests.checks.test_checks import grade


def loops_forward(x, h0, W, U, b):  # noqa: N803
    """Use numbers only: no matrix product to get the wrong way round."""
    before, rows = list(h0), []
    for x_t in x:
        before = [
            np.tanh(
                b[j]
                + sum(x_t[i] * W[i, j] for i in range(len(x_t)))
                + sum(before[i] * U[i, j] for i in range(len(before)))
            )
            for j in range(len(b))
        ]
        rows.append(before)
    return np.array(rows)


def recursive_backward(grad_h, x, h0, h, U):  # noqa: N803
    """Write the double sum of the lesson out, without carrying anything."""
    before = np.vstack([h0, h])
    grad_w, grad_u, grad_b = np.zeros((x.shape[1], len(U))), np.zeros_like(U), np.zeros(len(U))
    for t in range(len(x)):
        for k in range(t + 1):
            grad = grad_h[t]
            for i in range(t, k, -1):
                grad = U @ (grad * (1 - h[i] ** 2))
            delta = grad * (1 - h[k] ** 2)
            grad_w += x[k][:, np.newaxis] * delta
            grad_u += before[k][:, np.newaxis] * delta
            grad_b += delta
    return grad_w, grad_u, grad_b


def two_readers(x, forward, backward):
    a = loops_forward(x, np.zeros(len(forward["b"])), **forward)
    b = loops_forward(x[::-1], np.zeros(len(backward["b"])), **backward)
    return np.hstack([a, np.flip(b, axis=0)])


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("rnn_forward", loops_forward),
        ("rnn_backward", recursive_backward),
        ("bidirectional_states", two_readers),
    ],
)
def test_right_answers_written_differently_pass(name, function):
    for seed in range(5):
        verdict = grade(checks.find(name), function, seed)
        assert verdict.failure is None, verdict.failure


def test_the_gradients_are_those_of_finite_differences():
    for case in backward_cases(np.random.default_rng(0))[4:]:
        grad_h, x, h0, _, U = case.arguments  # noqa: N806
        layer = draw_layer(np.random.default_rng(1), x.shape[1], len(U)) | {"U": U.copy()}

        def loss(layer=layer, grad_h=grad_h, x=x, h0=h0):
            return float((grad_h * rnn_forward(x, h0, **layer)).sum())

        h = rnn_forward(x, h0, **layer)
        for found, name in zip(rnn_backward(grad_h, x, h0, h, layer["U"]), "WUb", strict=True):
            expected = nn.numerical_gradient(loss, layer[name])
            np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


def test_the_two_directions_are_those_of_the_layer():
    rng = np.random.default_rng(0)
    layer = nn.Bidirectional(nn.SimpleRNN(3, return_sequences=True))
    layer.build((5, 2), rng, np.float64)
    x = rng.normal(size=(5, 2))
    expected, _ = layer.forward(x[np.newaxis])
    ways = (dict(zip("WUb", w.params.values(), strict=True)) for w in _layers(layer))
    np.testing.assert_allclose(bidirectional_states(x, *ways), expected[0], atol=1e-14)


def _layers(layer):
    return layer.forward_layer, layer.backward_layer


def test_clipping_is_that_of_the_optimizers():
    grads = {"a": np.array([3.0, -1.0]), "b": np.array([[4.0]])}
    params = {name: np.zeros_like(grad) for name, grad in grads.items()}
    nn.SGD(1.0, global_clipnorm=2.0).step(params, grads)
    for name, clipped in clip_by_global_norm(grads, 2.0).items():
        np.testing.assert_allclose(clipped, -params[name])


def test_the_norms_are_those_of_the_backward_pass():
    rng = np.random.default_rng(0)
    weights = draw_layer(rng, 2, 3)
    h = rnn_forward(rng.normal(size=(4, 2)), np.zeros(3), **weights)
    x = np.zeros((4, 2))
    rows = []
    for unit in np.eye(3):  # the gradient of h_T[unit] by h_1 stands where W is not asked
        grad = unit
        for t in (3, 2, 1):
            grad = weights["U"] @ (grad * (1 - h[t] ** 2))
        rows.append(grad)
    norms = jacobian_norms(h, weights["U"])
    assert len(norms) == len(x)
    np.testing.assert_allclose(norms[-1], np.linalg.norm(np.array(rows), 2))


def counted(text, contexts, letters):
    """Guess by counting which letter follows which."""
    counts = np.full((letters, letters), 0.1)
    np.add.at(counts, (text[:-1], text[1:]), 1)
    return counts[contexts[:, -1]]


def test_counting_pairs_earns_a_third_of_the_open_task():
    check = checks.find("guess_letters")
    verdict = grade(check, counted)
    assert set(verdict.parts) == {1 / 3}
    assert verdict.failure.hint == check.goal.advice[1]


def test_bits_are_saved_by_what_is_right_alone():
    (case, _) = letter_cases(np.random.default_rng(0))
    came = case.hidden
    assert bits_saved(came, came) == pytest.approx(np.log2(11))
    assert bits_saved(np.ones_like(came), came) == pytest.approx(0)
    assert bits_saved(7 * came, came) == pytest.approx(np.log2(11))
    assert bits_saved(1 - came, came) == pytest.approx(np.log2(11e-6), abs=1e-3)
    assert bits_saved(-came, came) < 1e-9


def test_the_text_does_not_hold_the_places_that_are_asked():
    for case in letter_cases(np.random.default_rng(1)):
        text, contexts, letters = case.arguments
        assert (text.shape, contexts.shape, letters) == ((6000,), (400, 20), 11)
        np.testing.assert_array_equal(case.hidden.sum(axis=1), 1)
        assert len({row.tobytes() for row in contexts}) > 300

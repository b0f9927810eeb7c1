"""Reber's grammar, the adding problem, the recorded series: as their sources define them."""

import re

import numpy as np
import pytest

from dlcourse import datasets, nn

# The inner grammar as a regular expression: another way to write the same graph.
LOOP = "(?:T*VP X)*T*V"  # state 3 to state 5, going round; the blank is dropped below
INNER = f"B(?:TS*X(?:S|X{LOOP}(?:V|PS))|P{LOOP}(?:V|PS))E".replace(" ", "")
EMBEDDED = re.compile(rf"B(?:T{INNER}T|P{INNER}P)E")


@pytest.fixture
def strings():
    rng = np.random.default_rng(0)
    return [datasets.reber_string(rng) for _ in range(500)]


def test_strings_follow_the_grammar(strings):
    assert all(EMBEDDED.fullmatch(string) for string in strings)
    assert {string[1] for string in strings} == {"T", "P"}
    assert min(map(len, strings)) == 9


def test_strings_of_the_literature_are_legal_and_others_are_not():
    """The examples of N. Schraudolph's course notes, embedded."""
    for inner in ("BTSSXXTVVE", "BPVVE", "BTXXVPSE", "BPVPXVPXVPXVVE", "BTSXXVPSE"):
        assert datasets.legal_next_symbols(f"BT{inner}TE") == ""
    for inner in ("BTSSPXSE", "BPTVVB", "BTXXVVSE", "BPVSPSE", "BTSSSE"):
        with pytest.raises(ValueError, match="no embedded Reber string begins with"):
            datasets.legal_next_symbols(f"BT{inner}TE")


def test_every_symbol_of_a_string_was_legal_and_the_outer_pair_must_match(strings):
    for string in strings:
        for end in range(len(string)):
            assert string[end] in datasets.legal_next_symbols(string[:end])
        assert datasets.legal_next_symbols(string) == ""
        other = "P" if string[1] == "T" else "T"
        for wrong in (string[:-2] + other, string + "E", "A"):
            with pytest.raises(ValueError, match="begins with"):
                datasets.legal_next_symbols(wrong)


def test_a_batch_holds_its_strings_and_zeros_behind_them(strings):
    batch = datasets.reber_batch(strings[:20])
    for row, string in enumerate(batch.strings):
        end = len(string) - 1
        read = "".join(datasets.SYMBOLS[i] for i in batch.x[row, :end].argmax(axis=1))
        told = "".join(datasets.SYMBOLS[i] for i in batch.y[row, :end].argmax(axis=1))
        assert (read, told) == (string[:-1], string[1:])
        assert not batch.x[row, end:].any()
        assert not batch.y[row, end:].any()
        assert not batch.legal[row, end:].any()
    assert batch.legal[batch.y == 1].all()


def test_padding_teaches_nothing(strings):
    """The gradient of a padded pair is the sum of the gradients of the strings alone."""
    short, long = sorted(strings, key=len)[0], sorted(strings, key=len)[-1]
    layers = [nn.LSTM(4, return_sequences=True), nn.Dense(7)]
    model = nn.Sequential(layers, input_shape=(None, 7), seed=0, dtype=np.float64)
    loss = nn.CategoricalCrossentropy(from_logits=True)

    def gradient(*some):
        batch = datasets.reber_batch(some)
        outputs, cache = model.forward(batch.x.astype(float))
        _, grad = loss.value_and_grad(batch.y, outputs)
        _, grads = model.backward(grad, cache)
        return grads["0.kernel"] * batch.y[..., 0].size  # the loss is a mean over all rows

    np.testing.assert_allclose(gradient(short, long), gradient(short) + gradient(long), atol=1e-12)


def test_a_stream_is_strings_end_to_end():
    batch = datasets.reber_stream(3, 200, np.random.default_rng(0))
    assert batch.x.shape == batch.y.shape == batch.legal.shape == (3, 200, 7)
    np.testing.assert_array_equal(batch.x[:, 1:], batch.y[:, :-1])
    assert batch.legal[batch.y == 1].all()
    for row, text in enumerate(batch.strings):
        assert "".join(datasets.SYMBOLS[i] for i in batch.x[row].argmax(axis=1)) == text[:-1]
        string = EMBEDDED.match(text)[0]
        assert string
        end = len(string)
        assert text[end] == "B"
        assert batch.legal[row, end - 1].sum() == 1  # only B may follow
        alone = datasets.reber_batch([string])
        np.testing.assert_array_equal(batch.legal[row, : end - 1], alone.legal[0])


def test_predicted_legally_asks_for_both_symbols_of_a_fork():
    legal = np.array([[[1, 1, 0], [0, 0, 1]]], bool)
    right = np.array([[[0.5, 0.4, 0.1], [0.2, 0.1, 0.7]]])
    one_only = np.array([[[0.9, 0.04, 0.06], [0.2, 0.1, 0.7]]])
    assert datasets.predicted_legally(right, legal).tolist() == [True]
    assert datasets.predicted_legally(one_only, legal).tolist() == [False]
    assert datasets.predicted_legally(one_only, np.zeros_like(legal)).tolist() == [True]  # padding


@pytest.mark.parametrize("lag", [30, 100])
def test_the_adding_problem_is_the_papers(lag):
    rng = np.random.default_rng(0)
    lengths, firsts = set(), []
    for _ in range(60):
        x, y = datasets.adding_batch(lag, 32, rng)
        lengths.add(x.shape[1])
        values, marks = x[..., 0], x[..., 1]
        assert (abs(values) <= 1).all()
        assert (marks[:, [0, -1]] == -1).all()
        counts = (marks == 1).sum(axis=1)
        assert set(counts.tolist()) <= {1, 2}  # one, if the first pair was drawn
        assert not (marks[:, max(10, lag // 2 - 1) :] == 1).any()
        assert (marks[:, 1:10] == 1).any(axis=1)[counts == 2].all()
        firsts += (counts == 1).tolist()
        np.testing.assert_allclose(
            y[:, 0], 0.5 + np.where(marks == 1, values, 0).sum(axis=1) / 4, atol=1e-6
        )
        assert (y >= 0).all()
        assert (y <= 1).all()
    assert lengths == set(range(lag, lag + lag // 10 + 1))
    assert 0.08 < np.mean(firsts) < 0.25
    with pytest.raises(ValueError, match="lag >= 22"):
        datasets.adding_batch(20, 2, rng)


def test_all_that_counts_can_be_seen():
    """The trap: if the number of a hidden mark counted, nobody could get below an error."""
    x, y = datasets.adding_batch(30, 2000, np.random.default_rng(1))
    np.testing.assert_array_equal(y[:, 0], datasets.adding_target(x[..., 0], x[..., 1]))


def test_series_and_windows():
    assert datasets.brain_waves().shape == (800, 4)
    assert np.isfinite(datasets.brain_waves()).all()
    assert datasets.share_prices().shape == (1047,)
    x, y = datasets.sliding_windows(datasets.share_prices(), 20)
    assert (x.shape, y.shape, x.dtype) == ((1027, 20, 1), (1027, 1), np.float32)
    np.testing.assert_array_equal(x[1:, -1, 0], y[:-1, 0])
    with pytest.raises(ValueError, match="no window of 20"):
        datasets.sliding_windows(np.zeros(20), 20)

"""What is special about exercise 17: its functions are those of the package, its task is fair."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from dlcourse import checks, nn
from dlcourse.checks import Case
from dlcourse.lessons.lesson_17_seq2seq import checks as own
from dlcourse.nn import attention, encoder_decoder, search


def test_the_cell_of_the_plan():
    """The scalar cell, with the digits that the course's plan records."""
    hand = {
        "wx": np.array([[0.5, 0.4, 0.8]]),
        "wh": np.array([[0.3, -0.2, 0.6]]),
        "b": np.array([0.1, 0, -0.1]),
        "b_h": np.array([0, 0, 0.2]),
    }
    step = partial(own.plain_gru_step, np.array([1.0]), np.array([0.5]), hand)
    assert step(True).round(10).item() == 0.582186386
    assert step(False).round(10).item() == 0.5649847304


@pytest.mark.parametrize("reset_after", [True, False])
def test_steps_one_after_another_are_the_layer_of_the_package(reset_after):
    rng = np.random.default_rng(0)
    layer = nn.GRU(3, return_sequences=True, reset_after=reset_after)
    layer.build((5, 2), rng, np.float64)
    bias = layer.params["bias"] = rng.normal(size=layer.params["bias"].shape)
    b, b_h = bias if reset_after else (bias, np.full(9, np.nan))
    params = {"wx": layer.params["kernel"], "wh": layer.params["recurrent_kernel"]}
    params |= {"b": b, "b_h": b_h}
    x = rng.normal(size=(5, 2))
    outputs, _ = layer.forward(x[None])
    h = np.zeros(3)
    for t in range(5):
        h = own.plain_gru_step(x[t], h, params, reset_after)
        np.testing.assert_allclose(h, outputs[0, t], atol=1e-12)


def test_inputs_and_outputs_are_those_of_the_package():
    targets = np.array([[5, 3, 2, 0], [4, 6, 7, 2]])
    for ours, theirs in zip(
        own.teacher_forcing(targets, 1), encoder_decoder.teacher_forcing(targets, 1), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_looking_back_is_that_of_the_package():
    rng = np.random.default_rng(1)
    query, states = rng.normal(size=4), rng.normal(size=(6, 4))
    expected = attention.attend(query[None], states, states, scale=1.0)
    for ours, theirs in zip(own.attend(query, states), expected, strict=True):
        np.testing.assert_allclose(ours, theirs[0])


def test_a_beam_is_that_of_the_package():
    rng = np.random.default_rng(2)
    for _ in range(50):
        log_p = np.log(rng.dirichlet(np.ones(5), size=5))
        width, longest = int(rng.integers(1, 7)), int(rng.integers(1, 6))

        def after(symbols, log_p=log_p):
            return log_p[symbols[-1]]

        expected, total = search.beam_search(after, 3, 1, width, longest)
        tokens, log_of_all = own.beam_search(log_p, 3, 1, width, longest)
        assert tokens == expected
        assert log_of_all == pytest.approx(total)


def test_no_two_sequences_of_a_fixed_table_are_equally_probable():
    """A tie would be decided by the order in which a learner tries the symbols."""
    for case in own.beam_cases(np.random.default_rng(0)):
        log_p, start, stop, width, longest = case.arguments
        for turned in (log_p, log_p + 1e-7 * np.random.default_rng(1).normal(size=log_p.shape)):
            found = own.beam_search(turned, start, stop, width, longest)
            assert found[0] == own.beam_search(*case.arguments)[0], case.about


def test_the_first_example_of_the_beams_is_that_of_the_exercise():
    narrow, wide = own.beam_cases(np.random.default_rng(0))[:2]
    for case, tokens, p in ((narrow, [3, 1], 0.3186), (wide, [2, 1], 0.3471)):
        found, total = own.beam_search(*case.arguments)
        assert (found, round(np.exp(total), 4)) == (tokens, p)


# The open task


def words_of(number, way):
    return way(number, {meaning: meaning for meaning in own.MEANINGS})


def test_numbers_are_said_by_tens_and_by_twenties():
    assert words_of(4237, own._in_tens) == ["4", "of 1000", "2", "of 100", "3", "of 10", "7"]
    assert words_of(912, own._in_tens) == ["9", "of 100", "12"]
    assert words_of(2010, own._in_tens) == ["2", "of 1000", "1", "of 10"]
    assert words_of(4237, own._in_twenties) == ["17", "11", "of 20", "10", "of 400"]
    assert words_of(8019, own._in_twenties) == ["19", "1", "of 8000"]


@pytest.mark.parametrize("way", [own._in_tens, own._in_twenties])
def test_no_two_numbers_are_said_alike(way):
    assert len({tuple(words_of(number, way)) for number in range(1, 10_000)}) == 9_999


def test_each_language_has_25_words_and_each_case_one_language():
    for seed in range(20):
        cases = own.numeral_cases(np.random.default_rng(seed))
        counts = []
        for case in cases:
            texts, numbers, asked = case.arguments
            assert len(texts) == len(numbers) == 2000
            assert len(asked) == len(case.hidden) == 200
            assert not set(numbers) & set(case.hidden)
            counts.append(len({word for text in texts for word in text.split()}))
        assert sorted(counts) == [21, 22]


def least_squares(features):
    """Return a reader that lets each feature of a text add a number of its own."""

    def read(train_texts, train_numbers, test_texts):
        known = sorted({f for text in train_texts for f in features(text.split())})

        def table(texts):
            rows = [features(text.split()) for text in texts]
            return np.array([[row.count(f) for f in known] for row in rows], float)

        adds = np.linalg.lstsq(table(train_texts), train_numbers, rcond=None)[0]
        return np.rint(table(test_texts) @ adds).astype(int)

    return read


def test_words_alone_reach_nothing_and_pairs_without_an_end_not_all():
    check = checks.find("read_numbers")
    for seed in range(3):
        for case in check.cases(np.random.default_rng(seed)):
            words, pairs = (
                check.goal.measure(least_squares(features)(*case.arguments), case.hidden)
                for features in (list, lambda words: list(pairwise(words)))
            )
            assert check.goal.reached(words) == 0
            assert check.goal.reached(pairs) >= 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda right: [str(number) for number in right], "such as '"),
        (lambda right: np.zeros(2000), "that you learned from"),
        (lambda right: np.array([[int(d) for d in f"{n:04d}"] for n in right]), "the digits"),
        (lambda right: right + 0.25, "Round them"),
        (lambda right: np.full(200, 7), "You answer 7 for every text"),
        (lambda right: right - np.arange(200) % 2, "too small by one"),
        (lambda right: np.array([int(f"{n:04d}"[::-1]) for n in right]), "from the wrong end"),
        (np.sort, "in another order"),
    ],
)
def test_slips_of_reading_are_told(change, words):
    case = own.numeral_cases(np.random.default_rng(0))[0]
    assert words in own.misread(change(case.hidden), case)


def test_what_shows_no_slip_is_left_to_the_advice():
    case = own.numeral_cases(np.random.default_rng(0))[0]
    nan, huge = np.full(200, np.nan), np.full(200, 2**62)
    huge[0] = -5
    for value in (case.hidden, None, "7", [], nan, huge, np.zeros(0), case.hidden[:, None]):
        assert own.misread(value, case) == ""
    assert own.misread(np.zeros(3), Case(([], np.zeros(2), []), hidden=np.zeros(4, int))) == ""

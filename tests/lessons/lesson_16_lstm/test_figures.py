"""The trace of an LSTM equals the layer; held gates do what they say; the figures describe it."""

import json

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_16_lstm import figures
from dlcourse.lessons.lesson_16_lstm import figures as lstm
from dlcourse.lessons.lesson_16_lstm.trace import Hold, trace_lstm


@pytest.fixture
def layer():
    layer = nn.LSTM(3, return_sequences=True)
    layer.build((7, 2), np.random.default_rng(0), np.float64)
    return layer


@pytest.fixture
def x():
    return np.random.default_rng(1).normal(size=(7, 2))


def test_without_holds_the_trace_is_the_layers_cache(layer, x):
    trace = trace_lstm(layer, x)
    _, cache = layer.forward(x[np.newaxis])
    np.testing.assert_allclose(trace.gates, cache.gates[:, :, 0], atol=1e-12)
    np.testing.assert_allclose(trace.cell, cache.cell[:, 0], atol=1e-12)
    np.testing.assert_allclose(trace.hidden, cache.hidden[:, 0], atol=1e-12)
    assert not trace.held.any()
    np.testing.assert_array_equal(trace.gates, trace.computed)


def test_the_parts_add_up_to_what_the_gates_squash(layer, x):
    trace = trace_lstm(layer, x)
    z = trace.from_x + trace.from_h + trace.bias[:, np.newaxis]
    np.testing.assert_allclose(trace.gates[[0, 1, 3]], 1 / (1 + np.exp(-z[[0, 1, 3]])))
    np.testing.assert_allclose(trace.gates[2], np.tanh(z[2]))


def test_a_held_gate_changes_its_unit_and_what_follows_and_nothing_before(layer, x):
    free = trace_lstm(layer, x)
    shut = trace_lstm(layer, x, [Hold("f", 0, step=4, unit=1)])
    assert shut.held.sum() == 1
    np.testing.assert_array_equal(shut.cell[:5], free.cell[:5])
    assert shut.cell[5, 1] == pytest.approx(free.gates[0, 4, 1] * free.gates[2, 4, 1])
    np.testing.assert_array_equal(shut.cell[5, [0, 2]], free.cell[5, [0, 2]])
    assert (shut.hidden[6:] != free.hidden[6:]).all()


def test_later_holds_win_and_can_let_go(layer, x):
    holds = [Hold("i", 0.0), Hold("i", 1.0, step=2), Hold("i", None, step=3, unit=0)]
    trace = trace_lstm(layer, x, holds)
    assert (trace.gates[0, [0, 1, 4, 5, 6]] == 0).all()
    assert (trace.gates[0, 2] == 1).all()
    assert not trace.held[0, 3, 0]
    assert trace.held[0, 3, 1:].all()


@pytest.mark.parametrize(
    ("hold", "message"),
    [
        (Hold("g", 0.0), "the gates are i, f and o, got 'g'"),
        (Hold("f", 1.5), "between 0 and 1, got 1.5"),
        (Hold("f", 0.0, step=7), "steps 0 to 6, got step 7"),
        (Hold("f", 0.0, unit=3), "units 0 to 2, got unit 3"),
    ],
)
def test_a_hold_that_cannot_be_is_refused(layer, x, hold, message):
    with pytest.raises(ValueError, match=message):
        trace_lstm(layer, x, [hold])


def test_figures_say_what_they_show(layer, x):
    free = trace_lstm(layer, x)
    shut = trace_lstm(layer, x, [Hold("f", 0, unit=0)])
    figure = figures.gate_traces({"free": free, "shut": shut}, 0, "ABCDEFG")
    assert "each run: free, shut." in figure.description
    assert len(figure.axes) == 12
    growth = figures.cell_growth({"held": np.array([1.0, 200.0]), "free": np.array([1.0, 2.0])})
    assert "held: more than 100, free: less than 100" in growth.description
    dots = figures.seed_dots({"LSTM": [1.0, 2.0]}, "sequences", {"paper": 3.0})
    assert dots.description == (
        "Sequences: a dot for each run, a row each for LSTM. A vertical line marks paper."
    )
    for figure in (figures.four_steps(), figures.reber_graph()):
        assert len(figure.description.split()) > 20


def test_the_record_is_shown_as_it_is(tmp_path, monkeypatch):
    runs = [
        {"lag": 50, "seed": 0, "sequences": 3200, "stopped": True, "wrong": 2},
        {"lag": 50, "seed": 1, "sequences": 9600, "stopped": False, "wrong": 40},
    ]
    record = {
        "date": "2026-01-01",
        "processor": "a processor",
        "most_sequences": 9600,
        "test_sequences": 2560,
        "allowed_wrong": 3,
        "runs": runs,
    }
    monkeypatch.setattr(lstm, "RECORDS", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"python -m benchmarks\.adding_problem"):
        figures.adding_record()
    (tmp_path / "adding_problem.json").write_text(json.dumps(record))
    table = figures.adding_record()
    assert table.rows == [[50, "1 of 2", "3,200 to 3,200", "2, 40", "1 of 2"]]


def test_a_text_is_drawn_with_what_follows_it_and_what_does_not():
    inside = np.array([False, True, True, False] * 10)
    states = {"knows": np.where(inside, -1.0, 2.0), "noise": np.arange(40.0)}
    figure = figures.coloured_text("abcd" * 10, inside, states)
    assert "knows, which follows the quotations" in figure.description
    assert "noise, which does not follow the quotations" in figure.description
    assert len(figure.axes) == 2


def test_both_gradients_are_told_with_their_ends():
    fades, stays = np.array([1.0, 0.1, 0.01]), np.ones(3)
    figure = figures.two_gradients({"bias 0": [(fades, stays), (fades, 2 * stays)]})
    assert "bias 0: belt 1e-02 to 1e-02, all paths 1e+00 to 2e+00" in figure.description


def test_the_records_of_rivals_and_quotes_show_every_run(tmp_path, monkeypatch):
    run = {"name": "tanh", "lag": 30, "learning_rate": 0.002, "most_sequences": 6400}
    runs = [
        run | {"seed": 0, "sequences": 3200, "stopped": True, "wrong": 2},
        run | {"seed": 1, "sequences": 6400, "stopped": False, "wrong": 900},
    ]
    common = {"date": "2026-01-01", "processor": "a processor"}
    record = common | {"test_sequences": 2560, "allowed_wrong": 3, "runs": runs}
    monkeypatch.setattr(lstm, "RECORDS", tmp_path)
    for shown in (figures.rivals_record, figures.rivals_dots, figures.quotes_record):
        with pytest.raises(FileNotFoundError, match=r"python -m benchmarks\."):
            shown()
    (tmp_path / "adding_rivals.json").write_text(json.dumps(record))
    row = [30, "tanh", "0.002", "6,400", "1 of 2", "3,200 to 3,200", "1 of 2"]
    assert figures.rivals_record().rows == [row]
    assert "tanh, T = 30: 2 to 900" in figures.rivals_dots().description
    runs = [{"name": "LSTM", "right": 1.0, "share": share} for share in (0.99, 0.6)]
    (tmp_path / "quotes.json").write_text(json.dumps(common | {"runs": runs}))
    assert figures.quotes_record().rows == [["LSTM", "100, 100", "99, 60", "1 of 2"]]

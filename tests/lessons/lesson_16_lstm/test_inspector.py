"""What the gate inspector shows is what nn.LSTM computes; what is held is held."""

import json

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_16_lstm.inspector import GateInspector
from dlcourse.lessons.lesson_16_lstm.trace import GATES


@pytest.fixture
def model():
    layers = [nn.LSTM(3, return_sequences=True), nn.Dense(2)]
    return nn.Sequential(layers, input_shape=(None, 2), seed=0)


@pytest.fixture
def sequences():
    rng = np.random.default_rng(1)
    return {name: rng.normal(size=(5, 2)).astype(np.float32) for name in ("one", "two")}


@pytest.fixture
def inspector(model, sequences):
    return GateInspector(
        model, sequences, lambda row: f"{row[0]:.1f}", lambda y: [f"{a:.2f}" for a in y[:, 0]]
    )


def test_the_numbers_are_those_of_the_layer(inspector, model, sequences):
    for name, x in sequences.items():
        inspector.read(name)
        content = json.loads(json.dumps(inspector.content))  # as it reaches the browser
        _, cache = model.layers[0].forward(x[np.newaxis])
        for k, gate in enumerate(GATES):
            np.testing.assert_allclose(content["gates"][gate], cache.gates[k, :, 0], atol=1e-6)
        np.testing.assert_allclose(content["cell"], cache.cell[:, 0], atol=1e-6)
        np.testing.assert_allclose(content["hidden"], cache.hidden[:, 0], atol=1e-6)
        outputs, _ = model.forward(x[np.newaxis])
        assert content["answers"] == [f"{a:.2f}" for a in outputs[0, :, 0]]
        assert content["inputs"] == [f"{row[0]:.1f}" for row in x]


def test_a_gate_is_held_and_let_go(inspector):
    free = inspector.content["cell"]
    said = inspector.hold("f", 0, step=2)
    assert said.startswith("The forget gate of unit 0 is held at 0 at step 2. ")
    assert "step 4: " in said
    assert inspector.content["gates"]["f"][2][0] == 0
    assert inspector.content["held"]["f"][2] == [True, False, False]
    assert inspector.content["cell"] != free
    inspector.hold("f", None, step=2)
    assert inspector.content["cell"] == free
    assert inspector.holds == []


def test_a_hold_on_all_units_and_steps_covers_those_before(inspector):
    inspector.hold("o", 0, step=1)
    inspector.unit = 2
    inspector.hold("o", 0.5, step=3)
    said = inspector.hold("o", 0, all_units=True)
    assert said.startswith("The output gates of all units are held at 0 at every step. ")
    assert len(inspector.holds) == 1
    assert not np.any(inspector.content["hidden"])
    assert inspector.let_go() == "All gates are let go: the network runs by itself."
    assert np.any(inspector.content["hidden"])


def test_what_the_browser_asks_for_is_done(inspector):
    wish = {"gate": "i", "value": 1, "step": 4, "unit": 1, "all_units": False}
    inspector._receive(None, {"hold": wish}, [])
    assert inspector.content["gates"]["i"][4][1] == 1
    assert inspector.unit == 1
    inspector._receive(None, {"read": "two"}, [])
    assert inspector.sequence == "two"
    assert inspector.holds == []
    inspector._receive(None, {"let_go": True}, [])
    assert "let go" in inspector.content["message"]


def test_every_answer_is_sent_even_if_nothing_changed(inspector):
    before = inspector.content["edition"]
    inspector.let_go()
    assert inspector.content["edition"] > before


def test_mistakes_are_refused_in_words_and_change_nothing(inspector, model, sequences):
    before = inspector.content
    with pytest.raises(ValueError, match="between 0 and 1, got 2"):
        inspector.hold("f", 2)
    with pytest.raises(ValueError, match=r"the sequences are \['one', 'two'\], got 'three'"):
        inspector.read("three")
    assert inspector.content == before
    assert inspector.holds == []
    last_only = nn.Sequential([nn.LSTM(3)], input_shape=(None, 2), seed=0)
    with pytest.raises(ValueError, match="must begin with LSTM"):
        GateInspector(last_only, sequences, str, list)
    with pytest.raises(ValueError, match="there must be a sequence"):
        GateInspector(model, {}, str, list)


def test_its_text_never_changes(inspector):
    text = repr(inspector)
    inspector.hold("i", 0)
    assert (
        repr(inspector)
        == text
        == ("Interactive board: inside an LSTM, gate by gate (run this notebook to use it)")
    )

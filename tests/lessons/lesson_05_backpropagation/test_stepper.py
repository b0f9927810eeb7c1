import json

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_05_backpropagation.stepper import BackpropStepper

NAMES = {
    "weight_names": [[["w1", "w2"], ["w3", "w4"]], [["w5", "w7"], ["w6", "w8"]]],
    "bias_names": [["b1", "b1"], ["b2", "b2"]],
}


def stepper_of(**options):
    layers = [nn.Dense(2), nn.Activation("sigmoid"), nn.Dense(2), nn.Activation("sigmoid")]
    model = nn.Sequential(layers, input_shape=(2,), dtype=np.float64)
    first, second = [[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.7], [0.6, 0.8]]
    model.set_weights([first, [0.25, 0.25], second, [0.35, 0.35]])
    return BackpropStepper(
        model, [0.1, 0.5], [0.05, 0.95], learning_rate=0.6, **{**NAMES, **options}
    )


@pytest.fixture
def stepper():
    return stepper_of()


def test_updates_train_the_network(stepper):
    assert stepper.take_update() == "Update 1: E fell from 0.24909 to 0.23385."
    assert stepper.error == pytest.approx(0.23384588809021978, abs=1e-15)
    assert stepper.trace.steps[stepper.position].symbol == "E"
    for _ in range(9):
        stepper.take_update()
    assert stepper.error == pytest.approx(0.121450427, abs=5e-10)


def test_biases_can_be_frozen():
    stepper = stepper_of(train_biases=False)
    stepper.take_update()
    assert stepper.error == pytest.approx(0.24072490546199926, abs=1e-15)
    assert stepper.numbers()["b1"] == 0.25


def test_a_rate_that_is_too_large_is_told(stepper):
    stepper.set("η", -0.6)
    assert stepper.take_update().startswith("Update 1: E rose from 0.24909")


def test_every_number_can_be_edited(stepper):
    for name in ("x1", "y2", "w8", "b2", "η"):
        before = stepper.content
        assert stepper.set(name, 0.125).startswith(f"{name} is 0.125 now, and E is ")
        assert stepper.numbers()[name] == 0.125
        assert stepper.content != before


def test_reset_goes_back_to_the_start(stepper):
    start = stepper.numbers()
    stepper.set("w1", 5.0)
    stepper.set("η", 5.0)
    stepper.take_update()
    stepper.reset()
    assert stepper.numbers() == start
    assert stepper.position == -1
    assert stepper.updates == 0


def test_what_cannot_be_is_refused_in_words(stepper):
    with pytest.raises(ValueError, match="expected one of x1, x2, y1"):
        stepper.set("w9", 1.0)
    with pytest.raises(ValueError, match="w1 must be a finite number"):
        stepper.set("w1", float("inf"))
    with pytest.raises(ValueError, match="learning rate must be a finite number"):
        stepper.set("η", float("nan"))


def test_messages_of_the_browser_are_obeyed(stepper):
    stepper._receive(stepper, {"set": ["w5", -1]}, [])
    assert stepper.numbers()["w5"] == -1
    stepper._receive(stepper, {"take": True}, [])
    assert stepper.updates == 1
    stepper._receive(stepper, {"reset": True}, [])
    assert stepper.numbers()["w5"] == 0.5


def test_every_answer_is_news_to_the_browser(stepper):
    stepper.reset()
    before = stepper.content
    stepper.reset()
    assert stepper.content != before


def test_what_is_sent_is_plain_and_complete(stepper):
    content = json.loads(json.dumps(stepper.content, allow_nan=False))
    drawing = json.loads(json.dumps(stepper.drawing, allow_nan=False))
    for layout in drawing["layouts"].values():
        places = {cell["name"] for cell in layout["cells"]}
        places |= {link["weight"] for link in layout["links"]}
        places |= {tag["name"] for tag in layout["tags"]}
        for step in content["steps"]:
            assert step["place"] in places
            assert set(step["reads"]) <= places | {"η"}
            assert "∂" not in step["spoken"]
    assert set(content["follow"]) == {*(f"w{k}" for k in range(1, 9)), "b1", "b2"}


def test_its_text_never_changes(stepper):
    before = repr(stepper)
    stepper.take_update()
    assert repr(stepper) == before


@pytest.mark.parametrize("units", [1, 2, 3, 4])
def test_nothing_in_a_drawing_covers_another_thing(units):
    layers = [nn.Dense(4), nn.Activation("tanh"), nn.Dense(units), nn.Activation("tanh")]
    model = nn.Sequential(layers, input_shape=(3,), seed=0, dtype=np.float64)
    for layout in BackpropStepper(model, [1.0] * 3, [1.0] * units).drawing["layouts"].values():
        width, height = layout["cell"]
        boxes = [(c["x"] - width / 2, c["y"] - height / 2, width, height) for c in layout["cells"]]
        boxes += [
            (tag["x"] - layout["label"] / 2, tag["y"], layout["label"], 32)
            for tag in layout["tags"]
        ]
        boxes += [
            (link["label_x"] - layout["label"] / 2, link["label_y"] - 16, layout["label"], 32)
            for link in layout["links"]
            if link["weight"]
        ]
        for i, (x, y, wide, high) in enumerate(boxes):
            assert x >= 0
            assert y >= 0
            assert x + wide <= layout["size"][0]
            assert y + high <= layout["size"][1]
            for left, top, w, h in boxes[i + 1 :]:
                beside = x + wide <= left or left + w <= x
                assert beside or y + high <= top or top + h <= y

"""Where Keras on JAX or PyTorch is known to differ from Keras on TensorFlow.

A plugin of pytest: `test_other_backends.py` loads it. A test that stands here has to fail on that
backend; when it passes, or is no more, the run fails, and its line has to go.
"""

import pytest

from dlcourse.compare.keras_backend import load_keras

FUSED = "only on TensorFlow does Keras see the logits behind a sigmoid or softmax"
PADDING = "Keras pads with copies of the border and averages those (keras-team/keras, issue 18452)"
CHANNELS = "PyTorch takes no gradient of a float64 convolution of several channels into one"
SINGLE = "JAX computes the softmax of attention in float32, whatever it is given"
NOTHING = "where a step may look at none, PyTorch's fused attention has too large a gradient"
SLOPE = "the slope of leaky ReLU at 0 is 1, and 0.2 on the others"

SURE = "test_a_network_that_is_sure_and_wrong_learns_as_by_the_step_of_keras"
KINK = "test_derivatives_at_the_kink_are_those_of_keras"
SIDE_BY_SIDE = "test_side_by_side_convolutions_are_proved_against_keras"
EVERY_LAYER = "test_every_layer_equals_that_of_keras"
ATTENTION = "test_attention_equals_that_of_keras_in_single_precision"
MEAN = "AveragePooling2D(pool_size=("

# The backend, the file, the test or those of its cases with this in their names, the reason.
DIFFERENCES = [
    ("jax", "nn/test_keras_training.py", SURE, FUSED),
    ("jax", "nn/layers/test_activation.py", KINK, SLOPE),
    ("jax", "nn/layers/test_every_layer.py", f"{EVERY_LAYER}[MultiHead", SINGLE),
    ("torch", "nn/test_keras_training.py", SURE, FUSED),
    ("torch", "nn/layers/test_every_layer.py", f"{EVERY_LAYER}[{MEAN}3", PADDING),
    ("torch", "nn/layers/test_every_layer.py", f"{EVERY_LAYER}[MultiHeadAttention(1", NOTHING),
    ("torch", "nn/layers/test_every_layer.py", f"{ATTENTION}[MultiHeadAttention(1", NOTHING),
    ("torch", "nn/layers/test_pooling.py", f"test_pooling_is_proved[{MEAN}3", PADDING),
    ("torch", "compare/test_twins.py", f"test_the_twin_computes_the_same[{MEAN}4", PADDING),
    ("torch", "compare/test_twins.py", f"test_weights_come_back[{MEAN}4", PADDING),
    ("torch", "nn/layers/test_branches.py", SIDE_BY_SIDE, CHANNELS),
    ("torch", "nn/layers/test_branches.py", "test_joining_in_another_order_fails_keras", CHANNELS),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect that the tests of the table fail."""
    here = load_keras().backend.backend()
    for backend, file, name, reason in DIFFERENCES:
        of_file = [item for item in items if item.nodeid.startswith(f"tests/{file}::")]
        if backend != here or not of_file:
            continue
        test, _, case = name.partition("[")
        found = [i for i in of_file if i.name.partition("[")[0] == test and case in i.name]
        if not found:
            raise pytest.UsageError(f"tests/{file} has no {name}, which {__name__} speaks of")
        for item in found:
            kinds = AssertionError, RuntimeError
            item.add_marker(pytest.mark.xfail(strict=True, raises=kinds, reason=reason))

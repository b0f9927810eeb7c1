"""Keras is imported late, quietly, and from one place."""

import subprocess
import sys

import numpy as np
import pytest

from dlcourse.compare import keras_backend


def run(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )


def test_importing_the_part_does_not_import_keras():
    run(
        "import sys, dlcourse.compare\n"
        "assert not {'keras', 'tensorflow'} & set(sys.modules), 'imported too early'"
    )


def test_start_up_writes_nothing():
    result = run(
        "import os; os.environ.pop('TF_CPP_MIN_LOG_LEVEL', None)\n"
        "from dlcourse.compare.keras_backend import load_keras\n"
        "load_keras().layers.Dense(1)(load_keras().ops.ones((1, 1)))"
    )
    assert (result.stdout, result.stderr) == ("", "")


def failing_import():
    with keras_backend._quiet_import("Keras"):
        subprocess.run([sys.executable, "-c", "import os; os.write(2, b'libx is missing')"])
        raise ImportError("no such thing")


def test_messages_are_shown_when_the_import_fails():
    with pytest.raises(ImportError, match=r"Keras cannot be imported: no such thing\nlibx is mis"):
        failing_import()


def test_standard_error_works_again_afterwards(capfd):
    with keras_backend._quiet_import("Keras"):
        print("held back", file=sys.__stderr__, flush=True)
    print("shown", file=sys.__stderr__, flush=True)
    assert capfd.readouterr().err == "shown\n"


def import_on(backend, *, without=()):
    """Return the last line of what load_keras says in a process of its own."""
    code = (
        f"import os, sys; os.environ['KERAS_BACKEND'] = {backend!r}\n"
        f"sys.modules.update(dict.fromkeys({without!r}))\n"  # None: not there
        "from dlcourse.compare.keras_backend import load_keras\n"
        "load_keras()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(("backend", "title"), [("jax", "JAX"), ("torch", "PyTorch")])
def test_a_backend_that_is_not_installed_is_named_with_the_remedy(backend, title):
    said = import_on(backend, without=[backend])
    error, _, message = said.partition(": ")
    assert error.endswith("NoBackendError")
    assert message.startswith(f"Keras is to run on {title} (KERAS_BACKEND={backend}), ")
    assert f"-m pip install {backend}, or unset KERAS_BACKEND for TensorFlow" in said


@pytest.mark.parametrize("backend", ["numpy", "pytorch"])
def test_a_backend_that_the_course_does_not_know_is_refused_in_words(backend):
    said = import_on(backend)
    assert said.startswith(f"RuntimeError: Keras is to run on '{backend}', and the course knows ")
    assert "tensorflow, jax, torch: set" in said


def test_what_needs_tensorflow_itself_says_so(monkeypatch):
    keras = keras_backend.load_keras()
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(RuntimeError, match=r"but Keras runs on jax: unset .* KERAS_BACKEND"):
        keras_backend.load_tensorflow()
    monkeypatch.setattr(keras_backend, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match=r" --full lab` installs it, and"):
        keras_backend.load_tensorflow()


def test_gradients_are_those_of_arrays_and_variables_in_order():
    keras = keras_backend.load_keras()
    table = keras.Variable(np.array([1.0, 2.0, 3.0], np.float32))
    unused = keras.Variable(np.ones((2, 2), np.float32))
    arrays = [np.array([0, 2]), np.array([3.0, 5.0], np.float32)]

    def function(indices, factors):
        return keras.ops.take(table, indices) * factors, factors + 1

    grad_outputs = np.array([1.0, 10.0], np.float32)
    (outputs, more), grads = keras_backend.gradients(
        function, arrays, [table, unused], grad_outputs
    )
    np.testing.assert_array_equal(outputs, [3, 15])
    np.testing.assert_array_equal(more, [4, 6])
    expected = [[0, 0], [1, 30], [3, 0, 50], [[0, 0], [0, 0]]]
    for grad, right in zip(grads, expected, strict=True):
        np.testing.assert_array_equal(grad, right)


def test_the_gradient_of_a_loss_needs_no_gradient_of_outputs():
    _, (grad,) = keras_backend.gradients(
        lambda x: keras_backend.load_keras().ops.sum(x * x), [np.float32([1, 2])]
    )
    np.testing.assert_array_equal(grad, [2, 4])


def test_what_a_function_assigns_stays_assigned():
    keras = keras_backend.load_keras()
    mean = keras.Variable(np.zeros(2, np.float32), trainable=False)

    def function(x):
        mean.assign(0.5 * mean + 0.5 * x)
        return x * 2

    for _ in range(2):
        keras_backend.gradients(function, [np.float32([4, 8])], (), np.ones(2, np.float32))
    np.testing.assert_array_equal(keras_backend.value_of(mean), [3, 6])


def test_precision_is_put_back():
    keras = keras_backend.load_keras()
    with keras_backend.precision("float64"):
        assert keras.config.floatx() == "float64"
        keras.layers.Dense(1)  # Keras keeps the type of the first layer that has none of its own
    assert keras.config.floatx() == "float32"
    assert keras.layers.Dense(1).dtype == "float32"


def test_float64_is_computed_in_float64():
    ops = keras_backend.load_keras().ops
    x = np.linspace(0, 1, 5)
    with keras_backend.precision("float64"):
        y = ops.convert_to_numpy(ops.sigmoid(ops.convert_to_tensor(x)) * 1.1)
    assert y.dtype == np.float64
    np.testing.assert_allclose(y, 1.1 / (1 + np.exp(-x)), rtol=1e-15)


@pytest.mark.parametrize("shortened", [False, True])
def test_the_setting_of_products_is_put_back(shortened):
    backend = keras_backend.load_backend()
    with backend.products(not shortened), backend.products(shortened):
        x = backend.keras.ops.ones((2, 2))
        np.testing.assert_array_equal(backend.keras.ops.convert_to_numpy(x @ x), 2)

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


def test_another_backend_is_refused_in_words(monkeypatch):
    keras = keras_backend.load_keras()
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(RuntimeError, match=r"Keras runs on jax; set .* KERAS_BACKEND=tensorflow"):
        keras_backend.load_tensorflow()


def test_gradients_of_indices_are_zero():
    tf = keras_backend.load_tensorflow()
    indices, table = tf.constant([0, 2]), tf.Variable([1.0, 2.0, 3.0])
    outputs, (of_table, of_indices) = keras_backend.gradients(
        lambda: tf.gather(table, indices), np.ones(2, np.float32), [table, indices]
    )
    np.testing.assert_array_equal(outputs, [1, 3])
    np.testing.assert_array_equal(of_table, [1, 0, 1])
    np.testing.assert_array_equal(of_indices, [0, 0])


def test_precision_is_put_back():
    keras = keras_backend.load_keras()
    with keras_backend.precision("float64"):
        assert keras.config.floatx() == "float64"
    assert keras.config.floatx() == "float32"

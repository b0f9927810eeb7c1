"""What is compared with Keras once more, with Keras on JAX and on PyTorch.

That is the tests of this folder, and the proofs of layers, losses and optimizers; `differences.py`
says where a backend is known to differ.

One process has one backend, so each gets a process of its own. On a learner's machine without
JAX or PyTorch this is skipped; `.ci/run` installs both from requirements/backends.txt.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from dlcourse.layout import ROOT

HERE = Path(__file__).relative_to(ROOT)
# Keras's Variable has not learned NumPy 2's keyword yet, which matters on these two.
KERAS = "ignore:__array__ implementation:DeprecationWarning"

# JAX compiles what it sees for the first time, which is most of what these tests do.
COMPILE_FAST = "--xla_backend_optimization_level=0"

COMPARISONS = ["tests/compare"]
# Not what Hypothesis draws and may be what `differences.py` speaks of.
PROOFS = ["tests/nn", "-k=(keras or proved) and not proved_in_any_configuration"]
# On JAX each new shape is compiled anew, too slowly for all of them: one proof of each part.
ONE_OF_EACH = [
    "tests/nn/layers/test_every_layer.py",
    "tests/nn/layers/test_activation.py::test_derivatives_at_the_kink_are_those_of_keras",
    "tests/nn/test_losses.py::test_with_sample_weights_equals_keras",
    "tests/nn/test_detection.py::test_equals_the_formula_in_keras",
    "tests/nn/test_mixture.py::test_equals_the_formula_in_keras",
    "tests/nn/test_optimizers.py::test_weights_equal_those_of_keras",
    "tests/nn/test_keras_training.py::"
    "test_a_network_that_is_sure_and_wrong_learns_as_by_the_step_of_keras",
    "-k=test_every_layer or not float32",
]


@pytest.mark.parametrize(
    ("backend", "chosen"),
    [("jax", COMPARISONS), ("jax", ONE_OF_EACH), ("torch", COMPARISONS), ("torch", PROOFS)],
    ids=["comparisons on jax", "proofs on jax", "comparisons on torch", "proofs on torch"],
)
def test_what_holds_on_tensorflow_holds_there(backend, chosen):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed; it is in requirements/backends.txt")
    options = ["-q", "-p", "tests.compare.differences", "-p", "no:cacheprovider", "-W", KERAS]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *chosen, *options, f"--ignore={HERE}"],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": backend, "XLA_FLAGS": COMPILE_FAST},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_default_stays_tensorflow_whatever_is_installed():
    code = (
        "import sys; from dlcourse.compare.keras_backend import load_backend\n"
        "assert load_backend().title == 'TensorFlow'\n"
        "assert 'torch' not in sys.modules"  # JAX is: TensorFlow itself imports it if it is there
    )
    unset = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    subprocess.run([sys.executable, "-c", code], env=unset, check=True)

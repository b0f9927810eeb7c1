"""What is compared with Keras once more, with Keras on JAX and on PyTorch.

That is the tests of this folder, and on PyTorch the proofs of every layer, loss and optimizer.

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

COMPARISONS = ("tests/compare", "")
# Not those of initializers, which draw, and of bfloat16, which rounds, as each backend will; nor
# what PyTorch cannot: it takes no slice of a gradient in a convolution on a CPU, and Keras averages
# the padding of AveragePooling2D there (keras-team/keras, issue 18452).
OTHERWISE = (
    "initializers",
    "precision",
    "side_by_side",
    "another_order",
    "configuration",
    "pooling",
)
PROOFS = ("tests/nn", f"(keras or proved) and not ({' or '.join(OTHERWISE)})")


# On JAX each new shape is compiled anew, too slowly for the proofs: run them by hand, as
# `KERAS_BACKEND=jax pytest tests/nn -k "keras or proved"`.
@pytest.mark.parametrize(
    ("backend", "suite"),
    [("jax", COMPARISONS), ("torch", COMPARISONS), ("torch", PROOFS)],
    ids=["comparisons on jax", "comparisons on torch", "proofs on torch"],
)
def test_what_holds_on_tensorflow_holds_there(backend, suite):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed; it is in requirements/backends.txt")
    folder, chosen = suite
    options = ["-q", "-p", "no:cacheprovider", "-W", KERAS, f"--ignore={HERE}", "-k", chosen]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", folder, *options],
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

"""The same network in Keras: its twin, whether the two agree, and how fast each is.

Only this part of the package imports Keras, and only when one of its functions is called.
"""

from dlcourse.compare.agreement import Agreement, Difference, Disagreement, agreement
from dlcourse.compare.twins import NoTwinError, keras_layer, to_keras

__all__ = [
    "Agreement",
    "Difference",
    "Disagreement",
    "NoTwinError",
    "agreement",
    "keras_layer",
    "to_keras",
]

"""Networks from scratch, in NumPy alone: every file is meant to be read.

Start with `contract`, which says what a layer is, then `layers/dense.py`, `sequential.py` and
`training.py`. Names, arguments and layouts are those of Keras, so that each result can be set
beside its Keras twin (`dlcourse.compare`).
"""

from dlcourse.nn.gradcheck import gradient_errors, numerical_gradient
from dlcourse.nn.layers import (
    ELU,
    GRU,
    LSTM,
    Activation,
    AveragePooling2D,
    Bidirectional,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    LeakyReLU,
    MaxPooling2D,
    MinPooling2D,
    Reshape,
    SimpleRNN,
)
from dlcourse.nn.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    HalfSquaredError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from dlcourse.nn.optimizers import SGD, Adam, AdamW, RMSprop
from dlcourse.nn.perceptron import (
    McCullochPittsNeuron,
    Perceptron,
    PerceptronUpdate,
    novikoff_bound,
    perceptron_updates,
)
from dlcourse.nn.sequential import Sequential

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "SGD",
    "Activation",
    "Adam",
    "AdamW",
    "AveragePooling2D",
    "Bidirectional",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Conv2D",
    "Dense",
    "Flatten",
    "GlobalAveragePooling2D",
    "HalfSquaredError",
    "LeakyReLU",
    "MaxPooling2D",
    "McCullochPittsNeuron",
    "MeanSquaredError",
    "MinPooling2D",
    "Perceptron",
    "PerceptronUpdate",
    "RMSprop",
    "Reshape",
    "Sequential",
    "SimpleRNN",
    "SparseCategoricalCrossentropy",
    "gradient_errors",
    "novikoff_bound",
    "numerical_gradient",
    "perceptron_updates",
]

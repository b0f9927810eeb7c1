"""The layers of the course, one family a file."""

from dlcourse.nn.layers.activation import ELU, Activation, LeakyReLU
from dlcourse.nn.layers.dense import Dense

__all__ = [
    "ELU",
    "Activation",
    "Dense",
    "LeakyReLU",
]

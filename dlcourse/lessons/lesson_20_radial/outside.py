"""A sine between -3 and 3, learned by bells and by networks, and what they say farther out."""

import numpy as np

from dlcourse import nn
from dlcourse.lessons.lesson_20_radial.bells import Bells
from dlcourse.nn.contract import Array

X = np.linspace(-3, 3, 60)
PLACES = np.linspace(-10, 10, 401)


def bells(number: int = 10) -> Bells:
    """Return bells with beta = 1 and centres at equal distances, which have learned the sine."""
    centres = np.linspace(-3, 3, number)[:, np.newaxis]
    return Bells.fit(X[:, np.newaxis], np.sin(X), centres, float(np.sqrt(np.log(2))))


def network(seed: int) -> Array:
    """Return what 16 tanh units say at the places, after 1000 epochs of Adam, rate 0.02 to 0."""
    layers = [nn.Dense(16), nn.Activation("tanh"), nn.Dense(1)]
    model = nn.Sequential(layers, input_shape=(1,), seed=seed, dtype=np.float64)
    x, y = X[:, np.newaxis], np.sin(X)[:, np.newaxis]
    optimizer = nn.Adam(nn.CosineDecay(0.02, 1000))
    model.fit(x, y, loss="mse", optimizer=optimizer, epochs=1000, batch_size=60, verbose=False)
    said: Array = model.predict(PLACES[:, np.newaxis], len(PLACES))[:, 0]
    return said

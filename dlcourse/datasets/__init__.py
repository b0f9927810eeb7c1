"""Data to learn from: real data that ships with scikit-learn, and small generated sets."""

from dlcourse.datasets.generated import circles, logic_gates, moons, spiral, xor
from dlcourse.datasets.packaged import Dataset, digits, iris

__all__ = ["Dataset", "circles", "digits", "iris", "logic_gates", "moons", "spiral", "xor"]

"""Data to learn from: real data that ships inside packages, and small generated sets."""

from dlcourse.datasets.generated import circles, logic_gates, moons, spiral, xor
from dlcourse.datasets.packaged import Dataset, digits, iris
from dlcourse.datasets.sequences import (
    SYMBOLS,
    ReberBatch,
    adding_batch,
    adding_target,
    brain_waves,
    legal_next_symbols,
    predicted_legally,
    reber_batch,
    reber_stream,
    reber_string,
    share_prices,
    sliding_windows,
)

__all__ = [
    "SYMBOLS",
    "Dataset",
    "ReberBatch",
    "adding_batch",
    "adding_target",
    "brain_waves",
    "circles",
    "digits",
    "iris",
    "legal_next_symbols",
    "logic_gates",
    "moons",
    "predicted_legally",
    "reber_batch",
    "reber_stream",
    "reber_string",
    "share_prices",
    "sliding_windows",
    "spiral",
    "xor",
]

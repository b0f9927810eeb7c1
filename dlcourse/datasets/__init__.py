"""Data to learn from: real data that ships inside packages, small generated sets, and MNIST."""

from dlcourse.datasets.downloaded import Mnist, mnist
from dlcourse.datasets.generated import circles, logic_gates, moons, spiral, xor
from dlcourse.datasets.karate import Club, karate_club
from dlcourse.datasets.memory_tasks import (
    button_machine,
    equal_neighbours,
    remember_first,
    temporal_xor,
)
from dlcourse.datasets.packaged import Dataset, digits, digits_split, iris, photograph
from dlcourse.datasets.resizing import resized
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
from dlcourse.datasets.text import (
    LETTERS,
    SHANNONS,
    python_manual,
    shannons_symbols,
    stories_of_data,
)

__all__ = [
    "LETTERS",
    "SHANNONS",
    "SYMBOLS",
    "Club",
    "Dataset",
    "Mnist",
    "ReberBatch",
    "adding_batch",
    "adding_target",
    "brain_waves",
    "button_machine",
    "circles",
    "digits",
    "digits_split",
    "equal_neighbours",
    "iris",
    "karate_club",
    "legal_next_symbols",
    "logic_gates",
    "mnist",
    "moons",
    "photograph",
    "predicted_legally",
    "python_manual",
    "reber_batch",
    "reber_stream",
    "reber_string",
    "remember_first",
    "resized",
    "shannons_symbols",
    "share_prices",
    "sliding_windows",
    "spiral",
    "stories_of_data",
    "temporal_xor",
    "xor",
]

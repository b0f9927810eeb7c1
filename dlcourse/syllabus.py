"""The one table of lessons: every map of the course is made from it.

A lesson whose notebook is not there yet is planned; nothing else says so.
"""

from typing import NamedTuple

from dlcourse.layout import EXERCISES, NOTEBOOKS


class Lesson(NamedTuple):
    """One line of the map.

    Attributes
    ----------
    name : str
        The name of its notebook, its exercise and its wing: ``"02_perceptron"``.
    title : str
    minutes : int
        What a newcomer takes to read and run it, without the exercise: words at 200 per
        minute, 1.5 minutes per cell, 2 per prediction. 0 while it is planned.
    needs : tuple of str
        The numbers of the lessons that it builds on directly.
    builds : str
        What a learner has built or seen work at its end.
    digits : tuple of a str and a tuple of int, optional
        Its line on the digits: the machine, and how many of the 360 test digits it reads wrongly,
        one number per seed, as its notebook shows them (`dlcourse.lessons.digits`).
    """

    name: str
    title: str
    minutes: int
    needs: tuple[str, ...]
    builds: str
    digits: tuple[str, tuple[int, ...]] | None = None

    @property
    def number(self) -> str:
        """Two digits, and a letter for a project that follows: ``"02"``, ``"11b"``."""
        return self.name.partition("_")[0]

    @property
    def wing(self) -> str:
        """The dotted name of its folder in the package."""
        return f"dlcourse.lessons.lesson_{self.name}"

    @property
    def is_here(self) -> bool:
        """Whether its notebook exists; a planned lesson has none, nor has a project."""
        return (NOTEBOOKS / f"{self.name}.ipynb").is_file()

    @property
    def is_project(self) -> bool:
        """Whether it is an exercise without a lesson, the work of an evening or two."""
        return self.has_exercise and not self.is_here

    @property
    def has_exercise(self) -> bool:
        """Whether there is an exercise to it."""
        return (EXERCISES / self.name / f"{self.name}.ipynb").is_file()


# The parts of the map, each with the number of its first lesson.
PARTS = {
    "00": "Neurons and what they can draw",
    "04": "How they learn",
    "12": "Images",
    "15": "Sequences",
    "19": "Other shapes, and the world",
}

LESSONS = (
    Lesson(
        "00_arrays",
        "Arrays",
        45,
        (),
        "handwriting read by three lines, and the trap that learns the mean",
    ),
    Lesson(
        "01_neurons",
        "Neurons",
        64,
        ("00",),
        "decisions as sums, the logic of 1943, and ten neurons that read digits",
        ("ten average images", (54,)),
    ),
    Lesson(
        "02_perceptron",
        "The perceptron",
        65,
        ("01",),
        "a machine that learns from its mistakes, and its limit",
        (
            "ten perceptrons",
            (39, 40, 40, 40, 43, 40, 40, 43, 40, 42, 40, 35, 47, 47, 50, 42, 44, 37, 42, 52),
        ),
    ),
    Lesson(
        "03_boundaries",
        "Activations and decision boundaries",
        55,
        ("02",),
        "what hidden layers can draw",
        ("1,000 random step units, then ten perceptrons", (37, 29, 30, 29, 30)),
    ),
    Lesson(
        "04_losses",
        "Losses and information",
        50,
        ("01", "03"),
        "surprise as a number to lower, in forecasts, letters and digits",
        ("one softmax layer, trained by p - y", (31,)),
    ),
    Lesson(
        "05_backpropagation",
        "Backpropagation by hand",
        60,
        ("01", "03"),
        "every derivative on paper, and four lines that learn to read digits",
        ("32 sigmoid units, trained by backpropagation", (29, 32, 30, 35, 32)),
    ),
    Lesson(
        "06_autodiff",
        "Automatic differentiation",
        55,
        ("05",),
        "a machine of 25 lines that finds every derivative of any formula",
    ),
    Lesson(
        "07_training",
        "Training a multilayer perceptron",
        65,
        ("03", "05"),
        "the networks of 1986, trained again, and Keras from compile to save",
        ("64 sigmoid units, shuffled batches of ten", (31, 37, 33, 35, 32)),
    ),
    Lesson(
        "08_optimizers",
        "Optimizers",
        60,
        ("05",),
        "a race down a ravine, and the one number that decides",
        ("64 ReLU units, momentum and a falling rate", (26, 28, 27, 30, 28)),
    ),
    Lesson(
        "09_initialization",
        "Initialization and vanishing gradients",
        45,
        ("07",),
        "thirty layers that a signal survives",
        ("thirty layers of 64 ReLU units, He's variance", (51, 36, 51, 39, 36)),
    ),
    Lesson(
        "10_generalization",
        "Generalization",
        60,
        ("07",),
        "an honest test, and ten rules of thumb put to it",
        ("256 ReLU units, half of the digits shifted", (20, 20, 21, 21, 25)),
    ),
    Lesson(
        "11_machines",
        "Other learning machines",
        60,
        ("05",),
        "ten rivals of the network, measured on the same data",
        ("the three most similar images", (12,)),
    ),
    Lesson(
        "11b_project",
        "Project: a reader of scanned digits",
        150,
        ("10", "11"),
        "the whole job: split, choose, read, and report honestly",
    ),
    Lesson(
        "12_convolution",
        "Convolution by hand",
        65,
        ("02", "05"),
        "edges in a photograph, and a reader that a shift does not blind",
        ("fixed edge filters, pooling, ten perceptrons", (32, 32, 32, 31, 32)),
    ),
    Lesson(
        "13_cnn",
        "Convolutional networks",
        65,
        ("05", "12"),
        "a network that finds its own strokes, and LeCun's of 1989",
        ("a small convolutional network", (21, 23, 18, 26, 32)),
    ),
    Lesson(
        "14_architectures",
        "Architectures",
        60,
        ("09", "13"),
        "five famous networks counted and rebuilt, and one that says what is where",
        ("eight layers with shortcuts and batch normalization", (15, 8, 14, 11, 11)),
    ),
    Lesson(
        "15_recurrent",
        "Recurrent networks",
        60,
        ("05",),
        "a network that writes, letter by letter",
        ("64 recurrent units, row by row", (24, 22, 24, 27, 21)),
    ),
    Lesson(
        "16_lstm",
        "LSTM",
        50,
        ("15",),
        "a cell that knows whether a quotation is open",
        ("32 LSTM units, row by row", (36, 44, 31, 34, 34)),
    ),
    Lesson(
        "17_seq2seq",
        "GRU and sequence to sequence",
        55,
        ("16",),
        "a network that writes numbers in words, and looks back as it writes",
    ),
    Lesson(
        "18_attention",
        "Attention and the transformer",
        70,
        ("17",),
        "one transformer block, every number shown",
        ("one transformer block, row by row", (19, 27, 24, 23, 29)),
    ),
    Lesson(
        "19_graphs",
        "Graph networks",
        55,
        ("07", "12"),
        "a club that splits, foretold from two labels",
        ("labels spread along a graph of all 1,797", (9,)),
    ),
    Lesson(
        "20_radial",
        "Radial bases and modular networks",
        55,
        ("07",),
        "XOR with two centres, and experts that share the work",
        ("300 bells at centres of k-means", (13, 14, 15, 15, 14)),
    ),
    Lesson(
        "21_scale",
        "Keras at scale, and the world",
        65,
        ("10", "13", "16"),
        "your own library reads digits",
        ("LeNet of functions from the exercises", (30, 41, 25, 29, 28)),
    ),
)

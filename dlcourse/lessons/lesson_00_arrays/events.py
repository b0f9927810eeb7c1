"""The timeline of lesson 00: what was published when, and where to read it."""

from typing import NamedTuple


class Event(NamedTuple):
    """One date: the year of the publication, not of a prize or of a later book."""

    year: int
    name: str
    text: str
    source: str


EVENTS = (
    Event(
        1943, "a neuron as logic",
        "McCulloch and Pitts describe a nerve cell that sums its inputs and says yes or no.",
        "doi:10.1007/BF02478259",
    ),
    Event(
        1958, "the perceptron",
        "Rosenblatt publishes a machine that learns from its mistakes.",
        "doi:10.1037/h0042519",
    ),
    Event(
        1960, "Kelley's flight paths",
        "Kelley improves the path of a spacecraft step by step, with derivatives that are passed "
        "back from its end to its start. Bryson does the same a year later.",
        "doi:10.2514/8.5282",
    ),
    Event(
        1969, "Perceptrons, the book",
        "Minsky and Papert prove what a single layer of such neurons cannot do.",
        "MIT Press, 1969",
    ),
    Event(
        1970, "derivatives by program",
        "Linnainmaa's thesis finds every derivative of a computation in one pass backwards.",
        "doi:10.1007/BF01931367, in English, 1976",
    ),
    Event(
        1980, "the neocognitron",
        "Fukushima stacks layers that look for small patterns wherever they are.",
        "doi:10.1007/BF00344251",
    ),
    Event(
        1986, "networks that learn inside",
        "Rumelhart, Hinton and Williams show hidden layers that find features of their own.",
        "doi:10.1038/323533a0",
    ),
    Event(
        1989, "zip codes",
        "LeCun and others train a network on 7,291 digits from letters.",
        "doi:10.1162/neco.1989.1.4.541",
    ),
    Event(
        1997, "LSTM",
        "Hochreiter and Schmidhuber build a cell that remembers over many steps.",
        "doi:10.1162/neco.1997.9.8.1735",
    ),
    Event(
        2009, "ImageNet",
        "Deng and others collect 3.2 million images with names.",
        "doi:10.1109/CVPR.2009.5206848",
    ),
    Event(
        2012, "AlexNet",
        "Krizhevsky, Sutskever and Hinton train on 1.2 million images with two graphics cards.",
        "doi:10.1145/3065386",
    ),
    Event(
        2014, "translation, attention",
        "Networks read a sentence and write it in another language; one learns where to look.",
        "arXiv:1409.3215 and arXiv:1409.0473",
    ),
    Event(
        2017, "the transformer",
        "Vaswani and others keep the looking and drop the rest: eight graphics cards, 3.5 days.",
        "arXiv:1706.03762",
    ),
)  # fmt: skip

"""What the networks of lesson 17 read and write: letters to copy, numbers in digits and in words.

A text becomes a row of whole numbers: 0 is padding, 1 the start, 2 the stop; letters begin at 3.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
PAD, START, STOP, FIRST = 0, 1, 2, 3
NUMBERS = 10_000  # 0 to 9999
TESTED = 1_000  # of them that no network is trained on

ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
COPIED = "abcdefgh"  # letters of the strings to copy
DIGITS = "0123456789"


def in_words(number: int) -> str:
    """Write a number from 0 to 9999 in words.

    Examples
    --------
    >>> in_words(4237), in_words(800), in_words(15)
    ('four thousand two hundred thirty-seven', 'eight hundred', 'fifteen')
    """
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = f" {in_words(number % size)}" if number % size else ""
            return f"{ONES[number // size]} {name}{rest}"
    if number < 20:
        return ONES[number]
    tens = TENS[number // 10 - 2]
    return f"{tens}-{ONES[number % 10]}" if number % 10 else tens


ALPHABET = "".join(sorted(set("".join(map(in_words, range(NUMBERS))))))  # of the words


def row_of(text: str, alphabet: str) -> list[int]:
    """Return the row of a text.

    Examples
    --------
    >>> row_of("cab", "abc")
    [5, 3, 4]
    """
    return [FIRST + alphabet.index(letter) for letter in text]


def text_of(row: Sequence[int] | Rows, alphabet: str) -> str:
    """Return the text of a row, up to its stop symbol.

    Examples
    --------
    >>> text_of([5, 3, 2, 0], "abc")
    'ca'
    """
    letters = ""
    for symbol in row:
        if symbol == STOP:
            break
        letters += alphabet[symbol - FIRST] if symbol >= FIRST else "?"
    return letters


def padded(rows: Sequence[Sequence[int]], pad: int = PAD, *, left: bool = False) -> Rows:
    """Make rows equally long, by padding after them, or before.

    Examples
    --------
    >>> padded([[5, 6], [7]])
    array([[5, 6],
           [7, 0]])
    >>> padded([[5, 6], [7]], left=True)
    array([[5, 6],
           [0, 7]])
    """
    longest = max(map(len, rows))
    found = np.full((len(rows), longest), pad)
    for place, row in zip(found, rows, strict=True):
        place[longest - len(row) if left else 0 :][: len(row)] = row
    return found


# Copying


def strings(length: int, count: int, rng: np.random.Generator, *, reverse: bool = False) -> Any:
    """Draw strings of one length, to be copied.

    Returns
    -------
    source, target : array of int, shape (count, length) and (count, length + 1)
        The source is read from its end with `reverse`; the target ends with the stop symbol.
    """
    letters = rng.integers(FIRST, FIRST + len(COPIED), (count, length))
    target = np.pad(letters, ((0, 0), (0, 1)), constant_values=STOP)
    return letters[:, ::-1] if reverse else letters, target


def copying(
    steps: int,
    rng: np.random.Generator,
    *,
    shortest: int = 4,
    longest: int = 10,
    reverse: bool = False,
    batch: int = 64,
) -> Iterator[tuple[Rows, Rows]]:
    """Yield batches of strings to copy, the strings of a batch equally long."""
    for _ in range(steps):
        yield strings(int(rng.integers(shortest, longest + 1)), batch, rng, reverse=reverse)


# Numbers


class Numbers(NamedTuple):
    """Numbers from one way of writing to the other.

    Attributes
    ----------
    into_words : bool
        Whether digits are read and words are written; else the reverse.
    reverse : bool
        Whether the source is read from its end.
    """

    into_words: bool
    reverse: bool = False

    @property
    def alphabets(self) -> tuple[str, str]:
        """What is read, and what is written."""
        return (DIGITS, ALPHABET) if self.into_words else (ALPHABET, DIGITS)

    @property
    def symbols(self) -> tuple[int, int]:
        """How many symbols there are on either side."""
        first, second = self.alphabets
        return FIRST + len(first), FIRST + len(second)

    def source(self, number: int) -> list[int]:
        """Return the row that is read."""
        text = str(number) if self.into_words else in_words(number)
        row = row_of(text, self.alphabets[0])
        return row[::-1] if self.reverse else row

    def target(self, number: int) -> list[int]:
        """Return the row that is written."""
        text = in_words(number) if self.into_words else str(number)
        return [*row_of(text, self.alphabets[1]), STOP]

    def text(self, row: Sequence[int] | Rows) -> str:
        """Return what a row that was written says."""
        return text_of(row, self.alphabets[1])

    def arrays(self, numbers: Sequence[int] | Rows) -> tuple[Rows, Rows]:
        """Return sources and targets of some numbers, padded."""
        sources = padded([self.source(int(number)) for number in numbers], left=True)
        return sources, padded([self.target(int(number)) for number in numbers])

    def batches(
        self, steps: int, known: Rows, rng: np.random.Generator, batch: int = 64
    ) -> Iterator[tuple[Rows, Rows]]:
        """Yield batches of numbers whose sources are about equally long, in random order."""
        waiting: list[Rows] = []
        for _ in range(steps):
            if not waiting:
                order = rng.permutation(known)
                order = order[np.argsort([len(self.source(int(n))) for n in order], kind="stable")]
                waiting = [order[i : i + batch] for i in range(0, len(order), batch)]
                waiting = [waiting[i] for i in rng.permutation(len(waiting))]
            yield self.arrays(waiting.pop())


def split(seed: int, known: int = 3_000) -> tuple[Rows, Rows]:
    """Return numbers to learn from, and 1,000 others to be tested with.

    Examples
    --------
    >>> known, new = split(0)
    >>> len(known), len(new), len(set(known) & set(new))
    (3000, 1000, 0)
    """
    order = np.random.default_rng(seed).permutation(NUMBERS)
    return order[:known], order[-TESTED:]

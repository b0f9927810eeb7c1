"""A text to read letter by letter; it ships inside Python, and nothing is downloaded."""

import re

LETTERS = " ,.abcdefghijklmnopqrstuvwxyz"


def python_manual() -> str:
    """Return the pages of Python's manual that `help` shows, in small letters.

    They are the topics of ``help("topics")``. Words keep their order; of the marks between them,
    commas and full stops stay. Each version of Python has a slightly different text.

    Returns
    -------
    text : str
        About 400,000 characters, all of them in `LETTERS`.

    Examples
    --------
    >>> text = python_manual()
    >>> text[:46], set(text) == set(LETTERS)
    ('the assert statement assert statements are a c', True)
    """
    from pydoc_data.topics import topics

    words = re.findall(r"[a-z]+|[.,]", " ".join(topics[name] for name in sorted(topics)).lower())
    return re.sub(r" ([.,])", r"\1", " ".join(words))

"""Texts to read letter by letter; they ship inside packages, and nothing is downloaded."""

import re
from importlib.resources import files
from typing import Any

LETTERS = " ,.abcdefghijklmnopqrstuvwxyz"
SHANNONS = " abcdefghijklmnopqrstuvwxyz"  # the 27 symbols of his paper of 1951


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


def stories_of_data() -> str:
    """Return what scikit-learn tells about its data sets, in the 27 symbols of `SHANNONS`.

    Small letters; whatever stands between two words is one space. The text is the same for
    everyone who has the same version of scikit-learn.

    Returns
    -------
    text : str
        About 33,000 letters.

    Examples
    --------
    >>> text = stories_of_data()
    >>> text[:37], set(text) == set(SHANNONS)
    ('breast cancer dataset breast cancer w', True)
    """
    folder = files("sklearn") / "datasets" / "descr"
    pages = sorted((page for page in folder.iterdir() if page.name.endswith(".rst")), key=_name)
    return shannons_symbols(" ".join(page.read_text(encoding="utf-8") for page in pages))


def shannons_symbols(text: str) -> str:
    """Return a text in the 27 symbols: small letters, and one space for all else.

    Examples
    --------
    >>> shannons_symbols("Don't panic, 42 times!")
    'don t panic times'
    """
    return re.sub("[^a-z]+", " ", text.lower()).strip()


def _name(page: Any) -> str:
    return str(page.name)

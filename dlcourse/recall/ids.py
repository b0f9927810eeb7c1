"""One name per question, which neither its neighbours nor a rewording change.

A learner's schedule and an Anki deck know a question by this name. A prediction has the name of
its variable, any other question its first words: ``05.too_far``, ``05.all-weights-of-a-network``.
``ids.json`` keeps which text has which name, and ``dlcourse release`` keeps the file: a text that
is new there and much like one that has gone is the same question, and takes over its name.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).with_name("ids.json")
WORDS = 6  # of a question, in its name
ALIKE = 0.7  # share of letters in common, in order, that makes two texts one question


def first(lesson: str, name: str, text: str) -> str:
    """Return the name that a question gets when it is new.

    Parameters
    ----------
    lesson : str
        Two digits.
    name : str
        What the lesson calls it; may be empty.
    text : str

    Examples
    --------
    >>> first("05", "", "All weights of a network start at $w = 0$. What happens?")
    '05.all-weights-of-a-network-start'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return f"{lesson}.{name or '-'.join(re.findall('[a-z0-9]+', plain)[:WORDS])}"


@cache
def known() -> Mapping[tuple[str, str], str]:
    """Return the name that each text of each lesson has had at the last release."""
    stored: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    return MappingProxyType({(own[:2], text): own for own, text in stored.items()})


def of(lesson: str, name: str, text: str, known: Mapping[tuple[str, str], str]) -> str:
    """Return the name of a question: the one that is known, else a first one."""
    return known.get((lesson, text)) or first(lesson, name, text)


def carried_on(
    now: Mapping[str, str], stored: Mapping[str, str], like: float = ALIKE
) -> dict[str, str]:
    """Return names and texts of today, with the names of questions that were only reworded.

    Parameters
    ----------
    now, stored : mapping
        Names to texts: as the lessons stand, and as they stood.
    like : float

    Examples
    --------
    >>> stored = {"05.why-go-back": "Why go back through all layers?"}
    >>> carried_on({"05.why-do-we-go": "Why do we go back through all layers?"}, stored)
    {'05.why-go-back': 'Why do we go back through all layers?'}
    """
    gone = {own: text for own, text in stored.items() if own not in now}
    result = {}
    for own, text in now.items():
        if own not in stored and gone:
            alike = {old: _likeness(text, gone[old]) for old in gone if old[:2] == own[:2]}
            best = max(alike, key=lambda old: alike[old], default="")
            if best and alike[best] >= like:
                del gone[best]
                own = best
        result[own] = text
    return result


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()

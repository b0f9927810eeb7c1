"""Read ``terms.toml`` and find a word in it."""

import difflib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from dlcourse.terms.entry import Entry, Listing

FILE = Path(__file__).parent / "terms.toml"


def read() -> dict[str, dict[str, Any]]:
    """Return the tables of ``terms.toml`` by term."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def all_entries() -> tuple[Entry, ...]:
    """Return every entry, in the order in which the lessons explain them."""
    return tuple(
        Entry(
            term,
            text=table["text"],
            lesson=table["lesson"],
            symbol=table.get("symbol", ""),
            shape=table.get("shape", ""),
            also=tuple(table.get("also", ())),
        )
        for term, table in read().items()
    )


def look_up(word: str) -> Entry | Listing:
    """Return the entry of a term, of another name for it, or of a symbol.

    Parameters
    ----------
    word : str
        For instance "logit", "step size" or "η". Capitals, hyphens and the plural make no
        difference to a word; a symbol is taken as it is.

    Returns
    -------
    Entry or Listing
        The entry; if a symbol stands for several things, all of them; if the word is unknown,
        the nearest terms.
    """
    wanted = normal(word)
    terms = [entry for entry in all_entries() if normal(entry.term) == wanted]
    names = [entry for entry in all_entries() if wanted in map(normal, entry.also)]
    symbols = [entry for entry in all_entries() if word in entry.symbol.split(", ")]
    found = (terms or names or symbols) if wanted else []
    if len(found) == 1:
        return found[0]
    if found:
        return Listing(f"{word} stands for {len(found)} things.", tuple(found))
    return nearest(word)


def nearest(word: str) -> Listing:
    """Return the terms whose names are most like a word that the glossary does not have."""
    wanted = normal(word)
    names = {normal(name): entry for entry in all_entries() for name in (*entry.also, entry.term)}
    holding = [name for name in names if wanted and wanted in name.split()]
    alike = difflib.get_close_matches(wanted, names, n=5, cutoff=0.6)
    entries = tuple(dict.fromkeys(names[name] for name in [*holding, *alike]))[:5]
    end = "Nearest to it:" if entries else "Nothing in it is spelled like that."
    return Listing(f"The glossary has no term {word!r}. {end}", entries)


def normal(word: str) -> str:
    """Return a word in small letters, in the singular, with spaces for hyphens."""
    small = " ".join(word.casefold().replace("-", " ").split())
    return small.removesuffix("s") if len(small) > 3 and not small.endswith("ss") else small

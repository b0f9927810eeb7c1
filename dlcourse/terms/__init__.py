"""The glossary: every term and symbol of the course, with the lesson that explains it.

``terms.toml`` holds the words, ``dlcourse.glossary`` looks them up.
"""

from dlcourse.terms.entry import Entry, Listing
from dlcourse.terms.glossary import all_entries, look_up

__all__ = ["Entry", "Listing", "all_entries", "look_up"]

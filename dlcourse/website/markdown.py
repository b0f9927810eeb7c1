"""Links, headings and sections in Markdown, as far as pages are made from other pages."""

import posixpath
import re
from collections.abc import Callable

LINK = re.compile(r"(?<=\]\()([^)\s]+)(?=\))")
HEADING = re.compile(r"^(#+) +(.+?) *$")
FENCE = re.compile(r"^(```|~~~)")


def relink(text: str, change: Callable[[str], str]) -> str:
    """Put another target into each relative link of a text.

    Parameters
    ----------
    text : str
    change : callable
        Gets a target without its anchor and returns the new one.

    Examples
    --------
    >>> relink("[a](b.md#c) [d](https://e.org/f) [g](#h)", str.upper)
    '[a](B.MD#c) [d](https://e.org/f) [g](#h)'
    """

    def replace(found: re.Match[str]) -> str:
        path, mark, anchor = found[0].partition("#")
        is_relative = path and "://" not in path and not path.startswith(("mailto:", "/"))
        return f"{change(path)}{mark}{anchor}" if is_relative else found[0]

    return LINK.sub(replace, text)


def targets(text: str) -> set[str]:
    """Return where the relative links of a text lead, without anchors."""
    found: set[str] = set()

    def note(path: str) -> str:
        found.add(path)
        return path

    relink(text, note)
    return found


def resolve(target: str, folder: str) -> str:
    """Return a path from the root for a target that is relative to a folder.

    Examples
    --------
    >>> resolve("../docs/gpu.md", "notebooks")
    'docs/gpu.md'
    """
    return posixpath.normpath(posixpath.join(folder, target))


def headings(text: str) -> list[tuple[int, str]]:
    r"""Return the level and the words of each heading, those in code left out.

    Examples
    --------
    >>> headings("# A\n```\n# no\n```\n## B `c`")
    [(1, 'A'), (2, 'B `c`')]
    """
    found, is_code = [], False
    for line in text.splitlines():
        if FENCE.match(line):
            is_code = not is_code
        elif not is_code and (heading := HEADING.match(line)):
            found.append((len(heading[1]), heading[2]))
    return found


def anchors(text: str) -> dict[str, str]:
    r"""Return the anchor of each heading of a page, as MyST and GitHub make them.

    Of headings with the same words the first one counts.

    Examples
    --------
    >>> anchors("## By hand: `XOR`\n## By hand: `XOR`")
    {'By hand: `XOR`': 'by-hand-xor'}
    """
    found: dict[str, str] = {}
    for _, words in headings(text):
        plain = re.sub(r"[*`$]", "", words).lower().replace(" ", "-")
        found.setdefault(words, re.sub(r"[^\w\-]", "", plain))
    return found

"""A paragraph of a lesson as sentences, and which of them can stand on a slide alone."""

import re

# A full stop ends a sentence if something that can begin one follows.
STOP = re.compile(r'(?<=[.?!:])["*)]*\s+(?=["*(\[$`]*[A-Z$`"*(])')
FORMULA = re.compile(r"\$[^$]+\$|`[^`]+`")


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph, formulas whole.

    Examples
    --------
    >>> sentences('It is **0.5**. See $a. B$ here. "Why?" Because.')
    ['It is **0.5**.', 'See $a. B$ here.', '"Why?"', 'Because.']
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"$\ue020{len(kept) - 1}\ue021"

    flat = FORMULA.sub(keep, " ".join(text.split()))
    parts, begin = [], 0
    for stop in STOP.finditer(flat):
        if flat[stop.start() - 1] == ":":
            continue
        end = stop.start() + len(stop[0].rstrip())
        parts.append(flat[begin:end])
        begin = stop.end()
    parts.append(flat[begin:])
    back = re.compile("\\$\ue020(\\d+)\ue021")
    parts = _whole(parts)
    return [back.sub(lambda m: kept[int(m[1])], part).strip() for part in parts if part.strip()]


def _whole(parts: list[str]) -> list[str]:
    """Return sentences of which none ends within bold words or is a short label in bold."""
    joined: list[str] = []
    for part in parts:
        last = joined[-1] if joined else ""
        if last.count("**") % 2 or re.fullmatch(r"\*\*[^*]{1,40}\*\*", last):
            joined[-1] = f"{last} {part}"
        else:
            joined.append(part)
    return joined


# Words at the beginning of a sentence that speak of the one before it.
POINTS_BACK = re.compile(
    r"[^\w$`]*(This|That|These|Those|It|Its|He|His|She|Her|They|Their|So|But|And|Or|Then|Such"
    r"|Here|Both|Neither|Nor|With it|For it|Call this|Thus|Hence|Therefore|Too|Also|Else)\b"
)
PRONOUN = re.compile(r"\b(it|them|they|he|she)\b")
SHORT = 80  # signs: so few words do not say what a pronoun in them means
LONGEST = 320  # signs of a sentence with those that it leans on


def leans(sentence: str) -> bool:
    """Tell whether a sentence cannot be understood without the one before it.

    Examples
    --------
    >>> leans("**Pooling** forgets a little of it."), leans("**Padding**: zeros around the image.")
    (True, False)
    """
    words = FORMULA.sub("", sentence)
    return bool(POINTS_BACK.match(sentence) or (len(sentence) < SHORT and PRONOUN.search(words)))


def thought(said: list[str], place: int) -> int:
    """Return where the thought begins that a sentence ends: at itself, if it can stand alone.

    Examples
    --------
    >>> said = ["A map says where each edge is.", "**Pooling** forgets a little of it."]
    >>> thought(said, 1)
    0
    """
    begin = place
    while begin and leans(said[begin]):
        if sum(map(len, said[begin - 1 : place + 1])) > LONGEST:
            break
        begin -= 1
    return begin


# What a lesson says to somebody who sits before the notebook, and not to a class.
TO_A_READER = re.compile(
    r"without a kernel|[Ii]f you only read|run on\b|run the (?:next )?cell|first cell"
)
# What leads out of the lesson: the number of a source, the part that is not on slides.
LEADS_AWAY = re.compile(r"\s*\[\d+(?:, \d+)*\](?!\()|\s*\([^()]*\*Going deeper\*[^()]*\)")


def without_sources(markdown: str) -> str:
    """Return Markdown without numbers of sources and pointers to what goes deeper.

    Examples
    --------
    >>> without_sources("as in the paper [1, 2], with $x[3]$")
    'as in the paper, with $x[3]$'
    """
    parts = FORMULA.split(markdown)
    bare = [LEADS_AWAY.sub("", part) for part in parts]
    return "".join(map(str.__add__, bare, [*FORMULA.findall(markdown), ""]))


def for_a_class(sentence: str) -> str:
    """Return a sentence without numbers of sources, and without a bracket that it leaves open.

    Examples
    --------
    >>> for_a_class("(**HSV** [3] is hue, saturation, value.")
    '**HSV** is hue, saturation, value.'
    """
    bare = without_sources(sentence)
    words = FORMULA.sub("", bare)
    if bare.startswith("(") and words.count("(") > words.count(")"):
        bare = bare[1:]
    return bare

"""The glossary and the table of symbols, from ``terms.toml``."""

from itertools import groupby

from dlcourse.syllabus import LESSONS
from dlcourse.terms import Entry, all_entries


def link_to(number: int, short: bool = False) -> str:
    """Return a link to a lesson, as seen from a folder beside the notebooks."""
    lesson = next(each for each in LESSONS if each.number == f"{number:02}")
    name = f"lesson {lesson.number}" if short else f"{lesson.number} {lesson.title}"
    return f"[{name}](../notebooks/{lesson.name}.ipynb)" if lesson.is_here else name


def glossary() -> str:
    """Return the page of all terms, as a glossary of Sphinx: each has an anchor."""
    entries = sorted(all_entries(), key=lambda entry: entry.term.casefold())
    letters = {letter: list(group) for letter, group in groupby(entries, initial)}
    return (
        "# Glossary\n\n"
        f"The {len(entries)} terms of the course, each with the lesson that explains it. "
        'In a notebook, `dlcourse.glossary.look_up("logit")` shows an entry; '
        "[symbols](symbols.md) have a page of their own.\n\n"
        "{.dlcourse-letters}\n"
        + " ".join(f"[{letter}](#{anchor(letter)})" for letter in letters)
        + "\n"
        + "".join(under(letter, entries) for letter, entries in letters.items())
    )


def initial(entry: Entry) -> str:
    """Return the letter under which an entry stands."""
    first = entry.term[0].upper()
    return first if first.isalpha() else "0 to 9"


def anchor(letter: str) -> str:
    """Return the anchor of the heading of a letter."""
    return letter.lower().replace(" ", "-")


def under(letter: str, entries: list[Entry]) -> str:
    """Return the entries of a letter, with its heading."""
    told = "\n\n".join(map(definition, entries))
    return f"\n## {letter}\n\n```{{glossary}}\n{told}\n```\n"


def definition(entry: Entry) -> str:
    """Return one entry of the glossary."""
    facts = [f"symbol {entry.symbol}"] if entry.symbol else []
    facts += [f"shape {entry.shape}"] if entry.shape else []
    facts += [f"also: {', '.join(entry.also)}"] if entry.also else []
    facts.append(f"lesson {link_to(entry.lesson)}")
    last = "; ".join(escaped(fact) if "](" not in fact else fact for fact in facts)
    return f"{escaped(entry.term)}\n  {escaped(entry.text)}\n\n  {last[0].upper()}{last[1:]}."


def escaped(text: str) -> str:
    r"""Return text in which Markdown sees nothing but text and code.

    Examples
    --------
    >>> escaped("w_1 * `x_1`")
    'w\\_1 \\* `x_1`'
    """
    parts = text.split("`")
    for i in range(0, len(parts), 2):
        for sign in "\\*_[]$<{":
            parts[i] = parts[i].replace(sign, f"\\{sign}")
    return "`".join(parts)


def symbols() -> str:
    """Return the page of all symbols, in the order in which the lessons bring them."""
    rows = [
        f"| {escaped(symbol)} | {escaped(entry.term)} | {escaped(entry.shape)} "
        f"| {link_to(entry.lesson, short=True)} |".replace("|x|", "\\|x\\|")
        for entry in all_entries()
        if entry.symbol
        for symbol in [entry.symbol.replace("|", "\\|")]
    ]
    return (
        "# Symbols\n\nWhat each letter and sign of the formulas stands for, in the order of the "
        "lessons. The [glossary](glossary.md) says more about each term.\n\n"
        "| symbol | stands for | shape | lesson |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )

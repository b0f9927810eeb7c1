"""Each lesson has the terms that the glossary says it explains, and none of a later lesson.

Text cells are read. A sentence that names the lesson in which a term
comes announces it and is no use; neither is a title in the list of references. Exercises and code
are not read.
"""

import json
import re
from pathlib import Path

import pytest

from dlcourse.layout import NOTEBOOKS
from dlcourse.syllabus import LESSONS as TABLE
from dlcourse.terms import all_entries
from dlcourse.terms.glossary import read

LESSONS = [NOTEBOOKS / f"{lesson.name}.ipynb" for lesson in TABLE if lesson.is_here]
TABLES = read()

# What today's lessons do not keep, to be mended. Whoever mends a lesson deletes its words here, and
# nobody adds any.
EARLY: dict[str, set[str]] = {}
MISSING: dict[str, set[str]] = {}


def pattern(word: str) -> str:
    """Return what finds a word, its plural, and a hyphen for a space.

    A word with a capital is a name, such as Adam, and is written so; others may begin a sentence.
    """
    spaced = re.sub(r"\\[ -]", "[ \u2013-]", re.escape(word))
    case = "" if word != word.lower() else "i"
    flags = f"?{case}:" if case else "?:"
    return rf"(?<![\w-])({flags}{spaced})(?:s|es)?(?!\w)"


def searched(term: str) -> list[str]:
    """Return the words by which a test finds a term."""
    table = TABLES[term]
    return table.get("find", [term, *table.get("also", [])])


FINDERS = {
    term: re.compile("|".join(map(pattern, searched(term)))) for term in TABLES if searched(term)
}
LESSON_OF = {entry.term: entry.lesson for entry in all_entries()}


def prose(markdown: str) -> str:
    """Return a text without code, formulas, addresses and marks."""
    markdown = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$", " ", markdown, flags=re.DOTALL)
    markdown = re.sub(r"\]\([^)]*\)|<[^>]+>|https?://\S+", " ", markdown)
    return re.sub(r"[*_\[\]]", "", markdown)


def sentences(path: Path) -> list[str]:
    """Return the sentences of a lesson's text cells, its list of references left out."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    text = re.sub(r"^#+ References\n.*?(?=^#|\Z)", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.split(r"(?<=[.!?])\s+|\n\s*\n|\n(?=[-|#>])", prose(text))


def announced(sentence: str) -> set[int]:
    """Return the lessons that a sentence names: "lesson 05", "lessons 04, 05 and 08"."""
    lists = re.findall(r"\blessons? (\d\d(?:(?:, | and | or | to )\d\d)*)", sentence, re.IGNORECASE)
    return {int(number) for numbers in lists for number in re.findall(r"\d\d", numbers)}


def too_early(text: list[str], lesson: int) -> dict[str, str]:
    """Return the terms of later lessons in these sentences, each with its first sentence."""
    found: dict[str, str] = {}
    for sentence in text:
        allowed = {*range(lesson + 1), *announced(sentence)}
        for term, finder in FINDERS.items():
            if LESSON_OF[term] not in allowed and finder.search(sentence):
                found.setdefault(term, " ".join(sentence.split()))
    return found


def missing(text: list[str], lesson: int) -> set[str]:
    """Return the terms of this lesson that none of its sentences has."""
    whole = " ".join(text)
    return {
        t for t, finder in FINDERS.items() if LESSON_OF[t] == lesson and not finder.search(whole)
    }


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_term_is_used_before_its_lesson(path):
    found = too_early(sentences(path), int(path.name[:2]))
    known = EARLY.get(path.stem, set())
    new = {term: found[term] for term in found.keys() - known}
    assert new == {}, f"explained later: {new}"
    assert known - found.keys() == set(), f"mended; delete it from EARLY[{path.stem!r}]"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_the_terms_that_it_explains(path):
    found = missing(sentences(path), int(path.name[:2]))
    known = MISSING.get(path.stem, set())
    assert found - known == set(), "not in the lesson that the glossary names"
    assert known - found == set(), f"mended; delete it from MISSING[{path.stem!r}]"


@pytest.mark.parametrize("known", [EARLY, MISSING], ids=["early", "missing"])
def test_the_lists_name_lessons_and_terms_that_exist(known):
    assert known.keys() <= {path.stem for path in LESSONS}
    assert set().union(*known.values()) <= TABLES.keys()


@pytest.mark.parametrize("entry", all_entries(), ids=lambda entry: entry.term)
def test_a_definition_uses_no_later_term(entry):
    found = too_early([prose(entry.text)], entry.lesson)
    assert found == {}


# ------------------------------------------------------------------ broken on purpose


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Follow the gradients.", {"gradient"}),
        ("Gradient-descent is a walk.", {"gradient", "gradient descent"}),
        ("Adam was the first.", {"Adam"}),
        ("To adam it is nothing.", set()),
        ("The loss function falls.", {"loss"}),
        ("Lesson 05 follows the gradients.", set()),
        ("Lessons 04 and 05 follow the gradients.", set()),
        ("Lesson 04 follows the gradients.", {"gradient"}),
        ("Run `gradient(x)` and [see](the_gradient.html) $gradient$.", set()),
        ("Ungradiented.", set()),
    ],
)
def test_a_term_is_found_where_it_is_used(text, terms):
    assert set(too_early([prose(text)], 1)) == terms
    assert not too_early([prose(text)], 21)


def test_references_are_left_out(tmp_path):
    cell = {
        "cell_type": "markdown",
        "source": ["# A\nText.\n## References\n- Dropout, 2014\n## B\nEnd."],
    }
    path = tmp_path / "lesson.ipynb"
    path.write_text(json.dumps({"cells": [cell, cell | {"cell_type": "code"}]}))
    assert [part for part in sentences(path) if part] == ["# A\nText.", "## B\nEnd."]


def test_a_missing_term_would_be_seen():
    terms = {term for term in FINDERS if LESSON_OF[term] == 6}
    text = [" ".join(searched(term)[0] for term in terms - {"tape"})]
    assert missing(text, 6) == {"tape"}

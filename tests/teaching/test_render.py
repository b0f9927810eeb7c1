"""Markdown and formulas of the pack, without a script and without a network."""

import json
import re
from xml.etree import ElementTree

import pytest

from dlcourse.layout import EXERCISES, NOTEBOOKS
from dlcourse.teaching.render import code, formula, inline, to_html

PAGES = [*sorted(NOTEBOOKS.glob("*.ipynb")), *sorted(EXERCISES.rglob("*.ipynb"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_formula_of_the_course_can_be_translated(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            html = to_html("".join(cell["source"]))
            assert "\ue000" not in html
            assert not re.search(r"\$\$|\\(frac|sum|cdot)\b", re.sub(r"<code>.*?</code>", "", html))


def test_a_formula_that_cannot_be_translated_is_named():
    with pytest.raises(ValueError, match="nosuchcommand"):
        formula(r"\nosuchcommand x")


def test_the_index_of_a_hat_stands_beside_it():
    tree = ElementTree.fromstring(formula(r"\hat y_1"))
    (sub,) = tree
    assert sub.tag.endswith("}msub")
    assert [part.tag.rpartition("}")[2] for part in sub] == ["mover", "mn"]


def test_the_number_under_a_brace_stands_under_it():
    (under,) = ElementTree.fromstring(formula(r"\underbrace{a + b}_{7}"))
    assert under.tag.endswith("}munder")


def test_what_is_code_is_no_formula():
    assert inline("`a $x$ b` costs $1$") == f"<code>a $x$ b</code> costs {formula('1')}"
    assert "<math" not in to_html("```python\nprice = '$5 or $6'\n```")


def test_code_is_escaped():
    assert "&lt;b&gt;" in code("a = '<b>'")

"""What the pages are made from, piece by piece, without Sphinx."""

import re

import pytest

from dlcourse import nn
from dlcourse.layout import NOTEBOOKS
from dlcourse.syllabus import LESSONS
from dlcourse.teaching.colab import Home, colab_copies
from dlcourse.website import errata, mathml, notebooks, reference, tree, words


def cell(kind, source):
    return {"cell_type": kind, "source": [source], "metadata": {}, "outputs": []}


def test_a_claim_is_a_paragraph_that_begins_with_a_bold_quotation():
    cells = [
        cell("markdown", '# A\n\n## Myth check\n\nFirst words.\n\n**"It learns."** Does it?'),
        cell("code", "1"),
        cell("markdown", 'It does not.\n\nMore.\n\n**"It is fast."** Look up.'),
        cell("markdown", '## Next\n\n**"No claim."** Here.'),
    ]
    assert errata.claims({"cells": cells}) == [
        errata.Claim("It learns", "Myth check"),
        errata.Claim("It is fast", "Myth check"),
    ]


def test_a_heading_can_make_the_claim_itself():
    cells = [
        cell("markdown", '## Myth check: "it is so"\n\nWe try.'),
        cell("code", "1"),
        cell("markdown", "It is not."),
    ]
    (claim,) = errata.claims({"cells": cells})
    assert claim == errata.Claim("it is so", 'Myth check: "it is so"')


@pytest.mark.parametrize("lesson", [each for each in LESSONS if each.is_here], ids=str)
def test_the_page_tells_every_claim_of_a_lesson_in_full(lesson):
    claims = errata.claims(notebooks.read(NOTEBOOKS / f"{lesson.name}.ipynb"))
    told = [myth for myth in errata.myths() if myth.lesson == lesson.number]
    assert [claim.words for claim in claims] == [myth.claim for myth in told]
    assert errata.page().count(f"The experiment, in [lesson {lesson.number}]") == len(told) > 0
    for myth in told:
        for part in (myth.taught, myth.true, myth.tested):
            assert part.endswith((".", ".`.")), part
            assert len(part.split()) > 8, part


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e-\d+)?")


def numbers(text):
    return {each.replace(",", "") for each in NUMBER.findall(text)}


@pytest.mark.parametrize("myth", errata.myths(), ids=lambda myth: myth.claim)
def test_the_page_has_no_number_that_the_lesson_has_not(myth):
    (lesson,) = [each for each in LESSONS if each.number == myth.lesson]
    notebook = notebooks.read(NOTEBOOKS / f"{lesson.name}.ipynb")
    outputs = [output for each in notebook["cells"] for output in each.get("outputs", [])]
    said = [str((each.get("text"), each.get("data", {}).get("text/plain"))) for each in outputs]
    known = numbers(notebooks.markdown(notebook) + "".join(said))
    assert numbers(f"{myth.taught} {myth.true} {myth.tested}") <= known


def test_errors_of_common_teaching_name_no_slides():
    assert "slide" not in errata.page().lower()


def test_a_name_without_a_page_in_the_reference_is_seen(monkeypatch):
    stray = type("Stray", (), {"__module__": "dlcourse.nn.stray"})
    monkeypatch.setattr(nn, "Stray", stray, raising=False)
    with pytest.raises(ValueError, match="no page for Stray of stray"):
        reference.group_of("Stray")


def test_a_formula_with_an_unknown_command_raises():
    from math_core import LatexError

    with pytest.raises(LatexError):
        mathml.mathml(r"\nosuchcommand", False)


def test_a_formula_has_no_name_that_xml_does_not_know():
    assert "&ApplyFunction;" not in mathml.mathml(r"\tanh(z) < 1", False)
    assert "&lt;" in mathml.mathml(r"\tanh(z) < 1", False)


def test_a_notebook_stays_as_it_is_but_for_the_line_under_its_title():
    path = NOTEBOOKS / "05_backpropagation.ipynb"
    page, stored = notebooks.page(path, "TAKEN"), notebooks.read(path)
    assert page["cells"][0]["source"].splitlines()[2] == "TAKEN"
    for made, kept in zip(page["cells"][1:], stored["cells"][1:], strict=True):
        told = "".join(kept["source"])
        is_text = kept["cell_type"] == "markdown"
        assert "".join(made["source"]) == (notebooks.unfolded(told) if is_text else told)


def test_colab_opens_the_copies_that_are_made_for_it():
    copies = {name for name, _ in colab_copies(Home("a/b", "main", "colab"))}
    pages = tree.lessons("a/b") | tree.exercises("a/b")
    opened = re.findall(r"colab.research.google.com/github/a/b/blob/colab/(\w+)", str(pages))
    assert set(opened) == copies
    assert "colab.research" not in str(tree.lessons("") | tree.exercises(""))


def test_the_front_page_lists_each_page_once():
    files = tree.gather()
    front = files["index.md"].decode()
    listed = [line for line in front.splitlines() if line.endswith(">")]
    wanted = [lesson for lesson in LESSONS if lesson.is_here or lesson.is_project]
    assert len(listed) == len(wanted)
    assert front.count("\ndocs/decisions/README\n") == 1
    assert "\ndocs/decisions/0001" not in front  # they are listed on their own first page


def test_another_title_or_list_of_pages_has_all_pages_written_again(tmp_path):
    files = {"index.md": b"# A\n```{toctree}\nb\n```", "b.md": b"# B\nwords", "c.ipynb": b"{}"}
    assert tree.write(files, tmp_path)
    assert not tree.write(files | {"b.md": b"# B\nother words", "c.ipynb": b"[]"}, tmp_path)
    assert tree.write(files | {"b.md": b"# C\nwords"}, tmp_path)
    assert tree.write(files | {"index.md": b"# A\n```{toctree}\nb\nc\n```"}, tmp_path)


def test_a_file_that_is_as_it_should_be_is_not_touched(tmp_path):
    tree.write({"a/b.md": b"1", "c.md": b"2"}, tmp_path)
    before = (tmp_path / "a" / "b.md").stat().st_mtime_ns
    tree.write({"a/b.md": b"1"}, tmp_path)
    assert (tmp_path / "a" / "b.md").stat().st_mtime_ns == before
    assert not (tmp_path / "c.md").exists()


def test_the_words_of_a_definition_are_words_and_not_markup():
    assert words.escaped("a *b* [c](d) `e_f` $g$") == r"a \*b\* \[c\](d) `e_f` \$g\$"


def test_the_front_page_has_the_address_and_the_book_where_they_are_known():
    bare, full = tree.gather(), tree.gather("owner/course", b"book")
    assert b"git clone ADDRESS dlcourse" in bare["index.md"]
    assert b"ePub" not in bare["index.md"]
    assert b"git clone https://github.com/owner/course dlcourse" in full["index.md"]
    assert b"ADDRESS" not in full["index.md"]
    assert b"</downloads/dlcourse.epub>" in full["index.md"]
    assert full["downloads/dlcourse.epub"] == b"book"
    assert "404.md" not in tree.for_a_book(full)


def test_a_readme_without_the_sentences_that_are_changed_is_seen():
    with pytest.raises(ValueError, match="sentences that README has no more"):
        tree.for_readers("# A\n\n## Start\n", "", False)

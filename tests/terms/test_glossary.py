"""The glossary: its data, and what a learner gets who looks up a word."""

import re
from collections import Counter

import pytest

import dlcourse
from dlcourse.syllabus import LESSONS
from dlcourse.terms import Entry, Listing, all_entries
from dlcourse.terms.glossary import normal, read

ENTRIES = {entry.term: entry for entry in all_entries()}
FIELDS = {"lesson", "symbol", "shape", "also", "find", "text"}


# ------------------------------------------------------------------ the data


@pytest.mark.parametrize("term", list(ENTRIES))
def test_an_entry_is_whole(term):
    table = read()[term]
    assert {"lesson", "text"} <= table.keys() <= FIELDS
    assert table["text"][-1] == "." or table["text"].endswith(")")
    assert table["text"] == " ".join(table["text"].split())
    for field in "also", "find":
        assert all(isinstance(word, str) and word for word in table.get(field, []))


def test_there_are_words_of_every_lesson_in_their_order():
    lessons = [entry.lesson for entry in ENTRIES.values()]
    assert lessons == sorted(lessons)
    assert min(Counter(lessons).values()) >= 6
    assert set(lessons) == {int(lesson.number) for lesson in LESSONS if lesson.number.isdecimal()}


def test_no_name_means_two_things():
    names = [
        name
        for entry in ENTRIES.values()
        for name in {normal(name) for name in (entry.term, *entry.also)}
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_the_symbols_of_the_course_are_there():
    """The same in all lessons: x, w or W, b, z, a, y-hat, y, eta."""
    for symbol, term in [
        ("x", "input"),
        ("w", "weight"),
        ("W", "weight"),
        ("b", "bias"),
        ("z", "pre-activation"),
        ("a", "activation"),
        ("ŷ", "prediction"),
        ("y", "label"),
        ("η", "learning rate"),
    ]:
        assert symbol in re.split(r"[, ]+", ENTRIES[term].symbol)


def test_shapes_are_batch_first():
    for entry in ENTRIES.values():
        for shape in re.findall(r"\(([^()]*)\)", entry.shape):
            axes = [axis.strip() for axis in shape.split(",")]
            assert "batch" not in axes[1:], entry.term


# ------------------------------------------------------------------ looking up


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("logit", "logit"),
        ("Logits", "logit"),
        ("step size", "learning rate"),
        ("y-hat", "prediction"),
        ("η", "learning rate"),
        ("pre activation", "pre-activation"),
        (" MSE ", "mean squared error"),
        ("class", "class"),
    ],
)
def test_a_term_another_name_or_a_symbol_is_found(word, term):
    assert dlcourse.glossary(word) is ENTRIES[term]


def test_a_symbol_of_several_things_gets_them_all():
    found = dlcourse.glossary("z")
    assert isinstance(found, Listing)
    assert [entry.lesson for entry in found.entries] == [1, 3, 4, 17]


@pytest.mark.parametrize(
    ("word", "near"),
    [("logist", "logit"), ("backpropogation", "backpropagation"), ("softmacks", "softmax")],
)
def test_an_unknown_word_gets_the_nearest_terms(word, near):
    found = dlcourse.glossary(word)
    assert isinstance(found, Listing)
    assert near in [entry.term for entry in found.entries]
    assert f"no term {word!r}" in repr(found)


@pytest.mark.parametrize("word", ["", " ", "qqqqqq"])
def test_where_nothing_is_near_it_says_so(word):
    found = dlcourse.glossary(word)
    assert isinstance(found, Listing)
    assert found.entries == ()
    assert "Nothing in it" in repr(found)


def test_an_entry_reads_well_as_text_and_as_html():
    entry = Entry("a < b", "Less & less.", 5, symbol="η", shape="(batch,)", also=("c", "d"))
    assert repr(entry).splitlines() == [
        "a < b: Less & less.",
        "  symbol: η",
        "  shape: (batch,)",
        "  other names: c, d",
        "  explained in: lesson 05, Backpropagation by hand",
    ]
    html = entry._repr_html_()
    assert "<b>a &lt; b</b>: Less &amp; less." in html
    assert "symbol: η; shape: (batch,); other names: c, d; explained in: lesson 05" in html
    assert html in Listing("Two & more", (entry, entry))._repr_html_()
    assert repr(Listing("Why.", (entry,))) == f"Why.\n\n{entry!r}"

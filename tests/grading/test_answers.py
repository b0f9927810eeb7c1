"""Reading the answers in a notebook: by the marks of their cells, and where these are lost."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.grading.answers import read
from dlcourse.grading.reading import UnreadableError
from tests.grading.notebooks import RIGHT, answers, code, notebook, solution


def test_answers_by_grade_id():
    found = read(solution())
    assert found.lesson == "02"
    assert [name for name, _ in found.cells if name] == [
        "perceptron_step", "perceptron_fit", "novikoff_bound", "is_separable", "find_island",
    ]  # fmt: skip
    assert not any("check(perceptron_step)" in source for _, source in found.cells)
    assert found.notices == []


def test_submitted_tests_are_ignored():
    cells = [
        code(RIGHT["perceptron_step"], "perceptron_step"),
        code("evil", "test_perceptron_step"),
    ]
    assert "evil" not in str(read(notebook(*cells)).cells)


def test_a_split_answer_cell_counts_as_a_whole():
    cells = [code("x = 1", "perceptron_step"), code("y = 2"), code("z = 3", "perceptron_step")]
    found = read(notebook(*cells))
    assert found.cells == [
        ("perceptron_step", "x = 1"),
        ("", "y = 2"),
        ("perceptron_step", "z = 3"),
    ]
    assert found.notices == [
        "perceptron_step has 2 answer cells. They were run one after the other."
    ]
    assert found.code("perceptron_step") == "x = 1\n\nz = 3"


def test_a_retyped_cell_without_its_mark_is_found_by_the_function():
    cells = [code(RIGHT["perceptron_step"]), code(RIGHT["novikoff_bound"], "novikoff_bound")]
    found = read(notebook(*cells))
    assert found.lesson == "02"
    assert found.cells[-1] == ("perceptron_step", "")
    assert found.code("perceptron_step") == RIGHT["perceptron_step"].strip("\n")
    assert found.code("is_separable") == ""


def test_a_notebook_that_lost_every_mark_is_recognised_by_its_functions():
    found = read(notebook(*map(code, RIGHT.values())))
    assert found.lesson == "02"
    assert {name for name, _ in found.cells} == {"", *RIGHT}


@pytest.mark.parametrize("source", ["perceptron_step(1)", "# def perceptron_step(", "x_def = 1"])
def test_a_call_is_no_definition(source):
    with pytest.raises(UnreadableError, match="none of the answer cells"):
        read(notebook(code(source)))


def test_a_very_long_answer_is_cut_on_the_page():
    assert len(read(answers(perceptron_step="#" * 30_000)).code("perceptron_step")) < 20_010


def test_encodings():
    content = answers(**RIGHT)
    assert read(b"\xef\xbb\xbf" + content).lesson == "02"
    assert read(content.decode().encode("utf-16")).lesson == "02"


def test_sources_in_lines_and_format_3():
    lines = RIGHT["perceptron_step"].splitlines(keepends=True)
    cell = code("", "perceptron_step") | {"source": lines}
    assert read(notebook(cell)).cells == [("perceptron_step", RIGHT["perceptron_step"])]
    old = {"input": lines, "cell_type": "code", "metadata": cell["metadata"]}
    content = json.dumps({"worksheets": [{"cells": [old]}], "nbformat": 3}).encode()
    assert read(content).cells == [("perceptron_step", RIGHT["perceptron_step"])]


def test_another_language_is_noticed():
    content = notebook(
        code(RIGHT["perceptron_step"], "perceptron_step"),
        metadata={"kernelspec": {"name": "ir", "language": "R\n"}},
    )
    assert read(content).notices == [
        "The notebook says that its language is 'R'. It was run as Python."
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"not JSON", "not valid JSON"),
        (b'{"cells": [', "not valid JSON"),
        (b"[" * 1_000_000, "not valid JSON"),
        (b"9" * 10_000, "not valid JSON"),
        (b"[]", "JSON, but no notebook"),
        (b"null", "JSON, but no notebook"),
        (b"{}", "no cells"),
        (b'{"cells": {}}', "no cells"),
        (b'{"cells": [null, 1, "x", [], {}]}', "none of the answer cells"),
        (b'{"worksheets": [1, {"cells": 3}]}', "none of the answer cells"),
        ("ä".encode("latin-1") + answers(**RIGHT), "not written in UTF-8"),
        (b"\xff\xfe\x00", "not written in UTF-8"),
        (b"%PDF-1.7 \x80", "not written in UTF-8"),
        (notebook(code("x = 1")), "none of the answer cells"),
        (notebook(code("x = 1", "homework_1")), "none of the answer cells"),
        (notebook(*[code("")] * 5_001), "more than 5000 cells"),
        (answers(perceptron_step="#" * (2 << 20)), "more than a million characters"),
    ],
)  # fmt: skip
def test_what_is_no_submission_gets_a_sentence(content, words):
    with pytest.raises(UnreadableError, match=words):
        read(content)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "metadata", "nbgrader", "grade_id", "source", "input"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(values)
def test_any_json_gets_answers_or_a_sentence(value):
    for content in (value, {"cells": value}, {"cells": [{"cell_type": "code", "metadata": value}]}):
        with contextlib.suppress(UnreadableError):
            read(json.dumps(content).encode())

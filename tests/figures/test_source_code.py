import numpy as np
import pytest

from dlcourse import figures
from dlcourse.figures.source_code import without_docstring


def test_it_shows_the_file_and_the_code_that_runs():
    shown = figures.source(figures.describe).data
    assert shown.startswith("From `dlcourse/figures/style.py`:")
    assert "def describe(figure: Figure, description: str) -> Figure:" in shown
    assert "Attach the sentences" not in shown


def test_the_docstring_can_stay():
    assert "Attach the sentences" in figures.source(figures.describe, docstring=True).data


def test_only_docstrings_are_cut():
    method = '    def f(self):\n        """Two."""\n        return 1  # why'
    code = f'class A:\n    """One."""\n\n    x = "kept"\n\n{method}'
    assert without_docstring(code) == (
        'class A:\n    x = "kept"\n\n    def f(self):\n        return 1  # why'
    )


def test_a_body_that_is_only_a_docstring_stays_valid():
    assert (
        without_docstring('def f():\n    """All there is."""')
        == 'def f():\n    """All there is."""'
    )


@pytest.mark.parametrize("thing", [3, len, np.add])
def test_what_has_no_source_is_refused_in_words(thing):
    with pytest.raises(TypeError, match="written in Python"):
        figures.source(thing)

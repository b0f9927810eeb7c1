"""The table of differences is strict: a line that is no longer true makes the run fail."""

import pytest

from dlcourse.compare.keras_backend import load_keras
from tests.compare import differences


class Item:
    def __init__(self, name, file="nn/test_some.py"):
        self.name, self.nodeid, self.markers = name, f"tests/{file}::{name}", []

    def add_marker(self, marker):
        self.markers.append(marker)


@pytest.fixture(autouse=True)
def _table(monkeypatch):
    here = load_keras().backend.backend()
    table = [
        (here, "nn/test_some.py", "test_slope[relu", "a reason"),
        ("another", "nn/test_some.py", "test_elsewhere", "a reason"),
        (here, "nn/test_not_chosen.py", "test_other", "a reason"),
    ]
    monkeypatch.setattr(differences, "DIFFERENCES", table)


def test_what_the_table_names_has_to_fail():
    named, other, longer = Item("test_slope[3-relu]"), Item("test_slope[elu]"), Item("test_slopes")
    differences.pytest_collection_modifyitems([named, other, longer])
    (marker,) = named.markers
    assert marker.name == "xfail"
    assert marker.kwargs["strict"]
    assert marker.kwargs["reason"] == "a reason"
    assert not other.markers
    assert not longer.markers


def test_a_line_without_a_test_is_refused():
    with pytest.raises(pytest.UsageError, match=r"nn/test_some.py has no test_slope\[relu"):
        differences.pytest_collection_modifyitems([Item("test_slope[elu]")])

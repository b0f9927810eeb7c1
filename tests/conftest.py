"""The order of the tests: the longest files first, so that no process is left alone with one."""

import pytest

LONGEST = (
    "tests/compare/test_other_backends.py",
    "tests/grading/test_nbgrader.py",
    "tests/checks/test_checks.py",
    "tests/website/test_site.py",
    "tests/grading/test_attacks.py",
)


def place(item: pytest.Item) -> int:
    """Return the place of a test's file in `LONGEST`, or the one behind it."""
    path = item.path.as_posix()
    return next((n for n, name in enumerate(LONGEST) if path.endswith(name)), len(LONGEST))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files in front; each stays whole, and the others as they are."""
    items.sort(key=place)

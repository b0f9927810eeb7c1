"""What a run writes, for tests."""

import csv
from pathlib import Path

from dlcourse.grading import exports, reports
from dlcourse.grading.policy import Policy


def write_all(folder: Path, found: list, policy=None, confined=True, **options) -> list[str]:
    """Write all that a run writes; return who is missing where."""
    folder.mkdir(exist_ok=True)
    _, missing = exports.write(folder, found, policy or Policy(), confined, **options)
    reports.write(folder, found, policy or Policy(), confined, **options)
    return missing


def csv_rows(path: Path) -> list[list[str]]:
    """Read a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))

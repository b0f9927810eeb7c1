"""Where the folders of the course lie. Nothing else in the package spells out a path."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

NOTEBOOKS = ROOT / "notebooks"  # lessons, executed and committed
SOLUTIONS = ROOT / "solutions"  # the source of every exercise, executed and committed
EXERCISES = ROOT / "exercises"  # generated from the solutions, committed, never edited
WORK = ROOT / "work"  # the learner's own copies; nothing ever overwrites a file here
WELCOME = NOTEBOOKS / "00_welcome.ipynb"

RECORDS = Path(__file__).resolve().parent / "records"  # what longer runs measured, committed

"""``python -m dlcourse`` is the ``dlcourse`` command; `course.py` calls it so."""

from dlcourse.cli import main
from dlcourse.layout import COURSE

main(prog_name=COURSE)

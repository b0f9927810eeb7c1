"""``python -m dlcourse`` is the ``dlcourse`` command; `course.py` calls it so."""

from dlcourse.cli import main

main(prog_name="python course.py")

"""``python -m dlcourse`` is the ``dlcourse`` command."""

from dlcourse.cli import main

main(prog_name="dlcourse")

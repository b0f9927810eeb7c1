"""An error of the user's or of the machine: one plain sentence, exit status 2."""

import click


class Problem(click.ClickException):
    """What is wrong and what to do about it; click prints it without a traceback."""

    exit_code = 2

"""``dlcourse release``: generate the exercises from their solutions."""

import click

from dlcourse.cli.home import need_clone
from dlcourse.cli.notebooks import shown
from dlcourse.cli.problem import Problem
from dlcourse.layout import EXERCISES, SOLUTIONS


@click.command("release")
@click.option("--check", is_flag=True, help="Write nothing; fail if anything differs.")
def command(check: bool) -> None:
    """Generate exercises/ from solutions/."""
    from dlcourse.exercises import release

    need_clone("release")
    if check:
        differences = release.differences(SOLUTIONS, EXERCISES)
        for difference in differences:
            click.echo(difference)
        if differences:
            click.echo("Run `python course.py release` and commit what it writes.")
            raise SystemExit(1)
        click.echo("Every exercise is what its solution generates.")
        return
    try:
        changed = release.generate(SOLUTIONS, EXERCISES)
    except release.FormatError as error:
        raise Problem(str(error)) from error
    for path in changed:
        click.echo(f"{'wrote' if path.exists() else 'removed'} {shown(path)}")
    if not changed:
        click.echo("Nothing to do: every exercise is what its solution generates.")

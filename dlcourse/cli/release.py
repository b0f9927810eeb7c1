"""``dlcourse release``: write what is made from something else."""

import click

from dlcourse.cli.home import need_clone
from dlcourse.cli.notebooks import shown
from dlcourse.cli.problem import Problem
from dlcourse.layout import COURSE, EXERCISES, SOLUTIONS


@click.command("release")
@click.option("--check", is_flag=True, help="Write nothing; fail if anything differs.")
def command(check: bool) -> None:
    """Generate exercises/, the maps, the tables of digits and the names of the questions."""
    from dlcourse.exercises import release
    from dlcourse.lessons import maps
    from dlcourse.recall import ledger
    from dlcourse.teaching import weeks

    need_clone("release")
    if check:
        differences = release.differences(SOLUTIONS, EXERCISES) + maps.differences()
        differences += ledger.differences() + weeks.differences()
        for difference in differences:
            click.echo(difference)
        if differences:
            click.echo(f"Run `{COURSE} release` and commit what it writes.")
            raise SystemExit(1)
        click.echo(
            "Every exercise is what its solution generates; maps and tables of digits are right."
        )
        return
    try:
        changed = release.generate(SOLUTIONS, EXERCISES) + maps.write() + ledger.write()
        changed += weeks.write()
    except release.FormatError as error:
        raise Problem(str(error)) from error
    for path in changed:
        click.echo(f"{'wrote' if path.exists() else 'removed'} {shown(path)}")
    if not changed:
        click.echo("Nothing to do: exercises, maps and tables of digits are up to date.")

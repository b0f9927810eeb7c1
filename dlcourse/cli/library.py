"""``dlcourse library``: gather what the learner has written into a module of their own."""

import click

from dlcourse.cli.problem import Problem


@click.command("library")
def command() -> None:
    """Gather the functions that you have passed into mine.py, in your folder.

    It is yours: read it, change it, import it. A file that you have changed is never
    overwritten; the newer one is then put beside it.
    """
    from dlcourse.exercises import library

    try:
        collected = library.collect()
    except FileNotFoundError as error:
        raise Problem(f"{error}.") from error
    gathered = collected.gathered
    for lesson, names in gathered.own.items():
        click.echo(f"{lesson}  {', '.join(names)}")
    for name, reason in gathered.left_out.items():
        click.echo(f"Not taken: {name}: {reason}.")
    click.echo(TOLD[collected.kind].format(path=collected.path))
    if gathered.names:
        for line in library.machines(gathered.names):
            click.echo(line)


TOLD = {
    "new": "Your library is {path}.",
    "newer": "Your library is up to date: {path}.",
    "beside": "You have changed mine.py, so it stays as it is. The newer one is {path}.",
    "same": "Your library is up to date.",
    "empty": "No function of yours passes its check yet. Write one in an exercise, save it, and "
    "run this again.",
}

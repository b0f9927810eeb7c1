"""``dlcourse start FOLDER``: begin the course in a folder of one's own."""

from pathlib import Path

import click

from dlcourse.cli.problem import Problem


@click.command("start")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Make FOLDER a learner's folder: lessons and exercises, and later what you write.

    One installation serves many people: each starts in a folder of their own. A second start
    brings the folder up to date; nothing that was changed there is overwritten.
    """
    for line in bring(folder):
        click.echo(line)
    click.echo(f"Go there (cd {folder}) and open it with `dlcourse lab`.")


def bring(folder: Path) -> list[str]:
    """Hand out to a folder what is new; return what to tell the learner.

    Raises
    ------
    Problem
        If the folder is the course itself.
    """
    from dlcourse import layout
    from dlcourse.exercises.hand_out import hand_out

    inside = (layout.NOTEBOOKS, layout.EXERCISES, layout.SOLUTIONS)
    if folder.resolve() == layout.ROOT or any(folder.resolve().is_relative_to(p) for p in inside):
        raise Problem(f"{folder} is a part of the course itself. Name a folder of your own.")
    notices = hand_out(folder)
    new = [notice for notice in notices if notice.kind == "new"]
    told = [notice.message for notice in notices if notice.kind != "new"]
    if len(new) > 3:
        told.insert(0, f"{len(new)} lessons and exercises are new in {folder}.")
    else:
        told = [notice.message for notice in new] + told
    return told

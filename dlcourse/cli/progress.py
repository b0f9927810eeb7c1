"""``dlcourse progress``: what the learner has done."""

import click


@click.command("progress")
def command() -> None:
    """Show which exercises are done."""
    from dlcourse.exercises import progress

    click.echo(str(progress()))

"""``dlcourse progress``: what the learner has done."""

import click


@click.command("progress")
def command() -> None:
    """Show which exercises are done, and what of LeNet and the LSTM is yours."""
    from dlcourse.exercises import finished, progress
    from dlcourse.exercises.library import machines

    click.echo(str(progress()))
    if own := finished():
        click.echo("\n".join(machines(own)))

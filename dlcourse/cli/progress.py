"""``dlcourse progress``: what the learner has done."""

import click


@click.command("progress")
def command() -> None:
    """Show which exercises are done, what of LeNet and the LSTM is yours, and what is due today."""
    from dlcourse.exercises import finished, progress
    from dlcourse.exercises.library import machines
    from dlcourse.recall.today import reminder

    click.echo(str(progress()))
    if own := finished():
        click.echo("\n".join(machines(own)))
    if sentence := reminder():
        click.echo(sentence)

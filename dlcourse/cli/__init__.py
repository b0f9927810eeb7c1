"""The ``dlcourse`` command: one file per subcommand, each read when it is called."""

import errno
import io
import sys
from importlib import import_module

import click

from dlcourse import __version__
from dlcourse.cli.problem import Problem

COMMANDS = (
    "start",
    "lab",
    "progress",
    "review",
    "library",
    "update",
    "doctor",
    "grade",
    "test",
    "execute",
    "pack",
    "colab",
    "release",
    "site",
    "lock",
)


class LazyGroup(click.Group):
    """A group that imports ``dlcourse.cli.NAME`` when the subcommand NAME is wanted."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import one subcommand; None, which click reports, if there is no such name."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"dlcourse.cli.{name}").command
        return command

    def invoke(self, context: click.Context) -> object:
        """Run the subcommand; say in one sentence when the machine refuses a file."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a tick is no reason to stop half-way
                stream.reconfigure(errors="replace")
        try:
            return super().invoke(context)
        except OSError as error:
            remedy = REMEDIES.get(error.errno or 0)
            if remedy is None:
                raise
            where = f" ({error.filename})" if error.filename else ""
            raise Problem(f"{error.strerror}{where}. {remedy}") from error


REMEDIES = {
    errno.ENOSPC: "Free some disk space and run the command again.",
    errno.EACCES: "Make the file or folder writable for you and run the command again.",
    errno.EROFS: "Copy the course to a folder that you can write to.",
}


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dlcourse")
def main() -> None:
    """Take, test and maintain the deep-learning course."""

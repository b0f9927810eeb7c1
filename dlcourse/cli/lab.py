"""``dlcourse lab``: open the course in JupyterLab."""

import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from dlcourse.cli.home import learners_folder
from dlcourse.cli.jupyter import other_kernel, unwritable
from dlcourse.cli.problem import Problem
from dlcourse.cli.start import bring
from dlcourse.layout import WELCOME

PATIENCE = 10.0  # seconds that JupyterLab gets to shut down its kernels


@click.command(
    "lab", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[JUPYTERLAB OPTION]...")
def command(options: tuple[str, ...]) -> None:
    """Open the course in JupyterLab, on its welcome page.

    Copies each lesson and exercise that you do not have yet to your own folder (work/ in a
    clone; see `dlcourse start`). Nothing that you have changed there is ever overwritten.

    All options go to JupyterLab: --no-browser, --port=8899, --ip=0.0.0.0, ...
    """
    home = learners_folder()
    if folder := unwritable():
        raise Problem(
            f"JupyterLab cannot write to {folder}, below your home folder. Name one that is yours "
            f"in the environment variable HOME, for example: HOME={home.parent}"
        )
    for line in bring(home):
        click.echo(line)
    if other := other_kernel():
        click.echo(
            f"Notebooks will run with another Python, {other[0]}, in which the course is not "
            "installed; `dlcourse doctor` says why."
        )
    arguments = jupyterlab_arguments(options, home, root=is_root())
    if is_root() and "--allow-root" not in options:
        click.echo(
            "You are root: JupyterLab starts with --allow-root. "
            "On a computer of your own, use an ordinary account."
        )
    click.echo("JupyterLab starts. Ctrl-C here ends it.\n")
    start(arguments, home)


def jupyterlab_arguments(options: Sequence[str], home: Path, *, root: bool) -> list[str]:
    """Return the arguments of JupyterLab: the course's own, then the learner's.

    Parameters
    ----------
    options : sequence of str
        What the learner wrote after ``dlcourse lab``. They win over the course's.
    home : Path
        The learner's folder: JupyterLab sees nothing outside of it.
    root : bool
        Whether the user is root, whom JupyterLab refuses unless told otherwise.

    Returns
    -------
    list of str

    Examples
    --------
    >>> jupyterlab_arguments(["--no-browser"], Path("mine"), root=False)[1:]
    ['--LabApp.default_url=/lab/tree/00_welcome.ipynb', '-y', '--no-browser']
    """
    ours = {
        "--ServerApp.root_dir": str(home),
        "--LabApp.default_url": f"/lab/tree/{WELCOME}",
    }
    theirs = {option.partition("=")[0] for option in options}
    arguments = [f"{name}={value}" for name, value in ours.items() if name not in theirs]
    arguments.append("-y")  # Ctrl-C ends it without asking back
    if root and "--allow-root" not in theirs:
        arguments.append("--allow-root")
    return [*arguments, *options]


def start(arguments: Sequence[str], home: Path) -> None:
    """Run JupyterLab in this process until it ends, and the process with it.

    When JupyterLab has shut down its kernels and returned, Python would still wait for threads,
    one of which may be asking a server in the network for news: Ctrl-C seemed to do nothing.
    """
    from jupyterlab.labapp import LabApp

    os.environ |= kernel_settings(os.environ)
    os.chdir(home)
    end_at_last(PATIENCE)
    LabApp.launch_instance(list(arguments))
    leave()


def end_at_last(seconds: float) -> None:
    """See to it that the process ends, that long after JupyterLab was told to stop."""
    from jupyter_server.serverapp import ServerApp

    stop = ServerApp.stop

    def stop_for_sure(self: ServerApp, from_signal: bool = False) -> None:
        timer = threading.Timer(seconds, leave)
        timer.daemon = True
        timer.start()
        stop(self, from_signal)

    ServerApp.stop = stop_for_sure  # type: ignore[method-assign]


def leave() -> None:
    """End the process now. Kernels that are left see it and end, too."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def kernel_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what kernels find in their environment, unless the learner has set it.

    The arrays of a lesson are small, so a second thread of NumPy's gains little. While
    another program uses the processor it costs much: the threads wait for each other at
    every product, and a lesson can take several times as long.

    A kernel that echoes what a slider sends can undo the key press after it (see
    `dlcourse.widgets.board.FROM_BROWSER`), for sliders too, which are not ours.
    """
    ours = {
        "OPENBLAS_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "JUPYTER_WIDGETS_ECHO": "0",
    }
    return {name: environment.get(name, value) for name, value in ours.items()}


def is_root() -> bool:
    """Return whether this is the user whom JupyterLab refuses."""
    return hasattr(os, "geteuid") and os.geteuid() == 0

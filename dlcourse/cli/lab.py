"""``dlcourse lab``: open the course in JupyterLab."""

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import click

from dlcourse.cli.notebooks import committed, shown
from dlcourse.cli.problem import Problem
from dlcourse.layout import EXERCISES, NOTEBOOKS, ROOT, SOLUTIONS, WELCOME, WORK


@click.command(
    "lab", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[JUPYTERLAB OPTION]...")
def command(options: tuple[str, ...]) -> None:
    """Open the course in JupyterLab, on its welcome page.

    Trusts the course's own notebooks, so that their figures show, and copies each
    exercise that you do not have yet to work/. Nothing in work/ is ever overwritten.

    All options go to JupyterLab: --no-browser, --port=8899, --ip=0.0.0.0, ...
    """
    if not WELCOME.is_file():
        raise Problem(f"{ROOT} has no notebooks: run this in a clone of the course.")
    for line in (*hand_out(), *trust(committed(NOTEBOOKS, SOLUTIONS, EXERCISES))):
        click.echo(line)
    arguments = jupyterlab_arguments(options, root=is_root())
    if is_root() and "--allow-root" not in options:
        click.echo(
            "You are root: JupyterLab starts with --allow-root. "
            "On a computer of your own, use an ordinary account."
        )
    click.echo("JupyterLab starts. Ctrl-C here ends it.\n")
    start(arguments)


def hand_out() -> list[str]:
    """Copy the exercises that are not in work/ yet; return what to tell the learner."""
    from dlcourse.exercises.hand_out import hand_out

    return [notice.message for notice in hand_out(EXERCISES, WORK)]


def trust(paths: Sequence[Path]) -> list[str]:
    """Sign notebooks for this user, as ``jupyter trust`` does; return what to tell.

    Notebooks that come from elsewhere are untrusted: JupyterLab hides their figures
    until they are signed. A notebook that cannot be read is named and left out.
    """
    import nbformat
    from jupyter_core.paths import jupyter_data_dir
    from nbformat.sign import NotebookNotary

    folder = Path(jupyter_data_dir())
    folder.mkdir(parents=True, exist_ok=True)
    notary = NotebookNotary(data_dir=str(folder))
    signed, messages = 0, []
    with closing(notary.store):
        for path in paths:
            try:
                notebook = nbformat.read(path, as_version=4)
                if not notary.check_signature(notebook):
                    notary.sign(notebook)
                    signed += 1
            except Exception as error:
                name = shown(path)
                messages.append(f"{name} cannot be read ({error}): git restore {name}")
    if signed:
        messages.append(f"Trusted {signed} of the course's notebooks, so that their figures show.")
    return messages


def jupyterlab_arguments(options: Sequence[str], *, root: bool) -> list[str]:
    """Return the arguments of JupyterLab: the course's own, then the learner's.

    Parameters
    ----------
    options : sequence of str
        What the learner wrote after ``dlcourse lab``. They win over the course's.
    root : bool
        Whether the user is root, whom JupyterLab refuses unless told otherwise.

    Returns
    -------
    list of str

    Examples
    --------
    >>> jupyterlab_arguments(["--no-browser"], root=False)[-3:]
    ['--LabApp.default_url=/lab/tree/notebooks/00_welcome.ipynb', '-y', '--no-browser']
    """
    ours = {
        "--ServerApp.root_dir": str(ROOT),
        "--LabApp.default_url": f"/lab/tree/{WELCOME.relative_to(ROOT).as_posix()}",
    }
    theirs = {option.partition("=")[0] for option in options}
    arguments = [f"{name}={value}" for name, value in ours.items() if name not in theirs]
    arguments.append("-y")  # Ctrl-C ends it without asking back
    if root and "--allow-root" not in theirs:
        arguments.append("--allow-root")
    return [*arguments, *options]


def start(arguments: Sequence[str]) -> None:
    """Run JupyterLab in this process until it ends."""
    from jupyterlab.labapp import LabApp

    os.environ |= kernel_settings(os.environ)
    os.chdir(ROOT)
    LabApp.launch_instance(list(arguments))


def kernel_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what kernels find in their environment, unless the learner has set it.

    The arrays of a lesson are small, so a second thread of NumPy's gains little. While
    another program uses the processor it costs much: the threads wait for each other at
    every product, and a lesson can take several times as long.

    A kernel that echoes what a slider sends can undo the key press after it (see
    `dlcourse.widgets.from_browser`), for sliders too, which are not ours.
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

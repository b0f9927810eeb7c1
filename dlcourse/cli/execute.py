"""``dlcourse execute``: run notebooks from top to bottom and keep what they print."""

import os
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlcourse.cli.environment import reproducible
from dlcourse.cli.home import need_clone
from dlcourse.cli.notebooks import select, shown
from dlcourse.cli.problem import Problem
from dlcourse.layout import COURSE

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
VIEW = "application/vnd.jupyter.widget-view+json"


@click.command("execute")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--timeout", default=600, show_default=True, help="Seconds a cell may take.")
def command(paths: tuple[Path, ...], timeout: int) -> None:
    """Execute lessons and solutions in place, as their authors commit them.

    PATHS are notebooks or folders; all lessons and solutions without them. Each
    notebook gets a kernel of its own and is written only when every cell has run.
    """
    need_clone("execute")
    if find_spec("tensorflow") is None:
        raise Problem(
            "Stored outputs are computed with TensorFlow, and this .venv has none: "
            f"`{COURSE} --full execute` installs it."
        )
    failures = []
    for path in select(paths):
        start = time.perf_counter()
        click.echo(f"{shown(path)} ... ", nl=False)
        try:
            cells = execute(path, timeout)
        except Problem as problem:
            click.echo("failed")
            click.echo(f"{problem.message}\nThe file is unchanged.", err=True)
            failures.append(path)
        else:
            click.echo(f"{cells} cells, {time.perf_counter() - start:.1f} s")
    if failures:
        raise Problem("Failed: " + ", ".join(shown(path) for path in failures))


def execute(path: Path, timeout: int = 600) -> int:
    """Execute one notebook in its own folder and replace the file by the result.

    Returns
    -------
    int
        How many cells ran.

    Raises
    ------
    Problem
        If the file is no notebook, a cell fails or takes too long, or the kernel dies.
        The file is then as it was.
    """
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        raise Problem(f"{shown(path)} cannot be read as a notebook: {error}") from error
    cells = _run(notebook, path, timeout)
    tidy(notebook)
    _replace(path, nbformat.writes(notebook) + "\n")
    return cells


def _run(notebook: "NotebookNode", path: Path, timeout: int) -> int:
    """Run every cell in a new kernel; return how many."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    running = -1

    def remember(cell_index: int, **_: object) -> None:
        nonlocal running
        running = cell_index

    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.resolve().parent)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        on_cell_start=remember,
    )
    try:
        with reproducible() as environment:
            client.execute(env=environment)
    except CellExecutionError as error:
        what = f"raised {error.ename}: {error.evalue}"
    except CellTimeoutError:
        what = f"took more than {timeout} seconds"
    except DeadKernelError:
        what = "ended the kernel (out of memory?)"
    else:
        return client.code_cells_executed
    raise Problem(f"{shown(path)}: cell {running + 1} {what}\n{_excerpt(notebook, running)}")


def _excerpt(notebook: "NotebookNode", index: int) -> str:
    """Return the source of a cell, indented, to recognise it by."""
    lines = notebook.cells[index].source.splitlines()
    return "\n".join(f"    {line}" for line in lines[:12])


def tidy(notebook: "NotebookNode") -> None:
    """Drop from an executed notebook what differs from run to run or machine to machine."""
    for key in set(notebook.metadata) - {"title", "nbgrader", "dlcourse", "celltoolbar"}:
        del notebook.metadata[key]
    notebook.metadata.kernelspec = dict(KERNEL)
    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        for key in ("execution", "collapsed", "scrolled"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)  # an error on every page without a kernel


def _replace(path: Path, text: str) -> None:
    """Write `text` beside `path` and put it in place in one step."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.chmod(path.stat().st_mode)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)

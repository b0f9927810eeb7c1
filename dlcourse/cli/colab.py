"""``dlcourse colab``: copies of all lessons and exercises that run in Google Colab."""

import os
import re
from pathlib import Path

import click

from dlcourse.cli.problem import Problem


@click.command("colab")
@click.option(
    "--repository",
    default=lambda: os.environ.get("GITHUB_REPOSITORY", ""),
    metavar="OWNER/NAME",
    help="Where the course lies on GitHub; default: the variable GITHUB_REPOSITORY.",
)
@click.option(
    "--ref", default="main", show_default=True,
    help="The branch, tag or commit of the package that the copies install.",
)  # fmt: skip
@click.option(
    "--branch", default="colab", show_default=True,
    help="The branch to which you push the copies: badges and links lead there.",
)  # fmt: skip
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/colab"),
    show_default=True,
)
def command(repository: str, ref: str, branch: str, output: Path) -> None:
    """Write copies for Google Colab: with a badge, and a first cell that installs the course.

    Push the folder to a branch of that repository (docs/cloud.md; a workflow does it). The
    committed notebooks stay as they are.
    """
    from dlcourse.exercises.files import replace
    from dlcourse.teaching.colab import Home, colab_copies

    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise Problem(f"{repository!r} names no repository on GitHub. Say --repository OWNER/NAME.")
    output.mkdir(parents=True, exist_ok=True)
    home = Home(repository, ref, branch)
    names = []
    for name, content in colab_copies(home):
        replace(output / f"{name}.ipynb", content)
        names.append(name)
    lines = [f"- [{name}]({home.opens(name)})" for name in names]
    replace(output / "README.md", "\n".join(["# In Colab\n", *lines, ""]).encode())
    click.echo(f"wrote {len(names)} copies to {output}")
    click.echo(
        f"After a push to the branch {branch}, the first one opens at {home.opens(names[0])}"
    )

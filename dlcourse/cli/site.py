"""``dlcourse site``: the website, made from what stands in the repository."""

import time
from pathlib import Path

import click

from dlcourse.cli.home import need_clone, need_tools
from dlcourse.cli.notebooks import shown
from dlcourse.cli.problem import Problem
from dlcourse.layout import ROOT


@click.command("site")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "build" / "site",
    help="The folder for the pages (default: build/site).",
)
@click.option(
    "--repository",
    envvar="DLCOURSE_REPOSITORY",
    default="",
    metavar="OWNER/NAME",
    help="Where the course lies on GitHub: adds links to it and to Colab.",
)
@click.option("--epub", is_flag=True, help="Make a book of it as well: build/dlcourse.epub.")
def command(output: Path, repository: str, epub: bool) -> None:
    """Build the website from lessons, exercises, glossary, docs and docstrings.

    No notebook is executed and nothing is downloaded. A warning, a link that leads nowhere or a
    picture without a description is an error.
    """
    need_clone("site")
    need_tools("site", "sphinx", "myst_nb", "sphinx_book_theme", "math_core")
    from dlcourse.website import build

    if output.is_dir() and any(output.iterdir()) and not (output / build.MARK).is_file():
        raise Problem(f"{output} holds something else. Name an empty folder with --output.")
    start = time.perf_counter()
    work = ROOT / "build" / "work"
    try:
        book = build.epub(ROOT / "build", work) if epub else None
        pages = build.html(output, work, repository, book)
        click.echo(f"{pages} pages in {shown(output)}, {time.perf_counter() - start:.0f} s.")
        if book:
            click.echo(f"The book: {shown(book)}, {book.stat().st_size / 1e6:.0f} MB.")
    except build.BuildError as error:
        click.echo(str(error), err=True)
        raise Problem("The site was not built: see the lines above.") from error
    click.echo(f"Open {(output / 'index.html').as_uri()}")

"""Have Sphinx make pages or a book of the gathered sources; a warning is an error."""

import hashlib
import io
import os
import warnings
from pathlib import Path
from typing import Any

from dlcourse.layout import ROOT
from dlcourse.website import book, proof, tree

SETTINGS = ROOT / "site"
MARK = ".buildinfo"  # Sphinx leaves it in what it has built


class BuildError(Exception):
    """What Sphinx warned of, or what is wrong with its pages, a line each."""


def html(output: Path, work: Path, repository: str = "", book: Path | None = None) -> int:
    """Build the pages and walk over them; return how many there are.

    Parameters
    ----------
    output : Path
        The folder for the site.
    work : Path
        The folder for what the next build can use again.
    repository : str
        ``OWNER/NAME`` on GitHub, "" if it is not known.
    book : Path, optional
        The book, for the front page to offer.

    Raises
    ------
    BuildError
        If there was a warning, a link leads nowhere, a picture has no description, or anything
        would come from another host.
    """
    sources = tree.gather(repository, book.read_bytes() if book else b"")
    is_other = tree.write(sources, work / "source")
    options: dict[str, Any] = {}
    if repository:
        options["html_theme_options.repository_url"] = f"https://github.com/{repository}"
        options["html_theme_options.use_repository_button"] = True
    pages = run("html", output, work, options, write_all=is_other)
    for path in output.rglob("*.html"):  # of a page that is no more
        if path.relative_to(output).with_suffix("").as_posix() not in pages:
            path.unlink()
    root_it(output / "404.html", repository)
    if found := proof.problems(output):
        raise BuildError("\n".join(found))
    return len(pages)


def root_it(page: Path, repository: str) -> None:
    """Let the links of a page begin at the root of the site: it is shown at any address."""
    owner, _, name = repository.partition("/")
    root = "/" if name.lower() == f"{owner.lower()}.github.io" else f"/{name}/"
    text = page.read_text("utf-8")
    if repository and "<base " not in text:
        text = text.replace("<head>", f'<head>\n    <base href="{root}">', 1)
        page.write_text(text.replace('href="#', 'href="404.html#'), "utf-8")


def epub(folder: Path, work: Path) -> Path:
    """Make one book of all pages; return its path.

    Raises
    ------
    BuildError
        If there was a warning, or the book is not what a reading machine expects.
    """
    sources = tree.for_a_book(tree.gather())
    tree.write(sources, work / "book" / "source")
    run("epub", work / "book" / "epub", work / "book", {})
    made = work / "book" / "epub" / "dlcourse.epub"
    target = book.bind(made, SETTINGS / "_static" / "OFL.txt", folder / "dlcourse.epub")
    if found := book.problems(target):
        raise BuildError("\n".join(found))
    return target


def run(
    builder: str, output: Path, work: Path, options: dict[str, Any], write_all: bool = False
) -> set[str]:
    """Call Sphinx; return the names of the pages."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said = io.StringIO()
    with patch_docutils(str(SETTINGS)), docutils_namespace(), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of Python, not of Sphinx: what the theme calls is its affair
        app = Sphinx(
            srcdir=work / "source",
            confdir=SETTINGS,
            outdir=output,
            doctreedir=work / "doctrees",
            buildername=builder,
            confoverrides={**options, "code_of_the_site": digest()},
            status=None,
            warning=said,
            parallel=min(2, os.cpu_count() or 1) if hasattr(os, "fork") else 1,
        )
        app.build(force_all=write_all)
    if said.getvalue():
        raise BuildError(said.getvalue().strip())
    return {*app.env.found_docs, "search", "genindex", "py-modindex"}


def digest() -> str:
    """Return a number for the code that makes the pages: Sphinx reads all again if it changes."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

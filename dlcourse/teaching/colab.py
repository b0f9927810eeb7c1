"""Copies of lessons and exercises that run in Google Colab.

A copy begins with a badge and with one cell that brings the course into the session. Colab's own
NumPy, TensorFlow and Keras stay as they are: only what is missing is installed.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dlcourse import layout
from dlcourse.exercises.hand_out import Copy, copies

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
# What the lessons import and Colab may lack. Its dependencies are there: ipywidgets.
MISSING = ("anywidget",)
FIRST_CELL = """\
#@title Run this cell first: it brings the course into this session
%pip install --quiet {missing}
%pip install --quiet --no-deps "git+https://github.com/{repository}@{ref}"
try:
    from google.colab import output

    output.enable_custom_widget_manager()  # the boards and predictions are widgets
except ImportError:
    pass  # not in Colab\
"""


class Home(NamedTuple):
    """Where the course and its copies for Colab lie on GitHub.

    Attributes
    ----------
    repository : str
        ``"OWNER/NAME"``.
    ref : str
        The branch, tag or commit of the package that a copy installs.
    branch : str
        The branch that holds the copies.
    """

    repository: str
    ref: str
    branch: str

    def opens(self, name: str) -> str:
        """Return the address that opens a copy in Colab."""
        where = f"{self.repository}/blob/{self.branch}/{name}.ipynb"
        return f"https://colab.research.google.com/github/{where}"

    def page(self, path: str) -> str:
        """Return the address of a file of the repository on GitHub."""
        return f"https://github.com/{self.repository}/blob/{self.ref}/{path}"


def colab_copies(
    home: Home, notebooks: Path = layout.NOTEBOOKS, exercises: Path = layout.EXERCISES
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each copy, lessons first.

    Parameters
    ----------
    home : Home
    notebooks, exercises : Path
        As `dlcourse.exercises.hand_out.copies` takes them.

    Yields
    ------
    tuple of str and bytes
        ``"01_neurons"`` and a notebook without outputs.

    Examples
    --------
    >>> home = Home("someone/dlcourse", "main", "colab")
    >>> name, content = next(colab_copies(home))
    >>> name, home.opens(name) in content.decode()
    ('00_arrays', True)
    """
    handed_out = [copy for copy in copies(notebooks, exercises) if copy.name != "00_welcome"]
    names = {copy.name for copy in handed_out}
    for copy in handed_out:
        yield copy.name, _copy(copy, home, names)


def _copy(copy: Copy, home: Home, names: set[str]) -> bytes:
    notebook = json.loads(copy.content)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = _absolute("".join(cell["source"]), home, names)
            cell["source"] = text.splitlines(keepends=True)
    badge = f"[![Open in Colab]({BADGE})]({home.opens(copy.name)})"
    first = FIRST_CELL.format(repository=home.repository, ref=home.ref, missing=" ".join(MISSING))
    notebook["cells"][:0] = [_cell("markdown", badge), _cell("code", first)]
    notebook["metadata"]["colab"] = {"provenance": []}
    return f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n".encode()


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": f"colab-{kind}", "metadata": {}}
    cell["source"] = text.splitlines(keepends=True)
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


LINK = re.compile(r"\]\((?!https?://|#|mailto:|attachment:)([^)#\s]+)")


def _absolute(text: str, home: Home, names: set[str]) -> str:
    """Return Markdown whose relative links lead to copies in Colab, or to pages on GitHub."""

    def target(match: re.Match[str]) -> str:
        path = match[1]
        name = path.removesuffix(".ipynb")
        if name in names:
            return f"]({home.opens(name)}"
        if name == "00_welcome":
            return f"]({home.page('README.md')}"
        return f"]({home.page(path.lstrip('./'))}"

    return LINK.sub(target, text)

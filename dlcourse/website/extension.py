"""What the course adds to Sphinx: formulas, the descriptions of pictures, one place to write to."""

import hashlib
import re
from base64 import b64decode
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from sphinx.domains.std import StandardDomain

from dlcourse.website import mathml, notebooks

TITLE = "Deep learning from scratch, in Jupyter"  # of the front page, for tabs and search engines
CLOSING = re.compile(r"[.,;:!?)\]\u201d\u2019]+")


def setup(app: Any) -> dict[str, bool]:
    """Tell Sphinx."""
    StandardDomain.object_types["term"].attrs["searchprio"] = 0  # search leads to a definition
    app.add_config_value("code_of_the_site", "", "env", str)  # another code, another reading
    app.add_html_math_renderer("mathml", (mathml.visit, None), (mathml.visit, None))
    app.connect("builder-inited", keep_pictures_together, priority=900)
    app.connect("doctree-read", describe)
    app.connect("doctree-resolved", unwrap)
    app.connect("doctree-resolved", keep)
    app.connect("html-page-context", name_the_front)
    app.connect("autodoc-process-docstring", number_references, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def keep_pictures_together(app: Any) -> None:
    """Have the pictures of notebooks written beside Sphinx's own files, not beside the site."""
    folder = Path(app.doctreedir).parent / "pictures"
    app.env.mystnb_config = app.env.mystnb_config.copy(output_folder=str(folder))


def number_references(app: Any, kind: str, name: str, thing: Any, options: Any, lines: Any) -> None:
    """Make the references of a docstring a numbered list: on one page, each has its own [1].

    What follows a number begins with an escape: an initial, as in "J. Ba", begins no list.
    """
    text = "\n".join(lines)
    text = re.sub(r"\[(\d+)\]_", r"[\1]", text)
    text = re.sub(r"^( *)\.\. \[(\d+)\] ", r"\1\2. \\ ", text, flags=re.MULTILINE)
    lines[:] = text.split("\n")


def describe(app: Any, doctree: nodes.document) -> None:
    """Give each picture of a notebook its description: MyST-NB names them by their bytes."""
    source = Path(str(app.env.doc2path(app.env.docname)))
    if source.suffix != ".ipynb":
        return
    words: dict[str, list[str]] = {}  # a picture may stand there twice, with other words
    for picture, description in notebooks.descriptions(notebooks.read(source)):
        digest = hashlib.sha256(b64decode(picture)).hexdigest()
        words.setdefault(digest, []).append(description)
    for image in doctree.findall(nodes.image):
        if descriptions := words.get(PurePosixPath(image["uri"]).stem):
            image["alt"] = descriptions.pop(0)


def unwrap(app: Any, doctree: nodes.document, name: str) -> None:
    """Take a list out of the paragraph in which Sphinx puts it: several values that return."""
    for paragraph in list(doctree.findall(nodes.paragraph)):
        if any(isinstance(child, nodes.bullet_list) for child in paragraph.children):
            paragraph.replace_self(paragraph.children)


def keep(app: Any, doctree: nodes.document, name: str) -> None:
    """Give each formula the punctuation behind it, or a line could begin with a full stop."""
    for formula in list(doctree.findall(nodes.math)):
        place = formula.parent.index(formula) + 1
        after = formula.parent.children[place : place + 1]
        if after and isinstance(after[0], nodes.Text) and (mark := CLOSING.match(after[0])):
            formula["behind"] = mark[0]
            formula.parent[place] = nodes.Text(after[0][mark.end() :])


def name_the_front(app: Any, page: str, template: str, context: Any, doctree: Any) -> None:
    """Give the front page a title that says what the course is."""
    if page == app.config.master_doc:
        context["title"] = TITLE
        told = f'<meta name="description" content="{app.config.epub_description}" />\n'
        context["metatags"] = context.get("metatags", "") + told

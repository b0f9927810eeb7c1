"""Formulas as MathML: browsers draw it and screen readers read it, without any script."""

import re
from functools import cache
from html import unescape
from typing import Any

from docutils import nodes

NAMED = re.compile(r"&(?!amp;|lt;|gt;|quot;)\w+;")  # HTML knows these names, XML does not
LONG = 40  # characters of LaTeX in a line that a telephone may be too narrow for


@cache
def converter() -> Any:
    """Return what turns LaTeX into MathML, and raises where it does not know a command."""
    from math_core import LatexToMathML

    return LatexToMathML(xml_namespace=True, fancy_error=False)


@cache
def mathml(latex: str, block: bool) -> str:
    r"""Return a formula as MathML.

    Examples
    --------
    >>> mathml(r"\eta", False)
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>η</mi></math>'
    """
    text: str = converter().convert_with_local_state(latex.strip(), displaystyle=block)
    return NAMED.sub(lambda found: unescape(found[0]), text)


def visit(translator: Any, node: nodes.Element) -> None:
    """Write a formula into a page, or say where it stands that cannot be read."""
    from math_core import LatexError
    from sphinx.util import logging

    block = isinstance(node, nodes.math_block)
    try:
        text = mathml(node.astext(), block)
    except LatexError as error:
        logging.getLogger(__name__).warning("formula %r: %s", node.astext(), error, location=node)
        text = f"<code>{translator.encode(node.astext())}</code>"
    if block or len(node.astext()) > LONG:
        tag, kind = ("div", "math") if block else ("span", "dlcourse-long")
        text = f'<{tag} class="{kind}">{text}</{tag}>'
    translator.body.append(text)
    raise nodes.SkipNode

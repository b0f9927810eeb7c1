"""Formulas as MathML: browsers draw it and screen readers read it, without any script."""

import re
from functools import cache
from html import unescape
from typing import Any
from xml.etree import ElementTree

from docutils import nodes

NAMED = re.compile(r"&(?!amp;|lt;|gt;|quot;)\w+;")  # HTML knows these names, XML does not
LONG = 40  # characters of LaTeX in a line that a telephone may be too narrow for
SPACE = "http://www.w3.org/1998/Math/MathML"
STYLES = ("displaystyle", "scriptlevel")  # browsers read them anywhere, a book in mstyle alone
ElementTree.register_namespace("", SPACE)


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
    return strict(NAMED.sub(lambda found: unescape(found[0]), text))


def strict(text: str) -> str:
    """Return a formula in which everything stands where MathML 3 has it: books are held to it.

    Examples
    --------
    >>> strict(f'<math xmlns="{SPACE}"><mtext><code>a</code></mtext></math>')[49:]
    '<mtext style="font-family: monospace">a</mtext></math>'
    """
    if not any(f"{word}=" in text for word in STYLES) and "<code>" not in text:
        return text
    formula = ElementTree.fromstring(text)
    for parent in list(formula.iter()):
        for place, child in enumerate(list(parent)):
            name = child.tag.removeprefix(f"{{{SPACE}}}")
            told = {key: child.attrib.pop(key) for key in STYLES if key in child.attrib}
            if name == "code":
                parent.text, parent.attrib["style"] = child.text, "font-family: monospace"
                parent.remove(child)
            elif told:
                style = ElementTree.Element(f"{{{SPACE}}}mstyle", told)
                style.tail, child.tail = child.tail, None
                style.append(child)
                parent[place] = style
    return ElementTree.tostring(formula, encoding="unicode")


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
    text += translator.encode(node.get("behind", ""))
    if block:
        text = f'<div class="math">{text}</div>'
    elif len(node.astext()) > LONG:
        text = f'<span class="dlcourse-long">{text}</span>'
    elif "behind" in node:
        text = f'<span class="dlcourse-kept">{text}</span>'
    translator.body.append(text)
    raise nodes.SkipNode

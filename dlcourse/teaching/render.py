"""Markdown with formulas as HTML that needs no script and no network: formulas become MathML.

Every browser of today draws MathML by itself. docutils, which the site brings, translates LaTeX.
"""

import re
from functools import cache
from html import escape, unescape
from typing import Any
from xml.etree import ElementTree

# Code comes first: what looks like a formula in it is none.
PIECES = re.compile(r"(```.*?```|`[^`\n]*`)|\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
# What docutils does not know, in words that it does.
SAID_OTHERWISE = (
    (re.compile(r"\\dots\b"), r"\\ldots"),
    (re.compile(r"\\[bB]ig+[lr]?(?![a-zA-Z])"), ""),
    (re.compile(r"\\texttt\b"), r"\\text"),
    (re.compile(r"\\mathrel\{\+\}="), "{+}="),
    (re.compile(r"\\([dt]?)frac(\d)(\d)"), r"\\\1frac{\2}{\3}"),
    (re.compile(r"\A\^"), r"{}^"),
)
MARK = "\ue000{}\ue001"
MARKED = re.compile("\ue000(\\d+)\ue001")
# A formula and the signs that must not be torn from it at the end of a line.
TOGETHER = re.compile("\\((\ue000\\d+\ue001)[.,;:?!)]*|(\ue000\\d+\ue001)[.,;:?!)]+")


def formula(latex: str, *, display: bool = False) -> str:
    """Return a formula as MathML.

    Parameters
    ----------
    latex : str
        Without the dollar signs.
    display : bool
        Whether it stands in a line of its own.

    Raises
    ------
    ValueError
        If it holds something that cannot be translated.

    Examples
    --------
    >>> formula("x^2").startswith("<math")
    True
    """
    from docutils.utils.math import MathError
    from docutils.utils.math.latex2mathml import tex2mathml

    text = " ".join(latex.split())
    for pattern, other in SAID_OTHERWISE:
        text = pattern.sub(other, text)
    try:
        return _hats(str(tex2mathml(text, as_block=display)))
    except (MathError, IndexError) as error:
        raise ValueError(f"the formula {latex!r} cannot be translated: {error}") from error


MATHML = "http://www.w3.org/1998/Math/MathML"
HATS = "\u02c6\u02c9~\u02dc"  # circumflex, bar, tildes


NAMED = re.compile(r"&(?!lt;|gt;|amp;|quot;|#)\w+;")  # names that HTML knows and XML does not


def _hats(mathml: str) -> str:
    """Return MathML with the index of a letter beside its hat, and that of a brace below it."""
    if "<munder" not in mathml:
        return mathml
    ElementTree.register_namespace("", MATHML)
    tree = ElementTree.fromstring(NAMED.sub(lambda match: unescape(match[0]), mathml))
    for element in tree.iter():
        kind, parts = element.tag.rpartition("}")[2], list(element)
        if kind == "munderover" and parts[2].text and parts[2].text in HATS:
            letter, index, hat = parts
            wearing = ElementTree.Element(f"{{{MATHML}}}mover", accent="true")
            wearing.extend([letter, hat])
            element.tag = f"{{{MATHML}}}msub"
            element[:] = [wearing, index]
        elif kind == "msub" and parts[0].tag.endswith("}munder"):
            element.tag = f"{{{MATHML}}}munder"  # the number under a brace
    return ElementTree.tostring(tree, encoding="unicode")


def to_html(markdown: str) -> str:
    r"""Return Markdown as HTML, formulas as MathML.

    Examples
    --------
    >>> print(to_html("A *sum* of `a$b$`"))
    <p>A <em>sum</em> of <code>a$b$</code></p>
    """
    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[1]
        formulas.append(formula(match[2] or match[3], display=match[2] is not None))
        return MARK.format(len(formulas) - 1)

    html = str(_markdown()(PIECES.sub(keep, markdown))).strip()
    html = TOGETHER.sub(r'<span class="one">\g<0></span>', html)
    return MARKED.sub(lambda match: formulas[int(match[1])], html)


def side_by_side(latex: str) -> str:
    r"""Return a formula in a line of its own; its parts may go below each other.

    Parts are what stands between two ``\qquad`` at its top level.

    Examples
    --------
    >>> side_by_side(r"a = 1, \qquad b = 2").count("<math")
    2
    """
    parts, depth = [""], 0
    for piece in re.split(r"(\\qquad|\\begin\b|\\end\b|\\left\b|\\right\b|[{}])", latex):
        depth += (piece in ("{", r"\begin", r"\left")) - (piece in ("}", r"\end", r"\right"))
        if piece == r"\qquad" and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    found = [formula(part, display=True) for part in parts if part.strip()]
    return found[0] if len(found) == 1 else f'<div class="row">{"".join(found)}</div>'


def inline(markdown: str) -> str:
    """Return one paragraph of Markdown as HTML, without the element around it.

    Examples
    --------
    >>> inline("**yes**")
    '<strong>yes</strong>'
    """
    html = to_html(markdown)
    return html.removeprefix("<p>").removesuffix("</p>") if html.count("<p>") == 1 else html


def code(source: str) -> str:
    """Return Python code as HTML with colours; their rules are `code_style`."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return str(highlight(source.rstrip(), PythonLexer(), HtmlFormatter(cssclass="source")))


def code_style() -> str:
    """Return the CSS rules of `code`."""
    from pygments.formatters import HtmlFormatter

    return str(HtmlFormatter(style="friendly", cssclass="source").get_style_defs(".source"))


@cache
def _markdown() -> Any:
    import mistune

    class Renderer(mistune.HTMLRenderer):
        def block_code(self, code_text: str, info: str | None = None) -> str:
            if (info or "").strip() == "python":
                return code(code_text)
            return f"<pre><code>{escape(code_text)}</code></pre>\n"

    return mistune.create_markdown(renderer=Renderer(escape=False), plugins=["table"])

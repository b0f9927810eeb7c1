r"""Formulas as plain text, set for a page, for a figure, and for a voice.

One short notation serves all three. Names are letters with a number (``w1``), or a letter and
what it belongs to (``z_h1``); ``∂E/∂w1`` is a derivative; ``e^(-2)`` is a power; ``·``,
``-`` and ``²`` stand for themselves.

>>> print(latex("∂E/∂w1 = ∂E/∂z_h1 · x1"))
\frac{\partial E}{\partial w_{1}} = \frac{\partial E}{\partial z_{h1}} \cdot x_{1}
"""

import re
from collections.abc import Callable
from functools import lru_cache

_NAME = r"[A-Za-z]+_[a-z]+\d+|[A-Za-zŷ]+\d*"
_TOKEN = re.compile(
    rf"(?P<number>\d+(\.\d+)?(e[+-]?\d+)?)"  # its exponent is no name
    rf"|∂(?P<top>{_NAME})/∂(?P<bottom>{_NAME})"
    rf"|e\^\((?P<power>([^()]|\([^()]*\))*)\)"
    rf"|(?P<name>{_NAME})"
    rf"|(?P<other>.)",
    re.DOTALL,
)

_LATEX = {"·": r"\cdot", "²": "^2", "½": r"\frac{1}{2}", "η": r"\eta"}
_HAT = r"\hat{y}"
_HTML = {"-": "&minus;", "<": "&lt;", ">": "&gt;", "&": "&amp;"}
_SPOKEN = {
    "·": "times",
    "-": "minus ",
    "²": " squared",
    "½": "one half",
    "η": "eta",
    "=": "equals",
    "+": "plus",
}


def split_name(name: str) -> tuple[str, str]:
    """Take a name apart into what stands on the line and what stands below it.

    Examples
    --------
    >>> split_name("w12"), split_name("z_h1"), split_name("E")
    (('w', '12'), ('z', 'h1'), ('E', ''))
    """
    if "_" in name:
        base, _, index = name.partition("_")
        return base, index
    base = name.rstrip("0123456789")
    return base, name[len(base) :]


@lru_cache(maxsize=4096)
def latex(formula: str) -> str:
    """Set a formula in LaTeX, as matplotlib and Markdown understand it."""

    def name(text: str) -> str:
        base, index = split_name(text)
        shown = _HAT if base == "ŷ" else base if len(base) == 1 else rf"\mathrm{{{base}}}"
        return shown + (f"_{{{index}}}" if index else "")

    def fraction(top: str, bottom: str) -> str:
        return rf"\frac{{\partial {name(top)}}}{{\partial {name(bottom)}}}"

    return _set(formula, _LATEX, name, fraction, lambda exponent: f"e^{{{exponent}}}")


@lru_cache(maxsize=4096)
def html(formula: str) -> str:
    """Set a formula in HTML; a derivative is a span of the class ``fraction``.

    Examples
    --------
    >>> html("½ · w1")
    '½ · <i>w</i><sub>1</sub>'
    """

    def name(text: str) -> str:
        base, index = split_name(text)
        shown = f"<i>{base}</i>" if len(base) == 1 else base
        return shown + (f"<sub>{index}</sub>" if index else "")

    def fraction(top: str, bottom: str) -> str:
        return (
            f'<span class="fraction"><span>∂{name(top)}</span><span>∂{name(bottom)}</span></span>'
        )

    return _set(formula, _HTML, name, fraction, lambda exponent: f"<i>e</i><sup>{exponent}</sup>")


@lru_cache(maxsize=4096)
def spoken(formula: str) -> str:
    """Write a formula as it is read aloud.

    Examples
    --------
    >>> spoken("∂E/∂w1 = 0.5 · z_h1")
    'd E by d w1 equals 0.5 times z h1'
    """
    text = _set(
        formula,
        _SPOKEN,
        _said,
        lambda top, bottom: f"d {_said(top)} by d {_said(bottom)}",
        lambda exponent: f"e to the power of {exponent}",
    )
    return " ".join(text.split())


def _said(name: str) -> str:
    return name.replace("_", " ").replace("ŷ", "y-hat ")


def _set(
    formula: str,
    symbols: dict[str, str],
    name: Callable[[str], str],
    fraction: Callable[[str, str], str],
    power: Callable[[str], str],
) -> str:
    """Replace names, derivatives, powers and symbols, each by its own rule."""

    def other(text: str) -> str:
        return "".join(symbols.get(character, character) for character in text)

    parts = []
    for token in _TOKEN.finditer(formula):
        if token["name"]:
            parts.append(name(token["name"]))
        elif token["top"]:
            parts.append(fraction(token["top"], token["bottom"]))
        elif token["power"]:
            parts.append(power(other(token["power"])))
        elif token["number"]:
            parts.append(token["number"])
        else:
            parts.append(other(token[0]))
    return "".join(parts)

"""Markdown and LaTeX of a question, for a page and for a terminal."""

import html
import re
import unicodedata
from collections.abc import Callable

import mistune

CODE = r"`[^`]*`"
MATH = r"\$\$.+?\$\$|\$[^$\n]+?\$"
CODE_OR_MATH = re.compile(rf"({CODE})|({MATH})", re.DOTALL)
KEPT = re.compile("\x02(\\d+)\x03")
_render = mistune.create_markdown(escape=False, plugins=["table"])


def to_html(text: str) -> str:
    r"""Return Markdown as HTML, with formulas between ``\(`` and ``\)``, which MathJax reads.

    Parameters
    ----------
    text : str
        Markdown, with LaTeX between dollar signs.

    Examples
    --------
    >>> print(to_html("Less than $x_1 < 2$, **always**."))
    <p>Less than \(x_1 &lt; 2\), <strong>always</strong>.</p>
    """
    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        formulas.append(_between(match[2]))
        return f"\x02{len(formulas) - 1}\x03"

    rendered = str(_render(CODE_OR_MATH.sub(keep, text)))
    return KEPT.sub(lambda match: formulas[int(match[1])], rendered).strip()


def _between(formula: str) -> str:
    if formula.startswith("$$"):
        return rf"\[{html.escape(formula[2:-2].strip(), quote=False)}\]"
    return rf"\({html.escape(formula[1:-1].strip(), quote=False)}\)"


# ------------------------------------------------------------------ terminal


def to_text(text: str) -> str:
    r"""Return Markdown as plain text, with formulas as far as Unicode has them.

    Examples
    --------
    >>> to_text(r"At most $\frac{2}{n}$, for $w_1 \cdot x^2 \le \eta$ and *all* `x`.")
    'At most 2/n, for w₁ · x² ≤ η and all x.'
    >>> to_text(r"$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$")
    '[1 2; 3 4]'
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1].strip("`") if match[1] else formula(match[2].strip("$")))
        return f"\x02{len(kept) - 1}\x03"

    plain = _prose(CODE_OR_MATH.sub(keep, text))
    return KEPT.sub(lambda match: kept[int(match[1])], plain).strip()


def _prose(text: str) -> str:
    text = re.sub(r"</?\w+[^>]*>", "", text)
    text = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", r"\1", text, flags=re.DOTALL)
    text = re.sub(r"(?<![\\\w*])\*([^*\n]+?)(?<!\\)\*(?![\w*])", r"\1", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return html.unescape(re.sub(r"\\([*_])", r"\1", text))


GREEK = (
    "alpha beta gamma delta epsilon eta theta lambda mu nu xi pi rho sigma tau phi chi psi omega"
)
OTHERS = (
    "· cdot \u00d7 times ≤ le ≤ leq ≥ ge ≥ geq ≠ ne ≈ approx ∞ infty ∂ partial ∇ nabla Σ sum "
    "Π prod ∈ in → to ← leftarrow → rightarrow ⇒ Rightarrow ⇒ Longrightarrow ⊙ odot ± pm "
    "… dots … ldots … cdots … vdots ᵀ top ‖ lVert ‖ rVert | lvert | rvert | mid "
    "⌊ lfloor ⌋ rfloor ⟨ langle ⟩ rangle"
)
PAIRS = OTHERS.split()


def _greek(name: str) -> str:
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    return unicodedata.lookup(f"GREEK {size} LETTER {name.upper().replace('LAMBDA', 'LAMDA')}")


SYMBOLS = dict(zip(PAIRS[1::2], PAIRS[::2], strict=True))
SYMBOLS |= {name: _greek(name) for name in f"{GREEK} {GREEK.title()}".split()}
SYMBOLS |= {"varepsilon": _greek("epsilon"), "ell": "l", "quad": " ", "qquad": " "}
RAISED = dict(zip("0123456789+-()nikT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱᵏᵀ", strict=True))
LOWERED = dict(zip("0123456789+-()aehijklmnopstx", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚₛₜₓ", strict=True))
ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304"}
GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"


def formula(latex: str) -> str:
    r"""Return a formula in one line of Unicode; what has no sign of its own keeps its name.

    Examples
    --------
    >>> formula(r"\partial L / \partial w_{12} = \sqrt{d} \, e^{-x}")
    '∂L / ∂w₁₂ = √d e^(-x)'
    """
    text = re.sub(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", _matrix, latex, flags=re.DOTALL)
    text = re.sub(r"\\(?:left|right|big|Big|bigg|Bigg|displaystyle|boxed)(?![a-z])", "", text)
    text = re.sub(rf"\\(?:text|mathrm|mathbf|mathbb|operatorname){GROUP}", r"\1", text)
    for name, accent in ACCENTS.items():
        for argument in (GROUP, r"\s*(\w)"):
            text = re.sub(rf"\\{name}{argument}", rf"\g<1>{accent}", text)
    for _ in range(3):  # a fraction in a fraction
        text = re.sub(rf"\\[dt]?frac\s*{GROUP}\s*{GROUP}", _fraction, text)
        text = re.sub(r"\\[dt]?frac\s*(\w)(\w)", r"\1/\2", text)
        text = re.sub(rf"\\sqrt{GROUP}", lambda m: f"√{_bracketed(m[1])}", text)
        text = re.sub(r"\\sqrt\s*(\w)", r"√\1", text)
    text = re.sub(rf"\^(?:{GROUP}|(\\[a-z]+|\w))", _script(RAISED, "^"), text)
    text = re.sub(rf"_(?:{GROUP}|(\\[a-z]+|\w))", _script(LOWERED, "_"), text)
    text = re.sub(r"\\([A-Za-z]+)", lambda m: SYMBOLS.get(m[1], m[1]), text)
    text = re.sub(r"([∂Σ]) (?=\w)", r"\1", text)
    text = re.sub(r"\\[,;!: ]", " ", text).replace(r"\|", "‖").replace("{,}", ",")
    text = text.replace("\\", "").replace("{", "").replace("}", "").replace("~", " ")
    return " ".join(text.split())


def _matrix(match: re.Match[str]) -> str:
    rows = (" ".join(row.replace("&", " ").split()) for row in match[1].split(r"\\"))
    return f"[{'; '.join(row for row in rows if row)}]"


def _bracketed(text: str) -> str:
    return text if re.fullmatch(r"\\?\w+|[\d.,]+", text) else f"({text})"


def _fraction(match: re.Match[str]) -> str:
    return f"{_bracketed(match[1])}/{_bracketed(match[2])}"


def _script(signs: dict[str, str], mark: str) -> Callable[[re.Match[str]], str]:
    """Return what turns a raised or a lowered part into Unicode, if all of it has signs."""

    def turn(match: re.Match[str]) -> str:
        part = match[1] if match[1] is not None else match[2]
        if part and all(sign in signs for sign in part):
            return "".join(signs[sign] for sign in part)
        return f"{mark}{part}" if re.fullmatch(r"\\?\w+", part) else f"{mark}({part})"

    return turn

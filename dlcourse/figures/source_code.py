"""Show code of the package in a lesson, straight from the file that runs."""

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

from IPython.display import Markdown

from dlcourse.layout import ROOT


def source(code: Callable[..., Any], *, docstring: bool = False) -> Markdown:
    """Return the source of a function, method or class, with its file named above it.

    JupyterLab colours it in the reader's own theme, so it is legible light and dark.

    Parameters
    ----------
    code : function, method or class
        Something of `dlcourse`.
    docstring : bool, default False
        Keep the docstring. Without it the code fits beside its explanation;
        ``help(code)`` shows the rest.

    Raises
    ------
    TypeError
        If `code` was not written in Python, so that there is nothing to show.

    Examples
    --------
    >>> print(source(describe_path).data)
    From `dlcourse/figures/source_code.py`:
    <BLANKLINE>
    ```python
    def describe_path(path: Path) -> str:
        return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    ```
    """
    try:
        lines = dedent(inspect.getsource(code))
        path = Path(inspect.getsourcefile(code) or "")
    except (TypeError, OSError):
        raise TypeError(
            f"expected a function or class written in Python, got {code!r}, whose source cannot "
            "be shown"
        ) from None
    text = lines if docstring else without_docstring(lines)
    return Markdown(f"From `{describe_path(path)}`:\n\n```python\n{text.rstrip()}\n```")


def describe_path(path: Path) -> str:
    """Name a file as a reader of the repository would."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def without_docstring(text: str) -> str:
    r"""Cut the docstrings, of the outer definition and of those inside it, and nothing else.

    Examples
    --------
    >>> print(without_docstring('def f(x):\n    "Double it."\n    return 2 * x  # twice'))
    def f(x):
        return 2 * x  # twice
    """
    lines = text.splitlines()
    dropped: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        first, *rest = node.body
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and rest:
            end = first.end_lineno or first.lineno
            dropped.update(range(first.lineno, end + 1))
            if end < len(lines) and not lines[end].strip():
                dropped.add(end + 1)  # the blank line that set the docstring apart
    return "\n".join(line for number, line in enumerate(lines, 1) if number not in dropped)

"""The code that a slide shows of a cell: what it defines, in pieces that a class can read."""

import ast

LINES = 20  # of code on a slide
WIDE = 88  # signs of a line


def definitions(source: str) -> str:
    r"""Return the functions and classes that a cell begins with, without what it does with them.

    Returns
    -------
    str
        Empty where a cell begins with something else.

    Examples
    --------
    >>> print(definitions("def twice(x):\n    return 2 * x\n\n\nshow(figures.plot(twice(3)))"))
    def twice(x):
        return 2 * x
    >>> definitions("x = 3")
    ''
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a line of IPython's
        return ""
    if not body or not isinstance(body[0], ast.FunctionDef | ast.ClassDef):
        return ""
    lines = source.splitlines()
    parts = []
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            parts.append("\n".join(lines[first - 1 : node.end_lineno]))
    return "\n\n".join(parts)


def pages(source: str) -> list[str]:
    r"""Return code in as many pieces as slides can hold; none where it is too much for two.

    A piece ends at an empty line.

    Examples
    --------
    >>> [len(page.splitlines()) for page in pages("x = 1\n\n" * 15)]
    [15, 13]
    >>> pages("x = 1\n" * 30)
    []
    """
    lines = source.strip().splitlines()
    if any(len(line) > WIDE for line in lines):
        return []
    if len(lines) <= LINES:
        return ["\n".join(lines)]
    gaps = [place for place, line in enumerate(lines) if not line.strip()]
    fitting = [gap for gap in gaps if gap <= LINES and len(lines) - gap - 1 <= LINES]
    if not fitting:
        return []
    middle = min(fitting, key=lambda gap: abs(2 * gap - len(lines)))
    return ["\n".join(lines[:middle]).rstrip(), "\n".join(lines[middle + 1 :])]

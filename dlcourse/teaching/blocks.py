"""A lesson as the pieces that a slide can be made of, in their order."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "heading", "text", "list", "formula", "table", "figure", "board", "ask", "tell", "code"
]


class Block(NamedTuple):
    """One piece of a lesson.

    Attributes
    ----------
    kind : str
        ``heading``; ``text``, a paragraph; ``list``; ``formula``, one in a line of its own;
        ``table``; ``figure`` and ``board``, a stored picture; ``ask`` and ``tell``, the cell
        with a prediction and the cell that answers it; ``code``.
    text : str
        Markdown; of a figure its description, of a cell its code, of ``ask`` and ``tell`` the
        name of the prediction.
    data : str
        The picture as base64, a stored table as HTML, the level of a heading; else empty.
    cell : str
        The id of the cell that it stands in.
    """

    kind: Kind
    text: str
    data: str = ""
    cell: str = ""


END = "## You may stop here"  # what follows is not for everybody


def blocks(notebook: Path) -> list[Block]:
    """Return the pieces of the core of a lesson: all that stands before "You may stop here"."""
    found: list[Block] = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source, end = "".join(cell["source"]), ""
        pieces: Iterator[Block] = iter(())
        if cell["cell_type"] == "markdown":
            core, end, _ = source.partition(END)
            pieces = _prose(core)
        elif cell["cell_type"] == "code":
            pieces = _code(cell, source)
        found += [piece._replace(cell=cell.get("id", "")) for piece in pieces]
        if end:
            break
    return found


# A fence, a fold or a formula in a line of its own stays whole; else an empty line ends a piece.
WHOLE = re.compile(r"```.*?```|<details>.*?</details>|\$\$.*?\$\$", re.DOTALL)


def _prose(text: str) -> Iterator[Block]:
    text = re.sub(r"^(#+ .*)$", r"\n\1\n", text, flags=re.MULTILINE)
    whole: list[str] = []

    def keep(match: re.Match[str]) -> str:
        whole.append(match[0])
        own_line = match[0].startswith("```") or _is_alone(match)
        mark = f"\ue010{len(whole) - 1}\ue011"
        return f"\n\n{mark}\n\n" if own_line else mark

    kept = WHOLE.sub(keep, text)
    for part in re.split(r"\n\s*\n", kept):
        part = re.sub("\ue010(\\d+)\ue011", lambda m: whole[int(m[1])], part).strip()
        if part and not part.startswith("<details>"):
            yield _paragraph(part)


def _is_alone(match: re.Match[str]) -> bool:
    """Return whether a formula or fold begins its line."""
    before = match.string[: match.start()]
    return not before or before.endswith("\n")


def _paragraph(part: str) -> Block:
    if heading := re.match(r"(#+) (.*)", part):
        return Block("heading", heading[2], str(len(heading[1])))
    if part.startswith("```"):
        return Block("code", re.sub(r"\A```\w*\n|\n?```\Z", "", part))
    if part.startswith("$$"):
        return Block("formula", part)
    if part.startswith("|"):
        return Block("table", part)
    if re.match(r"(- |\d+\. )", part):
        return Block("list", part)
    return Block("text", part)


def _code(cell: dict[str, Any], source: str) -> Iterator[Block]:
    asks, tells = predictions(source)
    if asks:
        yield Block("ask", asks)
        return
    pictures = list(_outputs(cell))
    if tells:
        yield Block("tell", tells)
        # What a prediction is about is shown with its answer, not before.
        yield from pictures
        return
    yield Block("code", source)
    yield from pictures


def _outputs(cell: dict[str, Any]) -> Iterator[Block]:
    for output in cell["outputs"]:
        data = {kind: "".join(text) for kind, text in output.get("data", {}).items()}
        if "image/png" in data:
            board = data["text/plain"].startswith("Interactive board")
            yield Block(
                "board" if board else "figure", data["text/plain"], data["image/png"].strip()
            )
        elif data.get("text/html", "").startswith("<table"):
            yield Block("table", data["text/plain"], data["text/html"])


def predictions(source: str) -> tuple[str, str]:
    """Return the names of the prediction that a cell asks, and of the one that it answers.

    Examples
    --------
    >>> predictions('wide = widgets.Prediction("How wide?", ["4", "5"])')
    ('wide', '')
    >>> predictions('wide.choose_first(); wide.reveal("4")')
    ('', 'wide')
    """
    tree = ast.parse(re.sub(r"^(\s*)[%!].*", r"\1pass", source, flags=re.MULTILINE))
    asks = tells = ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            if ast.unparse(node.value.func).endswith("Prediction"):
                asks = ast.unparse(node.targets[0])
        elif isinstance(node, ast.Attribute) and node.attr == "reveal":
            tells = ast.unparse(node.value)
    return asks, tells

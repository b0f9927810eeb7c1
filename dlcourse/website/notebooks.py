"""What a page shows of a notebook: its cells and stored outputs, made for reading."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from dlcourse.layout import EXERCISES, NOTEBOOKS, WELCOME
from dlcourse.recall import questions
from dlcourse.recall.questions import Question
from dlcourse.syllabus import Lesson
from dlcourse.teaching.colab import Home

BOARD = "Interactive board: "
UNUSABLE = re.compile(r" \(run this no.*$")  # the end of what a board says of itself
NOTE = (
    '<p class="dlcourse-note">A still picture. Run this notebook in JupyterLab to use the '
    "board.</p>"
)
STILL = (
    "{.dlcourse-note}\nNothing runs on this page: it shows the outputs that are stored. To run it, "
    "to choose your predictions and to use the boards, [start the course](../index.md#start) on a "
    "computer."
)
UNCHECKED = (
    "{.dlcourse-note}\nNothing runs on this page. To write the functions and have `check` judge "
    "them, [start the course](../../index.md#start) on a computer."
)
FOLDED = re.compile(r"(<details><summary>[^<]*</summary>)\s*(.*?)\s*</details>", re.DOTALL)


def read(path: Path) -> Any:
    """Return a notebook as the JSON that it is."""
    return json.loads(path.read_text(encoding="utf-8"))


def prose(path: Path) -> str:
    """Return all Markdown of a stored notebook."""
    return markdown(read(path))


def markdown(notebook: Any) -> str:
    """Return all Markdown of a notebook, cell after cell."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


def text_of(data: Any, kind: str) -> str:
    """Return one form of an output as a string, "" if it has none."""
    return "".join(data.get(kind, ""))


def page(path: Path, top: str) -> Any:
    """Return a notebook made ready for the site.

    Parameters
    ----------
    path : Path
    top : str
        Markdown that is put under the title.
    """
    notebook = read(path)
    first = notebook["cells"][0]
    title, _, rest = "".join(first["source"]).partition("\n")
    first["source"] = f"{title}\n\n{top}\n{rest}"
    asked = predictions(path)
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        if cell["cell_type"] == "markdown":
            cell["source"] = unfolded("".join(cell["source"]))
        if cell["cell_type"] == "code":
            made = MADE.search("".join(cell["source"]))
            question = asked.get(made[1]) if made else None
            cell["outputs"] = [new for old in cell["outputs"] for new in shown(old, question)]
    notebook["metadata"].pop("dlcourse", None)
    return notebook


def unfolded(text: str) -> str:
    r"""Return Markdown in which what is folded away is Markdown, too: between blank lines.

    Examples
    --------
    >>> unfolded("<details><summary>Answer</summary>At $x$.</details>")
    '<details><summary>Answer</summary>\n\nAt $x$.\n\n</details>'
    """
    return FOLDED.sub(r"\1\n\n\2\n\n</details>", text)


MADE = re.compile(r"^(\w+) = (?:\w+\.)?Prediction\(", re.MULTILINE)


def predictions(path: Path) -> dict[str, Question]:
    """Return the predictions that a lesson asks for, by the name of their variable."""
    if path.parent != NOTEBOOKS:
        return {}
    found = [question for question in questions.read(path) if question.kind == "prediction"]
    return {question.id.partition(".")[2]: question for question in found}


def shown(output: Any, question: Question | None) -> list[Any]:
    """Return what stands on the page for one output: a question gets a box, a board a note."""
    data = output.get("data", {})
    text = text_of(data, "text/plain")
    if question and list(data) == ["text/plain"]:
        return [html(box(question))]
    if "<table" in (rich := text_of(data, "text/html")):
        return [html(f'<div class="dlcourse-table">{rich}</div>')]
    if "image/png" in data and text.startswith(BOARD):
        return [output, html(NOTE)]
    return [output]


def html(text: str) -> Any:
    """Return an output of HTML."""
    return {"output_type": "display_data", "data": {"text/html": text}, "metadata": {}}


def box(question: Question) -> str:
    """Return a prediction as a reader sees it who cannot click."""
    items = "".join(f"<li>{escape(choice)}</li>" for choice in question.choices)
    return (
        '<div class="dlcourse-question"><p><strong>Predict, then read on.</strong> '
        f"{escape(question.text)}</p><ul>{items}</ul></div>"
    )


def descriptions(notebook: Any) -> list[tuple[str, str]]:
    """Return each picture of a notebook, as base64, with the words that stand in for it."""
    found = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                told = output["metadata"].get("image/png", {}).get("alt")
                words = told or UNUSABLE.sub("", text_of(data, "text/plain"))
                found.append((text_of(data, "image/png"), words))
    return found


def lesson_top(lesson: Lesson | None, path: Path, repository: str) -> str:
    """Return the line under the title of a lesson: what can be taken along."""
    links = [download("This notebook", path.name)]
    if lesson and lesson.has_exercise:
        place = f"../exercises/{lesson.name}/{lesson.name}.ipynb"
        links.append(f"[its exercise]({place})")
        links.append(download("the exercise's notebook", f"exercise_{path.name}"))
    return f"{line(links, path.stem, repository)}\n\n{STILL}\n"


def exercise_top(path: Path, repository: str) -> str:
    """Return the line under the title of an exercise."""
    links = [download("This notebook", f"exercise_{path.name}")]
    if (NOTEBOOKS / path.name).is_file():
        links.append(f"[its lesson](../../notebooks/{path.name})")
    return f"{line(links, f'{path.stem}_exercise', repository)}\n\n{UNCHECKED}\n"


def download(words: str, name: str) -> str:
    """Return a link to a notebook as a file."""
    return f"{{download}}`{words} </downloads/{name}>`"


def line(links: list[str], copy: str, repository: str) -> str:
    """Join links to a list, with Colab's copy where the address of the course is known."""
    if repository and copy != Path(WELCOME).stem:  # that page has no copy there
        links = [*links, f"[open in Colab]({Home(repository, 'main', 'colab').opens(copy)})"]
    return "{.dlcourse-taken}\n" + "\n".join(f"- {link}" for link in links)


def downloads() -> dict[str, bytes]:
    """Return the notebooks that readers can take along, as they are handed out."""
    lessons = {f"downloads/{path.name}": path for path in NOTEBOOKS.glob("*.ipynb")}
    exercises = {f"downloads/exercise_{path.name}": path for path in EXERCISES.glob("*/*.ipynb")}
    return {name: path.read_bytes() for name, path in (lessons | exercises).items()}

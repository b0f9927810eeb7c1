"""What can be asked: read from the committed lessons, which stay the only place where it stands.

Three kinds of questions:

    review       under "Review questions", each with its answer folded below it
    prediction   ``widgets.Prediction``: its choices, and what the lesson then measured
    hand         an example of the lesson, to be done again on paper

A lesson asks in the middle of a story, and a reviser has left it. What must be said beforehand, why
the right choice is right where the lesson says it too briefly, and the examples to do by hand
stand in ``apart.toml``, beside this file. Questions about a board ("Try it") are not taken: they
need the board.
"""

import ast
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from dlcourse import layout
from dlcourse.recall import ids
from dlcourse.syllabus import LESSONS

HERE = Path(__file__).parent
Kind = Literal["hand", "prediction", "review"]


class QuestionError(ValueError):
    """A lesson asks something and does not say the answer."""


@dataclass(frozen=True)
class Question:
    """One thing to remember.

    Attributes
    ----------
    id : str
        Its name, ``"05.too_far"``: no other question gets it, and a rewording keeps it (`ids`).
    lesson : str
        Two digits.
    kind : {"hand", "prediction", "review"}
    text : str
        The question as the lesson puts it. Markdown, with LaTeX between dollar signs, as are
        `answer`, `reason` and `given`.
    answer : str
        For a question with choices, the right one, word for word.
    choices : tuple of str
        Plain text; empty for a question without.
    reason : str
        Why the right choice is right; empty for a question without choices.
    given : str
        What somebody must be told who has not got the lesson before them; often empty.
    """

    id: str
    lesson: str
    kind: Kind
    text: str
    answer: str
    choices: tuple[str, ...] = ()
    reason: str = ""
    given: str = ""

    @property
    def asked(self) -> str:
        """The question as it is asked apart from its lesson."""
        return f"{self.given}\n\n{self.text}".strip()

    @property
    def marks_itself(self) -> bool:
        """Whether a choice is right or wrong, and nobody has to judge."""
        return bool(self.choices)


def questions(
    lessons: Iterable[str] | None = None, notebooks: Path = layout.NOTEBOOKS
) -> list[Question]:
    """Return what the lessons ask, in their order.

    Parameters
    ----------
    lessons : iterable of str, optional
        Their numbers; all, if left out.
    notebooks : Path
        The folder of the committed lessons.

    Raises
    ------
    ValueError
        If there is no such lesson.
    QuestionError
        If an answer is missing.

    Examples
    --------
    >>> [question.answer for question in questions(["05"]) if question.id == "05.which_way"]
    ['both up']
    """
    here = {lesson.number: notebooks / f"{lesson.name}.ipynb" for lesson in LESSONS}
    here = {number: path for number, path in here.items() if path.is_file()}
    wanted = list(here) if lessons is None else sorted(set(lessons))
    if unknown := [number for number in wanted if number not in here]:
        raise ValueError(
            f"there is no lesson {', '.join(unknown)}; expected two digits, "
            f"from {min(here, default='00')} to {max(here, default='00')}"
        )
    return [question for number in wanted for question in read(here[number])]


def read(notebook: Path) -> list[Question]:
    """Return what one lesson asks: examples to do by hand, predictions, review questions.

    Raises
    ------
    QuestionError
        If it asks something and does not say the answer, or says no choice right.
    """
    return list(_read(notebook, notebook.stat().st_mtime_ns))


@cache
def _read(notebook: Path, changed: int) -> tuple[Question, ...]:
    """Return `read`, kept until the file changes."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    number, known, said = notebook.name[:2], ids.known(), apart()
    found = []
    for kind, name, text, fields in (*_by_hand(number), *_predictions(cells), *_reviews(cells)):
        own = ids.of(number, name, text, known)
        here = said.get(own, {})
        if not here.get("asked", True):
            continue
        more = {**fields, **{key: here[key] for key in SAID if key in here}}
        question = Question(own, number, kind, text, **more)
        _insist(question)
        found.append(question)
    return tuple(found)


SAID = ("given", "reason", "answer")  # what `apart` may add to a question of a lesson
Found = tuple[Kind, str, str, dict[str, Any]]  # kind, name (may be empty), text, other fields


def _insist(question: Question) -> None:
    where = f'lesson {question.lesson}, question "{question.text[:60]}"'
    if not question.answer.strip():
        raise QuestionError(f"{where}: its answer is missing")
    if question.kind == "prediction" and question.answer not in question.choices:
        raise QuestionError(
            f"{where}: expected one of {list(question.choices)} as the stored answer, got "
            f'"{question.answer}"; execute the lesson'
        )


@cache
def apart() -> dict[str, dict[str, Any]]:
    """Return what ``apart.toml`` says of each question, by its id.

    ``given`` and ``reason`` as in `Question`; ``asked = false`` for a question that makes no sense
    apart from its lesson; ``text``, ``answer`` and ``cell`` for an example to be done by hand.
    """
    return tomllib.loads((HERE / "apart.toml").read_text(encoding="utf-8"))


def _by_hand(number: str) -> Iterator[Found]:
    for name, entry in apart().items():
        if name.startswith(f"{number}.") and "text" in entry:
            yield "hand", name.partition(".")[2], entry["text"], {}


# ------------------------------------------------------------------ review questions

SECTION = re.compile(r"^## Review questions\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
NUMBERED = re.compile(r"^\d+\. ", re.MULTILINE)
FOLDED = re.compile(r"\A(.*?)\s*<details><summary>Answer</summary>(.*?)</details>", re.DOTALL)


def _reviews(cells: list[Any]) -> Iterator[Found]:
    prose = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    for section in SECTION.findall(prose):
        for item in NUMBERED.split(section)[1:]:
            folded = FOLDED.match(item)
            text, answer = folded.groups() if folded else (item.strip(), "")
            yield "review", "", text, {"answer": _as_markdown(answer)}


# What keeps its stars and underscores: code and formulas.
LITERAL = re.compile(r"(`[^`]*`|\$\$.*?\$\$|\$[^$\n]+\$)", re.DOTALL)


def _as_markdown(folded: str) -> str:
    """Return the inside of a fold, where 2*3*4 means stars unless blank lines set it off."""
    if folded.startswith("\n"):
        return folded.strip()
    parts = LITERAL.split(folded.strip())
    parts[::2] = [re.sub(r"([*_])", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


# ------------------------------------------------------------------ predictions

MEASURED = re.compile(r"<details><summary>What was measured</summary>\s*\*\*(.*)\.\*\*", re.DOTALL)


def _predictions(cells: list[Any]) -> Iterator[Found]:
    literals: dict[str, Any] = {}
    asked: dict[str, Found] = {}
    for place, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        tree = _tree("".join(cell["source"]))
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name, value = node.targets[0].id, node.value
                if isinstance(value, ast.Call) and ast.unparse(value.func).endswith("Prediction"):
                    text, choices = (_value(argument, literals) for argument in value.args)
                    fields = {"choices": tuple(choices), "answer": "", "reason": ""}
                    asked[name] = ("prediction", name, text, fields)
                else:
                    literals[name] = _value(value, literals)
        for name in sorted(_revealed(tree) & asked.keys()):
            fields = asked[name][3]
            fields["answer"], fields["reason"] = _measured(cell), _next_paragraph(cells, place)
    yield from asked.values()


def _tree(source: str) -> ast.Module:
    return ast.parse(re.sub(r"^(\s*)[%!].*", r"\1pass", source, flags=re.MULTILINE))


def _value(node: ast.expr, literals: dict[str, Any]) -> Any:
    """Return what an expression of constants says, such as a list of choices; None for others."""
    try:
        code = compile(ast.Expression(node), "a lesson", "eval")
        return eval(code, {"__builtins__": {}, "list": list}, dict(literals))
    except Exception:  # of arrays and networks: no list of choices
        return None


def _revealed(tree: ast.Module) -> set[str]:
    """Return the names of the predictions whose answer a cell reveals."""
    return {
        node.func.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "reveal"
        and isinstance(node.func.value, ast.Name)
    }


def _measured(cell: Any) -> str:
    """Return the answer that stands in the stored output of the cell that reveals it."""
    shown = ("".join(o.get("data", {}).get("text/markdown", "")) for o in cell["outputs"])
    return next((match[1] for text in shown if (match := MEASURED.match(text))), "")


def _next_paragraph(cells: list[Any], place: int) -> str:
    """Return what the lesson says directly below the answer; empty if it says nothing there."""
    if place + 1 == len(cells) or cells[place + 1]["cell_type"] != "markdown":
        return ""
    first = "".join(cells[place + 1]["source"]).split("\n\n")[0]
    return "" if first.startswith(("#", "!", "|", "$$")) else first

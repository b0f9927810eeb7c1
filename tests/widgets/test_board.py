"""What every board with a script of its own has from the kit."""

import inspect
import re
from pathlib import Path

import pytest

from dlcourse.figures import style
from dlcourse.layout import ROOT
from dlcourse.lessons.lesson_05_backpropagation.stepper import BackpropStepper
from dlcourse.lessons.lesson_07_training.playground import Playground
from dlcourse.lessons.lesson_12_convolution.explorer import ConvolutionExplorer
from dlcourse.lessons.lesson_13_cnn.board import CNNBoard
from dlcourse.lessons.lesson_16_lstm.inspector import GateInspector
from dlcourse.widgets.board import ScriptBoard
from dlcourse.widgets.files import script, stylesheet

BOARDS = {
    "backprop-stepper": BackpropStepper,
    "cnn-board": CNNBoard,
    "convolution-explorer": ConvolutionExplorer,
    "gate-inspector": GateInspector,
    "playground": Playground,
}
KIT = (ROOT / "dlcourse/widgets/board.js").read_text(encoding="utf-8")


def own_file(name, suffix):
    return Path(inspect.getfile(BOARDS[name])).with_suffix(suffix)


def test_every_board_with_a_script_is_looked_at():
    scripts = {path.parent for path in (ROOT / "dlcourse/lessons").rglob("*.js")}
    assert scripts == {Path(inspect.getfile(board)).parent for board in BOARDS.values()}


# ------------------------------------------------------------------ style and script


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_has_the_shared_rules_under_its_own_name_and_first(name):
    rules = BOARDS[name]._css
    assert rules == stylesheet(name, own_file(name, ".css"))
    assert rules.index(f".dlcourse-{name} :focus-visible") < rules.index("max-width")
    selectors = [part.rpartition("}")[2].rpartition("*/")[2] for part in rules.split("{")[:-1]]
    # Every rule, and every part of it, holds inside this board only.
    assert all(
        selector.strip().startswith((f".dlcourse-{name}", "@container"))
        for rule in selectors
        for selector in rule.split(",")
    )


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_has_the_kit_in_its_script_and_nothing_from_elsewhere(name):
    text = str(BOARDS[name]._esm)
    assert text == script(own_file(name, ".js"))
    assert text.startswith("// ---- board.js\nconst widgets_board = ")
    assert not re.search(r"^import\b", text, re.MULTILINE)
    assert text.count("export default") == 1
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_files_are_joined_in_the_order_in_which_they_are_needed(tmp_path):
    (tmp_path / "a.js").write_text("const hidden = 1;\nexport const one = hidden;\n")
    (tmp_path / "b.js").write_text('import { one } from "./a.js";\nexport function two() {}\n')
    board = tmp_path / "c.js"
    board.write_text(
        'import {\n  one,\n} from "./a.js";\n'
        'import { two } from "./b.js";\nexport default { two };\n'
    )
    assert script(board).replace(tmp_path.name, "wing") == (
        "// ---- a.js\nconst wing_a = (() => {\nconst hidden = 1;\nconst one = hidden;\n"
        "return { one };\n})();\n\n"
        "// ---- b.js\nconst wing_b = (() => {\nconst { one } = wing_a;\nfunction two() {}\n"
        "return { two };\n})();\n\n"
        "// ---- c.js\nconst { one } = wing_a;\nconst { two } = wing_b;\n"
        "export default { two };\n\n"
        "//# sourceURL=dlcourse/wing/c.js\n"
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('import { two } from "./a.js";\n', "a.js does not export two"),
        ('import { one as two } from "./a.js";\n', "does not export as, two"),
        ('import { one } from "lodash";\n', "files of the course only, not lodash"),
        ('import all from "./a.js";\n', "c.js: write import"),
    ],
)
def test_what_cannot_be_joined_is_refused(tmp_path, text, complaint):
    (tmp_path / "a.js").write_text("export const one = 1;\n")
    (tmp_path / "c.js").write_text(text)
    with pytest.raises(ValueError, match=complaint):
        script(tmp_path / "c.js")


@pytest.mark.parametrize("name", ["BLUE", "ORANGE", "VERMILION"])
def test_the_colours_are_those_of_the_figures(name):
    (numbers,) = re.findall(rf"^export const {name} = \[(.*)\];", KIT, re.MULTILINE)
    colour = "#{:02X}{:02X}{:02X}".format(*map(int, numbers.split(",")))
    assert colour == getattr(style, {"VERMILION": "RED"}.get(name, name))


# ------------------------------------------------------------------ messages and traits

SETS = re.compile(r"\bset\(\{([^}]*)\}\)")


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_what_the_browser_sets_is_not_echoed(board):
    """No kernel's echo may undo a click."""
    named = set(re.findall(r"(\w+): ", " ".join(SETS.findall(str(board._esm)))))
    assert named == set(board.class_trait_names(echo_update=False))


class Picky(ScriptBoard):
    _esm = "export default {}"
    what = "one that takes nothing"

    def receive(self, content):
        raise ValueError("this board takes nothing")


def test_what_python_refuses_is_said_in_the_browser(monkeypatch):
    said = []
    board = Picky()
    monkeypatch.setattr(board, "send", said.append)
    board._receive(board, {"do": "it"}, [])
    assert said == [{"problem": "Nothing was changed: this board takes nothing."}]
    assert repr(board) == "Interactive board: one that takes nothing (run this notebook to use it)"

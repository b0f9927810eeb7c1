"""What a board leaves in a stored notebook."""

import base64

import pytest

from dlcourse.figures import new_figure
from dlcourse.layout import ROOT
from dlcourse.lessons.lesson_12_convolution.explorer import ConvolutionExplorer
from dlcourse.widgets import Board, LiveFigure
from dlcourse.widgets.author import AUTHOR

# A board's script stands beside its Python; the others are parts that it imports.
SCRIPTS = sorted(
    script
    for script in (ROOT / "dlcourse/lessons").rglob("*.js")
    if script.with_suffix(".py").is_file()
)


def shown(widget):
    bundle = widget._repr_mimebundle_()
    return bundle[0] if isinstance(bundle, tuple) else bundle


@pytest.mark.parametrize("make", ["live", "box", "script"])
def test_an_author_stores_a_picture_and_a_learner_does_not(make, monkeypatch):
    live = LiveFigure(new_figure()[0], "a line")
    board = {"live": live, "box": Board([live], "a line"), "script": None}[make]
    board = board or ConvolutionExplorer()
    monkeypatch.setenv(AUTHOR, "1")
    picture = base64.b64decode(shown(board)["image/png"])
    assert picture.startswith(b"\x89PNG")
    monkeypatch.delenv(AUTHOR)
    assert "image/png" not in shown(board)
    assert "text/plain" in shown(board)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_board_with_a_script_has_one(script):
    still = script.with_suffix(".png")
    assert still.read_bytes().startswith(b"\x89PNG")
    assert still.stat().st_size < 120_000  # it goes into the notebook


def test_a_board_of_somebodys_own_is_shown_too(monkeypatch):
    """A class of a notebook lies in no file; it has the picture of the board it extends."""
    monkeypatch.setenv(AUTHOR, "1")
    own = type("Own", (ConvolutionExplorer,), {"__module__": "__main__"})
    assert shown(own())["image/png"] == shown(ConvolutionExplorer())["image/png"]

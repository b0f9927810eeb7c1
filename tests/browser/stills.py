"""Draw the still pictures of the boards with scripts: ``python -m tests.browser.stills [NAME...]``.

Opens each lesson as an author in a real JupyterLab, runs it up to its board, and keeps what the
browser draws beside the board's script, in few colours: a stored notebook carries it.
"""

import io
import os
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from dlcourse.layout import ROOT
from tests.browser.lab import Notebook, open_browser, running_lab

# Where each board is shown: its lesson, what makes it, its script.
BOARDS = {
    "stepper": ("05_backpropagation", "BackpropStepper(", "lesson_05_backpropagation/stepper"),
    "playground": ("00_welcome", "Playground(", "lesson_07_training/playground"),
    "review": ("00_welcome", "ReviewBoard(", "../recall/board"),
    "explorer": ("12_convolution", "ConvolutionExplorer(", "lesson_12_convolution/explorer"),
    "cnn": ("13_cnn", "CNNBoard(", "lesson_13_cnn/board"),
    "inspector": ("16_lstm", "GateInspector(", "lesson_16_lstm/inspector"),
}
COLOURS = 64


def draw(browser, address: str, lesson: str, maker: str) -> bytes:
    """Return a PNG of the first board that `maker` makes in a lesson."""
    notebook = Notebook(browser, address, f"{lesson}.ipynb")
    number = next(i for i, c in enumerate(notebook.cells()) if maker in c["source"] and i > 1)
    for i, cell in enumerate(notebook.cells()[: number + 1]):
        if cell["type"] == "code":
            notebook.run(i)
    assert not notebook.errors(), notebook.errors()
    notebook.page.set_viewport_size({"width": 1280, "height": 1600})  # no board is taller
    board = notebook.output(number).locator(".jp-OutputArea-output").last
    time.sleep(4)  # until the last frame is drawn
    picture = Image.open(io.BytesIO(board.screenshot()))
    notebook.close()
    few = picture.convert("RGB").quantize(COLOURS)
    stream = io.BytesIO()
    few.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def main(names: list[str]) -> None:
    """Draw the boards of these names, or all."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab(Path(folder), author=True) as lab,
        open_browser() as browser,
    ):
        for name in names or BOARDS:
            lesson, maker, script = BOARDS[name]
            picture = draw(browser, lab[1], lesson, maker)
            (ROOT / "dlcourse/lessons" / f"{script}.png").write_bytes(picture)
            print(f"{script}.png: {len(picture)} bytes")


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main(sys.argv[1:])

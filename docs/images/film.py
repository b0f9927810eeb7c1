"""Film the playground and photograph a card for the README: ``python -m docs.images.film``.

It needs what the browser tests need. The film plays once and stops.
"""

import io
import tempfile
from pathlib import Path

import nbformat
from PIL import Image

from tests.browser.lab import Notebook, open_browser, running_lab

HERE = Path(__file__).parent
CELLS = [
    """from dlcourse.lessons.lesson_07_training.playground import Playground

Playground(data="circles", layers=[4], learning_rate=0.3)""",
    """from dlcourse.grading import check""",
    """def perceptron_step(w, x, y):
    if y * (w @ x) < 0:
        w = w + y * x
    return w""",
    "check(perceptron_step)",
]
LAST_EPOCH, MOST_FRAMES = 260, 60
FIRST, EACH, LAST = 900, 280, 3000  # milliseconds
WIDTH, COLOURS = 640, 64


def main() -> None:
    """Write playground.gif and card.png."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    with tempfile.TemporaryDirectory() as folder, running_lab(Path(folder)) as (home, address):
        nbformat.write(notebook, home / "film.ipynb")
        with open_browser() as browser:
            opened = Notebook(browser, address, "film.ipynb")
            opened.run(0)
            _write(_film(opened.page))
            for number in range(1, len(CELLS)):
                opened.run(number)
            card = opened.output(len(CELLS) - 1).locator(".jp-RenderedHTML").first
            card.screenshot(path=str(HERE / "card.png"))


def _film(page) -> list[Image.Image]:  # type: ignore[no-untyped-def]
    """Run the playground; return what it shows on the way."""
    page.wait_for_selector(".dlcourse-playground .network button")
    board, run = page.locator(".dlcourse-playground").first, ".dlcourse-playground .run"

    def picture() -> Image.Image:
        return Image.open(io.BytesIO(board.screenshot())).convert("RGB")

    frames = [picture()]
    page.click(run)
    while len(frames) < MOST_FRAMES:
        frames.append(picture())
        epoch = page.inner_text(".dlcourse-playground strong").split()[1]
        if int(epoch.rstrip(",")) > LAST_EPOCH:
            break
    page.click(run)
    page.wait_for_timeout(200)
    return [*frames, picture()]


def _write(frames: list[Image.Image]) -> None:
    height = frames[0].height * WIDTH // frames[0].width
    small = [frame.resize((WIDTH, height), Image.Resampling.LANCZOS) for frame in frames]
    palette = small[-1].quantize(COLOURS)
    flat = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in small]
    flat[0].save(
        HERE / "playground.gif",
        save_all=True,
        append_images=flat[1:],
        duration=[FIRST, *[EACH] * (len(flat) - 2), LAST],
    )


if __name__ == "__main__":
    main()

"""The kit under every board: one with a script of its own, and a guard for those without.

board.js and board.css hold what the scripts share. A board with a matplotlib Figure stands on
`LiveFigure` instead, and needs no script.
"""

from pathlib import Path
from threading import RLock
from typing import Any

import anywidget

from dlcourse.widgets.files import script
from dlcourse.widgets.still import with_still

HERE = Path(__file__).parent

# How a trait is tagged that the browser sets, and Python reads. Without `echo_update` the kernel
# sends every value back to the browser that set it. While the kernel is busy such an echo comes
# late: it would undo what the learner has clicked since.
FROM_BROWSER = {"sync": True, "echo_update": False}


class ScriptBoard(anywidget.AnyWidget):
    """A board that a script draws in the browser, from numbers that Python computes.

    A subclass has the class attributes ``_esm`` and ``_css`` (see `script` and `stylesheet`)
    and ``what``, and the method `receive`.

    Attributes
    ----------
    what : str
        What the board is, for readers without a kernel.
    still : Path, optional
        What it looks like, for them; ``python -m tests.browser.stills`` draws it.
    lock : RLock
        Held while a message of the browser is obeyed: JupyterLab delivers those on another
        thread than the one that runs cells.
    """

    what = ""
    still: Path | None = None

    def __init__(self, **traits: Any) -> None:
        self.lock = RLock()
        super().__init__(**traits)
        self.on_msg(self._receive)

    def receive(self, content: dict[str, Any]) -> None:
        """Do what the learner asked for in the browser.

        Raises
        ------
        ValueError
            If it cannot be done; the browser says why.
        """

    def _receive(self, widget: object, content: dict[str, Any], buffers: object) -> None:
        with self.lock:
            try:
                self.receive(content)
            except ValueError as error:
                self.send({"problem": f"Nothing was changed: {error}."})

    def __repr__(self) -> str:
        return f"Interactive board: {self.what} (run this notebook to use it)"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Display the board; for stored notebooks, a picture as a browser once drew it."""
        return with_still(super()._repr_mimebundle_(**options), self.still)


class Guard(anywidget.AnyWidget):
    """An invisible part of a box of widgets, which looks after the box.

    It leaves the keys of every control in the box to the control, where JupyterLab would cut
    or insert cells, and says so when the kernel of the box is gone. The box has the CSS class
    ``dlcourse-box``.
    """

    _esm = script(HERE / "guard.js")

    def __repr__(self) -> str:
        return "Guard()"

"""The style of a board: what all boards share, then its own rules."""

from pathlib import Path

SHARED = Path(__file__).parent / "board.css"


def stylesheet(name: str, own: Path) -> str:
    """Return the CSS of the board whose elements lie in ``.dlcourse-NAME``.

    Parameters
    ----------
    name : str
        Such as "gate-inspector".
    own : Path
        The file of its own rules, in the wing of its lesson.
    """
    shared = SHARED.read_text(encoding="utf-8").replace(".dlcourse-board", f".dlcourse-{name}")
    return shared + own.read_text(encoding="utf-8")

"""The style of a board: what all boards share, then its own rules."""

from pathlib import Path

HERE = Path(__file__).parent


def stylesheet(name: str) -> str:
    """Return the CSS of the board whose elements lie in ``.dlcourse-NAME``.

    Parameters
    ----------
    name : str
        Such as "gate-inspector"; its own rules are in ``gate_inspector.css``.
    """
    shared, own = (
        (HERE / f"{file}.css").read_text(encoding="utf-8")
        for file in ("board", name.replace("-", "_"))
    )
    return shared.replace(".dlcourse-board", f".dlcourse-{name}") + own

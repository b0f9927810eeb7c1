"""A still picture of a board: what readers without a kernel see in its place.

A stored notebook keeps the text form of a board and this picture. In a running notebook the
board itself is shown, so there the picture is not sent.
"""

from base64 import b64encode
from pathlib import Path
from typing import Any

from dlcourse.widgets.author import is_author


def with_still(bundle: Any, picture: bytes | Path | None) -> Any:
    """Add a picture to what a widget displays, where an author executes the notebook.

    Parameters
    ----------
    bundle : dict or (dict, dict)
        What ``_repr_mimebundle_`` of the widget returns: data, and perhaps metadata.
    picture : bytes or Path, optional
        A PNG, or the file that holds one.
    """
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    if picture is not None and is_author():
        png = picture.read_bytes() if isinstance(picture, Path) else picture
        data["image/png"] = b64encode(png).decode()
    return bundle

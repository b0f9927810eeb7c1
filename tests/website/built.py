"""The site as `dlcourse site` makes it, built once and again only where something has changed."""

from functools import cache
from pathlib import Path

from dlcourse.layout import ROOT
from dlcourse.website import build


@cache
def site() -> Path:
    """Return the folder of the pages. A warning, or a link that leads nowhere, raises."""
    output = ROOT / "build" / "site"
    build.html(output, ROOT / "build" / "work")
    return output

"""Write a file whole or not at all."""

import os
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Put a text in place of a file; whoever is interrupted leaves the old one as it was.

    The part that is being written carries the number of the process, so two runs in one folder
    do not write into each other's.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

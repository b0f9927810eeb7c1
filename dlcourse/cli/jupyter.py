"""What Jupyter takes from outside the course: where it writes, which kernel it starts."""

import os
import sys
from pathlib import Path


def unwritable() -> Path | None:
    """Return a folder that Jupyter needs to write to and cannot, or None.

    Jupyter keeps what runs, what is installed and what was set in the home folder, unless the
    environment variables JUPYTER_RUNTIME_DIR, JUPYTER_DATA_DIR, JUPYTER_CONFIG_DIR say otherwise.
    """
    from jupyter_core import paths

    wanted = paths.jupyter_runtime_dir(), paths.jupyter_data_dir(), paths.jupyter_config_dir()
    return next((folder for folder in map(Path, wanted) if not _can_write(folder)), None)


def _can_write(folder: Path) -> bool:
    """Return whether files can be made in a folder, or the folder itself."""
    for place in (folder, *folder.parents):
        if os.path.lexists(place):
            return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return False


def other_kernel() -> tuple[str, Path] | None:
    """Return the Python that notebooks get and the folder that names it, if it is not this one.

    All notebooks of the course ask for the kernel ``python3``. A kernel of this name that somebody
    has made for another Python can come before the one of .venv.
    """
    from jupyter_client.kernelspec import KernelSpecManager

    spec = KernelSpecManager().get_kernel_spec("python3")
    python = spec.argv[0]
    version = sys.version_info
    # Jupyter puts this Python in the place of these names.
    if python in {"python", "python3", f"python{version.major}.{version.minor}"}:
        return None
    # Without following links: the Python of every virtual environment links to the same program.
    is_this = Path(python).parent.resolve() == Path(sys.executable).parent.resolve()
    return None if is_this else (python, Path(spec.resource_dir))

"""``python -m dlcourse.cli.biome``: what ruff does for Python, for the scripts of the boards.

Biome comes from npm (`npm ci`, in the version of package.json). A learner needs neither, so a
machine without it skips this check and says so.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from dlcourse.cli.test import SKIPPED
from dlcourse.layout import ROOT

MISSING = "skipped: there is no Biome here (with Node installed: npm ci)"


def find_biome(root: Path = ROOT) -> str | None:
    """Return the path of Biome below the course's node_modules, or None."""
    return shutil.which("biome", path=str(root / "node_modules" / ".bin"))


def main() -> int:
    """Check the scripts and styles; return the exit status."""
    biome = find_biome()
    if biome is None:
        print(MISSING)
        return SKIPPED
    command = [biome, "check", "--error-on-warnings", "dlcourse"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

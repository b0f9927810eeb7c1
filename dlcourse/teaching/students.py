"""The course as a class gets it: without solutions, tests and what is for teachers.

The references of the checks stay, since `check` compares with them. Whoever looks for them finds
them in the package; docs/teaching/README.md says what that means.
"""

import io
import re
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from dlcourse.layout import ROOT

FOLDER = "dlcourse-course"  # into which the zip unpacks
# Files and folders at the top, and pages, that a learner does not need or should not have.
LEFT_OUT = (
    "solutions", "tests", "benchmarks", "docs/teaching", "docs/grading.md", "docs/decisions",
    ".ci", ".github", ".devcontainer", ".pre-commit-config.yaml", "biome.json", "package.json",
    "package-lock.json", "nbgrader_config.py", "CONTRIBUTING.md", "requirements/nbgrader.txt",
)  # fmt: skip
MADE = (1980, 1, 1, 0, 0, 0)
# What README says to teachers and to contributors.
FOR_OTHERS = (
    re.compile(r"^## (Teach with it|The code)\n.*?(?=^## )", re.MULTILINE | re.DOTALL),
    re.compile(r"^    python3? course\.py test\n\n.*?\n\n", re.MULTILINE | re.DOTALL),
)
UNPACK = (
    f"Unpack `students.zip`, open a terminal in the folder `{FOLDER}`, and run\n\n"
    "    python3 course.py lab\n\n"
)
NEWER = "A newer version comes as a newer zip: unpack it over this folder. `work/` stays as it is"
# What is said to somebody who clones the course, and what to a class, which has it as a zip and
# should not be led to the solutions.
TO_A_CLASS = {
    "README.md": (
        (r"You need git; Python", "You need Python"),
        (r"    git clone ADDRESS.*?On Windows, the last line is ", f"{UNPACK}On Windows, that is "),
        (r" Only reading, on a phone say:.*?as web pages\.", ""),
        (r"`python3 course\.py update` brings .*? stays as it is", NEWER),
    ),
    "docs/install.md": (
        (r"    git clone ADDRESS.*?under \*Code\*\. ", UNPACK),
        (r"on a computer with git,\s", "on a computer with "),
        (r"\*\*Without git\*\*.*?\n\n", ""),
        (r"`python3 course\.py update` brings the newest version", NEWER),
        (r"A clone may be", "The folder may be"),
    ),
}
LINK = re.compile(r"\[([^\]]+)\]\((?!https?://|#)([^)#\s]+)(#[^)\s]*)?\)")


def students_zip(root: Path = ROOT) -> bytes:
    """Return the zip for a class: a clone of the course, as it is now, without `LEFT_OUT`.

    Raises
    ------
    OSError
        If git does not say which files belong to the course.
    """
    names = [name for name in tracked(root) if not is_left_out(name)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            content = (root / name).read_bytes()
            if name.endswith(".md"):
                content = without_dead_links(name, _readable(name, content), names).encode()
            archive.writestr(
                zipfile.ZipInfo(f"{FOLDER}/{name}", MADE), content, zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def tracked(root: Path) -> list[str]:
    """Return the files of the course that git knows and that are there, from its folder."""
    done = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=False
    )
    if done.returncode:
        raise OSError(f"git does not list the files of {root}: {done.stderr.decode().strip()}")
    names = done.stdout.decode().split("\0")
    return sorted(name for name in names if name and (root / name).is_file())


def is_left_out(name: str) -> bool:
    """Tell whether a class does not get a file.

    Examples
    --------
    >>> is_left_out("solutions/02_perceptron/02_perceptron.ipynb"), is_left_out("docs/gpu.md")
    (True, False)
    """
    return any(name == left or name.startswith(f"{left}/") for left in LEFT_OUT)


def _readable(name: str, content: bytes) -> str:
    text = content.decode("utf-8")
    if name == "README.md":
        for part in FOR_OTHERS:
            text = part.sub("", text)
    for said, instead in TO_A_CLASS.get(name, ()):
        text = re.sub(said, instead.replace("\\", r"\\"), text, count=1, flags=re.DOTALL)
    return text


def without_dead_links(name: str, text: str, names: Iterable[str]) -> str:
    """Return a page whose links to what is left out are plain words.

    Examples
    --------
    >>> without_dead_links("README.md", "[a](docs/a.md), [b](docs/b.md#c)", ["docs/a.md"])
    '[a](docs/a.md), b'
    """
    there = {*names, *_folders(names)}

    def target(match: re.Match[str]) -> str:
        parts: list[str] = []
        for part in (PurePosixPath(name).parent / match[2]).parts:
            if part == ".." and parts:
                parts.pop()
            elif part != ".":
                parts.append(part)
        return match[0] if "/".join(parts) in there else match[1]

    return LINK.sub(target, text)


def _folders(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for folder in PurePosixPath(name).parents:
            yield folder.as_posix()

"""The sources of the site, gathered in one folder in the shape of the repository.

Lessons, exercises and docs keep their paths, so their links keep their meaning. What is made from
something else (glossary, symbols, errata, reference) gets folders of its own. A file is written
only if it changes: Sphinx reads again what is newer than its last reading.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from dlcourse.layout import EXERCISES, NOTEBOOKS, ROOT, WELCOME
from dlcourse.syllabus import LESSONS, PARTS
from dlcourse.website import errata, notebooks, reference, words
from dlcourse.website.markdown import anchors, relink, resolve, targets

FRONT = "README.md"  # becomes the front page
AT_THE_TOP = (FRONT, "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
# Which page stands where in the list of pages; what is not named here is found by its folder.
TEACHING = ("docs/grading.md", "docs/teaching/")
LOOKUP = ("docs/subjects.md",)
PROJECT = ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/decisions/")
TAKEN = re.compile(rb"\{\.dlcourse-taken\}(\\n- [^\\]*)*")  # in the JSON of a notebook
ADDRESS = re.compile(r"ADDRESS(?= dlcourse$)", re.MULTILINE)
TOLD = "ADDRESS stands under *Code* on GitHub. "
ELSEWHERE = re.compile(r"Only reading, on a phone say:.*?as web pages\.", re.DOTALL)
HERE = """\
## Read it here

Every lesson can be read on these pages, with its figures and outputs, on a telephone too. Begin
with [lesson 00](notebooks/00_arrays.ipynb), or choose in [the table of lessons](#the-course).

- Look it up: [glossary](lookup/glossary.md), [symbols](lookup/symbols.md),
  [where each subject is taught](docs/subjects.md), [errata of common teaching](lookup/errata.md),
  [the reference of dlcourse.nn](reference/index.rst).
- Practise: [all exercises](exercises/index.md).
- Teach: [what a teacher gets](docs/teaching/README.md), [a syllabus](docs/teaching/syllabus.md).
"""
BOOK = "downloads/dlcourse.epub"
LOST = """\
---
orphan: true
nosearch: true
---
# There is no such page

The address may be old, or a letter of it wrong. Go on from the [front page](index.md), look the
word up in the [glossary](lookup/glossary.md), or <a href="search.html">search</a> all pages.
"""
SECTION = re.compile(r"\[(\d\d) ([^\]]+)\]\(\.\./notebooks/([\w.]+)\)")


def gather(repository: str = "", epub: bytes = b"") -> dict[str, bytes]:
    """Return every source of the site by its path.

    Parameters
    ----------
    repository : str
        ``OWNER/NAME`` on GitHub, for buttons that open a lesson elsewhere; "" for none.
    epub : bytes
        The book, if it is there to take along.
    """
    texts = {**handwritten(), **generated()}
    books = {**lessons(repository), **exercises(repository)}
    texts |= beside(texts)
    readme = for_readers(texts.pop(FRONT), repository, bool(epub))
    texts["index.md"] = front(readme, [*texts, *books])
    texts["404.md"] = LOST
    files = {name: relink_page(name, text).encode() for name, text in texts.items()}
    files |= {name: text.encode() for name, text in books.items()}
    files |= notebooks.downloads()
    files |= {BOOK: epub} if epub else {}
    return assets(texts, books) | files


def for_readers(readme: str, repository: str, has_book: bool) -> str:
    """Return README as the front page has it: whoever reads it is here, and not on GitHub.

    Raises
    ------
    ValueError
        If README does not have the sentences that are put in another way here.
    """
    start = "## Start\n"
    if not all((ELSEWHERE.search(readme), start in readme, ADDRESS.search(readme), TOLD in readme)):
        raise ValueError("dlcourse/website/tree.py looks for sentences that README has no more")
    words = f"- Take it along: {{download}}`the whole course as a book (ePub) </{BOOK}>`\n"
    readme = ELSEWHERE.sub("", readme).replace(start, f"{HERE}{words * has_book}\n{start}", 1)
    if repository:
        readme = ADDRESS.sub(f"https://github.com/{repository}", readme).replace(TOLD, "")
    return readme


def for_a_book(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the sources of a book: nothing to take along from it."""
    return {
        name: TAKEN.sub(b"", content)
        for name, content in files.items()
        if not name.startswith("downloads/") and name != "404.md"
    }


def handwritten() -> dict[str, str]:
    """Return the Markdown pages of the repository."""
    paths = [ROOT / name for name in AT_THE_TOP] + sorted((ROOT / "docs").rglob("*.md"))
    found = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}
    found["docs/subjects.md"] = with_sections(found["docs/subjects.md"])
    return found


def generated() -> dict[str, str]:
    """Return the pages that are made from terms, lessons and docstrings."""
    return {
        "lookup/glossary.md": words.glossary(),
        "lookup/symbols.md": words.symbols(),
        "lookup/errata.md": errata.page(),
        "exercises/index.md": list_of_exercises(),
        **reference.pages(),
    }


def lessons(repository: str) -> dict[str, str]:
    """Return the lessons as notebooks for the site."""
    known = {f"{lesson.name}.ipynb": lesson for lesson in LESSONS}
    found = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        top = notebooks.lesson_top(known.get(path.name), path, repository)
        found[f"notebooks/{path.name}"] = as_json(notebooks.page(path, top))
    return found


def exercises(repository: str) -> dict[str, str]:
    """Return the exercises as notebooks for the site."""
    return {
        path.relative_to(ROOT).as_posix(): as_json(
            notebooks.page(path, notebooks.exercise_top(path, repository))
        )
        for path in sorted(EXERCISES.glob("*/*.ipynb"))
    }


def as_json(notebook: object) -> str:
    """Return a notebook as the text of a file."""
    return json.dumps(notebook, ensure_ascii=False)


def with_sections(text: str) -> str:
    """Let the links of the page of subjects lead to the sections that they name."""
    places = {path.name: anchors(notebooks.prose(path)) for path in NOTEBOOKS.glob("*.ipynb")}

    def deeper(found: re.Match[str]) -> str:
        number, section, file = found.groups()
        return f"[{number} {section}](../notebooks/{file}#{places[file][section]})"

    return SECTION.sub(deeper, text)


def list_of_exercises() -> str:
    """Return the page that lists the exercises."""
    here = [lesson for lesson in LESSONS if lesson.has_exercise]
    rows = [
        f"| {lesson.number} | [{lesson.title}]({lesson.name}/{lesson.name}.ipynb) | "
        + (f"[the lesson](../notebooks/{lesson.name}.ipynb) |" if lesson.is_here else "|")
        for lesson in here
    ]
    return (
        "# Exercises\n\nEach lesson has an exercise: a few functions to write, and an open task. "
        "In your copy of the course `check` says at once what is right, and where it is not, on "
        "which input and why.\n\n| | exercise | |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n\n"
        + toctree(
            f"{lesson.number} {lesson.title} <{lesson.name}/{lesson.name}>"
            for lesson in here
            if lesson.is_here  # a project stands among the lessons
        )
    )


def toctree(pages: Iterable[str], caption: str = "") -> str:
    """Return a list of pages for the navigation; it does not show where it stands."""
    options = f":caption: {caption}\n" if caption else ""
    return "\n".join(["```{toctree}", f":hidden:\n{options}", *pages, "```", ""])


def stem(name: str) -> str:
    """Return a page's name as a list of pages has it."""
    return name.rpartition(".")[0]


def beside(texts: dict[str, str]) -> dict[str, str]:
    """Return each README of a folder of docs with the list of the pages that lie beside it."""
    found = {}
    for name, text in texts.items():
        folder, _, file = name.rpartition("/")
        if file == "README.md" and folder:
            others = [
                stem(other) for other in texts if other.startswith(f"{folder}/") and other != name
            ]
            found[name] = f"{text}\n{toctree(f'/{other}' for other in sorted(others))}"
    return found


def front(readme: str, names: list[str]) -> str:
    """Return the front page: README, with the navigation of the whole site."""
    docs = [name for name in names if name.startswith("docs/") and not below_a_readme(name, names)]
    taught = [name for name in docs if name.startswith(TEACHING)]
    taught.sort(key=lambda name: not name.endswith("README.md"))  # first what leads to the others
    looked = ["lookup/glossary.md", "lookup/symbols.md", *LOOKUP, "lookup/errata.md"]
    house = [name for name in [*AT_THE_TOP[1:], *docs] if name.startswith(PROJECT)]
    rest = [name for name in docs if name not in (*taught, *looked, *house)]
    lists = [toctree([f"notebooks/{stem(WELCOME)}", *map(stem, rest)], "Begin")]
    for part, members in parts().items():
        lists.append(toctree(members, part))
    lists.append(toctree(["exercises/index"], "Practise"))
    lists.append(toctree([*map(stem, looked), "reference/index"], "Look up"))
    lists.append(toctree(map(stem, taught), "Teach"))
    lists.append(toctree(map(stem, house), "The project"))
    return "\n".join([readme, *lists])


def below_a_readme(name: str, names: list[str]) -> bool:
    """Return whether a page is listed on the README of its folder, or of one above."""
    folders = [str(folder) for folder in PurePosixPath(name).parents][:-2]
    return any(
        f"{folder}/README.md" in names and name != f"{folder}/README.md" for folder in folders
    )


def parts() -> dict[str, list[str]]:
    """Return the lessons that are here, for a list of pages, by the part of the course."""
    found: dict[str, list[str]] = {}
    part = ""
    for lesson in LESSONS:
        part = PARTS.get(lesson.number, part)
        place = f"notebooks/{lesson.name}"
        if lesson.is_project:
            place = f"exercises/{lesson.name}/{lesson.name}"
        if lesson.is_here or lesson.is_project:
            found.setdefault(part, []).append(f"{lesson.number} {lesson.title} <{place}>")
    return found


def relink_page(name: str, text: str) -> str:
    """Let links to README lead to the front page."""
    folder = name.rpartition("/")[0]

    def change(target: str) -> str:
        return target[: -len(FRONT)] + "index.md" if resolve(target, folder) == FRONT else target

    return relink(text, change) if name.endswith(".md") else text


def assets(texts: dict[str, str], books: dict[str, str]) -> dict[str, bytes]:
    """Return the other files of the repository that pages show or link to."""
    prose = {name: notebooks.markdown(json.loads(text)) for name, text in books.items()}
    linked = {
        resolve(target, name.rpartition("/")[0])
        for name, text in {**texts, **prose}.items()
        if name.endswith((".md", ".ipynb"))
        for target in targets(text)
    }
    paths = [name for name in linked if not name.startswith("..") and name not in books]
    return {name: (ROOT / name).read_bytes() for name in paths if (ROOT / name).is_file()}


def write(files: dict[str, bytes], folder: Path) -> bool:
    """Make a folder hold these files and no others; touch none that is as it should be.

    Returns
    -------
    bool
        Whether the navigation is another one: then every page has to be written again.
    """
    before = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    for name in before.keys() - files.keys():
        (folder / name).unlink()
    for name, content in files.items():
        if before.get(name) != content:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return navigation(before) != navigation(files)


def navigation(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return what every page shows of the others: their titles, and the lists of pages."""
    return {
        name: content if b"{toctree}" in content else content.partition(b"\n")[0]
        for name, content in files.items()
        if name.endswith((".md", ".rst"))
    }

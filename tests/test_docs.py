"""What the pages at the top say is there: links, commands, lessons."""

import re
from pathlib import Path

import pytest

from dlcourse.cli import COMMANDS
from dlcourse.layout import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
COMMAND = re.compile(r"python3? course\.py ([a-z]+)")


def broken_links(page: Path, text: str) -> list[str]:
    """Return the targets of relative links in `text` that are not there."""
    return [target for target in LINK.findall(text) if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere_and_commands_exist(page):
    text = page.read_text(encoding="utf-8")
    assert broken_links(page, text) == []
    assert set(COMMAND.findall(text)) <= set(COMMANDS)


def test_every_decision_is_in_the_index():
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in folder.glob("0*.md")}
    assert pages == set(LINK.findall(index))


def test_a_broken_link_would_be_seen():
    assert broken_links(
        ROOT / "README.md", "[a](no/such.md) [b](README.md) [c](https://x.org)"
    ) == ["no/such.md"]
    assert COMMAND.findall("`python3 course.py fly`") == ["fly"]


def test_what_the_readme_shows_is_what_its_code_returns():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[-1]
    *lines, last = code.strip().splitlines()
    names = {}
    exec("\n".join(lines), names)
    shown = re.findall(r"```text\n(.*?)```", text, re.DOTALL)[-1]
    assert shown.strip() == repr(eval(last, names)).strip()

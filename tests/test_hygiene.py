"""No file of the repository names somebody's machine or where packages come from."""

import re
import shutil
import subprocess

import pytest

from dlcourse.layout import ROOT

FORBIDDEN = re.compile(
    r"/root/|/home/\w|/Users/\w|[A-Za-z]:\\+Users|/opt/(?:pypi|wheels)|pypi\.org|pythonhosted"
)
# "One row per layer" is English, the same with "a" is not.
PER = re.compile(
    r"\b(?:an?|one|two|\d+) (?:row|column|file|module|page|number|sentence|entry|panel|dot|folder|"
    r"thread|bias|value|line|name|block)s?\s+an?\s+(?:row|layer|lesson|student|subcommand|process|"
    r"unit|weight|seed|class|map|filter|epoch|step|device|image|example|task|network|figure)\b"
)
# These two hold such words because they look for them.
EXEMPT = {"tests/test_hygiene.py", "tests/test_notebooks_clean.py"}


def tracked() -> list[str]:
    """Return the tracked files, as git writes them; empty outside of a clone."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return []
    result = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return [name for name in result.stdout.split("\0") if name]


FILES = tracked()


def text_of(name: str) -> str:
    """Return the text of a file; images and the like are read as nothing."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


@pytest.mark.skipif(not FILES, reason="this is no clone, so nothing says which files are ours")
def test_no_file_names_a_machine_or_a_registry():
    found = {
        f"{name}: {match[0]}"
        for name in FILES
        if name not in EXEMPT
        for match in FORBIDDEN.finditer(text_of(name))
    }
    assert found == set()


@pytest.mark.skipif(not FILES, reason="this is no clone, so nothing says which files are ours")
def test_what_a_machine_makes_for_itself_is_not_tracked():
    made = re.compile(r"(^|/)(\.venv|work|__pycache__|\.ipynb_checkpoints|\.hypothesis)/")
    assert [name for name in FILES if made.search(name)] == []


@pytest.mark.skipif(not FILES, reason="this is no clone, so nothing says which files are ours")
def test_it_says_per():
    found = {f"{name}: {match[0]}" for name in FILES for match in PER.finditer(text_of(name))}
    assert found == set()


@pytest.mark.parametrize("text", ["a page" + " a student", "one number" + " a\n    layer"])
def test_what_should_say_per_would_be_found(text):
    assert PER.search(text)
    assert not PER.search(re.sub(r"\sa\s", " per ", text))


@pytest.mark.parametrize(
    "text",
    ["/root/x", "see /home/ann", r"C:\Users\ann", "file:///opt/pypi/simple", "https://pypi.org/x"],
)
def test_such_a_word_would_be_found(text):
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize("text", ["the root / of it", "www.python.org", "C:\\Program Files"])
def test_ordinary_words_are_left_alone(text):
    assert not FORBIDDEN.search(text)

"""Keep ``ids.json``: which question has which name. ``dlcourse release`` calls `write`."""

import json
from pathlib import Path

from dlcourse.recall import ids
from dlcourse.recall.questions import questions


def text() -> str:
    """Return what ``ids.json`` should say, as the lessons stand now."""
    stored: dict[str, str] = json.loads(ids.FILE.read_text(encoding="utf-8"))
    now = {question.id: question.text for question in questions()}
    return json.dumps(ids.carried_on(now, stored), indent=1, ensure_ascii=False) + "\n"


def differences() -> list[str]:
    """Say in a sentence whether the lessons ask something that has no name yet."""
    if ids.FILE.read_text(encoding="utf-8") == text():
        return []
    return [f"{ids.FILE.name} does not have the questions of the lessons."]


def write() -> list[Path]:
    """Write ``ids.json`` if it is not up to date; return the files that changed."""
    if not differences():
        return []
    ids.FILE.write_text(text(), encoding="utf-8", newline="\n")
    ids.known.cache_clear()
    return [ids.FILE]

"""Count which named mistakes stand in answers that were written from an exercise's text alone.

``python -m tests.teaching.seen`` writes ``docs/teaching/mistakes.toml``, which the teacher's pages
read; `tests.teaching.test_notes` counts again.
"""

import warnings
from collections import Counter

from dlcourse import checks
from dlcourse.teaching.notes import MISTAKES
from tests.checks import newcomers, strangers
from tests.checks.test_beginners import judged

HEAD = """\
# Which mistakes stood in answers that were written from the text of an exercise alone, before
# anybody looked at what its check knows (tests/checks/newcomers.py, strangers.py), and in how many.
# The two pages of a lesson name them first. Generated: python -m tests.teaching.seen
"""


def counted() -> dict[str, Counter[str]]:
    """Return for each function the mistakes that its check named, and how often."""
    found: dict[str, Counter[str]] = {}
    for name, source, _ in [*newcomers.WRONG.values(), *strangers.WRONG.values()]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            failure = judged(name, source).failure
        for mistake in checks.find(name).mistakes:
            if failure and failure.hint == mistake.hint:
                found.setdefault(name, Counter())[mistake.name] += 1
    return found


def written() -> str:
    """Return the file: functions in the order of the lessons, the most frequent mistake first."""
    found = counted()
    order = [check.name for lesson in checks.lessons().values() for check in lesson]
    parts = [HEAD]
    for name in dict.fromkeys(order):
        if name in found:
            known = [mistake.name for mistake in checks.find(name).mistakes]
            ranked = sorted(found[name].items(), key=lambda item: (-item[1], known.index(item[0])))
            parts.append("\n".join([f"[{name}]", *(f"{key} = {n}" for key, n in ranked)]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    MISTAKES.write_text(written(), encoding="utf-8")

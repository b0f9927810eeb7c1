"""One sentence on what is due today, for pages that show how far a learner is."""

from datetime import datetime
from pathlib import Path

from dlcourse import layout
from dlcourse.recall import schedule
from dlcourse.recall.done import lessons_done
from dlcourse.recall.questions import questions


def reminder(home: Path | None = None, now: datetime | None = None) -> str:
    """Return how many questions are due today; empty if none is.

    Parameters
    ----------
    home : Path, optional
        The learner's folder; without it, the one that is in use.
    now : datetime, optional
        With a time zone.

    Examples
    --------
    >>> reminder(Path("nowhere"))
    ''
    """
    home = home or layout.home()
    if home is None or not (lessons := lessons_done(home)):
        return ""
    try:
        count = len(schedule.load(home, now).due(questions(lessons), now))
    except (OSError, schedule.NewerError) as error:
        return f"{error}."
    if count == 0:
        return ""
    words = "One question is" if count == 1 else f"{count} questions are"
    return f"{words} due today: `dlcourse review`, or the board on the welcome page, asks."

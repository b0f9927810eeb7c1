"""When each question is asked again, kept in ``.review.json`` in the learner's folder.

The days come from FSRS (`fsrs`), which models how fast a memory fades from how it was graded, and
asks when the chance to remember has fallen to nine in ten. One file holds one card per question.
It is written whole or not at all, after every answer, and read again before, under a lock: two
processes can ask at once, and nothing that was answered is lost.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any

import fsrs

from dlcourse.exercises.files import create, locked, replace
from dlcourse.recall.questions import Question

FILE = ".review.json"
VERSION = 1
NEW_A_DAY = 15  # questions that were never asked before
YEAR = 365  # days; nothing is asked less often

# No steps of minutes: whoever opens the course once a day is asked once a day. No chance either.
SCHEDULER = fsrs.Scheduler(
    learning_steps=(), relearning_steps=(), maximum_interval=YEAR, enable_fuzzing=False
)


class Grade(IntEnum):
    """How well an answer was known."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class NewerError(Exception):
    """The file was written by a newer version of the course."""


@dataclass
class Schedule:
    """The cards of one learner.

    Attributes
    ----------
    path : Path
        The file.
    cards : dict
        A card for each question that was ever answered, by its id. Cards of questions that no
        lesson asks any more stay, and are not asked.
    begun : dict
        The day on which each was answered first.
    notices : list of str
        What the learner should be told, one sentence each.
    """

    path: Path
    cards: dict[str, fsrs.Card] = field(default_factory=dict)
    begun: dict[str, date] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def due(
        self, questions: Iterable[Question], now: datetime | None = None, new: int = NEW_A_DAY
    ) -> list[Question]:
        """Return what is to be asked today: what is due, the longest due first, then new ones.

        Parameters
        ----------
        questions : iterable of Question
            Those of the lessons that the learner has done.
        now : datetime, optional
            With a time zone. Whatever is due before the next midnight there is due today.
        new : int
            At most so many that were never asked, counting those that were begun today.
        """
        now = now or datetime.now().astimezone()
        today = now.date()
        known, unknown = [], []
        for question in questions:
            card = self.cards.get(question.id)
            if card is None:
                unknown.append(question)
            elif (day := _as_of(card, now).due.astimezone(now.tzinfo)).date() <= today:
                known.append((day, question))
        left = max(0, new - sum(day == today for day in self.begun.values()))
        return [question for _, question in sorted(known, key=lambda k: k[0])] + unknown[:left]

    def previews(self, own: str, now: datetime | None = None) -> dict[Grade, timedelta]:
        """Return after which time each grade would have a question asked again."""
        now = now or datetime.now().astimezone()
        return {grade: self._graded(own, grade, now).due - now for grade in Grade}

    def answer(self, own: str, grade: Grade, now: datetime | None = None) -> timedelta:
        """Note how well a question was known, and write the file.

        Parameters
        ----------
        own : str
            The id of the question.
        grade : Grade
        now : datetime, optional

        Returns
        -------
        timedelta
            After which it is asked again.

        Raises
        ------
        OSError
            If the file cannot be written; the answer counts until the process ends.
        NewerError
            If a newer version of the course has written it in the meantime.
        """
        now = now or datetime.now().astimezone()
        with locked(self.path.with_name(f"{self.path.name}.lock")):
            self._read(now)  # another process may have answered
            self.cards[own] = self._graded(own, grade, now)
            self.begun.setdefault(own, now.date())
            replace(self.path, self._content())
        return self.cards[own].due - now

    def _graded(self, own: str, grade: Grade, now: datetime) -> fsrs.Card:
        card = self.cards.get(own)
        card = fsrs.Card(card_id=0, due=now) if card is None else _as_of(card, now)
        moment = now.astimezone(UTC)
        return SCHEDULER.review_card(card, fsrs.Rating(int(grade)), review_datetime=moment)[0]

    def _content(self) -> bytes:
        cards = {}
        for own, card in sorted(self.cards.items()):
            stored: dict[str, Any] = dict(card.to_dict())
            cards[own] = {**stored, "begun": self.begun[own].isoformat()}
        stored = {"version": VERSION, "cards": cards}
        return f"{json.dumps(stored, indent=1)}\n".encode()

    def _read(self, now: datetime) -> None:
        """Take what the file says; set a file that cannot be read aside, and say so."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        cards, begun, damaged = _parse(content)
        if damaged:
            self._set_aside(content, now)
        self.cards.update(cards)
        self.begun.update(begun)

    def _set_aside(self, content: bytes, now: datetime) -> None:
        """Keep a copy of a damaged file under another name."""
        for number in range(1, 1000):
            suffix = f"-{number}" if number > 1 else ""
            beside = self.path.with_name(f".review.damaged-{now.date()}{suffix}.json")
            if create(beside, content) or _holds(beside, content):
                break
        self.notices.append(
            f"What was kept of your reviews ({self.path.name}) is damaged. It stays in "
            f"{beside.name}; what could be read of it goes on."
        )


def load(home: Path, now: datetime | None = None) -> Schedule:
    """Return the schedule in a learner's folder; an empty one where there is none yet.

    Raises
    ------
    NewerError
        If the file was written by a newer version of the course.
    """
    schedule = Schedule(home / FILE)
    schedule._read(now or datetime.now().astimezone())
    return schedule


def _holds(path: Path, content: bytes) -> bool:
    with suppress(OSError):
        return path.read_bytes() == content
    return False


def _as_of(card: fsrs.Card, now: datetime) -> fsrs.Card:
    """Return a card as it would be if the clock had never run ahead.

    A card that was answered in the future was answered under a wrong clock: it counts as
    answered now, and keeps its interval.
    """
    if card.last_review is None or card.last_review <= now:
        return card
    ahead = card.last_review - now
    moved = fsrs.Card.from_dict(card.to_dict())
    moved.last_review, moved.due = now.astimezone(UTC), card.due - ahead
    return moved


def _parse(content: bytes) -> tuple[dict[str, fsrs.Card], dict[str, date], bool]:
    """Return the cards of a file, the days on which they were begun, and whether it is damaged."""
    cards: dict[str, fsrs.Card] = {}
    begun: dict[str, date] = {}
    try:
        stored = json.loads(content)
        version, entries = stored["version"], dict(stored["cards"])
    except (ValueError, TypeError, KeyError):
        return cards, begun, True
    if isinstance(version, int) and version > VERSION:
        raise NewerError(
            f"{FILE} was written by a newer version of the course; update it "
            "(`dlcourse update`) and review again"
        )
    damaged = False
    for own, entry in entries.items():
        try:
            day = date.fromisoformat(entry["begun"])
            card = fsrs.Card.from_dict(entry)
            _insist(card)
        except (ValueError, TypeError, KeyError, AttributeError):
            damaged = True
        else:
            cards[own], begun[own] = card, day
    return cards, begun, damaged


def _insist(card: fsrs.Card) -> None:
    """Refuse a card with which the scheduler could not go on."""
    for moment in (card.due, card.last_review):
        if moment is None or moment.tzinfo is None:
            raise ValueError("a time without its zone")
    if not (0 < float(card.stability or 0) < 1e6 and 1 <= float(card.difficulty or 0) <= 10):
        raise ValueError("a memory without a strength")


# ------------------------------------------------------------------ words


def in_words(interval: timedelta) -> str:
    """Return an interval as people say it.

    Examples
    --------
    >>> [in_words(timedelta(days=days)) for days in (0, 1, 9, 30, 100, 365)]
    ['today', 'tomorrow', 'in 9 days', 'in 4 weeks', 'in 3 months', 'in a year']
    """
    days = round(interval / timedelta(days=1))
    if days < 2:
        return "tomorrow" if days == 1 else "today"
    if days < 14:
        return f"in {days} days"
    if days < 60:
        return f"in {round(days / 7)} weeks"
    return f"in {round(days / 30.4)} months" if days < YEAR else "in a year"


def counted(questions: Iterable[Question]) -> dict[str, int]:
    """Return how many questions there are of each lesson."""
    counts: dict[str, int] = {}
    for question in questions:
        counts[question.lesson] = counts.get(question.lesson, 0) + 1
    return dict(sorted(counts.items()))

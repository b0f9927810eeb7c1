"""A learner's schedule: a week of reviews, and the unusual states of its file."""

import json
import multiprocessing
from datetime import UTC, datetime, timedelta, timezone

import pytest

from dlcourse.exercises import files
from dlcourse.recall import schedule
from dlcourse.recall.questions import questions
from dlcourse.recall.schedule import FILE, Grade, NewerError, load

MONDAY = datetime(2026, 11, 30, 19, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED = questions(["05"])


def damaged(home):
    return sorted(path.name for path in home.glob(".review.damaged*"))


def test_a_week_of_reviews(tmp_path):
    """One lesson on Monday, another on Thursday; the first question of an evening is not known."""
    counts = []
    for evening in range(7):
        now = MONDAY + evening * DAY
        lessons = ["05"] if evening < 3 else ["05", "06"]
        kept = load(tmp_path, now)
        due = kept.due(questions(lessons), now)
        counts.append(len(due))
        for place, question in enumerate(due):
            kept.answer(question.id, Grade.AGAIN if place == 0 else Grade.GOOD, now)
    assert counts[0] == len(ASKED)
    assert counts[1] == 1  # what was not known on Monday, and is not known on Tuesday
    assert counts[2] == len(ASKED)  # it, and the others after two days
    assert counts[3] >= len(questions(["06"]))
    assert counts[6] < len(ASKED)
    later = load(tmp_path, MONDAY + 60 * DAY)
    assert len(later.due(questions(["05", "06"]), MONDAY + 60 * DAY)) == len(later.cards)


def test_what_was_known_comes_later_and_later(tmp_path):
    now, intervals = MONDAY, []
    for _ in range(6):
        after = load(tmp_path, now).answer("05.x", Grade.GOOD, now)
        intervals.append(after)
        now += after
    assert intervals == sorted(intervals)
    assert intervals[0] == 2 * DAY
    assert 60 * DAY < intervals[-1] <= 365 * DAY


def test_a_grade_does_what_was_announced_and_a_better_one_waits_longer(tmp_path):
    kept = load(tmp_path, MONDAY)
    announced = kept.previews("05.x", MONDAY)
    assert list(announced.values()) == sorted(announced.values())
    for grade, after in announced.items():
        assert (
            load(tmp_path / "nowhere", MONDAY)._graded("05.x", grade, MONDAY).due - MONDAY == after
        )
    assert kept.answer("05.x", Grade.EASY, MONDAY) == announced[Grade.EASY]


def test_due_today_is_due_until_midnight_where_the_learner_is(tmp_path):
    tokyo = timezone(timedelta(hours=9))
    evening = datetime(2026, 11, 30, 23, 30, tzinfo=tokyo)
    kept = load(tmp_path, evening)
    kept.answer(ASKED[0].id, Grade.AGAIN, evening)
    assert kept.due(ASKED[:1], evening + timedelta(minutes=20)) == []
    assert kept.due(ASKED[:1], evening.replace(day=1, month=12, hour=0, minute=5)) == ASKED[:1]


def test_so_many_new_ones_a_day_and_the_longest_due_first(tmp_path):
    kept = load(tmp_path, MONDAY)
    assert kept.due(ASKED, MONDAY, new=3) == ASKED[:3]
    for question in (ASKED[1], ASKED[0]):
        kept.answer(question.id, Grade.AGAIN, MONDAY if question == ASKED[0] else MONDAY - DAY)
    assert kept.due(ASKED, MONDAY, new=3) == [ASKED[1], ASKED[2], ASKED[3]]
    assert kept.due(ASKED, MONDAY + DAY, new=0) == [ASKED[1], ASKED[0]]


def test_a_question_that_no_lesson_asks_any_more_is_kept_and_not_asked(tmp_path):
    kept = load(tmp_path, MONDAY)
    kept.answer("05.gone", Grade.AGAIN, MONDAY)
    later = load(tmp_path, MONDAY + DAY)
    assert later.due(ASKED, MONDAY + DAY, new=0) == []
    later.answer(ASKED[0].id, Grade.GOOD, MONDAY + DAY)
    assert "05.gone" in load(tmp_path).cards


def test_a_clock_that_ran_ahead_costs_nothing(tmp_path):
    """Answered in 2036 by a wrong clock; put right, the interval counts from today."""
    wrong = MONDAY.replace(year=2036)
    load(tmp_path, wrong).answer(ASKED[0].id, Grade.GOOD, wrong)
    kept = load(tmp_path, MONDAY)
    assert kept.due(ASKED[:1], MONDAY) == []
    assert kept.previews(ASKED[0].id, MONDAY)[Grade.GOOD] < 30 * DAY
    kept.answer(ASKED[0].id, Grade.GOOD, MONDAY)
    assert load(tmp_path).cards[ASKED[0].id].due < MONDAY + 30 * DAY


# ------------------------------------------------------------------ the file


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"version": 1}', b"\xff\xfe", b'{"version": 1, "cards": 3}', b"null"],
)
def test_a_damaged_file_is_set_aside_and_said_and_never_lost(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    kept = load(tmp_path, MONDAY)
    assert kept.cards == {}
    assert kept.notices == [
        "What was kept of your reviews (.review.json) is damaged. It stays in "
        ".review.damaged-2026-11-30.json; what could be read of it goes on."
    ]
    kept.answer("05.x", Grade.GOOD, MONDAY)
    assert (tmp_path / ".review.damaged-2026-11-30.json").read_bytes() == content
    assert load(tmp_path, MONDAY).notices == []


def test_two_damages_on_one_day_are_two_files_and_one_is_one(tmp_path):
    for content in (b"one", b"one", b"two"):
        (tmp_path / FILE).write_bytes(content)
        load(tmp_path, MONDAY)
    assert damaged(tmp_path) == [
        ".review.damaged-2026-11-30-2.json",
        ".review.damaged-2026-11-30.json",
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("due", "yesterday"),
        ("due", "2026-12-01T10:00:00"),
        ("stability", None),
        ("stability", "much"),
        ("stability", -1),
        ("difficulty", float("nan")),
        ("state", 9),
        ("begun", None),
        ("last_review", None),
    ],
)
def test_one_damaged_card_does_not_take_the_others_with_it(tmp_path, key, value):
    kept = load(tmp_path, MONDAY)
    for own in ("05.a", "05.b"):
        kept.answer(own, Grade.GOOD, MONDAY)
    stored = json.loads((tmp_path / FILE).read_text())
    stored["cards"]["05.a"][key] = value
    (tmp_path / FILE).write_text(json.dumps(stored))
    again = load(tmp_path, MONDAY + DAY)
    assert list(again.cards) == ["05.b"]
    assert len(again.notices) == len(damaged(tmp_path)) == 1
    again.answer("05.a", Grade.GOOD, MONDAY + DAY)
    assert len(load(tmp_path).cards) == 2


def test_a_file_of_a_newer_version_is_left_alone(tmp_path):
    content = b'{"version": 2, "cards": {}}'
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(NewerError, match="newer version of the course; update it"):
        load(tmp_path)
    kept = schedule.Schedule(tmp_path / FILE)
    with pytest.raises(NewerError):
        kept.answer("05.x", Grade.GOOD, MONDAY)
    assert (tmp_path / FILE).read_bytes() == content


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    load(tmp_path, MONDAY).answer("05.a", Grade.GOOD, MONDAY)
    before = (tmp_path / FILE).read_bytes()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    kept = load(tmp_path, MONDAY)
    with pytest.raises(OSError, match="No space left"):
        kept.answer("05.b", Grade.GOOD, MONDAY)
    assert (tmp_path / FILE).read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {FILE, f"{FILE}.lock"}


def answer_many(home, name):
    kept = load(home, MONDAY)
    for number in range(20):
        kept.answer(f"05.{name}-{number}", Grade.GOOD, MONDAY)


def test_two_processes_lose_nothing(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=answer_many, args=(tmp_path, name)) for name in ("a", "b")]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
        assert process.exitcode == 0
    assert len(load(tmp_path).cards) == 40


def test_who_waits_too_long_for_the_lock_is_told(tmp_path):
    lock = tmp_path / "lock"
    with (
        files.locked(lock),
        pytest.raises(TimeoutError, match="held by another process; end it and try again"),
        files.locked(lock, patience=0.05),
    ):
        pass
    with files.locked(lock, patience=0.05):
        pass


def test_where_there_are_no_locks_it_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_take", lambda handle: None)
    with files.locked(tmp_path / "lock"):
        load(tmp_path, MONDAY)

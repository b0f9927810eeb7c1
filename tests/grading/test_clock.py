"""Deadlines are days of the calendar, where the class is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.grading.clock import Deadline, find_zone, show, to_utc

BERLIN = ZoneInfo("Europe/Berlin")


def wall(text: str, zone=BERLIN) -> datetime:
    return to_utc(datetime.fromisoformat(text), zone)


@pytest.mark.parametrize(
    ("deadline", "handed_in", "days"),
    [
        ("2026-05-01", "2026-05-01 00:00", 0),
        ("2026-05-01", "2026-05-01 23:59:59", 0),
        ("2026-05-01", "2026-05-02 00:00", 1),
        ("2026-05-01", "2026-05-02 23:59:59", 1),
        ("2026-05-01", "2026-05-03 00:00", 2),
        ("2026-05-01 23:59", "2026-05-01 23:59:59", 0),
        ("2026-05-01T23:59", "2026-05-02 00:00", 1),
        ("2026-05-01 12:00:00", "2026-05-01 12:00:00", 0),
        ("2026-05-01 12:00:00", "2026-05-01 12:00:01", 1),
        ("2026-05-01 12:00:00", "2026-05-02 12:00:00", 1),
        ("2026-05-01 12:00:00", "2026-05-02 12:00:01", 2),
        # Clocks went from 2 to 3 on 29 March: that day had 23 hours, and it is one day.
        ("2026-03-28", "2026-03-29 23:59:59", 1),
        ("2026-03-28", "2026-03-30 00:00", 2),
        # They go back on 25 October: that day has 25 hours.
        ("2026-10-24", "2026-10-25 23:59:59", 1),
        ("2026-10-24", "2026-10-26 00:00", 2),
    ],
)
def test_days_begun(deadline, handed_in, days):
    assert Deadline.read(deadline, BERLIN).days_late(wall(handed_in)) == days


def test_the_zone_of_the_class_decides_and_not_that_of_the_machine():
    just_past_midnight_in_berlin = datetime(2026, 5, 1, 22, 30, tzinfo=UTC)
    assert Deadline.read("2026-05-01", BERLIN).days_late(just_past_midnight_in_berlin) == 1
    assert Deadline.read("2026-05-01", UTC).days_late(just_past_midnight_in_berlin) == 0
    new_york = find_zone("America/New_York")
    assert Deadline.read("2026-05-01", new_york).days_late(just_past_midnight_in_berlin) == 0


def test_the_hour_that_comes_twice():
    """02:30 by the first clock is in time; by the second it is late, though it looks earlier."""
    deadline = Deadline.read("2026-10-25 02:45", BERLIN)
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert (deadline.days_late(first), deadline.days_late(second)) == (0, 1)


def test_more_time_for_one():
    deadline = Deadline.read("2026-05-01", BERLIN)
    assert deadline.days_late(wall("2026-05-04 10:00"), extra=3) == 0
    assert deadline.days_late(wall("2026-05-05 10:00"), extra=3) == 1


@given(st.integers(-10_000, 10_000), st.integers(0, 30))
def test_later_is_never_less_late(minutes, extra):
    deadline = Deadline.read("2026-03-28", BERLIN)
    when = datetime(2026, 3, 28, 22, tzinfo=UTC) + timedelta(minutes=minutes)
    days = deadline.days_late(when, extra)
    assert days <= deadline.days_late(when + timedelta(hours=1), extra) <= days + 1
    assert (days > 0) == (when >= to_utc(deadline.end + timedelta(days=extra), BERLIN))


@pytest.mark.parametrize("text", ["", "tomorrow", "1.5.2026", "2026-02-30", "9999-12-31 25:00"])
def test_what_is_no_deadline(text):
    with pytest.raises(ValueError, match="A deadline is written 2026-05-01 or"):
        Deadline.read(text)


@pytest.mark.parametrize("name", ["Berlin", "../../etc/passwd", "Europe", "\0"])
def test_what_is_no_zone(name):
    with pytest.raises(ValueError, match="no time zone"):
        find_zone(name)


def test_without_a_zone_it_is_that_of_this_machine():
    assert find_zone("") is None
    now = datetime.now(UTC).replace(microsecond=0)
    assert to_utc(datetime.fromisoformat(show(now, None)), None) == now

"""Clocks on walls: what time it is for a class, and how many days late something came.

`None` for a zone is that of this machine.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# How a deadline may be written, and how long after it work is still in time: a day is over at
# midnight, and what came at 23:59:40 came at 23:59.
FORMS = {
    "%Y-%m-%d": timedelta(days=1),
    "%Y-%m-%d %H:%M": timedelta(minutes=1),
    "%Y-%m-%dT%H:%M": timedelta(minutes=1),
    "%Y-%m-%d %H:%M:%S": timedelta(seconds=1),
    "%Y-%m-%dT%H:%M:%S": timedelta(seconds=1),
}


def find_zone(name: str) -> tzinfo | None:
    """Return a time zone by its name; None for an empty name.

    Raises
    ------
    ValueError
        If there is no zone of that name.

    Examples
    --------
    >>> find_zone("Europe/Berlin")
    zoneinfo.ZoneInfo(key='Europe/Berlin')
    """
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder
        raise ValueError(
            f"There is no time zone {name!r}. Write it like Europe/Berlin or America/New_York."
        ) from error


def to_utc(wall: datetime, zone: tzinfo | None) -> datetime:
    """Return the moment at which the clock on a wall in `zone` shows a time.

    A time that says its own zone needs no other.

    Raises
    ------
    ValueError, OverflowError, OSError
        If it is beyond what the system can compute.
    """
    local = wall.replace(tzinfo=zone) if zone and wall.tzinfo is None else wall.astimezone()
    return local.astimezone(UTC)


def show(moment: datetime, zone: tzinfo | None) -> str:
    """Write a moment as the clock on a wall in `zone` shows it.

    Examples
    --------
    >>> show(datetime(2026, 5, 1, 22, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    '2026-05-02 00:00:00'
    """
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class Deadline:
    """Until when work is in time.

    Attributes
    ----------
    end : datetime
        The first moment that is too late, as a clock on a wall in `zone` shows it.
    zone : tzinfo, optional
    """

    end: datetime
    zone: tzinfo | None = None

    @classmethod
    def read(cls, text: str, zone: tzinfo | None = None) -> "Deadline":
        """Read a day, which is in time as a whole, or a day and a time of the day.

        Raises
        ------
        ValueError
            If the text is neither.
        """
        for form, lasts in FORMS.items():
            try:
                return cls(datetime.strptime(text.strip(), form) + lasts, zone)
            except (ValueError, OverflowError):
                continue
        raise ValueError(f'A deadline is written 2026-05-01 or "2026-05-01 23:59", not {text!r}.')

    def days_late(self, moment: datetime, extra: int = 0) -> int:
        """Return how many days have begun since; 0 for what is in time.

        A day lasts until the clock on the wall shows the same time again, also when the clocks
        were changed in between.

        Parameters
        ----------
        moment : datetime
            With a time zone.
        extra : int
            Days by which the deadline is put off.
        """
        end = self.end + timedelta(days=extra)
        if moment < to_utc(end, self.zone):
            return 0
        passed = moment.astimezone(self.zone).replace(tzinfo=None) - end
        return max(1, math.floor(passed / timedelta(days=1)) + 1)

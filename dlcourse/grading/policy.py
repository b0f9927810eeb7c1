"""What counts: which attempt, until when, and by which clock."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from dlcourse.grading import clock
from dlcourse.grading.clock import Deadline
from dlcourse.grading.gradebook import Attempt
from dlcourse.grading.reading import NO_TIME


@dataclass(frozen=True)
class Policy:
    """What counts.

    Attributes
    ----------
    counts : {"best", "last"}
        Which of a student's attempts.
    deadline : Deadline, optional
    late : float
        Percent of the points that each day begun after the deadline costs.
    zone : tzinfo, optional
        The time zone of the class; None is this machine's.
    """

    counts: Literal["best", "last"] = "best"
    deadline: Deadline | None = None
    late: float = 0.0
    zone: tzinfo | None = None

    def lateness(self, attempt: Attempt, extra: int = 0) -> tuple[int, str]:
        """Return by how many days an attempt is late, and what there is to say about its time.

        Parameters
        ----------
        attempt : Attempt
        extra : int
            Days by which the deadline is put off for this student.
        """
        if attempt.late and extra:
            return 0, f"Canvas marks it LATE; the {extra} extra days given by hand cover that."
        if attempt.late:
            return 1, "Canvas marks it LATE and not by how much: counted as one day."
        if self.deadline is None:
            return 0, ""
        if attempt.time == NO_TIME:
            return 0, ""
        return self.deadline.days_late(attempt.time, extra), ""

    def kept(self, days_late: int) -> float:
        """Return the part of the points that is left after lateness."""
        return max(0.0, 1 - self.late / 100 * days_late)

    def moment(self, attempt: Attempt | None) -> str:
        """Write when an attempt came, in the time zone of the class; empty if that is not known."""
        known = attempt is not None and attempt.time != NO_TIME
        return clock.show(attempt.time, self.zone) if attempt and known else ""


def clock_of(attempt: Attempt | None) -> str:
    """Say by which time it is decided whether an attempt is late."""
    if attempt is None:
        return ""
    if attempt.source == "Canvas":
        return "Canvas's mark LATE, for its files have no times"
    if attempt.time == NO_TIME:
        where = f", for {attempt.source}'s are those of the download" if attempt.source else ""
        return f"nothing, because there is no time to trust{where}"
    if attempt.source == "Moodle":
        return "the times in Moodle's grading worksheet"
    if attempt.source == "Gradescope":
        return "the times in Gradescope's metadata"
    return f"the times in {attempt.source}'s names" if attempt.source else "the times of the files"

"""``dlcourse grade``: grade a class, or one's own work."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlcourse import layout
from dlcourse.cli.home import learners_folder
from dlcourse.cli.problem import Problem

if TYPE_CHECKING:
    from datetime import tzinfo

    from dlcourse.grading.grades import Grade
    from dlcourse.grading.naming import Naming
    from dlcourse.grading.policy import Policy
    from dlcourse.grading.roster import Roster, Who
    from dlcourse.grading.submission import Submission


@click.command("grade")
@click.argument("submissions", type=click.Path(path_type=Path, exists=True), required=False)
@click.option(
    "--roster",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Who is in the class: a CSV of Canvas or Moodle, or a name or number per line.",
)
@click.option("--lesson", default="", metavar="NN", help="The lesson that was to be handed in.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("grades"),
    show_default=True,
    help="The folder of the gradebook and of all that is written.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="STUDENT",
    help="Grade this student, by name or number; repeatable.",
)
@click.option("--regrade", is_flag=True, help="Grade again what has been graded before.")
@click.option(
    "--deadline", metavar="WHEN",
    help='A day, which is in time as a whole, or "2026-05-01 23:59".',
)  # fmt: skip
@click.option(
    "--timezone", default="", metavar="ZONE",
    help="Where the class is: Europe/Berlin. Default: this machine's.",
)  # fmt: skip
@click.option(
    "--late", type=click.FloatRange(0, 100), default=0.0, metavar="PERCENT",
    help="What each day begun after the deadline costs; 100 accepts nothing late.",
)  # fmt: skip
@click.option(
    "--counts", type=click.Choice(["best", "last"]), default="best", show_default=True,
    help="Which attempt counts.",
)  # fmt: skip
@click.option("--anonymous", is_flag=True, help="Pages with other names than the students'.")
@click.option(
    "--export", "exported", multiple=True, type=click.Choice(["jplag", "gradescope"]),
    help="Write the answers for JPlag, or results.json for Gradescope; repeatable.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), help="Processes; default: one per core.")
@click.option("--scheduler", metavar="ADDRESS", help="A scheduler of dask.distributed.")
@click.option("--trusted", is_flag=True, help="Run student code WITHOUT a sandbox.")
def command(
    submissions: Path | None,
    roster: Path | None,
    lesson: str,
    output: Path,
    only: tuple[str, ...],
    regrade: bool,
    deadline: str | None,
    timezone: str,
    late: float,
    counts: Any,
    anonymous: bool,
    exported: tuple[str, ...],
    jobs: int | None,
    scheduler: str | None,
    trusted: bool,
) -> None:
    """Grade SUBMISSIONS: a folder of notebooks or of students, or the zip of Canvas or others.

    Without SUBMISSIONS, the exercises in your own folder are graded.
    """
    from dlcourse import checks
    from dlcourse.grading import by_hand, classroom, clock, submission
    from dlcourse.grading.files import KeepingError, make_folder
    from dlcourse.grading.gradebook import Gradebook
    from dlcourse.grading.grades import grades
    from dlcourse.grading.locks import alone
    from dlcourse.grading.naming import Naming
    from dlcourse.grading.policy import Policy
    from dlcourse.grading.reading import UnreadableError
    from dlcourse.grading.roster import read, spellings

    lesson = lesson.zfill(2) if lesson else ""
    if lesson and lesson not in checks.lessons():
        raise Problem(f"There is no exercise {lesson}. There are: {', '.join(checks.lessons())}.")
    try:
        zone = clock.find_zone(timezone)
        until = clock.Deadline.read(deadline, zone) if deadline else None
    except ValueError as error:
        raise Problem(str(error)) from error
    policy = Policy(counts, until, late, zone)
    try:
        people = read(roster) if roster else None
        names = {spelling for name in only for spelling in spellings(name)}
        seen: list[tuple[Who, str]] = []
        home = layout.home()
        if submissions is None or (home and submissions.resolve() == home.resolve()):
            own_work(learners_folder(), confined=not trusted)
            return
        found = submission.collect(submissions, zone)
        if people:
            found = dated(found, people, zone)
        if trusted or not scheduler:  # the machines of a cluster answer for themselves
            confine(trusted)
        jobs = jobs or os.cpu_count() or 1
        executor = connect(scheduler) if scheduler else classroom.processes(jobs)
        make_folder(output)
        click.get_current_context().with_resource(alone(output, partial(click.echo, err=True)))
        decisions = by_hand.read(output)
        unclear: list[str] = []
        with Gradebook(output / "gradebook.sqlite", confined=not trusted) as book:
            done = classroom.grade(
                chosen(found, names, seen),
                book,
                executor,
                confined=not trusted,
                regrade=regrade,
                jobs=2 * jobs if not scheduler else 256,
            )
            run = follow(done, None if only else submission.count(submissions))
            if run is None:
                raise Problem(f"No submission is by {' or '.join(only)}.")
            attempts = book.attempts({content for _, content in seen})
            waiting = {who for who, content in seen if not book.has(content)}
            naming = Naming(book.secret if anonymous else b"")
            earned = grades(
                attempts, policy, lesson, people, waiting, decisions, unclear, book.secret
            )
        publish(output, earned, policy, naming, exported, confined=not trusted)
    except (UnreadableError, KeepingError) as error:
        raise Problem(str(error)) from error
    click.echo(f"{run.graded} graded now, {run.before} before.")
    for problem in [*unclear, *run.by_hand, *run.problems]:
        click.echo(problem, err=True)
    if run.problems:
        raise Problem("Not everything was graded. Run the command again to go on.")
    if unclear:
        raise Problem(f"Correct {output / by_hand.FILE} and run the command again.")


def publish(
    output: Path,
    earned: list["Grade"],
    policy: "Policy",
    naming: "Naming",
    exported: tuple[str, ...],
    *,
    confined: bool,
) -> None:
    """Write all files and show the tables; say what changed and what is missing."""
    from dlcourse.grading import by_hand, changes, exports, reports, similar
    from dlcourse.grading.grades import clocks

    changed = changes.compare(output, earned, confined)
    written, missing = exports.write(output, earned, policy, confined, naming, changed)
    written += reports.write(output, earned, policy, confined, naming, changed)
    if "jplag" in exported:
        written += similar.export(output / "jplag", earned, naming.stem)
    if "gradescope" in exported:
        written.append(exports.gradescope(output, earned, naming, confined))
    click.echo(f"{reports.table(earned, confined)}\n\n{reports.question_table(earned)}\n")
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(f"Change points by hand in {output / by_hand.FILE}.")
    if changed:
        click.echo(f"{len(changed)} numbers are not those of the last run: see changes.csv.")
    if policy.deadline and (judged := clocks(earned)):
        click.echo(judged)
    for problem in missing:
        click.echo(problem, err=True)


def dated(
    found: Iterator["Submission"], people: "Roster", zone: "tzinfo | None"
) -> Iterator["Submission"]:
    """Yield submissions with the times that Moodle's grading worksheet has and its zip has not."""
    from dlcourse.grading.clock import to_utc
    from dlcourse.grading.reading import NO_TIME

    for submission in found:
        when = people.times.get(submission.id) if submission.source == "Moodle" else None
        if when and submission.time == NO_TIME:
            submission = replace(submission, time=to_utc(when, zone))
        yield submission


def confine(trusted: bool) -> None:
    """Stop unless student code can be run safely, or the user said to run it anyway."""
    from dlcourse.grading import reports
    from dlcourse.grading.sandbox import host
    from dlcourse.grading.sandbox.processes import NoSandboxError

    if trusted:
        click.echo(reports.TRUSTED, err=True)
        return
    try:
        host.ready()
    except NoSandboxError as error:
        raise Problem(
            f"{error}\nIf you wrote or read all of the submissions yourself, --trusted runs them "
            "without a sandbox."
        ) from error


def chosen(
    found: Iterator["Submission"], names: set[str], seen: list[tuple["Who", str]]
) -> Iterator["Submission"]:
    """Yield the submissions of those who have one of the names, or all; note who handed in what."""
    from dlcourse.grading.roster import spellings

    for submission in found:
        seen.append(((submission.student, submission.id), submission.hash))
        own = {spellings(submission.student)[0], submission.id} - {""}
        if not names or own & names:
            yield submission


def connect(address: str) -> Any:
    """Return what makes executors on a cluster."""
    from dlcourse.grading import classroom

    try:
        return classroom.cluster(address)
    except ImportError as error:
        raise Problem(
            "--scheduler needs dask.distributed, here and on the cluster: "
            "`.venv/bin/python -m pip install distributed`."
        ) from error
    except OSError as error:
        raise Problem(f"There is no scheduler at {address}: {error}.") from error


def follow(done: Iterator[tuple["Submission", Any]], total: int | None) -> Any:
    """Show a progress bar until all is graded; return the run."""
    from tqdm import tqdm

    last = None
    with tqdm(
        total=total, unit=" submissions", disable=not sys.stderr.isatty(), leave=False
    ) as bar:
        for submission, run in done:
            last = run
            bar.set_postfix_str(submission.student[:30], refresh=False)
            bar.update()
    return last


def own_work(home: Path, confined: bool) -> None:
    """Grade the exercises in a learner's folder; show the cards, write nothing."""
    from dlcourse.exercises.hand_out import own_exercises
    from dlcourse.grading import submission as submissions
    from dlcourse.grading.marking import card_of, mark
    from dlcourse.grading.sandbox import host
    from dlcourse.grading.sandbox.processes import NoSandboxError
    from dlcourse.tables import points

    if confined:
        try:
            host.ready()
        except NoSandboxError:
            confined = False  # one's own code has been running in one's own notebook anyway
    if not confined:
        click.echo("Your code runs without a sandbox, as it does in your notebook.\n")
    paths = own_exercises(home)
    if not paths:
        raise Problem(f"{home} holds no exercises yet: `dlcourse lab` brings them.")
    for submission in chain.from_iterable(map(submissions.collect, paths)):
        try:
            result = mark(submission.content, int.from_bytes(os.urandom(8)), confined)
        except NoSandboxError as error:  # Windows: a worker cannot be stopped there either
            raise Problem(f"{error}\nIn your notebook, check(...) says the same.") from error
        click.echo(f"{submission.file}: {points(result.points)} of {points(result.of)} points\n")
        for notice in [submission.problem] if submission.problem else result.notices:
            click.echo(f"  {notice}\n")
        for own in result.marks:
            click.echo(f"{card_of(own)}\n")

"""``dlcourse pack``: what a teacher needs for a lesson, in one folder."""

from pathlib import Path

import click

from dlcourse.cli.home import need_clone
from dlcourse.cli.problem import Problem

KINDS = ("slides", "notes", "questions", "students")


@click.command("pack")
@click.argument("lessons", nargs=-1, metavar="[NN]...")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("teaching"),
    show_default=True,
)
@click.option(
    "--only", "kinds", multiple=True, type=click.Choice(KINDS), help="Write this; repeatable."
)
def command(lessons: tuple[str, ...], output: Path, kinds: tuple[str, ...]) -> None:
    """Write the teacher's pack: slides, two pages of notes, question banks, the students' folder.

    NN are lessons; all of them without. All pages stand alone and need no network. A second run
    writes everything anew: what you want to change, copy elsewhere first.
    """
    need_clone("pack")
    from dlcourse.exercises.files import replace
    from dlcourse.syllabus import LESSONS
    from dlcourse.teaching.notes import NOTES
    from dlcourse.teaching.pack import STUDENTS, files
    from dlcourse.teaching.students import students_zip

    if not NOTES.is_file():
        raise Problem(
            "This is the students' copy of the course: the notes for teachers are not here."
        )
    here = {lesson.number: lesson for lesson in LESSONS if lesson.is_here}
    wanted = sorted({name.zfill(2) for name in lessons}) or list(here)
    if unknown := [name for name in wanted if name not in here]:
        raise Problem(f"There is no lesson {unknown[0]}. There are {min(here)} to {max(here)}.")
    missing: OSError | None = None
    if "students" in (kinds or KINDS):
        try:
            course = students_zip()
        except OSError as error:  # the course came as a zip, or there is no git
            missing = error
        else:
            output.mkdir(parents=True, exist_ok=True)
            replace(output / STUDENTS, course)
            click.echo(f"wrote {output / STUDENTS}, the course without solutions")
    students = STUDENTS if (output / STUDENTS).is_file() else ""
    count = 0
    for name, content in files([here[number] for number in wanted], kinds or KINDS, students):
        target = output / name
        target.parent.mkdir(parents=True, exist_ok=True)
        replace(target, content)
        count += 1
    click.echo(f"wrote {count} files to {output}; begin with {output / 'index.html'}")
    if missing:
        raise Problem(
            f"{STUDENTS} is made from a clone: install git and clone the course. All else is "
            f"written. ({missing})"
        ) from missing

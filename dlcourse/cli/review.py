"""``dlcourse review``: be asked again what the lessons asked, on the day when it is time."""

import re
import shutil
import textwrap
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from dlcourse.cli.home import learners_folder
from dlcourse.cli.problem import Problem

if TYPE_CHECKING:
    from dlcourse.recall.questions import Question
    from dlcourse.recall.schedule import Grade, Schedule

Said = TypeVar("Said")
WIDEST = 88
GRADES = {"1": 1, "2": 2, "3": 3, "4": 4, "": 3, "a": 1, "h": 2, "g": 3, "e": 4}
NO_LESSON = (
    "No lesson is done yet, so there is nothing to ask. Run a lesson or pass an exercise; or name "
    "lessons yourself, such as --lessons 00,01."
)


def _numbers(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> list[str] | None:
    """Read lessons as people write them: 5,7 or "05 07"."""
    if value is None:
        return None
    return [number.zfill(2) for number in re.split(r"[,\s]+", value.strip()) if number]


@click.command("review")
@click.option("--lessons", callback=_numbers, help="Ask about these, such as 05,07.")
@click.option("--due", is_flag=True, help="Only say how many questions are due.")
@click.option("--new", type=click.IntRange(0), help="At most so many new ones a day (15).")
@click.option("--quiz", metavar="NN", help="The questions of a lesson that mark themselves.")
@click.option(
    "--anki", type=click.Path(path_type=Path, dir_okay=False), help="Write a deck for Anki."
)
def command(
    lessons: list[str] | None, due: bool, new: int | None, quiz: str | None, anki: Path | None
) -> None:
    """Ask what is due today: questions of the lessons that you have done.

    Say the answer to yourself, press Enter, compare, and grade how well you knew it. The better
    you knew it, the later it comes again. Ctrl-C stops; what you have answered is kept.

    A quiz changes nothing in what is due. A deck for Anki has all lessons, or those of --lessons.
    """
    if anki is not None:
        _write_deck(anki, lessons)
    elif quiz is not None:
        _quiz(quiz)
    else:
        _review(lessons, due, new)


# ------------------------------------------------------------------ what is due


def _review(lessons: list[str] | None, only_counts: bool, new: int | None) -> None:
    from dlcourse.recall.done import lessons_done
    from dlcourse.recall.schedule import NEW_A_DAY, NewerError, load

    home = learners_folder()
    if lessons is None and not (lessons := lessons_done(home)):
        click.echo(NO_LESSON)
        return
    try:
        schedule = load(home)
        asked = schedule.due(_questions(lessons), new=NEW_A_DAY if new is None else new)
        _tell(schedule)
        if only_counts:
            click.echo(_counts(asked, schedule))
        elif not asked:
            click.echo(_nothing(schedule))
        else:
            home.mkdir(parents=True, exist_ok=True)
            _session(asked, schedule)
    except NewerError as error:
        raise Problem(f"{error}.") from error


def _questions(lessons: Iterable[str] | None) -> "list[Question]":
    from dlcourse.recall.questions import questions

    try:
        return questions(lessons)
    except ValueError as error:
        raise Problem(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


def _tell(schedule: "Schedule") -> None:
    while schedule.notices:
        click.echo(schedule.notices.pop(0))


def _counts(asked: "list[Question]", schedule: "Schedule") -> str:
    from dlcourse.recall.schedule import counted

    new = sum(question.id not in schedule.cards for question in asked)
    lines = [f"{lesson}  {count}" for lesson, count in counted(asked).items()]
    return "\n".join([f"due today: {len(asked)}, {new} of them new", *lines])


def _nothing(schedule: "Schedule") -> str:
    from dlcourse.recall.schedule import in_words

    now = datetime.now().astimezone()
    coming = [card.due for card in schedule.cards.values() if card.due > now]
    if not coming:
        return "Nothing is due today."
    return f"Nothing is due today. The next question comes {in_words(min(coming) - now)}."


def _session(asked: "list[Question]", schedule: "Schedule") -> None:
    """Ask, one after the other; once more at the end what was not known."""
    from dlcourse.recall.schedule import Grade, in_words

    answered, missed = 0, []
    try:
        for count, question in enumerate(asked, 1):
            _ask(question, f"{count} of {len(asked)}")
            grade = _grade(schedule, question, _reply(question))
            after = schedule.answer(question.id, grade)
            _tell(schedule)
            answered += 1
            click.echo(f"It comes again {in_words(after)}.")
            if grade == Grade.AGAIN:
                missed.append(question)
        for count, question in enumerate(missed, 1):
            _ask(question, f"once more, {count} of {len(missed)}")
            _reply(question)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nStopped.")
    kept = "One answer is" if answered == 1 else f"{answered} answers are"
    click.echo(f"\n{kept} kept.")


def _ask(question: "Question", place: str) -> None:
    from dlcourse.syllabus import LESSONS

    title = next(lesson.title for lesson in LESSONS if lesson.number == question.lesson)
    click.echo(f"\n{'-' * 24}\n{question.lesson} {title}, {place}\n")
    click.echo(_wrapped(question.asked))


def _reply(question: "Question") -> bool | None:
    """Let the learner choose, and return whether it was right; or show the answer."""
    if question.marks_itself:
        return _choose(question)
    click.prompt("\nEnter shows the answer", default="", show_default=False, prompt_suffix=" ")
    click.echo(_wrapped(question.answer))
    return None


def _choose(question: "Question") -> bool:
    """Let the learner choose, and mark it."""
    click.echo()
    for number, choice in enumerate(question.choices, 1):
        click.echo(f"  {number}  {choice}")
    numbers = [str(number) for number in range(1, len(question.choices) + 1)]
    said = _answer(
        f"\nYour choice (1-{len(numbers)})", dict(zip(numbers, numbers, strict=True)).get
    )
    right = question.choices[int(said) - 1] == question.answer
    click.echo("Right." if right else f"No: {question.answer}.")
    click.echo(_wrapped(question.reason))
    return right


def _grade(schedule: "Schedule", question: "Question", right: bool | None) -> "Grade":
    """Ask how well it was known, unless a choice was wrong: that comes again."""
    from dlcourse.recall.schedule import Grade, in_words

    if right is False:
        return Grade.AGAIN

    times = {grade: in_words(time) for grade, time in schedule.previews(question.id).items()}
    grades = [grade for grade in Grade if right is None or grade > Grade.AGAIN]
    words = [f"{int(grade)} {grade.name.lower()} ({times[grade]})" for grade in grades]

    def known(said: str) -> Grade | None:
        grade = GRADES.get(said.lower()[:1])
        return Grade(grade) if grade in grades else None

    click.echo("\n" + "   ".join(words))
    return _answer("How well did you know it? Enter means 3", known)


def _answer(prompt: str, accept: Callable[[str], Said | None]) -> Said:
    """Ask until the answer is one of those that count."""
    while True:
        said = click.prompt(prompt, default="", show_default=False, prompt_suffix=": ")
        if (accepted := accept(said.strip())) is not None:
            return accepted


def _wrapped(markdown: str) -> str:
    """Return Markdown as text, as wide as the terminal allows; tables stay as they are."""
    from dlcourse.recall.markup import to_text

    width = min(WIDEST, shutil.get_terminal_size().columns)
    lines = to_text(markdown).splitlines()
    return "\n".join(line if line.startswith("|") else textwrap.fill(line, width) for line in lines)


# ------------------------------------------------------------------ quiz and deck


def _quiz(number: str) -> None:
    asked = [question for question in _questions([number.zfill(2)]) if question.marks_itself]
    right = done = 0
    try:
        for count, question in enumerate(asked, 1):
            _ask(question, f"{count} of {len(asked)}")
            right += _choose(question)
            done += 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nStopped.")
    click.echo(f"\n{right} of {done} right.")


def _write_deck(path: Path, lessons: list[str] | None) -> None:
    from dlcourse.recall.deck import write_deck

    if path.suffix != ".apkg":
        raise Problem(f"Anki knows a deck by its name: call it {path.with_suffix('.apkg')}.")
    if not path.parent.is_dir():
        raise Problem(f"There is no folder {path.parent}; make it, or name another one.")
    asked = _questions(lessons)
    write_deck(asked, path)
    click.echo(
        f"{path} has {len(asked)} questions. In Anki: File, Import. A newer deck, imported over "
        "it, changes texts and keeps your schedule."
    )

"""The files of the teacher's pack, one after the other."""

from collections.abc import Collection, Iterator, Sequence

from dlcourse.recall.questions import questions
from dlcourse.syllabus import Lesson
from dlcourse.teaching import pages
from dlcourse.teaching.banks import canvas_zip, moodle_xml

# Where each kind stands, from the folder of the pack: the place, and what a link to it is called.
PLACES = {
    "slides": (("slides/{name}.html", "slides"),),
    "notes": (("notes/{name}.html", "two pages"),),
    "questions": (
        ("questions/moodle/{name}.xml", "Moodle"),
        ("questions/canvas/{name}.zip", "Canvas"),
    ),
}


STUDENTS = "students.zip"  # the course for a class


def files(
    lessons: Sequence[Lesson], kinds: Collection[str], students: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file, a page with links to all of them last.

    Parameters
    ----------
    lessons : sequence of Lesson
    kinds : collection of str
        Of ``slides``, ``notes``, ``questions``; others are passed over.
    students : str
        `STUDENTS` if that is in the folder, and the page links to it.

    Yields
    ------
    tuple of str and bytes
        The name counts from the folder of the pack.
    """
    chosen = [kind for kind in PLACES if kind in kinds]
    for lesson in lessons:
        for kind in chosen:
            for (place, _), content in zip(PLACES[kind], _contents(kind, lesson), strict=True):
                yield place.format(name=lesson.name), content
    if chosen or students:
        links = [link for kind in chosen for link in PLACES[kind]]
        yield "index.html", pages.index(lessons, links, students).encode()


def _contents(kind: str, lesson: Lesson) -> tuple[bytes, ...]:
    if kind == "slides":
        return (pages.slides(lesson).encode(),)
    if kind == "notes":
        return (pages.notes(lesson).encode(),)
    asked = questions([lesson.number])
    return moodle_xml(lesson, asked), canvas_zip(lesson, asked)

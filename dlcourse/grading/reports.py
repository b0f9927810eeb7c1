"""What comes out of a run: a table, CSV files, one page per student, a report on the class."""

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from html import escape
from pathlib import Path

from dlcourse import checks
from dlcourse.grading import exports, files
from dlcourse.grading.grades import NOTHING, Grade, Policy
from dlcourse.grading.marking import Mark, card_of
from dlcourse.grading.roster import Who
from dlcourse.tables import Table, points

TRUSTED = "Graded with --trusted: student code ran WITHOUT a sandbox. These grades can be forged."


def table(found: Sequence[Grade], confined: bool) -> Table:
    """Lay out grades for the terminal."""
    rows = [
        [
            grade.who,
            grade.lesson,
            points(grade.points),
            points(grade.of),
            len(grade.attempts),
            " ".join(grade.notices)[:100],
        ]
        for grade in found
    ]
    columns = ["student", "lesson", "points", "of", "attempts", ""]
    return Table(columns, rows, "" if confined else TRUSTED)


# ------------------------------------------------------------------ files


def write(folder: Path, found: Sequence[Grade], policy: Policy, confined: bool) -> list[Path]:
    """Write all files of a run: grades.csv, the exports, one page per student, the class report.

    Returns
    -------
    list of Path
        What was written, without the students' pages.
    """
    pages = folder / "students"
    files.make_folder(pages)
    written = exports.write(folder, found, confined)
    by_student: dict[Who, list[Grade]] = defaultdict(list)
    for grade in found:
        by_student[grade.student, grade.id].append(grade)
    for (student, number), own in by_student.items():
        page = student_page(student, own, policy, confined)
        files.write(pages / page_name(student, number), page)
    report = folder / "report.html"
    files.write(report, class_report(found, confined))
    return [*written, report]


def page_name(student: str, number: str = "") -> str:
    """Return a file name for a student, safe and different from all others.

    Examples
    --------
    >>> page_name("../../Jane Doe")
    'jane-doe-36ff60b88fcb06d8.html'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", student.lower()).strip("-")[:40]
    identity = f"{student}\0{number}" if number else student
    return f"{plain or 'student'}-{hashlib.sha256(identity.encode()).hexdigest()[:16]}.html"


STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52em; margin: 2em auto; padding: 0 1em }
h2 { margin-top: 2em } pre { overflow-x: auto }
table { border-collapse: collapse } td, th { padding: .2em .8em; border-bottom: 1px solid #8884 }
.warning { border: 2px solid #d32f2f; padding: .5em 1em; font-weight: bold }
.bar { display: inline-block; height: .8em; background: #1976d2 }
.muted { opacity: .75 }
"""


def page(title: str, body: str, confined: bool) -> str:
    """Return a page of HTML that runs no scripts and loads nothing."""
    warning = "" if confined else f'<p class="warning">{TRUSTED}</p>'
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>{warning}\n{body}</body></html>\n"
    )


def student_page(student: str, own: Sequence[Grade], policy: Policy, confined: bool) -> str:
    """Return the feedback for a student."""
    parts = []
    for grade in own:
        title = f"Lesson {grade.lesson}" if grade.lesson else _file(grade)
        total = f"{points(grade.points)} of {points(grade.of)} points"
        parts.append(f"<h2>{escape(title)}: {total}</h2>")
        parts += [f"<p>{escape(notice)}</p>" for notice in grade.notices]
        parts += [card_of(mark)._repr_html_() for mark in _marks(grade)]
        if len(grade.attempts) > 1:
            rows = [
                [
                    attempt.moment,
                    points(policy.points(attempt)),
                    "counts" if attempt is grade.attempt else "",
                ]
                for attempt in grade.attempts
            ]
            parts.append(
                "<h3>Attempts</h3>" + Table(["handed in (UTC)", "points", ""], rows)._repr_html_()
            )
    return page(student, "\n".join(parts), confined)


def class_report(found: Sequence[Grade], confined: bool) -> str:
    """Return the report for the teacher: scores, and what the class has not understood."""
    parts = []
    for lesson in sorted({grade.lesson for grade in found}):
        own = [grade for grade in found if grade.lesson == lesson]
        if not lesson:
            parts.append("<h2>Not recognised</h2>")
            rows = [[g.who, _file(g), " ".join(g.notices)] for g in own]
            parts.append(Table(["student", "file", ""], rows)._repr_html_())
            continue
        parts.append(f"<h2>Lesson {lesson}: {len(own)} students</h2>")
        parts.append(_distribution(own))
        for check in checks.lessons()[lesson]:
            marks = [m for g in own for m in _marks(g) if m.function == check.name]
            parts.append(_function_report(check.name, marks))
        absent = [g.who for g in own if g.attempt is None]
        if absent:
            parts.append(f"<h3>{NOTHING}</h3><p>{escape('; '.join(absent))}</p>")
        noticed = [[g.who, " ".join(g.notices)] for g in own if g.notices and g.attempt]
        if noticed:
            parts.append("<h3>To look at</h3>" + Table(["student", ""], noticed)._repr_html_())
    return page("Class report", "\n".join(parts), confined)


def _file(grade: Grade) -> str:
    return grade.attempt.file if grade.attempt else "No file"


def _marks(grade: Grade) -> list[Mark]:
    """Return what was graded, if it is of the lesson that was asked for."""
    result = grade.attempt.result if grade.attempt else None
    return result.marks if result and result.lesson == grade.lesson else []


def _distribution(everybody: Sequence[Grade]) -> str:
    """Draw the scores of those who handed in as bars, in tenths of full marks."""
    own = [grade for grade in everybody if grade.attempt]
    if not own:
        return ""
    full = own[0].of or 1
    tenths = Counter(min(10, math.floor(10 * grade.points / full + 1e-9)) for grade in own)
    most = max(tenths.values())
    mean = sum(grade.points for grade in own) / len(own)
    rows = "".join(
        f"<tr><td>{_tenth(tenth, full)}</td>"
        f"<td>{tenths[tenth]}</td><td style='width:20em'>"
        f"<span class='bar' style='width:{100 * tenths[tenth] / most:.0f}%'></span></td></tr>"
        for tenth in range(10, -1, -1)
    )
    head = "<tr><th>points</th><th>students</th><th></th></tr>"
    among = f", of the {len(own)} who handed in" if len(own) < len(everybody) else ""
    words = f"<p>Mean: {mean:.2f} of {points(full)} points{among}.</p>"
    return f"{words}<table>{head}{rows}</table>"


def _tenth(tenth: int, full: float) -> str:
    if tenth == 0:
        return f"below {points(full / 10)}"
    return points(full * tenth / 10) + (" and more" if tenth < 10 else "")


def _function_report(name: str, marks: Sequence[Mark]) -> str:
    """List the mistakes that were diagnosed in one function, the most frequent first."""
    if not marks:
        return ""
    full = sum(mark.passed == mark.tests for mark in marks)
    parts = [f"<h3><code>{escape(name)}</code>: {full} of {len(marks)} have it all right</h3>"]
    kinds: Counter[tuple[str, str]] = Counter()
    for mark in marks:
        if mark.passed < mark.tests:
            card = card_of(mark)
            told = card.hint or next((section.text for section in card.sections), "")
            begun = "" if card.kind != "todo" else "not begun"
            kinds[mark.mistake or begun, told.replace("`", "")] += 1
    rows = [[count, kind, told] for (kind, told), count in kinds.most_common()]
    if rows:
        parts.append(Table(["students", "mistake", "what they were told"], rows)._repr_html_())
    return "\n".join(parts)
